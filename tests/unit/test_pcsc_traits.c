#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "pcsc_case.h"
#include "pcsc_part10.h"
#include "pcsc_table.h"
#include "pcsc_transport.h"

#define PROPERTIES_CODE 0x42330012u
#define TEXT(literal)   (literal), (sizeof(literal) - 1)

static struct reader_traits said;

static void answer_control(int i, uint32_t code, const char *bytes, size_t n) {
    world->control[i].code = code;
    memcpy(world->control[i].reply, bytes, n);
    world->control[i].reply_len = n;
}

static void answer_attribute(int i, uint32_t id, const char *bytes, size_t n) {
    world->attribute[i].code = id;
    memcpy(world->attribute[i].reply, bytes, n);
    world->attribute[i].reply_len = n;
}

static int32_t ask(void) {
    pcsc_transport.disconnect(transport);
    int32_t rc = pcsc_transport.connect(transport, unit, &why);
    memset(&said, 0xEE, sizeof said);
    return rc == SHK_OK ? pcsc_transport.traits(transport, &said, &why) : rc;
}

static void assert_nothing_said(void) {
    assert_string_equal(said.vendor, "");
    assert_string_equal(said.driver_version, "");
    assert_int_equal(said.usb_vendor, 0);
    assert_int_equal(said.usb_product, 0);
    assert_false(said.says_size);
    assert_int_equal(said.apdu_max, 0);
    assert_false(said.pin_pad);
}

static void traits_need_a_card(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.traits(transport, &said, &why), SHK_E_STATE);
    assert_nothing_said();
}

static void reader_that_says_all(void **state) {
    (void)state;
    answer_control(0, 0x42000D48, TEXT("\x06\x04\x42\x33\x00\x06\x12\x04\x42\x33\x00\x12"));
    answer_control(1, PROPERTIES_CODE,
                   TEXT("\x02\x01\x02\x0A\x04\x00\x00\x01\x00\x0B\x02\x4C\x05\x0C\x02\xC8\x0D"));
    answer_attribute(0, 0x10100, TEXT("見本工業 \0"));
    answer_attribute(1, 0x10102, TEXT("\x02\x00\x05\x01"));
    assert_int_equal(ask(), SHK_OK);
    assert_string_equal(said.vendor, "見本工業");
    assert_string_equal(said.driver_version, "1.5.2");
    assert_int_equal(said.usb_vendor, 0x054C);
    assert_int_equal(said.usb_product, 0x0DC8);
    assert_true(said.says_size);
    assert_int_equal(said.apdu_max, 0x10000);
    assert_true(said.pin_pad);
}

/* Debian's vpcd 0.8 is such a one. */
static void reader_that_knows_no_request_says_nothing(void **state) {
    (void)state;
    static const uint32_t refusals[] = {PCSC_UNEXPECTED,   PCSC_UNSUPPORTED_FEATURE,
                                        PCSC_INTERNAL,     PCSC_NOT_TRANSACTED,
                                        PCSC_REMOVED_CARD, PCSC_INSUFFICIENT_BUFFER};
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        fail_next("SCardControl", refusals[i], 100);
        assert_int_equal(ask(), SHK_OK);
        assert_int_equal(why.code, 0);
        assert_nothing_said();
    }
}

static void question_is_asked_once_a_connection(void **state) {
    (void)state;
    answer_control(0, 0x42000D48, TEXT("\x12\x04\x42\x33\x00\x12"));
    assert_int_equal(ask(), SHK_OK);
    assert_int_equal(record.controls, 2);
    assert_int_equal(pcsc_transport.traits(transport, &said, &why), SHK_OK);
    assert_int_equal(record.controls, 2);
    assert_int_equal(ask(), SHK_OK);
    assert_int_equal(record.controls, 4);
}

static void what_one_reader_said_is_not_told_of_the_next(void **state) {
    (void)state;
    answer_attribute(0, 0x10100, TEXT("One"));
    assert_int_equal(ask(), SHK_OK);
    assert_string_equal(said.vendor, "One");
    world->attribute[0].code = 0;
    assert_int_equal(ask(), SHK_OK);
    assert_nothing_said();
}

static void sizes(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        bool says;
        uint32_t most;
    } cases[] = {
        {"\x00\x00\x00\x00", true, 0},       {"\x00\x01\x00\x00", true, 0},
        {"\x01\x01\x00\x00", true, 257},     {"\x0A\x02\x00\x00", true, 522},
        {"\x00\x00\x01\x00", true, 0x10000}, {"\x01\x00\x01\x00", false, 0},
        {"\xFF\xFF\xFF\xFF", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t p[6] = {0x0A, 4};
        bool no_display = true;
        memcpy(p + 2, cases[i].bytes, 4);
        said = (struct reader_traits){0};
        part10_properties(p, sizeof p, &said, &no_display);
        assert_int_equal(said.says_size, cases[i].says);
        assert_int_equal(said.apdu_max, cases[i].most);
        assert_false(no_display);
    }
}

/* Each in a buffer of its own, so that reading beyond it cannot pass unseen. */
static void malformed_answers_say_nothing(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } cases[] = {
        {TEXT("\x06")},
        {TEXT("\x06\x04\x42\x33\x00")},
        {TEXT("\x06\x04\x42\x33\x00\x06\x12")},
        {TEXT("\x06\x04\x42\x33\x00\x06\x12\xFF")},
        {TEXT("\x06\x02\x42\x33\x12\x03\x01\x02\x03")},
        {TEXT("\x0A\x02\x00\x01\x0B\x01\x4C\x0C\x04\x00\x00\x00\x00")},
        {TEXT("\x0A\x04\x00\x00\x01\x00\x0B\x02\x4C")},
        {TEXT("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t *p = malloc(cases[i].n + 1);
        struct part10_features features;
        bool no_display;
        memcpy(p + 1, cases[i].bytes, cases[i].n);
        said = (struct reader_traits){0};
        part10_features(p + 1, cases[i].n, &features);
        part10_properties(p + 1, cases[i].n, &said, &no_display);
        assert_int_equal(features.verify_pin_direct, 0);
        assert_int_equal(features.tlv_properties, 0);
        assert_nothing_said();
        free(p);
    }
}

static void lengths_that_cannot_be_are_no_answer(void **state) {
    (void)state;
    answer_control(0, 0x42000D48, TEXT("\x06\x04\x42\x33\x00\x06"));
    world->control[0].says = 100000;
    answer_attribute(0, 0x10100, TEXT("One"));
    world->attribute[0].says = 100000;
    assert_int_equal(ask(), SHK_OK);
    assert_nothing_said();
}

static void vendor_that_is_no_text_is_left_out(void **state) {
    (void)state;
    static const char *const names[] = {"\x93\xFA", "A\tB", "A\x7F", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        answer_attribute(0, 0x10100, names[i], strlen(names[i]));
        assert_int_equal(ask(), SHK_OK);
        assert_string_equal(said.vendor, "");
    }
    char long_name[200];
    memset(long_name, 'x', sizeof long_name);
    answer_attribute(0, 0x10100, long_name, sizeof long_name);
    assert_int_equal(ask(), SHK_OK);
    assert_int_equal(strlen(said.vendor), sizeof said.vendor - 1);
}

static void version_needs_four_bytes(void **state) {
    (void)state;
    answer_attribute(0, 0x10102, TEXT("\x02\x00\x05"));
    assert_int_equal(ask(), SHK_OK);
    assert_string_equal(said.driver_version, "");
    answer_attribute(0, 0x10102, TEXT("\xFF\xFF\xFF\xFF"));
    assert_int_equal(ask(), SHK_OK);
    assert_string_equal(said.driver_version, "255.255.65535");
}

static void atr_of_the_card_is_told(void **state) {
    (void)state;
    static const struct {
        size_t says, kept;
    } cases[] = {{1, 1}, {32, 32}, {33, 33}, {34, 0}, {264, 0}};
    char atr[264];
    for (size_t i = 0; i < sizeof atr; i++) {
        atr[i] = (char)i;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        answer_attribute(0, 0x90303, atr, cases[i].says);
        assert_int_equal(ask(), SHK_OK);
        assert_int_equal(said.atr_len, cases[i].kept);
        assert_memory_equal(said.atr, atr, cases[i].kept);
    }
    world->attribute[0].code = 0;
    assert_int_equal(ask(), SHK_OK);
    assert_int_equal(said.atr_len, 0);
}

static void states_of_the_list(void **state) {
    (void)state;
    world->extra_state = PCSC_STATE_IN_USE | PCSC_STATE_EXCLUSIVE;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_true(seen.at[0].in_use && seen.at[0].exclusive && !seen.at[0].mute);
    world->extra_state = PCSC_STATE_MUTE;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_true(!seen.at[0].in_use && !seen.at[0].exclusive && seen.at[0].mute);
}

static void atr_of_any_length_is_safe(void **state) {
    (void)state;
    static const struct {
        size_t says, kept;
    } cases[] = {{1, 1}, {32, 32}, {33, 33}, {34, 0}, {36, 0}, {100000, 0}};
    for (size_t i = 0; i < sizeof world->atr; i++) {
        world->atr[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world->atr_says = cases[i].says;
        assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
        assert_true(seen.at[0].card_present);
        assert_int_equal(seen.at[0].atr_len, cases[i].kept);
        assert_memory_equal(seen.at[0].atr, world->atr, cases[i].kept);
    }
    world->atr_empty = true;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_true(seen.at[0].card_present);
    assert_int_equal(seen.at[0].atr_len, 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, pcsc_case_start, pcsc_case_stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(traits_need_a_card),
        CASE(reader_that_says_all),
        CASE(reader_that_knows_no_request_says_nothing),
        CASE(question_is_asked_once_a_connection),
        CASE(what_one_reader_said_is_not_told_of_the_next),
        CASE(sizes),
        CASE(malformed_answers_say_nothing),
        CASE(lengths_that_cannot_be_are_no_answer),
        CASE(vendor_that_is_no_text_is_left_out),
        CASE(version_needs_four_bytes),
        CASE(atr_of_the_card_is_told),
        CASE(states_of_the_list),
        CASE(atr_of_any_length_is_safe),
    };
    return pcsc_case_open() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
