/* Rows in one file: the whole file is written aside with the row behind it and takes the old one's place. */
#include <stdlib.h>
#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

#define TRIES 3

/* What ends a row, as the row itself says: "\r\n", "\n", "\r"; nothing in records of a fixed width. */
static const char *row_end(const shk_delivery *d) {
    const uint8_t *end = d->body + d->body_len;
    if (d->body_len >= 2 && end[-2] == '\r' && end[-1] == '\n') {
        return "\r\n";
    }
    if (d->body_len >= 1 && (end[-1] == '\n' || end[-1] == '\r')) {
        return end[-1] == '\n' ? "\n" : "\r";
    }
    return "";
}

static int begins_with(const struct present *now, const uint8_t *p, uint32_t n) {
    return now->n >= n && (n == 0 || memcmp(now->p, p, n) == 0);
}

/* The heading alone, whose line end an editor has cut off. */
static int is_cut_heading(const struct present *now, const shk_delivery *d, const char *end) {
    uint32_t n = (uint32_t)strlen(end);
    return n > 0 && d->head_len > n && now->n == d->head_len - n &&
           begins_with(now, d->head, now->n) && memcmp(d->head + now->n, end, n) == 0;
}

/* Ours begins with our heading. *lacking: the line end that has to stand before the next row. Half a line
 * end is nobody's. */
static int is_ours(const struct present *now, const shk_delivery *d, const char **lacking) {
    const char *end = row_end(d);
    uint8_t last = now->n > 0 ? now->p[now->n - 1] : '\n';
    *lacking = "";
    if (now->n == 0) {
        return 1;
    }
    if (is_cut_heading(now, d, end)) {
        *lacking = end;
        return 1;
    }
    if (!begins_with(now, d->head, d->head_len)) {
        return 0;
    }
    if (now->n > d->head_len && last != '\n' && last != (uint8_t)end[0]) {
        *lacking = end;
    }
    return last != '\r' || strcmp(end, "\r") == 0 || end[0] == '\0';
}

/* The file so far, or the heading, and the row after it. */
struct joined {
    uint8_t *p;
    uint32_t n;
};

static int32_t join(const struct work *w, const struct present *now, struct joined *out) {
    const shk_delivery *d = w->d;
    const char *lacking = "";
    *out = (struct joined){0};
    if (!is_ours(now, d, &lacking)) {
        return work_fail(w->h, SHK_E_FILE_FOREIGN, "file");
    }
    const uint8_t *first = now->n > 0 ? now->p : d->head;
    uint32_t first_n = now->n > 0 ? now->n : d->head_len, gap = (uint32_t)strlen(lacking);
    if (first_n > SHK_FILE_MAX - gap || d->body_len > SHK_FILE_MAX - gap - first_n) {
        return work_fail(w->h, SHK_E_FILE_FOREIGN, "file larger than 64 MiB");
    }
    out->n = first_n + gap + d->body_len;
    out->p = malloc(out->n);
    if (out->p == NULL) {
        return work_fail(w->h, SHK_E_MEMORY, "file");
    }
    if (first_n > 0) {
        memcpy(out->p, first, first_n);
    }
    memcpy(out->p + first_n, lacking, gap);
    memcpy(out->p + first_n + gap, d->body, d->body_len);
    return SHK_OK;
}

/* Staging remembers the file that it is to replace; what was read before must still be that. */
static int32_t still_so(const struct work *w, const struct present *before) {
    struct present now;
    int32_t rc = present_read(w->h, w->place.p, &now);
    if (rc == SHK_OK &&
        (now.there != before->there || (now.there && !present_is(&now, before->p, before->n)))) {
        rc = SHK_E_FILE_EXISTS;
    }
    present_clear(w->h, &now);
    return rc;
}

/* A noted file is looked for before anything is written: one that is gone must not be made again. */
static int32_t take_noted(struct work *w) {
    void *stage = NULL;
    int32_t rc = stage_take(w, NULL, 0, 1, &stage);
    if (rc == SHK_E_ABSENT) {
        return stage_gone(w, NULL, 0);
    }
    if (rc == SHK_OK) {
        w->h->sv->unstage_file(w->h->sv->self, stage, 1);
        rc = stage_note(w);
    }
    return rc;
}

static int32_t stage_and_publish(struct work *w, const struct present *now,
                                 const struct joined *all) {
    void *stage = NULL;
    int32_t rc = stage_take(w, all->p, all->n, now->there, &stage);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = now->there ? still_so(w, now) : SHK_OK;
    if (rc != SHK_OK) {
        stage_drop(w, stage);
        return rc;
    }
    rc = w->noted ? SHK_OK : stage_note(w);
    if (rc != SHK_OK) {
        stage_drop(w, stage);
        return rc;
    }
    rc = stage_publish(w, stage);
    return rc == SHK_E_ABSENT ? stage_gone(w, NULL, 0) : rc;
}

static int32_t once(struct work *w) {
    struct present now = {0};
    struct joined all = {0};
    int32_t rc = w->noted ? take_noted(w) : SHK_OK;
    if (rc != SHK_OK || w->published) {
        return rc;
    }
    rc = present_read(w->h, w->place.p, &now);
    rc = rc == SHK_OK ? join(w, &now, &all) : rc;
    rc = rc == SHK_OK ? stage_and_publish(w, &now, &all) : rc;
    present_clear(w->h, &now);
    if (all.p != NULL) {
        text_wipe(all.p, all.n);
        free(all.p);
    }
    return rc;
}

int32_t rows_go(struct work *w) {
    int32_t rc = SHK_OK;
    if (w->d->body_len == 0 || (row_end(w->d)[0] == '\0' && strcmp(w->d->format, "fixed") != 0)) {
        return work_fail(w->h, SHK_E_ARGUMENT, "row without line end");
    }
    /* A file that came up or changed after we had looked is no reason to fail: look again. */
    for (int i = 0; rc == SHK_OK && !w->published && i < TRIES; i++) {
        rc = once(w);
        rc = rc == SHK_E_FILE_EXISTS && i + 1 < TRIES ? SHK_OK : rc;
    }
    return rc == SHK_E_FILE_EXISTS ? work_fail(w->h, rc, "file") : rc;
}
