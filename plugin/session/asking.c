#include "asking.h"

#include "answer.h"
#include "day.h"
#include "routes.h"

#define PENDING_MS 2000

int32_t asking_renumber(struct asking *a, struct fault *why) {
    struct question *q = &a->question;
    int32_t rc = question_uuid(a->s->env.random, a->s->env.random_self, q->idempotency_key);
    text_copy(q->file_identifier, sizeof q->file_identifier, q->idempotency_key);
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

int32_t asking_send(struct asking *a, const struct watch *watch, struct fault *why) {
    bytes_clear(&a->answer);
    int32_t rc = a->s->route.ops->ask(a->s->route.self, &a->question, &a->answer, watch, why);
    routes_note(a->s, rc);
    return rc;
}

static bool stopping(void *self) {
    return session_stopping(self);
}

static const char *source_name(const struct session *s) {
    return routes_is(s, "gateway") ? "gateway" : routes_is(s, "folder") ? "folder" : "demo";
}

/* Only an answer that was understood is deleted where it lies. */
static void settle(struct asking *a, int32_t rc) {
    const struct lookup_route *route = &a->s->route;
    if (route->ops->settle != NULL) {
        route->ops->settle(route->self, rc == SHK_OK);
    }
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
    settle(a, rc);
    answer_show(s, set, rc == SHK_OK, source_name(s));
    return rc;
}

int32_t asking_read(struct asking *a, struct fault *why) {
    struct session *s = a->s;
    const struct watch watch = {stopping, s};
    int64_t end = session_now(s) + config_int(s->config, "gateway.timeout_ms");
    int32_t rc = read_once(a, why);
    while (rc == SHK_E_ANSWER_PENDING && routes_is(s, "gateway") &&
           session_now(s) + PENDING_MS < end) {
        session_pause(s, PENDING_MS);
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
