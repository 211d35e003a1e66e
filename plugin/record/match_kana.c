#include <string.h>

#include "fold.h"
#include "match_names.h"
#include "shikaku/codes.h"
#include "text.h"

#define LONG_MARK 0x30FCu

/* Letters of one vowel; large ones, as fold_kana leaves them. */
static const struct {
    const char *letters, *long_forms;
} vowels[] = {
    {"アカガサザタダナハバパマヤラワ", "ア"}, {"イキギシジチニヒビピミリ", "イ"},
    {"ウクグスズツヌフブプムユルヴ", "ウ"},   {"エケゲセゼテデネヘベペメレ", "エイ"},
    {"オコゴソゾトドノホボポモヨロ", "オウ"},
};

static bool is_one_of(uint32_t code, const char *letters) {
    char one[5] = {0};
    return utf8_encode(code, one) > 0 && strstr(letters, one) != NULL;
}

/* True when ー behind that letter may be written as `code`. */
static bool lengthens(uint32_t letter, uint32_t code) {
    for (size_t i = 0; letter != 0 && i < sizeof vowels / sizeof vowels[0]; i++) {
        if (is_one_of(letter, vowels[i].letters)) {
            return is_one_of(code, vowels[i].long_forms);
        }
    }
    return false;
}

/* Letters of one sound. */
static uint32_t to_sound(uint32_t code) {
    switch (code) {
    case 0x30C2: /* ヂ ヅ ヰ ヱ ヲ */
        return 0x30B8;
    case 0x30C5:
        return 0x30BA;
    case 0x30F0:
        return 0x30A4;
    case 0x30F1:
        return 0x30A8;
    case 0x30F2:
        return 0x30AA;
    default:
        return code;
    }
}

static bool sounds_alike(const struct bytes *a, const struct bytes *b) {
    const char *p = bytes_text(a), *q = bytes_text(b);
    size_t i = 0, k = 0;
    uint32_t before = 0;
    while (i < a->n && k < b->n) {
        uint32_t left = 0, right = 0;
        size_t left_n = utf8_decode(p + i, a->n - i, &left);
        size_t right_n = utf8_decode(q + k, b->n - k, &right);
        left = to_sound(left);
        right = to_sound(right);
        bool alike = left == right || (left == LONG_MARK && lengthens(before, right)) ||
                     (right == LONG_MARK && lengthens(before, left));
        if (left_n == 0 || right_n == 0 || !alike) {
            return false;
        }
        i += left_n;
        k += right_n;
        before = left == LONG_MARK ? right : left;
    }
    return i == a->n && k == b->n;
}

static bool has_letters(const struct bytes *folded) {
    for (size_t i = 0; i < folded->n; i++) {
        if (folded->p[i] >= 'A' && folded->p[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

static enum kana_match judge(const char *a, const char *b, const struct bytes *left,
                             const struct bytes *right) {
    if (left->n == 0 || right->n == 0 || fold_has_missing(a, strlen(a)) ||
        fold_has_missing(b, strlen(b)) || has_letters(left) != has_letters(right)) {
        return KANA_UNKNOWN;
    }
    if (left->n == right->n && memcmp(left->p, right->p, left->n) == 0) {
        return fold_same(fold_kana_letters, a, b) ? KANA_YES : KANA_SMALL;
    }
    return sounds_alike(left, right) ? KANA_LONG : KANA_NO;
}

enum kana_match match_kana(const char *a, const char *b) {
    struct bytes left = {0}, right = {0};
    bool folded =
        fold_kana(a, strlen(a), &left) == SHK_OK && fold_kana(b, strlen(b), &right) == SHK_OK;
    enum kana_match match = folded ? judge(a, b, &left, &right) : KANA_UNKNOWN;
    bytes_clear(&left);
    bytes_clear(&right);
    return match;
}
