#include <stdlib.h>
#include <string.h>

#include "pin_answer.h"
#include "signature.h"
#include "token.h"
#include "validity.h"
#include "wrong_pins.h"

#define SW_PIN_MISSING 0x6982

enum stage { STAGE_CLOSED, STAGE_PIN, STAGE_VERIFIED };

struct mynumber {
    const struct env *env;
    struct log *log;
    struct identity_rules rules;
    struct jpki jpki;
    enum stage stage;
    struct wrong_pins *wrong; /* of this transaction */
    bool behind_pin;          /* a phone: its certificate is read when the PIN is verified */
};

static int32_t pass_on(const struct fault *reason, struct fault *why) {
    return fault_set(why, reason->code, reason->native_kind, reason->native, reason->where);
}

static void forget_certificate(struct mynumber *m, struct identity *id) {
    bytes_clear(&id->certificate);
    certificate_key_free(&id->key);
    memory_wipe(&id->info, sizeof id->info);
    memory_wipe(id->algorithm, sizeof id->algorithm);
    m->behind_pin = false;
}

static int32_t take_certificate(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t rc = jpki_read_certificate(&m->jpki, &id->certificate, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = certificate_read(id->certificate.p, id->certificate.n, &id->info, &id->key);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = validity_of_key(&id->info, &m->rules, id->algorithm, why);
    int64_t now_s = m->env->clock->wall_s(m->env->clock_self);
    return rc == SHK_OK ? validity_of_dates(&id->info, now_s, why) : rc;
}

/* The card did not give a certificate that can be used: what kind of token is it, and what is to be said? */
static int32_t explain(struct mynumber *m, struct identity *id, const struct fault *reason,
                       struct fault *why) {
    struct token_refusal refusal = token_refusal_of(&m->jpki.card);
    int32_t rc = token_ask(&m->jpki, &id->kind, why);
    if (rc != SHK_OK) {
        return rc;
    }
    if (id->kind == SHK_CARD_JUKI) {
        return fault_raise(why, SHK_E_JUKI_CARD);
    }
    if (token_is_phone(id->kind) && token_phone_allowed(id->kind, &m->rules, why) != SHK_OK) {
        return SHK_E_PHONE_REFUSED;
    }
    if (reason->code != SHK_E_CARD_ANSWER) {
        return pass_on(reason, why);
    }
    m->behind_pin = token_is_phone(id->kind) && refusal.sw == SW_PIN_MISSING;
    if (m->behind_pin) {
        return SHK_OK;
    }
    int32_t code = 0;
    rc = token_judge(&m->jpki, &refusal, &code, why);
    if (rc != SHK_OK) {
        return rc;
    }
    return code == SHK_E_CARD_ANSWER ? pass_on(reason, why)
                                     : fault_set(why, code, SHK_NATIVE_SW, refusal.sw, NULL);
}

/* What may have its reason in the kind of token, when the card did answer. */
static bool is_odd(const struct mynumber *m, int32_t code) {
    return m->jpki.card.sw != 0 && (code == SHK_E_CARD_ANSWER || code == SHK_E_CERTIFICATE ||
                                    code == SHK_E_CERTIFICATE_EXPIRED);
}

static int32_t read_certificate(struct mynumber *m, struct identity *id, struct fault *why) {
    struct fault reason = {0};
    id->kind = SHK_CARD_MYNUMBER;
    int32_t rc = take_certificate(m, id, &reason);
    if (rc == SHK_OK) {
        return rc;
    }
    return is_odd(m, rc) ? explain(m, id, &reason, why) : pass_on(&reason, why);
}

/* A phone's, when its PIN is verified: whatever is wrong with it, no try is lost. */
static int32_t read_behind_pin(struct mynumber *m, struct identity *id, struct fault *why) {
    struct fault reason = {0};
    int32_t rc = take_certificate(m, id, &reason), code = 0;
    if (rc == SHK_OK) {
        id->plan = jpki_plan(&m->jpki);
        return rc;
    }
    m->stage = STAGE_CLOSED;
    if (rc != SHK_E_CARD_ANSWER || m->jpki.card.sw == 0) {
        return pass_on(&reason, why);
    }
    struct token_refusal refusal = token_refusal_of(&m->jpki.card);
    rc = token_judge(&m->jpki, &refusal, &code, why);
    if (rc != SHK_OK) {
        return rc;
    }
    return fault_set(why, code == SHK_E_CARD_ANSWER ? SHK_E_CERTIFICATE : code, SHK_NATIVE_SW,
                     refusal.sw, reason.where);
}

/* No such PIN, or no such application any more? */
static int32_t refuse_without_pin(struct mynumber *m, uint16_t sw, struct fault *why) {
    bool there = false;
    int32_t rc = token_is_there(&m->jpki, &there, why);
    return rc != SHK_OK
               ? rc
               : fault_set(why, there ? SHK_E_PIN_NONE : SHK_E_CARD_RESET, SHK_NATIVE_SW, sw, NULL);
}

/* VERIFY without data asks for the tries left and costs none. */
static int32_t ask_counter(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t rc = jpki_query(&m->jpki, why);
    if (rc != SHK_OK) {
        return rc;
    }
    uint16_t sw = m->jpki.card.sw;
    struct pin_answer answer = pin_answer_of_query(sw);
    id->tries_left = answer.tries_left;
    if (answer.code == SHK_OK) {
        return SHK_OK;
    }
    return answer.code == SHK_E_PIN_NONE
               ? refuse_without_pin(m, sw, why)
               : fault_set(why, answer.code, SHK_NATIVE_SW, sw, "VERIFY query");
}

static int32_t apdu_count(void *self) {
    const struct mynumber *m = self;
    return jpki_apdus(&m->jpki);
}

static int32_t read_once(struct mynumber *m, const char *reader, bool again, struct identity *id,
                         struct fault *why) {
    forget_certificate(m, id);
    int32_t rc = jpki_open(&m->jpki, reader, again, why);
    rc = rc == SHK_OK ? read_certificate(m, id, why) : rc;
    id->waited = id->waited || m->jpki.card.waited;
    id->kind = rc == SHK_E_NOT_MYNUMBER ? SHK_CARD_OTHER : id->kind;
    return rc == SHK_OK ? ask_counter(m, id, why) : rc;
}

/* A reader that hangs over the question has lost the card. */
static int32_t ask_for_pad(struct mynumber *m, struct identity *id, struct fault *why) {
    struct reader_traits traits = {0};
    const struct card *card = &m->jpki.card;
    int32_t rc = m->rules.no_pin_pad ? SHK_OK : card->ops->traits(card->self, &traits, why);
    id->pin_pad = rc == SHK_OK && traits.pin_pad;
    return rc;
}

static int32_t read_card(void *self, const char *reader, struct identity *id, struct fault *why) {
    struct mynumber *m = self;
    m->stage = STAGE_CLOSED;
    wrong_pins_forget(m->wrong);
    identity_clear(id);
    int32_t rc = read_once(m, reader, false, id, why);
    if (rc == SHK_OK && m->jpki.card.sw == SW_OK) {
        /* Another program left the PIN verified, which hides the counter. Without power the card forgets
         * that. Everything is read anew: who knows whether it is still the same card. */
        rc = read_once(m, reader, true, id, why);
    }
    rc = rc == SHK_OK ? ask_for_pad(m, id, why) : rc;
    if (rc == SHK_OK) {
        m->stage = STAGE_PIN;
        id->plan = jpki_plan(&m->jpki);
        log_event(m->log, SHK_LOG_INFO, "card.read", "apdus,certificate_bytes,tries,kind",
                  (int64_t)apdu_count(m), (int64_t)id->certificate.n, (int64_t)id->tries_left,
                  (int64_t)id->kind);
    }
    return rc;
}

/* Inside the transaction nobody else can spend a try, or win one back: another count is another card. */
static int32_t keep_pin(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t before = id->tries_left;
    int32_t rc = ask_counter(m, id, why);
    if (rc == SHK_OK && before >= 0 && id->tries_left != before) {
        rc = fault_set(why, SHK_E_CARD_REMOVED, SHK_NATIVE_SW, m->jpki.card.sw, "VERIFY query");
    }
    return rc;
}

static int32_t keep(void *self, struct identity *id, struct fault *why) {
    struct mynumber *m = self;
    if (m->stage == STAGE_CLOSED) {
        return fault_raise(why, SHK_E_STATE);
    }
    /* A verified PIN hides its counter. The key is selected already: naming it again changes nothing. */
    int32_t rc = m->stage == STAGE_VERIFIED ? jpki_touch(&m->jpki, why) : keep_pin(m, id, why);
    if (rc != SHK_OK) {
        m->stage = STAGE_CLOSED;
    }
    return rc;
}

/* After a try whose result is not known, no other PIN is sent in this transaction. */
static int32_t judge_verify(struct mynumber *m, struct identity *id, struct fault *why) {
    uint16_t sw = m->jpki.card.sw;
    struct pin_answer answer = pin_answer_of_verify(sw);
    id->tries_left = answer.tries_left;
    if (answer.code == SHK_OK) {
        m->stage = STAGE_VERIFIED;
        return SHK_OK;
    }
    m->stage = answer.code == SHK_E_PIN_WRONG ? STAGE_PIN : STAGE_CLOSED;
    return fault_set(why, answer.code, SHK_NATIVE_SW, sw,
                     answer.code == SHK_E_CARD_ANSWER ? "VERIFY" : NULL);
}

static int32_t send_pin(struct mynumber *m, struct identity *id, struct pin *pin,
                        struct fault *why) {
    m->stage = STAGE_CLOSED;
    id->tries_left = -1;
    int32_t rc = jpki_verify(&m->jpki, pin, why);
    rc = rc == SHK_OK ? judge_verify(m, id, why) : rc;
    if (rc == SHK_E_PIN_WRONG) {
        wrong_pins_note(m->wrong);
    }
    return rc;
}

/* The card does not count as before though the pad says that it took no PIN: a try is gone, or the card. That
 * reader's keys are not asked again. */
static int32_t disbelieve_pad(const struct mynumber *m, struct identity *id, int32_t before,
                              struct fault *why) {
    uint16_t sw = m->jpki.card.sw;
    bool spent = id->tries_left >= 0 && id->tries_left < before;
    id->pin_pad = false;
    return spent ? fault_set(why, SHK_E_PIN_WRONG, SHK_NATIVE_SW, sw, NULL)
                 : fault_set(why, SHK_E_CARD_REMOVED, SHK_NATIVE_SW, sw, "VERIFY query");
}

/* The pad took no PIN. The counter is asked for again: what the reader did is known from the card alone. */
static int32_t judge_pad(struct mynumber *m, struct identity *id, int32_t before, const char *where,
                         struct fault *why) {
    uint16_t sw = m->jpki.card.sw;
    int32_t rc = ask_counter(m, id, why);
    if (rc != SHK_OK) {
        return rc;
    }
    if (before >= 0 && id->tries_left != before) {
        return disbelieve_pad(m, id, before, why);
    }
    m->stage = STAGE_PIN;
    return fault_set(why, SHK_E_PIN_PAD, SHK_NATIVE_SW, sw, where);
}

static int32_t ask_on_pad(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t before = id->tries_left;
    m->stage = STAGE_CLOSED;
    id->tries_left = -1;
    int32_t rc = jpki_verify_on_pad(&m->jpki, why);
    if (rc != SHK_OK) {
        return rc;
    }
    const char *where = pin_pad_refusal(m->jpki.card.sw);
    return where != NULL ? judge_pad(m, id, before, where, why) : judge_verify(m, id, why);
}

/* Before anything is sent. An unknown counter is treated as the last try. */
static int32_t refuse(struct mynumber *m, const struct identity *id, const struct pin *pin,
                      bool spend_last_try, struct fault *why) {
    if (m->stage != STAGE_PIN) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (pin != NULL ? !pin_format_ok(pin) : !id->pin_pad) {
        return fault_raise(why, SHK_E_PIN_FORMAT);
    }
    if (id->tries_left == 0) {
        return fault_raise(why, SHK_E_PIN_BLOCKED);
    }
    int32_t rc = pin != NULL ? wrong_pins_check(m->wrong, pin) : SHK_OK;
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    return id->tries_left > 1 || spend_last_try ? SHK_OK : fault_raise(why, SHK_E_PIN_LAST_TRY);
}

static int32_t verify(void *self, struct identity *id, struct pin *pin, bool spend_last_try,
                      struct fault *why) {
    struct mynumber *m = self;
    int32_t rc = refuse(m, id, pin, spend_last_try, why);
    if (rc == SHK_OK) {
        rc = pin != NULL ? send_pin(m, id, pin, why) : ask_on_pad(m, id, why);
    }
    if (pin != NULL) {
        pin_wipe(pin);
    }
    return rc == SHK_OK && m->behind_pin ? read_behind_pin(m, id, why) : rc;
}

static int32_t compute(struct mynumber *m, const struct identity *id, const uint8_t *digest,
                       struct bytes *signature, struct fault *why) {
    uint8_t input[SIGNATURE_INPUT_MAX];
    const struct card *card = &m->jpki.card;
    int32_t rc = jpki_sign(&m->jpki, input, signature_input(id, digest, input), why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = card->sw == SW_OK ? signature_take(id, digest, card->reply, card->reply_len, signature)
                           : SHK_E_SIGNATURE;
    return rc == SHK_OK ? rc : fault_set(why, rc, SHK_NATIVE_SW, card->sw, NULL);
}

static int32_t sign(void *self, struct identity *id, const uint8_t *digest, size_t digest_len,
                    struct bytes *signature, struct fault *why) {
    struct mynumber *m = self;
    bytes_clear(signature);
    if (m->stage != STAGE_VERIFIED) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (digest_len != signature_digest_len(id)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = compute(m, id, digest, signature, why);
    m->stage = rc == SHK_OK ? STAGE_VERIFIED : STAGE_CLOSED;
    return rc;
}

static void finish(void *self) {
    struct mynumber *m = self;
    m->stage = STAGE_CLOSED;
    wrong_pins_forget(m->wrong);
    jpki_close(&m->jpki);
}

static void mynumber_free(void *self) {
    struct mynumber *m = self;
    if (m != NULL) {
        wrong_pins_free(&m->wrong);
        jpki_clear(&m->jpki);
        free(m);
    }
}

static const struct identity_ops ops = {read_card, keep,       verify,       sign,
                                        finish,    apdu_count, mynumber_free};

int32_t mynumber_new(const struct env *env, struct log *log, const struct identity_rules *rules,
                     struct habits *habits, struct identity_source *out) {
    *out = (struct identity_source){0};
    struct mynumber *m = calloc(1, sizeof *m);
    struct wrong_pins *wrong = wrong_pins_new();
    if (m == NULL || wrong == NULL || jpki_init(&m->jpki, env, &m->rules, habits, log) != SHK_OK) {
        wrong_pins_free(&wrong);
        free(m);
        return SHK_E_MEMORY;
    }
    m->wrong = wrong;
    m->env = env;
    m->log = log;
    m->rules = rules != NULL ? *rules : (struct identity_rules){0};
    *out = (struct identity_source){&ops, m};
    return SHK_OK;
}
