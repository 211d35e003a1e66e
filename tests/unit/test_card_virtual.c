/* What the virtual card does behind the card seam, where a reader would stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card_virtual.h"
#include "virtual_card.h"

static struct card_virtual reader;
static struct fault why;
static uint8_t rx[APDU_REPLY_MAX];
static char path[512];

static const uint8_t select_jpki[] = {0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0,
                                      0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
static const struct pad_question ask = {
    .head = {0x00, 0x20, 0x00, 0x98}, .least = 4, .most = 4, .timeout_s = 30};

static int32_t send(const uint8_t *apdu, size_t n) {
    size_t rx_len = sizeof rx;
    fault_clear(&why);
    return card_virtual_ops.transmit(&reader, apdu, n, rx, &rx_len, &why);
}

static void begin(void) {
    bool waited;
    assert_int_equal(card_virtual_ops.connect(&reader, CARD_VIRTUAL_READER, &why), SHK_OK);
    assert_int_equal(card_virtual_ops.begin(&reader, &waited, &why), SHK_OK);
    assert_int_equal(send(select_jpki, sizeof select_jpki), SHK_OK);
}

/* The sample card with one more line in its profile. */
static void start(const char *line) {
    char text[200], copied[2048];
    const char *profile = getenv("CARD_PROFILE");
    assert_non_null(profile);
    assert_true(snprintf(path, sizeof path, "%s.seam", profile) < (int)sizeof path);
    FILE *in = fopen(profile, "r"), *out = fopen(path, "w");
    assert_true(in != NULL && out != NULL);
    while (fgets(copied, sizeof copied, in) != NULL) {
        (void)fputs(copied, out);
    }
    (void)fprintf(out, "%s\n", line);
    assert_int_equal(fclose(in) | fclose(out), 0);
    if (!card_virtual_init(&reader, path, text, sizeof text)) {
        fail_msg("%s", text);
    }
    begin();
}

static void stop(void) {
    card_virtual_ops.end(&reader, true);
    card_virtual_ops.disconnect(&reader);
    card_virtual_clear(&reader);
    (void)remove(path);
}

static int32_t type(const char *digits, uint16_t *sw) {
    reader.pad_digits = digits;
    fault_clear(&why);
    return card_virtual_ops.pad_verify(&reader, &ask, sw, &why);
}

static void digits_from_the_readers_keys_reach_the_card_once(void **state) {
    (void)state;
    uint16_t sw;
    start("");
    assert_int_equal(type("9999", &sw), SHK_OK);
    assert_int_equal(sw, 0x63C2);
    assert_int_equal(type("1234", &sw), SHK_OK);
    assert_int_equal(sw, 0x9000);
    assert_int_equal(reader.pads, 2);
    assert_int_equal(reader.verifies, 2);
    assert_int_equal(vcard_verify_count(reader.card), 2);
    assert_int_equal(reader.pad_asked.timeout_s, 30);
    stop();
}

static void readers_own_word_leaves_the_card_alone(void **state) {
    (void)state;
    uint16_t sw;
    start("");
    reader.pad_sw = 0x6401;
    assert_int_equal(type("1234", &sw), SHK_OK);
    assert_int_equal(sw, 0x6401);
    assert_int_equal(vcard_verify_count(reader.card), 0);
    reader.pad_sw = 0;
    assert_int_equal(type(NULL, &sw), SHK_E_READER);
    assert_int_equal(type("123", &sw), SHK_E_READER);
    assert_int_equal(vcard_verify_count(reader.card), 0);
    stop();
}

static void lost_way_is_a_fault_of_the_reader_until_it_is_connected_anew(void **state) {
    static const uint8_t read[] = {0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00};
    (void)state;
    start("extended_drops = yes");
    assert_int_equal(send(read, sizeof read), SHK_E_READER);
    assert_int_equal(send(select_jpki, sizeof select_jpki), SHK_E_READER);
    card_virtual_ops.end(&reader, false);
    card_virtual_ops.disconnect(&reader);
    begin();
    stop();
}

static void silent_card_hangs(void **state) {
    (void)state;
    start("hang_at_apdu = 2");
    assert_int_equal(send(select_jpki, sizeof select_jpki), SHK_E_CARD_HANGS);
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_from_the_readers_keys_reach_the_card_once),
        cmocka_unit_test(readers_own_word_leaves_the_card_alone),
        cmocka_unit_test(lost_way_is_a_fault_of_the_reader_until_it_is_connected_anew),
        cmocka_unit_test(silent_card_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
