#include "folder_seen.h"

#include <stdlib.h>
#include <string.h>

#define CAP_FIRST 256
/* A file that moved away and comes back within so many looks is the same. */
#define GONE_LOOKS 1000u

uint64_t seen_hash(const void *p, size_t n) {
    uint64_t hash = bytes_hash(BYTES_HASH_BEGIN, p, n);
    return hash != 0 ? hash : 1;
}

void seen_clear(struct folder_seen *s) {
    free(s->slot);
    *s = (struct folder_seen){.most = s->most};
}

void seen_begin_look(struct folder_seen *s) {
    s->look++;
}

/* The slot of that name, or the free one where it belongs. cap is a power of two and never full. */
static struct seen_file *slot_of(const struct folder_seen *s, uint64_t name) {
    size_t at = (size_t)(name ^ name >> 32) & (s->cap - 1);
    while (s->slot[at].used && s->slot[at].name != name) {
        at = (at + 1) & (s->cap - 1);
    }
    return &s->slot[at];
}

struct seen_file *seen_find(struct folder_seen *s, const char *name) {
    if (s->cap == 0) {
        return NULL;
    }
    struct seen_file *file = slot_of(s, seen_hash(name, strlen(name)));
    if (!file->used) {
        return NULL;
    }
    file->look = s->look;
    return file;
}

bool seen_is_old(const struct folder_seen *s, const struct file_entry *entry) {
    return s->has_floor && entry->modified_s <= s->floor_s;
}

/* Those of the last so many looks, and newer than the floor. Without memory nothing is changed: a slot that is
 * emptied in its place would hide those behind it. */
static int32_t rebuild(struct folder_seen *s, size_t cap, uint32_t looks, int64_t floor_s) {
    struct folder_seen next = *s;
    next.slot = calloc(cap, sizeof *next.slot);
    if (next.slot == NULL) {
        return SHK_E_MEMORY;
    }
    next.cap = cap;
    next.n = 0;
    for (size_t i = 0; i < s->cap; i++) {
        const struct seen_file *file = &s->slot[i];
        if (file->used && s->look - file->look <= looks && file->modified_s > floor_s) {
            *slot_of(&next, file->name) = *file;
            next.n++;
        }
    }
    free(s->slot);
    *s = next;
    return SHK_OK;
}

static int compare_times(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return left < right ? -1 : left > right ? 1 : 0;
}

/* More files lie there than may be remembered: the older half becomes a date. */
static int32_t raise_floor(struct folder_seen *s) {
    size_t n = 0;
    int64_t *times = calloc(s->n + 1, sizeof *times);
    if (times == NULL) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < s->cap; i++) {
        if (s->slot[i].used) {
            times[n++] = s->slot[i].modified_s;
        }
    }
    qsort(times, n, sizeof *times, compare_times);
    int64_t floor_s = times[n / 2];
    free(times);
    int32_t rc = rebuild(s, s->cap, UINT32_MAX, floor_s);
    if (rc == SHK_OK) {
        s->floor_s = floor_s;
        s->has_floor = true;
    }
    return rc;
}

static int32_t make_room(struct folder_seen *s) {
    static const uint32_t looks[] = {GONE_LOOKS, 1};
    if (s->n < s->most) {
        size_t cap = s->cap == 0 ? CAP_FIRST : 2 * s->cap;
        return s->n >= s->cap / 2 ? rebuild(s, cap, UINT32_MAX, INT64_MIN) : SHK_OK;
    }
    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && s->n >= s->most; i++) {
        int32_t rc = rebuild(s, s->cap, looks[i], INT64_MIN);
        if (rc != SHK_OK) {
            return rc;
        }
    }
    return s->n >= s->most ? raise_floor(s) : SHK_OK;
}

int32_t seen_put(struct folder_seen *s, const struct file_entry *entry, uint64_t content) {
    int32_t rc = make_room(s);
    if (rc != SHK_OK) {
        return rc;
    }
    uint64_t name = seen_hash(entry->name, strlen(entry->name));
    struct seen_file *file = slot_of(s, name);
    s->n += file->used ? 0 : 1;
    *file = (struct seen_file){name, entry->size, entry->modified_s, content, s->look, true};
    return SHK_OK;
}
