#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry.h"

static int32_t SHK_CALL open_fine(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                  shk_host **out) {
    (void)sv;
    (void)settings;
    (void)n;
    *out = NULL;
    return SHK_OK;
}

static int32_t SHK_CALL deliver_fine(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)h;
    (void)d;
    receipt->place[0] = '\0';
    return SHK_OK;
}

static void SHK_CALL close_fine(shk_host **h) {
    *h = NULL;
}

static shk_adapter fine(void) {
    return (shk_adapter){.struct_size = sizeof(shk_adapter),
                         .abi = SHK_ADAPTER_ABI,
                         .id = "fine/1",
                         .open = open_fine,
                         .deliver = deliver_fine,
                         .close = close_fine};
}

static void an_adapter_is_found_with_or_without_its_number(void **state) {
    (void)state;
    assert_ptr_equal(adapter_find("folder"), &adapter_folder);
    assert_ptr_equal(adapter_find("folder/1"), &adapter_folder);
    static const char *const unknown[] = {"",          "fold",   "folder/", "folder/2", "folder/11",
                                          "folders/1", "Folder", "/1",      "database"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_null(adapter_find(unknown[i]));
    }
    assert_null(adapter_find(NULL));
}

static void every_listed_adapter_keeps_the_interface(void **state) {
    (void)state;
    size_t n = 0;
    const shk_adapter *a = NULL;
    while ((a = adapter_at(n)) != NULL) {
        assert_int_equal(adapter_usable(a), 1);
        assert_ptr_equal(adapter_find(a->id), a);
        n++;
    }
    assert_true(n > 0);
    assert_null(adapter_at(n + 1000));
}

static void a_longer_table_of_later_days_is_usable(void **state) {
    (void)state;
    struct {
        shk_adapter known;
        void (*later)(void);
    } longer = {.known = fine()};
    longer.known.struct_size = sizeof longer;
    assert_int_equal(adapter_usable(&longer.known), 1);
}

static void an_empty_slot_is_broken(void **state) {
    (void)state;
    shk_adapter a = fine();
    assert_int_equal(adapter_usable(&a), 1);
    a.open = NULL;
    assert_int_equal(adapter_usable(&a), 0);
    a = fine();
    a.deliver = NULL;
    assert_int_equal(adapter_usable(&a), 0);
    a = fine();
    a.close = NULL;
    assert_int_equal(adapter_usable(&a), 0);
    a = fine();
    a.id = NULL;
    assert_int_equal(adapter_usable(&a), 0);
    assert_int_equal(adapter_usable(NULL), 0);
}

static void another_interface_number_is_broken(void **state) {
    (void)state;
    shk_adapter a = fine();
    a.abi = SHK_ADAPTER_ABI + 1;
    assert_int_equal(adapter_usable(&a), 0);
    a.abi = 0;
    assert_int_equal(adapter_usable(&a), 0);
}

/* The table really ends there: the sanitizer sees a look behind it. */
static void a_short_table_is_broken_and_not_read_to_its_end(void **state) {
    (void)state;
    const shk_adapter whole = fine();
    const size_t sizes[] = {sizeof(uint32_t), offsetof(shk_adapter, id),
                            offsetof(shk_adapter, deliver), offsetof(shk_adapter, close)};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        shk_adapter *shorter = malloc(sizes[i]);
        memcpy(shorter, &whole, sizes[i]);
        const uint32_t n = (uint32_t)sizes[i];
        memcpy(shorter, &n, sizeof n);
        assert_int_equal(adapter_usable(shorter), 0);
        free(shorter);
    }
}

static void a_name_without_a_number_is_broken(void **state) {
    (void)state;
    static const char *const names[] = {"", "fine", "fine/", "/1", "fine/x", "fine/0"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        shk_adapter a = fine();
        a.id = names[i];
        assert_int_equal(adapter_usable(&a), 0);
    }
}

static void services_of_another_interface_are_refused(void **state) {
    (void)state;
    shk_services sv = {.struct_size = sizeof sv, .abi = SHK_ADAPTER_ABI + 1};
    const shk_setting setting = {"folder", "/tmp"};
    shk_host *h = NULL;
    assert_int_equal(adapter_folder.open(&sv, &setting, 1, &h), SHK_E_ADAPTER_BROKEN);
    sv.abi = SHK_ADAPTER_ABI;
    sv.struct_size = offsetof(shk_services, unlock_file);
    assert_int_equal(adapter_folder.open(&sv, &setting, 1, &h), SHK_E_ADAPTER_BROKEN);
    assert_int_equal(adapter_folder.open(NULL, &setting, 1, &h), SHK_E_ADAPTER_BROKEN);
    assert_null(h);
    adapter_folder.close(&h);
    adapter_folder.close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_adapter_is_found_with_or_without_its_number),
        cmocka_unit_test(every_listed_adapter_keeps_the_interface),
        cmocka_unit_test(a_longer_table_of_later_days_is_usable),
        cmocka_unit_test(an_empty_slot_is_broken),
        cmocka_unit_test(another_interface_number_is_broken),
        cmocka_unit_test(a_short_table_is_broken_and_not_read_to_its_end),
        cmocka_unit_test(a_name_without_a_number_is_broken),
        cmocka_unit_test(services_of_another_interface_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
