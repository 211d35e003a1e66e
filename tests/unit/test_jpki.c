#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "jpki_case.h"
#include "virtual_card.h"

#define EXTENDED 65536

static void plan_c_takes_four_commands_and_the_query(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    whole_check();
    expect_commands((const char *[]){"00a4040c0ad392", "00b08a00000000", "00200098", "0020009804",
                                     "802a0097333031", NULL});
    assert_int_equal(jpki_plan(&j), 'C');
    assert_int_equal(shy.traits_asked, 1);
    assert_int_equal(reader.connects, 1);
    end_case();
}

static void plan_b_takes_nine_commands_and_the_query(void **state) {
    (void)state;
    begin_case(NULL);
    whole_check();
    expect_commands((const char *[]){"00a4040c0ad392", "00b08a0000", "00b0010000", "00b0020000",
                                     "00b0030000", "00b0040000", shy.trace[6], "00200098",
                                     "0020009804", "802a0097333031", NULL});
    assert_true(text_starts(shy.trace[6], "00b00500"));
    assert_int_equal(jpki_plan(&j), 'B');
    end_case();
}

static void plan_a_takes_twelve_commands_and_the_query(void **state) {
    (void)state;
    begin_case(NULL);
    rules.no_short_ids = true;
    whole_check();
    expect_commands((const char *[]){"00a4040c0ad392", "00a4020c02000a", "00b0000000", "00b0010000",
                                     "00b0020000", "00b0030000", "00b0040000", shy.trace[7],
                                     "00a4020c020018", "00200080", "0020008004", "00a4020c020017",
                                     "802a0080333031", NULL});
    assert_true(text_starts(shy.trace[7], "00b00500"));
    assert_int_equal(jpki_plan(&j), 'A');
    end_case();
}

static void long_answers_without_short_ids_save_the_pieces(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    rules.no_short_ids = true;
    whole_check();
    expect_commands((const char *[]){"00a4040c0ad392", "00a4020c02000a", "00b00000000000",
                                     "00a4020c020018", "00200080", "0020008004", "00a4020c020017",
                                     "802a0080333031", NULL});
    assert_int_equal(jpki_plan(&j), 'A');
    end_case();
}

static void after_the_last_digit_two_commands_or_three(void **state) {
    (void)state;
    for (int plan = 0; plan < 3; plan++) {
        begin_case(NULL);
        rules.no_short_ids = plan == 0;
        reader_says(plan == 2 ? EXTENDED : 0);
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(read_it(), SHK_OK);
        assert_int_equal(jpki_query(&j, &why), SHK_OK);
        uint32_t before = shy.said;
        assert_int_equal(jpki_query(&j, &why), SHK_OK); /* keeps the card awake */
        assert_int_equal(shy.said - before, 1);
        assert_int_equal(verify_it("1234"), SHK_OK);
        assert_int_equal(sign_it(), SHK_OK);
        assert_int_equal(shy.said - before, plan == 0 ? 4 : 3);
        assert_int_equal(jpki_plan(&j), "ABC"[plan]);
        end_case();
    }
}

static void rules_switch_each_step_off(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    rules.extended = EXTENDED_NEVER;
    whole_check();
    assert_false(was_said("00b08a00000000"));
    next_card();
    rules = (struct identity_rules){.no_short_sign = true};
    whole_check();
    assert_true(was_said("00b08a00000000"));
    assert_true(was_said("0020009804"));
    assert_true(was_said("00a4020c020017"));
    assert_true(was_said("802a0080"));
    assert_false(was_said("802a0097"));
    next_card();
    rules = (struct identity_rules){.no_short_ids = true, .extended = EXTENDED_NEVER};
    whole_check();
    assert_int_equal(shy.said, 13);
    assert_int_equal(shy.traits_asked, 0);
    end_case();
}

static void long_commands_need_the_reader_s_word_unless_always(void **state) {
    (void)state;
    static const struct {
        uint32_t max;
        enum extended_rule rule;
        bool says, tried;
    } cases[] = {
        {65536, EXTENDED_AUTO, false, false}, {0, EXTENDED_AUTO, true, false},
        {256, EXTENDED_AUTO, true, false},    {4095, EXTENDED_AUTO, true, false},
        {4096, EXTENDED_AUTO, true, true},    {65536, EXTENDED_AUTO, true, true},
        {0, EXTENDED_ALWAYS, false, true},    {0, EXTENDED_ALWAYS, true, true},
        {65536, EXTENDED_NEVER, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin_case(NULL);
        reader.traits.says_size = cases[i].says;
        reader.traits.apdu_max = cases[i].max;
        rules.extended = cases[i].rule;
        whole_check();
        assert_int_equal(was_said("00b08a00000000"), cases[i].tried);
        end_case();
    }
}

static void give_atr(const uint8_t *atr, size_t n) {
    memcpy(reader.traits.atr, atr, n);
    reader.traits.atr_len = n;
}

static void card_s_own_word_is_taken(void **state) {
    (void)state;
    static const uint8_t no_length[] = {0x3B, 0xC5, 0xFF, 0x81, 0x31, 0xFB, 0x45,
                                        0x80, 0x73, 0xC6, 0x01, 0x00, 0x00};
    static const uint8_t no_short[] = {0x3B, 0xC5, 0xFF, 0x81, 0x31, 0xFB, 0x45,
                                       0x80, 0x73, 0xC2, 0x01, 0x40, 0x44};
    begin_case(NULL);
    reader_says(EXTENDED);
    give_atr(no_length, sizeof no_length);
    whole_check();
    assert_int_equal(jpki_plan(&j), 'B');
    next_card();
    give_atr(no_short, sizeof no_short);
    whole_check();
    assert_int_equal(jpki_plan(&j), 'A');
    assert_true(was_said("00b00000000000"));
    next_card();
    give_atr(no_length, sizeof no_length);
    rules.extended = EXTENDED_ALWAYS;
    whole_check();
    assert_int_equal(jpki_plan(&j), 'C');
    end_case();
}

static void label_and_availability_cost_one_command(void **state) {
    (void)state;
    char label[33];
    uint8_t available[3];
    begin_case("child = yes");
    assert_int_equal(open_card(), SHK_OK);
    assert_true(jpki_read_label(&j, label));
    assert_string_equal(label, "JPKIAPICCTOKEN2");
    assert_true(jpki_read_available(&j, available));
    assert_memory_equal(available, "\x00\x8F\x00", 3);
    expect_commands((const char *[]){"00a4040c0ad392", "00b0860020", "00b0880003", NULL});
    shy.read_sw = 0x6A86;
    assert_true(jpki_read_label(&j, label));
    assert_string_equal(label, "JPKIAPICCTOKEN2");
    assert_true(jpki_read_available(&j, available));
    assert_int_equal(shy.refused, 1);
    assert_true(was_said("00a4020c020008"));
    next_card();
    assert_int_equal(open_card(), SHK_OK);
    assert_true(jpki_read_available(&j, available));
    assert_int_equal(shy.refused, 0);
    end_case();
}

static void what_cannot_be_had_is_no_fault(void **state) {
    (void)state;
    char label[33];
    uint8_t available[3] = {1, 2, 3};
    begin_case(NULL);
    shy.read_sw = 0x6A82;
    shy.select_file = 0x08;
    shy.select_sw = 0x6A82;
    assert_int_equal(open_card(), SHK_OK);
    assert_false(jpki_read_available(&j, available));
    assert_memory_equal(available, "\0\0\0", 3);
    assert_int_equal(j.card.sw, 0x6A82);
    shy.read_sw = 0x6982;
    assert_false(jpki_read_label(&j, label));
    assert_int_equal(j.card.sw, 0x6982);
    shy.read_sw = 0;
    vcard_remove(reader.card);
    assert_false(jpki_read_label(&j, label));
    assert_string_equal(label, "");
    assert_int_equal(j.card.sw, 0);
    end_case();
}

/* Nothing may be sent that the card has not agreed to. */
static void pin_is_not_sent_without_an_answered_query(void **state) {
    (void)state;
    begin_case(NULL);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_E_STATE);
    fault_clear(&why);
    reader.pad_digits = "1234";
    assert_int_equal(jpki_verify_on_pad(&j, &why), SHK_E_STATE);
    fault_clear(&why);
    shy.verify_sw = 0x6A88;
    shy.select_file = 0x18;
    shy.select_sw = 0x6A82;
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(j.card.sw, 0x6A82);
    assert_int_equal(verify_it("1234"), SHK_E_STATE);
    fault_clear(&why);
    jpki_close(&j);
    assert_int_equal(verify_it("1234"), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(jpki_verify_on_pad(&j, &why), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(reader.pads, 0);
    assert_int_equal(vcard_verify_count(reader.card), 0);
    end_case();
}

static void query_belongs_to_its_connection(void **state) {
    (void)state;
    begin_case(NULL);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(jpki_open(&j, CARD_VIRTUAL_READER, true, &why), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_OK);
    assert_int_equal(j.card.sw, 0x9000);
    assert_int_equal(jpki_apdus(&j), 5);
    assert_int_equal(shy.traits_asked, 1);
    end_case();
}

static void pad_names_the_key_as_the_query_did(void **state) {
    (void)state;
    for (int plain = 0; plain < 2; plain++) {
        begin_case(NULL);
        rules.no_short_ids = plain == 1;
        reader.pad_digits = "1234";
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(jpki_query(&j, &why), SHK_OK);
        assert_int_equal(jpki_verify_on_pad(&j, &why), SHK_OK);
        assert_int_equal(j.card.sw, 0x9000);
        assert_int_equal(reader.pad_asked.head[1], 0x20);
        assert_int_equal(reader.pad_asked.head[3], plain == 1 ? 0x80 : 0x98);
        assert_int_equal(jpki_apdus(&j), shy.said + 1);
        assert_int_equal(sign_it(), SHK_OK);
        assert_int_equal(j.card.sw, 0x9000);
        end_case();
    }
}

static void touch_changes_nothing_behind_the_pin(void **state) {
    (void)state;
    for (int plan = 0; plan < 2; plan++) {
        begin_case(NULL);
        rules.no_short_ids = plan == 0;
        whole_check();
        uint32_t before = shy.said;
        assert_int_equal(jpki_touch(&j, &why), SHK_OK);
        assert_int_equal(sign_it(), SHK_OK);
        assert_int_equal(j.card.sw, 0x9000);
        assert_int_equal(shy.said - before, 2);
        assert_int_equal(sign_it(), SHK_OK);
        assert_int_equal(shy.said - before, 3);
        end_case();
    }
}

static void card_that_forgot_what_it_answered_was_reset(void **state) {
    (void)state;
    for (int plan = 0; plan < 2; plan++) {
        begin_case(NULL);
        rules.no_short_ids = plan == 0;
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(jpki_query(&j, &why), SHK_OK);
        vcard_power_off(reader.card);
        vcard_power_on(reader.card);
        assert_int_equal(jpki_query(&j, &why), SHK_E_CARD_RESET);
        assert_int_equal(why.native_kind, SHK_NATIVE_SW);
        fault_clear(&why);
        end_case();
    }
}

static void file_selected_in_between_is_not_taken_for_the_pin(void **state) {
    (void)state;
    char label[33];
    begin_case(NULL);
    rules.no_short_ids = true;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_true(jpki_read_label(&j, label));
    assert_int_equal(verify_it("1234"), SHK_OK);
    assert_int_equal(j.card.sw, 0x9000);
    assert_true(jpki_read_label(&j, label));
    assert_int_equal(sign_it(), SHK_OK);
    assert_int_equal(j.card.sw, 0x9000);
    end_case();
}

static void phone_gives_its_certificate_behind_the_pin(void **state) {
    (void)state;
    for (int plan = 0; plan < 3; plan++) {
        char label[33];
        begin_case("android = yes");
        rules.no_short_ids = plan == 0;
        reader_says(plan == 2 ? EXTENDED : 0);
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(read_it(), SHK_E_CARD_ANSWER);
        assert_int_equal(j.card.sw, 0x6982);
        assert_int_equal(why.native, 0x6982);
        fault_clear(&why);
        assert_true(jpki_read_label(&j, label));
        assert_string_equal(label, "JPKIAPGPSETOKEN");
        assert_int_equal(jpki_query(&j, &why), SHK_OK);
        assert_int_equal(verify_it("1234"), SHK_OK);
        assert_int_equal(read_it(), SHK_OK);
        assert_int_equal(certificate.p[0], 0x30);
        assert_int_equal(sign_it(), SHK_OK);
        assert_int_equal(j.card.sw, 0x9000);
        assert_int_equal(shy.refused, 0);
        assert_int_equal(reader.connects, 1);
        end_case();
    }
}

static void reader_that_hangs_when_asked_ends_the_call(void **state) {
    (void)state;
    char label[33];
    begin_case(NULL);
    shy.traits_fault = SHK_E_CARD_HANGS;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(read_it(), SHK_E_CARD_HANGS);
    fault_clear(&why);
    assert_int_equal(jpki_query(&j, &why), SHK_E_CARD_HANGS);
    fault_clear(&why);
    assert_false(jpki_read_label(&j, label));
    assert_int_equal(j.card.sw, 0);
    assert_int_equal(shy.said, 1);
    end_case();
}

static void wrong_arguments_send_nothing(void **state) {
    (void)state;
    uint8_t input[65] = {0};
    begin_case(NULL);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_sign(&j, input, 0, &why), SHK_E_ARGUMENT);
    fault_clear(&why);
    assert_int_equal(jpki_sign(&j, input, sizeof input, &why), SHK_E_ARGUMENT);
    fault_clear(&why);
    assert_int_equal(shy.said, 1);
    end_case();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_c_takes_four_commands_and_the_query),
        cmocka_unit_test(plan_b_takes_nine_commands_and_the_query),
        cmocka_unit_test(plan_a_takes_twelve_commands_and_the_query),
        cmocka_unit_test(long_answers_without_short_ids_save_the_pieces),
        cmocka_unit_test(after_the_last_digit_two_commands_or_three),
        cmocka_unit_test(rules_switch_each_step_off),
        cmocka_unit_test(long_commands_need_the_reader_s_word_unless_always),
        cmocka_unit_test(card_s_own_word_is_taken),
        cmocka_unit_test(label_and_availability_cost_one_command),
        cmocka_unit_test(what_cannot_be_had_is_no_fault),
        cmocka_unit_test(pin_is_not_sent_without_an_answered_query),
        cmocka_unit_test(query_belongs_to_its_connection),
        cmocka_unit_test(pad_names_the_key_as_the_query_did),
        cmocka_unit_test(touch_changes_nothing_behind_the_pin),
        cmocka_unit_test(card_that_forgot_what_it_answered_was_reset),
        cmocka_unit_test(file_selected_in_between_is_not_taken_for_the_pin),
        cmocka_unit_test(phone_gives_its_certificate_behind_the_pin),
        cmocka_unit_test(reader_that_hangs_when_asked_ends_the_call),
        cmocka_unit_test(wrong_arguments_send_nothing),
    };
    return jpki_case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
