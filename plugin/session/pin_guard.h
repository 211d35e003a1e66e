/* Wrong PINs, over all sessions of this process. A PIN that was given before its card was held is not sent any
 * more when another session has sent a wrong one there meanwhile: two calls with one person's mistake cost
 * one try. */
#ifndef SESSION_PIN_GUARD_H
#define SESSION_PIN_GUARD_H

#include <stdbool.h>
#include <stdint.h>

/* Stands for this moment, for pin_guard_is_spent. */
uint64_t pin_guard_now(void);
/* A try may be gone on that reader. Within the transaction in which the PIN was sent. */
void pin_guard_note(const char *reader);
/* True when one was noted there since that moment, or when that is not known any more. */
bool pin_guard_is_spent(const char *reader, uint64_t since);

#endif
