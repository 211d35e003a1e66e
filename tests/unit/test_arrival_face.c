/* Looking for face files, look by look; the thread around it is tried over real folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arrival.h"
#include "clock_fake.h"
#include "files_fake.h"
#include "folder_face.h"
#include "platform.h"
#include "temp_folder.h"

#define FACE "/t/face"
#define ONE  FACE "/OQSsiquc01res_face_1_20261122101112.xml"
#define TWO  FACE "/OQSsiquc01res_face_2_20261122101113.xml"
#define DOCUMENT(text)                                                                             \
    "<?xml version=\"1.0\" "                                                                       \
    "encoding=\"UTF-8\"?><XmlMsg><MessageHeader><ArbitraryFileIdentifier>" text                    \
    "</ArbitraryFileIdentifier></MessageHeader><MessageBody/></XmlMsg>"

static bool memory_fails; /* for what was given */

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names for a call that it wraps */
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

void *__wrap_calloc(size_t n, size_t size) {
    return memory_fails && size == sizeof(struct seen_file) ? NULL : __real_calloc(n, size);
}
/* NOLINTEND(bugprone-reserved-identifier) */

struct stage {
    struct files_fake files;
    struct clock_fake clock;
    struct env env;
    struct folder_face face;
    struct face_file got;
    struct fault why;
};

static int set_up(void **state) {
    static struct stage s;
    memset(&s, 0, sizeof s);
    memory_fails = false;
    clock_fake_init(&s.clock);
    files_fake_init(&s.files, FACE);
    s.files.clock = &s.clock;
    s.files.now_s = s.clock.wall_ms / 1000;
    s.env = (struct env){.clock = &clock_fake_ops,
                         .clock_self = &s.clock,
                         .files = &files_fake_ops,
                         .files_self = &s.files};
    s.face = (struct folder_face){.env = &s.env, .folder = FACE, .stable_ms = 300};
    s.face.seen.most = FOLDER_SEEN_MOST;
    *state = &s;
    return 0;
}

static int tear_down(void **state) {
    struct stage *s = *state;
    bytes_clear(&s->got.body);
    face_clear(&s->face);
    bool leak = s->files.opens != s->files.closes;
    files_fake_clear(&s->files);
    return leak ? -1 : 0;
}

static void look(struct stage *s, int32_t ms) {
    clock_fake_advance(&s->clock, ms);
    fault_clear(&s->why);
    (void)face_look(&s->face, &s->why);
}

static bool take(struct stage *s) {
    bytes_clear(&s->got.body);
    return face_take(&s->face, &s->got);
}

static void took(struct stage *s, const char *document) {
    assert_true(take(s));
    assert_string_equal(bytes_text(&s->got.body), document);
}

static void a_file_is_given_once_and_after_its_rest(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    assert_false(take(s));
    look(s, 299);
    assert_false(take(s));
    look(s, 1);
    took(s, DOCUMENT("1"));
    for (int i = 0; i < 30; i++) {
        look(s, 1000);
        assert_false(take(s));
    }
}

static void moved_away_after_one_look_it_is_given(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    files_fake_drop(&s->files, ONE);
    look(s, 5);
    took(s, DOCUMENT("1"));
    look(s, 1000);
    assert_false(take(s));
}

static void moved_away_and_back_it_is_not_given_again(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    files_fake_move(&s->files, ONE, "/elsewhere/x.xml");
    look(s, 1000);
    took(s, DOCUMENT("1"));
    files_fake_move(&s->files, "/elsewhere/x.xml", ONE);
    look(s, 1000);
    look(s, 1000);
    assert_false(take(s));
}

static void torn_and_moved_away_it_is_not_given(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, "<XmlMsg>");
    look(s, 0);
    files_fake_drop(&s->files, ONE);
    look(s, 1000);
    assert_false(take(s));
    assert_int_equal(s->face.files_n, 0);
}

static void a_growing_file_is_waited_for(void **state) {
    struct stage *s = *state;
    const char *whole = DOCUMENT("1");
    char part[400];
    for (size_t n = 1; n < strlen(whole); n += 10) {
        text_copy_n(part, sizeof part, whole, n);
        files_fake_set(&s->files, ONE, part);
        look(s, 400);
        assert_false(take(s));
    }
    files_fake_set(&s->files, ONE, whole);
    look(s, 400);
    look(s, 400);
    took(s, whole);
}

static void hopeless_is_given_so_that_the_desk_hears_of_it(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, "<XmlMsg>");
    look(s, 0);
    look(s, 5999);
    assert_false(take(s));
    look(s, 1);
    took(s, "<XmlMsg>");
    s->files.now_s++;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
}

static void what_lies_there_already_is_passed_over(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    assert_int_equal(face_skip(&s->face, &s->why), SHK_OK);
    look(s, 1000);
    look(s, 1000);
    assert_false(take(s));
    s->files.now_s++;
    files_fake_set(&s->files, ONE, DOCUMENT("2"));
    look(s, 1000);
    look(s, 1000);
    took(s, DOCUMENT("2"));
}

static void only_touched_it_is_not_new(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
    s->files.now_s += 100;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 1000);
    look(s, 1000);
    assert_false(take(s));
}

static void rewritten_with_the_same_stamp_it_is_new(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
    files_fake_set(&s->files, ONE, DOCUMENT("2"));
    look(s, 100);
    look(s, 300);
    took(s, DOCUMENT("2"));
}

static void written_over_with_the_same_content_it_is_not_new(void **state) {
    struct stage *s = *state;
    static const char *const cut[] = {"", "<XmlMsg>", DOCUMENT("2")};
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        s->files.now_s++;
        files_fake_set(&s->files, ONE, cut[i]);
        look(s, 100);
        assert_int_equal(s->face.files_n, 1);
        files_fake_set(&s->files, ONE, DOCUMENT("1"));
        look(s, 100);
        look(s, 300);
        assert_false(take(s));
        assert_int_equal(s->face.files_n, 0);
        assert_int_equal(s->face.bytes, 0);
    }
    files_fake_set(&s->files, ONE, DOCUMENT("2"));
    look(s, 100);
    look(s, 300);
    took(s, DOCUMENT("2"));
}

static void written_over_and_moved_away_it_is_not_new(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
    s->files.now_s++;
    files_fake_set(&s->files, ONE, "");
    look(s, 100);
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 100);
    files_fake_drop(&s->files, ONE);
    look(s, 100);
    assert_false(take(s));
    assert_int_equal(s->face.files_n, 0);
}

static void seen_too_large_for_a_moment_it_was_not_given(void **state) {
    struct stage *s = *state;
    size_t n = (size_t)5 * 1024 * 1024;
    char *p = calloc(1, n);
    assert_non_null(p);
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    files_fake_set_n(&s->files, ONE, p, n);
    free(p);
    look(s, 100);
    s->files.now_s++;
    files_fake_set(&s->files, ONE, "");
    look(s, 100);
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 100);
    look(s, 300);
    took(s, DOCUMENT("1"));
}

/* As a share does whose connection breaks in the middle. */
static int32_t list_and_fail(void *self, const char *folder,
                             bool (*each)(void *who, const struct file_entry *entry), void *who,
                             struct fault *why) {
    int32_t rc = files_fake_ops.list(self, folder, each, who, why);
    return rc == SHK_OK ? fault_raise(why, SHK_E_FOLDER_MISSING) : rc;
}

static void what_comes_behind_a_look_that_failed_is_not_lost(void **state) {
    struct stage *s = *state;
    static struct file_ops failing;
    failing = files_fake_ops;
    failing.list = list_and_fail;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
    s->files.now_s++;
    files_fake_set(&s->files, ONE, "");
    look(s, 100);
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 100);
    s->env.files = &failing;
    look(s, 300);
    s->env.files = &files_fake_ops;
    files_fake_set(&s->files, ONE, DOCUMENT("2"));
    look(s, 100);
    files_fake_drop(&s->files, ONE);
    look(s, 100);
    took(s, DOCUMENT("2"));
}

static void the_older_one_comes_first(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, TWO, DOCUMENT("2"));
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
    took(s, DOCUMENT("2"));
}

static void a_file_that_is_held_is_read_later(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    files_fake_fail(&s->files, FILES_FAKE_OPENED, SHK_E_FOLDER_LOCKED, 0);
    look(s, 0);
    look(s, 5000);
    assert_false(take(s));
    files_fake_fail(&s->files, FILES_FAKE_NEVER, 0, 0);
    look(s, 0);
    look(s, 300);
    took(s, DOCUMENT("1"));
}

static void the_folder_goes_and_comes_with_its_files(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    files_fake_fail(&s->files, FILES_FAKE_LIST, SHK_E_FOLDER_MISSING, 0);
    look(s, 1000);
    assert_int_equal(s->why.code, SHK_E_TERMINAL_FOLDER);
    assert_string_equal(s->why.where, "face");
    assert_false(take(s));
    files_fake_fail(&s->files, FILES_FAKE_NEVER, 0, 0);
    look(s, 1000);
    took(s, DOCUMENT("1"));
    look(s, 1000);
    assert_false(take(s));
}

static void more_than_there_is_room_for_come_in_turn(void **state) {
    struct stage *s = *state;
    int given = 0;
    for (int i = 0; i < FACE_FILES_MAX + 20; i++) {
        char path[100];
        text_format(path, sizeof path, FACE "/OQSsiquc01res_face_%d_1.xml", i);
        files_fake_set(&s->files, path, DOCUMENT("1"));
    }
    for (int i = 0; i < 10; i++) {
        look(s, 300);
        while (take(s)) {
            given++;
        }
    }
    assert_int_equal(given, FACE_FILES_MAX + 20);
}

static void a_huge_file_is_passed_over_once(void **state) {
    struct stage *s = *state;
    size_t n = (size_t)5 * 1024 * 1024;
    char *p = malloc(n);
    assert_non_null(p);
    memset(p, 'x', n);
    files_fake_set_n(&s->files, ONE, p, n);
    free(p);
    look(s, 0);
    clock_fake_advance(&s->clock, 60000);
    int32_t opens = s->files.opens;
    look(s, 1000);
    assert_int_equal(s->files.opens, opens);
    assert_false(take(s));
}

/* One look at a folder that holds so many files; how many of them count as new. */
static int new_ones(struct folder_seen *seen, int files) {
    char name[32];
    int count = 0;
    seen_begin_look(seen);
    for (int i = 0; i < files; i++) {
        const struct file_entry entry = {name, 10, 1000 + i};
        text_format(name, sizeof name, "face_%d", i);
        if (seen_find(seen, name) == NULL && !seen_is_old(seen, &entry)) {
            count++;
            assert_int_equal(seen_put(seen, &entry, 1), SHK_OK);
        }
        assert_true(seen->n <= 300);
    }
    return count;
}

static void the_memory_of_names_is_bounded(void **state) {
    (void)state;
    struct folder_seen seen = {.most = 300};
    for (int files = 1; files < 1500; files++) {
        assert_int_equal(new_ones(&seen, files), 1);
    }
    assert_int_equal(new_ones(&seen, 1499), 0);
    assert_true(seen.cap <= 1024);
    seen_clear(&seen);
    seen.has_floor = false;
    /* A folder that is emptied all the time needs no date. */
    for (int i = 0; i < 5000; i++) {
        char name[32];
        const struct file_entry entry = {name, 10, 5};
        text_format(name, sizeof name, "face_%d", i);
        seen_begin_look(&seen);
        assert_null(seen_find(&seen, name));
        assert_int_equal(seen_put(&seen, &entry, 1), SHK_OK);
    }
    assert_false(seen.has_floor);
    assert_true(seen.n <= 300);
    seen_clear(&seen);
}

static void without_memory_for_its_name_it_is_given_later_and_once(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    memory_fails = true;
    look(s, 300);
    assert_false(take(s));
    memory_fails = false;
    look(s, 300);
    took(s, DOCUMENT("1"));
    look(s, 300);
    look(s, 300);
    assert_false(take(s));
}

static void without_memory_for_its_name_one_that_is_gone_is_not_lost(void **state) {
    struct stage *s = *state;
    files_fake_set(&s->files, ONE, DOCUMENT("1"));
    look(s, 0);
    memory_fails = true;
    look(s, 300);
    files_fake_drop(&s->files, ONE);
    look(s, 300);
    memory_fails = false;
    took(s, DOCUMENT("1"));
}

/* 200 of 256 slots: some lie behind others. */
static void without_memory_to_forget_all_are_still_known(void **state) {
    (void)state;
    struct folder_seen seen = {.most = 200};
    char name[32];
    const struct file_entry entry = {name, 10, 5};
    for (int i = 0; i < 200; i++) {
        seen.look = i < 100 ? 0 : 2000;
        text_format(name, sizeof name, "face_%d", i);
        assert_int_equal(seen_put(&seen, &entry, 1), SHK_OK);
    }
    memory_fails = true;
    text_copy(name, sizeof name, "face_more");
    assert_int_equal(seen_put(&seen, &entry, 1), SHK_E_MEMORY);
    memory_fails = false;
    for (int i = 0; i < 200; i++) {
        text_format(name, sizeof name, "face_%d", i);
        assert_non_null(seen_find(&seen, name));
    }
    seen_clear(&seen);
}

static void there_is_no_folder(void **state) {
    struct stage *s = *state;
    struct arrival_source source;
    const struct folder_settings settings = {.face = "/none"};
    assert_int_equal(face_arrivals_new(&settings, &s->env, NULL, &source, &s->why),
                     SHK_E_TERMINAL_FOLDER);
    assert_string_equal(s->why.where, "face");
    assert_null(source.ops);
}

static bool stop(void *self) {
    return *(bool *)self;
}

static void live_put(const struct temp_folder *folder, int number) {
    char name[80];
    struct fault why = {0};
    text_format(name, sizeof name, "OQSsiquc01res_face_%d_20261122101112.xml", number);
    assert_int_equal(platform_files.put(NULL, temp_path(folder, name),
                                        (const uint8_t *)DOCUMENT("1"), strlen(DOCUMENT("1")),
                                        false, &why),
                     SHK_OK);
}

/* The thread over a real folder, for the sanitizers. */
static void the_thread_finds_them_and_ends(void **state) {
    (void)state;
    struct temp_folder folder;
    struct arrival_source source;
    struct arrival arrival;
    struct fault why = {0};
    bool stopped = false;
    const struct watch watch = {stop, &stopped};
    const struct env env = {.clock = &platform_clock, .files = &platform_files};
    assert_true(temp_folder_make(&folder));
    const struct folder_settings settings = {
        .face = folder.path, .poll_ms = 50, .stable_ms = 20, .face_after = FACE_DELETE};
    assert_int_equal(face_arrivals_new(&settings, &env, NULL, &source, &why), SHK_OK);
    for (int i = 0; i < 20; i++) {
        live_put(&folder, i);
        assert_int_equal(source.ops->wait(source.self, 10000, &arrival, &watch, &why), SHK_OK);
        assert_int_equal(arrival.form, ARRIVAL_OQS);
        assert_string_equal(bytes_text(&arrival.body), DOCUMENT("1"));
        bytes_clear(&arrival.body);
        source.ops->settle(source.self, i % 2 == 0);
    }
    assert_int_equal(temp_count(&folder, "OQS"), 10);
    assert_int_equal(source.ops->wait(source.self, 100, &arrival, &watch, &why), SHK_E_TIMEOUT);
    fault_clear(&why);
    stopped = true;
    assert_int_equal(source.ops->wait(source.self, 60000, &arrival, &watch, &why), SHK_E_CANCELLED);
    live_put(&folder, 99);
    source.ops->free(source.self);
    temp_folder_remove(&folder);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_file_is_given_once_and_after_its_rest),
        CASE(moved_away_after_one_look_it_is_given),
        CASE(moved_away_and_back_it_is_not_given_again),
        CASE(torn_and_moved_away_it_is_not_given),
        CASE(a_growing_file_is_waited_for),
        CASE(hopeless_is_given_so_that_the_desk_hears_of_it),
        CASE(what_lies_there_already_is_passed_over),
        CASE(only_touched_it_is_not_new),
        CASE(rewritten_with_the_same_stamp_it_is_new),
        CASE(written_over_with_the_same_content_it_is_not_new),
        CASE(written_over_and_moved_away_it_is_not_new),
        CASE(seen_too_large_for_a_moment_it_was_not_given),
        CASE(what_comes_behind_a_look_that_failed_is_not_lost),
        CASE(the_older_one_comes_first),
        CASE(a_file_that_is_held_is_read_later),
        CASE(the_folder_goes_and_comes_with_its_files),
        CASE(more_than_there_is_room_for_come_in_turn),
        CASE(a_huge_file_is_passed_over_once),
        cmocka_unit_test(the_memory_of_names_is_bounded),
        CASE(without_memory_for_its_name_it_is_given_later_and_once),
        CASE(without_memory_for_its_name_one_that_is_gone_is_not_lost),
        CASE(without_memory_to_forget_all_are_still_known),
        CASE(there_is_no_folder),
        cmocka_unit_test(the_thread_finds_them_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
