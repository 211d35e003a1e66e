#include "contract.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>

#include "contract_keys.h"
#include "contract_row.h"
#include "contract_sql.h"
#include "contract_style.h"
#include "file_name.h"
#include "sandbox.h"
#include "text.h"

#define ID_MAX_LEN      64
#define SUBSTITUTE_LAST 16 /* bytes that may stand for one character */

static bool id_usable(const char *id) {
    for (const char *p = id; *p != '\0'; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        if (!letter && !char_is_digit(*p) && strchr("_-.", *p) == NULL) {
            return false;
        }
    }
    return true;
}

static void read_file(const struct key_reader *r, struct contract *c) {
    int type = keys_push(r, "file");
    lua_pop(r->L, 1);
    if (type == LUA_TFUNCTION) {
        c->file_function = keys_function(r, "file");
    } else if (type == LUA_TNIL && c->style.kind == FORMAT_SQL) {
        c->file = "sql.json"; /* only for people */
    } else {
        c->file = keys_need_text(r, "file", (size_t)FILE_NAME_MAX);
    }
}

static void read_uses(const struct key_reader *r, struct contract *c, const struct uses *pack) {
    if (keys_push(r, "uses") != LUA_TNIL) {
        size_t n = keys_list(r, "uses", USES_FIELDS_MAX);
        c->uses.named = true;
        for (size_t i = 1; i <= n; i++) {
            lua_rawgeti(r->L, -1, (lua_Integer)i);
            const char *path = keys_top_text(r, "uses", CONTRACT_NAME_MAX);
            if (!uses_add(&c->uses, path, strlen(path))) {
                keys_complain(r, "uses");
            }
        }
        if (pack != NULL) {
            uses_limit(&c->uses, pack);
        }
    } else if (pack != NULL) {
        c->uses = *pack;
    } else if (c->style.kind == FORMAT_FACE) {
        keys_complain(r, "uses"); /* no row says what it is to write */
    }
    lua_pop(r->L, 1);
}

static int by_code(const void *left, const void *right) {
    const struct contract_substitute *a = left, *b = right;
    return a->code < b->code ? -1 : a->code > b->code;
}

/* `["𠮷"] = "吉"` behind which the key and the value lie on the stack. */
static void add_substitute(const struct key_reader *r, struct contract *c) {
    struct contract_substitute *one = &c->substitutes[c->substitutes_n];
    size_t n = 0;
    const char *key = lua_type(r->L, -2) == LUA_TSTRING ? lua_tolstring(r->L, -2, &n) : "";
    bool usable = n > 0 && utf8_decode(key, n, &one->code) == n;
    usable = usable && lua_type(r->L, -1) == LUA_TSTRING && lua_rawlen(r->L, -1) <= SUBSTITUTE_LAST;
    one->to = usable ? lua_tostring(r->L, -1) : "";
    usable = usable && strlen(one->to) == lua_rawlen(r->L, -1) &&
             utf8_valid(one->to, strlen(one->to)) && keys_encodable(r, one->to);
    if (!usable) {
        keys_complain(r, "substitute");
    }
    c->substitutes_n++;
    keys_keep(r);
}

static void read_substitutes(const struct key_reader *r, struct contract *c) {
    size_t n = 0;
    int type = keys_push(r, "substitute");
    int table = lua_gettop(r->L);
    if (type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return;
    }
    for (lua_pushnil(r->L); type == LUA_TTABLE && lua_next(r->L, table) != 0; lua_pop(r->L, 1)) {
        n++;
    }
    if (type != LUA_TTABLE || n > CONTRACT_SUBSTITUTE_MAX) {
        keys_complain(r, "substitute");
    }
    c->substitutes = lua_newuserdatauv(r->L, (n + 1) * sizeof *c->substitutes, 0);
    keys_keep(r);
    for (lua_pushnil(r->L); lua_next(r->L, table) != 0;) {
        add_substitute(r, c);
    }
    qsort(c->substitutes, c->substitutes_n, sizeof *c->substitutes, by_code);
    lua_pop(r->L, 1);
}

static void read_per(const struct key_reader *r, struct contract *c) {
    static const char *const words[] = {"record", "answer", NULL};
    bool face = c->style.kind == FORMAT_FACE;
    c->answer = face || keys_choice(r, "per", words) == 1;
    if (face && (keys_has(r, "per") || c->lack.rule == UNMAPPABLE_FUNCTION)) {
        keys_complain(r, keys_has(r, "per") ? "per" : "unmappable");
    }
}

static void read_outer(struct key_reader *r, struct contract *c, const struct uses *pack,
                       struct encoder **encoder) {
    keys_check(r, contract_outer_keys);
    if (keys_number(r, "contract", 0, 1, 1) != 1) {
        keys_complain(r, "contract");
    }
    c->id = keys_need_text(r, "id", ID_MAX_LEN);
    if (!id_usable(c->id)) {
        keys_complain(r, "id");
    }
    contract_read_encoding(r, c, encoder);
    contract_read_style(r, c);
    contract_read_sql(r, c);
    contract_read_lack(r, &c->lack);
    read_substitutes(r, c);
    c->adapter = keys_text(r, "adapter", ID_MAX_LEN);
    read_per(r, c);
    read_uses(r, c, pack);
    read_file(r, c);
    c->check = keys_function(r, "check");
}

/* The number of rows, those of groups included: what the table of rows has to hold. */
static size_t count_rows(lua_State *L, int fields, int depth) {
    size_t n = (size_t)lua_rawlen(L, fields), all = 0;
    luaL_checkstack(L, 6, NULL);
    for (size_t i = 1; i <= n && all <= CONTRACT_ROWS_MAX; i++) {
        all++;
        lua_rawgeti(L, fields, (lua_Integer)i);
        if (lua_istable(L, -1) && depth <= CONTRACT_DEPTH_MAX) {
            lua_pushliteral(L, "fields");
            if (lua_rawget(L, -2) == LUA_TTABLE) {
                all += count_rows(L, lua_gettop(L), depth + 1);
            }
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return all < CONTRACT_ROWS_MAX ? all : CONTRACT_ROWS_MAX;
}

/* "Disease[]/Code" as the first entry has it. */
static const char *first_entry(lua_State *L, const char *to) {
    return strstr(to, "[]") != NULL ? luaL_gsub(L, to, "[]", "[1]") : to;
}

static noreturn void complain_row(const struct key_reader *r, const struct contract *c,
                                  size_t row) {
    struct key_reader chain[CONTRACT_DEPTH_MAX + 2];
    size_t depth = 0;
    for (size_t at = row + 1; at > 0 && depth <= CONTRACT_DEPTH_MAX; at = c->rows[at - 1].parent) {
        chain[depth] = *r;
        chain[depth].number = (int32_t)c->rows[at - 1].number;
        chain[depth].outer = c->rows[at - 1].parent > 0 ? &chain[depth + 1] : r;
        depth++;
    }
    chain[0].to = c->rows[row].to;
    keys_complain(&chain[0], "to");
}

static void check_order(struct key_reader *r, const struct contract *c) {
    size_t n = 0;
    luaL_checkstack(r->L, (int)c->rows_n + 10, NULL);
    int top = lua_gettop(r->L);
    struct format_cell *cells = lua_newuserdatauv(r->L, (c->rows_n + 1) * sizeof *cells, 0);
    size_t *rows = lua_newuserdatauv(r->L, (c->rows_n + 1) * sizeof *rows, 0);
    for (size_t i = 0; i < c->rows_n; i++) {
        const struct contract_row *row = &c->rows[i];
        if (!row->is_group) {
            cells[n] = (struct format_cell){first_entry(r->L, row->to), "1", row->empty, row->kind};
            rows[n++] = i;
        }
    }
    size_t bad = c->style.kind == FORMAT_FACE ? n : format_first_misplaced(&c->style, cells, n);
    if (bad < n) {
        complain_row(r, c, rows[bad]);
    }
    lua_settop(r->L, top);
}

static void read_fields(struct key_reader *r, struct contract *c) {
    static const char *const empties[] = {"omit", "element", "nil", NULL};
    struct row_scope scope = {.prefix = ""};
    if (c->style.kind == FORMAT_XML) {
        scope.empty_usual = (enum empty_rule)keys_choice(r, "empty", empties);
    }
    int type = keys_push(r, "fields");
    bool face =
        c->style.kind == FORMAT_FACE; /* says all that the record has; rows only fill gaps */
    if (face && type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return;
    }
    if (type != LUA_TTABLE || (keys_list(r, "fields", CONTRACT_ROWS_MAX) == 0 && !face)) {
        keys_complain(r, "fields");
    }
    size_t n = count_rows(r->L, lua_gettop(r->L), 0);
    c->rows = lua_newuserdatauv(r->L, (n + 1) * sizeof *c->rows, 0);
    memset(c->rows, 0, (n + 1) * sizeof *c->rows);
    keys_keep(r);
    contract_read_rows(r, c, &scope);
    check_order(r, c);
    size_t unused = c->style.kind == FORMAT_SQL ? contract_check_sql(r, c) : c->rows_n;
    if (unused < c->rows_n) {
        complain_row(r, c, unused);
    }
}

void contract_row_place(const struct contract *c, size_t row, char *place, size_t cap) {
    size_t chain[CONTRACT_DEPTH_MAX + 1], depth = 0, n = 0;
    for (size_t at = row + 1; at > 0 && depth <= CONTRACT_DEPTH_MAX; at = c->rows[at - 1].parent) {
        chain[depth++] = c->rows[at - 1].number;
    }
    place[0] = '\0';
    while (depth > 0 && n < cap) {
        depth--;
        n += text_format(place + n, cap - n, "%sfields[%d]", n > 0 ? "." : "", (int)chain[depth]);
    }
}

void contract_read(lua_State *L, int table, int kept, struct contract_texts *texts,
                   const struct uses *pack, struct contract *out, struct encoder **encoder) {
    struct key_reader r = {.L = L, .texts = texts, .table = table, .kept = kept};
    *out = (struct contract){0};
    luaL_checkstack(L, 20, NULL);
    keys_open(&r);
    read_outer(&r, out, pack, encoder);
    read_fields(&r, out);
}
