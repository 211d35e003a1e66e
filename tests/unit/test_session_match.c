/* Whose answer it is: what is sure, who is asked, and what becomes of the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kept_stage.h"
#include "outbox.h"
#include "platform.h"

#define INSURER "06990014"

static const struct kept_person taro = {0};

/* A host that finds patients. */
static void find(struct stage *f) {
    kept_set(f, "deliveries[1].adapter", "finder");
}

static void add_taro(const char *id, const char *path, const char *value) {
    kept_add_patient(id, "見本　太郎", "ミホン　タロウ", "19850312", INSURER, "1001", path, value);
}

static void add_ichiro(const char *id) {
    kept_add_patient(id, "見本　一郎", "ミホン　イチロウ", "19850312", INSURER, "1001", NULL, NULL);
}

static void say(struct stage *f, const char *answer) {
    assert_int_equal(kept_put(f, "match.answer", answer), SHK_OK);
}

/* An import up to the question. */
static void ask(struct stage *f, const struct kept_person *p) {
    kept_import(f, p);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_MATCH);
}

static void ends_delivered(struct stage *f, const char *patient) {
    kept_expect(f, SHK_EVENT_DELIVERED);
    if (patient[0] != '\0') {
        assert_string_equal(stage_read(f, "delivery[1].patient").text, patient);
    }
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_string_equal(kept.got[kept_got() - 1].patient, patient);
}

static void ends_undecided(struct stage *f) {
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_UNDECIDED);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    assert_int_equal(kept_got(), 0);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "list");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outbox.undecided"), 1);
    assert_string_equal(stage_read(f, "outbox[1].state").text, "undecided");
}

static void write_table(struct stage *f, const char *rows) {
    char text[2048];
    temp_write(kept_folder(), "columns.lua",
               "return { id = \"番号\", columns = { name = \"氏名\", name_kana = \"カナ\","
               " birth_date = \"生年月日\", insurer_number = \"保険者\", number = \"被保険者\","
               " symbol = \"記号\", reference_number = \"番号\" } }");
    snprintf(text, sizeof text, "番号,氏名,カナ,生年月日,保険者,記号,被保険者\r\n%s", rows);
    temp_write(kept_folder(), "patients.csv", text);
    kept_set(f, "deliveries[1].patients", kept_path("patients.csv"));
    kept_set(f, "deliveries[1].patients_columns", kept_path("columns.lua"));
}

#define ROW(id, name, kana, birth, insurer, number)                                                \
    id "," name "," kana "," birth "," insurer ",見本７７," number "\r\n"

static void the_same_of_a_table_is_delivered_without_asking(void **state) {
    struct stage *f = *state;
    write_table(
        f, ROW("000007", "見本　花子", "ミホン　ハナコ", "S55.1.1", INSURER, "9")
               ROW("000123", "見本　太郎", "ミホン　タロウ", "昭和60年3月12日", INSURER, "1001"));
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "000123");
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_MATCH_SAME);
    assert_non_null(strstr(kept.got[0].body, "000123,見本"));
}

static void a_changed_insurance_is_delivered_without_asking(void **state) {
    struct stage *f = *state;
    write_table(f, ROW("000123", "見本　太郎", "ミホン　タロウ", "19850312", "06990022", "55"));
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "000123");
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_MATCH_CHANGED);
}

static void one_patient_with_two_insurances_is_one(void **state) {
    struct stage *f = *state;
    write_table(f, ROW("000123", "見本　太郎", "ミホン　タロウ", "19850312", "06990022", "55")
                       ROW("000123", "見本　太郎", "ミホン　タロウ", "19850312", INSURER, "1001"));
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "000123");
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_MATCH_SAME);
}

static void what_is_wrong_with_the_table_is_told(void **state) {
    struct stage *f = *state;
    write_table(f, "000123,見本\r\n");
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_TABLE);
    assert_string_equal(stage_read(f, "fault.where").text, "patients.csv:2");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    kept_set(f, "deliveries[1].patients", kept_path("none.csv"));
    kept_import(f, &(struct kept_person){.number = "3"});
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_FILE_READ);
    assert_string_equal(stage_read(f, "fault.where").text, "none.csv");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(kept_got(), 0);
}

static void count_is(struct stage *f, const char *path, int32_t expected) {
    int32_t n = -1;
    mutex_lock(f->session->lock);
    assert_int_equal(values_count(f->session, path, strlen(path), &n), SHK_OK);
    mutex_unlock(f->session->lock);
    assert_int_equal(n, expected);
}

static void the_question_says_who_could_be_meant(void **state) {
    struct stage *f = *state;
    find(f);
    add_taro("11", "address", "見本県別町１");
    add_taro("12", NULL, NULL);
    ask(f, &taro);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_SEVERAL);
    assert_string_equal(stage_read(f, "match.grade_name").text, "several");
    assert_true(strlen(stage_read(f, "match.grade_text").text) > 0);
    assert_int_equal(stage_number(f, "match.delivery"), 1);
    assert_int_equal(stage_number(f, "match.record"), 1);
    assert_int_equal(stage_number(f, "match.left_out"), 0);
    assert_string_equal(stage_read(f, "match.target").text, "finder/1");
    count_is(f, "match.candidate", 2);
    assert_string_equal(stage_read(f, "match.candidate[1].id").text, "11");
    assert_string_equal(stage_read(f, "match.candidate[2].id").text, "12");
    assert_string_equal(stage_read(f, "match.candidate[1].name").text, "見本　太郎");
    assert_int_equal(stage_number(f, "match.candidate[1].grade"), SHK_MATCH_SAME);
    assert_string_equal(stage_read(f, "match.candidate[2].grade_name").text, "same");
    assert_true(strlen(stage_read(f, "match.candidate[1].reason[1].text").text) > 0);
    assert_true(strlen(stage_read(f, "match.candidate[1].reason[1].text_en").text) > 0);
    assert_true(strlen(stage_read(f, "match.candidate[1].field[1].path").text) > 0);
    assert_true(strlen(stage_read(f, "match.candidate[1].field[1].label").text) > 0);
    say(f, "patient:12");
    ends_delivered(f, "12");
}

static void what_is_out_of_range_is_absent(void **state) {
    static const char *const absent[] = {"match.candidate[2].id",
                                         "match.candidate[99].grade",
                                         "match.candidate[1].reason[99].name",
                                         "match.candidate[1].field[99].old",
                                         "match.candidate[2].reason[1].text",
                                         "match.candidate[2].field[1].take",
                                         "match.candidate[2].name_kana",
                                         "match.candidate[1].postal_code"};
    static const char *const unknown[] = {"match.nothing",
                                          "match.candidate[1].nothing",
                                          "match.candidate[1].reason[1].nothing",
                                          "match.candidate[1].field[1].nothing",
                                          "match.candidate[0].id",
                                          "match.candidate[1].field[0].old"};
    struct stage *f = *state;
    for (int asked = 0; asked < 2; asked++) {
        for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
            assert_int_equal(stage_number(f, absent[i]), SHK_E_ABSENT);
        }
        for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
            assert_int_equal(stage_number(f, unknown[i]), SHK_E_PATH);
        }
        if (asked == 0) {
            assert_int_equal(stage_number(f, "match.grade"), SHK_E_ABSENT);
            count_is(f, "match.candidate", 0);
            count_is(f, "match.candidate[1].field", 0);
            find(f);
            add_ichiro("11");
            ask(f, &taro);
            count_is(f, "match.candidate[2].reason", 0);
        }
    }
    int32_t n = 0;
    mutex_lock(f->session->lock);
    assert_int_equal(values_count(f->session, "match.nothing", 13, &n), SHK_E_PATH);
    mutex_unlock(f->session->lock);
    say(f, "skip");
    (void)kept_drain(f, 0);
}

static void a_wrong_answer_leaves_the_question_open(void **state) {
    static const char *const wrong[] = {"", "yes", "patient:", "patient:99", "NEW", "new ", "11"};
    struct stage *f = *state;
    assert_int_equal(kept_put(f, "match.answer", "new"), SHK_E_STATE);
    find(f);
    add_ichiro("11");
    ask(f, &taro);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_PROBABLY);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(kept_put(f, "match.answer", wrong[i]), SHK_E_MATCH_ANSWER);
        assert_string_equal(stage_read(f, "fault.where").text, "match.answer");
        assert_int_equal(stage_number(f, "match.open"), 1);
    }
    assert_int_equal(session_put(f->session, "match.answer", (const uint8_t *)"new\0x", 5),
                     SHK_E_INPUT);
    assert_int_equal(kept_put(f, "match.take", "name,nothing"), SHK_OK);
    assert_int_equal(kept_put(f, "match.answer", "patient:11"), SHK_E_MATCH_ANSWER);
    assert_int_equal(kept_put(f, "match.take", ""), SHK_OK);
    say(f, "patient:11");
    ends_delivered(f, "11");
    assert_int_equal(kept_put(f, "match.answer", "new"), SHK_E_STATE);
    assert_int_equal(kept_put(f, "match.take", "all"), SHK_E_STATE);
}

static void a_new_patient_has_no_number(void **state) {
    struct stage *f = *state;
    find(f);
    kept.gives = "777";
    ask(f, &taro);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_NEW);
    say(f, "new");
    ends_delivered(f, "");
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_MATCH_NEW);
    assert_string_equal(stage_read(f, "delivery[1].patient").text, "777");
}

static void several_and_a_new_one_is_new(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    ask(f, &taro);
    say(f, "new");
    ends_delivered(f, "");
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_MATCH_NEW);
}

static void what_is_skipped_is_never_delivered(void **state) {
    struct stage *f = *state;
    find(f);
    ask(f, &taro);
    say(f, "skip");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(stage_number(f, "delivery.not_due"), 1);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "ask");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outbox.waiting"), 0);
    assert_int_equal(stage_number(f, "outbox.delivered"), 0);
    assert_int_equal(kept_got(), 0);
}

static void later_waits_until_it_is_asked_again(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    ask(f, &taro);
    say(f, "later");
    ends_undecided(f);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action",
             "deliver"); /* asks nothing of what is undecided */
    kept_expect(f, SHK_EVENT_DONE);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "ask");
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_MATCH);
    say(f, "skip");
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "outbox.delivered"), 0);
    assert_int_equal(stage_number(f, "outbox.waiting"), 0);
}

static void asked_again_it_is_delivered(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    kept_set(f, "match.timeout_ms", "1000");
    ask(f, &taro);
    ends_undecided(f);
    kept_set(f, "match.timeout_ms", "60000");
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "ask");
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_MATCH);
    say(f, "patient:11");
    ends_delivered(f, "11");
    assert_int_equal(stage_number(f, "outbox.delivered"), 1);
}

static int32_t note_row(void *self, const struct outbox_row *row, struct fault *why) {
    (void)why;
    *(struct outbox_row *)self = *row;
    return SHK_OK;
}

/* What another PC gets that wants to deliver what waits. */
static int32_t claim_elsewhere(struct stage *f) {
    char file[128], key[128];
    struct env env = f->session->env;
    struct store *store = NULL;
    struct fault why = {0};
    struct outbox_row row, unused;
    struct bytes document = {0};
    env.sqlite = &db_sqlite;
    snprintf(file, sizeof file, "%s", kept_path("shikaku.db"));
    snprintf(key, sizeof key, "%s", kept_path("store.key"));
    const struct store_settings settings = {.kind = DB_SQLITE,
                                            .db = {.path = file, .busy_ms = 5000},
                                            .key_file = key,
                                            .machine = "受付2",
                                            .lease_s = 30};
    assert_int_equal(store_open(&env, &settings, &store, &why), SHK_OK);
    assert_int_equal(outbox_list(store, false, note_row, &row, &why), SHK_OK);
    int32_t rc = outbox_claim(store, row.id, &unused, &document, &why);
    bytes_clear(&document);
    store_close(&store);
    return rc;
}

/* While somebody thinks about it no other PC takes it, however short the lease is. */
static void what_is_asked_about_stays_ours(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    kept_set(f, "outbox.lease_s", "30");
    ask(f, &taro);
    for (int i = 0; i < 3; i++) {
        kept_skip(20000);
        thread_sleep(1200);
    }
    assert_int_equal(claim_elsewhere(f), SHK_E_DELIVERY_TAKEN);
    say(f, "patient:11");
    ends_delivered(f, "11");
}

static void cancelling_the_question_leaves_it_undecided(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    ask(f, &taro);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    assert_int_equal(kept_put(f, "match.answer", "new"), SHK_E_STATE);
    ends_undecided(f);
}

static void closing_during_the_question_is_quick(void **state) {
    struct stage *f = *state;
    find(f);
    ask(f, &taro);
    const struct clock_ops *clock = f->session->env.clock;
    int64_t started = clock->mono_ms(NULL);
    session_close(f->session);
    f->session = NULL;
    assert_true(clock->mono_ms(NULL) - started < CLOSE_LIMIT_MS);
    assert_int_equal(kept_got(), 0);
}

static void a_blocking_check_asks_nobody(void **state) {
    struct stage *f = *state;
    char text[4096];
    find(f);
    add_ichiro("11");
    kept_set(f, "route", "folder");
    kept_set(f, "folder.face", "/terminal/face");
    kept_answer(&taro, text, sizeof text);
    fakes_arrive(ARRIVAL_OQS, text);
    assert_int_equal(session_check(f->session, "", 0, false, STAGE_PATIENCE_MS), SHK_E_UNDECIDED);
    assert_string_equal(stage_read(f, "record.name").text, "見本　太郎");
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    kept_job(f, SHK_JOB_DELIVER, "outbox.action", "ask");
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_MATCH);
    say(f, "patient:11");
    ends_delivered(f, "11");
}

/* The address that goes to the host: the answer's, or the one that is there. */
static void deliver_taking(struct stage *f, const char *take, const char *expected) {
    find(f);
    kept_set(f, "match.ask", "always");
    add_taro("11", "address", "見本県別町９");
    ask(f, &taro);
    if (take != NULL) {
        assert_int_equal(kept_put(f, "match.take", take), SHK_OK);
    }
    say(f, "patient:11");
    ends_delivered(f, "11");
    assert_non_null(strstr(kept.got[0].body, expected));
}

static void what_differs_is_taken_unless_said_otherwise(void **state) {
    deliver_taking(*state, NULL, "見本町１");
}

static void nothing_is_taken_where_nothing_is_to_be(void **state) {
    deliver_taking(*state, "none", "見本県別町９");
}

static void all_is_taken_where_all_is_to_be(void **state) {
    deliver_taking(*state, "all", "見本町１");
}

static void named_fields_are_taken(void **state) {
    deliver_taking(*state, "name,address", "見本町１");
}

static void fields_that_are_not_named_are_not_taken(void **state) {
    deliver_taking(*state, "name", "見本県別町９");
}

/* Of the first candidate. */
static struct reading field_of(struct stage *f, const char *path, const char *what) {
    char name[64];
    for (int i = 1; i <= 32; i++) {
        snprintf(name, sizeof name, "match.candidate[1].field[%d].path", i);
        if (strcmp(stage_read(f, name).text, path) == 0) {
            snprintf(name, sizeof name, "match.candidate[1].field[%d].%s", i, what);
            return stage_read(f, name);
        }
    }
    return (struct reading){.text = "(no such field)", .number = -1};
}

/* What the answer could not write is never better than what the host has. */
static void a_missing_character_is_never_taken(void **state) {
    struct stage *f = *state;
    find(f);
    kept_set(f, "match.ask", "always");
    kept_add_patient("11", "見本　髙郎", "ミホン　タロウ", "19850312", INSURER, "1001", NULL, NULL);
    ask(f, &(struct kept_person){.name = "見本　●郎"});
    assert_string_equal(field_of(f, "name", "difference").text, "missing");
    assert_int_equal(field_of(f, "name", "take").number, 0);
    assert_string_equal(field_of(f, "name", "old").text, "見本　髙郎");
    assert_string_equal(field_of(f, "name", "now").text, "見本　●郎");
    assert_int_equal(kept_put(f, "match.take", "all"), SHK_OK);
    say(f, "patient:11");
    ends_delivered(f, "11");
    assert_non_null(strstr(kept.got[0].body, "見本　髙郎"));
    assert_null(strstr(kept.got[0].body, "●"));
}

static void a_spelling_of_the_host_stays_and_is_remembered(void **state) {
    struct stage *f = *state;
    find(f);
    kept_set(f, "match.ask", "changes");
    add_taro("11", "address", "見本県別町９");
    ask(f, &taro);
    assert_int_equal(kept_put(f, "match.take", "none"), SHK_OK);
    say(f, "patient:11");
    ends_delivered(f, "11");
    assert_non_null(strstr(kept.got[0].body, "見本県別町９"));
    kept_import(f, &(struct kept_person){.day = "20260603"});
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "11"); /* nobody is asked again */
    assert_non_null(strstr(kept.got[1].body, "見本県別町９"));
    ask(f, &(struct kept_person){.day = "20260604", .address = "見本県新町２"});
    say(f, "patient:11");
    ends_delivered(f, "11");
}

static void always_asks_although_nobody_can_be_looked_up(void **state) {
    struct stage *f = *state;
    kept_set(f, "match.when", "always");
    kept.gives = "500";
    ask(f, &taro);
    assert_int_equal(stage_number(f, "match.grade"), SHK_MATCH_NEW);
    say(f, "new");
    ends_delivered(f, "");
    kept.gives = NULL;
    /* The number that the host gave finds them the next time. */
    kept_import(f, &(struct kept_person){.day = "20260603"});
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "500");
}

/* The card of a twin without a branch number is the same card. */
static void an_entitlement_alone_vouches_for_no_name(void **state) {
    struct stage *f = *state;
    kept_set(f, "match.when", "always");
    kept.gives = "500";
    ask(f, &taro);
    say(f, "new");
    ends_delivered(f, "");
    ask(f, &(struct kept_person){.name = "見本　次郎", .kana = "ﾐﾎﾝ ｼﾞﾛｳ"});
    assert_int_not_equal(stage_number(f, "match.grade"), SHK_MATCH_SAME);
    say(f, "new");
    ends_delivered(f, "");
}

static void off_is_off(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    kept_set(f, "match.when", "off");
    kept_deliver(f, &taro);
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_E_ABSENT);
}

static void a_host_without_a_way_to_look_up_is_not_asked(void **state) {
    struct stage *f = *state;
    find(f);
    kept.find_code = SHK_E_ABSENT;
    kept_deliver(f, &taro);
    assert_int_equal(stage_number(f, "delivery[1].fault.code"), 0);
    assert_int_equal(stage_number(f, "delivery[1].grade"), SHK_E_ABSENT);
    write_table(f, ROW("000123", "見本　太郎", "ミホン　タロウ", "19850312", INSURER, "1001"));
    kept_import(f, &(struct kept_person){.day = "20260603"});
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "000123");
    assert_int_equal(stage_number(f, "delivery[1].fault.code"), 0);
}

static void a_host_that_cannot_be_asked_is_no_empty_list(void **state) {
    struct stage *f = *state;
    find(f);
    kept.find_code = SHK_E_HOST_UNREACHABLE;
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    kept_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_HOST_UNREACHABLE);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery[1].waiting"), 1);
    assert_int_equal(kept_got(), 0);
}

static void the_rules_alone_are_not_remembered_as_a_person_s_word(void **state) {
    struct stage *f = *state;
    find(f);
    add_taro("11", NULL, NULL);
    kept_import(f, &taro);
    kept_expect(f, SHK_EVENT_ANSWER);
    ends_delivered(f, "11");
    kept_job(f, SHK_JOB_STORE, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "store.patients"), 0);
    kept_set(f, "match.ask", "always");
    ask(f, &(struct kept_person){.day = "20260603"});
    say(f, "patient:11");
    ends_delivered(f, "11");
    kept_job(f, SHK_JOB_STORE, NULL, NULL);
    kept_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "store.patients"), 1);
}

static void a_turn_asks_nobody_and_leaves_it_undecided(void **state) {
    struct stage *f = *state;
    find(f);
    add_ichiro("11");
    kept.find_code = SHK_E_HOST_UNREACHABLE;
    kept_import(f, &taro);
    assert_int_equal(kept_drain(f, SHK_EVENT_MATCH), 0);
    kept.find_code = 0;
    kept_set(f, "route", "folder");
    kept_set(f, "folder.face", "/terminal/face");
    assert_int_equal(session_start(f->session, SHK_JOB_WATCH), SHK_OK);
    assert_int_equal(session_next_event(f->session, STAGE_PATIENCE_MS), SHK_EVENT_OUTBOX);
    assert_int_equal(stage_number(f, "outbox.undecided"), 1);
    assert_int_equal(stage_number(f, "match.candidate[1].id"), SHK_E_ABSENT);
    kept_expect(f, SHK_EVENT_WAITING);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    (void)kept_drain(f, 0);
    assert_int_equal(kept_got(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        KEPT_CASE(the_same_of_a_table_is_delivered_without_asking),
        KEPT_CASE(a_changed_insurance_is_delivered_without_asking),
        KEPT_CASE(one_patient_with_two_insurances_is_one),
        KEPT_CASE(what_is_wrong_with_the_table_is_told),
        KEPT_CASE(the_question_says_who_could_be_meant),
        KEPT_CASE(what_is_out_of_range_is_absent),
        KEPT_CASE(a_wrong_answer_leaves_the_question_open),
        KEPT_CASE(a_new_patient_has_no_number),
        KEPT_CASE(several_and_a_new_one_is_new),
        KEPT_CASE(what_is_skipped_is_never_delivered),
        KEPT_CASE(later_waits_until_it_is_asked_again),
        KEPT_CASE(asked_again_it_is_delivered),
        KEPT_CASE(what_is_asked_about_stays_ours),
        KEPT_CASE(cancelling_the_question_leaves_it_undecided),
        KEPT_CASE(closing_during_the_question_is_quick),
        KEPT_CASE(a_blocking_check_asks_nobody),
        KEPT_CASE(what_differs_is_taken_unless_said_otherwise),
        KEPT_CASE(nothing_is_taken_where_nothing_is_to_be),
        KEPT_CASE(all_is_taken_where_all_is_to_be),
        KEPT_CASE(named_fields_are_taken),
        KEPT_CASE(fields_that_are_not_named_are_not_taken),
        KEPT_CASE(a_missing_character_is_never_taken),
        KEPT_CASE(a_spelling_of_the_host_stays_and_is_remembered),
        KEPT_CASE(always_asks_although_nobody_can_be_looked_up),
        KEPT_CASE(an_entitlement_alone_vouches_for_no_name),
        KEPT_CASE(off_is_off),
        KEPT_CASE(a_host_without_a_way_to_look_up_is_not_asked),
        KEPT_CASE(a_host_that_cannot_be_asked_is_no_empty_list),
        KEPT_CASE(the_rules_alone_are_not_remembered_as_a_person_s_word),
        KEPT_CASE(a_turn_asks_nobody_and_leaves_it_undecided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
