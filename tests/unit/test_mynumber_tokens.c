/* Which kind of token lies on the reader, and what is made of its certificate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "card_made.h"
#include "token.h"
#include "validity.h"
#include "virtual_card.h"

#define DAY_S  INT64_C(86400)
#define YEAR_S (365 * DAY_S)

static void refused(int32_t code, int32_t kind) {
    assert_int_equal(read_card(), code);
    assert_int_equal(why.code, code);
    assert_int_equal(id.kind, kind);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 0);
    stop();
}

static void labels(void **state) {
    (void)state;
    assert_int_equal(token_of_label("JPKIAPICCTOKEN2"), SHK_CARD_MYNUMBER);
    assert_int_equal(token_of_label("JPKIAPICCTOKEN"), SHK_CARD_JUKI);
    assert_int_equal(token_of_label("JPKIAPGPSETOKEN"), SHK_CARD_ANDROID);
    assert_int_equal(token_of_label("JPKIAPIOSTOKEN"), SHK_CARD_IPHONE);
    assert_int_equal(token_of_label("JPKIAPICCTOKEN3"), SHK_CARD_UNKNOWN);
    assert_int_equal(token_of_label("jpkiapicctoken"), SHK_CARD_UNKNOWN);
    assert_int_equal(token_of_label(""), SHK_CARD_UNKNOWN);
}

static void usual_card_pays_for_no_question(void **state) {
    (void)state;
    start();
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(id.kind, SHK_CARD_MYNUMBER);
    uint32_t usual = reader.transmits;
    assert_int_equal(id.plan, plan_now);
    assert_int_equal(usual, plan_now == 'A' ? 10 : plan_now == 'B' ? 8 : 3);
    stop();
    start_as("child = yes");
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(id.kind, SHK_CARD_MYNUMBER);
    assert_int_equal(reader.transmits, usual);
    assert_int_equal(sign("1234", false), SHK_OK);
    stop();
}

/* One command; two when the first one was lost. */
static void foreign_card_is_left_alone_at_once(void **state) {
    (void)state;
    start_as("no_jpki = yes");
    assert_int_equal(read_card(), SHK_E_NOT_MYNUMBER);
    assert_int_equal(id.kind, SHK_CARD_OTHER);
    assert_int_equal(reader.transmits, 1);
    stop();
    start_as("no_jpki = yes\nfirst_command_6f00 = yes");
    assert_int_equal(read_card(), SHK_E_NOT_MYNUMBER);
    assert_int_equal(reader.transmits, 2);
    stop();
}

static void android_gives_its_certificate_behind_the_pin(void **state) {
    (void)state;
    start_as("android = yes");
    assert_int_equal(read_card(), SHK_OK);
    assert_int_equal(id.kind, SHK_CARD_ANDROID);
    assert_int_equal(id.certificate.n, 0);
    assert_string_equal(id.algorithm, "");
    assert_int_equal(id.tries_left, 3);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    assert_int_equal(id.certificate.n, 0);
    fault_clear(&why);
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_true(id.certificate.n > 1000);
    assert_string_equal(id.algorithm, "RS256");
    assert_int_equal(signature.n, 256);
    assert_true(id.info.not_after_s > wall_now);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, &why), SHK_OK);
    assert_int_equal(reader.verifies, 2);
    stop();
}

/* The PIN was right, so no try is lost by it. */
static void faults_of_a_phones_certificate_come_behind_the_pin(void **state) {
    (void)state;
    static const struct {
        int64_t shift_s;
        int32_t code;
    } cases[] = {{20 * YEAR_S, SHK_E_CERTIFICATE_EXPIRED}, {-DAY_S, SHK_E_CERTIFICATE_NOT_YET}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wall_now += cases[i].shift_s;
        start_as("android = yes");
        assert_int_equal(read_card(), SHK_OK);
        assert_int_equal(sign("1234", false), cases[i].code);
        assert_int_equal(why.code, cases[i].code);
        assert_int_equal(vcard_pin_tries(reader.card), 3);
        fault_clear(&why);
        assert_int_equal(source.ops->sign(source.self, &id, digest, 32, &signature, &why),
                         SHK_E_STATE);
        assert_int_equal(signature.n, 0);
        stop();
        wall_now -= cases[i].shift_s;
    }
}

static void phone_that_hides_its_certificate_even_then(void **state) {
    (void)state;
    static const struct {
        const char *answer;
        int32_t code;
    } cases[] = {{"6982", SHK_E_CERTIFICATE},
                 {"6A82", SHK_E_NO_CERTIFICATE},
                 {"FFFFFFFFFFFFFFFF9000", SHK_E_NO_CERTIFICATE},
                 {"30030201009000", SHK_E_CERTIFICATE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odd_answer odd[] = {
            {"00B08A", 0, 0, 0, cases[i].answer}, {"00B0000000", 0, 0, 0, cases[i].answer}, {0}};
        start_as("android = yes");
        assert_int_equal(read_card(), SHK_OK);
        answer_oddly(odd);
        assert_int_equal(sign("1234", false), cases[i].code);
        assert_int_equal(reader.verifies, 1);
        fault_clear(&why);
        assert_int_equal(sign("1234", true), SHK_E_STATE);
        stop();
    }
}

static void phone_taken_away_behind_the_pin(void **state) {
    (void)state;
    start_as("android = yes");
    assert_int_equal(read_card(), SHK_OK);
    reader.remove_at = reader.transmits + 3;
    assert_int_equal(sign("1234", false), SHK_E_CARD_REMOVED);
    assert_int_equal(why.code, SHK_E_CARD_REMOVED);
    stop();
}

static void phones_as_the_configuration_says(void **state) {
    (void)state;
    static const struct {
        enum phone_rule rule;
        bool android, iphone;
    } cases[] = {{PHONE_ANDROID, true, false}, {PHONE_ANY, true, true}, {PHONE_NONE, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int iphone = 0; iphone < 2; iphone++) {
            rules.phone = cases[i].rule;
            start_as(iphone ? "iphone = yes" : "android = yes");
            int32_t kind = iphone ? SHK_CARD_IPHONE : SHK_CARD_ANDROID;
            if (iphone ? cases[i].iphone : cases[i].android) {
                assert_int_equal(read_card(), SHK_OK);
                assert_int_equal(id.kind, kind);
                assert_int_equal(sign("1234", false), SHK_OK);
                stop();
            } else {
                refused(SHK_E_PHONE_REFUSED, kind);
            }
        }
    }
    rules = plan_rules;
}

/* The certificate answers without a PIN: there is nothing odd to ask about. */
static void card_without_the_key_of_its_pin(void **state) {
    (void)state;
    start_as("no_pin_key = yes");
    refused(SHK_E_PIN_NONE, SHK_CARD_MYNUMBER);
}

static void phone_with_an_open_certificate_is_simply_read(void **state) {
    (void)state;
    start_as("label = JPKIAPIOSTOKEN");
    assert_int_equal(read_card(), SHK_OK);
    assert_true(id.certificate.n > 0);
    assert_int_equal(sign("1234", false), SHK_OK);
    stop();
}

static void old_card_is_named(void **state) {
    (void)state;
    wall_now += 20 * YEAR_S;
    start_as("old_juki = yes");
    refused(SHK_E_JUKI_CARD, SHK_CARD_JUKI);
    start();
    refused(SHK_E_CERTIFICATE_EXPIRED, SHK_CARD_MYNUMBER);
    wall_now -= 20 * YEAR_S;
    start_made("RSA-1024", "old_juki = yes");
    refused(SHK_E_JUKI_CARD, SHK_CARD_JUKI);
    start_as("old_juki = yes\nno_certificate = yes");
    refused(SHK_E_JUKI_CARD, SHK_CARD_JUKI);
}

static void keys_that_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t signature_len; /* 0: refused */
    } cases[] = {{"RSA-2048", 256}, {"RSA-1024", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start_made(cases[i].key, "");
        if (cases[i].signature_len == 0) {
            refused(SHK_E_CERTIFICATE, SHK_CARD_MYNUMBER);
            continue;
        }
        assert_int_equal(read_card(), SHK_OK);
        assert_string_equal(id.algorithm, "RS256");
        assert_int_equal(sign("1234", false), SHK_OK);
        assert_int_equal(signature.n, cases[i].signature_len);
        stop();
    }
}

static void limits_of_keys(void **state) {
    (void)state;
    static const struct {
        enum key_kind kind;
        int32_t bits;
        bool no_p384;
        const char *algorithm; /* null: refused */
    } cases[] = {
        {KEY_RSA, 2047, false, NULL},       {KEY_RSA, 2048, false, "RS256"},
        {KEY_RSA, 4096, true, "RS256"},     {KEY_RSA, 4097, false, NULL},
        {KEY_EC_P384, 384, false, "ES384"}, {KEY_EC_P384, 384, true, NULL},
        {KEY_OTHER, 256, false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct certificate_info info = {.kind = cases[i].kind, .key_bits = cases[i].bits};
        struct identity_rules r = {.no_p384 = cases[i].no_p384};
        char algorithm[8];
        struct fault f = {0};
        assert_int_equal(validity_of_key(&info, &r, algorithm, &f),
                         cases[i].algorithm != NULL ? SHK_OK : SHK_E_CERTIFICATE);
        assert_string_equal(algorithm, cases[i].algorithm != NULL ? cases[i].algorithm : "");
        assert_string_equal(f.where, cases[i].algorithm != NULL ? "" : "kind of key");
    }
}

/* 2026-01-01 is when this was written: a clock before it is wrong, not the certificate. */
static void clock_without_battery_accuses_no_certificate(void **state) {
    (void)state;
    const int64_t written = 1767225600;
    const struct certificate_info info = {.not_before_s = written + 1000,
                                          .not_after_s = written + 2000},
                                  ended = {.not_before_s = 0, .not_after_s = 1000};
    assert_int_equal(validity_of_dates(&info, written + 1000, NULL), SHK_OK);
    assert_int_equal(validity_of_dates(&info, written + 2000, NULL), SHK_OK);
    assert_int_equal(validity_of_dates(&info, written + 2001, NULL), SHK_E_CERTIFICATE_EXPIRED);
    assert_int_equal(validity_of_dates(&info, written, NULL), SHK_E_CERTIFICATE_NOT_YET);
    assert_int_equal(validity_of_dates(&info, written - 1, NULL), SHK_E_CLOCK);
    assert_int_equal(validity_of_dates(&info, 0, NULL), SHK_E_CLOCK);
    /* Who is late by such a clock is late all the more by a right one. */
    assert_int_equal(validity_of_dates(&ended, 1001, NULL), SHK_E_CERTIFICATE_EXPIRED);
    int64_t good = wall_now;
    wall_now = written - 1;
    start();
    refused(SHK_E_CLOCK, SHK_CARD_MYNUMBER);
    wall_now = good;
}

static void card_without_a_certificate(void **state) {
    (void)state;
    static const char *const blank[] = {"FFFFFFFF9000", "00000000009000"};
    static const char *const nothing[] = {"9000", "6B00", "6282"};
    start_as("no_certificate = yes");
    refused(SHK_E_NO_CERTIFICATE, SHK_CARD_MYNUMBER);
    for (size_t i = 0; i < 2; i++) {
        struct odd_answer odd[] = {
            {"00B08A", 0, 0, 0, blank[i]}, {"00B0000000", 0, 0, 0, blank[i]}, {0}};
        start();
        answer_oddly(odd);
        refused(SHK_E_NO_CERTIFICATE, SHK_CARD_MYNUMBER);
    }
    for (size_t i = 0; i < 3; i++) {
        /* EF 0008 is not to be had, or says so. */
        static const char *const available[] = {"6982", "8F00009000", "8F8E009000"};
        for (size_t k = 0; k < 3; k++) {
            struct odd_answer odd[] = {{"00B08A", 0, 0, 0, nothing[i]},
                                       {"00B0000000", 0, 0, 0, nothing[i]},
                                       {"00B088", 0, 0, 0, available[k]},
                                       {"00B0000003", 0, 0, 0, available[k]},
                                       {0}};
            start();
            answer_oddly(odd);
            refused(SHK_E_NO_CERTIFICATE, SHK_CARD_MYNUMBER);
        }
    }
}

static void unreadable_certificate_of_a_card_that_has_one(void **state) {
    (void)state;
    static const char *const reads[] = {"6B00", "6982", "6F00", "30030201009000"};
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        struct odd_answer odd[] = {
            {"00B00000", 0, 0, 1, reads[i]}, {"00B08A", 0, 0, 0, reads[i]}, {0}};
        rules.extended = EXTENDED_NEVER;
        rules.no_short_ids = true;
        start();
        answer_oddly(odd);
        refused(i == 3 ? SHK_E_CERTIFICATE : SHK_E_CARD_ANSWER, SHK_CARD_MYNUMBER);
    }
    rules = plan_rules;
}

/* At every command of the questions about an odd card. */
static void odd_card_taken_away_while_it_is_asked(void **state) {
    (void)state;
    static const char *const kinds[] = {"android = yes", "old_juki = yes", "no_certificate = yes",
                                        "no_pin_key = yes"};
    int64_t good = wall_now;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        wall_now = good + (k == 1 ? 20 * YEAR_S : 0);
        start_as(kinds[k]);
        (void)read_card();
        uint32_t whole = reader.transmits;
        stop();
        for (uint32_t at = 1; at <= whole; at++) {
            start_as(kinds[k]);
            reader.remove_at = at;
            assert_int_equal(read_card(), SHK_E_CARD_REMOVED);
            assert_int_equal(why.code, SHK_E_CARD_REMOVED);
            stop();
        }
    }
    wall_now = good;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels),
        cmocka_unit_test(usual_card_pays_for_no_question),
        cmocka_unit_test(foreign_card_is_left_alone_at_once),
        cmocka_unit_test(android_gives_its_certificate_behind_the_pin),
        cmocka_unit_test(faults_of_a_phones_certificate_come_behind_the_pin),
        cmocka_unit_test(phone_that_hides_its_certificate_even_then),
        cmocka_unit_test(phone_taken_away_behind_the_pin),
        cmocka_unit_test(phones_as_the_configuration_says),
        cmocka_unit_test(card_without_the_key_of_its_pin),
        cmocka_unit_test(phone_with_an_open_certificate_is_simply_read),
        cmocka_unit_test(old_card_is_named),
        cmocka_unit_test(keys_that_are_taken),
        cmocka_unit_test(limits_of_keys),
        cmocka_unit_test(clock_without_battery_accuses_no_certificate),
        cmocka_unit_test(card_without_a_certificate),
        cmocka_unit_test(unreadable_certificate_of_a_card_that_has_one),
        cmocka_unit_test(odd_card_taken_away_while_it_is_asked),
    };
    int failed = case_set_up() ? 0 : 1;
    for (const char *plan = "ABC"; failed == 0 && *plan != '\0'; plan++) {
        use_plan(*plan);
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
