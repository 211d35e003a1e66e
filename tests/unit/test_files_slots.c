/* What env.h says of files, held against the real disk and against the fake that other tests trust. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "files_fake.h"
#include "platform.h"
#include "temp_folder.h"

#define STAGED ".shikaku-stage-0123456789abcdef-1"

struct world {
    const struct file_ops *files;
    void *self;
    struct temp_folder real;
    struct files_fake fake;
    struct fault why;
};

static struct world w;

static int on_disk(void **state) {
    (void)state;
    fault_clear(&w.why);
    w.files = &platform_files;
    w.self = NULL;
    return temp_folder_make(&w.real) ? 0 : -1;
}

static int in_memory(void **state) {
    (void)state;
    fault_clear(&w.why);
    text_copy(w.real.path, sizeof w.real.path, "/fake");
    files_fake_init(&w.fake, w.real.path);
    w.files = &files_fake_ops;
    w.self = &w.fake;
    return 0;
}

static int leave_disk(void **state) {
    (void)state;
    temp_folder_remove(&w.real);
    return 0;
}

static int leave_memory(void **state) {
    (void)state;
    assert_int_equal(w.fake.opens, w.fake.closes);
    assert_int_equal(w.fake.watches, w.fake.unwatches);
    assert_int_equal(w.fake.stages_left, 0);
    files_fake_clear(&w.fake);
    return 0;
}

static const char *in(const char *name) {
    return temp_path(&w.real, name);
}

static void put(const char *name, const char *content) {
    assert_int_equal(
        w.files->put(w.self, in(name), (const uint8_t *)content, strlen(content), true, &w.why),
        SHK_OK);
}

static int32_t write_at(const char *name, uint64_t at, const char *content) {
    fault_clear(&w.why);
    return w.files->write_at(w.self, in(name), at, (const uint8_t *)content, strlen(content),
                             &w.why);
}

static void assert_holds(const char *name, const char *content) {
    struct bytes got = {0};
    assert_int_equal(w.files->read(w.self, in(name), 1000, &got, &w.why), SHK_OK);
    assert_string_equal(bytes_text(&got), content);
    assert_int_equal(got.n, strlen(content));
    bytes_clear(&got);
}

struct told {
    size_t n, stop_at, of_five;
    bool a, b;
};

static bool take(void *who, const struct file_entry *entry) {
    struct told *t = who;
    t->a = t->a || text_equal(entry->name, "回答.xml");
    t->b = t->b || text_equal(entry->name, "b");
    t->of_five += entry->size == 5 ? 1 : 0;
    t->n++;
    return t->n != t->stop_at;
}

static void every_plain_file_is_told_once(void **state) {
    (void)state;
    struct told all = {0}, one = {.stop_at = 1}, none = {0};
    assert_int_equal(w.files->list(w.self, w.real.path, take, &none, &w.why), SHK_OK);
    assert_int_equal(none.n, 0);
    put("回答.xml", "12345");
    put("b", "");
    put("c", "1");
    put(".shikaku-0123456789abcdef.tmp", "12345");
    assert_int_equal(w.files->list(w.self, w.real.path, take, &all, &w.why), SHK_OK);
    assert_int_equal(all.n, 3);
    assert_true(all.a && all.b);
    assert_int_equal(all.of_five, 1);
    assert_int_equal(w.files->list(w.self, w.real.path, take, &one, &w.why), SHK_OK);
    assert_int_equal(one.n, 1);
    assert_int_equal(w.files->list(w.self, in("none"), take, &none, &w.why), SHK_E_FOLDER_MISSING);
    assert_int_equal(w.why.code, SHK_E_FOLDER_MISSING);
    assert_int_equal(w.files->list(w.self, in("b"), take, &none, NULL), SHK_E_FOLDER_MISSING);
    assert_int_equal(none.n, 0);
}

static void make_folder(const char *name) {
    if (w.files == &files_fake_ops) {
        files_fake_add_folder(&w.fake, in(name));
    } else {
        assert_int_equal(w.files->make_folder(w.self, in(name), &w.why), SHK_OK);
    }
}

struct folders {
    size_t n, stop_at;
    bool a, b;
};

static bool take_folder(void *who, const char *name) {
    struct folders *t = who;
    t->a = t->a || text_equal(name, "見本");
    t->b = t->b || text_equal(name, ".b");
    t->n++;
    return t->n != t->stop_at;
}

static int32_t list_folders(const char *name, struct folders *to) {
    fault_clear(&w.why);
    return w.files->list_folders(w.self, name[0] != '\0' ? in(name) : w.real.path, take_folder, to,
                                 &w.why);
}

static void every_folder_is_told_once_and_no_file(void **state) {
    (void)state;
    struct folders all = {0}, one = {.stop_at = 1}, none = {0};
    assert_int_equal(list_folders("", &none), SHK_OK);
    assert_int_equal(none.n, 0);
    make_folder("見本");
    make_folder(".b");
    put("c", "1");
    assert_int_equal(list_folders("", &all), SHK_OK);
    assert_int_equal(all.n, 2);
    assert_true(all.a && all.b);
    assert_int_equal(list_folders("", &one), SHK_OK);
    assert_int_equal(one.n, 1);
    assert_int_equal(list_folders("見本", &none), SHK_OK);
    assert_int_equal(list_folders("none", &none), SHK_E_FOLDER_MISSING);
    assert_int_equal(w.why.code, SHK_E_FOLDER_MISSING);
    assert_int_equal(list_folders("c", &none), SHK_E_FOLDER_MISSING);
    assert_int_equal(none.n, 0);
}

/* What a link leads to may lie outside. */
static void a_link_to_a_folder_is_no_folder(void **state) {
    (void)state;
    struct folders all = {0};
    make_folder("見本");
    assert_int_equal(symlink("見本", in("link")), 0);
    assert_int_equal(list_folders("", &all), SHK_OK);
    assert_int_equal(all.n, 1);
}

static bool remove_it(void *who, const struct file_entry *entry) {
    *(int *)who += w.files->remove(w.self, in(entry->name), NULL) == SHK_OK ? 1 : 0;
    return true;
}

static void a_file_can_be_removed_while_it_is_told(void **state) {
    (void)state;
    int removed = 0;
    struct told left = {0};
    put("a", "1");
    put("b", "2");
    put("c", "3");
    assert_int_equal(w.files->list(w.self, w.real.path, remove_it, &removed, &w.why), SHK_OK);
    assert_int_equal(removed, 3);
    assert_int_equal(w.files->list(w.self, w.real.path, take, &left, &w.why), SHK_OK);
    assert_int_equal(left.n, 0);
}

static void a_file_is_removed(void **state) {
    (void)state;
    struct bytes got = {0};
    put("a", "1");
    assert_int_equal(w.files->remove(w.self, in("a"), &w.why), SHK_OK);
    assert_int_equal(w.files->read(w.self, in("a"), 10, &got, NULL), SHK_E_ABSENT);
    assert_int_equal(w.files->remove(w.self, in("a"), &w.why), SHK_E_ABSENT);
    assert_int_equal(w.why.code, SHK_E_ABSENT);
    assert_int_equal(w.files->remove(w.self, in("no/a"), NULL), SHK_E_ABSENT);
}

/* Reads to the end in pieces of `cap`. */
static void read_on(void *file, size_t cap, char *to, size_t room) {
    size_t n = 1, at = 0;
    while (n > 0 && at + cap < room) {
        assert_int_equal(w.files->next(w.self, file, (uint8_t *)to + at, cap, &n, &w.why), SHK_OK);
        assert_true(n <= cap);
        at += n;
    }
    assert_int_equal(n, 0);
    to[at] = '\0';
}

static void a_file_is_read_in_pieces(void **state) {
    (void)state;
    char got[100];
    void *file = NULL;
    put("a", "1234567");
    assert_int_equal(w.files->open(w.self, in("a"), &file, &w.why), SHK_OK);
    read_on(file, 3, got, sizeof got);
    assert_string_equal(got, "1234567");
    w.files->close(w.self, file);
    put("empty", "");
    assert_int_equal(w.files->open(w.self, in("empty"), &file, &w.why), SHK_OK);
    read_on(file, 3, got, sizeof got);
    assert_string_equal(got, "");
    w.files->close(w.self, file);
    assert_int_equal(w.files->open(w.self, in("none"), &file, &w.why), SHK_E_ABSENT);
    assert_null(file);
    w.files->close(w.self, NULL);
}

static void a_file_that_is_taken_away_is_read_to_its_end(void **state) {
    (void)state;
    char got[100];
    void *file = NULL;
    put("face", "1234567");
    assert_int_equal(w.files->open(w.self, in("face"), &file, &w.why), SHK_OK);
    assert_int_equal(w.files->remove(w.self, in("face"), &w.why), SHK_OK);
    read_on(file, 4, got, sizeof got);
    assert_string_equal(got, "1234567");
    w.files->close(w.self, file);
}

static void what_stood_behind_the_place_is_cut_off(void **state) {
    (void)state;
    assert_int_equal(write_at("log", 0, "one\ntwo\nthree\n"), SHK_OK);
    assert_holds("log", "one\ntwo\nthree\n");
    assert_int_equal(write_at("log", 4, "2\n"), SHK_OK);
    assert_holds("log", "one\n2\n");
    assert_int_equal(write_at("log", 6, "3\n"), SHK_OK);
    assert_holds("log", "one\n2\n3\n");
    assert_int_equal(write_at("log", 4, ""), SHK_OK);
    assert_holds("log", "one\n");
    assert_int_equal(write_at("log", 0, ""), SHK_OK);
    assert_holds("log", "");
}

static void a_place_behind_the_end_is_refused(void **state) {
    (void)state;
    put("log", "one\n");
    assert_int_equal(write_at("log", 5, "x"), SHK_E_ARGUMENT);
    assert_int_equal(w.why.code, SHK_E_ARGUMENT);
    assert_int_equal(write_at("none", 1, "x"), SHK_E_ABSENT);
    assert_int_equal(write_at("no/log", 0, "x"), SHK_E_FOLDER_MISSING);
    assert_holds("log", "one\n");
}

static void a_change_is_noticed_once(void **state) {
    (void)state;
    void *watch = NULL;
    assert_int_equal(w.files->watch(w.self, in("none"), &watch, &w.why), SHK_E_FOLDER_MISSING);
    assert_null(watch);
    put("before", "x");
    assert_int_equal(w.files->watch(w.self, w.real.path, &watch, &w.why), SHK_OK);
    assert_false(w.files->changed(w.self, watch, 0));
    put("a", "x");
    assert_true(w.files->changed(w.self, watch, 5000));
    assert_false(w.files->changed(w.self, watch, 20));
    assert_int_equal(write_at("a", 1, "y"), SHK_OK);
    assert_true(w.files->changed(w.self, watch, 5000));
    w.files->unwatch(w.self, watch);
    w.files->unwatch(w.self, NULL);
}

static const uint8_t *bytes_of(const char *text) {
    return (const uint8_t *)text;
}

/* content null takes up what lies there. */
static int32_t stage(const char *name, const char *content, bool replace, void **out) {
    fault_clear(&w.why);
    return w.files->stage(w.self, STAGED, in(name), content != NULL ? bytes_of(content) : NULL,
                          content != NULL ? strlen(content) : 0, replace, out, &w.why);
}

static bool is_there(const char *name) {
    struct bytes got = {0};
    int32_t rc = w.files->read(w.self, in(name), 1000, &got, NULL);
    bytes_clear(&got);
    return rc == SHK_OK;
}

static void a_staged_file_gets_its_name_later(void **state) {
    (void)state;
    void *staged = NULL;
    struct told none = {0};
    assert_int_equal(stage("a", "one", false, &staged), SHK_OK);
    assert_holds(STAGED, "one");
    assert_false(is_there("a"));
    assert_int_equal(w.files->list(w.self, w.real.path, take, &none, &w.why), SHK_OK);
    assert_int_equal(none.n, 0);
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_OK);
    assert_holds("a", "one");
    assert_false(is_there(STAGED));
    assert_int_equal(stage("b", "", false, &staged), SHK_OK);
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_OK);
    assert_holds("b", "");
}

static void a_stage_that_is_given_up_leaves_its_file_when_asked(void **state) {
    (void)state;
    void *staged = NULL;
    w.files->unstage(w.self, NULL, false);
    assert_int_equal(stage("a", "one", false, &staged), SHK_OK);
    w.files->unstage(w.self, staged, true);
    assert_holds(STAGED, "one");
    assert_int_equal(stage("a", "two", false, &staged), SHK_OK);
    assert_holds(STAGED, "two");
    w.files->unstage(w.self, staged, false);
    assert_false(is_there(STAGED));
    assert_false(is_there("a"));
}

static void a_staged_file_is_taken_up_until_it_is_gone(void **state) {
    (void)state;
    void *staged = NULL;
    assert_int_equal(stage("a", NULL, false, &staged), SHK_E_ABSENT);
    assert_null(staged);
    assert_int_equal(w.why.code, SHK_E_ABSENT);
    assert_int_equal(stage("a", "one", false, &staged), SHK_OK);
    w.files->unstage(w.self, staged, true);
    assert_int_equal(stage("b", NULL, false, &staged), SHK_OK);
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_OK);
    assert_holds("b", "one");
    assert_int_equal(stage("b", NULL, false, &staged), SHK_E_ABSENT);
}

static void a_name_that_is_taken_is_seen_when_staging_and_when_publishing(void **state) {
    (void)state;
    void *staged = NULL;
    put("a", "theirs");
    assert_int_equal(stage("a", "one", false, &staged), SHK_E_FILE_EXISTS);
    assert_null(staged);
    assert_false(is_there(STAGED));
    assert_int_equal(stage("b", "one", false, &staged), SHK_OK);
    put("b", "theirs");
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_E_FILE_EXISTS);
    assert_holds("b", "theirs");
    assert_holds(STAGED, "one");
    assert_int_equal(stage("b", NULL, false, &staged), SHK_E_FILE_EXISTS);
    assert_int_equal(stage("c", NULL, false, &staged), SHK_OK);
    w.files->unstage(w.self, staged, true);
}

/* What was taken must not come back, and what came must not be lost. */
static void a_file_that_changed_since_the_staging_is_not_replaced(void **state) {
    (void)state;
    void *staged = NULL;
    put("a", "old");
    assert_int_equal(stage("a", "old,new", true, &staged), SHK_OK);
    put("a", "other");
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_E_FILE_EXISTS);
    assert_holds("a", "other");
    assert_int_equal(stage("a", "other,new", true, &staged), SHK_OK);
    assert_int_equal(w.files->remove(w.self, in("a"), &w.why), SHK_OK);
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_E_FILE_EXISTS);
    assert_false(is_there("a"));
    assert_int_equal(stage("a", "new", true, &staged), SHK_OK);
    assert_int_equal(w.files->publish(w.self, staged, &w.why), SHK_OK);
    assert_holds("a", "new");
}

static void of_two_who_publish_one_finds_the_file_gone(void **state) {
    (void)state;
    void *one = NULL, *two = NULL;
    assert_int_equal(stage("a", "x", false, &one), SHK_OK);
    assert_int_equal(stage("b", NULL, false, &two), SHK_OK);
    assert_int_equal(w.files->publish(w.self, two, &w.why), SHK_OK);
    assert_int_equal(w.files->publish(w.self, one, &w.why), SHK_E_ABSENT);
    assert_false(is_there("a"));
    assert_holds("b", "x");
}

static void nothing_is_staged_without_a_folder(void **state) {
    (void)state;
    void *staged = NULL;
    assert_int_equal(stage("no/a", "x", false, &staged), SHK_E_FOLDER_MISSING);
    assert_int_equal(stage("no/a", NULL, false, &staged), SHK_E_FOLDER_MISSING);
    assert_null(staged);
}

#define BOTH(name)                                                                                 \
    {"disk: " #name, name, on_disk, leave_disk, NULL}, {                                           \
        "fake: " #name, name, in_memory, leave_memory, NULL                                        \
    }

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH(every_plain_file_is_told_once),
        BOTH(every_folder_is_told_once_and_no_file),
        {"disk: link", a_link_to_a_folder_is_no_folder, on_disk, leave_disk, NULL},
        BOTH(a_file_can_be_removed_while_it_is_told),
        BOTH(a_file_is_removed),
        BOTH(a_file_is_read_in_pieces),
        BOTH(a_file_that_is_taken_away_is_read_to_its_end),
        BOTH(what_stood_behind_the_place_is_cut_off),
        BOTH(a_place_behind_the_end_is_refused),
        BOTH(a_change_is_noticed_once),
        BOTH(a_staged_file_gets_its_name_later),
        BOTH(a_stage_that_is_given_up_leaves_its_file_when_asked),
        BOTH(a_staged_file_is_taken_up_until_it_is_gone),
        BOTH(a_name_that_is_taken_is_seen_when_staging_and_when_publishing),
        BOTH(a_file_that_changed_since_the_staging_is_not_replaced),
        BOTH(of_two_who_publish_one_finds_the_file_gone),
        BOTH(nothing_is_staged_without_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
