/*
 * A simulated My Number Card (マイナンバーカード) for tests.
 *
 * It answers ISO 7816-4 commands as the plastic card does, as far as the behaviour is known, and
 * shares no code with the plugin. One `struct vcard` is one card; there are no globals, so any number
 * of cards can live in one process. A card belongs to one thread at a time.
 *
 * The card guards the project's promise: a command that touches the individual number (個人番号) or,
 * unless allowed, the signing objects (署名用) prints `FORBIDDEN <header>` to stderr, appends the line
 * to the marker file, and calls abort(). It holds no individual number at all.
 *
 * Profile keys are listed in README.md beside this file.
 */
#ifndef VIRTUAL_CARD_H
#define VIRTUAL_CARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vcard;

enum vcard_result {
    VCARD_OK = 0,
    VCARD_REMOVED = -1,   /* the card has left the field; nothing was answered */
    VCARD_UNPOWERED = -2, /* no power: call vcard_power_on first */
    VCARD_SPACE = -3,     /* rx_cap is too small for the answer; the command was carried out */
    VCARD_DROPPED =
        -4,           /* the way to the card broke and its power with it; the card is still there */
    VCARD_SILENT = -5 /* no answer will ever come to this command */
};

/* The largest answer including the two status bytes. */
#define VCARD_MAX_ANSWER 65535u

/* One command as a trace shows it. The data field is left out on purpose: it may be a PIN. */
struct vcard_trace {
    uint32_t index;           /* counts from 1 since vcard_new */
    uint8_t cla, ins, p1, p2; /* zero where the command was too short to have them */
    int32_t lc;               /* -1: absent */
    int32_t le;               /* -1: absent; 256 or 65536 for "all" */
    uint16_t sw;              /* 0: there was no answer */
    size_t rx_len;            /* answer data without the status bytes */
    int64_t micros;           /* time inside the card, delays included */
};

typedef void (*vcard_trace_fn)(void *self, const struct vcard_trace *t);

/* Waits `ms`; a value other than 0 means that the card was taken away while it worked. */
typedef int (*vcard_sleep_fn)(void *self, uint32_t ms);

/*
 * Reads the profile and everything it names. The card starts in the field without power.
 * NULL: `why` (always terminated when why_cap > 0) says in English what is wrong, with line or key.
 * Retry counters come from the state file: the profile's `state` key, else "<profile>.state".
 */
struct vcard *vcard_new(const char *profile_path, char *why, size_t why_cap);

/* Wipes secrets. Accepts NULL. */
void vcard_free(struct vcard *card);

/*
 * Keeps the retry counters in another file, or with NULL in memory only (counters as now).
 * Returns 0, or -1 when the file exists but cannot be understood or the path is too long.
 */
int vcard_set_state(struct vcard *card, const char *path);

/* Appends FORBIDDEN lines to this file too; NULL for none. Returns 0, or -1 for a path too long. */
int vcard_set_forbidden_marker(struct vcard *card, const char *path);

/* Opens the signing objects for tools that insist on them. The individual number stays forbidden. */
void vcard_allow_signature(struct vcard *card, int allow);

/* Removes the card when command number n (from 1) arrives, before it is carried out; 0: never. */
void vcard_remove_at(struct vcard *card, uint32_t n);

/* NULL functions restore the default (no trace; real sleep). `self` is passed through. */
void vcard_set_trace(struct vcard *card, vcard_trace_fn fn, void *self);
void vcard_set_sleep(struct vcard *card, vcard_sleep_fn fn, void *self);

/* The card leaves the field: power and verified PINs are gone. Placing it back needs power_on. */
void vcard_remove(struct vcard *card);
void vcard_insert(struct vcard *card);
int vcard_present(const struct vcard *card);

/* Cold start, power loss, warm reset. A warm reset keeps verified PINs unless the profile says no. */
void vcard_power_on(struct vcard *card);
void vcard_power_off(struct vcard *card);
void vcard_reset(struct vcard *card);

/* Borrowed, valid until vcard_free. The ATR can be had without power. */
const uint8_t *vcard_atr(const struct vcard *card, size_t *len);

/*
 * One command, one answer with SW1 SW2 at its end. Returns an enum vcard_result; *rx_len is 0 unless
 * it is VCARD_OK. tx and rx may not overlap. rx_cap of VCARD_MAX_ANSWER always suffices.
 */
int vcard_transmit(struct vcard *card, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t rx_cap,
                   size_t *rx_len);

/* Commands received, VERIFY commands with a PIN in them, and signatures made, since vcard_new. */
uint32_t vcard_apdu_count(const struct vcard *card);
uint32_t vcard_verify_count(const struct vcard *card);
uint32_t vcard_sign_count(const struct vcard *card);

/* Tries left of the user-authentication PIN (利用者証明用暗証番号); 0 means blocked. */
int vcard_pin_tries(const struct vcard *card);

#ifdef __cplusplus
}
#endif

#endif
