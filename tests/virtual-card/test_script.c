/* Odd answers that a profile asks for. */
#include "test_support.h"

#define READ_LABEL "00B0860000" /* 160 bytes */

static int raw(struct vcard *c, const char *hex) {
    uint8_t buf[64];
    size_t n = unhex(hex, buf, sizeof buf);

    return vcard_transmit(c, buf, n, rx, sizeof rx, &rx_len);
}

static void answer_can_be_given_by_number_once_or_from_then_on(void **state) {
    struct vcard *c = card_with("answer_at = 2:6F00\nanswer_at = 4:6C10*");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, READ_LABEL), 0x6F00);
    assert_int_equal(tx(c, READ_LABEL), 0x9000);
    assert_int_equal(tx(c, READ_LABEL), 0x6C10);
    assert_int_equal(tx(c, SELECT_JPKI), 0x6C10);
    vcard_free(c);
}

static void answer_can_be_given_by_instruction_or_header(void **state) {
    struct vcard *c = card_with("answer_to = B0:6C20\nanswer_to = 00B08600:6D00*");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0880000"), 0x6C20);
    assert_int_equal(tx(c, "00B0880000"), 0x9000);
    assert_int_equal(tx(c, READ_LABEL), 0x6D00);
    assert_int_equal(tx(c, READ_LABEL), 0x6D00);
    vcard_free(c);
}

static void status_word_may_be_torn_or_too_long(void **state) {
    struct vcard *c = card_with("answer_at = 1:90\nanswer_at = 2:nothing\nanswer_at = 3:900000");

    (void)state;
    assert_int_equal(raw(c, SELECT_JPKI), VCARD_OK);
    assert_int_equal(rx_len, 1);
    assert_int_equal(raw(c, SELECT_JPKI), VCARD_OK);
    assert_int_equal(rx_len, 0);
    assert_int_equal(raw(c, SELECT_JPKI), VCARD_OK);
    assert_int_equal(rx_len, 3);
    vcard_free(c);
}

static void chain_can_be_without_end_or_bring_nothing(void **state) {
    struct vcard *c = card_with("answer_at = 2:61FF\nanswer_to = C0:00x255,61FF*");
    int i;

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, READ_LABEL), 0x61FF);
    for (i = 0; i < 300; i++) {
        assert_int_equal(tx(c, "00C00000FF"), 0x61FF);
        assert_int_equal(rx_len, 255);
    }
    vcard_free(c);
    c = card_with("answer_to = C0:6100*");
    assert_int_equal(tx(c, "00C0000000"), 0x6100);
    assert_int_equal(tx(c, "00C0000000"), 0x6100);
    vcard_free(c);
}

static void own_answer_can_be_cut(void **state) {
    struct vcard *c = card_with("answer_at = 2:cut16");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, READ_LABEL), 0x9000);
    assert_int_equal(rx_len, 16);
    assert_memory_equal(rx, "JPKIAPICCTOKEN2 ", 16);
    assert_int_equal(tx(c, READ_LABEL), 0x9000);
    assert_int_equal(rx_len, 160);
    vcard_free(c);
}

static void odd_answer_replaces_the_work_unless_told_otherwise(void **state) {
    struct vcard *c = card_with("answer_at = 2:6F00\nanswer_at = 3:+6F00");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "002000980439393939"), 0x6F00);
    assert_int_equal(vcard_pin_tries(c), 3);
    assert_int_equal(tx(c, "002000980439393939"), 0x6F00);
    assert_int_equal(vcard_pin_tries(c), 2);
    assert_int_equal(vcard_verify_count(c), 2);
    vcard_free(c);
}

static void refused_select_leaves_the_card_where_it_was(void **state) {
    struct vcard *c = card_with("answer_at = 3:6A82");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00A4020C020006"), 0x9000);
    assert_int_equal(tx(c, "00A4020C02000A"), 0x6A82);
    assert_int_equal(tx(c, "00B0000010"), 0x9000);
    assert_memory_equal(rx, "JPKIAPICCTOKEN2 ", 16);
    vcard_free(c);
}

static void way_to_the_card_can_break(void **state) {
    struct vcard *c = card_with("extended_drops = yes\nanswer_at = 5:drop");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(raw(c, "00B08A00000000"), VCARD_DROPPED);
    assert_true(vcard_present(c));
    assert_int_equal(raw(c, SELECT_JPKI), VCARD_UNPOWERED);
    vcard_power_on(c);
    assert_int_equal(tx(c, "00B0860000"), 0x6A82); /* no application is selected any more */
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(raw(c, "00B0860000"), VCARD_DROPPED);
    vcard_free(c);
}

static void card_can_fall_silent(void **state) {
    struct vcard *c = card_with("hang_at_apdu = 2\nanswer_at = 4:hang");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(raw(c, "00B0860000"), VCARD_SILENT);
    assert_int_equal(rx_len, 0);
    assert_int_equal(tx(c, "00B0860000"), 0x9000);
    assert_int_equal(raw(c, "00B0860000"), VCARD_SILENT);
    vcard_free(c);
}

static void rules_that_make_no_sense_are_refused(void **state) {
    static const char *const wrong[] = {
        "answer_at = 0:9000",      "answer_at = :9000",     "answer_at = 1",
        "answer_at = 1:",          "answer_at = 1:900",     "answer_at = 1:9000 ",
        "answer_at = 1:x5",        "answer_at = 1:9000x2",  "answer_at = 1:00x9999",
        "answer_at = 1:00,",       "answer_at = 1:cut",     "answer_at = 1:9000**",
        "answer_to = B00:9000",    "answer_to = B086:9000", "answer_to = 1:9000",
        "answer_at = 2000000:9000"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char why[256];
        FILE *f = fopen(scratch, "w");

        assert_non_null(f);
        fprintf(f, "%s.\n", wrong[i]);
        assert_int_equal(fclose(f), 0);
        assert_null(vcard_new(scratch, why, sizeof why));
        assert_non_null(strstr(why, "value of answer_"));
    }
}

int test_script(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_can_be_given_by_number_once_or_from_then_on),
        cmocka_unit_test(answer_can_be_given_by_instruction_or_header),
        cmocka_unit_test(status_word_may_be_torn_or_too_long),
        cmocka_unit_test(chain_can_be_without_end_or_bring_nothing),
        cmocka_unit_test(own_answer_can_be_cut),
        cmocka_unit_test(odd_answer_replaces_the_work_unless_told_otherwise),
        cmocka_unit_test(refused_select_leaves_the_card_where_it_was),
        cmocka_unit_test(way_to_the_card_can_break),
        cmocka_unit_test(card_can_fall_silent),
        cmocka_unit_test(rules_that_make_no_sense_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
