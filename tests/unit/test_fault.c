#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "text.h"

static void the_first_fault_wins(void **state) {
    (void)state;
    struct fault why = {0};
    assert_int_equal(fault_set(&why, SHK_E_CARD_REMOVED, SHK_NATIVE_PCSC, -7, NULL),
                     SHK_E_CARD_REMOVED);
    assert_int_equal(fault_set(&why, SHK_E_DISK_FULL, SHK_NATIVE_OS, 28, "folder"),
                     SHK_E_DISK_FULL);
    assert_int_equal(why.code, SHK_E_CARD_REMOVED);
    assert_int_equal(why.stage, SHK_STAGE_CARD);
    assert_int_equal(why.retry, SHK_RETRY_OPERATOR);
    assert_int_equal(why.native_kind, SHK_NATIVE_PCSC);
    assert_int_equal(why.native, -7);
    assert_string_equal(why.where, "");
}

static void the_place_can_be_filled_in_once(void **state) {
    (void)state;
    struct fault why = {0};
    fault_raise(&why, SHK_E_XML);
    fault_where(&why, "line 3");
    fault_where(&why, "line 4");
    assert_string_equal(why.where, "line 3");
    fault_clear(&why);
    assert_int_equal(why.code, 0);
    assert_string_equal(why.where, "");
}

static void a_long_place_is_cut_between_characters(void **state) {
    (void)state;
    struct fault why = {0};
    char place[400] = "";
    for (size_t i = 0; i < 120; i++) {
        memcpy(place + 3 * i, "表", 4);
    }
    fault_set(&why, SHK_E_SCRIPT_RUN, SHK_NATIVE_LUA_LINE, 1, place);
    assert_int_equal(strlen(why.where), 255);
    assert_true(utf8_valid(why.where, strlen(why.where)));
}

static void nobody_needs_to_listen(void **state) {
    (void)state;
    assert_int_equal(fault_set(NULL, SHK_E_XML, 0, 0, "x"), SHK_E_XML);
    assert_int_equal(fault_raise(NULL, SHK_E_XML), SHK_E_XML);
    fault_where(NULL, "x");
}

static void every_code_has_one_row_in_its_band(void **state) {
    (void)state;
    assert_true(fault_count() > 50);
    for (size_t i = 0; i < fault_count(); i++) {
        const struct fault_row *row = fault_at(i);
        assert_ptr_equal(fault_find(row->code), row);
        assert_int_equal(-row->code / 100 - 10, row->stage);
        assert_true(row->english[0] != '\0' && row->japanese[0] != '\0');
        assert_true(utf8_valid(row->japanese, strlen(row->japanese)));
    }
    assert_null(fault_at(fault_count()));
    assert_null(fault_find(0));
    assert_null(fault_find(-999999));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_fault_wins),
        cmocka_unit_test(the_place_can_be_filled_in_once),
        cmocka_unit_test(a_long_place_is_cut_between_characters),
        cmocka_unit_test(nobody_needs_to_listen),
        cmocka_unit_test(every_code_has_one_row_in_its_band),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
