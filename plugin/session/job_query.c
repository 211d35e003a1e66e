/* Asking and registering by the data of an insurance card. */
#include <stdlib.h>

#include "answer.h"
#include "asking.h"
#include "card_input.h"
#include "day.h"
#include "flow.h"
#include "oqs_message.h"
#include "routes.h"

static int32_t ask(struct session *s, struct asking *a, struct fault *why) {
    const struct watch watch = session_watch(s);
    int64_t started = session_now(s);
    session_post(s, SHK_EVENT_ASKING);
    int32_t rc = asking_send(a, &watch, why);
    rc = rc == SHK_OK ? asking_read(a, why) : rc;
    answer_note_time(s, &s->values.answer_ms, started);
    return rc;
}

void job_query(struct session *s, struct fault *why) {
    struct asking asking = {.s = s};
    struct card_data data;
    char day[9] = "";
    int32_t rc = card_input_read(s, false, &data, why);
    rc = rc == SHK_OK ? day_of_input(s, "query.date", day, why) : rc;
    rc = rc == SHK_OK ? routes_open(s, why) : rc;
    rc = rc == SHK_OK ? asking_begin(&asking, s, day, why) : rc;
    asking.question.search = &data;
    rc = rc == SHK_OK ? ask(s, &asking, why) : rc;
    rc = rc == SHK_OK ? asking_tell(&asking, why) : rc;
    log_event(s->log, SHK_LOG_INFO, "query.end", "code", (int64_t)rc);
    asking_clear(&asking);
    memory_wipe(&data, sizeof data);
}

static int32_t begin_registration(struct session *s, struct card_data *data,
                                  struct bulk_question *q, struct fault *why) {
    text_copy(q->institution_code, sizeof q->institution_code,
              config_text(s->config, "institution_code"));
    int32_t rc = day_of_input(s, "query.date", q->date, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = question_uuid(s->env.random, s->env.random_self, q->idempotency_key);
    text_copy(q->file_identifier, sizeof q->file_identifier, q->idempotency_key);
    if (data->identifier[0] == '\0') {
        text_copy(data->identifier, sizeof data->identifier, "1");
    }
    q->people = data;
    q->people_n = 1;
    q->single = true;
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static bool is_for_us(const struct session *s, const struct bytes *answer) {
    struct oqs_message message;
    bool ours = oqs_message_read(answer->p, answer->n, &message) &&
                text_equal(message.institution_code, config_text(s->config, "institution_code"));
    memory_wipe(&message, sizeof message);
    return ours;
}

/* The result of this number, and of no other. */
static int32_t keep_result(struct session *s, const struct card_data *data,
                           const struct bytes *answer, struct fault *why) {
    struct oqs_registered *found = NULL;
    size_t n = 0;
    int32_t rc = oqs_registered_read(answer->p, answer->n, &found, &n, why);
    bool ours = rc == SHK_OK && found != NULL && n == 1 && is_for_us(s, answer) &&
                text_equal(found[0].reference_number, data->reference_number);
    if (rc == SHK_OK && !ours) {
        rc = fault_raise(why, SHK_E_ANSWER_FOREIGN);
    }
    if (ours) {
        mutex_lock(s->lock);
        s->values.registered = true;
        s->values.registered_status = found[0].status;
        text_copy(s->values.registered_code, sizeof s->values.registered_code, found[0].code);
        mutex_unlock(s->lock);
        rc = found[0].status == 1 ? rc : fault_raise(why, SHK_E_ANSWER_ERROR);
    }
    if (found != NULL) {
        memory_wipe(found, n * sizeof *found);
    }
    free(found);
    return rc;
}

static int32_t send_registration(struct session *s, struct card_data *data, struct fault *why) {
    const struct watch watch = session_watch(s);
    struct bulk_question q = {0};
    struct bytes answer = {0};
    int32_t rc = begin_registration(s, data, &q, why);
    if (rc == SHK_OK && s->route.ops->registration == NULL) {
        rc = fault_set(why, SHK_E_ROUTE_CANNOT, SHK_NATIVE_NONE, 0, "route");
    }
    if (rc == SHK_OK) {
        session_post(s, SHK_EVENT_ASKING);
        rc = s->route.ops->registration(s->route.self, &q, &answer, &watch, why);
        routes_note(s, rc);
        rc = rc == SHK_OK ? keep_result(s, data, &answer, why) : rc;
        route_settle(&s->route, rc == SHK_OK || rc == SHK_E_ANSWER_ERROR);
    }
    bytes_clear(&answer);
    memory_wipe(&q, sizeof q);
    return rc;
}

void job_register(struct session *s, struct fault *why) {
    struct card_data data;
    int32_t rc = card_input_read(s, true, &data, why);
    rc = rc == SHK_OK ? routes_open(s, why) : rc;
    rc = rc == SHK_OK ? send_registration(s, &data, why) : rc;
    log_event(s->log, SHK_LOG_INFO, "register.end", "code", (int64_t)rc);
    memory_wipe(&data, sizeof data);
    if (rc == SHK_OK) {
        session_post(s, SHK_EVENT_ANSWER);
    }
}
