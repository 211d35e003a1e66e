/* The real disk, made to fail at one step of putting or writing a file. For programs that are linked with
 * disk_fault_link of tests/unit/platform.cmake. */
#ifndef FAKE_DISK_FAULT_H
#define FAKE_DISK_FAULT_H

#include <stdbool.h>
#include <stddef.h>

enum disk_step {
    DISK_FINE,
    DISK_OPEN,
    DISK_WRITE, /* after some bytes */
    DISK_FLUSH,
    DISK_CLOSE,
    DISK_RENAME,
    DISK_FLUSH_FOLDER, /* the name is given already */
    DISK_NO_NOREPLACE, /* a file system without renameat2's flags */
    DISK_STUTTER,      /* every write is short, every second one interrupted */
    DISK_CUT,          /* a file cannot be made shorter */
    DISK_STEPS
};

/* From now on every file fails at `step` with errno `error`. after: bytes that are written first. */
void disk_fault_set(enum disk_step step, int error, size_t after);
/* Runs once when the next temporary file is flushed, as another program might. */
void disk_fault_meanwhile(void (*act)(void));
/* Runs once before the `call`-th step from now, counted from 1: every call that changes the disk, and what
 * disk_fault_step tells of. 0: never. */
void disk_fault_at(int call, void (*act)(void));
void disk_fault_step(void);
/* false: flushing does nothing from now on. */
void disk_fault_flush(bool really);
/* How many calls failed since it was set. */
int disk_fault_hits(void);

#endif
