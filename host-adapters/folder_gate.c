/* Taking turns: with other writers of ours by a lock that a dead holder gives back, with the host by a lock
 * file of its own fashion. */
#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

#define STEP_MS 100
#define OURS    "shikaku "

int gate_wait(const shk_host *h, int64_t since_ms) {
    const shk_services *sv = h->sv;
    int64_t left = since_ms + h->set.lock_wait_ms - sv->now_ms(sv->self);
    if (left <= 0 || (sv->stopping != NULL && sv->stopping(sv->self))) {
        return 0;
    }
    sv->pause(sv->self, left < STEP_MS ? (int32_t)left : STEP_MS);
    return 1;
}

static int32_t guard(const struct work *w, const char *name, void **out) {
    const shk_services *sv = w->h->sv;
    char hidden[NAME_ROOM + 8];
    struct line line = {hidden, sizeof hidden, 0};
    struct path path;
    line_text(&line, ".");
    line_text(&line, name);
    line_text(&line, ".lock");
    place_path(w->h, hidden, &path);
    int32_t rc = sv->lock_file(sv->self, path.p, w->h->set.lock_wait_ms, out);
    return rc == SHK_OK ? rc : work_fail(w->h, rc, "file");
}

/* Whoever makes such a file holds the guard. With the guard in our hands one that says it is ours was left
 * behind by someone who died. */
static int32_t clear_stale(const struct work *w, const char *path, int *foreign) {
    struct present now;
    int32_t rc = present_read(w->h, path, &now);
    *foreign = rc == SHK_OK && now.there &&
               (now.n < sizeof OURS - 1 || memcmp(now.p, OURS, sizeof OURS - 1) != 0);
    if (rc == SHK_OK && now.there && !*foreign) {
        rc = w->h->sv->remove_file(w->h->sv->self, path);
        rc = rc == SHK_E_ABSENT || rc == SHK_OK ? SHK_OK : work_fail(w->h, rc, "lock_file");
    }
    present_clear(w->h, &now);
    return rc;
}

static int32_t host_lock(const struct work *w, struct gate *gate) {
    const shk_services *sv = w->h->sv;
    char content[sizeof OURS + 18];
    int64_t since_ms = sv->now_ms(sv->self);
    memcpy(content, OURS, sizeof OURS - 1);
    text_id_hex(w->d->id, content + sizeof OURS - 1);
    place_path(w->h, w->h->set.lock_file, &gate->lock);
    for (;;) {
        int foreign = 0;
        int32_t rc = sv->put_file(sv->self, gate->lock.p, (const uint8_t *)content,
                                  (uint32_t)strlen(content), 0);
        gate->locked = rc == SHK_OK;
        if (rc != SHK_E_FILE_EXISTS) {
            return rc == SHK_OK ? rc : work_fail(w->h, rc, "lock_file");
        }
        rc = clear_stale(w, gate->lock.p, &foreign);
        if (rc != SHK_OK) {
            return rc;
        }
        if (foreign && !gate_wait(w->h, since_ms)) {
            return work_fail(w->h, SHK_E_FOLDER_LOCKED, "lock_file");
        }
    }
}

static void let_go(const struct work *w, struct gate *gate) {
    const shk_services *sv = w->h->sv;
    for (size_t i = 2; i-- > 0;) {
        if (gate->guard[i] != NULL) {
            sv->unlock_file(sv->self, gate->guard[i]);
        }
    }
    *gate = (struct gate){0};
}

int32_t gate_enter(const struct work *w, struct gate *gate) {
    const char *lock = w->h->set.lock_file;
    int32_t rc = SHK_OK;
    *gate = (struct gate){0};
    if (lock[0] != '\0') {
        rc = guard(w, lock, &gate->guard[0]);
    }
    if (rc == SHK_OK && w->rows) {
        rc = guard(w, w->base, &gate->guard[1]);
    }
    if (rc == SHK_OK && lock[0] != '\0') {
        rc = host_lock(w, gate);
    }
    if (rc != SHK_OK) {
        let_go(w, gate);
    }
    return rc;
}

int32_t gate_leave(const struct work *w, struct gate *gate, int32_t rc) {
    const shk_services *sv = w->h->sv;
    if (gate->locked) {
        int32_t removed = sv->remove_file(sv->self, gate->lock.p);
        if (removed != SHK_OK && removed != SHK_E_ABSENT && rc == SHK_OK) {
            rc = work_fail(w->h, removed, "lock_file");
        }
    }
    let_go(w, gate);
    return rc;
}
