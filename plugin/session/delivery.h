/* One delivery from the plan to the acknowledgement. */
#ifndef SESSION_DELIVERY_H
#define SESSION_DELIVERY_H

#include "match_stage.h"
#include "outbox.h"
#include "parcel.h"
#include "session.h"

struct delivery {
    size_t n, record;
    const struct record_set *set; /* as the answer came */
    char id[37], target[TAG_LEN], key[TAG_LEN];
    char answer[37], person[TAG_LEN];
    int64_t taken_s; /* when its answer was taken in; 0: now */
    bool stored;     /* lies in the outbox */
    bool may_ask;    /* somebody is there to say whose answer it is */
    bool renew; /* what the host refused is made anew: its script may have been mended meanwhile */
    /* What became of it. */
    struct parcel parcel;
    const shk_adapter *adapter;
    int32_t attempt, last; /* last: code of the attempt before; 0 none */
    char note[SHK_NOTE_MAX];
    shk_receipt receipt;
    bool repeated; /* was delivered before, not again */
    bool skipped;  /* a person did not want it */
    bool waiting;  /* lies in the outbox and is tried again */
};

/* SHK_OK: delivered, delivered before, or not wanted. Any fault: nothing was written, or a later attempt finds out;
 * with `stored` it waits. */
int32_t delivery_run(struct session *s, struct delivery *d, struct fault *why);
void delivery_clear(struct delivery *d); /* wipes */
/* The records of an answer that lies in the outbox, as they came; the caller frees them. SHK_E_ABSENT when it has
 * gone; faults of the store and of record_thaw. */
int32_t delivery_thaw(struct session *s, const char *answer, struct record_set **out,
                      struct fault *why);

/* The adapter of the n-th delivery, checked. Static. SHK_E_ADAPTER_UNKNOWN, SHK_E_ADAPTER_BROKEN,
 * SHK_E_MODULE_FILE. */
int32_t delivery_adapter(struct session *s, size_t n, const shk_adapter **out, struct fault *why);
/* True for a module that is not built in. */
bool delivery_is_module(const struct session *s, size_t n);
/* An adapter opened with the settings of the n-th delivery; the fault says which delivery is meant. */
int32_t delivery_open(struct session *s, size_t n, const shk_adapter *adapter,
                      struct adapter_call **out, struct fault *why);
/* An adapter says which of its settings is meant; the person needs to know of which delivery. */
int32_t delivery_place_fault(struct fault *why, size_t n, const char *setting);

#endif
