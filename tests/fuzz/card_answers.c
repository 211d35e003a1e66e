#include "card_answers.h"

#include <string.h>

#include "bytes.h"

#define END_OF_INPUT 0xFFFF /* as a length: the reader fails; FFxx: with one of the faults */

int32_t card_answers_fault(uint8_t choice) {
    static const int32_t codes[] = {
        SHK_E_READER,    SHK_E_CARD_REMOVED, SHK_E_CARD_RESET, SHK_E_CARD_HANGS, SHK_E_CARD_ANSWER,
        SHK_E_CARD_MUTE, SHK_E_NO_READER,    SHK_E_CARD_BUSY,  SHK_E_NO_SERVICE,
    };
    return codes[choice % (sizeof codes / sizeof codes[0])];
}

void card_answers_plan(struct card_answers *a, struct fuzz_input *in) {
    uint32_t at = 0;
    while (a->mishaps_n < MISHAPS_MAX && in->n > 0) {
        struct mishap *m = &a->mishaps[a->mishaps_n++];
        at += 1 + fuzz_below(in, 64);
        m->at = at;
        m->kind = (enum mishap_kind)fuzz_below(in, MISHAP_KINDS);
        m->bytes = fuzz_bytes(in, fuzz_byte(in));
    }
}

static const struct mishap *mishap_now(const struct card_answers *a) {
    const struct mishap *now = NULL;
    for (size_t i = 0; i < a->mishaps_n; i++) {
        const struct mishap *m = &a->mishaps[i];
        if (m->at == a->transmits || (m->kind == MISHAP_FOREVER && m->at < a->transmits)) {
            now = m;
        }
    }
    return now;
}

static uint8_t byte_at(const struct mishap *m, size_t i) {
    return i < m->bytes.n ? m->bytes.p[i] : 0;
}

static void put_status(const struct mishap *m, uint8_t *rx, size_t n) {
    rx[n - 2] = byte_at(m, 0);
    rx[n - 1] = byte_at(m, 1);
}

static void put_more(const struct mishap *m, uint8_t *rx, size_t *n, size_t room) {
    size_t more = m->bytes.n < room - *n ? m->bytes.n : room - *n;
    memmove(rx + *n - 2 + more, rx + *n - 2, 2);
    if (more > 0) {
        memcpy(rx + *n - 2, m->bytes.p, more);
    }
    *n += more;
}

/* *n is 2 or more. */
static void spoil(const struct mishap *m, uint8_t *rx, size_t *n, size_t room) {
    switch (m->kind) {
    case MISHAP_STATUS:
    case MISHAP_FOREVER:
        put_status(m, rx, *n);
        break;
    case MISHAP_REPLACE:
        *n = m->bytes.n < room ? m->bytes.n : room;
        if (*n > 0) {
            memcpy(rx, m->bytes.p, *n);
        }
        break;
    case MISHAP_CUT:
        *n -= byte_at(m, 0) < *n ? byte_at(m, 0) : *n;
        break;
    case MISHAP_EXTEND:
        put_more(m, rx, n, room);
        break;
    case MISHAP_CHANGE:
        rx[(size_t)(byte_at(m, 0) << 8 | byte_at(m, 1)) % *n] ^= byte_at(m, 2);
        break;
    default:
        break;
    }
}

static int32_t fail(size_t *rx_len, int32_t code, struct fault *why) {
    *rx_len = 0;
    return fault_set(why, code, SHK_NATIVE_PCSC, -1, NULL);
}

static int32_t card_answer(struct card_answers *a, const uint8_t *tx, size_t tx_len, uint8_t *rx,
                           size_t *rx_len, struct fault *why) {
    const struct mishap *m = mishap_now(a);
    size_t room = *rx_len;
    if (m != NULL && m->kind == MISHAP_LOST) {
        return fail(rx_len, card_answers_fault(byte_at(m, 0)), why);
    }
    a->card.remove_at = m != NULL && m->kind == MISHAP_REMOVE ? a->card.transmits + 1 : 0;
    a->card.reset_at = m != NULL && m->kind == MISHAP_RESET ? a->card.transmits + 1 : 0;
    int32_t rc = card_virtual_ops.transmit(&a->card, tx, tx_len, rx, rx_len, why);
    if (rc == SHK_OK && m != NULL && m->kind == MISHAP_FAULT) {
        return fail(rx_len, card_answers_fault(byte_at(m, 0)), why);
    }
    if (rc == SHK_OK && m != NULL && *rx_len >= 2) {
        spoil(m, rx, rx_len, room);
    }
    return rc;
}

static int32_t input_answer(struct card_answers *a, uint8_t *rx, size_t *rx_len,
                            struct fault *why) {
    size_t n = a->answers.n > 0 ? (size_t)fuzz_byte(&a->answers) << 8 : END_OF_INPUT;
    n = n == END_OF_INPUT ? n : n | fuzz_byte(&a->answers);
    if (n >> 8 == 0xFF) {
        return fail(rx_len, card_answers_fault((uint8_t)(n + 1)), why);
    }
    struct fuzz_input answer = fuzz_bytes(&a->answers, n);
    *rx_len = answer.n < *rx_len ? answer.n : *rx_len;
    if (*rx_len > 0) {
        memcpy(rx, answer.p, *rx_len);
    }
    return SHK_OK;
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct card_answers *a = self;
    a->transmits++;
    fuzz_faults(false);
    int32_t rc = a->card.card != NULL ? card_answer(a, tx, tx_len, rx, rx_len, why)
                                      : input_answer(a, rx, rx_len, why);
    fuzz_faults(true);
    return rc;
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    struct card_answers *a = self;
    uint8_t rx[16] = {0};
    size_t n = sizeof rx;
    a->transmits++;
    if (a->card.card != NULL) {
        fuzz_faults(false);
        int32_t said = card_virtual_ops.pad_verify(&a->card, ask, sw, why);
        fuzz_faults(true);
        return said;
    }
    int32_t rc = input_answer(a, rx, &n, why);
    *sw = (uint16_t)((uint32_t)rx[0] << 8 | rx[1]);
    return rc;
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    (void)self, (void)why;
    *out = (struct reader_list){0};
    return SHK_OK;
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    (void)self, (void)seen, (void)ms, (void)why;
    return SHK_E_TIMEOUT;
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct card_answers *a = self;
    if (++a->connects == a->fault_at) {
        return fault_raise(why, a->connect_fault);
    }
    return a->card.card != NULL
               ? card_virtual_ops.connect(&a->card,
                                          reader[0] != '\0' ? CARD_VIRTUAL_READER : reader, why)
               : SHK_OK;
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    struct card_answers *a = self;
    a->card.waited = *waited = a->waited;
    return a->card.card != NULL ? card_virtual_ops.begin(&a->card, waited, why) : SHK_OK;
}

static void end(void *self, bool power_down) {
    struct card_answers *a = self;
    if (a->card.card != NULL) {
        card_virtual_ops.end(&a->card, power_down);
    }
}

static void disconnect(void *self) {
    struct card_answers *a = self;
    if (a->card.card != NULL) {
        card_virtual_ops.disconnect(&a->card);
    }
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    const struct card_answers *a = self;
    *out = a->traits;
    return a->traits_fault != 0 ? fault_raise(why, a->traits_fault) : SHK_OK;
}

const struct card_ops card_answers_ops = {list, wait_change, connect_card, begin,      transmit,
                                          end,  disconnect,  traits,       pad_verify, NULL};
