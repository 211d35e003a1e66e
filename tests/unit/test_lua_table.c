/* The configuration reader: a Lua table as flat entries in file order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mapping.h"
#include "source_map.h"

static struct fault why;
static struct lua_table table;

static int32_t read_table(const char *text) {
    lua_table_clear(&table);
    fault_clear(&why);
    int32_t rc = lua_table_read("c.lua", (const uint8_t *)text, strlen(text), &table, &why);
    assert_int_equal(rc, why.code);
    assert_true(rc == SHK_OK || (table.n == 0 && table.at == NULL));
    return rc;
}

static int tear_down(void **state) {
    (void)state;
    lua_table_clear(&table);
    return 0;
}

static void assert_entry(size_t i, const char *path, enum lua_kind kind, const char *text,
                         int64_t number, int32_t line) {
    assert_true(i < table.n);
    assert_string_equal(table.at[i].path, path);
    assert_int_equal(table.at[i].kind, kind);
    assert_int_equal(table.at[i].number, number);
    assert_int_equal(table.at[i].line, line);
    if (text != NULL) {
        assert_string_equal(table.at[i].text, text);
    } else {
        assert_null(table.at[i].text);
    }
}

static void values_come_in_file_order_with_their_lines(void **state) {
    (void)state;
    assert_int_equal(read_table("-- 設定\n"
                                "local root = 'C:\\\\data'\n"
                                "return {\n"
                                "  route = 'gateway',\n"
                                "  gateway = {\n"
                                "    url = \"https://例.example/\", -- a comment, with = signs }\n"
                                "    timeout_ms = 3 * 1000,\n"
                                "  },\n"
                                "  allow = true, deny = false;\n"
                                "  deliveries = {\n"
                                "    { script = 'b.lua', folder = root .. '\\\\in' },\n"
                                "    { script = 'a.lua',\n"
                                "      names = { 'x', 'y' } },\n"
                                "  },\n"
                                "  ['a'] = [[\nlong]],\n"
                                "}\n"),
                     SHK_OK);
    assert_int_equal(table.n, 16);
    assert_entry(0, "route", LUA_KIND_TEXT, "gateway", 0, 4);
    assert_entry(1, "gateway", LUA_KIND_TABLE, NULL, 0, 5);
    assert_entry(2, "gateway.url", LUA_KIND_TEXT, "https://例.example/", 0, 6);
    assert_entry(3, "gateway.timeout_ms", LUA_KIND_INT, NULL, 3000, 7);
    assert_entry(4, "allow", LUA_KIND_BOOL, NULL, 1, 9);
    assert_entry(5, "deny", LUA_KIND_BOOL, NULL, 0, 9);
    assert_entry(6, "deliveries", LUA_KIND_TABLE, NULL, 2, 10);
    assert_entry(7, "deliveries[1]", LUA_KIND_TABLE, NULL, 0, 11);
    assert_entry(8, "deliveries[1].script", LUA_KIND_TEXT, "b.lua", 0, 11);
    assert_entry(9, "deliveries[1].folder", LUA_KIND_TEXT, "C:\\data\\in", 0, 11);
    assert_entry(10, "deliveries[2]", LUA_KIND_TABLE, NULL, 0, 12);
    assert_entry(12, "deliveries[2].names", LUA_KIND_TABLE, NULL, 2, 13);
    assert_entry(14, "deliveries[2].names[2]", LUA_KIND_TEXT, "y", 0, 13);
    assert_entry(15, "a", LUA_KIND_TEXT, "long", 0, 15);
}

static void other_kinds_are_named_and_not_read(void **state) {
    (void)state;
    assert_int_equal(read_table("return {\n f = function() return { a = 1 } end,\n x = 1.5,\n"
                                " n = 'a\\0b',\n u = '\\xFF',\n whole = 2.0,\n }"),
                     SHK_OK);
    assert_int_equal(table.n, 5);
    assert_entry(0, "f", LUA_KIND_OTHER, NULL, 0, 2);
    assert_entry(1, "x", LUA_KIND_OTHER, NULL, 0, 3);
    assert_entry(2, "n", LUA_KIND_OTHER, NULL, 0, 4);
    assert_entry(3, "u", LUA_KIND_OTHER, NULL, 0, 5);
    assert_entry(4, "whole", LUA_KIND_OTHER, NULL, 0, 6);
}

static void a_table_that_is_built_still_has_an_order(void **state) {
    (void)state;
    assert_int_equal(read_table("local t = { z = 1 }\nfor i = 1, 12 do t[i] = { i } end\n"
                                "t.a = { b = true }\nreturn t"),
                     SHK_OK);
    assert_int_equal(table.n, 27);
    assert_entry(0, "[1]", LUA_KIND_TABLE, NULL, 1, 0);
    assert_entry(1, "[1][1]", LUA_KIND_INT, NULL, 1, 0);
    assert_entry(2, "[2]", LUA_KIND_TABLE, NULL, 1, 0);
    assert_entry(20, "[11]", LUA_KIND_TABLE, NULL, 1, 0);
    assert_entry(24, "a", LUA_KIND_TABLE, NULL, 0, 0);
    assert_entry(25, "a.b", LUA_KIND_BOOL, NULL, 1, 0);
    assert_entry(26, "z", LUA_KIND_INT, NULL, 1, 0);
}

struct refused {
    const char *text;
    int32_t code, line;
    const char *where;
};

static void what_is_no_table_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct refused cases[] = {
        {"return {\n a = 1\n b = 2\n}", SHK_E_CONFIG_SYNTAX, 3, "c.lua:3"},
        {"return 5", SHK_E_CONFIG_SYNTAX, 0, "c.lua return"},
        {"", SHK_E_CONFIG_SYNTAX, 0, "c.lua return"},
        {"\n-- \x82\xA0\nreturn {}", SHK_E_CONFIG_SYNTAX, 2, "c.lua:2 UTF-8"},
        {"local a\n\nreturn { x = a.b }", SHK_E_CONFIG_SYNTAX, 3, "c.lua:3"},
        {"x = 1\nreturn {}", SHK_E_CONFIG_SYNTAX, 1, "c.lua:1"},
        {"return { x = os.getenv('HOME') }", SHK_E_CONFIG_SYNTAX, 1, "c.lua:1"},
        {"\nerror('secret')", SHK_E_CONFIG_SYNTAX, 2, "c.lua:2"},
        {"\nwhile true do end", SHK_E_SCRIPT_BUDGET, 2, "c.lua:2"},
        {"\nlocal s = 'x' while true do s = s .. s end", SHK_E_SCRIPT_MEMORY, 2, "c.lua:2"},
        {"\nreturn { a = {\n [true] = 1 } }", SHK_E_CONFIG_SYNTAX, 2, "c.lua:2 a"},
        {"return {\n [1.5] = 1 }", SHK_E_CONFIG_SYNTAX, 1, "c.lua:1 "},
        {"return { a = {\n [-1] = 1 } }", SHK_E_CONFIG_SYNTAX, 1, "c.lua:1 a"},
        {"\x1bLua", SHK_E_CONFIG_SYNTAX, 0, "c.lua"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(read_table(cases[i].text), cases[i].code);
        assert_string_equal(why.where, cases[i].where);
        assert_int_equal(why.native, cases[i].line);
        assert_int_equal(why.native_kind,
                         cases[i].line > 0 ? SHK_NATIVE_LUA_LINE : SHK_NATIVE_NONE);
    }
}

static void tables_that_hold_themselves_end(void **state) {
    (void)state;
    assert_int_equal(read_table("local t = {} t.t = t return t"), SHK_E_CONFIG_SYNTAX);
    assert_memory_equal(why.where, "c.lua t.t.t", 11);
    assert_int_equal(read_table("local t = {} for i = 1, 40 do t = { t } end return t"),
                     SHK_E_CONFIG_SYNTAX);
    /* Every level doubles the entries. */
    assert_int_equal(read_table("local t = {} for i = 1, 14 do t = { t, t } end return t"),
                     SHK_E_CONFIG_SYNTAX);
    assert_int_equal(read_table("local t = {} for i = 1, 5000 do t[i] = 1 end return t"),
                     SHK_E_CONFIG_SYNTAX);
}

static void one_long_text_in_many_entries_is_too_much(void **state) {
    (void)state;
    assert_int_equal(read_table("local s, t = 'x', {}\n"
                                "for i = 1, 17 do s = s .. s end\n"
                                "for i = 1, 63 do t[i] = s end\n"
                                "return t\n"),
                     SHK_OK);
    assert_int_equal(read_table("local s, t = 'x', {}\n"
                                "for i = 1, 17 do s = s .. s end\n"
                                "for i = 1, 66 do t[i] = s end\n"
                                "return t\n"),
                     SHK_E_SCRIPT_MEMORY);
}

static void a_byte_order_mark_and_crlf_are_fine(void **state) {
    (void)state;
    assert_int_equal(read_table("\xEF\xBB\xBFreturn {\r\n a = 1,\r\n b = 'x',\r\n}\r\n"), SHK_OK);
    assert_entry(1, "b", LUA_KIND_TEXT, "x", 0, 3);
}

/* The walk over the text, without Lua. */

static void assert_line(const char *text, const char *path, int32_t line) {
    struct source_map map;
    assert_int_equal(source_map_read(text, strlen(text), &map), SHK_OK);
    assert_int_equal(source_map_line(&map, path), line);
    source_map_clear(&map);
}

static void lines_survive_every_kind_of_token(void **state) {
    (void)state;
    assert_line("return {\na = [==[ } ]] ]==],\nb = 1 }", "b", 3);
    assert_line("return {\na = '\\'}', -- }\nb = \"\\\\\",\nc = 1 }", "c", 4);
    assert_line("return {\na = --[[ }\n}]] 1,\nb = 1 }", "b", 4);
    assert_line("return {\nf = function(x) if x then return 1, 2 end for i = 1, 2 do end\n"
                "repeat local y = 1, 2 until y while true do break end end,\nb = 1 }",
                "b", 4);
    assert_line("return {\na = f(1, { b = 2 }), b = ({ 1, 2 })[1],\nc = x == y, d = t[1],\ne = 1 }",
                "e", 4);
    assert_line("return {\n{ 1 },\n{ x = 2 },\n}", "[2].x", 3);
    assert_line("return {\n[3] = 1, ['x.y'] = 2,\n[f()] = 3, [2 + 1] = 4,\nz = 1 }", "z", 4);
    assert_line("return {\na = { b = { c = 1,\n d = 1 } } }", "a.b.d", 3);
    assert_line("return {\na = { b = { c = 1 } } }", "a.b.unknown.deeper", 2);
    assert_line("return {\nf = function() local a, b = 1, 2 a, b = b, a end,\nb = 1 }", "b", 3);
    assert_line("return { a = 1 } -- the end", "a", 1);
    assert_line("return { a = 1 };", "a", 1);
}

static void broken_text_ends_the_walk(void **state) {
    (void)state;
    static const char *const texts[] = {
        "return {",         "return { a",           "return { a =",
        "return { a = {",   "return { [",           "return { ['a",
        "return { ]",       "return { )",           "return { a = [[",
        "return { a = [=",  "return { --[[",        "return { a = '\\",
        "return { a = end", "return {}}",           "return { a = function",
        "return",           "return { a == 1, b }", "return { ['a'] 1 }",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t n = strlen(texts[i]);
        char *exact = malloc(n); /* no terminator: the sanitizer sees a read beyond */
        assert_non_null(exact);
        memcpy(exact, texts[i], n);
        struct source_map map;
        assert_int_equal(source_map_read(exact, n, &map), SHK_OK);
        source_map_clear(&map);
        free(exact);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(values_come_in_file_order_with_their_lines, tear_down),
        cmocka_unit_test_teardown(other_kinds_are_named_and_not_read, tear_down),
        cmocka_unit_test_teardown(a_table_that_is_built_still_has_an_order, tear_down),
        cmocka_unit_test_teardown(what_is_no_table_is_refused_with_its_line, tear_down),
        cmocka_unit_test_teardown(tables_that_hold_themselves_end, tear_down),
        cmocka_unit_test_teardown(one_long_text_in_many_entries_is_too_much, tear_down),
        cmocka_unit_test_teardown(a_byte_order_mark_and_crlf_are_fine, tear_down),
        cmocka_unit_test(lines_survive_every_kind_of_token),
        cmocka_unit_test(broken_text_ends_the_walk),
    };
    return cmocka_run_group_tests_name("lua_table", tests, NULL, NULL);
}
