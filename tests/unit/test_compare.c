#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compare.h"
#include "record_help.h"

#define HEAD                                                                                       \
    {"confirmation_date", "20250602"}, {"result_segment", "1"}, {                                  \
        "result_status", "1"                                                                       \
    }
#define VALID                                                                                      \
    HEAD, {                                                                                        \
        "validity", "1"                                                                            \
    }

static enum difference compare(const struct record_set *set, const char *path, const char *text) {
    struct host_value host = {path, text};
    size_t changed = 9, changed_n = 9, record = 9;
    enum difference difference = compare_record(set, &host, 1, &changed, &changed_n, &record);
    assert_int_equal(changed_n, difference == DIFFERENCE_CHANGED ? 1 : 0);
    assert_int_equal(record, 1);
    return difference;
}

/* The answer's value as its source wrote it against the host's. */
static void assert_compared(const char *path, const char *answer, const char *host,
                            enum difference expected) {
    struct record_set *set = SET(VALID, {path, answer}, {"issued_on", "20200401"});
    enum difference found = compare(set, path, host);
    if (found != expected) {
        fail_msg("%s: %s against %s", path, answer, host);
    }
    record_free(&set);
}

#define SAME(path, answer, host)    assert_compared(path, answer, host, DIFFERENCE_UNCHANGED)
#define CHANGED(path, answer, host) assert_compared(path, answer, host, DIFFERENCE_CHANGED)

static void names_are_the_same_when_people_mean_the_same(void **state) {
    (void)state;
    SAME("name", "見本　髙子", "見本 高子");
    SAME("name", "見本　●子", "見本髙子");
    CHANGED("name", "見本　花子", "見本　髙子");
    SAME("name_other", "渡邉", "渡辺");
    SAME("insured_name", "見本　一郎", "見本一郎");
    SAME("name_kana", "ﾐﾎﾝ ｼｮｳｺ", "みほん　しようこ");
    CHANGED("name_kana", "ﾐﾎﾝ ｼｮｳｺ", "ミホン　ショウゴ");
    SAME("name_other_kana", "ﾐﾎﾝ", "ミホン");
    SAME("insurer_name", "見本健康保険組合", "見本　健康保険組合");
    CHANGED("insurer_name", "見本健康保険組合", "見本協会");
    SAME("address", "見本県見本市１－２－３", "見本県見本市1-2-3");
}

static void numbers_are_the_same_without_width_separators_and_zeros(void **state) {
    (void)state;
    SAME("symbol", "見・１２", "見12");
    SAME("number", "０００３４５", "345");
    SAME("number", "12345", "１２３４５");
    CHANGED("number", "12345", "12346");
    /* Where the digits are parted is part of a symbol. */
    CHANGED("symbol", "12-3", "1-23");
    CHANGED("symbol", "12-3", "123");
    CHANGED("number", "12-3", "1-23");
    SAME("symbol", "１２－３", "12/3");
    SAME("symbol", "12ー3", "12 - 3");
    SAME("symbol", "見－１２", "見12");
    SAME("branch_number", "01", "1");
    CHANGED("branch_number", "01", "02");
    CHANGED("branch_number", "00", "01");
    SAME("insurer_number", "  990010", "00990010");
    SAME("insurer_number", "01990019", "1990019");
    CHANGED("insurer_number", "  990010", "993006");
    SAME("postal_code", "000-0001", "0000001");
    SAME("burden_percent", "030", "30");
    CHANGED("burden_percent", "030", "20");
}

static void dates_are_read_in_every_notation(void **state) {
    (void)state;
    SAME("birth_date", "19540105", "19540105");
    SAME("birth_date", "19540105", "1954-01-05");
    SAME("birth_date", "19540105", "昭和29年1月5日");
    CHANGED("birth_date", "19540105", "昭和29年1月6日");
    CHANGED("birth_date", "19540105", "rubbish");
    CHANGED("valid_until", "20250731", "99999999");
}

static void codes_are_the_same_as_word_code_or_label(void **state) {
    (void)state;
    SAME("sex", "2", "female");
    SAME("sex", "2", "2");
    SAME("sex", "2", "女");
    CHANGED("sex", "2", "男");
    CHANGED("sex", "2", "1");
    SAME("sex", "2", "F");
    SAME("sex", "1", "男性");
    CHANGED("sex", "2", "M");
    SAME("relation", "2", "被扶養者");
    CHANGED("relation", "1", "被扶養者");
    SAME("relation", "1", "本人");
    SAME("relation", "1", "self");
    CHANGED("relation", "1", "家族");
    SAME("card_class", "01", "1");
    SAME("card_class", "01", "一般");
    CHANGED("card_class", "01", "02");
    SAME("limit.category", "A03", "ウ");
    SAME("card_class", "Z9", "Z9");
    CHANGED("card_class", "Z9", "01");
}

static void empty_value_of_the_host_is_a_change(void **state) {
    (void)state;
    CHANGED("branch_number", "01", "");
    CHANGED("name", "見本", "　");
}

static void value_that_the_answer_lacks_is_none(void **state) {
    (void)state;
    SAME("branch_number", "", "01");
    struct record_set *set = SET(VALID, {"name", "見本"});
    assert_int_equal(compare(set, "branch_number", "01"), DIFFERENCE_UNCHANGED);
    assert_int_equal(compare(set, "no.such.path", "01"), DIFFERENCE_UNCHANGED);
    assert_int_equal(compare(set, "sex", "male"), DIFFERENCE_UNCHANGED);
    record_free(&set);
}

static void sex_is_looked_for_on_the_back_of_the_card(void **state) {
    struct record_set *set = SET(VALID, {"sex", "3"}, {"sex_other", "2"});
    (void)state;
    assert_int_equal(compare(set, "sex", "female"), DIFFERENCE_UNCHANGED);
    assert_int_equal(compare(set, "sex", "male"), DIFFERENCE_CHANGED);
    record_free(&set);
    set = SET(VALID, {"sex", "3"});
    assert_int_equal(compare(set, "sex", "male"), DIFFERENCE_UNCHANGED);
    record_free(&set);
    SAME("sex", "3", "");
    SAME("sex_other", "3", ""); /* neither says anything */
    CHANGED("sex_other", "3", "male");
    CHANGED("sex", "1", "");
}

static void every_changed_path_is_named(void **state) {
    struct record_set *set = SET(VALID, {"insurer_number", "06990014"}, {"symbol", "77"},
                                 {"number", "89"}, {"branch_number", "01"});
    const struct host_value host[] = {
        {"insurer_number", "01990019"}, {"symbol", "77"}, {"number", "88"}, {"branch_number", ""}};
    size_t changed[4], changed_n = 0, record = 0;
    (void)state;
    assert_int_equal(compare_record(set, host, 4, changed, &changed_n, &record),
                     DIFFERENCE_CHANGED);
    assert_int_equal(changed_n, 3);
    assert_int_equal(changed[0], 0);
    assert_int_equal(changed[1], 2);
    assert_int_equal(changed[2], 3);
    record_free(&set);
}

#define AID_NUMBER "12990016"

static struct record_set *insurance_and_aid(const char *insurer) {
    const struct pair insurance[] = {
        VALID, {"insurer_number", insurer}, {"number", "88"}, {NULL, NULL}};
    const struct pair aid[] = {
        VALID, {"insurer_number", AID_NUMBER}, {"number", "1234567"}, {NULL, NULL}};
    struct record_set *set = record_set_new();
    assert_non_null(set);
    add_record(set, insurance);
    add_record(set, aid);
    assert_int_equal(record_finish(set), SHK_OK);
    return set;
}

static void record_of_the_hosts_insurer_is_compared(void **state) {
    struct record_set *set = insurance_and_aid("06990014");
    struct host_value host[] = {{"number", "88"}, {"insurer_number", AID_NUMBER}};
    size_t changed[2], changed_n, record;
    (void)state;
    assert_int_equal(compare_record(set, host, 2, changed, &changed_n, &record),
                     DIFFERENCE_CHANGED);
    assert_int_equal(record, 2);
    assert_int_equal(changed_n, 1);
    assert_int_equal(changed[0], 0);
    host[1].text = "６９９００１４";
    assert_int_equal(compare_record(set, host, 2, changed, &changed_n, &record),
                     DIFFERENCE_UNCHANGED);
    assert_int_equal(record, 1);
    record_free(&set);
}

static void record_with_the_fewest_changes_is_compared_without_an_insurer(void **state) {
    struct record_set *set = insurance_and_aid("06990014");
    const struct host_value host[] = {{"number", "1234567"}};
    size_t changed[1], changed_n, record;
    (void)state;
    assert_int_equal(compare_record(set, host, 1, changed, &changed_n, &record),
                     DIFFERENCE_UNCHANGED);
    assert_int_equal(record, 2);
    record_free(&set);
}

static enum difference difference_of_validity(const char *validity) {
    struct record_set *set = SET(HEAD, {"validity", validity}, {"number", "88"});
    enum difference difference = compare(set, "number", "99");
    record_free(&set);
    return difference;
}

static void answers_that_are_no_entitlement_have_their_own_difference(void **state) {
    (void)state;
    assert_int_equal(difference_of_validity("1"), DIFFERENCE_CHANGED);
    assert_int_equal(difference_of_validity("2"), DIFFERENCE_LOST);
    assert_int_equal(difference_of_validity("3"), DIFFERENCE_LOST);
    assert_int_equal(difference_of_validity("4"), DIFFERENCE_NOT_FOUND);
    assert_int_equal(difference_of_validity("5"), DIFFERENCE_SEVERAL);
    assert_int_equal(difference_of_validity("7"), DIFFERENCE_FAULT);
    assert_int_equal(difference_of_validity(""), DIFFERENCE_FAULT);
    assert_int_equal(compare(NULL, "number", "88"), DIFFERENCE_FAULT);
}

static void unfinished_or_refused_request_is_a_fault(void **state) {
    static const char *const segments[] = {"2", "9"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct record_set *set = SET({"result_segment", segments[i]}, {"validity", "1"});
        assert_int_equal(compare(set, "number", "88"), DIFFERENCE_FAULT);
        record_free(&set);
    }
}

static void every_difference_has_its_words(void **state) {
    static const char *const names[] = {"unchanged", "changed",   "lost",
                                        "several",   "not_found", "fault"};
    (void)state;
    for (int i = DIFFERENCE_UNCHANGED; i <= DIFFERENCE_FAULT; i++) {
        assert_string_equal(difference_name((enum difference)i), names[i]);
        assert_true(difference_japanese((enum difference)i)[0] != '\0');
    }
    assert_string_equal(difference_japanese(DIFFERENCE_LOST), "資格喪失");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_same_when_people_mean_the_same),
        cmocka_unit_test(numbers_are_the_same_without_width_separators_and_zeros),
        cmocka_unit_test(dates_are_read_in_every_notation),
        cmocka_unit_test(codes_are_the_same_as_word_code_or_label),
        cmocka_unit_test(empty_value_of_the_host_is_a_change),
        cmocka_unit_test(value_that_the_answer_lacks_is_none),
        cmocka_unit_test(sex_is_looked_for_on_the_back_of_the_card),
        cmocka_unit_test(every_changed_path_is_named),
        cmocka_unit_test(record_of_the_hosts_insurer_is_compared),
        cmocka_unit_test(record_with_the_fewest_changes_is_compared_without_an_insurer),
        cmocka_unit_test(answers_that_are_no_entitlement_have_their_own_difference),
        cmocka_unit_test(unfinished_or_refused_request_is_a_fault),
        cmocka_unit_test(every_difference_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
