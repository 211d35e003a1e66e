#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): for RTLD_NEXT */
#include <dlfcn.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "http_curl_world.h"

#define BUSY_MS    3000 /* what a busy machine adds; the other limits are far behind that */
#define STOP_AT_MS 400
#define STOP_MS    900 /* to hear of it */

static struct world world;

/* A name server that does not answer: libcurl's resolver thread comes through here. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **out) {
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;
    void *found = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&real, &found, sizeof found);
    if (node != NULL && strcmp(node, "slow.invalid") == 0) {
        sleep(20);
        return EAI_AGAIN;
    }
    return real(node, service, hints, out);
}

static void a_broken_answer_is_told_from_none(void **state) {
    (void)state;
    const struct expectation all[] = {
        {"raw", "/truncated", SHK_E_GATEWAY_ANSWER, SHK_NATIVE_CURL, 0},
        {"raw", "/truncated-chunk", SHK_E_GATEWAY_ANSWER, SHK_NATIVE_CURL, 0},
        {"raw", "/truncated-head", SHK_E_GATEWAY_ANSWER, SHK_NATIVE_CURL, 0},
        {"raw", "/bad-gzip", SHK_E_GATEWAY_ANSWER, SHK_NATIVE_CURL, 0},
        {"raw", "/garbage", SHK_E_GATEWAY_ANSWER, SHK_NATIVE_CURL, 0},
        {"raw", "/nothing", SHK_E_GATEWAY_ANSWER, SHK_NATIVE_CURL, 0},
    };
    CALL_EXPECT(&world, all);
}

static void an_answer_too_large_is_cut_off(void **state) {
    (void)state;
    const struct expectation all[] = {
        {"raw", "/bomb", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
        {"raw", "/endless-body", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
        {"raw", "/endless-headers", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
        {"raw", "/endless-line", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
        {"raw", "/endless-interim", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
        {"raw", "/65-headers", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
        {"raw", "/17-kib-head", SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, 0},
    };
    CALL_EXPECT(&world, all);
    struct call c;
    call_begin(&c, &world);
    c.rq.answer_max = 1000;
    assert_int_equal(call(&c, "raw", "/64-headers"), SHK_OK);
    assert_int_equal(call(&c, "raw", "/1000"), SHK_OK);
    assert_int_equal(c.rp.body.n, 1000);
    assert_int_equal(call(&c, "raw", "/1001"), SHK_E_ANSWER_TOO_LARGE);
    call_end(&c);
}

static void silence_ends_at_the_time_limit(void **state) {
    (void)state;
    struct call c;
    const char *const paths[] = {"/hang", "/drip"};
    for (size_t i = 0; i < 2; i++) {
        call_begin(&c, &world);
        c.rq.timeout_ms = 300;
        assert_int_equal(call_once(&c, "raw", paths[i]), SHK_E_GATEWAY_TIMEOUT);
        assert_in_range(c.ms, 250, 300 + BUSY_MS);
    }
    call_begin(&c, &world);
    c.settings.connect_ms = 300;
    assert_int_equal(call_once(&c, "silent", "/ok"), SHK_E_GATEWAY_TIMEOUT);
    assert_in_range(c.ms, 250, 300 + BUSY_MS);
}

static int32_t resolve_slowly(struct call *c) {
    int64_t start = world_ms();
    text_copy(c->url, sizeof c->url, "https://slow.invalid/");
    int32_t rc = call_url(c);
    call_end(c);
    c->ms = world_ms() - start;
    return rc;
}

/* No line at all is "check the network", however it is noticed. */
static void a_name_that_does_not_resolve_in_time_is_unreachable(void **state) {
    (void)state;
    struct call c;
    call_begin(&c, &world);
    c.settings.connect_ms = 300;
    assert_int_equal(resolve_slowly(&c), SHK_E_GATEWAY_UNREACHABLE);
    assert_int_equal(c.why.native, 28);
    assert_in_range(c.ms, 250, 300 + BUSY_MS);
}

/* Without a name of a server: the one that is resolved slowly. How long it took. */
static int64_t stopped_after(int64_t ms, const char *server, const char *path) {
    struct call c;
    call_begin(&c, &world);
    int64_t at = world_ms() + ms;
    c.rq.stop = call_stop_at;
    c.rq.stop_self = &at;
    assert_int_equal(server != NULL ? call_once(&c, server, path) : resolve_slowly(&c),
                     SHK_E_CANCELLED);
    return c.ms;
}

/* Late enough that none of libcurl's own first timers wakes the loop. Where the machine stood still it is
 * measured again. */
static void a_stop_is_heard_at_once(void **state) {
    (void)state;
    const char *const where[][2] = {
        {"raw", "/hang"}, {"raw", "/drip"}, {"silent", "/ok"}, {NULL, NULL}};
    for (size_t i = 0; i < sizeof where / sizeof where[0]; i++) {
        int64_t least = INT64_MAX;
        for (int tries = 0; tries < 3 && least >= STOP_AT_MS + STOP_MS; tries++) {
            int64_t took = stopped_after(STOP_AT_MS, where[i][0], where[i][1]);
            least = took < least ? took : least;
        }
        assert_in_range(least, STOP_AT_MS, STOP_AT_MS + STOP_MS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_answer_is_told_from_none),
        cmocka_unit_test(an_answer_too_large_is_cut_off),
        cmocka_unit_test(silence_ends_at_the_time_limit),
        cmocka_unit_test(a_name_that_does_not_resolve_in_time_is_unreachable),
        cmocka_unit_test(a_stop_is_heard_at_once),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
