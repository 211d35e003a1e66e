#include <string.h>

#include "helper_parts.h"

#define POSTAL_N 7
#define ROOM     32
#define MARK     "〒"

/* 〒123-4567, １２３－４５６７, 123 4567, 1234567. */
static int32_t read_postal(struct word in, char digits[POSTAL_N]) {
    char plain[ROOM];
    if (!word_plain(in, plain, sizeof plain)) {
        return SHK_E_VALUE;
    }
    const char *p = text_starts(plain, MARK) ? plain + strlen(MARK) : plain;
    size_t n = 0;
    for (size_t i = 0; p[i] != '\0'; i++) {
        if (p[i] == '-' && i == 3) {
            continue;
        }
        if (!char_is_digit(p[i]) || n == POSTAL_N) {
            return SHK_E_VALUE;
        }
        digits[n++] = p[i];
    }
    if (n == 0 && plain[0] == '\0') {
        return SHK_E_ABSENT;
    }
    return n == POSTAL_N ? SHK_OK : SHK_E_VALUE;
}

static int32_t postal_written(struct word in, const char *between, struct bytes *out) {
    char digits[POSTAL_N];
    int32_t rc = in.n > 0 ? read_postal(in, digits) : SHK_E_ABSENT;
    if (rc == SHK_E_ABSENT) {
        return SHK_OK;
    }
    rc = rc == SHK_OK ? bytes_append(out, digits, 3) : rc;
    rc = rc == SHK_OK ? bytes_append_text(out, between) : rc;
    return rc == SHK_OK ? bytes_append(out, digits + 3, POSTAL_N - 3) : rc;
}

int32_t helper_postal7(struct word in, struct word argument, struct encoder *target,
                       struct bytes *out) {
    (void)argument;
    (void)target;
    return postal_written(in, "", out);
}

int32_t helper_postal_hyphen(struct word in, struct word argument, struct encoder *target,
                             struct bytes *out) {
    (void)argument;
    (void)target;
    return postal_written(in, "-", out);
}
