/* The console's command line, widths and dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "screen.h"
#include "utf8.h"

static struct args args;
static struct args_wrong wrong;

static bool read_words(const char *const *words, int n) {
    static char room[12][512] = {"shikaku"};
    char *argv[12] = {room[0]};
    assert_true(n < 12);
    for (int i = 1; i <= n; i++) {
        assert_true((size_t)snprintf(room[i], sizeof room[i], "%s", words[i - 1]) < sizeof room[i]);
        argv[i] = room[i];
    }
    memset(&wrong, 0, sizeof wrong);
    return args_read(n + 1, argv, &args, &wrong);
}

#define READ(...)                                                                                  \
    read_words((const char *const[]){__VA_ARGS__},                                                 \
               (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static void options_stand_before_or_behind_the_command(void **state) {
    (void)state;
    assert_true(READ("--json", "check", "--quiet", "--last-try"));
    assert_int_equal(args.command, COMMAND_CHECK);
    assert_true(args.json && args.quiet && args.last_try && !args.english && !args.show_document);
    assert_int_equal(args.pin_fd, -1);
    args_clear(&args);
}

static void values_come_as_a_word_or_behind_an_equals_sign(void **state) {
    (void)state;
    assert_true(READ("watch", "--config=a=b.lua", "--library", "x.so", "--pin-fd=0", "--timeout",
                     "86400", "--lang=en"));
    assert_int_equal(args.command, COMMAND_WATCH);
    assert_string_equal(args.config, "a=b.lua");
    assert_string_equal(args.library, "x.so");
    assert_int_equal(args.pin_fd, 0);
    assert_int_equal(args.timeout_s, 86400);
    assert_true(args.english);
    args_clear(&args);
}

static void settings_keep_their_order(void **state) {
    (void)state;
    assert_true(
        READ("check", "--set", "route=demo", "--set=demo.folder=x=y", "--set", "log.file="));
    assert_int_equal(args.set_n, 3);
    assert_string_equal(args.set[0], "route=demo");
    assert_string_equal(args.set[1], "demo.folder=x=y");
    assert_string_equal(args.set[2], "log.file=");
    args_clear(&args);
}

static void two_hyphens_end_the_options(void **state) {
    (void)state;
    assert_true(READ("import", "--json", "--", "--lang"));
    assert_string_equal(args.operand, "--lang");
    assert_true(args.json && !args.english);
    args_clear(&args);
}

static void the_help_names_the_routes_without_a_card(void **state) {
    static const enum command commands[] = {COMMAND_CHECK, COMMAND_WATCH};
    static const char *const words[] = {"folder", "app", "unstated"};
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        assert_non_null(strstr(usage_text(commands[i % 2], i / 6 == 0), words[i / 2 % 3]));
    }
}

#define REFUSED(...)                                                                               \
    do {                                                                                           \
        assert_false(READ(__VA_ARGS__));                                                           \
        assert_true(wrong.japanese != NULL && utf8_valid(wrong.japanese));                         \
        assert_non_null(wrong.english);                                                            \
        assert_non_null(wrong.word);                                                               \
        args_clear(&args);                                                                         \
    } while (0)

static void what_is_not_understood_is_refused(void **state) {
    (void)state;
    REFUSED("--json");
    REFUSED("chek");
    REFUSED("check", "watch");
    REFUSED("check", "--foo");
    REFUSED("check", "--jsonx");
    REFUSED("check", "--config");
    REFUSED("check", "--config=");
    REFUSED("check", "--set", "route");
    REFUSED("check", "--set", "=demo");
    REFUSED("check", "--lang", "de");
    REFUSED("check", "--json", "--show-document");
    REFUSED("readers", "--pin-fd", "0");
    REFUSED("check", "\xFF");
    REFUSED("check", "--config", "\x8E\x91.lua");
}

static void numbers_have_limits(void **state) {
    (void)state;
    REFUSED("check", "--timeout", "0");
    REFUSED("check", "--timeout", "86401");
    REFUSED("check", "--timeout", "1.5");
    REFUSED("check", "--timeout", "-1");
    REFUSED("check", "--timeout", "99999999999999999999");
    REFUSED("check", "--pin-fd", "");
    REFUSED("check", "--pin-fd", "1024");
}

static void a_pin_is_refused_and_never_repeated(void **state) {
    (void)state;
    REFUSED("check", "--pin", "1234");
    assert_null(strstr(wrong.word, "1234"));
    REFUSED("check", "--pin=1234");
    assert_null(strstr(wrong.word, "1234"));
    REFUSED("check", "1234");
    assert_null(strstr(wrong.word, "1234"));
    REFUSED("check", "--pin-fd", "x1234");
    assert_null(strstr(wrong.word, "1234"));
}

static void an_import_takes_one_file(void **state) {
    (void)state;
    assert_true(READ("import", "--from", "app", "--json", "-"));
    assert_int_equal(args.command, COMMAND_IMPORT);
    assert_string_equal(args.operand, "-");
    assert_int_equal(args.inputs_n, 1);
    assert_string_equal(args.inputs[0].path, "import.from");
    assert_string_equal(args.inputs[0].value, "app");
    args_clear(&args);
    REFUSED("import");
    REFUSED("import", "a.xml", "b.xml");
    REFUSED("check", "a.xml");
    REFUSED("import", "--from", "app", "--from", "oqs", "a.xml");
}

static void a_query_takes_the_data_of_a_card_or_the_standard_input(void **state) {
    (void)state;
    assert_true(READ("query", "--insurer=990010", "--number", "345", "--branch", "02", "--birth",
                     "昭和29年1月5日"));
    assert_int_equal(args.inputs_n, 4);
    assert_string_equal(args.inputs[0].path, "query.insurer_number");
    assert_string_equal(args.inputs[3].path, "query.birth_date");
    args_clear(&args);
    assert_true(READ("query", "-"));
    assert_string_equal(args.operand, "-");
    args_clear(&args);
    REFUSED("query");
    REFUSED("query", "345");
    REFUSED("query", "--number", "345", "990010");
    assert_null(strstr(wrong.word, "990010"));
    REFUSED("query", "-", "--reference", "1");
    REFUSED("register", "-", "--query-date", "20260101");
    REFUSED("query", "-", "--pin-fd", "0");
}

static void a_bulk_run_needs_its_table_columns_and_folder(void **state) {
    (void)state;
    assert_true(READ("bulk", "--columns", "c.lua", "--out", "x", "t.csv"));
    assert_int_equal(args.command, COMMAND_BULK);
    assert_string_equal(args.operand, "t.csv");
    args_clear(&args);
    REFUSED("bulk", "--columns", "c.lua", "--out", "x");
    REFUSED("bulk", "--columns", "c.lua", "t.csv");
    REFUSED("bulk", "--out", "x", "t.csv");
    REFUSED("check", "--columns", "c.lua");
    REFUSED("bulk", "--columns", "c.lua", "--out", "x", "t.csv", "--show-document");
}

static void a_descriptor_can_carry_the_passphrase(void **state) {
    (void)state;
    assert_true(READ("check", "--secret-fd", "3"));
    assert_int_equal(args.secret_fd, 3);
    assert_int_equal(args.pin_fd, -1);
    args_clear(&args);
    REFUSED("readers", "--secret-fd", "3");
    REFUSED("check", "--secret-fd", "word");
    assert_null(strstr(wrong.word, "word"));
}

static void help_needs_no_command(void **state) {
    (void)state;
    assert_true(READ("--help"));
    assert_true(args.help);
    args_clear(&args);
    assert_true(READ("check", "-h"));
    assert_true(args.help);
    for (int c = COMMAND_NONE; c <= COMMAND_LAST; c++) {
        assert_true(utf8_valid(usage_text((enum command)c, false)));
        assert_string_not_equal(usage_text((enum command)c, false),
                                usage_text((enum command)c, true));
    }
    args_clear(&args);
}

static void text_that_is_no_utf8_is_told(void **state) {
    (void)state;
    assert_true(utf8_valid("資格 ﾐﾎﾝ 𠮷"));
    assert_false(utf8_valid("\xC0\x80"));
    assert_false(utf8_valid("\xED\xA0\x80"));
    assert_false(utf8_valid("\xE8\xB3"));
    assert_false(utf8_valid("\xF4\x90\x80\x80"));
}

static void columns_are_those_of_a_terminal(void **state) {
    (void)state;
    assert_int_equal(utf8_width("abc"), 3);
    assert_int_equal(utf8_width("氏名"), 4);
    assert_int_equal(utf8_width("ﾐﾎﾝ"), 3);
    assert_int_equal(utf8_width("𠮷〓"), 4);
    assert_int_equal(utf8_width("葛\xF3\xA0\x84\x80"), 2);
}

static void assert_date(const char *date, const char *expected) {
    char words[96];
    date_japanese(date, words, sizeof words);
    assert_string_equal(words, expected);
}

static void dates_carry_their_era(void **state) {
    (void)state;
    assert_date("1954-01-05", "1954-01-05 (昭和29年1月5日)");
    assert_date("1989-01-07", "1989-01-07 (昭和64年1月7日)");
    assert_date("1989-01-08", "1989-01-08 (平成元年1月8日)");
    assert_date("2019-04-30", "2019-04-30 (平成31年4月30日)");
    assert_date("2019-05-01", "2019-05-01 (令和元年5月1日)");
    assert_date("1926-12-24", "1926-12-24 (大正15年12月24日)");
    assert_date("1926-12-25", "1926-12-25 (昭和元年12月25日)");
    assert_date("1912-07-29", "1912-07-29 (明治45年7月29日)");
    assert_date("1850-01-01", "1850-01-01");
    assert_date("1954-13-05", "1954-13-05");
    assert_date("見本", "見本");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_or_behind_the_command),
        cmocka_unit_test(values_come_as_a_word_or_behind_an_equals_sign),
        cmocka_unit_test(settings_keep_their_order),
        cmocka_unit_test(two_hyphens_end_the_options),
        cmocka_unit_test(the_help_names_the_routes_without_a_card),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(numbers_have_limits),
        cmocka_unit_test(a_pin_is_refused_and_never_repeated),
        cmocka_unit_test(an_import_takes_one_file),
        cmocka_unit_test(a_query_takes_the_data_of_a_card_or_the_standard_input),
        cmocka_unit_test(a_bulk_run_needs_its_table_columns_and_folder),
        cmocka_unit_test(a_descriptor_can_carry_the_passphrase),
        cmocka_unit_test(help_needs_no_command),
        cmocka_unit_test(text_that_is_no_utf8_is_told),
        cmocka_unit_test(columns_are_those_of_a_terminal),
        cmocka_unit_test(dates_carry_their_era),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
