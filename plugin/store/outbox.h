/* Answers and the deliveries that they are due to, until each is acknowledged. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "history.h"
#include "store.h"

enum delivery_state {
    DELIVERY_PLANNED = 1, /* the answer is there, no document yet (or its script failed) */
    DELIVERY_READY,       /* with its document, sealed */
    DELIVERY_UNDECIDED,   /* waits for a person to say whose it is */
    DELIVERY_DONE,        /* acknowledged; nothing of the document is left */
    DELIVERY_DROPPED      /* a person took it out; the same */
};

/* One delivery that an answer is due to. */
struct outbox_plan {
    char id[37];          /* UUID, the delivery's own for ever */
    char target[TAG_LEN]; /* which destination: adapter and settings */
    char key[TAG_LEN];    /* what may be delivered once only; unique */
    int32_t record;       /* of the answer, from 1 */
    bool
        known; /* out: a delivery with that key was there before; `id`, `state` and `place` are its own */
    enum delivery_state state;
    char place[1024]; /* of one that is done */
};

struct outbox_answer {
    char id[37];
    int64_t at_s;
    const char *source;    /* "gateway", "app", …; a literal */
    char person[TAG_LEN];  /* finds the history of a person; "" not known */
    const uint8_t *frozen; /* record_freeze; sealed on the way in */
    size_t frozen_n;
};

/* In one transaction: the answer, its plans, an entry of the history (its facts; kind HISTORY_CHECK). Plans
 * whose key is there already are marked known and not added. Without a plan that is new the answer is not
 * kept, the entry is. */
int32_t outbox_take(struct store *store, const struct outbox_answer *answer,
                    struct outbox_plan *plans, size_t n, const struct history_entry *entry,
                    struct fault *why);

/* One delivery as it lies in the store. */
struct outbox_row {
    char id[37], answer[37], target[TAG_LEN];
    int32_t record;
    enum delivery_state state;
    int64_t at_s;     /* when its answer was taken in */
    int32_t attempts; /* begun so far */
    int32_t last;     /* code of the last fault; 0 none */
    bool claimed;     /* by another opening whose lease has not ended */
    char source[16];
    char note[512];
};

/* Rows in the order they came: what waits, or with `all` also what is done or dropped. `last` is
 * SHK_E_STORE_SEALED for one whose note cannot be unsealed, SHK_E_STORE_BROKEN for one whose numbers cannot be. */
int32_t outbox_list(struct store *store, bool all,
                    int32_t (*each)(void *self, const struct outbox_row *row, struct fault *why),
                    void *self, struct fault *why);
/* Does it wait still? */
int32_t outbox_waits(struct store *store, const char *id, bool *waits, struct fault *why);
/* The answer's frozen records; SHK_E_ABSENT when it has gone. */
int32_t outbox_thaw(struct store *store, const char *answer, struct bytes *out, struct fault *why);

/* Takes a waiting delivery for this opening alone and counts an attempt. SHK_E_DELIVERY_TAKEN: another has
 * it; SHK_E_ABSENT: it does not wait any more. `document` (unsealed) stays empty for one that has none. */
int32_t outbox_claim(struct store *store, const char *id, struct outbox_row *row,
                     struct bytes *document, struct fault *why);
/* The rest is for whoever has the claim; SHK_E_DELIVERY_TAKEN when another has taken it over meanwhile. */
int32_t outbox_ready(struct store *store, const char *id, const uint8_t *document, size_t n,
                     struct fault *why);
int32_t outbox_note(struct store *store, const char *id, const char *note, struct fault *why);
/* The whole lease anew, for one that takes its time. */
int32_t outbox_hold(struct store *store, const char *id, struct fault *why);
/* Acknowledged: document and note go, and the answer with its last delivery; `entry` (HISTORY_DELIVERED)
 * joins the history in the same transaction. Calling it again for the same id is harmless: the entry is
 * added once. */
int32_t outbox_done(struct store *store, const char *id, const char *place,
                    const struct history_entry *entry, struct fault *why);
/* Gives the claim back; it goes on waiting. */
int32_t outbox_failed(struct store *store, const char *id, int32_t code, struct fault *why);
int32_t outbox_undecided(struct store *store, const char *id, struct fault *why);
/* A person's word that it is not to be delivered. Takes the claim itself. */
int32_t outbox_drop(struct store *store, const char *id, const struct history_entry *entry,
                    struct fault *why);
/* A document whose place or script has to change before it is tried: back to DELIVERY_PLANNED, without
 * note. Refused with SHK_E_STATE when its note says that it may have been written. Of a claim of this opening,
 * or of one that nobody has; not claimed by it. */
int32_t outbox_replan(struct store *store, const char *id, struct fault *why);

#endif
