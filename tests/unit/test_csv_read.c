#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "charset.h"
#include "csv_read.h"

/* A text given in pieces of one size. */
static struct {
    const char *p;
    size_t n, piece;
    int32_t fails; /* code of the next call; 0 none */
} tape;

static int32_t next(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    (void)self;
    *n = 0;
    if (tape.fails != SHK_OK) {
        return fault_set(why, tape.fails, SHK_NATIVE_OS, 5, "tape");
    }
    size_t part = tape.piece < cap ? tape.piece : cap;
    *n = part < tape.n ? part : tape.n;
    memcpy(p, tape.p, *n);
    tape.p += *n;
    tape.n -= *n;
    return SHK_OK;
}

static const struct byte_source source = {next, NULL};
static struct fault why;
static struct csv_options options;

static void load(const void *p, size_t n, size_t piece) {
    tape.p = p;
    tape.n = n;
    tape.piece = piece;
    tape.fails = SHK_OK;
    fault_clear(&why);
}

/* "a|b#1 c#2": fields between bars, rows with their line between spaces. */
static int32_t read_all(struct bytes *out) {
    struct csv *csv = NULL;
    struct csv_row row;
    assert_int_equal(csv_new(&options, "t.csv", &source, &csv, &why), SHK_OK);
    int32_t rc = csv_next(csv, &row, &why);
    while (rc == SHK_OK && row.n > 0) {
        char line[32];
        for (size_t i = 0; i < row.n; i++) {
            bytes_append_text(out, i > 0 ? "|" : out->n > 0 ? " " : "");
            bytes_append_text(out, row.field[i]);
        }
        text_format(line, sizeof line, "#%llu", (unsigned long long)row.line);
        bytes_append_text(out, line);
        rc = csv_next(csv, &row, &why);
    }
    struct fault again = {0};
    assert_int_equal(csv_next(csv, &row, &again), rc);
    assert_int_equal(again.code, why.code);
    csv_free(&csv);
    assert_null(csv);
    return rc;
}

static void expect_n(const void *p, size_t n, const char *rows) {
    for (size_t piece = 1; piece < 20; piece += 3) {
        struct bytes out = {0};
        load(p, n, piece);
        assert_int_equal(read_all(&out), SHK_OK);
        assert_string_equal(bytes_text(&out), rows);
        bytes_clear(&out);
    }
}

static void expect(const char *text, const char *rows) {
    expect_n(text, strlen(text), rows);
}

static void expect_fault_n(const void *p, size_t n, const char *where) {
    for (size_t piece = 1; piece < 20; piece += 3) {
        struct bytes out = {0};
        struct csv_survey survey;
        load(p, n, piece);
        assert_int_equal(read_all(&out), SHK_E_TABLE);
        assert_string_equal(why.where, where);
        bytes_clear(&out);
        load(p, n, piece);
        assert_int_equal(csv_survey(&options, "t.csv", &source, &survey, &why), SHK_E_TABLE);
        assert_int_equal(survey.rows, 0);
    }
}

static void expect_fault(const char *text, const char *where) {
    expect_fault_n(text, strlen(text), where);
}

static int set_up(void **state) {
    (void)state;
    options = (struct csv_options){',', CSV_AUTO};
    return 0;
}

static void every_line_end_ends_a_row(void **state) {
    (void)state;
    expect("a,b\nc,d\n", "a|b#1 c|d#2");
    expect("a,b\r\nc,d\r\n", "a|b#1 c|d#2");
    expect("a,b\rc,d\r", "a|b#1 c|d#2");
    expect("a,b\nc,d", "a|b#1 c|d#2");
    expect("a\r\n\r\nb\n\n\rc", "a#1 b#3 c#6");
}

static void empty_fields_are_fields(void **state) {
    (void)state;
    expect(",a,\n,,\nb,,\n", "|a|#1 b||#3");
    expect("a,", "a|#1");
    expect("\"\",a", "|a#1");
    expect("", "");
    expect("\n\r\n,,,\n\"\"\n", "");
}

static void quotes_hold_what_would_separate(void **state) {
    (void)state;
    expect("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d#1");
    expect("\"a\nb\",c\nd\n", "a\nb|c#1 d#3");
    expect("\"a\r\nb\r\r\n\"\nd\n", "a\r\nb\r\r\n#1 d#5");
    expect("a\"b\"c,d\n", "a\"b\"c|d#1");
    expect("\"\"\"\"\n", "\"#1");
}

static void a_tab_separates_when_asked_for(void **state) {
    (void)state;
    options.separator = '\t';
    expect("a,b\tc\n\"d\te\"\tf\n", "a,b|c#1 d\te|f#2");
}

static void a_byte_order_mark_is_no_text(void **state) {
    (void)state;
    expect("\xEF\xBB\xBF"
           "a,b\n",
           "a|b#1");
    expect("\xEF\xBB\xBF", "");
    expect("\xEF\xBB\xBF\"a,b\"\n", "a,b#1");
    options.encoding = CSV_UTF8;
    expect("\xEF\xBB\xBF"
           "a\n",
           "a#1");
    options.encoding = CSV_CP932;
    expect_fault("\xEF\xBB\xBF"
                 "a\n",
                 "t.csv:1 文字コードが UTF-8 です");
}

static void code_page_932_is_recognised(void **state) {
    (void)state;
    struct bytes cp932 = {0};
    struct cp932_loss loss = {0};
    const char *text = "氏名,表\n見本　太郎,ソ十\n"; /* 表 and ソ end with a backslash there */
    assert_int_equal(utf8_to_cp932(text, strlen(text), &cp932, &loss), SHK_OK);
    assert_int_equal(loss.count, 0);
    expect_n(cp932.p, cp932.n, "氏名|表#1 見本　太郎|ソ十#2");
    options.encoding = CSV_CP932;
    expect_n(cp932.p, cp932.n, "氏名|表#1 見本　太郎|ソ十#2");
    options.encoding = CSV_UTF8;
    expect_fault_n(cp932.p, cp932.n, "t.csv:1 文字コードが UTF-8 ではありません");
    options.encoding = CSV_AUTO;
    expect(text, "氏名|表#1 見本　太郎|ソ十#2");
    bytes_clear(&cp932);
}

static void bytes_of_no_encoding_are_a_fault_with_their_line(void **state) {
    (void)state;
    options.encoding = CSV_CP932;
    expect_fault("a\nb,\xFD\xFF\n", "t.csv:2 文字コードが CP932 ではありません");
    options.encoding = CSV_UTF8;
    expect_fault("a\nb\n\"\n\",\xC0\xAF\n", "t.csv:3 文字コードが UTF-8 ではありません");
}

static void what_cannot_be_a_table_is_a_fault_with_its_line(void **state) {
    (void)state;
    expect_fault("a\nb,\"c\nd\n", "t.csv:2 引用符が閉じていません");
    expect_fault("a\n\"b\"c\n", "t.csv:2 閉じた引用符のあとに文字があります");
    expect_fault("a\n\"b\" ,c\n", "t.csv:2 閉じた引用符のあとに文字があります");
    expect_fault_n("a\nb\0c\n", 6, "t.csv:2 使えない文字（NUL）があります");
    expect_fault_n("\xFF\xFE"
                   "a\0",
                   4, "t.csv:1 文字コードが UTF-16 です");
    expect_fault_n("\xFE\xFF\0a", 4, "t.csv:1 文字コードが UTF-16 です");
}

static void expect_long(size_t n, const char *begin, const char *unit, const char *where) {
    struct bytes text = {0};
    struct bytes out = {0};
    bytes_append_text(&text, begin);
    while (text.n < n) {
        bytes_append_text(&text, unit);
    }
    load(text.p, text.n, 4096);
    assert_int_equal(read_all(&out), where != NULL ? SHK_E_TABLE : SHK_OK);
    assert_string_equal(why.where, where != NULL ? where : "");
    bytes_clear(&text);
    bytes_clear(&out);
}

static void rows_and_fields_have_a_limit(void **state) {
    (void)state;
    expect_long(CSV_FIELD_MAX, "", "x", NULL);
    expect_long(CSV_FIELD_MAX + 1, "", "x", "t.csv:1 項目が長すぎます");
    expect_long(100000, "a\n\"", "x\n", "t.csv:2 引用符が閉じていないか、項目が長すぎます");
    expect_long(CSV_ROW_MAX + 10, "",
                "123456789012345678901234567890123456789012345678901234567890"
                "12345678901234567890123456789012345678901234567890123456789"
                "012345678901234567890123456789,",
                "t.csv:1 行が長すぎます");
    expect_long(CSV_FIELDS_MAX - 1, "", ",", NULL);
    expect_long(CSV_FIELDS_MAX, "", ",", "t.csv:1 列が多すぎます");
}

static void the_end_mark_of_old_systems_is_no_row(void **state) {
    (void)state;
    expect("a\n\x1A", "a#1");
    expect("a\nb\x1A\n", "a#1 b\x1A#2");
}

static void a_fault_of_the_source_is_passed_on(void **state) {
    (void)state;
    struct bytes out = {0};
    struct csv_survey survey;
    load("a\n", 2, 1);
    tape.fails = SHK_E_CANCELLED;
    assert_int_equal(read_all(&out), SHK_E_CANCELLED);
    assert_string_equal(why.where, "tape");
    fault_clear(&why);
    assert_int_equal(csv_survey(&options, "t.csv", &source, &survey, &why), SHK_E_CANCELLED);
    bytes_clear(&out);
}

static void expect_survey(const void *p, size_t n, uint64_t rows, enum csv_encoding encoding) {
    struct csv_survey survey;
    load(p, n, 5);
    assert_int_equal(csv_survey(&options, "t.csv", &source, &survey, &why), SHK_OK);
    assert_int_equal(survey.rows, rows);
    assert_int_equal(survey.encoding, encoding);
}

static void a_survey_proves_one_encoding_for_the_whole_table(void **state) {
    (void)state;
    struct csv_survey survey;
    expect_survey("a\n\nb\n", 5, 2, CSV_UTF8);
    expect_survey("", 0, 0, CSV_UTF8);
    expect_survey("a\n\x95\x5C\n", 5, 2, CSV_CP932);
    expect_survey("a\n表\n", 6, 2, CSV_UTF8);
    load("a\n表\n\x95\x5C\xFD\n", 10, 5); /* both, and neither for the whole */
    assert_int_equal(csv_survey(&options, "t.csv", &source, &survey, &why), SHK_E_TABLE);
    assert_string_equal(why.where, "t.csv:3 文字コードが UTF-8 でも CP932 でもありません");
}

#define CASE(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(every_line_end_ends_a_row),
        CASE(empty_fields_are_fields),
        CASE(quotes_hold_what_would_separate),
        CASE(a_tab_separates_when_asked_for),
        CASE(a_byte_order_mark_is_no_text),
        CASE(code_page_932_is_recognised),
        CASE(bytes_of_no_encoding_are_a_fault_with_their_line),
        CASE(what_cannot_be_a_table_is_a_fault_with_its_line),
        CASE(rows_and_fields_have_a_limit),
        CASE(the_end_mark_of_old_systems_is_no_row),
        CASE(a_fault_of_the_source_is_passed_on),
        CASE(a_survey_proves_one_encoding_for_the_whole_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
