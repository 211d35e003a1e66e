#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>

#include "http_curl_world.h"
#include "lookup.h"

static struct world world;

struct drain {
    size_t n, pieces, largest, stop_at;
    uint8_t first[16];
};

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct drain *d = self;
    assert_true(n > 0);
    if (d->n < sizeof d->first) {
        size_t room = sizeof d->first - d->n;
        memcpy(d->first + d->n, p, n < room ? n : room);
    }
    d->n += n;
    d->pieces++;
    d->largest = n > d->largest ? n : d->largest;
    if (d->stop_at > 0 && d->n >= d->stop_at) {
        return fault_set(why, SHK_E_XML, SHK_NATIVE_XML_LINE, 7, "line");
    }
    return SHK_OK;
}

static void begin(struct call *c, struct drain *d, struct byte_sink *sink, size_t most) {
    *d = (struct drain){0};
    *sink = (struct byte_sink){take, d};
    call_begin(c, &world);
    c->rq.accept = "application/xml";
    c->rq.sink = sink;
    c->rq.answer_max = most;
}

static void the_wanted_answer_goes_to_the_sink(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    begin(&c, &d, &sink, 1000);
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_int_equal(c.rp.status, 200);
    assert_int_equal(c.rp.body.n, 0);
    assert_int_equal(d.n, 5);
    assert_memory_equal(d.first, "<ok/>", 5);
    d = (struct drain){0};
    assert_int_equal(call(&c, "raw", "/gzip"), SHK_OK);
    assert_memory_equal(d.first, "<packed/>", 9);
    assert_int_equal(d.n, 9);
    call_end(&c);
}

/* A page of another kind or another status must not be read as the result. */
static void every_other_answer_goes_to_the_reply(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    const char *const paths[] = {"/1000", "/202-xml", "/404-xml", "/typed-late"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        begin(&c, &d, &sink, 100000);
        assert_int_equal(call(&c, "raw", paths[i]), SHK_OK);
        assert_true(c.rp.body.n > 0);
        assert_int_equal(d.n, 0);
        call_end(&c);
    }
}

static size_t most_kb(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (size_t)used.ru_maxrss;
}

/* A stream may be long; a page of words that takes its place may not. */
static void an_endless_other_answer_is_cut_off_early(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    begin(&c, &d, &sink, (size_t)1 << 30);
    c.rq.timeout_ms = 60000;
    size_t before = most_kb();
    assert_int_equal(call(&c, "raw", "/endless-body"), SHK_E_ANSWER_TOO_LARGE);
    assert_int_equal(d.n, 0);
    assert_true(most_kb() - before < 65536);
    call_end(&c);
}

static void the_sinks_own_fault_ends_the_call(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    begin(&c, &d, &sink, (size_t)1 << 30);
    d.stop_at = 100000;
    assert_int_equal(call(&c, "raw", "/endless-xml"), SHK_E_XML);
    assert_int_equal(c.why.native_kind, SHK_NATIVE_XML_LINE);
    assert_int_equal(c.why.native, 7);
    assert_true(d.n < 200000);
    size_t pieces = d.pieces;
    sink.self = &d;
    d.stop_at = 0;
    assert_int_equal(call(&c, "raw", "/ok"), SHK_OK);
    assert_int_equal(d.pieces, pieces + 1);
    call_end(&c);
}

static void the_limit_counts_unpacked_bytes(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    begin(&c, &d, &sink, 1000000);
    assert_int_equal(call(&c, "raw", "/bomb-xml"), SHK_E_ANSWER_TOO_LARGE);
    assert_true(d.n <= 1000000);
    assert_true(d.largest < 200000);
    call_end(&c);
}

static void a_long_answer_needs_no_memory(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    begin(&c, &d, &sink, (size_t)1 << 30);
    c.rq.timeout_ms = 60000;
    size_t before = most_kb();
    assert_int_equal(call(&c, "raw", "/bomb-xml"), SHK_OK); /* 256 MiB */
    assert_int_equal(d.n, (size_t)256 << 20);
    assert_true(most_kb() - before < 16384);
    call_end(&c);
}

static void a_stream_that_breaks_off_is_a_fault(void **state) {
    (void)state;
    struct call c;
    struct drain d;
    struct byte_sink sink;
    const char *const paths[] = {"/truncated-xml", "/truncated-chunk-xml", "/bad-gzip-xml"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        begin(&c, &d, &sink, 100000);
        assert_int_equal(call(&c, "raw", paths[i]), SHK_E_GATEWAY_ANSWER);
        call_end(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wanted_answer_goes_to_the_sink),
        cmocka_unit_test(every_other_answer_goes_to_the_reply),
        cmocka_unit_test(an_endless_other_answer_is_cut_off_early),
        cmocka_unit_test(the_sinks_own_fault_ends_the_call),
        cmocka_unit_test(the_limit_counts_unpacked_bytes),
        cmocka_unit_test(a_long_answer_needs_no_memory),
        cmocka_unit_test(a_stream_that_breaks_off_is_a_fault),
    };
    if (!world_start(&world)) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
