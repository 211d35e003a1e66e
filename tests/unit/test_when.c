/* Dates as people and programs write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "when.h"

/* A copy of exactly the size, so that the sanitizer sees a read behind it. */
static bool read_bytes(const char *text, size_t n, char out[9]) {
    char *exact = malloc(n > 0 ? n : 1);
    assert_non_null(exact);
    memcpy(exact, text, n);
    bool good = when_read(exact, n, out);
    free(exact);
    return good;
}

static bool read_day(const char *text, char out[9]) {
    return read_bytes(text, strlen(text), out);
}

static void assert_day(const char *text, const char *day) {
    char out[9] = "";
    if (!read_day(text, out) || strcmp(out, day) != 0) {
        fail_msg("\"%s\" is \"%s\", not %s", text, out, day);
    }
}

static void assert_no_day(const char *text) {
    char out[9] = "x";
    if (read_day(text, out)) {
        fail_msg("\"%s\" was read as %s", text, out);
    }
    assert_string_equal(out, "");
}

static void every_notation_is_read(void **state) {
    (void)state;
    assert_day("令和6年4月1日", "20240401");
    assert_day("令和06年04月01日", "20240401");
    assert_day("平成01年02月03日", "19890203");
    assert_day("R6.4.1", "20240401");
    assert_day("R06.04.01", "20240401");
    assert_day("R6/4/1", "20240401");
    assert_day("R060401", "20240401");
    assert_day("S640107", "19890107");
    assert_day("2024-04-01", "20240401");
    assert_day("2024-4-1", "20240401");
    assert_day("2024/4/1", "20240401");
    assert_day("2024/04/01", "20240401");
    assert_day("2024年4月1日", "20240401");
    assert_day("20240401", "20240401");
}

static void all_eras_have_their_letters(void **state) {
    (void)state;
    assert_day("M40.1.2", "19070102");
    assert_day("T10.1.2", "19210102");
    assert_day("S10.1.2", "19350102");
    assert_day("H10.1.2", "19980102");
    assert_day("R1.5.2", "20190502");
    assert_day("明治40年1月2日", "19070102");
    assert_day("大正10年1月2日", "19210102");
    assert_no_day("X10.1.2");
    assert_no_day("慶応3年1月2日");
}

static void the_first_year_may_be_written_gannen(void **state) {
    (void)state;
    assert_day("令和元年5月1日", "20190501");
    assert_day("令和1年5月1日", "20190501");
    assert_day("平成元年2月3日", "19890203");
    assert_day("昭和元年12月31日", "19261231");
    assert_day("大正元年8月1日", "19120801");
    assert_day("明治元年12月31日", "18681231");
    assert_day("R元.5.1", "20190501");
    assert_no_day("2024元年5月1日");
}

static void width_and_spaces_do_not_matter(void **state) {
    (void)state;
    assert_day("令和７年４月９日", "20250409");
    assert_day("２０２４年４月１日", "20240401");
    assert_day("２０２４／０４／０１", "20240401");
    assert_day("２０２４－０４－０１", "20240401");
    assert_day("2024−4‐1", "20240401");
    assert_day("Ｒ６．４．１", "20240401");
    assert_day("令和 6年 4月 1日", "20240401");
    assert_day("令和　６年　４月　１日", "20240401");
    assert_day("  令 和 6 年 4 月 1 日\xC2\xA0", "20240401");
    assert_day("\xEF\xBB\xBF\xE2\x80\x8B"
               "2024-04-01",
               "20240401");
}

static void eras_begin_and_end_on_their_days(void **state) {
    (void)state;
    assert_no_day("明治元年1月24日");
    assert_day("明治元年1月25日", "18680125");
    assert_day("明治45年7月30日", "19120730");
    assert_no_day("明治45年7月31日");
    assert_no_day("大正元年7月29日");
    assert_day("大正元年7月30日", "19120730");
    assert_day("大正15年12月25日", "19261225");
    assert_no_day("大正15年12月26日");
    assert_no_day("昭和元年12月24日");
    assert_day("昭和元年12月25日", "19261225");
    assert_day("昭和64年1月7日", "19890107");
    assert_no_day("昭和64年1月8日");
    assert_no_day("平成元年1月7日");
    assert_day("平成元年1月8日", "19890108");
    assert_day("平成31年4月30日", "20190430");
    assert_no_day("平成31年5月1日");
    assert_no_day("令和元年4月30日");
    assert_day("令和元年5月1日", "20190501");
    assert_no_day("昭和65年1月1日");
    assert_no_day("平成32年1月1日");
    assert_no_day("S640108");
}

static void impossible_days_are_none(void **state) {
    (void)state;
    static const char *const texts[] = {
        "令和7年6月31日", "令和5年2月29日", "平成12年2月30日", "2023-02-29", "1900-02-29",
        "20240431",       "2024-00-01",     "2024-13-01",      "2024-01-00", "2024-01-32",
        "令和0年5月1日",  "令和00年5月1日", "00000000",        "99999999",   "1799-12-31",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_no_day(texts[i]);
        char out[9];
        assert_int_equal(when_judge(texts[i], strlen(texts[i]), NULL, out), WHEN_IMPOSSIBLE);
    }
    assert_day("平成12年2月29日", "20000229");
    assert_day("2024-02-29", "20240229");
}

static void both_notations_must_agree(void **state) {
    (void)state;
    assert_day("令和6年(2024年)4月1日", "20240401");
    assert_day("令和6年（2024年）4月1日", "20240401");
    assert_day("令和6年4月1日(2024年4月1日)", "20240401");
    assert_day("2024年(令和6年)4月1日", "20240401");
    assert_day("2024(令和6)年4月1日", "20240401");
    assert_day("2024年4月1日(令和6年4月1日)", "20240401");
    assert_day("平成元年(1989年)2月3日", "19890203");
    assert_no_day("令和6年(2023年)4月1日");
    assert_no_day("令和6年4月1日(2024年4月2日)");
    assert_no_day("令和6年4月1日(2024年5月1日)");
    assert_no_day("2025年(令和6年)4月1日");
    assert_no_day("平成31年(2019年)5月1日");
}

static void anything_else_is_none(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "令和",
        "6年4月1日",
        "令和6年4月",
        "24/4/1",
        "2024-04",
        "2024-04-01x",
        "x2024-04-01",
        "令和6年4月1日頃",
        "202404010",
        "2024041",
        "R64.1",
        "令和100年1月1日",
        "2024-04-011",
        "1 2",
        "2024/1/1 1",
        "2024-04-01T00",
        "令和-6年4月1日",
        "二〇二四年四月一日",
        "\xFF\xFE",
        "2024-04-\xE3",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_no_day(texts[i]);
        char out[9];
        assert_int_equal(when_judge(texts[i], strlen(texts[i]), NULL, out), WHEN_FOREIGN);
    }
    char longer[400];
    memset(longer, '1', sizeof longer);
    char out[9];
    assert_false(when_read(longer, sizeof longer, out));
}

static void a_notation_of_one_s_own_is_read(void **state) {
    (void)state;
    char out[9];
    assert_int_equal(when_judge("1.4.2024", 8, "D.M.Y", out), WHEN_DATE);
    assert_string_equal(out, "20240401");
    assert_int_equal(when_judge("R6|04|01", 8, "Gy|MM|DD", out), WHEN_DATE);
    assert_string_equal(out, "20240401");
    assert_int_equal(when_judge("R6|4|01", 7, "Gy|MM|DD", out), WHEN_FOREIGN);
    assert_int_equal(when_judge("31.2.2024", 9, "D.M.Y", out), WHEN_IMPOSSIBLE);
    assert_int_equal(when_judge("2024-04-01", 10, "D.M.Y", out), WHEN_FOREIGN);
    assert_true(when_is_notation("D.M.Y"));
    assert_true(when_is_notation("GyyMMDD"));
    assert_false(when_is_notation("M.D"));
    assert_false(when_is_notation("Y.M"));
    assert_false(when_is_notation("y.M.D"));
    assert_false(when_is_notation("G.M.D"));
    assert_false(when_is_notation("YG.M.D"));
    assert_false(when_is_notation(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_notation_is_read),
        cmocka_unit_test(all_eras_have_their_letters),
        cmocka_unit_test(the_first_year_may_be_written_gannen),
        cmocka_unit_test(width_and_spaces_do_not_matter),
        cmocka_unit_test(eras_begin_and_end_on_their_days),
        cmocka_unit_test(impossible_days_are_none),
        cmocka_unit_test(both_notations_must_agree),
        cmocka_unit_test(anything_else_is_none),
        cmocka_unit_test(a_notation_of_one_s_own_is_read),
    };
    return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
