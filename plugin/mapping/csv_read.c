#include "csv_read.h"

#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "text.h"

#define BUFFER_LEN 16384
#define END_MARK   "\x1A"
#define NO_BYTE    (-1)

struct csv {
    struct csv_options options;
    const char *name;
    struct byte_source from;
    uint8_t buffer[BUFFER_LEN];
    size_t at, n;
    bool begun, over;
    int previous;       /* the byte before the next one */
    uint64_t line;      /* of the next byte */
    uint64_t quoted_at; /* line of the last opening quote */
    struct bytes raw;   /* the row's fields as they stand, each ended by a zero */
    struct bytes text;  /* the same in UTF-8 when it had to be converted */
    const char *field[CSV_FIELDS_MAX];
    size_t fields_n, field_start;
    struct fault failed;
};

static int32_t table_fault(struct csv *csv, uint64_t line, const char *reason) {
    char where[160];
    text_format(where, sizeof where, "%s:%llu %s", csv->name, (unsigned long long)line, reason);
    return fault_set(&csv->failed, SHK_E_TABLE, SHK_NATIVE_NONE, 0, where);
}

static int32_t refill(struct csv *csv) {
    csv->at = csv->n = 0;
    if (csv->over) {
        return SHK_OK;
    }
    int32_t rc = csv->from.next(csv->from.self, csv->buffer, BUFFER_LEN, &csv->n, &csv->failed);
    csv->over = csv->n == 0;
    return rc == SHK_OK ? SHK_OK : fault_raise(&csv->failed, rc);
}

/* The next byte, or NO_BYTE at the end. */
static int32_t take(struct csv *csv, int *c) {
    *c = NO_BYTE;
    int32_t rc = csv->at < csv->n ? SHK_OK : refill(csv);
    if (rc != SHK_OK || csv->at == csv->n) {
        return rc;
    }
    *c = csv->buffer[csv->at++];
    if (*c == 0) {
        return table_fault(csv, csv->line, "使えない文字（NUL）があります");
    }
    if (*c == '\r' || (*c == '\n' && csv->previous != '\r')) {
        csv->line++;
    }
    return SHK_OK;
}

/* A byte order mark may come in pieces, so the first bytes are gathered before they are judged. */
static int32_t begin(struct csv *csv) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    csv->begun = true;
    while (csv->n < sizeof mark && !csv->over) {
        size_t more = 0;
        int32_t rc = csv->from.next(csv->from.self, csv->buffer + csv->n, BUFFER_LEN - csv->n,
                                    &more, &csv->failed);
        if (rc != SHK_OK) {
            return fault_raise(&csv->failed, rc);
        }
        csv->over = more == 0;
        csv->n += more;
    }
    if (csv->n >= 2 && ((csv->buffer[0] == 0xFF && csv->buffer[1] == 0xFE) ||
                        (csv->buffer[0] == 0xFE && csv->buffer[1] == 0xFF))) {
        return table_fault(csv, 1, "文字コードが UTF-16 です");
    }
    if (csv->n < sizeof mark || memcmp(csv->buffer, mark, sizeof mark) != 0) {
        return SHK_OK;
    }
    if (csv->options.encoding == CSV_CP932) {
        return table_fault(csv, 1, "文字コードが UTF-8 です");
    }
    csv->options.encoding = CSV_UTF8;
    csv->at = sizeof mark;
    return SHK_OK;
}

static int32_t keep(struct csv *csv, int c, bool quoted) {
    if (csv->raw.n - csv->field_start >= CSV_FIELD_MAX) {
        return quoted ? table_fault(csv, csv->quoted_at, "引用符が閉じていないか、項目が長すぎます")
                      : table_fault(csv, csv->line, "項目が長すぎます");
    }
    if (csv->raw.n >= CSV_ROW_MAX) {
        return table_fault(csv, csv->line, "行が長すぎます");
    }
    return bytes_append_byte(&csv->raw, (uint8_t)c) == SHK_OK
               ? SHK_OK
               : fault_raise(&csv->failed, SHK_E_MEMORY);
}

static int32_t end_field(struct csv *csv) {
    if (csv->fields_n == CSV_FIELDS_MAX) {
        return table_fault(csv, csv->line, "列が多すぎます");
    }
    if (bytes_append_byte(&csv->raw, 0) != SHK_OK) {
        return fault_raise(&csv->failed, SHK_E_MEMORY);
    }
    csv->fields_n++;
    csv->field_start = csv->raw.n;
    return SHK_OK;
}

enum place { FIELD_BEGIN, PLAIN, QUOTED, QUOTE_ENDED };

/* One byte of a row; *ended when it was the row's last. */
static int32_t step(struct csv *csv, enum place *place, int c, bool *ended) {
    if (*place == QUOTED) {
        if (c == NO_BYTE) {
            return table_fault(csv, csv->quoted_at, "引用符が閉じていません");
        }
        if (c == '"') {
            *place = QUOTE_ENDED;
            return SHK_OK;
        }
        return keep(csv, c, true);
    }
    if (c == NO_BYTE || c == '\r' || c == '\n' || c == csv->options.separator) {
        *ended = c != csv->options.separator;
        *place = FIELD_BEGIN;
        return end_field(csv);
    }
    if (c == '"' && *place != PLAIN) {
        if (*place == QUOTE_ENDED) { /* two quotes stand for one */
            *place = QUOTED;
            return keep(csv, c, true);
        }
        csv->quoted_at = csv->line;
        *place = QUOTED;
        return SHK_OK;
    }
    if (*place == QUOTE_ENDED) {
        return table_fault(csv, csv->line, "閉じた引用符のあとに文字があります");
    }
    *place = PLAIN;
    return keep(csv, c, false);
}

/* Gathers one row as it stands; no field when the table is over. */
static int32_t gather(struct csv *csv, uint64_t *line) {
    enum place place = FIELD_BEGIN;
    bool ended = false;
    csv->raw.n = csv->fields_n = csv->field_start = 0;
    *line = csv->line;
    while (!ended) {
        int c;
        int32_t rc = take(csv, &c);
        bool second_half = c == '\n' && csv->previous == '\r' && place != QUOTED;
        bool nothing = csv->fields_n == 0 && place == FIELD_BEGIN;
        csv->previous = c;
        if (rc != SHK_OK || (c == NO_BYTE && nothing)) {
            return rc;
        }
        if (second_half && nothing) {
            continue;
        }
        rc = step(csv, &place, c, &ended);
        if (rc != SHK_OK) {
            return rc;
        }
    }
    return SHK_OK;
}

/* Fields are ended by zeros, so a row without any other byte is empty. */
static bool is_blank(const struct csv *csv) {
    return csv->raw.n == csv->fields_n ||
           (csv->fields_n == 1 && strcmp((const char *)csv->raw.p, END_MARK) == 0);
}

static int32_t gather_filled(struct csv *csv, uint64_t *line) {
    int32_t rc = csv->begun ? SHK_OK : begin(csv);
    do {
        rc = rc == SHK_OK ? gather(csv, line) : rc;
    } while (rc == SHK_OK && csv->fields_n > 0 && is_blank(csv));
    return rc;
}

static bool is_utf8(const struct csv *csv) {
    return utf8_valid((const char *)csv->raw.p, csv->raw.n);
}

/* SHK_E_XML_ENCODING when the row is not code page 932. */
static int32_t convert(struct csv *csv) {
    csv->text.n = 0;
    return cp932_to_utf8(csv->raw.p, csv->raw.n, &csv->text, NULL);
}

/* The row in UTF-8. */
static int32_t decode(struct csv *csv, uint64_t line, const struct bytes **out) {
    *out = &csv->raw;
    if (csv->options.encoding != CSV_CP932 && is_utf8(csv)) {
        return SHK_OK;
    }
    if (csv->options.encoding == CSV_UTF8) {
        return table_fault(csv, line, "文字コードが UTF-8 ではありません");
    }
    *out = &csv->text;
    int32_t rc = convert(csv);
    return rc == SHK_OK         ? SHK_OK
           : rc == SHK_E_MEMORY ? fault_raise(&csv->failed, rc)
                                : table_fault(csv, line, "文字コードが CP932 ではありません");
}

int32_t csv_new(const struct csv_options *options, const char *name, const struct byte_source *from,
                struct csv **out, struct fault *why) {
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    **out = (struct csv){.options = *options, .name = name, .from = *from, .line = 1};
    return SHK_OK;
}

static int32_t give_fault(const struct csv *csv, struct fault *why) {
    if (why != NULL && why->code == SHK_OK) {
        *why = csv->failed;
    }
    return csv->failed.code;
}

int32_t csv_next(struct csv *csv, struct csv_row *row, struct fault *why) {
    const struct bytes *text = NULL;
    *row = (struct csv_row){0};
    uint64_t line = 0;
    if (csv->failed.code == SHK_OK) {
        (void)gather_filled(csv, &line);
    }
    if (csv->failed.code == SHK_OK && csv->fields_n > 0) {
        (void)decode(csv, line, &text);
    }
    if (csv->failed.code != SHK_OK) {
        return give_fault(csv, why);
    }
    const char *p = text != NULL ? (const char *)text->p : "";
    for (size_t i = 0; i < csv->fields_n; i++) {
        csv->field[i] = p;
        p += strlen(p) + 1;
    }
    *row = (struct csv_row){.field = csv->field, .n = csv->fields_n, .line = line};
    return SHK_OK;
}

void csv_free(struct csv **csv) {
    if (*csv != NULL) {
        bytes_clear(&(*csv)->raw);
        bytes_clear(&(*csv)->text);
        memory_wipe((*csv)->buffer, BUFFER_LEN);
        free(*csv);
        *csv = NULL;
    }
}

/* Lines of the first rows that are not of an encoding; 0: none. */
struct verdict {
    uint64_t not_utf8, not_cp932;
};

static int32_t judge(struct csv *csv, uint64_t line, struct verdict *v) {
    if (csv->options.encoding != CSV_CP932 && v->not_utf8 == 0 && !is_utf8(csv)) {
        v->not_utf8 = line;
    }
    if (csv->options.encoding != CSV_UTF8 && v->not_cp932 == 0) {
        int32_t rc = convert(csv);
        if (rc == SHK_E_MEMORY) {
            return fault_raise(&csv->failed, rc);
        }
        v->not_cp932 = rc != SHK_OK ? line : 0;
    }
    return SHK_OK;
}

static int32_t conclude(struct csv *csv, const struct verdict *v, enum csv_encoding *out) {
    bool utf8 = csv->options.encoding != CSV_CP932 && v->not_utf8 == 0;
    *out = utf8 ? CSV_UTF8 : CSV_CP932;
    if (csv->options.encoding == CSV_UTF8 && v->not_utf8 != 0) {
        return table_fault(csv, v->not_utf8, "文字コードが UTF-8 ではありません");
    }
    if (!utf8 && v->not_cp932 != 0) {
        return table_fault(csv, v->not_cp932,
                           v->not_utf8 != 0 ? "文字コードが UTF-8 でも CP932 でもありません"
                                            : "文字コードが CP932 ではありません");
    }
    return SHK_OK;
}

int32_t csv_survey(const struct csv_options *options, const char *name,
                   const struct byte_source *from, struct csv_survey *out, struct fault *why) {
    struct csv *csv = NULL;
    struct verdict verdict = {0};
    uint64_t line = 0;
    *out = (struct csv_survey){0};
    int32_t rc = csv_new(options, name, from, &csv, why);
    if (rc != SHK_OK) {
        return rc;
    }
    do {
        rc = gather_filled(csv, &line);
        if (rc == SHK_OK && csv->fields_n > 0) {
            out->rows++;
            rc = judge(csv, line, &verdict);
        }
    } while (rc == SHK_OK && csv->fields_n > 0);
    rc = rc == SHK_OK ? conclude(csv, &verdict, &out->encoding) : rc;
    if (rc != SHK_OK) {
        *out = (struct csv_survey){0};
        rc = give_fault(csv, why);
    }
    csv_free(&csv);
    return rc;
}
