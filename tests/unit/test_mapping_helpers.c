/* text.* in scripts: every example of helpers.def is run here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "helper.h"
#include "lua_text.h"
#include "mapping_stage.h"

struct example {
    const char *call, *outcome;
};

static const struct example examples[] = {
#define EXAMPLE(call, result) {call, result},
#include "helpers.def"
};

#define EXAMPLES_N (sizeof examples / sizeof examples[0])

static void every_documented_example_is_true(void **state) {
    (void)state;
    char row[1024];
    for (size_t i = 0; i < EXAMPLES_N; i++) {
        snprintf(
            row, sizeof row,
            "{ to = 'A', with = function() local function same(a, b, ...) local c, d = ... \n"
            "return a == b and c == d end\n local a, a2 = %s\n local b, b2 = %s\n"
            "return (a == b and a2 == b2) and 'same' or (tostring(a) .. ' ' .. tostring(a2)) end }",
            examples[i].call, examples[i].outcome);
        assert_int_equal(run_rows(CP932, row), SHK_OK);
        if (strcmp(result->fields[0].value, "same") != 0) {
            print_error("%s gives %s\n", examples[i].call, result->fields[0].value);
        }
        assert_string_equal(result->fields[0].value, "same");
    }
}

static bool has_example(const char *name) {
    char start[64];
    snprintf(start, sizeof start, "text.%s(", name);
    for (size_t i = 0; i < EXAMPLES_N; i++) {
        if (strncmp(examples[i].call, start, strlen(start)) == 0) {
            return true;
        }
    }
    return false;
}

static void every_function_has_an_example(void **state) {
    (void)state;
    size_t functions = 0;
    for (const luaL_Reg *f = library_text; f->name != NULL; f++, functions++) {
        if (!has_example(f->name)) {
            fail_msg("%s", f->name);
        }
    }
    assert_true(functions > helper_count() + 15);
}

/* What `call` gives with the encoding, as text. */
static const char *evaluate(const char *outer, const char *call) {
    char row[512], seeing[256];
    snprintf(seeing, sizeof seeing,
             "%s, uses = { 'name', 'symbol', 'branch_number', 'birth_date', 'processed_at', "
             "'confirmation_date' }",
             outer);
    snprintf(row, sizeof row, "{ to = 'A', with = function(v, rec) return tostring(%s) end }",
             call);
    assert_int_equal(run_rows(seeing, row), SHK_OK);
    return result->fields[0].value;
}

static void nil_stays_nil_in_every_function(void **state) {
    (void)state;
    for (const luaL_Reg *f = library_text; f->name != NULL; f++) {
        char call[64];
        snprintf(call, sizeof call, "(text.%s(nil, nil))", f->name);
        assert_string_equal(evaluate(CSV, call), "nil");
    }
}

static void assert_refused(const char *outer, const char *call) {
    char row[512];
    snprintf(row, sizeof row, "{ to = 'A', with = function(v, rec) return %s end }", call);
    if (run_rows(outer, row) != SHK_E_SCRIPT_RUN) {
        print_error("%s\n", call);
    }
    assert_fault(why.code, SHK_E_SCRIPT_RUN, "t.lua:3 A");
}

static void helpers_refuse_what_they_cannot_do(void **state) {
    (void)state;
    static const char *const uses[] = {
        "text.date('19890107')",
        "text.date('1989-02-29')",
        "text.date('1989-13-01')",
        "text.date('1989-01-01', 'yyyy')",
        "text.date('1989-01-01', '')",
        "text.date('1989-01-01', rec)",
        "text.date('1989-01', 'DD')",
        "text.date('1989-01-01', 'hh')",
        "text.date('1989-01-01T24:00:00')",
        "text.date('1989-01-01', text.pad('', 200))",
        "text.wareki('1872-12-31')",
        "text.wareki('1989-01-01', 'GGG')",
        "text.era7('1989-01')",
        "text.western('S64.1.8')",
        "text.western('見本')",
        "text.pad('a', 1001)",
        "text.pad('a', -1)",
        "text.pad('a')",
        "text.pad('a', 3, 'ab')",
        "text.pad('a', 3, '')",
        "text.pad('a', 3, ' ', 'up')",
        "text.pad('a', '3,ab')",
        "text.pad_chars('a', {})",
        "text.replace('a', '', 'b')",
        "text.replace('a', 'b', {})",
        "text.wide({})",
        "text.wide(rec)",
        "text.wide(1.5)",
        "text.wide()",
        "text.first and text.wide('\\xFF')",
        "text.width(true)",
        "text.hyphen('1', '--')",
        "text.insurer('06990014')",
        "text.insurer('06990014', 'seven')",
        "text.insurer('A', 'bare')",
        "text.law_number('123456789')",
        "text.branch2('123')",
        "text.postal7('123')",
        "text.tenths(25)",
        "text.cut('a', 0)",
        "text.cut('a')",
        "text.match('a', '')",
        "text.match('a')",
        "text.match('a', '(')",
        "text.match('a', '%b()')",
        "text.match('a', '(a)%1')",
        "text.match('a', '%f[a]')",
        "text.match('a', text.pad('', 257))",
        "text.age('1989-01-07')",
        "text.age('1989-02-30', '2026-04-01')",
        "text.burden('1989-01', '2026-04-01')",
        "text.member_id('A', '1', '2', '3')",
        "text.member_id('06990014', '1', '2', '123')",
        "text.symbol_number('a', 'b', text.pad('', 17))",
        "text.nothing('a')",
    };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        assert_refused(CSV, uses[i]);
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

static void a_function_can_stand_in_with(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', with = text.wide_plain },"
                                   "{ to = 'B', from = 'branch_number', with = text.branch2 }"),
                     SHK_OK);
    assert_string_equal(result->fields[0].value, "見本太郎");
    assert_string_equal(result->fields[1].value, "");
}

static void lengths_are_those_of_the_target(void **state) {
    (void)state;
    assert_string_equal(evaluate(CSV, "text.bytes('見本ｱ')"), "9");
    assert_string_equal(evaluate(CP932, "text.bytes('見本ｱ')"), "5");
    assert_string_equal(evaluate(CSV, "text.width('見本ｱ')"), "5");
    assert_string_equal(evaluate(CSV, "text.count('見本ｱ')"), "3");
    assert_string_equal(evaluate(CSV, "text.pad('見本', 8) .. '|'"), "見本  |");
    assert_string_equal(evaluate(CP932, "text.pad('見本', 8) .. '|'"), "見本    |");
    assert_string_equal(evaluate(CP932, "text.pad('見本', 7, '　', 'left') .. '|'"), "見本　|");
    assert_string_equal(evaluate(CSV, "text.pad_chars('見本', 4, 0, 'right')"), "00見本");
    assert_string_equal(evaluate(CSV, "text.fits('𠮷')"), "true");
    assert_string_equal(evaluate(CP932, "text.fits('𠮷')"), "false");
}

static void ages_take_dates_and_times(void **state) {
    (void)state;
    assert_string_equal(evaluate(CSV, "text.age(rec.birth_date, rec.processed_at)"), "36");
    assert_string_equal(evaluate(CSV, "text.age('', rec.confirmation_date)"), "nil");
    assert_string_equal(evaluate(CSV, "text.age('2026-04-02', '2026-04-01')"), "nil");
    assert_string_equal(evaluate(CSV, "text.burden(nil, '2026-04-01')"), "nil");
    assert_string_equal(evaluate(CSV, "text.elderly('2026-04-02', '2026-04-01')"), "nil");
    assert_string_equal(evaluate(CSV, "text.school_age('', '2026-04-01')"), "nil");
}

static void the_check_digit_of_nothing_is_nothing(void **state) {
    (void)state;
    assert_string_equal(evaluate(CSV, "text.check_digit('')"), "nil");
    assert_string_equal(evaluate(CSV, "text.check_digit('1234')"), "nil");
    assert_string_equal(evaluate(CSV, "text.check_digit(6990014)"), "true");
    assert_string_equal(evaluate(CSV, "text.check_digit('06990015')"), "false");
}

static void numbers_are_texts_too(void **state) {
    (void)state;
    assert_string_equal(evaluate(CSV, "text.wide(12)"), "１２");
    assert_string_equal(evaluate(CSV, "text.cut('見本太郎', '2')"), "見本");
    assert_string_equal(evaluate(CSV, "text.member_id(990010, 12, 187, 1)"), "00990010:12:187:01");
}

static void first_takes_any_value(void **state) {
    (void)state;
    assert_string_equal(evaluate(CSV, "text.first()"), "nil");
    assert_string_equal(evaluate(CSV, "text.first(nil, false, 'a')"), "false");
    assert_string_equal(evaluate(CSV, "text.first(rec.branch_number, rec.name)"), "見本　太郎");
}

static void replacing_finds_every_place(void **state) {
    (void)state;
    assert_string_equal(evaluate(CSV, "text.replace('aXbXXc', 'X', '--')"), "a--b----c");
    assert_string_equal(evaluate(CSV, "text.replace('aab', 'ab')"), "a");
    assert_string_equal(evaluate(CSV, "text.replace('abab', 'ab', 'b')"), "bb");
    assert_string_equal(evaluate(CSV, "text.replace('a', 'abc', 'b')"), "a");
}

static void patterns_that_explode_use_up_the_steps(void **state) {
    (void)state;
    static const char *const calls[] = {
        "text.match(s, '.-.-.-.-.-.-.-.-.-.-b')",
        "text.match(s, '(.*)(.*)(.*)(.*)(.*)(.*)b')",
        "text.match(s, '.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?b')",
        "text.match(s, '[%w%s]*[%w%s]*[%w%s]*[%w%s]*[%w%s]*$b')",
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char row[512];
        snprintf(row, sizeof row,
                 "{ to = 'A', with = function()\nlocal s = text.pad('', 200, 'a')\nreturn %s end }",
                 calls[i]);
        assert_fault(run_rows(CSV, row), SHK_E_SCRIPT_BUDGET, "t.lua:5 A");
    }
}

/* 65536 bytes of characters that grow, and `more`; then `use` of the helper and its argument. */
#define LARGEST(more, use)                                                                         \
    "{ to = 'A', with = function()\n"                                                              \
    "local function times(n) return text.replace(text.pad('', n, 'x'), 'x', 'ｶﾞﾊﾟ') end\n" \
    "local t = times(1000)\n"                                                                      \
    "local s = t .. t .. t .. t .. t .. times(461) .. 'abcd" more "'\n"                            \
    "assert(#s == 65536 + #'" more "')\n" use " end }"
#define ONCE  "return text.%s(s%s) and 1 or 1"
#define OFTEN "for i = 1, 40 do text.%s(s%s) end"

static int32_t run_largest(const char *row_format, const struct helper *helper) {
    char row[1024];
    snprintf(row, sizeof row, row_format, helper->name,
             helper->takes == HELPER_NEEDS ? ", '8'" : "");
    return run_rows(CSV, row);
}

static bool takes_any_text(const char *name) {
    static const char *const others[] = {"date",
                                         "wareki",
                                         "era7",
                                         "era_code",
                                         "western",
                                         "insurer",
                                         "tenths",
                                         "law_number",
                                         "branch2",
                                         "postal7",
                                         "postal_hyphen",
                                         "benefit_tenths",
                                         "benefit_percent3"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i], name) == 0) {
            return false;
        }
    }
    return true;
}

static void the_largest_text_passes_and_no_larger(void **state) {
    (void)state;
    for (size_t i = 0; i < helper_count(); i++) {
        const struct helper *helper = helper_at(i);
        int32_t expected = takes_any_text(helper->name) ? SHK_OK : SHK_E_SCRIPT_RUN;
        if (run_largest(LARGEST("", ONCE), helper) != expected) {
            fail_msg("%s: %d", helper->name, (int)why.code);
        }
        assert_fault(run_largest(LARGEST("e", ONCE), helper), SHK_E_SCRIPT_RUN, "t.lua:8 A");
    }
}

static void work_grows_with_the_text(void **state) {
    (void)state;
    for (size_t i = 0; i < helper_count(); i++) {
        const struct helper *helper = helper_at(i);
        if (takes_any_text(helper->name)) {
            assert_fault(run_largest(LARGEST("", OFTEN), helper), SHK_E_SCRIPT_BUDGET, "t.lua:8 A");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(every_documented_example_is_true),
        MAPPING_TEST(every_function_has_an_example),
        MAPPING_TEST(nil_stays_nil_in_every_function),
        MAPPING_TEST(helpers_refuse_what_they_cannot_do),
        MAPPING_TEST(kana_goes_both_ways),
        MAPPING_TEST(a_function_can_stand_in_with),
        MAPPING_TEST(lengths_are_those_of_the_target),
        MAPPING_TEST(ages_take_dates_and_times),
        MAPPING_TEST(the_check_digit_of_nothing_is_nothing),
        MAPPING_TEST(numbers_are_texts_too),
        MAPPING_TEST(first_takes_any_value),
        MAPPING_TEST(replacing_finds_every_place),
        MAPPING_TEST(patterns_that_explode_use_up_the_steps),
        MAPPING_TEST(the_largest_text_passes_and_no_larger),
        MAPPING_TEST(work_grows_with_the_text),
    };
    return cmocka_run_group_tests_name("mapping_helpers", tests, NULL, NULL);
}
