/* SQLSTATE, the five characters with which a server says what went wrong. */
#ifndef PLATFORM_PQ_STATE_H
#define PLATFORM_PQ_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* The SHK_E_ code it means; "" and what is no SQLSTATE is SHK_E_STORE_FAILED. */
int32_t pq_state_code(const char *state);
/* Read in base 36; 0 when it is none. */
int32_t pq_state_number(const char *state);
/* The one at the end of a message of libpq that says nothing else (PQERRORS_SQLSTATE): "" when none is there. */
void pq_state_of_message(const char *message, char state[6]);

#endif
