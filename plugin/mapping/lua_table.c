#include <stdlib.h>
#include <string.h>

#include "lua_library.h"
#include "mapping.h"
#include "sandbox.h"
#include "source_map.h"
#include "text.h"

#define STEPS       200000 /* loading takes a tenth */
#define MEMORY      ((size_t)8 * 1024 * 1024)
#define DEPTH_MAX   16
#define ENTRIES_MAX SOURCE_ENTRIES_MAX

struct reading {
    const uint8_t *text;
    size_t n;
    struct source_map map;
    struct lua_table *out;
    size_t *order; /* of each entry: its place in the text */
    size_t cap;
    size_t copied; /* bytes of all texts; one text of Lua's may stand in many entries */
};

static noreturn void refuse(lua_State *L, const struct reading *r, const char *path) {
    sandbox_fail(L, SHK_E_CONFIG_SYNTAX, source_map_line(&r->map, path), path);
}

static void make_room(lua_State *L, struct reading *r) {
    if (r->out->n < r->cap) {
        return;
    }
    size_t cap = r->cap == 0 ? 64 : r->cap * 2;
    struct lua_entry *at = realloc(r->out->at, cap * sizeof *at);
    r->out->at = at != NULL ? at : r->out->at;
    size_t *order = realloc(r->order, cap * sizeof *order);
    r->order = order != NULL ? order : r->order;
    if (at == NULL || order == NULL) {
        sandbox_fail(L, SHK_E_MEMORY, 0, NULL);
    }
    r->cap = cap;
}

static bool is_clean_text(lua_State *L) {
    size_t n;
    const char *text = lua_tolstring(L, -1, &n);
    return strlen(text) == n && utf8_valid(text, n);
}

/* Fills an entry from the value on the top of the stack. */
static void describe(lua_State *L, struct lua_entry *entry) {
    entry->kind = LUA_KIND_OTHER;
    switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN:
        entry->kind = LUA_KIND_BOOL;
        entry->number = lua_toboolean(L, -1);
        return;
    case LUA_TTABLE:
        entry->kind = LUA_KIND_TABLE;
        entry->number = (int64_t)lua_rawlen(L, -1);
        return;
    case LUA_TNUMBER:
        entry->kind = lua_isinteger(L, -1) ? LUA_KIND_INT : LUA_KIND_OTHER;
        entry->number = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        return;
    case LUA_TSTRING:
        entry->kind = is_clean_text(L) ? LUA_KIND_TEXT : LUA_KIND_OTHER;
        return;
    default:
        return;
    }
}

static void add_entry(lua_State *L, struct reading *r, const char *path) {
    if (r->out->n >= ENTRIES_MAX) {
        refuse(L, r, path);
    }
    make_room(L, r);
    struct lua_entry *entry = &r->out->at[r->out->n];
    *entry = (struct lua_entry){.line = source_map_line(&r->map, path)};
    r->order[r->out->n++] = source_map_find(&r->map, path);
    describe(L, entry);
    r->copied += entry->kind == LUA_KIND_TEXT ? (size_t)lua_rawlen(L, -1) : 0;
    if (r->copied > MEMORY) {
        sandbox_fail(L, SHK_E_SCRIPT_MEMORY, entry->line, path);
    }
    entry->path = text_dup(path);
    entry->text = entry->kind == LUA_KIND_TEXT ? text_dup(lua_tostring(L, -1)) : NULL;
    if (entry->path == NULL || (entry->kind == LUA_KIND_TEXT && entry->text == NULL)) {
        sandbox_fail(L, SHK_E_MEMORY, 0, NULL);
    }
}

/* The path of a key in the table at `outer`; false for keys that no path can name. */
static bool key_path(lua_State *L, int key, const char *outer, char *path) {
    size_t cap = SOURCE_PATH_MAX + 1;
    if (lua_isinteger(L, key)) {
        lua_Integer index = lua_tointeger(L, key);
        return index >= 1 && index <= ENTRIES_MAX &&
               text_format(path, cap, "%s[%d]", outer, (int)index) < cap;
    }
    size_t n = 0;
    const char *name = lua_type(L, key) == LUA_TSTRING ? lua_tolstring(L, key, &n) : NULL;
    return name != NULL && n > 0 && strlen(name) == n && utf8_valid(name, n) &&
           text_format(path, cap, "%s%s%s", outer, outer[0] != '\0' ? "." : "", name) < cap;
}

/* The table on the top of the stack. The depth bounds tables that hold themselves, too. */
static void walk(lua_State *L, struct reading *r, const char *outer, int depth) {
    char path[SOURCE_PATH_MAX + 1];
    int table = lua_gettop(L);
    luaL_checkstack(L, 8, NULL);
    if (depth > DEPTH_MAX) {
        refuse(L, r, outer);
    }
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        sandbox_charge(L, 32);
        if (!key_path(L, table + 1, outer, path)) {
            refuse(L, r, outer);
        }
        add_entry(L, r, path);
        if (lua_istable(L, -1)) {
            walk(L, r, path, depth + 1);
        }
        lua_settop(L, table + 1);
    }
}

/* "a[2]" stands before "a[10]". */
static int compare_paths(const char *a, const char *b) {
    while (*a != '\0' && *a == *b && !char_is_digit(*a)) {
        a++;
        b++;
    }
    size_t a_len = 0, b_len = 0;
    while (char_is_digit(a[a_len])) {
        a_len++;
    }
    while (char_is_digit(b[b_len])) {
        b_len++;
    }
    if (a_len == 0 || b_len == 0) {
        return (uint8_t)*a - (uint8_t)*b;
    }
    int order = a_len != b_len ? (a_len < b_len ? -1 : 1) : memcmp(a, b, a_len);
    return order != 0 ? order : compare_paths(a + a_len, b + b_len);
}

static bool comes_before(const struct reading *r, size_t a, size_t b) {
    if (r->order[a] != r->order[b]) {
        return r->order[a] < r->order[b];
    }
    return compare_paths(r->out->at[a].path, r->out->at[b].path) < 0;
}

static void swap(struct reading *r, size_t a, size_t b) {
    struct lua_entry entry = r->out->at[a];
    size_t order = r->order[a];
    r->out->at[a] = r->out->at[b];
    r->order[a] = r->order[b];
    r->out->at[b] = entry;
    r->order[b] = order;
}

static void sift_down(struct reading *r, size_t at, size_t n) {
    for (size_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && comes_before(r, child, child + 1)) {
            child++;
        }
        if (!comes_before(r, at, child)) {
            return;
        }
        swap(r, at, child);
        at = child;
    }
}

/* File order: Lua's own tables have none. Entries that no constructor shows come last. */
static void put_in_order(struct reading *r) {
    size_t n = r->out->n;
    for (size_t i = n / 2; i-- > 0;) {
        sift_down(r, i, n);
    }
    for (size_t i = n; i-- > 1;) {
        swap(r, 0, i);
        sift_down(r, 0, i);
    }
}

static int body(lua_State *L) {
    struct reading *r = lua_touserdata(L, 1);
    sandbox_load(L, r->text, r->n);
    if (source_map_read((const char *)r->text, r->n, &r->map) != SHK_OK) {
        sandbox_fail(L, SHK_E_MEMORY, 0, NULL);
    }
    walk(L, r, "", 1);
    put_in_order(r);
    return 0;
}

int32_t lua_table_read(const char *name, const uint8_t *text, size_t n, struct lua_table *out,
                       struct fault *why) {
    struct reading reading = {.text = text, .n = n, .out = out};
    struct sandbox sb = {
        .name = name,
        .limits = {.steps = STEPS, .memory = MEMORY},
        .syntax_code = SHK_E_CONFIG_SYNTAX,
        .run_code = SHK_E_CONFIG_SYNTAX,
    };
    *out = (struct lua_table){0};
    int32_t rc = sandbox_run(&sb, body, &reading, why);
    source_map_clear(&reading.map);
    free(reading.order);
    if (rc != SHK_OK) {
        lua_table_clear(out);
    }
    return rc;
}

/* A configuration may hold a passphrase. */
static void wipe_text(char *text) {
    if (text != NULL) {
        memory_wipe(text, strlen(text));
    }
    free(text);
}

void lua_table_clear(struct lua_table *table) {
    for (size_t i = 0; i < table->n; i++) {
        wipe_text(table->at[i].text);
        free(table->at[i].path);
    }
    free(table->at);
    *table = (struct lua_table){0};
}
