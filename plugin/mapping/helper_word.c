#include <string.h>

#include "helper_parts.h"
#include "kana.h"
#include "plain.h"
#include "text.h"

#define SPACE_MAX 3 /* U+3000 */

size_t word_space(struct word word) {
    if (word.n > 0 && word.p[0] == ' ') {
        return 1;
    }
    return word.n >= SPACE_MAX && memcmp(word.p, "\xE3\x80\x80", SPACE_MAX) == 0 ? SPACE_MAX : 0;
}

static size_t space_before_end(struct word word) {
    if (word.n > 0 && word.p[word.n - 1] == ' ') {
        return 1;
    }
    if (word.n < SPACE_MAX) {
        return 0;
    }
    const struct word end = {word.p + word.n - SPACE_MAX, SPACE_MAX};
    return word_space(end) == SPACE_MAX ? SPACE_MAX : 0;
}

struct word word_trim(struct word word) {
    size_t space;
    while ((space = word_space(word)) > 0) {
        word.p += space;
        word.n -= space;
    }
    while ((space = space_before_end(word)) > 0) {
        word.n -= space;
    }
    return word;
}

void word_split(struct word word, struct word *first, struct word *rest) {
    size_t at = 0;
    word = word_trim(word);
    while (at < word.n && word_space((struct word){word.p + at, word.n - at}) == 0) {
        at++;
    }
    *first = (struct word){word.p, at};
    *rest = word_trim((struct word){word.p + at, word.n - at});
}

static bool is_ascii_blank(char c) {
    return (uint8_t)c <= ' ' || c == 0x7F;
}

bool word_plain(struct word word, char *out, size_t cap) {
    size_t n = 0;
    for (size_t i = 0; i < word.n; i++) {
        if ((uint8_t)word.p[i] >= 0x80 || n + 1 >= cap) {
            return plain_fold(word.p, word.n, out, cap);
        }
        out[n] = word.p[i];
        n += is_ascii_blank(word.p[i]) ? 0 : 1;
    }
    out[n] = '\0';
    return true;
}

bool word_small_number(struct word word, int32_t *out) {
    char plain[12];
    if (!word_plain(word, plain, sizeof plain)) {
        return false;
    }
    size_t n = strlen(plain);
    return n >= 1 && n <= 3 && plain[0] != '-' && text_to_int32(plain, n, out);
}

static bool is_alnum(char c) {
    return char_is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* What the character at the front takes when it is blank, or 0. The selector of a form is no blank. */
static size_t blank_at(const char *p, size_t n) {
    uint32_t code = 0;
    size_t len = 0;
    switch ((uint8_t)p[0]) {
    case 0xE3:
        return n >= 3 && memcmp(p, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
    case 0xEF:
        return n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    case 0xC2: /* no other byte begins a blank character */
    case 0xE1:
    case 0xE2:
        len = utf8_decode(p, n, &code);
        return len > 0 && plain_is_blank(code) ? len : 0;
    default:
        return is_ascii_blank(p[0]) ? 1 : 0;
    }
}

bool word_is_half_alnum(struct word word) {
    for (size_t i = 0, blank; i<word.n; i += blank> 0 ? blank : 1) {
        blank = blank_at(word.p + i, word.n - i);
        if (blank == 0 && !is_alnum(word.p[i])) {
            return false;
        }
    }
    return true;
}

/* Takes blank characters out of what stands in `out` from `start` on. */
static void close_gaps(struct bytes *out, size_t start) {
    size_t kept = start;
    if (out->p == NULL) {
        return;
    }
    for (size_t i = start; i < out->n;) {
        size_t blank = blank_at((const char *)out->p + i, out->n - i);
        if (blank == 0) {
            out->p[kept++] = out->p[i];
        }
        i += blank > 0 ? blank : 1;
    }
    out->n = kept;
    out->p[kept] = 0;
}

int32_t word_append_dense(struct word word, struct bytes *out) {
    size_t start = out->n;
    int32_t rc = word_append(word, out);
    if (rc == SHK_OK) {
        close_gaps(out, start);
    }
    return rc;
}

int32_t word_append_wide(struct word word, struct bytes *out) {
    size_t start = out->n;
    int32_t rc = bytes_reserve(out, start + KANA_GROWTH * word.n);
    if (rc != SHK_OK) {
        return rc;
    }
    out->n += kana_fold(KANA_WIDE, word.p, word.n, (char *)out->p + start);
    out->p[out->n] = 0;
    close_gaps(out, start);
    return SHK_OK;
}
