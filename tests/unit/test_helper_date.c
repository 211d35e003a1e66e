/* Dates and ages of the helpers, day by day around every edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "burden.h"
#include "helper.h"
#include "shikaku/codes.h"

static struct bytes out;

static int32_t run(const char *name, const char *value, const char *argument) {
    const struct helper *helper = helper_find(name, strlen(name));
    assert_non_null(helper);
    out.n = 0;
    return helper->run((struct word){value, strlen(value)},
                       (struct word){argument, argument != NULL ? strlen(argument) : 0}, NULL,
                       &out);
}

static void assert_gives(const char *name, const char *value, const char *expected) {
    int32_t rc = run(name, value, NULL);
    const struct word made = {bytes_text(&out), out.n};
    if (rc != SHK_OK || made.n != strlen(expected) || memcmp(made.p, expected, made.n) != 0) {
        fail_msg("%s of %s is %.*s", name, value, (int)made.n, made.p);
    }
}

struct boundary {
    const char *last, *last7, *first, *first7;
};

static const struct boundary boundaries[] = {
    {"1912-07-29", "1450729", "1912-07-30", "2010730"},
    {"1926-12-24", "2151224", "1926-12-25", "3011225"},
    {"1989-01-07", "3640107", "1989-01-08", "4010108"},
    {"2019-04-30", "4310430", "2019-05-01", "5010501"},
};

static void eras_change_on_their_day(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof boundaries / sizeof boundaries[0]; i++) {
        const struct boundary *b = &boundaries[i];
        const char before[] = {b->last7[0], '\0'}, after[] = {b->first7[0], '\0'};
        assert_gives("era7", b->last, b->last7);
        assert_gives("era7", b->first, b->first7);
        assert_gives("era_code", b->last, before);
        assert_gives("era_code", b->first, after);
        assert_gives("western", b->last7, b->last);
        assert_gives("western", b->first7, b->first);
    }
}

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Every day from 1873 on goes to seven digits and comes back. */
static void every_day_goes_both_ways(void **state) {
    (void)state;
    char day[40], seven[16];
    for (int year = 1873; year <= 2050; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int date = 1; date <= month_days(year, month); date++) {
                snprintf(day, sizeof day, "%04d-%02d-%02d", year, month, date);
                assert_int_equal(run("era7", day, NULL), SHK_OK);
                snprintf(seven, sizeof seven, "%s", bytes_text(&out));
                assert_gives("western", seven, day);
            }
        }
    }
}

static void days_outside_their_era_are_refused(void **state) {
    (void)state;
    static const char *const outside[] = {
        "1450731",        "M45.7.31",       "2010729",         "大正元年7月29日",
        "2151226",        "T15.12.26",      "3011224",         "昭和1年12月24日",
        "3640108",        "S64.1.8",        "昭和65年1月1日",  "4010107",
        "H1.1.7",         "平成元年1月7日", "4310501",         "H31.5.1",
        "平成31年5月1日", "R1.4.30",        "令和元年4月30日", "5010430",
        "R0.5.1",         "H0.1.8",         "3600229",         "S60.2.29",
        "S60.13.1",       "6010101",        "0600315",         "M5.12.31",
        "1051231",        "明治元年1月25日"};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        if (run("western", outside[i], NULL) != SHK_E_VALUE) {
            fail_msg("%s is %s", outside[i], bytes_text(&out));
        }
    }
}

static void western_reads_what_people_write(void **state) {
    (void)state;
    static const char *const same[] = {"1985-03-15",
                                       "19850315",
                                       "1985/3/15",
                                       "1985.3.15",
                                       "1985年3月15日",
                                       "S60.3.15",
                                       "s60.3.15",
                                       "S60/03/15",
                                       "S60-3-15",
                                       "Ｓ６０．３．１５",
                                       "昭和60年3月15日",
                                       "昭和60.3.15",
                                       "昭和６０年３月１５日",
                                       "3600315",
                                       "３６００３１５",
                                       " 3600315 ",
                                       "S600315",
                                       "1985-03-15T23:59:59",
                                       "昭和 60年 3月 15日"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_gives("western", same[i], "1985-03-15");
    }
    assert_gives("western", "令和元年5月1日", "2019-05-01");
    assert_gives("western", "大正15年12月25日", "1926-12-25");
    assert_gives("western", "昭和元年12月25日", "1926-12-25");
    assert_gives("western", "明治6年1月1日", "1873-01-01");
    assert_gives("western", "9999-12-31", "9999-12-31");
    assert_gives("western", "", "");
}

static void time_stands_behind_its_letter(void **state) {
    (void)state;
    assert_int_equal(run("date", "2025-06-02T09:15:30", "YYYY/MM/DDThhmm"), SHK_OK);
    assert_string_equal(bytes_text(&out), "2025/06/02T0915");
}

static void what_is_no_date_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"2025-06", "2025-02-29", "600315",     "36003155",
                                      "360031",  "360 0315",   "見本",       " ",
                                      "X600315", "00000000",   "1985-03-15x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(run("western", bad[i], NULL), SHK_E_VALUE);
    }
    assert_int_equal(run("date", "1985/03/15", NULL), SHK_E_VALUE);
    assert_int_equal(run("era7", "2025-06", NULL), SHK_E_VALUE);
    assert_int_equal(run("era7", "1872-12-31", NULL), SHK_E_VALUE);
    assert_int_equal(run("date", "2025-06", "YYYYMMDD"), SHK_E_VALUE);
    assert_int_equal(run("date", "2025-06-01", "hh"), SHK_E_VALUE);
    assert_int_equal(run("date", "2025-06-01", "yyyy"), SHK_E_ARGUMENT);
    assert_int_equal(run("wareki", "2025-06-01", "YYYY"), SHK_E_ARGUMENT);
}

/* On 2026-04-01. */
static void ages_have_exact_edges(void **state) {
    (void)state;
    static const struct {
        const char *birth, *on, *group;
        int32_t percent;
    } cases[] = {
        {"2020-04-01", "2026-03-31", "preschool", 20},
        {"2020-04-01", "2026-04-01", "general", 30},
        {"2020-04-02", "2026-04-01", "preschool", 20},
        {"2020-04-02", "2027-03-31", "preschool", 20},
        {"2020-04-02", "2027-04-01", "general", 30},
        {"2019-12-31", "2026-03-31", "preschool", 20},
        {"2019-12-31", "2026-04-01", "general", 30},
        {"2020-01-01", "2026-03-31", "preschool", 20},
        {"2020-01-01", "2026-04-01", "general", 30},
        {"1956-03-01", "2026-02-28", "general", 30},
        {"1956-03-01", "2026-03-01", "elderly70", 0},
        {"1956-03-31", "2026-03-31", "general", 30},
        {"1956-03-31", "2026-04-01", "elderly70", 0},
        {"1956-04-01", "2026-03-31", "general", 30},
        {"1956-04-01", "2026-04-01", "elderly70", 0},
        {"1956-04-02", "2026-04-30", "general", 30},
        {"1956-04-02", "2026-05-01", "elderly70", 0},
        {"1951-04-01", "2026-03-31", "elderly70", 0},
        {"1951-04-01", "2026-04-01", "late75", 0},
        {"1951-04-02", "2026-04-01", "elderly70", 0},
        {"1951-04-02", "2026-04-02", "late75", 0},
        {"2026-04-01", "2026-04-01", "preschool", 20},
        {"1956-02-29", "2026-02-28", "general", 30},
        {"1956-02-29", "2026-03-01", "elderly70", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *group = burden_group(cases[i].birth, cases[i].on);
        if (group == NULL || strcmp(group, cases[i].group) != 0 ||
            burden_by_age(cases[i].birth, cases[i].on) != cases[i].percent) {
            fail_msg("born %s on %s: %s", cases[i].birth, cases[i].on, group);
        }
    }
    assert_null(burden_group("2026-04-02", "2026-04-01"));
    assert_null(burden_group("", "2026-04-01"));
    assert_int_equal(burden_by_age("1989-01-07", ""), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eras_change_on_their_day),
        cmocka_unit_test(every_day_goes_both_ways),
        cmocka_unit_test(days_outside_their_era_are_refused),
        cmocka_unit_test(western_reads_what_people_write),
        cmocka_unit_test(time_stands_behind_its_letter),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(ages_have_exact_edges),
    };
    int failed = cmocka_run_group_tests_name("helper_date", tests, NULL, NULL);
    bytes_clear(&out);
    return failed;
}
