#include "sandbox_memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define CHUNK_SIZE ((size_t)32 * 1024)

struct memory_chunk {
    struct memory_chunk *next;
    size_t n; /* bytes of room that are given out */
    alignas(max_align_t) uint8_t room[];
};

/* Before each block that is too large for a chunk. */
struct memory_big {
    struct memory_big *next, **link;
    size_t n;
    alignas(max_align_t) uint8_t room[];
};

struct memory_free {
    struct memory_free *next;
};

static size_t class_of(size_t n) {
    return (n + SANDBOX_CLASS - 1) / SANDBOX_CLASS;
}

static bool is_small(size_t n) {
    return n <= (size_t)SANDBOX_CLASS * SANDBOX_CLASSES;
}

static struct memory_chunk *add_chunk(struct sandbox_memory *m) {
    struct memory_chunk *chunk = malloc(CHUNK_SIZE);
    if (chunk != NULL) {
        chunk->next = m->chunks;
        chunk->n = 0;
        m->chunks = chunk;
    }
    return chunk;
}

static void *take_small(struct sandbox_memory *m, size_t n) {
    size_t size = class_of(n) * SANDBOX_CLASS;
    struct memory_free *ready = m->free[class_of(n)];
    if (ready != NULL) {
        m->free[class_of(n)] = ready->next;
        return ready;
    }
    struct memory_chunk *chunk = m->chunks;
    if (chunk == NULL || size > CHUNK_SIZE - sizeof *chunk - chunk->n) {
        chunk = add_chunk(m);
    }
    if (chunk == NULL) {
        return NULL;
    }
    void *block = chunk->room + chunk->n;
    chunk->n += size;
    return block;
}

static void *take_big(struct sandbox_memory *m, size_t n) {
    struct memory_big *big = malloc(sizeof *big + n);
    if (big == NULL) {
        return NULL;
    }
    big->n = n;
    big->next = m->bigs;
    big->link = &m->bigs;
    if (big->next != NULL) {
        big->next->link = &big->next;
    }
    m->bigs = big;
    return big->room;
}

static void release_big(struct memory_big *big) {
    *big->link = big->next;
    if (big->next != NULL) {
        big->next->link = big->link;
    }
    memory_wipe(big->room, big->n);
    free(big);
}

static struct memory_big *big_of(void *block) {
    return (struct memory_big *)(void *)((uint8_t *)block - offsetof(struct memory_big, room));
}

void sandbox_memory_release(struct sandbox_memory *m, void *block, size_t had) {
    if (block == NULL) {
        return;
    }
    m->used -= had;
    if (is_small(had)) {
        struct memory_free *ready = block;
        ready->next = m->free[class_of(had)];
        m->free[class_of(had)] = ready;
    } else {
        release_big(big_of(block));
    }
}

/* True when the block can stay where it is, under its new size. */
static bool stays(const void *block, size_t had, size_t n) {
    return block != NULL && is_small(had) && is_small(n) && class_of(had) == class_of(n);
}

/* A block that cannot move to a smaller place stays. Given back under its new size it then serves as a
 * small one, inside what sandbox_memory_clear frees. */
static void *move(struct sandbox_memory *m, void *block, size_t had, size_t n) {
    void *moved = is_small(n) ? take_small(m, n) : take_big(m, n);
    if (moved == NULL) {
        return n <= had ? block : NULL;
    }
    if (block != NULL) {
        memcpy(moved, block, had < n ? had : n);
        sandbox_memory_release(m, block, had);
        m->used += had;
    }
    return moved;
}

void *sandbox_memory_move(struct sandbox_memory *m, void *block, size_t had, size_t n) {
    void *moved = stays(block, had, n) ? block : move(m, block, had, n);
    if (moved != NULL) {
        m->used += n;
        m->used -= had;
    }
    return moved;
}

void sandbox_memory_clear(struct sandbox_memory *m) {
    while (m->bigs != NULL) {
        struct memory_big *big = m->bigs;
        m->bigs = big->next;
        memory_wipe(big->room, big->n);
        free(big);
    }
    while (m->chunks != NULL) {
        struct memory_chunk *chunk = m->chunks;
        m->chunks = chunk->next;
        memory_wipe(chunk->room, chunk->n);
        free(chunk);
    }
    *m = (struct sandbox_memory){0};
}
