/* XML documents byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mapping_stage.h"

static void xml_nests_by_path_in_the_order_written(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(XML, "{ to = '@v', value = '1' }, { to = 'P/@id', value = '<&\"\\n' },"
                      "{ to = 'P/Name', from = 'name' }, { to = 'P/I/No', value = 'a&<b>' },"
                      "{ to = 'P/I/Sym', from = 'symbol' }, { to = 'Q', value = '' },"
                      "{ to = 'P/Again', value = 1 }"),
        SHK_OK);
    assert_body("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<R v=\"1\">\n"
                "  <P id=\"&lt;&amp;&quot;&#10;\">\n"
                "    <Name>見本　太郎</Name>\n"
                "    <I>\n"
                "      <No>a&amp;&lt;b&gt;</No>\n"
                "    </I>\n"
                "  </P>\n"
                "  <Q/>\n"
                "  <P>\n"
                "    <Again>1</Again>\n"
                "  </P>\n"
                "</R>\n");
    assert_int_equal(result->fields_n, 6);
    assert_string_equal(result->fields[5].to, "P/Again");
}

static void xml_indexes_make_separate_elements(void **state) {
    (void)state;
    assert_int_equal(run_rows(XML ", indent = 0, declaration = false",
                              "{ to = 'D[1]/@c', value = 1 }, { to = 'D[1]/V', value = 'a' },"
                              "{ to = 'D[2]/@c', value = 2 }, { to = 'D[2]/V', from = 'symbol' },"
                              "{ to = 'E/@a', value = 'x' }, { to = 'E', value = 'y' }"),
                     SHK_OK);
    assert_body("<R>\n<D c=\"1\">\n<V>a</V>\n</D>\n<D c=\"2\"/>\n<E a=\"x\">y</E>\n</R>\n");
}

static void xml_absent_values_can_ask_for_an_element(void **state) {
    (void)state;
    const char *rows =
        "{ to = 'A', from = 'symbol' }, { to = 'B', from = 'symbol', empty = 'element' }";
    assert_int_equal(run_rows(XML ", declaration = 'no'", rows), SHK_OK);
    assert_body("<R>\n  <B/>\n</R>\n");
    assert_int_equal(run_rows(XML ", declaration = 'no', empty = 'element'", rows), SHK_OK);
    assert_body("<R>\n  <A/>\n  <B/>\n</R>\n");
    assert_int_equal(run_rows(XML ", declaration = 'no'", "{ to = 'A', from = 'symbol' }"), SHK_OK);
    assert_body("<R/>\n");
}

static void xml_that_cannot_be_well_formed_is_refused_before_it_runs(void **state) {
    (void)state;
    assert_fault(run_rows(XML, "{ to = 'A/B', value = 1 },\n{ to = 'A/@id', value = 1 }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:4 A/@id to");
    assert_fault(run_rows(XML, "{ to = 'A/B', value = 1 },\n{ to = '@id', value = 1 }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:4 @id to");
    assert_fault(run_rows(XML, "{ to = 'A/@i', value = 1 },\n{ to = 'A/@i', value = 1 }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:4 A/@i to");
    static const char *const bad[] = {"A//B", "/A",   "A/",   "1A",    "A B",
                                      "@a/B", "A[0]", "A[x]", "a:b:c", "@"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char row[64];
        snprintf(row, sizeof row, "{ to = '%s', value = 1 }", bad[i]);
        assert_int_equal(run_rows(XML, row), SHK_E_SCRIPT_CONTRACT);
    }
}

static void xml_stays_well_formed_when_a_row_between_is_absent(void **state) {
    (void)state;
    assert_int_equal(run_rows(XML ", declaration = 'no', indent = 0",
                              "{ to = 'A/B', value = 1 }, { to = 'C', from = 'symbol' },"
                              "{ to = 'A/@id', value = 2 }"),
                     SHK_OK);
    assert_body("<R>\n<A>\n<B>1</B>\n</A>\n<A id=\"2\"/>\n</R>\n");
}

static void xml_control_characters_are_refused(void **state) {
    (void)state;
    assert_fault(run_rows(XML, "{ to = 'A', value = 'a\\1' }"), SHK_E_CHARACTER_LOST,
                 "t.lua:3 A U+0001");
    assert_fault(run_rows(XML, "{ to = 'A', value = '\\u{FFFE}' }"), SHK_E_CHARACTER_LOST,
                 "t.lua:3 A U+FFFE");
    assert_int_equal(run_rows(XML ", declaration = 'no'", "{ to = 'A', value = 'a\\t\\r\\nb' }"),
                     SHK_OK);
    assert_body("<R>\n  <A>a\t&#13;\nb</A>\n</R>\n");
}

static void xml_declares_what_it_is_encoded_in(void **state) {
    (void)state;
    assert_int_equal(run_rows(("format = 'xml', encoding = 'cp932', root = 'R', newline = 'crlf', "
                               "declaration = 'standalone'"),
                              "{ to = '氏', value = '名' }"),
                     SHK_OK);
    assert_body("<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"yes\"?>\r\n<R>\r\n"
                "  <\x8E\x81>\x96\xBC</\x8E\x81>\r\n</R>\r\n");
    assert_int_equal(
        run_rows("format = 'xml', encoding = 'utf-8-bom', root = 'R'", "{ to = 'A', value = 1 }"),
        SHK_OK);
    assert_memory_equal(result->body.p, "\xEF\xBB\xBF<?xml", 8);
    assert_int_equal(result->head.n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(xml_nests_by_path_in_the_order_written),
        MAPPING_TEST(xml_indexes_make_separate_elements),
        MAPPING_TEST(xml_absent_values_can_ask_for_an_element),
        MAPPING_TEST(xml_that_cannot_be_well_formed_is_refused_before_it_runs),
        MAPPING_TEST(xml_stays_well_formed_when_a_row_between_is_absent),
        MAPPING_TEST(xml_control_characters_are_refused),
        MAPPING_TEST(xml_declares_what_it_is_encoded_in),
    };
    return cmocka_run_group_tests_name("mapping_xml", tests, NULL, NULL);
}
