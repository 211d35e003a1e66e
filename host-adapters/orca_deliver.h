/* Bringing one document into ORCA. */
#ifndef HOST_ADAPTERS_ORCA_DELIVER_H
#define HOST_ADAPTERS_ORCA_DELIVER_H

#include "orca_call.h"

/* One delivery that is going on. */
struct orca_work {
    struct shk_host *h;
    const shk_delivery *d;
    shk_receipt *receipt;
    struct orca_person want; /* what the document says */
    struct orca_person have; /* what ORCA holds */
    char today[ORCA_DATE_MAX];
    int registrable; /* the document is the body of class=01 */
};

int32_t SHK_CALL orca_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt);

/* Fills the receipt: a place without values, the patient's number, a warning of `a`, which may be
 * null. */
int32_t orca_receive(struct orca_work *w, const char *place, const char *patient,
                     const struct orca_answer *a);

/* Nobody was found: registers the person with the insurance, unless an earlier attempt did. */
int32_t orca_register(struct orca_work *w);
/* w->have is there. Adds what is missing by patientmodv32, compared anew under its lock. */
int32_t orca_update(struct orca_work *w);
/* The first insurance of a patient who has none, by class=04. */
int32_t orca_add_first(struct orca_work *w);
/* Replaces name, kana and address where the document has others, by class=02. */
int32_t orca_update_person(struct orca_work *w);

/* Looks a few times, with pauses and without a word. SHK_OK or SHK_E_DELIVERY_UNSURE. */
int32_t orca_find_out(struct orca_work *w, int (*is_there)(struct orca_work *));
/* After an answer that was lost: what was to be written is there now. SHK_OK, else
 * SHK_E_DELIVERY_UNSURE or another code, said. */
int32_t orca_settle(struct orca_work *w, const struct orca_answer *lost, const char *place);

#endif
