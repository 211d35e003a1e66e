/* Switches of a virtual card that its profile did not set: the input of a fuzz target does. */
#ifndef FUZZ_CARD_SWITCH_H
#define FUZZ_CARD_SWITCH_H

#include <stdint.h>

struct vcard;

/* What a card, or the way to it, does otherwise; a set of them is an OR. */
#define SWITCH_FIRST_6F00     0x0001u
#define SWITCH_NO_EXTENDED    0x0002u
#define SWITCH_EXTENDED_DROPS 0x0004u
#define SWITCH_EXTENDED_SHORT 0x0008u
#define SWITCH_NO_SHORT_IDS   0x0010u
#define SWITCH_NO_SHORT_PIN   0x0020u
#define SWITCH_NO_SHORT_SIGN  0x0040u
#define SWITCH_VERIFIED_9000  0x0080u
#define SWITCH_DER            0x0100u
#define SWITCH_VERIFIED       0x0200u /* another program left the PIN verified */
#define SWITCH_PIECES         0x0400u /* answers in pieces of `piece` bytes */

/* Makes the card as good as new but for the switches. tries: how many are spent, of three. */
void card_switch(struct vcard *card, uint32_t switches, uint8_t piece, uint8_t tries);

#endif
