/* A file on its way to its final name, on Windows: what putting and staging share. */
#ifndef PLATFORM_FILE_DRAFT_WIN32_H
#define PLATFORM_FILE_DRAFT_WIN32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/* The file that is replaced, as far as it tells it from every other. */
struct file_old {
    uint32_t volume;
    uint64_t number, size, time;
};

struct file_draft {
    wchar_t *path, *temp; /* the final path and that of the temporary file beside it */
    void *file;           /* a HANDLE */
    bool temp_there, old_there;
    struct file_old old;
};

/* Closed again by file_draft_close, also after a fault. */
int32_t file_draft_open(struct file_draft *draft, const char *path, struct fault *why);
/* Looks at what lies under the final name and remembers it. */
int32_t file_draft_remember(struct file_draft *draft, struct fault *why);
/* Writes the temporary file and flushes it. */
int32_t file_draft_write(struct file_draft *draft, const uint8_t *p, size_t n, bool hidden,
                         struct fault *why);
/* Renames `from`, a path in the same folder, to the final one. SHK_E_FILE_EXISTS when that is taken or,
 * with `replace`, when it is not the remembered file any more; SHK_E_ABSENT when `from` is gone. */
int32_t file_draft_publish(const struct file_draft *draft, const wchar_t *from, bool replace,
                           struct fault *why);
/* Removes the temporary file when there still is one. */
void file_draft_close(struct file_draft *draft);
/* True when the path's last part begins with a dot: such a file is no document and is hidden. */
bool file_draft_is_hidden(const wchar_t *path);

#endif
