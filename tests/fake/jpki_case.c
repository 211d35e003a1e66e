#include "jpki_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "virtual_card.h"

static const char *profile;
struct card_virtual reader;
struct card_shy shy;
struct jpki j;
struct identity_rules rules;
struct habits *habits;
struct fault why;
struct bytes certificate;
static struct env env;
static struct bytes known; /* the certificate, as plan A reads it */

static void load_variant(const char *lines, char *text, size_t cap) {
    char path[512], copy[8192];
    (void)snprintf(path, sizeof path, "%s.jpki.%p", profile, (void *)&reader);
    FILE *from = fopen(profile, "r"), *to = fopen(path, "w");
    assert_non_null(from);
    assert_non_null(to);
    size_t n = fread(copy, 1, sizeof copy, from);
    assert_int_equal(fwrite(copy, 1, n, to), n);
    assert_true(fprintf(to, "\n%s\n", lines) > 0);
    (void)fclose(from);
    assert_int_equal(fclose(to), 0);
    bool loaded = card_virtual_init(&reader, path, text, cap);
    (void)remove(path);
    if (!loaded) {
        fail_msg("%s", text);
    }
}

void begin_case(const char *lines) {
    char text[200];
    load_variant(lines != NULL ? lines : "", text, sizeof text);
    shy = (struct card_shy){.card = &reader};
    env = (struct env){.card = &card_shy_ops, .card_self = &shy};
    rules = (struct identity_rules){0};
    fault_clear(&why);
    assert_int_equal(habits_new(&habits), SHK_OK);
    assert_int_equal(jpki_init(&j, &env, &rules, habits, NULL), SHK_OK);
}

void reader_says(uint32_t apdu_max) {
    reader.traits.says_size = true;
    reader.traits.apdu_max = apdu_max;
}

void end_case(void) {
    jpki_close(&j);
    assert_int_equal(why.code, 0);
    assert_false(reader.in_transaction);
    assert_int_equal(reader.power_downs, reader.begins);
    assert_int_equal(reader.connects, reader.disconnects);
    jpki_clear(&j);
    habits_free(&habits);
    bytes_clear(&certificate);
    card_virtual_clear(&reader);
}

void next_card(void) {
    jpki_close(&j);
    struct reader_traits traits = reader.traits;
    card_virtual_rewind(&reader);
    reader.traits = traits;
    shy.said = shy.refused = shy.traits_asked = 0;
}

int32_t open_card(void) {
    return jpki_open(&j, CARD_VIRTUAL_READER, false, &why);
}

int32_t read_it(void) {
    return jpki_read_certificate(&j, &certificate, &why);
}

int32_t verify_it(const char *digits) {
    struct pin pin = {.len = PIN_DIGITS};
    memcpy(pin.digits, digits, PIN_DIGITS);
    int32_t rc = jpki_verify(&j, &pin, &why);
    const uint8_t *p = (const uint8_t *)&pin;
    for (size_t i = 0; i < sizeof pin; i++) {
        assert_int_equal(p[i], 0);
    }
    return rc;
}

int32_t sign_it(void) {
    uint8_t input[DIGEST_INFO_LEN] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    return jpki_sign(&j, input, sizeof input, &why);
}

void whole_check(void) {
    uint32_t before = vcard_verify_count(reader.card);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(read_it(), SHK_OK);
    assert_int_equal(certificate.n, known.n);
    assert_memory_equal(certificate.p, known.p, known.n);
    assert_int_equal(jpki_query(&j, &why), SHK_OK);
    assert_int_equal(j.card.sw, 0x63C3);
    assert_int_equal(verify_it("1234"), SHK_OK);
    assert_int_equal(j.card.sw, 0x9000);
    assert_int_equal(sign_it(), SHK_OK);
    assert_int_equal(j.card.sw, 0x9000);
    assert_int_equal(j.card.reply_len, 256);
    assert_int_equal(vcard_verify_count(reader.card) - before, 1);
    assert_int_equal(vcard_pin_tries(reader.card), 3);
    assert_int_equal(why.code, 0);
    assert_int_equal(jpki_apdus(&j), shy.said);
}

bool was_said(const char *head) {
    for (uint32_t i = 0; i < shy.said && i < CARD_SHY_TRACE; i++) {
        if (text_starts(shy.trace[i], head)) {
            return true;
        }
    }
    return false;
}

void expect_commands(const char *const *heads) {
    uint32_t n = 0;
    for (; heads[n] != NULL; n++) {
        assert_true(n < shy.said);
        assert_string_equal(shy.trace[n], heads[n]);
    }
    assert_int_equal(shy.said, n);
}

bool jpki_case_set_up(void) {
    profile = getenv("CARD_PROFILE");
    if (profile == NULL) {
        (void)fprintf(stderr, "CARD_PROFILE names the profile of a virtual card\n");
        return false;
    }
    begin_case(NULL);
    rules.no_short_ids = true;
    rules.extended = EXTENDED_NEVER;
    bool good = open_card() == SHK_OK && read_it() == SHK_OK;
    known = certificate;
    certificate = (struct bytes){0};
    end_case();
    return good;
}
