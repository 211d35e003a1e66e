/* A file for each document. */
#include <stdlib.h>
#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

/* Heading and body as one document. */
struct whole {
    uint8_t *p;
    uint32_t n;
};

static int32_t whole_make(const struct work *w, struct whole *out) {
    const shk_delivery *d = w->d;
    *out = (struct whole){0};
    if (d->head_len > SHK_FILE_MAX || d->body_len > SHK_FILE_MAX - d->head_len) {
        return work_fail(w->h, SHK_E_ARGUMENT, "file larger than 64 MiB");
    }
    out->n = d->head_len + d->body_len;
    out->p = malloc((size_t)out->n + 1);
    if (out->p == NULL) {
        return work_fail(w->h, SHK_E_MEMORY, "file");
    }
    if (d->head_len > 0) {
        memcpy(out->p, d->head, d->head_len);
    }
    if (d->body_len > 0) {
        memcpy(out->p + d->head_len, d->body, d->body_len);
    }
    return SHK_OK;
}

/* Without a store an equal file is this delivery, tried before. A file that cannot be read might be it:
 * going on to another name could double it. */
static int32_t is_told_by_content(struct work *w, const struct whole *all) {
    struct present now;
    if (w->kept) {
        return SHK_OK;
    }
    int32_t rc = present_read(w->h, w->place.p, &now);
    w->published = rc == SHK_OK && present_is(&now, all->p, all->n);
    present_clear(w->h, &now);
    return rc;
}

/* One name. SHK_E_FILE_EXISTS: try the next. */
static int32_t try_name(struct work *w, const struct whole *all) {
    void *stage = NULL;
    int there = 0;
    int32_t rc = w->noted ? SHK_OK : end_look(w, 1, &there);
    if (rc == SHK_OK && there) {
        return SHK_E_FILE_EXISTS;
    }
    rc = rc == SHK_OK ? stage_take(w, w->staged ? NULL : all->p, all->n, 0, &stage) : rc;
    if (rc == SHK_E_ABSENT) {
        return stage_gone(w, all->p, all->n);
    }
    if (rc != SHK_OK) {
        return rc;
    }
    rc = stage_note(w);
    if (rc != SHK_OK) {
        stage_drop(w, stage);
        return rc;
    }
    rc = stage_publish(w, stage);
    return rc == SHK_E_ABSENT ? stage_gone(w, all->p, all->n) : rc;
}

static int32_t find_name(struct work *w, const struct whole *all) {
    for (; w->note.number <= NUMBER_LAST; w->note.number++) {
        int32_t rc = place_final(w);
        rc = rc == SHK_OK ? try_name(w, all) : rc;
        if (rc == SHK_E_FILE_EXISTS) {
            rc = is_told_by_content(w, all);
            if (rc == SHK_OK && !w->published) {
                continue;
            }
        }
        return rc;
    }
    return work_fail(w->h, SHK_E_FILE_EXISTS, "file");
}

int32_t own_go(struct work *w) {
    struct whole all;
    int32_t rc = whole_make(w, &all);
    rc = rc == SHK_OK ? find_name(w, &all) : rc;
    if (all.p != NULL) {
        text_wipe(all.p, all.n);
        free(all.p);
    }
    return rc;
}
