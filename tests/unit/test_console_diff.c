/* Two outputs against each other, and rows taken apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "diff.h"
#include "rows.h"

/* What was told, a line a part: "-2 +3,4". */
struct told {
    char text[8192];
    struct row_style style;
};

static void add(struct told *told, char sign, const struct diff_line *lines, size_t n) {
    size_t at = strlen(told->text);
    for (size_t i = 0; i < n; i++) {
        at += (size_t)snprintf(told->text + at, sizeof told->text - at, "%s%c%ld",
                               i == 0 ? "" : ",", sign, (long)lines[i].number);
    }
    (void)snprintf(told->text + at, sizeof told->text - at, " ");
}

static void take_part(void *self, const struct diff_part *part) {
    add(self, '-', part->was, part->was_n);
    add(self, '+', part->now, part->now_n);
    size_t at = strlen(((struct told *)self)->text);
    (void)snprintf(((struct told *)self)->text + at, 2, "|");
}

static bool is_whole(void *self, const char *p, size_t n) {
    return row_is_whole(&((struct told *)self)->style, p, n);
}

static FILE *file_of(const char *p, size_t n) {
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(p, 1, n, file), n);
    rewind(file);
    return file;
}

/* The new text in pieces of that size. */
static void compare_n(const char *was, size_t was_n, const char *now, size_t now_n, size_t piece,
                      const struct row_style *style, struct told *told) {
    struct diff_ops ops = {is_whole, take_part, told};
    FILE *file = file_of(was, was_n);
    *told = (struct told){.style = *style};
    struct diff *diff = diff_new(file, &ops);
    assert_non_null(diff);
    for (size_t at = 0; at < now_n; at += piece) {
        assert_true(diff_take(diff, now + at, now_n - at < piece ? now_n - at : piece));
    }
    assert_true(diff_end(diff));
    diff_free(&diff);
    assert_null(diff);
    (void)fclose(file);
}

static const struct row_style plain_style = {.separator = ','};
static const struct row_style csv_style = {.rows = true, .quotes = true, .separator = ','};

static void assert_parts(const char *was, const char *now, const char *expected) {
    static const size_t pieces[] = {1, 2, 3, 7, 4096};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct told told;
        compare_n(was, strlen(was), now, strlen(now), pieces[i], &plain_style, &told);
        assert_string_equal(told.text, expected);
    }
}

static void equal_texts_have_no_difference(void **state) {
    (void)state;
    assert_parts("", "", "");
    assert_parts("a\nb\n", "a\nb\n", "");
    assert_parts("a\r\nb", "a\r\nb", "");
    assert_parts("MSH\rPID\r", "MSH\rPID\r", "");
}

static void a_changed_line_stands_against_the_old_one(void **state) {
    (void)state;
    assert_parts("a\nb\nc\n", "a\nB\nc\n", "-2 +2 |");
    assert_parts("a\nb\nc\nd\n", "a\nB\nC\nd\n", "-2,-3 +2,+3 |");
    assert_parts("MSH\rPID|1\rIN1\r", "MSH\rPID|2\rIN1\r", "-2 +2 |");
}

static void lines_that_came_or_went_shift_the_others(void **state) {
    (void)state;
    assert_parts("a\nb\nc\n", "a\nx\nb\nc\n", " +2 |");
    assert_parts("a\nx\ny\nb\nc\n", "a\nb\nc\n", "-2,-3  |");
    assert_parts("a\n", "", "-1  |");
    assert_parts("", "a\nb\n", " +1,+2 |");
    assert_parts("a\nb\n", "a\n", "-2  |");
}

static void line_ends_count(void **state) {
    (void)state;
    assert_parts("a\r\nb\r\n", "a\nb\r\n", "-1 +1 |");
    assert_parts("a\nb\n", "a\nb", "-2 +2 |");
    assert_parts("a\rb\r", "a\rb\r\n", "-2 +2 |");
}

/* Zero bytes are bytes like others. */
static void every_byte_is_compared(void **state) {
    struct told told;
    (void)state;
    compare_n("a\0b\n", 4, "a\0c\n", 4, 1, &plain_style, &told);
    assert_string_equal(told.text, "-1 +1 |");
}

static char *numbered(size_t n, size_t changed_every, size_t left_out, size_t *length) {
    char *text = malloc(n * 24 + 1);
    size_t at = 0;
    assert_non_null(text);
    for (size_t i = 1; i <= n; i++) {
        bool changed = changed_every > 0 && i % changed_every == 0;
        if (i != left_out) {
            at += (size_t)snprintf(text + at, 24, "%s%zu\r\n", changed ? "changed " : "row ", i);
        }
    }
    *length = at;
    return text;
}

static void long_texts_are_compared_in_little_memory(void **state) {
    size_t was_n, now_n;
    struct told told;
    char *was = numbered(100000, 0, 0, &was_n);
    char *now = numbered(100000, 30000, 50000, &now_n);
    (void)state;
    compare_n(was, was_n, now, now_n, 5000, &plain_style, &told);
    assert_string_equal(told.text, "-30000 +30000 |-50000  |-60000 +59999 |-90000 +89999 |");
    free(was);
    free(now);
}

static void a_row_goes_on_behind_a_line_break_in_quotes(void **state) {
    static const char was[] = "a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n";
    static const char now[] = "a,b\r\n1,\"x\r\nY\"\r\n2,z\r\n";
    struct told told;
    (void)state;
    for (size_t piece = 1; piece < 20; piece++) {
        compare_n(was, sizeof was - 1, now, sizeof now - 1, piece, &csv_style, &told);
        assert_string_equal(told.text, "-2 +2 |");
    }
    /* The line behind it has the number that an editor shows. */
    compare_n(was, sizeof was - 1, "a,b\r\n1,\"x\r\ny\"\r\n2,Z\r\n", sizeof was - 1, 3, &csv_style,
              &told);
    assert_string_equal(told.text, "-4 +4 |");
}

static void a_quote_that_never_ends_does_not_swallow_the_text(void **state) {
    struct told told;
    size_t n;
    char *text = numbered(20000, 0, 0, &n);
    (void)state;
    text[0] = '"';
    char *changed = numbered(20000, 20000, 0, &n);
    changed[0] = '"';
    compare_n(text, strlen(text), changed, n, 4096, &csv_style, &told);
    assert_string_equal(told.text, "-20000 +20000 |");
    free(text);
    free(changed);
}

static void assert_split(const struct row_style *style, const char *text, size_t n,
                         const char *const *expected) {
    char room[256];
    struct row row;
    assert_true((size_t)snprintf(room, sizeof room, "%s", text) < sizeof room);
    assert_true(row_split(style, room, &row));
    assert_int_equal(row.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(row.at[i], expected[i]);
    }
    row_clear(&row);
}

static void rows_are_taken_apart(void **state) {
    static const struct row_style tabs = {.rows = true, .separator = '\t'};
    (void)state;
    assert_split(&csv_style, "a,b,c", 3, (const char *const[]){"a", "b", "c"});
    assert_split(&csv_style, "", 1, (const char *const[]){""});
    assert_split(&csv_style, "a,,", 3, (const char *const[]){"a", "", ""});
    assert_split(&csv_style, "\"a,b\",\"c\"\"d\",\"\"", 3,
                 (const char *const[]){"a,b", "c\"d", ""});
    assert_split(&csv_style, "a\"b,c", 2, (const char *const[]){"a\"b", "c"});
    assert_split(&csv_style, "\"open,c", 1, (const char *const[]){"open,c"});
    assert_split(&tabs, "\"a\tb\"", 2, (const char *const[]){"\"a", "b\""});
}

static char separator_of(const char *format, const char *first) {
    return row_style_of(format, first, strlen(first)).separator;
}

static void the_separator_is_seen_in_the_first_line(void **state) {
    (void)state;
    assert_int_equal(separator_of("csv", "a,b,c\nx;y;z;z"), ',');
    assert_int_equal(separator_of("csv", "\"a,b,c\";d"), ';');
    assert_int_equal(separator_of("csv", "a|b"), '|');
    assert_int_equal(separator_of("csv", "alone"), ',');
    assert_int_equal(separator_of("tsv", "a,b\tc"), '\t');
    assert_false(row_style_of("xml", "<a/>", 4).rows);
    assert_false(row_style_of(NULL, "", 0).rows);
    assert_false(row_style_of("tsv", "a", 1).quotes);
}

/* In ISO-2022-JP the bytes of a quote and of a comma stand in kanji too. */
static void kanji_of_iso_2022_jp_hold_no_quotes(void **state) {
    static const char text[] = "a,\x1B$B\"A\"#\x1B(B,b";
    (void)state;
    assert_true(row_is_whole(&csv_style, text, sizeof text - 1));
    assert_false(row_is_whole(&csv_style, "a,\"b", 4));
    assert_true(row_is_whole(&csv_style, "a,\"b\"\"\"", 8));
}

static void assert_text(const char *encoding, const char *bytes, const char *expected) {
    struct charset *charset = charset_new(encoding);
    assert_non_null(charset);
    char *text = charset_text(charset, bytes, strlen(bytes));
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    charset_free(&charset);
}

static void bytes_of_every_encoding_become_readable(void **state) {
    (void)state;
    assert_text("utf-8", "見本\xFF", "見本\xEF\xBF\xBD");
    assert_text("utf-8-bom", "\xEF\xBB\xBF見本", "見本");
    assert_text("cp932", "\x8C\xA9\x96\x7B\x87\x40\xFB\xFC", "見本①髙");
    assert_text("cp932", "\x8C", "\xEF\xBF\xBD");
    assert_text("euc-jp", "\xB8\xAB\xCB\xDC", "見本");
    assert_text("iso-2022-jp", "\x1B$B8+K\\\x1B(Ba", "見本a");
    assert_text(NULL, "a", "a");
    assert_text("utf-8", "", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_have_no_difference),
        cmocka_unit_test(a_changed_line_stands_against_the_old_one),
        cmocka_unit_test(lines_that_came_or_went_shift_the_others),
        cmocka_unit_test(line_ends_count),
        cmocka_unit_test(every_byte_is_compared),
        cmocka_unit_test(long_texts_are_compared_in_little_memory),
        cmocka_unit_test(a_row_goes_on_behind_a_line_break_in_quotes),
        cmocka_unit_test(a_quote_that_never_ends_does_not_swallow_the_text),
        cmocka_unit_test(rows_are_taken_apart),
        cmocka_unit_test(the_separator_is_seen_in_the_first_line),
        cmocka_unit_test(kanji_of_iso_2022_jp_hold_no_quotes),
        cmocka_unit_test(bytes_of_every_encoding_become_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
