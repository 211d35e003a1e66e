/* Waiting for a person to type, while the card is held. */
#ifndef SESSION_PIN_WAIT_H
#define SESSION_PIN_WAIT_H

#include "session.h"

#define CARD_KEEP_MS 2000 /* Windows resets a card whose transaction is idle for five seconds */

/* After pin_asked was set: until the answer is there. `keep` is called several times in CARD_KEEP_MS, without the
 * lock, to speak to the card when it is time; its fault ends the waiting. Whatever ends it, nothing is asked
 * any more. SHK_E_CANCELLED, also of an answer that came before; SHK_E_PIN_TIMEOUT. */
int32_t pin_wait(struct session *s, int32_t (*keep)(void *self, struct fault *why), void *self,
                 struct fault *why);

#endif
