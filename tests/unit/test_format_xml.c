/* XML documents beyond what test_mapping_xml.c shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format_stage.h"

#define ELEMENT(name)                                                                              \
    { .to = (name), .empty = EMPTY_ELEMENT }
#define NIL(name)                                                                                  \
    { .to = (name), .empty = EMPTY_NIL }

static void text_can_stand_behind_elements(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("addr/@use", "H"),
        CELL("addr/postalCode", "999-9999"),
        CELL("addr/text()", "見本市<1>"),
        CELL("name", "x"),
    };
    const struct format_style style = style_of(FORMAT_XML);
    assert_written(
        &style, cells, COUNT(cells),
        "<R>\n  <addr use=\"H\"><postalCode>999-9999</postalCode>見本市&lt;1&gt;</addr>\n"
        "  <name>x</name>\n</R>\n");
}

static void nothing_is_added_to_mixed_content(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("p/text()", "a"),   CELL("p/b/c", "b"),   CELL("p/b/d/@x", "1"),
        CELL("p/text()", "c"),   CELL("p/text()", ""), CELL("q/text()", "alone"),
        CELL("r/text()", ""),    CELL("s/e", "x"),     CELL("s/text()", ""),
        CELL("text()", "root "),
    };
    const struct format_style style = style_of(FORMAT_XML);
    assert_written(&style, cells, COUNT(cells),
                   "<R><p>a<b><c>b</c><d x=\"1\"/></b>c</p><q>alone</q><r/><s><e>x</e></s>root "
                   "</R>\n");
    assert_written(&style, cells, COUNT(cells) - 1,
                   "<R>\n  <p>a<b><c>b</c><d x=\"1\"/></b>c</p>\n  <q>alone</q>\n  <r/>\n"
                   "  <s><e>x</e></s>\n</R>\n");
}

static void absent_text_leaves_no_trace(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("a/b", "1"),    CELL("a/text()", NULL), NIL("c/text()"),
        ELEMENT("d/text()"), ELEMENT("e/@x"),        NIL("f/@x"),
    };
    const struct format_style style = style_of(FORMAT_XML);
    assert_written(&style, cells, COUNT(cells),
                   "<R>\n  <a>\n    <b>1</b>\n  </a>\n  <d/>\n  <e x=\"\"/>\n</R>\n");
}

static void names_may_have_a_prefix(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("@xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        CELL("value/@xsi:type", "CD"),
        CELL("x:value", "1"),
    };
    struct format_style style = style_of(FORMAT_XML);
    style.root = "x:R";
    assert_written(&style, cells + 1, 2,
                   "<x:R>\n  <value xsi:type=\"CD\"/>\n  <x:value>1</x:value>\n</x:R>\n");
    assert_written(&style, cells, 1,
                   "<x:R xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"/>\n");
}

static void absent_elements_can_be_nil(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("@xmlns:xsi", "urn:own"),
        CELL("a/@i", "1"),
        NIL("a"),
        NIL("b/c"),
        {.to = "d", .value = "", .empty = EMPTY_NIL},
    };
    const struct format_style style = style_of(FORMAT_XML);
    assert_written(&style, cells, COUNT(cells),
                   "<R xmlns:xsi=\"urn:own\">\n  <a i=\"1\" xsi:nil=\"true\"/>\n  <b>\n"
                   "    <c xsi:nil=\"true\"/>\n  </b>\n  <d/>\n</R>\n");
    assert_written(&style, cells + 3, 1,
                   "<R xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n  <b>\n"
                   "    <c xsi:nil=\"true\"/>\n  </b>\n</R>\n");
    assert_written(&style, cells + 4, 1, "<R>\n  <d/>\n</R>\n");
}

static void leaves_and_groups_can_say_what_they_are(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("p/@type", "array"),
        CELL("p/q/No", "1"),
        CELL("p/q/Own/@type", "int"),
        CELL("p/q/Own", "2"),
        CELL("p/q/@x", NULL),
        CELL("p/q/E", ""),
        NIL("p/q/N"),
        CELL("m/a", "1"),
        CELL("m/text()", "t"),
    };
    struct format_style style = style_of(FORMAT_XML);
    style.leaf_name = "type";
    style.leaf_value = "string";
    style.group_name = "type";
    style.group_value = "record";
    style.indent = 0;
    assert_written(
        &style, cells, COUNT(cells),
        "<R xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n<p type=\"array\">\n"
        "<q type=\"record\">\n<No type=\"string\">1</No>\n<Own type=\"int\">2</Own>\n"
        "<E type=\"string\"/>\n<N type=\"string\" xsi:nil=\"true\"/>\n</q>\n</p>\n"
        "<m type=\"record\"><a type=\"string\">1</a>t</m>\n</R>\n");
    style.leaf_name = NULL;
    assert_written(&style, cells + 1, 1,
                   "<R>\n<p type=\"record\">\n<q type=\"record\">\n<No>1</No>\n</q>\n</p>\n</R>\n");
    const struct format_cell root[] = {CELL("@type", "own"), CELL("a", "1")};
    assert_written(&style, root, 2, "<R type=\"own\">\n<a>1</a>\n</R>\n");
}

static void line_ends_encoding_and_indentation_are_a_choice(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("a/b", "x\ny\r"), CELL("a/c", "2")};
    struct format_style style = style_of(FORMAT_XML);
    style.declaration = DECLARATION_STANDALONE;
    style.encoding_name = "ISO-2022-JP";
    style.newline = "\r";
    style.indent = 8;
    style.bom = true;
    assert_written(
        &style, cells, COUNT(cells),
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"ISO-2022-JP\" standalone=\"yes\"?>\r"
        "<R>\r        <a>\r                <b>x\ny&#13;</b>\r                <c>2</c>\r"
        "        </a>\r</R>\r");
    assert_int_equal(head.n, 0);
    style.bom = false;
    style.indent = -1;
    style.declaration = DECLARATION_YES;
    assert_written(
        &style, cells, COUNT(cells),
        "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><R><a><b>x\ny&#13;</b><c>2</c></a>"
        "</R>\r");
}

static void deep_documents_keep_their_indentation(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", "x")};
    struct format_style style = style_of(FORMAT_XML);
    style.indent = 8;
    assert_int_equal(write_cells(&style, cells, 1), SHK_OK);
    /* Both tags of each level, the innermost element's once. */
    size_t spaces = 0;
    for (size_t i = 0; i < body.n; i++) {
        spaces += body.p[i] == ' ' ? 1 : 0;
    }
    assert_int_equal(spaces, 8 * (2 * (15 * 16 / 2) + 16));
}

static void paths_are_names_and_an_end(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_XML);
    static const char *const good[] = {
        "A",          "A/B[2]/@id", "@id",     "text()",
        "A/text()",   "xsi:type",   "A/@x:y",  "見本/@番号",
        "a:b/c:d[1]", "A.b-c_1",    "A[9999]", "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/@q",
        NULL};
    static const char *const bad[] = {
        "",          "A//B",      "/A",     "A/",       "1A",
        "A B",       "@a/B",      "A[0]",   "A[x]",     "A[]",
        "A[1",       "@",         "a:",     ":a",       "a:b:c",
        "a:1",       "@a:",       "@id[2]", "text()/A", "A/text()/B",
        "text()[1]", "A/@text()", "[1]",    "A[1]B",    "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
        NULL};
    assert_usable(&style, good, bad);
    assert_true(xml_name_usable("xsi:type", 8));
    assert_false(xml_name_usable("xsi:type:", 9));
    assert_false(xml_name_usable("", 0));
}

static void attributes_come_first_and_once(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_XML);
    static const char *const behind_child[] = {"A/B", "A/@id", NULL};
    static const char *const behind_grandchild[] = {"A/B/@x", "A/@id", NULL};
    static const char *const behind_text[] = {"A/text()", "A/@id", NULL};
    static const char *const root_behind[] = {"@a", "A", "@b", NULL};
    static const char *const twice[] = {"A/@i", "B/@i", "A/@i", NULL};
    static const char *const whole_behind[] = {"A/text()", "A", NULL};
    static const char *const fine[] = {"@v",       "A/@i", "A",      "A",        "A/B",
                                       "A/text()", "A/B",  "A/C/@i", "A/text()", "A[2]/@i",
                                       "text()",   "B",    NULL};
    assert_int_equal(misplaced(&style, behind_child), 1);
    assert_int_equal(misplaced(&style, behind_grandchild), 1);
    assert_int_equal(misplaced(&style, behind_text), 1);
    assert_int_equal(misplaced(&style, root_behind), 2);
    assert_int_equal(misplaced(&style, twice), 2);
    assert_int_equal(misplaced(&style, whole_behind), 1);
    assert_int_equal(misplaced(&style, fine), 12);
}

static void what_is_not_checked_is_still_no_broken_document(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("A/B", "1"), CELL("A/@i", "2"), CELL("@r", "3"),
                                        CELL("A/B", "4"), CELL("A", "5")};
    const struct format_cell wrong[] = {CELL("A", "1"), CELL("A//", "2")};
    struct format_style style = style_of(FORMAT_XML);
    style.indent = -1;
    assert_written(&style, cells, COUNT(cells),
                   "<R r=\"3\"><A><B>1</B></A><A i=\"2\"/><A><B>4</B></A><A>5</A></R>\n");
    assert_int_equal(write_cells(&style, wrong, 2), SHK_E_VALUE);
    assert_int_equal(body.n, 0);
}

static void controls_are_forbidden(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_XML);
    assert_true(format_forbidden(&style, "\t\r\n\x7F見本\xEF\xBF\xBD", 13) == FORMAT_CODE_NONE);
    assert_int_equal(format_forbidden(&style, "a\x1F", 2), 0x1F);
    assert_int_equal(format_forbidden(&style, "a\0b", 3), 0);
    assert_int_equal(format_forbidden(&style, "見\xEF\xBF\xBE", 6), 0xFFFE);
    assert_int_equal(format_forbidden(&style, "\xEF\xBF\xBF", 3), 0xFFFF);
    assert_true(format_forbidden(&style, "\xEF\xBE\xBF", 3) == FORMAT_CODE_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(text_can_stand_behind_elements),
        FORMAT_TEST(nothing_is_added_to_mixed_content),
        FORMAT_TEST(absent_text_leaves_no_trace),
        FORMAT_TEST(names_may_have_a_prefix),
        FORMAT_TEST(absent_elements_can_be_nil),
        FORMAT_TEST(leaves_and_groups_can_say_what_they_are),
        FORMAT_TEST(line_ends_encoding_and_indentation_are_a_choice),
        FORMAT_TEST(deep_documents_keep_their_indentation),
        FORMAT_TEST(paths_are_names_and_an_end),
        FORMAT_TEST(attributes_come_first_and_once),
        FORMAT_TEST(what_is_not_checked_is_still_no_broken_document),
        FORMAT_TEST(controls_are_forbidden),
    };
    return cmocka_run_group_tests_name("format_xml", tests, NULL, NULL);
}
