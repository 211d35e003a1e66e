#include "adapter_call.h"

#include <stdlib.h>
#include <string.h>

#include "adapter_found.h"
#include "adapter_guard.h"
#include "adapter_stray.h"
#include "crypto.h"
#include "platform.h"
#include "registry.h"

#define LOOK_MS 50  /* how long a wish to stop may go unnoticed */
#define JOIN_MS 500 /* what a module does at the end of its thread */

enum request {
    REQUEST_NONE,
    REQUEST_OPEN,
    REQUEST_DELIVER,
    REQUEST_FIND,
    REQUEST_CLOSE,
    REQUEST_TASK
};

/* Of the session's thread and the adapter's, freed by whoever lets go of it last. What a request uses is the
 * adapter's until `done`, else the session's. */
struct adapter_call {
    atomic_int refs;
    struct guard guard; /* its lock guards what follows up to `adapter` */
    enum request request;
    bool done, quit;

    const shk_adapter *adapter; /* nobody: a task */
    shk_host *host;
    struct copied in;
    shk_receipt receipt;
    struct found found;
    int32_t (*task)(void *arg);
    void *arg;
    void (*drop)(void *arg);
    int32_t rc;

    struct thread *thread;
    size_t n; /* of the delivery */
    int32_t limit_ms;
    int64_t stop_ms; /* when the session was seen to stop; 0: it goes on */
};

/* Whose tasks hang. */
static const shk_adapter nobody;

static int64_t now_ms(void) {
    /* Hanging is a matter of real time, whatever clock the session lives by. */
    return platform_clock.mono_ms(NULL);
}

static void call_drop(struct adapter_call *c) {
    if (atomic_fetch_sub(&c->refs, 1) != 1) {
        return;
    }
    copied_clear(&c->in);
    adapter_found_clear(&c->found);
    guard_clear(&c->guard);
    memory_wipe(c, sizeof *c);
    free(c);
}

static int32_t SHK_CALL take_patient(void *who, const char *id, const shk_field *values,
                                     uint32_t n) {
    struct adapter_call *c = who;
    int32_t rc = SHK_E_CANCELLED;
    mutex_lock(c->guard.lock);
    if (c->guard.gate == GATE_RUNNING && c->request == REQUEST_FIND) {
        rc = found_take(&c->found, id, values, n);
    }
    mutex_unlock(c->guard.lock);
    return rc;
}

static int32_t perform(struct adapter_call *c, enum request request) {
    const shk_adapter *a = c->adapter;
    switch (request) {
    case REQUEST_OPEN:
        return a->open(&c->guard.table, c->in.settings, c->in.n, &c->host);
    case REQUEST_DELIVER:
        return a->deliver(c->host, &c->in.delivery, &c->receipt);
    case REQUEST_FIND:
        return a->find_patients(c->host, c->in.fields, c->in.n, take_patient, c);
    case REQUEST_TASK:
        return c->task(c->arg);
    default:
        a->close(&c->host);
        return SHK_OK;
    }
}

/* The adapter's own floating-point environment ends with its call. */
static int32_t perform_apart(struct adapter_call *c, enum request request) {
    struct host_state state;
    host_state_save(&state);
    int32_t rc = perform(c, request);
    host_state_restore(&state);
    return rc;
}

/* It came back after it had been given up: what it opened is closed all the same. */
static void end_stray(struct adapter_call *c, enum request request) {
    bool opened = request == REQUEST_OPEN ? c->rc == SHK_OK : request != REQUEST_CLOSE;
    if (request == REQUEST_TASK) {
        c->drop(c->arg);
    } else if (opened && c->host != NULL) {
        (void)perform_apart(c, REQUEST_CLOSE);
    }
    stray_remove(c->adapter);
}

/* The adapter's thread, from open to close. */
static void live(void *self) {
    struct adapter_call *c = self;
    struct guard *g = &c->guard;
    mutex_lock(g->lock);
    while (!c->quit && g->gate != GATE_LOST) {
        enum request request = c->request;
        if (request == REQUEST_NONE || c->done) {
            (void)condition_wait(g->changed, g->lock, -1);
            continue;
        }
        mutex_unlock(g->lock);
        int32_t rc = perform_apart(c, request);
        mutex_lock(g->lock);
        c->rc = rc;
        c->done = true;
        condition_wake_all(g->changed);
        if (g->gate == GATE_LOST) {
            mutex_unlock(g->lock);
            end_stray(c, request);
            mutex_lock(g->lock);
            break;
        }
        guard_idle(g);
    }
    mutex_unlock(g->lock);
    call_drop(c);
    crypto_leave_thread();
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* How long the call may still take; under the lock. */
static int64_t time_left(struct adapter_call *c, int64_t end) {
    int64_t now = now_ms();
    if (c->stop_ms == 0 && session_stopping(c->guard.session)) {
        c->stop_ms = now;
    }
    return smaller(end, c->stop_ms != 0 ? c->stop_ms + ADAPTER_STOP_MS : end) - now;
}

static void wait_ms(struct adapter_call *c, int64_t ms) {
    (void)condition_wait(c->guard.changed, c->guard.lock, (int32_t)smaller(ms, LOOK_MS));
}

static void watch_call(struct adapter_call *c) {
    int64_t end = now_ms() + c->limit_ms;
    int64_t left = 0;
    while (!c->done && (left = time_left(c, end)) > 0) {
        guard_serve(&c->guard);
        if (!c->done && c->guard.errand.state != ERRAND_ASKED) {
            wait_ms(c, left);
        }
    }
}

/* What is being published must be known, and whoever has published may say so. */
static void let_finish(struct adapter_call *c) {
    bool hurry = c->stop_ms != 0;
    int64_t end = now_ms() + (hurry ? ADAPTER_GRACE_MS / 8 : ADAPTER_GRACE_MS);
    int64_t left = 0;
    guard_end(&c->guard);
    while (!c->done && c->guard.busy && (left = end - now_ms()) > 0) {
        wait_ms(c, left);
    }
    end = now_ms() + (hurry ? ADAPTER_RETURN_MS / 2 : ADAPTER_RETURN_MS);
    while (!c->done && (left = end - now_ms()) > 0) {
        wait_ms(c, left);
    }
}

static int32_t lost_code(const struct adapter_call *c) {
    return c->stop_ms != 0 ? SHK_E_CANCELLED : SHK_E_ADAPTER_TIMEOUT;
}

static int32_t lose(struct adapter_call *c) {
    struct session *s = c->guard.session;
    guard_lose(&c->guard);
    stray_add(c->adapter);
    log_event(s->log, SHK_LOG_WARN, "adapter.left", "delivery", (int64_t)c->n);
    return lost_code(c);
}

/* The session's side of one call. */
static int32_t await(struct adapter_call *c, enum request request) {
    struct guard *g = &c->guard;
    int32_t rc = lost_code(c);
    mutex_lock(g->lock);
    if (g->gate != GATE_LOST) {
        guard_open(g, request != REQUEST_CLOSE);
        c->done = false;
        c->request = request;
        condition_wake_all(g->changed);
        watch_call(c);
        if (!c->done) {
            let_finish(c);
        }
        rc = c->done ? c->rc : lose(c);
    }
    mutex_unlock(g->lock);
    return rc;
}

static bool is_lost(struct adapter_call *c) {
    mutex_lock(c->guard.lock);
    bool lost = c->guard.gate == GATE_LOST;
    mutex_unlock(c->guard.lock);
    return lost;
}

/* The person needs to know of which delivery; the adapter says which of its settings. */
static void place_fault(struct fault *why, size_t n) {
    char setting[sizeof why->where];
    receipt_text(why->where, sizeof why->where);
    text_copy(setting, sizeof setting, why->where);
    text_format(why->where, sizeof why->where, "deliveries[%u]%s%s", (unsigned)n,
                setting[0] != '\0' ? "." : "", setting);
}

/* That another machine has the delivery is the store's to say: a claim is not given back with it. */
static bool is_code(const struct guard *g, int32_t code) {
    return code < 0 && fault_find(code) != NULL && (code != SHK_E_DELIVERY_TAKEN || g->taken);
}

/* The result counts; what was said on the way explains it. Who says why and returns nonsense is still
 * taken at its word. */
static struct fault reason_of(struct adapter_call *c, int32_t rc) {
    struct fault reason = {0};
    const struct guard *g = &c->guard;
    mutex_lock(g->lock);
    bool known = is_code(g, rc);
    if (g->gate != GATE_LOST && (known ? g->said.code == rc : is_code(g, g->said.code))) {
        reason = g->said;
    } else if (g->gate != GATE_LOST && g->service_why.code == rc) {
        reason = g->service_why;
    }
    mutex_unlock(g->lock);
    (void)fault_raise(&reason, known ? rc : SHK_E_ADAPTER_BROKEN);
    return reason;
}

static int32_t settle(struct adapter_call *c, int32_t rc, struct fault *why) {
    if (rc == SHK_OK) {
        return SHK_OK;
    }
    struct fault reason = reason_of(c, rc);
    place_fault(&reason, c->n);
    if (why->code == 0) {
        *why = reason;
    }
    return reason.code;
}

/* A new call with a thread of its own; null: out of memory. */
static struct adapter_call *begin(struct session *s, const shk_adapter *adapter, size_t n) {
    struct adapter_call *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return NULL;
    }
    atomic_init(&c->refs, 2);
    c->adapter = adapter;
    c->n = n;
    c->limit_ms = (int32_t)config_int(s->config, "deliver.timeout_ms");
    if (guard_init(&c->guard, s) == SHK_OK) {
        c->thread = thread_start(live, c);
    }
    if (c->thread == NULL) {
        atomic_store(&c->refs, 1);
        call_drop(c);
        return NULL;
    }
    return c;
}

void adapter_call_close(struct adapter_call **call) {
    struct adapter_call *c = *call;
    *call = NULL;
    if (c == NULL) {
        return;
    }
    if (!is_lost(c) && c->host != NULL) {
        (void)await(c, REQUEST_CLOSE);
    }
    mutex_lock(c->guard.lock);
    bool lost = c->guard.gate == GATE_LOST;
    c->quit = true;
    if (!lost) {
        guard_lose(&c->guard);
    }
    mutex_unlock(c->guard.lock);
    if (!thread_join(c->thread, lost ? 0 : JOIN_MS)) {
        thread_detach(c->thread);
    }
    call_drop(c);
}

int32_t adapter_call_open(struct session *s, size_t n, const shk_adapter *adapter,
                          const shk_setting *settings, uint32_t settings_n,
                          struct adapter_call **out, struct fault *why) {
    struct adapter_call *c = NULL;
    struct fault reason = {0};
    int32_t rc = SHK_E_MEMORY;
    *out = NULL;
    if (!adapter_usable(adapter)) {
        (void)fault_set(&reason, SHK_E_ADAPTER_BROKEN, SHK_NATIVE_NONE, 0, "adapter");
    } else if (!stray_allows(adapter)) {
        (void)fault_set(&reason, SHK_E_ADAPTER_TIMEOUT, SHK_NATIVE_NONE, 0, "adapter");
    } else {
        c = begin(s, adapter, n);
        rc = c != NULL ? copied_settings(&c->in, settings, settings_n) : rc;
        if (rc != SHK_OK) {
            (void)fault_raise(&reason, rc);
        }
    }
    if (c == NULL || reason.code != 0) {
        place_fault(&reason, n);
        *why = why->code == 0 ? reason : *why;
        adapter_call_close(&c);
        return reason.code;
    }
    rc = await(c, REQUEST_OPEN);
    rc = rc == SHK_OK && c->host == NULL ? SHK_E_ADAPTER_BROKEN : rc;
    rc = settle(c, rc, why);
    if (rc != SHK_OK) {
        adapter_call_close(&c);
    }
    *out = c;
    return rc;
}

struct services *adapter_call_services(struct adapter_call *c) {
    return &c->guard.inner;
}

int32_t adapter_call_deliver(struct adapter_call *c, const shk_delivery *d, shk_receipt *receipt,
                             struct fault *why) {
    *receipt = (shk_receipt){.struct_size = sizeof *receipt, .abi = SHK_ADAPTER_ABI};
    if (is_lost(c)) {
        return settle(c, lost_code(c), why);
    }
    copied_clear(&c->in);
    int32_t rc = copied_delivery(&c->in, d);
    c->receipt = *receipt;
    rc = rc == SHK_OK ? await(c, REQUEST_DELIVER) : rc;
    if (rc == SHK_OK) {
        memcpy(receipt->place, c->receipt.place, sizeof receipt->place);
        memcpy(receipt->warning, c->receipt.warning, sizeof receipt->warning);
        memcpy(receipt->patient, c->receipt.patient, sizeof receipt->patient);
        receipt_text(receipt->place, sizeof receipt->place);
        receipt_text(receipt->warning, sizeof receipt->warning);
        receipt_text(receipt->patient, sizeof receipt->patient);
    }
    return settle(c, rc, why);
}

static int32_t pass_on(const struct found *found, shk_patient_found to, void *who) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; i < found->n && rc == SHK_OK; i++) {
        rc = to(who, found->at[i].id, found->at[i].fields, found->at[i].n);
    }
    return rc;
}

int32_t adapter_call_find(struct adapter_call *c, const shk_field *asked, uint32_t asked_n,
                          shk_patient_found found, void *who, struct fault *why) {
    if (is_lost(c)) {
        return settle(c, lost_code(c), why);
    }
    copied_clear(&c->in);
    adapter_found_clear(&c->found);
    int32_t rc = copied_fields(&c->in, NULL, asked, asked_n);
    if (rc == SHK_OK && !SHK_ADAPTER_HAS(c->adapter, find_patients)) {
        rc = SHK_E_ADAPTER_BROKEN;
    }
    rc = rc == SHK_OK ? await(c, REQUEST_FIND) : rc;
    if (is_lost(c)) {
        return settle(c, rc, why);
    }
    /* Whoever ignores that a patient could not be taken has not found all of them. */
    rc = settle(c, c->found.rc != SHK_OK ? c->found.rc : rc, why);
    if (rc == SHK_OK) {
        rc = pass_on(&c->found, found, who);
        (void)(rc != SHK_OK ? fault_raise(why, rc) : rc);
    }
    adapter_found_clear(&c->found);
    return rc;
}

int32_t adapter_call_task(struct session *s, int32_t (*task)(void *arg), void **arg,
                          void (*drop)(void *arg), struct fault *why) {
    struct adapter_call *c = stray_allows(&nobody) ? begin(s, &nobody, 0) : NULL;
    if (c == NULL) {
        drop(*arg);
        *arg = NULL;
        return fault_raise(why, SHK_E_MEMORY);
    }
    c->task = task;
    c->arg = *arg;
    c->drop = drop;
    int32_t rc = await(c, REQUEST_TASK);
    if (is_lost(c)) {
        *arg = NULL;
        (void)fault_raise(why, rc);
    }
    adapter_call_close(&c);
    return rc;
}
