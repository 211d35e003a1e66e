#include "contract_sql.h"

#include <string.h>

#include "fields.h"
#include "format_parts.h"
#include "sandbox.h"
#include "shikaku/adapter.h"
#include "shikaku/sql_text.h"
#include "text.h"

#define ROWS_MOST  1000000
#define MARK_SHOWN 20 /* bytes */

/* "statements[2] :name" */
static noreturn void complain(const struct key_reader *r, const char *key, const char *name,
                              size_t name_n) {
    char what[CONTRACT_NAME_MAX + 60];
    int32_t line = 0;
    const char *text = texts_place(r->texts, key, &line);
    size_t n = text_format(what, sizeof what, "%s%s", key, name_n > 0 ? " " : "");
    text_copy_n(what + n, sizeof what - n, name, name_n);
    sandbox_fail_in(r->L, text, SHK_E_SCRIPT_CONTRACT, line, what);
}

/* The text on the top, kept and popped. What is wrong in it is shown as far as it is a short mark. */
static const char *read_statement(const struct key_reader *r, const char *key) {
    size_t n = 0;
    uint32_t bad = 0;
    const char *text = lua_type(r->L, -1) == LUA_TSTRING ? lua_tolstring(r->L, -1, &n) : "";
    if (n == 0 || n > SHK_SQL_STATEMENT_MAX || strlen(text) != n || !utf8_valid(text, n)) {
        complain(r, key, "", 0);
    }
    if (!shk_sql_usable(text, &bad)) {
        size_t word = strcspn(text + bad, " \t\r\n'\"");
        complain(r, key, text + bad, word <= MARK_SHOWN ? word : 0);
    }
    keys_keep(r);
    return text;
}

/* `rows = 1`, `rows = "any"`, or nothing. */
static int32_t read_rows(const struct key_reader *r, const char *key) {
    int32_t rows = SHK_ROWS_SOME;
    lua_pushliteral(r->L, "rows");
    int type = lua_rawget(r->L, -2);
    if (lua_isinteger(r->L, -1) && lua_tointeger(r->L, -1) >= 0 &&
        lua_tointeger(r->L, -1) <= ROWS_MOST) {
        rows = (int32_t)lua_tointeger(r->L, -1);
    } else if (type == LUA_TSTRING && text_equal(lua_tostring(r->L, -1), "any")) {
        rows = SHK_ROWS_ANY;
    } else if (type != LUA_TNIL) {
        complain(r, key, "rows", 4);
    }
    lua_pop(r->L, 1);
    return rows;
}

/* "INSERT …" or { "INSERT …", rows = 1 } on the top; popped. */
static void read_one(const struct key_reader *r, struct contract_sql *sql) {
    char key[40];
    size_t at = sql->statements_n++, entries = 0;
    text_format(key, sizeof key, "statements[%u]", (unsigned)at + 1);
    sql->statement_rows[at] = SHK_ROWS_SOME;
    if (!lua_istable(r->L, -1)) {
        sql->statements[at] = read_statement(r, key);
        return;
    }
    sql->statement_rows[at] = read_rows(r, key);
    for (lua_pushnil(r->L); lua_next(r->L, -2) != 0; lua_pop(r->L, 1)) {
        entries++;
    }
    if (entries != (sql->statement_rows[at] != SHK_ROWS_SOME ? 2 : 1)) {
        complain(r, key, "", 0);
    }
    lua_rawgeti(r->L, -1, 1);
    sql->statements[at] = read_statement(r, key);
    lua_pop(r->L, 1);
}

void contract_read_sql(const struct key_reader *r, struct contract *c) {
    struct contract_sql *sql = &c->sql;
    if (c->style.kind != FORMAT_SQL) {
        return;
    }
    keys_push(r, "statements");
    size_t n = keys_list(r, "statements", SQL_STATEMENTS_MAX);
    if (n == 0) {
        keys_complain(r, "statements");
    }
    sql->statements = lua_newuserdatauv(r->L, n * sizeof *sql->statements, 0);
    keys_keep(r);
    sql->statement_rows = lua_newuserdatauv(r->L, n * sizeof *sql->statement_rows, 0);
    keys_keep(r);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(r->L, -1, (lua_Integer)i);
        read_one(r, sql);
    }
    lua_pop(r->L, 1);
    c->style.statements = sql->statements;
    c->style.statements_n = sql->statements_n;
    if (keys_push(r, "find") != LUA_TNIL) {
        sql->find = read_statement(r, "find");
    } else {
        lua_pop(r->L, 1);
    }
}

static size_t find_row(const struct contract *c, const char *name, size_t n) {
    size_t i = 0;
    while (i < c->rows_n && (c->rows[i].is_group || strlen(c->rows[i].to) != n ||
                             memcmp(c->rows[i].to, name, n) != 0)) {
        i++;
    }
    return i;
}

/* Marks the rows that the statement takes. */
static void check_names(const struct key_reader *r, const struct contract *c, size_t statement,
                        uint8_t *used) {
    char key[40];
    const char *text = c->sql.statements[statement];
    text_format(key, sizeof key, "statements[%u]", (unsigned)statement + 1);
    sandbox_charge(r->L, strlen(text));
    for (shk_sql_part part = shk_sql_next(text, 0); part.kind != SHK_SQL_END;
         part = shk_sql_next(text, part.at + part.len)) {
        const char *name = text + part.at + 1;
        size_t row = part.kind == SHK_SQL_NAME ? find_row(c, name, part.len - 1) : c->rows_n;
        if (row < c->rows_n) {
            used[row] = 1;
        } else if (part.kind == SHK_SQL_NAME && !sql_name_is_given(name, part.len - 1)) {
            complain(r, key, name - 1, part.len);
        }
    }
}

/* "elderly__valid_from" is the path elderly.valid_from. */
static const struct field *field_of(const char *name, size_t n) {
    char path[SHK_SQL_NAME_MAX + 1];
    size_t len = 0;
    for (size_t i = 0; i < n && len < sizeof path; i++) {
        bool dot = name[i] == '_' && i + 1 < n && name[i + 1] == '_';
        path[len++] = dot ? '.' : name[i];
        i += dot ? 1 : 0;
    }
    return field_find(path, len);
}

static void check_find(const struct key_reader *r, struct contract *c) {
    const char *text = c->sql.find != NULL ? c->sql.find : "";
    for (shk_sql_part part = shk_sql_next(text, 0); part.kind != SHK_SQL_END;
         part = shk_sql_next(text, part.at + part.len)) {
        const struct field *field =
            part.kind == SHK_SQL_NAME ? field_of(text + part.at + 1, part.len - 1) : NULL;
        if (part.kind == SHK_SQL_NAME && field != NULL && !c->uses.named) {
            c->uses.field[field_index(field)] = 1;
        }
        if (part.kind == SHK_SQL_NAME &&
            (field == NULL || !uses_has(&c->uses, field_index(field)))) {
            complain(r, "find", text + part.at, part.len);
        }
    }
}

size_t contract_check_sql(const struct key_reader *r, struct contract *c) {
    uint8_t *used = lua_newuserdatauv(r->L, c->rows_n + 1, 0);
    size_t unused = 0;
    memset(used, 0, c->rows_n + 1);
    for (size_t i = 0; i < c->sql.statements_n; i++) {
        check_names(r, c, i, used);
    }
    check_find(r, c);
    while (unused < c->rows_n && (used[unused] != 0 || c->rows[unused].is_group)) {
        unused++;
    }
    lua_pop(r->L, 1);
    return unused;
}
