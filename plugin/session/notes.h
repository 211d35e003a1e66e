/* What the history is told of a check and of a delivery. */
#ifndef SESSION_NOTES_H
#define SESSION_NOTES_H

#include "delivery.h"
#include "history.h"

#define NOTES_MAX 48

/* Facts with a value; texts are borrowed from the set, the delivery and the session, numbers lie in `room`. */
struct notes {
    struct history_fact at[NOTES_MAX];
    size_t n;
    char room[8][24];
    size_t rooms;
    struct history_entry entry; /* its facts are `at` */
};

void notes_begin(struct notes *notes, const struct session *s, enum history_kind kind,
                 const char *answer, const char *person);
/* Left out when there is no value. */
void notes_add(struct notes *notes, const char *name, const char *value);
void notes_add_number(struct notes *notes, const char *name, int64_t number);
/* Who and what the answer is. */
void notes_add_answer(struct notes *notes, const struct session *s, const struct record_set *set,
                      size_t record);
/* What became of a delivery. */
void notes_add_delivery(struct notes *notes, const struct session *s, const struct delivery *d);

#endif
