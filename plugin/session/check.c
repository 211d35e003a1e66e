/* One check, card to documents, in the order it happens. */
#include <string.h>

#include "flow.h"

#define KEEP_MS           2000 /* Windows resets a card whose transaction is idle for five seconds */
#define CHALLENGE_SPARE_S 10
#define JAPAN_S           INT64_C(32400) /* UTC+9 */

struct check {
    struct session *s;
    struct identity_source source;
    struct lookup_route route;
    struct identity id;
    struct question question;
    struct bytes signature, answer;
    int64_t kept_at;      /* when the card was last spoken to */
    int64_t challenge_at; /* when the challenge came */
    struct fault card_fault;
};

static int32_t open_source(struct session *s, struct identity_source *out, struct fault *why) {
    int32_t rc = text_equal(config_text(s->config, "card"), "demo")
                     ? demo_card_new(config_text(s->config, "demo.pin"), out)
                     : mynumber_new(&s->env, s->log, out);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t open_route(struct session *s, struct lookup_route *out, struct fault *why) {
    const struct config *c = s->config;
    if (text_equal(config_text(c, "route"), "demo")) {
        return demo_route_new(config_text(c, "demo.folder"), &s->env, out, why);
    }
    const struct gateway_settings settings = {
        .url = config_text(c, "gateway.url"),
        .http = {.ca_file = config_text(c, "gateway.ca_file"),
                 .client_cert = config_text(c, "gateway.client_cert"),
                 .client_key = config_text(c, "gateway.client_key"),
                 .client_secret = config_text(c, "gateway.client_secret"),
                 .proxy = config_text(c, "gateway.proxy"),
                 .connect_ms = (int32_t)config_int(c, "gateway.connect_ms")},
        .timeout_ms = (int32_t)config_int(c, "gateway.timeout_ms"),
    };
    return gateway_route_new(&settings, &s->env, s->log, out, why);
}

/* Days since 1970-01-01 to a civil date, Gregorian. */
static void write_date(int64_t days, char out[9]) {
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2 ? 1 : 0);
    text_format(out, 9, "%04d%02d%02d", (int)(year % 10000), (int)month, (int)day);
}

/* The day in Japan, whatever zone the machine is set to. */
static void write_today(const struct session *s, char out[9]) {
    write_date((s->env.clock->wall_s(s->env.clock_self) + JAPAN_S) / 86400, out);
}

static int32_t begin_question(struct check *c, struct fault *why) {
    struct question *q = &c->question;
    text_copy(q->institution_code, sizeof q->institution_code,
              config_text(c->s->config, "institution_code"));
    write_today(c->s, q->date);
    int32_t rc = question_uuid(c->s->env.random, c->s->env.random_self, q->idempotency_key);
    text_copy(q->file_identifier, sizeof q->file_identifier, q->idempotency_key);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t read_card(struct check *c, const char *reader, struct fault *why) {
    struct session *s = c->s;
    int64_t started = session_now(s);
    mutex_lock(s->lock);
    text_copy(s->values.reader, sizeof s->values.reader, reader);
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_CARD);
    int32_t rc = c->source.ops->read(c->source.self, reader, &c->id, why);
    c->kept_at = session_now(s);
    mutex_lock(s->lock);
    s->values.tries_left = c->id.tries_left;
    s->values.apdus = c->source.ops->apdu_count(c->source.self);
    s->values.card_ms = (int32_t)(c->kept_at - started);
    mutex_unlock(s->lock);
    return rc;
}

/* While something else is awaited: speaks to the card now and then. False: the card is lost. */
static bool keep_card(struct check *c) {
    if (session_now(c->s) - c->kept_at < KEEP_MS) {
        return true;
    }
    int32_t rc = c->source.ops->keep(c->source.self, &c->id, &c->card_fault);
    c->kept_at = session_now(c->s);
    return rc == SHK_OK;
}

static bool stop_or_lost(void *self) {
    struct check *c = self;
    return session_stopping(c->s) || !keep_card(c);
}

static bool stop_only(void *self) {
    return session_stopping(((struct check *)self)->s);
}

/* Opens the connection and fetches the challenge while the patient types. */
static int32_t prepare(struct check *c, struct fault *why) {
    struct session *s = c->s;
    struct fault reason = {0};
    int64_t started = session_now(s);
    const struct watch watch = {stop_or_lost, c};
    int32_t rc = c->route.ops->prepare(c->route.self, &c->question, &watch, &reason);
    c->challenge_at = session_now(s);
    mutex_lock(s->lock);
    s->values.challenge_ms = (int32_t)(c->challenge_at - started);
    mutex_unlock(s->lock);
    if (rc != SHK_OK) {
        /* A card that was taken away stopped the call: that is the fault to report. */
        *why = c->card_fault.code != 0 ? c->card_fault : reason;
    }
    return rc != SHK_OK ? why->code : SHK_OK;
}

static void ask_for_pin(struct session *s, const struct identity *id) {
    mutex_lock(s->lock);
    s->values.tries_left = id->tries_left;
    s->pin_asked = true;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_PIN);
}

static int32_t await_pin(struct check *c, struct fault *why) {
    struct session *s = c->s;
    int64_t end = session_now(s) + config_int(s->config, "pin_timeout_ms");
    int32_t rc = SHK_OK;
    mutex_lock(s->lock);
    while (rc == SHK_OK && !s->pin_given) {
        if (s->cancel) {
            rc = fault_raise(why, SHK_E_CANCELLED);
        } else if (session_now(s) >= end) {
            rc = fault_raise(why, SHK_E_PIN_TIMEOUT);
        } else {
            (void)condition_wait(s->changed, s->lock, KEEP_MS / 4);
            mutex_unlock(s->lock);
            if (!keep_card(c)) {
                rc = fault_set(why, c->card_fault.code, c->card_fault.native_kind,
                               c->card_fault.native, c->card_fault.where);
            }
            mutex_lock(s->lock);
        }
    }
    if (rc == SHK_OK && s->cancel) {
        rc = fault_raise(why, SHK_E_CANCELLED);
    }
    s->pin_asked = false;
    mutex_unlock(s->lock);
    return rc;
}

/* A challenge that would die on the way is fetched anew before the PIN is spent. */
static int32_t freshen(struct check *c, struct fault *why) {
    int64_t age_s = (session_now(c->s) - c->challenge_at) / 1000;
    if (c->question.challenge_expires_s <= 0 ||
        age_s + CHALLENGE_SPARE_S < c->question.challenge_expires_s) {
        return SHK_OK;
    }
    return prepare(c, why);
}

static int32_t make_digest(const struct check *c, uint8_t digest[48], size_t *digest_len) {
    struct bytes message = {0};
    int32_t rc = question_message(&c->question, &message);
    if (rc == SHK_OK && text_equal(c->id.algorithm, "ES384")) {
        *digest_len = 48;
        rc = sha384(message.p, message.n, digest);
    } else if (rc == SHK_OK) {
        *digest_len = 32;
        rc = sha256(message.p, message.n, digest);
    }
    bytes_clear(&message);
    return rc;
}

/* Sends the PIN once and has the card sign. */
static int32_t sign(struct check *c, struct fault *why) {
    struct session *s = c->s;
    uint8_t digest[48];
    size_t digest_len = 0;
    bool last_try = false;
    int32_t before = c->source.ops->apdu_count(c->source.self);
    int32_t rc = make_digest(c, digest, &digest_len);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = session_take_pin(s, &last_try, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = c->source.ops->sign(c->source.self, &c->id, s->pin, last_try, digest, digest_len,
                             &c->signature, why);
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_in_use = s->pin_given = s->spend_last_try = false;
    s->values.tries_left = c->id.tries_left;
    s->values.apdus = c->source.ops->apdu_count(c->source.self);
    s->values.apdus_after_pin = s->values.apdus - before;
    mutex_unlock(s->lock);
    c->kept_at = session_now(s);
    return rc;
}

/* Whether a person may try again with the card still on the reader. */
static bool may_ask_again(const struct check *c, int32_t rc) {
    return rc == SHK_E_PIN_WRONG && c->id.tries_left > 0 && !c->s->blocking;
}

/* Asks for the PIN, as often as a person wants to give one; each is sent once. */
static int32_t prove(struct check *c, struct fault *why) {
    struct session *s = c->s;
    bool prepared = false;
    for (;;) {
        ask_for_pin(s, &c->id);
        int32_t rc = prepared ? SHK_OK : prepare(c, why);
        prepared = true;
        rc = rc == SHK_OK ? await_pin(c, why) : rc;
        rc = rc == SHK_OK ? freshen(c, why) : rc;
        rc = rc == SHK_OK ? sign(c, why) : rc;
        if (!may_ask_again(c, rc)) {
            return rc;
        }
        session_post_fault(s, why);
        fault_clear(why);
    }
}

static int32_t ask(struct check *c, struct fault *why) {
    const struct watch watch = {stop_only, c};
    c->question.certificate = c->id.certificate.p;
    c->question.certificate_len = c->id.certificate.n;
    c->question.common_name = c->id.info.common_name;
    c->question.algorithm = c->id.algorithm;
    c->question.signature = c->signature.p;
    c->question.signature_len = c->signature.n;
    return c->route.ops->ask(c->route.self, &c->question, &c->answer, &watch, why);
}

static bool value_is(const struct record_set *set, size_t record, const char *path,
                     const char *expected) {
    struct value v;
    return record_value(set, record, path, strlen(path), &v) == SHK_OK &&
           v.state == VALUE_PRESENT && text_equal(v.text, expected);
}

/* An answer to another facility, day or request, or one that does not say to which, must never be taken
 * for this patient's. */
static bool is_ours(const struct check *c, const struct record_set *set) {
    const struct question *q = &c->question;
    char date[11];
    text_format(date, sizeof date, "%.4s-%.2s-%.2s", q->date, q->date + 4, q->date + 6);
    for (size_t i = 1; i <= record_count(set); i++) {
        if (!value_is(set, i, "institution_code", q->institution_code) ||
            !value_is(set, i, "file_identifier", q->file_identifier) ||
            !value_is(set, i, "confirmation_date", date)) {
            return false;
        }
    }
    return true;
}

static int32_t read_answer(struct check *c, struct fault *why) {
    struct session *s = c->s;
    struct record_set *set = NULL;
    int32_t rc = oqs_read(c->answer.p, c->answer.n, &set, why);
    bool gateway = !text_equal(config_text(s->config, "route"), "demo");
    if (set != NULL && gateway && !is_ours(c, set)) {
        record_free(&set);
        fault_clear(why);
        return fault_raise(why, SHK_E_ANSWER_FOREIGN);
    }
    mutex_lock(s->lock);
    s->values.records = set;
    s->values.outcome = rc == SHK_OK ? (int32_t)record_outcome(set) : SHK_OUTCOME_NONE;
    mutex_unlock(s->lock);
    return rc;
}

static void note_time(struct session *s, int32_t *slot, int64_t started) {
    mutex_lock(s->lock);
    *slot = (int32_t)(session_now(s) - started);
    mutex_unlock(s->lock);
}

static int32_t look_up(struct check *c, struct fault *why) {
    struct session *s = c->s;
    int64_t started = session_now(s);
    session_post(s, SHK_EVENT_ASKING);
    int32_t rc = ask(c, why);
    rc = rc == SHK_OK ? read_answer(c, why) : rc;
    note_time(s, &s->values.answer_ms, started);
    if (rc != SHK_OK) {
        return rc;
    }
    session_post(s, SHK_EVENT_ANSWER);
    started = session_now(s);
    rc = deliver_all(s, why);
    note_time(s, &s->values.delivery_ms, started);
    return rc;
}

int32_t check_once(struct session *s, const char *reader, struct fault *why) {
    struct check c = {.s = s};
    int32_t rc = open_source(s, &c.source, why);
    rc = rc == SHK_OK ? open_route(s, &c.route, why) : rc;
    rc = rc == SHK_OK ? begin_question(&c, why) : rc;
    if (rc == SHK_OK) {
        rc = read_card(&c, reader, why);
        rc = rc == SHK_OK ? prove(&c, why) : rc;
        c.source.ops->finish(c.source.self);
    }
    rc = rc == SHK_OK ? look_up(&c, why) : rc;
    log_event(s->log, SHK_LOG_INFO, "check.end", "code,apdus,after_pin", (int64_t)rc,
              (int64_t)s->values.apdus, (int64_t)s->values.apdus_after_pin);
    bytes_clear(&c.answer);
    bytes_clear(&c.signature);
    identity_clear(&c.id);
    if (c.route.ops != NULL) {
        c.route.ops->free(c.route.self);
    }
    if (c.source.ops != NULL) {
        c.source.ops->free(c.source.self);
    }
    memory_wipe(&c, sizeof c);
    return rc;
}
