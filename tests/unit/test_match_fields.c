/* Field by field: what the host has and what the answer says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "match.h"
#include "record_help.h"

static const struct match_patient *patient_of(const char *path, const char *text) {
    static struct host_value value;
    static struct match_patient patient;
    value = (struct host_value){path, text};
    patient = (struct match_patient){.id = "1", .values = &value, .n = 1};
    return &patient;
}

/* The answer as its source wrote it against the host's text. */
static void assert_difference(const char *path, const char *answer, const char *host,
                              enum match_difference expected) {
    struct record_set *set =
        SET({"confirmation_date", "20250602"}, {path, answer}, {"result_segment", "1"});
    struct match_field out[MATCH_FIELDS_MAX];
    size_t n = match_fields(set, 1, patient_of(path, host), NULL, 0, out);
    if (n != 1 || out[0].difference != expected) {
        fail_msg("%s: %s against %s is %s", path, answer, host,
                 n == 1 ? match_difference_name(out[0].difference) : "left out");
    }
    assert_string_equal(out[0].path, path);
    assert_string_equal(out[0].old, host);
    assert_int_equal(out[0].take, expected == MATCH_ADDED || expected == MATCH_OTHER);
    record_free(&set);
}

static void names(void **state) {
    (void)state;
    assert_difference("name", "見本　花子", "見本　花子", MATCH_EQUAL);
    assert_difference("name", "見本　花子", "見本 花子", MATCH_VARIANT);
    assert_difference("name", "髙橋　花子", "高橋　花子", MATCH_VARIANT);
    assert_difference("name", "見本　陽子", "見本　花子", MATCH_OTHER);
    assert_difference("name", "見本　花子", "", MATCH_ADDED);
    assert_difference("name", "見本　花子", "　", MATCH_ADDED);
    assert_difference("name", "", "見本　花子", MATCH_EQUAL);
    assert_difference("name_other", "渡邉　花子", "渡辺 花子", MATCH_VARIANT);
    assert_difference("insured_name", "山﨑　一郎", "山崎一郎", MATCH_VARIANT);
    assert_difference("name_kana", "ﾐﾎﾝ ｼﾞﾕﾝ", "ミホン　ジュン", MATCH_VARIANT);
    assert_difference("name_kana", "ﾐﾎﾝ ﾖｳｺ", "ミホン ヨーコ", MATCH_VARIANT);
    assert_difference("name_kana", "ﾐﾎﾝ ﾕｳｺ", "ミホン ユコ", MATCH_OTHER);
    assert_difference("name_kana", "ﾐﾎﾝ ﾊﾅｺ", "", MATCH_ADDED);
}

static void good_characters_are_never_lost(void **state) {
    (void)state;
    assert_difference("name", "見本　●子", "見本　花子", MATCH_MISSING);
    assert_difference("name", "様式　●子", "見本　花子", MATCH_MISSING);
    assert_difference("name", "見本　〓子", "見本　花子", MATCH_MISSING);
    assert_difference("address", "見本県●市１", "見本県見本市1", MATCH_MISSING);
    assert_difference("name", "見本　●子", "見本　●子", MATCH_EQUAL);
    assert_difference("name", "見本　花子", "見本　●子", MATCH_OTHER); /* the answer knows better */
    assert_difference("name", "見本　●子", "", MATCH_ADDED);
}

static void sex_and_relation_in_every_word(void **state) {
    static const char *const women[] = {"2", "女", "F", "female", "女性", "f", "Ｆ"};
    static const char *const men[] = {"1", "男", "M", "male", "男性"};
    (void)state;
    for (size_t i = 0; i < sizeof women / sizeof women[0]; i++) {
        assert_difference("sex", "2", women[i], MATCH_EQUAL);
        assert_difference("sex", "1", women[i], MATCH_OTHER);
    }
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        assert_difference("sex", "1", men[i], MATCH_EQUAL);
        assert_difference("sex", "2", men[i], MATCH_OTHER);
    }
    assert_difference("sex", "1", "", MATCH_ADDED);
    assert_difference("relation", "1", "本人", MATCH_EQUAL);
    assert_difference("relation", "1", "1", MATCH_EQUAL);
    assert_difference("relation", "1", "被保険者", MATCH_EQUAL);
    assert_difference("relation", "2", "家族", MATCH_EQUAL);
    assert_difference("relation", "2", "被扶養者", MATCH_EQUAL);
    assert_difference("relation", "2", "本人", MATCH_OTHER);
}

static void dates_in_any_notation(void **state) {
    static const char *const same[] = {"1954-01-05", "19540105", "1954/1/5", "昭和29年1月5日",
                                       "S290105"};
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_difference("birth_date", "19540105", same[i], MATCH_EQUAL);
    }
    assert_difference("birth_date", "19540105", "1954-01-06", MATCH_OTHER);
    assert_difference("valid_until", "20250731", "令和7年7月31日", MATCH_EQUAL);
    assert_difference("valid_until", "20250731", "99999999", MATCH_OTHER);
    assert_difference("valid_until", "20250731", "", MATCH_ADDED);
    assert_difference("qualification_date", "20200401", "R2.4.1", MATCH_EQUAL);
}

static void numbers_and_addresses(void **state) {
    (void)state;
    assert_difference("insurer_number", "  990010", "00990010", MATCH_EQUAL);
    assert_difference("insurer_number", "06990014", "01990019", MATCH_OTHER);
    assert_difference("symbol", "７７", "77", MATCH_VARIANT);
    assert_difference("symbol", "１２－３", "12/3", MATCH_VARIANT);
    assert_difference("symbol", "１２－３", "1-23", MATCH_OTHER);
    assert_difference("number", "0008812", "8812", MATCH_VARIANT);
    assert_difference("number", "8812", "8812", MATCH_EQUAL);
    assert_difference("branch_number", "01", "1", MATCH_VARIANT);
    assert_difference("branch_number", "01", "02", MATCH_OTHER);
    assert_difference("postal_code", "000-0001", "０００－０００１", MATCH_VARIANT);
    assert_difference("postal_code", "000-0001", "0000002", MATCH_OTHER);
    assert_difference("address", "見本県見本市１－２－３", "見本県見本市1-2-3", MATCH_VARIANT);
    assert_difference("burden_percent", "030", "30", MATCH_EQUAL);
}

/* Values out of order, one the host lacks, one the answer lacks, two that nobody compares. */
static const struct host_value all[] = {
    {"number", "8812"},
    {"birth_date", "19540105"},
    {"name", "見本 花子"},
    {"derived.sex", "女"},
    {"address", ""},
    {"insurer_name", ""},
    {"no.such.path", "1"},
    {"patient.id", "1"},
    {"insurer_number", "06990014"},
    {"postal_code", "0000001"},
    {"name_label", "x"},
    {"specific_diseases[2].disease", "1"},
};

static void fields_come_in_table_order(void **state) {
    static const char *const expected[] = {
        "insurer_number", "number",  "name",        "sex",
        "birth_date",     "address", "postal_code", "specific_diseases[2].disease"};
    struct record_set *set =
        SET({"birth_date", "19540105"}, {"sex", "3"}, {"sex_other", "2"}, {"name", "見本　花子"},
            {"number", "8813"}, {"address", "見本県"}, {"insurer_number", "06990014"});
    const struct match_patient patient = {
        .id = "1", .values = all, .n = sizeof all / sizeof all[0]};
    struct match_field out[MATCH_FIELDS_MAX];
    (void)state;
    size_t n = match_fields(set, 1, &patient, NULL, 0, out);
    assert_int_equal(n, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(out[i].path, expected[i]);
    }
    assert_int_equal(out[1].difference, MATCH_OTHER);
    assert_int_equal(out[3].difference, MATCH_EQUAL); /* of the back of the card */
    assert_string_equal(out[3].now, "female");
    assert_int_equal(out[5].difference, MATCH_ADDED);
    assert_string_equal(out[5].now, "見本県");
    assert_int_equal(out[6].difference, MATCH_EQUAL); /* the answer has none */
    assert_string_equal(out[6].now, "");
    record_free(&set);
}

static void remembered_spelling_is_not_asked_again(void **state) {
    static const struct known_spelling spellings[] = {{"name", "見本　花子", "見本 華子"},
                                                      {"name", "見本　●子", "見本 花子"}};
    struct record_set *set = SET({"name", "見本　花子"}, {"birth_date", "19540105"});
    struct record_set *lost = SET({"name", "見本　●子"}, {"birth_date", "19540105"});
    struct match_field out[MATCH_FIELDS_MAX];
    (void)state;
    assert_int_equal(match_fields(set, 1, patient_of("name", "見本 華子"), spellings, 2, out), 1);
    assert_int_equal(out[0].difference, MATCH_REMEMBERED);
    assert_false(out[0].take);
    assert_int_equal(match_fields(set, 1, patient_of("name", "見本 華"), spellings, 2, out), 1);
    assert_int_equal(out[0].difference, MATCH_OTHER);
    assert_int_equal(
        match_fields(set, 1, patient_of("insured_name", "見本 華子"), spellings, 2, out), 1);
    assert_int_equal(out[0].difference, MATCH_EQUAL);
    assert_int_equal(match_fields(lost, 1, patient_of("name", "見本 花子"), spellings, 2, out), 1);
    assert_int_equal(out[0].difference, MATCH_MISSING);
    record_free(&set);
    record_free(&lost);
}

static void no_more_fields_than_there_is_room_for(void **state) {
    struct host_value values[40];
    struct match_field out[MATCH_FIELDS_MAX];
    struct record_set *set = SET({"birth_date", "19540105"});
    size_t n = 0;
    (void)state;
    for (size_t i = field_count(); i > 0 && n < 40; i--) { /* from the end of the table */
        const struct field *field = field_at(i - 1);
        if (!field_is_derived(field) && field_list_of(field) == NULL) {
            values[n++] = (struct host_value){field->path, "1"};
        }
    }
    const struct match_patient patient = {.values = values, .n = n};
    assert_int_equal(match_fields(set, 1, &patient, NULL, 0, out), MATCH_FIELDS_MAX);
    for (size_t i = 0; i < MATCH_FIELDS_MAX; i++) {
        assert_string_equal(out[i].path, values[39 - i].path);
    }
    record_free(&set);
}

static void entries_come_in_their_order_and_once(void **state) {
    static const struct host_value values[] = {
        {"specific_diseases[2].disease", "1"},      {"specific_diseases[1].valid_from", "20250601"},
        {"specific_diseases[1].disease", "1"},      {"specific_diseases[1].disease", "2"},
        {"specific_diseases[2].valid_from", "123"}, {"name", "見本 花子"}};
    static const char *const expected[] = {
        "name", "specific_diseases[1].disease", "specific_diseases[1].valid_from",
        "specific_diseases[2].disease", "specific_diseases[2].valid_from"};
    struct record_set *set = SET({"birth_date", "19540105"});
    const struct match_patient patient = {.values = values, .n = 6};
    struct match_field out[MATCH_FIELDS_MAX];
    (void)state;
    assert_int_equal(match_fields(set, 1, &patient, NULL, 0, out), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(out[i].path, expected[i]);
    }
    assert_string_equal(out[1].old, "1");
    record_free(&set);
}

static void every_difference_has_its_words(void **state) {
    (void)state;
    for (int i = MATCH_EQUAL; i <= MATCH_OTHER; i++) {
        assert_true(match_difference_name((enum match_difference)i)[0] != '\0');
        assert_true(match_difference_japanese((enum match_difference)i)[0] != '\0');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(good_characters_are_never_lost),
        cmocka_unit_test(sex_and_relation_in_every_word),
        cmocka_unit_test(dates_in_any_notation),
        cmocka_unit_test(numbers_and_addresses),
        cmocka_unit_test(fields_come_in_table_order),
        cmocka_unit_test(remembered_spelling_is_not_asked_again),
        cmocka_unit_test(no_more_fields_than_there_is_room_for),
        cmocka_unit_test(entries_come_in_their_order_and_once),
        cmocka_unit_test(every_difference_has_its_words),
    };
    return cmocka_run_group_tests_name("match_fields", tests, NULL, NULL);
}
