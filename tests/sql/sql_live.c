/* The sql adapter against a real database and its real ODBC driver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"
#include "registry.h"
#include "slurp.h"
#include "sql_stage.h"

static struct stage stage;

static int fresh(void **state) {
    (void)state;
    db_fresh();
    stage_init(&stage);
    return 0;
}

static int finish(void **state) {
    (void)state;
    stage_close(&stage);
    db_forget();
    return 0;
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, fresh, finish)

/* SQLSTATE to the base 36. */
static int32_t state_number(const char *state) {
    int32_t n = 0;
    for (; *state != '\0'; state++) {
        n = n * 36 + (*state <= '9' ? *state - '0' : *state - 'A' + 10);
    }
    return n;
}

static void assert_state(const char *of_postgres) {
    assert_int_equal(stage.native, state_number(is_postgres() ? of_postgres : "HY000"));
}

static void a_patient_is_written_with_the_delivery_s_id(void **state) {
    (void)state;
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_string_equal(stage.receipt.place, "shikaku_deliveries");
    assert_string_equal(stage.receipt.warning, "");
    assert_string_equal(db_value("SELECT name FROM patients"), "見本　太郎");
    assert_string_equal(db_value("SELECT name_kana FROM patients"), "ﾐﾎﾝ ﾀﾛｳ");
    assert_string_equal(db_value("SELECT birth_date FROM patients"), "1989-01-07");
    assert_string_equal(db_value("SELECT symbol FROM patients"), "(null)");
    assert_string_equal(db_value("SELECT visits + 1 FROM patients"), "4");
    assert_string_equal(db_value("SELECT delivery_id FROM shikaku_deliveries"), "id-1");
    assert_string_equal(db_value("SELECT delivered_at FROM shikaku_deliveries"), NOW);
}

static void the_same_delivery_twice_is_one(void **state) {
    (void)state;
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_string_equal(stage.receipt.warning, "delivered before");
    stage_close(&stage);
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_string_equal(stage.receipt.warning, "delivered before");
    assert_int_equal(db_count("patients"), 1);
    assert_int_equal(db_count("shikaku_deliveries"), 1);
}

static void every_character_comes_back_and_sql_stays_data(void **state) {
    (void)state;
    static const char *const names[] = {
        "髙橋　﨑", "𠮷野　𩸽", "x'); DROP TABLE patients;--", "\"q\" ? :name $1 %s \\",
        "a\nb\tc",  ""};
    static const char *const again[] = {
        "UPDATE patients SET name = :name WHERE id = :id OR name = :name", NULL};
    char id[] = "id-0";
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "first", insert_patient, one_patient), SHK_OK);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *const parameters[] = {"name", names[i], "id", "P-1", NULL};
        id[3] = (char)('0' + i);
        assert_int_equal(stage_deliver(&stage, id, again, parameters), SHK_OK);
        assert_string_equal(db_value("SELECT name FROM patients"), names[i]);
    }
    assert_int_equal(db_count("patients"), 1);
}

static void all_statements_or_none(void **state) {
    (void)state;
    static const char *const two[] = {"INSERT INTO patients (id) VALUES (:id)",
                                      "INSERT INTO missing (id) VALUES (:id)", NULL};
    static const char *const id[] = {"id", "P-1", NULL};
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", two, id), SHK_E_STATEMENT);
    assert_string_equal(stage.where, "statements[2]");
    assert_state("42P01");
    assert_int_equal(db_count("patients"), 0);
    assert_int_equal(db_count("shikaku_deliveries"), 0);
    /* The connection is as good as before, and so is the id. */
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_int_equal(db_count("patients"), 1);
}

static void what_the_host_refuses_is_said_without_the_value(void **state) {
    (void)state;
    static const char *const twice[] = {"INSERT INTO patients (id) VALUES (:id)",
                                        "INSERT INTO patients (id) VALUES (:id)", NULL};
    static const char *const parameters[] = {"id", "P-1", NULL};
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", twice, parameters), SHK_E_HOST_REFUSED);
    assert_string_equal(stage.where, "statements[2]");
    assert_state("23505");
    assert_int_equal(db_count("patients"), 0);
}

static void a_value_that_is_too_long_is_refused(void **state) {
    (void)state;
    static const char *const insert[] = {"INSERT INTO narrow (name) VALUES (:name)", NULL};
    static const char *const parameters[] = {"name", "見本見本見本", NULL};
    db_run(is_postgres() ? "CREATE TABLE narrow (name VARCHAR(5))"
                         : "CREATE TABLE narrow (name TEXT CHECK (length(name) <= 5))");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert, parameters), SHK_E_HOST_REFUSED);
    assert_string_equal(stage.where, "statements[1]");
    assert_state("22001");
    assert_int_equal(db_count("narrow"), 0);
    assert_int_equal(db_count("shikaku_deliveries"), 0);
}

static void a_long_text_is_written_whole(void **state) {
    (void)state;
    static const char *const insert[] = {"INSERT INTO papers (body) VALUES (:body)", NULL};
    static char body[60001];
    static const char high[] = "髙";
    const char *const parameters[] = {"body", body, NULL};
    for (size_t i = 0; i + 1 < sizeof body; i++) {
        body[i] = high[i % 3];
    }
    db_run("CREATE TABLE papers (body TEXT)");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert, parameters), SHK_OK);
    assert_string_equal(db_value("SELECT length(body) FROM papers"), "20000");
}

static void an_update_that_meets_nobody_is_no_delivery(void **state) {
    (void)state;
    static const char *const update[] = {"UPDATE patients SET name = 'x' WHERE id = :id", NULL};
    static const char *const both[] = {"UPDATE patients SET name = 'x' WHERE id = :id",
                                       "INSERT INTO patients (id) SELECT :id WHERE NOT EXISTS"
                                       " (SELECT 1 FROM patients WHERE id = :id)",
                                       NULL};
    static const char *const id[] = {"id", "P-9", NULL};
    const int32_t any = SHK_ROWS_ANY, one[] = {SHK_ROWS_SOME, 2};
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", update, id), SHK_E_STATEMENT);
    assert_string_equal(stage.where, "statements rows");
    assert_int_equal(stage_deliver_rows(&stage, "id-2", both, id, one), SHK_E_STATEMENT);
    assert_string_equal(stage.where, "statements[2] rows");
    assert_int_equal(db_count("patients"), 0);
    assert_int_equal(db_count("shikaku_deliveries"), 0);
    assert_int_equal(stage_deliver_rows(&stage, "id-3", update, id, &any), SHK_OK);
    assert_int_equal(stage_deliver(&stage, "id-4", both, id), SHK_OK);
    assert_int_equal(stage_deliver(&stage, "id-5", both, id), SHK_OK);
    assert_int_equal(db_count("patients"), 1);
}

static void the_adapter_gives_id_and_patient_itself(void **state) {
    (void)state;
    static const char *const insert[] = {
        "INSERT INTO patients (id, name) VALUES (:delivery_id, :patient_id)", NULL};
    static const char *const none[] = {NULL};
    static const char *const unknown[] = {"INSERT INTO patients (id) VALUES (:id)", NULL};
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert, none), SHK_OK);
    assert_string_equal(db_value("SELECT id FROM patients"), "id-1");
    assert_string_equal(db_value("SELECT name FROM patients"), "(null)");
    assert_int_equal(stage_deliver(&stage, "id-2", unknown, none), SHK_E_STATEMENT);
    assert_string_equal(stage.where, "statements[1]");
}

static void the_table_of_ids_is_not_made_unasked(void **state) {
    (void)state;
    stage_set(&stage, "make_id_table", "no");
    stage_set(&stage, "id_table", "our_ids");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_E_STATEMENT);
    assert_string_equal(stage.where, "id_table");
    assert_state("42P01");
    assert_int_equal(db_count("patients"), 0);
    db_run("CREATE TABLE our_ids (delivery_id VARCHAR(40) PRIMARY KEY, delivered_at VARCHAR(20))");
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_int_equal(db_count("our_ids"), 1);
}

static void a_data_source_serves_as_well(void **state) {
    (void)state;
    stage_set(&stage, "connection", NULL);
    stage_set(&stage, "dsn", "source");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
    assert_int_equal(db_count("patients"), 1);
}

static void what_cannot_be_reached_is_told_apart(void **state) {
    static const struct {
        const char *key, *value, *where;
        int32_t code;
        const char *state;
    } cases[] = {
        {"connection", "DRIVER=Nobody;Database=x", "connection", SHK_E_DRIVER, "01000"},
        {"connection", "DRIVER=Broken;Database=x", "connection", SHK_E_DRIVER, "01000"},
        {"connection", "DSN=nobody", "connection", SHK_E_DRIVER, "IM002"},
        {"library", "/nowhere/libodbc.so.2", "library", SHK_E_DRIVER, ""},
        {"connection", "DRIVER=PostgreSQL;Server=127.0.0.1;Port=1;Database=x", "connection",
         SHK_E_HOST_UNREACHABLE, "08001"},
        {"connection", "DRIVER=SQLite3;Database=/nowhere/x.db", "connection",
         SHK_E_HOST_UNREACHABLE, "HY000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stage_close(&stage);
        stage_init(&stage);
        stage_set(&stage, cases[i].key, cases[i].value);
        stage_open(&stage);
        int32_t rc = stage_deliver(&stage, "id-1", insert_patient, one_patient);
        if (rc != cases[i].code || stage.native != state_number(cases[i].state) ||
            strcmp(stage.where, cases[i].where) != 0) {
            fail_msg("%s: %d %d (%s %d) %s", cases[i].value, (int)rc, (int)stage.native,
                     cases[i].state, (int)state_number(cases[i].state), stage.where);
        }
    }
}

static void a_stop_is_heard_before_the_next_statement(void **state) {
    (void)state;
    stage_open(&stage);
    stage.stopping = 1;
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_E_CANCELLED);
    assert_int_equal(db_count("patients"), 0);
    stage.stopping = 0;
    assert_int_equal(stage_deliver(&stage, "id-1", insert_patient, one_patient), SHK_OK);
}

static void another_format_is_refused(void **state) {
    shk_delivery d = {.struct_size = sizeof d,
                      .abi = SHK_ADAPTER_ABI,
                      .id = "id-1",
                      .format = "json",
                      .encoding = "utf-8"};
    (void)state;
    stage_open(&stage);
    stage.receipt = (shk_receipt){.struct_size = sizeof stage.receipt, .abi = SHK_ADAPTER_ABI};
    assert_int_equal(adapter_sql.deliver(stage.host, &d, &stage.receipt), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(stage.where, "script");
}

struct found {
    int n, stop_at;
    char text[2048];
};

static int32_t SHK_CALL take_patient(void *who, const char *id, const shk_field *values,
                                     uint32_t values_n) {
    struct found *f = who;
    size_t n = strlen(f->text);
    n += (size_t)snprintf(f->text + n, sizeof f->text - n, "%s", id);
    for (uint32_t i = 0; i < values_n && n < sizeof f->text; i++) {
        n += (size_t)snprintf(f->text + n, sizeof f->text - n, " %s=%s", values[i].to,
                              values[i].value);
    }
    (void)snprintf(f->text + n, sizeof f->text - n, ";");
    return ++f->n == f->stop_at ? SHK_E_CANCELLED : 0;
}

static void patients_are_found_by_bound_values(void **state) {
    static const shk_field asked[] = {{"name", "見本　太郎"},
                                      {"birth_date", "1989-01-07"},
                                      {"elderly.valid_from", "x' OR '1'='1"},
                                      {"symbol", NULL}};
    struct found f = {0};
    (void)state;
    db_run("INSERT INTO patients (id, name, symbol) VALUES ('P-1', '見本　太郎', NULL)");
    db_run("INSERT INTO patients (id, name, symbol) VALUES ('P-2', '髙橋', '𠮷-1')");
    stage_set(&stage, "find",
              "SELECT id AS \"ID\", name, symbol AS elderly__valid_from FROM patients"
              " WHERE name = :name OR symbol = :elderly__valid_from OR id = 'P-2' ORDER BY id");
    stage_open(&stage);
    assert_int_equal(adapter_sql.find_patients(stage.host, asked, 4, take_patient, &f), SHK_OK);
    assert_string_equal(f.text, "P-1 name=見本　太郎;P-2 name=髙橋 elderly.valid_from=𠮷-1;");
    f = (struct found){.stop_at = 1};
    assert_int_equal(adapter_sql.find_patients(stage.host, asked, 4, take_patient, &f),
                     SHK_E_CANCELLED);
    assert_int_equal(f.n, 1);
    assert_int_equal(stage.code, 0);
    /* A question without a value is not answered with nobody. */
    assert_int_equal(adapter_sql.find_patients(stage.host, asked + 3, 1, take_patient, &f),
                     SHK_E_ARGUMENT);
    assert_string_equal(stage.where, "find");
}

static void a_question_that_cannot_be_answered_is_a_fault(void **state) {
    static const struct {
        const char *find;
        int32_t code;
    } cases[] = {
        {"SELECT id FROM missing WHERE name = :name", SHK_E_STATEMENT},
        {"SELECT name FROM patients WHERE name = :name", SHK_E_HOST_ANSWER},
        {"SELECT symbol AS id FROM patients WHERE name = :name", SHK_E_HOST_ANSWER},
        {"SELECT a.id FROM patients a, patients b, patients c WHERE a.name = :name"
         " AND b.name = a.name AND c.name = a.name",
         SHK_E_HOST_ANSWER},
    };
    static const shk_field asked = {"name", "x"};
    (void)state;
    for (char id[] = "P-0"; id[2] < '8'; id[2]++) {
        char text[96];
        snprintf(text, sizeof text, "INSERT INTO patients (id, name) VALUES ('%s', 'x')", id);
        db_run(text);
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct found f = {0};
        stage_close(&stage);
        stage_init(&stage);
        stage_set(&stage, "find", cases[i].find);
        stage_open(&stage);
        assert_int_equal(adapter_sql.find_patients(stage.host, &asked, 1, take_patient, &f),
                         cases[i].code);
        assert_int_equal(stage.code, cases[i].code);
        assert_string_equal(stage.where, "find");
    }
    stage_close(&stage);
    stage_init(&stage);
    stage_open(&stage);
    struct found f = {0};
    assert_int_equal(adapter_sql.find_patients(stage.host, &asked, 1, take_patient, &f),
                     SHK_E_ABSENT);
}

/* The text of a page between this line and the next "```"; freed by the caller. */
static char *block(const char *page, const char *fence, int number) {
    const char *at = slurp(page, NULL);
    for (int i = 0; i < number; i++) {
        at = strstr(at, fence);
        assert_non_null(at);
        at += strlen(fence);
    }
    const char *end = strstr(at, "\n```\n");
    assert_non_null(end);
    size_t n = (size_t)(end - at);
    char *text = malloc(n + 1);
    assert_non_null(text);
    memcpy(text, at, n);
    text[n] = '\0';
    return text;
}

/* Maps the usual person with this script and delivers it. */
static int32_t map_and_deliver(const char *script, const char *id) {
    const char *statements[33] = {NULL};
    const char *parameters[2 * 32 + 1] = {NULL};
    assert_int_equal(run_text(script, false), SHK_OK);
    for (size_t i = 0; i < result->statements_n; i++) {
        statements[i] = result->statements[i];
    }
    for (size_t i = 0; i < result->fields_n; i++) {
        parameters[2 * i] = result->fields[i].to;
        parameters[2 * i + 1] = result->fields[i].value;
    }
    return stage_deliver_rows(&stage, id, statements, parameters, result->statement_rows);
}

#define NUMBERED ITEM "<ReferenceNumber>P-77</ReferenceNumber>"

static void the_example_of_the_docs_works(void **state) {
    static const shk_field asked = {"birth_date", "1989-01-07"};
    struct found f = {0};
    (void)state;
    char *table = block(SOURCE_ROOT "/docs/sql.md", "\n```sql\n", 1);
    char *script = block(SOURCE_ROOT "/docs/sql.md", "\n```lua\n", 1);
    db_run("DROP TABLE patients");
    db_run(table);
    load_record(NUMBERED);
    assert_int_equal(run_text(script, false), SHK_OK);
    stage_set(&stage, "find", result->find);
    stage_open(&stage);
    assert_int_equal(map_and_deliver(script, "id-1"), SHK_OK);
    assert_int_equal(map_and_deliver(script, "id-2"), SHK_OK);
    assert_int_equal(db_count("patients"), 1);
    assert_string_equal(db_value("SELECT patient_no FROM patients"), "P-77");
    assert_string_equal(db_value("SELECT name_kana FROM patients"), "ミホン　タロウ");
    assert_string_equal(db_value("SELECT delivery_id FROM patients"), "id-2");
    assert_string_equal(db_value("SELECT symbol FROM patients"), "(null)");
    assert_int_equal(adapter_sql.find_patients(stage.host, &asked, 1, take_patient, &f), SHK_OK);
    assert_string_equal(f.text,
                        "P-77 name=見本　太郎 name_kana=ミホン　タロウ birth_date=1989-01-07 "
                        "sex=1 insurer_number=990010 branch_number=;");
    free(table);
    free(script);
    tear_down(state);
}

/* Access is not to be had here; SQLite takes its brackets. */
static void the_pack_of_jsy96_keeps_the_lock_of_the_host(void **state) {
    const char *script = slurp(SOURCE_ROOT "/scripts/judo-maple-sql/mapping.lua", NULL);
    char table[2048];
    size_t n = (size_t)snprintf(table, sizeof table, "CREATE TABLE ClipData (");
    load_record(ITEM);
    assert_int_equal(run_text(script, false), SHK_OK);
    assert_int_equal(result->fields_n, 30);
    for (size_t i = 0; i < result->fields_n; i++) {
        n += (size_t)snprintf(table + n, sizeof table - n, "%s%s VARCHAR(255)", i > 0 ? ", " : "",
                              result->fields[i].to);
    }
    snprintf(table + n, sizeof table - n, ")");
    db_run(table);
    db_run("CREATE TABLE Lock (USER VARCHAR(20), DT VARCHAR(20))");
    db_run("INSERT INTO Lock VALUES ('JSY96', '')");
    stage_open(&stage);
    assert_int_equal(map_and_deliver(script, "id-1"), SHK_E_STATEMENT);
    assert_string_equal(stage.where, "statements[1] rows");
    assert_int_equal(db_count("ClipData"), 0);
    db_run("UPDATE Lock SET USER = NULL");
    assert_int_equal(map_and_deliver(script, "id-1"), SHK_OK);
    assert_int_equal(map_and_deliver(script, "id-2"), SHK_OK);
    assert_int_equal(db_count("ClipData"), 1);
    assert_string_equal(db_value("SELECT Name FROM ClipData"), "見本　太郎");
    assert_string_equal(db_value("SELECT InsuredCardSymbol FROM ClipData"), "");
    assert_string_equal(db_value("SELECT USER FROM Lock"), "");
    tear_down(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_patient_is_written_with_the_delivery_s_id),
        LIVE_TEST(the_same_delivery_twice_is_one),
        LIVE_TEST(every_character_comes_back_and_sql_stays_data),
        LIVE_TEST(all_statements_or_none),
        LIVE_TEST(what_the_host_refuses_is_said_without_the_value),
        LIVE_TEST(a_value_that_is_too_long_is_refused),
        LIVE_TEST(a_long_text_is_written_whole),
        LIVE_TEST(an_update_that_meets_nobody_is_no_delivery),
        LIVE_TEST(the_adapter_gives_id_and_patient_itself),
        LIVE_TEST(the_table_of_ids_is_not_made_unasked),
        LIVE_TEST(a_data_source_serves_as_well),
        LIVE_TEST(what_cannot_be_reached_is_told_apart),
        LIVE_TEST(a_stop_is_heard_before_the_next_statement),
        LIVE_TEST(another_format_is_refused),
        LIVE_TEST(patients_are_found_by_bound_values),
        LIVE_TEST(a_question_that_cannot_be_answered_is_a_fault),
        LIVE_TEST(the_example_of_the_docs_works),
        LIVE_TEST(the_pack_of_jsy96_keeps_the_lock_of_the_host),
    };
    /* The last one is for a database with brackets around names. */
    const size_t all = sizeof tests / sizeof tests[0];
    return _cmocka_run_group_tests(is_postgres() ? "server" : "file", tests,
                                   is_postgres() ? all - 1 : all, NULL, NULL);
}
