#include "charset.h"

#include <stdlib.h>
#include <windows.h>

#include "shikaku/codes.h"
#include "text.h"

#define CODE_PAGE 932

/* Windows gives these lone bytes private meanings; other systems call them wrong, and so do we. */
static bool is_unassigned(uint8_t byte) {
    return byte == 0x80 || byte == 0xA0 || byte >= 0xFD;
}

static bool is_lead(uint8_t byte) {
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

static WCHAR decode_pair(const uint8_t *p) {
    WCHAR wide[2];
    int made = MultiByteToWideChar(CODE_PAGE, MB_ERR_INVALID_CHARS, (const char *)p, 2, wide, 2);
    /* The middle dot also stands for pairs that are not assigned. */
    bool replaced = made == 1 && wide[0] == 0x30FB && (p[0] != 0x81 || p[1] != 0x45);
    return made == 1 && !replaced ? wide[0] : 0;
}

static WCHAR decode_half_width(const uint8_t *p) {
    WCHAR wide[2];
    int made = MultiByteToWideChar(CODE_PAGE, MB_ERR_INVALID_CHARS, (const char *)p, 1, wide, 2);
    return made == 1 && !is_unassigned(p[0]) ? wide[0] : 0;
}

/* The UTF-8 form of the character at p; 0 when there is none. *len: its bytes in code page 932. */
static size_t decode_one(const uint8_t *p, size_t n, char to[4], size_t *len) {
    *len = is_lead(p[0]) ? 2 : 1;
    if (p[0] < 0x80) {
        to[0] = (char)p[0];
        return 1;
    }
    WCHAR wide = *len > n ? 0 : *len == 2 ? decode_pair(p) : decode_half_width(p);
    return wide != 0 ? utf8_encode(wide, to) : 0;
}

int32_t cp932_to_utf8(const uint8_t *p, size_t n, struct bytes *out, size_t *bad) {
    int32_t rc = SHK_OK;
    for (size_t at = 0, len = 0; rc == SHK_OK && at < n; at += len) {
        char room[4];
        size_t made = decode_one(p + at, n - at, room, &len);
        rc = made > 0 ? bytes_append(out, room, made) : SHK_E_XML_ENCODING;
        if (made == 0 && bad != NULL) {
            *bad = at;
        }
    }
    return rc;
}

/* Windows needs no converter; the struct is there because other systems do. */
struct charset_one {
    UINT code_page;
};

struct charset_one *charset_one_open(void) {
    struct charset_one *one = malloc(sizeof *one);
    if (one != NULL) {
        one->code_page = CODE_PAGE;
    }
    return one;
}

uint16_t charset_one(struct charset_one *one, uint32_t code) {
    uint8_t to[4];
    BOOL replaced = FALSE;
    WCHAR wide = (WCHAR)code;
    if (code > 0xFFFF) {
        return 0;
    }
    int made = WideCharToMultiByte(one->code_page, WC_NO_BEST_FIT_CHARS, &wide, 1, (char *)to,
                                   sizeof to, NULL, &replaced);
    bool lone = made == 1 && is_unassigned(to[0]);
    bool known = made > 0 && !replaced && !lone;
    return (uint16_t)(!known ? 0 : made == 1 ? to[0] : to[0] << 8 | to[1]);
}

void charset_one_close(struct charset_one **one) {
    free(*one);
    *one = NULL;
}
