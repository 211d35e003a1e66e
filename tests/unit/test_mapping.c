/* Scripts: what the contract refuses, what documents look like byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lua_text.h"
#include "mapping.h"

#define ITEM                                                                                             \
    "<InsuredCardClassification>01</InsuredCardClassification><InsurerNumber>  990010"                   \
    "</InsurerNumber><Name>見本　太郎</Name><NameKana>ﾐﾎﾝ ﾀﾛｳ</NameKana><Sex1>1</Sex1>" \
    "<Birthdate>19890107</Birthdate><InsurerName>見本市</InsurerName>"                                \
    "<InsuredBranchNumber></InsuredBranchNumber>"

static struct record_set *records;
static struct mapping_result *result;
static struct fault why;

static void load_record(const char *item) {
    static char xml[8192];
    snprintf(xml, sizeof xml,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
             "<ProcessExecutionTime>20250602091530</ProcessExecutionTime>"
             "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
             "<SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>"
             "<ProcessingResultStatus>1</ProcessingResultStatus>"
             "<QualificationValidity>1</QualificationValidity><ResultList>"
             "<ResultOfQualificationConfirmation>%s</ResultOfQualificationConfirmation>"
             "</ResultList></MessageBody></XmlMsg>",
             item);
    record_free(&records);
    assert_int_equal(oqs_read((const uint8_t *)xml, strlen(xml), &records, NULL), SHK_OK);
}

static int32_t run_text(const char *script, bool check_only) {
    const struct mapping_job job = {.script_name = "t.lua",
                                    .script = (const uint8_t *)script,
                                    .script_len = strlen(script),
                                    .records = check_only ? NULL : records,
                                    .record = 1,
                                    .check_only = check_only};
    mapping_result_free(&result);
    fault_clear(&why);
    int32_t rc = mapping_run(&job, &result, &why);
    assert_int_equal(rc, why.code);
    assert_true((rc == SHK_OK) == (result != NULL));
    return rc;
}

/* A script of these rows, with these lines among the outer keys. */
static int32_t run_rows(const char *outer, const char *rows) {
    static char script[16384];
    snprintf(script, sizeof script,
             "return { contract = 1, id = 't', file = 'a.csv', %s,\nfields = {\n%s\n} }", outer,
             rows);
    return run_text(script, false);
}

#define CSV   "format = 'csv', encoding = 'utf-8'"
#define CP932 "format = 'csv', encoding = 'cp932'"
#define XML   "format = 'xml', encoding = 'utf-8', root = 'R'"

static void assert_body(const char *expected) {
    assert_non_null(result);
    assert_string_equal(bytes_text(&result->body), expected);
    assert_int_equal(result->body.n, strlen(expected));
}

static void assert_fault(int32_t rc, int32_t code, const char *where) {
    assert_int_equal(rc, code);
    assert_string_equal(why.where, where);
}

static int set_up(void **state) {
    (void)state;
    load_record(ITEM);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    mapping_result_free(&result);
    record_free(&records);
    return 0;
}

/* The contract, line by line. */

struct defect {
    int line; /* of the script below, replaced by: */
    const char *text;
    const char *where;
};

static const char *const sound[] = {
    "return {",
    "  contract = 1,",
    "  id = 'x',",
    "  format = 'csv',",
    "  encoding = 'utf-8',",
    "  file = 'a.csv',",
    "  check = function(out) if out.A then return true end end,",
    "  fields = {",
    "    { to = 'A', from = 'name' },",
    "    { to = 'B', from = 'name' },",
    "  },",
    "}",
};

static const struct defect defects[] = {
    {2, "  contract = 2,", "t.lua:2 contract"},
    {2, "", "t.lua:1 contract"},
    {3, "  id = 5,", "t.lua:3 id"},
    {3, "  id = 'a b',", "t.lua:3 id"},
    {3, "", "t.lua:1 id"},
    {4, "  format = 'pdf',", "t.lua:4 format"},
    {4, "  format = 'xml',", "t.lua:1 root"},
    {4, "  format = 'xml', root = '1a',", "t.lua:4 root"},
    {4, "  format = 'xml', root = 'r', header = true,", "t.lua:4 header"},
    {4, "  format = 'xml', root = 'r', declaration = 3,", "t.lua:4 declaration"},
    {4, "  format = 'xml', root = 'r', indent = 9,", "t.lua:4 indent"},
    {4, "  format = 'xml', root = 'r', empty = 'x',", "t.lua:4 empty"},
    {4, "", "t.lua:1 format"},
    {5, "  encoding = 'sjis',", "t.lua:5 encoding"},
    {5, "", "t.lua:1 encoding"},
    {6, "", "t.lua:1 file"},
    {6, "  file = 3,", "t.lua:6 file"},
    {6, "  file = 'a.csv', newline = 'cr',", "t.lua:6 newline"},
    {6, "  file = 'a.csv', header = 'yes',", "t.lua:6 header"},
    {6, "  file = 'a.csv', quote = 'some',", "t.lua:6 quote"},
    {6, "  file = 'a.csv', separator = 'xx',", "t.lua:6 separator"},
    {6, "  file = 'a.csv', root = 'r',", "t.lua:6 root"},
    {6, "  file = 'a.csv', unmappable = '?',", "t.lua:6 unmappable"},
    {6, "  file = 'a.csv', adapter = 1,", "t.lua:6 adapter"},
    {6, "  file = 'a.csv', requird = 1,", "t.lua:6 requird"},
    {7, "  check = 1,", "t.lua:7 check"},
    {8, "  fields = {}, f = {", "t.lua:8 f"},
    {9, "    5,", "t.lua:9 fields[1] "},
    {10, "    { from = 'name' },", "t.lua:10 fields[2] to"},
    {10, "    { to = 'A', from = 'name' },", "t.lua:10 A to"},
    {10, "    { to = 'B' },", "t.lua:10 B from"},
    {10, "    { to = 'B', from = 'knaji' },", "t.lua:10 B from"},
    {10, "    { to = 'B', from = 'elderly' },", "t.lua:10 B from"},
    {10, "    { to = 'B', from = 'name', as = 'kana_hafl' },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'pad' },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = {} },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = { 'wide', 3 } },", "t.lua:10 B as"},
    {10, "    { to = 'B', from = 'name', as = 'wide', with = function() end },", "t.lua:10 B as"},
    {10, "    { to = 'B', with = 'wide' },", "t.lua:10 B with"},
    {10, "    { to = 'B', value = {} },", "t.lua:10 B value"},
    {10, "    { to = 'B', value = 1, from = 'name' },", "t.lua:10 B value"},
    {10, "    { to = 'B', from = 'name', required = 1 },", "t.lua:10 B required"},
    {10, "    { to = 'B', from = 'name', max_bytes = 0 },", "t.lua:10 B max_bytes"},
    {10, "    { to = 'B', from = 'name', max_chars = 1.5 },", "t.lua:10 B max_chars"},
    {10, "    { to = 'B', from = 'name', width = 1001 },", "t.lua:10 B width"},
    {10, "    { to = 'B', from = 'name', pad = '0' },", "t.lua:10 B width"},
    {10, "    { to = 'B', from = 'name', width = 3, pad = 'ab' },", "t.lua:10 B pad"},
    {10, "    { to = 'B', from = 'name', width = 3, align = 'up' },", "t.lua:10 B align"},
    {10, "    { to = 'B', from = 'name', empty = 'element' },", "t.lua:10 B empty"},
    {10, "    { to = 'B', from = 'name', max_byte = 3 },", "t.lua:10 B max_byte"},
    {10, "    { to = 'B',\n\n from = 'knaji' },", "t.lua:12 B from"},
};

static void write_script(char *out, size_t cap, const struct defect *defect) {
    size_t n = 0;
    for (int i = 0; i < (int)(sizeof sound / sizeof sound[0]); i++) {
        bool replaced = defect != NULL && defect->line == i + 1;
        n += (size_t)snprintf(out + n, cap - n, "%s\n", replaced ? defect->text : sound[i]);
    }
}

static void each_broken_key_is_named_with_its_line(void **state) {
    (void)state;
    char script[2048];
    write_script(script, sizeof script, NULL);
    assert_int_equal(run_text(script, true), SHK_OK);
    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        write_script(script, sizeof script, &defects[i]);
        assert_int_equal(run_text(script, true), SHK_E_SCRIPT_CONTRACT);
        assert_string_equal(why.where, defects[i].where);
        assert_int_equal(why.native_kind, SHK_NATIVE_LUA_LINE);
    }
}

static void a_table_that_is_no_literal_is_checked_without_lines(void **state) {
    (void)state;
    assert_fault(run_text("local t = { contract = 2 }\nreturn t", true), SHK_E_SCRIPT_CONTRACT,
                 "t.lua contract");
    /* The braces of another function's return are not taken for the script's. */
    assert_fault(run_text("local function f() return { contract = 2 } end\nreturn f()", true),
                 SHK_E_SCRIPT_CONTRACT, "t.lua contract");
}

static void strange_lua_does_not_confuse_the_lines(void **state) {
    (void)state;
    assert_fault(
        run_text(("--[==[ return { ]] ]==] local s = [[\nreturn {\n]]\n"
                  "local f = function() return { a = 1 } end\n"
                  "return { contract = 1, id = 'x', -- return { id = 1 }\n"
                  "  format = 'csv', ['encoding'] = 'utf-8',\n"
                  "  file = function(r) if r then do return 'a' end end; repeat until true end,\n"
                  "  fields = { { to = '}', with = function() return { 1, 2 } and '\\'}' end,\n"
                  "    from = 'nam' } } };"),
                 true),
        SHK_E_SCRIPT_CONTRACT, "t.lua:9 } from");
}

static void a_script_must_return_one_table(void **state) {
    (void)state;
    assert_fault(run_text("return 5", true), SHK_E_SCRIPT_SYNTAX, "t.lua return");
    assert_fault(run_text("\nreturn {", true), SHK_E_SCRIPT_SYNTAX, "t.lua:2");
    assert_fault(run_text("\n\n-- \x93\xFA\x96{", true), SHK_E_SCRIPT_SYNTAX, "t.lua:3 UTF-8");
    assert_fault(run_text("", true), SHK_E_SCRIPT_SYNTAX, "t.lua return");
}

static void a_byte_order_mark_is_skipped(void **state) {
    (void)state;
    char script[2048] = "\xEF\xBB\xBF";
    write_script(script + 3, sizeof script - 3, NULL);
    assert_int_equal(run_text(script, true), SHK_OK);
    assert_string_equal(result->id, "x");
}

/* CSV. */

static void csv_has_quotes_only_where_needed(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV,
                              "{ to = 'A', value = 'a,b' }, { to = 'B', value = 'say \"x\"' },"
                              "{ to = 'C', value = 'two\\nlines' }, { to = 'D', from = 'name' },"
                              "{ to = 'E', from = 'symbol' }, { to = 'F', value = 7 }"),
                     SHK_OK);
    assert_body("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",見本　太郎,,7\r\n");
    assert_int_equal(result->head.n, 0);
    assert_int_equal(result->fields_n, 6);
    assert_string_equal(result->fields[4].value, "");
    assert_string_equal(result->fields[3].to, "D");
}

static void csv_options_change_what_they_say(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(("format = 'csv', encoding = 'utf-8-bom', newline = 'lf', header = true, quote = "
                  "'always', separator = '\\t'"),
                 "{ to = '氏名', from = 'name' }, { to = 'B', value = '' }"),
        SHK_OK);
    assert_body("\"見本　太郎\"\t\"\"\n");
    assert_string_equal(bytes_text(&result->head), "\xEF\xBB\xBF\"氏名\"\t\"B\"\n");
    assert_string_equal(result->encoding, "utf-8-bom");
    assert_string_equal(result->format, "csv");
    assert_string_equal(result->file_name, "a.csv");
}

static void values_are_not_altered_for_spreadsheets(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV,
                              "{ to = 'A', value = '=1+1' },"
                              "{ to = 'B', with = function() return text.csv_safe('=1') end }"),
                     SHK_OK);
    assert_body("=1+1,'=1\r\n");
}

static void cp932_is_written_in_cp932(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932 ", header = true", "{ to = '氏名', from = 'name_kana' },"
                                                       "{ to = 'B', value = '髙〜' }"),
                     SHK_OK);
    assert_string_equal(bytes_text(&result->head), "\x8E\x81\x96\xBC,B\r\n");
    assert_body("\xD0\xCE\xDD \xC0\xDB\xB3,\xFB\xFC\x81\x60\r\n");
    assert_string_equal(result->fields[0].value, "ﾐﾎﾝ ﾀﾛｳ");
}

static void a_character_that_the_target_lacks_stops(void **state) {
    (void)state;
    assert_fault(run_rows(CP932, "{ to = 'A', value = 'a' },\n{ to = 'B', value = '𠮷野' }"),
                 SHK_E_CHARACTER_LOST, "t.lua:4 B U+20BB7");
    assert_int_equal(run_rows(CSV, "{ to = 'B', value = '𠮷' }"), SHK_OK);
    assert_int_equal(run_rows(CP932 ", unmappable = 'geta'", "{ to = 'B', value = '𠮷é' }"),
                     SHK_OK);
    assert_int_equal(result->losses, 2);
    assert_body("\x81\xAC\x81\xAC\r\n");
    assert_fault(run_rows(CP932, "{ to = '𠮷', value = 'a' }"), SHK_E_SCRIPT_CONTRACT,
                 "t.lua:3 𠮷 to");
}

static void nul_is_refused(void **state) {
    (void)state;
    assert_fault(run_rows(CSV, "{ to = 'A', value = 'a\\0b' }"), SHK_E_CHARACTER_LOST,
                 "t.lua:3 A U+0000");
}

static void required_means_present_and_not_empty(void **state) {
    (void)state;
    assert_fault(run_rows(CSV, "{ to = 'A', from = 'symbol', required = true }"),
                 SHK_E_FIELD_REQUIRED, "t.lua:3 A");
    assert_fault(run_rows(CSV, "{ to = 'A', from = 'branch_number', required = true }"),
                 SHK_E_FIELD_REQUIRED, "t.lua:3 A");
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', required = true }"), SHK_OK);
}

static void lengths_count_in_the_target_encoding(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932, "{ to = 'A', from = 'name', max_bytes = 10 }"), SHK_OK);
    assert_fault(run_rows(CP932, "{ to = 'A', from = 'name', max_bytes = 9 }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 A");
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_bytes = 15 }"), SHK_OK);
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_bytes = 14 }"),
                     SHK_E_FIELD_TOO_LONG);
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_chars = 5 }"), SHK_OK);
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name', max_chars = 4 }"),
                     SHK_E_FIELD_TOO_LONG);
}

static void a_width_fills_up_and_never_cuts(void **state) {
    (void)state;
    assert_int_equal(run_rows(CP932,
                              "{ to = 'A', from = 'insurer_number', width = 8, pad = '0', align "
                              "= 'right' }, { to = 'B', from = 'symbol', width = 3 },"
                              "{ to = 'C', value = 'カ', width = 3 }"),
                     SHK_OK);
    assert_body("00990010,   ,\x83\x4A \r\n");
    assert_int_equal(run_rows(CP932, "{ to = 'C', value = 'カナ', width = 3 }"),
                     SHK_E_FIELD_TOO_LONG);
}

/* XML. */

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
    static const char *const bad[] = {"A//B", "/A",   "A/",   "1A",  "A B",
                                      "@a/B", "A[0]", "A[x]", "a:b", "@"};
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

/* Rows and the record. */

static void rows_take_values_from_where_they_say(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(CSV, "{ to = 'A', from = 'name', as = { 'family', 'wide' } },"
                      "{ to = 'B', from = 'name_kana', as = 'kana_full' },"
                      "{ to = 'C', from = 'sex_label' },"
                      "{ to = 'D', from = 'birth_date', with = function(v, rec) return v .. "
                      "rec.sex end },"
                      "{ to = 'E', with = function(v, rec) return rec.name end },"
                      "{ to = 'F', with = function() return 4 / 2 end },"
                      "{ to = 'G', from = 'records[1].insurer_number' },"
                      "{ to = 'H', from = 'specific_diseases[2].self_pay_yen', as = 'wide' }"),
        SHK_OK);
    assert_body("見本,ミホン　タロウ,男,1989-01-07male,見本　太郎,2,990010,\r\n");
}

static void the_record_reads_as_nested_tables(void **state) {
    (void)state;
    load_record(ITEM "<ElderlyRecipientCertificateInfo><ElderlyRecipientContributionRatio>020"
                     "</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>"
                     "<SpecificDiseasesCertificateList><SpecificDiseasesCertificateInfo>"
                     "<SpecificDiseasesDiseaseCategory>1</SpecificDiseasesDiseaseCategory>"
                     "<SpecificDiseasesSelfPay>10000</SpecificDiseasesSelfPay>"
                     "</SpecificDiseasesCertificateInfo><SpecificDiseasesCertificateInfo>"
                     "<SpecificDiseasesSelfPay>20000</SpecificDiseasesSelfPay>"
                     "</SpecificDiseasesCertificateInfo></SpecificDiseasesCertificateList>");
    assert_int_equal(
        run_rows(
            CSV,
            "{ to = 'A', with = function(_, rec)\n"
            "  local sum = 0\n"
            "  for i, d in ipairs(rec.specific_diseases) do sum = sum + i * d.self_pay_yen end\n"
            "  assert(#rec.specific_diseases == 2 and rec.specific_diseases[3] == nil)\n"
            "  assert(rec.symbol == nil and rec.branch_number == '' and rec.limit.category == "
            "nil)\n"
            "  assert(#rec.medical_aid.tickets == 0)\n"
            "  assert(rec.record_index == 1 and #rec.records == 1)\n"
            "  assert(rec.records[1].elderly.burden_percent == 20)\n"
            "  return sum\n"
            "end }"),
        SHK_OK);
    assert_body("50000\r\n");
}

static void misuse_of_the_record_is_an_error_with_its_line(void **state) {
    (void)state;
    static const char *const uses[] = {
        "return rec.knaji",
        "rec.name = 'x'",
        "rec.elderly.valid_from = 'x'",
        "return rec[1]",
        "return rec.elderly.x",
        "return #rec",
        "return rec.records.x",
        "rec.records[1] = 1",
        "return rec.specific_diseases.x",
        "return rec.records[0]",
        "for k in pairs(rec) do end",
        "return rec .. ''",
        "table.insert(rec.records, 1)",
        "return rec['name\\0x']",
    };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        char row[256];
        snprintf(row, sizeof row, "{ to = 'A',\n with = function(_, rec)\n %s\n end }", uses[i]);
        assert_fault(run_rows(CSV, row), SHK_E_SCRIPT_RUN, "t.lua:5 A");
    }
}

static void a_fault_never_quotes_a_value(void **state) {
    (void)state;
    static const char *const uses[] = {
        "error(rec.name)",
        "error(rec.name, 0)",
        "error({ rec.name })",
        "error(rec)",
        "return rec.name()",
        "local t = {} return t[rec.name].x",
        "return rec[rec.name]",
        "return {}",
        "return rec.name + 1",
        "return text.date(rec.name)",
        "assert(false, rec.name)",
        "return true",
        "return '\\xFF'",
        "return 1.5",
        "return string.format(rec.name .. '%q', 1)",
        "error(nil)",
        "error('t.lua:99: ' .. rec.name, 0)",
    };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        char row[256];
        snprintf(row, sizeof row, "{ to = 'A', with = function(_, rec) %s end }", uses[i]);
        assert_fault(run_rows(CSV, row), SHK_E_SCRIPT_RUN, "t.lua:3 A");
    }
}

static void a_global_cannot_be_written_or_misspelt(void **state) {
    (void)state;
    assert_fault(run_rows(CSV, "{ to = 'A', with = function()\n x = 1\n end }"), SHK_E_SCRIPT_RUN,
                 "t.lua:4 A");
    assert_fault(run_rows(CSV, "{ to = 'A', with = function()\n return txet.pad end }"),
                 SHK_E_SCRIPT_RUN, "t.lua:4 A");
    assert_fault(run_text("local a = 1\nstring = a\nreturn {}", true), SHK_E_SCRIPT_RUN, "t.lua:2");
}

static void the_check_names_a_field_or_its_line_only(void **state) {
    (void)state;
    const char *row = "{ to = 'A', from = 'name' }";
    assert_int_equal(run_rows(CSV ", check = function(out) return nil end", row), SHK_OK);
    assert_fault(
        run_rows(CSV ", check = function(out)\n if out.A ~= '' then\n return 'A' end end", row),
        SHK_E_SCRIPT_CHECK, "t.lua:3 A");
    assert_fault(run_rows(CSV ", check = function(out)\n return out.A end", row),
                 SHK_E_SCRIPT_CHECK, "t.lua:2 check");
    assert_fault(run_rows(CSV ", check = function(out)\n return false end", row),
                 SHK_E_SCRIPT_CHECK, "t.lua:2 check");
}

static void a_script_cannot_change_its_contract_while_it_runs(void **state) {
    (void)state;
    assert_int_equal(
        run_text("local t = { contract = 1, id = 't', file = 'a.csv', format = 'csv',\n"
                 "encoding = 'utf-8' }\n"
                 "t.fields = { { to = 'A', with = function() t.fields[2].to = 'X'\n"
                 "  t.fields[2].from = 'address' t.fields = nil t.file = '../x' return 1 end },\n"
                 "  { to = 'B', from = 'name' } }\nreturn t",
                 false),
        SHK_OK);
    assert_body("1,見本　太郎\r\n");
    assert_string_equal(result->fields[1].to, "B");
    assert_string_equal(result->file_name, "a.csv");
}

/* File names. */

static int32_t run_file(const char *file) {
    char script[1024];
    snprintf(script, sizeof script,
             "return { contract = 1, id = 't', " CSV ",\nfile = function(rec) return %s end,\n"
             "fields = { { to = 'A', value = 1 } } }",
             file);
    return run_text(script, false);
}

static void file_names_are_usable_everywhere(void **state) {
    (void)state;
    assert_int_equal(run_file("'受付_' .. text.date(rec.confirmation_date, 'YYYYMMDD') .. '.csv'"),
                     SHK_OK);
    assert_string_equal(result->file_name, "受付_20250602.csv");
    static const char *const good[] = {"'a'", "'COM10.csv'", "'CONSOLE'", "'a.b.csv'", "'-a b'"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(run_file(good[i]), SHK_OK);
    }
}

static void file_names_that_some_system_refuses_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "''",
        "nil",
        "5",
        "'.'",
        "'..'",
        "'a/b'",
        "'a\\\\b'",
        "'a:b'",
        "'a*'",
        "'a?'",
        "'\"'",
        "'<'",
        "'>'",
        "'|'",
        "'a\\n'",
        "'a\\0b'",
        "'\\127'",
        "'.a'",
        "'a.'",
        "' a'",
        "'a '",
        "'a..b'",
        "'CON'",
        "'con.csv'",
        "'Nul .txt'",
        "'COM1'",
        "'lpt9.x'",
        "'COM\xC2\xB9'",
        "'CONIN$'",
        ("'\xE2\x80\xAE"
         "a'"),
        "'\xC2\x85'",
        "('\\xFF')",
        "rec",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fault(run_file(bad[i]), SHK_E_FILE_NAME, "t.lua:2 file");
    }
    assert_int_equal(run_file("text.pad('a', 200, 'b')"), SHK_OK);
    assert_int_equal(run_file("text.pad('a', 201, 'b')"), SHK_E_FILE_NAME);
}

/* The helpers: docs/mapping.md holds one example or more of each, and all of them are run here. */

static char *slurp(const char *path) {
    static char text[131072];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

/* "| `call` | `result` |" at p: copies both; false for any other line. */
static bool read_example(const char *p, char *call, char *outcome, size_t cap) {
    if (strncmp(p, "| `text.", 8) != 0) {
        return false;
    }
    const char *end = strstr(p + 3, "` | `");
    const char *last = end != NULL ? strstr(end + 5, "` |") : NULL;
    if (last == NULL || last > strchr(p, '\n')) {
        return false;
    }
    snprintf(call, cap, "%.*s", (int)(end - (p + 3)), p + 3);
    snprintf(outcome, cap, "%.*s", (int)(last - (end + 5)), end + 5);
    return true;
}

static void every_documented_example_is_true(void **state) {
    (void)state;
    char call[256], outcome[256], row[1024];
    size_t examples = 0;
    for (const char *p = slurp(SOURCE_ROOT "/docs/mapping.md"); p != NULL; p = strchr(p, '\n')) {
        p += *p == '\n' ? 1 : 0;
        if (!read_example(p, call, outcome, sizeof call)) {
            continue;
        }
        snprintf(
            row, sizeof row,
            "{ to = 'A', with = function() local function same(a, b, ...) local c, d = ... \n"
            "return a == b and c == d end\n local a, a2 = %s\n local b, b2 = %s\n"
            "return (a == b and a2 == b2) and 'same' or (tostring(a) .. ' ' .. tostring(a2)) end }",
            call, outcome);
        assert_int_equal(run_rows(CP932, row), SHK_OK);
        if (strcmp(result->fields[0].value, "same") != 0) {
            print_error("%s gives %s\n", call, result->fields[0].value);
        }
        assert_string_equal(result->fields[0].value, "same");
        examples++;
    }
    assert_true(examples >= 40);
}

static void every_helper_is_documented_with_an_example(void **state) {
    (void)state;
    const char *doc = slurp(SOURCE_ROOT "/docs/mapping.md");
    for (const luaL_Reg *helper = library_text; helper->name != NULL; helper++) {
        char start[64];
        snprintf(start, sizeof start, "\n| `text.%s(", helper->name);
        assert_non_null(strstr(doc, start));
    }
}

static void helpers_refuse_what_they_cannot_do(void **state) {
    (void)state;
    static const char *const uses[] = {
        "text.date('19890107')",
        "text.date('1989-02-29')",
        "text.date('1989-13-01')",
        "text.date('1989-01-01', 'yyyy')",
        "text.date('1989-01', 'DD')",
        "text.date('1989-01-01', 'hh')",
        "text.wareki('1872-12-31')",
        "text.wareki('1989-01-01', 'GGG')",
        "text.pad('a', 1001)",
        "text.pad('a', -1)",
        "text.pad('a', 3, 'ab')",
        "text.pad('a', 3, ' ', 'up')",
        "text.replace('a', '', 'b')",
        "text.wide({})",
        "text.wide()",
        "text.wide('\\xFF')",
        "text.width(true)",
        "text.date('1989-01-01T24:00:00')",
        "text.date('1989-01-01', text.pad('', 200))",
    };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        char row[256];
        snprintf(row, sizeof row, "{ to = 'A', with = function() return %s end }", uses[i]);
        assert_fault(run_rows(CSV, row), SHK_E_SCRIPT_RUN, "t.lua:3 A");
    }
}

static void kana_goes_both_ways(void **state) {
    (void)state;
    const char *half = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
                       "ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟｳﾞﾜﾞｦﾞ";
    const char *full =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘ"
        "ホマミム"
        "メモヤユヨラリルレロワンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴヷヺ";
    char row[2048];
    snprintf(row, sizeof row,
             "{ to = 'A', with = function() return text.kana_full('%s') end },"
             "{ to = 'B', with = function() return text.kana_half('%s') end }",
             half, full);
    assert_int_equal(run_rows(CSV, row), SHK_OK);
    assert_string_equal(result->fields[0].value, full);
    assert_string_equal(result->fields[1].value, half);
}

/* The scripts that ship. */

static bool load_sample(const char *name) {
    static uint8_t xml[65536];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    size_t n = fread(xml, 1, sizeof xml, f);
    fclose(f);
    record_free(&records);
    return oqs_read(xml, n, &records, NULL) == SHK_OK;
}

static const char *shipped(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/scripts/%s", SOURCE_ROOT, name);
    return slurp(path);
}

static void assert_same_as_file(const struct bytes *b, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/scripts/%s", TEST_DATA, name);
    assert_string_equal(bytes_text(b), slurp(path));
}

static void shipped_scripts_serve_every_sample_person(void **state) {
    (void)state;
    static const char *const people[] = {
        "oqs/all_groups.xml", "oqs/elderly_face_cp932.xml", "oqs/insurance_and_aid.xml",
        "oqs/lost_newer.xml", "demo/default.xml",
    };
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        assert_true(load_sample(people[i]));
        assert_int_equal(run_text(shipped("uketsuke_csv.lua"), false), SHK_OK);
        assert_int_equal(result->fields_n, 23);
        assert_int_equal(run_text(shipped("kanja_xml.lua"), false), SHK_OK);
    }
}

static void shipped_scripts_write_these_bytes(void **state) {
    (void)state;
    assert_true(load_sample("oqs/all_groups.xml"));
    assert_int_equal(run_text(shipped("uketsuke_csv.lua"), false), SHK_OK);
    assert_string_equal(result->file_name, "uketsuke_20250602.csv");
    struct bytes whole = {0};
    assert_int_equal(bytes_append(&whole, result->head.p, result->head.n), SHK_OK);
    assert_int_equal(bytes_append(&whole, result->body.p, result->body.n), SHK_OK);
    assert_same_as_file(&whole, "uketsuke.csv");
    bytes_clear(&whole);
    assert_int_equal(run_text(shipped("kanja_xml.lua"), false), SHK_OK);
    assert_string_equal(result->file_name, "kanja_20250602_T-000123_1.xml");
    assert_same_as_file(&result->body, "kanja.xml");
}

static void shipped_scripts_refuse_an_answer_without_a_person(void **state) {
    (void)state;
    load_record("<InsuredCardClassification>01</InsuredCardClassification>");
    assert_int_equal(run_text(shipped("uketsuke_csv.lua"), false), SHK_E_FIELD_REQUIRED);
    assert_int_equal(run_text(shipped("kanja_xml.lua"), false), SHK_E_FIELD_REQUIRED);
}

static void arguments_are_checked(void **state) {
    (void)state;
    struct mapping_job job = {
        .script_name = "t", .script = (const uint8_t *)"", .records = records};
    assert_int_equal(mapping_run(&job, &result, NULL), SHK_E_ARGUMENT);
    job.record = 2;
    assert_int_equal(mapping_run(&job, &result, NULL), SHK_E_ARGUMENT);
    assert_null(result);
    mapping_result_free(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(each_broken_key_is_named_with_its_line),
        TEST(a_table_that_is_no_literal_is_checked_without_lines),
        TEST(strange_lua_does_not_confuse_the_lines),
        TEST(a_script_must_return_one_table),
        TEST(a_byte_order_mark_is_skipped),
        TEST(csv_has_quotes_only_where_needed),
        TEST(csv_options_change_what_they_say),
        TEST(values_are_not_altered_for_spreadsheets),
        TEST(cp932_is_written_in_cp932),
        TEST(a_character_that_the_target_lacks_stops),
        TEST(nul_is_refused),
        TEST(required_means_present_and_not_empty),
        TEST(lengths_count_in_the_target_encoding),
        TEST(a_width_fills_up_and_never_cuts),
        TEST(xml_nests_by_path_in_the_order_written),
        TEST(xml_indexes_make_separate_elements),
        TEST(xml_absent_values_can_ask_for_an_element),
        TEST(xml_that_cannot_be_well_formed_is_refused_before_it_runs),
        TEST(xml_stays_well_formed_when_a_row_between_is_absent),
        TEST(xml_control_characters_are_refused),
        TEST(xml_declares_what_it_is_encoded_in),
        TEST(rows_take_values_from_where_they_say),
        TEST(the_record_reads_as_nested_tables),
        TEST(misuse_of_the_record_is_an_error_with_its_line),
        TEST(a_fault_never_quotes_a_value),
        TEST(a_global_cannot_be_written_or_misspelt),
        TEST(the_check_names_a_field_or_its_line_only),
        TEST(a_script_cannot_change_its_contract_while_it_runs),
        TEST(file_names_are_usable_everywhere),
        TEST(file_names_that_some_system_refuses_are_refused),
        TEST(every_documented_example_is_true),
        TEST(every_helper_is_documented_with_an_example),
        TEST(helpers_refuse_what_they_cannot_do),
        TEST(kana_goes_both_ways),
        TEST(shipped_scripts_serve_every_sample_person),
        TEST(shipped_scripts_write_these_bytes),
        TEST(shipped_scripts_refuse_an_answer_without_a_person),
        TEST(arguments_are_checked),
    };
    return cmocka_run_group_tests_name("mapping", tests, NULL, NULL);
}
