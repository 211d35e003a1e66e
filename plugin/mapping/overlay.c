#include "overlay.h"

#include <lauxlib.h>
#include <stdnoreturn.h>
#include <string.h>

#include "overlay_rows.h"
#include "sandbox.h"
#include "text.h"

#define NAME_MAX_LEN 200
#define CHANGES_MAX  500

/* The work at hand and its places on the stack. */
struct overlay {
    lua_State *L;
    struct contract_texts *texts;
    struct uses *uses;
    int script, own, fields,
        paths; /* tables: the script's, the overlay's, the script's rows, their paths */
};

static noreturn void complain(const struct overlay *o, const char *path, const char *what) {
    int32_t line = texts_overlay_line(o->texts, path);
    sandbox_fail_in(o->L, o->texts->overlay.name, SHK_E_OVERLAY, line, what);
}

static int push_key(const struct overlay *o, int table, const char *key) {
    lua_pushstring(o->L, key);
    return lua_rawget(o->L, table);
}

static bool known(const char *const *keys, const char *key) {
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (text_equal(keys[i], key)) {
            return true;
        }
    }
    return false;
}

static bool is_word(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)p[i] < 0x20 || p[i] == 0x7F) {
            return false;
        }
    }
    return n > 0 && n <= NAME_MAX_LEN && utf8_valid(p, n);
}

/* A name or key at this place of the stack, as a fault may show it; null: it is none. */
static const char *word_at(lua_State *L, int at) {
    size_t n = 0;
    const char *text = lua_type(L, at) == LUA_TSTRING ? lua_tolstring(L, at, &n) : "";
    return is_word(text, n) ? text : NULL;
}

static void check_outer(const struct overlay *o, const char *pack) {
    static const char *const keys[] = {"overlay", "pack", "uses", "fields", "add", NULL};
    for (lua_pushnil(o->L); lua_next(o->L, o->own) != 0; lua_pop(o->L, 1)) {
        const char *key = word_at(o->L, -2);
        if (key == NULL || !known(keys, key)) {
            complain(o, "", key != NULL ? key : "?");
        }
    }
    push_key(o, o->own, "overlay");
    if (!lua_isinteger(o->L, -1) || lua_tointeger(o->L, -1) != 1) {
        complain(o, "overlay", "overlay");
    }
    push_key(o, o->own, "pack");
    push_key(o, o->script, "id");
    const char *named = word_at(o->L, -2), *id = pack != NULL ? pack : word_at(o->L, -1);
    if (named == NULL || id == NULL || !text_equal(named, id)) {
        complain(o, "pack", "pack");
    }
    lua_pop(o->L, 3);
}

/* What the overlay sees beyond the pack: it says so, as the pack does. */
static void add_uses(const struct overlay *o) {
    bool own = push_key(o, o->script, "uses") == LUA_TTABLE;
    int list = lua_gettop(o->L);
    if (push_key(o, o->own, "uses") == LUA_TNIL) {
        lua_pop(o->L, 2);
        return;
    }
    if (!lua_istable(o->L, -1) || lua_rawlen(o->L, -1) > USES_FIELDS_MAX) {
        complain(o, "uses", "uses");
    }
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(o->L, list + 1); i++) {
        lua_rawgeti(o->L, list + 1, i);
        const char *path = word_at(o->L, -1);
        if (path == NULL || !uses_add(o->uses, path, strlen(path))) {
            complain(o, "uses", "uses");
        }
        if (own) {
            lua_rawseti(o->L, list, (lua_Integer)lua_rawlen(o->L, list) + 1);
        } else {
            lua_pop(o->L, 1);
        }
    }
    lua_pop(o->L, 2);
}

/* Two values of a row, on the top: the vendor's and what the overlay takes it for. Functions cannot be
 * compared; `true` says that one is there. */
static bool is_as_expected(lua_State *L) {
    int type = lua_type(L, -2);
    if (type == LUA_TFUNCTION) {
        return lua_isboolean(L, -1) && lua_toboolean(L, -1);
    }
    if (type != LUA_TTABLE) {
        return lua_rawequal(L, -2, -1) != 0;
    }
    size_t n = (size_t)lua_rawlen(L, -2);
    bool same = lua_istable(L, -1) && lua_rawlen(L, -1) == n;
    for (lua_Integer i = 1; same && i <= (lua_Integer)n; i++) {
        lua_rawgeti(L, -2, i);
        lua_rawgeti(L, -2, i);
        same = lua_rawequal(L, -2, -1) != 0;
        lua_pop(L, 2);
    }
    return same;
}

struct change {
    const char *name;
    char place[SOURCE_PATH_MAX + 1]; /* in the overlay: "fields.氏名" */
    int own, row;                    /* the overlay's table and the vendor's row */
};

static noreturn void complain_key(const struct overlay *o, const struct change *c,
                                  const char *key) {
    char path[SOURCE_PATH_MAX + 64], what[2 * NAME_MAX_LEN];
    text_format(path, sizeof path, "%s.%s", c->place, key);
    text_format(what, sizeof what, "%s %s", c->name, key);
    complain(o, path, what);
}

static noreturn void complain_was(const struct overlay *o, const struct change *c,
                                  const char *key) {
    char path[SOURCE_PATH_MAX + 64], what[2 * NAME_MAX_LEN];
    text_format(path, sizeof path, "%s.was.%s", c->place, key);
    text_format(what, sizeof what, "%s %s", c->name, key);
    complain(o, path, what);
}

/* `was` must hold for every key that it names, and name every key of the vendor's that is changed. */
static void check_was(const struct overlay *o, const struct change *c) {
    lua_State *L = o->L;
    bool given = push_key(o, c->own, "was") == LUA_TTABLE;
    int was = lua_gettop(L);
    if (!given && !lua_isnil(L, -1)) {
        complain_key(o, c, "was");
    }
    for (lua_pushnil(L); given && lua_next(L, was) != 0; lua_pop(L, 1)) {
        const char *key = word_at(L, -2);
        if (key == NULL) {
            complain_key(o, c, "was");
        }
        push_key(o, c->row, key);
        lua_insert(L, -2);
        if (!is_as_expected(L)) {
            complain_was(o, c, key);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static bool was_names(const struct overlay *o, const struct change *c, const char *key) {
    bool named = false;
    if (push_key(o, c->own, "was") == LUA_TTABLE) {
        named = push_key(o, lua_gettop(o->L), key) != LUA_TNIL;
        lua_pop(o->L, 1);
    }
    lua_pop(o->L, 1);
    return named;
}

static void expect_named(const struct overlay *o, const struct change *c, const char *key) {
    bool there = push_key(o, c->row, key) != LUA_TNIL;
    lua_pop(o->L, 1);
    if (there && !was_names(o, c, key)) {
        complain_key(o, c, key);
    }
}

/* `unset = { "with" }`: keys of the vendor's that go. */
static void unset_keys(const struct overlay *o, const struct change *c) {
    lua_State *L = o->L;
    if (push_key(o, c->own, "unset") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    size_t n = lua_istable(L, -1) ? (size_t)lua_rawlen(L, -1) : 0;
    for (lua_Integer i = 1; i <= (lua_Integer)n; i++) {
        lua_rawgeti(L, -1, i);
        const char *key = word_at(L, -1);
        if (key == NULL || text_equal(key, "to") || !was_names(o, c, key)) {
            complain_key(o, c, "unset");
        }
        lua_pushnil(L);
        lua_rawset(L, c->row);
    }
    if (n == 0) {
        complain_key(o, c, "unset");
    }
    lua_pop(L, 1);
}

static void set_keys(const struct overlay *o, const struct change *c) {
    static const char *const own_words[] = {"was", "remove", "unset", NULL};
    lua_State *L = o->L;
    for (lua_pushnil(L); lua_next(L, c->own) != 0; lua_pop(L, 1)) {
        const char *key = word_at(L, -2);
        if (key == NULL || text_equal(key, "to") || text_equal(key, "fields")) {
            complain_key(o, c, key != NULL ? key : "?");
        }
        if (!known(own_words, key)) {
            expect_named(o, c, key);
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, c->row);
        }
    }
}

/* Rows behind the removed one move up. */
static void remove_row(const struct overlay *o, const struct change *c, int list, int number) {
    static const char *const beside_remove[] = {"remove", "was", NULL};
    int n = (int)lua_rawlen(o->L, list);
    for (lua_pushnil(o->L); lua_next(o->L, c->own) != 0; lua_pop(o->L, 1)) {
        const char *key = word_at(o->L, -2);
        if (key == NULL || !known(beside_remove, key)) {
            complain_key(o, c, key != NULL ? key : "?");
        }
    }
    if (!was_names(o, c, "from") && !was_names(o, c, "value") && !was_names(o, c, "with")) {
        complain_key(o, c, "was");
    }
    for (int i = number; i <= n; i++) {
        if (i < n) {
            lua_rawgeti(o->L, list, i + 1);
        } else {
            lua_pushnil(o->L);
        }
        lua_rawseti(o->L, list, i);
    }
}

static bool removes(const struct overlay *o, const struct change *c) {
    int type = push_key(o, c->own, "remove");
    bool remove = lua_toboolean(o->L, -1) != 0;
    if (type != LUA_TNIL && type != LUA_TBOOLEAN) {
        complain_key(o, c, "remove");
    }
    lua_pop(o->L, 1);
    return remove;
}

/* The overlay's table for one field lies on the top. */
static void change_field(const struct overlay *o, const char *name) {
    lua_State *L = o->L;
    struct change c = {.name = name, .own = lua_gettop(L)};
    text_format(c.place, sizeof c.place, "fields.%s", name);
    if (!lua_istable(L, -1)) {
        complain(o, c.place, name);
    }
    struct row_found found = overlay_find(L, o->fields, name);
    if (found.times != 1) {
        complain(o, c.place, name);
    }
    c.row = lua_gettop(L);
    check_was(o, &c);
    if (removes(o, &c)) {
        remove_row(o, &c, c.row - 1, found.number);
    } else {
        unset_keys(o, &c);
        set_keys(o, &c);
    }
    lua_settop(L, c.own);
}

static void change_fields(const struct overlay *o) {
    lua_State *L = o->L;
    int type = push_key(o, o->own, "fields");
    int changes = lua_gettop(L);
    luaL_checkstack(L, 30, NULL);
    if (type != LUA_TNIL && type != LUA_TTABLE) {
        complain(o, "fields", "fields");
    }
    for (lua_pushnil(L); type == LUA_TTABLE && lua_next(L, changes) != 0; lua_pop(L, 1)) {
        const char *name = word_at(L, -2);
        if (name == NULL) {
            complain(o, "fields", "fields");
        }
        change_field(o, name);
    }
    lua_pop(L, 1);
}

/* Behind the named row of the same list, or at the end of all. */
static void insert_row(const struct overlay *o, const char *place, int row) {
    lua_State *L = o->L;
    int list = o->fields, number = (int)lua_rawlen(L, o->fields);
    if (push_key(o, row, "after") != LUA_TNIL) {
        const char *after = word_at(L, -1);
        struct row_found found = {0};
        if (after != NULL) {
            found = overlay_find(L, o->fields, after);
        }
        if (found.times != 1) {
            complain(o, place, after != NULL ? after : "after");
        }
        list = lua_gettop(L) - 1;
        number = found.number;
    }
    for (int i = (int)lua_rawlen(L, list); i > number; i--) {
        lua_rawgeti(L, list, i);
        lua_rawseti(L, list, i + 1);
    }
    lua_pushvalue(L, row);
    lua_rawseti(L, list, number + 1);
    lua_pushliteral(L, "after");
    lua_pushnil(L);
    lua_rawset(L, row);
}

static void add_row(const struct overlay *o, lua_Integer i) {
    lua_State *L = o->L;
    char place[32];
    int row = lua_gettop(L);
    text_format(place, sizeof place, "add[%d]", (int)i);
    const char *name = NULL;
    if (lua_istable(L, row) && push_key(o, row, "to") == LUA_TSTRING) {
        name = word_at(L, -1);
    }
    if (name == NULL) {
        complain(o, place, "to");
    }
    lua_settop(L, row);
    bool repeats = overlay_doubled(L, o->fields); /* elements of XML may */
    if (repeats && overlay_find(L, o->fields, name).times > 0) {
        complain(o, place, name);
    }
    lua_settop(L, row);
    lua_pushvalue(L, row);
    lua_pushstring(L, place);
    lua_rawset(L, o->paths);
    insert_row(o, place, row);
    lua_settop(L, row);
    /* Now it stands where it will be called by its whole name. */
    if (!repeats && overlay_doubled(L, o->fields)) {
        complain(o, place, name);
    }
}

static void add_rows(const struct overlay *o) {
    lua_State *L = o->L;
    int type = push_key(o, o->own, "add");
    int list = lua_gettop(L);
    if (type != LUA_TNIL && (type != LUA_TTABLE || lua_rawlen(L, list) > CHANGES_MAX)) {
        complain(o, "add", "add");
    }
    lua_Integer n = type == LUA_TTABLE ? (lua_Integer)lua_rawlen(L, list) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, list, i);
        add_row(o, i);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* For every key that was set: it is written in the overlay. */
static bool tell_keys(const struct overlay *o, const char *name, const char *place, int own) {
    char path[SOURCE_PATH_MAX + 1], from[SOURCE_PATH_MAX + 1];
    bool told = true;
    for (lua_pushnil(o->L); lua_next(o->L, own) != 0; lua_pop(o->L, 1)) {
        const char *key = word_at(o->L, -2);
        text_format(path, sizeof path, "%s.%s", place, key != NULL ? key : "");
        text_format(from, sizeof from, "fields.%s.%s", name, key != NULL ? key : "");
        told = told && texts_moved(o->texts, path, from, true);
    }
    return told;
}

/* Where the changed rows stand in the end. The overlay's table for one of them lies on the top. */
static bool tell_change(const struct overlay *o, const char *name) {
    lua_State *L = o->L;
    int own = lua_gettop(L);
    bool told = true;
    if (overlay_find(L, o->fields, name).times == 1 && lua_rawget(L, o->paths) == LUA_TSTRING) {
        told = tell_keys(o, name, lua_tostring(L, -1), own);
    }
    lua_settop(L, own);
    return told;
}

static bool tell_changes(const struct overlay *o) {
    lua_State *L = o->L;
    bool told = true;
    if (push_key(o, o->own, "fields") == LUA_TTABLE) {
        int changes = lua_gettop(L);
        for (lua_pushnil(L); lua_next(L, changes) != 0; lua_pop(L, 1)) {
            told = tell_change(o, lua_tostring(L, -2)) && told;
        }
    }
    lua_pop(L, 1);
    return told;
}

/* Before lists are walked: one that holds itself, or is too large, is refused as the contract would. */
static void check_size(const struct overlay *o) {
    if (!overlay_fits(o->L, o->fields)) {
        sandbox_fail_in(o->L, o->texts->script.name, SHK_E_SCRIPT_CONTRACT, 0, "fields");
    }
}

void overlay_apply(lua_State *L, struct contract_texts *texts, const uint8_t *p, size_t n,
                   const char *pack, struct uses *uses) {
    struct overlay o = {.L = L, .texts = texts, .uses = uses, .script = lua_gettop(L)};
    luaL_checkstack(L, 40, NULL);
    sandbox_load_other(L, p, n);
    o.own = lua_gettop(L);
    lua_newtable(L);
    o.paths = lua_gettop(L);
    check_outer(&o, pack);
    add_uses(&o);
    if (push_key(&o, o.script, "fields") == LUA_TNIL) {
        /* A script of format face may do without rows; the overlay's are then the first. */
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushliteral(L, "fields");
        lua_pushvalue(L, -2);
        lua_rawset(L, o.script);
    }
    if (lua_istable(L, -1)) {
        o.fields = lua_gettop(L);
        check_size(&o);
        overlay_number(L, o.fields, o.paths, "");
        change_fields(&o);
        add_rows(&o);
        check_size(&o);
        bool told = overlay_places(L, o.fields, o.paths, "", texts) && tell_changes(&o);
        if (!told) {
            sandbox_fail(L, SHK_E_MEMORY, 0, NULL);
        }
    }
    lua_settop(L, o.script);
}
