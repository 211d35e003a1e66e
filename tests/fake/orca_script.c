#include "orca_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"

static void SHK_CALL say(void *self, int32_t level, const char *what, int32_t number) {
    struct orca_script *s = self;
    (void)level;
    (void)number;
    text_copy(s->logged, sizeof s->logged, what);
}

static int64_t SHK_CALL now_ms(void *self) {
    return ((struct orca_script *)self)->now_ms;
}

static int32_t SHK_CALL keep_fault(void *self, int32_t code, int32_t native, const char *where) {
    struct orca_script *s = self;
    return fault_set(&s->why, code, native != 0 ? SHK_NATIVE_HOST : SHK_NATIVE_NONE, native, where);
}

static int32_t SHK_CALL note(void *self, const char *text) {
    struct orca_script *s = self;
    size_t n = strlen(s->notes);
    text_format(s->notes + n, sizeof s->notes - n, "%s;", text);
    return s->note_rc;
}

static int32_t SHK_CALL http_open(void *self, const shk_http_settings *settings, void **http) {
    struct orca_script *s = self;
    text_copy(s->url, sizeof s->url, settings->url);
    text_copy(s->user, sizeof s->user, settings->user);
    text_copy(s->password, sizeof s->password, settings->password);
    s->plain = settings->plain;
    s->opened++;
    *http = s;
    return SHK_OK;
}

static void SHK_CALL http_close(void *self, void *http) {
    struct orca_script *s = self;
    assert_ptr_equal(http, s);
    s->closed++;
}

static int32_t SHK_CALL http_send(void *self, void *http, const shk_http_request *request,
                                  shk_http_reply *reply) {
    struct orca_script *s = self;
    char *asked = s->asked[s->at];
    assert_ptr_equal(http, s);
    assert_true(s->at < s->steps_n);
    const struct orca_step *step = &s->steps[s->at++];
    assert_true(text_starts(request->url, s->url));
    text_format(asked, sizeof s->asked[0], "%s %s %.*s", request->method,
                request->url + strlen(s->url), (int)request->body_len,
                request->body != NULL ? (const char *)request->body : "");
    if (strstr(asked, step->wants) == NULL) {
        fail_msg("step %zu: \"%s\" is not in \"%s\"", s->at, step->wants, asked);
    }
    reply->status = step->status;
    if (step->rc == SHK_OK) {
        size_t n = strlen(step->body);
        reply->body = malloc(n + 1);
        assert_non_null(reply->body);
        memcpy(reply->body, step->body, n + 1);
        reply->body_len = (uint32_t)n;
        s->lent++;
    }
    return step->rc;
}

static void SHK_CALL release(void *self, uint8_t *data) {
    struct orca_script *s = self;
    s->lent--;
    free(data);
}

static int32_t SHK_CALL stopping(void *self) {
    return ((struct orca_script *)self)->stops;
}

void orca_script_init(struct orca_script *s) {
    memset(s, 0, sizeof *s);
    s->table = (shk_services){.struct_size = sizeof s->table,
                              .abi = SHK_ADAPTER_ABI,
                              .self = s,
                              .log = say,
                              .now_ms = now_ms,
                              .fail = keep_fault,
                              .release = release,
                              .note = note,
                              .http_open = http_open,
                              .http_send = http_send,
                              .http_close = http_close,
                              .stopping = stopping};
}

void orca_script_expect(struct orca_script *s, const char *wants, const char *body) {
    assert_true(s->steps_n < ORCA_STEPS_MAX);
    s->steps[s->steps_n++] = (struct orca_step){wants, SHK_OK, 200, body};
}

void orca_script_expect_end(struct orca_script *s, const char *wants, int32_t rc, int32_t status) {
    assert_true(s->steps_n < ORCA_STEPS_MAX);
    s->steps[s->steps_n++] = (struct orca_step){wants, rc, status, "<html/>"};
}

void orca_script_done(const struct orca_script *s) {
    assert_int_equal(s->at, s->steps_n);
    assert_int_equal(s->lent, 0);
}
