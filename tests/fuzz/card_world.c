#include "card_world.h"

#include <string.h>

#include "card_switch.h"

#define STEPS_MAX 12

static int64_t mono_ms(void *self) {
    (void)self;
    return 1;
}

static int64_t wall_s(void *self) {
    (void)self;
    return CARD_WORLD_NOW_S;
}

static const struct clock_ops still_clock = {mono_ms, wall_s};

/* Reading keys takes longer than a whole check, so that a card is read once and made as new for each input. */
static struct vcard *card_of(uint32_t which) {
    static const char *const profiles[] = {SOURCE_ROOT "/tests/fuzz/card/rsa.profile",
                                           SOURCE_ROOT "/tests/fuzz/card/p384.profile",
                                           SOURCE_ROOT "/tests/fuzz/card/phone.profile"};
    static struct card_virtual cards[CARD_INPUT];
    char text[200];
    if (cards[which].card == NULL) {
        bool good = card_virtual_init(&cards[which], profiles[which], text, sizeof text);
        fuzz_must(good, "a card of tests/fuzz/card");
    }
    return cards[which].card;
}

static void insert_card(struct card_world *w, uint32_t which, struct fuzz_input *in) {
    uint32_t switches = (uint32_t)fuzz_byte(in) << 8 | fuzz_byte(in);
    uint8_t piece = fuzz_byte(in), tries = fuzz_byte(in);
    w->calm = which == CARD_RSA && switches == 0 && tries % 4 == 0;
    if (which != CARD_INPUT) {
        w->answers.card.card = card_of(which);
        card_switch(w->answers.card.card, switches, piece, tries);
    }
}

static void set_rules(struct identity_rules *rules, uint8_t bits) {
    rules->extended = (enum extended_rule)((bits & 3) % 3);
    rules->phone = (enum phone_rule)((bits >> 2 & 3) % 3);
    rules->no_short_ids = (bits & 0x10) != 0;
    rules->no_short_sign = (bits & 0x20) != 0;
    rules->no_p384 = (bits & 0x40) != 0;
    rules->no_pin_pad = (bits & 0x80) != 0;
}

static void set_reader(struct card_answers *a, struct fuzz_input *in) {
    static const uint32_t sizes[] = {0, 261, 4096, 0x10000};
    uint8_t bits = fuzz_byte(in), faults = fuzz_byte(in);
    a->traits.says_size = (bits & 1) != 0;
    a->traits.apdu_max = sizes[bits >> 1 & 3];
    a->traits.pin_pad = (bits & 8) != 0;
    a->waited = (bits & 0x10) != 0;
    a->card.pad_digits = (bits & 0x20) != 0 ? "1234" : "9999";
    a->card.pad_sw = (bits & 0x40) != 0 ? (uint16_t)(0x6400 | (faults & 3)) : 0;
    a->card.pad_lies = (bits & 0x80) != 0;
    a->fault_at = faults >> 6;
    a->connect_fault = card_answers_fault(faults >> 2 & 15);
    a->traits_fault = faults == 0xFF ? SHK_E_CARD_HANGS : 0;
    struct fuzz_input atr = fuzz_bytes(in, fuzz_below(in, ATR_MAX + 1));
    a->traits.atr_len = atr.n;
    if (atr.n > 0) {
        memcpy(a->traits.atr, atr.p, atr.n);
    }
}

void card_world_begin(struct card_world *w, struct fuzz_input *in, uint32_t which) {
    insert_card(w, which, in);
    set_rules(&w->rules, fuzz_byte(in));
    set_reader(&w->answers, in);
    w->steps = fuzz_bytes(in, fuzz_below(in, STEPS_MAX));
    if (which == CARD_INPUT) {
        w->answers.answers = *in;
    } else {
        card_answers_plan(&w->answers, in);
    }
    w->calm = w->calm && w->answers.mishaps_n == 0 && w->answers.fault_at == 0 &&
              w->answers.traits_fault == 0;
    w->watch = (struct card_watch){.ops = &card_answers_ops, .self = &w->answers, .tries = -1};
    w->env = (struct env){.clock = &still_clock, .card = &card_watch_ops, .card_self = &w->watch};
}
