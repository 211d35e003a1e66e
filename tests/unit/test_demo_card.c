#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "identity.h"

static struct identity_source source;
static struct identity id;
static struct fault why;
static struct bytes signature;
static const uint8_t digest[32] = {1, 2, 3};

static int32_t read_card(void) {
    return source.ops->read(source.self, "", &id, &why);
}

static int32_t sign(const char *digits, bool spend_last_try) {
    static const struct pin none;
    struct pin pin = {.len = PIN_DIGITS};
    memcpy(pin.digits, digits, PIN_DIGITS);
    int32_t rc = source.ops->verify(source.self, &id, &pin, spend_last_try, &why);
    assert_memory_equal(&pin, &none, sizeof pin);
    return rc == SHK_OK
               ? source.ops->sign(source.self, &id, digest, sizeof digest, &signature, &why)
               : rc;
}

static void demo_card_counts_its_tries(void **state) {
    (void)state;
    assert_int_equal(demo_card_new("12x4", &source), SHK_E_ARGUMENT);
    assert_int_equal(demo_card_new("12345", &source), SHK_E_ARGUMENT);
    assert_int_equal(demo_card_new("1234", &source), SHK_OK);
    fault_clear(&why);
    assert_int_equal(sign("1234", false), SHK_E_STATE);
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(read_card(), SHK_OK);
    assert_string_equal(id.info.common_name, "DEMO");
    assert_string_equal(id.algorithm, "RS256");
    assert_true(id.certificate.n > 0);
    assert_int_equal(sign("12x4", false), SHK_E_PIN_FORMAT);
    assert_int_equal(id.tries_left, 3);
    fault_clear(&why);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    assert_int_equal(id.tries_left, 2);
    fault_clear(&why);
    id.tries_left = -1;
    assert_int_equal(source.ops->keep(source.self, &id, &why), SHK_OK);
    assert_int_equal(id.tries_left, 2);
    assert_int_equal(sign("1234", false), SHK_OK);
    assert_int_equal(signature.n, 256);
    assert_int_equal(id.tries_left, 3);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(sign("0000", false), SHK_E_PIN_WRONG);
    fault_clear(&why);
    assert_int_equal(sign("0000", false), SHK_E_PIN_LAST_TRY);
    assert_int_equal(id.tries_left, 1);
    fault_clear(&why);
    assert_int_equal(sign("0000", true), SHK_E_PIN_BLOCKED);
    fault_clear(&why);
    assert_int_equal(sign("1234", true), SHK_E_PIN_BLOCKED);
    fault_clear(&why);
    assert_int_equal(read_card(), SHK_E_PIN_BLOCKED);
    source.ops->finish(source.self);
    source.ops->free(source.self);
    identity_clear(&id);
    bytes_clear(&signature);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demo_card_counts_its_tries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
