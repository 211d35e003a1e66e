#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pcsc_table.h"
#include "shikaku/codes.h"

static void missing_library_is_no_pcsc(void **state) {
    (void)state;
    struct pcsc *p = NULL;
    assert_int_equal(pcsc_open("/nonexistent/libpcsclite.so.1", &p), SHK_E_NO_PCSC);
    assert_null(p);
    pcsc_close(&p);
}

/* The mathematics have none of the functions: every slot keeps its failing stub. */
static void library_without_the_functions_fails_cleanly(void **state) {
    (void)state;
    struct pcsc *p = NULL;
    pcsc_handle context = 0, card = 0;
    uint32_t protocol = 0;
    struct reader_list list;
    uint8_t rx[4];
    size_t n = sizeof rx;
    struct pcsc_watch watch = {.name = "x"};
    assert_int_equal(pcsc_open("libm.so.6", &p), SHK_OK);
    assert_int_equal(pcsc_establish(p, &context), PCSC_INTERNAL);
    assert_int_equal(pcsc_readers(p, context, &list), PCSC_INTERNAL);
    assert_int_equal(pcsc_wait(p, context, 0, &watch, 1), PCSC_INTERNAL);
    assert_int_equal(pcsc_connect(p, context, "x", &card, &protocol), PCSC_INTERNAL);
    assert_int_equal(pcsc_reconnect(p, card, &protocol), PCSC_INTERNAL);
    assert_int_equal(pcsc_begin(p, card), PCSC_INTERNAL);
    assert_int_equal(pcsc_transmit(p, card, 2, rx, 1, rx, &n), PCSC_INTERNAL);
    assert_int_equal(pcsc_control(p, card, 1, rx, 1, rx, &n), PCSC_INTERNAL);
    assert_int_equal(n, 0);
    n = sizeof rx;
    assert_int_equal(pcsc_attribute(p, card, PCSC_ATTRIBUTE_VENDOR, rx, &n), PCSC_INTERNAL);
    assert_int_equal(n, 0);
    assert_int_equal(pcsc_end(p, card, PCSC_UNPOWER_CARD), PCSC_INTERNAL);
    assert_int_equal(pcsc_disconnect(p, card, PCSC_LEAVE_CARD), PCSC_INTERNAL);
    pcsc_release(p, context);
    pcsc_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_library_is_no_pcsc),
        cmocka_unit_test(library_without_the_functions_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
