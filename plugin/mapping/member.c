#include "member.h"

#include <string.h>

#include "helper_parts.h"
#include "insurer_number.h"

#define BRANCH_N 2
#define ROOM     16

int32_t helper_wide_plain(struct word in, struct word argument, struct encoder *target,
                          struct bytes *out) {
    (void)argument;
    (void)target;
    return word_append_wide(in, out);
}

int32_t helper_one_mode(struct word in, struct word argument, struct encoder *target,
                        struct bytes *out) {
    (void)argument;
    (void)target;
    return word_is_half_alnum(in) ? word_append_dense(in, out) : word_append_wide(in, out);
}

/* No 枝番 is not 枝番 00. */
int32_t helper_branch2(struct word in, struct word argument, struct encoder *target,
                       struct bytes *out) {
    char plain[ROOM];
    (void)argument;
    (void)target;
    if (!word_plain(in, plain, sizeof plain)) {
        return SHK_E_VALUE;
    }
    size_t n = strlen(plain);
    for (size_t i = 0; i < n; i++) {
        if (!char_is_digit(plain[i])) {
            return SHK_E_VALUE;
        }
    }
    if (n == 0 || n > BRANCH_N) {
        return n == 0 ? SHK_E_ABSENT : SHK_E_VALUE;
    }
    int32_t rc = n < BRANCH_N ? bytes_append_byte(out, '0') : SHK_OK;
    return rc == SHK_OK ? bytes_append(out, plain, n) : rc;
}

static int32_t append_insurer(struct word in, struct bytes *out) {
    struct insurer number;
    if (!insurer_read(in, &number)) {
        return SHK_E_VALUE;
    }
    int32_t rc = insurer_write(&number, '0', out);
    return rc == SHK_OK ? bytes_append_byte(out, ':') : rc;
}

static int32_t append_part(struct word part, bool half, struct bytes *out) {
    int32_t rc = half ? word_append_dense(part, out) : word_append_wide(part, out);
    return rc == SHK_OK ? bytes_append_byte(out, ':') : rc;
}

int32_t member_id(const struct member *member, struct bytes *out) {
    static const struct word none = {0};
    if (member->insurer.n == 0 && member->symbol.n == 0 && member->number.n == 0) {
        return SHK_E_ABSENT;
    }
    bool half = word_is_half_alnum(member->symbol) && word_is_half_alnum(member->number);
    int32_t rc = append_insurer(member->insurer, out);
    rc = rc == SHK_OK ? append_part(member->symbol, half, out) : rc;
    rc = rc == SHK_OK ? append_part(member->number, half, out) : rc;
    rc = rc == SHK_OK ? helper_branch2(member->branch, none, NULL, out) : rc;
    return rc == SHK_E_ABSENT ? SHK_OK : rc;
}

int32_t member_symbol_number(const struct member *member, struct word separator,
                             struct bytes *out) {
    if (member->symbol.n == 0 && member->number.n == 0) {
        return SHK_E_ABSENT;
    }
    bool both = member->symbol.n > 0 && member->number.n > 0;
    int32_t rc = word_append(member->symbol, out);
    rc = rc == SHK_OK && both ? word_append(separator, out) : rc;
    return rc == SHK_OK ? word_append(member->number, out) : rc;
}
