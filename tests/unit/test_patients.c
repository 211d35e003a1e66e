#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store_stage.h"

static struct store_stage stage;

static int set_up(void **state) {
    stage_up(&stage);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static void remember(struct store_stage *s, const char *person, const char *card, const char *id,
                     const struct known_value *values, size_t n) {
    struct known_patient patient = {.values = values, .n = n};
    text_copy(patient.id, sizeof patient.id, id);
    fault_clear(&s->why);
    assert_int_equal(patients_remember(s->store, "host", person, card, &patient, &s->why), SHK_OK);
}

struct heard {
    char text[2048];
    size_t n;
};

static int32_t hear(void *self, const struct known_patient *patient, bool by_card,
                    struct fault *why) {
    struct heard *heard = self;
    (void)why;
    heard->n += text_format(heard->text + heard->n, sizeof heard->text - heard->n, "%s%s",
                            patient->id, by_card ? "!" : "");
    for (size_t i = 0; i < patient->n; i++) {
        heard->n += text_format(heard->text + heard->n, sizeof heard->text - heard->n, " %s:%s=%s",
                                patient->values[i].path, patient->values[i].answer,
                                patient->values[i].host);
    }
    heard->n += text_format(heard->text + heard->n, sizeof heard->text - heard->n, ";");
    return SHK_OK;
}

static const char *recall(struct store_stage *s, const char *target, const char *person,
                          const char *card) {
    static struct heard heard;
    heard = (struct heard){.n = 0};
    fault_clear(&s->why);
    assert_int_equal(patients_recall(s->store, target, person, card, hear, &heard, &s->why),
                     SHK_OK);
    return heard.text;
}

static void who_was_confirmed_is_found_by_person_and_by_card(void **state) {
    struct store_stage *s = *state;
    static const struct known_value values[] = {{"record.name", "髙橋", "高橋"}};
    remember(s, "p1", "c1", "99010001", values, 1);
    assert_string_equal(recall(s, "host", "p1", "c1"), "99010001! record.name:髙橋=高橋;");
    assert_string_equal(recall(s, "host", "p1", "other"), "99010001 record.name:髙橋=高橋;");
    assert_string_equal(recall(s, "host", "", "c1"), "99010001! record.name:髙橋=高橋;");
    assert_string_equal(recall(s, "host", "p2", "c2"), "");
    assert_string_equal(recall(s, "another host", "p1", "c1"), "");
}

static void an_empty_tag_finds_nobody(void **state) {
    struct store_stage *s = *state;
    remember(s, "p1", "", "99010001", NULL, 0);
    remember(s, "", "c2", "99010002", NULL, 0);
    assert_string_equal(recall(s, "host", "", ""), "");
    assert_string_equal(recall(s, "host", "p1", ""), "99010001;");
    assert_string_equal(recall(s, "host", "", "c2"), "99010002!;");
}

static void spellings_are_joined_and_the_newest_counts(void **state) {
    struct store_stage *s = *state;
    static const struct known_value first[] = {{"name", "髙橋", "高橋"}, {"kana", "ｱ", "ア"}};
    static const struct known_value second[] = {{"name", "髙橋", "高はし"}, {"name", "濵", "浜"}};
    remember(s, "p1", "c1", "99010001", first, 2);
    remember(s, "p1", "c2", "99010001", second, 2);
    assert_string_equal(recall(s, "host", "p1", "c2"),
                        "99010001! name:髙橋=高はし name:濵=浜 kana:ｱ=ア;");
    assert_string_equal(recall(s, "host", "", "c1"), ""); /* the insurance has changed */
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM patient"), 1);
}

static void a_corrected_patient_replaces_the_wrong_one(void **state) {
    struct store_stage *s = *state;
    static const struct known_value values[] = {{"name", "髙橋", "高橋"}};
    remember(s, "p1", "c1", "99010001", values, 1);
    remember(s, "p1", "c1", "99010002", NULL, 0);
    /* Without the spellings of the other patient. */
    assert_string_equal(recall(s, "host", "p1", "c1"), "99010002!;");
}

/* Two people of one name and birthday: neither may push the other out. */
static void namesakes_are_both_remembered(void **state) {
    struct store_stage *s = *state;
    remember(s, "p1", "c1", "99010001", NULL, 0);
    remember(s, "p1", "c2", "99010002", NULL, 0);
    const char *both = recall(s, "host", "p1", "c1");
    assert_non_null(strstr(both, "99010001!;"));
    assert_non_null(strstr(both, "99010002;"));
}

static void what_has_no_shape_is_refused(void **state) {
    struct store_stage *s = *state;
    static const struct known_value broken[] = {{"name", "\xff", "x"}};
    static const struct known_value missing[] = {{"name", NULL, "x"}};
    struct known_patient patient = {.id = ""};
    assert_int_equal(patients_remember(s->store, "host", "p", "c", &patient, NULL), SHK_E_ARGUMENT);
    patient = (struct known_patient){.id = "1", .values = broken, .n = 1};
    assert_int_equal(patients_remember(s->store, "host", "p", "c", &patient, NULL), SHK_E_ARGUMENT);
    patient.values = missing;
    assert_int_equal(patients_remember(s->store, "host", "p", "c", &patient, NULL), SHK_E_ARGUMENT);
    patient = (struct known_patient){.id = "1"};
    assert_int_equal(patients_remember(s->store, "host", "p", "0123456789abcdef0123456789abcdef0",
                                       &patient, NULL),
                     SHK_E_ARGUMENT);
    assert_int_equal(stage_number(s, "SELECT COUNT(*) FROM patient"), 0);
}

static void another_patients_row_is_refused(void **state) {
    struct store_stage *s = *state;
    struct heard heard = {.n = 0};
    remember(s, "p1", "c1", "99010001", NULL, 0);
    remember(s, "p2", "c2", "99010002", NULL, 0);
    stage_sql(s, "UPDATE patient SET sealed = (SELECT sealed FROM patient WHERE person = 'p2')"
                 " WHERE person = 'p1'");
    assert_int_equal(patients_recall(s->store, "host", "p1", "", hear, &heard, &s->why),
                     SHK_E_STORE_SEALED);
    assert_int_equal(heard.n, 0);
}

static void remembering_breaks_off_whole(void **state) {
    struct store_stage *s = *state;
    static const enum db_fault_kind kinds[] = {DB_FAULT_STATEMENT, DB_FAULT_ANSWER_LOST};
    static const struct known_value values[] = {{"name", "髙橋", "高橋"}};
    const struct known_patient patient = {.id = "99010001", .values = values, .n = 1};
    remember(s, "p1", "c1", "99010002", NULL, 0);
    for (size_t k = 0; k < 2; k++) {
        bool happened = true;
        for (int64_t at = 1; happened; at++) {
            db_fault_set(kinds[k], at);
            int32_t rc = patients_remember(s->store, "host", "p1", "c1", &patient, NULL);
            happened = db_fault_happened();
            db_fault_set(DB_FAULT_NONE, 0);
            assert_string_equal(recall(s, "host", "p1", "c1"),
                                rc == SHK_OK ? "99010001! name:髙橋=高橋;" : "99010002!;");
            remember(s, "p1", "c1", "99010002", NULL, 0);
        }
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(who_was_confirmed_is_found_by_person_and_by_card),
        CASE(an_empty_tag_finds_nobody),
        CASE(spellings_are_joined_and_the_newest_counts),
        CASE(a_corrected_patient_replaces_the_wrong_one),
        CASE(namesakes_are_both_remembered),
        CASE(what_has_no_shape_is_refused),
        CASE(another_patients_row_is_refused),
        CASE(remembering_breaks_off_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
