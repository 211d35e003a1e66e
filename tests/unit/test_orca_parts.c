/* The orca adapter's parts on their own: texts, settings, XML, result codes, comparing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "orca_call.h"

static void half_width_becomes_full_width_with_its_marks(void **state) {
    static const struct {
        const char *half, *full;
    } all[] = {{"ﾐﾎﾝ ﾊﾅｺ", "ミホン　ハナコ"},
               {"ｶﾞｷﾞﾊﾟﾌﾟｳﾞ", "ガギパプヴ"},
               {"ｱﾞ", "ア゛"},
               {"ｯｬｭｮｰ", "ッャュョー"},
               {"Mihon 12-3", "Ｍｉｈｏｎ　１２－３"},
               {"見本・一", "見本・一"},
               {"", ""}};
    char out[ORCA_TEXT_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_int_equal(orca_widen(all[i].half, out, sizeof out), 1);
        assert_string_equal(out, all[i].full);
    }
    assert_int_equal(orca_widen("\xE3\x81", out, sizeof out), 0);
    assert_int_equal(orca_widen("ミホン", out, 8), 0);
    assert_string_equal(out, "");
}

static void names_are_the_same_however_they_are_written(void **state) {
    (void)state;
    assert_int_equal(orca_same_name("ﾐﾎﾝ ｼﾖｳﾀ", "ミホン　ショウタ"), 1);
    assert_int_equal(orca_same_name("見本花子", "見本　花子"), 1);
    assert_int_equal(orca_same_name("●橋", "髙橋"), 1);
    assert_int_equal(orca_same_name("■橋", "橋"), 0);
    assert_int_equal(orca_same_name("見本　花子", "見本　華子"), 0);
    assert_int_equal(orca_same_name("イチヵワ　ミヶ", "イチカワ　ミケ"), 1);
    assert_int_equal(orca_same_name("Ｍihon", "ｍＩＨＯＮ"), 1);
    assert_int_equal(orca_same_name("", ""), 1);
    assert_int_equal(orca_same_name("", "見"), 0);
    assert_int_equal(orca_same_name("\xFF", "\xFF"), 0);
}

static void numbers_are_the_same_with_and_without_zeros(void **state) {
    (void)state;
    assert_int_equal(orca_same_number("00123", "１２３"), 1);
    assert_int_equal(orca_same_number("見・１−２", "見1－2"), 1);
    assert_int_equal(orca_same_number("00", "0"), 1);
    assert_int_equal(orca_same_number("00", "01"), 0);
    assert_int_equal(orca_same_number("120", "12"), 0);
    assert_int_equal(orca_same_number("", "0"), 0);
    assert_int_equal(orca_same_number("●１", "■１"), 0);
}

static void the_beginning_of_a_kana_name_that_is_sure(void **state) {
    (void)state;
    assert_int_equal(orca_sure_kana("ミホン　ハナコ"), strlen("ミホン"));
    assert_int_equal(orca_sure_kana("ショウジ"), strlen("シ"));
    assert_int_equal(orca_sure_kana("カトー"), strlen("カト"));
    assert_int_equal(orca_sure_kana("アベ"), strlen("アベ"));
    assert_int_equal(orca_sure_kana(""), 0);
    assert_int_equal(orca_has_missing("●橋"), 1);
    assert_int_equal(orca_has_missing("\xEE\x80\x80"), 1);
    assert_int_equal(orca_has_missing("髙橋"), 0);
}

static const char *read_with(const char *key, const char *value, struct orca_settings *out) {
    const shk_setting all[] = {{"url", "http://127.0.0.1:8000/"}, {key, value}};
    return orca_settings_read(out, all, key != NULL ? 2 : 1);
}

static void settings_have_safe_words_unless_set(void **state) {
    struct orca_settings set;
    (void)state;
    assert_null(read_with(NULL, NULL, &set));
    assert_string_equal(set.url, "http://127.0.0.1:8000");
    assert_string_equal(set.karte_uid, "shikaku");
    assert_int_equal(set.registers, 0);
    assert_int_equal(set.updates, 1);
    assert_int_equal(set.first, ORCA_FIRST_V2);
    assert_int_equal(set.ends_old + set.dates_checked + set.updates_person + set.omits_branch, 0);
    assert_int_equal(set.timeout_ms, 8000);
}

static void a_setting_that_is_none_is_named(void **state) {
    static const shk_setting bad[] = {
        {"colour", "red"},          {"new_patient", "yes"},     {"update", "v2"},
        {"timeout_ms", "99"},       {"timeout_ms", "1s"},       {"timeout_ms", "9999999"},
        {"api_prefix", "api"},      {"api_prefix", "/api/"},    {"api_prefix", "/a?b=1"},
        {"first_insurance", "v33"}, {"url", "http://localhost"}};
    struct orca_settings set;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_string_equal(read_with(bad[i].key, bad[i].value, &set), bad[i].key);
    }
    assert_null(read_with("questions", "", &set));
    assert_string_equal(orca_settings_read(&set, &(shk_setting){"url", NULL}, 1), "settings");
}

static void http_goes_to_near_addresses_only(void **state) {
    static const char *const near[] = {
        "http://localhost:8000", "http://127.0.0.1",  "http://10.0.0.9",  "http://172.16.0.1:8000",
        "http://192.168.1.2",    "http://[::1]:8000", "http://[fd00::1]", "https://orca.example"};
    static const char *const far[] = {"http://orca.example",   "http://172.32.0.1",
                                      "http://8.8.8.8",        "http://10.0.0.1.evil",
                                      "http://localhost.evil", "http://[2001:db8::1]",
                                      "http://10.0.0",         "http://a@127.0.0.1:8000",
                                      "ftp://127.0.0.1",       "",
                                      "http://127.0.0.1?x"};
    struct orca_settings set;
    (void)state;
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
        assert_null(orca_settings_read(&set, &(shk_setting){"url", near[i]}, 1));
    }
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        assert_string_equal(orca_settings_read(&set, &(shk_setting){"url", far[i]}, 1), "url");
    }
    const shk_setting plain[] = {{"url", far[0]}, {"plain", "yes"}};
    assert_null(orca_settings_read(&set, plain, 2));
}

static void only_named_questions_may_be_confirmed(void **state) {
    struct orca_settings set;
    (void)state;
    assert_null(read_with("questions", "K910, K911", &set));
    assert_int_equal(orca_may_confirm(&set, "K910"), 1);
    assert_int_equal(orca_may_confirm(&set, "K911"), 1);
    assert_int_equal(orca_may_confirm(&set, "K91"), 0);
    assert_int_equal(orca_may_confirm(&set, "K9101"), 0);
    assert_int_equal(orca_may_confirm(&set, ""), 0);
}

static int32_t read_text(const char *text, struct orca_xml **out) {
    return orca_xml_read((const uint8_t *)text, (uint32_t)strlen(text), out);
}

static void a_type_of_another_name_space_is_none(void **state) {
    struct orca_xml *xml = NULL;
    struct orca_out out = {0};
    (void)state;
    assert_int_equal(read_text("<r xmlns:x=\"u\"><v x:type=\"string\">1</v></r>", &xml), SHK_OK);
    orca_put_copy(&out, orca_first(orca_xml_root(xml)));
    assert_int_equal(out.failed, 0);
    assert_string_equal(out.p, "<v>1</v>");
    orca_out_clear(&out);
    orca_xml_free(&xml);
}

static void xml_is_read_and_copied_without_its_padding(void **state) {
    struct orca_xml *xml = NULL;
    struct orca_out out = {0};
    char value[16];
    (void)state;
    const char *text = "<xmlio2><r type=\"record\"><A type=\"array\"><A_child type=\"record\"><v "
                       "type=\"string\"> 1&amp;2 </v></A_child><A_child type=\"record\"/>"
                       "</A></r></xmlio2>";
    assert_int_equal(read_text(text, &xml), SHK_OK);
    const orca_node *r = orca_first(orca_xml_root(xml));
    assert_int_equal(orca_value(r, "A/A_child/v", value, sizeof value), 1);
    assert_string_equal(value, "1&2");
    assert_int_equal(orca_value(r, "A/A_child/v", value, 4), 0);
    assert_int_equal(orca_value(r, "A/nothing", value, sizeof value), 1);
    assert_string_equal(value, "");
    orca_put_copy(&out, orca_find(r, "A"));
    assert_string_equal(out.p, "<A type=\"array\"><A_child type=\"record\"><v type=\"string\"> "
                               "1&amp;2 </v></A_child></A>");
    orca_out_clear(&out);
    orca_put(&out, "w", "<\"&\">");
    assert_string_equal(out.p, "<w type=\"string\">&lt;&quot;&amp;&quot;&gt;</w>");
    orca_out_clear(&out);
    orca_xml_free(&xml);
}

static void xml_that_is_dangerous_or_none_is_refused(void **state) {
    static const char *const bad[] = {"",
                                      "no xml",
                                      "<a>",
                                      "<a/><b/>",
                                      "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
                                      "<!DOCTYPE a SYSTEM \"file:///etc/hostname\"><a/>",
                                      "<a>&undefined;</a>"};
    struct orca_xml *xml = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(read_text(bad[i], &xml), SHK_E_HOST_ANSWER);
        assert_null(xml);
    }
    static char deep[4000];
    for (size_t i = 0; i + 3 < sizeof deep; i += 3) {
        memcpy(deep + i, "<a>", 4);
    }
    assert_int_equal(read_text(deep, &xml), SHK_E_HOST_ANSWER);
}

/* In two bytes a character the words that announce a document type are not seen before the parser sees them. */
static void a_document_type_in_utf_16_is_refused_as_well(void **state) {
    static const char text[] =
        "<!DOCTYPE a [<!ENTITY e \"ha\"><!ENTITY f \"&e;&e;&e;\">"
        "<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a b=\"&f;\">&f;&x;</a>";
    uint8_t wide[2 * sizeof text] = {0xFF, 0xFE};
    struct orca_xml *xml = NULL;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        wide[2 + 2 * i] = (uint8_t)text[i];
    }
    assert_int_equal(orca_xml_read(wide, sizeof wide, &xml), SHK_E_HOST_ANSWER);
    assert_null(xml);
    assert_int_equal(read_text(text, &xml), SHK_E_HOST_ANSWER);
    assert_null(xml);
}

static void a_request_ends_at_its_limit(void **state) {
    struct orca_out out = {0};
    char text[ORCA_TEXT_MAX];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 3000; i++) {
        orca_put(&out, "v", text);
    }
    assert_int_equal(out.failed, 1);
    assert_true(out.n < ORCA_REQUEST_MAX);
    orca_out_clear(&out);
}

static void codes_mean_what_the_call_says(void **state) {
    static const struct {
        const char *code;
        enum orca_call call;
        enum orca_meaning meaning;
    } all[] = {{"00", ORCA_GET, ORCA_DONE},
               {"10", ORCA_GET, ORCA_UNKNOWN},
               {"89", ORCA_GET, ORCA_REFUSED},
               {"99", ORCA_GET, ORCA_LOGIN},
               {"00", ORCA_LIST, ORCA_DONE},
               {"10", ORCA_LIST, ORCA_NOBODY},
               {"20", ORCA_LIST, ORCA_NOBODY},
               {"21", ORCA_LIST, ORCA_DONE_WARNING},
               {"17", ORCA_LIST, ORCA_REFUSED},
               {"90", ORCA_LIST, ORCA_BUSY},
               {"00", ORCA_REGISTER, ORCA_DONE},
               {"K0", ORCA_REGISTER, ORCA_DONE_WARNING},
               {"K5", ORCA_REGISTER, ORCA_DONE_WARNING},
               {"10", ORCA_REGISTER, ORCA_REFUSED},
               {"13", ORCA_REGISTER, ORCA_REFUSED},
               {"H1", ORCA_REGISTER, ORCA_REFUSED},
               {"90", ORCA_REGISTER, ORCA_BUSY},
               {"50", ORCA_PERSON, ORCA_REFUSED},
               {"62", ORCA_FIRST, ORCA_SAME},
               {"10", ORCA_FIRST, ORCA_UNKNOWN},
               {"000", ORCA_V32, ORCA_DONE},
               {"0000", ORCA_V32, ORCA_DONE},
               {"W00", ORCA_V32, ORCA_DONE_WARNING},
               {"S20", ORCA_V32, ORCA_QUESTION},
               {"E10", ORCA_V32, ORCA_UNKNOWN},
               {"E50", ORCA_V32, ORCA_FAULTY},
               {"E90", ORCA_V32, ORCA_BUSY},
               {"E9999", ORCA_V32, ORCA_BUSY},
               {"E99", ORCA_V32, ORCA_REFUSED},
               {"K0x", ORCA_V32, ORCA_REFUSED},
               {"", ORCA_V32, ORCA_REFUSED}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_int_equal(orca_meaning_of(all[i].call, all[i].code), all[i].meaning);
    }
}

static struct orca_card card(const char *insurer, const char *start, const char *end) {
    struct orca_card c = {.symbol = "見本", .number = "１２３"};
    orca_copy(c.insurer, sizeof c.insurer, insurer);
    orca_copy(c.start, sizeof c.start, start);
    orca_copy(c.end, sizeof c.end, end);
    return c;
}

static void an_insurance_is_there_only_for_its_days(void **state) {
    static struct orca_person have;
    (void)state;
    have.cards[0] = card("06990014", "2020-04-01", "2026-03-31");
    have.cards[1] = card("990010", "2026-04-01", "9999-12-31");
    have.cards_n = 2;
    const struct orca_card now = card("00990010", "2026-04-01", "9999-12-31");
    const struct orca_card past = card("06990014", "2019-01-01", "2026-03-31");
    const struct orca_card again = card("06990014", "2026-05-01", "9999-12-31");
    const struct orca_card unsaid = card("990010", "", "9999-12-31");
    const struct orca_card later = card("990010", "2027-04-01", "9999-12-31");
    assert_int_equal(orca_card_at(&have, &now, "2026-06-02"), 1);
    assert_int_equal(orca_card_at(&have, &past, "2026-03-01"), 0);
    assert_int_equal(orca_card_at(&have, &again, "2026-06-02"), -1);
    assert_int_equal(orca_card_at(&have, &unsaid, "2026-06-02"), 1);
    assert_int_equal(orca_card_at(&have, &later, "2026-06-02"), 1);
    have.cards[1].relation[0] = '1';
    struct orca_card family = now;
    family.relation[0] = '2';
    assert_int_equal(orca_card_at(&have, &family, "2026-06-02"), -1);
}

static struct orca_aid aid(const char *payer, const char *start, const char *end) {
    struct orca_aid a = {.recipient = "7654320"};
    orca_copy(a.payer, sizeof a.payer, payer);
    orca_copy(a.start, sizeof a.start, start);
    orca_copy(a.end, sizeof a.end, end);
    return a;
}

/* An insurance alone is not all of it when medical aid was asked for. */
static void medical_aid_is_there_only_for_its_days(void **state) {
    static struct orca_person have, want;
    (void)state;
    have.aids[0] = aid("51990014", "2025-04-01", "2026-03-31");
    have.aids_n = want.aids_n = 1;
    want.aids[0] = aid("51990014", "2026-04-01", "2027-03-31");
    assert_int_equal(orca_holds(&have, &want, "2026-06-02"), 0);
    have.aids[1] = aid("051990014", "2026-04-01", "2027-03-31");
    have.aids_n = 2;
    assert_int_equal(orca_aid_at(&have, &want.aids[0], "2026-06-02"), 1);
    assert_int_equal(orca_holds(&have, &want, "2026-06-02"), 1);
    orca_copy(want.aids[0].recipient, sizeof want.aids[0].recipient, "7654321");
    assert_int_equal(orca_holds(&have, &want, "2026-06-02"), 0);
    orca_copy(want.aids[0].payer, sizeof want.aids[0].payer, "");
    assert_int_equal(orca_holds(&have, &want, "2026-06-02"), 0);
}

static void the_day_before(void **state) {
    static const struct {
        const char *day, *before;
    } all[] = {{"2026-06-02", "2026-06-01"}, {"2026-06-01", "2026-05-31"},
               {"2026-01-01", "2025-12-31"}, {"2024-03-01", "2024-02-29"},
               {"2025-03-01", "2025-02-28"}, {"1900-03-01", "1900-02-28"}};
    char out[ORCA_DATE_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_int_equal(orca_is_date(all[i].day), 1);
        orca_day_before(all[i].day, out);
        assert_string_equal(out, all[i].before);
    }
    assert_int_equal(orca_is_date("2026-6-02"), 0);
    assert_int_equal(orca_is_date("2026-06-021"), 0);
    assert_int_equal(orca_is_date(""), 0);
}

static void a_person_who_cannot_be_held_is_refused(void **state) {
    static char name[ORCA_TEXT_MAX + 1], text[2 * ORCA_TEXT_MAX];
    static struct orca_person p;
    struct orca_xml *xml = NULL;
    (void)state;
    memset(name, 'x', sizeof name - 1);
    text_format(text, sizeof text, "<d><WholeName>%s</WholeName></d>", name);
    assert_int_equal(read_text(text, &xml), SHK_OK);
    assert_int_equal(orca_person_read(orca_xml_root(xml), &p), 0);
    orca_xml_free(&xml);
}

/* The person with as many different insurances or aids as `n` says. */
static int can_be_read(const char *list, const char *row, int n) {
    static char text[1 << 15];
    static struct orca_person p;
    struct orca_xml *xml = NULL;
    size_t at = text_format(text, sizeof text, "<d><%s type=\"array\">", list);
    for (int i = 0; i < n; i++) {
        at += text_format(text + at, sizeof text - at, "<%s_child>", list);
        at += text_format(text + at, sizeof text - at, row, 1000 + i);
        at += text_format(text + at, sizeof text - at, "</%s_child>", list);
    }
    text_format(text + at, sizeof text - at, "</%s></d>", list);
    assert_int_equal(read_text(text, &xml), SHK_OK);
    int good = orca_person_read(orca_xml_root(xml), &p);
    orca_xml_free(&xml);
    return good;
}

/* What is left out would seem not to be there and be written once more. */
static void more_insurances_than_can_be_held_are_refused(void **state) {
    static const char card_row[] = "<InsuranceProvider_Number>%d</InsuranceProvider_Number>";
    static const char aid_row[] = "<PublicInsurer_Number>%d</PublicInsurer_Number>";
    static const char long_start[] =
        "<Certificate_StartDate>%d-04-01 and more</Certificate_StartDate>";
    static const char long_issue[] =
        "<Certificate_IssuedDate>%d-04-01 and more</Certificate_IssuedDate>";
    (void)state;
    assert_int_equal(can_be_read("HealthInsurance_Information", card_row, ORCA_CARDS_MAX), 1);
    assert_int_equal(can_be_read("HealthInsurance_Information", card_row, ORCA_CARDS_MAX + 1), 0);
    assert_int_equal(can_be_read("PublicInsurance_Information", aid_row, ORCA_AIDS_MAX), 1);
    assert_int_equal(can_be_read("PublicInsurance_Information", aid_row, ORCA_AIDS_MAX + 1), 0);
    assert_int_equal(can_be_read("HealthInsurance_Information", long_start, 1), 0);
    assert_int_equal(can_be_read("PublicInsurance_Information", long_issue, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_width_becomes_full_width_with_its_marks),
        cmocka_unit_test(names_are_the_same_however_they_are_written),
        cmocka_unit_test(numbers_are_the_same_with_and_without_zeros),
        cmocka_unit_test(the_beginning_of_a_kana_name_that_is_sure),
        cmocka_unit_test(settings_have_safe_words_unless_set),
        cmocka_unit_test(a_setting_that_is_none_is_named),
        cmocka_unit_test(http_goes_to_near_addresses_only),
        cmocka_unit_test(only_named_questions_may_be_confirmed),
        cmocka_unit_test(xml_is_read_and_copied_without_its_padding),
        cmocka_unit_test(a_type_of_another_name_space_is_none),
        cmocka_unit_test(xml_that_is_dangerous_or_none_is_refused),
        cmocka_unit_test(a_document_type_in_utf_16_is_refused_as_well),
        cmocka_unit_test(a_request_ends_at_its_limit),
        cmocka_unit_test(codes_mean_what_the_call_says),
        cmocka_unit_test(an_insurance_is_there_only_for_its_days),
        cmocka_unit_test(the_day_before),
        cmocka_unit_test(a_person_who_cannot_be_held_is_refused),
        cmocka_unit_test(medical_aid_is_there_only_for_its_days),
        cmocka_unit_test(more_insurances_than_can_be_held_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
