#include <stdlib.h>
#include <string.h>

#include "contract.h"
#include "csv_read.h"
#include "pack_new_source.h"
#include "text.h"

#define COMMENT '#' /* begins the heading lines of some hosts */

/* A row of headings, copied from the reader. */
struct heading {
    char *at[CSV_FIELDS_MAX];
    size_t n, known;
    uint64_t line;
};

struct reading {
    const struct pack_new_sample *sample;
    const struct pack_words *words;
    struct pack_new_source *out;
    struct fault *why;
    size_t given; /* bytes of the sample that the reader has */
    struct heading best;
    bool has_heading;
};

static int32_t refuse(const struct reading *r, uint64_t line, const char *reason) {
    return pack_new_source_fault(r->sample, (int64_t)line, reason, r->why);
}

static int32_t refuse_column(const struct reading *r, size_t column, const char *reason) {
    char text[120];
    text_format(text, sizeof text, "%d列目: %s", (int)column + 1, reason);
    return refuse(r, r->best.line, text);
}

/* ---- separator and quotes of the first line ---- */

static size_t count_outside(const struct pack_new_sample *sample, char sign, bool *all_quoted) {
    size_t n = 0;
    bool inside = false, begins = true;
    *all_quoted = true;
    for (size_t i = 0; i < sample->n; i++) {
        char c = (char)sample->p[i];
        if (!inside && (c == '\r' || c == '\n')) {
            break;
        }
        *all_quoted = *all_quoted && (!begins || c == '"');
        begins = !inside && c == sign;
        n += begins ? 1 : 0;
        inside = c == '"' ? !inside : inside;
    }
    return n;
}

/* None of these is the second byte of a character of code page 932. */
static void find_separator(const struct pack_new_sample *whole, struct pack_new_source *out) {
    static const char signs[] = {',', '\t', ';'};
    size_t most = 0, mark = out->bom ? 3 : 0;
    const struct pack_new_sample sample = {whole->p + mark, whole->n - mark, whole->name};
    out->separator = ',';
    for (size_t i = 0; i < sizeof signs; i++) {
        bool quoted;
        size_t n = count_outside(&sample, signs[i], &quoted);
        if (n > most) {
            most = n;
            out->separator = signs[i];
        }
    }
    (void)count_outside(&sample, out->separator, &out->quote_always);
}

/* ---- the reader ---- */

static int32_t give_bytes(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct reading *r = self;
    (void)why;
    size_t rest = r->sample->n - r->given;
    *n = rest < cap ? rest : cap;
    memcpy(p, r->sample->p + r->given, *n);
    r->given += *n;
    return SHK_OK;
}

/* What the reader says of a table of patients, said of a sample. */
static int32_t same_of_sample(const struct reading *r, const struct fault *said) {
    int32_t code = said->code == SHK_E_TABLE ? SHK_E_PACK_SOURCE : said->code;
    return fault_set(r->why, code, said->native_kind, said->native, said->where);
}

static int32_t survey(struct reading *r, struct csv_options *options) {
    const struct byte_source from = {give_bytes, r};
    struct csv_survey found;
    struct fault said = {0};
    *options = (struct csv_options){.separator = r->out->separator, .encoding = CSV_AUTO};
    r->given = 0;
    int32_t rc = csv_survey(options, r->sample->name, &from, &found, &said);
    if (rc != SHK_OK) {
        return same_of_sample(r, &said);
    }
    options->encoding = found.encoding;
    r->out->cp932 = found.encoding == CSV_CP932;
    r->given = 0;
    return found.rows > 0 ? SHK_OK : refuse(r, 1, "見出しがありません");
}

/* ---- headings ---- */

/* What was taken for a heading may be a patient's row. */
static void clear_heading(struct heading *heading) {
    for (size_t i = 0; i < heading->n; i++) {
        if (heading->at[i] != NULL) {
            memory_wipe(heading->at[i], strlen(heading->at[i]));
        }
        free(heading->at[i]);
    }
    *heading = (struct heading){0};
}

static int32_t copy_heading(const struct reading *r, const struct csv_row *row,
                            struct heading *out) {
    *out = (struct heading){.line = row->line};
    for (size_t i = 0; i < row->n; i++) {
        struct pack_match match;
        out->at[i] = text_dup(row->field[i]);
        out->n++;
        int32_t rc =
            out->at[i] != NULL ? pack_words_guess(r->words, out->at[i], 0, &match) : SHK_E_MEMORY;
        if (rc != SHK_OK) {
            return fault_raise(r->why, rc);
        }
        out->known += match.path != NULL ? 1 : 0;
    }
    return SHK_OK;
}

/* Of several heading lines the one that says most. */
static int32_t consider_heading(struct reading *r, const struct csv_row *row) {
    struct heading one;
    int32_t rc = copy_heading(r, row, &one);
    bool better = !r->has_heading || one.known > r->best.known;
    if (rc == SHK_OK && better) {
        clear_heading(&r->best);
        r->best = one;
        r->has_heading = true;
    } else {
        clear_heading(&one);
    }
    return rc;
}

static bool looks_like_value(const char *text) {
    struct pack_form form = {0};
    pack_form_see(&form, text, strlen(text), 0);
    return form.n > 0 && (!form.dates.mixed || pack_form_some(&form, PACK_VALUE_POSTAL_HYPHEN) ||
                          pack_form_some(&form, PACK_VALUE_SEX));
}

/* A patient's values would become the names of the script. */
static int32_t refuse_values(const struct reading *r) {
    for (size_t i = 0; r->best.known == 0 && i < r->best.n; i++) {
        if (looks_like_value(r->best.at[i])) {
            return refuse(r, r->best.line, "見出しの行ではなく、データの行のようです");
        }
    }
    return SHK_OK;
}

/* Most bytes of a text in EUC-JP also read as half-width kana of code page 932. */
static bool is_euc(const struct pack_new_sample *sample) {
    size_t pairs = 0;
    for (size_t i = 0; i < sample->n;) {
        uint8_t c = sample->p[i], next = i + 1 < sample->n ? sample->p[i + 1] : 0;
        bool pair = (c == 0x8E || (c >= 0xA1 && c != 0xFF)) && next >= 0xA1 && next != 0xFF;
        if (c >= 0x80 && !pair) {
            return false;
        }
        pairs += pair ? 1 : 0;
        i += pair ? 2 : 1;
    }
    return pairs > 0;
}

static int32_t check_duplicate(const struct reading *r, size_t column) {
    for (size_t i = 0; i < column; i++) {
        if (text_equal(r->best.at[i], r->best.at[column])) {
            char text[60];
            text_format(text, sizeof text, "%d列目と同じ見出しです", (int)i + 1);
            return refuse_column(r, column, text);
        }
    }
    return SHK_OK;
}

static int32_t take_headings(struct reading *r) {
    int32_t rc = refuse_values(r);
    if (rc == SHK_OK && r->out->cp932 && r->best.known == 0 && is_euc(r->sample)) {
        return refuse(r, r->best.line,
                      "文字コードが EUC-JP のようです。UTF-8 で保存し直してください");
    }
    if (rc == SHK_OK && r->best.n > CONTRACT_ROWS_MAX) {
        return refuse(r, r->best.line, "列が多すぎます");
    }
    for (size_t i = 0; rc == SHK_OK && i < r->best.n; i++) {
        struct pack_column *column;
        const char *problem = pack_to_problem(r->best.at[i], r->out->cp932);
        rc = problem != NULL ? refuse_column(r, i, problem) : check_duplicate(r, i);
        if (rc == SHK_OK) {
            rc = pack_new_source_add(r->out, r->best.at[i], r->best.at[i], &column);
            rc = rc == SHK_OK ? rc : fault_raise(r->why, rc);
        }
    }
    return rc;
}

/* ---- rows ---- */

/* Code page 932 has one byte for ASCII and half-width kana, two for the rest. */
static size_t bytes_in_sample(const struct pack_new_source *out, const char *p) {
    size_t bytes = 0, n = strlen(p);
    if (!out->cp932) {
        return n;
    }
    for (size_t i = 0, len; i < n; i += len) {
        uint32_t code = 0;
        len = utf8_decode(p + i, n - i, &code);
        len = len > 0 ? len : 1;
        bytes += code < 0x80 || (code >= 0xFF61 && code <= 0xFF9F) ? 1 : 2;
    }
    return bytes;
}

/* A row of another length is shifted somewhere and tells nothing. */
static void see_row(struct reading *r, const struct csv_row *row) {
    if (row->n != r->out->n) {
        return;
    }
    r->out->has_data = true;
    for (size_t i = 0; i < row->n; i++) {
        const char *value = row->field[i];
        pack_form_see(&r->out->columns[i].form, value, strlen(value),
                      bytes_in_sample(r->out, value));
    }
}

static bool is_heading(const struct reading *r, const struct csv_row *row) {
    return !r->has_heading || (row->field[0][0] == COMMENT && r->best.at[0][0] == COMMENT);
}

static int32_t read_rows(struct reading *r, struct csv *csv) {
    struct csv_row row;
    struct fault said = {0};
    for (;;) {
        int32_t rc = csv_next(csv, &row, &said);
        if (rc != SHK_OK) {
            return same_of_sample(r, &said);
        }
        bool heading = row.n > 0 && r->out->n == 0 && is_heading(r, &row);
        rc = heading ? consider_heading(r, &row) : r->out->n == 0 ? take_headings(r) : SHK_OK;
        if (rc != SHK_OK || row.n == 0) {
            return rc;
        }
        if (!heading && row.field[0][0] != COMMENT) {
            see_row(r, &row);
        }
    }
}

int32_t pack_read_csv(const struct pack_new_sample *sample, const struct pack_words *words,
                      struct pack_new_source *out, struct fault *why) {
    struct csv_options options;
    struct csv *csv = NULL;
    pack_new_source_look(sample, out);
    find_separator(sample, out);
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    *r = (struct reading){.sample = sample, .words = words, .out = out, .why = why};
    const struct byte_source from = {give_bytes, r};
    int32_t rc = survey(r, &options);
    rc = rc == SHK_OK ? csv_new(&options, sample->name, &from, &csv, why) : rc;
    rc = rc == SHK_OK ? read_rows(r, csv) : rc;
    csv_free(&csv);
    clear_heading(&r->best);
    free(r);
    return rc;
}
