/* 記号, 番号 and 枝番 in one text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "member.h"
#include "shikaku/codes.h"

static struct bytes out;

static struct member member(const char *insurer, const char *symbol, const char *number,
                            const char *branch) {
    const char *texts[] = {insurer, symbol, number, branch};
    struct word words[4];
    for (size_t i = 0; i < 4; i++) {
        words[i] = (struct word){texts[i], texts[i] != NULL ? strlen(texts[i]) : 0};
    }
    return (struct member){words[0], words[1], words[2], words[3]};
}

static void assert_id(struct member m, const char *expected) {
    out.n = 0;
    assert_int_equal(member_id(&m, &out), SHK_OK);
    assert_string_equal(bytes_text(&out), expected);
}

static void the_published_examples_are_met(void **state) {
    (void)state;
    assert_id(member("12345", "あいう", "187", "5"), "00012345:あいう:１８７:05");
    assert_id(member("12345", "あいう", "１８７", "05"), "00012345:あいう:１８７:05");
    assert_id(member("00012345", NULL, "１８７", NULL), "00012345::１８７:");
}

static void both_parts_share_one_mode(void **state) {
    (void)state;
    assert_id(member("06990014", "AB", "187", "01"), "06990014:AB:187:01");
    assert_id(member("06990014", "AB", "18-7", "01"), "06990014:ＡＢ:１８－７:01");
    assert_id(member("06990014", "ABｱ", "187", "01"), "06990014:ＡＢア:１８７:01");
    assert_id(member("06990014", "", "187", ""), "06990014::187:");
    assert_id(member("06990014", " A　B ", "1 8", ""), "06990014:AB:18:");
    assert_id(member("06990014", "見　本", "1 8", ""), "06990014:見本:１８:");
}

static void missing_parts_leave_their_colons(void **state) {
    (void)state;
    assert_id(member("990010", NULL, NULL, NULL), "00990010:::");
    assert_id(member(NULL, NULL, "1", "2"), "::1:02");
    assert_id(member("  990010", "1", "2", "00"), "00990010:1:2:00");
}

static void nothing_gives_nothing_and_wrong_parts_are_refused(void **state) {
    (void)state;
    struct member none = member("", NULL, "", "01");
    struct member insurer = member("06-1", "1", "2", NULL),
                  branch = member("06990014", "1", "2", "x");
    assert_int_equal(member_id(&none, &out), SHK_E_ABSENT);
    assert_int_equal(member_id(&insurer, &out), SHK_E_VALUE);
    assert_int_equal(member_id(&branch, &out), SHK_E_VALUE);
}

static void assert_joined(struct member m, const char *expected) {
    out.n = 0;
    assert_int_equal(member_symbol_number(&m, (struct word){"―", strlen("―")}, &out), SHK_OK);
    assert_string_equal(bytes_text(&out), expected);
}

static void a_separator_stands_between_two_parts_only(void **state) {
    (void)state;
    struct member none = member("990010", "", NULL, "01");
    assert_joined(member(NULL, "見本", "123", NULL), "見本―123");
    assert_joined(member(NULL, "", "123", NULL), "123");
    assert_joined(member(NULL, "見本", NULL, NULL), "見本");
    assert_int_equal(member_symbol_number(&none, (struct word){"-", 1}, &out), SHK_E_ABSENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_examples_are_met),
        cmocka_unit_test(both_parts_share_one_mode),
        cmocka_unit_test(missing_parts_leave_their_colons),
        cmocka_unit_test(nothing_gives_nothing_and_wrong_parts_are_refused),
        cmocka_unit_test(a_separator_stands_between_two_parts_only),
    };
    int failed = cmocka_run_group_tests_name("member", tests, NULL, NULL);
    bytes_clear(&out);
    return failed;
}
