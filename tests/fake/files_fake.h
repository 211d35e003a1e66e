/* Files in memory that fail when told to, at each step that a real file can fail at. */
#ifndef FAKE_FILES_FAKE_H
#define FAKE_FILES_FAKE_H

#include "env.h"

#define FILES_FAKE_MAX 32

enum files_fake_step {
    FILES_FAKE_NEVER,
    FILES_FAKE_READ,
    FILES_FAKE_OPEN,   /* the temporary file cannot be made */
    FILES_FAKE_WRITE,  /* the disk is full in the middle */
    FILES_FAKE_FLUSH,  /* the disk refuses to flush */
    FILES_FAKE_RENAME, /* the final name is held by another program */
    FILES_FAKE_LATE,   /* the name is given already, flushing the folder fails */
    FILES_FAKE_LOCK    /* another holder never lets go */
};

struct files_fake_file {
    char path[1100];
    struct bytes content;
};

struct files_fake {
    char folder[256]; /* the one folder that exists */
    struct files_fake_file file[FILES_FAKE_MAX];
    size_t files_n;
    enum files_fake_step fail_at;
    int32_t fail_code;
    int32_t fail_after; /* this many calls of that step go well first */
    int32_t puts, locks, unlocks;
    /* Called before a put gives the name; a foreign program at work. */
    void (*meanwhile)(struct files_fake *f);
};

extern const struct file_ops files_fake_ops; /* self: struct files_fake */

void files_fake_init(struct files_fake *f, const char *folder);
void files_fake_clear(struct files_fake *f);
void files_fake_set(struct files_fake *f, const char *path, const char *content);
/* The content, or null when there is no such file. Borrowed. */
const char *files_fake_get(const struct files_fake *f, const char *path);
void files_fake_fail(struct files_fake *f, enum files_fake_step step, int32_t code, int32_t after);

#endif
