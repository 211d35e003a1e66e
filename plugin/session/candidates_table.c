/* A table of patients that the host writes out, read for one record. */
#include <string.h>

#include "candidates.h"
#include "columns.h"
#include "fold.h"
#include "outcome.h"
#include "when.h"

#define COLUMNS_FILE_MAX ((size_t)256 * 1024)

/* The table being read. */
struct table {
    struct session *s;
    const char *name;
    void *file;
    struct columns *columns;
    struct csv *csv;
};

static int32_t next_bytes(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct table *t = self;
    struct fault reason = {0};
    *n = 0;
    int32_t rc = t->s->env.files->next(t->s->env.files_self, t->file, p, cap, n, &reason);
    return rc == SHK_OK
               ? rc
               : fault_set(why, SHK_E_FILE_READ, reason.native_kind, reason.native, t->name);
}

static int32_t read_columns(struct session *s, size_t n, struct columns **out, struct fault *why) {
    const char *path = config_delivery(s->config, n, "patients_columns");
    struct bytes text = {0};
    struct fault reason = {0};
    int32_t rc = s->env.files->read(s->env.files_self, path, COLUMNS_FILE_MAX, &text, &reason);
    if (rc != SHK_OK) {
        return fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_FILE_READ, reason.native_kind,
                         reason.native, text_file_name(path));
    }
    rc = columns_read(text_file_name(path), text.p, text.n, out, why);
    bytes_clear(&text);
    rc = rc == SHK_OK ? columns_require(*out, COLUMN_ID, NULL, why) : rc;
    return rc == SHK_OK ? columns_require(*out, COLUMN_FIELD, "birth_date", why) : rc;
}

static void close_table(struct table *t) {
    csv_free(&t->csv);
    columns_free(&t->columns);
    if (t->file != NULL) {
        t->s->env.files->close(t->s->env.files_self, t->file);
    }
}

static int32_t bind(struct table *t, struct csv_row *row, struct fault *why) {
    int32_t rc = csv_next(t->csv, row, why);
    if (rc != SHK_OK || row->n == 0) {
        return rc;
    }
    rc = columns_bind(t->columns, row, t->name, why);
    return rc == SHK_OK && t->columns->header ? csv_next(t->csv, row, why) : rc;
}

static int32_t open_table(struct session *s, size_t n, const struct byte_source *source,
                          struct table *t, struct csv_row *row, struct fault *why) {
    const char *path = config_delivery(s->config, n, "patients");
    struct fault reason = {0};
    t->name = text_file_name(path);
    int32_t rc = read_columns(s, n, &t->columns, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = s->env.files->open(s->env.files_self, path, &t->file, &reason);
    if (rc != SHK_OK) {
        return fault_set(why, SHK_E_FILE_READ, reason.native_kind, reason.native, t->name);
    }
    rc = csv_new(&t->columns->csv, t->name, source, &t->csv, why);
    return rc == SHK_OK ? bind(t, row, why) : rc;
}

/* One patient's cells, as candidates_add takes them. */
struct cells {
    shk_field at[COLUMNS_MAX];
    char room[COLUMNS_MAX][16]; /* dates of columns with a notation of their own */
    struct bytes texts;
    uint32_t n;
    const char *id;
};

static const char *cell_text(struct table *t, const struct column *column,
                             const struct csv_row *row, struct cells *out) {
    size_t n = 0;
    const char *text = column_text(column, row, &n);
    size_t at = out->texts.n;
    char day[9];
    if (n >= out->texts.cap - at - 1) {
        return NULL; /* two columns may read one field */
    }
    if (column->is_date && columns_date(t->columns, text, n, day)) {
        text_copy(out->room[out->n], sizeof out->room[0], day);
        return out->room[out->n];
    }
    if (bytes_append(&out->texts, text, n) != SHK_OK ||
        bytes_append_byte(&out->texts, 0) != SHK_OK) {
        return NULL;
    }
    return (const char *)out->texts.p + at;
}

/* All of a row at once has its room, so that no text moves. */
static int32_t read_cells(struct table *t, const struct csv_row *row, struct cells *out) {
    out->n = 0;
    out->id = "";
    out->texts.n = 0;
    if (bytes_reserve(&out->texts, 2 * CSV_ROW_MAX + COLUMNS_MAX) != SHK_OK) {
        return SHK_E_MEMORY;
    }
    for (size_t i = 0; i < t->columns->n; i++) {
        const struct column *column = &t->columns->at[i];
        const char *text = cell_text(t, column, row, out);
        if (text == NULL) {
            return SHK_E_MEMORY;
        }
        if (column->use == COLUMN_ID) {
            out->id = text;
        } else if (column->use == COLUMN_FIELD && text[0] != '\0') {
            out->at[out->n++] = (shk_field){column->path, text};
        }
    }
    return SHK_OK;
}

static const char *cell_of(const struct cells *cells, const char *path) {
    for (uint32_t i = 0; i < cells->n; i++) {
        if (text_equal(cells->at[i].to, path)) {
            return cells->at[i].value;
        }
    }
    return "";
}

static bool is_same(const struct record_set *set, size_t record, const char *path,
                    const struct cells *cells, fold_text *fold) {
    const char *held = cell_of(cells, path);
    struct value v = record_said(set, record, path);
    return held[0] != '\0' && v.len > 0 && fold_same(fold, v.text, held);
}

static bool is_born(const struct record_set *set, size_t record, const struct cells *cells) {
    char held[9], said[9];
    const char *text = cell_of(cells, "birth_date");
    struct value v = record_said(set, record, "birth_date");
    return when_read(text, strlen(text), held) && when_read(v.text, v.len, said) &&
           text_equal(held, said);
}

/* Whoever has nothing in common cannot be meant; the rest is for the judgement. */
static bool may_be_meant(const struct record_set *set, size_t record, const struct cells *cells) {
    return is_born(set, record, cells) || is_same(set, record, "name_kana", cells, fold_kana) ||
           is_same(set, record, "name", cells, fold_name) ||
           is_same(set, record, "number", cells, fold_number_short) ||
           record_says(set, record, "reference_number", cells->id);
}

static int32_t take_row(struct table *t, const struct csv_row *row, const struct record_set *set,
                        size_t record, struct cells *cells, struct candidates *out,
                        struct fault *why) {
    char where[160];
    text_format(where, sizeof where, "%s:%llu", t->name, (unsigned long long)row->line);
    if (!columns_fit(t->columns, row)) {
        return fault_set(why, SHK_E_TABLE, SHK_NATIVE_NONE, 0, where);
    }
    int32_t rc = read_cells(t, row, cells);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    if (cells->id[0] == '\0' || !may_be_meant(set, record, cells)) {
        return SHK_OK;
    }
    rc = candidates_add(out, cells->id, cells->at, cells->n);
    /* More than anybody could look through: what is left out cannot be told from the right one. */
    return rc == SHK_OK
               ? rc
               : fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_TABLE, SHK_NATIVE_NONE, 0, where);
}

int32_t candidates_in_table(struct session *s, size_t n, const struct record_set *set,
                            size_t record, struct candidates *out, struct fault *why) {
    struct table t = {.s = s};
    struct cells cells = {.n = 0};
    struct csv_row row = {0};
    const struct byte_source source = {next_bytes, &t};
    int32_t rc = open_table(s, n, &source, &t, &row, why);
    while (rc == SHK_OK && row.n > 0) {
        rc = session_stopping(s) ? fault_raise(why, SHK_E_CANCELLED)
                                 : take_row(&t, &row, set, record, &cells, out, why);
        rc = rc == SHK_OK ? csv_next(t.csv, &row, why) : rc;
    }
    bytes_clear(&cells.texts);
    memory_wipe(&cells, sizeof cells);
    close_table(&t);
    return rc;
}
