/* What a card and its reader answer during a whole check: certificate, PIN, signature, another card, in every plan,
 * the four attributes, and what is tried on a reader. */
#include <string.h>

#include "attributes.h"
#include "card_judge.h"
#include "card_world.h"
#include "probe.h"

/* Of the program in front of the card, by a byte of the input. */
static const char *digits_of(uint8_t step, bool code_b) {
    static const char *const pins[] = {"1234", "9999", "0000", "12a4"};
    static const char *const codes[] = {"55040120350000", "00000000000000", "11111111111111",
                                        "5504012035"};
    return code_b ? codes[step & 3] : pins[step & 3];
}

static void fill(struct pin *pin, const char *digits, struct card_watch_pin *known) {
    *pin = (struct pin){.len = (uint8_t)strlen(digits)};
    memcpy(pin->digits, digits, pin->len);
    *known = (struct card_watch_pin){.len = pin->len};
    memcpy(known->digits, digits, pin->len);
}

static void verify(struct card_world *w, const struct identity_source *s, struct identity *id,
                   uint8_t step) {
    struct card_watch_pin known;
    struct pin pin;
    struct fault why = {0};
    bool typed = (step & 0x08) != 0, last = (step & 0x10) != 0;
    fill(&pin, digits_of(step, false), &known);
    card_watch_allow(&w->watch, typed ? NULL : &known, last);
    int32_t rc = s->ops->verify(s->self, id, typed ? NULL : &pin, last, &why);
    card_watch_forbid(&w->watch);
    fuzz_must(typed || judge_all_zero(&pin, sizeof pin), "the PIN is still in its buffer");
    judge_fault(rc, &why);
    fuzz_must(rc != SHK_OK || w->watch.verified, "a PIN is good that the card did not take");
    w->calm = w->calm && (rc == SHK_OK || (step & 0x0B) != 0);
    fuzz_must(rc == SHK_OK || !w->calm || typed || (step & 3) != 0 || fuzz_failed(),
              "the right PIN was not taken");
}

static void sign(struct card_world *w, const struct identity_source *s, struct identity *id) {
    static const uint8_t digest[48] = {1, 2, 3};
    struct bytes signature = {0};
    struct fault why = {0};
    size_t n = strcmp(id->algorithm, "ES384") == 0 ? 48 : 32;
    w->watch.may_sign = true;
    int32_t rc = s->ops->sign(s->self, id, digest, n, &signature, &why);
    card_watch_forbid(&w->watch);
    judge_fault(rc, &why);
    fuzz_must(rc == SHK_OK || !w->calm || !w->watch.verified || fuzz_failed(),
              "a good card did not sign");
    if (rc == SHK_OK) {
        fuzz_must(w->watch.verified, "a signature without a PIN");
        judge_signature(id, digest, n, &signature);
    }
    bytes_clear(&signature);
}

static void read_card(struct card_world *w, const struct identity_source *s, struct identity *id,
                      const char *reader) {
    struct fault why = {0};
    int32_t rc = s->ops->read(s->self, reader, id, &why);
    judge_fault(rc, &why);
    fuzz_must(rc == SHK_OK || !w->calm || fuzz_failed(), "a good card was not read");
    if (rc == SHK_OK) {
        judge_identity(id, &w->rules, CARD_WORLD_NOW_S);
    }
}

static void identity_step(struct card_world *w, const struct identity_source *s,
                          struct identity *id, uint8_t step) {
    struct fault why = {0};
    switch (step >> 5) {
    case 0:
        judge_fault(s->ops->keep(s->self, id, &why), &why);
        break;
    case 1:
        sign(w, s, id);
        break;
    case 2:
        read_card(w, s, id, (step & 1) != 0 ? "Other Reader" : CARD_VIRTUAL_READER);
        break;
    case 3:
        s->ops->finish(s->self);
        w->calm = false;
        break;
    default:
        verify(w, s, id, step);
        break;
    }
}

static void check_identity(struct card_world *w) {
    struct identity_source s = {0};
    struct identity id = {0};
    identity_clear(&id);
    if (mynumber_new(&w->env, NULL, &w->rules, w->habits, &s) == SHK_OK) {
        read_card(w, &s, &id, CARD_VIRTUAL_READER);
        while (w->steps.n > 0) {
            identity_step(w, &s, &id, fuzz_byte(&w->steps));
        }
        s.ops->finish(s.self);
        s.ops->free(s.self);
    }
    identity_clear(&id);
}

static void read_attributes(struct card_world *w, struct attributes_card *a, bool code_b,
                            uint8_t step) {
    struct attributes_tries tries;
    struct attributes found;
    struct card_watch_pin known;
    struct pin pin;
    struct fault why = {0};
    fill(&pin, digits_of(step, code_b), &known);
    card_watch_allow(&w->watch, &known, (step & 0x10) != 0);
    int32_t rc = attributes_read(a, &pin, (step & 0x10) != 0, &found, &tries, &why);
    card_watch_forbid(&w->watch);
    fuzz_must(judge_all_zero(&pin, sizeof pin), "what was typed is still in its buffer");
    judge_fault(rc, &why);
    judge_attributes(rc, &found);
    fuzz_must(rc != SHK_OK || w->watch.verified, "attributes that the card did not open");
    attributes_clear(&found);
}

static void check_attributes(struct card_world *w, int32_t kind) {
    struct attributes_card *a = NULL;
    struct attributes_tries tries;
    struct fault why = {0};
    bool code_b = kind == SHK_PIN_CODE_B;
    w->watch.user = code_b ? WATCH_CODE_B : WATCH_TEXT_PIN;
    if (attributes_new(&w->env, NULL, kind, &a) != SHK_OK) {
        return;
    }
    judge_fault(attributes_open(a, CARD_VIRTUAL_READER, &tries, &why), &why);
    while (w->steps.n > 0) {
        uint8_t step = fuzz_byte(&w->steps);
        fault_clear(&why);
        if (step >> 5 == 0) {
            judge_fault(attributes_keep(a, &tries, &why), &why);
        } else {
            read_attributes(w, a, code_b, step);
        }
    }
    attributes_finish(a);
    attributes_free(&a);
}

static void check_probe(struct card_world *w) {
    struct probe found;
    struct fault why = {0};
    w->watch.user = WATCH_PROBE;
    judge_fault(probe_reader(&w->env, NULL, &w->rules, CARD_VIRTUAL_READER, &found, &why), &why);
}

static void run(struct card_world *w, uint32_t what) {
    static const int32_t kinds[] = {SHK_PIN_TEXT, SHK_PIN_CODE_B};
    if (what < 4) {
        check_identity(w);
    } else if (what < 6) {
        check_attributes(w, kinds[what - 4]);
    } else {
        check_probe(w);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    static struct card_world w; /* too large for a stack; made anew */
    fuzz_faults(false);
    w = (struct card_world){0};
    uint8_t first = fuzz_byte(&in);
    card_world_begin(&w, &in, first % CARDS);
    fuzz_faults(true);
    if ((first & 0x80) != 0 || habits_new(&w.habits) != SHK_OK) {
        w.habits = NULL;
    }
    run(&w, first >> 2 & 7);
    habits_free(&w.habits);
    judge_let_go(&w.watch);
}
