/* Who the patient is, proven by the card: certificate, PIN, signature. One interface, two kinds:
 * the My Number Card on a reader, and the demo card that needs no reader. */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "crypto.h"
#include "env.h"

#define PIN_DIGITS 4

/* The PIN's one buffer: the VERIFY command is built around the digits where they lie, so that they
 * are never copied inside the plugin. Allocated with secret_new. */
struct pin {
    uint8_t head[5];            /* filled by the identity that sends it */
    uint8_t digits[PIN_DIGITS]; /* ASCII */
    uint8_t len;                /* 0: no PIN here */
};
/* True when it holds four ASCII digits. */
bool pin_format_ok(const struct pin *pin);
void pin_wipe(struct pin *pin);

struct identity {
    struct bytes certificate; /* DER of the 利用者証明用 certificate */
    struct certificate_info info;
    char algorithm[8];  /* "RS256" or "ES384" */
    int32_t tries_left; /* of the PIN, as the card said last; -1 unknown */
};
void identity_clear(struct identity *id);

/* One source of identities. The session calls: read, keep*, sign, finish; finish on every path. */
struct identity_ops {
    /* Opens the card on the reader and reads everything that needs no PIN: the application, the
     * certificate, the retry counter. Begins the transaction that finish ends.
     * SHK_E_NOT_MYNUMBER, SHK_E_CERTIFICATE, SHK_E_PIN_BLOCKED, card faults. */
    int32_t (*read)(void *self, const char *reader, struct identity *id, struct fault *why);
    /* Asks the card once more for the retry counter while the PIN is awaited, and behind a signature
     * speaks to it without asking for anything: notices a card that was taken away, and keeps an idle
     * transaction from being reset. */
    int32_t (*keep)(void *self, struct identity *id, struct fault *why);
    /* Sends the PIN once and wipes it, on every path; then signs the digest (SHA-256 or SHA-384 as
     * id->algorithm says). SHK_E_PIN_WRONG (id->tries_left is new), SHK_E_PIN_BLOCKED,
     * SHK_E_PIN_LAST_TRY when one try is left and !spend_last_try (nothing is sent),
     * SHK_E_PIN_FORMAT (nothing is sent), SHK_E_SIGNATURE, card faults. */
    int32_t (*sign)(void *self, struct identity *id, struct pin *pin, bool spend_last_try,
                    const uint8_t *digest, size_t digest_len, struct bytes *signature,
                    struct fault *why);
    /* Signs once more with the PIN already verified in this transaction. */
    int32_t (*sign_again)(void *self, struct identity *id, const uint8_t *digest, size_t digest_len,
                          struct bytes *signature, struct fault *why);
    /* Powers the card down and lets it go. Never fails. */
    void (*finish)(void *self);
    /* APDUs sent since read began. */
    int32_t (*apdu_count)(void *self);
    void (*free)(void *self);
};

struct identity_source {
    const struct identity_ops *ops;
    void *self;
};

struct log;
/* The My Number Card over the card seam of env. */
int32_t mynumber_new(const struct env *env, struct log *log, struct identity_source *out);
/* A card without a reader, for the demo route: its PIN is `pin`, three tries, any number of checks. */
int32_t demo_card_new(const char *pin, struct identity_source *out);

#endif
