#include "helper_parts.h"

/* The record's own words and what a host writes for them. Anything else is absent: an unknown sex is not
 * guessed. */
struct code {
    const char *word, *code;
};

static int32_t code_of(struct word in, const struct code codes[2], struct bytes *out) {
    for (size_t i = 0; i < 2; i++) {
        if (text_equal_n(codes[i].word, in.p, in.n)) {
            return bytes_append_text(out, codes[i].code);
        }
    }
    return SHK_E_ABSENT;
}

#define CODES(name, first, first_code, second, second_code)                                        \
    int32_t name(struct word in, struct word argument, struct encoder *target,                     \
                 struct bytes *out) {                                                              \
        static const struct code codes[] = {{first, first_code}, {second, second_code}};           \
        (void)argument;                                                                            \
        (void)target;                                                                              \
        return code_of(in, codes, out);                                                            \
    }
CODES(helper_sex12, "male", "1", "female", "2")
CODES(helper_relation12, "self", "1", "family", "2")
CODES(helper_relation26, "self", "2", "family", "6")
CODES(helper_relation15, "self", "1", "family", "5")
