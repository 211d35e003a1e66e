#include "card_shy.h"

#include "bytes.h"

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    return card_virtual_ops.list(((struct card_shy *)self)->card, out, why);
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    return card_virtual_ops.wait(((struct card_shy *)self)->card, seen, ms, why);
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct card_shy *s = self;
    s->broken = false;
    return card_virtual_ops.connect(s->card, reader, why);
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    return card_virtual_ops.begin(((struct card_shy *)self)->card, waited, why);
}

static bool is_extended(const uint8_t *tx, size_t n) {
    return n == 7 && tx[1] == 0xB0 && tx[4] == 0;
}

/* The status word for a command of the kind that is refused, or 0. */
static uint16_t refusal(const struct card_shy *s, const uint8_t *tx, size_t n) {
    if (is_extended(tx, n) && s->extended_sw != 0) {
        return s->extended_sw;
    }
    if (tx[1] == 0xB0 && (tx[2] & 0x80) != 0) {
        return s->read_sw;
    }
    if (tx[1] == 0x20 && tx[3] != 0x80) {
        return s->verify_sw;
    }
    if (tx[1] == 0xA4 && n == 7 && tx[6] == s->select_file) {
        return s->select_sw;
    }
    return tx[1] == 0x2A && tx[3] != 0x80 ? s->sign_sw : 0;
}

static void put_status(uint8_t *rx, size_t *rx_len, size_t n, uint16_t sw) {
    rx[n] = (uint8_t)(sw >> 8);
    rx[n + 1] = (uint8_t)sw;
    *rx_len = n + 2;
}

static void note(struct card_shy *s, const uint8_t *tx, size_t n) {
    if (s->said < CARD_SHY_TRACE) {
        size_t most = tx[1] == 0x20 ? 5 : 7;
        hex_encode(tx, n < most ? n : most, s->trace[s->said]);
    }
    s->said++;
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct card_shy *s = self;
    bool extended = is_extended(tx, tx_len);
    uint16_t sw = refusal(s, tx, tx_len);
    note(s, tx, tx_len);
    if (extended && s->extended_fault != 0) {
        s->refused++;
        s->broken = true;
        return fault_set(why, s->extended_fault, SHK_NATIVE_PCSC, -1, NULL);
    }
    if (s->broken) {
        return fault_set(why, SHK_E_CARD_RESET, SHK_NATIVE_PCSC, -1, NULL);
    }
    if (sw != 0) {
        s->refused++;
        put_status(rx, rx_len, 0, sw);
        return SHK_OK;
    }
    int32_t rc = card_virtual_ops.transmit(s->card, tx, tx_len, rx, rx_len, why);
    if (rc == SHK_OK && extended && s->extended_below != 0 && *rx_len > s->extended_below + 1) {
        s->refused++;
        put_status(rx, rx_len, s->extended_below - 1, 0x9000);
    }
    return rc;
}

static void end(void *self, bool power_down) {
    card_virtual_ops.end(((struct card_shy *)self)->card, power_down);
}

static void disconnect(void *self) {
    card_virtual_ops.disconnect(((struct card_shy *)self)->card);
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    struct card_shy *s = self;
    s->traits_asked++;
    if (s->traits_fault != 0) {
        return fault_set(why, s->traits_fault, SHK_NATIVE_PCSC, -1, NULL);
    }
    return card_virtual_ops.traits(s->card, out, why);
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    return card_virtual_ops.pad_verify(((struct card_shy *)self)->card, ask, sw, why);
}

const struct card_ops card_shy_ops = {list, wait_change, connect_card, begin,      transmit,
                                      end,  disconnect,  traits,       pad_verify, NULL};
