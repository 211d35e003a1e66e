/* What the card's status words say of its PIN. */
#ifndef IDENTITY_PIN_ANSWER_H
#define IDENTITY_PIN_ANSWER_H

#include <stdint.h>

struct pin_answer {
    int32_t code;       /* SHK_OK or SHK_E_ */
    int32_t tries_left; /* -1: not said */
};

/* Of VERIFY without data. SHK_OK, SHK_E_PIN_BLOCKED, SHK_E_PIN_NONE when there is no such key,
 * SHK_E_CARD_RESET, SHK_E_CARD_ANSWER. */
struct pin_answer pin_answer_of_query(uint16_t sw);
/* Of VERIFY with a PIN. SHK_OK, SHK_E_PIN_WRONG, SHK_E_PIN_BLOCKED, SHK_E_CARD_RESET,
 * SHK_E_CARD_ANSWER. */
struct pin_answer pin_answer_of_verify(uint16_t sw);
/* Status words of the reader's own keys: why no PIN came ("time", "cancelled", …), or null when it is the
 * card that answers. Static. */
const char *pin_pad_refusal(uint16_t sw);

#endif
