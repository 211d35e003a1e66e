#include "lua_record.h"

#include <lauxlib.h>
#include <string.h>

#include "sandbox.h"
#include "text.h"

#define PATH_MAX_LEN   120
#define INDEX_TEXT_MAX 12 /* "[2147483647]" */
#define VIEW_TYPE      "record"

/* A place in the record. Nothing is copied until a script asks for it. */
enum view_kind { VIEW_GROUP, VIEW_LIST, VIEW_RECORDS };

struct view {
    const struct record_set *set;
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

void record_push(lua_State *L, const struct record_set *set, size_t record) {
    const struct view like = {.set = set, .record = record};
    push_view(L, &like, VIEW_GROUP);
}

static void push_found(lua_State *L, const struct value *value) {
    if (value->state == VALUE_ABSENT) {
        lua_pushnil(L);
    } else if (value->state == VALUE_PRESENT && value->is_number) {
        lua_pushinteger(L, value->number);
    } else {
        lua_pushlstring(L, value->text, value->len);
    }
}

static bool push_at(lua_State *L, const struct record_set *set, size_t record, const char *path,
                    size_t n) {
    struct value value;
    sandbox_charge(L, 16);
    int32_t rc = record_value(set, record, path, n, &value);
    if (rc == SHK_E_ABSENT) {
        lua_pushnil(L);
        return true;
    }
    if (rc == SHK_OK) {
        push_found(L, &value);
    }
    return rc == SHK_OK;
}

/* "records[2].name" to 2 and "name"; any other path is left as it is. False: badly written. */
static bool strip_record(const char **path, size_t *record) {
    static const char prefix[] = "records[";
    if (!text_starts(*path, prefix)) {
        return true;
    }
    const char *number = *path + sizeof prefix - 1;
    const char *end = strstr(number, "].");
    int32_t index = 0;
    if (end == NULL || !text_to_int32(number, (size_t)(end - number), &index) || index < 1) {
        return false;
    }
    *record = (size_t)index;
    *path = end + 2;
    return true;
}

bool record_push_value(lua_State *L, const struct record_set *set, size_t record,
                       const char *path) {
    return strip_record(&path, &record) && push_at(L, set, record, path, strlen(path));
}

bool record_path_known(const char *path) {
    size_t record;
    if (!strip_record(&path, &record)) {
        return false;
    }
    size_t n = strlen(path);
    return n <= PATH_MAX_LEN && !field_is_list(path, n) && !field_is_group(path, n) &&
           field_find(path, n) != NULL;
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
    if (field_is_list(at.path, at.len)) {
        push_view(L, &at, VIEW_LIST);
    } else if (field_is_group(at.path, at.len)) {
        push_view(L, &at, VIEW_GROUP);
    } else if (!push_at(L, at.set, at.record, at.path, at.len)) {
        return luaL_error(L, "the record has no such name");
    }
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
