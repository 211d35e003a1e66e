/* How much a script can use, and how it is stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "clock_fake.h"
#include "sandbox_stage.h"

static void what_never_ends_is_stopped(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "while true do end",
        "repeat until false",
        "for i = 1, 1 << 50 do end",
        "::a:: goto a",
        "local function f() return f() end return f()",
        "for i = 1, 1 << 50 do local s = string.reverse(text.pad('a', 1000)) end",
        "local t = {} for i = 1, 1 << 50 do t[1] = i table.insert(t, 1, i) t = { i } end",
        "local t = {} for i = 1, 9000 do t[i] = -i end while true do table.sort(t) end",
        "local t = { 3, 1, 2 } table.sort(t, function() while true do end end)",
        "local s = text.pad('a', 1000) while true do local n = utf8.len(s) end",
        "local s = text.pad('a', 1000) while true do text.kana_full(s) end",
        "while true do local x = rec.elderly.burden_percent end",
        ("local s = '\\x80' for i = 1, 10 do s = s .. s end local f, a = utf8.codes('a')\n"
         "while true do f(s, 1) end"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        int32_t rc = run_body(bodies[i]);
        if (rc != SHK_E_SCRIPT_BUDGET) {
            print_error("%s: %d\n", bodies[i], (int)rc);
        }
        assert_int_equal(rc, SHK_E_SCRIPT_BUDGET);
        assert_memory_equal(why.where, "t.lua:", 6);
        assert_string_equal(why.where + strlen(why.where) - 2, " A");
        assert_true(why.native >= 3 && why.native_kind == SHK_NATIVE_LUA_LINE);
    }
}

static void what_grows_without_end_is_stopped(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "local s = 'x' while true do s = s .. s end",
        "local t = {} for i = 1, 1 << 50 do t[i] = i end",
        "local t = {} while true do t = { t } end",
        "local function f() return 1 + f() end return f()",
        ("local s = text.pad('', 1000) local t = {} for i = 1, 2000 do t[i] = s end\n"
         "return table.concat(t)"),
        "local t = {} for i = 1, 60000 do t[i] = '' end return table.concat(t, text.pad('', 1000))",
        ("local t = {} for i = 1, 1000 do t[i] = {} for j = 1, 1000 do t[i][j] = i .. ' ' .. j end "
         "end"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        int32_t rc = run_body(bodies[i]);
        if (rc != SHK_E_SCRIPT_MEMORY) {
            print_error("%s: %d\n", bodies[i], (int)rc);
        }
        assert_int_equal(rc, SHK_E_SCRIPT_MEMORY);
        assert_memory_equal(why.where, "t.lua:", 6);
        assert_true(why.native >= 3 && why.native <= 4);
    }
}

static void large_requests_of_one_call_are_refused(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "return string.format('%100d', 1)",
        "return string.format('%99999999999d', 1)",
        "return string.format('%.100s', 'a')",
        "return text.pad('a', 1 << 50)",
        "return table.concat({}, ' ', 1, 1 << 50)",
        "return table.unpack({}, 1, 1 << 50)",
        "return table.unpack({}, 1, 70000)",
        "return select(1 << 50, 1) or error()",
        "return string.byte(text.pad('', 1000), 1, 1000)",
        "return string.char(table.unpack({}, 1, 300))",
        "return table.remove({}, 1 << 50)",
        "local t = {} for i = 1, 10001 do t[i] = i end table.sort(t)",
        "local s = text.pad('', 1000) for i = 1, 7 do s = s .. s end return text.wide(s)",
        "return text.replace('a', text.pad('', 300), '')",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(run_body(bodies[i]), SHK_E_SCRIPT_RUN);
        assert_int_equal(why.native, 3);
    }
}

static void loading_has_a_tenth(void **state) {
    (void)state;
    struct mapping_job job = {0};
    assert_int_equal(run_body("for i = 1, 300000 do end return 1"), SHK_OK);
    assert_int_equal(run_job(&job, "\nfor i = 1, 300000 do end"), SHK_E_SCRIPT_BUDGET);
    assert_string_equal(why.where, "t.lua:2");
    assert_int_equal(run_job(&job, "\nlocal s = 'x' for i = 1, 20 do s = s .. s end"),
                     SHK_E_SCRIPT_MEMORY);
    assert_string_equal(why.where, "t.lua:2");
    job.budget.steps = 1000;
    assert_int_equal(run_job(&job, "for i = 1, 1000 do end"), SHK_E_SCRIPT_BUDGET);
}

static void repeat(char *out, size_t cap, const char *before, const char *unit, size_t times) {
    size_t n = (size_t)snprintf(out, cap, "%s", before);
    for (size_t i = 0; i < times; i++) {
        n += (size_t)snprintf(out + n, cap - n, "%s", unit);
    }
}

static void large_and_deep_texts_are_refused(void **state) {
    (void)state;
    static char script[400000];
    struct mapping_job job = {.budget = {.memory = 1000000}};
    repeat(script, sizeof script, "return '", "0123456789", 12000);
    snprintf(script + strlen(script), 2, "'");
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_MEMORY);
    repeat(script, sizeof script, "return {", "1.5,", 30000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_MEMORY);
    job.budget.memory = 0;
    repeat(script, sizeof script, "--", "0123456789", 13200);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_MEMORY);
    repeat(script, sizeof script, "return ", "{", 20000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
    repeat(script, sizeof script, "return ", "(", 20000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
    repeat(script, sizeof script, "return ", "function() return ", 7000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
}

static void time_ends_a_run(void **state) {
    (void)state;
    struct clock_fake clock;
    clock_fake_init(&clock);
    clock.step_ms = 100;
    struct mapping_job job = {.clock = &clock_fake_ops, .clock_self = &clock};
    char script[1024];
    frame(script, sizeof script, "for i = 1, 100000 do end return 1");
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_BUDGET);
    assert_string_equal(why.where, "t.lua:3 A");
    clock.step_ms = 0;
    assert_int_equal(run_job(&job, script), SHK_OK);
}

static void time_passes_while_a_text_is_read(void **state) {
    (void)state;
    static char script[100000];
    struct clock_fake clock;
    clock_fake_init(&clock);
    clock.step_ms = 100;
    struct mapping_job job = {.clock = &clock_fake_ops, .clock_self = &clock};
    repeat(script, sizeof script, "return 1 --", "0123456789", 2000);
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_BUDGET);
    clock.step_ms = 1;
    assert_int_equal(run_job(&job, script), SHK_E_SCRIPT_SYNTAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_never_ends_is_stopped),
        cmocka_unit_test(what_grows_without_end_is_stopped),
        cmocka_unit_test(large_requests_of_one_call_are_refused),
        cmocka_unit_test(loading_has_a_tenth),
        cmocka_unit_test(large_and_deep_texts_are_refused),
        cmocka_unit_test(time_ends_a_run),
        cmocka_unit_test(time_passes_while_a_text_is_read),
    };
    return cmocka_run_group_tests_name("sandbox_budget", tests, load_person, free_person);
}
