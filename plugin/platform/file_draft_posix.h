/* A file on its way to its final name, on POSIX: what putting and staging share. */
#ifndef PLATFORM_FILE_DRAFT_POSIX_H
#define PLATFORM_FILE_DRAFT_POSIX_H

#include "platform.h"

/* The file that is replaced, as far as it tells it from every other. */
struct file_old {
    uint64_t device, number;
    int64_t size, time_s, time_ns;
    uint32_t mode, owner, group;
};

struct file_draft {
    int folder, fd;
    const char *name; /* the final one in the folder; borrowed from the path */
    char temp[PLATFORM_TEMP_NAME_MAX];
    bool temp_there, old_there;
    struct file_old old;
};

/* Opens the folder of `path`; closed again by file_draft_close, also after a fault. SHK_E_FOLDER_MISSING. */
int32_t file_draft_open(struct file_draft *draft, const char *path, struct fault *why);
/* Looks at what lies under the final name and remembers it. A folder or a link is a fault. */
int32_t file_draft_remember(struct file_draft *draft, struct fault *why);
/* Writes the temporary file and flushes it; `replace` gives it owner and mode of the remembered file. */
int32_t file_draft_write(struct file_draft *draft, const uint8_t *p, size_t n, bool replace,
                         struct fault *why);
/* Renames `from`, a name in the folder, to the final one: 0, or the system's number. EEXIST when the name
 * is taken or, with `replace`, when it is not the remembered file any more. */
int file_draft_publish(const struct file_draft *draft, const char *from, bool replace);
/* Removes the temporary file when there still is one. */
void file_draft_close(struct file_draft *draft);

#endif
