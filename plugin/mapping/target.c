#include "target.h"

#include "charset.h"
#include "kana.h"
#include "sandbox.h"

/* Stands for code page 932, of which nothing more is kept. */
static const char cp932;

const struct encoder *target_of(const struct sandbox *sb) {
    return sb->cp932 ? (const struct encoder *)(const void *)&cp932 : NULL;
}

/* In code page 932 a character takes as many bytes as it has columns. */
size_t target_bytes(const struct encoder *target, struct word text) {
    return target != NULL ? kana_columns(text.p, text.n) : text.n;
}

bool target_has(const struct encoder *target, struct word text) {
    return target == NULL || cp932_has(text.p, text.n);
}
