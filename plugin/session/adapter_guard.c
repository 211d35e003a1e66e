#include "adapter_guard.h"

#include <string.h>

int32_t guard_init(struct guard *g, struct session *s) {
    memset(g, 0, sizeof *g);
    g->session = s;
    g->lock = mutex_new();
    g->changed = condition_new();
    services_init(&g->inner, s, &g->inner_why);
    guard_fill(&g->table, &g->inner.table);
    g->table.self = g;
    return g->lock != NULL && g->changed != NULL ? SHK_OK : SHK_E_MEMORY;
}

void guard_clear(struct guard *g) {
    condition_free(g->changed);
    mutex_free(g->lock);
}

void guard_open(struct guard *g, bool running) {
    g->gate = running ? GATE_RUNNING : GATE_IDLE;
    g->spoke_http = g->taken = false;
    fault_clear(&g->service_why);
    fault_clear(&g->said);
}

static int32_t run_errand(struct guard *g, const struct errand *e) {
    const shk_services *inner = &g->inner.table;
    if (e->out != NULL) {
        return inner->digest(inner->self, e->p, e->len, e->out);
    }
    return inner->note != NULL ? inner->note(inner->self, e->note) : SHK_OK;
}

void guard_serve(struct guard *g) {
    if (g->errand.state != ERRAND_ASKED) {
        return;
    }
    struct errand todo = g->errand;
    g->errand.state = ERRAND_RUNNING;
    mutex_unlock(g->lock);
    int32_t rc = run_errand(g, &todo);
    mutex_lock(g->lock);
    g->errand.rc = rc;
    g->taken = g->taken || rc == SHK_E_DELIVERY_TAKEN;
    g->errand.state = ERRAND_DONE;
    condition_wake_all(g->changed);
}

int32_t guard_errand(struct guard *g, const struct errand *errand) {
    mutex_lock(g->lock);
    if (g->gate == GATE_RUNNING) {
        g->errand = *errand;
        g->errand.state = ERRAND_ASKED;
        condition_wake_all(g->changed);
        while (g->errand.state == ERRAND_ASKED || g->errand.state == ERRAND_RUNNING) {
            (void)condition_wait(g->changed, g->lock, -1);
        }
    }
    int32_t rc = g->errand.state == ERRAND_DONE ? g->errand.rc : SHK_E_CANCELLED;
    g->errand = (struct errand){0};
    mutex_unlock(g->lock);
    return rc;
}

/* Nobody runs errands at any other gate than running. */
static void shut(struct guard *g, enum gate gate) {
    g->gate = gate;
    if (g->errand.state == ERRAND_ASKED) {
        g->errand.state = ERRAND_REFUSED;
    }
    condition_wake_all(g->changed);
}

void guard_idle(struct guard *g) {
    shut(g, GATE_IDLE);
}

void guard_end(struct guard *g) {
    shut(g, GATE_ENDING);
}

/* A stage stays: removing its file would look as if it had been published. */
static void give_back(struct guard *g) {
    const shk_services *inner = &g->inner.table;
    for (size_t i = 0; i < LENT_MAX; i++) {
        if (g->lent[i].kind == LENT_LOCK) {
            inner->unlock_file(inner->self, g->lent[i].p);
        } else if (g->lent[i].kind == LENT_STAGE) {
            inner->unstage_file(inner->self, g->lent[i].p, 1);
        } else if (g->lent[i].kind == LENT_HTTP) {
            inner->http_close(inner->self, g->lent[i].p);
        }
        g->lent[i].kind = LENT_NONE;
    }
}

void guard_lose(struct guard *g) {
    shut(g, GATE_LOST);
    if (!g->busy) {
        give_back(g);
    }
}

static bool is_open(const struct guard *g, bool returning) {
    return g->gate == GATE_RUNNING || (returning && g->gate != GATE_LOST);
}

bool guard_enter(struct guard *g, bool returning) {
    mutex_lock(g->lock);
    while (g->busy && is_open(g, returning)) {
        (void)condition_wait(g->changed, g->lock, -1);
    }
    bool open = is_open(g, returning);
    if (open) {
        g->busy = true;
        /* The session's own thread is waiting for the call, so the session is there; should that thread
         * give up while this service hangs in the system, the service still needs it. */
        session_hold(g->session);
        fault_clear(&g->inner_why);
    }
    mutex_unlock(g->lock);
    return open;
}

int32_t guard_leave(struct guard *g, int32_t rc) {
    struct session *held = g->session;
    mutex_lock(g->lock);
    g->busy = false;
    if (g->inner_why.code != 0) {
        g->service_why = g->inner_why;
    }
    if (g->gate == GATE_LOST) {
        give_back(g);
        rc = rc == SHK_OK ? SHK_OK : SHK_E_CANCELLED;
    }
    condition_wake_all(g->changed);
    mutex_unlock(g->lock);
    session_drop(held);
    return rc;
}

int32_t guard_note_lent(struct guard *g, enum lent_kind kind, void *p) {
    int32_t rc = SHK_E_MEMORY;
    mutex_lock(g->lock);
    for (size_t i = 0; i < LENT_MAX && rc != SHK_OK; i++) {
        if (g->lent[i].kind == LENT_NONE) {
            g->lent[i].kind = kind;
            g->lent[i].p = p;
            rc = SHK_OK;
        }
    }
    mutex_unlock(g->lock);
    return rc;
}

bool guard_take_back(struct guard *g, enum lent_kind kind, const void *p) {
    bool found = false;
    mutex_lock(g->lock);
    for (size_t i = 0; i < LENT_MAX && !found && p != NULL; i++) {
        if (g->lent[i].kind == kind && g->lent[i].p == p) {
            g->lent[i].kind = LENT_NONE;
            found = true;
        }
    }
    mutex_unlock(g->lock);
    return found;
}
