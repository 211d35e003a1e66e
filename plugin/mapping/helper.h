/* The text helpers: what a row's `as` and text.NAME do to one value. Pure functions over UTF-8. */
#ifndef MAPPING_HELPER_H
#define MAPPING_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

#define HELPER_INPUT_MAX    ((size_t)64 * 1024) /* bytes of a value; the caller has looked */
#define HELPER_ARGUMENT_MAX ((size_t)64)

struct encoder;

/* Borrowed bytes, not terminated. */
struct word {
    const char *p;
    size_t n;
};

enum helper_argument { HELPER_PLAIN, HELPER_OPTIONAL, HELPER_NEEDS };

struct helper {
    const char *name;
    enum helper_argument takes;
    /* True for an argument that `run` takes whatever the value is. Null when it takes none. */
    bool (*argument_usable)(struct word argument);
    /* Appends to `out`; what it appended counts with SHK_OK only. `in` and `argument` are valid UTF-8, an
     * argument that is not given has a null p. `target` is the encoding that the text will be written in;
     * null: UTF-8. SHK_E_ABSENT: the result is absent. SHK_E_VALUE: the value does not fit.
     * SHK_E_ARGUMENT, SHK_E_MEMORY. */
    int32_t (*run)(struct word in, struct word argument, struct encoder *target, struct bytes *out);
    const char *japanese, *english;
};

/* Null: there is none of that name. Static. */
const struct helper *helper_find(const char *name, size_t n);
size_t helper_count(void);
const struct helper *helper_at(size_t index);

#endif
