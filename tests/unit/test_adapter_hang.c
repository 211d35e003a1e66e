/* Adapters that do not come back, and what they can still do then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapter_stage.h"
#include "adapter_stray.h"
#include "platform.h"

#define LIMIT_MS 3000 /* for an adapter to get where it hangs, also on a busy machine */
#define SLACK_MS 2500 /* of a busy machine, and no second limit */

typedef int32_t(SHK_CALL *deliver_fn)(shk_host *, const shk_delivery *, shk_receipt *);

static struct adapter_call *open_call(const shk_adapter *a) {
    struct adapter_call *c = NULL;
    struct fault why = {0};
    assert_int_equal(adapter_call_open(actor.session, 1, a, NULL, 0, &c, &why), SHK_OK);
    return c;
}

static int32_t deliver(struct adapter_call *c) {
    shk_delivery d = actor_delivery();
    shk_receipt receipt;
    struct fault why = {0};
    int32_t rc = adapter_call_deliver(c, &d, &receipt, &why);
    assert_int_equal(rc, why.code);
    assert_true(rc == SHK_OK || receipt.place[0] == '\0');
    return rc;
}

static int32_t SHK_CALL hang(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)h;
    actor_hang();
    /* Still there, whatever the session has done with the original. */
    text_copy(receipt->place, sizeof receipt->place, d->id);
    return d->body_len == 5 && memcmp(d->body, "1,2\r\n", 5) == 0 ? SHK_OK : SHK_E_HOST_REFUSED;
}

static void a_deliver_that_hangs_is_left_behind(void **state) {
    (void)state;
    struct adapter_call *c = open_call(actor_adapter(hang, NULL));
    int64_t start = actor_ms();
    assert_int_equal(deliver(c), SHK_E_ADAPTER_TIMEOUT);
    int64_t took = actor_ms() - start;
    assert_true(took >= LIMIT_MS && took < LIMIT_MS + SLACK_MS);
    /* Not called again, and not waited for again. */
    start = actor_ms();
    assert_int_equal(deliver(c), SHK_E_ADAPTER_TIMEOUT);
    adapter_call_close(&c);
    assert_true(actor_ms() - start < SLACK_MS);
    assert_int_equal(actor.closed, 0);
    /* The session goes without waiting for it. */
    actor_drop_session();
    actor_await(&actor.sessions, 0);
    actor_let_go();
    actor_await(&actor.closed, 1);
}

static int32_t SHK_CALL open_hang(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                  shk_host **out) {
    actor_hang();
    /* What came with the call is still there. */
    *out = n == 1 && strcmp(settings[0].value, "v") == 0 ? calloc(1, 8) : NULL;
    (void)sv;
    return SHK_OK;
}

static void SHK_CALL close_plain(shk_host **h) {
    free(*h);
    *h = NULL;
    actor_count(&actor.closed, 1);
}

static void an_open_that_hangs_is_closed_when_it_comes_back(void **state) {
    (void)state;
    shk_adapter *a = malloc(sizeof *a);
    char value[] = "v";
    const shk_setting settings[] = {{"k", value}};
    struct adapter_call *c = NULL;
    struct fault why = {0};
    *a = *actor_adapter(NULL, NULL);
    a->open = open_hang;
    a->close = close_plain;
    actor.opened = 1;
    assert_int_equal(adapter_call_open(actor.session, 1, a, settings, 1, &c, &why),
                     SHK_E_ADAPTER_TIMEOUT);
    assert_null(c);
    value[0] = '?';
    actor_let_go();
    actor_await(&actor.closed, 1);
    thread_sleep(50);
    free(a);
}

static void SHK_CALL close_hang(shk_host **h) {
    actor_hang();
    close_plain(h);
}

static void a_close_that_hangs_is_left_behind(void **state) {
    (void)state;
    shk_adapter *a = malloc(sizeof *a);
    *a = *actor_adapter(NULL, NULL);
    a->close = close_hang;
    struct adapter_call *c = open_call(a);
    assert_int_equal(deliver(c), SHK_OK);
    int64_t start = actor_ms();
    adapter_call_close(&c);
    assert_true(actor_ms() - start < LIMIT_MS + SLACK_MS);
    actor_let_go();
    actor_await(&actor.closed, 1);
    thread_sleep(50);
    free(a);
}

static int32_t SHK_CALL find_hang(shk_host *h, const shk_field *asked, uint32_t n,
                                  shk_patient_found found, void *who) {
    (void)h, (void)asked, (void)n;
    int32_t rc = found(who, "1", NULL, 0);
    actor_hang();
    actor_count(&actor.back, found(who, "2", NULL, 0) == SHK_E_CANCELLED ? 1 : 100);
    return rc;
}

static int32_t SHK_CALL never(void *who, const char *id, const shk_field *values, uint32_t n) {
    (void)id, (void)values, (void)n;
    ++*(int32_t *)who;
    return SHK_OK;
}

static void a_find_that_hangs_found_nobody(void **state) {
    (void)state;
    struct adapter_call *c = open_call(actor_adapter(NULL, find_hang));
    struct fault why = {0};
    int32_t told = 0;
    assert_int_equal(adapter_call_find(c, NULL, 0, never, &told, &why), SHK_E_ADAPTER_TIMEOUT);
    assert_int_equal(told, 0);
    adapter_call_close(&c);
    actor_let_go();
    actor_await(&actor.back, 1);
}

static char late_path[128];

static void try_services(const shk_services *sv) {
    uint8_t *data = NULL;
    uint32_t n = 0;
    void *out = NULL;
    char digest[33];
    const uint8_t x = 'x';
    const shk_http_settings http = {
        .struct_size = sizeof http, .abi = SHK_ADAPTER_ABI, .url = "https://localhost:1"};
    bool refused = sv->put_file(sv->self, late_path, &x, 1, 0) == SHK_E_CANCELLED &&
                   sv->note(sv->self, "late") == SHK_E_CANCELLED &&
                   sv->read_file(sv->self, late_path, &data, &n) == SHK_E_CANCELLED &&
                   sv->lock_file(sv->self, late_path, 0, &out) == SHK_E_CANCELLED && out == NULL &&
                   sv->http_open(sv->self, &http, &out) == SHK_E_CANCELLED && out == NULL &&
                   sv->digest(sv->self, &x, 1, digest) == SHK_E_CANCELLED &&
                   sv->library_open(sv->self, "libm.so.6") == NULL &&
                   sv->is_folder(sv->self, "/") == 0 && sv->stopping(sv->self) == 1;
    int64_t first = sv->now_ms(sv->self);
    refused = refused && sv->now_ms(sv->self) == first;
    sv->log(sv->self, 1, "late", 0);
    (void)(sv->fail)(sv->self, SHK_E_HOST_BUSY, 0, "late");
    actor_count(&actor.back, refused ? 1 : 100);
}

static int32_t SHK_CALL hang_and_try(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    void *lock = NULL;
    (void)d, (void)receipt;
    (void)sv->now_ms(sv->self);
    int32_t rc = sv->lock_file(sv->self, temp_path(&actor.folder, "lock"), 0, &lock);
    actor_hang();
    try_services(sv);
    sv->unlock_file(sv->self, lock);
    return rc;
}

static int32_t unlocks;

static void count_unlock(void *self, void *lock) {
    actor_count(&unlocks, 1);
    platform_files.unlock(self, lock);
}

static void nothing_takes_effect_after_the_time_is_over(void **state) {
    (void)state;
    unlocks = 0;
    actor.files.unlock = count_unlock;
    text_copy(late_path, sizeof late_path, temp_path(&actor.folder, "late"));
    struct adapter_call *c = open_call(actor_adapter(hang_and_try, NULL));
    assert_int_equal(deliver(c), SHK_E_ADAPTER_TIMEOUT);
    /* What it held is free for the next attempt, once. */
    assert_int_equal(unlocks, 1);
    adapter_call_close(&c);
    actor_drop_session();
    actor_await(&actor.sessions, 0);
    actor_let_go();
    actor_await(&actor.back, 1);
    assert_false(temp_exists(&actor.folder, "late"));
    actor_await(&actor.closed, 1);
    assert_int_equal(unlocks, 1);
}

static int32_t SHK_CALL stage_and_hang(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    void *stage = NULL;
    (void)receipt;
    int32_t rc = sv->stage_file(sv->self, "staged", late_path, d->body, d->body_len, 0, &stage);
    bool hangs = d->attempt == 1;
    if (hangs) {
        actor_hang();
    } else {
        while (sv->stopping(sv->self) == 0) { /* back within the grace */
            thread_sleep(5);
        }
    }
    bool refused = rc == SHK_OK && sv->publish_file(sv->self, stage) == SHK_E_CANCELLED;
    sv->unstage_file(sv->self, stage, 0);
    actor_count(&actor.back, refused ? 1 : 100);
    return SHK_E_HOST_BUSY;
}

static void a_staged_file_outlives_an_adapter_that_was_too_slow(void **state) {
    (void)state;
    text_copy(late_path, sizeof late_path, temp_path(&actor.folder, "late"));
    for (int32_t attempt = 1; attempt <= 2; attempt++) {
        struct adapter_call *c = open_call(actor_adapter(stage_and_hang, NULL));
        shk_delivery d = actor_delivery();
        shk_receipt receipt;
        struct fault why = {0};
        d.attempt = attempt;
        assert_int_equal(adapter_call_deliver(c, &d, &receipt, &why),
                         attempt == 1 ? SHK_E_ADAPTER_TIMEOUT : SHK_E_HOST_BUSY);
        adapter_call_close(&c);
        actor_let_go();
        actor_await(&actor.back, attempt);
        assert_false(temp_exists(&actor.folder, "late"));
        assert_true(temp_exists(&actor.folder, "staged"));
    }
}

/* A put that takes its time. */
static int32_t slow_ms;

static int32_t slow_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                        struct fault *why) {
    if (slow_ms < 0) {
        actor_hang();
    } else {
        thread_sleep(slow_ms);
    }
    return platform_files.put(self, path, p, n, replace, why);
}

static int32_t SHK_CALL put_slowly(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    int32_t rc = sv->put_file(sv->self, late_path, d->body, d->body_len, 0);
    if (rc == SHK_OK) {
        text_copy(receipt->place, sizeof receipt->place, late_path);
    }
    actor_count(&actor.back, 1);
    return rc;
}

static void a_file_that_is_being_published_is_known(void **state) {
    (void)state;
    slow_ms = LIMIT_MS + 400;
    actor.files.put = slow_put;
    text_copy(late_path, sizeof late_path, temp_path(&actor.folder, "late"));
    struct adapter_call *c = open_call(actor_adapter(put_slowly, NULL));
    assert_int_equal(deliver(c), SHK_OK);
    assert_true(temp_exists(&actor.folder, "late"));
    adapter_call_close(&c);
}

static void a_service_that_hangs_keeps_the_session_until_it_is_back(void **state) {
    (void)state;
    slow_ms = -1;
    actor.files.put = slow_put;
    text_copy(late_path, sizeof late_path, temp_path(&actor.folder, "late"));
    struct adapter_call *c = open_call(actor_adapter(put_slowly, NULL));
    int64_t start = actor_ms();
    assert_int_equal(deliver(c), SHK_E_ADAPTER_TIMEOUT);
    assert_true(actor_ms() - start < LIMIT_MS + ADAPTER_GRACE_MS + 4 * SLACK_MS);
    adapter_call_close(&c);
    actor_drop_session();
    thread_sleep(100);
    assert_int_equal(actor.sessions, 1);
    actor_let_go();
    actor_await(&actor.back, 1);
    actor_await(&actor.sessions, 0);
}

static void wish(void *session) {
    struct session *s = session;
    thread_sleep(200);
    mutex_lock(s->lock);
    s->cancel = true;
    mutex_unlock(s->lock);
}

static void a_session_that_is_to_stop_waits_less(void **state) {
    (void)state;
    actor_limit(60000);
    struct adapter_call *c = open_call(actor_adapter(hang, NULL));
    struct thread *t = thread_start(wish, actor.session);
    int64_t start = actor_ms();
    assert_int_equal(deliver(c), SHK_E_CANCELLED);
    adapter_call_close(&c);
    assert_true(actor_ms() - start < 200 + CLOSE_LIMIT_MS + SLACK_MS);
    assert_true(thread_join(t, -1));
}

static void an_adapter_that_hangs_again_and_again_is_not_called_any_more(void **state) {
    (void)state;
    const shk_adapter *a = actor_adapter(hang, NULL);
    struct adapter_call *c = NULL;
    struct fault why = {0};
    for (int i = 0; i < ADAPTER_STRAYS_MAX; i++) {
        c = open_call(a);
        assert_int_equal(deliver(c), SHK_E_ADAPTER_TIMEOUT);
        adapter_call_close(&c);
    }
    int64_t start = actor_ms();
    assert_int_equal(adapter_call_open(actor.session, 1, a, NULL, 0, &c, &why),
                     SHK_E_ADAPTER_TIMEOUT);
    assert_string_equal(why.where, "deliveries[1].adapter");
    assert_true(actor_ms() - start < LIMIT_MS);
    c = open_call(actor_adapter(NULL, NULL)); /* another one still is */
    assert_int_equal(deliver(c), SHK_OK);
    adapter_call_close(&c);
    actor_let_go();
    actor_await(&actor.closed, ADAPTER_STRAYS_MAX + 1);
    /* Their threads end a moment after that. */
    for (int i = 0; i < 6000 && !stray_allows(a); i++) {
        thread_sleep(10);
    }
    c = open_call(a);
    assert_int_equal(deliver(c), SHK_OK);
    adapter_call_close(&c);
}

static int32_t SHK_CALL slow_but_back(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d;
    thread_sleep(300);
    text_copy(receipt->place, sizeof receipt->place, "late but there");
    return sv->note(sv->self, "about to");
}

static struct {
    char note[SHK_NOTE_MAX];
    bool here;
    int32_t rc;
} noted;

static _Thread_local bool is_test_thread;

static int32_t SHK_CALL keep_note(void *self, const char *note) {
    (void)self;
    text_copy(noted.note, sizeof noted.note, note);
    noted.here = is_test_thread;
    return noted.rc;
}

static void a_note_is_taken_down_on_the_sessions_own_thread(void **state) {
    (void)state;
    is_test_thread = true;
    struct adapter_call *c = open_call(actor_adapter(slow_but_back, NULL));
    adapter_call_services(c)->table.note = keep_note;
    noted.rc = SHK_OK;
    assert_int_equal(deliver(c), SHK_OK);
    assert_string_equal(noted.note, "about to");
    assert_true(noted.here);
    noted.rc = SHK_E_DELIVERY_TAKEN;
    assert_int_equal(deliver(c), SHK_E_DELIVERY_TAKEN);
    adapter_call_close(&c);
}

/* Its own thread works on, as if the plugin were its own. */
static struct thread *own;
static bool own_stop;

static const shk_services *lent;

static void work_on(void *unused) {
    const shk_services *sv = lent;
    (void)unused;
    bool stop = false;
    while (!stop) {
        (void)sv->is_folder(sv->self, "/");
        (void)sv->note(sv->self, "n");
        (void)(sv->fail)(sv->self, SHK_E_HOST_BUSY, 0, "own");
        (void)sv->now_ms(sv->self);
        mutex_lock(actor.lock);
        stop = own_stop;
        mutex_unlock(actor.lock);
    }
    try_services(sv);
}

static int32_t SHK_CALL start_own(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    const shk_services *sv = actor_services(h);
    (void)d, (void)receipt;
    if (own == NULL) {
        lent = sv;
        own = thread_start(work_on, NULL);
    }
    for (int i = 0; i < 50; i++) {
        (void)sv->note(sv->self, "m");
        (void)sv->is_folder(sv->self, "/");
    }
    return SHK_OK;
}

static void SHK_CALL stop_own(shk_host **h) {
    assert_true(thread_join(own, -1));
    close_plain(h);
}

static void a_thread_of_its_own_is_refused_between_the_calls(void **state) {
    (void)state;
    own = NULL;
    own_stop = false;
    text_copy(late_path, sizeof late_path, temp_path(&actor.folder, "late"));
    shk_adapter a = *actor_adapter(start_own, NULL);
    a.close = stop_own;
    struct adapter_call *c = open_call(&a);
    assert_int_equal(deliver(c), SHK_OK);
    assert_int_equal(deliver(c), SHK_OK);
    mutex_lock(actor.lock);
    own_stop = true;
    mutex_unlock(actor.lock);
    actor_await(&actor.back, 1);
    assert_false(temp_exists(&actor.folder, "late"));
    adapter_call_close(&c);
    assert_int_equal(actor.closed, 1);
}

static int32_t task_rc(void *arg) {
    (void)arg;
    actor_count(&actor.back, 1);
    return SHK_E_MODULE_FILE;
}

static int32_t task_hang(void *arg) {
    actor_hang();
    *(int32_t *)arg = 7;
    return SHK_OK;
}

static void drop_arg(void *arg) {
    free(arg);
    actor_count(&actor.back, 1);
}

static void a_task_of_a_stranger_is_bounded_too(void **state) {
    (void)state;
    struct fault why = {0};
    void *arg = malloc(sizeof(int32_t));
    void *kept = arg;
    assert_int_equal(adapter_call_task(actor.session, task_rc, &arg, drop_arg, &why),
                     SHK_E_MODULE_FILE);
    assert_ptr_equal(arg, kept);
    assert_int_equal(why.code, 0);
    assert_int_equal(adapter_call_task(actor.session, task_hang, &arg, drop_arg, &why),
                     SHK_E_ADAPTER_TIMEOUT);
    assert_null(arg);
    assert_int_equal(why.code, SHK_E_ADAPTER_TIMEOUT);
    actor_let_go();
    actor_await(&actor.back, 2);
}

static int begin(void **state) {
    int failed = actor_begin(state);
    if (failed == 0) {
        actor_limit(LIMIT_MS);
    }
    return failed;
}

#define HANG_CASE(name) cmocka_unit_test_setup_teardown(name, begin, actor_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        HANG_CASE(a_deliver_that_hangs_is_left_behind),
        HANG_CASE(an_open_that_hangs_is_closed_when_it_comes_back),
        HANG_CASE(a_close_that_hangs_is_left_behind),
        HANG_CASE(a_find_that_hangs_found_nobody),
        HANG_CASE(nothing_takes_effect_after_the_time_is_over),
        HANG_CASE(a_staged_file_outlives_an_adapter_that_was_too_slow),
        HANG_CASE(a_file_that_is_being_published_is_known),
        HANG_CASE(a_service_that_hangs_keeps_the_session_until_it_is_back),
        HANG_CASE(a_session_that_is_to_stop_waits_less),
        HANG_CASE(an_adapter_that_hangs_again_and_again_is_not_called_any_more),
        ACTOR_CASE(a_note_is_taken_down_on_the_sessions_own_thread),
        ACTOR_CASE(a_thread_of_its_own_is_refused_between_the_calls),
        HANG_CASE(a_task_of_a_stranger_is_bounded_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
