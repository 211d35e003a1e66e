/* What becomes of one delivery into a folder, from the first attempt to the last.
 *
 * The document is staged, the note says so durably, and then it gets its final name. A later attempt
 * finds the staged file (not published: it goes on with it) or does not (published, whether the host has
 * taken it since or not). The file is one and can be renamed once only, so it does not matter who comes
 * back for it, how often, or whether the first one was alive after all. */
#include <stdlib.h>
#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

#define SERVICES_LAST wall_s

static int services_usable(const shk_services *sv) {
    return sv != NULL && sv->abi == SHK_ADAPTER_ABI &&
           sv->struct_size >= offsetof(shk_services, SERVICES_LAST) + sizeof sv->SERVICES_LAST;
}

int32_t folder_make(const shk_services *sv, const struct folder_settings *set, const char *bad,
                    shk_host **out) {
    *out = NULL;
    if (!services_usable(sv)) {
        return SHK_E_ADAPTER_BROKEN;
    }
    if (bad != NULL) {
        return sv->fail(sv->self, SHK_E_ADAPTER_SETTINGS, 0, bad);
    }
    shk_host *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return sv->fail(sv->self, SHK_E_MEMORY, 0, "folder");
    }
    h->sv = sv;
    h->set = *set;
    *out = h;
    return SHK_OK;
}

void SHK_CALL folder_free(shk_host **h) {
    if (h != NULL && *h != NULL) {
        text_wipe(*h, sizeof **h);
        free(*h);
        *h = NULL;
    }
}

int folder_delivery_usable(const shk_delivery *d) {
    return d->abi == SHK_ADAPTER_ABI && d->struct_size >= sizeof *d && d->id != NULL &&
           d->format != NULL && d->encoding != NULL && d->file_name != NULL &&
           (d->head != NULL || d->head_len == 0) && (d->body != NULL || d->body_len == 0);
}

static struct past *past_find(shk_host *h, const char *id) {
    for (uint32_t i = 0; i < REMEMBERED; i++) {
        if (h->past[i].id[0] != '\0' && strcmp(h->past[i].id, id) == 0) {
            return &h->past[i];
        }
    }
    return NULL;
}

/* Keeps in this handle what came of it, in the place of the oldest entry; an id that is too long is not. */
static void past_set(struct work *w, int32_t rc) {
    shk_host *h = w->h;
    struct past *p = past_find(h, w->d->id);
    size_t n = strlen(w->d->id);
    if (n == 0 || n >= sizeof p->id) {
        return;
    }
    p = p != NULL ? p : &h->past[h->past_next++ % REMEMBERED];
    memset(p, 0, sizeof *p);
    memcpy(p->id, w->d->id, n + 1);
    p->delivered = rc == SHK_OK;
    p->published = w->published;
    p->noted = w->noted && (w->staged || w->published);
    folder_note_write(&w->note, p->note);
    memcpy(p->place, w->place.p, strlen(w->place.p) + 1);
}

/* What an earlier attempt said: the store's word, or that of this handle when nothing is kept. */
static int32_t remember(struct work *w) {
    const struct past *past = past_find(w->h, w->d->id);
    const char *said = w->kept ? w->d->note : "";
    if (!w->kept && past != NULL && past->noted) {
        said = past->note;
        w->published = past->published;
    }
    w->noted = said[0] != '\0';
    if (w->noted && !folder_note_read(&w->note, said)) {
        return work_fail(w->h, SHK_E_DELIVERY_UNSURE, "note");
    }
    w->staged = w->noted && !w->published;
    if (!w->noted) {
        w->note = (struct folder_note){
            .attempt = w->d->attempt, .number = 1, .time_s = w->h->sv->wall_s(w->h->sv->self)};
    }
    return SHK_OK;
}

/* Everything that the first attempt does before the document itself. */
static int32_t prepare(struct work *w) {
    int32_t rc = SHK_OK;
    if (w->noted) {
        return SHK_OK;
    }
    if (w->kept) {
        rc = stage_clear(w);
        rc = rc == SHK_OK ? mark_take(w) : rc;
    }
    return rc == SHK_OK ? end_stage(w) : rc;
}

static int32_t work_steps(struct work *w) {
    int32_t rc = prepare(w);
    if (rc == SHK_OK && !w->published) {
        rc = w->rows ? rows_go(w) : own_go(w);
    }
    return rc == SHK_OK ? end_publish(w) : rc;
}

/* A shared trigger is waited for with the gate open: the host cannot take it away while our lock file
 * lies there. */
static int32_t enter(const struct work *w, struct gate *gate) {
    int64_t since_ms = w->h->sv->now_ms(w->h->sv->self);
    for (;;) {
        int there = 0;
        int32_t rc = w->noted ? SHK_OK : end_wait(w, since_ms);
        rc = rc == SHK_OK ? gate_enter(w, gate) : rc;
        if (rc != SHK_OK || w->noted) {
            return rc;
        }
        rc = end_look(w, 0, &there);
        if (rc == SHK_OK && !there) {
            return rc;
        }
        rc = gate_leave(w, gate, rc);
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

static int32_t work_run(struct work *w) {
    struct gate gate = {0};
    int32_t rc = remember(w);
    rc = rc == SHK_OK ? place_base(w) : rc;
    rc = rc == SHK_OK ? place_final(w) : rc;
    rc = rc == SHK_OK ? enter(w, &gate) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    rc = work_steps(w);
    if (!w->kept || (!w->noted && !w->doubtful)) {
        stage_abandon(w);
    }
    return gate_leave(w, &gate, rc);
}

int32_t folder_run(shk_host *h, const shk_delivery *d, int rows, const char *code,
                   shk_receipt *receipt) {
    struct work w = {
        .h = h, .d = d, .rows = rows, .code = code, .kept = d->attempt > 0 && d->note != NULL};
    const struct past *before = past_find(h, d->id);
    if (before != NULL && before->delivered) {
        memcpy(receipt->place, before->place, strlen(before->place) + 1);
        return SHK_OK;
    }
    if (!h->sv->is_folder(h->sv->self, h->set.folder)) {
        return work_fail(h, SHK_E_FOLDER_MISSING, "folder");
    }
    int32_t rc = work_run(&w);
    past_set(&w, rc);
    if (rc == SHK_OK) {
        memcpy(receipt->place, w.place.p, strlen(w.place.p) + 1);
    }
    return rc;
}
