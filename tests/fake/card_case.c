#include "card_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *case_profile;
int64_t wall_now;
struct card_virtual reader;
static struct env env;
struct identity_source source;
struct identity id;
struct fault why;
struct bytes signature;
struct identity_rules rules;
struct habits *habits;
const uint8_t digest[32] = {1, 2, 3};

static int64_t wall_s(void *self) {
    (void)self;
    return wall_now;
}

const struct clock_ops fixed_clock = {NULL, wall_s};

void start_with(const char *profile) {
    char text[200];
    if (!card_virtual_init(&reader, profile, text, sizeof text)) {
        fail_msg("%s", text);
    }
    env = (struct env){.clock = &fixed_clock, .card = &card_virtual_ops, .card_self = &reader};
    fault_clear(&why);
    assert_int_equal(mynumber_new(&env, NULL, &rules, habits, &source), SHK_OK);
}

void start(void) {
    start_with(case_profile);
}

int32_t read_card(void) {
    return source.ops->read(source.self, CARD_VIRTUAL_READER, &id, &why);
}

bool all_zero(const void *p, size_t n) {
    const uint8_t *b = p;
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= b[i];
    }
    return any == 0;
}

int32_t sign(const char *digits, bool spend_last_try) {
    struct pin pin = {.len = (uint8_t)strlen(digits)};
    memcpy(pin.digits, digits, strlen(digits) < PIN_DIGITS ? strlen(digits) : PIN_DIGITS);
    bytes_clear(&signature);
    int32_t rc = source.ops->verify(source.self, &id, &pin, spend_last_try, &why);
    assert_true(all_zero(&pin, sizeof pin));
    return rc == SHK_OK
               ? source.ops->sign(source.self, &id, digest, sizeof digest, &signature, &why)
               : rc;
}

void stop(void) {
    source.ops->finish(source.self);
    assert_false(reader.in_transaction);
    assert_false(reader.connected);
    assert_int_equal(reader.power_downs, reader.begins);
    assert_int_equal(reader.connects, reader.disconnects);
    source.ops->free(source.self);
    identity_clear(&id);
    bytes_clear(&signature);
    card_virtual_clear(&reader);
}

bool case_set_up(void) {
    case_profile = getenv("CARD_PROFILE");
    if (case_profile == NULL) {
        (void)fprintf(stderr, "CARD_PROFILE names the profile of a virtual card\n");
        return false;
    }
    wall_now = INT64_MAX;
    start();
    (void)read_card();
    wall_now = id.info.not_before_s + 3600;
    stop();
    return true;
}
