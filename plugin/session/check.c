/* One check of a card, from the reader to the documents, in the order it happens. */
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "flow.h"
#include "routes.h"

#define KEEP_MS           2000 /* Windows resets a card whose transaction is idle for five seconds */
#define CHALLENGE_SPARE_S 10

struct check {
    struct session *s;
    struct identity_source source;
    struct identity id;
    struct asking asking;
    struct bytes signature;
    int64_t kept_at;      /* when the card was last spoken to */
    int64_t challenge_at; /* when the challenge came */
    struct fault card_fault;
};

static int32_t open_source(struct session *s, struct identity_source *out, struct fault *why) {
    int32_t rc = text_equal(config_text(s->config, "card"), "demo")
                     ? demo_card_new(config_text(s->config, "demo.pin"), out)
                     : mynumber_new(&s->env, s->log, NULL, NULL, out);
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
    if (c->card_fault.code != 0) {
        return false;
    }
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

/* Who lifts the card while the question is on its way does no wrong; it only cannot sign again. */
static bool stop_and_keep(void *self) {
    struct check *c = self;
    (void)keep_card(c);
    return session_stopping(c->s);
}

/* Opens the connection and fetches the challenge while the patient types. */
static int32_t prepare(struct check *c, struct fault *why) {
    struct session *s = c->s;
    struct fault reason = {0};
    int64_t started = session_now(s);
    const struct watch watch = {stop_or_lost, c};
    int32_t rc = s->route.ops->prepare(s->route.self, &c->asking.question, &watch, &reason);
    c->challenge_at = session_now(s);
    answer_note_time(s, &s->values.challenge_ms, started);
    routes_note(s, rc);
    if (rc != SHK_OK) {
        /* A card that was taken away stopped the call: that is the fault to report. */
        *why = c->card_fault.code != 0 ? c->card_fault : reason;
    }
    return rc != SHK_OK ? why->code : SHK_OK;
}

static void ask_for_pin(struct session *s, const struct identity *id) {
    mutex_lock(s->lock);
    s->values.tries_left = id->tries_left;
    s->pin_kind = SHK_PIN_AUTH;
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
    if (c->asking.question.challenge_expires_s <= 0 ||
        age_s + CHALLENGE_SPARE_S < c->asking.question.challenge_expires_s) {
        return SHK_OK;
    }
    return prepare(c, why);
}

static int32_t make_digest(const struct check *c, uint8_t digest[48], size_t *digest_len) {
    struct bytes message = {0};
    int32_t rc = question_message(&c->asking.question, &message);
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

static int32_t sign_digest(struct check *c, struct fault *why) {
    uint8_t digest[48];
    size_t digest_len = 0;
    int32_t rc = make_digest(c, digest, &digest_len);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = c->source.ops->sign(c->source.self, &c->id, digest, digest_len, &c->signature, why);
    c->kept_at = session_now(c->s);
    return rc;
}

/* Sends the PIN once and has the card sign. */
static int32_t sign(struct check *c, struct fault *why) {
    struct session *s = c->s;
    bool last_try = false;
    int32_t before = c->source.ops->apdu_count(c->source.self);
    int32_t rc = session_take_pin(s, &last_try, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = c->source.ops->verify(c->source.self, &c->id, s->pin, last_try, why);
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_in_use = s->pin_given = s->spend_last_try = false;
    s->values.tries_left = c->id.tries_left;
    mutex_unlock(s->lock);
    rc = rc == SHK_OK ? sign_digest(c, why) : rc;
    mutex_lock(s->lock);
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

/* What was typed for this card is for no other one, and a late answer is refused. */
static void forget_pin(struct session *s) {
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_asked = s->pin_given = s->spend_last_try = false;
    mutex_unlock(s->lock);
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
            forget_pin(s);
            return rc;
        }
        session_post_fault(s, why);
        fault_clear(why);
    }
}

static int32_t send(struct check *c, struct fault *why) {
    const struct watch watch = {stop_and_keep, c};
    struct question *q = &c->asking.question;
    q->certificate = c->id.certificate.p;
    q->certificate_len = c->id.certificate.n;
    q->common_name = c->id.info.common_name;
    q->algorithm = c->id.algorithm;
    q->signature = c->signature.p;
    q->signature_len = c->signature.n;
    return asking_send(&c->asking, &watch, why);
}

/* Signs a fresh challenge under new numbers with the PIN that the card still holds for verified. */
static int32_t sign_again(struct check *c, struct fault *why) {
    int32_t rc = c->card_fault.code == 0 ? SHK_OK : fault_raise(why, c->card_fault.code);
    rc = rc == SHK_OK ? asking_renumber(&c->asking, why) : rc;
    rc = rc == SHK_OK ? prepare(c, why) : rc;
    return rc == SHK_OK ? sign_digest(c, why) : rc;
}

/* The server does not take the challenge any more: it may have been restarted, or the patient was slow. */
static bool wants_another_signature(const struct check *c, int32_t rc) {
    return (rc == SHK_E_CHALLENGE_EXPIRED || rc == SHK_E_CHALLENGE_USED) && !session_stopping(c->s);
}

static int32_t ask(struct check *c, struct fault *why) {
    int32_t rc = send(c, why);
    if (!wants_another_signature(c, rc)) {
        return rc;
    }
    const struct fault first = *why;
    fault_clear(why);
    log_fault(c->s->log, &first);
    rc = sign_again(c, why);
    if (rc != SHK_OK && why->stage != SHK_STAGE_LOOKUP && rc != SHK_E_CANCELLED) {
        /* The card is gone. What to do about that is what the first fault says. */
        *why = first;
        return why->code;
    }
    return rc == SHK_OK ? send(c, why) : rc;
}

/* From the first word to the card to the last one: it is let go on every path. */
static int32_t question_card(struct check *c, const char *reader, struct fault *why) {
    struct session *s = c->s;
    int32_t rc = read_card(c, reader, why);
    rc = rc == SHK_OK ? prove(c, why) : rc;
    if (rc == SHK_OK) {
        int64_t started = session_now(s);
        session_post(s, SHK_EVENT_ASKING);
        rc = ask(c, why);
        answer_note_time(s, &s->values.answer_ms, started);
    }
    c->source.ops->finish(c->source.self);
    return rc;
}

int32_t check_once(struct session *s, const char *reader, struct fault *why) {
    struct check c = {.s = s};
    int32_t rc = open_source(s, &c.source, why);
    rc = rc == SHK_OK ? routes_open(s, why) : rc;
    rc = rc == SHK_OK ? asking_begin(&c.asking, s, NULL, why) : rc;
    rc = rc == SHK_OK ? question_card(&c, reader, why) : rc;
    rc = rc == SHK_OK ? asking_read(&c.asking, why) : rc;
    rc = rc == SHK_OK ? asking_tell(&c.asking, why) : rc;
    log_event(s->log, SHK_LOG_INFO, "check.end", "code,apdus,after_pin", (int64_t)rc,
              (int64_t)s->values.apdus, (int64_t)s->values.apdus_after_pin);
    asking_clear(&c.asking);
    bytes_clear(&c.signature);
    identity_clear(&c.id);
    if (c.source.ops != NULL) {
        c.source.ops->free(c.source.self);
    }
    memory_wipe(&c, sizeof c);
    return rc;
}
