/* Name, address, birth date and sex from the card: what is sent for them, and what the file may hold. The
 * virtual card ends the test when the individual number is touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "card_virtual.h"

#define CODE_B   "55040120350000" /* of the sample: 1980-04-01, 2035, 0000 */
#define TEXT_PIN "1234"
#define APDUS    6 /* of the whole sequence for a short file */

static const char *sample;
static struct card_virtual reader;
static struct env env;
static struct attributes_card *card;
static struct attributes_tries tries;
static struct attributes got;
static struct fault why;

static bool all_zero(const void *p, size_t n) {
    const uint8_t *b = p;
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= b[i];
    }
    return any == 0;
}

/* The sample's profile with further lines, beside it: its paths are relative. */
static void start_with(int32_t kind, const char *more) {
    char path[512], text[200];
    (void)snprintf(path, sizeof path, "%s.attributes", sample);
    FILE *from = fopen(sample, "rb"), *to = fopen(path, "wb");
    assert_non_null(from);
    assert_non_null(to);
    for (int c = fgetc(from); c != EOF; c = fgetc(from)) {
        (void)fputc(c, to);
    }
    (void)fputs(more, to);
    (void)fclose(from);
    assert_int_equal(fclose(to), 0);
    if (!card_virtual_init(&reader, path, text, sizeof text)) {
        fail_msg("%s", text);
    }
    (void)remove(path);
    env = (struct env){.card = &card_virtual_ops, .card_self = &reader};
    fault_clear(&why);
    assert_int_equal(attributes_new(&env, NULL, kind, &card), SHK_OK);
}

static void start(int32_t kind) {
    start_with(kind, "");
}

static int32_t open_card(void) {
    return attributes_open(card, CARD_VIRTUAL_READER, &tries, &why);
}

/* Sees to it that no path leaves behind what was typed. */
static int32_t type(const char *digits, bool spend_last_try) {
    struct pin pin = {.len = (uint8_t)strlen(digits)};
    memcpy(pin.digits, digits, strlen(digits) < CODE_B_DIGITS ? strlen(digits) : CODE_B_DIGITS);
    attributes_clear(&got);
    int32_t rc = attributes_read(card, &pin, spend_last_try, &got, &tries, &why);
    assert_true(all_zero(&pin, sizeof pin));
    assert_int_equal(rc == SHK_OK, got.name.n > 0);
    return rc;
}

static void expect(int32_t rc, int32_t code) {
    assert_int_equal(rc, code);
    assert_int_equal(why.code, code);
    fault_clear(&why);
}

/* Finishes, and sees to it that the card was powered down and let go. */
static void stop(void) {
    attributes_finish(card);
    assert_false(reader.in_transaction);
    assert_false(reader.connected);
    assert_int_equal(reader.power_downs, reader.begins);
    assert_int_equal(reader.connects, reader.disconnects);
    attributes_free(&card);
    attributes_clear(&got);
    assert_true(all_zero(&got, sizeof got));
    card_virtual_clear(&reader);
}

static void assert_sent(size_t index, const char *head) {
    char hex[15] = "";
    hex_encode(reader.trace[index].head, strlen(head) / 2, hex);
    assert_string_equal(hex, head);
}

static void whole_read_sends_these_commands(void **state) {
    (void)state;
    static const char *const heads[APDUS] = {"00a4040c0ad392", "00a4020c020015", "00200080",
                                             "002000800e",     "00a4020c020002", "00b0000000"};
    start(SHK_PIN_CODE_B);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(tries.left, 10);
    assert_int_equal(type(CODE_B, false), SHK_OK);
    assert_string_equal(bytes_text(&got.name), "見本　太郎");
    assert_string_equal(bytes_text(&got.address), "見本県見本市見本町１－１");
    assert_string_equal(got.birth_date, "19800401");
    assert_int_equal(got.sex, '1');
    assert_int_equal(reader.transmits, APDUS);
    assert_int_equal(attributes_apdus(card), APDUS);
    for (size_t i = 0; i < APDUS; i++) {
        assert_sent(i, heads[i]);
    }
    assert_int_equal(reader.trace[2].len, 4);
    assert_int_equal(reader.trace[3].len, 19);
    assert_int_equal(reader.verifies, 1);
    expect(type(CODE_B, true), SHK_E_STATE);
    assert_int_equal(reader.transmits, APDUS);
    stop();
}

static void the_pin_of_the_application_opens_them_too(void **state) {
    (void)state;
    start(SHK_PIN_TEXT);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(tries.left, 3);
    assert_sent(1, "00a4020c020011");
    expect(type(CODE_B, true), SHK_E_PIN_FORMAT);
    assert_int_equal(type(TEXT_PIN, false), SHK_OK);
    assert_sent(3, "0020008004");
    assert_int_equal(reader.transmits, APDUS);
    stop();
}

/* Three bytes each; the profile has room for 255 and 1023. */
static void repeat(char *out, size_t times) {
    for (size_t i = 0; i < times; i++) {
        memcpy(out + 3 * i, "見", 3);
    }
    out[3 * times] = '\0';
}

static void long_names_take_more_reads(void **state) {
    (void)state;
    static const size_t names[] = {42, 43, 85}, addresses[] = {20, 86, 340};
    for (size_t i = 0; i < 3; i++) {
        char name[256], address[1024], more[1400];
        repeat(name, names[i]);
        repeat(address, addresses[i]);
        (void)snprintf(more, sizeof more, "name = %s\naddress = %s\nchaining_61xx = %d\n", name,
                       address, i == 1 ? 100 : 0);
        start_with(SHK_PIN_CODE_B, more);
        assert_int_equal(open_card(), SHK_OK);
        assert_int_equal(type(CODE_B, false), SHK_OK);
        assert_string_equal(bytes_text(&got.name), name);
        assert_string_equal(bytes_text(&got.address), address);
        stop();
    }
}

static void wrong_code_counts_down_to_the_last_try(void **state) {
    (void)state;
    static const char *const other[] = {"55040120350001", "55040120350002", "55040120350003"};
    start_with(SHK_PIN_CODE_B, "code_b_tries = 3\n");
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(tries.left, 3);
    expect(type(other[0], false), SHK_E_CODE_WRONG);
    assert_int_equal(tries.left, 2);
    expect(type(other[1], false), SHK_E_CODE_WRONG);
    assert_int_equal(tries.left, 1);
    uint32_t before = reader.transmits;
    expect(type(other[2], false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(reader.transmits, before);
    expect(type(other[2], true), SHK_E_CODE_BLOCKED);
    assert_int_equal(tries.left, 0);
    expect(type(CODE_B, true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 3);
    attributes_finish(card);
    expect(open_card(), SHK_E_CODE_BLOCKED);
    assert_int_equal(reader.verifies, 3);
    stop();
}

static void refused_as_the_same(const char *digits, bool spend_last_try) {
    uint32_t before = reader.transmits;
    struct attributes_tries told = tries;
    expect(type(digits, spend_last_try), SHK_E_PIN_SAME);
    assert_int_equal(reader.transmits, before);
    assert_int_equal(tries.left, told.left);
    assert_int_equal(tries.unlimited, told.unlimited);
}

/* Neither in one transaction of the number on the face, nor in one of the PIN; in another one they are. */
static void wrong_digits_are_not_sent_twice(void **state) {
    (void)state;
    static const char *const wrong[] = {"55040120350001", "4321"}, *const right[] = {CODE_B,
                                                                                     "1234"};
    for (size_t i = 0; i < 2; i++) {
        start(i == 0 ? SHK_PIN_CODE_B : SHK_PIN_TEXT);
        assert_int_equal(open_card(), SHK_OK);
        expect(type(wrong[i], false), SHK_E_CODE_WRONG);
        refused_as_the_same(wrong[i], false);
        refused_as_the_same(wrong[i], true);
        assert_int_equal(reader.verifies, 1);
        attributes_finish(card);
        assert_int_equal(open_card(), SHK_OK);
        expect(type(wrong[i], false), SHK_E_CODE_WRONG);
        refused_as_the_same(wrong[i], true);
        assert_int_equal(type(right[i], true), SHK_OK);
        assert_int_equal(reader.verifies, 3);
        stop();
    }
}

static void right_code_after_a_wrong_one_is_taken(void **state) {
    (void)state;
    start(SHK_PIN_CODE_B);
    assert_int_equal(open_card(), SHK_OK);
    expect(type("55040120350001", false), SHK_E_CODE_WRONG);
    assert_int_equal(type(CODE_B, false), SHK_OK);
    assert_int_equal(reader.verifies, 2);
    stop();
}

static void what_is_no_code_is_never_sent(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "1234",
        "123456789012", /* as long as an individual number */
        "5504012035000",
        "5504012035000a",
        "５５０４",       /* twelve bytes */
        "55130120350000", /* month */
        "55000120350000",
        "55043120350000", /* day */
        "55040020350000",
        "55023020350000",
        "55040120140000", /* expiry */
        "55040121000000",
        "55040100000000",
    };
    start(SHK_PIN_CODE_B);
    assert_int_equal(open_card(), SHK_OK);
    uint32_t before = reader.transmits;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect(type(bad[i], true), SHK_E_CODE_FORMAT);
    }
    assert_int_equal(reader.transmits, before);
    assert_int_equal(type(CODE_B, false), SHK_OK);
    stop();
    start(SHK_PIN_TEXT);
    assert_int_equal(open_card(), SHK_OK);
    static const char *const no_pin[] = {"", "123", "12345", "12a4", CODE_B, "123456789012"};
    for (size_t i = 0; i < sizeof no_pin / sizeof no_pin[0]; i++) {
        expect(type(no_pin[i], true), SHK_E_PIN_FORMAT);
    }
    assert_int_equal(reader.verifies, 0);
    stop();
}

/* Of a foreign resident the two digits may be those of the Gregorian year; 29 February is a day of some year. */
static void any_year_of_birth_may_be_sent(void **state) {
    (void)state;
    static const char *const good[] = {"55021720352285", "01022920990000", "99123120150000",
                                       "64010720351234"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct pin pin = {.len = CODE_B_DIGITS};
        memcpy(pin.digits, good[i], CODE_B_DIGITS);
        assert_true(pin_kind_fits(SHK_PIN_CODE_B, &pin));
        assert_false(pin_kind_fits(SHK_PIN_TEXT, &pin));
        assert_false(pin_kind_fits(SHK_PIN_AUTH, &pin));
    }
}

/* Puts a status word in place of the answer to one command. */
struct spoiled {
    uint32_t at;
    uint16_t sw;
};
static struct spoiled spoiled;

static void spoil(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    (void)self, (void)cap;
    if (n == spoiled.at) {
        rx[0] = (uint8_t)(spoiled.sw >> 8);
        rx[1] = (uint8_t)spoiled.sw;
        *rx_len = 2;
    }
}

static void answer(uint32_t at, uint16_t sw) {
    spoiled = (struct spoiled){at, sw};
    reader.spoil = spoil;
}

static int32_t open_with_query(int32_t kind, uint16_t sw) {
    start(kind);
    answer(3, sw);
    return open_card();
}

static void a_code_without_a_limit_needs_no_word(void **state) {
    (void)state;
    assert_int_equal(open_with_query(SHK_PIN_CODE_B, 0x6300), SHK_OK);
    assert_int_equal(tries.left, -1);
    assert_true(tries.unlimited);
    answer(4, 0x6300);
    expect(type("55040120350001", false), SHK_E_CODE_WRONG);
    assert_true(tries.unlimited);
    refused_as_the_same("55040120350001", false);
    assert_int_equal(type(CODE_B, false), SHK_OK);
    stop();
}

/* Of the PIN it is known that it has a limit. */
static void a_counter_that_is_not_known_needs_the_word(void **state) {
    (void)state;
    static const struct {
        int32_t kind;
        uint16_t sw;
        const char *digits;
    } cases[] = {{SHK_PIN_TEXT, 0x6300, TEXT_PIN}, {SHK_PIN_TEXT, 0x6700, TEXT_PIN},
                 {SHK_PIN_CODE_B, 0x6700, CODE_B}, {SHK_PIN_CODE_B, 0x6A86, CODE_B},
                 {SHK_PIN_CODE_B, 0x6D00, CODE_B}, {SHK_PIN_CODE_B, 0x63C1, CODE_B}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(open_with_query(cases[i].kind, cases[i].sw), SHK_OK);
        assert_int_equal(tries.left, cases[i].sw == 0x63C1 ? 1 : -1);
        assert_false(tries.unlimited);
        expect(type(cases[i].digits, false), SHK_E_PIN_LAST_TRY);
        assert_int_equal(reader.verifies, 0);
        assert_int_equal(type(cases[i].digits, true), SHK_OK);
        stop();
    }
}

static void blocked_and_strange_answers_end_it(void **state) {
    (void)state;
    static const struct {
        uint16_t sw;
        int32_t code;
    } cases[] = {{0x63C0, SHK_E_CODE_BLOCKED}, {0x6983, SHK_E_CODE_BLOCKED},
                 {0x6984, SHK_E_CODE_BLOCKED}, {0x6986, SHK_E_CARD_RESET},
                 {0x6982, SHK_E_CARD_ANSWER},  {0x6F00, SHK_E_CARD_ANSWER}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(open_with_query(SHK_PIN_CODE_B, cases[i].sw), cases[i].code);
        expect(type(CODE_B, true), SHK_E_STATE);
        assert_int_equal(reader.verifies, 0);
        stop();
    }
}

static void after_a_try_of_unknown_result_no_other_is_sent(void **state) {
    (void)state;
    start(SHK_PIN_CODE_B);
    assert_int_equal(open_card(), SHK_OK);
    answer(4, 0x6581);
    expect(type(CODE_B, false), SHK_E_CARD_ANSWER);
    assert_int_equal(tries.left, -1);
    expect(type(CODE_B, true), SHK_E_STATE);
    assert_int_equal(reader.verifies, 1);
    stop();
}

static void a_code_verified_by_another_program_is_forgotten_first(void **state) {
    (void)state;
    assert_int_equal(open_with_query(SHK_PIN_CODE_B, 0x9000), SHK_OK);
    assert_int_equal(reader.connects, 2);
    assert_int_equal(reader.power_downs, 1);
    assert_int_equal(tries.left, 10);
    assert_int_equal(attributes_apdus(card), 6);
    assert_int_equal(type(CODE_B, false), SHK_OK);
    stop();
}

static void a_card_without_what_opens_them_says_so(void **state) {
    (void)state;
    start(SHK_PIN_CODE_B);
    answer(2, 0x6A82);
    expect(open_card(), SHK_E_ATTRIBUTES);
    stop();
    static const uint16_t absent[] = {0x6A82, 0x6A88};
    for (size_t i = 0; i < 4; i++) {
        bool code_b = i < 2;
        expect(open_with_query(code_b ? SHK_PIN_CODE_B : SHK_PIN_TEXT, absent[i % 2]),
               SHK_E_ATTRIBUTES);
        expect(type(code_b ? CODE_B : TEXT_PIN, true), SHK_E_STATE);
        assert_int_equal(reader.transmits, 3);
        stop();
    }
    start_with(SHK_PIN_CODE_B, "android = yes\n"); /* a phone has no such application */
    expect(open_card(), SHK_E_NOT_MYNUMBER);
    assert_int_equal(reader.transmits, 1);
    stop();
}

static void keep_asks_for_the_counter_alone(void **state) {
    (void)state;
    start(SHK_PIN_CODE_B);
    expect(attributes_keep(card, &tries, &why), SHK_E_STATE);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(attributes_keep(card, &tries, &why), SHK_OK);
    assert_int_equal(tries.left, 10);
    assert_int_equal(reader.transmits, 4);
    assert_int_equal(reader.trace[3].len, 4);
    answer(5, 0x6D00); /* where a counter was there is none: another card, or another state */
    expect(attributes_keep(card, &tries, &why), SHK_E_CARD_ANSWER);
    expect(type(CODE_B, true), SHK_E_STATE);
    stop();
}

static void removed_reset_or_lost_at_every_command(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_CARD_REMOVED, SHK_E_CARD_RESET, SHK_E_READER};
    for (size_t accident = 0; accident < 3; accident++) {
        for (uint32_t at = 1; at <= APDUS; at++) {
            start(SHK_PIN_CODE_B);
            reader.remove_at = accident == 0 ? at : 0;
            reader.reset_at = accident == 1 ? at : 0;
            reader.fail_at = accident == 2 ? at : 0;
            reader.fail_code = SHK_E_READER;
            int32_t rc = open_card();
            rc = rc == SHK_OK ? type(CODE_B, false) : rc;
            expect(rc, codes[accident]);
            assert_int_equal(reader.transmits, at);
            assert_int_equal(reader.verifies, at >= 4);
            expect(type(CODE_B, true), SHK_E_STATE);
            expect(attributes_keep(card, &tries, &why), SHK_E_STATE);
            assert_int_equal(reader.transmits, at);
            stop();
        }
    }
}

static void file_that_is_none_of_ours_is_refused(void **state) {
    (void)state;
    start_with(SHK_PIN_CODE_B, "birth = 19800230\n");
    assert_int_equal(open_card(), SHK_OK);
    expect(type(CODE_B, false), SHK_E_ATTRIBUTES);
    stop();
    start(SHK_PIN_CODE_B);
    assert_int_equal(open_card(), SHK_OK);
    answer(6, 0x6982);
    expect(type(CODE_B, false), SHK_E_CARD_ANSWER);
    stop();
}

/* A published sample of a test card, 104 bytes. */
static const uint8_t vector[] = {
    0xFF, 0x20, 0x65, 0xDF, 0x21, 0x08, 0x00, 0x0E, 0x00, 0x20, 0x00, 0x59, 0x00, 0x64, 0xDF,
    0x22, 0x0F, 0xE9, 0xBB, 0x92, 0xE6, 0xA1, 0x90, 0xE3, 0x80, 0x80, 0xE5, 0xB9, 0xB9, 0xE4,
    0xB9, 0x9F, 0xDF, 0x23, 0x36, 0xE6, 0x9D, 0xB1, 0xE4, 0xBA, 0xAC, 0xE9, 0x83, 0xBD, 0xE6,
    0xB8, 0x85, 0xE7, 0x80, 0xAC, 0xE5, 0xB8, 0x82, 0xE8, 0xA6, 0xB3, 0xE5, 0xB8, 0x83, 0xE5,
    0xAD, 0x90, 0xE5, 0x8D, 0x97, 0xEF, 0xBC, 0x91, 0xEF, 0xBC, 0x92, 0xEF, 0xBC, 0x8D, 0xEF,
    0xBC, 0x97, 0xEF, 0xBC, 0x8D, 0xEF, 0xBC, 0x92, 0xEF, 0xBC, 0x90, 0xEF, 0xBC, 0x92, 0xDF,
    0x24, 0x08, 0x31, 0x39, 0x38, 0x30, 0x30, 0x32, 0x31, 0x37, 0xDF, 0x25, 0x01, 0x31};

static void published_sample_is_read(void **state) {
    (void)state;
    assert_int_equal(sizeof vector, 104);
    assert_int_equal(attributes_parse(vector, sizeof vector, &got, &why), SHK_OK);
    assert_string_equal(bytes_text(&got.name), "黒桐　幹也");
    assert_string_equal(bytes_text(&got.address), "東京都清瀬市観布子南１２－７－２０２");
    assert_string_equal(got.birth_date, "19800217");
    assert_int_equal(got.sex, '1');
    attributes_clear(&got);
}

static struct bytes file;

static void put(unsigned tag, const void *p, size_t n) {
    const uint8_t head[] = {(uint8_t)(tag >> 8), (uint8_t)tag, 0x82, (uint8_t)(n >> 8), (uint8_t)n};
    assert_int_equal(bytes_append(&file, head, sizeof head), SHK_OK);
    assert_int_equal(bytes_append(&file, p, n), SHK_OK);
}

static void put_text(unsigned tag, const char *text) {
    put(tag, text, strlen(text));
}

static int32_t parse_file(void) {
    struct bytes inner = file;
    file = (struct bytes){0};
    put(ATTRIBUTES_TAG, inner.p, inner.n);
    put_text(0xFFFF, "filler");
    attributes_clear(&got);
    int32_t rc = attributes_parse(file.p, file.n, &got, &why);
    assert_int_equal(rc, why.code);
    assert_true(rc == SHK_OK || all_zero(&got, sizeof got));
    fault_clear(&why);
    bytes_clear(&inner);
    bytes_clear(&file);
    return rc;
}

/* The usual four, one of them with another value; null: it is missing. */
static int32_t parse_with(unsigned tag, const char *value, size_t n) {
    static const char *const usual[] = {"見本　太郎", "見本県", "19800401", "2"};
    for (unsigned i = 0; i < 4; i++) {
        if (0xDF22 + i != tag) {
            put_text(0xDF22 + i, usual[i]);
        } else if (value != NULL) {
            put(tag, value, n);
        }
    }
    return parse_file();
}

static void every_attribute_is_needed_once(void **state) {
    (void)state;
    assert_int_equal(parse_with(0, NULL, 0), SHK_OK);
    for (unsigned tag = 0xDF22; tag <= 0xDF25; tag++) {
        assert_int_equal(parse_with(tag, NULL, 0), SHK_E_ATTRIBUTES);
        assert_int_equal(parse_with(tag, "", 0), SHK_E_ATTRIBUTES);
        put_text(tag, tag == 0xDF24 ? "19800401" : "1");
        assert_int_equal(parse_with(0, NULL, 0), SHK_E_ATTRIBUTES);
    }
    put_text(0xDF7E, "of another day");
    assert_int_equal(bytes_append(&file, "\x5A\x01\x00", 3), SHK_OK);
    assert_int_equal(parse_with(0, NULL, 0), SHK_OK);
}

static void what_is_no_value_is_refused(void **state) {
    (void)state;
    static const char *const dates[] = {"1980040",  "198004010", "1980-4-1", "19801301", "19800431",
                                        "19810229", "19000229",  "18670101", "19800400", "２０"};
    static const char *const sexes[] = {"3", "m", "11", " "};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        assert_int_equal(parse_with(0xDF24, dates[i], strlen(dates[i])), SHK_E_ATTRIBUTES);
    }
    for (size_t i = 0; i < sizeof sexes / sizeof sexes[0]; i++) {
        assert_int_equal(parse_with(0xDF25, sexes[i], strlen(sexes[i])), SHK_E_ATTRIBUTES);
    }
    assert_int_equal(parse_with(0xDF24, "20000229", 8), SHK_OK);
    assert_int_equal(parse_with(0xDF25, "9", 1), SHK_OK);
    assert_int_equal(parse_with(0xDF22, "\xE8\xA6", 2), SHK_E_ATTRIBUTES);
    assert_int_equal(parse_with(0xDF22, "a\0b", 3), SHK_E_ATTRIBUTES);
    assert_int_equal(parse_with(0xDF23, "a\nb", 3), SHK_E_ATTRIBUTES);
    assert_int_equal(parse_with(0xDF23, "\xED\xA0\x80", 3), SHK_E_ATTRIBUTES);
}

static void every_cut_is_refused(void **state) {
    (void)state;
    for (size_t n = 0; n < sizeof vector; n++) {
        uint8_t *copy = malloc(n + 1); /* its end is the end for the sanitizer */
        uint8_t *exact = realloc(copy, n > 0 ? n : 1);
        assert_non_null(exact);
        memcpy(exact, vector, n);
        expect(attributes_parse(exact, n, &got, &why), SHK_E_ATTRIBUTES);
        free(exact);
    }
}

static void no_damage_goes_beyond_the_file(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (uint32_t round = 0; round < 60000; round++) {
        uint8_t *copy = malloc(sizeof vector);
        assert_non_null(copy);
        memcpy(copy, vector, sizeof vector);
        for (uint32_t i = 0; i <= round % 4; i++) {
            seed = seed * 1664525u + 1013904223u;
            copy[(seed >> 8) % sizeof vector] = (uint8_t)(seed >> 24);
        }
        int32_t rc = attributes_parse(copy, sizeof vector, &got, &why);
        assert_true(rc == SHK_OK || rc == SHK_E_ATTRIBUTES);
        assert_true(rc == SHK_OK || all_zero(&got, sizeof got));
        attributes_clear(&got);
        fault_clear(&why);
        free(copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_read_sends_these_commands),
        cmocka_unit_test(the_pin_of_the_application_opens_them_too),
        cmocka_unit_test(long_names_take_more_reads),
        cmocka_unit_test(wrong_code_counts_down_to_the_last_try),
        cmocka_unit_test(wrong_digits_are_not_sent_twice),
        cmocka_unit_test(right_code_after_a_wrong_one_is_taken),
        cmocka_unit_test(what_is_no_code_is_never_sent),
        cmocka_unit_test(any_year_of_birth_may_be_sent),
        cmocka_unit_test(a_code_without_a_limit_needs_no_word),
        cmocka_unit_test(a_counter_that_is_not_known_needs_the_word),
        cmocka_unit_test(blocked_and_strange_answers_end_it),
        cmocka_unit_test(after_a_try_of_unknown_result_no_other_is_sent),
        cmocka_unit_test(a_code_verified_by_another_program_is_forgotten_first),
        cmocka_unit_test(a_card_without_what_opens_them_says_so),
        cmocka_unit_test(keep_asks_for_the_counter_alone),
        cmocka_unit_test(removed_reset_or_lost_at_every_command),
        cmocka_unit_test(file_that_is_none_of_ours_is_refused),
        cmocka_unit_test(published_sample_is_read),
        cmocka_unit_test(every_attribute_is_needed_once),
        cmocka_unit_test(what_is_no_value_is_refused),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(no_damage_goes_beyond_the_file),
    };
    sample = getenv("CARD_PROFILE");
    if (sample == NULL) {
        (void)fprintf(stderr, "CARD_PROFILE names the profile of a virtual card\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
