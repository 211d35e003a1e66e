/* Groups, conditions, lists and several records; which fields a script may see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"
#include "match.h"

#define DISEASE(code, from)                                                                        \
    "<SpecificDiseasesCertificateInfo><SpecificDiseasesDiseaseCategory>" code                      \
    "</SpecificDiseasesDiseaseCategory><SpecificDiseasesValidStartDate>" from                      \
    "</SpecificDiseasesValidStartDate></SpecificDiseasesCertificateInfo>"
#define DISEASES                                                                                   \
    ITEM "<SpecificDiseasesCertificateList>" DISEASE("1", "20250401") DISEASE("2", "20250501")     \
        DISEASE("3", "20250601") "</SpecificDiseasesCertificateList>"

static void entries_of_a_list_become_elements(void **state) {
    (void)state;
    load_record(DISEASES);
    assert_int_equal(run_rows(XML,
                              "{ to = 'D', each = 'specific_diseases', fields = {\n"
                              "{ to = '@n', from = '@index' }, { to = 'C', from = 'disease' },\n"
                              "{ to = 'F', from = 'valid_from' } } }"),
                     SHK_OK);
    assert_non_null(strstr(bytes_text(&result->body), "<D n=\"1\">\n    <C>1</C>\n"));
    assert_non_null(strstr(bytes_text(&result->body), "<D n=\"3\">\n    <C>3</C>\n"));
    assert_string_equal(result->fields[3].to, "D[2]/@n");
    assert_string_equal(result->fields[5].value, "2025-05-01");
    load_record(ITEM);
    assert_int_equal(run_rows(XML, "{ to = 'D', each = 'specific_diseases', fields = {\n"
                                   "{ to = 'C', from = 'disease' } } }"),
                     SHK_OK);
    assert_int_equal(result->fields_n, 0);
}

static void patient_of_the_host_is_read_like_any_field(void **state) {
    static const char rows[] =
        "{ to = 'N', from = 'patient.id' },\n"
        "{ to = 'M', with = function(_, rec) return rec.patient.match end },\n"
        "{ to = 'L', from = 'patient.match_label' }";
    (void)state;
    load_record(ITEM);
    assert_int_equal(run_rows(XML ", uses = { 'patient' }", rows), SHK_OK);
    assert_null(strstr(bytes_text(&result->body), "<N>00123</N>"));
    assert_int_equal(record_set_patient(records, 1, "00123", MATCH_CHANGED), SHK_OK);
    assert_int_equal(run_rows(XML ", uses = { 'patient' }", rows), SHK_OK);
    assert_non_null(strstr(bytes_text(&result->body), "<N>00123</N>"));
    assert_non_null(strstr(bytes_text(&result->body), "<M>changed</M>"));
    assert_non_null(strstr(bytes_text(&result->body), "<L>本人（保険は変更）</L>"));
}

static void day_of_the_card_is_read_like_any_field(void **state) {
    static const char rows[] = "{ to = 'D', from = 'card.expires_on', as = 'date' },\n"
                               "{ to = 'W', from = 'card.expires_on', as = 'wareki' },\n"
                               "{ to = 'F', with = function(_, rec) return rec.card and "
                               "rec.card.expires_on end }";
    (void)state;
    load_record(ITEM);
    assert_int_equal(run_rows(CSV ", uses = { 'card' }", rows), SHK_OK);
    assert_body(",,\r\n");
    assert_int_equal(record_set_card(records, 1, "2031-04-01"), SHK_OK);
    assert_int_equal(run_rows(CSV ", uses = { 'card' }", rows), SHK_OK);
    assert_body("2031/04/01,R13.04.01,2031-04-01\r\n");
    assert_int_equal(run_rows(CSV ", uses = { 'name' }", rows), SHK_E_SCRIPT_CONTRACT);
}

static void an_entry_that_is_not_due_leaves_no_gap(void **state) {
    (void)state;
    load_record(DISEASES);
    assert_int_equal(
        run_rows(XML ", uses = { 'specific_diseases' }",
                 "{ to = 'D', each = 'specific_diseases',\n"
                 "when = function(rec, entry) return entry.disease ~= '2' end, fields = {\n"
                 "{ to = 'C', with = function(_, rec, entry) return entry.disease end } } }"),
        SHK_OK);
    assert_int_equal(result->fields_n, 2);
    assert_string_equal(result->fields[1].to, "D[2]/C");
    assert_string_equal(result->fields[1].value, "3");
}

static void conditions_by_path(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(XML, "{ to = 'A', value = '1', when = 'symbol' },\n"
                      "{ to = 'B', value = '2', when = '!symbol' },\n"
                      "{ to = 'C', value = '3', when = 'branch_number' },\n"
                      "{ to = 'G', when = 'name', fields = { { to = 'N', from = 'name' },\n"
                      "{ to = 'H', when = 'symbol', fields = { { to = 'S', value = 'x' } } } } }"),
        SHK_OK);
    assert_int_equal(result->fields_n, 2);
    assert_string_equal(result->fields[0].to, "B");
    assert_string_equal(result->fields[1].to, "G/N");
}

static void a_column_that_is_not_due_keeps_its_place(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV, "{ to = 'A', value = '1', when = 'symbol' },\n"
                                   "{ when = 'symbol', fields = { { to = 'B', value = '2' },\n"
                                   "{ to = 'C', value = '3' } } }, { to = 'D', value = '4' }"),
                     SHK_OK);
    assert_body(",,,4\r\n");
    assert_int_equal(
        run_rows("format = 'text', encoding = 'utf-8'",
                 "{ to = 'L/1', value = '1' }, { to = 'L/2', value = '2', when = 'symbol' },\n"
                 "{ to = 'L/3', value = '3' }, { when = 'symbol', fields = {\n"
                 "{ to = 'M/1', value = 'M' }, { to = 'M/2', from = 'name' } } }"),
        SHK_OK);
    assert_body("1,,3\r\n");
    assert_int_equal(run_rows("format = 'fixed', encoding = 'cp932'",
                              "{ to = 'A', value = '1', when = 'symbol', width = 2 },\n"
                              "{ to = 'B', value = '見', width = 4, align = 'right' }"),
                     SHK_OK);
    assert_body("    \x8C\xA9\r\n");
}

static void several_records_in_one_document(void **state) {
    (void)state;
    load_record(ITEM "</ResultOfQualificationConfirmation><ResultOfQualificationConfirmation>"
                     "<InsuredCardClassification>A1</InsuredCardClassification>"
                     "<InsurerNumber>12990014</InsurerNumber><Name>見本　太郎</Name>"
                     "<Birthdate>19890107</Birthdate>");
    assert_int_equal(run_rows("format = 'json', encoding = 'utf-8', indent = 0",
                              "{ to = 'all', each = 'records', fields = {\n"
                              "{ to = 'no', from = '@index', kind = 'number' },\n"
                              "{ to = 'insurer', from = 'insurer_number' } } },\n"
                              "{ to = 'second', from = 'records[2].insurer_number' }"),
                     SHK_OK);
    assert_string_equal(result->fields[1].value, "990010");
    assert_string_equal(result->fields[3].value, "12990014");
    assert_string_equal(result->fields[4].value, "12990014");
}

static void mistakes_in_groups_are_named(void **state) {
    (void)state;
    static const struct {
        const char *outer, *rows, *where;
    } bad[] = {
        {CSV, "{ to = 'D', each = 'specific_diseases', fields = { { to = 'C', value = 1 } } }",
         "t.lua:3 fields[1] each"},
        {XML, "{ to = 'D', each = 'elderly', fields = { { to = 'C', value = 1 } } }",
         "t.lua:3 fields[1] each"},
        {XML, "{ to = 'D', each = 'specific_diseases', fields = {\n{ to = 'C', from = 'name' } } }",
         "t.lua:4 D[]/C from"},
        {XML, "{ each = 'specific_diseases', fields = { { to = 'C', value = 1 } } }",
         "t.lua:3 fields[1] to"},
        {XML, "{ to = 'D', from = 'name', fields = { { to = 'C', value = 1 } } }",
         "t.lua:3 fields[1] from"},
        {XML, "{ to = 'D[]', value = '1' }", "t.lua:3 D[] to"},
        {XML, "{ to = 'D', from = '@index' }", "t.lua:3 D from"},
        {XML, "{ to = 'D', value = '1', when = '@index' }", "t.lua:3 D when"},
        {XML, "{ to = 'D', value = '1', when = 'nmae' }", "t.lua:3 D when"},
        {XML, "{ to = 'D', value = '1', when = 1 }", "t.lua:3 D when"},
        {XML, "{ to = 'D', fields = 1 }", "t.lua:3 fields[1] fields"},
        {CSV, "{ to = 'D', value = '1', kind = 'number' }", "t.lua:3 D kind"},
        {XML,
         "{ to = 'a', fields = { { to = 'b', fields = { { to = 'c', fields = { { to = 'd',\n"
         "fields = { { to = 'e', fields = { { to = 'f', value = 1 } } } } } } } } } } }",
         "t.lua:4 fields[1].fields[1].fields[1].fields[1].fields[1] to"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fault(run_rows(bad[i].outer, bad[i].rows), SHK_E_SCRIPT_CONTRACT, bad[i].where);
    }
}

static void a_function_sees_what_the_rows_name(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV, "{ to = 'A', from = 'name' },\n"
                                   "{ to = 'B', with = function(_, rec) return rec.name end }"),
                     SHK_OK);
    assert_fault(run_rows(CSV, "{ to = 'A', from = 'name' },\n"
                               "{ to = 'B', with = function(_, rec) return rec.address end }"),
                 SHK_E_SCRIPT_RUN, "t.lua:4 B");
}

static void uses_is_the_whole_of_what_is_seen(void **state) {
    (void)state;
    assert_int_equal(run_rows(CSV ", uses = { 'name', 'elderly' }",
                              "{ to = 'A', with = function(_, rec)\n"
                              "return rec.name .. tostring(rec.elderly.valid_from) end }"),
                     SHK_OK);
    assert_body("見本　太郎nil\r\n");
    load_record(DISEASES);
    assert_fault(run_rows(XML ", uses = { 'name' }",
                          "{ to = 'D', each = 'specific_diseases', fields = {\n"
                          "{ to = 'n', from = '@index' } } }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:3 fields[1] each");
    load_record(ITEM);
    static const char *const hidden[] = {"rec.address", "rec.specific_diseases[1]",
                                         "rec.limit.category", "rec.records[1].address",
                                         "rec.sex_label"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        char row[160];
        text_format(row, sizeof row, "{ to = 'A', with = function(_, rec) return %s end }",
                    hidden[i]);
        assert_fault(run_rows(CSV ", uses = { 'name', 'elderly' }", row), SHK_E_SCRIPT_RUN,
                     "t.lua:3 A");
    }
    assert_fault(run_rows(CSV ", uses = { 'name' }", "{ to = 'A', from = 'address' }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:3 A from");
    assert_fault(run_rows(CSV ", uses = { 'name' }", "{ to = 'A', value = '', when = 'address' }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:3 A when");
    assert_fault(run_rows(CSV ", uses = { 'nmae' }", "{ to = 'A', value = '' }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:1 uses");
}

static void a_face_holds_what_may_be_seen(void **state) {
    (void)state;
    load_record(DISEASES);
    assert_int_equal(run_rows("format = 'face', encoding = 'utf-8', uses = { '*' }", ""), SHK_OK);
    const char *all = bytes_text(&result->body);
    assert_non_null(strstr(all, "<InsurerNumber>  990010<"));
    assert_non_null(strstr(all, "<SpecificDiseasesCertificateList>"));
    assert_int_equal(run_rows("format = 'face', encoding = 'utf-8', uses = { 'name', 'symbol' }",
                              "{ to = 'symbol', value = '見' }"),
                     SHK_OK);
    const char *some = bytes_text(&result->body);
    assert_non_null(strstr(some, "<Name>見本　太郎<"));
    assert_non_null(strstr(some, "<InsuredCardSymbol>見<"));
    assert_null(strstr(some, "<InsurerNumber>"));
    assert_null(strstr(some, "<SpecificDiseasesCertificateList>"));
    assert_int_equal(run_text("return { contract = 1, id = 't', format = 'face', file = 'a',\n"
                              "encoding = 'utf-8', uses = { 'name' } }",
                              false),
                     SHK_OK);
    assert_non_null(strstr(bytes_text(&result->body), "<Name>見本　太郎<"));
    assert_fault(run_text("return { contract = 1, id = 't', format = 'face', file = 'a',\n"
                          "encoding = 'utf-8', uses = { 'name' }, fields = 5 }",
                          false),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:2 fields");
    assert_fault(run_text("return { contract = 1, id = 't', format = 'face', file = 'a',\n"
                          "encoding = 'utf-8', uses = { 'name' }, per = 'answer' }",
                          false),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:2 per");
    assert_fault(run_text("return { contract = 1, id = 't', format = 'face', file = 'a',\n"
                          "encoding = 'utf-8-bom', uses = { 'name' } }",
                          false),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:2 encoding");
    /* What is hidden is not absent: no row may say something else there. */
    assert_fault(run_rows("format = 'face', encoding = 'utf-8', uses = { 'name' }",
                          "{ to = 'validity', value = '1' }"),
                 SHK_E_SCRIPT_CONTRACT, "t.lua:3 validity to");
}

static void a_pack_limits_its_script(void **state) {
    (void)state;
    static const char script[] =
        "return { contract = 1, id = 't', format = 'csv', encoding = 'utf-8', file = 'a', uses = "
        "{\n"
        "'name', 'address' }, fields = { { to = 'A', from = 'address' } } }";
    static const char *const uses[] = {"name"};
    const struct mapping_job job = {
        .script = {"t.lua", (const uint8_t *)script, sizeof script - 1}, .uses = uses, .uses_n = 1};
    fault_clear(&why);
    assert_fault(mapping_run(&job, records, 1, &result, &why), SHK_E_SCRIPT_CONTRACT,
                 "t.lua:2 A from");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(entries_of_a_list_become_elements),
        MAPPING_TEST(patient_of_the_host_is_read_like_any_field),
        MAPPING_TEST(day_of_the_card_is_read_like_any_field),
        MAPPING_TEST(an_entry_that_is_not_due_leaves_no_gap),
        MAPPING_TEST(conditions_by_path),
        MAPPING_TEST(a_column_that_is_not_due_keeps_its_place),
        MAPPING_TEST(several_records_in_one_document),
        MAPPING_TEST(mistakes_in_groups_are_named),
        MAPPING_TEST(a_function_sees_what_the_rows_name),
        MAPPING_TEST(uses_is_the_whole_of_what_is_seen),
        MAPPING_TEST(a_face_holds_what_may_be_seen),
        MAPPING_TEST(a_pack_limits_its_script),
    };
    return cmocka_run_group_tests_name("mapping_groups", tests, NULL, NULL);
}
