/* The functions of text.* that take several values or give something else than one text. */
#include <string.h>

#include "helper_parts.h"
#include "insurer_number.h"
#include "kana.h"
#include "lua_text_parts.h"
#include "member.h"
#include "pad.h"
#include "pattern.h"
#include "sandbox.h"
#include "target.h"
#include "text.h"

#define REPLACE_MAX ((size_t)256)
#define PLAIN_FILL  " "

int text_first(lua_State *L) {
    int n = lua_gettop(L);
    sandbox_charge(L, 16);
    for (int i = 1; i <= n; i++) {
        bool empty = lua_isnil(L, i) || (lua_type(L, i) == LUA_TSTRING && lua_rawlen(L, i) == 0);
        if (!empty) {
            lua_pushvalue(L, i);
            return 1;
        }
    }
    return lua_text_give_nil(L);
}

int text_split(lua_State *L) {
    struct word family, given;
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    word_split(lua_text_value(L, 1), &family, &given);
    return lua_text_give_word(L, family) + lua_text_give_word(L, given);
}

static void add_replaced(luaL_Buffer *b, struct word rest, struct word from, struct word to) {
    while (rest.n >= from.n) {
        const char *next = memchr(rest.p, from.p[0], rest.n - from.n + 1);
        size_t before = next != NULL ? (size_t)(next - rest.p) : rest.n;
        luaL_addlstring(b, rest.p, before);
        rest.p += before;
        rest.n -= before;
        if (next == NULL) {
            return;
        }
        bool found = memcmp(rest.p, from.p, from.n) == 0;
        luaL_addlstring(b, found ? to.p : rest.p, found ? to.n : 1);
        rest.p += found ? from.n : 1;
        rest.n -= found ? from.n : 1;
    }
    luaL_addlstring(b, rest.p, rest.n);
}

int text_replace(lua_State *L) {
    luaL_Buffer b;
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word text = lua_text_value(L, 1);
    struct word from = lua_text_option(L, 2, REPLACE_MAX), to = lua_text_option(L, 3, REPLACE_MAX);
    luaL_argcheck(L, from.n > 0, 2, "nothing to look for");
    lua_settop(L, 3);
    sandbox_charge(L, text.n);
    luaL_buffinit(L, &b);
    add_replaced(&b, text, from, to);
    luaL_pushresult(&b);
    return 1;
}

static void charge_match(void *self, size_t work) {
    sandbox_charge(self, work);
}

int text_match(lua_State *L) {
    struct pattern pattern;
    struct pattern_hit hit;
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word text = lua_text_value(L, 1), source = lua_text_option(L, 2, PATTERN_BYTES);
    luaL_argcheck(L, source.n > 0 && pattern_read(source, &pattern), 2, "not a pattern");
    sandbox_charge(L, source.n);
    if (!pattern_find(&pattern, text, charge_match, L, &hit)) {
        return lua_text_give_nil(L);
    }
    for (size_t i = 0; i < pattern.captures_n; i++) {
        lua_text_give_word(L, hit.captures[i]);
    }
    return pattern.captures_n > 0 ? (int)pattern.captures_n : lua_text_give_word(L, hit.whole);
}

/* pad(text, length [, fill [, side]]), or the one argument of `as`. */
static void read_pad(lua_State *L, struct pad *pad) {
    if (lua_type(L, 2) == LUA_TSTRING) {
        struct word argument = lua_text_option(L, 2, HELPER_ARGUMENT_MAX);
        luaL_argcheck(L, pad_read(argument, pad), 2, "not usable");
        return;
    }
    lua_Integer length = luaL_checkinteger(L, 2);
    luaL_argcheck(L, length >= 0 && length <= PAD_MAX, 2, "0 to 1000");
    struct word fill = lua_text_option(L, 3, 4), side = lua_text_option(L, 4, 8);
    *pad = (struct pad){(size_t)length, fill.p != NULL ? fill : (struct word){PLAIN_FILL, 1},
                        text_equal_n("right", side.p != NULL ? side.p : "", side.n)};
    luaL_argcheck(L, pad_fill_usable(pad->fill), 3, "one character is expected");
    bool known = side.p == NULL || pad->text_right || text_equal_n("left", side.p, side.n);
    luaL_argcheck(L, known, 4, "left or right");
}

static int padded(lua_State *L, enum pad_unit unit) {
    struct pad pad;
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word in = lua_text_value(L, 1);
    read_pad(L, &pad);
    struct bytes *out = lua_text_room(L);
    return lua_text_give(L, pad_write(&pad, unit, in, target_of(sandbox_of(L)), out), out);
}

int text_pad(lua_State *L) {
    return padded(L, PAD_BYTES);
}

int text_pad_chars(lua_State *L) {
    return padded(L, PAD_CHARS);
}

static int give_count(lua_State *L, size_t n) {
    lua_pushinteger(L, (lua_Integer)n);
    return 1;
}

int text_width(lua_State *L) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word in = lua_text_value(L, 1);
    return give_count(L, kana_columns(in.p, in.n));
}

int text_bytes(lua_State *L) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word in = lua_text_value(L, 1);
    return give_count(L, target_bytes(target_of(sandbox_of(L)), in));
}

int text_count(lua_State *L) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct word in = lua_text_value(L, 1);
    return give_count(L, utf8_count(in.p, in.n));
}

int text_fits(lua_State *L) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    lua_pushboolean(L, target_has(target_of(sandbox_of(L)), lua_text_value(L, 1)));
    return 1;
}
