#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"

static struct world world;

static void begin(struct call *c) {
    call_begin(c, &world);
    c->settings.client_cert = world_file(&world, "pki/device.pem");
    c->settings.client_key = world_file(&world, "pki/device.key");
}

static int32_t status_of_gateway(struct call *c, const char *control) {
    assert_true(world_write(&world, "control", control));
    return call(c, "gateway", "/v1/status");
}

/* One patient after the other over one handle: the handshake with both certificates happens once. */
static void patients_share_one_connection(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    assert_false(c.rp.reused);
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    assert_true(c.rp.reused);
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    assert_true(c.rp.reused);
    assert_true(world_file_will_hold(&world, "gateway.log", "tls=full connection=1 request=3"));
    call_end(&c);
}

static void a_closed_connection_is_taken_up_by_its_session(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    assert_int_equal(status_of_gateway(&c, "status=close*1\n"), SHK_OK);
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    assert_false(c.rp.reused);
    call_end(&c);
    assert_true(world_file_will_hold(&world, "gateway.log", "tls=full connection=2 request=1"));
    assert_true(world_file_will_hold(&world, "gateway.log", "tls=resumed connection=3 request=1"));
}

/* The device of one handle must not lend its session to another. */
static void another_handle_begins_anew(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    assert_int_equal(status_of_gateway(&c, ""), SHK_OK);
    call_end(&c);
    assert_true(world_file_will_hold(&world, "gateway.log", "tls=full connection=4 request=1"));
    call_begin(&c, &world);
    assert_int_equal(status_of_gateway(&c, ""), SHK_E_DEVICE_REFUSED);
    call_end(&c);
}

static void tls_1_2_is_resumed_too(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    assert_int_equal(call(&c, "mutual12", "/session-close"), SHK_OK);
    assert_string_equal(bytes_text(&c.rp.body), "full");
    assert_int_equal(call(&c, "mutual12", "/session-close"), SHK_OK);
    assert_false(c.rp.reused);
    assert_string_equal(bytes_text(&c.rp.body), "resumed");
    call_end(&c);
}

/* The server says nothing when it closes an idle line; the next request finds out. */
static void a_line_that_died_meanwhile_costs_no_request(void **state) {
    (void)state;
    struct call c;
    begin(&c);
    assert_int_equal(call(&c, "raw", "/close-silently"), SHK_OK);
    assert_int_equal(call(&c, "raw", "/session-close"), SHK_OK);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    call_end(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patients_share_one_connection),
        cmocka_unit_test(a_closed_connection_is_taken_up_by_its_session),
        cmocka_unit_test(another_handle_begins_anew),
        cmocka_unit_test(tls_1_2_is_resumed_too),
        cmocka_unit_test(a_line_that_died_meanwhile_costs_no_request),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
