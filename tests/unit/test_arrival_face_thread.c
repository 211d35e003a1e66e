/* The thread that looks for face files, while its folder fails and comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arrival.h"
#include "platform.h"
#include "temp_folder.h"
#include "thread.h"

#define LONG_MS 600000
#define NAME    "OQSsiquc01res_face_1_20261122101112.xml"
#define NEXT    "OQSsiquc01res_face_2_20261122101113.xml"
#define DOCUMENT                                                                                   \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader/><MessageBody/></XmlMsg>"

static atomic_bool gone, unwatchable;
static atomic_int looks; /* at the folder, failed ones included */

static int32_t list(void *self, const char *folder,
                    bool (*each)(void *who, const struct file_entry *entry), void *who,
                    struct fault *why) {
    int32_t rc = gone ? fault_raise(why, SHK_E_FOLDER_MISSING)
                      : platform_files.list(self, folder, each, who, why);
    looks++;
    return rc;
}

static int32_t watch_folder(void *self, const char *folder, void **watch, struct fault *why) {
    return unwatchable ? fault_raise(why, SHK_E_FOLDER_MISSING)
                       : platform_files.watch(self, folder, watch, why);
}

static bool never(void *self) {
    (void)self;
    return false;
}

struct stage {
    struct temp_folder folder;
    struct file_ops files;
    struct env env;
    struct arrival_source source;
    struct arrival arrival;
    struct fault why;
};

static int set_up(void **state) {
    static struct stage s;
    memset(&s, 0, sizeof s);
    gone = unwatchable = false;
    looks = 0;
    s.files = platform_files;
    s.files.list = list;
    s.files.watch = watch_folder;
    s.env = (struct env){.clock = &platform_clock, .files = &s.files};
    *state = &s;
    return temp_folder_make(&s.folder) ? 0 : -1;
}

static int tear_down(void **state) {
    struct stage *s = *state;
    if (s->source.ops != NULL) {
        s->source.ops->free(s->source.self);
    }
    bytes_clear(&s->arrival.body);
    temp_folder_remove(&s->folder);
    return 0;
}

static void begin(struct stage *s) {
    const struct folder_settings settings = {
        .face = s->folder.path, .poll_ms = 20, .stable_ms = 10};
    assert_int_equal(face_arrivals_new(&settings, &s->env, NULL, &s->source, &s->why), SHK_OK);
}

static void put(struct stage *s, const char *name) {
    assert_int_equal(platform_files.put(NULL, temp_path(&s->folder, name),
                                        (const uint8_t *)DOCUMENT, strlen(DOCUMENT), false, NULL),
                     SHK_OK);
}

static int32_t wait_ms(struct stage *s, int32_t ms) {
    const struct watch watch = {never, NULL};
    fault_clear(&s->why);
    bytes_clear(&s->arrival.body);
    return s->source.ops->wait(s->source.self, ms, &s->arrival, &watch, &s->why);
}

static void some_looks(void) {
    int until = looks + 3;
    while (looks < until) {
        thread_sleep(5);
    }
}

static void given(struct stage *s) {
    assert_int_equal(wait_ms(s, LONG_MS), SHK_OK);
    assert_string_equal(bytes_text(&s->arrival.body), DOCUMENT);
    s->source.ops->settle(s->source.self, true);
}

static void a_folder_that_goes_is_told_once_and_comes_back(void **state) {
    struct stage *s = *state;
    begin(s);
    for (int i = 0; i < 2; i++) {
        gone = true;
        assert_int_equal(wait_ms(s, LONG_MS), SHK_E_TERMINAL_FOLDER);
        assert_string_equal(s->why.where, "face");
        some_looks();
        assert_int_equal(wait_ms(s, 0), SHK_E_TIMEOUT);
        put(s, i == 0 ? NAME : NEXT);
        gone = false;
        given(s);
    }
    assert_int_equal(wait_ms(s, 0), SHK_E_TIMEOUT);
}

/* What was found before comes first; the fault is not lost behind it. */
static void what_was_found_comes_before_the_outage(void **state) {
    struct stage *s = *state;
    begin(s);
    put(s, NAME);
    for (int i = 0; i < 3; i++) {
        some_looks();
    }
    given(s);
    gone = true;
    assert_int_equal(wait_ms(s, LONG_MS), SHK_E_TERMINAL_FOLDER);
}

static void a_folder_without_notices_is_looked_at_all_the_same(void **state) {
    struct stage *s = *state;
    unwatchable = true;
    begin(s);
    put(s, NAME);
    given(s);
    unwatchable = false;
    put(s, NEXT);
    given(s);
}

static void what_nobody_took_is_wiped_at_the_end(void **state) {
    struct stage *s = *state;
    begin(s);
    put(s, NAME);
    given(s);
    put(s, NEXT);
    for (int i = 0; i < 5; i++) {
        some_looks();
    }
}

static void a_folder_that_cannot_be_listed_is_refused(void **state) {
    struct stage *s = *state;
    const struct folder_settings settings = {
        .face = s->folder.path, .poll_ms = 20, .stable_ms = 10};
    gone = true;
    assert_int_equal(face_arrivals_new(&settings, &s->env, NULL, &s->source, &s->why),
                     SHK_E_TERMINAL_FOLDER);
    assert_null(s->source.ops);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_folder_that_goes_is_told_once_and_comes_back),
        CASE(what_was_found_comes_before_the_outage),
        CASE(a_folder_without_notices_is_looked_at_all_the_same),
        CASE(what_nobody_took_is_wiped_at_the_end),
        CASE(a_folder_that_cannot_be_listed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
