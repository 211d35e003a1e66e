#include "pack_difference.h"

#include <string.h>

#include "text.h"

#define ESCAPE 0x1B

/* A document in its own encoding, character by character. */
struct walk {
    const char *encoding;
    bool wide; /* of iso-2022-jp: two bytes a character */
};

/* What switches iso-2022-jp; 0: none stands here. */
static size_t escape_length(struct walk *w, const uint8_t *p, size_t n) {
    if (n < 3 || p[0] != ESCAPE || (p[1] != '$' && p[1] != '(')) {
        return 0;
    }
    w->wide = p[1] == '$';
    return w->wide && p[2] == '(' && n > 3 ? 4 : 3;
}

static size_t cp932_length(const uint8_t *p) {
    return (p[0] >= 0x81 && p[0] <= 0x9F) || (p[0] >= 0xE0 && p[0] <= 0xFC) ? 2 : 1;
}

static size_t euc_length(const uint8_t *p) {
    return p[0] == 0x8F ? 3 : p[0] >= 0x80 ? 2 : 1;
}

static size_t utf8_length(const uint8_t *p, size_t n) {
    uint32_t code = 0;
    size_t len = utf8_decode((const char *)p, n, &code);
    return len > 0 ? len : 1;
}

/* At least 1. */
static size_t character_length(const struct walk *w, const uint8_t *p, size_t n) {
    size_t len = 1;
    if (text_equal(w->encoding, "cp932")) {
        len = cp932_length(p);
    } else if (text_equal(w->encoding, "euc-jp")) {
        len = euc_length(p);
    } else if (text_equal(w->encoding, "iso-2022-jp")) {
        len = w->wide ? 2 : 1;
    } else {
        len = utf8_length(p, n);
    }
    return len < n ? len : n;
}

/* Where a place in a row format lies. */
struct place {
    int32_t line;
    bool quoted, in_row, after_return;
    size_t column; /* separators before it in its row */
    size_t characters;
};

static void end_line(struct place *at, uint8_t byte) {
    at->line += byte == '\r' || !at->after_return ? 1 : 0;
    at->after_return = byte == '\r';
    if (!at->quoted) {
        at->in_row = false;
        at->column = at->characters = 0;
    }
}

static void pass(struct place *at, const uint8_t *p, size_t len, char separator) {
    if (len == 1 && (p[0] == '\r' || p[0] == '\n')) {
        end_line(at, p[0]);
        return;
    }
    at->after_return = false;
    at->in_row = true;
    at->characters++;
    if (len == 1 && p[0] == '"') {
        at->quoted = !at->quoted;
    } else if (len == 1 && !at->quoted && (char)p[0] == separator) {
        at->column++;
    }
}

static struct place find_place(const char *encoding, const struct bytes *all, size_t end,
                               char separator) {
    struct walk w = {.encoding = encoding};
    struct place at = {.line = 1};
    bool marked = all->n >= 3 && memcmp(all->p, "\xEF\xBB\xBF", 3) == 0;
    for (size_t i = marked ? 3 : 0; i < end;) {
        size_t len = escape_length(&w, all->p + i, all->n - i);
        if (len == 0) {
            len = character_length(&w, all->p + i, all->n - i);
            if (i + len > end) {
                break; /* the difference lies inside this character */
            }
            pass(&at, all->p + i, len, separator);
        }
        i += len;
    }
    return at;
}

static const char *fixed_column(const struct mapping_result *got, size_t characters) {
    for (size_t i = 0; i < got->fields_n; i++) {
        size_t n = utf8_count(got->fields[i].value, strlen(got->fields[i].value));
        if (characters < n) {
            return got->fields[i].to;
        }
        characters -= n;
    }
    return "";
}

/* The document that was made goes on in this row at that place. */
static const char *column_at(const struct mapping_result *got, const struct place *at, bool more) {
    bool parted = text_equal(got->format, "csv") || text_equal(got->format, "tsv");
    if (!at->in_row && !more) {
        return "";
    }
    if (text_equal(got->format, "fixed")) {
        return fixed_column(got, at->characters);
    }
    return parted && at->column < got->fields_n ? got->fields[at->column].to : "";
}

bool pack_difference_find(const struct mapping_result *got, const struct bytes *expected,
                          char separator, struct pack_difference *out) {
    struct bytes all = {0};
    *out = (struct pack_difference){0};
    if (bytes_append(&all, got->head.p, got->head.n) != SHK_OK ||
        bytes_append(&all, got->body.p, got->body.n) != SHK_OK) {
        bytes_clear(&all);
        out->line = 1;
        return true;
    }
    size_t least = all.n < expected->n ? all.n : expected->n, i = 0;
    while (i < least && all.p[i] == expected->p[i]) {
        i++;
    }
    bool differs = i < all.n || i < expected->n;
    if (differs) {
        struct place at = find_place(got->encoding, &all, i, separator);
        out->byte = i;
        out->line = at.line;
        text_copy(out->column, sizeof out->column, column_at(got, &at, i < all.n));
    }
    bytes_clear(&all);
    return differs;
}
