/* Rows of fixed width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format_stage.h"

static const struct format_cell cells[] = {CELL("氏名", "見本　太郎  "), CELL("番号", "00990010"),
                                           CELL("空", NULL), CELL("印", ",\"\t")};

static void cells_are_joined_as_they_are(void **state) {
    (void)state;
    struct format_style style = style_of(FORMAT_FIXED);
    assert_written(&style, cells, COUNT(cells), "見本　太郎  00990010,\"\t\r\n");
    assert_int_equal(head.n, 0);
    style.newline = "";
    assert_written(&style, cells, 2, "見本　太郎  00990010");
    style.bom = true;
    style.header = true;
    assert_written(&style, cells, 1, "見本　太郎  ");
    assert_string_equal(bytes_text(&head), "\xEF\xBB\xBF");
}

static void a_row_stays_one_line(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_FIXED);
    assert_int_equal(format_forbidden(&style, "a\rb", 3), '\r');
    assert_int_equal(format_forbidden(&style, "a\nb", 3), '\n');
    assert_int_equal(format_forbidden(&style, "a\0b", 3), 0);
    assert_true(format_forbidden(&style, "a,\"\tb", 5) == FORMAT_CODE_NONE);
}

static void names_differ(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_FIXED);
    static const char *const good[] = {"氏名", "a/b", "a,b", NULL};
    static const char *const bad[] = {"", NULL};
    static const char *const twice[] = {"A", "B", "A", NULL};
    assert_usable(&style, good, bad);
    assert_int_equal(misplaced(&style, twice), 2);
    assert_int_equal(misplaced(&style, good), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(cells_are_joined_as_they_are),
        FORMAT_TEST(a_row_stays_one_line),
        FORMAT_TEST(names_differ),
    };
    return cmocka_run_group_tests_name("format_fixed", tests, NULL, NULL);
}
