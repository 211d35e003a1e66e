/* The module of docs/adapters.md, through the loader and the bounded call. ADAPTER_EXAMPLE names another folder
 * with a line.so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_module.h"
#include "adapter_stage.h"

#define FIRST  "00000000-0000-4000-8000-000000000001"
#define SECOND "00000000-0000-4000-8000-000000000002"

static struct adapter_call *call;
static struct fault why;

static int begin(void **state) {
    const char *other = getenv("ADAPTER_EXAMPLE");
    memset(&why, 0, sizeof why);
    call = NULL;
    int failed = actor_begin(state);
    failed = failed != 0 ? failed
                         : config_set(actor.session->config, "adapters.folder",
                                      other != NULL ? other : EXAMPLE, &why);
    /* Nothing hangs here, but a disk may take its time. */
    return failed != 0 ? failed
                       : config_set(actor.session->config, "deliver.timeout_ms", "120000", &why);
}

static int end(void **state) {
    adapter_call_close(&call);
    return actor_end(state);
}

static int32_t open_with(const char *key, const char *value) {
    const shk_adapter *a = NULL;
    const shk_setting settings[] = {{key, value}};
    fault_clear(&why);
    assert_int_equal(adapter_module_find(actor.session, "line", &a, &why), SHK_OK);
    return adapter_call_open(actor.session, 1, a, settings, 1, &call, &why);
}

static int32_t deliver(const char *id, const char *row) {
    shk_delivery d = actor_delivery();
    shk_receipt receipt;
    d.id = id;
    d.body = (const uint8_t *)row;
    d.body_len = (uint32_t)strlen(row);
    fault_clear(&why);
    int32_t rc = adapter_call_deliver(call, &d, &receipt, &why);
    assert_string_equal(receipt.place, rc == SHK_OK ? temp_path(&actor.folder, "rows") : "");
    return rc;
}

static void each_delivery_becomes_one_line_however_often_it_is_tried(void **state) {
    (void)state;
    assert_int_equal(open_with("path", temp_path(&actor.folder, "rows")), SHK_OK);
    assert_int_equal(deliver(FIRST, "1,見本\r\n"), SHK_OK);
    assert_int_equal(deliver(FIRST, "1,見本\r\n"), SHK_OK);
    assert_int_equal(deliver(SECOND, "2,x\r\n"), SHK_OK);
    assert_int_equal(deliver(FIRST, "1,見本\r\n"), SHK_OK);
    assert_true(temp_holds(&actor.folder, "rows", FIRST " 1,見本\r\n" SECOND " 2,x\r\n"));
    assert_int_equal(temp_mode(&actor.folder, "rows"), 0600);
}

static void a_setting_that_it_does_not_know_is_named(void **state) {
    (void)state;
    char long_path[1100];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(open_with("paths", "/x"), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(why.where, "deliveries[1].path");
    assert_int_equal(open_with("path", long_path), SHK_E_ADAPTER_SETTINGS);
}

static int32_t SHK_CALL taken(void *self, const char *note) {
    (void)self, (void)note;
    return SHK_E_DELIVERY_TAKEN;
}

static void nothing_is_written_that_another_machine_writes(void **state) {
    (void)state;
    assert_int_equal(open_with("path", temp_path(&actor.folder, "rows")), SHK_OK);
    adapter_call_services(call)->table.note = taken;
    assert_int_equal(deliver(FIRST, "1\r\n"), SHK_E_DELIVERY_TAKEN);
    assert_false(temp_exists(&actor.folder, "rows"));
}

static void a_fault_of_a_service_comes_through(void **state) {
    (void)state;
    assert_int_equal(open_with("path", temp_path(&actor.folder, "no/rows")), SHK_OK);
    int32_t rc = deliver(FIRST, "1\r\n");
    assert_true(rc == SHK_E_FOLDER_WRITE || rc == SHK_E_FOLDER_MISSING);
    assert_int_equal(why.native_kind, SHK_NATIVE_OS);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(each_delivery_becomes_one_line_however_often_it_is_tried),
        CASE(a_setting_that_it_does_not_know_is_named),
        CASE(nothing_is_written_that_another_machine_writes),
        CASE(a_fault_of_a_service_comes_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
