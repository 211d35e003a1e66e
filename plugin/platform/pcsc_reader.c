#include <string.h>

#include "bytes.h"
#include "pcsc_parts.h"

#define CONTROL_MAX   264 /* what a reader may say of itself */
#define PAD_S         30  /* when the question names no time */
#define PAD_MORE_MS   5000
#define PAD_TIMED_OUT 0x6400
#define PAD_CANCELLED 0x6401

static size_t control(struct transport *t, uint32_t code, uint8_t *rx) {
    size_t n = CONTROL_MAX;
    if (t->line == NULL || code == 0) {
        return 0;
    }
    uint32_t rv = pcsc_line_control(t->line, code, NULL, 0, rx, &n, t->limit_ms);
    return pcsc_check(t, rv, t->reader, SHK_E_CARD_HANGS) == PCSC_OK ? n : 0;
}

static size_t attribute(struct transport *t, uint32_t id, uint8_t *rx) {
    size_t n = CONTROL_MAX;
    if (t->line == NULL) {
        return 0;
    }
    uint32_t rv = pcsc_line_attribute(t->line, id, rx, &n, t->limit_ms);
    return pcsc_check(t, rv, t->reader, SHK_E_CARD_HANGS) == PCSC_OK ? n : 0;
}

static void ask_atr(struct transport *t) {
    uint8_t rx[CONTROL_MAX];
    size_t n = attribute(t, PCSC_ATTRIBUTE_ATR, rx);
    if (n <= ATR_MAX) {
        memcpy(t->traits.atr, rx, n);
        t->traits.atr_len = n;
    }
}

/* A refusal says nothing, whatever its code: one and the same is a missing feature with one service and
 * an accident with another. A card that left is noticed by the next command. */
static void ask_reader(struct transport *t) {
    uint8_t rx[CONTROL_MAX];
    t->traits = (struct reader_traits){0};
    part10_features(rx, control(t, pcsc_feature_request(), rx), &t->features);
    t->traits.pin_pad = t->features.verify_pin_direct != 0;
    part10_properties(rx, control(t, t->features.tlv_properties, rx), &t->traits, &t->no_display);
    part10_vendor(rx, attribute(t, PCSC_ATTRIBUTE_VENDOR, rx), &t->traits);
    part10_version(rx, attribute(t, PCSC_ATTRIBUTE_VERSION, rx), &t->traits);
    ask_atr(t);
}

int32_t pcsc_traits(void *self, struct reader_traits *out, struct fault *why) {
    struct transport *t = self;
    *out = (struct reader_traits){0};
    if (!t->connected) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (!t->asked) {
        ask_reader(t);
        t->asked = t->connected;
    }
    if (!t->connected) {
        return pcsc_fault(why, SHK_E_CARD_HANGS, PCSC_LATE, "SCardControl");
    }
    *out = t->traits;
    return SHK_OK;
}

/* Some drivers say in their own way what others say with a status word. */
static bool pad_status(uint32_t rv, const uint8_t *rx, size_t n, uint16_t *sw) {
    if (rv == PCSC_TIMEOUT || rv == PCSC_CANCELLED) {
        *sw = rv == PCSC_TIMEOUT ? PAD_TIMED_OUT : PAD_CANCELLED;
        return true;
    }
    if (rv != PCSC_OK || n < 2) {
        return false;
    }
    *sw = (uint16_t)(rx[n - 2] << 8 | rx[n - 1]);
    return true;
}

/* Whatever comes of it: it is never asked again here, as it may have cost a try. */
static int32_t put_question(struct transport *t, const struct pad_question *ask, const uint8_t *tx,
                            size_t tx_len, uint16_t *sw, struct fault *why) {
    uint8_t rx[CONTROL_MAX];
    size_t n = sizeof rx;
    uint32_t rv = pcsc_line_control(t->line, t->features.verify_pin_direct, tx, tx_len, rx, &n,
                                    ask->timeout_s * 1000 + PAD_MORE_MS);
    rv = pcsc_check(t, rv, t->reader, SHK_E_CARD_HANGS);
    return pad_status(rv, rx, n, sw) ? SHK_OK : pcsc_no_answer(t, rv, "SCardControl", why);
}

int32_t pcsc_pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                        struct fault *why) {
    struct transport *t = self;
    uint8_t tx[PART10_VERIFY_MAX];
    struct reader_traits known;
    struct pad_question timed = *ask;
    *sw = 0;
    if (!t->in_transaction) {
        return fault_raise(why, SHK_E_STATE);
    }
    int32_t rc = pcsc_traits(t, &known, why);
    if (rc != SHK_OK || !known.pin_pad) {
        return rc != SHK_OK ? rc : fault_raise(why, SHK_E_READER);
    }
    timed.timeout_s = ask->timeout_s > 0 ? ask->timeout_s : PAD_S;
    timed.timeout_s = timed.timeout_s < UINT8_MAX ? timed.timeout_s : UINT8_MAX;
    size_t tx_len = part10_verify(&timed, t->no_display, tx);
    return tx_len > 0 ? put_question(t, &timed, tx, tx_len, sw, why)
                      : fault_raise(why, SHK_E_ARGUMENT);
}
