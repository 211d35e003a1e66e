/* The card seam of env.h over PC/SC. */
#ifndef PLATFORM_PCSC_TRANSPORT_H
#define PLATFORM_PCSC_TRANSPORT_H

#include "env.h"

/* library: absolute path of another PC/SC library, null or "" for the system's own. The library is
 * looked for when it is first needed, so that a machine without readers can still open a session.
 * SHK_E_MEMORY, SHK_E_ARGUMENT. */
int32_t pcsc_transport_new(const char *library, void **self);
void pcsc_transport_free(void **self); /* null is accepted */

extern const struct card_ops pcsc_transport;

#endif
