#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "card.h"
#include "card_script.h"

#define SCRIPT_MAX 16384

static struct card_script script;
static struct card card;
static struct fault why;

static void add(char text[SCRIPT_MAX], const char *more) {
    size_t used = strlen(text);
    assert_true(strlen(more) < SCRIPT_MAX - used);
    memcpy(text + used, more, strlen(more) + 1);
}

static void start(const char *text) {
    card_script_init(&script, text);
    fault_clear(&why);
    assert_int_equal(card_init(&card, &card_script_ops, &script, NULL), SHK_OK);
    assert_int_equal(card_open(&card, "Script", &why), SHK_OK);
}

static void stop(void) {
    card_clear(&card);
    bool done = card_script_done(&script);
    assert_string_equal(script.problem, "");
    assert_true(done);
    assert_int_equal(script.power_downs, 1);
    assert_int_equal(script.disconnects, 1);
}

/* A command that takes an answer of any length. */
static const uint8_t read_all[] = {0x00, 0xB0, 0x00, 0x00, 0x00};

static int32_t send_read(void) {
    return card_send(&card, read_all, sizeof read_all, &why);
}

static void chained_answer_is_joined(void **state) {
    (void)state;
    start("> 00B0000000\n< 01026103\n> 00C0000003\n< 0304056101\n> 00C0000001\n< 069000\n");
    assert_int_equal(send_read(), SHK_OK);
    assert_int_equal(card.sw, 0x9000);
    assert_int_equal(card.reply_len, 6);
    assert_memory_equal(card.reply, "\1\2\3\4\5\6", 6);
    assert_int_equal(card.apdu_count, 3);
    stop();
}

static void chain_without_end_is_given_up(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "> 00B0000000\n< 6100\n";
    for (int i = 0; i < 32; i++) {
        add(text, "> 00C0000000\n< 6100\n");
    }
    start(text);
    assert_int_equal(send_read(), SHK_E_CARD_ANSWER);
    assert_int_equal(why.native_kind, SHK_NATIVE_SW);
    assert_int_equal(why.native, 0x6100);
    assert_int_equal(card.apdu_count, 33);
    stop();
}

static void wrong_length_is_asked_again_once(void **state) {
    (void)state;
    start("> 00B0000000\n< 6C02\n> 00B0000002\n< 01029000\n");
    assert_int_equal(send_read(), SHK_OK);
    assert_int_equal(card.reply_len, 2);
    stop();
    start("> 00B0000000\n< 6C02\n> 00B0000002\n< 6C01\n");
    assert_int_equal(send_read(), SHK_OK);
    assert_int_equal(card.sw, 0x6C01);
    stop();
}

static void command_without_le_is_not_repeated(void **state) {
    (void)state;
    const uint8_t select[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18};
    start("> 00A4020C020018\n< 6C10\n");
    assert_int_equal(card_send(&card, select, sizeof select, &why), SHK_OK);
    assert_int_equal(card.sw, 0x6C10);
    stop();
}

static void send_once_follows_nothing(void **state) {
    (void)state;
    start("> 00B0000000\n< 6C02\n> 00B0000000\n< 6102\n");
    assert_int_equal(card_send_once(&card, read_all, sizeof read_all, &why), SHK_OK);
    assert_int_equal(card_send_once(&card, read_all, sizeof read_all, &why), SHK_OK);
    assert_int_equal(card.sw, 0x6102);
    stop();
}

static void answer_shorter_than_a_status_is_a_fault(void **state) {
    (void)state;
    start("> 00B0000000\n< 90\n");
    assert_int_equal(send_read(), SHK_E_CARD_ANSWER);
    stop();
    start("> 00B0000000\n<\n");
    assert_int_equal(send_read(), SHK_E_CARD_ANSWER);
    stop();
}

static const uint8_t aid[] = {0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
#define SELECT "> 00A4040C0AD392F000260100000001\n"

static void first_command_that_was_lost_is_repeated_once(void **state) {
    (void)state;
    start(SELECT "< 6F00\n" SELECT "< 9000\n");
    assert_int_equal(card_select_aid(&card, aid, sizeof aid, &why), SHK_OK);
    stop();
    start(SELECT "< 6F00\n" SELECT "< 6F00\n");
    assert_int_equal(card_select_aid(&card, aid, sizeof aid, &why), SHK_E_CARD_ANSWER);
    stop();
    start("> 00B0000000\n< 9000\n" SELECT "< 6F00\n");
    assert_int_equal(send_read(), SHK_OK);
    assert_int_equal(card_select_aid(&card, aid, sizeof aid, &why), SHK_E_CARD_ANSWER);
    stop();
}

static void foreign_card_is_not_a_my_number_card(void **state) {
    (void)state;
    static const char *const answers[] = {"6A82", "6999", "6D00", "6E00", "6A86", "6881", "6700"};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, SELECT "< %s\n", answers[i]);
        start(text);
        assert_int_equal(card_select_aid(&card, aid, sizeof aid, &why), SHK_E_NOT_MYNUMBER);
        assert_int_equal(why.native_kind, SHK_NATIVE_SW);
        stop();
    }
}

/* The selected file in short commands. */
static int32_t read_der(size_t max, struct bytes *out) {
    const struct card_read ask = {0};
    bytes_clear(out);
    int32_t rc = card_read_begin(&card, &ask, &why);
    return rc == SHK_OK ? card_read_rest(&card, 0x30, max, out, &why) : rc;
}

/* The script of one READ and an answer of n bytes that starts with `head`. */
static void add_read(char text[SCRIPT_MAX], size_t offset, unsigned le, const char *head, size_t n,
                     const char *sw) {
    char line[64];
    (void)snprintf(line, sizeof line, "> 00B0%04X%02X\n< %s", (unsigned)offset, le & 0xFF, head);
    add(text, line);
    for (size_t i = strlen(head) / 2; i < n; i++) {
        add(text, "AA");
    }
    add(text, sw);
    add(text, "\n");
}

static void object_is_read_in_pieces_and_trimmed(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "";
    struct bytes out = {0};
    add_read(text, 0, 0, "30820200", 256, "9000");
    add_read(text, 256, 0, "", 256, "9000");
    add_read(text, 512, 4, "", 4, "9000");
    start(text);
    assert_int_equal(read_der(4096, &out), SHK_OK);
    assert_int_equal(out.n, 516);
    bytes_clear(&out);
    stop();
}

static void filler_behind_a_short_object_is_left_out(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "";
    struct bytes out = {0};
    add_read(text, 0, 0, "3003", 256, "9000");
    start(text);
    assert_int_equal(read_der(4096, &out), SHK_OK);
    assert_int_equal(out.n, 5);
    bytes_clear(&out);
    stop();
}

static void card_that_gives_less_than_asked_is_asked_on(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "";
    struct bytes out = {0};
    add_read(text, 0, 0, "30820100", 100, "6282");
    add_read(text, 100, 160, "", 1, "9000");
    add_read(text, 101, 159, "", 159, "6282");
    start(text);
    assert_int_equal(read_der(4096, &out), SHK_OK);
    assert_int_equal(out.n, 260);
    bytes_clear(&out);
    stop();
}

static void card_that_gives_more_than_asked_does_not_overrun(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "";
    struct bytes out = {0};
    add_read(text, 0, 0, "30820100", 256, "9000");
    add_read(text, 256, 4, "", 200, "9000");
    start(text);
    assert_int_equal(read_der(4096, &out), SHK_OK);
    assert_int_equal(out.n, 260);
    bytes_clear(&out);
    stop();
}

static void expect_no_object(const char *text, size_t max) {
    struct bytes out = {0};
    start(text);
    assert_int_equal(read_der(max, &out), SHK_E_CARD_ANSWER);
    assert_null(out.p);
    stop();
}

static void what_is_no_object_is_a_fault(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "";
    expect_no_object("> 00B0000000\n< 9000\n", 4096);
    expect_no_object("> 00B0000000\n< 6282\n", 4096);
    expect_no_object("> 00B0000000\n< 30029000\n> 00B0000202\n< 6B00\n", 4096);
    expect_no_object("> 00B0000000\n< 30029000\n> 00B0000202\n< 9000\n", 4096);
    expect_no_object("> 00B0000000\n< 30009000\n", 4096);
    expect_no_object("> 00B0000000\n< 3082FFFFAA9000\n", 4096);
    expect_no_object("> 00B0000000\n< 30800000AA9000\n", 4096);
    expect_no_object("> 00B0000000\n< FFFFFFFF9000\n", 4096);
    expect_no_object("> 00B0000000\n< 6982\n", 4096);
    add_read(text, 0, 0, "30820FFD", 256, "9000");
    expect_no_object(text, 4096);
}

static void card_that_gives_single_bytes_is_given_up(void **state) {
    (void)state;
    char text[SCRIPT_MAX] = "";
    add_read(text, 0, 0, "30820200", 4, "9000");
    for (unsigned i = 0; i < 63; i++) {
        add_read(text, 4 + i, 516 - 4 - i < 256 ? 516 - 4 - i : 256, "", 1, "9000");
    }
    expect_no_object(text, 4096);
}

static void nothing_is_sent_without_a_transaction(void **state) {
    (void)state;
    start("");
    card_close(&card);
    assert_int_equal(send_read(), SHK_E_STATE);
    assert_int_equal(script.transmits, 0);
    stop();
}

static void failed_begin_lets_the_card_go(void **state) {
    (void)state;
    card_script_init(&script, "");
    fault_clear(&why);
    script.begin_fault = SHK_E_CARD_BUSY;
    assert_int_equal(card_init(&card, &card_script_ops, &script, NULL), SHK_OK);
    assert_int_equal(card_open(&card, "Script", &why), SHK_E_CARD_BUSY);
    assert_int_equal(script.disconnects, 1);
    assert_false(card.connected);
    card_clear(&card);
}

static void answers_are_forgotten_on_closing(void **state) {
    (void)state;
    start("> 00B0000000\n< 0102039000\n");
    assert_int_equal(send_read(), SHK_OK);
    card_close(&card);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(card.reply[i], 0);
    }
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chained_answer_is_joined),
        cmocka_unit_test(chain_without_end_is_given_up),
        cmocka_unit_test(wrong_length_is_asked_again_once),
        cmocka_unit_test(command_without_le_is_not_repeated),
        cmocka_unit_test(send_once_follows_nothing),
        cmocka_unit_test(answer_shorter_than_a_status_is_a_fault),
        cmocka_unit_test(first_command_that_was_lost_is_repeated_once),
        cmocka_unit_test(foreign_card_is_not_a_my_number_card),
        cmocka_unit_test(object_is_read_in_pieces_and_trimmed),
        cmocka_unit_test(filler_behind_a_short_object_is_left_out),
        cmocka_unit_test(card_that_gives_less_than_asked_is_asked_on),
        cmocka_unit_test(card_that_gives_more_than_asked_does_not_overrun),
        cmocka_unit_test(what_is_no_object_is_a_fault),
        cmocka_unit_test(card_that_gives_single_bytes_is_given_up),
        cmocka_unit_test(nothing_is_sent_without_a_transaction),
        cmocka_unit_test(failed_begin_lets_the_card_go),
        cmocka_unit_test(answers_are_forgotten_on_closing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
