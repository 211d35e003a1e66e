#include "contract_keys.h"

#include <string.h>

#include "charset.h"
#include "sandbox.h"
#include "text.h"

int32_t keys_line(const struct key_reader *r, const char *key) {
    char path[SOURCE_PATH_MAX + 1] = "";
    if (r->row > 0) {
        text_format(path, sizeof path, key[0] != '\0' ? "fields[%d].%s" : "fields[%d]%s",
                    (int)r->row, key);
    } else {
        text_copy(path, sizeof path, key);
    }
    return source_map_line(r->map, path);
}

/* "script.lua:7 BURDEN as"; a row without a name is called by its number. */
noreturn void keys_complain(const struct key_reader *r, const char *key) {
    char what[CONTRACT_NAME_MAX + 60] = "";
    if (r->row == 0) {
        text_copy(what, sizeof what, key);
    } else if (r->to != NULL) {
        text_format(what, sizeof what, "%s %s", r->to, key);
    } else {
        text_format(what, sizeof what, "fields[%d] %s", (int)r->row, key);
    }
    sandbox_fail(r->L, SHK_E_SCRIPT_CONTRACT, keys_line(r, key), what);
}

/* Pushes the value of a key and returns its type. */
int keys_push(const struct key_reader *r, const char *key) {
    lua_pushstring(r->L, key);
    return lua_rawget(r->L, r->table);
}

/* Moves the value on the top into the kept table. */
void keys_keep(const struct key_reader *r) {
    lua_rawseti(r->L, r->kept, (lua_Integer)lua_rawlen(r->L, r->kept) + 1);
}

static bool plain_text(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)p[i] < 0x20 || p[i] == 0x7F) {
            return false;
        }
    }
    return utf8_valid(p, n);
}

/* The text of a key, kept; null when the key is not there. */
const char *keys_text(const struct key_reader *r, const char *key, size_t max) {
    int type = keys_push(r, key);
    if (type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return NULL;
    }
    size_t n = 0;
    const char *text = type == LUA_TSTRING ? lua_tolstring(r->L, -1, &n) : NULL;
    if (text == NULL || n == 0 || n > max || !plain_text(text, n)) {
        keys_complain(r, key);
    }
    keys_keep(r);
    return text;
}

const char *keys_need_text(const struct key_reader *r, const char *key, size_t max) {
    const char *text = keys_text(r, key, max);
    if (text == NULL) {
        keys_complain(r, key);
    }
    return text;
}

/* One of a few words; the first is the usual one. Returns its number. */
size_t keys_choice(const struct key_reader *r, const char *key, const char *const *words) {
    const char *text = keys_text(r, key, CONTRACT_NAME_MAX);
    for (size_t i = 0; text != NULL && words[i] != NULL; i++) {
        if (text_equal(words[i], text)) {
            return i;
        }
    }
    if (text != NULL) {
        keys_complain(r, key);
    }
    return 0;
}

bool keys_flag(const struct key_reader *r, const char *key, bool usual) {
    int type = keys_push(r, key);
    bool value = lua_toboolean(r->L, -1) != 0;
    if (type != LUA_TNIL && type != LUA_TBOOLEAN) {
        keys_complain(r, key);
    }
    lua_pop(r->L, 1);
    return type == LUA_TNIL ? usual : value;
}

int32_t keys_number(const struct key_reader *r, const char *key, int32_t usual, int32_t least,
                    int32_t most) {
    int type = keys_push(r, key);
    lua_Integer value = lua_isinteger(r->L, -1) ? lua_tointeger(r->L, -1) : least - 1;
    if (type != LUA_TNIL && (value < least || value > most)) {
        keys_complain(r, key);
    }
    lua_pop(r->L, 1);
    return type == LUA_TNIL ? usual : (int32_t)value;
}

bool keys_has(const struct key_reader *r, const char *key) {
    bool there = keys_push(r, key) != LUA_TNIL;
    lua_pop(r->L, 1);
    return there;
}

static bool in_list(const char *const *keys, const char *key) {
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (text_equal(keys[i], key)) {
            return true;
        }
    }
    return false;
}

/* A key may be a misspelt one, so it is shown, but only as far as it reads like a name. */
static noreturn void complain_unknown(const struct key_reader *r) {
    char key[41] = "?";
    size_t n = 0;
    const char *text = lua_type(r->L, -2) == LUA_TSTRING ? lua_tolstring(r->L, -2, &n) : NULL;
    if (text != NULL && plain_text(text, n)) {
        text_copy(key, sizeof key, text);
    }
    keys_complain(r, key);
}

void keys_check(const struct key_reader *r, const char *const *keys) {
    lua_pushnil(r->L);
    while (lua_next(r->L, r->table) != 0) {
        bool text = lua_type(r->L, -2) == LUA_TSTRING;
        if (!text || !in_list(keys, lua_tostring(r->L, -2))) {
            complain_unknown(r);
        }
        lua_pop(r->L, 1);
    }
}

/* Keys that would have no effect in this format are mistakes. */
void keys_refuse(const struct key_reader *r, const char *const *keys) {
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (keys_has(r, keys[i])) {
            keys_complain(r, keys[i]);
        }
    }
}

bool keys_encodable(const struct key_reader *r, const char *text) {
    return !sandbox_of(r->L)->cp932 || cp932_has(text, strlen(text));
}
