#include "helper_parts.h"
#include "kana_code.h"

/* ー and ｰ are letters of a kana word, and hyphens only where a number or a code goes on. */
static bool is_long_mark(uint32_t code) {
    return code == 0x30FC || code == 0xFF70;
}

/* - ‐ ‑ ‒ – — ― ⁃ − ─ ━ ﹘ ﹣ － */
static bool is_hyphen(uint32_t code) {
    return code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2043 || code == 0x2212 ||
           code == 0x2500 || code == 0x2501 || code == 0xFE58 || code == 0xFE63 || code == 0xFF0D;
}

static bool is_alnum(uint32_t code) {
    uint32_t narrow = code >= 0xFF01 && code <= 0xFF5E ? code - 0xFEE0 : code;
    return (narrow >= '0' && narrow <= '9') || (narrow >= 'A' && narrow <= 'Z') ||
           (narrow >= 'a' && narrow <= 'z');
}

static bool begins_with_alnum(const char *p, size_t n) {
    uint32_t code;
    return code_read(p, n, &code) > 0 && is_alnum(code);
}

bool hyphen_usable(struct word argument) {
    uint32_t code;
    return argument.n > 0 && code_read(argument.p, argument.n, &code) == argument.n &&
           code >= ' ' && code != 0x7F;
}

int32_t helper_hyphen(struct word in, struct word argument, struct encoder *target,
                      struct bytes *out) {
    const struct word wanted = argument.p != NULL ? argument : (struct word){"-", 1};
    size_t same = 0; /* from here on nothing has changed */
    int32_t rc = SHK_OK;
    bool after_alnum = false;
    (void)target;
    for (size_t i = 0, len; rc == SHK_OK && i < in.n; i += len) {
        uint32_t code = 0;
        len = code_read(in.p + i, in.n - i, &code);
        if (len == 0) {
            return SHK_E_VALUE;
        }
        bool joins =
            after_alnum && is_long_mark(code) && begins_with_alnum(in.p + i + len, in.n - i - len);
        if (joins || is_hyphen(code)) {
            rc = bytes_append(out, in.p + same, i - same);
            rc = rc == SHK_OK ? word_append(wanted, out) : rc;
            same = i + len;
        }
        after_alnum = is_alnum(code);
    }
    return rc == SHK_OK ? bytes_append(out, in.p + same, in.n - same) : rc;
}
