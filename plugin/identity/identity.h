/* Who the patient is, proven by the card: certificate, PIN, signature. One interface, two kinds:
 * the My Number Card on a reader, and the demo card that needs no reader. */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "crypto.h"
#include "env.h"

#define PIN_DIGITS    4
#define CODE_B_DIGITS 14

/* The one buffer of a PIN or of 照合番号B: the VERIFY command is built around the digits where they lie,
 * so that they are never copied inside the plugin. Allocated with secret_new. */
struct pin {
    uint8_t head[5];               /* filled by the identity that sends it */
    uint8_t digits[CODE_B_DIGITS]; /* ASCII */
    uint8_t len;                   /* 0: no PIN here */
};
/* True when it holds four ASCII digits. */
bool pin_format_ok(const struct pin *pin);
/* Of an SHK_PIN_ kind: its digits; whether the buffer holds one that may be sent; SHK_E_PIN_FORMAT or
 * SHK_E_CODE_FORMAT for one that does not; "auth", "text", "code_b", else "". */
size_t pin_kind_digits(int32_t kind);
bool pin_kind_fits(int32_t kind, const struct pin *pin);
int32_t pin_kind_fault(int32_t kind);
const char *pin_kind_name(int32_t kind);
void pin_wipe(struct pin *pin);

/* From the configuration: what rests on one source can be switched off. */
struct identity_rules {
    enum extended_rule { EXTENDED_AUTO, EXTENDED_ALWAYS, EXTENDED_NEVER } extended;
    bool no_short_ids, no_short_sign;
    enum phone_rule { PHONE_ANDROID, PHONE_ANY, PHONE_NONE } phone;
    bool no_p384, no_pin_pad;
};

struct identity {
    struct bytes
        certificate; /* DER of the 利用者証明用 certificate; a phone's is empty until verify */
    struct certificate_key *key; /* its key; a demo card has none */
    struct certificate_info info;
    char algorithm[8];  /* "RS256" or "ES384"; empty like the certificate */
    int32_t tries_left; /* of the PIN, as the card said last; -1 unknown */
    int32_t kind;       /* SHK_CARD_ */
    /* verify may be called without a PIN: the reader takes it. False again when the reader said that it took
     * none and the card counts otherwise. */
    bool pin_pad;
    bool waited; /* another program was at the card when read was called */
    char plan;   /* 'A', 'B' or 'C': how it was read */
};
void identity_clear(struct identity *id);

/* One source of identities. The session calls: read, keep*, verify, sign*, finish; finish on every path. */
struct identity_ops {
    /* Opens the card on the reader and reads everything that needs no PIN: the application, the
     * certificate, the retry counter. Begins the transaction that finish ends.
     * SHK_E_NOT_MYNUMBER, SHK_E_JUKI_CARD, SHK_E_PHONE_REFUSED, SHK_E_NO_CERTIFICATE, SHK_E_CERTIFICATE…,
     * SHK_E_PIN_BLOCKED, SHK_E_PIN_NONE, card faults. */
    int32_t (*read)(void *self, const char *reader, struct identity *id, struct fault *why);
    /* Asks the card once more for the retry counter while the PIN is awaited, and behind a signature
     * speaks to it without asking for anything: notices a card that was taken away, and keeps an idle
     * transaction from being reset. */
    int32_t (*keep)(void *self, struct identity *id, struct fault *why);
    /* Sends the PIN once and wipes it, on every path. pin null: the digits are typed on the reader
     * (id->pin_pad), within its own time. A phone's certificate is read and judged behind it.
     * SHK_E_PIN_WRONG (id->tries_left is new), SHK_E_PIN_BLOCKED, SHK_E_PIN_LAST_TRY when one try is left
     * and !spend_last_try (nothing is sent), SHK_E_PIN_FORMAT (nothing is sent), SHK_E_PIN_SAME when the
     * card has called these digits wrong since read (nothing is sent), SHK_E_PIN_PAD,
     * SHK_E_CERTIFICATE…, card faults. */
    int32_t (*verify)(void *self, struct identity *id, struct pin *pin, bool spend_last_try,
                      struct fault *why);
    /* Signs the digest (SHA-256 or SHA-384 as id->algorithm says) with the PIN verified in this
     * transaction. SHK_E_SIGNATURE, card faults; then nothing can be signed any more. */
    int32_t (*sign)(void *self, struct identity *id, const uint8_t *digest, size_t digest_len,
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
struct habits;
/* The My Number Card over the card seam of env. rules null: all as the configuration's defaults. habits:
 * what is remembered of readers, borrowed; null remembers nothing. */
int32_t mynumber_new(const struct env *env, struct log *log, const struct identity_rules *rules,
                     struct habits *habits, struct identity_source *out);
/* A card without a reader, for the demo route: its PIN is `pin`, three tries, any number of checks. */
int32_t demo_card_new(const char *pin, struct identity_source *out);

#endif
