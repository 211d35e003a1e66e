#include "helper_parts.h"
#include "kana.h"

#define CASE_GAP ('a' - 'A')

static int32_t folded(enum kana_fold fold, struct word in, struct bytes *out) {
    int32_t rc = bytes_reserve(out, out->n + KANA_GROWTH * in.n);
    if (rc == SHK_OK) {
        out->n += kana_fold(fold, in.p, in.n, (char *)out->p + out->n);
        out->p[out->n] = 0;
    }
    return rc;
}

#define FOLDING(name, fold)                                                                        \
    int32_t name(struct word in, struct word argument, struct encoder *target,                     \
                 struct bytes *out) {                                                              \
        (void)argument;                                                                            \
        (void)target;                                                                              \
        return folded(fold, in, out);                                                              \
    }
FOLDING(helper_kana_half, KANA_HALF)
FOLDING(helper_kana_full, KANA_FULL)
FOLDING(helper_digits, KANA_DIGITS)
FOLDING(helper_wide, KANA_WIDE)
FOLDING(helper_narrow, KANA_NARROW)

/* Only ASCII: what is upper case elsewhere depends on the language. */
static int32_t shifted(struct word in, char first, char last, int shift, struct bytes *out) {
    size_t start = out->n;
    int32_t rc = word_append(in, out);
    for (size_t i = start; rc == SHK_OK && i < out->n; i++) {
        char c = (char)out->p[i];
        if (c >= first && c <= last) {
            out->p[i] = (uint8_t)(c + shift);
        }
    }
    return rc;
}

int32_t helper_upper(struct word in, struct word argument, struct encoder *target,
                     struct bytes *out) {
    (void)argument;
    (void)target;
    return shifted(in, 'a', 'z', -CASE_GAP, out);
}

int32_t helper_lower(struct word in, struct word argument, struct encoder *target,
                     struct bytes *out) {
    (void)argument;
    (void)target;
    return shifted(in, 'A', 'Z', CASE_GAP, out);
}
