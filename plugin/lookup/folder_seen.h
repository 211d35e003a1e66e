/* Which face files were given already, in bounded memory. */
#ifndef LOOKUP_FOLDER_SEEN_H
#define LOOKUP_FOLDER_SEEN_H

#include "env.h"

#define FOLDER_SEEN_MOST 65536

struct seen_file {
    uint64_t name; /* hash of the file's name */
    uint64_t size;
    int64_t modified_s;
    uint64_t content; /* hash; 0: never read, or never given */
    uint32_t look;    /* the last listing that had it */
    bool used;
};

struct folder_seen {
    struct seen_file *slot;
    size_t cap, n, most;
    uint32_t look;
    int64_t floor_s; /* what is as old as this counts as seen: forgotten for want of room */
    bool has_floor;
};

uint64_t seen_hash(const void *p, size_t n);
void seen_clear(struct folder_seen *s);
void seen_begin_look(struct folder_seen *s);
/* The one of that name, marked as still there; null. */
struct seen_file *seen_find(struct folder_seen *s, const char *name);
bool seen_is_old(const struct folder_seen *s, const struct file_entry *entry);
/* SHK_E_MEMORY. */
int32_t seen_put(struct folder_seen *s, const struct file_entry *entry, uint64_t content);

#endif
