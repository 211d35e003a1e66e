/* Documents in code page 932 while memory runs short: what cannot be looked up is not called lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oqs_help.h"
#include "oqs_write.h"
#include "wrap.h"

static int32_t put_instead(void *self, const char *element, size_t n, uint32_t code,
                           struct bytes *out) {
    int *called = self;
    (void)element, (void)n, (void)code;
    (*called)++;
    return bytes_append(out, "?", 1);
}

static int32_t write_face(const struct record_set *set, int *replaced, struct bytes *out) {
    const struct oqs_instead instead = {put_instead, replaced};
    struct fault why = {0};
    int32_t rc = oqs_write_face(set, NULL, 0, OQS_CP932, &instead, NULL, out, &why);
    assert_int_equal(rc, why.code);
    return rc;
}

/* Each call in its turn fails, alone and with all behind it. */
static void assert_each(const struct record_set *set, uint32_t kinds, bool more) {
    struct bytes whole = {0};
    int replaced = 0;
    assert_int_equal(write_face(set, &replaced, &whole), SHK_OK);
    bool met = true;
    for (uint64_t nth = 1; met; nth++) {
        struct bytes out = {0};
        wrap_nth(kinds, nth, more);
        int32_t rc = write_face(set, &replaced, &out);
        met = wrap_failures() > 0;
        wrap_none();
        assert_int_equal(replaced, 0);
        assert_true(rc == SHK_OK || (met && rc == SHK_E_MEMORY));
        assert_int_equal(out.n, rc == SHK_OK ? whole.n : 0);
        assert_true(rc != SHK_OK || memcmp(out.p, whole.p, whole.n) == 0);
        bytes_clear(&out);
    }
    bytes_clear(&whole);
}

static void no_character_is_replaced_for_want_of_memory(void **state) {
    struct record_set *set = read_sample("insurance_and_aid.xml", SHK_OK);
    (void)state;
    assert_each(set, WRAP_MEMORY | WRAP_TEXT, false);
    assert_each(set, WRAP_MEMORY | WRAP_TEXT, true);
    record_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_is_replaced_for_want_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
