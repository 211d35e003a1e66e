#include "card_switch.h"

#include "internal.h"

static void renew(struct vcard *card) {
    vcard_insert(card);
    vcard_power_off(card);
    card->apdus = card->verifies = card->signatures = 0;
}

void card_switch(struct vcard *card, uint32_t switches, uint8_t piece, uint8_t tries) {
    struct profile *p = &card->profile;
    renew(card);
    p->first_command_6f00 = (switches & SWITCH_FIRST_6F00) != 0;
    p->no_extended = (switches & SWITCH_NO_EXTENDED) != 0;
    p->extended_drops = (switches & SWITCH_EXTENDED_DROPS) != 0;
    p->extended_short = (switches & SWITCH_EXTENDED_SHORT) != 0;
    p->no_short_ids = (switches & SWITCH_NO_SHORT_IDS) != 0;
    p->no_short_verify = (switches & SWITCH_NO_SHORT_PIN) != 0;
    p->no_short_sign = (switches & SWITCH_NO_SHORT_SIGN) != 0;
    p->verified_query_9000 = (switches & SWITCH_VERIFIED_9000) != 0;
    p->ecdsa_form = (switches & SWITCH_DER) != 0 ? ECDSA_DER : ECDSA_RAW;
    p->chaining_61xx = (switches & SWITCH_PIECES) != 0 ? piece | 0x40 : 0;
    card->powered = (switches & SWITCH_VERIFIED) != 0;
    card->verified = (switches & SWITCH_VERIFIED) != 0 ? BIT(PIN_AUTH) | BIT(PIN_TEXT) : 0;
    for (int i = 0; i < PIN_COUNT; i++) {
        card->pin[i].tries = card->pin[i].max - tries % 4;
    }
}
