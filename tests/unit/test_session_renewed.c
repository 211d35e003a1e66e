/* Deliveries of a session with a store: none is taken for another, none waits for ever behind another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "platform.h"
#include "record_help.h"
#include "session_stage.h"
#include "temp_folder.h"

static struct temp_folder in, out, kept;

static void set(struct stage *f, const char *key, const char *value) {
    assert_int_equal(session_set(f->session, key, value), SHK_OK);
}

static int enter(void **state) {
    if (!temp_folder_make(&in) || !temp_folder_make(&out) || !temp_folder_make(&kept) ||
        stage_open(state) != 0) {
        return -1;
    }
    struct stage *f = *state;
    f->session->env.sqlite = &db_sqlite;
    set(f, "store.folder", kept.path);
    return 0;
}

static int leave(void **state) {
    int rc = stage_close(state);
    temp_folder_remove(&in);
    temp_folder_remove(&out);
    temp_folder_remove(&kept);
    return rc;
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

/* A script that writes rows into `file`. */
static void write_script(const char *name, const char *file) {
    char script[512];
    snprintf(script, sizeof script,
             "return { contract = 1, id = \"a\", format = \"csv\", encoding = \"utf-8\","
             " file = \"%s\", fields = { { to = \"name\", from = \"name\" } } }",
             file);
    temp_write(&in, name, script);
}

static void deliver_into(struct stage *f, int n, const char *script) {
    char key[48];
    snprintf(key, sizeof key, "deliveries[%d].script", n);
    set(f, key, temp_path(&in, script));
    snprintf(key, sizeof key, "deliveries[%d].folder", n);
    set(f, key, out.path);
}

static void put(struct stage *f, const char *path, const char *text) {
    assert_int_equal(session_put(f->session, path, (const uint8_t *)text, strlen(text)), SHK_OK);
}

/* What waits is taken up first, and may be told of. */
static void expect(struct stage *f, int32_t event) {
    int32_t came = stage_next(f);
    assert_int_equal(came == SHK_EVENT_OUTBOX ? stage_next(f) : came, event);
}

static void import(struct stage *f, const char *file) {
    put(f, "import.file", file);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    expect(f, SHK_EVENT_ANSWER);
}

static void await_the_end(struct stage *f) {
    for (int i = 0; i < 20; i++) {
        if (stage_next(f) == SHK_EVENT_DONE) {
            return;
        }
    }
    fail_msg("no end");
}

static void two_scripts_of_one_folder_are_both_delivered(void **state) {
    struct stage *f = *state;
    write_script("a.lua", "a.csv");
    write_script("b.lua", "b.csv");
    deliver_into(f, 1, "a.lua");
    deliver_into(f, 2, "b.lua");
    for (int32_t again = 0; again < 2; again++) {
        import(f, TEST_DATA "/demo/default.xml");
        stage_expect(f, SHK_EVENT_DELIVERED);
        stage_expect(f, SHK_EVENT_DELIVERED);
        assert_int_equal(stage_number(f, "delivery[1].repeated"), again);
        assert_int_equal(stage_number(f, "delivery[2].repeated"), again);
        stage_expect(f, SHK_EVENT_DONE);
    }
    assert_true(temp_holds(&out, "a.csv", "見本　太郎\r\n"));
    assert_true(temp_holds(&out, "b.csv", "見本　太郎\r\n"));
}

static void a_refused_document_is_made_anew_when_asked_for(void **state) {
    struct stage *f = *state;
    write_script("a.lua", "a.csv");
    temp_write(&out, "a.csv", "somebody else's\r");
    deliver_into(f, 1, "a.lua");
    import(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_FILE_FOREIGN);
    stage_expect(f, SHK_EVENT_DONE);
    write_script("a.lua", "b.csv");
    assert_int_equal(session_start(f->session, SHK_JOB_DELIVER), SHK_OK);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_true(temp_holds(&out, "b.csv", "見本　太郎\r\n"));
    assert_true(temp_holds(&out, "a.csv", "somebody else's\r"));
}

static void drop(struct stage *f, const char *id) {
    put(f, "outbox.id", id);
    put(f, "outbox.action", "drop");
    assert_int_equal(session_start(f->session, SHK_JOB_DELIVER), SHK_OK);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

static void what_was_dropped_is_due_again_with_a_new_answer(void **state) {
    struct stage *f = *state;
    char id[40];
    write_script("a.lua", "a.csv");
    write_script("b.lua", "b.csv");
    temp_write(&out, "a.csv", "somebody else's\r");
    deliver_into(f, 1, "a.lua");
    deliver_into(f, 2, "b.lua");
    for (int32_t again = 0; again < 3; again++) {
        import(f, TEST_DATA "/demo/default.xml");
        stage_expect(f, SHK_EVENT_FAULT);
        assert_int_equal(stage_number(f, "fault.code"), SHK_E_FILE_FOREIGN);
        text_copy(id, sizeof id, stage_read(f, "delivery[1].id").text);
        stage_expect(f, SHK_EVENT_DELIVERED);
        assert_int_equal(stage_number(f, "delivery[2].repeated"), again > 0);
        assert_string_equal(stage_read(f, "delivery[2].file").text, temp_path(&out, "b.csv"));
        stage_expect(f, SHK_EVENT_DONE);
        drop(f, id);
    }
    temp_write(&out, "a.csv", "");
    for (int32_t again = 0; again < 2; again++) {
        import(f, TEST_DATA "/demo/default.xml");
        stage_expect(f, SHK_EVENT_DELIVERED);
        assert_int_equal(stage_number(f, "delivery[1].repeated"), again);
        stage_expect(f, SHK_EVENT_DELIVERED);
        stage_expect(f, SHK_EVENT_DONE);
    }
    assert_true(temp_holds(&out, "a.csv", "見本　太郎\r\n"));
    assert_true(temp_holds(&out, "b.csv", "見本　太郎\r\n"));
}

/* One that the host does not take any more waits behind the others. */
static void what_was_refused_holds_nothing_up(void **state) {
    struct stage *f = *state;
    write_script("a.lua", "a.csv");
    temp_write(&out, "a.csv", "somebody else's\r");
    deliver_into(f, 1, "a.lua");
    import(f, TEST_DATA "/demo/default.xml");
    await_the_end(f);
    /* Behind it waits what had no script that could be run. */
    temp_write(&in, "a.lua", "nonsense");
    import(f, TEST_DATA "/oqs/insurance_and_aid.xml");
    await_the_end(f);
    write_script("a.lua", "b.csv");
    import(f, TEST_DATA "/demo/default.xml");
    await_the_end(f);
    assert_true(temp_exists(&out, "b.csv"));
}

/* The app's text about somebody with an insurance that begins later, and with medical aid now. */
static const char later[] =
    "資格情報(医療保険)\r\n確認日 : "
    "\t令和7年9月1日\r\n保険者番号\t06990014\r\n記号\t77\r\n番号\t89\r\n"
    "フリガナ\tミホン　シロウ\r\n氏名\t見本　四郎\r\n生年月日\t昭和50年10月10日\r\n性別\t男\r\n"
    "有効開始日\t令和8年4月1日\r\n本人・家族の別\t本人\r\n資格情報(医療扶助)"
    "\r\n公費負担者番号\t12990016\r\n"
    "受給者番号\t1234567\r\nフリガナ\tミホン　シロウ\r\n氏名\t見本　四郎\r\n生年月日\t昭和50年10月1"
    "0日\r\n"
    "性別\t男\r\n資格取得年月日\t令和7年9月1日\r\n";

/* The first record is not due, but a script for the whole answer reads the person there. */
static void the_patient_stands_in_every_record(void **state) {
    struct stage *f = *state;
    temp_write(&in, "a.lua",
               "return { contract = 1, id = \"a\", format = \"csv\", encoding = \"utf-8\","
               " per = \"answer\", file = \"a.csv\", fields = { { to = \"id\", from ="
               " \"patient.id\" }, { to = \"name\", from = \"name\" } } }");
    temp_write(&in, "p.csv",
               "no,name,kana,birth,sex\r\n12,見本四郎,ミホン シロウ,1975-10-10,男\r\n");
    temp_write(&in, "p.lua",
               "return { id = \"no\", columns = { name = \"name\", name_kana = \"kana\","
               " birth_date = \"birth\", sex = \"sex\" } }");
    deliver_into(f, 1, "a.lua");
    set(f, "deliveries[1].when", "found");
    set(f, "deliveries[1].patients", temp_path(&in, "p.csv"));
    set(f, "deliveries[1].patients_columns", temp_path(&in, "p.lua"));
    put(f, "import.data", later);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    expect(f, SHK_EVENT_ANSWER);
    expect(f, SHK_EVENT_DELIVERED);
    assert_string_equal(stage_read(f, "delivery[1].patient").text, "12");
    await_the_end(f);
    assert_true(temp_holds(&out, "a.csv", "12,見本四郎\r\n"));
}

static enum match_grade grade_of(bool by_card, bool by_person, const char *branch) {
    struct record_set *set =
        SET({"confirmation_date", "20250602"}, {"birth_date", "19800102"}, {"name", "見本　花子"},
            {"name_kana", "ﾐﾎﾝ ﾊﾅｺ"}, {"insurer_number", "06139997"}, {"symbol", "１"},
            {"number", "２"}, {"branch_number", branch}, {"result_segment", "1"});
    struct memory memory = {.n = 1,
                            .at = {{.id = "12", .by_card = by_card, .by_person = by_person}}};
    struct candidates found = {0};
    struct match_result result;
    assert_int_equal(memory_mark(&memory, set, 1, true, &found), SHK_OK);
    match_record(set, 1, found.at, found.n, &result);
    candidates_clear(&found);
    record_free(&set);
    return result.grade;
}

/* Where the host cannot be asked, what is remembered of one twin must not pass for the other. */
static void a_memory_says_no_more_than_its_tags(void **state) {
    (void)state;
    assert_int_equal(grade_of(true, true, ""), MATCH_SAME);
    assert_int_equal(grade_of(true, false, "01"), MATCH_SAME);
    assert_int_equal(grade_of(true, false, ""), MATCH_PROBABLY);
    assert_int_equal(grade_of(false, true, ""), MATCH_PROBABLY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(what_was_dropped_is_due_again_with_a_new_answer),
        CASE(what_was_refused_holds_nothing_up),
        CASE(the_patient_stands_in_every_record),
        CASE(two_scripts_of_one_folder_are_both_delivered),
        CASE(a_refused_document_is_made_anew_when_asked_for),
        cmocka_unit_test(a_memory_says_no_more_than_its_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
