#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lookup.h"

/* A folder of three names; every path that was asked for is kept. */
struct folder {
    char asked[4][256];
    size_t asked_n;
    bool missing, empty, unreadable;
};

static const char *content_of(const char *path) {
    if (text_equal(path, "/demo/999999SAMPLE0000000001A.xml")) {
        return "<XmlMsg>one</XmlMsg>";
    }
    if (text_equal(path, "/demo/06990014-1001.xml")) {
        return "<XmlMsg>found</XmlMsg>";
    }
    return text_equal(path, "/demo/default.xml") ? "<XmlMsg>default</XmlMsg>" : NULL;
}

static int32_t folder_read(void *self, const char *path, size_t max, struct bytes *out,
                           struct fault *why) {
    struct folder *f = self;
    text_copy(f->asked[f->asked_n++], sizeof f->asked[0], path);
    const char *content = f->empty ? NULL : content_of(path);
    assert_true(max >= 65536);
    if (f->unreadable) {
        return fault_set(why, SHK_E_FOLDER_WRITE, SHK_NATIVE_OS, 13, NULL);
    }
    if (content == NULL) {
        return fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, 2, NULL);
    }
    return bytes_append_text(out, content);
}

static bool folder_is(void *self, const char *path) {
    return !((struct folder *)self)->missing && text_equal(path, "/demo");
}

static const struct file_ops folder_ops = {.read = folder_read, .is_folder = folder_is};

struct stage {
    struct folder folder;
    struct env env;
    struct lookup_route route;
    struct question q;
    struct bytes answer;
    struct fault why;
};

static int set_up(void **state) {
    static struct stage s;
    s = (struct stage){0};
    s.env.files = &folder_ops;
    s.env.files_self = &s.folder;
    *state = &s;
    return demo_route_new("/demo", &s.env, &s.route, &s.why);
}

static int tear_down(void **state) {
    struct stage *s = *state;
    bytes_clear(&s->answer);
    if (s->route.ops != NULL) {
        s->route.ops->free(s->route.self);
    }
    return 0;
}

static int32_t ask(struct stage *s, const char *common_name) {
    s->q.common_name = common_name;
    return s->route.ops->ask(s->route.self, &s->q, &s->answer, NULL, &s->why);
}

static void the_card_signs_a_fixed_challenge(void **state) {
    struct stage *s = *state;
    assert_int_equal(s->route.ops->prepare(s->route.self, &s->q, NULL, &s->why), SHK_OK);
    assert_string_equal(s->q.challenge, "demo");
}

static void the_common_name_names_the_file(void **state) {
    struct stage *s = *state;
    assert_int_equal(ask(s, "999999SAMPLE0000000001A"), SHK_OK);
    assert_string_equal(bytes_text(&s->answer), "<XmlMsg>one</XmlMsg>");
    assert_int_equal(s->folder.asked_n, 1);
}

static void another_card_gets_the_default(void **state) {
    struct stage *s = *state;
    assert_int_equal(ask(s, "999999SAMPLE0000000099A"), SHK_OK);
    assert_string_equal(bytes_text(&s->answer), "<XmlMsg>default</XmlMsg>");
    assert_int_equal(s->folder.asked_n, 2);
    assert_int_equal(s->why.code, SHK_OK);
}

/* A certificate must not choose a file outside the folder, nor a device of Windows. */
static void an_unsafe_name_never_reaches_the_file_system(void **state) {
    struct stage *s = *state;
    const char *const unsafe[] = {
        "../../etc/passwd",         "a/b/c/d",    "a\\b\\c\\d", "", "name.xml", "CON", "COM1",
        "\xE8\xA6\x8B\xE6\x9C\xAC", "with space", NULL};
    for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++) {
        s->folder.asked_n = 0;
        assert_int_equal(ask(s, unsafe[i]), SHK_OK);
        assert_int_equal(s->folder.asked_n, 1);
        assert_string_equal(s->folder.asked[0], "/demo/default.xml");
    }
}

static void a_name_too_long_gets_the_default(void **state) {
    struct stage *s = *state;
    char name[66];
    memset(name, 'A', 65);
    name[65] = '\0';
    assert_int_equal(ask(s, name), SHK_OK);
    assert_int_equal(s->folder.asked_n, 1);
}

static int32_t query(struct stage *s, const char *insurer_number, const char *number) {
    struct card_data data = {.birth_date = "19850312"};
    text_copy(data.insurer_number, sizeof data.insurer_number, insurer_number);
    text_copy(data.number, sizeof data.number, number);
    s->folder.asked_n = 0;
    s->q.search = &data;
    int32_t rc = ask(s, "999999SAMPLE0000000001A");
    s->q.search = NULL;
    return rc;
}

static void card_data_names_the_file(void **state) {
    struct stage *s = *state;
    const char *const numbers[] = {"1001", "１００１", "10-01"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_int_equal(query(s, "06990014", numbers[i]), SHK_OK);
        assert_string_equal(bytes_text(&s->answer), "<XmlMsg>found</XmlMsg>");
    }
    assert_int_equal(query(s, "06990014", "1002"), SHK_OK);
    assert_string_equal(bytes_text(&s->answer), "<XmlMsg>default</XmlMsg>");
    /* Leading zeros belong to a number. */
    assert_int_equal(query(s, "06990014", "01001"), SHK_OK);
    assert_string_equal(s->folder.asked[0], "/demo/06990014-01001.xml");
}

static void card_data_chooses_no_other_folder(void **state) {
    struct stage *s = *state;
    const char *const unsafe[] = {"../../etc/passwd", "a/b", "a\\b", "見本", "1.2"};
    for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++) {
        assert_int_equal(query(s, "06990014", unsafe[i]), SHK_OK);
        for (size_t k = 0; k < s->folder.asked_n; k++) {
            assert_true(text_starts(s->folder.asked[k], "/demo/06990014-") ||
                        text_equal(s->folder.asked[k], "/demo/default.xml"));
            assert_null(strpbrk(s->folder.asked[k] + 6, "/\\"));
        }
    }
}

static void no_answer_file_is_a_fault_without_the_name(void **state) {
    struct stage *s = *state;
    s->folder.empty = true;
    assert_int_equal(ask(s, "999999SAMPLE0000000001A"), SHK_E_DEMO_ANSWER);
    assert_int_equal(s->why.code, SHK_E_DEMO_ANSWER);
    assert_string_equal(s->why.where, "");
    assert_int_equal(s->answer.n, 0);
}

/* The wrong patient's answer would be worse than none. */
static void an_unreadable_file_is_not_replaced_by_the_default(void **state) {
    struct stage *s = *state;
    s->folder.unreadable = true;
    assert_int_equal(ask(s, "999999SAMPLE0000000001A"), SHK_E_DEMO_ANSWER);
    assert_int_equal(s->folder.asked_n, 1);
    assert_int_equal(s->why.native, 13);
}

static void a_missing_folder_is_noticed_at_once(void **state) {
    struct stage *s = *state;
    struct lookup_route route;
    assert_int_equal(demo_route_new("/other", &s->env, &route, &s->why), SHK_E_DEMO_ANSWER);
    assert_null(route.ops);
    assert_string_equal(s->why.where, "folder");
}

static bool always(void *self) {
    (void)self;
    return true;
}

static void stopped_before_it_answers(void **state) {
    struct stage *s = *state;
    const struct watch watch = {always, NULL};
    assert_int_equal(s->route.ops->ask(s->route.self, &s->q, &s->answer, &watch, &s->why),
                     SHK_E_CANCELLED);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_card_signs_a_fixed_challenge),
        CASE(the_common_name_names_the_file),
        CASE(another_card_gets_the_default),
        CASE(an_unsafe_name_never_reaches_the_file_system),
        CASE(a_name_too_long_gets_the_default),
        CASE(card_data_names_the_file),
        CASE(card_data_chooses_no_other_folder),
        CASE(no_answer_file_is_a_fault_without_the_name),
        CASE(an_unreadable_file_is_not_replaced_by_the_default),
        CASE(a_missing_folder_is_noticed_at_once),
        CASE(stopped_before_it_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
