#include <stdlib.h>
#include <string.h>

#include "jpki.h"

#define RSA_BITS_MIN   2048
#define RSA_BITS_MAX   4096
#define SHA256_LEN     32
#define SW_NO_FILE_NOW 0x6986

enum stage { STAGE_CLOSED, STAGE_PIN, STAGE_VERIFIED };

struct mynumber {
    const struct env *env;
    struct log *log;
    struct identity_rules rules;
    struct jpki jpki;
    enum stage stage;
};

/* The card before this one (住民基本台帳カード) has the same application. Its certificates ended long
 * ago, so the label is read only when one has: the usual card does not pay for the question. */
static bool is_old_card(struct mynumber *m) {
    char label[33];
    return jpki_read_label(&m->jpki, label) && text_equal(label, "JPKIAPICCTOKEN");
}

static int32_t check_key(struct identity *id, struct fault *why) {
    const struct certificate_info *info = &id->info;
    if (info->kind != KEY_RSA || info->key_bits < RSA_BITS_MIN || info->key_bits > RSA_BITS_MAX) {
        /* P-384 of the coming card: how that card wants to be asked is not published. */
        return fault_set(why, SHK_E_CERTIFICATE, SHK_NATIVE_NONE, 0, "kind of key");
    }
    text_copy(id->algorithm, sizeof id->algorithm, "RS256");
    return SHK_OK;
}

static int32_t check_dates(struct mynumber *m, const struct identity *id, struct fault *why) {
    int64_t now_s = m->env->clock->wall_s(m->env->clock_self);
    if (now_s < id->info.not_before_s) {
        return fault_raise(why, SHK_E_CERTIFICATE_NOT_YET);
    }
    if (now_s <= id->info.not_after_s) {
        return SHK_OK;
    }
    return fault_raise(why, is_old_card(m) ? SHK_E_JUKI_CARD : SHK_E_CERTIFICATE_EXPIRED);
}

static int32_t read_certificate(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t rc = jpki_read_certificate(&m->jpki, &id->certificate, why);
    if (rc != SHK_OK) {
        return rc;
    }
    if (certificate_read(id->certificate.p, id->certificate.n, &id->info) != SHK_OK) {
        return fault_raise(why, SHK_E_CERTIFICATE);
    }
    rc = check_key(id, why);
    return rc == SHK_OK ? check_dates(m, id, why) : rc;
}

static bool is_count(uint16_t sw) {
    return (sw & 0xFFF0) == 0x63C0;
}

static bool is_blocked(uint16_t sw) {
    return sw == 0x63C0 || sw == 0x6983 || sw == 0x6984;
}

/* VERIFY without data asks for the tries left and costs none. */
static int32_t query(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t rc = jpki_query(&m->jpki, why);
    if (rc != SHK_OK) {
        return rc;
    }
    uint16_t sw = m->jpki.card.sw;
    if (is_blocked(sw)) {
        id->tries_left = 0;
        return fault_set(why, SHK_E_PIN_BLOCKED, SHK_NATIVE_SW, sw, NULL);
    }
    if (sw == SW_NO_FILE_NOW) {
        return fault_set(why, SHK_E_CARD_RESET, SHK_NATIVE_SW, sw, NULL);
    }
    if (!is_count(sw) && sw != SW_OK && sw != 0x6300) {
        return card_fault_sw(&m->jpki.card, why, "VERIFY query");
    }
    id->tries_left = is_count(sw) ? sw & 0x0F : -1;
    return SHK_OK;
}

/* Another program left the card with its PIN verified, which hides the counter. Without power the card
 * forgets that. */
static int32_t start_again(struct mynumber *m, const char *reader, struct identity *id,
                           struct fault *why) {
    int32_t rc = jpki_open(&m->jpki, reader, true, why);
    return rc == SHK_OK ? query(m, id, why) : rc;
}

static int32_t apdu_count(void *self) {
    const struct mynumber *m = self;
    return jpki_apdus(&m->jpki);
}

static int32_t read_card(void *self, const char *reader, struct identity *id, struct fault *why) {
    struct mynumber *m = self;
    m->stage = STAGE_CLOSED;
    identity_clear(id);
    int32_t rc = jpki_open(&m->jpki, reader, false, why);
    if (rc == SHK_OK) {
        rc = read_certificate(m, id, why);
    }
    if (rc == SHK_OK) {
        rc = query(m, id, why);
    }
    if (rc == SHK_OK && m->jpki.card.sw == SW_OK) {
        rc = start_again(m, reader, id, why);
    }
    if (rc == SHK_OK) {
        m->stage = STAGE_PIN;
        id->plan = jpki_plan(&m->jpki);
        log_event(m->log, SHK_LOG_INFO, "card.read", "apdus,certificate_bytes,tries",
                  (int64_t)apdu_count(m), (int64_t)id->certificate.n, (int64_t)id->tries_left);
    }
    return rc;
}

static int32_t keep_pin(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t before = id->tries_left;
    int32_t rc = query(m, id, why);
    if (rc == SHK_OK && before >= 0 && id->tries_left < 0) {
        rc = card_fault_sw(&m->jpki.card, why, "VERIFY query");
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
    m->stage = STAGE_CLOSED;
    id->tries_left = -1;
    if (sw == SW_OK) {
        m->stage = STAGE_VERIFIED;
        return SHK_OK;
    }
    if (is_blocked(sw)) {
        id->tries_left = 0;
        return fault_set(why, SHK_E_PIN_BLOCKED, SHK_NATIVE_SW, sw, NULL);
    }
    if (is_count(sw) || sw == 0x6300) {
        m->stage = STAGE_PIN;
        id->tries_left = is_count(sw) ? sw & 0x0F : -1;
        return fault_set(why, SHK_E_PIN_WRONG, SHK_NATIVE_SW, sw, NULL);
    }
    return card_fault_sw(&m->jpki.card, why, "VERIFY");
}

static int32_t send_pin(struct mynumber *m, struct identity *id, struct pin *pin,
                        struct fault *why) {
    m->stage = STAGE_CLOSED;
    id->tries_left = -1;
    int32_t rc = jpki_verify(&m->jpki, pin, why);
    return rc == SHK_OK ? judge_verify(m, id, why) : rc;
}

/* The card pads and signs what it is given: the DigestInfo of SHA-256. */
static int32_t compute(struct mynumber *m, const struct identity *id, const uint8_t *digest,
                       struct bytes *signature, struct fault *why) {
    static const uint8_t digest_info[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60,
                                          0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                          0x01, 0x05, 0x00, 0x04, 0x20};
    uint8_t input[sizeof digest_info + SHA256_LEN];
    memcpy(input, digest_info, sizeof digest_info);
    memcpy(input + sizeof digest_info, digest, SHA256_LEN);
    int32_t rc = jpki_sign(&m->jpki, input, sizeof input, why);
    if (rc != SHK_OK) {
        return rc;
    }
    const uint8_t *made = m->jpki.card.reply;
    size_t n = m->jpki.card.reply_len;
    if (m->jpki.card.sw != SW_OK || n != ((size_t)id->info.key_bits + 7) / 8 ||
        !certificate_verifies(id->certificate.p, id->certificate.n, digest, SHA256_LEN, made, n)) {
        return fault_set(why, SHK_E_SIGNATURE, SHK_NATIVE_SW, m->jpki.card.sw, NULL);
    }
    rc = bytes_append(signature, made, n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* Before anything is sent. An unknown counter is treated as the last try. */
static int32_t refuse(const struct mynumber *m, const struct identity *id, const struct pin *pin,
                      bool spend_last_try, struct fault *why) {
    if (m->stage != STAGE_PIN) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (!pin_format_ok(pin)) {
        return fault_raise(why, SHK_E_PIN_FORMAT);
    }
    if (id->tries_left == 0) {
        return fault_raise(why, SHK_E_PIN_BLOCKED);
    }
    return id->tries_left > 1 || spend_last_try ? SHK_OK : fault_raise(why, SHK_E_PIN_LAST_TRY);
}

static int32_t verify(void *self, struct identity *id, struct pin *pin, bool spend_last_try,
                      struct fault *why) {
    struct mynumber *m = self;
    int32_t rc = refuse(m, id, pin, spend_last_try, why);
    rc = rc == SHK_OK ? send_pin(m, id, pin, why) : rc;
    pin_wipe(pin);
    return rc;
}

static int32_t sign(void *self, struct identity *id, const uint8_t *digest, size_t digest_len,
                    struct bytes *signature, struct fault *why) {
    struct mynumber *m = self;
    bytes_clear(signature);
    if (m->stage != STAGE_VERIFIED) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (digest_len != SHA256_LEN) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = compute(m, id, digest, signature, why);
    m->stage = rc == SHK_OK ? STAGE_VERIFIED : STAGE_CLOSED;
    return rc;
}

static void finish(void *self) {
    struct mynumber *m = self;
    m->stage = STAGE_CLOSED;
    jpki_close(&m->jpki);
}

static void mynumber_free(void *self) {
    struct mynumber *m = self;
    if (m != NULL) {
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
    if (m == NULL || jpki_init(&m->jpki, env, &m->rules, habits, log) != SHK_OK) {
        free(m);
        return SHK_E_MEMORY;
    }
    m->env = env;
    m->log = log;
    m->rules = rules != NULL ? *rules : (struct identity_rules){0};
    *out = (struct identity_source){&ops, m};
    return SHK_OK;
}
