#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "identity.h"

#define CERTIFICATE_MAX 4096
#define RSA_BITS_MIN    2048
#define RSA_BITS_MAX    4096
#define LABEL_LEN       32
#define SHA256_LEN      32
#define SW_OK           0x9000
#define SW_NO_FILE_NOW  0x6986

/* The application of the certificates (公的個人認証AP). The card is never asked for another one. */
static const uint8_t jpki_aid[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};

/* Every file that this plugin can select. Those of the signing key (署名用) and of the individual
 * number (個人番号) have no name here, and select_file takes nothing but these names. */
enum jpki_file {
    FILE_LABEL = 0x0006,
    FILE_CERTIFICATE = 0x000A,
    FILE_KEY = 0x0017,
    FILE_PIN = 0x0018
};

static const char old_card_label[] = "JPKIAPICCTOKEN";

/* The VERIFY command lies in struct pin as it goes to the card. */
_Static_assert(offsetof(struct pin, head) == 0 &&
                   offsetof(struct pin, digits) == sizeof((struct pin *)0)->head,
               "head and digits are one command");

enum stage { STAGE_CLOSED, STAGE_PIN, STAGE_VERIFIED };

struct mynumber {
    const struct env *env;
    struct log *log;
    struct card card;
    enum stage stage;
    int32_t apdus_before; /* of the connection before this one, within one read */
};

static int32_t select_file(struct mynumber *m, enum jpki_file file, struct fault *why) {
    return card_select_ef(&m->card, (uint16_t)file, why);
}

static int32_t open_application(struct mynumber *m, const char *reader, struct fault *why) {
    int32_t rc = card_open(&m->card, reader, why);
    return rc == SHK_OK ? card_select_aid(&m->card, jpki_aid, sizeof jpki_aid, why) : rc;
}

/* The card before this one (住民基本台帳カード) has the same application. Its certificates ended long
 * ago, so the label is read only when one has: the usual card does not pay for the question. */
static bool is_old_card(struct mynumber *m) {
    const size_t name_len = sizeof old_card_label - 1;
    if (select_file(m, FILE_LABEL, NULL) != SHK_OK ||
        card_read_start(&m->card, LABEL_LEN, NULL) != SHK_OK || m->card.reply_len < LABEL_LEN) {
        return false;
    }
    size_t n = LABEL_LEN;
    while (n > 0 && (m->card.reply[n - 1] == ' ' || m->card.reply[n - 1] == 0)) {
        n--;
    }
    return n == name_len && memcmp(m->card.reply, old_card_label, name_len) == 0;
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
    return fault_raise(why, is_old_card(m) ? SHK_E_NOT_MYNUMBER : SHK_E_CERTIFICATE_EXPIRED);
}

static int32_t read_certificate(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t rc = select_file(m, FILE_CERTIFICATE, why);
    if (rc == SHK_OK) {
        rc = card_read_der(&m->card, CERTIFICATE_MAX, &id->certificate, why);
    }
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
    static const uint8_t apdu[] = {0x00, 0x20, 0x00, 0x80};
    int32_t rc = card_send_once(&m->card, apdu, sizeof apdu, why);
    if (rc != SHK_OK) {
        return rc;
    }
    uint16_t sw = m->card.sw;
    if (is_blocked(sw)) {
        id->tries_left = 0;
        return fault_set(why, SHK_E_PIN_BLOCKED, SHK_NATIVE_SW, sw, NULL);
    }
    if (sw == SW_NO_FILE_NOW) {
        return fault_set(why, SHK_E_CARD_RESET, SHK_NATIVE_SW, sw, NULL);
    }
    if (!is_count(sw) && sw != SW_OK && sw != 0x6300) {
        return card_fault_sw(&m->card, why, "VERIFY query");
    }
    id->tries_left = is_count(sw) ? sw & 0x0F : -1;
    return SHK_OK;
}

/* Another program left the card with its PIN verified, which hides the counter. Without power the card
 * forgets that. */
static int32_t start_again(struct mynumber *m, const char *reader, struct identity *id,
                           struct fault *why) {
    m->apdus_before = m->card.apdu_count;
    int32_t rc = open_application(m, reader, why);
    if (rc == SHK_OK) {
        rc = select_file(m, FILE_PIN, why);
    }
    return rc == SHK_OK ? query(m, id, why) : rc;
}

static int32_t apdu_count(void *self) {
    const struct mynumber *m = self;
    return m->apdus_before + m->card.apdu_count;
}

static int32_t read_card(void *self, const char *reader, struct identity *id, struct fault *why) {
    struct mynumber *m = self;
    m->stage = STAGE_CLOSED;
    m->apdus_before = 0;
    identity_clear(id);
    int32_t rc = open_application(m, reader, why);
    if (rc == SHK_OK) {
        rc = read_certificate(m, id, why);
    }
    if (rc == SHK_OK) {
        rc = select_file(m, FILE_PIN, why);
    }
    if (rc == SHK_OK) {
        rc = query(m, id, why);
    }
    if (rc == SHK_OK && m->card.sw == SW_OK) {
        rc = start_again(m, reader, id, why);
    }
    if (rc == SHK_OK) {
        m->stage = STAGE_PIN;
        log_event(m->log, SHK_LOG_INFO, "card.read", "apdus,certificate_bytes,tries",
                  (int64_t)apdu_count(m), (int64_t)id->certificate.n, (int64_t)id->tries_left);
    }
    return rc;
}

static int32_t keep_pin(struct mynumber *m, struct identity *id, struct fault *why) {
    int32_t before = id->tries_left;
    int32_t rc = query(m, id, why);
    if (rc == SHK_OK && before >= 0 && id->tries_left < 0) {
        rc = card_fault_sw(&m->card, why, "VERIFY query");
    }
    return rc;
}

static int32_t keep(void *self, struct identity *id, struct fault *why) {
    struct mynumber *m = self;
    if (m->stage == STAGE_CLOSED) {
        return fault_raise(why, SHK_E_STATE);
    }
    /* A verified PIN hides its counter. The key is selected already: naming it again changes nothing. */
    int32_t rc = m->stage == STAGE_VERIFIED ? select_file(m, FILE_KEY, why) : keep_pin(m, id, why);
    if (rc != SHK_OK) {
        m->stage = STAGE_CLOSED;
    }
    return rc;
}

/* After a try whose result is not known, no other PIN is sent in this transaction. */
static int32_t judge_verify(struct mynumber *m, struct identity *id, struct fault *why) {
    uint16_t sw = m->card.sw;
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
    return card_fault_sw(&m->card, why, "VERIFY");
}

static int32_t verify(struct mynumber *m, struct identity *id, struct pin *pin, struct fault *why) {
    static const uint8_t head[] = {0x00, 0x20, 0x00, 0x80, PIN_DIGITS};
    m->stage = STAGE_CLOSED;
    id->tries_left = -1;
    memcpy(pin->head, head, sizeof head);
    int32_t rc = card_send_once(&m->card, (const uint8_t *)pin, sizeof head + PIN_DIGITS, why);
    pin_wipe(pin);
    return rc == SHK_OK ? judge_verify(m, id, why) : rc;
}

/* COMPUTE DIGITAL SIGNATURE over the DigestInfo; the selected file is the key's. */
static int32_t compute(struct mynumber *m, const struct identity *id, const uint8_t *digest,
                       struct bytes *signature, struct fault *why) {
    uint8_t apdu[] = {0x80,
                      0x2A,
                      0x00,
                      0x80,
                      0x33,
                      /* SHA-256 */ 0x30,
                      0x31,
                      0x30,
                      0x0D,
                      0x06,
                      0x09,
                      0x60,
                      0x86,
                      0x48,
                      0x01,
                      0x65,
                      0x03,
                      0x04,
                      0x02,
                      0x01,
                      0x05,
                      0x00,
                      0x04,
                      0x20,
                      [24 + SHA256_LEN] = 0x00};
    memcpy(apdu + 24, digest, SHA256_LEN);
    int32_t rc = card_send(&m->card, apdu, sizeof apdu, why);
    if (rc != SHK_OK) {
        return rc;
    }
    const uint8_t *made = m->card.reply;
    size_t n = m->card.reply_len;
    if (m->card.sw != SW_OK || n != ((size_t)id->info.key_bits + 7) / 8 ||
        !certificate_verifies(id->certificate.p, id->certificate.n, digest, SHA256_LEN, made, n)) {
        return fault_set(why, SHK_E_SIGNATURE, SHK_NATIVE_SW, m->card.sw, NULL);
    }
    rc = bytes_append(signature, made, n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* Before anything is sent. An unknown counter is treated as the last try. */
static int32_t refuse(const struct mynumber *m, const struct identity *id, const struct pin *pin,
                      bool spend_last_try, size_t digest_len, struct fault *why) {
    if (m->stage != STAGE_PIN) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (!pin_format_ok(pin)) {
        return fault_raise(why, SHK_E_PIN_FORMAT);
    }
    if (digest_len != SHA256_LEN) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    if (id->tries_left == 0) {
        return fault_raise(why, SHK_E_PIN_BLOCKED);
    }
    return id->tries_left > 1 || spend_last_try ? SHK_OK : fault_raise(why, SHK_E_PIN_LAST_TRY);
}

static int32_t sign(void *self, struct identity *id, struct pin *pin, bool spend_last_try,
                    const uint8_t *digest, size_t digest_len, struct bytes *signature,
                    struct fault *why) {
    struct mynumber *m = self;
    bytes_clear(signature);
    int32_t rc = refuse(m, id, pin, spend_last_try, digest_len, why);
    if (rc == SHK_OK) {
        rc = verify(m, id, pin, why);
    }
    pin_wipe(pin);
    if (rc == SHK_OK) {
        rc = select_file(m, FILE_KEY, why);
    }
    if (rc == SHK_OK) {
        rc = compute(m, id, digest, signature, why);
    }
    if (rc != SHK_OK && m->stage == STAGE_VERIFIED) {
        m->stage = STAGE_CLOSED;
    }
    return rc;
}

static int32_t sign_again(void *self, struct identity *id, const uint8_t *digest, size_t digest_len,
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
    card_close(&m->card);
}

static void mynumber_free(void *self) {
    struct mynumber *m = self;
    if (m != NULL) {
        card_clear(&m->card);
        free(m);
    }
}

static const struct identity_ops ops = {read_card, keep,       sign,         sign_again,
                                        finish,    apdu_count, mynumber_free};

int32_t mynumber_new(const struct env *env, struct log *log, struct identity_source *out) {
    *out = (struct identity_source){0};
    struct mynumber *m = calloc(1, sizeof *m);
    if (m == NULL || card_init(&m->card, env->card, env->card_self, log) != SHK_OK) {
        free(m);
        return SHK_E_MEMORY;
    }
    m->env = env;
    m->log = log;
    *out = (struct identity_source){&ops, m};
    return SHK_OK;
}
