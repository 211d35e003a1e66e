#include "pack_expectation.h"

#include <string.h>

#define PREFIX "SHK_E_"

static bool ends_in(const char *p, size_t n, const char *ending) {
    size_t m = strlen(ending);
    return n >= m && memcmp(p + n - m, ending, m) == 0;
}

static bool is_source(const char *p, size_t n) {
    return ends_in(p, n, ".xml") || ends_in(p, n, ".txt");
}

/* ".2" at the end of a name; the first record's number is not written. */
static bool take_record(struct expectation_parts *parts) {
    size_t n = parts->name_n;
    int32_t record = 0;
    while (n > 0 && char_is_digit(parts->name[n - 1])) {
        n--;
    }
    if (n < 2 || n == parts->name_n || parts->name[n - 1] != '.' || parts->name_n - n > 2 ||
        parts->name[n] == '0' || !text_to_int32(parts->name + n, parts->name_n - n, &record) ||
        record < 2) {
        return false;
    }
    parts->record = (size_t)record;
    parts->name_n = n - 1;
    return true;
}

enum expectation_kind expectation_read_name(const char *file, struct expectation_parts *out) {
    static const char *const endings[] = {".xml", ".txt", ".expected", ".name", ".fault"};
    size_t n = strlen(file);
    *out = (struct expectation_parts){.name = file, .record = 1};
    if (ends_in(file, n, ".md")) {
        return EXPECTATION_WORDS;
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0] && out->name_n == 0; i++) {
        out->name_n = ends_in(file, n, endings[i]) ? n - strlen(endings[i]) : 0;
    }
    if (out->name_n > 0 && !is_source(file, n)) {
        (void)take_record(out);
    }
    bool plain = out->name_n > 0 && memchr(file, '.', out->name_n) == NULL &&
                 memchr(file, '/', out->name_n) == NULL;
    return plain ? EXPECTATION_PART : EXPECTATION_STRANGE;
}

void expectation_name(const char *sample, size_t record, const char *ending,
                      char out[EXPECTATION_ROOM]) {
    if (record > 1) {
        text_format(out, EXPECTATION_ROOM, "%s.%u%s", sample, (unsigned)record, ending);
    } else {
        text_format(out, EXPECTATION_ROOM, "%s%s", sample, ending);
    }
}

/* Without the line end, and without the mark that editors put before UTF-8. */
static const char *read_line(const struct bytes *file, size_t *n) {
    const char *p = bytes_text(file);
    size_t skip = text_starts(p, "\xEF\xBB\xBF") ? 3 : 0;
    *n = file->n - skip;
    p += skip;
    while (*n > 0 && (p[*n - 1] == '\n' || p[*n - 1] == '\r')) {
        *n -= 1;
    }
    return p;
}

bool expectation_is_line(const struct bytes *file, const char *text) {
    size_t n = 0;
    const char *p = read_line(file, &n);
    return text_equal_n(text, p, n);
}

/* Whole words: "名" is no end of "mapping.lua:12 氏名". */
static bool ends_in_words(const char *text, const char *p, size_t n) {
    size_t text_n = strlen(text);
    return n > 0 && n <= text_n && memcmp(text + text_n - n, p, n) == 0 &&
           (n == text_n || text[text_n - n - 1] == ' ');
}

bool expectation_is_fault(const struct bytes *file, const struct fault *why) {
    const struct fault_row *row = fault_find(why->code);
    size_t n = 0, prefix = strlen(PREFIX);
    const char *p = read_line(file, &n);
    const char *space = n > 0 ? memchr(p, ' ', n) : NULL;
    size_t code_n = space != NULL ? (size_t)(space - p) : n;
    if (row == NULL || code_n < prefix || memcmp(p, PREFIX, prefix) != 0 ||
        !text_equal_n(row->name, p + prefix, code_n - prefix)) {
        return false;
    }
    return space == NULL || ends_in_words(why->where, space + 1, n - code_n - 1);
}
