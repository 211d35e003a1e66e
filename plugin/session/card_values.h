/* What the host reads of the card: "card.…", "pin.pad", and the notice about it. */
#ifndef SESSION_CARD_VALUES_H
#define SESSION_CARD_VALUES_H

#include "identity.h"

struct reading;
struct session;

struct card_values {
    int32_t kind;               /* SHK_CARD_ */
    char plan;                  /* 0: nothing was read */
    const char *name, *name_en; /* of another kind of card; literals, null: not known */
    bool pad;                   /* the PIN is typed on the reader */
    char expires_on[11];        /* "YYYY-MM-DD"; "" not known */
    int32_t days_left;
    int32_t notice; /* SHK_NOTICE_; 0: none */
};

/* By its answer to reset the card is surely of another kind. */
bool card_values_is_other(const struct reader_state *reader);
/* Before the card on that reader is spoken to: nothing is known but what its answer to reset tells. False:
 * surely another kind of card. For the worker. */
bool card_values_begin(struct session *s, const struct reader_state *reader);
/* Takes over what the identity knows by now; SHK_EVENT_NOTICE once when the certificate ends soon. For the
 * worker. */
void card_values_take(struct session *s, const struct identity *id);
/* The whole path, beginning with "card.", "pin." or "notice". SHK_E_PATH when it is none of these. */
int32_t card_values_read(const struct card_values *v, const char *path, size_t n,
                         struct reading *out);

#endif
