#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "crypto.h"
#include "shikaku/codes.h"
#include "stored_key_place.h"

static const uint8_t thumbprint[STORED_THUMBPRINT] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
                                                      0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD,
                                                      0xEE, 0xFF, 0x01, 0x23, 0x45, 0x67};

static void a_thumbprint_is_read_as_the_dialog_gives_it(void **state) {
    (void)state;
    static const char *const all[] = {
        "my/00112233445566778899aabbccddeeff01234567",
        "my/00112233445566778899AABBCCDDEEFF01234567",
        ("my/\xE2\x80\x8E"
         "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 01 23 45 67"),
        "my/00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:01:23:45:67 ",
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct stored_place place;
        assert_true(stored_place_read(all[i], &place));
        assert_false(place.machine || place.by_name);
        assert_memory_equal(place.thumbprint, thumbprint, sizeof thumbprint);
    }
}

static void the_machine_has_a_store_of_its_own(void **state) {
    (void)state;
    struct stored_place place;
    assert_true(stored_place_read("machine/00112233445566778899aabbccddeeff01234567", &place));
    assert_true(place.machine && !place.by_name);
}

static void anything_else_is_a_name(void **state) {
    (void)state;
    static const char *const all[] = {"見本クリニック 受付1", "0011", "device/01",
                                      "00112233445566778899aabbccddeeff0123456",
                                      "00112233445566778899aabbccddeeff012345678"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct stored_place place;
        char text[128];
        text_format(text, sizeof text, "my/%s", all[i]);
        assert_true(stored_place_read(text, &place));
        assert_true(place.by_name);
        assert_string_equal(place.name, all[i]);
    }
}

static void what_names_no_store_is_refused(void **state) {
    (void)state;
    static const char *const all[] = {"",       "my",   "my/", "machine/",
                                      "root/x", "My/x", "/x",  "mymachine/x"};
    char long_name[300] = "my/";
    struct stored_place place;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_false(stored_place_read(all[i], &place));
    }
    memset(long_name + 3, 'x', STORED_NAME_MAX);
    long_name[3 + STORED_NAME_MAX] = '\0';
    assert_true(stored_place_read(long_name, &place));
    long_name[3 + STORED_NAME_MAX] = 'x';
    long_name[4 + STORED_NAME_MAX] = '\0';
    assert_false(stored_place_read(long_name, &place));
}

/* There is no such store here, and nothing is looked for in a file of that name. */
static void a_system_without_a_store_refuses_the_value(void **state) {
    (void)state;
    struct device_key key;
    struct fault why = {0};
    assert_int_equal(device_key_load("store:my/x", "", "", &key, &why), SHK_E_CONFIG_VALUE);
    assert_string_equal(why.where, "gateway.client_cert");
    assert_true(key.held == NULL && key.key == NULL);
    device_key_clear(&key);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thumbprint_is_read_as_the_dialog_gives_it),
        cmocka_unit_test(the_machine_has_a_store_of_its_own),
        cmocka_unit_test(anything_else_is_a_name),
        cmocka_unit_test(what_names_no_store_is_refused),
        cmocka_unit_test(a_system_without_a_store_refuses_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
