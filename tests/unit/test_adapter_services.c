/* What an adapter asks of its services, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_stage.h"

static int32_t
deliver_with(int32_t(SHK_CALL *deliver)(shk_host *, const shk_delivery *, shk_receipt *),
             int32_t(SHK_CALL *digest)(void *, const uint8_t *, uint32_t, char out[33])) {
    struct adapter_call *c = NULL;
    struct fault why = {0};
    shk_receipt receipt;
    shk_delivery d = actor_delivery();
    assert_int_equal(
        adapter_call_open(actor.session, 1, actor_adapter(deliver, NULL), NULL, 0, &c, &why),
        SHK_OK);
    if (digest != NULL) {
        adapter_call_services(c)->table.digest = digest;
    }
    int32_t rc = adapter_call_deliver(c, &d, &receipt, &why);
    adapter_call_close(&c);
    return rc;
}

static int32_t SHK_CALL ask_nonsense(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    const uint8_t *data = (const uint8_t *)"x";
    char long_note[SHK_NOTE_MAX + 1];
    void *p = NULL;
    uint32_t len = 0;
    uint8_t *read = NULL;
    char digest[33];
    memset(long_note, 'n', sizeof long_note);
    const int32_t all[] = {
        sv->read_file(sv->self, NULL, &read, &len),
        sv->read_file(sv->self, "x", NULL, &len),
        sv->read_file(sv->self, "x", &read, NULL),
        sv->put_file(sv->self, NULL, data, 1, 0),
        sv->put_file(sv->self, "x", NULL, 1, 0),
        sv->put_file(sv->self, "x", data, SHK_FILE_MAX + 1u, 0),
        sv->lock_file(sv->self, NULL, 0, &p),
        sv->lock_file(sv->self, "x", 0, NULL),
        sv->note(sv->self, NULL),
        sv->note(sv->self, long_note),
        sv->stage_file(sv->self, NULL, "x", data, 1, 0, &p),
        sv->stage_file(sv->self, "s", "x", data, 1, 0, NULL),
        sv->publish_file(sv->self, (void *)long_note),
        sv->remove_file(sv->self, NULL),
        sv->http_open(sv->self, NULL, NULL),
        sv->http_send(sv->self, (void *)long_note, NULL, NULL),
        sv->digest(sv->self, NULL, 1, digest),
        sv->digest(sv->self, data, 1, NULL),
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i] != SHK_E_ARGUMENT) {
            return (sv->fail)(sv->self, SHK_E_HOST_REFUSED, (int32_t)i + 1, "not refused");
        }
    }
    return SHK_OK;
}

static void nonsense_is_refused_before_any_service_sees_it(void **state) {
    (void)state;
    assert_int_equal(deliver_with(ask_nonsense, NULL), SHK_OK);
}

static char seen[33];

static int32_t SHK_CALL ask_digest(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)receipt;
    return sv->digest(sv->self, d->body, d->body_len, seen);
}

static _Thread_local bool is_test_thread;
static bool here;

static int32_t SHK_CALL make_digest(void *self, const uint8_t *p, uint32_t len, char out[33]) {
    (void)self;
    here = is_test_thread;
    text_format(out, 33, "%.*s", (int)len, (const char *)p);
    return SHK_OK;
}

/* The key is the store's, which is the session's own thread's. */
static void a_digest_is_made_on_the_sessions_own_thread(void **state) {
    (void)state;
    is_test_thread = true;
    here = false;
    assert_int_equal(deliver_with(ask_digest, make_digest), SHK_OK);
    assert_string_equal(seen, "1,2\r\n");
    assert_true(here);
    /* Without a store it is one all the same. */
    assert_int_equal(deliver_with(ask_digest, NULL), SHK_OK);
    assert_int_equal(strlen(seen), 32);
}

static int32_t SHK_CALL pause_long(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    int64_t begin = sv->now_ms(sv->self);
    sv->pause(sv->self, 250);
    return sv->now_ms(sv->self) - begin >= 250 ? SHK_OK : SHK_E_HOST_REFUSED;
}

static void an_adapter_can_wait(void **state) {
    (void)state;
    assert_int_equal(deliver_with(pause_long, NULL), SHK_OK);
}

static int32_t SHK_CALL pause_for_ever(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    sv->pause(sv->self, INT32_MAX);
    actor_count(&actor.back, 1);
    return SHK_OK;
}

static void nobody_waits_longer_than_the_call(void **state) {
    (void)state;
    actor_limit(1000);
    (void)deliver_with(pause_for_ever, NULL);
    actor_await(&actor.back, 1);
}

#define LOCKS 40

static int32_t SHK_CALL lock_many(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    int32_t rc = SHK_OK;
    (void)d, (void)receipt;
    for (int i = 0; i < LOCKS && rc == SHK_OK; i++) {
        char name[16];
        void *lock = NULL;
        text_format(name, sizeof name, "lock%d", i);
        rc = sv->lock_file(sv->self, temp_path(&actor.folder, name), 0, &lock);
    }
    return rc == SHK_E_MEMORY ? SHK_OK : SHK_E_HOST_REFUSED;
}

static int32_t SHK_CALL open_many(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    const shk_http_settings settings = {.struct_size = sizeof settings,
                                        .abi = SHK_ADAPTER_ABI,
                                        .url = "http://127.0.0.1:9/",
                                        .plain = 1};
    int32_t rc = SHK_OK;
    (void)d, (void)receipt;
    for (int i = 0; i < LOCKS && rc == SHK_OK; i++) {
        void *http = NULL;
        rc = sv->http_open(sv->self, &settings, &http);
    }
    return rc == SHK_E_MEMORY ? SHK_OK : SHK_E_HOST_REFUSED;
}

/* The sanitizers look whether all of it is given back. */
static void what_is_never_given_back_is_bounded_and_taken_back(void **state) {
    (void)state;
    assert_int_equal(deliver_with(lock_many, NULL), SHK_OK);
    assert_int_equal(deliver_with(lock_many, NULL), SHK_OK);
    assert_int_equal(deliver_with(open_many, NULL), SHK_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ACTOR_CASE(nonsense_is_refused_before_any_service_sees_it),
        ACTOR_CASE(a_digest_is_made_on_the_sessions_own_thread),
        ACTOR_CASE(an_adapter_can_wait),
        ACTOR_CASE(nobody_waits_longer_than_the_call),
        ACTOR_CASE(what_is_never_given_back_is_bounded_and_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
