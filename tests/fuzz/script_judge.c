#include "script_judge.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "csv_read.h"
#include "fuzz.h"
#include "shikaku/adapter.h"
#include "text.h"

struct tape {
    const uint8_t *p;
    size_t n;
};

static int32_t next(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct tape *tape = self;
    (void)why;
    *n = tape->n < cap ? tape->n : cap;
    if (*n > 0) {
        memcpy(p, tape->p, *n);
    }
    tape->p += *n;
    tape->n -= *n;
    return SHK_OK;
}

static bool all_empty(const struct mapping_result *r) {
    for (size_t i = 0; i < r->fields_n; i++) {
        if (r->fields[i].value != NULL && r->fields[i].value[0] != '\0') {
            return false;
        }
    }
    return true;
}

static void judge_row(const struct mapping_result *r, const struct csv_row *row) {
    fuzz_must(row->n == r->fields_n, "a row has other cells than the script gave");
    for (size_t i = 0; i < row->n; i++) {
        fuzz_must(text_equal(row->field[i], r->fields[i].value), "a cell is read back as another");
    }
}

/* What this reader's limits and habits do not allow to be read again. */
static bool readable(const struct mapping_result *r, const char *source) {
    size_t longest = 0;
    bool odd = strstr(source, "separator") != NULL || strstr(source, "never") != NULL ||
               text_equal(r->format, "tsv");
    for (size_t i = 0; i < r->fields_n; i++) {
        size_t n = strlen(r->fields[i].value);
        longest = n > longest ? n : longest;
        odd = odd || memchr(r->fields[i].value, 0x1A, n) != NULL;
    }
    return !odd && longest < CSV_FIELD_MAX / 4 && r->fields_n * longest < CSV_ROW_MAX / 4;
}

static void judge_csv(const struct mapping_result *r, const struct bytes *text) {
    const struct csv_options options = {',', CSV_UTF8};
    struct tape tape = {text->p, text->n};
    const struct byte_source source = {next, &tape};
    struct csv *csv = NULL;
    struct csv_row row = {0};
    struct fault why = {0};
    fuzz_must(csv_new(&options, "t", &source, &csv, &why) == SHK_OK, "memory for a reader");
    fuzz_must(csv_next(csv, &row, &why) == SHK_OK, "a row that no reader takes");
    if (all_empty(r)) {
        fuzz_must(row.n == 0, "a row out of nothing");
    } else {
        judge_row(r, &row);
        fuzz_must(csv_next(csv, &row, &why) == SHK_OK && row.n == 0, "a second row");
    }
    csv_free(&csv);
}

static void judge_xml(const struct bytes *body) {
    int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE;
    xmlDoc *doc = xmlReadMemory((const char *)body->p, (int)body->n, NULL, NULL, flags);
    fuzz_must(doc != NULL && xmlDocGetRootElement(doc) != NULL, "XML that is not well formed");
    xmlFreeDoc(doc);
}

static void judge_json(const struct bytes *text) {
    bool mark = text->n >= 3 && memcmp(text->p, "\xEF\xBB\xBF", 3) == 0;
    json_error_t error;
    json_t *json = json_loadb((const char *)text->p + (mark ? 3 : 0), text->n - (mark ? 3 : 0),
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    fuzz_must(json != NULL, "JSON that cannot be read");
    json_decref(json);
}

/* Every segment begins with its name, and none is empty. */
static void judge_hl7(const struct bytes *text) {
    const char *p = bytes_text(text), *end = p + text->n;
    p += text_starts(p, "\xEF\xBB\xBF") ? 3 : 0;
    while (p < end) {
        size_t n = strcspn(p, "\r\n");
        fuzz_must(n >= 3 && (n == 3 || p[3] == '|' || text_starts(p, "MSH")),
                  "a segment without a name");
        p += n;
        p += p < end ? 1 : 0;
        p += p < end && *p == '\n' ? 1 : 0;
    }
}

static void judge_statements(const struct mapping_result *r) {
    fuzz_must(r->statements_n > 0, "no statement");
    for (size_t i = 0; i < r->statements_n; i++) {
        fuzz_must(r->statements[i] != NULL && r->statements[i][0] != '\0', "an empty statement");
        fuzz_must(r->statement_rows[i] >= SHK_ROWS_ANY, "a number of rows that means nothing");
    }
}

static void judge_format(const struct mapping_result *r, const struct bytes *text,
                         const char *source) {
    if (text_equal(r->format, "csv") && readable(r, source)) {
        judge_csv(r, text);
    } else if (text_equal(r->format, "json") || text_equal(r->format, "sql")) {
        judge_json(text);
    } else if (text_equal(r->format, "hl7")) {
        judge_hl7(text);
    } else if (text_equal(r->format, "xml") || text_equal(r->format, "face")) {
        judge_xml(&r->body);
    }
    if (text_equal(r->format, "sql")) {
        judge_statements(r);
    }
}

static bool seven_bits(const struct bytes *b) {
    for (size_t i = 0; i < b->n; i++) {
        if (b->p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* The bytes are of the encoding that the result names. */
static void judge_encoding(const struct mapping_result *r) {
    struct bytes back = {0};
    bool utf8 = text_starts(r->encoding, "utf-8");
    const struct bytes *text = utf8 ? &r->body : &r->plain;
    fuzz_must(utf8_valid(bytes_text(text), text->n), "a document that is not UTF-8");
    if (text_equal(r->encoding, "cp932")) {
        fuzz_must(cp932_to_utf8(r->body.p, r->body.n, &back, NULL) == SHK_OK, "not code page 932");
    }
    fuzz_must(!text_equal(r->encoding, "iso-2022-jp") || seven_bits(&r->body),
              "ISO-2022-JP of 8 bits");
    bytes_clear(&back);
}

static bool is_bad_in_a_name(uint8_t c) {
    return c < 0x20 || c == 0x7F || strchr("/\\:*?\"<>|", c) != NULL;
}

static void judge_file_name(const char *name) {
    size_t n = strlen(name);
    fuzz_must(n > 0 && n <= 200 && utf8_valid(name, n), "a file name that is none");
    fuzz_must(strstr(name, "..") == NULL && name[0] != '.', "a file name that leads away");
    for (size_t i = 0; i < n; i++) {
        fuzz_must(!is_bad_in_a_name((uint8_t)name[i]), "a file name with a forbidden character");
    }
}

static void judge_fields(const struct mapping_result *r) {
    for (size_t i = 0; i < r->fields_n; i++) {
        const char *value = r->fields[i].value;
        fuzz_must(r->fields[i].to != NULL && r->fields[i].to[0] != '\0', "a field without a name");
        fuzz_must(value != NULL || text_equal(r->format, "sql"), "a field without a value");
        fuzz_must(value == NULL || utf8_valid(value, strlen(value)), "a field that is not UTF-8");
    }
}

void script_judge(const struct mapping_result *r, const char *source) {
    judge_encoding(r);
    judge_file_name(r->file_name);
    judge_fields(r);
    fuzz_must(r->loss_n <= MAPPING_LOSSES_MAX && r->losses >= (int32_t)r->loss_n, "losses");
    judge_format(r, text_starts(r->encoding, "utf-8") ? &r->body : &r->plain, source);
}
