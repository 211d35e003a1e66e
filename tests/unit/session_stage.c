#include "session_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int stage_open(void **state) {
    struct stage *f = calloc(1, sizeof *f);
    if (f == NULL || !desk_init(&f->desk, getenv("CARD_PROFILE"))) {
        return -1;
    }
    f->session = desk_session(&f->desk, TEST_DATA "/demo");
    *state = f;
    return f->session != NULL ? 0 : -1;
}

int stage_close(void **state) {
    struct stage *f = *state;
    if (f->session != NULL) {
        session_close(f->session);
    }
    desk_clear(&f->desk);
    free(f);
    return 0;
}

int32_t stage_next(struct stage *f) {
    return session_next_event(f->session, STAGE_PATIENCE_MS);
}

void stage_expect(struct stage *f, int32_t event) {
    assert_int_equal(stage_next(f), event);
}

struct reading stage_read(struct stage *f, const char *path) {
    struct reading r;
    mutex_lock(f->session->lock);
    int32_t rc = values_read(f->session, path, strlen(path), &r);
    mutex_unlock(f->session->lock);
    if (rc != SHK_OK) {
        r.text = "(none)";
        r.number = rc;
    }
    return r;
}

int32_t stage_number(struct stage *f, const char *path) {
    return (int32_t)stage_read(f, path).number;
}

void stage_to_the_pin(struct stage *f) {
    assert_int_equal(session_start(f->session, SHK_JOB_CHECK), SHK_OK);
    stage_expect(f, SHK_EVENT_CARD);
    stage_expect(f, SHK_EVENT_PIN);
}

/* The session lives by the real clock: a server that stays silent for a second takes one. */
static void take_time(void *self, int32_t ms) {
    (void)self;
    thread_sleep(ms);
}

void stage_use_gateway(struct stage *f, const struct http_fake_step *steps, size_t n) {
    http_fake_script(&f->desk.http, steps, n);
    if (f->desk.http.pass == NULL) {
        f->desk.http.pass = take_time;
    }
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    assert_int_equal(session_set(f->session, "institution_code", "9919999999"), SHK_OK);
    assert_int_equal(session_set(f->session, "gateway.url", "https://localhost"), SHK_OK);
    assert_int_equal(session_set(f->session, "gateway.client_cert", "/device.pem"), SHK_OK);
    /* The script's answers carry no date, and nobody is to ask for one. */
    assert_int_equal(session_set(f->session, "gateway.clock_tolerance_s", "0"), SHK_OK);
}

const struct http_fake_step stage_challenge = {
    .status = 201,
    .content_type = "application/json",
    .body = "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"expires_in\":120}"};
