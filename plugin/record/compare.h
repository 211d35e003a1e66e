/* What changed between what a host holds of a patient and an answer. */
#ifndef RECORD_COMPARE_H
#define RECORD_COMPARE_H

#include "record.h"

/* One value of the host: dates as yyyyMMdd or any form when.h reads. */
struct host_value {
    const char *path, *text; /* UTF-8 */
};

enum difference {
    DIFFERENCE_UNCHANGED,
    DIFFERENCE_CHANGED,   /* valid, with other values */
    DIFFERENCE_LOST,      /* 無効, with or without a new entitlement */
    DIFFERENCE_SEVERAL,   /* 複数該当 */
    DIFFERENCE_NOT_FOUND, /* 該当資格なし */
    DIFFERENCE_FAULT      /* no usable answer for this person */
};
const char *difference_name(enum difference difference);     /* "unchanged", … */
const char *difference_japanese(enum difference difference); /* "変更なし", … */

/* True when the host's text says the same as the record's value at that field, as fold.h, when.h and
 * host_code.h read it. */
bool compare_value(const struct field *field, const char *host, const char *answer);

/* Compares folded forms, a text as fold.h says for its field. `record`: the record that fits the host's
 * values best is chosen by the insurer number. The changed paths are put into `changed` as indexes into
 * `values`; room for n. A host's empty value against one that the answer has is a change; a value that the
 * answer does not have is none. */
enum difference compare_record(const struct record_set *set, const struct host_value *values,
                               size_t n, size_t *changed, size_t *changed_n, size_t *record);

#endif
