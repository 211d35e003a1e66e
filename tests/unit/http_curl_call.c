#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "http_curl_world.h"
#include "lookup.h"

void call_begin(struct call *c, struct world *w) {
    *c = (struct call){
        .world = w,
        .settings = {.ca_file = world_file(w, "pki/server-ca.pem"), .connect_ms = 30000},
        .rq = {.method = "GET", .timeout_ms = 60000, .answer_max = CALL_ANSWER_MAX}};
}

int32_t call_url(struct call *c) {
    bytes_clear(&c->rp.body);
    fault_clear(&c->why);
    c->rq.url = c->url;
    int64_t start = world_ms();
    int32_t rc = SHK_OK;
    if (c->http == NULL) {
        rc = http_curl.open(NULL, &c->settings, &c->http, &c->why);
        assert_true(rc == SHK_OK || c->http == NULL);
    }
    if (rc == SHK_OK) {
        rc = http_curl.perform(c->http, &c->rq, &c->rp, &c->why);
    }
    c->ms = world_ms() - start;
    assert_int_equal(rc, c->why.code);
    assert_true(rc == SHK_OK || (c->rp.body.n == 0 && c->rp.status == 0));
    return rc;
}

int32_t call(struct call *c, const char *server, const char *path) {
    world_url(c->world, server, path, c->url);
    return call_url(c);
}

void call_end(struct call *c) {
    bytes_clear(&c->rp.body);
    http_curl.close(c->http);
    c->http = NULL;
}

int32_t call_once(struct call *c, const char *server, const char *path) {
    int32_t rc = call(c, server, path);
    call_end(c);
    return rc;
}

void call_expect(struct world *w, const struct expectation *all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        struct call c;
        call_begin(&c, w);
        int32_t rc = call_once(&c, all[i].server, all[i].path);
        if (rc != all[i].code || c.why.native_kind != all[i].native_kind ||
            (all[i].native != 0 && c.why.native != all[i].native)) {
            fail_msg("%s%s: %d, native %d %d", all[i].server, all[i].path, (int)rc,
                     (int)c.why.native_kind, (int)c.why.native);
        }
        assert_string_equal(c.why.where, "");
    }
}

bool call_stop_at(void *moment_ms) {
    return world_ms() >= *(const int64_t *)moment_ms;
}
