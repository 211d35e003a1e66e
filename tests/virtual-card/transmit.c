/* From the bytes of a command to the handler that knows it, and back. */
#include <string.h>

#include "internal.h"

static int32_t be16(const uint8_t *p) {
    return (int32_t)(((uint32_t)p[0] << 8) | p[1]);
}

static int32_t le_or(int32_t value, int32_t all) {
    return value == 0 ? all : value;
}

/* After the header and the 00 that marks the extended form. */
static int parse_extended(struct apdu *a, const uint8_t *p, size_t n) {
    a->extended = 1;
    if (n < 2) {
        return -1;
    }
    if (n == 2) {
        a->le = le_or(be16(p), 65536);
        return 0;
    }
    a->lc = be16(p);
    if (a->lc == 0 || (size_t)a->lc > n - 2) {
        return -1;
    }
    a->data = p + 2;
    n -= 2 + (size_t)a->lc;
    if (n == 2) {
        a->le = le_or(be16(a->data + a->lc), 65536);
    }
    return n == 0 || n == 2 ? 0 : -1;
}

static int parse_short(struct apdu *a, const uint8_t *p, size_t n) {
    if (n == 1) {
        a->le = le_or(p[0], 256);
        return 0;
    }
    a->lc = p[0];
    if ((size_t)a->lc > n - 1) {
        return -1;
    }
    a->data = p + 1;
    n -= 1 + (size_t)a->lc;
    if (n == 1) {
        a->le = le_or(a->data[a->lc], 256);
    }
    return n <= 1 ? 0 : -1;
}

static int parse(struct apdu *a, const uint8_t *tx, size_t n) {
    memset(a, 0, sizeof *a);
    a->lc = a->le = -1;
    a->cla = n > 0 ? tx[0] : 0;
    a->ins = n > 1 ? tx[1] : 0;
    a->p1 = n > 2 ? tx[2] : 0;
    a->p2 = n > 3 ? tx[3] : 0;
    if (n <= 4) {
        return n == 4 ? 0 : -1;
    }
    if (n > 5 && tx[4] == 0) {
        return parse_extended(a, tx + 5, n - 5);
    }
    return parse_short(a, tx + 4, n - 4);
}

static uint16_t get_response(struct vcard *card, const struct apdu *a) {
    if (a->lc >= 0 || a->le < 0) {
        return SW_LENGTH;
    }
    return card->out_sent < card->out_len ? SW_OK : SW_CONDITIONS;
}

/* Answers seen on plastic for commands that this project has no use for. */
static uint16_t refuse_length(struct vcard *card, const struct apdu *a) {
    (void)card;
    (void)a;
    return SW_LENGTH;
}

static uint16_t get_data(struct vcard *card, const struct apdu *a) {
    (void)card;
    (void)a;
    return SW_NO_REFERENCE;
}

static const struct command {
    uint8_t cla, ins;
    uint16_t (*run)(struct vcard *card, const struct apdu *a);
} commands[] = {
    {0x00, 0x20, verify_command},    {0x00, 0xA4, files_select},  {0x00, 0xB0, files_read},
    {0x00, 0xB2, files_read_record}, {0x00, 0xC0, get_response},  {0x00, 0xCA, get_data},
    {0x80, 0x2A, sign_command},      {0x80, 0xA2, refuse_length}, {0x80, 0xFC, refuse_length},
};

static uint16_t check_class(uint8_t cla) {
    if (cla == 0x00 || cla == 0x80) {
        return SW_OK;
    }
    if ((cla & 0x7C) == 0x00 || (cla & 0xC0) == 0x40) {
        return SW_CHANNEL;
    }
    return (cla & 0x7F) == 0x0C || (cla & 0x7F) == 0x04 ? SW_SECURE_MESSAGING : SW_CLA;
}

static uint16_t dispatch(struct vcard *card, const struct apdu *a) {
    uint16_t unknown = SW_INS;
    size_t i;

    for (i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].ins != a->ins) {
            continue;
        }
        if (commands[i].cla == a->cla) {
            return commands[i].run(card, a);
        }
        unknown = SW_CLA;
    }
    return unknown;
}

static uint16_t execute(struct vcard *card, const struct apdu *a, int parsed) {
    uint16_t sw = check_class(a->cla);

    if (!(a->cla == 0x00 && a->ins == 0xC0)) {
        card->out_len = card->out_sent = 0;
    }
    if (card->fresh && card->profile.first_command_6f00) {
        card->fresh = 0;
        return SW_INTERNAL;
    }
    card->fresh = 0;
    if (parsed != 0 || (a->extended && card->profile.no_extended)) {
        return SW_LENGTH;
    }
    return sw != SW_OK ? sw : dispatch(card, a);
}

/* How much of the waiting answer goes out now, and with which status. */
static size_t next_piece(const struct vcard *card, const struct apdu *a, uint16_t *sw) {
    size_t rest = card->out_len - card->out_sent;
    size_t piece = rest;

    if (*sw != SW_OK) {
        return 0;
    }
    if (card->profile.chaining_61xx > 0 && piece > (size_t)card->profile.chaining_61xx) {
        piece = (size_t)card->profile.chaining_61xx;
    }
    if (a->ins == 0xC0 && a->le > 0 && piece > (size_t)a->le) {
        piece = (size_t)a->le;
    }
    rest -= piece;
    if (rest > 0) {
        *sw = (uint16_t)(SW_MORE | (rest >= 256 ? 0 : rest));
    }
    return piece;
}

static int answer(struct vcard *card, const struct apdu *a, uint16_t *sw, uint8_t *rx, size_t cap,
                  size_t *rx_len) {
    size_t n = next_piece(card, a, sw);

    if (cap < 2 || n > cap - 2) {
        return VCARD_SPACE;
    }
    if (n > 0) {
        memcpy(rx, card->out + card->out_sent, n);
    }
    card->out_sent += n;
    rx[n] = (uint8_t)(*sw >> 8);
    rx[n + 1] = (uint8_t)(*sw & 0xFF);
    *rx_len = n + 2;
    return VCARD_OK;
}

static void report(const struct vcard *card, const struct apdu *a, uint16_t sw, size_t rx_len,
                   int64_t started) {
    struct vcard_trace t;

    if (card->trace == NULL) {
        return;
    }
    t.index = card->apdus;
    t.cla = a->cla;
    t.ins = a->ins;
    t.p1 = a->p1;
    t.p2 = a->p2;
    t.lc = a->lc;
    t.le = a->le;
    t.sw = sw;
    t.rx_len = rx_len >= 2 ? rx_len - 2 : 0;
    t.micros = host_now_us() - started;
    card->trace(card->trace_self, &t);
}

static int removed_now(struct vcard *card) {
    const struct profile *p = &card->profile;

    if (p->remove_at_apdu > 0 && card->apdus == (uint32_t)p->remove_at_apdu) {
        vcard_remove(card);
    }
    return !card->present || card_wait(card, p->delay_ms) != 0;
}

/* A command that is not carried out is still an offence when it asks for what is forbidden. */
static void look_only(struct vcard *card, const struct apdu *a, int parsed) {
    enum df df = card->df;
    const struct ef *current = card->current;
    uint32_t verified = card->verified;
    uint16_t sw;

    card->fresh = 0;
    if (parsed != 0) {
        return;
    }
    if (check_class(a->cla) == SW_OK && (a->ins == 0xA4 || a->ins == 0xB0 || a->ins == 0xB2)) {
        (void)dispatch(card, a);
    } else if (a->ins == 0x20 || a->ins == 0x2A) {
        (void)files_by_reference(card, a, &sw);
    }
    card->df = df;
    card->current = current;
    card->verified = verified;
    if (a->ins != 0xC0) {
        card->out_len = card->out_sent = 0;
    }
}

static int drop(struct vcard *card) {
    vcard_power_off(card);
    return VCARD_DROPPED;
}

static int say(const uint8_t *p, size_t n, uint16_t *sw, uint8_t *rx, size_t cap, size_t *rx_len) {
    if (n > cap) {
        return VCARD_SPACE;
    }
    if (n > 0) {
        memcpy(rx, p, n);
    }
    *rx_len = n;
    *sw = n >= 2 ? (uint16_t)((uint32_t)p[n - 2] << 8 | p[n - 1]) : (uint16_t)0;
    return VCARD_OK;
}

/* Its own answer, too short and with a good status word. */
static int cut(int32_t left, uint8_t *rx, size_t *rx_len, uint16_t *sw) {
    if (*sw == SW_OK && *rx_len >= 2 && *rx_len - 2 > (size_t)left) {
        memmove(rx + left, rx + *rx_len - 2, 2);
        *rx_len = (size_t)left + 2;
    }
    return VCARD_OK;
}

static int carry_out(struct vcard *card, const struct apdu *a, int parsed, uint16_t *sw,
                     uint8_t *rx, size_t cap, size_t *rx_len) {
    *sw = execute(card, a, parsed);
    /* The wait for a signature may have ended with the card taken away. */
    if (!card->present) {
        *sw = 0;
        return VCARD_REMOVED;
    }
    return answer(card, a, sw, rx, cap, rx_len);
}

static int follow(struct vcard *card, const struct rule *r, const struct apdu *a, int parsed,
                  uint16_t *sw, uint8_t *rx, size_t cap, size_t *rx_len) {
    if (!r->carried_out && r->kind != RULE_CUT) {
        look_only(card, a, parsed);
    } else {
        int rc = carry_out(card, a, parsed, sw, rx, cap, rx_len);

        if (rc != VCARD_OK || r->kind == RULE_CUT) {
            return rc == VCARD_OK ? cut(r->cut, rx, rx_len, sw) : rc;
        }
    }
    *rx_len = 0;
    *sw = 0;
    if (r->kind == RULE_DROP) {
        return drop(card);
    }
    return r->kind == RULE_HANG ? VCARD_SILENT : say(r->answer, r->answer_len, sw, rx, cap, rx_len);
}

/* What becomes of a command that has reached the card. */
static int serve(struct vcard *card, const struct apdu *a, int parsed, uint16_t *sw, uint8_t *rx,
                 size_t cap, size_t *rx_len) {
    const struct profile *p = &card->profile;
    const struct rule *r = script_find(card, a);

    card->verifies += parsed == 0 && a->cla == 0x00 && a->ins == 0x20 && a->lc > 0;
    if (r != NULL) {
        return follow(card, r, a, parsed, sw, rx, cap, rx_len);
    }
    if (p->hang_at_apdu > 0 && card->apdus == (uint32_t)p->hang_at_apdu) {
        look_only(card, a, parsed);
        return VCARD_SILENT;
    }
    if (a->extended && p->extended_drops) {
        look_only(card, a, parsed);
        return drop(card);
    }
    return carry_out(card, a, parsed, sw, rx, cap, rx_len);
}

int vcard_transmit(struct vcard *card, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t rx_cap,
                   size_t *rx_len) {
    int64_t started = host_now_us();
    struct apdu a;
    uint16_t sw = 0;
    int parsed, rc;

    *rx_len = 0;
    if (!card->present) {
        return VCARD_REMOVED;
    }
    if (!card->powered) {
        return VCARD_UNPOWERED;
    }
    card->apdus++;
    parsed = parse(&a, tx, tx_len);
    rc = removed_now(card) ? VCARD_REMOVED : serve(card, &a, parsed, &sw, rx, rx_cap, rx_len);
    report(card, &a, sw, *rx_len, started);
    return rc;
}
