#include "asking.h"

#include "answer.h"
#include "day.h"
#include "routes.h"

#define PENDING_MS    2000 /* where the server says nothing */
#define PENDING_MAX_S 86400

int32_t asking_renumber(struct asking *a, struct fault *why) {
    struct question *q = &a->question;
    int32_t rc = question_uuid(a->s->env.random, a->s->env.random_self, q->idempotency_key);
    text_copy(q->file_identifier, sizeof q->file_identifier, q->idempotency_key);
    q->end_ms = 0;
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

int32_t asking_begin(struct asking *a, struct session *s, const char *day, struct fault *why) {
    *a = (struct asking){.s = s};
    struct question *q = &a->question;
    text_copy(q->institution_code, sizeof q->institution_code,
              config_text(s->config, "institution_code"));
    if (day != NULL) {
        text_copy(q->date, sizeof q->date, day);
    } else {
        day_today(s, q->date);
    }
    return asking_renumber(a, why);
}

/* The time runs from the first sending, over everything that is sent again. */
int32_t asking_send(struct asking *a, const struct watch *watch, struct fault *why) {
    struct question *q = &a->question;
    bytes_clear(&a->answer);
    if (q->end_ms == 0) {
        q->end_ms = session_now(a->s) + config_int(a->s->config, "gateway.timeout_ms");
    }
    int32_t rc = a->s->route.ops->ask(a->s->route.self, &a->question, &a->answer, watch, why);
    routes_note(a->s, rc);
    return rc;
}

static const char *source_name(const struct session *s) {
    return routes_is(s, "gateway") ? "gateway" : routes_is(s, "folder") ? "folder" : "demo";
}

static int32_t read_once(struct asking *a, struct fault *why) {
    struct session *s = a->s;
    struct record_set *set = NULL;
    int32_t rc = answer_read_oqs(s, a->answer.p, a->answer.n, &set, why);
    /* Demo answers are made up: they name no question. */
    if (set != NULL && !routes_is(s, "demo") && !answer_is_ours(s, &a->question, set)) {
        record_free(&set);
        fault_clear(why);
        rc = fault_raise(why, SHK_E_ANSWER_FOREIGN);
    }
    if (rc != SHK_OK) {
        route_settle(&s->route, false);
    }
    answer_show(s, set, rc == SHK_OK, source_name(s));
    return rc;
}

int32_t asking_tell(struct asking *a, struct fault *why) {
    struct session *s = a->s;
    int32_t rc = answer_tell(s, why);
    /* What could not be kept stays where it came from. */
    route_settle(&s->route, s->values.records != NULL);
    return rc;
}

static int32_t pending_ms(const struct session *s) {
    struct route_report said;
    gateway_route_report(&s->route, &said);
    int32_t wait_s = said.retry_after_s > PENDING_MAX_S ? PENDING_MAX_S : said.retry_after_s;
    return wait_s < 0 ? PENDING_MS : 1000 * (wait_s > 0 ? wait_s : 1);
}

/* Nothing more comes within the time: whoever asks later knows when. */
static bool is_late(const struct asking *a, int32_t wait_ms, struct fault *why) {
    bool late = session_now(a->s) + wait_ms >= a->question.end_ms;
    if (late) {
        why->retry_after_s = wait_ms / 1000;
    }
    return late;
}

int32_t asking_read(struct asking *a, struct fault *why) {
    struct session *s = a->s;
    const struct watch watch = session_watch(s);
    int32_t rc = read_once(a, why);
    while (rc == SHK_E_ANSWER_PENDING && routes_is(s, "gateway")) {
        int32_t wait_ms = pending_ms(s);
        if (is_late(a, wait_ms, why)) {
            break;
        }
        session_pause(s, wait_ms);
        fault_clear(why);
        rc = session_stopping(s) ? fault_raise(why, SHK_E_CANCELLED) : asking_send(a, &watch, why);
        rc = rc == SHK_OK ? read_once(a, why) : rc;
    }
    return rc;
}

void asking_clear(struct asking *a) {
    bytes_clear(&a->answer);
    memory_wipe(a, sizeof *a);
}
