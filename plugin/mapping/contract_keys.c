#include "contract_keys.h"

#include <string.h>

#include "sandbox.h"
#include "text.h"

size_t keys_place(const struct key_reader *r, char *out, size_t cap) {
    out[0] = '\0';
    if (r->outer == NULL) {
        return 0;
    }
    size_t n = keys_place(r->outer, out, cap);
    return n >= cap ? n
                    : n + text_format(out + n, cap - n, "%sfields[%d]", n > 0 ? "." : "",
                                      (int)r->number);
}

noreturn void keys_complain(const struct key_reader *r, const char *key) {
    char what[CONTRACT_NAME_MAX + 60], path[TEXTS_PATH_MAX + 1];
    int32_t line;
    char place[TEXTS_PATH_MAX + 1];
    size_t n = keys_place(r, place, sizeof place);
    const char *name = r->to != NULL ? r->to : place;
    text_format(path, sizeof path, "%s%s%s", place, n > 0 && key[0] != '\0' ? "." : "", key);
    const char *text = texts_place(r->texts, path, &line);
    bool both = name[0] != '\0' && key[0] != '\0';
    text_format(what, sizeof what, "%s%s%s", name, both ? " " : "", key);
    sandbox_fail_in(r->L, text, SHK_E_SCRIPT_CONTRACT, line, what);
}

/* Different keys may share a bit; one without its bit is not there. */
static uint64_t bit_of(const char *key, size_t n) {
    unsigned mixed = n > 0 ? (unsigned)(uint8_t)key[0] + 3u * (uint8_t)key[n - 1] : 0;
    return UINT64_C(1) << ((mixed + 7u * (unsigned)n) & 63);
}

void keys_open(struct key_reader *r) {
    r->there = 0;
    for (lua_pushnil(r->L); lua_next(r->L, r->table) != 0; lua_pop(r->L, 1)) {
        size_t n = 0;
        const char *key = lua_type(r->L, -2) == LUA_TSTRING ? lua_tolstring(r->L, -2, &n) : "";
        r->there |= bit_of(key, n);
    }
}

int keys_push(const struct key_reader *r, const char *key) {
    if ((r->there & bit_of(key, strlen(key))) == 0) {
        lua_pushnil(r->L);
        return LUA_TNIL;
    }
    lua_pushstring(r->L, key);
    return lua_rawget(r->L, r->table);
}

int keys_keep(const struct key_reader *r) {
    lua_Integer at = (lua_Integer)lua_rawlen(r->L, r->kept) + 1;
    lua_rawseti(r->L, r->kept, at);
    return (int)at;
}

static bool plain_text(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)p[i] < 0x20 || p[i] == 0x7F) {
            return false;
        }
    }
    return utf8_valid(p, n);
}

const char *keys_top_text(const struct key_reader *r, const char *key, size_t max) {
    size_t n = 0;
    const char *text = lua_type(r->L, -1) == LUA_TSTRING ? lua_tolstring(r->L, -1, &n) : NULL;
    if (text == NULL || n == 0 || n > max || !plain_text(text, n)) {
        keys_complain(r, key);
    }
    keys_keep(r);
    return text;
}

const char *keys_text(const struct key_reader *r, const char *key, size_t max) {
    if (keys_push(r, key) == LUA_TNIL) {
        lua_pop(r->L, 1);
        return NULL;
    }
    return keys_top_text(r, key, max);
}

int keys_function(const struct key_reader *r, const char *key) {
    int type = keys_push(r, key);
    if (type == LUA_TNIL) {
        lua_pop(r->L, 1);
        return 0;
    }
    if (type != LUA_TFUNCTION) {
        keys_complain(r, key);
    }
    return keys_keep(r);
}

const char *keys_need_text(const struct key_reader *r, const char *key, size_t max) {
    const char *text = keys_text(r, key, max);
    if (text == NULL) {
        keys_complain(r, key);
    }
    return text;
}

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

void keys_refuse(const struct key_reader *r, const char *const *keys) {
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (keys_has(r, keys[i])) {
            keys_complain(r, keys[i]);
        }
    }
}

bool keys_encodable(const struct key_reader *r, const char *text) {
    uint32_t code;
    size_t n = strlen(text);
    return encoder_first_lost(r->encoder, text, n, &code) == n;
}

size_t keys_list(const struct key_reader *r, const char *key, size_t most) {
    size_t n = 0;
    if (!lua_istable(r->L, -1)) {
        keys_complain(r, key);
    }
    int list = lua_gettop(r->L);
    lua_pushnil(r->L);
    while (lua_next(r->L, list) != 0) {
        n++;
        lua_pop(r->L, 1);
    }
    if (n > most || n != lua_rawlen(r->L, list)) {
        keys_complain(r, key);
    }
    return n;
}
