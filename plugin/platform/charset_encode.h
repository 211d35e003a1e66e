/* What every converter to code page 932 does in the same way: usual counterparts and the count of
 * what is lost. */
#ifndef PLATFORM_CHARSET_ENCODE_H
#define PLATFORM_CHARSET_ENCODE_H

#include "charset.h"
#include "shikaku/codes.h"
#include "text.h"

#define CHARSET_ROOM 4

/* Writes one character's bytes and returns their number; 0 when code page 932 lacks it. */
typedef size_t (*charset_encode_one)(void *converter, uint32_t code, char to[CHARSET_ROOM]);

/* The yen sign and the overline become their wide forms: as 5C and 7E they would come back as another
 * character, and 5C separates folders. */
static inline uint32_t charset_fold(uint32_t code) {
    static const uint16_t pairs[][2] = {
        {0x00A2, 0xFFE0}, {0x00A3, 0xFFE1}, {0x00A5, 0xFFE5}, {0x00A6, 0xFFE4}, {0x00AC, 0xFFE2},
        {0x2014, 0x2015}, {0x2016, 0x2225}, {0x203E, 0xFFE3}, {0x2212, 0xFF0D}, {0x301C, 0xFF5E},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i][0] == code) {
            return pairs[i][1];
        }
    }
    return code;
}

static inline int32_t charset_append_lost(struct bytes *out, uint32_t code,
                                          struct cp932_loss *loss) {
    if (loss->count == 0) {
        loss->first = code;
    }
    loss->count++;
    return bytes_append_text(out, "\x81\xAC");
}

static inline int32_t charset_encode_all(charset_encode_one one, void *converter, const char *p,
                                         size_t n, struct bytes *out, struct cp932_loss *loss) {
    int32_t rc = SHK_OK;
    for (size_t at = 0; rc == SHK_OK && at < n;) {
        uint32_t code = 0;
        char room[CHARSET_ROOM] = {0};
        size_t len = utf8_decode(p + at, n - at, &code);
        if (len == 0) {
            return SHK_E_XML_ENCODING;
        }
        room[0] = (char)code;
        size_t made = code < 0x80 ? 1 : one(converter, charset_fold(code), room);
        rc = made > 0 ? bytes_append(out, room, made) : charset_append_lost(out, code, loss);
        at += len;
    }
    return rc;
}

static inline bool charset_has(const char *p, size_t n) {
    struct bytes unused = {0};
    struct cp932_loss loss = {0};
    int32_t rc = utf8_to_cp932(p, n, &unused, &loss);
    bytes_clear(&unused);
    return rc == SHK_OK && loss.count == 0;
}

#endif
