/* The fields that the library itself asks every record for: their places are looked up once. */
#ifndef RECORD_KNOWN_H
#define RECORD_KNOWN_H

#include "record.h"

#define KNOWN(name, path) KNOWN_##name,
enum known {
#include "known.def"
    KNOWN_COUNT
};
#undef KNOWN

const struct record_place *known_place(enum known which);
/* As record_said, record_says and record_has in outcome.h. */
struct value known_said(const struct record_set *set, size_t record, enum known which);
bool known_says(const struct record_set *set, size_t record, enum known which, const char *word);
bool known_has(const struct record_set *set, size_t record, enum known which);

#endif
