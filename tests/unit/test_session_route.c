/* The route stays open between patients and jobs, and is opened anew when it should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session_stage.h"

/* One check that ends at the gateway's first word. */
static void one_check(struct stage *f, const struct http_fake_step *step, int32_t expected) {
    http_fake_script(&f->desk.http, step, 1);
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS), expected);
}

static const struct http_fake_step busy = {.status = 429};
static const struct http_fake_step refused = {.fault = SHK_E_DEVICE_REFUSED};

static void two_checks_share_one_connection(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    assert_int_equal(f->desk.http.opened, 1);
    assert_int_equal(f->desk.http.closed, 0);
    assert_int_equal(session_set(f->session, "card_timeout_ms", "2000"), SHK_OK);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    assert_int_equal(f->desk.http.opened, 1);
}

static void a_changed_key_opens_it_anew(void **state) {
    static const char *const keys[][2] = {
        {"gateway.timeout_ms", "9000"}, {"log.level", "debug"}, {"route", "gateway"}};
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    for (int32_t i = 0; i < 3; i++) {
        assert_int_equal(session_set(f->session, keys[i][0], keys[i][1]), SHK_OK);
        one_check(f, &busy, SHK_E_RATE_LIMITED);
        assert_int_equal(f->desk.http.opened, 2 + i);
        assert_int_equal(f->desk.http.closed, 1 + i);
    }
}

static void a_refused_value_leaves_it_open(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    assert_int_equal(session_set(f->session, "gateway.timeout_ms", "x"), SHK_E_CONFIG_VALUE);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    assert_int_equal(f->desk.http.opened, 1);
}

/* The certificate's file may have been put right under the same name. */
static void a_refused_device_is_read_anew(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    one_check(f, &refused, SHK_E_DEVICE_REFUSED);
    assert_int_equal(f->desk.http.closed, 1);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    assert_int_equal(f->desk.http.opened, 2);
}

static void closing_the_session_closes_it(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    session_close(f->session);
    f->session = NULL;
    desk_end_hang(&f->desk);
    assert_int_equal(f->desk.http.closed, 1);
}

static void the_settings_reach_the_connection(void **state) {
    struct stage *f = *state;
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_set(f->session, "gateway.pin", "sha256//AAAA="), SHK_OK);
    assert_int_equal(session_set(f->session, "gateway.proxy_environment", "yes"), SHK_OK);
    one_check(f, &busy, SHK_E_RATE_LIMITED);
    assert_true(f->desk.http.settings.proxy_from_environment);
    assert_int_equal(f->desk.http.settings.connect_ms, 5000);
}

static void each_route_says_which_key_it_misses(void **state) {
    static const struct {
        const char *route;
        int32_t job, code;
        const char *where;
    } cases[] = {
        {"folder", SHK_JOB_CHECK, SHK_E_CONFIG_VALUE, "folder.face"},
        {"folder", SHK_JOB_WATCH, SHK_E_CONFIG_VALUE, "folder.face"},
        {"folder", SHK_JOB_QUERY, SHK_E_CONFIG_VALUE, "institution_code"},
        {"app", SHK_JOB_QUERY, SHK_E_ROUTE_CANNOT, "route"},
        {"app", SHK_JOB_BULK, SHK_E_ROUTE_CANNOT, "route"},
        {"app", SHK_JOB_REGISTER, SHK_E_ROUTE_CANNOT, "route"},
        {"demo", SHK_JOB_BULK, SHK_E_ROUTE_CANNOT, "route"},
        {"demo", SHK_JOB_REGISTER, SHK_E_ROUTE_CANNOT, "route"},
        {"demo", SHK_JOB_QUERY, SHK_E_INPUT, "query.insurer_number"},
        {"demo", SHK_JOB_IMPORT, SHK_E_INPUT, "import.data"},
        {"gateway", SHK_JOB_QUERY, SHK_E_CONFIG_VALUE, "institution_code"},
    };
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(session_set(f->session, "route", cases[i].route), SHK_OK);
        assert_int_equal(session_start(f->session, cases[i].job), cases[i].code);
        assert_string_equal(stage_read(f, "fault.where").text, cases[i].where);
    }
    stage_use_gateway(f, NULL, 0);
    assert_int_equal(session_set(f->session, "gateway.url", "http://gateway.example"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "gateway.url");
    assert_int_equal(session_set(f->session, "route", "app"), SHK_OK);
    assert_int_equal(session_set(f->session, "app.source", "file"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "app.file");
    assert_int_equal(session_set(f->session, "route", "folder"), SHK_OK);
    assert_int_equal(session_set(f->session, "institution_code", "9919999999"), SHK_OK);
    assert_int_equal(session_set(f->session, "query.check_digit", "ignore"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "folder.req");
    assert_int_equal(session_set(f->session, "folder.root", "/terminal"), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_BULK), SHK_E_INPUT);
    assert_string_equal(stage_read(f, "fault.where").text, "bulk.table");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_CASE(two_checks_share_one_connection),
        STAGE_CASE(a_changed_key_opens_it_anew),
        STAGE_CASE(a_refused_value_leaves_it_open),
        STAGE_CASE(a_refused_device_is_read_anew),
        STAGE_CASE(closing_the_session_closes_it),
        STAGE_CASE(the_settings_reach_the_connection),
        STAGE_CASE(each_route_says_which_key_it_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
