#include "lua_record.h"

#include <lauxlib.h>
#include <stdnoreturn.h>
#include <string.h>

#include "fields.h"
#include "sandbox.h"
#include "text.h"

#define PATH_MAX_LEN   120
#define INDEX_TEXT_MAX 12 /* "[2147483647]" */
#define VIEW_TYPE      "record"

/* A place in the record. Nothing is copied until a script asks for it. */
enum view_kind { VIEW_GROUP, VIEW_LIST, VIEW_RECORDS };

struct view {
    const struct record_set *set;
    const struct uses *uses; /* null: everything */
    size_t record;
    enum view_kind kind;
    size_t len;
    char path[PATH_MAX_LEN + 1];
};

static int view_index(lua_State *L);
static int view_length(lua_State *L);

static int view_write(lua_State *L) {
    return luaL_error(L, "the record is read-only");
}

static const luaL_Reg view_functions[] = {
    {"__index", view_index},
    {"__len", view_length},
    {"__newindex", view_write},
    {NULL, NULL},
};

/* Pushes a view and gives it to the caller to fill in. */
static struct view *push_view(lua_State *L, const struct view *like, enum view_kind kind) {
    struct view *v = lua_newuserdatauv(L, sizeof *v, 0);
    *v = *like;
    v->kind = kind;
    if (luaL_newmetatable(L, VIEW_TYPE) != 0) {
        luaL_setfuncs(L, view_functions, 0);
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
    return v;
}

void record_push(lua_State *L, const struct record_set *set, size_t record,
                 const struct uses *uses) {
    const struct view like = {.set = set, .record = record, .uses = uses};
    push_view(L, &like, VIEW_GROUP);
}

int record_new_view(lua_State *L, const struct uses *uses) {
    record_push(L, NULL, 0, uses);
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

void record_push_view(lua_State *L, int view, const struct record_set *set, size_t record) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, view);
    struct view *v = lua_touserdata(L, -1);
    v->set = set;
    v->record = record;
}

void record_push_entry(lua_State *L, int view, const char *list, size_t entry) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, view);
    struct view *v = push_view(L, lua_touserdata(L, -1), VIEW_GROUP);
    v->len = text_format(v->path, sizeof v->path, "%s[%u]", list, (unsigned)entry);
    lua_remove(L, -2);
}

void record_push_found(lua_State *L, const struct value *value) {
    if (value->state == VALUE_ABSENT) {
        lua_pushnil(L);
    } else if (value->state == VALUE_PRESENT && value->is_number) {
        lua_pushinteger(L, value->number);
    } else {
        lua_pushlstring(L, value->text, value->len);
    }
}

static bool may_see(const struct view *v, const struct record_place *place) {
    return v->uses == NULL || uses_has(v->uses, field_index(place->field));
}

/* Below an entry of a list the list itself was looked at. */
static bool may_enter(const struct view *v, const char *path, size_t n) {
    return v->uses == NULL || memchr(path, '[', n) != NULL || uses_some(v->uses, path, n);
}

static noreturn void complain(lua_State *L, const char *words) {
    for (;;) {
        luaL_error(L, "%s", words);
    }
}

static noreturn void complain_unused(lua_State *L) {
    complain(L, "the script's `uses` does not name this");
}

static void push_value(lua_State *L, const struct view *v, const char *path, size_t n) {
    struct record_place place;
    struct value value;
    if (!record_place(path, n, &place)) {
        complain(L, "the record has no such name");
    }
    if (!may_see(v, &place)) {
        complain_unused(L);
    }
    sandbox_charge(L, 16);
    if (record_value_at(v->set, v->record, &place, &value) != SHK_OK) {
        lua_pushnil(L);
    } else {
        record_push_found(L, &value);
    }
}

static size_t list_length(const struct view *v) {
    size_t n = 0;
    if (v->kind == VIEW_RECORDS) {
        return record_count(v->set);
    }
    return record_list_count(v->set, v->record, v->path, v->len, &n) == SHK_OK ? n : 0;
}

static int view_length(lua_State *L) {
    const struct view *v = luaL_checkudata(L, 1, VIEW_TYPE);
    if (v->kind == VIEW_GROUP) {
        return luaL_error(L, "this is no list");
    }
    lua_pushinteger(L, (lua_Integer)list_length(v));
    return 1;
}

/* An entry of a list; nil behind the last, as ipairs expects. */
static int list_entry(lua_State *L, const struct view *v) {
    lua_Integer at = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : 0;
    if (at < 1) {
        return luaL_error(L, "a list of the record counts from 1");
    }
    if ((lua_Unsigned)at > list_length(v) || v->len + INDEX_TEXT_MAX > PATH_MAX_LEN) {
        lua_pushnil(L);
        return 1;
    }
    struct view *entry = push_view(L, v, VIEW_GROUP);
    if (v->kind == VIEW_RECORDS) {
        entry->record = (size_t)at;
        entry->len = 0;
    } else {
        entry->len +=
            text_format(entry->path + v->len, sizeof entry->path - v->len, "[%d]", (int)at);
    }
    return 1;
}

/* Fills `to` with the view's path and the name behind it. */
static void extend(lua_State *L, struct view *to, const char *name, size_t n) {
    size_t dot = to->len > 0 ? 1 : 0;
    if (n == 0 || n + dot > PATH_MAX_LEN - to->len || memchr(name, '\0', n) != NULL) {
        luaL_error(L, "the record has no such name");
    }
    if (dot > 0) {
        to->path[to->len] = '.';
    }
    memcpy(to->path + to->len + dot, name, n);
    to->len += dot + n;
    to->path[to->len] = '\0';
}

static int named_value(lua_State *L, const struct view *v, const char *name, size_t n) {
    struct view at = *v;
    extend(L, &at, name, n);
    bool list = field_is_list(at.path, at.len);
    if (!list && !field_is_group(at.path, at.len)) {
        push_value(L, v, at.path, at.len);
        return 1;
    }
    if (!may_enter(v, at.path, at.len)) {
        complain_unused(L);
    }
    push_view(L, &at, list ? VIEW_LIST : VIEW_GROUP);
    return 1;
}

static int view_index(lua_State *L) {
    const struct view *v = luaL_checkudata(L, 1, VIEW_TYPE);
    size_t n;
    sandbox_charge(L, 16);
    if (v->kind != VIEW_GROUP) {
        return list_entry(L, v);
    }
    if (lua_type(L, 2) != LUA_TSTRING) {
        return luaL_error(L, "the record has names, no numbers");
    }
    const char *name = lua_tolstring(L, 2, &n);
    if (v->len == 0 && text_equal(name, "record_index")) {
        lua_pushinteger(L, (lua_Integer)v->record);
        return 1;
    }
    if (v->len == 0 && text_equal(name, "records")) {
        push_view(L, v, VIEW_RECORDS);
        return 1;
    }
    return named_value(L, v, name, n);
}
