#include "columns.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "when.h"

#define FIELDS_PREFIX "columns."
#define VALUES_PREFIX "values."
#define WORDS_MAX     512 /* translations of one column */

/* Names on the desk that are no paths of a record. */
static const struct {
    const char *key;
    enum column_use use;
} own_keys[] = {
    {"id", COLUMN_ID},
    {"reference_number", COLUMN_REFERENCE},
    {"limit_consent", COLUMN_CONSENT},
};

static int32_t contract_fault(const struct columns *c, const char *key, int32_t line,
                              struct fault *why) {
    char where[160];
    if (line > 0) {
        text_format(where, sizeof where, "%s:%d %s", c->name, (int)line, key);
    } else {
        text_format(where, sizeof where, "%s %s", c->name, key);
    }
    return fault_set(why, SHK_E_SCRIPT_CONTRACT, line > 0 ? SHK_NATIVE_LUA_LINE : SHK_NATIVE_NONE,
                     line, where);
}

static int32_t entry_fault(const struct columns *c, const struct lua_entry *e, struct fault *why) {
    return contract_fault(c, e->path, e->line, why);
}

const struct column *columns_find(const struct columns *columns, enum column_use use,
                                  const char *path) {
    for (size_t i = 0; i < columns->n; i++) {
        const struct column *column = &columns->at[i];
        if (column->use == use && (path == NULL || text_equal(column->path, path))) {
            return column;
        }
    }
    return NULL;
}

int32_t columns_require(const struct columns *columns, enum column_use use, const char *path,
                        struct fault *why) {
    char key[128];
    text_format(key, sizeof key, "%s%s", use == COLUMN_FIELD ? FIELDS_PREFIX : "", path);
    return columns_find(columns, use, path) != NULL ? SHK_OK : contract_fault(columns, key, 0, why);
}

/* A column by its heading or its number. */
static int32_t add_column(struct columns *c, enum column_use use, const char *path,
                          const struct lua_entry *e, struct fault *why) {
    bool by_name = e->kind == LUA_KIND_TEXT && e->text[0] != '\0';
    bool by_number = e->kind == LUA_KIND_INT && e->number >= 1 && e->number <= CSV_FIELDS_MAX;
    if ((!by_name && !by_number) || c->n == COLUMNS_MAX || columns_find(c, use, path) != NULL) {
        return entry_fault(c, e, why);
    }
    struct column *column = &c->at[c->n++];
    *column = (struct column){.use = use, .line = e->line};
    column->number = by_number ? (size_t)e->number : 0;
    column->path = text_dup(path);
    column->heading = by_name ? text_dup(e->text) : NULL;
    return column->path != NULL && (column->heading != NULL || by_number)
               ? SHK_OK
               : fault_raise(why, SHK_E_MEMORY);
}

static bool is_group(const char *path) {
    size_t n = strlen(path);
    return field_is_group(path, n) || field_is_list(path, n);
}

static int32_t read_field(struct columns *c, const struct lua_entry *e, struct fault *why) {
    const char *path = e->path + sizeof FIELDS_PREFIX - 1;
    if (e->kind == LUA_KIND_TABLE) { /* elderly = { … } is the same as ["elderly.…"] = … */
        return is_group(path) ? SHK_OK : entry_fault(c, e, why);
    }
    if (field_find(path, strlen(path)) == NULL) {
        return entry_fault(c, e, why);
    }
    int32_t rc = add_column(c, COLUMN_FIELD, path, e, why);
    if (rc == SHK_OK) {
        c->at[c->n - 1].is_date = field_find(path, strlen(path))->type == FIELD_DATE;
    }
    return rc;
}

static bool text_is(const struct lua_entry *e, const char *text) {
    return e->kind == LUA_KIND_TEXT && text_equal(e->text, text);
}

static int32_t read_format(struct columns *c, const struct lua_entry *e, struct fault *why) {
    c->csv.separator = text_is(e, "tsv") ? '\t' : ',';
    return text_is(e, "csv") || text_is(e, "tsv") ? SHK_OK : entry_fault(c, e, why);
}

static int32_t read_encoding(struct columns *c, const struct lua_entry *e, struct fault *why) {
    static const char *const names[] = {"auto", "utf-8", "cp932"};
    for (int i = 0; i < 3; i++) {
        if (text_is(e, names[i])) {
            c->csv.encoding = (enum csv_encoding)i;
            return SHK_OK;
        }
    }
    return entry_fault(c, e, why);
}

static int32_t read_switch(struct columns *c, bool *out, const struct lua_entry *e,
                           struct fault *why) {
    *out = e->number != 0;
    return e->kind == LUA_KIND_BOOL ? SHK_OK : entry_fault(c, e, why);
}

static int32_t read_dates(struct columns *c, const struct lua_entry *e, struct fault *why) {
    c->dates = text_is(e, "era7") ? DATES_ERA7 : DATES_USUAL;
    return text_is(e, "era7") || text_is(e, "usual") ? SHK_OK : entry_fault(c, e, why);
}

static int32_t read_key(struct columns *c, const struct lua_entry *e, struct fault *why) {
    if (text_equal(e->path, "format")) {
        return read_format(c, e, why);
    }
    if (text_equal(e->path, "encoding")) {
        return read_encoding(c, e, why);
    }
    if (text_equal(e->path, "dates")) {
        return read_dates(c, e, why);
    }
    const struct {
        const char *key;
        bool *out;
    } switches[] = {
        {"header", &c->header}, {"ignore_empty", &c->ignore_empty}, {"excel", &c->excel}};
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        if (text_equal(e->path, switches[i].key)) {
            return read_switch(c, switches[i].out, e, why);
        }
    }
    for (size_t i = 0; i < sizeof own_keys / sizeof own_keys[0]; i++) {
        if (text_equal(e->path, own_keys[i].key)) {
            return add_column(c, own_keys[i].use, own_keys[i].key, e, why);
        }
    }
    if (text_starts(e->path, FIELDS_PREFIX)) {
        return read_field(c, e, why);
    }
    bool table = text_equal(e->path, "columns") || text_equal(e->path, "values");
    return (table && e->kind == LUA_KIND_TABLE) || text_starts(e->path, VALUES_PREFIX)
               ? SHK_OK
               : entry_fault(c, e, why);
}

/* The column of "values.sex.男", "values.sex[1]" or "values.sex", and where the key begins. The longest
 * path wins: a key may hold a dot. */
static struct column *worded(struct columns *c, const char *rest, const char **key) {
    struct column *best = NULL;
    size_t best_len = 0;
    for (size_t i = 0; i < c->n; i++) {
        size_t n = strlen(c->at[i].path);
        const char *end = rest + n;
        if (n > best_len && text_starts(rest, c->at[i].path) &&
            (*end == '\0' || *end == '.' || *end == '[')) {
            best = &c->at[i];
            best_len = n;
            *key = *end == '.' ? end + 1 : end;
        }
    }
    return best;
}

/* A word that no answer uses would make every patient a changed one. */
static bool is_known_word(const struct column *column, const char *to) {
    const struct field *field =
        column->use == COLUMN_FIELD ? field_find(column->path, strlen(column->path)) : NULL;
    size_t n = strlen(column->path);
    bool label = n > 6 && text_equal(column->path + n - 6, "_label");
    if (field == NULL || field->codes == NULL || label || to[0] == '\0') {
        return true;
    }
    for (const struct code_row *row = field->codes; row->code != NULL; row++) {
        if (text_equal(row->code, to) || text_equal(row->label, to) ||
            (row->value != NULL && text_equal(row->value, to))) {
            return true;
        }
    }
    return false;
}

static int32_t add_word(struct column *column, const char *from, size_t from_n, const char *to,
                        struct fault *why) {
    struct column_word *grown =
        realloc(column->words, (column->words_n + 1) * sizeof *column->words);
    if (grown == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    column->words = grown;
    struct column_word *word = &grown[column->words_n++];
    *word = (struct column_word){text_dup_n(from, from_n), text_dup(to)};
    return word->from != NULL && word->to != NULL ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

static int32_t read_word(struct columns *c, const struct lua_entry *e, struct fault *why) {
    char number[24];
    const char *key = "";
    const char *rest = e->path + sizeof VALUES_PREFIX - 1;
    if (e->kind == LUA_KIND_TABLE && is_group(rest)) {
        return SHK_OK;
    }
    struct column *column = worded(c, rest, &key);
    if (column != NULL && *key == '\0' && e->kind == LUA_KIND_TABLE) {
        return SHK_OK;
    }
    size_t n = strlen(key);
    bool indexed = n > 2 && key[0] == '[' && key[n - 1] == ']'; /* [1] = "male" */
    text_format(number, sizeof number, "%lld", (long long)e->number);
    const char *to = e->kind == LUA_KIND_TEXT ? e->text : number;
    if (column == NULL || n == 0 || column->words_n == WORDS_MAX ||
        (e->kind != LUA_KIND_TEXT && e->kind != LUA_KIND_INT) || !is_known_word(column, to)) {
        return entry_fault(c, e, why);
    }
    return add_word(column, indexed ? key + 1 : key, indexed ? n - 2 : n, to, why);
}

/* A table without heading has numbers only. */
static int32_t check_numbers(const struct columns *c, struct fault *why) {
    for (size_t i = 0; i < c->n; i++) {
        if (!c->header && c->at[i].heading != NULL) {
            return contract_fault(c, c->at[i].path, c->at[i].line, why);
        }
    }
    return SHK_OK;
}

static int32_t read_entries(struct columns *c, const struct lua_table *table, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < table->n; i++) {
        rc = read_key(c, &table->at[i], why);
    }
    for (size_t i = 0; rc == SHK_OK && i < table->n; i++) {
        if (text_starts(table->at[i].path, VALUES_PREFIX)) {
            rc = read_word(c, &table->at[i], why);
        }
    }
    return rc == SHK_OK ? check_numbers(c, why) : rc;
}

int32_t columns_read(const char *name, const uint8_t *text, size_t n, struct columns **out,
                     struct fault *why) {
    struct lua_table table = {0};
    struct fault reason = {0};
    struct columns *c = calloc(1, sizeof *c);
    *out = NULL;
    if (c == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    text_copy(c->name, sizeof c->name, name);
    c->csv = (struct csv_options){.separator = ',', .encoding = CSV_AUTO};
    c->header = c->excel = true;
    int32_t rc = lua_table_read(c->name, text, n, &table, &reason);
    if (rc == SHK_OK) {
        rc = read_entries(c, &table, why);
    } else {
        rc = rc == SHK_E_CONFIG_SYNTAX ? SHK_E_SCRIPT_SYNTAX : rc;
        fault_set(why, rc, reason.native_kind, reason.native, reason.where);
    }
    if (rc == SHK_OK) {
        *out = c;
        c = NULL;
    }
    columns_free(&c);
    lua_table_clear(&table);
    return rc;
}

void columns_free(struct columns **columns) {
    struct columns *c = *columns;
    for (size_t i = 0; c != NULL && i < c->n; i++) {
        for (size_t w = 0; w < c->at[i].words_n; w++) {
            free(c->at[i].words[w].from);
            free(c->at[i].words[w].to);
        }
        free(c->at[i].words);
        free(c->at[i].path);
        free(c->at[i].heading);
    }
    free(c);
    *columns = NULL;
}

/* Of ASCII spaces and U+3000. */
static const char *trim(const char *p, size_t *n) {
    static const char wide[] = "\xE3\x80\x80";
    for (;;) {
        size_t skip = *n > 0 && char_is_space(*p) ? 1 : *n >= 3 && memcmp(p, wide, 3) == 0 ? 3 : 0;
        if (skip == 0) {
            break;
        }
        p += skip;
        *n -= skip;
    }
    while (*n > 0) {
        if (char_is_space(p[*n - 1])) {
            --*n;
        } else if (*n >= 3 && memcmp(p + *n - 3, wide, 3) == 0) {
            *n -= 3;
        } else {
            break;
        }
    }
    return p;
}

static int32_t bind_fault(const struct csv_row *first, const char *table, const char *label,
                          const char *reason, struct fault *why) {
    char where[160];
    text_format(where, sizeof where, "%s:%llu %s%s", table, (unsigned long long)first->line, label,
                reason);
    return fault_set(why, SHK_E_TABLE, SHK_NATIVE_NONE, 0, where);
}

static int32_t bind_one(struct column *column, const struct csv_row *first, const char *table,
                        struct fault *why) {
    if (column->heading == NULL) {
        char number[24];
        text_format(number, sizeof number, "%u列目", (unsigned)column->number);
        return column->number <= first->n ? SHK_OK
                                          : bind_fault(first, table, number, "がありません", why);
    }
    column->number = 0;
    for (size_t i = 0; i < first->n; i++) {
        size_t n = strlen(first->field[i]);
        const char *p = trim(first->field[i], &n);
        if (!text_equal_n(column->heading, p, n)) {
            continue;
        }
        if (column->number != 0) {
            return bind_fault(first, table, column->heading, " の列が二つあります", why);
        }
        column->number = i + 1;
    }
    return column->number != 0
               ? SHK_OK
               : bind_fault(first, table, column->heading, " の列がありません", why);
}

int32_t columns_bind(struct columns *columns, const struct csv_row *first, const char *table,
                     struct fault *why) {
    int32_t rc = SHK_OK;
    columns->width = first->n;
    for (size_t i = 0; rc == SHK_OK && i < columns->n; i++) {
        rc = bind_one(&columns->at[i], first, table, why);
    }
    return rc;
}

bool columns_fit(const struct columns *columns, const struct csv_row *row) {
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->at[i].number > row->n) {
            return false;
        }
    }
    for (size_t i = columns->width; i < row->n; i++) {
        if (row->field[i][0] != '\0') {
            return false;
        }
    }
    return true;
}

const char *column_text(const struct column *column, const struct csv_row *row, size_t *n) {
    *n = 0;
    if (column == NULL) {
        return "";
    }
    const char *cell = row->field[column->number - 1];
    *n = strlen(cell);
    const char *p = trim(cell, n);
    for (size_t i = 0; i < column->words_n; i++) {
        if (text_equal_n(column->words[i].from, p, *n)) {
            *n = strlen(column->words[i].to);
            return column->words[i].to;
        }
    }
    return p;
}

/* Half-width digits of a cell that holds seven digits and nothing else. */
static bool seven_digits(const char *p, size_t n, char out[8]) {
    struct bytes folded = {0};
    bool fine = (n == 7 || n == 21) && fold_number(p, n, true, &folded) == SHK_OK && folded.n == 7;
    for (size_t i = 0; fine && i < 7; i++) {
        fine = char_is_digit((char)folded.p[i]);
    }
    text_copy(out, 8, fine ? bytes_text(&folded) : "");
    bytes_clear(&folded);
    return fine;
}

bool columns_date(const struct columns *columns, const char *p, size_t n, char out[9]) {
    static const char eras[] = "MTSHR";
    char digits[8], text[8];
    if (columns->dates != DATES_ERA7 || !seven_digits(p, n, digits)) {
        return when_read(p, n, out);
    }
    bool known = digits[0] >= '1' && digits[0] <= '5';
    text_format(text, sizeof text, "%c%s", known ? eras[digits[0] - '1'] : '?', digits + 1);
    bool is_day = when_read(text, strlen(text), out);
    memory_wipe(digits, sizeof digits);
    memory_wipe(text, sizeof text);
    return is_day;
}

void columns_label(const struct columns *columns, const char *path, char *out, size_t cap) {
    const struct column *column = NULL;
    for (size_t i = 0; column == NULL && i < columns->n; i++) {
        column = text_equal(columns->at[i].path, path) ? &columns->at[i] : NULL;
    }
    if (column != NULL && column->heading == NULL) {
        text_format(out, cap, "%u列目", (unsigned)column->number);
    } else {
        text_copy(out, cap, column != NULL ? column->heading : path);
    }
}
