#include <string.h>

#include "bytes.h"
#include "lua_library.h"
#include "sandbox.h"

#define VALUES_MAX 256 /* results or arguments of one call */
#define WIDTH_MAX  99

static const char *text_argument(lua_State *L, int index, size_t *n) {
    luaL_checktype(L, index, LUA_TSTRING);
    const char *text = lua_tolstring(L, index, n);
    sandbox_charge(L, 4 + *n / 8);
    return text;
}

/* A position as Lua counts: from 1, negative from the end. */
static lua_Integer position(lua_Integer at, size_t n) {
    if (at >= 0) {
        return at;
    }
    return at < -(lua_Integer)n ? 0 : (lua_Integer)n + at + 1;
}

/* Clips first..last to the text; returns how many bytes lie between. */
static size_t clip(lua_Integer *first, lua_Integer last, size_t n) {
    *first = *first < 1 ? 1 : *first;
    last = last > (lua_Integer)n ? (lua_Integer)n : last;
    return *first > last ? 0 : (size_t)(last - *first + 1);
}

static int string_byte(lua_State *L) {
    size_t n;
    const char *text = text_argument(L, 1, &n);
    lua_Integer first = position(luaL_optinteger(L, 2, 1), n);
    size_t count = clip(&first, position(luaL_optinteger(L, 3, first), n), n);
    luaL_argcheck(L, count <= VALUES_MAX, 3, "too many bytes at once");
    luaL_checkstack(L, (int)count, NULL);
    for (size_t i = 0; i < count; i++) {
        lua_pushinteger(L, (uint8_t)text[(size_t)first - 1 + i]);
    }
    return (int)count;
}

static int string_char(lua_State *L) {
    char out[VALUES_MAX];
    int n = lua_gettop(L);
    luaL_argcheck(L, n <= VALUES_MAX, n, "too many bytes at once");
    for (int i = 1; i <= n; i++) {
        lua_Integer byte = luaL_checkinteger(L, i);
        luaL_argcheck(L, byte >= 0 && byte <= 255, i, "not a byte");
        out[i - 1] = (char)(uint8_t)byte;
    }
    lua_pushlstring(L, out, (size_t)n);
    return 1;
}

static int string_len(lua_State *L) {
    luaL_checktype(L, 1, LUA_TSTRING);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int string_reverse(lua_State *L) {
    size_t n;
    const char *text = text_argument(L, 1, &n);
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = text[n - 1 - i];
    }
    luaL_pushresultsize(&b, n);
    return 1;
}

static int string_sub(lua_State *L) {
    size_t n;
    const char *text = text_argument(L, 1, &n);
    lua_Integer first = position(luaL_checkinteger(L, 2), n);
    size_t count = clip(&first, position(luaL_optinteger(L, 3, -1), n), n);
    lua_pushlstring(L, count > 0 ? text + first - 1 : "", count);
    return 1;
}

/* One "%-08.20s": what may stand between the percent sign and the letter. */
struct directive {
    bool left, zero;
    int width, precision; /* precision -1: none */
    char letter;
};

static int small_number(lua_State *L, const char **p) {
    int value = 0;
    while (char_is_digit(**p)) {
        value = value * 10 + (*(*p)++ - '0');
        if (value > WIDTH_MAX) {
            luaL_error(L, "a width of string.format is too large");
        }
    }
    return value;
}

static void read_directive(lua_State *L, const char **p, struct directive *d) {
    *d = (struct directive){.precision = -1};
    for (; **p == '-' || **p == '0'; (*p)++) {
        d->left = d->left || **p == '-';
        d->zero = d->zero || **p == '0';
    }
    d->width = small_number(L, p);
    if (**p == '.') {
        (*p)++;
        d->precision = small_number(L, p);
    }
    d->letter = **p;
    *p += **p != '\0' ? 1 : 0;
}

static size_t hex_text(lua_Unsigned value, bool upper, char *out) {
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char turned[16];
    size_t n = 0, len = 0;
    do {
        turned[n++] = digits[value & 15];
        value >>= 4;
    } while (value > 0);
    while (n > 0) {
        out[len++] = turned[--n];
    }
    return len;
}

/* Adds the text on the top of the stack, filled up to the width; pops it. */
static void add_filled(lua_State *L, luaL_Buffer *b, const struct directive *d, bool number) {
    char out[WIDTH_MAX + 1];
    size_t n;
    const char *text = lua_tolstring(L, -1, &n);
    size_t fill = n < (size_t)d->width ? (size_t)d->width - n : 0;
    bool minus = number && d->zero && !d->left && n > 0 && text[0] == '-';
    memset(out, number && d->zero && !d->left ? '0' : ' ', sizeof out);
    if (fill == 0) {
        luaL_addvalue(b);
        return;
    }
    memcpy(out + (d->left ? 0 : fill), text, n);
    if (minus) {
        out[fill] = '0';
        out[0] = '-';
    }
    lua_pop(L, 1);
    luaL_addlstring(b, out, (size_t)d->width);
}

static void add_value(lua_State *L, luaL_Buffer *b, const struct directive *d, int index) {
    char hex[17];
    switch (d->letter) {
    case 'd':
    case 'i':
        lua_pushinteger(L, luaL_checkinteger(L, index));
        library_push_text(L, lua_gettop(L));
        lua_remove(L, -2);
        break;
    case 'x':
    case 'X':
        lua_pushlstring(L, hex,
                        hex_text((lua_Unsigned)luaL_checkinteger(L, index), d->letter == 'X', hex));
        break;
    case 's':
        library_push_text(L, index);
        if (d->precision >= 0 && lua_rawlen(L, -1) > (size_t)d->precision) {
            lua_pushlstring(L, lua_tostring(L, -1), (size_t)d->precision);
            lua_remove(L, -2);
        }
        break;
    default:
        /* Fractions depend on the host's locale; %q and %a write Lua, not documents. */
        luaL_error(L, "string.format knows %%d %%i %%x %%X %%s %%%%");
    }
    add_filled(L, b, d, d->letter != 's');
}

static int string_format(lua_State *L) {
    size_t n;
    const char *p = text_argument(L, 1, &n);
    const char *end = p + n;
    int argument = 1, given = lua_gettop(L);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    while (p < end) {
        if (*p != '%') {
            luaL_addchar(&b, *p);
            p++;
            continue;
        }
        struct directive d;
        p++;
        read_directive(L, &p, &d);
        if (d.letter == '%') {
            luaL_addchar(&b, '%');
        } else {
            sandbox_charge(L, 16);
            argument++;
            /* The buffer's own value stands behind the arguments and is none of them. */
            luaL_argcheck(L, argument <= given, argument, "no value");
            add_value(L, &b, &d, argument);
        }
    }
    luaL_pushresult(&b);
    return 1;
}

const luaL_Reg library_string[] = {
    {"byte", string_byte}, {"char", string_char},       {"format", string_format},
    {"len", string_len},   {"reverse", string_reverse}, {"sub", string_sub},
    {NULL, NULL},
};
