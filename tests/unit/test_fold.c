#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "shikaku/codes.h"
#include "text.h"

typedef int32_t fold_text(const char *p, size_t n, struct bytes *out);

static void assert_folds(fold_text *fold, const char *from, const char *to) {
    struct bytes out = {0}, again = {0};
    assert_int_equal(fold(from, strlen(from), &out), SHK_OK);
    assert_string_equal(bytes_text(&out), to);
    assert_int_equal(fold(bytes_text(&out), out.n, &again), SHK_OK);
    assert_string_equal(bytes_text(&again), to);
    bytes_clear(&out);
    bytes_clear(&again);
}

static int32_t number_with_zeros(const char *p, size_t n, struct bytes *out) {
    return fold_number(p, n, true, out);
}

static int32_t number_without_zeros(const char *p, size_t n, struct bytes *out) {
    return fold_number(p, n, false, out);
}

struct folded {
    const char *from, *to;
};

static void assert_all(fold_text *fold, const struct folded *all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        assert_folds(fold, all[i].from, all[i].to);
    }
}

#define ASSERT_ALL(fold, all) assert_all(fold, all, sizeof(all) / sizeof((all)[0]))

static void names_lose_their_width_spaces_and_variants(void **state) {
    static const struct folded all[] = {
        {"", ""},
        {"見本　太郎", "見本太郎"},
        {" 見本 太 郎\t", "見本太郎"},
        {"見本\xc2\xa0太郎\xe2\x80\x8b\xef\xbb\xbf", "見本太郎"},
        {"渡邉　惠國", "渡辺恵国"},
        {"渡邊　惠国", "渡辺恵国"},
        {"髙橋　﨑子", "高橋崎子"},
        {"𠮷野", "吉野"},
        {"\xef\xa8\x99"
         "谷",
         "神谷"},
        {"辻\xf3\xa0\x84\x80"
         "本\xef\xb8\x80",
         "辻本"},
        {"三ヶ月　ｹﾝ", "三ケ月ケン"},
        {"ＬＥＥ　Ｓａｍ", "LEESAM"},
        {"ジョン・スミス", "ジョンスミス"},
        {"ｼﾞｮﾝ･ｽﾐｽ", "ジョンスミス"},
        {"見本　●子", "見本●子"},
        {"ハ\xe3\x82\x9aパ", "パパ"},
        {"か\xe3\x82\x99", "が"},
    };
    (void)state;
    ASSERT_ALL(fold_name, all);
}

static void different_names_stay_different(void **state) {
    static const struct folded all[] = {
        {"斎藤", "斎藤"}, {"斉藤", "斉藤"}, {"佐々木", "佐々木"}, {"みほん", "みほん"}};
    (void)state;
    ASSERT_ALL(fold_name, all);
}

static void letters_as_they_are_tell_variants_apart(void **state) {
    (void)state;
    assert_folds(fold_name_letters, "髙橋　ＡＢ・子", "髙橋AB子");
    assert_folds(fold_kana_letters, "ｼｮｳｺ", "ショウコ");
    assert_folds(fold_kana_letters, "しょう　こ", "ショウコ");
}

static void kana_of_every_kind_become_large_katakana(void **state) {
    static const struct folded all[] = {
        {"ﾐﾎﾝ ﾀｶｺ", "ミホンタカコ"},
        {"みほん　たかこ", "ミホンタカコ"},
        {"ｼﾖｳｺ", "シヨウコ"},
        {"ショウコ", "シヨウコ"},
        {"ｼｮｳｺ", "シヨウコ"},
        {"しょうこ", "シヨウコ"},
        {"ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞ", "ガギグゲゴザジズゼゾ"},
        {"ﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞ", "ダヂヅデド"},
        {"ﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "バビブベボパピプペポ"},
        {"ｳﾞｱｲｵﾘﾝ", "ヴアイオリン"},
        {"ゔぁいおりん", "ヴアイオリン"},
        {"ﾜﾞｦﾞ", "ヷヺ"},
        {"ｧｨｩｪｫｯｬｭｮヵヶヮ", "アイウエオツヤユヨカケワ"},
        {"ﾕ-ｺ", "ユーコ"},
        {"ﾕｰｺ", "ユーコ"},
        {"ユ－コ", "ユーコ"},
        {"ユ―コ", "ユーコ"},
        {"ユ‐コ", "ユーコ"},
        {"ユ−コ", "ユーコ"},
        {"ユ─コ", "ユーコ"},
        {"ﾅﾞ", "ナ\xe3\x82\x9b"},
        {"ﾞ", "\xe3\x82\x9b"},
        {"ｶ ﾞ", "ガ"},
        {"ＫＡｎａ", "KANA"},
    };
    (void)state;
    ASSERT_ALL(fold_kana, all);
}

static void every_half_width_letter_has_its_full_one(void **state) {
    static const char half[] = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ";
    static const char full[] = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミム"
                               "メモヤユヨラリルレロワヲン";
    (void)state;
    assert_folds(fold_kana, half, full);
    assert_folds(fold_name, half, full);
}

static void numbers_lose_width_and_separators(void **state) {
    static const struct folded all[] = {
        {"見・１２", "見12"},   {"見･12", "見12"},       {"１２－３４", "1234"},  {"12-34", "1234"},
        {"12/34", "1234"},      {"１２／３ ４", "1234"}, {"ａｂＣ", "ABC"},       {"ｱ１", "ア1"},
        {"１２ー３４", "1234"}, {"12―34", "1234"},       {"００３４５", "00345"}, {"", ""},
    };
    (void)state;
    ASSERT_ALL(number_with_zeros, all);
}

static void leading_zeros_go_only_when_asked(void **state) {
    static const struct folded all[] = {{"００３４５", "345"}, {"000", "0"}, {"0", "0"},
                                        {"A01", "A01"},        {"10", "10"}, {"", ""}};
    (void)state;
    ASSERT_ALL(number_without_zeros, all);
}

static bool match(const char *a, const char *b) {
    return fold_names_match(a, strlen(a), b, strlen(b));
}

static void separator_between_two_digits_stays_where_symbols_are_compared(void **state) {
    static const struct folded all[] = {
        {"12-3", "12-3"},   {"1-23", "1-23"},     {"１２－３", "12-3"}, {"12ー3", "12-3"},
        {"12 ― 3", "12-3"}, {"12/3", "12-3"},     {"12--3", "12-3"},    {"0012-3", "12-3"},
        {"12-03", "12-03"}, {"見・１２", "見12"}, {"見-12", "見12"},    {"12・3", "123"},
        {"-12-", "12"},     {"ミホー1", "ミホ1"}, {"1 2", "12"},        {"", ""},
        {"000", "0"},       {"12-A", "12A"},      {"1-2/3", "1-2-3"},   {"-", ""}};
    (void)state;
    ASSERT_ALL(fold_symbol, all);
}

static void missing_character_matches_any_one(void **state) {
    (void)state;
    assert_true(match("見本　●子", "見本 髙子"));
    assert_true(match("見本髙子", "見本　●子"));
    assert_true(match("見本〓子", "見本髙子"));
    assert_true(match("●本　太■", "見● 太郎"));
    assert_true(match("見本\xee\x80\x80子", "見本髙子"));
    assert_false(match("見本　●子", "見本 子"));
    assert_false(match("見本　●子", "見本 美代子"));
    assert_false(match("見本　●子", "見本 髙美"));
    assert_true(match("", ""));
    assert_false(match("", "●"));
    assert_false(match("見本", ""));
}

static void name_of_marks_alone_matches_nobody(void **state) {
    (void)state;
    assert_false(match("●●", "見本"));
    assert_false(match("見●", "●本"));
}

static void text_with_marks_is_flagged(void **state) {
    static const char *const with[] = {"見本　●子",    "〓",           "■",   "□",
                                       "\xee\x80\x80", "\xef\xbf\xbd", "\xff"};
    static const char *const without[] = {"", "見本　髙子", "○", "ﾐﾎﾝ", "𠮷"};
    (void)state;
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
        assert_true(fold_has_missing(with[i], strlen(with[i])));
    }
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        assert_false(fold_has_missing(without[i], strlen(without[i])));
    }
}

#define VARIANT(from, to) {from, to},
static const struct {
    uint32_t from, to;
} variants[] = {
#include "variants.def"
};

static void every_variant_folds_to_one_that_is_none(void **state) {
    size_t n = sizeof variants / sizeof variants[0];
    (void)state;
    for (size_t i = 0; i < n; i++) {
        char from[5] = {0}, to[5] = {0};
        assert_true(utf8_encode(variants[i].from, from) > 0);
        assert_true(utf8_encode(variants[i].to, to) > 0);
        assert_folds(fold_name, from, to);
        for (size_t k = 0; k < n; k++) {
            assert_int_not_equal(variants[i].to, variants[k].from);
            assert_true(i == k || variants[i].from != variants[k].from);
        }
    }
}

static void check_digits_are_verified(void **state) {
    static const char *const good[] = {
        "01990019", "06990014", "31990013", "39990015", "63990014", "67990010", "990010",
        "993006",   "12991014", "21991013", "54991013", "19991017", "1234566",  "0000018",
        "7654320",  "9999996",  "33120015", "138057",   "10131142", "39322011", "06139463",
        "39101233", "01010016", "01130012", "01270016", "01470012", "00990010", "018",
    };
    static const char *const wrong[] = {
        "06990015", "990011",    "12991015", "1234567",  "00012345", "12345678",
        "06012345", "67012345",  "12123456", "67999991", "",         "18",
        "0",        "006990014", "0699001x", "06990 14", "０６",     "990010\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(check_digit_ok(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(check_digit_ok(wrong[i], strlen(wrong[i])));
    }
}

static void every_single_slip_of_a_digit_is_noticed(void **state) {
    char number[] = "06990014";
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        char right = number[i];
        for (int digit = 0; digit <= 9; digit++) {
            number[i] = (char)('0' + digit);
            assert_int_equal(check_digit_ok(number, 8), number[i] == right);
        }
        number[i] = right;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lose_their_width_spaces_and_variants),
        cmocka_unit_test(different_names_stay_different),
        cmocka_unit_test(letters_as_they_are_tell_variants_apart),
        cmocka_unit_test(kana_of_every_kind_become_large_katakana),
        cmocka_unit_test(every_half_width_letter_has_its_full_one),
        cmocka_unit_test(numbers_lose_width_and_separators),
        cmocka_unit_test(leading_zeros_go_only_when_asked),
        cmocka_unit_test(separator_between_two_digits_stays_where_symbols_are_compared),
        cmocka_unit_test(missing_character_matches_any_one),
        cmocka_unit_test(name_of_marks_alone_matches_nobody),
        cmocka_unit_test(text_with_marks_is_flagged),
        cmocka_unit_test(every_variant_folds_to_one_that_is_none),
        cmocka_unit_test(check_digits_are_verified),
        cmocka_unit_test(every_single_slip_of_a_digit_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
