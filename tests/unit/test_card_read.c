#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "card.h"
#include "card_script.h"

#define SEQUENCE 0x30

static struct card_script script;
static struct card card;
static struct fault why;
static struct bytes text, out;

static void line(const char *what) {
    assert_int_equal(bytes_append_text(&text, what), SHK_OK);
}

/* An answer of n bytes that begins with `head`. */
static void answer(const char *head, size_t n, const char *sw) {
    line("< ");
    line(head);
    for (size_t i = strlen(head) / 2; i < n; i++) {
        line("AA");
    }
    line(sw);
    line("\n");
}

static void start(void) {
    card_script_init(&script, bytes_text(&text));
    fault_clear(&why);
    assert_int_equal(card_init(&card, &card_script_ops, &script, NULL), SHK_OK);
    assert_int_equal(card_open(&card, "Script", &why), SHK_OK);
}

static void stop(void) {
    card_clear(&card);
    bool done = card_script_done(&script);
    assert_string_equal(script.problem, "");
    assert_true(done);
    bytes_clear(&text);
    bytes_clear(&out);
}

static int32_t read_whole(const struct card_read *ask, size_t max) {
    start();
    int32_t rc = card_read_begin(&card, ask, &why);
    return rc == SHK_OK ? card_read_rest(&card, SEQUENCE, max, &out, &why) : rc;
}

static const struct card_read by_id = {.short_id = 0x0A};
static const struct card_read long_by_id = {.short_id = 0x0A, .extended = true};
static const struct card_read long_selected = {.extended = true};

static void each_form_is_its_own_command(void **state) {
    (void)state;
    static const struct {
        struct card_read ask;
        const char *command;
    } cases[] = {
        {{.short_id = 0x0A}, "> 00B08A0000\n"},
        {{.short_id = 0x06, .want = 32}, "> 00B0860020\n"},
        {{.short_id = 0x0A, .want = 256}, "> 00B08A0000\n"},
        {{.short_id = 0x0A, .extended = true}, "> 00B08A00000000\n"},
        {{.want = 3}, "> 00B0000003\n"},
        {{.extended = true, .want = 3}, "> 00B00000000000\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        line(cases[i].command);
        answer("01", 1, "9000");
        start();
        assert_int_equal(card_read_begin(&card, &cases[i].ask, &why), SHK_OK);
        assert_int_equal(card.reply_len, 1);
        stop();
    }
}

static void whole_object_in_one_long_answer(void **state) {
    (void)state;
    line("> 00B08A00000000\n");
    answer("308205D8", 1500, "9000");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_OK);
    assert_int_equal(out.n, 1500);
    stop();
}

static void longest_answer_fits(void **state) {
    (void)state;
    line("> 00B08A00000000\n");
    answer("308205D8", 65536, "9000");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_OK);
    assert_int_equal(card.reply_len, 65536);
    assert_int_equal(out.n, 1500);
    stop();
}

static void end_of_file_warning_is_an_answer(void **state) {
    (void)state;
    line("> 00B08A00000000\n");
    answer("300A", 12, "6282");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_OK);
    assert_int_equal(out.n, 12);
    stop();
}

static void short_long_answer_goes_on_by_offset(void **state) {
    (void)state;
    line("> 00B08A00000000\n");
    answer("30820200", 256, "9000");
    line("> 00B0010000\n");
    answer("", 256, "9000");
    line("> 00B0020004\n");
    answer("", 4, "9000");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_OK);
    assert_int_equal(out.n, 516);
    stop();
}

static void wrong_long_length_is_asked_again_once(void **state) {
    (void)state;
    line("> 00B08A00000000\n< 6C0C\n> 00B08A0000000C\n");
    answer("300A", 12, "9000");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_OK);
    assert_int_equal(out.n, 12);
    stop();
    /* 00 is 256 in a status word. */
    line("> 00B00000000000\n< 6C00\n> 00B00000000100\n");
    answer("300A", 256, "9000");
    assert_int_equal(read_whole(&long_selected, 4096), SHK_OK);
    stop();
    line("> 00B08A00000000\n< 6C0C\n> 00B08A0000000C\n< 6C0B\n");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.sw, 0x6C0B);
    stop();
}

static void chained_long_answer_is_joined(void **state) {
    (void)state;
    line("> 00B08A00000000\n");
    answer("308201FC", 256, "6100");
    line("> 00C0000000\n");
    answer("", 256, "9000");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_OK);
    assert_int_equal(out.n, 512);
    stop();
}

/* More than the longest answer there can be: not past the end of the buffer. */
static void chain_longer_than_any_buffer_is_given_up(void **state) {
    (void)state;
    line("> 00B08A00000000\n");
    answer("308205D8", 65535, "61FF");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.apdu_count, 1);
    stop();
}

static void chain_of_nothing_is_given_up(void **state) {
    (void)state;
    line("> 00B08A00000000\n< 6100\n");
    for (int i = 0; i < 32; i++) {
        line("> 00C0000000\n< 6100\n");
    }
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.apdu_count, 33);
    stop();
}

static void refusal_leaves_its_status_word(void **state) {
    (void)state;
    line("> 00B08A00000000\n< 6700\n");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.sw, 0x6700);
    assert_int_equal(why.native, 0x6700);
    stop();
    line("> 00B08A00000000\n< 9000\n");
    assert_int_equal(read_whole(&long_by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.sw, 0x9000);
    stop();
    line("> 00B08A0000\n! READER\n");
    assert_int_equal(read_whole(&by_id, 4096), SHK_E_READER);
    assert_int_equal(card.sw, 0);
    stop();
    line("> 00B08A0000\n< 90\n");
    assert_int_equal(read_whole(&by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.sw, 0);
    stop();
}

static void objects_of_other_tags_can_be_read(void **state) {
    (void)state;
    line("> 00B0820000\n");
    answer("FF2065", 104, "9000");
    start();
    static const struct card_read ask = {.short_id = 2};
    assert_int_equal(card_read_begin(&card, &ask, &why), SHK_OK);
    assert_int_equal(card_read_rest(&card, 0xFF20, 4096, &out, &why), SHK_OK);
    assert_int_equal(out.n, 104);
    assert_int_equal(card_read_rest(&card, SEQUENCE, 4096, &out, &why), SHK_E_CARD_ANSWER);
    assert_null(out.p);
    stop();
}

/* Small pieces, each of them in a chain: what one object may cost ends, well below both limits together. */
static void commands_for_one_object_are_bounded(void **state) {
    (void)state;
    line("> 00B08A0000\n");
    answer("30820FF8", 4, "9000");
    int32_t commands = 1;
    for (size_t at = 4; commands - 1 <= 128; at++) {
        char command[32];
        (void)snprintf(command, sizeof command, "> 00B0%04X00\n< 6101\n", (unsigned)at);
        line(command);
        for (int i = 0; i < 30; i++) {
            line("> 00C0000001\n< 6101\n");
        }
        line("> 00C0000001\n");
        answer("", 1, "9000");
        commands += 32;
    }
    assert_int_equal(read_whole(&by_id, 4096), SHK_E_CARD_ANSWER);
    assert_int_equal(card.apdu_count, commands);
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_its_own_command),
        cmocka_unit_test(whole_object_in_one_long_answer),
        cmocka_unit_test(longest_answer_fits),
        cmocka_unit_test(end_of_file_warning_is_an_answer),
        cmocka_unit_test(short_long_answer_goes_on_by_offset),
        cmocka_unit_test(wrong_long_length_is_asked_again_once),
        cmocka_unit_test(chained_long_answer_is_joined),
        cmocka_unit_test(chain_longer_than_any_buffer_is_given_up),
        cmocka_unit_test(chain_of_nothing_is_given_up),
        cmocka_unit_test(refusal_leaves_its_status_word),
        cmocka_unit_test(objects_of_other_tags_can_be_read),
        cmocka_unit_test(commands_for_one_object_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
