/* What the card has called wrong in this transaction, so that it is not sent there a second time. Instead of
 * the digits their HMAC is kept, under a key of this transaction. */
#ifndef IDENTITY_WRONG_PINS_H
#define IDENTITY_WRONG_PINS_H

#include "identity.h"

struct wrong_pins;

/* Empty, in memory like the PIN's; null when out of memory. */
struct wrong_pins *wrong_pins_new(void);
void wrong_pins_free(struct wrong_pins **w); /* wipes; null is accepted */
/* Another transaction, perhaps another card: forgets all and the key. */
void wrong_pins_forget(struct wrong_pins *w);

/* Before it is sent. SHK_E_PIN_SAME when it was wrong; SHK_E_INTERNAL when one was wrong and whether it is
 * this one cannot be told. Never refuses the first one. */
int32_t wrong_pins_check(struct wrong_pins *w, const struct pin *pin);
/* What was checked last is wrong. */
void wrong_pins_note(struct wrong_pins *w);

#endif
