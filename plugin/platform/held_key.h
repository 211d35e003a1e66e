/* A key of the system's store (stored_key.h) as OpenSSL wants one: its provider hands every signature over. */
#ifndef PLATFORM_HELD_KEY_H
#define PLATFORM_HELD_KEY_H

#include "fault.h"
#include "stored_key.h"

struct held_key;

/* `place` as in stored_key_open, whose faults these are; SHK_E_DEVICE_KEY with "client_key" for a key that
 * is neither RSA nor on P-256 or P-384. */
int32_t held_key_open(const char *place, struct held_key **out, struct fault *why);
/* Puts certificates and key into an SSL_CTX, which must be gone before the key. */
bool held_key_offer(struct held_key *h, void *ssl_ctx);
/* stored_key_take_refusal. */
int32_t held_key_take_refusal(struct held_key *h);
void held_key_free(struct held_key **key); /* null is accepted */

#endif
