#include "stored_key_place.h"

#include <string.h>

#include "bytes.h"

/* What comes along when a thumbprint is copied from the dialog: blanks, and a mark that nobody sees. */
static size_t ornament(const char *at) {
    static const char *const known[] = {" ", ":", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (text_starts(at, known[i])) {
            return strlen(known[i]);
        }
    }
    return 0;
}

static int digit_of(char c) {
    if (char_is_digit(c)) {
        return c - '0';
    }
    char lower = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool read_thumbprint(const char *at, uint8_t out[STORED_THUMBPRINT]) {
    size_t digits = 0;
    memset(out, 0, STORED_THUMBPRINT);
    while (*at != '\0') {
        size_t skip = ornament(at);
        int digit = digit_of(*at);
        if (skip == 0 && (digit < 0 || digits == 2 * (size_t)STORED_THUMBPRINT)) {
            return false;
        }
        if (skip == 0) {
            out[digits / 2] = (uint8_t)(out[digits / 2] * 16 + digit);
            digits++;
        }
        at += skip > 0 ? skip : 1;
    }
    return digits == 2 * (size_t)STORED_THUMBPRINT;
}

bool stored_place_read(const char *text, struct stored_place *out) {
    *out = (struct stored_place){0};
    const char *rest = strchr(text, '/');
    out->machine = text_starts(text, "machine/");
    if (rest == NULL || !(out->machine || text_starts(text, "my/"))) {
        return false;
    }
    rest++;
    out->by_name = !read_thumbprint(rest, out->thumbprint);
    size_t n = strlen(rest);
    if (!out->by_name) {
        return true;
    }
    if (n == 0 || n > STORED_NAME_MAX) {
        return false;
    }
    memcpy(out->name, rest, n + 1);
    return true;
}
