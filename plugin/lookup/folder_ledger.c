#include <stdlib.h>

#include "crypto.h"
#include "folder_terminal.h"
#include "log.h"
#include "thread.h"

#define STATE_MOST ((size_t)1024 * 1024)
#define LOCK_MS    400
#define BREATH_MS  10
#define NOTE_MS    2000
#define HASH_BYTES 32

int32_t folder_hash(const struct folder_state *s, const char *text, size_t n,
                    char out[FOLDER_HASH_MAX]) {
    struct bytes salted = {0};
    uint8_t hash[HASH_BYTES];
    out[0] = '\0';
    if (n == 0) {
        return SHK_OK;
    }
    int32_t rc = bytes_append(&salted, s->salt, sizeof s->salt);
    rc = rc == SHK_OK ? bytes_append(&salted, text, n) : rc;
    rc = rc == SHK_OK ? sha256(salted.p, salted.n, hash) : rc;
    if (rc == SHK_OK) {
        hex_encode(hash, sizeof hash, out);
    }
    bytes_clear(&salted);
    return rc;
}

/* Waits in short pieces, so that a cancel is noticed. */
static int32_t take_lock(struct ledger *l, const struct turn *turn, struct fault *why) {
    const struct terminal *t = l->t;
    char path[FOLDER_PATH_ROOM];
    struct fault inner = {0};
    if (text_format(path, sizeof path, "%s.lock", t->file) >= sizeof path) {
        return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0, "state");
    }
    for (;;) {
        int64_t left = turn->end_ms - terminal_now(t);
        int32_t wait_ms = left > LOCK_MS ? LOCK_MS : left > 0 ? (int32_t)left : 0;
        fault_clear(&inner);
        int32_t rc = t->env->files->lock(t->env->files_self, path, wait_ms, &l->lock, &inner);
        if (rc == SHK_OK) {
            return SHK_OK;
        }
        if (turn_stopped(turn)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        if (rc != SHK_E_FOLDER_LOCKED || left <= 0) {
            return terminal_fault(why, &inner, "state");
        }
        thread_sleep(BREATH_MS);
    }
}

static int32_t load(struct ledger *l, struct fault *why) {
    const struct terminal *t = l->t;
    struct bytes text = {0};
    struct fault inner = {0};
    int32_t rc = terminal_read(t->env, t->file, STATE_MOST, &text, &inner);
    if (rc == SHK_E_ABSENT) {
        return SHK_OK;
    }
    if (rc == SHK_OK) {
        rc = folder_state_read(&l->loaded, bytes_text(&text), text.n);
        bytes_clear(&text);
        return rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    return terminal_fault(why, &inner, "state");
}

static int32_t make_salt(struct ledger *l, struct fault *why) {
    const struct env *env = l->t->env;
    if (l->state->salted) {
        return SHK_OK;
    }
    /* Hashes of another salt match nothing any more. */
    l->state->n = 0;
    if (env->random->fill(env->random_self, l->state->salt, FOLDER_SALT) != SHK_OK) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    l->state->salted = true;
    return SHK_OK;
}

int32_t ledger_open(struct terminal *t, const struct turn *turn, struct ledger *l,
                    struct fault *why) {
    int32_t rc = SHK_OK;
    *l = (struct ledger){.t = t};
    l->state = &t->memory;
    if (t->file[0] != '\0') {
        l->state = &l->loaded;
        rc = take_lock(l, turn, why);
        rc = rc == SHK_OK ? load(l, why) : rc;
    }
    rc = rc == SHK_OK ? make_salt(l, why) : rc;
    if (rc != SHK_OK) {
        ledger_close(l);
        return rc;
    }
    folder_state_prune(l->state, t->env->clock->wall_s(t->env->clock_self));
    return SHK_OK;
}

int32_t ledger_save(struct ledger *l, struct fault *why) {
    const struct terminal *t = l->t;
    struct bytes text = {0};
    struct fault inner = {0};
    if (t->file[0] == '\0') {
        return SHK_OK;
    }
    int32_t rc = folder_state_write(l->state, &text);
    if (rc == SHK_OK) {
        rc = t->env->files->put(t->env->files_self, t->file, text.p, text.n, true, &inner);
    } else {
        fault_raise(&inner, rc);
    }
    bytes_clear(&text);
    return rc == SHK_OK ? rc : terminal_fault(why, &inner, "state");
}

void ledger_close(struct ledger *l) {
    if (l->lock != NULL) {
        l->t->env->files->unlock(l->t->env->files_self, l->lock);
        l->lock = NULL;
    }
    folder_state_clear(&l->loaded);
}

void ledger_note(struct terminal *t, const struct folder_entry *entry, bool keep) {
    struct ledger l;
    struct fault why = {0};
    /* What is known is written down even when the time is over or the job was cancelled. */
    const struct turn own = {NULL, terminal_now(t) + NOTE_MS};
    int32_t rc = ledger_open(t, &own, &l, &why);
    if (rc == SHK_OK) {
        const struct folder_entry *now = folder_state_find(l.state, entry->kind, entry->question);
        if (keep) {
            rc = folder_state_add(l.state, entry);
        } else if (now != NULL && text_equal(now->id, entry->id)) {
            /* Another one is of another machine, which gave this one up. */
            folder_state_drop(l.state, entry->kind, entry->question);
        }
        rc = rc == SHK_OK ? ledger_save(&l, &why) : rc;
        ledger_close(&l);
    }
    if (rc != SHK_OK) {
        log_event(t->log, SHK_LOG_WARN, "folder.state", "code,native", (int64_t)rc,
                  (int64_t)why.native);
    }
}
