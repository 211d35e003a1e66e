/* A file that is written beside its name and appears under it whole, or not at all. Mode 0600. */
#ifndef CONSOLE_ASIDE_H
#define CONSOLE_ASIDE_H

#include <stdbool.h>
#include <stddef.h>

struct aside;

enum aside_end {
    ASIDE_NAMED,
    ASIDE_EXISTS, /* something has that name, and stays as it is; another name may be tried */
    ASIDE_FAILED
};

/* For a file in the folder of `path`; null when nothing can be written there. */
struct aside *aside_new(const char *path);
/* Remembers a failure for aside_name. */
void aside_write(struct aside *file, const void *p, size_t n);
/* replace: over whatever has that name. durable: waits until it is on the disk. */
enum aside_end aside_name(struct aside *file, const char *path, bool replace, bool durable);
/* Removes what has no name yet; null is accepted. */
void aside_free(struct aside **file);

enum aside_place { ASIDE_FREE, ASIDE_TAKEN, ASIDE_NO_FILE /* a folder, a device or the like */ };
/* What has the name now. */
enum aside_place aside_look(const char *path);
bool aside_is_folder(const char *path);

#endif
