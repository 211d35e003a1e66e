#include "pack_rows.h"

#include <stdlib.h>
#include <string.h>

#define PATH_ROOM 240

/* The table of the script; empty when it is more than plain data. */
static void read_table(const struct pack *pack, struct lua_table *out) {
    struct mapping_text script = pack_script(pack);
    struct fault unused = {0};
    if (lua_table_read(script.name, script.p, script.n, out, &unused) != SHK_OK) {
        *out = (struct lua_table){0};
    }
}

static const struct lua_entry *find(const struct lua_table *table, const char *path, size_t n,
                                    const char *key) {
    char whole[PATH_ROOM];
    text_format(whole, sizeof whole, "%.*s%s%s", (int)n, path, n > 0 ? "." : "", key);
    for (size_t i = 0; i < table->n; i++) {
        if (text_equal(table->at[i].path, whole)) {
            return &table->at[i];
        }
    }
    return NULL;
}

static const char *find_text(const struct lua_table *table, const char *path, size_t n,
                             const char *key) {
    const struct lua_entry *e = find(table, path, n, key);
    return e != NULL && e->kind == LUA_KIND_TEXT ? e->text : "";
}

/* The length of "fields[3]" or "fields[3].fields[2]" that a path begins with, from `at` on; 0: none. */
static size_t row_length(const char *path, size_t at) {
    static const char fields[] = "fields[";
    if (!text_starts(path + at, fields)) {
        return 0;
    }
    const char *end = strchr(path + at, ']');
    return end != NULL ? (size_t)(end - path) + 1 : 0;
}

/* A row that writes something: the path ends with its number, and it has a `to`. */
static bool is_row(const struct lua_table *table, const struct lua_entry *e) {
    size_t n = row_length(e->path, 0), inner = n;
    while (inner > 0 && e->path[inner] == '.') {
        inner = row_length(e->path, inner + 1);
        n = inner > 0 ? inner : n;
    }
    return e->kind == LUA_KIND_TABLE && n > 0 && e->path[n] == '\0' &&
           find(table, e->path, n, "fields") == NULL &&
           find_text(table, e->path, n, "to")[0] != '\0';
}

/* What the groups around a row put before its names. */
static int32_t add_groups(const struct lua_table *table, const char *row, struct bytes *to,
                          struct bytes *from) {
    int32_t rc = SHK_OK;
    size_t n = row_length(row, 0);
    while (rc == SHK_OK && row[n] == '.') {
        const char *prefix = find_text(table, row, n, "to");
        const char *each = find_text(table, row, n, "each");
        if (prefix[0] != '\0') {
            rc = bytes_append_text(to, prefix);
            rc = rc == SHK_OK ? bytes_append_text(to, each[0] != '\0' ? "[]/" : "/") : rc;
        }
        if (rc == SHK_OK && each[0] != '\0') {
            rc = bytes_append_text(from, each);
            rc = rc == SHK_OK ? bytes_append_text(from, "[].") : rc;
        }
        n = row_length(row, n + 1);
    }
    return rc;
}

static int32_t add_word(struct bytes *to, const char *word) {
    int32_t rc = to->n > 0 ? bytes_append_byte(to, ' ') : SHK_OK;
    return rc == SHK_OK ? bytes_append_text(to, word) : rc;
}

static int32_t add_helpers(const struct lua_table *table, const char *row, struct bytes *to) {
    size_t n = strlen(row);
    const char *one = find_text(table, row, n, "as");
    int32_t rc = one[0] != '\0' ? add_word(to, one) : SHK_OK;
    for (unsigned i = 1; rc == SHK_OK && i <= 16; i++) {
        char key[16];
        text_format(key, sizeof key, "as[%u]", i);
        one = find_text(table, row, n, key);
        if (one[0] == '\0') {
            break;
        }
        rc = add_word(to, one);
    }
    bool with = find(table, row, n, "with") != NULL;
    return rc == SHK_OK && with ? add_word(to, "with") : rc;
}

static void read_limit(const struct lua_table *table, const char *row, struct pack_row *out) {
    static const char *const keys[] = {"max_bytes", "max_chars", "width"};
    size_t n = strlen(row);
    for (size_t i = 0; i < 3 && out->limit == 0; i++) {
        const struct lua_entry *e = find(table, row, n, keys[i]);
        bool number =
            e != NULL && e->kind == LUA_KIND_INT && e->number > 0 && e->number < INT32_MAX;
        out->limit = number ? (int32_t)e->number : 0;
        out->limit_in_chars =
            i == 1 || (i == 2 && text_equal(find_text(table, row, n, "unit"), "chars"));
    }
}

static bool keep(char **out, const struct bytes *text) {
    *out = text_dup(bytes_text(text));
    return *out != NULL;
}

static int32_t read_row(const struct lua_table *table, const struct lua_entry *e,
                        struct pack_row *out) {
    struct bytes to = {0}, from = {0}, helpers = {0};
    const char *own = find_text(table, e->path, strlen(e->path), "from");
    int32_t rc = add_groups(table, e->path, &to, &from);
    if (own[0] == '\0') {
        bytes_clear(&from);
    }
    rc = rc == SHK_OK ? bytes_append_text(&to, find_text(table, e->path, strlen(e->path), "to"))
                      : rc;
    rc = rc == SHK_OK ? bytes_append_text(&from, own) : rc;
    rc = rc == SHK_OK ? add_helpers(table, e->path, &helpers) : rc;
    if (rc == SHK_OK) {
        out->line = e->line;
        read_limit(table, e->path, out);
        bool kept = keep(&out->to, &to) && keep(&out->from, &from) && keep(&out->helpers, &helpers);
        rc = kept ? SHK_OK : SHK_E_MEMORY;
    }
    bytes_clear(&to);
    bytes_clear(&from);
    bytes_clear(&helpers);
    return rc;
}

static int32_t add_row(const struct lua_table *table, const struct lua_entry *e,
                       struct pack_rows *out) {
    struct pack_row *grown = realloc(out->at, (out->n + 1) * sizeof *grown);
    if (grown == NULL) {
        return SHK_E_MEMORY;
    }
    out->at = grown;
    out->at[out->n] = (struct pack_row){0};
    return read_row(table, e, &out->at[out->n++]);
}

int32_t pack_rows_read(const struct pack *pack, struct pack_rows *out, struct fault *why) {
    struct lua_table table = {0};
    int32_t rc = SHK_OK;
    *out = (struct pack_rows){0};
    read_table(pack, &table);
    for (size_t i = 0; rc == SHK_OK && i < table.n; i++) {
        rc = is_row(&table, &table.at[i]) ? add_row(&table, &table.at[i], out) : SHK_OK;
    }
    lua_table_clear(&table);
    if (rc != SHK_OK) {
        pack_rows_clear(out);
        fault_raise(why, rc);
    }
    return rc;
}

void pack_rows_clear(struct pack_rows *rows) {
    for (size_t i = 0; i < rows->n; i++) {
        free(rows->at[i].to);
        free(rows->at[i].from);
        free(rows->at[i].helpers);
    }
    free(rows->at);
    *rows = (struct pack_rows){0};
}

char pack_rows_separator(const struct pack *pack) {
    struct lua_table table = {0};
    read_table(pack, &table);
    const char *said = find_text(&table, "", 0, "separator");
    char separator = said[0] != '\0'                              ? said[0]
                     : text_equal(pack->text[PACK_FORMAT], "tsv") ? '\t'
                                                                  : ',';
    lua_table_clear(&table);
    return separator;
}
