#include <string.h>

#include "fold.h"
#include "shikaku/codes.h"

#define PADDED 8

int32_t fold_number_whole(const char *p, size_t n, struct bytes *out) {
    return fold_number(p, n, true, out);
}

int32_t fold_number_short(const char *p, size_t n, struct bytes *out) {
    return fold_number(p, n, false, out);
}

bool fold_same_n(fold_text *fold, const char *a, size_t a_n, const char *b, size_t b_n) {
    struct bytes left = {0}, right = {0};
    bool same = fold(a, a_n, &left) == SHK_OK && fold(b, b_n, &right) == SHK_OK &&
                left.n == right.n && text_equal_n(bytes_text(&left), bytes_text(&right), right.n);
    bytes_clear(&left);
    bytes_clear(&right);
    return same;
}

bool fold_same(fold_text *fold, const char *a, const char *b) {
    return fold_same_n(fold, a, strlen(a), b, strlen(b));
}

bool fold_same_insurer(const char *a, const char *b) {
    return fold_same(fold_number_short, a, b);
}

size_t insurer_padding(const char *digits, size_t n) {
    return n == PADDED && digits[0] == '0' && digits[1] == '0' ? 2 : 0;
}
