/* What a person at the desk has confirmed: which patient of a host somebody is, and how the host writes
 * them. */
#ifndef STORE_PATIENTS_H
#define STORE_PATIENTS_H

#include "store.h"

struct known_value {
    const char *path, *answer, *host; /* the answer's spelling that was accepted as the host's */
};

struct known_patient {
    char id[64]; /* the host's patient number */
    const struct known_value *values;
    size_t n;
};

/* `person` finds somebody by what does not change (birth date, folded kana), `card` by the entitlement.
 * `target` is the host. An older memory of the same patient number there is replaced, its spellings are
 * joined; one of another number goes when person and card are both the same. Namesakes stay apart. */
int32_t patients_remember(struct store *store, const char *target, const char *person,
                          const char *card, const struct known_patient *patient, struct fault *why);
/* Every patient remembered for either tag; `by_card` tells which. */
int32_t patients_recall(struct store *store, const char *target, const char *person,
                        const char *card,
                        int32_t (*each)(void *self, const struct known_patient *patient,
                                        bool by_card, struct fault *why),
                        void *self, struct fault *why);

#endif
