#include <string.h>

#include "format.h"
#include "text.h"

static bool is_control(uint8_t c) {
    return c < 0x20 || c == 0x7F;
}

static bool is_line_end(uint8_t c) {
    return c == '\r' || c == '\n' || c == '\0';
}

/* XML has neither controls nor U+FFFE and U+FFFF. */
static bool xml_lacks(const char *p, size_t n) {
    uint8_t c = (uint8_t)p[0];
    if (c < 0x20) {
        return c != '\t' && c != '\n' && c != '\r';
    }
    return c == 0xEF && n >= 3 && (uint8_t)p[1] == 0xBF && (uint8_t)p[2] >= 0xBE;
}

/* True when p and the separator behind it begin with a separator, though p is not at its end. */
static bool reads_as_separator(const char *separator, const char *p, size_t n) {
    size_t len = strlen(separator);
    size_t inside = n < len ? n : len;
    return len > 0 && memcmp(p, separator, inside) == 0 &&
           memcmp(separator, separator + inside, len - inside) == 0;
}

static bool lacks(const struct format_style *style, const char *p, size_t n) {
    uint8_t c = (uint8_t)p[0];
    switch (style->kind) {
    case FORMAT_CSV:
        return is_line_end(c) || p[0] == style->separator[0];
    case FORMAT_FIXED:
        return is_line_end(c);
    case FORMAT_XML:
        return xml_lacks(p, n);
    case FORMAT_HL7:
        return is_control(c);
    default:
        return is_line_end(c) || reads_as_separator(style->separator, p, n);
    }
}

/* Quotes hold everything, and so do JSON and what is bound. */
static bool holds_all(const struct format_style *style) {
    return style->kind == FORMAT_JSON || style->kind == FORMAT_SQL ||
           (style->kind == FORMAT_CSV && style->quote != QUOTE_NEVER);
}

uint32_t format_forbidden(const struct format_style *style, const char *p, size_t n) {
    uint32_t code;
    if (holds_all(style)) {
        return n > 0 && memchr(p, '\0', n) != NULL ? 0 : FORMAT_CODE_NONE;
    }
    for (size_t i = 0; i < n; i++) {
        if (lacks(style, p + i, n - i)) {
            return utf8_decode(p + i, n - i, &code) > 0 ? code : 0xFFFD;
        }
    }
    return FORMAT_CODE_NONE;
}
