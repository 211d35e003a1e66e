/* The data of an insurance card as the host gives it: the inputs query.*. */
#ifndef SESSION_CARD_INPUT_H
#define SESSION_CARD_INPUT_H

#include "session.h"

/* SHK_E_INPUT, SHK_E_CHECK_DIGIT with the input's path in `where`. `registering`: the reference number
 * must be there. The caller wipes *out. */
int32_t card_input_read(const struct session *s, bool registering, struct card_data *out,
                        struct fault *why);

#endif
