#include "contract_row.h"

#include <lauxlib.h>
#include <string.h>

#include "contract_source.h"
#include "fields.h"
#include "lua_library.h"
#include "text.h"

#define LENGTH_MAX 65535
#define WIDTH_MAX  1000

static const char *kept_text(const struct key_reader *r, const char *text) {
    lua_pushstring(r->L, text);
    const char *kept = lua_tostring(r->L, -1);
    keys_keep(r);
    return kept;
}

static bool names_path(const struct contract *c) {
    enum format_kind kind = c->style.kind;
    return kind != FORMAT_CSV && kind != FORMAT_FIXED && kind != FORMAT_FACE && kind != FORMAT_SQL;
}

/* The name with those of the groups around; a path is looked at as it will be once entries have numbers. */
static const char *whole_name(const struct key_reader *r, const struct row_scope *scope,
                              const char *name, const char *key) {
    if (scope->prefix[0] == '\0') {
        return name; /* kept already */
    }
    char whole[CONTRACT_NAME_MAX + 1];
    size_t n = text_format(whole, sizeof whole, "%s%s", scope->prefix, name);
    if (n >= sizeof whole) {
        keys_complain(r, key);
    }
    return kept_text(r, whole);
}

static bool path_usable(const struct contract *c, const char *to) {
    if (strchr(to, '[') == NULL && c->style.kind != FORMAT_FACE) {
        return format_path_usable(&c->style, to);
    }
    char numbered[2 * CONTRACT_NAME_MAX];
    size_t n = 0;
    for (const char *p = to; *p != '\0' && n + 2 < sizeof numbered; p++) {
        if (*p == ']' && n > 0 && numbered[n - 1] == '[') {
            numbered[n++] = '1';
        }
        numbered[n++] = *p;
    }
    numbered[n] = '\0';
    if (c->style.kind == FORMAT_FACE) {
        /* What may not be seen is not written either. */
        const struct field *field = field_find(to, strlen(to));
        return field != NULL && field->element[0] != '\0' && uses_has(&c->uses, field_index(field));
    }
    return format_path_usable(&c->style, numbered);
}

static void read_to(struct key_reader *r, struct contract *c, struct contract_row *row,
                    const struct row_scope *scope) {
    const char *name = keys_need_text(r, "to", CONTRACT_NAME_MAX);
    r->to = name;
    if (strstr(name, "[]") != NULL || !keys_encodable(r, name)) {
        keys_complain(r, "to");
    }
    row->to = whole_name(r, scope, name, "to");
    r->to = row->to;
    if (!path_usable(c, row->to)) {
        keys_complain(r, "to");
    }
}

/* "name" or "name:argument" on the top of the stack. */
static void add_helper(const struct key_reader *r, struct contract_row *row) {
    const char *text = keys_top_text(r, "as", CONTRACT_NAME_MAX);
    const char *colon = strchr(text, ':');
    struct contract_as as = {0};
    size_t n = colon != NULL ? (size_t)(colon - text) : strlen(text);
    as.helper = helper_find(text, n);
    as.argument =
        (struct word){colon != NULL ? colon + 1 : "", colon != NULL ? strlen(colon + 1) : 0};
    bool usable = as.helper != NULL && row->as_n < CONTRACT_HELPERS_MAX;
    if (usable && colon == NULL) {
        as.argument.p = NULL;
        usable = as.helper->takes != HELPER_NEEDS;
    } else if (usable) {
        usable = as.helper->takes != HELPER_PLAIN && as.helper->argument_usable(as.argument);
    }
    if (!usable) {
        keys_complain(r, "as");
    }
    row->as[row->as_n++] = as;
}

/* One name, or a list of names that are applied in order. */
static void read_as(const struct key_reader *r, struct contract_row *row) {
    int type = keys_push(r, "as");
    if (type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return;
    }
    if (type != LUA_TTABLE) {
        add_helper(r, row);
        return;
    }
    size_t n = keys_list(r, "as", CONTRACT_HELPERS_MAX);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(r->L, -1, (lua_Integer)i);
        add_helper(r, row);
    }
    if (n == 0) {
        keys_complain(r, "as");
    }
    lua_pop(r->L, 1);
}

/* A constant: text, empty text too, or a whole number. */
static void read_value(const struct key_reader *r, struct contract_row *row) {
    int type = keys_push(r, "value");
    if (type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return;
    }
    if (type != LUA_TSTRING && type != LUA_TBOOLEAN && !lua_isinteger(r->L, -1)) {
        keys_complain(r, "value");
    }
    library_push_text(r->L, lua_gettop(r->L));
    lua_remove(r->L, -2);
    row->value = lua_tolstring(r->L, -1, &row->value_len);
    bool plain =
        utf8_valid(row->value, row->value_len) && memchr(row->value, '\0', row->value_len) == NULL;
    if (!plain || (type == LUA_TBOOLEAN && row->kind != CELL_BOOLEAN)) {
        keys_complain(r, "value");
    }
    keys_keep(r);
}

static void check_sources(const struct key_reader *r, const struct contract_row *row) {
    if (row->value != NULL && (row->from.given || row->with != 0 || row->as_n > 0)) {
        keys_complain(r, "value");
    }
    if (row->value == NULL && !row->from.given && row->with == 0) {
        keys_complain(r, "from");
    }
    if (row->as_n > 0 && (!row->from.given || row->with != 0)) {
        keys_complain(r, "as");
    }
}

static void read_source(const struct key_reader *r, struct contract *c, struct contract_row *row,
                        const struct row_scope *scope) {
    const char *from = keys_text(r, "from", CONTRACT_NAME_MAX);
    bool usable = from == NULL || contract_source(from, scope, &c->uses, &row->from);
    if (!usable || (row->from.index && !scope->repeats)) {
        keys_complain(r, "from");
    }
    read_as(r, row);
    row->with = keys_function(r, "with");
    read_value(r, row);
    check_sources(r, row);
}

static void read_when(const struct key_reader *r, struct contract *c, struct contract_row *row,
                      const struct row_scope *scope) {
    int type = keys_push(r, "when");
    lua_pop(r->L, 1);
    if (type == LUA_TFUNCTION) {
        row->when = (struct contract_when){.kind = WHEN_FUNCTION};
        row->when.function = keys_function(r, "when");
        return;
    }
    const char *path = keys_text(r, "when", CONTRACT_NAME_MAX);
    if (path == NULL) {
        return;
    }
    bool negative = path[0] == '!';
    row->when.kind = negative ? WHEN_EMPTY : WHEN_FILLED;
    bool usable = contract_source(path + (negative ? 1 : 0), scope, &c->uses, &row->when.source);
    if (!usable || row->when.source.index) {
        keys_complain(r, "when");
    }
}

static void read_padding(const struct key_reader *r, const struct contract *c,
                         struct contract_row *row) {
    static const char *const aligns[] = {"left", "right", NULL};
    static const char *const units[] = {"bytes", "chars", NULL};
    row->width = keys_number(r, "width", 0, 1, WIDTH_MAX);
    row->align_right = keys_choice(r, "align", aligns) == 1;
    row->width_chars = keys_choice(r, "unit", units) == 1;
    const char *pad = keys_text(r, "pad", 4);
    text_copy(row->pad, sizeof row->pad, pad != NULL ? pad : " ");
    if (utf8_count(row->pad, strlen(row->pad)) != 1 || !keys_encodable(r, row->pad)) {
        keys_complain(r, "pad");
    }
    bool without = row->width == 0 && (pad != NULL || keys_has(r, "align") || keys_has(r, "unit"));
    if (without || (c->style.kind == FORMAT_FIXED && row->width == 0)) {
        keys_complain(r, "width");
    }
}

static void read_form(const struct key_reader *r, const struct contract *c,
                      struct contract_row *row, const struct row_scope *scope) {
    static const char *const empties[] = {"omit", "element", "nil", NULL};
    static const char *const kinds[] = {"text", "number", "boolean", NULL};
    if (keys_has(r, "empty") && c->style.kind != FORMAT_XML) {
        keys_complain(r, "empty");
    }
    if (keys_has(r, "kind") && c->style.kind != FORMAT_JSON) {
        keys_complain(r, "kind");
    }
    row->empty = keys_has(r, "empty") ? (enum empty_rule)keys_choice(r, "empty", empties)
                                      : scope->empty_usual;
    row->kind = (enum cell_kind)keys_choice(r, "kind", kinds);
}

void contract_read_lack(const struct key_reader *r, struct contract_lack *lack) {
    static const char *const words[] = {"stop", "geta", NULL};
    int type = keys_push(r, "unmappable");
    lua_pop(r->L, 1);
    if (type == LUA_TFUNCTION) {
        lack->rule = UNMAPPABLE_FUNCTION;
        lack->function = keys_function(r, "unmappable");
    } else if (type != LUA_TNIL) {
        lack->rule = (enum unmappable)keys_choice(r, "unmappable", words);
    }
}

static void read_row(struct key_reader *r, struct contract *c, struct contract_row *row,
                     const struct row_scope *scope) {
    static const char *const keys[] = {"to",       "from",      "as",         "with", "value",
                                       "required", "max_bytes", "max_chars",  "pad",  "width",
                                       "align",    "empty",     "unmappable", "when", "kind",
                                       "unit",     NULL};
    read_to(r, c, row, scope);
    keys_check(r, keys);
    read_form(r, c, row, scope);
    read_source(r, c, row, scope);
    read_when(r, c, row, scope);
    row->required = keys_flag(r, "required", false);
    row->max_bytes = keys_number(r, "max_bytes", 0, 1, LENGTH_MAX);
    row->max_chars = keys_number(r, "max_chars", 0, 1, LENGTH_MAX);
    row->lack = c->lack;
    contract_read_lack(r, &row->lack);
    read_padding(r, c, row);
}

static void read_each(const struct key_reader *r, struct contract *c, struct contract_row *row,
                      const struct row_scope *scope) {
    char list[CONTRACT_NAME_MAX + 1];
    const char *each = keys_text(r, "each", CONTRACT_NAME_MAX);
    if (each == NULL) {
        return;
    }
    c->repeats = true;
    if (!names_path(c)) {
        keys_complain(r, "each");
    }
    if (text_equal(each, "records") && scope->list == NULL) {
        row->each = EACH_RECORD;
        return;
    }
    bool usable = contract_list(each, scope, list, sizeof list);
    /* How many entries there are is something seen, too. Without a list of uses the rows' own paths count. */
    if (!usable || (c->uses.named && !uses_some(&c->uses, list, strlen(list)))) {
        keys_complain(r, "each");
    }
    row->each = EACH_ENTRY;
    row->list = kept_text(r, list);
}

static void group_scope(const struct key_reader *r, struct contract_row *row,
                        const struct row_scope *around, struct row_scope *scope) {
    char prefix[CONTRACT_NAME_MAX + 1];
    const char *to = keys_text(r, "to", CONTRACT_NAME_MAX);
    const char *entry = row->each != EACH_ONCE ? "[]" : "";
    size_t n = text_format(prefix, sizeof prefix, "%s%s%s%s", around->prefix, to != NULL ? to : "",
                           to != NULL ? entry : "", to != NULL ? "/" : "");
    bool usable = n < sizeof prefix && around->depth < CONTRACT_DEPTH_MAX &&
                  (to == NULL || strstr(to, "[]") == NULL) &&
                  (to != NULL || row->each == EACH_ONCE);
    if (!usable) {
        keys_complain(r, "to");
    }
    scope->prefix = kept_text(r, prefix);
    scope->depth = around->depth + 1;
    row->to = kept_text(r, to != NULL ? to : "");
}

static void read_group(struct key_reader *r, struct contract *c, struct contract_row *row,
                       const struct row_scope *around) {
    static const char *const keys[] = {"to", "each", "when", "fields", NULL};
    struct row_scope scope = *around;
    keys_check(r, keys);
    row->is_group = true;
    read_each(r, c, row, around);
    scope.list = row->each == EACH_ENTRY ? row->list : around->list;
    scope.repeats = around->repeats || row->each != EACH_ONCE;
    read_when(r, c, row, &scope);
    group_scope(r, row, around, &scope);
    scope.parent = c->rows_n;
    if (keys_push(r, "fields") != LUA_TTABLE) {
        keys_complain(r, "fields");
    }
    contract_read_rows(r, c, &scope);
    row->end = c->rows_n;
}

void contract_read_rows(struct key_reader *r, struct contract *c, const struct row_scope *scope) {
    size_t n = keys_list(r, "fields", CONTRACT_ROWS_MAX);
    int list = lua_gettop(r->L);
    luaL_checkstack(r->L, 20, NULL);
    for (size_t i = 1; i <= n; i++) {
        struct key_reader one = *r;
        one.to = NULL;
        one.outer = r;
        one.number = (int32_t)i;
        lua_rawgeti(r->L, list, (lua_Integer)i);
        one.table = lua_gettop(r->L);
        if (!lua_istable(r->L, -1) || c->rows_n == CONTRACT_ROWS_MAX) {
            keys_complain(&one, "");
        }
        keys_open(&one);
        struct contract_row *row = &c->rows[c->rows_n++];
        row->number = i;
        row->parent = scope->parent;
        if (keys_has(&one, "fields")) {
            read_group(&one, c, row, scope);
        } else {
            read_row(&one, c, row, scope);
        }
        lua_settop(r->L, list);
    }
    lua_settop(r->L, list - 1);
}
