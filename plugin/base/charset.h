/* Code page 932 to and from UTF-8; platform/charset_posix.c and charset_win32.c know its characters. */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include "bytes.h"

/* Appends the UTF-8 form. SHK_E_XML_ENCODING at bytes that are not code page 932, with their place in
 * *bad (may be null); SHK_E_MEMORY. */
int32_t cp932_to_utf8(const uint8_t *p, size_t n, struct bytes *out, size_t *bad);

/* What to do with characters that code page 932 lacks; the result counts them. */
struct cp932_loss {
    int32_t count;
    uint32_t first; /* code point of the first one */
};

/* Appends the code page 932 form of valid UTF-8; a character it lacks becomes 〓 (81 AC) and is
 * counted. 〜 U+301C, － and the like that have one usual counterpart are mapped to it, not lost.
 * SHK_E_XML_ENCODING when the input is not UTF-8; SHK_E_MEMORY. Texts by the dozen: see encoder.h. */
int32_t utf8_to_cp932(const char *p, size_t n, struct bytes *out, struct cp932_loss *loss);

/* True when every character exists in code page 932; false also where memory lacks. */
bool cp932_has(const char *p, size_t n);

/* The platform's knowledge, one character at a time and with no counterparts: what every encoding of
 * encoder.h is made from. One belongs to one thread. */
struct charset_one;
/* Null where memory or the platform's converter is lacking. */
struct charset_one *charset_one_open(void);
/* The character's one or two bytes as a number (0xB1, 0x8CA9); 0 when code page 932 lacks it. */
uint16_t charset_one(struct charset_one *one, uint32_t code);
void charset_one_close(struct charset_one **one);

#endif
