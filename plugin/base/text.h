/* UTF-8: validity, code points, cutting. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at p[0..n). Returns its length in bytes, or 0 when the bytes are not valid
 * UTF-8 (overlong, surrogate, above U+10FFFF, cut short). */
size_t utf8_decode(const char *p, size_t n, uint32_t *code);
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
