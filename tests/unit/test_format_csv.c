/* Rows of CSV and TSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "format_stage.h"

static const struct format_cell cells[] = {
    CELL("氏名", "見本　太郎"), CELL("A", "a,b"), CELL("B", "\"say \"\"\""),
    CELL("C", "1\r2\n"),        CELL("D", NULL),  CELL("E", "a\tb;c|d"),
};

static void quotes_stand_where_they_are_needed(void **state) {
    (void)state;
    struct format_style style = style_of(FORMAT_CSV);
    assert_written(&style, cells, COUNT(cells),
                   "見本　太郎,\"a,b\",\"\"\"say \"\"\"\"\"\"\",\"1\r2\n\",,a\tb;c|d\r\n");
    assert_int_equal(head.n, 0);
    style.newline = "\r";
    style.separator[0] = ';';
    assert_written(&style, cells, 2, "見本　太郎;a,b\r");
    static const struct format_cell line_ends[] = {CELL("A", "1\r"), CELL("B", "\n2")};
    assert_written(&style, line_ends, 2, "\"1\r\";\"\n2\"\r");
    style.separator[0] = '\t';
    assert_written(&style, cells + 5, 1, "\"a\tb;c|d\"\r");
}

static void quotes_can_stand_always_or_never(void **state) {
    (void)state;
    struct format_style style = style_of(FORMAT_CSV);
    style.quote = QUOTE_ALWAYS;
    assert_written(
        &style, cells, COUNT(cells),
        "\"見本　太郎\",\"a,b\",\"\"\"say \"\"\"\"\"\"\",\"1\r2\n\",\"\",\"a\tb;c|d\"\r\n");
    style.quote = QUOTE_NEVER;
    style.separator[0] = '\t';
    style.newline = "\n";
    assert_written(&style, cells, 3, "見本　太郎\ta,b\t\"say \"\"\"\n");
}

static void a_heading_is_written_once_like_a_row(void **state) {
    (void)state;
    const struct format_cell named[] = {CELL("氏名", "1"), CELL("A,\"B\"", "2")};
    struct format_style style = style_of(FORMAT_CSV);
    style.header = true;
    assert_written(&style, named, 2, "1,2\r\n");
    assert_string_equal(bytes_text(&head), "氏名,\"A,\"\"B\"\"\"\r\n");
    style.bom = true;
    style.quote = QUOTE_ALWAYS;
    assert_written(&style, named, 1, "\"1\"\r\n");
    assert_string_equal(bytes_text(&head), "\xEF\xBB\xBF\"氏名\"\r\n");
    style.header = false;
    assert_written(&style, named, 1, "\"1\"\r\n");
    assert_string_equal(bytes_text(&head), "\xEF\xBB\xBF");
}

static uint32_t forbidden(const struct format_style *style, const char *text) {
    return format_forbidden(style, text, strlen(text));
}

static void only_quotes_can_hold_separators_and_line_ends(void **state) {
    (void)state;
    struct format_style style = style_of(FORMAT_CSV);
    assert_true(forbidden(&style, "a,\"\r\n\x01") == FORMAT_CODE_NONE);
    assert_true(forbidden(&style, "") == FORMAT_CODE_NONE);
    assert_int_equal(format_forbidden(&style, "a\0b", 3), 0);
    style.quote = QUOTE_ALWAYS;
    assert_true(forbidden(&style, "a,\"\r\n") == FORMAT_CODE_NONE);
    style.quote = QUOTE_NEVER;
    assert_true(forbidden(&style, "見本\"\t;") == FORMAT_CODE_NONE);
    assert_int_equal(forbidden(&style, "見本,"), ',');
    assert_int_equal(forbidden(&style, "a\rb"), '\r');
    assert_int_equal(forbidden(&style, "a\nb"), '\n');
    assert_int_equal(format_forbidden(&style, "a\0b", 3), 0);
    style.separator[0] = '\t';
    assert_int_equal(forbidden(&style, ",\t"), '\t');
}

static void names_differ_and_fit_into_the_heading(void **state) {
    (void)state;
    struct format_style style = style_of(FORMAT_CSV);
    static const char *const good[] = {"氏名", "a,b", "a/b[0]", " ", NULL};
    static const char *const bad[] = {"", NULL};
    assert_usable(&style, good, bad);
    style.header = true;
    assert_usable(&style, good, bad);
    style.quote = QUOTE_NEVER;
    static const char *const plain[] = {"氏名", "a b", NULL};
    static const char *const wide[] = {"a,b", "", NULL};
    assert_usable(&style, plain, wide);
    style.header = false;
    assert_usable(&style, good, bad);
    static const char *const twice[] = {"A", "B", "a", "B", "A", NULL};
    assert_int_equal(misplaced(&style, twice), 3);
    static const char *const empty[] = {"A", "", "A", NULL};
    assert_int_equal(misplaced(&style, empty), 1);
    assert_int_equal(misplaced(&style, plain), 2);
}

/* Only said, since a machine may be busy; one microsecond is what it should be without sanitizers. */
static void a_row_of_40_cells_is_quick(void **state) {
    (void)state;
    struct format_cell row[40];
    struct timespec from, to;
    struct format_style style = style_of(FORMAT_CSV);
    for (size_t i = 0; i < COUNT(row); i++) {
        row[i] = (struct format_cell){.to = "x", .value = i % 2 == 0 ? "見本　太郎" : "06990014"};
    }
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 10000; i++) {
        body.n = 0;
        assert_int_equal(format_body(&style, row, COUNT(row), &body), SHK_OK);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
    print_message("a row of 40 cells: %.2f microseconds\n", ns / 1e7);
    assert_int_equal(body.n, 20 * (15 + 8) + 39 + 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(quotes_stand_where_they_are_needed),
        FORMAT_TEST(quotes_can_stand_always_or_never),
        FORMAT_TEST(a_heading_is_written_once_like_a_row),
        FORMAT_TEST(only_quotes_can_hold_separators_and_line_ends),
        FORMAT_TEST(names_differ_and_fit_into_the_heading),
        FORMAT_TEST(a_row_of_40_cells_is_quick),
    };
    return cmocka_run_group_tests_name("format_csv", tests, NULL, NULL);
}
