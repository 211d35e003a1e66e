/* A folder for one test case, and what lies in it. POSIX. */
#ifndef FAKE_TEMP_FOLDER_H
#define FAKE_TEMP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct temp_folder {
    char path[64];
};

bool temp_folder_make(struct temp_folder *f);
void temp_folder_remove(struct temp_folder *f); /* with all that is in it, one level deep */
/* "path/name"; valid until the fourth call after it in this thread. */
const char *temp_path(const struct temp_folder *f, const char *name);
void temp_write(const struct temp_folder *f, const char *name, const char *content);
/* True when the file exists with exactly this content. */
bool temp_holds(const struct temp_folder *f, const char *name, const char *content);
bool temp_exists(const struct temp_folder *f, const char *name);
int temp_mode(const struct temp_folder *f, const char *name);
/* How many entries begin with `prefix`; "" counts all. */
size_t temp_count(const struct temp_folder *f, const char *prefix);
/* Runs `body` in a child of an ordinary user and gives its result; -1 when it did not end by itself. */
int temp_as_nobody(int (*body)(void *self), void *self);

#endif
