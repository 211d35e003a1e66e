/* text.*: what insurance and age make of several values. */
#include <string.h>

#include "burden.h"
#include "calendar.h"
#include "derive_age.h"
#include "helper_parts.h"
#include "insurer_number.h"
#include "lua_text_parts.h"
#include "member.h"

#define DAY_N         10
#define SEPARATOR_MAX ((size_t)16)

int text_check_digit(lua_State *L) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    enum check_result result = insurer_check(lua_text_value(L, 1));
    if (result == CHECK_NONE) {
        return lua_text_give_nil(L);
    }
    lua_pushboolean(L, result == CHECK_RIGHT);
    return 1;
}

int text_law(lua_State *L) {
    if (lua_text_is_absent(L)) {
        return lua_text_give_nil(L);
    }
    struct bytes *out = lua_text_room(L);
    return lua_text_give(L, helper_law_number(lua_text_value(L, 1), (struct word){0}, NULL, out),
                         out);
}

int text_member_id(lua_State *L) {
    const struct member member = {lua_text_optional_value(L, 1), lua_text_optional_value(L, 2),
                                  lua_text_optional_value(L, 3), lua_text_optional_value(L, 4)};
    struct bytes *out = lua_text_room(L);
    return lua_text_give(L, member_id(&member, out), out);
}

int text_symbol_number(lua_State *L) {
    const struct member member = {.symbol = lua_text_optional_value(L, 1),
                                  .number = lua_text_optional_value(L, 2)};
    struct word separator = lua_text_option(L, 3, SEPARATOR_MAX);
    if (separator.p == NULL) {
        separator = (struct word){"・", strlen("・")};
    }
    struct bytes *out = lua_text_room(L);
    return lua_text_give(L, member_symbol_number(&member, separator, out), out);
}

/* The day of a date or a time; "" for what is absent or empty. */
static void read_day(lua_State *L, int index, char day[DAY_N + 1]) {
    struct moment m;
    struct word word = lua_text_optional_value(L, index);
    bool usable = word.n == 0 || (calendar_parse(word.p, word.n, &m) && m.day > 0);
    luaL_argcheck(L, usable, index, "not a date");
    text_copy_n(day, DAY_N + 1, word.p, word.n > 0 ? DAY_N : 0);
}

struct days {
    char birth[DAY_N + 1], on[DAY_N + 1];
};

static struct days read_days(lua_State *L) {
    struct days days;
    luaL_checkany(L, 1);
    luaL_checkany(L, 2);
    read_day(L, 1, days.birth);
    read_day(L, 2, days.on);
    return days;
}

int text_age(lua_State *L) {
    struct days days = read_days(L);
    int32_t years = age_on(days.birth, days.on);
    if (years < 0) {
        return lua_text_give_nil(L);
    }
    lua_pushinteger(L, years);
    return 1;
}

int text_school_age(lua_State *L) {
    struct days days = read_days(L);
    enum age_band band = age_band_on(days.birth, days.on);
    if (band == AGE_UNKNOWN) {
        return lua_text_give_nil(L);
    }
    lua_pushboolean(L, band != AGE_PRESCHOOL);
    return 1;
}

int text_burden(lua_State *L) {
    struct days days = read_days(L);
    int32_t percent = burden_by_age(days.birth, days.on);
    if (percent == 0) {
        return lua_text_give_nil(L);
    }
    lua_pushinteger(L, percent);
    return 1;
}

int text_elderly(lua_State *L) {
    struct days days = read_days(L);
    const char *group = burden_group(days.birth, days.on);
    if (group == NULL) {
        return lua_text_give_nil(L);
    }
    lua_pushstring(L, group);
    return 1;
}
