/* Lines of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format_stage.h"

static void cells_of_one_line_come_together(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("版", "JAHIS10"),   CELL("HO/名", "HO"),      CELL("KO[1]/名", "KO"),
        CELL("HO/番号", NULL),   CELL("KO[1]/番号", "12"), CELL("KO[2]/名", "KO"),
        CELL("HO/記号", "a\"b"), CELL("HO/末", NULL),
    };
    struct format_style style = style_of(FORMAT_TEXT);
    assert_written(&style, cells, COUNT(cells), "JAHIS10\r\nHO,,a\"b,\r\nKO,12\r\nKO\r\n");
    assert_int_equal(head.n, 0);
    style.newline = "\n";
    style.bom = true;
    assert_written(&style, cells, 1, "JAHIS10\n");
    assert_string_equal(bytes_text(&head), "\xEF\xBB\xBF");
}

static void a_line_without_any_value_is_not_written(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("A/1", NULL), CELL("B/1", ""), CELL("A/2", NULL),
                                        CELL("C", NULL),   CELL("D", ""),   CELL("E/1", "x")};
    const struct format_style style = style_of(FORMAT_TEXT);
    assert_written(&style, cells, COUNT(cells), "\r\n\r\nx\r\n");
    assert_written(&style, cells, 1, "");
}

static void the_first_appearance_is_that_of_the_row(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("A/1", NULL), CELL("B/1", "b"), CELL("A/2", "a")};
    const struct format_style style = style_of(FORMAT_TEXT);
    assert_written(&style, cells, COUNT(cells), ",a\r\nb\r\n");
}

static void names_without_a_slash_are_never_gathered(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("A/1", "1"), CELL("A", "2"), CELL("A/2", "3"),
                                        CELL("AA/1", "4")};
    const struct format_style style = style_of(FORMAT_TEXT);
    assert_written(&style, cells, COUNT(cells), "1,3\r\n2\r\n4\r\n");
}

static void separators_have_up_to_three_characters(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("A/1", "1"), CELL("A/2", NULL), CELL("A/3/x", "3")};
    struct format_style style = style_of(FORMAT_TEXT);
    memcpy(style.separator, "", 1);
    assert_written(&style, cells, COUNT(cells), "13\r\n");
    memcpy(style.separator, " | ", 4);
    assert_written(&style, cells, COUNT(cells), "1 |  | 3\r\n");
    memcpy(style.separator, "　", 4);
    assert_written(&style, cells, COUNT(cells), "1　　3\r\n");
}

static uint32_t forbidden(const struct format_style *style, const char *text) {
    return format_forbidden(style, text, strlen(text));
}

static void values_cannot_be_taken_for_separators(void **state) {
    (void)state;
    struct format_style style = style_of(FORMAT_TEXT);
    assert_int_equal(forbidden(&style, "a,"), ',');
    assert_int_equal(forbidden(&style, "a\rb"), '\r');
    assert_int_equal(forbidden(&style, "a\nb"), '\n');
    assert_int_equal(format_forbidden(&style, "a\0b", 3), 0);
    assert_true(forbidden(&style, "見本\t\"") == FORMAT_CODE_NONE);
    memcpy(style.separator, "", 1);
    assert_true(forbidden(&style, "a,b") == FORMAT_CODE_NONE);
    assert_int_equal(forbidden(&style, "a\n"), '\n');
    memcpy(style.separator, "　", 4);
    assert_int_equal(forbidden(&style, "見本　太郎"), 0x3000);
    assert_true(forbidden(&style, "、。") == FORMAT_CODE_NONE);
    memcpy(style.separator, "||", 3);
    assert_int_equal(forbidden(&style, "a||b"), '|');
    assert_true(forbidden(&style, "|a|b") == FORMAT_CODE_NONE);
    assert_int_equal(forbidden(&style, "a|"), '|'); /* the separator would begin one too early */
    memcpy(style.separator, "-> ", 4);
    assert_true(forbidden(&style, "a-") == FORMAT_CODE_NONE);
    assert_true(forbidden(&style, "a->") == FORMAT_CODE_NONE);
    assert_int_equal(forbidden(&style, "a-> b"), '-');
}

static void paths_have_a_line_and_a_name(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_TEXT);
    static const char *const good[] = {"HO/保険者番号", "HO", "LINE[2]/3", "A/b/c", "LINE/[", NULL};
    static const char *const bad[] = {"", "/a", "a/", "/", NULL};
    static const char *const twice[] = {"A/1", "A", "B/1", "A[1]/1", "A/1", NULL};
    static const char *const alone[] = {"A", "B", "A", NULL};
    assert_usable(&style, good, bad);
    assert_int_equal(misplaced(&style, twice), 4);
    assert_int_equal(misplaced(&style, alone), 2);
    assert_int_equal(misplaced(&style, good), 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(cells_of_one_line_come_together),
        FORMAT_TEST(a_line_without_any_value_is_not_written),
        FORMAT_TEST(the_first_appearance_is_that_of_the_row),
        FORMAT_TEST(names_without_a_slash_are_never_gathered),
        FORMAT_TEST(separators_have_up_to_three_characters),
        FORMAT_TEST(values_cannot_be_taken_for_separators),
        FORMAT_TEST(paths_have_a_line_and_a_name),
    };
    return cmocka_run_group_tests_name("format_text", tests, NULL, NULL);
}
