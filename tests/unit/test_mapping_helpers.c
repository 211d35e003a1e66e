/* The helpers: docs/mapping.md holds one example or more of each, and all of them are run here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lua_text.h"
#include "mapping_stage.h"
#include "slurp.h"

/* "| `call` | `result` |" at p: copies both; false for any other line. */
static bool read_example(const char *p, char *call, char *outcome, size_t cap) {
    if (strncmp(p, "| `text.", 8) != 0) {
        return false;
    }
    const char *end = strstr(p + 3, "` | `");
    const char *last = end != NULL ? strstr(end + 5, "` |") : NULL;
    if (last == NULL || last > strchr(p, '\n')) {
        return false;
    }
    snprintf(call, cap, "%.*s", (int)(end - (p + 3)), p + 3);
    snprintf(outcome, cap, "%.*s", (int)(last - (end + 5)), end + 5);
    return true;
}

static void every_documented_example_is_true(void **state) {
    (void)state;
    char call[256], outcome[256], row[1024];
    size_t examples = 0;
    for (const char *p = slurp(SOURCE_ROOT "/docs/mapping.md", NULL); p != NULL;
         p = strchr(p, '\n')) {
        p += *p == '\n' ? 1 : 0;
        if (!read_example(p, call, outcome, sizeof call)) {
            continue;
        }
        snprintf(
            row, sizeof row,
            "{ to = 'A', with = function() local function same(a, b, ...) local c, d = ... \n"
            "return a == b and c == d end\n local a, a2 = %s\n local b, b2 = %s\n"
            "return (a == b and a2 == b2) and 'same' or (tostring(a) .. ' ' .. tostring(a2)) end }",
            call, outcome);
        assert_int_equal(run_rows(CP932, row), SHK_OK);
        if (strcmp(result->fields[0].value, "same") != 0) {
            print_error("%s gives %s\n", call, result->fields[0].value);
        }
        assert_string_equal(result->fields[0].value, "same");
        examples++;
    }
    assert_true(examples >= 40);
}

static void every_helper_is_documented_with_an_example(void **state) {
    (void)state;
    const char *doc = slurp(SOURCE_ROOT "/docs/mapping.md", NULL);
    for (const luaL_Reg *helper = library_text; helper->name != NULL; helper++) {
        char start[64];
        snprintf(start, sizeof start, "\n| `text.%s(", helper->name);
        assert_non_null(strstr(doc, start));
    }
}

static void helpers_refuse_what_they_cannot_do(void **state) {
    (void)state;
    static const char *const uses[] = {
        "text.date('19890107')",
        "text.date('1989-02-29')",
        "text.date('1989-13-01')",
        "text.date('1989-01-01', 'yyyy')",
        "text.date('1989-01', 'DD')",
        "text.date('1989-01-01', 'hh')",
        "text.wareki('1872-12-31')",
        "text.wareki('1989-01-01', 'GGG')",
        "text.pad('a', 1001)",
        "text.pad('a', -1)",
        "text.pad('a', 3, 'ab')",
        "text.pad('a', 3, ' ', 'up')",
        "text.replace('a', '', 'b')",
        "text.wide({})",
        "text.wide()",
        "text.wide('\\xFF')",
        "text.width(true)",
        "text.date('1989-01-01T24:00:00')",
        "text.date('1989-01-01', text.pad('', 200))",
    };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        char row[256];
        snprintf(row, sizeof row, "{ to = 'A', with = function() return %s end }", uses[i]);
        assert_fault(run_rows(CSV, row), SHK_E_SCRIPT_RUN, "t.lua:3 A");
    }
}

static void kana_goes_both_ways(void **state) {
    (void)state;
    const char *half = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
                       "ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟｳﾞﾜﾞｦﾞ";
    const char *full =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘ"
        "ホマミム"
        "メモヤユヨラリルレロワンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴヷヺ";
    char row[2048];
    snprintf(row, sizeof row,
             "{ to = 'A', with = function() return text.kana_full('%s') end },"
             "{ to = 'B', with = function() return text.kana_half('%s') end }",
             half, full);
    assert_int_equal(run_rows(CSV, row), SHK_OK);
    assert_string_equal(result->fields[0].value, full);
    assert_string_equal(result->fields[1].value, half);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(every_documented_example_is_true),
        MAPPING_TEST(every_helper_is_documented_with_an_example),
        MAPPING_TEST(helpers_refuse_what_they_cannot_do),
        MAPPING_TEST(kana_goes_both_ways),
    };
    return cmocka_run_group_tests_name("mapping_helpers", tests, NULL, NULL);
}
