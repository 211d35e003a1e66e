#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compare.h"
#include "fold.h"
#include "oqs_help.h"

/* The quirks of the service's answers that belong to single values. */

static bool unchanged(const struct record_set *set, const char *path, const char *host_text) {
    struct host_value host = {path, host_text};
    size_t changed, changed_n, record;
    return compare_record(set, &host, 1, &changed, &changed_n, &record) == DIFFERENCE_UNCHANGED;
}

static void q1_insurer_number_of_six_digits_comes_with_two_spaces_and_stays_text(void **state) {
    struct record_set *set = read_text(ANSWER("<InsurerNumber>  990010</InsurerNumber>"), SHK_OK);
    (void)state;
    assert_value(set, 1, "insurer_number", "990010");
    assert_false(value_at(set, 1, "insurer_number").is_number);
    assert_value(set, 1, "derived.insurer_number_8", "00990010");
    assert_value(set, 1, "derived.insurer_number_6", "990010");
    assert_true(unchanged(set, "insurer_number", "00990010"));
    record_free(&set);
}

static void q3_leading_zeros_of_numbers_and_codes_survive(void **state) {
    struct record_set *set = read_text(
        ANSWER("<InsuredCardClassification>01</InsuredCardClassification>"
               "<InsurerNumber>01990019</InsurerNumber><InsuredCardSymbol>0001</InsuredCardSymbol>"
               "<InsuredIdentificationNumber>00777</InsuredIdentificationNumber>"
               "<InsuredBranchNumber>00</InsuredBranchNumber>"
               "<InsuredPartialContributionRatio>010</InsuredPartialContributionRatio>"
               "<ReferenceNumber>000123</ReferenceNumber>"),
        SHK_OK);
    (void)state;
    assert_value(set, 1, "card_class", "01");
    assert_value(set, 1, "insurer_number", "01990019");
    assert_value(set, 1, "symbol", "0001");
    assert_value(set, 1, "number", "00777");
    assert_value(set, 1, "branch_number", "00");
    assert_value(set, 1, "reference_number", "000123");
    assert_int_equal(value_at(set, 1, "burden_percent").number, 10);
    record_free(&set);
}

static void q4_symbol_and_number_are_kept_as_sent_and_compared_folded(void **state) {
    struct record_set *set =
        read_text(ANSWER("<InsuredCardSymbol>見・１２／Ａ－３</InsuredCardSymbol>"
                         "<InsuredIdentificationNumber>００３４５</InsuredIdentificationNumber>"),
                  SHK_OK);
    (void)state;
    assert_value(set, 1, "symbol", "見・１２／Ａ－３");
    assert_value(set, 1, "number", "００３４５");
    assert_true(unchanged(set, "symbol", "見 12/a-3"));
    assert_true(unchanged(set, "number", "345"));
    assert_false(unchanged(set, "number", "3450"));
    record_free(&set);
}

static void q5_absent_symbol_is_no_fault_and_no_change(void **state) {
    struct record_set *set = read_text(ANSWER("<InsurerNumber>39990015</InsurerNumber>"
                                              "<InsuredIdentificationNumber>01234567"
                                              "</InsuredIdentificationNumber>"),
                                       SHK_OK);
    (void)state;
    assert_state(set, 1, "symbol", VALUE_ABSENT);
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    assert_true(unchanged(set, "symbol", ""));
    assert_true(unchanged(set, "symbol", "後期"));
    record_free(&set);
}

static void q6_new_branch_number_is_a_change_for_a_host_without_one(void **state) {
    struct record_set *with =
        read_text(ANSWER("<InsuredBranchNumber>02</InsuredBranchNumber>"), SHK_OK);
    struct record_set *without = read_text(ANSWER("<Name>見本</Name>"), SHK_OK);
    (void)state;
    assert_false(unchanged(with, "branch_number", ""));
    assert_true(unchanged(with, "branch_number", "2"));
    assert_state(without, 1, "branch_number", VALUE_ABSENT);
    assert_true(unchanged(without, "branch_number", ""));
    assert_true(unchanged(without, "branch_number", "02"));
    record_free(&with);
    record_free(&without);
}

static void q7_names_with_any_space_or_none_compare_equal_and_stay_as_sent(void **state) {
    static const char *const names[] = {"見本　太郎", "見本 太郎", "見本太郎", "見本　太　郎"};
    static const char *const answers[] = {
        ANSWER("<Name>見本　太郎</Name>"), ANSWER("<Name>見本 太郎</Name>"),
        ANSWER("<Name>見本太郎</Name>"), ANSWER("<Name>見本　太　郎</Name>")};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct record_set *set = read_text(answers[i], SHK_OK);
        assert_value(set, 1, "name", names[i]);
        assert_value(set, 1, "derived.name_folded", "見本太郎");
        record_free(&set);
    }
}

static void q8_half_width_kana_and_large_small_kana_compare_equal(void **state) {
    struct record_set *set = read_text(ANSWER("<NameKana>ﾐﾎﾝ ｼﾞﾖｳｺ</NameKana>"
                                              "<NameOfOtherKana>ﾐﾎﾝ ｼﾞｮｰｼﾞ</NameOfOtherKana>"),
                                       SHK_OK);
    (void)state;
    assert_value(set, 1, "name_kana", "ﾐﾎﾝ ｼﾞﾖｳｺ");
    assert_value(set, 1, "derived.name_kana_folded", "ミホンジヨウコ");
    assert_value(set, 1, "derived.name_other_kana_folded", "ミホンジヨージ");
    assert_true(unchanged(set, "name_kana", "ミホン　ジョウコ"));
    assert_true(unchanged(set, "name_kana", "みほん じょうこ"));
    assert_false(unchanged(set, "name_kana", "ミホン　ショウコ"));
    record_free(&set);
}

static void q9_missing_character_is_flagged_and_stands_for_any_one(void **state) {
    struct record_set *set = read_text(ANSWER("<InsuredName>見本　一郎</InsuredName>"
                                              "<Name>見本　●子</Name>"
                                              "<NameOfOther>渡〓</NameOfOther>"),
                                       SHK_OK);
    (void)state;
    assert_value(set, 1, "name", "見本　●子");
    assert_value(set, 1, "derived.name_has_missing_character", "1");
    assert_value(set, 1, "derived.name_other_has_missing_character", "1");
    assert_state(set, 1, "derived.insured_name_has_missing_character", VALUE_ABSENT);
    assert_true(unchanged(set, "name", "見本髙子"));
    assert_true(unchanged(set, "name_other", "渡邉"));
    assert_false(unchanged(set, "name", "見本髙美"));
    assert_true(fold_names_match("渡邉　國惠", 15, "渡辺国恵", 12));
    record_free(&set);
}

static void q11_sex_3_means_see_sex2_and_never_a_guess(void **state) {
    struct record_set *back = read_text(ANSWER("<Sex1>3</Sex1><Sex2>2</Sex2>"), SHK_OK);
    struct record_set *male = read_text(ANSWER("<Sex1>3</Sex1><Sex2>1</Sex2>"), SHK_OK);
    struct record_set *neither = read_text(ANSWER("<Sex1>3</Sex1>"), SHK_OK);
    struct record_set *front = read_text(ANSWER("<Sex1>1</Sex1><Sex2>2</Sex2>"), SHK_OK);
    (void)state;
    assert_value(back, 1, "sex", "unknown");
    assert_value(back, 1, "sex_label", "未設定");
    assert_value(back, 1, "derived.sex", "female");
    assert_value(male, 1, "derived.sex", "male");
    assert_value(neither, 1, "sex", "unknown");
    assert_state(neither, 1, "derived.sex", VALUE_ABSENT);
    assert_value(front, 1, "derived.sex", "male");
    record_free(&back);
    record_free(&male);
    record_free(&neither);
    record_free(&front);
}

static void q14_validity_and_age_are_of_the_confirmation_date_not_of_today(void **state) {
    struct record_set *set =
        read_text("<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>"
                  "<QualificationConfirmationDate>20100601</QualificationConfirmationDate>"
                  "</MessageHeader><MessageBody>" VALID "<ResultList>" RESULT(
                      "<Birthdate>19900601</Birthdate><InsurerNumber>06990014</InsurerNumber>"
                      "<InsuredCardExpirationDate>20100601"
                      "</InsuredCardExpirationDate>") "</ResultList></MessageBody></XmlMsg>",
                  SHK_OK);
    (void)state;
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    assert_value(set, 1, "derived.age", "20");
    assert_state(set, 1, "derived.not_covering_date", VALUE_ABSENT);
    record_free(&set);
}

static void q15_future_loss_in_a_valid_answer_is_flagged_and_stays_eligible(void **state) {
    struct record_set *set =
        read_text(ANSWER("<DisqualificationDate>20250603</DisqualificationDate>"
                         "<ReasonOfLoss>03</ReasonOfLoss>"),
                  SHK_OK);
    (void)state;
    assert_int_equal(record_outcome(set), OUTCOME_ELIGIBLE);
    assert_value(set, 1, "derived.loss_in_future", "1");
    assert_state(set, 1, "derived.not_covering_date", VALUE_ABSENT);
    assert_value(set, 1, "loss_reason_label", "医療保険等の資格取得");
    record_free(&set);
}

#define LIMIT(code)                                                                                \
    ANSWER("<LimitApplicationCertificateRelatedInfo><"                                             \
           "LimitApplicationCertificateClassificationFlag>" code                                   \
           "</LimitApplicationCertificateClassificationFlag>"                                      \
           "</LimitApplicationCertificateRelatedInfo>")

static void q20_general_class_of_late_elderly_and_of_70_to_74_are_told_apart(void **state) {
    struct record_set *late = read_text(LIMIT("B10"), SHK_OK);
    struct record_set *elderly = read_text(LIMIT("B04"), SHK_OK);
    (void)state;
    assert_value(late, 1, "limit.category", "B10");
    assert_value(late, 1, "limit.category_label", "一般Ⅰ");
    assert_value(elderly, 1, "limit.category", "B04");
    assert_value(elderly, 1, "limit.category_label", "一般");
    assert_false(unchanged(late, "limit.category", "B04"));
    record_free(&late);
    record_free(&elderly);
}

static void q21_retired_card_classes_are_still_read(void **state) {
    static const char *const answers[] = {
        ANSWER("<InsuredCardClassification>01</InsuredCardClassification>"),
        ANSWER("<InsuredCardClassification>02</InsuredCardClassification>"),
        ANSWER("<InsuredCardClassification>03</InsuredCardClassification>"),
        ANSWER("<InsuredCardClassification>04</InsuredCardClassification>")};
    static const char *const labels[] = {"一般", "退職", "短期（一般）", "短期（退職）"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct record_set *set = read_text(answers[i], SHK_OK);
        assert_value(set, 1, "card_class_label", labels[i]);
        assert_int_equal(record_drift_count(set), 0);
        record_free(&set);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(q1_insurer_number_of_six_digits_comes_with_two_spaces_and_stays_text),
        cmocka_unit_test(q3_leading_zeros_of_numbers_and_codes_survive),
        cmocka_unit_test(q4_symbol_and_number_are_kept_as_sent_and_compared_folded),
        cmocka_unit_test(q5_absent_symbol_is_no_fault_and_no_change),
        cmocka_unit_test(q6_new_branch_number_is_a_change_for_a_host_without_one),
        cmocka_unit_test(q7_names_with_any_space_or_none_compare_equal_and_stay_as_sent),
        cmocka_unit_test(q8_half_width_kana_and_large_small_kana_compare_equal),
        cmocka_unit_test(q9_missing_character_is_flagged_and_stands_for_any_one),
        cmocka_unit_test(q11_sex_3_means_see_sex2_and_never_a_guess),
        cmocka_unit_test(q14_validity_and_age_are_of_the_confirmation_date_not_of_today),
        cmocka_unit_test(q15_future_loss_in_a_valid_answer_is_flagged_and_stays_eligible),
        cmocka_unit_test(q20_general_class_of_late_elderly_and_of_70_to_74_are_told_apart),
        cmocka_unit_test(q21_retired_card_classes_are_still_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
