/* Calls of a host adapter, each within a time limit, on a thread that the adapter may keep.
 *
 * What the adapter borrows are copies of the call's, so one that never comes back touches no freed memory. A
 * call that is not back in time is left behind: SHK_E_ADAPTER_TIMEOUT, or SHK_E_CANCELLED when the session
 * is to stop. Its services are refused from then on (adapter_guard.h), its result is dropped, and should it
 * come back, its handle is closed. An adapter of which too many hang already is not called any more.
 *
 * The limit is deliver.timeout_ms for each of the calls. When the session is to stop, a call has
 * ADAPTER_STOP_MS left, so that shk_close keeps its own limit.
 *
 * Faults name the delivery and the setting: "deliveries[2].folder". A result that is no code of ours is
 * SHK_E_ADAPTER_BROKEN. One thread of the session at a time. */
#ifndef SESSION_ADAPTER_CALL_H
#define SESSION_ADAPTER_CALL_H

#include "services.h"

struct adapter_call;

#define ADAPTER_STOP_MS    900
#define ADAPTER_GRACE_MS   2000 /* for a service that is at work when the time is over */
#define ADAPTER_RETURN_MS  200  /* for the adapter to come back after it */
#define ADAPTER_STRAYS_MAX 4    /* calls of one adapter that may hang at a time */

#define PATIENTS_MAX       200000
#define PATIENTS_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* Opens the adapter for the n-th delivery. Everything is copied but the table, which is static.
 * SHK_E_ADAPTER_BROKEN, SHK_E_ADAPTER_TIMEOUT, SHK_E_CANCELLED, SHK_E_MEMORY and the adapter's own. */
int32_t adapter_call_open(struct session *s, size_t n, const shk_adapter *adapter,
                          const shk_setting *settings, uint32_t settings_n,
                          struct adapter_call **out, struct fault *why);
/* What is lent, for its note and digest to be set up between two calls. Both are run on this thread. */
struct services *adapter_call_services(struct adapter_call *c);
/* The receipt's texts are terminated, valid UTF-8 without control characters; empty on failure. */
int32_t adapter_call_deliver(struct adapter_call *c, const shk_delivery *d, shk_receipt *receipt,
                             struct fault *why);
/* Tells `found` of each patient afterwards, on this thread; what it borrows is valid during its call. Not
 * one when the adapter failed, told more than PATIENTS_MAX (SHK_E_HOST_ANSWER) or what cannot be a
 * patient (SHK_E_ADAPTER_BROKEN). A result of `found` other than 0 ends it and is returned.
 * See SHK_ADAPTER_HAS(adapter, find_patients) before. */
int32_t adapter_call_find(struct adapter_call *c, const shk_field *asked, uint32_t asked_n,
                          shk_patient_found found, void *who, struct fault *why);
/* Closes the handle, within the limit, and lets go of the call; null is accepted. */
void adapter_call_close(struct adapter_call **c);

/* One piece of a stranger's code in the same way, such as a module's loading. The result of `task`, and the
 * caller has *arg again; or SHK_E_ADAPTER_TIMEOUT, SHK_E_CANCELLED, SHK_E_MEMORY, and *arg is null:
 * `drop` gets it when the task comes back at last (out of memory: at once). */
int32_t adapter_call_task(struct session *s, int32_t (*task)(void *arg), void **arg,
                          void (*drop)(void *arg), struct fault *why);

#endif
