#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "pcsc_case.h"
#include "pcsc_part10.h"
#include "pcsc_table.h"
#include "pcsc_transport.h"

#define VERIFY_CODE 0x42330006u

static const struct pad_question four = {{0x00, 0x20, 0x00, 0x80}, 4, 4, 30};

static void give_keys(const char *status, size_t n) {
    world->control[0].code = 0x42000D48;
    memcpy(world->control[0].reply, "\x06\x04\x42\x33\x00\x06", 6);
    world->control[0].reply_len = 6;
    world->control[1].code = VERIFY_CODE;
    memcpy(world->control[1].reply, status, n);
    world->control[1].reply_len = n;
}

static int32_t verify(uint16_t *sw) {
    *sw = 0xEEEE;
    return pcsc_transport.pad_verify(transport, &four, sw, &why);
}

static void question_is_laid_out_byte_by_byte(void **state) {
    (void)state;
    static const uint8_t wanted[] = {30,   30,   0x82, 0x04, 0x00, 0x04, 0x04, 0x02, 0xFF, 0x11,
                                     0x04, 0x00, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x00,
                                     0x20, 0x00, 0x80, 0x04, 0xFF, 0xFF, 0xFF, 0xFF};
    uint8_t out[PART10_VERIFY_MAX];
    assert_int_equal(part10_verify(&four, false, out), sizeof wanted);
    assert_memory_equal(out, wanted, sizeof wanted);
    assert_int_equal(part10_verify(&four, true, out), sizeof wanted);
    assert_int_equal(out[8], 0); /* no words for a reader that cannot show them */
}

/* As many digits as the person likes: the reader makes Lc and what follows. */
static void variable_number_of_digits_goes_out_as_four_bytes(void **state) {
    (void)state;
    struct pad_question ask = {{0x00, 0x20, 0x00, 0x80}, 4, 12, 0};
    static const uint8_t wanted[] = {0, 0, 0x82, 0x00, 0x00, 12, 4, 0x02, 0xFF, 0x11, 0x04, 0,
                                     0, 0, 0,    4,    0,    0,  0, 0x00, 0x20, 0x00, 0x80};
    uint8_t out[PART10_VERIFY_MAX];
    assert_int_equal(part10_verify(&ask, false, out), sizeof wanted);
    assert_memory_equal(out, wanted, sizeof wanted);
}

static void time_is_cut_to_one_byte(void **state) {
    (void)state;
    struct pad_question ask = four;
    uint8_t out[PART10_VERIFY_MAX];
    ask.timeout_s = 1000;
    assert_true(part10_verify(&ask, false, out) > 0);
    assert_int_equal(out[0], 255);
    ask.timeout_s = -1;
    assert_true(part10_verify(&ask, false, out) > 0);
    assert_int_equal(out[0], 0);
}

static void question_without_digits_is_none(void **state) {
    (void)state;
    static const uint8_t wrong[][2] = {{0, 4}, {5, 4}, {4, 16}, {0, 0}, {255, 255}};
    uint8_t out[PART10_VERIFY_MAX];
    uint16_t sw = 0;
    struct pad_question ask = four;
    give_keys("\x90\x00", 2);
    assert_int_equal(open_card(), SHK_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ask.least = wrong[i][0];
        ask.most = wrong[i][1];
        assert_int_equal(part10_verify(&ask, false, out), 0);
        assert_int_equal(pcsc_transport.pad_verify(transport, &ask, &sw, NULL), SHK_E_ARGUMENT);
    }
    assert_int_equal(record.controls, 1); /* the features */
}

static void digits_are_asked_for_exactly_once(void **state) {
    (void)state;
    uint16_t sw = 0;
    give_keys("\x90\x00", 2);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(verify(&sw), SHK_OK);
    assert_int_equal(sw, 0x9000);
    assert_int_equal(world->sent_len, 28);
    assert_int_equal(world->sent[0], 30);
    assert_int_equal(record.controls, 2);
    /* Also when it fails: it may have cost a try. */
    fail_next("SCardControl", PCSC_NOT_TRANSACTED, 100);
    assert_int_equal(verify(&sw), SHK_E_READER);
    assert_int_equal((uint32_t)why.native, PCSC_NOT_TRANSACTED);
    assert_int_equal(sw, 0);
    assert_int_equal(record.controls, 3);
}

static void every_status_is_handed_on(void **state) {
    (void)state;
    static const uint16_t words[] = {0x9000, 0x63C2, 0x6400, 0x6401, 0x6402, 0x6403, 0x6984};
    uint16_t sw = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char status[] = {(char)(words[i] >> 8), (char)words[i]};
        give_keys(status, 2);
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(verify(&sw), SHK_OK);
        assert_int_equal(sw, words[i]);
    }
}

static void drivers_that_name_it_by_an_error(void **state) {
    (void)state;
    uint16_t sw = 0;
    give_keys("\x90\x00", 2);
    assert_int_equal(open_card(), SHK_OK);
    struct reader_traits known;
    assert_int_equal(pcsc_transport.traits(transport, &known, &why), SHK_OK);
    fail_next("SCardControl", PCSC_TIMEOUT, 1);
    assert_int_equal(verify(&sw), SHK_OK);
    assert_int_equal(sw, 0x6400);
    fail_next("SCardControl", PCSC_CANCELLED, 1);
    assert_int_equal(verify(&sw), SHK_OK);
    assert_int_equal(sw, 0x6401);
}

static void reader_without_keys_is_told_apart(void **state) {
    (void)state;
    uint16_t sw = 0;
    assert_int_equal(verify(&sw), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(verify(&sw), SHK_E_READER);
    assert_int_equal(record.controls, 1);
}

static void answer_without_status_is_a_fault(void **state) {
    (void)state;
    uint16_t sw = 0;
    give_keys("\x90", 1);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(verify(&sw), SHK_E_CARD_ANSWER);
    assert_int_equal(sw, 0);
    fault_clear(&why);
    world->present[0] = false;
    assert_int_equal(verify(&sw), SHK_E_CARD_REMOVED);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, pcsc_case_start, pcsc_case_stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(question_is_laid_out_byte_by_byte),
        CASE(variable_number_of_digits_goes_out_as_four_bytes),
        CASE(time_is_cut_to_one_byte),
        CASE(question_without_digits_is_none),
        CASE(digits_are_asked_for_exactly_once),
        CASE(every_status_is_handed_on),
        CASE(drivers_that_name_it_by_an_error),
        CASE(reader_without_keys_is_told_apart),
        CASE(answer_without_status_is_a_fault),
    };
    return pcsc_case_open() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
