#include "bulk_stage.h"

#include <stdlib.h>

static size_t lines_of(const char *text) {
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += *text == '\n' ? 1 : 0;
    }
    return n;
}

static void expect_counts(uint64_t unchanged, uint64_t changed, uint64_t lost, uint64_t several,
                          uint64_t not_found, uint64_t fault) {
    assert_int_equal(stage.last.count[DIFFERENCE_UNCHANGED], unchanged);
    assert_int_equal(stage.last.count[DIFFERENCE_CHANGED], changed);
    assert_int_equal(stage.last.count[DIFFERENCE_LOST], lost);
    assert_int_equal(stage.last.count[DIFFERENCE_SEVERAL], several);
    assert_int_equal(stage.last.count[DIFFERENCE_NOT_FOUND], not_found);
    assert_int_equal(stage.last.count[DIFFERENCE_FAULT], fault);
}

static const char *const every_kind[] = {"same",    "moved",  "lost",  "lost_new",
                                         "several", "nobody", "error", "short_echo"};
#define EVERY_KIND_N (sizeof every_kind / sizeof every_kind[0])

static void every_difference_has_its_line(void **state) {
    (void)state;
    bulk_people_are(every_kind, EVERY_KIND_N);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(2, 1, 2, 1, 1, 1);
    assert_int_equal(stage.last.done, EVERY_KIND_N);
    assert_int_equal(stage.last.total, EVERY_KIND_N);
    assert_int_equal(stage.last.left_s, 0);
    static const char *const words[] = {"unchanged", "changed",   "lost",  "lost",
                                        "several",   "not_found", "fault", "unchanged"};
    assert_int_equal(lines_of(bulk_stage_file("results.jsonl")), EVERY_KIND_N);
    for (size_t i = 0; i < EVERY_KIND_N; i++) {
        char begin[128];
        text_format(begin, sizeof begin,
                    "{\"row\":%u,\"line\":%u,\"id\":\"P%03u\",\"difference\":\"%s\",",
                    (unsigned)i + 1, (unsigned)i + 2, (unsigned)i + 1, words[i]);
        assert_true(text_starts(bulk_stage_line(i + 1), begin));
    }
    expect_in(bulk_stage_line(1), "\"changed\":[],\"records\":[{");
    expect_in(bulk_stage_line(1), "\"name\":\"見本　太郎\"");
    expect_in(bulk_stage_line(2), "\"changed\":[\"insurer_number\",\"name\"]");
    expect_in(bulk_stage_line(2), "\"insurer_number\":\"39990015\"");
    expect_in(bulk_stage_line(7), "\"fault\":{\"code\":-1407,\"name\":\"ANSWER_ERROR\"");
    expect_not_in(bulk_stage_line(1), "\"fault\"");
}

static void people_read_a_table_of_differences(void **state) {
    (void)state;
    bulk_people_are(every_kind, EVERY_KIND_N);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    const char *csv = bulk_stage_file("differences.csv");
    assert_true(text_starts(csv, "\xEF\xBB\xBF\"番目\",\"行\",\"患者番号\",\"氏名\",\"結果\""));
    assert_int_equal(lines_of(csv), EVERY_KIND_N + 1);
    expect_in(csv, "\r\n\"1\",\"2\",\"P001\",\"見本　太郎\",\"変更なし\",\"\",\"\",\"有効\",\"\","
                   "\"2026-06-01\",\"\"\r\n");
    expect_in(csv, "\"2\",\"3\",\"P002\",\"見本　太郎\",\"変更あり\",\"保険者番号、氏名\","
                   "\"保険者番号: 06990014 → 39990015 / 氏名: 見本　太郎 → 見本　次郎\"");
    expect_in(csv, "\"無効（新しい資格あり）\",\"2026-03-31\",\"2026-06-01\",\"\"");
    expect_in(csv, "（見本）確認できません");
}

static void both_files_and_the_state_are_for_their_owner_alone(void **state) {
    (void)state;
    bulk_people_are(every_kind, EVERY_KIND_N);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(temp_mode(&stage.out, "results.jsonl"), 0600);
    assert_int_equal(temp_mode(&stage.out, "differences.csv"), 0600);
    assert_int_equal(temp_mode(&stage.out, "state"), 0600);
    const char *text = bulk_stage_file("state");
    expect_in(text, "finished 20261122");
    expect_in(text, "date 20260601");
    expect_not_in(text, "P00");
    expect_not_in(text, "06990014");
}

static void what_belongs_to_a_batch_is_not_in_the_results(void **state) {
    (void)state;
    bulk_people_are(every_kind, EVERY_KIND_N);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_not_in(bulk_stage_file("results.jsonl"), "arbitrary_identifier");
    expect_not_in(bulk_stage_file("results.jsonl"), "file_identifier");
    expect_not_in(bulk_stage_file("results.jsonl"), "reception_number");
    expect_not_in(bulk_stage_file("results.jsonl"), "\"bulk.");
}

static void units_in_any_order_give_the_same_files(void **state) {
    (void)state;
    bulk_people_are(every_kind, EVERY_KIND_N);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    char *results = text_dup(bulk_stage_file("results.jsonl"));
    char *differences = text_dup(bulk_stage_file("differences.csv"));
    bulk_stage_empty();
    stage.job.batch = 100;
    stage.service.backwards = true;
    stage.service.piece = 7;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_string_equal(bulk_stage_file("results.jsonl"), results);
    assert_string_equal(bulk_stage_file("differences.csv"), differences);
    free(results);
    free(differences);
}

static void an_answer_that_does_not_fit_is_never_taken(void **state) {
    (void)state;
    static const char *const symbols[] = {"echo",     "other",    "echo_number", "echo_insurer",
                                          "no_birth", "stranger", "same"};
    bulk_people_are(symbols, 7);
    stage.job.batch = 10;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(1, 0, 0, 0, 0, 6);
    for (size_t i = 1; i <= 5; i++) {
        expect_in(bulk_stage_line(i), "\"records\":[],");
        expect_in(bulk_stage_line(i), "\"name\":\"ANSWER_FOREIGN\"");
    }
    expect_in(bulk_stage_line(6), "\"name\":\"BULK_UNANSWERED\",\"where\":\"\"");
    expect_in(bulk_stage_file("differences.csv"), "この方の回答が結果にありませんでした");
    expect_not_in(bulk_stage_file("results.jsonl"), "見本　三郎");
}

static void units_missing_unread_and_strange_leave_the_others_alone(void **state) {
    (void)state;
    static const char *const symbols[] = {"same", "missing", "unread", "same"};
    bulk_people_are(symbols, 4);
    stage.service.stranger_first = true;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(2, 0, 0, 0, 0, 2);
    expect_in(bulk_stage_line(2), "BULK_UNANSWERED");
    expect_in(bulk_stage_line(3), "BULK_UNANSWERED");
}

static void the_first_of_two_answers_counts_and_the_other_is_told(void **state) {
    (void)state;
    static const char *const symbols[] = {"same", "twice", "same"};
    bulk_people_are(symbols, 3);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(3, 0, 0, 0, 0, 0);
    expect_in(bulk_stage_line(2), ",\"answers_passed_over\":1}");
    expect_not_in(bulk_stage_line(1), "passed_over");
}

static void rows_that_cannot_be_asked_are_told_and_not_asked(void **state) {
    (void)state;
    bulk_table_is(HEADING "P1,見本太郎,19800401,06990014,same,1,\n"
                          "P2,見本太郎,19800401,06990015,same,2,\n" /* check digit */
                          "P3,見本太郎,1980-02-30,06990014,same,3,\n"
                          "P4,見本太郎,,06990014,same,4,\n"
                          "P5,見本太郎,19800401,06990014,same,,\n"
                          "P6,見本太郎,19800401,06990014,same,6,,shifted\n"
                          "P7,見本太郎,19800401\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(1, 0, 0, 0, 0, 6);
    assert_int_equal(route_fake_taken(&stage.service), 1);
    expect_in(bulk_stage_line(2),
              "\"name\":\"CHECK_DIGIT\",\"where\":\"patients.csv:3 保険者番号\"");
    expect_in(bulk_stage_line(3), "patients.csv:4 生年月日");
    expect_in(bulk_stage_line(4), "patients.csv:5 生年月日");
    expect_in(bulk_stage_line(5), "patients.csv:6 番号");
    expect_in(
        bulk_stage_line(6),
        "\"name\":\"TABLE\",\"where\":\"patients.csv:7 列の数が違います（8列、正しくは7列）\"");
    expect_in(bulk_stage_line(7), "\"id\":\"P7\"");
    expect_in(bulk_stage_line(7), "patients.csv:8 列の数が違います（3列、正しくは7列）");
    bulk_stage_empty();
    stage.job.check_digit = false;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(2, 0, 0, 0, 0, 5);
}

static void a_hosts_ways_of_writing_are_understood(void **state) {
    (void)state;
    bulk_table_is(HEADING "P1,見本太郎,S55.4.1,００９９００１０,same,１２,１\n"
                          "P2,見本　太郎,昭和55年4月1日,  990010,same,12,01\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(2, 0, 0, 0, 0, 0);
    expect_in(bulk_stage_line(1), "\"search.insurer_number\":\"990010\"");
}

static void a_cell_of_the_service_is_no_formula(void **state) {
    (void)state;
    static const char *const symbols[] = {"error", "same"};
    bulk_people_are(symbols, 2);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_not_in(bulk_stage_file("differences.csv"), "\"=");
    bulk_table_is(
        HEADING
        "=1+1,見本,19800401,06990014,same,1,\n\"-2\"\"\n\",見本,19800401,06990014,same,2,\n");
    bulk_stage_empty();
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_file("differences.csv"), "\"'=1+1\"");
    expect_in(bulk_stage_file("differences.csv"), "\"'-2\"\"\"");
}

static void a_table_of_nobody_is_a_fault(void **state) {
    (void)state;
    bulk_table_is(HEADING);
    assert_int_equal(bulk_stage_run(), SHK_E_TABLE_EMPTY);
    assert_string_equal(stage.why.where, "patients.csv 患者の行がありません");
    assert_false(temp_exists(&stage.out, "state"));
    bulk_columns_are("return { header = false, columns = { insurer_number = 1, number = 2, "
                     "birth_date = 3 } }");
    bulk_table_is("\r\n");
    assert_int_equal(bulk_stage_run(), SHK_E_TABLE_EMPTY);
    bulk_columns_are(COLUMNS);
    bulk_table_is("");
    assert_int_equal(bulk_stage_run(), SHK_E_TABLE);
    assert_string_equal(stage.why.where, "patients.csv:1 見出しの行がありません");
    assert_int_equal(stage.told, 0);
}

static void faults_of_the_input_come_before_any_question(void **state) {
    (void)state;
    static const struct {
        const char *table, *columns;
        int32_t code;
        const char *where;
    } cases[] = {
        {"氏名,生年月日,保険者番号\n", NULL, SHK_E_TABLE,
         "patients.csv:1 患者番号 の列がありません"},
        {HEADING "P1,\"見本\n", NULL, SHK_E_TABLE, "patients.csv:2 引用符が閉じていません"},
        {HEADING, "return { columns = { insurer_number = 1, number = 2 } }", SHK_E_SCRIPT_CONTRACT,
         "columns.lua columns.birth_date"},
        {HEADING, "return {\n columns = { insuer_number = 1 } }", SHK_E_SCRIPT_CONTRACT,
         "columns.lua:2 columns.insuer_number"},
        {HEADING, "return {", SHK_E_SCRIPT_SYNTAX, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bulk_table_is(cases[i].table);
        bulk_columns_are(cases[i].columns != NULL ? cases[i].columns : COLUMNS);
        assert_int_equal(bulk_stage_run(), cases[i].code);
        if (cases[i].where != NULL) {
            assert_string_equal(stage.why.where, cases[i].where);
        }
        assert_false(temp_exists(&stage.out, "state"));
        assert_int_equal(stage.service.sends, 0);
    }
    stage.job.table = "/nowhere/patients.csv";
    bulk_columns_are(COLUMNS);
    assert_int_equal(bulk_stage_run(), SHK_E_FILE_READ);
    assert_string_equal(stage.why.where, "patients.csv");
    stage.job.table = stage.table;
    stage.job.columns = "/nowhere/columns.lua";
    assert_int_equal(bulk_stage_run(), SHK_E_FILE_READ);
    stage.job.columns = stage.columns;
    assert_int_equal(stage.told, 0);
}

static void a_route_that_cannot_says_so(void **state) {
    (void)state;
    static const struct route_ops none = {0};
    const struct lookup_route poor = {&none, NULL};
    bulk_people_are(every_kind, 1);
    stage.world.route = &poor;
    assert_int_equal(bulk_stage_run(), SHK_E_ROUTE_CANNOT);
    stage.job.kind = BULK_REGISTER;
    assert_int_equal(bulk_stage_run(), SHK_E_ROUTE_CANNOT);
}

static void only_those_who_agree_are_asked_for_the_limit_certificate(void **state) {
    (void)state;
    bulk_columns_are("return { limit_consent = 8, columns = { insurer_number = '保険者番号', "
                     "number = '番号', birth_date = '生年月日' }, values = { limit_consent = "
                     "{ ['有'] = 1 } } }");
    bulk_table_is("患者番号,氏名,生年月日,保険者番号,記号,番号,枝番,同意\n"
                  "P1,見本,19800401,06990014,same,1,,有\nP2,見本,19800401,06990014,same,2,,無\n"
                  "P3,見本,19800401,06990014,same,3,,1\nP4,見本,19800401,06990014,same,4,,\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(stage.service.people_n, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(stage.service.people[i].limit_consent, i % 2 == 0);
    }
}

static void registering_tells_who_was_registered(void **state) {
    (void)state;
    static const char *const symbols[] = {"same", "error", "missing", "same", "same"};
    bulk_people_are(symbols, 5);
    stage.job.kind = BULK_REGISTER;
    stage.service.unreachable = 1;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(3, 0, 0, 0, 0, 2);
    assert_int_equal(stage.service.unused, 1); /* what never came */
    assert_true(stage.service.used > 0);
    assert_string_equal(bulk_stage_line(1),
                        "{\"row\":1,\"line\":2,\"id\":\"P001\",\"registered\":true,"
                        "\"result_code\":\"\"}");
    expect_in(bulk_stage_line(2), "\"registered\":false,\"result_code\":\"X0000002\",\"fault\"");
    expect_in(bulk_stage_line(3), "BULK_UNANSWERED");
    expect_in(bulk_stage_file("differences.csv"),
              "\"1\",\"2\",\"P001\",\"見本　太郎\",\"登録済み\",\"\"\r\n");
    expect_in(bulk_stage_file("differences.csv"),
              "\"2\",\"3\",\"P002\",\"見本　太郎\",\"登録できず\"");
}

/* A number that nobody asked for, and one that comes twice. */
static void registering_believes_nothing_of_strangers(void **state) {
    (void)state;
    static const char *const symbols[] = {"same", "error", "same"};
    bulk_people_are(symbols, 3);
    stage.job.kind = BULK_REGISTER;
    stage.service.stranger_first = true;
    stage.service.pending = 1;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(2, 0, 0, 0, 0, 1);
    assert_int_equal(stage.service.registrations, 2);
    expect_in(bulk_stage_line(2), "\"registered\":false");
}

static void an_answer_of_strangers_alone_registers_nobody(void **state) {
    (void)state;
    static const char *const symbols[] = {"same", "same"};
    bulk_people_are(symbols, 2);
    stage.job.kind = BULK_REGISTER;
    stage.service.foreign = 1000;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(0, 0, 0, 0, 0, 2);
    assert_int_equal(stage.service.used, 0);
    expect_in(bulk_stage_line(1), "\"registered\":false");
    expect_in(bulk_stage_line(1), "ANSWER_FOREIGN");
}

static void one_number_is_not_registered_for_two_people_at_once(void **state) {
    (void)state;
    bulk_table_is(HEADING "P1,見本,,06990014,same,1,\nP1,見本,,06990014,same,2,\n"
                          ",見本,,06990014,same,3,\n");
    stage.job.kind = BULK_REGISTER;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_counts(1, 0, 0, 0, 0, 2);
    expect_in(bulk_stage_line(2), "patients.csv:3 患者番号: 同じ番号が前の行にもあります");
    expect_in(bulk_stage_line(3), "patients.csv:4 患者番号");
}

static void the_shipped_columns_read_a_table_of_either_encoding(void **state) {
    (void)state;
    static const char *const tables[] = {TEST_DATA "/bulk/patients_cp932.csv",
                                         TEST_DATA "/bulk/patients_utf8.csv"};
    char first[8192];
    stage.job.columns = SOURCE_ROOT "/scripts/bulk_columns.lua";
    for (size_t i = 0; i < 2; i++) {
        bulk_stage_empty();
        stage.job.table = tables[i];
        assert_int_equal(bulk_stage_run(), SHK_OK);
        expect_counts(1, 2, 0, 0, 0, 0);
        expect_in(bulk_stage_line(1), "\"id\":\"000123\",\"difference\":\"unchanged\"");
        expect_in(bulk_stage_line(1), "\"symbol\":\"同じ\"");
        expect_in(bulk_stage_line(2), "\"changed\":[\"insurer_number\",\"name\"]");
        expect_in(bulk_stage_line(3), "\"changed\":[\"name\",\"name_kana\",\"sex\"]");
        if (i == 0) {
            text_copy(first, sizeof first, bulk_stage_file("results.jsonl"));
        }
    }
    assert_string_equal(bulk_stage_file("results.jsonl"), first);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bulk_stage_set_up, bulk_stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(every_difference_has_its_line),
        CASE(people_read_a_table_of_differences),
        CASE(both_files_and_the_state_are_for_their_owner_alone),
        CASE(what_belongs_to_a_batch_is_not_in_the_results),
        CASE(units_in_any_order_give_the_same_files),
        CASE(an_answer_that_does_not_fit_is_never_taken),
        CASE(units_missing_unread_and_strange_leave_the_others_alone),
        CASE(the_first_of_two_answers_counts_and_the_other_is_told),
        CASE(rows_that_cannot_be_asked_are_told_and_not_asked),
        CASE(a_hosts_ways_of_writing_are_understood),
        CASE(a_cell_of_the_service_is_no_formula),
        CASE(a_table_of_nobody_is_a_fault),
        CASE(faults_of_the_input_come_before_any_question),
        CASE(a_route_that_cannot_says_so),
        CASE(the_shipped_columns_read_a_table_of_either_encoding),
        CASE(only_those_who_agree_are_asked_for_the_limit_certificate),
        CASE(registering_tells_who_was_registered),
        CASE(registering_believes_nothing_of_strangers),
        CASE(an_answer_of_strangers_alone_registers_nobody),
        CASE(one_number_is_not_registered_for_two_people_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
