#include "lua_text.h"

#include <string.h>

#include "calendar.h"
#include "charset.h"
#include "file_name.h"
#include "kana.h"
#include "lua_library.h"
#include "sandbox.h"
#include "text.h"

#define INPUT_MAX   ((size_t)64 * 1024)
#define PATTERN_MAX 256
#define PAD_MAX     1000
#define DATE_MAX    128

/* Every helper gives nil for nil, so that an absent value stays absent. */
static bool is_absent(lua_State *L) {
    luaL_checkany(L, 1);
    return lua_isnil(L, 1);
}

static int give_nil(lua_State *L) {
    lua_pushnil(L);
    return 1;
}

/* The text of argument 1, numbers included. */
static const char *subject(lua_State *L, size_t *n) {
    int type = lua_type(L, 1);
    luaL_argcheck(L, type == LUA_TSTRING || type == LUA_TNUMBER, 1, "a text is expected");
    library_push_text(L, 1);
    lua_replace(L, 1);
    const char *text = lua_tolstring(L, 1, n);
    luaL_argcheck(L, *n <= INPUT_MAX, 1, "the text is too long");
    luaL_argcheck(L, utf8_valid(text, *n), 1, "not UTF-8");
    sandbox_charge(L, 16 + *n);
    return text;
}

static const char *option(lua_State *L, int index, const char *usual, size_t max, size_t *n) {
    if (lua_isnoneornil(L, index)) {
        *n = strlen(usual);
        return usual;
    }
    luaL_checktype(L, index, LUA_TSTRING);
    const char *text = lua_tolstring(L, index, n);
    luaL_argcheck(L, *n <= max && utf8_valid(text, *n), index, "not usable");
    return text;
}

static int folded(lua_State *L, enum kana_fold fold) {
    size_t n;
    luaL_Buffer b;
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    char *out = luaL_buffinitsize(L, &b, KANA_GROWTH * n + 1);
    luaL_pushresultsize(&b, kana_fold(fold, text, n, out));
    return 1;
}

static int text_kana_half(lua_State *L) {
    return folded(L, KANA_HALF);
}

static int text_kana_full(lua_State *L) {
    return folded(L, KANA_FULL);
}

static int text_digits(lua_State *L) {
    return folded(L, KANA_DIGITS);
}

static int text_wide(lua_State *L) {
    return folded(L, KANA_WIDE);
}

static int text_narrow(lua_State *L) {
    return folded(L, KANA_NARROW);
}

/* Empty stays empty: a field that was sent without content is no date, and no error either. */
static int dated(lua_State *L, bool era, const char *usual) {
    size_t n, format_len, len;
    struct moment m;
    char out[DATE_MAX];
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    const char *format = option(L, 2, usual, DATE_MAX / 4, &format_len);
    if (n == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    luaL_argcheck(L, calendar_parse(text, n, &m), 1, "not a date");
    bool ok = calendar_write(&m, era, format, format_len, out, sizeof out, &len);
    luaL_argcheck(L, ok, 2, "the format does not fit the date");
    lua_pushlstring(L, out, len);
    return 1;
}

static int text_date(lua_State *L) {
    return dated(L, false, "YYYY/MM/DD");
}

static int text_wareki(lua_State *L) {
    return dated(L, true, "GY.MM.DD");
}

static size_t space_at(const char *p, size_t n) {
    if (n > 0 && p[0] == ' ') {
        return 1;
    }
    return n >= 3 && memcmp(p, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

struct part {
    const char *p;
    size_t n;
};

/* Length of the space that ends the text; 0 when it ends otherwise. */
static size_t space_before_end(const char *p, size_t n) {
    if (n > 0 && p[n - 1] == ' ') {
        return 1;
    }
    return n >= 3 && space_at(p + n - 3, 3) == 3 ? 3 : 0;
}

static void trim(struct part *part) {
    size_t space;
    while ((space = space_at(part->p, part->n)) > 0) {
        part->p += space;
        part->n -= space;
    }
    while ((space = space_before_end(part->p, part->n)) > 0) {
        part->n -= space;
    }
}

static void push_part(lua_State *L, const struct part *part) {
    lua_pushlstring(L, part->p, part->n);
}

/* Family and given name: at the first space, half or full width. */
static void split_name(lua_State *L, struct part *family, struct part *given) {
    size_t n, at = 0;
    const char *text = subject(L, &n);
    struct part whole = {text, n};
    trim(&whole);
    while (at < whole.n && space_at(whole.p + at, whole.n - at) == 0) {
        at++;
    }
    *family = (struct part){whole.p, at};
    *given = (struct part){whole.p + at, whole.n - at};
    trim(given);
}

static int text_split(lua_State *L) {
    struct part family, given;
    if (is_absent(L)) {
        return give_nil(L);
    }
    split_name(L, &family, &given);
    push_part(L, &family);
    push_part(L, &given);
    return 2;
}

static int text_family(lua_State *L) {
    lua_settop(L, 1);
    int n = text_split(L);
    lua_settop(L, lua_gettop(L) - (n - 1));
    return 1;
}

static int text_given(lua_State *L) {
    lua_settop(L, 1);
    text_split(L);
    return 1;
}

static int text_trim(lua_State *L) {
    struct part part;
    if (is_absent(L)) {
        return give_nil(L);
    }
    part.p = subject(L, &part.n);
    trim(&part);
    push_part(L, &part);
    return 1;
}

static void add_replaced(luaL_Buffer *b, struct part rest, struct part from, struct part to) {
    while (rest.n >= from.n) {
        if (memcmp(rest.p, from.p, from.n) == 0) {
            luaL_addlstring(b, to.p, to.n);
            rest.p += from.n;
            rest.n -= from.n;
        } else {
            luaL_addchar(b, *rest.p);
            rest.p++;
            rest.n--;
        }
    }
    luaL_addlstring(b, rest.p, rest.n);
}

static int text_replace(lua_State *L) {
    struct part text, from, to;
    luaL_Buffer b;
    if (is_absent(L)) {
        return give_nil(L);
    }
    text.p = subject(L, &text.n);
    from.p = option(L, 2, "", PATTERN_MAX, &from.n);
    to.p = option(L, 3, "", PATTERN_MAX, &to.n);
    luaL_argcheck(L, from.n > 0, 2, "nothing to look for");
    lua_settop(L, 3);
    sandbox_charge(L, text.n);
    luaL_buffinit(L, &b);
    add_replaced(&b, text, from, to);
    luaL_pushresult(&b);
    return 1;
}

static bool fills_right(lua_State *L, int index) {
    size_t n;
    const char *align = option(L, index, "left", 8, &n);
    bool left = strcmp(align, "left") == 0;
    luaL_argcheck(L, left || strcmp(align, "right") == 0, index, "left or right");
    return left;
}

/* pad(text, columns [, fill [, align]]): never cuts. */
static int text_pad(lua_State *L) {
    struct part text, fill;
    luaL_Buffer b;
    if (is_absent(L)) {
        return give_nil(L);
    }
    text.p = subject(L, &text.n);
    lua_Integer columns = luaL_checkinteger(L, 2);
    luaL_argcheck(L, columns >= 0 && columns <= PAD_MAX, 2, "0 to 1000");
    fill.p = option(L, 3, " ", 4, &fill.n);
    luaL_argcheck(L, utf8_count(fill.p, fill.n) == 1, 3, "one character is expected");
    bool right = fills_right(L, 4);
    size_t have = kana_columns(text.p, text.n), each = kana_columns(fill.p, fill.n);
    size_t times = have < (size_t)columns ? ((size_t)columns - have) / each : 0;
    luaL_buffinit(L, &b);
    if (right) {
        luaL_addlstring(&b, text.p, text.n);
    }
    for (size_t i = 0; i < times; i++) {
        luaL_addlstring(&b, fill.p, fill.n);
    }
    if (!right) {
        luaL_addlstring(&b, text.p, text.n);
    }
    luaL_pushresult(&b);
    return 1;
}

static int text_width(lua_State *L) {
    size_t n;
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    lua_pushinteger(L, (lua_Integer)kana_columns(text, n));
    return 1;
}

/* Bytes in the document's encoding. In code page 932 a character takes as many as it has columns. */
static int text_bytes(lua_State *L) {
    size_t n;
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    lua_pushinteger(L, (lua_Integer)(sandbox_of(L)->cp932 ? kana_columns(text, n) : n));
    return 1;
}

static int text_fits(lua_State *L) {
    size_t n;
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    lua_pushboolean(L, !sandbox_of(L)->cp932 || cp932_has(text, n));
    return 1;
}

/* A spreadsheet runs a cell that begins like this. The apostrophe makes it text there; a host
 * program would import the apostrophe, so no row gets it unasked. */
static int text_csv_safe(lua_State *L) {
    static const char *const risky[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    size_t n;
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    for (size_t i = 0; i < sizeof risky / sizeof risky[0]; i++) {
        if (text_starts(text, risky[i])) {
            lua_pushliteral(L, "'");
            lua_pushvalue(L, 1);
            lua_concat(L, 2);
            return 1;
        }
    }
    lua_pushvalue(L, 1);
    return 1;
}

/* For an identifier that becomes part of a file name: what a name must not hold becomes "_". */
static int text_file_safe(lua_State *L) {
    size_t n;
    luaL_Buffer b;
    if (is_absent(L)) {
        return give_nil(L);
    }
    const char *text = subject(L, &n);
    luaL_buffinit(L, &b);
    for (size_t i = 0; i < n; i++) {
        luaL_addchar(&b, file_name_allows((uint8_t)text[i]) && text[i] != '.' ? text[i] : '_');
    }
    luaL_pushresult(&b);
    return 1;
}

const luaL_Reg library_text[] = {
    {"kana_half", text_kana_half},
    {"kana_full", text_kana_full},
    {"digits", text_digits},
    {"wide", text_wide},
    {"narrow", text_narrow},
    {"date", text_date},
    {"wareki", text_wareki},
    {"family", text_family},
    {"given", text_given},
    {"trim", text_trim},
    {"csv_safe", text_csv_safe},
    {"file_safe", text_file_safe},
    {"split", text_split},
    {"replace", text_replace},
    {"pad", text_pad},
    {"width", text_width},
    {"bytes", text_bytes},
    {"fits", text_fits},
    {NULL, NULL},
};

#define HELPERS_OF_ONE_VALUE 12 /* the first rows above */

lua_CFunction text_helper_find(const char *name) {
    for (size_t i = 0; i < HELPERS_OF_ONE_VALUE; i++) {
        if (strcmp(library_text[i].name, name) == 0) {
            return library_text[i].func;
        }
    }
    return NULL;
}
