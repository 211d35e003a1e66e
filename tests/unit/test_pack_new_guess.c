/* What is guessed from the samples of hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pack_new_choose.h"
#include "pack_new_stage.h"
#include "pack_new_words.h"
#include "record.h"
#include "slurp.h"

/* ---- whole samples ---- */

/* "to, from or =constant, helpers, sure" with tabs between. */
static void describe(const struct pack_new_guess *guess, char *out, size_t cap) {
    char helpers[160] = "-";
    for (size_t i = 0, n = 0; i < guess->helpers_n; i++) {
        n += text_format(helpers + n, sizeof helpers - n, i > 0 ? " %s" : "%s", guess->helpers[i]);
    }
    const char *mark = guess->constant != NULL ? "=" : "";
    const char *from = guess->constant != NULL ? guess->constant
                       : guess->from != NULL   ? guess->from
                                               : "-";
    text_format(out, cap, "%s\t%s%s\t%s\t%s\n", guess->to, mark, from, helpers, guess->sure);
}

static void every_sample_is_understood_as_its_list_says(void **state) {
    (void)state;
    for (size_t i = 0; pack_samples[i] != NULL; i++) {
        char path[256], line[1024];
        assert_int_equal(make_pack_of_file(pack_samples[i]), SHK_OK);
        snprintf(path, sizeof path, SAMPLES_DIR "%.*s.guess", (int)strcspn(pack_samples[i], "."),
                 pack_samples[i]);
        const char *expected = slurp(path, NULL);
        for (size_t k = 0; k < made->guesses_n; k++) {
            describe(&made->guesses[k], line, sizeof line);
            char found[1024];
            text_copy_n(found, sizeof found, expected, strcspn(expected, "\n") + 1);
            assert_string_equal(line, found);
            expected += strlen(found);
        }
        assert_string_equal(expected, "");
    }
}

/* ---- one column ---- */

static void assert_guess(const char *sample, const char *to, const char *expected) {
    char line[256], rest[256];
    assert_int_equal(make_pack_of_text(sample), SHK_OK);
    const struct pack_new_guess *guess = guess_of(to);
    assert_non_null(guess);
    describe(guess, line, sizeof line);
    snprintf(rest, sizeof rest, "%s\t%s\n", to, expected);
    assert_string_equal(line, rest);
}

static void a_form_decides_the_helper(void **state) {
    (void)state;
    static const struct {
        const char *name, *values, *expected;
    } cases[] = {
        {"生年月日", "1985/03/02", "birth_date\tdate\tsure"},
        {"生年月日", "1985/3/2", "birth_date\tdate:YYYY/M/D\tsure"},
        {"生年月日", "1985-03-02", "birth_date\t-\tsure"},
        {"生年月日", "1985.03.02", "birth_date\tdate:YYYY.MM.DD\tsure"},
        {"生年月日", "19850302", "birth_date\tdate:YYYYMMDD\tsure"},
        {"生年月日", "1985年3月2日", "birth_date\tdate:YYYY年M月D日\tsure"},
        {"生年月日", "S60.03.02", "birth_date\twareki\tsure"},
        {"生年月日", "S60.3.2", "birth_date\twareki:GY.M.D\tsure"},
        {"生年月日", "S60.3.2\nR01.12.25", "birth_date\twareki:GYY.M.D\tsure"},
        {"生年月日", "H1/01/08", "birth_date\twareki:GY/MM/DD\tsure"},
        {"生年月日", "3600302", "birth_date\tera7\tsure"},
        {"生年月日", "S600302", "birth_date\twareki:GYYMMDD\tsure"},
        {"生年月日", "昭和60年3月2日", "birth_date\twareki:EY年M月D日\tsure"},
        {"生年月日", "令和元年5月1日", "birth_date\twareki:Ey年M月D日\tsure"},
        {"生年月日", "1985/03/02\n19850302", "birth_date\tdate\tlikely"},
        {"生年月日", "1985/03/02 09:15", "birth_date\tdate\tlikely"},
        {"生年月日", "", "birth_date\tdate\tsure"},
        {"処理実行日時", "2025/06/02 09:15:30", "processed_at\tdate:YYYY/MM/DD hh:mm:ss\tsure"},
        {"処理実行日時", "2025/06/02 09:15", "processed_at\tdate:YYYY/MM/DD hh:mm\tsure"},
        {"処理実行日時", "2025-06-02T09:15:30", "processed_at\t-\tsure"},
        {"処理実行日時", "20250602091530", "processed_at\tdate:YYYYMMDDhhmmss\tsure"},
        {"フリガナ", "ﾐﾎﾝ ﾊﾅｺ", "name_kana\tkana_half\tsure"},
        {"フリガナ", "ミホン　ハナコ", "name_kana\tkana_full\tsure"},
        {"フリガナ", "みほん　はなこ", "name_kana\t-\tlikely"},
        {"フリガナ", "", "name_kana\t-\tsure"},
        {"フリガナ（半角）", "", "name_kana\tkana_half\tsure"},
        {"全角フリガナ", "", "name_kana\tkana_full\tsure"},
        {"氏名", "ﾐﾎﾝ ﾊﾅｺ", "name_kana\tkana_half\tlikely"},
        {"性別", "1\n2", "derived.sex\tsex12\tsure"},
        {"性別", "男", "derived.sex_label\t-\tsure"},
        {"性別", "女性", "derived.sex\t-\tsure"},
        {"性別", "0\n1", "derived.sex\t-\tlikely"},
        {"郵便番号", "9999999", "postal_code\tpostal7\tsure"},
        {"郵便番号", "999-9999", "postal_code\tpostal_hyphen\tsure"},
        {"郵便番号", "９９９－９９９９", "postal_code\t-\tlikely"},
        {"保険者番号", "  990010", "insurer_number\tinsurer:space\tsure"},
        {"保険者番号", "00990010", "insurer_number\tinsurer:zero\tsure"},
        {"保険者番号", "990010", "insurer_number\tinsurer:bare\tsure"},
        {"保険者番号", "06990014", "insurer_number\t-\tsure"},
        {"保険者番号", "見本市", "insurer_number\t-\tlikely"},
        {"負担割合", "3\n1", "burden_percent\ttenths\tsure"},
        {"負担割合", "30", "burden_percent\t-\tsure"},
        {"負担割合", "7", "burden_percent\tbenefit_tenths\tlikely"},
        {"給付割合", "7\n10", "burden_percent\tbenefit_tenths\tsure"},
        {"給付割合", "70", "burden_percent\t-\tlikely"},
        {"本人家族", "1\n2", "relation\trelation12\tsure"},
        {"本人家族", "2\n6", "relation\trelation26\tsure"},
        {"本人家族", "1\n5", "relation\trelation15\tsure"},
        {"本人家族", "2", "relation\trelation12\tsure"},
        {"給付割合", "070\n080", "burden_percent\tbenefit_percent3\tsure"},
        {"本人家族", "本人", "relation_label\t-\tsure"},
        {"枝番", "01", "branch_number\tbranch2\tsure"},
        {"枝番", "1", "branch_number\t-\tsure"},
        {"番号", "１２３", "number\twide\tsure"},
        {"番号", "123", "number\tnarrow\tsure"},
        {"適用区分", "ウ", "limit.category_label\t-\tsure"},
        {"適用区分", "A03", "limit.category\t-\tsure"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sample[512];
        snprintf(sample, sizeof sample, "%s,x\n", cases[i].name);
        for (const char *p = cases[i].values; p != NULL;) {
            size_t n = strcspn(p, "\n"), have = strlen(sample);
            snprintf(sample + have, sizeof sample - have, "%.*s,x\n", (int)n, p);
            p = p[n] == '\n' ? p + n + 1 : NULL;
        }
        assert_guess(sample, cases[i].name, cases[i].expected);
    }
}

static void a_heading_means_its_field(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"患者氏名", "name\t-\tsure"},
        {"患者氏名（漢字）", "name\t-\tsure"},
        {"氏　名", "name\t-\tsure"},
        {"ﾌﾘｶﾞﾅ", "name_kana\t-\tsure"},
        {"ＰａｔｉｅｎｔＮａｍｅ", "name\t-\tsure"},
        {"PATIENT_NAME", "name\t-\tsure"},
        {"Patient-Name-Kana", "name_kana\t-\tsure"},
        {"birthDate", "birth_date\tdate\tsure"},
        {"患者生年月日（西暦）", "birth_date\tdate\tlikely"},
        {"生年月日(和暦)", "birth_date\twareki\tsure"},
        {"生年月日YYYYMMDD", "birth_date\tdate:YYYYMMDD\tsure"},
        {"被保険者氏名", "insured_name\t-\tsure"},
        {"世帯主氏名", "insured_name\t-\tsure"},
        {"被保険者氏名カナ", "-\t-\tunknown"},
        {"被保険者生年月日", "-\t-\tunknown"},
        {"被保険者番号", "number\t-\tsure"},
        {"受診者保険者番号", "insurer_number\t-\tlikely"},
        {"保険者番号枝番", "-\t-\tunknown"},
        {"公費負担者番号", "medical_aid.payer_number\t-\tsure"},
        {"公費負担者番号１", "medical_aid.payer_number\t-\tlikely"},
        {"第一公費負担者番号", "medical_aid.payer_number\t-\tlikely"},
        {"第２公費負担者番号", "-\t-\tunknown"},
        {"公費の受給者番号", "medical_aid.recipient_number\t-\tlikely"},
        {"高齢受給者証有効期限", "elderly.valid_until\tdate\tsure"},
        {"限度額適用認定証有効開始日", "limit.valid_from\tdate\tsure"},
        {"限度額区分", "limit.category_label\t-\tsure"},
        {"特定疾病２区分", "specific_diseases[2].disease_label\t-\tsure"},
        {"特定疾病区分3", "specific_diseases[3].disease_label\t-\tsure"},
        {"氏名のフリガナ", "name_kana\t-\tlikely"},
        {"勤務先住所", "-\t-\tunknown"},
        {"緊急連絡先氏名", "-\t-\tunknown"},
        {"電話番号", "-\t-\tunknown"},
        {"受診券有効期限", "-\t-\tunknown"},
        {"username", "-\t-\tunknown"},
        {"FileName", "-\t-\tunknown"},
        {"elderly.burden_percent", "elderly.burden_percent\t-\tsure"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sample[256];
        snprintf(sample, sizeof sample, "%s,x\r\n", cases[i][0]);
        assert_guess(sample, cases[i][0], cases[i][1]);
    }
}

static void days_without_a_value_follow_those_with_one(void **state) {
    (void)state;
    const char *sample = "生年月日,有効期限\n19850302,\n";
    assert_guess(sample, "有効期限", "valid_until\tdate:YYYYMMDD\tsure");
}

static void a_first_name_is_known_beside_a_family_name(void **state) {
    (void)state;
    assert_guess("苗字,名前\n", "名前", "name\tgiven\tlikely");
    assert_guess("患者番号,名前\n", "名前", "name\t-\tsure");
}

static void a_row_that_is_shifted_tells_nothing(void **state) {
    (void)state;
    assert_guess("生年月日,x\n19850302,1,2\n1985\n", "生年月日", "birth_date\tdate\tsure");
    assert_guess("生年月日,x\n19850302,1,2\nS600302,1\n", "生年月日",
                 "birth_date\twareki:GYYMMDD\tsure");
}

static void an_element_means_what_it_stands_in(void **state) {
    (void)state;
    const char *sample =
        "<R><Patient><Birth><Date>1985-03-02</Date></Birth><number>1</number>"
        "</Patient><緊急連絡先><Birth><Date>1985-03-02</Date></Birth></緊急連絡先>"
        "<Doctor><Name>x</Name></Doctor><Insurance><Number>123</Number></Insurance>"
        "<公費><Number>12991014</Number></公費></R>";
    assert_guess(sample, "Patient/Birth/Date", "birth_date\t-\tsure");
    assert_guess(sample, "Patient/number", "reference_number\t-\tsure");
    assert_guess(sample, "緊急連絡先/Birth/Date", "-\t-\tunknown");
    assert_guess(sample, "Doctor/Name", "-\t-\tunknown");
    assert_guess(sample, "Insurance/Number", "number\tnarrow\tlikely");
    assert_guess(sample, "公費/Number", "-\t-\tunknown");
}

static void few_elements_keep_their_attributes(void **state) {
    (void)state;
    const char *sample = "<R><A type='s'>1</A><B type='s'>2</B></R>";
    assert_guess(sample, "A/@type", "=s\t-\tlikely");
    assert_int_equal(make_pack_of_text("<R><A type='s'>1</A><B type='s'>2</B><C type='s'/></R>"),
                     SHK_OK);
    assert_null(guess_of("A/@type"));
    assert_int_equal(make_pack_of_text("<R><A type='s'>1</A><B type='s'>2</B><C type='t'/></R>"),
                     SHK_OK);
    assert_non_null(guess_of("A/@type"));
}

static void only_helpers_that_are_there_are_used(void **state) {
    (void)state;
    static const char *const usable[] = {"date", "date:YYYYMMDD", "wareki:GY.M.D", "insurer:zero"};
    static const char *const others[] = {"",        "nothing",      "insurer",  "insurer:nine",
                                         "date:Q",  "kana_half:x",  "wareki:Q", "nothing:YYYY",
                                         "datexxx", "insurer:zeros"};
    for (size_t i = 0; i < sizeof usable / sizeof usable[0]; i++) {
        assert_true(pack_helper_usable(usable[i]));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(pack_helper_usable(others[i]));
    }
}

/* ---- the table ---- */

#define SURE                                                PACK_SURE_NAME
#define WEAK                                                PACK_WEAK_NAME
#define GUESS                                               PACK_GUESS_NAME
#define NAME(name, context, reach, certainty, path, helper) {name, path, helper, PACK_##context},
#define CONTEXT(word, context)
#define AVOID(word)
#define VAGUE(word)
static const struct {
    const char *name, *path, *helper;
    enum pack_context context;
} rows[] = {
#include "guess_names.def"
};
#define ROWS_N (sizeof rows / sizeof rows[0])

static void every_row_names_a_field_and_a_helper(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS_N; i++) {
        const struct field *field = field_find(rows[i].path, strlen(rows[i].path));
        if (field == NULL || !text_equal(field->path, rows[i].path)) {
            fail_msg("guess_names.def: %s of %s is no field", rows[i].path, rows[i].name);
        }
        assert_true(rows[i].helper[0] == '\0' || pack_helper_usable(rows[i].helper));
    }
}

static void no_row_hides_another(void **state) {
    (void)state;
    static struct pack_name names[ROWS_N];
    for (size_t i = 0; i < ROWS_N; i++) {
        assert_int_equal(pack_name_fold(rows[i].name, strlen(rows[i].name), &names[i]), SHK_OK);
        for (size_t k = 0; k < i; k++) {
            if (rows[k].context == rows[i].context && pack_name_equal(&names[k], &names[i])) {
                print_error("guess_names.def: %s stands twice\n", rows[i].name);
                fail();
            }
        }
    }
    for (size_t i = 0; i < ROWS_N; i++) {
        pack_name_clear(&names[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_sample_is_understood_as_its_list_says, pack_tear_down),
        cmocka_unit_test_teardown(a_form_decides_the_helper, pack_tear_down),
        cmocka_unit_test_teardown(a_heading_means_its_field, pack_tear_down),
        cmocka_unit_test_teardown(days_without_a_value_follow_those_with_one, pack_tear_down),
        cmocka_unit_test_teardown(a_first_name_is_known_beside_a_family_name, pack_tear_down),
        cmocka_unit_test_teardown(a_row_that_is_shifted_tells_nothing, pack_tear_down),
        cmocka_unit_test_teardown(an_element_means_what_it_stands_in, pack_tear_down),
        cmocka_unit_test_teardown(few_elements_keep_their_attributes, pack_tear_down),
        cmocka_unit_test(only_helpers_that_are_there_are_used),
        cmocka_unit_test(every_row_names_a_field_and_a_helper),
        cmocka_unit_test(no_row_hides_another),
    };
    return cmocka_run_group_tests_name("pack_new_guess", tests, NULL, NULL);
}
