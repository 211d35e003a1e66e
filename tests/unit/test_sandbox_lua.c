/* Own functions that stand in for Lua's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sandbox_stage.h"

static void own_functions_do_what_lua_does(void **state) {
    (void)state;
    static const char *const claims[] = {
        ("string.format('%5d|%-5d|%05d|%s|%.2s|%5s|%%|%x|%X', 42, 42, -42, 'ab', 'abc', 'a', 255, "
         "255) == "
         "'   42|42   |-0042|ab|ab|    a|%|ff|FF'"),
        "string.format('%d', -9223372036854775807 - 1) == '-9223372036854775808'",
        "string.format('%s %s %s', nil, true, 2.0) == 'nil true 2'",
        "('abc'):sub(2) == 'bc' and ('abc'):sub(-2, -2) == 'b' and ('abc'):sub(0, 99) == 'abc'",
        "('abc'):sub(3, 2) == '' and ('abc'):sub(-99, 1) == 'a' and ('abc'):sub(4) == ''",
        "('abc'):byte() == 97 and select('#', ('abc'):byte(1, -1)) == 3 and ('abc'):byte(9) == nil",
        "string.char(228, 0, 65):len() == 3 and ('abc'):reverse() == 'cba' and ('日本'):len() == 6",
        ("tonumber('12') == 12 and tonumber('-1') == -1 and tonumber('x') == nil and "
         "tonumber('1.5') == nil"),
        ("tonumber(5) == 5 and tonumber('') == nil and tonumber(' 1') == nil and tonumber({}) == "
         "nil"),
        "tostring(12) == '12' and tostring({}) == 'table' and tostring(nil) == 'nil'",
        "table.concat({ 1, 2, 'x' }, '-') == '1-2-x' and table.unpack({ 7, 8 }) == 7",
        "math.max(1, 5, 3) == 5 and math.tointeger(3.0) == 3 and 7 // 2 == 3",
        "utf8.len('日本') == 2 and utf8.char(0x65E5) == '日' and utf8.codepoint('本') == 0x672C",
    };
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        char body[512];
        snprintf(body, sizeof body, "assert(%s) return 1", claims[i]);
        if (run_body(body) != SHK_OK) {
            fail_msg("%s", claims[i]);
        }
    }
}

static void a_format_wants_all_its_values(void **state) {
    (void)state;
    assert_int_equal(run_body("return string.format('%s')"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("return string.format('%s%s', 1)"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("return string.format('%s%s', 1, nil)"), SHK_OK);
}

static void sorting_is_right_and_stable(void **state) {
    (void)state;
    assert_int_equal(
        run_body("for n = 0, 70 do\n"
                 "  local t = {} for i = 1, n do t[i] = { (i * 37) % 11, i } end\n"
                 "  table.sort(t, function(a, b) return a[1] < b[1] end)\n"
                 "  assert(#t == n)\n"
                 "  for i = 2, n do assert(t[i - 1][1] < t[i][1] or\n"
                 "    (t[i - 1][1] == t[i][1] and t[i - 1][2] < t[i][2])) end\n"
                 "end\n"
                 "local s = { 'b', '日', 'a', 'ab', '' } table.sort(s)\n"
                 "assert(table.concat(s, ',') == ',a,ab,b,日')\n"
                 "local d = { 3, 1.5, 2 } table.sort(d) assert(d[1] == 1.5 and d[3] == 3)\n"
                 "return 1"),
        SHK_OK);
    assert_int_equal(run_body("table.sort({ 1, 'a' })"), SHK_E_SCRIPT_RUN);
    assert_int_equal(run_body("local t = { 1, 2, 3 } table.sort(t, function() t[2] = nil t[3] = "
                              "nil return 1 > t[2] end)"),
                     SHK_E_SCRIPT_RUN);
}

static void walking_a_table_has_the_same_order_every_time(void **state) {
    (void)state;
    char first[256] = "";
    for (int run = 0; run < 5; run++) {
        struct mapping_result *result;
        char script[1024];
        frame(script, sizeof script,
              "local t, s = { alpha = 1, beta = 2, gamma = 3, delta = 4, eps = 5 }, ''\n"
              "for k in pairs(t) do s = s .. k end return s");
        struct mapping_job job = {.script = {"t", (const uint8_t *)script, strlen(script)}};
        assert_int_equal(mapping_run(&job, records, 1, &result, &why), SHK_OK);
        if (run == 0) {
            snprintf(first, sizeof first, "%s", result->fields[0].value);
        }
        assert_string_equal(result->fields[0].value, first);
        mapping_result_free(&result);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_functions_do_what_lua_does),
        cmocka_unit_test(a_format_wants_all_its_values),
        cmocka_unit_test(sorting_is_right_and_stable),
        cmocka_unit_test(walking_a_table_has_the_same_order_every_time),
    };
    return cmocka_run_group_tests_name("sandbox_lua", tests, load_person, free_person);
}
