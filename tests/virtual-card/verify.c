#include <string.h>

#include <openssl/crypto.h>

#include "internal.h"

static void set_pin(struct pin *pin, const char *value, int32_t max, int32_t tries) {
    pin->len = strlen(value);
    if (pin->len > sizeof pin->value) {
        pin->len = sizeof pin->value;
    }
    memcpy(pin->value, value, pin->len);
    pin->max = max;
    pin->tries = tries < max ? tries : max;
}

void verify_init(struct vcard *card) {
    const struct profile *p = &card->profile;

    set_pin(&card->pin[PIN_AUTH], p->pin, 3, p->pin_tries);
    set_pin(&card->pin[PIN_SIGN], p->sign_password, 5, p->sign_tries);
    set_pin(&card->pin[PIN_TEXT], p->text_pin, 3, p->text_tries);
    /* The real limit of code B is not established; ten is the guess of this card. */
    set_pin(&card->pin[PIN_CODE_B], p->code_b, 10, p->code_b_tries);
    /* Delivered blocked, as on the plastic. */
    set_pin(&card->pin[PIN_SPARE], "", 3, 0);
}

static uint16_t tries_left(const struct pin *pin) {
    return (uint16_t)(SW_WRONG_PIN | (pin->tries & 0x0F));
}

static uint16_t query(const struct vcard *card, unsigned id) {
    if (card->profile.verified_query_9000 && (card->verified & BIT(id)) != 0) {
        return SW_OK;
    }
    return tries_left(&card->pin[id]);
}

static int same(const struct pin *pin, const struct apdu *a) {
    return pin->len == (size_t)a->lc && CRYPTO_memcmp(pin->value, a->data, pin->len) == 0;
}

/* The try is spent on disk before the comparison, so that a torn card cannot be tried for free. */
static uint16_t compare(struct vcard *card, unsigned id, const struct apdu *a) {
    struct pin *pin = &card->pin[id];

    if (pin->tries == 0) {
        return SW_BLOCKED;
    }
    pin->tries--;
    card->verified &= ~BIT(id);
    if (state_save(card) != 0) {
        pin->tries++;
        return SW_MEMORY;
    }
    if (!same(pin, a)) {
        return tries_left(pin);
    }
    pin->tries = pin->max;
    card->verified |= BIT(id);
    return state_save(card) == 0 ? SW_OK : SW_MEMORY;
}

uint16_t verify_command(struct vcard *card, const struct apdu *a) {
    const struct ef *e;
    uint16_t sw;

    if (a->p1 != 0x00) {
        return SW_P1P2;
    }
    if ((e = files_by_reference(card, a, &sw)) == NULL) {
        return sw;
    }
    if (e->kind != EF_PIN) {
        return SW_STRUCTURE;
    }
    if (a->lc <= 0) {
        return query(card, e->item);
    }
    if (a->lc > (int32_t)sizeof card->pin[0].value) {
        return SW_LENGTH;
    }
    return compare(card, e->item, a);
}
