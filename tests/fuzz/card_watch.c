#include "card_watch.h"

#include <string.h>

#include "card_rules.h"
#include "fuzz.h"

#define SW_DONE      0x9000
#define SW_UNCOUNTED 0x6300

void card_watch_allow(struct card_watch *w, const struct card_watch_pin *pin, bool spend_last_try) {
    w->may_verify = true;
    w->spend_last_try = spend_last_try;
    w->pin = pin != NULL ? *pin : (struct card_watch_pin){.len = 0};
    w->verifies = 0;
}

void card_watch_forbid(struct card_watch *w) {
    w->may_verify = w->may_sign = false;
}

static void forget_card(struct card_watch *w) {
    w->tries = -1;
    w->uncounted = w->verified = w->lost = w->more = false;
    w->file = 0;
    w->wrong_n = 0;
}

static bool was_wrong(const struct card_watch *w) {
    for (size_t i = 0; i < w->wrong_n; i++) {
        if (w->wrong[i].len == w->pin.len &&
            memcmp(w->wrong[i].digits, w->pin.digits, w->pin.len) == 0) {
            return true;
        }
    }
    return false;
}

/* A PIN is about to leave, from the buffer or from the reader's keys. */
static void pin_leaves(struct card_watch *w, bool typed) {
    fuzz_must(w->may_verify, "a PIN was sent by a call that was given none");
    fuzz_must(++w->verifies == 1, "a PIN was sent twice");
    fuzz_must(typed == (w->pin.len == 0), "the PIN comes from elsewhere than it was given");
    fuzz_must(!w->lost, "a PIN was sent behind one whose result is not known");
    fuzz_must(typed || !was_wrong(w), "a PIN was sent that was wrong before");
    fuzz_must(w->tries != 0, "a PIN was sent to a card that said blocked");
    bool unlimited = w->user == WATCH_CODE_B && w->uncounted;
    fuzz_must(w->tries > 1 || unlimited || w->spend_last_try, "the last try was sent unasked");
}

static void note_wrong(struct card_watch *w) {
    if (w->pin.len > 0 && w->wrong_n < WATCH_PINS) {
        w->wrong[w->wrong_n++] = w->pin;
    }
}

static void note_tries(struct card_watch *w, uint16_t sw) {
    bool blocked = sw == 0x6983 || sw == 0x6984;
    w->tries = (sw & 0xFFF0) == 0x63C0 ? sw & 0x0F : blocked ? 0 : -1;
    w->uncounted = sw == SW_UNCOUNTED;
}

/* sw 0: no answer. */
static void pin_answered(struct card_watch *w, uint16_t sw) {
    bool wrong = (sw & 0xFFF0) == 0x63C0 || sw == SW_UNCOUNTED;
    note_tries(w, sw);
    w->verified = sw == SW_DONE;
    w->lost = !wrong;
    if (wrong) {
        note_wrong(w);
    }
}

static bool carries_pin(const uint8_t *tx, size_t n) {
    return tx[1] == 0x20 && n > 4;
}

static void before(struct card_watch *w, const uint8_t *tx, size_t n) {
    fuzz_must(w->in_transaction, "a command outside a transaction");
    fuzz_must(++w->transmits < WATCH_TRANSMITS, "the flow does not end");
    card_rules_check(w, tx, n);
    if (carries_pin(tx, n)) {
        pin_leaves(w, false);
        fuzz_must(n == 5 + w->pin.len && tx[4] == w->pin.len &&
                      memcmp(tx + 5, w->pin.digits, w->pin.len) == 0,
                  "another PIN was sent than was given");
    }
}

static void behind(struct card_watch *w, const uint8_t *tx, size_t n, uint16_t sw) {
    w->more = sw >> 8 == 0x61;
    if (carries_pin(tx, n)) {
        pin_answered(w, sw);
    } else if (tx[1] == 0x20) {
        note_tries(w, sw);
    }
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct card_watch *w = self;
    uint8_t head[5] = {0};
    memcpy(head, tx, tx_len < sizeof head ? tx_len : sizeof head);
    before(w, tx, tx_len);
    int32_t rc = w->ops->transmit(w->self, tx, tx_len, rx, rx_len, why);
    uint32_t sw = 0;
    if (rc == SHK_OK && *rx_len >= 2) {
        sw = (uint32_t)rx[*rx_len - 2] << 8 | rx[*rx_len - 1];
    }
    behind(w, head, tx_len, (uint16_t)sw);
    return rc;
}

/* The reader's own words say that the card was not asked; a reader that fails may have asked it. */
static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    struct card_watch *w = self;
    const uint8_t head[] = {ask->head[0], ask->head[1], ask->head[2], ask->head[3], 0};
    fuzz_must(w->in_transaction, "the reader's keys outside a transaction");
    card_rules_check(w, head, sizeof head);
    pin_leaves(w, true);
    int32_t rc = w->ops->pad_verify(w->self, ask, sw, why);
    pin_answered(w, rc == SHK_OK ? *sw : 0);
    w->lost = w->lost && !(rc == SHK_OK && *sw >> 8 == 0x64);
    return rc;
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    struct card_watch *w = self;
    return w->ops->list(w->self, out, why);
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct card_watch *w = self;
    return w->ops->wait(w->self, seen, ms, why);
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct card_watch *w = self;
    fuzz_must(!w->may_verify, "the connection is made anew while a PIN is on its way");
    fuzz_must(++w->connects < WATCH_TRANSMITS, "connections without end");
    forget_card(w);
    int32_t rc = w->ops->connect(w->self, reader, why);
    w->connected = rc == SHK_OK;
    return rc;
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    struct card_watch *w = self;
    fuzz_must(w->connected && !w->in_transaction, "a transaction that cannot begin");
    int32_t rc = w->ops->begin(w->self, waited, why);
    w->in_transaction = rc == SHK_OK;
    w->begins += w->in_transaction;
    return rc;
}

static void end(void *self, bool power_down) {
    struct card_watch *w = self;
    w->power_downs += w->in_transaction && power_down;
    w->in_transaction = false;
    w->ops->end(w->self, power_down);
}

static void disconnect(void *self) {
    struct card_watch *w = self;
    w->disconnects += w->connected;
    w->connected = w->in_transaction = false;
    w->ops->disconnect(w->self);
}

static void let_go(void *self) {
    struct card_watch *w = self;
    if (w->ops->let_go == NULL) {
        end(self, true);
        disconnect(self);
        return;
    }
    w->power_downs += w->in_transaction;
    w->disconnects += w->connected;
    w->connected = w->in_transaction = false;
    w->ops->let_go(w->self);
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    struct card_watch *w = self;
    return w->ops->traits(w->self, out, why);
}

const struct card_ops card_watch_ops = {list, wait_change, connect_card, begin,      transmit,
                                        end,  disconnect,  traits,       pad_verify, let_go};
