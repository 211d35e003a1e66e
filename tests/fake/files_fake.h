/* Files in memory that fail when told to, at each step that a real file can fail at, and that another
 * program can change between two calls. */
#ifndef FAKE_FILES_FAKE_H
#define FAKE_FILES_FAKE_H

#include "clock_fake.h"
#include "env.h"

#define FILES_FAKE_MAX         128
#define FILES_FAKE_FOLDERS_MAX 8

enum files_fake_step {
    FILES_FAKE_NEVER,
    FILES_FAKE_READ,
    FILES_FAKE_OPEN,     /* the temporary file cannot be made */
    FILES_FAKE_WRITE,    /* the disk is full in the middle */
    FILES_FAKE_FLUSH,    /* the disk refuses to flush */
    FILES_FAKE_RENAME,   /* the final name is held by another program */
    FILES_FAKE_LATE,     /* the name is given already, but a fault is told: an answer was lost */
    FILES_FAKE_LOCK,     /* another holder never lets go */
    FILES_FAKE_LIST,     /* before the first file is told */
    FILES_FAKE_REMOVE,   /* and the file stays */
    FILES_FAKE_OPENED,   /* reading in pieces cannot begin */
    FILES_FAKE_NEXT,     /* a piece cannot be read */
    FILES_FAKE_WRITE_AT, /* nothing of it is written */
    FILES_FAKE_TORN_AT,  /* cut off at the offset, half of it written */
    FILES_FAKE_LATE_AT,  /* all of it written, flushing fails */
    FILES_FAKE_WATCH
};

/* The calls of struct file_ops. */
enum files_fake_call {
    FILES_CALL_READ,
    FILES_CALL_PUT,
    FILES_CALL_LIST,
    FILES_CALL_REMOVE,
    FILES_CALL_OPEN,
    FILES_CALL_NEXT,
    FILES_CALL_WRITE_AT,
    FILES_CALL_WATCH,
    FILES_CALL_CHANGED,
    FILES_CALL_STAGE,
    FILES_CALL_PUBLISH
};

struct files_fake_file {
    char path[1100];
    struct bytes content;
    int64_t modified_s;
    uint64_t version; /* another one after every change */
};

struct files_fake {
    char folder[256];                             /* the first folder that exists */
    char more[FILES_FAKE_FOLDERS_MAX][256];       /* the others; "" is none */
    uint64_t changes[FILES_FAKE_FOLDERS_MAX + 1]; /* noticed in each folder */
    struct files_fake_file file[FILES_FAKE_MAX];
    size_t files_n;
    enum files_fake_step fail_at;
    int32_t fail_code;
    int32_t fail_after; /* this many calls of that step go well first */
    int32_t puts, locks, unlocks, opens, closes, watches, unwatches, writes_at, removes;
    int32_t stages, publishes, stages_left; /* the last: not given back yet */
    uint64_t versions;
    size_t piece;             /* the most that one next gives; 0: as much as is asked for */
    int64_t now_s;            /* what a file that is written gets as its time */
    bool deaf;                /* notices get lost: changed never says true */
    struct clock_fake *clock; /* moved on when changed waits, now_s with it; may be null */
    int64_t waited_ms;        /* by changed */
    /* Called before a put or a publish gives the name; a foreign program at work. */
    void (*meanwhile)(struct files_fake *f);
    /* Called before every call does its work, with its path, folder or, for next, "". It may change
     * files with the functions below, but not call the seam. */
    void (*other)(struct files_fake *f, enum files_fake_call call, const char *path);
    void *other_self;
};

extern const struct file_ops files_fake_ops; /* self: struct files_fake */

void files_fake_init(struct files_fake *f, const char *folder);
void files_fake_clear(struct files_fake *f);
/* What another program does. A folder that goes takes its files with it. */
void files_fake_add_folder(struct files_fake *f, const char *folder);
void files_fake_drop_folder(struct files_fake *f, const char *folder);
void files_fake_set(struct files_fake *f, const char *path, const char *content);
void files_fake_set_n(struct files_fake *f, const char *path, const void *p, size_t n);
void files_fake_drop(struct files_fake *f, const char *path);
void files_fake_move(struct files_fake *f, const char *from, const char *to);
/* The content, or null when there is no such file. Borrowed. */
const char *files_fake_get(const struct files_fake *f, const char *path);
const struct files_fake_file *files_fake_find(const struct files_fake *f, const char *path);
/* How many files lie in the folder. */
size_t files_fake_count(const struct files_fake *f, const char *folder);
void files_fake_fail(struct files_fake *f, enum files_fake_step step, int32_t code, int32_t after);

#endif
