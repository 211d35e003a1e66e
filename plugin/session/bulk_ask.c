#include <string.h>

#include "bulk_work.h"
#include "oqs_bulk.h"

#define POLL_LEAST_S   2
#define POLL_MOST_S    60
#define POLL_USUAL_S   10
#define PENDING_MAX_MS ((int64_t)24 * 60 * 60 * 1000)
#define ASK_MOST_S     600 /* the longest wait that the other side can ask for */
#define TRIES_MAX      8   /* failures in a row before the run stops; it can go on later */
#define ROUNDS         3   /* as sent, sent again, sent again under a new key */
#define CONTENT_TRIES  3   /* the same bad bytes do not get better */

struct bulk_question bulk_question_of(const struct bulk_work *w) {
    struct bulk_question q = {.people = w->batch.people, .people_n = w->batch.people_n};
    text_copy(q.institution_code, sizeof q.institution_code, w->job->institution_code);
    text_copy(q.date, sizeof q.date, w->state.date);
    text_copy(q.idempotency_key, sizeof q.idempotency_key, w->state.key);
    text_copy(q.file_identifier, sizeof q.file_identifier, w->state.key);
    return q;
}

/* The road was blocked; the question itself may be fine. */
static bool is_passing(int32_t code) {
    switch (code) {
    case SHK_E_GATEWAY_UNREACHABLE:
    case SHK_E_GATEWAY_TIMEOUT:
    case SHK_E_RATE_LIMITED:
    case SHK_E_UPSTREAM_UNAVAILABLE:
    case SHK_E_TERMINAL_TIMEOUT:
    case SHK_E_TERMINAL_FOLDER:
    case SHK_E_TIMEOUT:
        return true;
    default:
        return false;
    }
}

/* What came is torn; it may come whole the next time. */
static bool is_torn(int32_t code) {
    return code == SHK_E_GATEWAY_ANSWER || code == SHK_E_XML || code == SHK_E_ARCHIVE;
}

/* A whole answer, and none of the protocol's: other people would not make it one. */
static bool is_off_protocol(const struct fault *why) {
    return why->code == SHK_E_GATEWAY_ANSWER && why->native_kind == SHK_NATIVE_HTTP;
}

/* The service does not take these people as they are, or what it says of them cannot be read. */
static bool is_refusal(int32_t code) {
    switch (code) {
    case SHK_E_REQUEST_INVALID:
    case SHK_E_TERMINAL_REFUSED:
    case SHK_E_ANSWER_REFUSED:
    case SHK_E_ANSWER_ERROR:
    case SHK_E_ANSWER_FOREIGN:
    case SHK_E_ANSWER_TOO_LARGE:
    case SHK_E_ABSENT:
    case SHK_E_XML_FOREIGN:
    case SHK_E_XML_ENCODING:
    case SHK_E_VALUE:
    case SHK_E_CHARACTER_LOST:
    case SHK_E_INPUT:
    case SHK_E_CHECK_DIGIT:
        return true;
    default:
        return is_torn(code);
    }
}

/* Waits before the same is tried again; gives the fault back when it was tried often enough. */
static int32_t pause_after(struct bulk_work *w, struct fault *why) {
    static const int32_t waits_s[] = {2, 5, 15, 30, 60};
    bool torn = is_torn(why->code);
    int32_t *tries = torn ? &w->torn : &w->tries;
    int32_t most = torn ? CONTENT_TRIES : TRIES_MAX;
    if ((!torn && !is_passing(why->code)) || ++*tries >= most) {
        return why->code;
    }
    size_t step = (size_t)*tries - 1;
    size_t last = sizeof waits_s / sizeof waits_s[0] - 1;
    int32_t wait_s =
        why->retry_after_s > 0 ? why->retry_after_s : waits_s[step < last ? step : last];
    log_fault(w->world->log, why);
    fault_clear(why);
    return bulk_wait(w, INT64_C(1000) * (wait_s < ASK_MOST_S ? wait_s : ASK_MOST_S), why);
}

static int32_t send_once(struct bulk_work *w, const struct watch *watch, struct fault *why) {
    char reception[RECEPTION_NUMBER_MAX] = {0};
    const struct lookup_route *route = w->world->route;
    const struct bulk_question q = bulk_question_of(w);
    int32_t rc = route->ops->bulk_send(route->self, &q, reception, watch, why);
    if (rc == SHK_OK && !reception_is_usable(reception)) {
        rc = fault_set(why, SHK_E_GATEWAY_ANSWER, SHK_NATIVE_NONE, 0, "ReceptionNumber");
    }
    if (rc == SHK_OK) {
        text_copy(w->state.reception, sizeof w->state.reception, reception);
        rc = bulk_save(w, why);
    }
    return rc;
}

static int32_t send(struct bulk_work *w, const struct watch *watch, struct fault *why) {
    int32_t rc = SHK_OK;
    bulk_batch_name(&w->batch, w->state.key);
    w->tries = w->torn = 0;
    do {
        rc = send_once(w, watch, why);
        if (rc == SHK_OK) {
            return rc;
        }
        rc = pause_after(w, why);
    } while (rc == SHK_OK);
    return rc;
}

static int32_t push(void *bulk, const uint8_t *p, size_t n, struct fault *why) {
    return oqs_bulk_push(bulk, p, n, why);
}

static bool differs(const char *said, const char *asked) {
    return said[0] != '\0' && !text_equal(said, asked);
}

/* Of another question, whoever its units name. */
static bool is_foreign(const struct bulk_work *w, const struct oqs_bulk_head *head) {
    char day[11];
    const char *date = w->state.date;
    text_format(day, sizeof day, "%.4s-%.2s-%.2s", date, date + 4, date + 6);
    return differs(head->confirmation_date, day) ||
           differs(head->institution_code, w->job->institution_code) ||
           differs(head->reception_number, w->state.reception) ||
           (w->world->route->ops->bulk_echoes_file && differs(head->file_identifier, w->state.key));
}

static int32_t check_result(const struct bulk_work *w, const struct bulk_matching *m,
                            const struct oqs_bulk_head *head, struct fault *why) {
    log_event(w->world->log, SHK_LOG_INFO, "bulk.result",
              "units,matched,foreign,again,unread,processed,errors", (int64_t)m->units,
              (int64_t)m->matched, (int64_t)m->foreign, (int64_t)m->again, (int64_t)m->unread,
              (int64_t)head->processed, (int64_t)head->errors);
    if (is_foreign(w, head)) {
        return fault_set(why, SHK_E_ANSWER_FOREIGN, SHK_NATIVE_NONE, 0, "MessageHeader");
    }
    return m->matched > 0 ? SHK_OK : fault_raise(why, SHK_E_ANSWER_FOREIGN);
}

static int32_t fetch_once(struct bulk_work *w, const struct watch *watch, int32_t *wait_s,
                          struct fault *why) {
    struct bulk_matching matching = {.w = w};
    const struct oqs_bulk_receiver receiver = {bulk_match, &matching};
    const struct lookup_route *route = w->world->route;
    const struct bulk_question q = bulk_question_of(w);
    struct oqs_bulk_head head = {0};
    struct oqs_bulk *bulk = NULL;
    int32_t rc = bulk_forget(w, why);
    if (rc == SHK_OK && oqs_bulk_new(&w->job->oqs, &receiver, &bulk) != SHK_OK) {
        rc = fault_raise(why, SHK_E_MEMORY);
    }
    const struct byte_sink sink = {push, bulk};
    if (rc == SHK_OK) {
        rc = route->ops->bulk_fetch(route->self, &q, w->state.reception, &sink, wait_s, watch, why);
    }
    rc = rc == SHK_OK ? oqs_bulk_end(bulk, &head, why) : rc;
    rc = rc == SHK_OK ? check_result(w, &matching, &head, why) : rc;
    route_settle(route, rc == SHK_OK);
    oqs_bulk_free(&bulk);
    return rc;
}

static int64_t poll_ms(int32_t wait_s) {
    int32_t s = wait_s <= 0             ? POLL_USUAL_S
                : wait_s < POLL_LEAST_S ? POLL_LEAST_S
                : wait_s > POLL_MOST_S  ? POLL_MOST_S
                                        : wait_s;
    return INT64_C(1000) * s;
}

static int64_t now(const struct bulk_work *w) {
    return w->world->env->clock->mono_ms(w->world->env->clock_self);
}

static int32_t fetch(struct bulk_work *w, const struct watch *watch, struct fault *why) {
    int64_t give_up = now(w) + PENDING_MAX_MS;
    bulk_batch_name(&w->batch, w->state.key);
    w->tries = w->torn = 0;
    for (;;) {
        int32_t wait_s = 0;
        int32_t rc = fetch_once(w, watch, &wait_s, why);
        if (rc == SHK_OK || (rc == SHK_E_ANSWER_PENDING && now(w) >= give_up)) {
            return rc;
        }
        if (rc == SHK_E_ANSWER_PENDING) {
            w->tries = w->torn = 0;
            fault_clear(why);
            rc = bulk_wait(w, poll_ms(wait_s), why);
        } else {
            rc = pause_after(w, why);
        }
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

static int32_t new_key(struct bulk_work *w, struct fault *why) {
    const struct env *env = w->world->env;
    int32_t rc = question_uuid(env->random, env->random_self, w->state.key);
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

/* Under the same key the service gives what it has; under a new one it works anew. */
static int32_t ask_again(struct bulk_work *w, bool fresh, struct fault *why) {
    log_fault(w->world->log, why);
    fault_clear(why);
    w->state.reception[0] = '\0';
    int32_t rc = fresh ? new_key(w, why) : SHK_OK;
    return rc == SHK_OK ? bulk_save(w, why) : rc;
}

/* One call that waits for its answer itself; nothing stands for a result in between. */
static int32_t register_batch(struct bulk_work *w, const struct watch *watch, struct fault *why) {
    w->tries = w->torn = 0;
    for (;;) {
        int32_t rc = bulk_forget(w, why);
        rc = rc == SHK_OK ? bulk_register(w, watch, why) : rc;
        if (rc == SHK_OK) {
            return rc;
        }
        if (rc == SHK_E_ANSWER_PENDING && ++w->tries < TRIES_MAX) {
            fault_clear(why);
            rc = bulk_wait(w, poll_ms(0), why);
        } else {
            rc = pause_after(w, why);
        }
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

/* *sent: it went out, now or before, and has a reception number. */
static int32_t send_and_fetch(struct bulk_work *w, const struct watch *watch, bool *sent,
                              struct fault *why) {
    if (w->job->kind == BULK_REGISTER) {
        *sent = false;
        return register_batch(w, watch, why);
    }
    int32_t rc = w->state.reception[0] == '\0' ? send(w, watch, why) : SHK_OK;
    *sent = rc == SHK_OK;
    return rc == SHK_OK ? fetch(w, watch, why) : rc;
}

int32_t bulk_ask(struct bulk_work *w, bool *refused, struct fault *why) {
    const struct watch watch = {bulk_stopped, w};
    *refused = false;
    for (int32_t round = 0;; round++) {
        bool sent = false;
        int32_t rc = send_and_fetch(w, &watch, &sent, why);
        bool conflict = rc == SHK_E_REQUEST_CONFLICT;
        bool lost = sent && is_refusal(rc) && !is_off_protocol(why);
        if (rc == SHK_OK || round + 1 == ROUNDS || (!conflict && !lost)) {
            *refused = sent ? lost : is_refusal(rc) && !is_torn(rc);
            return rc;
        }
        rc = ask_again(w, conflict || round > 0, why);
        if (rc != SHK_OK) {
            return rc;
        }
    }
}
