#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "columns.h"
#include "slurp.h"

static struct columns *columns;
static struct fault why;

static int tear_down(void **state) {
    (void)state;
    columns_free(&columns);
    assert_null(columns);
    return 0;
}

static int32_t load(const char *text) {
    columns_free(&columns);
    fault_clear(&why);
    int32_t rc = columns_read("c.lua", (const uint8_t *)text, strlen(text), &columns, &why);
    assert_true((rc == SHK_OK) == (columns != NULL));
    assert_int_equal(rc, why.code);
    return rc;
}

static void refuse(const char *text, const char *where) {
    assert_int_equal(load(text), SHK_E_SCRIPT_CONTRACT);
    assert_string_equal(why.where, where);
}

static struct csv_row row_of(const char *const *fields, size_t n) {
    return (struct csv_row){.field = fields, .n = n, .line = 1};
}

static void expect_cell(const struct csv_row *row, enum column_use use, const char *path,
                        const char *text) {
    size_t n;
    const struct column *column = columns_find(columns, use, path);
    assert_non_null(column);
    const char *p = column_text(column, row, &n);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(p, text, n);
}

static void a_file_says_what_the_table_is(void **state) {
    (void)state;
    assert_int_equal(load("return { columns = { number = '番号' } }"), SHK_OK);
    assert_int_equal(columns->csv.separator, ',');
    assert_int_equal(columns->csv.encoding, CSV_AUTO);
    assert_true(columns->header);
    assert_true(columns->excel);
    assert_false(columns->ignore_empty);
    assert_int_equal(columns->dates, DATES_USUAL);
    assert_int_equal(load("return { excel = false, ignore_empty = true, dates = 'era7' }"), SHK_OK);
    assert_false(columns->excel);
    assert_true(columns->ignore_empty && columns->header);
    assert_int_equal(columns->dates, DATES_ERA7);
    assert_int_equal(load("return { format = 'tsv', encoding = 'cp932', header = false,\n"
                          "columns = { number = 3 } }"),
                     SHK_OK);
    assert_int_equal(columns->csv.separator, '\t');
    assert_int_equal(columns->csv.encoding, CSV_CP932);
    assert_false(columns->header);
}

static void what_the_contract_does_not_know_is_named_with_its_line(void **state) {
    (void)state;
    refuse("return {\n colums = {} }", "c.lua:2 colums");
    refuse("return { columns = {\n number = 'a',\n nmae = 'b' } }", "c.lua:3 columns.nmae");
    refuse("return { columns = { number = '' } }", "c.lua:1 columns.number");
    refuse("return { columns = { number = 0 } }", "c.lua:1 columns.number");
    refuse("return { columns = { number = 513 } }", "c.lua:1 columns.number");
    refuse("return { columns = { number = true } }", "c.lua:1 columns.number");
    refuse("return { columns = 1 }", "c.lua:1 columns");
    refuse("return { columns = { unknown = { a = 1 } } }", "c.lua:1 columns.unknown");
    refuse("return { format = 'xlsx' }", "c.lua:1 format");
    refuse("return { encoding = 'utf8' }", "c.lua:1 encoding");
    refuse("return { header = 1 }", "c.lua:1 header");
    refuse("return { excel = 'no' }", "c.lua:1 excel");
    refuse("return { ignore_empty = 0 }", "c.lua:1 ignore_empty");
    refuse("return { dates = 'era' }", "c.lua:1 dates");
    refuse("return { dates = true }", "c.lua:1 dates");
    refuse("return { header = false,\n columns = { number = '番号' } }", "c.lua:2 number");
    refuse("return { columns = { sex = 1 },\n values = { sx = { a = 'male' } } }",
           "c.lua:2 values.sx");
    refuse("return { columns = { sex = 1 },\n values = { sex = {\n a = 'man' } } }",
           "c.lua:3 values.sex.a");
    refuse("return { columns = { sex = 1 },\n values = { sex = {\n a = true } } }",
           "c.lua:3 values.sex.a");
}

static void a_file_that_is_no_lua_is_told_so(void **state) {
    (void)state;
    assert_int_equal(load("return {\n columns = "), SHK_E_SCRIPT_SYNTAX);
    assert_true(text_starts(why.where, "c.lua:2"));
    assert_int_equal(load("while true do end"), SHK_E_SCRIPT_BUDGET);
    assert_int_equal(load("return 1"), SHK_E_SCRIPT_SYNTAX);
}

static void columns_are_found_by_heading_and_by_number(void **state) {
    (void)state;
    static const char *const head[] = {" 番号 ", "患者", "　氏名　", "x"};
    static const char *const cells[] = {" 12 ", "7", "　見本　太郎　", ""};
    const struct csv_row heading = row_of(head, 4), row = row_of(cells, 4);
    assert_int_equal(load("return { id = 2, columns = { number = '番号', name = '氏名' } }"),
                     SHK_OK);
    assert_int_equal(columns_bind(columns, &heading, "t.csv", &why), SHK_OK);
    assert_true(columns_fit(columns, &row));
    expect_cell(&row, COLUMN_FIELD, "number", "12");
    expect_cell(&row, COLUMN_FIELD, "name", "見本　太郎");
    expect_cell(&row, COLUMN_ID, NULL, "7");
    assert_null(columns_find(columns, COLUMN_FIELD, "symbol"));
}

static void a_heading_that_is_missing_or_there_twice_is_named(void **state) {
    (void)state;
    static const char *const head[] = {"番号", "氏名", "番号"};
    const struct csv_row heading = row_of(head, 3);
    assert_int_equal(load("return { columns = { symbol = '記号' } }"), SHK_OK);
    assert_int_equal(columns_bind(columns, &heading, "t.csv", &why), SHK_E_TABLE);
    assert_string_equal(why.where, "t.csv:1 記号 の列がありません");
    assert_int_equal(load("return { columns = { number = '番号' } }"), SHK_OK);
    assert_int_equal(columns_bind(columns, &heading, "t.csv", &why), SHK_E_TABLE);
    assert_string_equal(why.where, "t.csv:1 番号 の列が二つあります");
    assert_int_equal(load("return { columns = { number = 4 } }"), SHK_OK);
    assert_int_equal(columns_bind(columns, &heading, "t.csv", &why), SHK_E_TABLE);
    assert_string_equal(why.where, "t.csv:1 4列目がありません");
}

static void a_row_that_is_shifted_does_not_fit(void **state) {
    (void)state;
    static const char *const head[] = {"a", "b", "c"};
    static const char *const cells[] = {"1", "2", "3", "", "4"};
    const struct csv_row heading = row_of(head, 3);
    assert_int_equal(load("return { columns = { number = 'b' } }"), SHK_OK);
    assert_int_equal(columns_bind(columns, &heading, "t.csv", &why), SHK_OK);
    for (size_t n = 1; n <= 5; n++) {
        const struct csv_row row = row_of(cells, n);
        assert_int_equal(columns_fit(columns, &row), n >= 2 && n <= 4);
    }
}

static void values_are_translated(void **state) {
    (void)state;
    static const char *const cells[] = {"男", "1", "9", "有", "1.5"};
    const struct csv_row row = row_of(cells, 5);
    assert_int_equal(load("return { header = false, limit_consent = 4,\n"
                          "columns = { sex = 1, relation = 2, sex_other = 3, name = 5 },\n"
                          "values = { sex = { ['男'] = 'male' }, relation = { [1] = 'self' },\n"
                          "limit_consent = { ['有'] = 1 }, name = { ['1.5'] = 'x' } } }"),
                     SHK_OK);
    assert_int_equal(columns_bind(columns, &row, "t.csv", &why), SHK_OK);
    expect_cell(&row, COLUMN_FIELD, "sex", "male");
    expect_cell(&row, COLUMN_FIELD, "relation", "self");
    expect_cell(&row, COLUMN_FIELD, "sex_other", "9");
    expect_cell(&row, COLUMN_CONSENT, NULL, "1");
    expect_cell(&row, COLUMN_FIELD, "name", "x");
}

static void fields_of_groups_and_lists_are_named_either_way(void **state) {
    (void)state;
    assert_int_equal(load("return { columns = { elderly = { burden_percent = 1 },\n"
                          "['specific_diseases[1].disease'] = 2, ['limit.category_label'] = 3 },\n"
                          "values = { elderly = { burden_percent = { ['2割'] = 20 } } } }"),
                     SHK_OK);
    assert_non_null(columns_find(columns, COLUMN_FIELD, "elderly.burden_percent"));
    assert_non_null(columns_find(columns, COLUMN_FIELD, "specific_diseases[1].disease"));
    refuse(
        "return { columns = { elderly = { burden_percent = 1 }, ['elderly.burden_percent'] = 2 } }",
        "c.lua:1 columns.elderly.burden_percent");
}

static void a_column_that_must_be_there_is_named(void **state) {
    (void)state;
    assert_int_equal(load("return { id = 1 }"), SHK_OK);
    assert_int_equal(columns_require(columns, COLUMN_ID, "id", &why), SHK_OK);
    assert_int_equal(columns_require(columns, COLUMN_FIELD, "number", &why), SHK_E_SCRIPT_CONTRACT);
    assert_string_equal(why.where, "c.lua columns.number");
    fault_clear(&why);
    assert_int_equal(columns_require(columns, COLUMN_REFERENCE, "reference_number", &why),
                     SHK_E_SCRIPT_CONTRACT);
    assert_string_equal(why.where, "c.lua reference_number");
}

static void expect_day(const char *text, const char *day) {
    char out[9] = "";
    assert_int_equal(columns_date(columns, text, strlen(text), out), day != NULL);
    assert_true(day == NULL || strcmp(out, day) == 0);
}

static void seven_digits_are_a_day_of_an_era_on_demand(void **state) {
    (void)state;
    assert_int_equal(load("return { }"), SHK_OK);
    expect_day("3600312", NULL);
    expect_day("S60.3.12", "19850312");
    assert_int_equal(load("return { dates = 'era7' }"), SHK_OK);
    expect_day("3600312", "19850312");
    expect_day("３６００３１２", "19850312");
    expect_day("1450729", "19120729");
    expect_day("2010801", "19120801");
    expect_day("4310430", "20190430");
    expect_day("5010501", "20190501");
    expect_day("S60.3.12", "19850312");
    expect_day("19850312", "19850312");
    expect_day("4310501", NULL); /* 令和 by then */
    expect_day("0600312", NULL);
    expect_day("6600312", NULL);
    expect_day("3600230", NULL);
    expect_day("360031", NULL);
    expect_day("360 0312", NULL);
    expect_day("360031x", NULL);
    expect_day("", NULL);
}

static void expect_label(const char *path, const char *label) {
    char out[64];
    columns_label(columns, path, out, sizeof out);
    assert_string_equal(out, label);
}

static void a_column_is_called_what_the_table_calls_it(void **state) {
    (void)state;
    assert_int_equal(
        load("return { id = 2, reference_number = '照会', columns = { number = '番号' } }"),
        SHK_OK);
    expect_label("number", "番号");
    expect_label("reference_number", "照会");
    expect_label("id", "2列目");
    expect_label("birth_date", "birth_date");
}

static void the_shipped_file_reads_the_sample_table(void **state) {
    (void)state;
    size_t n;
    const char *text = slurp(SOURCE_ROOT "/scripts/bulk_columns.lua", &n);
    assert_int_equal(columns_read("bulk_columns.lua", (const uint8_t *)text, n, &columns, &why),
                     SHK_OK);
    static const char *const paths[] = {"insurer_number", "symbol", "number", "branch_number",
                                        "birth_date",     "name",   "sex"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_non_null(columns_find(columns, COLUMN_FIELD, paths[i]));
    }
    assert_non_null(columns_find(columns, COLUMN_ID, NULL));
    assert_non_null(columns_find(columns, COLUMN_REFERENCE, NULL));
}

#define CASE(name) cmocka_unit_test_teardown(name, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_file_says_what_the_table_is),
        CASE(what_the_contract_does_not_know_is_named_with_its_line),
        CASE(a_file_that_is_no_lua_is_told_so),
        CASE(columns_are_found_by_heading_and_by_number),
        CASE(a_heading_that_is_missing_or_there_twice_is_named),
        CASE(a_row_that_is_shifted_does_not_fit),
        CASE(values_are_translated),
        CASE(fields_of_groups_and_lists_are_named_either_way),
        CASE(a_column_that_must_be_there_is_named),
        CASE(seven_digits_are_a_day_of_an_era_on_demand),
        CASE(a_column_is_called_what_the_table_calls_it),
        CASE(the_shipped_file_reads_the_sample_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
