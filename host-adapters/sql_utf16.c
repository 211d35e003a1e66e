#include "sql_utf16.h"

#include <stdlib.h>
#include <string.h>

/* One character; 0 bytes: no UTF-8. */
static size_t decode(const uint8_t *p, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = 1;
    *code = p[0];
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        *code = p[0] & 0x07u;
    } else if (p[0] >= 0xE0 && p[0] < 0xF0) {
        n = 3;
        *code = p[0] & 0x0Fu;
    } else if (p[0] >= 0xC2 && p[0] < 0xE0) {
        n = 2;
        *code = p[0] & 0x1Fu;
    } else if (p[0] >= 0x80) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0u) != 0x80u) {
            return 0;
        }
        *code = (*code << 6) | (p[i] & 0x3Fu);
    }
    return *code < least[n] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000) ? 0 : n;
}

uint16_t *sql_utf16_from(const char *text, size_t *n) {
    const uint8_t *p = (const uint8_t *)text;
    uint16_t *out = malloc((strlen(text) + 1) * sizeof *out);
    *n = 0;
    while (out != NULL && *p != 0) {
        uint32_t code = 0;
        size_t len = decode(p, &code);
        if (len == 0) {
            free(out);
            return NULL;
        }
        if (code >= 0x10000) {
            out[(*n)++] = (uint16_t)(0xD7C0u + (code >> 10));
            code = 0xDC00u | (code & 0x3FFu);
        }
        out[(*n)++] = (uint16_t)code;
        p += len;
    }
    if (out != NULL) {
        out[*n] = 0;
    }
    return out;
}

static size_t encode(uint32_t code, uint8_t out[4]) {
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xC0u | (code >> 6));
        out[1] = (uint8_t)(0x80u | (code & 0x3Fu));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0u | (code >> 12));
        out[1] = (uint8_t)(0x80u | ((code >> 6) & 0x3Fu));
        out[2] = (uint8_t)(0x80u | (code & 0x3Fu));
        return 3;
    }
    out[0] = (uint8_t)(0xF0u | (code >> 18));
    out[1] = (uint8_t)(0x80u | ((code >> 12) & 0x3Fu));
    out[2] = (uint8_t)(0x80u | ((code >> 6) & 0x3Fu));
    out[3] = (uint8_t)(0x80u | (code & 0x3Fu));
    return 4;
}

int sql_utf16_to(const uint16_t *units, size_t n, char *out, size_t cap) {
    size_t written = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t bytes[4];
        uint32_t code = units[i];
        if (code >= 0xD800 && code < 0xE000) {
            if (code >= 0xDC00 || i + 1 == n || units[i + 1] < 0xDC00 || units[i + 1] >= 0xE000) {
                return 0;
            }
            code = 0x10000u + ((code & 0x3FFu) << 10) + (units[++i] & 0x3FFu);
        }
        size_t len = encode(code, bytes);
        if (written + len >= cap) {
            return 0;
        }
        memcpy(out + written, bytes, len);
        written += len;
    }
    if (written >= cap) {
        return 0;
    }
    out[written] = '\0';
    return 1;
}
