#include "wrong_pins.h"

#include <string.h>

#include "secret.h"

#define MARK 32
#define MOST 16 /* a counter of a card has 15 tries at most */

struct wrong_pins {
    uint8_t key[MARK], mark[MOST][MARK], asked[MARK];
    size_t n;
    bool has_key, has_asked;
    bool blind; /* one was wrong and is not among the marks */
};

struct wrong_pins *wrong_pins_new(void) {
    return (struct wrong_pins *)(void *)secret_new(sizeof(struct wrong_pins));
}

void wrong_pins_free(struct wrong_pins **w) {
    secret_free((uint8_t *)*w, sizeof(struct wrong_pins));
    *w = NULL;
}

void wrong_pins_forget(struct wrong_pins *w) {
    memory_wipe(w, sizeof *w);
}

static bool make_key(struct wrong_pins *w) {
    w->has_key = w->has_key || random_fill(w->key, sizeof w->key) == SHK_OK;
    return w->has_key;
}

static bool is_asked(const struct wrong_pins *w, size_t i) {
    uint8_t differs = 0;
    for (size_t k = 0; k < MARK; k++) {
        differs |= (uint8_t)(w->mark[i][k] ^ w->asked[k]);
    }
    return differs == 0;
}

int32_t wrong_pins_check(struct wrong_pins *w, const struct pin *pin) {
    w->has_asked = make_key(w) &&
                   hmac_sha256(w->key, sizeof w->key, pin->digits, pin->len, w->asked) == SHK_OK;
    for (size_t i = 0; w->has_asked && i < w->n; i++) {
        if (is_asked(w, i)) {
            return SHK_E_PIN_SAME;
        }
    }
    return w->blind || (w->n > 0 && !w->has_asked) ? SHK_E_INTERNAL : SHK_OK;
}

void wrong_pins_note(struct wrong_pins *w) {
    if (w->has_asked && w->n < MOST) {
        memcpy(w->mark[w->n++], w->asked, MARK);
    } else {
        w->blind = true;
    }
}
