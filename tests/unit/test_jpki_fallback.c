#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "jpki_case.h"
#include "virtual_card.h"

#define EXTENDED 65536
#define PLAN_A   13 /* commands with the query */
#define PLAN_B   10
#define PLAN_C   5

static const uint16_t refusals[] = {0x6700, 0x6881, 0x6981, 0x6985, 0x6986, 0x6A80, 0x6A81,
                                    0x6A82, 0x6A86, 0x6A88, 0x6B00, 0x6D00, 0x6E00};
#define REFUSALS (sizeof refusals / sizeof refusals[0])

/* The next check makes no attempt that fails. */
static void next_check_takes(uint32_t commands) {
    next_card();
    whole_check();
    assert_int_equal(shy.refused, 0);
    assert_int_equal(shy.said, commands);
    assert_int_equal(reader.connects, 1);
}

static void refused_long_command_is_done_in_pieces(void **state) {
    (void)state;
    for (size_t i = 0; i < REFUSALS; i++) {
        begin_case(NULL);
        reader_says(EXTENDED);
        shy.extended_sw = refusals[i];
        whole_check();
        assert_int_equal(shy.refused, 1);
        assert_int_equal(shy.said, PLAN_B + 1);
        assert_int_equal(reader.connects, 1);
        assert_int_equal(jpki_plan(&j), 'B');
        next_check_takes(PLAN_B);
        end_case();
    }
}

static void wrong_length_of_the_long_command_is_asked_again_once(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_sw = 0x6C10;
    whole_check();
    /* The second one has the length that the card named, and is refused too. */
    assert_string_equal(shy.trace[1], "00b08a00000000");
    assert_string_equal(shy.trace[2], "00b08a00000010");
    assert_int_equal(shy.said, PLAN_B + 2);
    next_check_takes(PLAN_B);
    end_case();
}

static void failing_driver_costs_a_new_connection_and_no_error(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_READER, SHK_E_CARD_RESET, SHK_E_CARD_ANSWER,
                                    SHK_E_CARD_MUTE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        begin_case(NULL);
        reader_says(EXTENDED);
        shy.extended_fault = codes[i];
        whole_check();
        assert_int_equal(reader.connects, 2);
        assert_int_equal(reader.power_downs, 1);
        assert_int_equal(shy.said, PLAN_B + 2); /* the attempt, and the application once more */
        assert_int_equal(shy.traits_asked, 1);
        assert_int_equal(jpki_plan(&j), 'B');
        next_check_takes(PLAN_B);
        end_case();
    }
}

static void card_or_service_that_went_is_not_blamed_on_the_command(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_CARD_REMOVED, SHK_E_CARD_HANGS, SHK_E_NO_SERVICE,
                                    SHK_E_NO_READER};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        begin_case(NULL);
        reader_says(EXTENDED);
        shy.extended_fault = codes[i];
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(read_it(), codes[i]);
        assert_int_equal(why.code, codes[i]);
        assert_int_equal(why.native_kind, SHK_NATIVE_PCSC);
        fault_clear(&why);
        assert_int_equal(reader.connects, 1);
        assert_int_equal(shy.said, 2);
        shy.extended_fault = 0;
        next_check_takes(PLAN_C);
        end_case();
    }
}

static void fallback_that_fails_too_blames_nobody(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_fault = SHK_E_READER;
    reader.remove_at = 2; /* the SELECT of the second connection */
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(read_it(), SHK_E_CARD_REMOVED);
    fault_clear(&why);
    jpki_close(&j);
    vcard_insert(reader.card);
    shy.extended_fault = 0;
    next_check_takes(PLAN_C);
    end_case();
}

static void new_connection_that_fails_is_the_fault_told(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    assert_int_equal(open_card(), SHK_OK);
    shy.extended_fault = SHK_E_READER;
    reader.connect_fault = SHK_E_CARD_BUSY;
    assert_int_equal(read_it(), SHK_E_CARD_BUSY);
    assert_int_equal(why.code, SHK_E_CARD_BUSY);
    fault_clear(&why);
    reader.connects--; /* it was none */
    end_case();
}

static void other_program_during_the_new_connection_is_told(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_fault = SHK_E_READER;
    reader.waited = true;
    assert_int_equal(open_card(), SHK_OK);
    reader.waited = false;
    assert_int_equal(read_it(), SHK_OK);
    assert_int_equal(reader.connects, 2);
    assert_true(j.card.waited);
    next_card();
    assert_int_equal(open_card(), SHK_OK);
    assert_false(j.card.waited);
    end_case();
}

static void short_answer_is_taken_and_continued(void **state) {
    (void)state;
    static const struct {
        size_t bytes;
        uint32_t commands;
    } cases[] = {{256, PLAN_C + 5}, {255, PLAN_C + 5}, {4, PLAN_C + 6}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin_case(NULL);
        reader_says(EXTENDED);
        shy.extended_below = cases[i].bytes + 1;
        whole_check();
        assert_int_equal(shy.said, cases[i].commands);
        assert_int_equal(jpki_plan(&j), 'B');
        next_check_takes(PLAN_B);
        end_case();
    }
}

static void answer_longer_than_a_short_one_is_worth_it(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_below = 1025;
    whole_check();
    assert_int_equal(shy.said, PLAN_C + 2);
    next_card();
    whole_check();
    assert_int_equal(shy.said, PLAN_C + 2);
    end_case();
}

static void answer_without_a_whole_head_is_no_answer(void **state) {
    (void)state;
    for (size_t n = 0; n < 4; n++) {
        begin_case(NULL);
        reader_says(EXTENDED);
        shy.extended_below = n + 1;
        whole_check();
        assert_int_equal(shy.said, PLAN_B + 1);
        next_check_takes(PLAN_B);
        end_case();
    }
}

static void long_answer_in_a_chain_is_joined(void **state) {
    (void)state;
    begin_case("chaining_61xx = 200");
    reader_says(EXTENDED);
    whole_check();
    assert_int_equal(jpki_plan(&j), 'C');
    end_case();
}

static void filler_is_trimmed_from_a_long_answer(void **state) {
    (void)state;
    begin_case("filler = 32768");
    reader_says(EXTENDED);
    whole_check();
    assert_int_equal(shy.said, PLAN_C);
    end_case();
}

static void refused_short_identifiers_are_done_by_selecting(void **state) {
    (void)state;
    for (size_t i = 0; i < REFUSALS; i++) {
        begin_case(NULL);
        shy.read_sw = refusals[i];
        whole_check();
        assert_int_equal(shy.refused, 1);
        assert_int_equal(shy.said, PLAN_A + 1);
        assert_int_equal(jpki_plan(&j), 'A');
        next_check_takes(PLAN_A);
        end_case();
    }
}

/* It is the identifier that both forms were refused for, so the length is still worth an attempt. */
static void same_answer_to_both_forms_is_for_the_identifier(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.read_sw = 0x6A86;
    whole_check();
    assert_int_equal(shy.refused, 2);
    assert_int_equal(jpki_plan(&j), 'A');
    next_check_takes(8);
    assert_true(was_said("00b00000000000"));
    end_case();
}

static void both_refused_for_their_own_reason_are_both_remembered(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_sw = 0x6700;
    shy.read_sw = 0x6B00;
    whole_check();
    assert_int_equal(shy.refused, 2);
    next_check_takes(PLAN_A);
    end_case();
}

/* 6F00 may pass when the card lies better. */
static void passing_failure_is_not_remembered(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_sw = shy.read_sw = 0x6F00;
    whole_check();
    assert_int_equal(jpki_plan(&j), 'A');
    shy.extended_sw = shy.read_sw = 0;
    next_check_takes(PLAN_C);
    end_case();
}

static void protected_certificate_is_no_refusal_of_the_form(void **state) {
    (void)state;
    begin_case(NULL);
    shy.read_sw = 0x6982;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(read_it(), SHK_E_CARD_ANSWER);
    assert_int_equal(why.native, 0x6982);
    fault_clear(&why);
    assert_int_equal(shy.said, 2);
    shy.read_sw = 0;
    next_check_takes(PLAN_B);
    end_case();
}

static void file_that_is_not_there_blames_no_form(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.read_sw = shy.select_sw = 0x6A82;
    shy.select_file = 0x0A;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(read_it(), SHK_E_CARD_ANSWER);
    assert_int_equal(j.card.sw, 0x6A82);
    assert_int_equal(why.native, 0x6A82);
    fault_clear(&why);
    shy.read_sw = shy.select_sw = 0;
    next_check_takes(PLAN_C);
    end_case();
}

static void pin_is_sent_in_the_form_whose_query_was_answered(void **state) {
    (void)state;
    for (size_t i = 0; i < REFUSALS; i++) {
        begin_case(NULL);
        shy.verify_sw = refusals[i];
        whole_check();
        assert_int_equal(shy.refused, 1);
        assert_false(was_said("0020009804"));
        assert_true(was_said("0020008004"));
        assert_int_equal(shy.said, PLAN_B + 2);
        next_check_takes(PLAN_B + 1);
        end_case();
    }
}

/* Where the answers lie that tell of a counter. */
static bool is_dense(uint32_t sw) {
    return sw >> 8 == 0x62 || sw >> 8 == 0x63 || sw >> 8 == 0x68 || sw >> 8 == 0x69 ||
           sw >> 8 == 0x8F || sw == 0x9000;
}

/* Whatever the short query is answered, a PIN reaches the card only where a counter was told. */
static void no_answer_to_the_query_costs_a_try(void **state) {
    (void)state;
    begin_case(NULL);
    j.habits = NULL;
    for (uint32_t sw = 0x6100; sw <= 0x9FFF; sw += is_dense(sw) ? 1 : 0x11) {
        next_card();
        shy.verify_sw = (uint16_t)sw;
        uint32_t before = vcard_verify_count(reader.card);
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(jpki_query(&j, &why), SHK_OK);
        bool counted = sw >> 8 == 0x63 || sw == 0x6983 || sw == 0x6984 || sw == 0x9000;
        assert_int_equal(j.pin_form, counted ? PIN_FORM_SHORT : PIN_FORM_SELECTED);
        assert_int_equal(verify_it("1234"), SHK_OK);
        assert_int_equal(was_said("0020009804"), counted);
        assert_int_equal(vcard_verify_count(reader.card) - before, counted ? 0 : 1);
    }
    end_case();
}

static void refused_signature_is_made_again_without_another_pin(void **state) {
    (void)state;
    for (size_t i = 0; i < REFUSALS; i++) {
        begin_case(NULL);
        shy.sign_sw = refusals[i];
        whole_check();
        assert_int_equal(shy.refused, 1);
        assert_int_equal(reader.verifies, 1);
        assert_int_equal(shy.said, PLAN_B + 2);
        uint32_t before = shy.said;
        assert_int_equal(sign_it(), SHK_OK);
        assert_int_equal(j.card.sw, 0x9000);
        assert_int_equal(shy.said - before, 1);
        next_check_takes(PLAN_B + 1);
        end_case();
    }
}

static void signature_without_a_pin_is_asked_for_once(void **state) {
    (void)state;
    begin_case(NULL);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    uint32_t before = shy.said;
    assert_int_equal(sign_it(), SHK_OK);
    assert_int_equal(j.card.sw, 0x6982);
    assert_int_equal(shy.said - before, 1);
    end_case();
}

/* A new connection would lose the PIN. */
static void long_command_behind_the_pin_only_where_it_has_worked(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_OK);
    assert_int_equal(read_it(), SHK_OK);
    assert_int_equal(jpki_plan(&j), 'B');
    next_card();
    whole_check();
    assert_int_equal(jpki_plan(&j), 'C');
    next_card();
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_OK);
    assert_int_equal(read_it(), SHK_OK);
    assert_int_equal(jpki_plan(&j), 'C');
    end_case();
}

static void driver_that_fails_behind_the_pin_is_not_asked_so_again(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    whole_check();
    next_card();
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_OK);
    shy.extended_fault = SHK_E_READER;
    assert_int_equal(read_it(), SHK_E_READER);
    fault_clear(&why);
    assert_int_equal(reader.connects, 1);
    next_card();
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(verify_it("1234"), SHK_OK);
    assert_int_equal(read_it(), SHK_OK);
    assert_int_equal(shy.refused, 0);
    end_case();
}

static void refusal_behind_the_pin_loses_nothing(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    whole_check();
    shy.extended_sw = 0x6700;
    shy.read_sw = 0x6A86;
    assert_int_equal(read_it(), SHK_OK);
    assert_int_equal(jpki_plan(&j), 'A');
    assert_int_equal(sign_it(), SHK_OK);
    assert_int_equal(j.card.sw, 0x9000);
    assert_int_equal(reader.connects, 1);
    assert_int_equal(reader.verifies, 1);
    end_case();
}

static void other_reader_driver_or_card_is_tried_anew(void **state) {
    (void)state;
    static const uint8_t other_card[] = {0x3B, 0x88, 0x80, 0x01, 0x00, 0x4B, 0x51,
                                         0xFF, 0xB3, 0x81, 0xD1, 0x00, 0x0F};
    begin_case(NULL);
    reader_says(EXTENDED);
    text_copy(reader.traits.driver_version, sizeof reader.traits.driver_version, "1.5.2");
    shy.extended_sw = 0x6700;
    whole_check();
    next_check_takes(PLAN_B);
    text_copy(reader.traits.driver_version, sizeof reader.traits.driver_version, "1.6.0");
    shy.extended_sw = 0;
    next_check_takes(PLAN_C);
    shy.extended_sw = 0x6700;
    next_card();
    whole_check();
    next_check_takes(PLAN_B);
    memcpy(reader.traits.atr, other_card, sizeof other_card);
    reader.traits.atr_len = sizeof other_card;
    shy.extended_sw = 0;
    next_check_takes(PLAN_C);
    end_case();
}

static void feature_that_rested_is_tried_again(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    shy.extended_sw = 0x6700;
    whole_check();
    shy.extended_sw = 0;
    for (int i = 0; i < HABIT_RETRIES; i++) {
        next_card();
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(read_it(), SHK_OK);
        assert_int_equal(jpki_plan(&j), 'B');
    }
    next_check_takes(PLAN_C);
    next_check_takes(PLAN_C);
    end_case();
}

static void nothing_is_remembered_without_habits(void **state) {
    (void)state;
    begin_case(NULL);
    reader_says(EXTENDED);
    j.habits = NULL;
    shy.extended_fault = SHK_E_READER;
    shy.sign_sw = 0x6A86;
    whole_check();
    next_card();
    whole_check();
    assert_int_equal(shy.refused, 2);
    end_case();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_long_command_is_done_in_pieces),
        cmocka_unit_test(wrong_length_of_the_long_command_is_asked_again_once),
        cmocka_unit_test(failing_driver_costs_a_new_connection_and_no_error),
        cmocka_unit_test(card_or_service_that_went_is_not_blamed_on_the_command),
        cmocka_unit_test(fallback_that_fails_too_blames_nobody),
        cmocka_unit_test(new_connection_that_fails_is_the_fault_told),
        cmocka_unit_test(other_program_during_the_new_connection_is_told),
        cmocka_unit_test(short_answer_is_taken_and_continued),
        cmocka_unit_test(answer_longer_than_a_short_one_is_worth_it),
        cmocka_unit_test(answer_without_a_whole_head_is_no_answer),
        cmocka_unit_test(long_answer_in_a_chain_is_joined),
        cmocka_unit_test(filler_is_trimmed_from_a_long_answer),
        cmocka_unit_test(refused_short_identifiers_are_done_by_selecting),
        cmocka_unit_test(same_answer_to_both_forms_is_for_the_identifier),
        cmocka_unit_test(both_refused_for_their_own_reason_are_both_remembered),
        cmocka_unit_test(passing_failure_is_not_remembered),
        cmocka_unit_test(protected_certificate_is_no_refusal_of_the_form),
        cmocka_unit_test(file_that_is_not_there_blames_no_form),
        cmocka_unit_test(pin_is_sent_in_the_form_whose_query_was_answered),
        cmocka_unit_test(no_answer_to_the_query_costs_a_try),
        cmocka_unit_test(refused_signature_is_made_again_without_another_pin),
        cmocka_unit_test(signature_without_a_pin_is_asked_for_once),
        cmocka_unit_test(long_command_behind_the_pin_only_where_it_has_worked),
        cmocka_unit_test(driver_that_fails_behind_the_pin_is_not_asked_so_again),
        cmocka_unit_test(refusal_behind_the_pin_loses_nothing),
        cmocka_unit_test(other_reader_driver_or_card_is_tried_anew),
        cmocka_unit_test(feature_that_rested_is_tried_again),
        cmocka_unit_test(nothing_is_remembered_without_habits),
    };
    return jpki_case_set_up() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
