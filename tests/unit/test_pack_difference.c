/* Where two documents part: byte, line and column in every encoding of a row format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pack_difference.h"

static struct mapped_field fields[] = {{"A", "1"}, {"B", "22"}, {"C", "333"}};

struct doc {
    const char *format, *encoding, *head, *body;
    size_t body_n; /* 0: its length */
};

static struct pack_difference find(const struct doc *doc, const char *expected, size_t n,
                                   char sep) {
    struct mapping_result got = {.fields = fields, .fields_n = 3};
    struct bytes wanted = {0};
    struct pack_difference d;
    text_copy(got.format, sizeof got.format, doc->format);
    text_copy(got.encoding, sizeof got.encoding, doc->encoding);
    assert_int_equal(bytes_append_text(&got.head, doc->head), SHK_OK);
    size_t body_n = doc->body_n > 0 ? doc->body_n : strlen(doc->body);
    assert_int_equal(bytes_append(&got.body, doc->body, body_n), SHK_OK);
    assert_int_equal(bytes_append(&wanted, expected, n), SHK_OK);
    bool differs = pack_difference_find(&got, &wanted, sep, &d);
    assert_int_equal(differs, d.line > 0);
    bytes_clear(&got.head);
    bytes_clear(&got.body);
    bytes_clear(&wanted);
    return d;
}

static void assert_at(const struct doc *doc, const char *expected, char sep, size_t byte,
                      int32_t line, const char *column) {
    struct pack_difference d = find(doc, expected, strlen(expected), sep);
    assert_int_equal(d.byte, byte);
    assert_int_equal(d.line, line);
    assert_string_equal(d.column, column);
}

static void the_same_is_no_difference(void **state) {
    const struct doc doc = {"csv", "utf-8", "A,B,C\r\n", "1,22,333\r\n", 0};
    (void)state;
    assert_int_equal(find(&doc, "A,B,C\r\n1,22,333\r\n", 17, ',').line, 0);
    const struct doc empty = {"csv", "utf-8", "", "", 0};
    assert_int_equal(find(&empty, "", 0, ',').line, 0);
}

static void the_column_of_a_row_is_named(void **state) {
    const struct doc doc = {"csv", "utf-8", "A,B,C\r\n", "1,22,333\r\n", 0};
    (void)state;
    assert_at(&doc, "A,X,C\r\n1,22,333\r\n", ',', 2, 1, "B");
    assert_at(&doc, "A,B,C\r\n2,22,333\r\n", ',', 7, 2, "A");
    assert_at(&doc, "A,B,C\r\n1,23,333\r\n", ',', 10, 2, "B");
    assert_at(&doc, "A,B,C\r\n1,222,333\r\n", ',', 11, 2, "B");
    assert_at(&doc, "A,B,C\r\n1,22,33\r\n", ',', 14, 2, "C");
    assert_at(&doc, "A,B,C\r\n1,22,333\n", ',', 15, 2, "C");
    assert_at(&doc, "A,B,C\r\n1,22,333\r\n\r\n", ',', 17, 3, "");
    assert_at(&doc, "A,B,C\r\n", ',', 7, 2, "A");
    assert_at(&doc, "", ',', 0, 1, "A");
}

static void quotes_hide_separators_and_line_ends(void **state) {
    const struct doc doc = {"csv", "utf-8", "", "\"1,\"\"\n,\";22;333\n", 0};
    (void)state;
    assert_at(&doc, "\"1,\"\"\n,\";2x;333\n", ';', 10, 2, "B");
    assert_at(&doc, "\"1,\"\"\n.\";22;333\n", ';', 6, 2, "A");
    const struct doc inner = {"csv", "utf-8", "", "1;\"a\r\nb\";3\n", 0};
    assert_at(&inner, "1;\"a\r\nb\";4\n", ';', 9, 2, "C");
    const struct doc tabs = {"tsv", "utf-8-bom", "\xEF\xBB\xBF", "1\t22\t333\r", 0};
    assert_at(&tabs,
              "\xEF\xBB\xBF"
              "1\t22\t334\r",
              '\t', 10, 1, "C");
    assert_at(&tabs, "1\t22\t333\r", '\t', 0, 1, "A");
}

/* The second byte of a character may look like a separator or a quote. */
static void a_byte_inside_a_character_parts_nothing(void **state) {
    const struct doc cp932 = {"csv", "cp932", "", "\x83\x7C|\xB1|3", 0};           /* ポ|ｱ|3 */
    const struct doc jis = {"csv", "iso-2022-jp", "", "\x1B$B$\",,\x1B(B,2,3", 0}; /* あ… */
    const struct doc euc = {"csv", "euc-jp", "", "\x8F\xB0\xA1\xA4\xA2,\x8E\xB1,3", 0};
    (void)state;
    assert_at(&cp932, "\x83\x7C|\xB1|4", '|', 5, 1, "C");
    assert_at(&cp932, "\x83\x7D|\xB1|3", '|', 1, 1, "A");
    const struct doc kanji = {"csv", "cp932", "", "\xE0\x7C|2|3", 0};
    assert_at(&kanji, "\xE0\x7C|3|3", '|', 3, 1, "B");
    assert_at(&jis, "\x1B$B$\",,\x1B(B,3,3", ',', 11, 1, "B");
    assert_at(&jis, "\x1B$B$\",-\x1B(B,2,3", ',', 6, 1, "A");
    assert_at(&euc, "\x8F\xB0\xA1\xA4\xA2,\x8E\xB1,4", ',', 9, 1, "C");
}

static void the_column_of_a_fixed_width_is_counted_in_characters(void **state) {
    static struct mapped_field wide[] = {{"A", "見本"}, {"B", "22"}, {"C", "333"}};
    const struct doc doc = {"fixed", "cp932", "",
                            "\x8C\xA9\x96\x7B"
                            "22333\r\n",
                            0};
    (void)state;
    struct mapped_field old = fields[0];
    fields[0] = wide[0];
    assert_at(&doc,
              "\x8C\xA9\x96\x7B"
              "22334\r\n",
              ',', 8, 1, "C");
    assert_at(&doc,
              "\x8C\xA9\x96\x7C"
              "22333\r\n",
              ',', 3, 1, "A");
    assert_at(&doc,
              "\x8C\xA9\x96\x7B"
              "32333\r\n",
              ',', 4, 1, "B");
    assert_at(&doc,
              "\x8C\xA9\x96\x7B"
              "22333 \r\n",
              ',', 9, 1, "");
    const struct doc marked = {"fixed", "utf-8-bom", "\xEF\xBB\xBF", "見本22333\r\n", 0};
    assert_at(&marked,
              "\xEF\xBB\xBF"
              "見本23333\r\n",
              ',', 10, 1, "B");
    fields[0] = old;
}

static void other_formats_have_lines_only(void **state) {
    const struct doc doc = {"xml", "utf-8", "", "<a>\n<b>1,2</b>\n</a>\n", 0};
    (void)state;
    assert_at(&doc, "<a>\n<b>1,3</b>\n</a>\n", ',', 9, 2, "");
    const struct doc cr = {"hl7", "utf-8", "", "MSH|1\rPID|1\r", 0};
    assert_at(&cr, "MSH|1\rPID|2\r", ',', 10, 2, "");
}

static void what_is_no_text_is_walked_through(void **state) {
    const struct doc cut = {"csv", "cp932", "", "1,\x83", 0};
    const struct doc junk = {"csv", "utf-8", "", "\xFF\xC3,\xE3\x81", 0};
    const struct doc escapes = {"csv", "iso-2022-jp", "", "\x1B\x1B$,\x1B$(D", 0};
    (void)state;
    assert_at(&cut, "1,\x84", ',', 2, 1, "B");
    assert_at(&junk, "\xFF\xC3,\xE3\x82", ',', 4, 1, "B");
    assert_at(&escapes, "\x1B\x1B$,\x1B$(E", ',', 7, 1, "A");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_no_difference),
        cmocka_unit_test(the_column_of_a_row_is_named),
        cmocka_unit_test(quotes_hide_separators_and_line_ends),
        cmocka_unit_test(a_byte_inside_a_character_parts_nothing),
        cmocka_unit_test(the_column_of_a_fixed_width_is_counted_in_characters),
        cmocka_unit_test(other_formats_have_lines_only),
        cmocka_unit_test(what_is_no_text_is_walked_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
