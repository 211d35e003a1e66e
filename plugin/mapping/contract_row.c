#include "contract_row.h"

#include <string.h>

#include "contract_keys.h"
#include "lua_library.h"
#include "lua_record.h"
#include "lua_text.h"
#include "text.h"

#define LENGTH_MAX 65535
#define WIDTH_MAX  1000

static void read_to(struct key_reader *r, struct contract_row *row, const struct contract *c) {
    row->to = keys_need_text(r, "to", CONTRACT_NAME_MAX);
    r->to = row->to;
    if (!format_path_usable(&c->style, row->to) || !keys_encodable(r, row->to)) {
        keys_complain(r, "to");
    }
}

static void add_helper(const struct key_reader *r, struct contract_row *row) {
    const char *name = lua_type(r->L, -1) == LUA_TSTRING ? lua_tostring(r->L, -1) : "";
    lua_CFunction helper = text_helper_find(name);
    if (helper == NULL || row->as_n == CONTRACT_HELPERS_MAX) {
        keys_complain(r, "as");
    }
    row->as[row->as_n++] = helper;
}

/* One name, or a list of names that are applied in order. */
static void read_as(const struct key_reader *r, struct contract_row *row) {
    int type = keys_push(r, "as");
    if (type == LUA_TTABLE) {
        size_t n = (size_t)lua_rawlen(r->L, -1);
        for (size_t i = 1; i <= n; i++) {
            lua_rawgeti(r->L, -1, (lua_Integer)i);
            add_helper(r, row);
            lua_pop(r->L, 1);
        }
        if (n == 0) {
            keys_complain(r, "as");
        }
    } else if (type != LUA_TNIL) {
        add_helper(r, row);
    }
    lua_pop(r->L, 1);
}

static void read_with(const struct key_reader *r, struct contract_row *row) {
    int type = keys_push(r, "with");
    if (type != LUA_TNIL && type != LUA_TFUNCTION) {
        keys_complain(r, "with");
    }
    row->with = type == LUA_TFUNCTION;
    if (row->with) {
        char name[24];
        text_format(name, sizeof name, "with %d", (int)r->row);
        lua_setfield(r->L, r->kept, name);
    } else {
        lua_pop(r->L, 1);
    }
}

/* A constant: text, empty text too, or a whole number. */
static void read_value(const struct key_reader *r, struct contract_row *row) {
    int type = keys_push(r, "value");
    if (type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return;
    }
    if (type != LUA_TSTRING && !lua_isinteger(r->L, -1)) {
        keys_complain(r, "value");
    }
    library_push_text(r->L, lua_gettop(r->L));
    lua_remove(r->L, -2);
    row->value = lua_tolstring(r->L, -1, &row->value_len);
    if (!utf8_valid(row->value, row->value_len)) {
        keys_complain(r, "value");
    }
    keys_keep(r);
}

static void check_sources(const struct key_reader *r, const struct contract_row *row) {
    if (row->value != NULL && (row->from != NULL || row->with || row->as_n > 0)) {
        keys_complain(r, "value");
    }
    if (row->value == NULL && row->from == NULL && !row->with) {
        keys_complain(r, "from");
    }
    if (row->as_n > 0 && (row->from == NULL || row->with)) {
        keys_complain(r, "as");
    }
}

static void read_source(const struct key_reader *r, struct contract_row *row) {
    row->from = keys_text(r, "from", CONTRACT_NAME_MAX);
    if (row->from != NULL && !record_path_known(row->from)) {
        keys_complain(r, "from");
    }
    read_as(r, row);
    read_with(r, row);
    read_value(r, row);
    check_sources(r, row);
}

static void read_padding(const struct key_reader *r, struct contract_row *row) {
    static const char *const aligns[] = {"left", "right", NULL};
    row->width = keys_number(r, "width", 0, 1, WIDTH_MAX);
    row->align_right = keys_choice(r, "align", aligns) == 1;
    const char *pad = keys_text(r, "pad", 1);
    row->pad = pad != NULL ? pad[0] : ' ';
    if (row->width == 0 && (pad != NULL || keys_has(r, "align"))) {
        keys_complain(r, "width");
    }
}

void contract_read_row(struct key_reader *r, struct contract *c, enum empty_rule empty_usual) {
    static const char *const keys[] = {"to",       "from",      "as",        "with", "value",
                                       "required", "max_bytes", "max_chars", "pad",  "width",
                                       "align",    "empty",     "kind",      NULL};
    static const char *const kinds[] = {"text", "number", "boolean", NULL};
    static const char *const empties[] = {"omit", "element", "nil", NULL};
    struct contract_row *row = &c->rows[c->rows_n];
    row->line = keys_line(r, "");
    read_to(r, row, c);
    keys_check(r, keys);
    read_source(r, row);
    row->required = keys_flag(r, "required", false);
    row->max_bytes = keys_number(r, "max_bytes", 0, 1, LENGTH_MAX);
    row->max_chars = keys_number(r, "max_chars", 0, 1, LENGTH_MAX);
    read_padding(r, row);
    if (keys_has(r, "empty") && c->style.kind != FORMAT_XML) {
        keys_complain(r, "empty");
    }
    row->empty =
        keys_has(r, "empty") ? (enum empty_rule)keys_choice(r, "empty", empties) : empty_usual;
    row->kind = (enum cell_kind)keys_choice(r, "kind", kinds);
    c->rows_n++;
}
