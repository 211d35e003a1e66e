/* Format "sql": what a script's statements may be, and what comes out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"
#include "shikaku/adapter.h"
#include "shikaku/sql_text.h"

#define SQL "format = 'sql', encoding = 'utf-8'"

/* The parts of a text, one letter each; parameters are spelt. */
static const char *parts_of(const char *text) {
    static char out[256];
    static const char letters[] = ".swqm:;!";
    size_t n = 0;
    shk_sql_part part = shk_sql_next(text, 0);
    for (; part.kind != SHK_SQL_END && part.kind != SHK_SQL_BAD;
         part = shk_sql_next(text, part.at + part.len)) {
        if (part.kind == SHK_SQL_NAME) {
            n += (size_t)snprintf(out + n, sizeof out - n, "%.*s", (int)part.len, text + part.at);
        } else if (part.kind != SHK_SQL_SPACE) {
            out[n++] = letters[part.kind];
        }
    }
    snprintf(out + n, sizeof out - n, "%s", part.kind == SHK_SQL_BAD ? "!" : "");
    return out;
}

static void names_are_told_from_casts_texts_comments_and_quoted_names(void **state) {
    (void)state;
    assert_string_equal(parts_of("SELECT :a, x::text"), "w:amwmw");
    assert_string_equal(parts_of("':b' \":c\" `:d` [:e] :f"), "qqqq:f");
    assert_string_equal(parts_of("'it''s :b' :a"), "q:a");
    assert_string_equal(parts_of("[a]]:b]:a"), "q:a");
    assert_string_equal(parts_of("-- :b '\n:a /* :c ' */ :d"), ":a:d");
    assert_string_equal(parts_of(":a::date+:_b2;"), ":amwm:_b2;");
    assert_string_equal(parts_of("a := :b"), "wm:b");
    assert_string_equal(parts_of("(:a,:b)"), "m:am:bm");
    assert_string_equal(parts_of("氏名=:a"), "wm:a");
    assert_string_equal(parts_of("v$session :a"), "w:a");
    assert_string_equal(parts_of("1.5 - 2"), "wmwmw");
    assert_string_equal(parts_of("a -1"), "wmw");
}

static void what_databases_read_differently_is_bad(void **state) {
    (void)state;
    static const char *const bad[] = {
        "?",
        "$1",
        "$$ :a $$",
        "$x$",
        ":1",
        ":a\xE6\xB0\x8F",
        "'a\\' :b '",
        "\"a\\\"",
        "'a",
        "\"a",
        "`a",
        "[a",
        "--a",
        "/* a",
        "/* /* */ */",
        "/*! a */",
        "a:b",
        "q'[it's]'",
        "Q'(a)'",
        "1:2",
        "a:b",
        ":a$b",
        ":a23456789012345678901234567890123456789012345678901234567890abcd"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *said = parts_of(bad[i]);
        if (said[0] == '\0' || said[strlen(said) - 1] != '!') {
            fail_msg("%s: %s", bad[i], said);
        }
    }
    /* 63 bytes are a name. */
    assert_string_equal(parts_of(":a2345678901234567890123456789012345678901234567890123456789abc"),
                        ":a2345678901234567890123456789012345678901234567890123456789abc");
}

static void one_statement_that_changes_or_reads_rows_is_usable(void **state) {
    (void)state;
    static const char *const good[] = {"INSERT INTO t VALUES (:a)",
                                       "insert into t values (:a) ; -- end\n",
                                       "/* x */ Update t set a=:a",
                                       "{call p(:a)}",
                                       "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
                                       "EXEC p :a"};
    static const char *const bad[] = {"",
                                      "-- only words\n",
                                      "COMMIT",
                                      "DROP TABLE t",
                                      "CREATE TABLE t (a int)",
                                      "BEGIN",
                                      "SET x = 1",
                                      "{ }",
                                      "(SELECT 1)",
                                      "INSERT INTO t VALUES (1); DELETE FROM t",
                                      "INSERT INTO t VALUES (1);;",
                                      "INSERT INTO t VALUES (1) COMMIT",
                                      "DELETE FROM t rollback",
                                      "SELECT 1 DROP TABLE t"};
    uint32_t at = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!shk_sql_usable(good[i], &at)) {
            fail_msg("%s at %u", good[i], (unsigned)at);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (shk_sql_usable(bad[i], &at)) {
            fail_msg("%s", bad[i]);
        }
    }
    assert_false(shk_sql_usable("INSERT INTO t VALUES (1); DELETE FROM t", &at));
    assert_int_equal(at, 26);
}

static void parameters_come_in_row_order_and_absent_is_null(void **state) {
    (void)state;
    assert_int_equal(
        run_rows(
            SQL
            ", statements = { 'INSERT INTO p VALUES (:id, :name, :mark, :branch, :none)',"
            "{ 'UPDATE p SET a = :delivery_id WHERE p = :patient_id', rows = 1 },"
            "{ 'DELETE FROM q', rows = 'any' } }, find = 'SELECT id FROM p WHERE b = :birth_date'",
            "{ to = 'name', from = 'name' }, { to = 'id', value = \"x'; DROP TABLE p;--\" },"
            "{ to = 'mark', from = 'symbol' }, { to = 'branch', from = 'branch_number' },"
            "{ when = 'symbol', fields = { { to = 'none', value = 'n' } } }"),
        SHK_OK);
    static const char *const names[] = {"name", "id", "mark", "branch", "none"};
    static const char *const values[] = {"見本　太郎", "x'; DROP TABLE p;--", NULL, "", NULL};
    assert_int_equal(result->fields_n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(result->fields[i].to, names[i]);
        if (values[i] == NULL) {
            assert_null(result->fields[i].value);
        } else {
            assert_string_equal(result->fields[i].value, values[i]);
        }
    }
    assert_int_equal(result->statements_n, 3);
    assert_string_equal(result->statements[0],
                        "INSERT INTO p VALUES (:id, :name, :mark, :branch, :none)");
    assert_string_equal(result->statements[2], "DELETE FROM q");
    assert_int_equal(result->statement_rows[0], SHK_ROWS_SOME);
    assert_int_equal(result->statement_rows[1], 1);
    assert_int_equal(result->statement_rows[2], SHK_ROWS_ANY);
    assert_string_equal(result->find, "SELECT id FROM p WHERE b = :birth_date");
    assert_string_equal(result->format, "sql");
    assert_string_equal(result->file_name, "a.csv");
    assert_body("{\n"
                "  \"statements\": [\n"
                "    \"INSERT INTO p VALUES (:id, :name, :mark, :branch, :none)\",\n"
                "    \"UPDATE p SET a = :delivery_id WHERE p = :patient_id\",\n"
                "    \"DELETE FROM q\"\n"
                "  ],\n"
                "  \"parameters\": {\n"
                "    \"name\": \"見本　太郎\",\n"
                "    \"id\": \"x'; DROP TABLE p;--\",\n"
                "    \"mark\": null,\n"
                "    \"branch\": \"\",\n"
                "    \"none\": null\n"
                "  }\n"
                "}\n");
}

static void a_file_name_is_not_needed(void **state) {
    (void)state;
    assert_int_equal(
        run_text("return { contract = 1, id = 't', " SQL
                 ", statements = { 'SELECT :a' }, fields = { { to = 'a', value = 1 } } }",
                 false),
        SHK_OK);
    assert_string_equal(result->file_name, "sql.json");
    assert_null(result->find);
}

static void the_rules_of_a_row_hold_for_a_parameter(void **state) {
    (void)state;
    assert_fault(run_rows(SQL ", statements = { 'SELECT :a' }",
                          "{ to = 'a', from = 'name', max_chars = 2 }"),
                 SHK_E_FIELD_TOO_LONG, "t.lua:3 a");
    assert_fault(run_rows(SQL ", statements = { 'SELECT :a' }",
                          "{ to = 'a', from = 'symbol', required = true }"),
                 SHK_E_FIELD_REQUIRED, "t.lua:3 a");
}

struct defect {
    const char *outer, *rows, *where;
};

static void wrong_statements_are_found_before_a_row_runs(void **state) {
    (void)state;
#define ROW     "{ to = 'a', from = 'name' }"
#define WITH(s) SQL ",\nstatements = { " s " }"
    static const struct defect defects[] = {
        {SQL, ROW, "t.lua:1 statements"},
        {SQL ", statements = {}", ROW, "t.lua:1 statements"},
        {SQL ", statements = 'SELECT :a'", ROW, "t.lua:1 statements"},
        {WITH("'SELECT :a', 5"), ROW, "t.lua:2 statements[2]"},
        {WITH("'SELECT :a',\n'SELECT :a, :nmae'"), ROW, "t.lua:3 statements[2] :nmae"},
        {WITH("'SELECT 1'"), ROW, "t.lua:4 a to"},
        {WITH("'SELECT :a'"), ROW ", { to = 'b', value = 1 }", "t.lua:4 b to"},
        {WITH("'SELECT :a'"), ROW ", { to = 'a', value = 1 }", "t.lua:4 a to"},
        {WITH("'SELECT :a'"), ROW ", { to = 'delivery_id', value = 1 }", "t.lua:4 delivery_id to"},
        {WITH("'SELECT :a'"), ROW ", { to = 'b/c', value = 1 }", "t.lua:4 b/c to"},
        {WITH("'SELECT :a'"), ROW ", { to = '1b', value = 1 }", "t.lua:4 1b to"},
        {WITH("'SELECT :a, ?'"), ROW, "t.lua:2 statements[1] ?"},
        {WITH("'SELECT :a; SELECT :a'"), ROW, "t.lua:2 statements[1] SELECT"},
        {WITH("'DROP TABLE a'"), ROW, "t.lua:2 statements[1] DROP"},
        {WITH("{ 'SELECT :a', rows = -1 }"), ROW, "t.lua:2 statements[1] rows"},
        {WITH("{ 'SELECT :a', rows = 'some' }"), ROW, "t.lua:2 statements[1] rows"},
        {WITH("{ 'SELECT :a', row = 1 }"), ROW, "t.lua:2 statements[1]"},
        {WITH("{ rows = 1 }"), ROW, "t.lua:2 statements[1]"},
        {WITH("'SELECT :a'") ", find = 'SELECT :nmae'", ROW, "t.lua:2 find :nmae"},
        {WITH("'SELECT :a'") ", find = 'SELECT ?'", ROW, "t.lua:2 find ?"},
        {WITH("'SELECT :a'") ", find = {}", ROW, "t.lua:2 find"},
        {WITH("'SELECT :a'") ", uses = { 'name' }, find = 'SELECT :birth_date'", ROW,
         "t.lua:2 find :birth_date"},
        {WITH("'SELECT :a'") ", newline = 'lf'", ROW, "t.lua:2 newline"},
        {WITH("'SELECT :a'") ", indent = 1", ROW, "t.lua:2 indent"},
        {"format = 'sql', encoding = 'cp932', statements = { 'SELECT :a' }", ROW,
         "t.lua:1 encoding"},
        {"format = 'sql', encoding = 'utf-8-bom', statements = { 'SELECT :a' }", ROW,
         "t.lua:1 encoding"},
        {"format = 'json', encoding = 'utf-8', statements = { 'SELECT :a' }", ROW,
         "t.lua:1 statements"},
        {"format = 'json', encoding = 'utf-8', find = 'SELECT :a'", ROW, "t.lua:1 find"},
    };
    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        int32_t rc = run_rows(defects[i].outer, defects[i].rows);
        if (rc != SHK_E_SCRIPT_CONTRACT || strcmp(why.where, defects[i].where) != 0) {
            fail_msg("%s: %d %s", defects[i].outer, (int)rc, why.where);
        }
    }
}

static int32_t open_script(const char *statement, struct mapping **m) {
    static char script[1024];
    snprintf(script, sizeof script,
             "return { contract = 1, id = 't', " SQL
             ", uses = { 'elderly', 'birth_date' }, statements = { '%s' },"
             "find = 'SELECT id FROM p WHERE v = :elderly__valid_from AND b = :birth_date',"
             "fields = { { fields = { { to = 'x', value = 1 } } } } }",
             statement);
    const struct mapping_job job = {.script = {"t.lua", (const uint8_t *)script, strlen(script)}};
    fault_clear(&why);
    return mapping_open(&job, m, &why);
}

static void find_is_told_before_a_record_comes(void **state) {
    struct mapping *m = NULL;
    (void)state;
    assert_fault(open_script("SELECT 1", &m), SHK_E_SCRIPT_CONTRACT, "t.lua:1 x to");
    assert_fault(open_script("SELECT:x", &m), SHK_E_SCRIPT_CONTRACT, "t.lua:1 statements[1] :x");
    assert_int_equal(open_script("SELECT :x", &m), SHK_OK);
    assert_string_equal(mapping_find(m),
                        "SELECT id FROM p WHERE v = :elderly__valid_from AND b = :birth_date");
    mapping_close(&m);
}

static void a_clinic_may_change_rows_but_no_statement(void **state) {
    (void)state;
    static const char script[] =
        "return { contract = 1, id = 't', " SQL ", statements = { 'SELECT :a' },"
        "fields = { { to = 'a', from = 'name' } } }";
    static const char row[] =
        "return { overlay = 1, pack = 't', fields = { a = { was = { from = 'name' },"
        " from = 'name_kana' } } }";
    static const char statement[] =
        "return { overlay = 1, pack = 't', statements = { 'SELECT 1' } }";
    struct mapping_job job = {.script = {"t.lua", (const uint8_t *)script, sizeof script - 1},
                              .overlay = {"o.lua", (const uint8_t *)row, sizeof row - 1}};
    fault_clear(&why);
    assert_int_equal(mapping_run(&job, records, 1, &result, &why), SHK_OK);
    assert_string_equal(result->fields[0].value, "ﾐﾎﾝ ﾀﾛｳ");
    mapping_result_free(&result);
    job.overlay = (struct mapping_text){"o.lua", (const uint8_t *)statement, sizeof statement - 1};
    assert_fault(mapping_run(&job, records, 1, &result, &why), SHK_E_OVERLAY, "o.lua:1 statements");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(names_are_told_from_casts_texts_comments_and_quoted_names),
        MAPPING_TEST(what_databases_read_differently_is_bad),
        MAPPING_TEST(one_statement_that_changes_or_reads_rows_is_usable),
        MAPPING_TEST(parameters_come_in_row_order_and_absent_is_null),
        MAPPING_TEST(a_file_name_is_not_needed),
        MAPPING_TEST(the_rules_of_a_row_hold_for_a_parameter),
        MAPPING_TEST(wrong_statements_are_found_before_a_row_runs),
        MAPPING_TEST(find_is_told_before_a_record_comes),
        MAPPING_TEST(a_clinic_may_change_rows_but_no_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
