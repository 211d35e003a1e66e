#include "charset.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct charset {
    iconv_t from;
};

static bool is_open(iconv_t converter) {
    return (intptr_t)converter != -1;
}

static const struct {
    const char *encoding, *name;
} names[] = {
    {"utf-8", "UTF-8"},      {"utf-8-bom", "UTF-8"},           {"cp932", "CP932"},
    {"euc-jp", "EUC-JP-MS"}, {"iso-2022-jp", "ISO-2022-JP-3"},
};

struct charset *charset_new(const char *encoding) {
    const char *name = "UTF-8";
    for (size_t i = 0; encoding != NULL && i < sizeof names / sizeof *names; i++) {
        name = strcmp(encoding, names[i].encoding) == 0 ? names[i].name : name;
    }
    struct charset *charset = calloc(1, sizeof *charset);
    if (charset != NULL) {
        charset->from = iconv_open("UTF-8", name);
    }
    return charset;
}

void charset_free(struct charset **charset) {
    if (*charset != NULL) {
        if (is_open((*charset)->from)) {
            (void)iconv_close((*charset)->from);
        }
        free(*charset);
        *charset = NULL;
    }
}

static size_t mark_length(const char *p, size_t n) {
    return n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* One byte that is no character: U+FFFD. */
static void replace(char **in, size_t *left, char **out, size_t *room) {
    memcpy(*out, "\xEF\xBF\xBD", 3);
    *out += 3;
    *room -= 3;
    *in += 1;
    *left -= 1;
}

/* No byte of any of these encodings becomes more than four of UTF-8; a kana with a mark of its own is two letters. */
char *charset_text(struct charset *charset, const char *p, size_t n) {
    size_t mark = mark_length(p, n), left = n - mark, room = left * 4 + 8;
    char *in = (char *)p + mark;
    char *text = malloc(room + 1), *out = text;
    bool known = is_open(charset->from);
    if (text == NULL) {
        return NULL;
    }
    if (known) {
        (void)iconv(charset->from, NULL, NULL, NULL, NULL);
    }
    while (left > 0) {
        size_t done = known ? iconv(charset->from, &in, &left, &out, &room) : (size_t)-1;
        if (done == (size_t)-1 && left > 0) {
            if (room < 3) {
                break;
            }
            replace(&in, &left, &out, &room);
        }
    }
    *out = '\0';
    return text;
}
