/* What this desk confirmed before of the person of a record, at one destination. */
#ifndef SESSION_MEMORY_H
#define SESSION_MEMORY_H

#include "candidates.h"
#include "seal.h"

#define MEMORY_MAX           8
#define MEMORY_SPELLINGS_MAX 32

struct memory_patient {
    char id[64];
    bool by_card, by_person;
    struct known_spelling spellings[MEMORY_SPELLINGS_MAX]; /* owned texts */
    size_t spellings_n;
};

struct memory {
    char person[TAG_LEN], card[TAG_LEN], target[TAG_LEN];
    struct memory_patient at[MEMORY_MAX];
    size_t n;
};

/* Nothing is remembered without a store. Faults of the store. */
int32_t memory_recall(struct session *s, const char *target, const struct record_set *set,
                      size_t record, struct memory *out, struct fault *why);
const struct memory_patient *memory_get(const struct memory *memory, const char *id);
/* Marks the patients that are remembered; with `add` those that nobody told of join them, as the answer writes
 * them. */
int32_t memory_mark(const struct memory *memory, const struct record_set *set, size_t record,
                    bool add, struct candidates *found);
/* What has no spelling: the answer says what it is, whatever was said of another one. */
bool memory_is_number(const char *path);
/* Remembers that the record is that patient, and the spellings of fields that were not taken over. */
int32_t memory_keep(struct session *s, const struct memory *memory, const char *id,
                    const struct match_field *fields, size_t n, struct fault *why);
void memory_clear(struct memory *memory); /* wipes */

#endif
