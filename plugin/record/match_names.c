#include "match_names.h"

#include <string.h>

#include "fold.h"
#include "fold_kana.h"
#include "plain.h"
#include "shikaku/codes.h"
#include "text.h"

#define WORDS_MAX  8
#define ENDING_MIN 3 /* letters */

enum script { SCRIPT_NONE, SCRIPT_KANA, SCRIPT_LATIN, SCRIPT_OTHER };

static enum script script_of_letter(uint32_t code) {
    code = kana_to_katakana(kana_to_full(code));
    if (code >= 0x30A1 && code <= 0x30FE) {
        return SCRIPT_KANA;
    }
    bool wide = code >= 0xFF21 && code <= 0xFF5A;
    return code < 0x250 || wide ? SCRIPT_LATIN : SCRIPT_OTHER;
}

static bool is_between_words(uint32_t code) {
    return plain_is_blank(code) || (code >= 0x2010 && code <= 0x2015) || code == 0x30FB ||
           code == 0xFF65 || code == 0xB7 || code == 0xFF0C || code == ',';
}

/* The one script of a text's letters; other ones make it OTHER. Marks for lost characters do not count. */
static enum script script_of(const char *text) {
    enum script script = SCRIPT_NONE;
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        uint32_t code;
        size_t len = utf8_decode(text + i, n - i, &code);
        if (len == 0) {
            return SCRIPT_OTHER;
        }
        if (!is_between_words(code) && !fold_is_missing(code)) {
            enum script one = script_of_letter(code);
            script = script == SCRIPT_NONE || script == one ? one : SCRIPT_OTHER;
        }
        i += len;
    }
    return script;
}

struct word {
    const char *p;
    size_t n;
};

/* The words between spaces and middle dots; SIZE_MAX when there are too many. */
static size_t words_of(const char *text, struct word words[WORDS_MAX]) {
    size_t n = strlen(text), count = 0;
    bool inside = false;
    for (size_t i = 0; i < n;) {
        uint32_t code;
        size_t len = utf8_decode(text + i, n - i, &code);
        len = len > 0 ? len : 1;
        if (is_between_words(code)) {
            inside = false;
        } else if (!inside && count == WORDS_MAX) {
            return SIZE_MAX;
        } else if (!inside) {
            words[count++] = (struct word){text + i, len};
            inside = true;
        } else {
            words[count - 1].n += len;
        }
        i += len;
    }
    return count;
}

static bool same_word(fold_text *fold, const struct word *a, const struct word *b) {
    return fold_same_n(fold, a->p, a->n, b->p, b->n);
}

static bool same_words(const char *a, const char *b) {
    struct word left[WORDS_MAX], right[WORDS_MAX];
    bool used[WORDS_MAX] = {false};
    size_t n = words_of(a, left), found = 0;
    if (n < 2 || n > WORDS_MAX || words_of(b, right) != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (!used[k] && same_word(fold_name, &left[i], &right[k])) {
                used[k] = true;
                found++;
                break;
            }
        }
    }
    return found == n;
}

/* A name in kana beside one in characters says nothing, and so do Latin letters. */
static bool are_comparable(enum script a, enum script b) {
    return a != SCRIPT_NONE && b != SCRIPT_NONE &&
           (a == b ||
            (a != SCRIPT_LATIN && b != SCRIPT_LATIN && a != SCRIPT_KANA && b != SCRIPT_KANA));
}

enum name_match match_name(const char *a, const char *b) {
    enum script left = script_of(a), right = script_of(b);
    if (!are_comparable(left, right)) {
        return NAME_UNKNOWN;
    }
    if (fold_same(fold_name, a, b)) {
        return fold_same(fold_name_letters, a, b) ? NAME_YES : NAME_VARIANT;
    }
    if (left == SCRIPT_KANA && match_kana(a, b) >= KANA_SMALL) {
        return NAME_VARIANT;
    }
    if (fold_names_match(a, strlen(a), b, strlen(b))) {
        return NAME_GAPS;
    }
    return same_words(a, b) ? NAME_ORDER : NAME_NO;
}

/* The letters that the ends have in common. */
static size_t common_ending(const struct bytes *a, const struct bytes *b) {
    size_t i = a->n, k = b->n, letters = 0;
    while (i > 0 && k > 0 && a->p[i - 1] == b->p[k - 1]) {
        i--;
        k--;
        letters += (a->p[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return letters;
}

static bool same_ending(fold_text *fold, const char *a, const char *b) {
    struct bytes left = {0}, right = {0};
    bool same = fold(a, strlen(a), &left) == SHK_OK && fold(b, strlen(b), &right) == SHK_OK &&
                left.n > 0 && right.n > 0 && common_ending(&left, &right) >= ENDING_MIN &&
                memcmp(left.p, right.p, utf8_cut(bytes_text(&left), left.n, 3)) != 0;
    bytes_clear(&left);
    bytes_clear(&right);
    return same;
}

bool match_given(const char *a, const char *b, bool kanji) {
    struct word left[WORDS_MAX], right[WORDS_MAX];
    fold_text *fold = kanji ? fold_name : fold_kana;
    size_t a_n = words_of(a, left), b_n = words_of(b, right);
    if (fold_has_missing(a, strlen(a)) || fold_has_missing(b, strlen(b)) || a_n > WORDS_MAX ||
        b_n > WORDS_MAX) {
        return false;
    }
    if (a_n < 2 || b_n < 2) {
        return !kanji && same_ending(fold, a, b);
    }
    return same_word(fold, &left[a_n - 1], &right[b_n - 1]) &&
           !same_word(fold, &left[0], &right[0]);
}
