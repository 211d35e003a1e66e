#include "format.h"

#include <string.h>

#include "format_parts.h"
#include "shikaku/codes.h"
#include "text.h"

#define NUMBER_MAX 9999

int32_t format_read_number(const char **p) {
    int32_t number = 0;
    const char *at = *p;
    while (char_is_digit(*at) && (number > 0 || *at != '0') && number <= NUMBER_MAX) {
        number = number * 10 + (*at++ - '0');
    }
    if (number > NUMBER_MAX || char_is_digit(*at)) {
        return 0;
    }
    *p = at;
    return number;
}

bool format_kind_fits(enum cell_kind kind, const char *value) {
    int64_t number;
    const char *digits = value[0] == '-' ? value + 1 : value;
    bool plain = digits[0] != '0' || text_equal(value, "0");
    switch (kind) {
    case CELL_NUMBER:
        return plain && text_to_int64(value, strlen(value), &number);
    case CELL_BOOLEAN:
        return text_equal(value, "true") || text_equal(value, "false");
    default:
        return true;
    }
}

bool format_path_usable(const struct format_style *style, const char *to) {
    switch (style->kind) {
    case FORMAT_XML:
        return xml_path_usable(to);
    case FORMAT_JSON:
        return json_path_usable(to);
    case FORMAT_HL7:
        return hl7_path_usable(to);
    case FORMAT_TEXT:
        return text_path_usable(to);
    case FORMAT_SQL:
        return sql_name_usable(to);
    default:
        return csv_name_usable(style, to);
    }
}

static bool attributes_clash(const char *a, const char *b) {
    return strchr(a, '@') != NULL && text_equal(a, b);
}

static bool clash(enum format_kind kind, const char *a, const char *b) {
    switch (kind) {
    case FORMAT_XML:
        return attributes_clash(a, b);
    case FORMAT_JSON:
        return json_paths_clash(a, b);
    case FORMAT_HL7:
        return hl7_paths_clash(a, b);
    default:
        return text_equal(a, b);
    }
}

static size_t first_clash(enum format_kind kind, const struct format_cell *cells, size_t n) {
    for (size_t i = 1; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (clash(kind, cells[i].to, cells[j].to)) {
                return i;
            }
        }
    }
    return n;
}

size_t format_first_misplaced(const struct format_style *style, const struct format_cell *cells,
                              size_t n) {
    size_t good = 0;
    while (good < n && format_path_usable(style, cells[good].to)) {
        good++;
    }
    if (style->kind == FORMAT_XML) {
        good = xml_first_misplaced(cells, good);
    }
    return first_clash(style->kind, cells, good);
}

/* Formats that a file holds many rows of. */
static bool has_rows(enum format_kind kind) {
    return kind == FORMAT_CSV || kind == FORMAT_FIXED || kind == FORMAT_TEXT;
}

static int32_t put_bom(const struct format_style *style, struct bytes *out) {
    return style->bom ? bytes_append_text(out, "\xEF\xBB\xBF") : SHK_OK;
}

/* What was begun and not finished is taken back. */
static int32_t settle(int32_t rc, size_t before, struct bytes *out) {
    if (rc != SHK_OK && out->p != NULL) {
        memory_wipe(out->p + before, out->n - before);
        out->n = before;
        out->p[before] = 0;
    }
    return rc;
}

int32_t format_head(const struct format_style *style, const struct format_cell *cells, size_t n,
                    struct bytes *out) {
    size_t before = out->n;
    if (!has_rows(style->kind)) {
        return SHK_OK;
    }
    int32_t rc = put_bom(style, out);
    if (rc == SHK_OK && style->kind == FORMAT_CSV && style->header) {
        rc = csv_line(style, cells, n, true, out);
    }
    return settle(rc, before, out);
}

static int32_t put_body(const struct format_style *style, const struct format_cell *cells, size_t n,
                        struct bytes *out) {
    switch (style->kind) {
    case FORMAT_FIXED:
        return fixed_row(style, cells, n, out);
    case FORMAT_XML:
        return xml_document(style, cells, n, out);
    case FORMAT_JSON:
        return json_document(style, cells, n, out);
    case FORMAT_HL7:
        return hl7_message(style, cells, n, out);
    case FORMAT_TEXT:
        return text_lines(style, cells, n, out);
    case FORMAT_SQL:
        return sql_document(style, cells, n, out);
    default:
        return csv_line(style, cells, n, false, out);
    }
}

int32_t format_body(const struct format_style *style, const struct format_cell *cells, size_t n,
                    struct bytes *out) {
    size_t before = out->n;
    int32_t rc = has_rows(style->kind) ? SHK_OK : put_bom(style, out);
    if (rc == SHK_OK) {
        rc = put_body(style, cells, n, out);
    }
    return settle(rc, before, out);
}
