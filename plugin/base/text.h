/* UTF-8: validity, code points, cutting. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at p[0..n). Returns its length in bytes, or 0 when the bytes are not valid
 * UTF-8 (overlong, surrogate, above U+10FFFF, cut short). */
size_t utf8_decode(const char *p, size_t n, uint32_t *code);
/* The usual form of kana and kanji, three bytes that are well-formed by the first of them: U+1000 to
 * U+CFFF and from U+E000 on. 0: something else stands at p. */
static inline uint32_t utf8_usual_three(const char *p, size_t n) {
    uint8_t lead = n >= 3 ? (uint8_t)p[0] : 0;
    bool good = lead > 0xE0 && lead < 0xF0 && lead != 0xED && ((uint8_t)p[1] & 0xC0) == 0x80 &&
                ((uint8_t)p[2] & 0xC0) == 0x80;
    return good ? (lead & 0x0Fu) << 12 | ((uint8_t)p[1] & 0x3Fu) << 6 | ((uint8_t)p[2] & 0x3Fu) : 0;
}
/* Writes one code point; out has room for 4. Returns the length, 0 for an impossible code point. */
size_t utf8_encode(uint32_t code, char *out);
bool utf8_valid(const char *p, size_t n);
/* True when a valid text holds U+FFFD: a decoder before us met what was no character. */
bool utf8_has_lost(const char *p, size_t n);
/* The number of code points of a valid text. */
size_t utf8_count(const char *p, size_t n);
/* The longest length <= max at which p[0..n) can be cut without splitting a character. */
size_t utf8_cut(const char *p, size_t n, size_t max);

#endif
