/* Every named case, and what holds for all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "match_cases.h"
#include "match_stage.h"

static size_t patients_of(const struct match_case *one) {
    size_t n = 0;
    while (n < CASE_PATIENTS && one->patients[n] != NULL) {
        n++;
    }
    return n;
}

static void show(const struct match_case *one, const struct match_result *result) {
    print_error("%s: %s, not %s\n", one->title, match_grade_name(result->grade),
                match_grade_name(one->grade));
    for (size_t i = 0; i < result->n; i++) {
        print_error("  patient %zu %s:", result->at[i].patient + 1,
                    match_grade_name(result->at[i].grade));
        for (size_t k = 0; k < result->at[i].reasons_n; k++) {
            print_error(" %s", result->at[i].reasons[k]->name);
        }
        print_error("\n");
    }
}

static bool has_the_reasons(const struct match_case *one, const struct match_result *result) {
    char word[64];
    for (const char *p = one->reasons; p != NULL && *p != '\0';) {
        size_t n = strcspn(p, " "), not = p[0] == '!' ? 1 : 0;
        text_copy_n(word, sizeof word, p + not, n - not );
        if (result->n == 0 || stage_has_reason(&result->at[0], word) == (not == 1)) {
            print_error("%s: reason %s\n", one->title, p);
            return false;
        }
        p += n + (p[n] == ' ' ? 1 : 0);
    }
    return true;
}

static void every_case_has_its_grade_and_reasons(void **state) {
    size_t wrong = 0;
    (void)state;
    assert_true(match_cases_n >= 80);
    for (size_t i = 0; i < match_cases_n; i++) {
        const struct match_case *one = &match_cases[i];
        struct record_set *set = stage_answer(one->answer);
        struct match_result result;
        stage_match(set, one->patients, patients_of(one), &result);
        bool good = result.grade == one->grade && has_the_reasons(one, &result);
        if (!good) {
            show(one, &result);
            wrong++;
        }
        record_free(&set);
    }
    assert_int_equal(wrong, 0);
}

static enum match_grade grade_of(const char *answer, const char *const *words, size_t n) {
    struct match_result result;
    struct record_set *set = stage_answer(answer);
    stage_match(set, words, n, &result);
    record_free(&set);
    return result.grade;
}

/* Patients with their numbers written out, so that they can stand in any order. */
static size_t numbered(const struct match_case *one, char words[CASE_PATIENTS][256]) {
    size_t n = patients_of(one);
    for (size_t i = 0; i < n; i++) {
        const char *own = one->patients[i];
        text_format(words[i], 256, "%s%s%sid=P%u", own, own[0] != '\0' ? ";" : "",
                    strstr(own, "id=") != NULL ? "x" : "", (unsigned)i + 1);
        if (strstr(own, "id=") != NULL) {
            text_copy(words[i], 256, own);
        }
    }
    return n;
}

static void order_of_the_patients_does_not_matter(void **state) {
    (void)state;
    for (size_t i = 0; i < match_cases_n; i++) {
        char words[CASE_PATIENTS][256];
        const char *turned[CASE_PATIENTS];
        size_t n = numbered(&match_cases[i], words);
        for (size_t k = 0; k < n; k++) {
            turned[k] = words[n - 1 - k];
        }
        if (grade_of(match_cases[i].answer, turned, n) != match_cases[i].grade) {
            fail_msg("turned round: %s", match_cases[i].title);
        }
    }
}

static void unrelated_patient_changes_nothing(void **state) {
    static const char *const strangers[] = {
        "id=X1;birth=1980-11-30;sex=男;name=様式 松之;kana=ヨウシキ "
        "マツユキ;insurer=31990013;number=9",
        "id=X2;birth=1954-01-05;name=例文 竹江;kana=レイブン "
        "タケエ;insurer=31990013;symbol=;number=9",
        "id=X3;birth=;name=例文 竹江;kana=レイブン タケエ;insurer=;symbol=;number=",
        "id=X4;none=1",
    };
    (void)state;
    for (size_t i = 0; i < match_cases_n; i++) {
        for (size_t k = 0; k < sizeof strangers / sizeof strangers[0]; k++) {
            char words[CASE_PATIENTS][256];
            const char *all[CASE_PATIENTS + 1] = {strangers[k]};
            size_t n = numbered(&match_cases[i], words);
            for (size_t m = 0; m < n; m++) {
                all[m + 1] = words[m];
            }
            if (grade_of(match_cases[i].answer, all, n + 1) != match_cases[i].grade) {
                fail_msg("with stranger %zu: %s", k + 1, match_cases[i].title);
            }
        }
    }
}

static bool is_sure(enum match_grade grade) {
    return grade == MATCH_SAME || grade == MATCH_CHANGED;
}

/* Of every patient, in all ways that a date can be another one. */
static void another_birth_date_is_never_sure(void **state) {
    static const char *const dates[] = {"1954-01-06", "1955-01-05",     "1954-10-05", "1954-05-01",
                                        "19540106",   "昭和30年1月5日", "",           "?"};
    (void)state;
    for (size_t i = 0; i < match_cases_n; i++) {
        for (size_t k = 0; k < sizeof dates / sizeof dates[0]; k++) {
            char words[CASE_PATIENTS][256], all[CASE_PATIENTS][320];
            const char *turned[CASE_PATIENTS];
            size_t n = numbered(&match_cases[i], words);
            if (strstr(match_cases[i].answer, "birth=") != NULL) {
                continue;
            }
            for (size_t m = 0; m < n; m++) { /* the first of two keys counts */
                text_format(all[m], sizeof all[m], "birth=%s;%s", dates[k], words[m]);
                turned[m] = all[m];
            }
            if (is_sure(grade_of(match_cases[i].answer, turned, n))) {
                fail_msg("born %s: %s", dates[k], match_cases[i].title);
            }
        }
    }
}

static void contradicting_sex_is_never_sure(void **state) {
    (void)state;
    for (size_t i = 0; i < match_cases_n; i++) {
        char words[CASE_PATIENTS][256], all[CASE_PATIENTS][320];
        const char *turned[CASE_PATIENTS];
        size_t n = numbered(&match_cases[i], words);
        if (strstr(match_cases[i].answer, "sex=") != NULL) {
            continue;
        }
        for (size_t m = 0; m < n; m++) {
            text_format(all[m], sizeof all[m], "sex=男;%s", words[m]);
            turned[m] = all[m];
        }
        if (is_sure(grade_of(match_cases[i].answer, turned, n))) {
            fail_msg("of the other sex: %s", match_cases[i].title);
        }
    }
}

/* One name in all its spellings, on both sides. */
static void spelling_never_lowers_the_grade(void **state) {
    static const char *const names[] = {"髙島　惠子", "高島恵子", "高嶋 恵子", "髙嶌　惠子"};
    static const char *const kanas[] = {"ﾀｶｼﾏ ｹｲｺ", "タカシマ　ケイコ", "たかしまけいこ",
                                        "ﾀｶｼﾏ ｹｰｺ"};
    static const char *const insurances[] = {"", "insurer=01990019;symbol=5;number=4;branch=00",
                                             "branch="};
    char answer[256], patient[256];
    (void)state;
    for (size_t i = 0; i < (size_t)256 * 3; i++) {
        const char *insurance = insurances[i / 256], *one = patient;
        text_format(answer, sizeof answer, "name=%s;kana=%s;%s", names[i % 4], kanas[i / 4 % 4],
                    insurance);
        text_format(patient, sizeof patient, "name=%s;kana=%s", names[i / 16 % 4],
                    kanas[i / 64 % 4]);
        enum match_grade expected = i / 256 == 1 ? MATCH_CHANGED : MATCH_SAME;
        if (grade_of(answer, &one, 1) != expected) {
            fail_msg("%s against %s", answer, patient);
        }
    }
}

static void best_comes_first_and_what_has_no_room_is_counted(void **state) {
    const char *words[40];
    char texts[40][64];
    struct match_result result;
    struct record_set *set = stage_answer("");
    (void)state;
    for (size_t i = 0; i < 40; i++) {
        text_format(texts[i], sizeof texts[i], "id=Q%02u;birth=1954-01-06%s", (unsigned)i,
                    i == 33 ? ";birth=" : "");
        words[i] = texts[i];
    }
    words[35] = "id=Z";
    stage_match(set, words, 40, &result);
    assert_int_equal(result.grade, MATCH_SAME);
    assert_int_equal(result.n, MATCH_CANDIDATES_MAX);
    assert_int_equal(result.left_out, 40 - MATCH_CANDIDATES_MAX);
    assert_int_equal(result.at[0].patient, 35);
    assert_int_equal(result.at[1].patient, 0);
    record_free(&set);
}

static void number_of_another_patient_makes_none_sure(void **state) {
    const char *const words[] = {"", "name=見本 陽子;kana=ミホン ヨウコ;branch=02"};
    struct match_result result;
    struct record_set *set = stage_answer("ref=P2");
    (void)state;
    stage_match(set, words, 2, &result);
    assert_int_equal(result.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(result.at[i].grade, MATCH_PROBABLY);
        assert_true(stage_has_reason(
            &result.at[i], result.at[i].patient == 0 ? "reference_other" : "reference_agrees"));
    }
    record_free(&set);
}

static void record_that_is_not_there_has_no_grade(void **state) {
    struct match_result result;
    struct record_set *set = stage_answer("");
    (void)state;
    match_record(set, 2, NULL, 0, &result);
    assert_int_equal(result.grade, MATCH_NONE);
    match_record(set, 0, NULL, 0, &result);
    assert_int_equal(result.grade, MATCH_NONE);
    record_free(&set);
}

static void every_reason_is_said_in_two_languages(void **state) {
    (void)state;
    for (size_t i = 0; i < match_reason_count(); i++) {
        const struct match_reason_row *row = match_reason_at(i);
        assert_true(row->japanese[0] != '\0' && row->english[0] != '\0' && row->weight != 0);
    }
    assert_null(match_reason_at(match_reason_count()));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_has_its_grade_and_reasons),
        cmocka_unit_test(order_of_the_patients_does_not_matter),
        cmocka_unit_test(unrelated_patient_changes_nothing),
        cmocka_unit_test(another_birth_date_is_never_sure),
        cmocka_unit_test(contradicting_sex_is_never_sure),
        cmocka_unit_test(spelling_never_lowers_the_grade),
        cmocka_unit_test(best_comes_first_and_what_has_no_room_is_counted),
        cmocka_unit_test(number_of_another_patient_makes_none_sure),
        cmocka_unit_test(record_that_is_not_there_has_no_grade),
        cmocka_unit_test(every_reason_is_said_in_two_languages),
    };
    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
