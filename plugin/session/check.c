/* One check of a card, from the reader to the documents, in the order it happens. */
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "card_source.h"
#include "flow.h"
#include "match.h"
#include "pin_guard.h"
#include "pin_wait.h"
#include "routes.h"
#include "shared_tries.h"

#define CHALLENGE_SPARE_S 10

struct check {
    struct session *s;
    const char *reader;
    struct identity_source source;
    struct identity id;
    struct asking asking;
    struct bytes signature;
    int64_t kept_at;      /* when the card was last spoken to */
    int64_t challenge_at; /* when the challenge came */
    struct fault card_fault;
    bool on_pad; /* the PIN is typed on the reader */
};

/* Digits that were given before the card was held: whatever happened to its tries since is not known to
 * whoever gave them. */
static bool has_early_digits(const struct check *c) {
    return c->s->blocking && !c->on_pad;
}

/* Who has to type what, and whether that can still be used. */
static int32_t settle_pin(struct check *c, struct fault *why) {
    const struct session *s = c->s;
    c->on_pad = c->id.pin_pad && !(s->blocking && s->pin_given);
    if (has_early_digits(c) && !s->pin_given) {
        return fault_raise(why, SHK_E_PIN_FORMAT);
    }
    return has_early_digits(c) && c->id.waited ? fault_raise(why, SHK_E_CARD_BUSY) : SHK_OK;
}

static int32_t read_card(struct check *c, struct fault *why) {
    struct session *s = c->s;
    const char *reader = c->reader;
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
    card_values_take(s, &c->id);
    return rc == SHK_OK ? settle_pin(c, why) : rc;
}

/* While something else is awaited: speaks to the card now and then. False: the card is lost. */
static bool keep_card(struct check *c) {
    if (c->card_fault.code != 0) {
        return false;
    }
    if (session_now(c->s) - c->kept_at < CARD_KEEP_MS) {
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

/* An unknown counter is treated as the last try. */
static bool is_last_try(const struct check *c) {
    return c->id.tries_left <= 1;
}

static void ask_for_pin(struct check *c) {
    struct session *s = c->s;
    mutex_lock(s->lock);
    s->values.tries_left = c->id.tries_left;
    s->pin_kind = SHK_PIN_AUTH;
    s->values.card.pad = s->pin_on_pad = c->on_pad;
    s->pin_asked = !c->on_pad || is_last_try(c);
    s->pin_told = false;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_PIN);
}

static int32_t keep_while_typing(void *self, struct fault *why) {
    struct check *c = self;
    const struct fault *lost = &c->card_fault;
    return keep_card(c) ? SHK_OK
                        : fault_set(why, lost->code, lost->native_kind, lost->native, lost->where);
}

/* The digits; with keys on the reader the word on the last try, if it is one. */
static int32_t await_pin(struct check *c, struct fault *why) {
    bool nothing_to_wait_for = c->on_pad && (c->s->blocking || !is_last_try(c));
    return nothing_to_wait_for ? SHK_OK : pin_wait(c->s, keep_while_typing, c, why);
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

static bool is_spent_meanwhile(const struct check *c) {
    return pin_guard_is_spent(c->reader, c->s->pin_since) ||
           shared_tries_since(&c->s->env, c->reader, c->s->pin_shared_since);
}

/* Reserves the PIN, unless somebody else's mistake has made it one that nobody would give now. */
static int32_t take_pin(struct check *c, bool *last_try, struct fault *why) {
    if (has_early_digits(c) && is_spent_meanwhile(c)) {
        return fault_raise(why, SHK_E_CARD_BUSY);
    }
    int32_t rc = session_take_pin(c->s, last_try, why);
    if (rc == SHK_OK && c->on_pad && is_last_try(c) && !*last_try) {
        rc = fault_raise(why, SHK_E_PIN_LAST_TRY);
    }
    return rc;
}

/* Also when what became of it is not known. */
static bool may_have_cost_a_try(const struct fault *why) {
    return why->code == SHK_E_PIN_WRONG || why->code == SHK_E_PIN_BLOCKED ||
           why->stage == SHK_STAGE_CARD;
}

static int32_t send_pin(struct check *c, bool last_try, struct fault *why) {
    struct session *s = c->s;
    struct pin *pin = c->on_pad ? NULL : s->pin;
    int32_t rc = c->source.ops->verify(c->source.self, &c->id, pin, last_try, why);
    if (rc != SHK_OK && c->reader[0] != '\0' && may_have_cost_a_try(why)) {
        pin_guard_note(c->reader);
        shared_tries_note(&s->env, c->reader);
    }
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_in_use = s->pin_given = s->spend_last_try = false;
    s->values.tries_left = c->id.tries_left;
    mutex_unlock(s->lock);
    if (rc == SHK_OK) {
        card_values_take(s, &c->id); /* a phone shows its certificate only now */
    }
    return rc;
}

/* Sends the PIN once and has the card sign. */
static int32_t sign(struct check *c, struct fault *why) {
    struct session *s = c->s;
    bool last_try = false;
    int32_t before = c->source.ops->apdu_count(c->source.self);
    int32_t rc = take_pin(c, &last_try, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = send_pin(c, last_try, why);
    rc = rc == SHK_OK ? sign_digest(c, why) : rc;
    mutex_lock(s->lock);
    s->values.apdus = c->source.ops->apdu_count(c->source.self);
    s->values.apdus_after_pin = s->values.apdus - before;
    mutex_unlock(s->lock);
    if (rc != SHK_E_PIN_SAME) { /* of which the card has heard nothing */
        c->kept_at = session_now(s);
    }
    return rc;
}

/* Whether a person may try again with the card still on the reader. */
static bool may_ask_again(const struct check *c, int32_t rc) {
    bool other_digits = rc == SHK_E_PIN_WRONG || rc == SHK_E_PIN_SAME;
    bool can_be_typed = !c->on_pad || c->id.pin_pad;
    return other_digits && can_be_typed && c->id.tries_left > 0 && !c->s->blocking;
}

/* What was typed for this card is for no other one, and a late answer is refused. */
static void forget_pin(struct session *s) {
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_asked = s->pin_on_pad = s->pin_given = s->pin_in_use = s->spend_last_try = false;
    mutex_unlock(s->lock);
}

/* Asks for the PIN, as often as a person wants to give one; each is sent once. */
static int32_t prove(struct check *c, struct fault *why) {
    struct session *s = c->s;
    bool prepared = false;
    for (;;) {
        ask_for_pin(c);
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
static int32_t question_card(struct check *c, struct fault *why) {
    struct session *s = c->s;
    int32_t rc = read_card(c, why);
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

/* The answer is about the insurance; how long the card will do stands beside it, for scripts. */
static int32_t add_card(const struct check *c, struct fault *why) {
    struct session *s = c->s;
    const char *day = s->values.card.expires_on;
    int32_t rc = SHK_OK;
    mutex_lock(s->lock);
    size_t n = s->values.records != NULL && day[0] != '\0' ? record_count(s->values.records) : 0;
    for (size_t i = 1; rc == SHK_OK && i <= n; i++) {
        rc = record_set_card(s->values.records, i, day);
    }
    mutex_unlock(s->lock);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

int32_t check_once(struct session *s, const char *reader, struct fault *why) {
    struct check c = {.s = s, .reader = reader};
    int32_t rc = card_source_new(s, &c.source, why);
    rc = rc == SHK_OK ? routes_open(s, why) : rc;
    rc = rc == SHK_OK ? asking_begin(&c.asking, s, NULL, why) : rc;
    rc = rc == SHK_OK ? question_card(&c, why) : rc;
    rc = rc == SHK_OK ? asking_read(&c.asking, why) : rc;
    rc = rc == SHK_OK ? add_card(&c, why) : rc;
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
