#include <string.h>

#include "format.h"
#include "shikaku/codes.h"

static bool needs_quotes(const struct format_style *style, const char *p, size_t n) {
    return style->quote_always || memchr(p, style->separator, n) != NULL ||
           memchr(p, '"', n) != NULL || memchr(p, '\r', n) != NULL || memchr(p, '\n', n) != NULL;
}

static int32_t quoted(const char *p, size_t n, struct bytes *out) {
    int32_t rc = bytes_append_byte(out, '"');
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        rc = p[i] == '"' ? bytes_append(out, "\"\"", 2) : bytes_append_byte(out, (uint8_t)p[i]);
    }
    return rc == SHK_OK ? bytes_append_byte(out, '"') : rc;
}

static int32_t one_cell(const struct format_style *style, const char *text, struct bytes *out) {
    const char *p = text != NULL ? text : "";
    size_t n = strlen(p);
    return needs_quotes(style, p, n) ? quoted(p, n, out) : bytes_append(out, p, n);
}

int32_t csv_line(const struct format_style *style, const struct format_cell *cells, size_t n,
                 bool names, struct bytes *out) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        if (i > 0) {
            rc = bytes_append_byte(out, (uint8_t)style->separator);
        }
        if (rc == SHK_OK) {
            rc = one_cell(style, names ? cells[i].to : cells[i].value, out);
        }
    }
    return rc == SHK_OK ? bytes_append_text(out, style->crlf ? "\r\n" : "\n") : rc;
}
