/* The card seam of env.h over PC/SC. */
#ifndef PLATFORM_PCSC_TRANSPORT_H
#define PLATFORM_PCSC_TRANSPORT_H

#include "env.h"

/* library: absolute path of another PC/SC library, null or "" for the system's own. The library is
 * looked for when it is first needed, so that a machine without readers can still open a session.
 * SHK_E_MEMORY, SHK_E_ARGUMENT. */
int32_t pcsc_transport_new(const char *library, void **self);
/* Whether it was made for this library; "" for the system's own. */
bool pcsc_transport_is_of(const void *self, const char *library);
/* How long one call may take before it is left behind; 10 s when this is not called. Waiting for the
 * service itself has at least 3 s, and PINs typed on the reader have the time of their question. */
void pcsc_transport_limit(void *self, int32_t ms);
/* Returns within about a second, whatever hangs; null is accepted. */
void pcsc_transport_free(void **self);

extern const struct card_ops pcsc_transport;

#endif
