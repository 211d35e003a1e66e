/* Rows, what their functions see of the record, and what a fault says of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mapping_stage.h"

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
            CSV
            ", uses = { 'name', 'symbol', 'branch_number', 'limit', 'elderly', 'insurer_number',"
            "'specific_diseases', 'medical_aid' }",
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

static void what_does_not_fit_the_row_is_refused(void **state) {
    (void)state;
    assert_fault(run_rows("format = 'json', encoding = 'utf-8'",
                          "{ to = 'A', from = 'name', kind = 'number' }"),
                 SHK_E_SCRIPT_RUN, "t.lua:3 A");
    assert_fault(run_rows(CSV, "{ to = 'A', from = 'name', as = 'era7' }"), SHK_E_SCRIPT_RUN,
                 "t.lua:3 A");
    /* A fill of two bytes does not come out even. */
    assert_fault(run_rows("format = 'fixed', encoding = 'cp932'",
                          "{ to = 'A', value = 'ab', width = 5, pad = '　' }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 A");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(rows_take_values_from_where_they_say),
        MAPPING_TEST(the_record_reads_as_nested_tables),
        MAPPING_TEST(misuse_of_the_record_is_an_error_with_its_line),
        MAPPING_TEST(a_fault_never_quotes_a_value),
        MAPPING_TEST(a_global_cannot_be_written_or_misspelt),
        MAPPING_TEST(the_check_names_a_field_or_its_line_only),
        MAPPING_TEST(what_does_not_fit_the_row_is_refused),
    };
    return cmocka_run_group_tests_name("mapping_rows", tests, NULL, NULL);
}
