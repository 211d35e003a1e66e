/* Between the product and whatever answers as a card: watches what is sent. A command that must not be is the end
 * (fuzz_must): a second PIN, a last try without the word, a file of the 個人番号 or of the 署名用 key. */
#ifndef FUZZ_CARD_WATCH_H
#define FUZZ_CARD_WATCH_H

#include "env.h"

#define WATCH_DIGITS    14
#define WATCH_PINS      32
#define WATCH_TRANSMITS 4000 /* of one input; more is a flow without end */

/* Who speaks to the card: what may be named differs. */
enum card_watch_user { WATCH_IDENTITY, WATCH_PROBE, WATCH_TEXT_PIN, WATCH_CODE_B };

struct card_watch_pin {
    uint8_t digits[WATCH_DIGITS];
    size_t len;
};

struct card_watch {
    const struct card_ops *ops; /* what answers */
    void *self;
    enum card_watch_user user;
    /* What the call that is under way may do. */
    bool may_verify, spend_last_try, may_sign;
    struct card_watch_pin pin; /* len 0: typed on the reader */
    /* What was seen. */
    uint32_t verifies; /* of the call under way */
    uint32_t transmits, connects, disconnects, begins, power_downs;
    bool connected, in_transaction;
    /* What the card said in this connection. */
    int32_t tries; /* -1: not said */
    bool uncounted, verified, lost, more;
    uint16_t file; /* named last; 0: none */
    struct card_watch_pin wrong[WATCH_PINS];
    size_t wrong_n;
};

/* Before a call that may send this PIN (null: typed on the reader), and behind it. */
void card_watch_allow(struct card_watch *w, const struct card_watch_pin *pin, bool spend_last_try);
void card_watch_forbid(struct card_watch *w);

extern const struct card_ops card_watch_ops;

#endif
