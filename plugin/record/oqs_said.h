/* Values that a message says once for every person in it. */
#ifndef RECORD_OQS_SAID_H
#define RECORD_OQS_SAID_H

#include "oqs.h"

#define OQS_SAID_MAX 96

struct oqs_said {
    const struct oqs_place *place;
    size_t at, n; /* in the texts */
    int32_t line;
};

struct oqs_said_list {
    struct oqs_said at[OQS_SAID_MAX];
    size_t n;
    struct bytes texts;
};

/* SHK_E_XML when there are too many, SHK_E_MEMORY. */
int32_t oqs_said_add(struct oqs_said_list *list, const struct oqs_place *place, const char *p,
                     size_t n, int32_t line);
/* Puts all into a set that is not finished. With `report` a code that no table knows is drift.
 * SHK_E_VALUE with the element in `where`. */
int32_t oqs_said_put(const struct oqs_said_list *list, struct record_set *set, bool report,
                     struct fault *why);
/* Keeps all in the set as drift and forgets them. */
int32_t oqs_said_drift(struct oqs_said_list *list, struct record_set *set);
/* The value of an element by its path, cut to the room; false when it was not said. */
bool oqs_said_text(const struct oqs_said_list *list, const char *path, char *to, size_t cap);
void oqs_said_clear(struct oqs_said_list *list);

#endif
