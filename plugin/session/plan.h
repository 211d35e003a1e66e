/* Which deliveries an answer is due to, each with the key under which it is made once only. */
#ifndef SESSION_PLAN_H
#define SESSION_PLAN_H

#include "outbox.h"
#include "session.h"

struct planned {
    size_t n, record; /* deliveries[n]; record of the answer */
};

struct plans {
    struct planned *at;
    struct outbox_plan *plan; /* in the same order */
    size_t n;
    size_t not_due;
};

/* Every delivery that the records of `set` are due to. SHK_E_MEMORY, SHK_E_INTERNAL. */
int32_t plans_make(struct session *s, const struct record_set *set, struct plans *out,
                   struct fault *why);
/* After a look into the store: what a person took out before is due again with a new answer, each time under
 * a key that follows from it. True when a plan was changed so. SHK_E_INTERNAL and the like in *rc. */
bool plans_renew(struct session *s, struct plans *plans, int32_t *rc);
void plans_clear(struct plans *plans);

/* A tag of the person of a record: birth date and kana (or name). "" when the record names nobody. */
int32_t plan_person(const struct session *s, const struct record_set *set, size_t record,
                    char out[TAG_LEN]);
/* And of the entitlement: insurer, symbol, number, birth date. */
int32_t plan_card(const struct session *s, const struct record_set *set, size_t record,
                  char out[TAG_LEN]);
/* The day of a record, yyyy-MM-dd; today in Japan when it names none. */
void plan_day(const struct session *s, const struct record_set *set, size_t record, char out[11]);

#endif
