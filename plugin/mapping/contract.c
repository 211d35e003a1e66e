#include "contract.h"

#include <lauxlib.h>
#include <string.h>

#include "contract_keys.h"
#include "contract_row.h"
#include "file_name.h"
#include "sandbox.h"
#include "text.h"

#define ID_MAX_LEN 64
#define INDENT_MAX 8

static bool id_usable(const char *id) {
    for (const char *p = id; *p != '\0'; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        if (!letter && !char_is_digit(*p) && strchr("_-.", *p) == NULL) {
            return false;
        }
    }
    return true;
}

static const char *const xml_keys[] = {"root", "declaration", "indent", "empty", NULL};
static const char *const csv_keys[] = {"header", "quote", NULL};

static void read_separator(const struct key_reader *r, struct format_style *style) {
    text_copy(style->separator, sizeof style->separator, ",");
    if (keys_push(r, "separator") != LUA_TNIL) {
        size_t n = 0, most = style->kind == FORMAT_CSV ? 1 : sizeof style->separator - 1;
        const char *text = lua_type(r->L, -1) == LUA_TSTRING ? lua_tolstring(r->L, -1, &n) : "";
        if (n > most || (n != 1 && style->kind == FORMAT_CSV) ||
            strspn(text, style->kind == FORMAT_CSV ? ",;\t|" : ",;\t| ") != n) {
            keys_complain(r, "separator");
        }
        text_copy(style->separator, sizeof style->separator, text);
    }
    lua_pop(r->L, 1);
}

static void read_csv_style(const struct key_reader *r, struct format_style *style) {
    static const char *const quotes[] = {"needed", "always", "never", NULL};
    keys_refuse(r, xml_keys);
    style->header = keys_flag(r, "header", false);
    style->quote = (enum quoting)keys_choice(r, "quote", quotes);
    read_separator(r, style);
}

static enum declaration read_declaration(const struct key_reader *r) {
    static const char *const words[] = {"yes", "no", "standalone", NULL};
    if (keys_push(r, "declaration") == LUA_TBOOLEAN) {
        bool yes = lua_toboolean(r->L, -1) != 0;
        lua_pop(r->L, 1);
        return yes ? DECLARATION_YES : DECLARATION_NO;
    }
    lua_pop(r->L, 1);
    return (enum declaration)keys_choice(r, "declaration", words);
}

static const char *read_entry(const struct key_reader *r, const char *key, int i) {
    const char *text = lua_rawgeti(r->L, -1, i) == LUA_TSTRING ? lua_tostring(r->L, -1) : NULL;
    if (text == NULL || (i == 1 && !xml_name_usable(text, strlen(text)))) {
        keys_complain(r, key);
    }
    keys_keep(r);
    return text;
}

static void read_usual(const struct key_reader *r, const char *key, const char **name,
                       const char **value) {
    if (keys_push(r, key) == LUA_TTABLE) {
        *name = read_entry(r, key, 1);
        *value = read_entry(r, key, 2);
    }
    lua_pop(r->L, 1);
}

static void read_xml_style(const struct key_reader *r, struct format_style *style) {
    keys_refuse(r, csv_keys);
    style->root = keys_need_text(r, "root", CONTRACT_NAME_MAX);
    if (!xml_name_usable(style->root, strlen(style->root)) || !keys_encodable(r, style->root)) {
        keys_complain(r, "root");
    }
    style->declaration = read_declaration(r);
    style->indent = keys_number(r, "indent", 2, -1, INDENT_MAX);
    read_usual(r, "leaf_attribute", &style->leaf_name, &style->leaf_value);
    read_usual(r, "group_attribute", &style->group_name, &style->group_value);
}

static void read_style(const struct key_reader *r, struct contract *c) {
    static const char *const formats[] = {"csv", "fixed", "xml", "json",
                                          "hl7", "text",  "tsv", NULL};
    static const char *const encodings[] = {"utf-8", "utf-8-bom", "cp932", NULL};
    static const char *const line_ends[] = {"crlf", "lf", "cr", "none", NULL};
    static const char *const ends[] = {"\r\n", "\n", "\r", ""};
    struct format_style *style = &c->style;
    keys_need_text(r, "format", CONTRACT_NAME_MAX);
    keys_need_text(r, "encoding", CONTRACT_NAME_MAX);
    size_t format = keys_choice(r, "format", formats);
    style->kind = format == 6 ? FORMAT_CSV : (enum format_kind)format;
    size_t encoding = keys_choice(r, "encoding", encodings);
    style->bom = encoding == 1;
    style->encoding_name = encoding == 2 ? "Shift_JIS" : "UTF-8";
    c->cp932 = encoding == 2;
    sandbox_of(r->L)->cp932 = c->cp932;
    c->format = formats[format];
    c->encoding = encodings[encoding];
    static const char *const usual[] = {"\r\n", "\r\n", "\n", "\n", "\r", "\r\n"};
    style->newline =
        keys_has(r, "newline") ? ends[keys_choice(r, "newline", line_ends)] : usual[style->kind];
    if (style->kind == FORMAT_XML) {
        read_xml_style(r, style);
    } else if (style->kind == FORMAT_CSV) {
        read_csv_style(r, style);
    } else {
        read_separator(r, style);
        style->indent = keys_number(r, "indent", 2, 0, INDENT_MAX);
    }
    if (format == 6) {
        style->quote = QUOTE_NEVER;
        text_copy(style->separator, sizeof style->separator, "\t");
    }
}

static void keep_function(const struct key_reader *r, const char *key) {
    keys_push(r, key);
    lua_setfield(r->L, r->kept, key);
}

static void read_file(const struct key_reader *r, struct contract *c) {
    int type = keys_push(r, "file");
    lua_pop(r->L, 1);
    c->file_line = keys_line(r, "file");
    if (type == LUA_TFUNCTION) {
        keep_function(r, "file");
    } else {
        c->file = keys_need_text(r, "file", (size_t)FILE_NAME_MAX);
    }
}

static void read_check(const struct key_reader *r, struct contract *c) {
    int type = keys_push(r, "check");
    lua_pop(r->L, 1);
    c->check_line = keys_line(r, "check");
    c->has_check = type != LUA_TNIL;
    if (c->has_check && type != LUA_TFUNCTION) {
        keys_complain(r, "check");
    }
    if (c->has_check) {
        keep_function(r, "check");
    }
}

static void read_outer(const struct key_reader *r, struct contract *c) {
    static const char *const keys[] = {
        "contract",        "id",         "format",  "encoding", "newline",     "header",
        "quote",           "separator",  "file",    "root",     "declaration", "indent",
        "empty",           "unmappable", "adapter", "fields",   "check",       "leaf_attribute",
        "group_attribute", NULL};
    static const char *const unmappable[] = {"stop", "geta", NULL};
    keys_check(r, keys);
    if (keys_number(r, "contract", 0, 1, 1) != 1) {
        keys_complain(r, "contract");
    }
    c->id = keys_need_text(r, "id", ID_MAX_LEN);
    if (!id_usable(c->id)) {
        keys_complain(r, "id");
    }
    read_style(r, c);
    c->geta = keys_choice(r, "unmappable", unmappable) == 1;
    c->adapter = keys_text(r, "adapter", ID_MAX_LEN);
    read_file(r, c);
    read_check(r, c);
}

static void check_tree(struct key_reader *r, const struct contract *c) {
    struct format_cell *cells = lua_newuserdatauv(r->L, c->rows_n * sizeof *cells, 0);
    for (size_t i = 0; i < c->rows_n; i++) {
        cells[i] = (struct format_cell){.to = c->rows[i].to};
    }
    size_t bad = format_first_misplaced(&c->style, cells, c->rows_n);
    if (bad < c->rows_n) {
        r->row = (int32_t)bad + 1;
        r->to = c->rows[bad].to;
        keys_complain(r, "to");
    }
    lua_pop(r->L, 1);
}

/* A list without gaps: as many entries as keys. */
static size_t rows_length(const struct key_reader *r, int fields) {
    size_t n = 0;
    lua_pushnil(r->L);
    while (lua_next(r->L, fields) != 0) {
        n++;
        lua_pop(r->L, 1);
    }
    bool list = n > 0 && n <= CONTRACT_ROWS_MAX && n == lua_rawlen(r->L, fields);
    if (!list) {
        keys_complain(r, "fields");
    }
    return n;
}

static void read_fields(struct key_reader *r, struct contract *c) {
    static const char *const empties[] = {"omit", "element", "nil", NULL};
    enum empty_rule empty_usual = EMPTY_OMIT;
    if (c->style.kind == FORMAT_XML) {
        empty_usual = (enum empty_rule)keys_choice(r, "empty", empties);
    }
    if (keys_push(r, "fields") != LUA_TTABLE) {
        keys_complain(r, "fields");
    }
    int fields = lua_gettop(r->L);
    size_t n = rows_length(r, fields);
    c->rows = lua_newuserdatauv(r->L, n * sizeof *c->rows, 0);
    memset(c->rows, 0, n * sizeof *c->rows);
    keys_keep(r);
    for (size_t i = 1; i <= n; i++) {
        struct key_reader row = *r;
        row.row = (int32_t)i;
        row.to = NULL;
        lua_rawgeti(r->L, fields, (lua_Integer)i);
        row.table = lua_gettop(r->L);
        if (!lua_istable(r->L, row.table)) {
            keys_complain(&row, "");
        }
        contract_read_row(&row, c, empty_usual);
        lua_settop(r->L, fields);
    }
    check_tree(r, c);
    lua_settop(r->L, fields - 1);
}

void contract_read(lua_State *L, int table, int kept, const struct source_map *map,
                   struct contract *out) {
    struct key_reader r = {.L = L, .map = map, .table = table, .kept = kept};
    *out = (struct contract){0};
    luaL_checkstack(L, 20, NULL);
    read_outer(&r, out);
    read_fields(&r, out);
}
