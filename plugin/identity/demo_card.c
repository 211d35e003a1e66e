#include <stdlib.h>
#include <string.h>

#include "identity.h"

#define TRIES         3
#define SIGNATURE_LEN 256
#define END_OF_TIME_S INT64_C(253402300799) /* 9999-12-31 */

/* Names what it is to whoever looks at the bytes; no party could take it for a certificate. */
static const char certificate[] = "SHIKAKU DEMO CARD: NOT A CERTIFICATE";

struct demo_card {
    uint8_t pin[PIN_DIGITS];
    int32_t tries_left;
    bool open, verified;
};

static int32_t read_card(void *self, const char *reader, struct identity *id, struct fault *why) {
    struct demo_card *card = self;
    (void)reader;
    identity_clear(id);
    card->open = card->verified = false;
    id->tries_left = card->tries_left;
    if (card->tries_left == 0) {
        return fault_raise(why, SHK_E_PIN_BLOCKED);
    }
    if (bytes_append(&id->certificate, certificate, sizeof certificate - 1) != SHK_OK) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    id->info.kind = KEY_RSA;
    id->info.key_bits = SIGNATURE_LEN * 8;
    id->info.not_after_s = END_OF_TIME_S;
    text_copy(id->info.common_name, sizeof id->info.common_name, "DEMO");
    text_copy(id->info.serial_hex, sizeof id->info.serial_hex, "00");
    text_copy(id->algorithm, sizeof id->algorithm, "RS256");
    id->kind = SHK_CARD_MYNUMBER;
    id->plan = 'A';
    card->open = true;
    return SHK_OK;
}

static int32_t keep(void *self, struct identity *id, struct fault *why) {
    const struct demo_card *card = self;
    id->tries_left = card->tries_left;
    return card->open ? SHK_OK : fault_raise(why, SHK_E_STATE);
}

/* Not a signature: a pattern of the right length. */
static int32_t pretend(struct bytes *signature, size_t digest_len, struct fault *why) {
    uint8_t pattern[SIGNATURE_LEN];
    bytes_clear(signature);
    if (digest_len != 32) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    memset(pattern, 0xDE, sizeof pattern);
    int32_t rc = bytes_append(signature, pattern, sizeof pattern);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static bool pin_equal(const struct demo_card *card, const struct pin *pin) {
    uint8_t differs = 0;
    for (size_t i = 0; i < PIN_DIGITS; i++) {
        differs |= (uint8_t)(card->pin[i] ^ pin->digits[i]);
    }
    return differs == 0;
}

static int32_t refuse(const struct demo_card *card, const struct pin *pin, bool spend_last_try,
                      struct fault *why) {
    if (!card->open) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (!pin_format_ok(pin)) {
        return fault_raise(why, SHK_E_PIN_FORMAT);
    }
    if (card->tries_left == 0) {
        return fault_raise(why, SHK_E_PIN_BLOCKED);
    }
    return card->tries_left > 1 || spend_last_try ? SHK_OK : fault_raise(why, SHK_E_PIN_LAST_TRY);
}

static int32_t compare(struct demo_card *card, const struct pin *pin, struct fault *why) {
    if (pin_equal(card, pin)) {
        card->tries_left = TRIES;
        card->verified = true;
        return SHK_OK;
    }
    card->tries_left--;
    return fault_raise(why, card->tries_left == 0 ? SHK_E_PIN_BLOCKED : SHK_E_PIN_WRONG);
}

static int32_t verify(void *self, struct identity *id, struct pin *pin, bool spend_last_try,
                      struct fault *why) {
    struct demo_card *card = self;
    int32_t rc = refuse(card, pin, spend_last_try, why);
    if (rc == SHK_OK) {
        rc = compare(card, pin, why);
    }
    pin_wipe(pin);
    id->tries_left = card->tries_left;
    return rc;
}

static int32_t sign(void *self, struct identity *id, const uint8_t *digest, size_t digest_len,
                    struct bytes *signature, struct fault *why) {
    const struct demo_card *card = self;
    (void)id, (void)digest;
    bytes_clear(signature);
    return card->verified ? pretend(signature, digest_len, why) : fault_raise(why, SHK_E_STATE);
}

static void finish(void *self) {
    struct demo_card *card = self;
    card->open = card->verified = false;
}

static int32_t apdu_count(void *self) {
    (void)self;
    return 0;
}

static void demo_free(void *self) {
    if (self != NULL) {
        memory_wipe(self, sizeof(struct demo_card));
        free(self);
    }
}

static const struct identity_ops ops = {read_card, keep,       verify,   sign,
                                        finish,    apdu_count, demo_free};

int32_t demo_card_new(const char *pin, struct identity_source *out) {
    *out = (struct identity_source){0};
    struct demo_card *card = calloc(1, sizeof *card);
    if (card == NULL) {
        return SHK_E_MEMORY;
    }
    struct pin given = {.len = PIN_DIGITS};
    bool usable = pin != NULL && strlen(pin) == PIN_DIGITS;
    if (usable) {
        memcpy(given.digits, pin, PIN_DIGITS);
    }
    if (!usable || !pin_format_ok(&given)) {
        free(card);
        return SHK_E_ARGUMENT;
    }
    memcpy(card->pin, given.digits, PIN_DIGITS);
    pin_wipe(&given);
    card->tries_left = TRIES;
    *out = (struct identity_source){&ops, card};
    return SHK_OK;
}
