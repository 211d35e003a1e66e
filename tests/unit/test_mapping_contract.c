/* What the contract of a script refuses, and the line that it names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"

struct defect {
    int line; /* of the script below, replaced by: */
    const char *text;
    const char *where;
};

static const char *const sound[] = {
    "return {",
    "  contract = 1,",
    "  id = 'x',",
    "  format = 'csv',",
    "  encoding = 'utf-8',",
    "  file = 'a.csv',",
    "  check = function(out) if out.A then return true end end,",
    "  fields = {",
    "    { to = 'A', from = 'name' },",
    "    { to = 'B', from = 'name' },",
    "  },",
    "}",
};

static const struct defect defects[] = {
    {2, "  contract = 2,", "t.lua:2 contract"},
    {2, "", "t.lua:1 contract"},
    {3, "  id = 5,", "t.lua:3 id"},
    {3, "  id = 'a b',", "t.lua:3 id"},
    {3, "", "t.lua:1 id"},
    {4, "  format = 'pdf',", "t.lua:4 format"},
    {4, "  format = 'xml',", "t.lua:1 root"},
    {4, "  format = 'xml', root = '1a',", "t.lua:4 root"},
    {4, "  format = 'xml', root = 'r', header = true,", "t.lua:4 header"},
    {4, "  format = 'xml', root = 'r', declaration = 3,", "t.lua:4 declaration"},
    {4, "  format = 'xml', root = 'r', indent = 9,", "t.lua:4 indent"},
    {4, "  format = 'xml', root = 'r', empty = 'x',", "t.lua:4 empty"},
    {4, "", "t.lua:1 format"},
    {5, "  encoding = 'sjis',", "t.lua:5 encoding"},
    {5, "", "t.lua:1 encoding"},
    {6, "", "t.lua:1 file"},
    {6, "  file = 3,", "t.lua:6 file"},
    {6, "  file = 'a.csv', newline = 'none',", "t.lua:6 newline"},
    {6, "  file = 'a.csv', newline = 'nl',", "t.lua:6 newline"},
    {6, "  file = 'a.csv', repertoire = 'jis',", "t.lua:6 repertoire"},
    {6, "  file = 'a.csv', uses = 'name',", "t.lua:6 uses"},
    {6, "  file = 'a.csv', per = 'person',", "t.lua:6 per"},
    {6, "  file = 'a.csv', leaf_attribute = { 'a', 'b' },", "t.lua:6 leaf_attribute"},
    {4, "  format = 'xml', root = 'r', leaf_attribute = { 'a' },", "t.lua:4 leaf_attribute"},
    {4, "  format = 'xml', root = 'r', separator = ',',", "t.lua:4 separator"},
    {4, "  format = 'fixed',", "t.lua:9 A width"},
    {4, "  format = 'text', separator = '    ',", "t.lua:4 separator"},
    {4, "  format = 'json', header = true,", "t.lua:4 header"},
    {4, "  format = 'face', newline = 'lf',", "t.lua:4 newline"},
    {4, "  format = 'face',", "t.lua:1 uses"},
    {4, "  format = 'face', uses = { '*' },", "t.lua:9 A to"},
    {4, "  format = 'text', separator = 'a\\n',", "t.lua:4 separator"},
    {4, "  format = 'xml', root = 'r', leaf_attribute = { '1', 'b' },", "t.lua:4 leaf_attribute"},
    {6, "  file = 'a.csv', substitute = 'x',", "t.lua:6 substitute"},
    {6, "  file = 'a.csv', header = 'yes',", "t.lua:6 header"},
    {6, "  file = 'a.csv', quote = 'some',", "t.lua:6 quote"},
    {6, "  file = 'a.csv', separator = 'xx',", "t.lua:6 separator"},
    {6, "  file = 'a.csv', root = 'r',", "t.lua:6 root"},
    {6, "  file = 'a.csv', unmappable = '?',", "t.lua:6 unmappable"},
    {6, "  file = 'a.csv', adapter = 1,", "t.lua:6 adapter"},
    {6, "  file = 'a.csv', requird = 1,", "t.lua:6 requird"},
    {7, "  check = 1,", "t.lua:7 check"},
    {8, "  fields = {}, f = {", "t.lua:8 f"},
    {9, "    5,", "t.lua:9 fields[1]"},
    {10, "    { from = 'name' },", "t.lua:10 fields[2] to"},
    {10, "    { to = 'A', from = 'name' },", "t.lua:10 A to"},
    {10, "    { to = 'B' },", "t.lua:10 B from"},
    {10, "    { to = 'B', from = 'knaji' },", "t.lua:10 B from"},
    {10, "    { to = 'B', from = 'elderly' },", "t.lua:10 B from"},
    {10, "    { to = 'B', from = 'name', as = 'kana_hafl' },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'pad' },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = {} },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'date:' },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'wide:1' },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'date:YYYY/QQ' },", "t.lua:10 B as"},
    {10, "    { to = 'B', value = 'a\\0b' },", "t.lua:10 B value"},
    {10, "    { to = 'B', value = true },", "t.lua:10 B value"},
    {10, "    { to = 'B', from = 'name', as = { 'wide', 3 } },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'wide', with = function() end },", "t.lua:10 B as"},
    {10, "    { to = 'B', with = 'wide' },", "t.lua:10 B with"},
    {10, "    { to = 'B', value = {} },", "t.lua:10 B value"},
    {10, "    { to = 'B', value = 1, from = 'name' },", "t.lua:10 B value"},
    {10, "    { to = 'B', from = 'name', required = 1 },", "t.lua:10 B required"},
    {10, "    { to = 'B', from = 'name', max_bytes = 0 },", "t.lua:10 B max_bytes"},
    {10, "    { to = 'B', from = 'name', max_chars = 1.5 },", "t.lua:10 B max_chars"},
    {10, "    { to = 'B', from = 'name', width = 1001 },", "t.lua:10 B width"},
    {10, "    { to = 'B', from = 'name', pad = '0' },", "t.lua:10 B width"},
    {10, "    { to = 'B', from = 'name', width = 3, pad = 'ab' },", "t.lua:10 B pad"},
    {10, "    { to = 'B', from = 'name', width = 3, align = 'up' },", "t.lua:10 B align"},
    {10, "    { to = 'B', from = 'name', empty = 'element' },", "t.lua:10 B empty"},
    {10, "    { to = 'B', from = 'name', max_byte = 3 },", "t.lua:10 B max_byte"},
    {10, "    { to = 'B',\n\n from = 'knaji' },", "t.lua:12 B from"},
};

static void write_script(char *out, size_t cap, const struct defect *defect) {
    size_t n = 0;
    for (int i = 0; i < (int)(sizeof sound / sizeof sound[0]); i++) {
        bool replaced = defect != NULL && defect->line == i + 1;
        n += (size_t)snprintf(out + n, cap - n, "%s\n", replaced ? defect->text : sound[i]);
    }
}

static void each_broken_key_is_named_with_its_line(void **state) {
    (void)state;
    char script[2048];
    write_script(script, sizeof script, NULL);
    assert_int_equal(run_text(script, true), SHK_OK);
    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        write_script(script, sizeof script, &defects[i]);
        assert_int_equal(run_text(script, true), SHK_E_SCRIPT_CONTRACT);
        assert_string_equal(why.where, defects[i].where);
        assert_int_equal(why.native_kind, SHK_NATIVE_LUA_LINE);
    }
}

static void a_table_that_is_no_literal_is_checked_without_lines(void **state) {
    (void)state;
    assert_fault(run_text("local t = { contract = 2 }\nreturn t", true), SHK_E_SCRIPT_CONTRACT,
                 "t.lua contract");
    /* The braces of another function's return are not taken for the script's. */
    assert_fault(run_text("local function f() return { contract = 2 } end\nreturn f()", true),
                 SHK_E_SCRIPT_CONTRACT, "t.lua contract");
}

static void strange_lua_does_not_confuse_the_lines(void **state) {
    (void)state;
    assert_fault(
        run_text(("--[==[ return { ]] ]==] local s = [[\nreturn {\n]]\n"
                  "local f = function() return { a = 1 } end\n"
                  "return { contract = 1, id = 'x', -- return { id = 1 }\n"
                  "  format = 'csv', ['encoding'] = 'utf-8',\n"
                  "  file = function(r) if r then do return 'a' end end; repeat until true end,\n"
                  "  fields = { { to = '}', with = function() return { 1, 2 } and '\\'}' end,\n"
                  "    from = 'nam' } } };"),
                 true),
        SHK_E_SCRIPT_CONTRACT, "t.lua:9 } from");
}

static void a_script_must_return_one_table(void **state) {
    (void)state;
    assert_fault(run_text("return 5", true), SHK_E_SCRIPT_SYNTAX, "t.lua return");
    assert_fault(run_text("\nreturn {", true), SHK_E_SCRIPT_SYNTAX, "t.lua:2");
    assert_fault(run_text("\n\n-- \x93\xFA\x96{", true), SHK_E_SCRIPT_SYNTAX, "t.lua:3 UTF-8");
    assert_fault(run_text("", true), SHK_E_SCRIPT_SYNTAX, "t.lua return");
}

static void a_byte_order_mark_is_skipped(void **state) {
    (void)state;
    char script[2048] = "\xEF\xBB\xBF";
    write_script(script + 3, sizeof script - 3, NULL);
    assert_int_equal(run_text(script, false), SHK_OK);
    assert_string_equal(result->id, "x");
}

static void a_script_cannot_change_its_contract_while_it_runs(void **state) {
    (void)state;
    assert_int_equal(
        run_text("local t = { contract = 1, id = 't', file = 'a.csv', format = 'csv',\n"
                 "encoding = 'utf-8' }\n"
                 "t.fields = { { to = 'A', with = function() t.fields[2].to = 'X'\n"
                 "  t.fields[2].from = 'address' t.fields = nil t.file = '../x' return 1 end },\n"
                 "  { to = 'B', from = 'name' } }\nreturn t",
                 false),
        SHK_OK);
    assert_body("1,見本　太郎\r\n");
    assert_string_equal(result->fields[1].to, "B");
    assert_string_equal(result->file_name, "a.csv");
}

static void arguments_are_checked(void **state) {
    (void)state;
    static const char script[] = "return { contract = 1, id = 't', file = 'a.csv', format = 'csv', "
                                 "encoding = 'utf-8', fields = { { to = 'A', value = 1 } } }";
    struct mapping_job job = {.script = {"t", (const uint8_t *)script, sizeof script - 1}};
    assert_int_equal(mapping_run(&job, records, 0, &result, NULL), SHK_E_ARGUMENT);
    assert_int_equal(mapping_run(&job, records, 2, &result, NULL), SHK_E_ARGUMENT);
    assert_int_equal(mapping_run(&job, NULL, 1, &result, NULL), SHK_E_ARGUMENT);
    assert_int_equal(mapping_run(&job, records, 1, &result, NULL), SHK_OK);
    mapping_result_free(&result);
    job.script.p = NULL;
    assert_int_equal(mapping_run(&job, records, 1, &result, NULL), SHK_E_ARGUMENT);
    assert_null(result);
    mapping_result_free(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(each_broken_key_is_named_with_its_line),
        MAPPING_TEST(a_table_that_is_no_literal_is_checked_without_lines),
        MAPPING_TEST(strange_lua_does_not_confuse_the_lines),
        MAPPING_TEST(a_script_must_return_one_table),
        MAPPING_TEST(a_byte_order_mark_is_skipped),
        MAPPING_TEST(a_script_cannot_change_its_contract_while_it_runs),
        MAPPING_TEST(arguments_are_checked),
    };
    return cmocka_run_group_tests_name("mapping_contract", tests, NULL, NULL);
}
