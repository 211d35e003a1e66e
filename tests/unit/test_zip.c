#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "zip.h"

#define MOST ((uint64_t)1000000)

/* Gives a file in pieces and fails when it is told to. */
struct giver {
    FILE *file;
    size_t piece;
    int32_t fail_code;
    long fail_at; /* -1: never */
};

struct taker {
    struct bytes got;
    size_t calls, refuse_at; /* 0: takes all */
};

static int32_t give(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct giver *g = self;
    *n = 0;
    if (g->fail_at >= 0 && ftell(g->file) >= g->fail_at) {
        return fault_set(why, g->fail_code, SHK_NATIVE_OS, 5, NULL);
    }
    *n = fread(p, 1, g->piece < cap ? g->piece : cap, g->file);
    errno = ENOMEM; /* as a lock of memory that did not work leaves it: libarchive looks at it */
    return SHK_OK;
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct taker *t = self;
    assert_true(n > 0);
    if (++t->calls == t->refuse_at) {
        return fault_set(why, SHK_E_XML, SHK_NATIVE_XML_LINE, 3, NULL);
    }
    return bytes_append(&t->got, p, n);
}

static struct giver giver;
static struct taker taker;
static struct fault why;

static int set_up(void **state) {
    (void)state;
    giver = (struct giver){.piece = 1000, .fail_at = -1};
    taker = (struct taker){0};
    fault_clear(&why);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    bytes_clear(&taker.got);
    return 0;
}

static FILE *open_data(const char *name) {
    char path[512];
    text_format(path, sizeof path, "%s/zip/%s", TEST_DATA, name);
    return fopen(path, "rb");
}

static int32_t unpack_most(const char *name, uint64_t most) {
    char file[64];
    const struct byte_source from = {give, &giver};
    const struct byte_sink sink = {take, &taker};
    text_format(file, sizeof file, "%s.zip", name);
    fault_clear(&why);
    bytes_clear(&taker.got);
    giver.file = open_data(file);
    assert_non_null(giver.file);
    int32_t rc = zip_read_xml(&from, most, &sink, &why);
    assert_int_equal(why.code, rc);
    fclose(giver.file);
    return rc;
}

static int32_t unpack(const char *name) {
    return unpack_most(name, MOST);
}

static void assert_whole(void) {
    static uint8_t expected[8192];
    FILE *file = open_data("a.xml");
    assert_non_null(file);
    size_t n = fread(expected, 1, sizeof expected, file);
    fclose(file);
    assert_true(n > 1000 && n < sizeof expected);
    assert_int_equal(taker.got.n, n);
    assert_memory_equal(taker.got.p, expected, n);
}

static void an_archive_is_known_by_its_first_bytes(void **state) {
    (void)state;
    assert_true(zip_is((const uint8_t *)"PK\3\4rest", 8));
    assert_false(zip_is((const uint8_t *)"PK\3", 3));
    assert_false(zip_is((const uint8_t *)"PK\5\6", 4));
    assert_false(zip_is((const uint8_t *)"<?xm", 4));
    assert_false(zip_is(NULL, 0));
}

static void every_usual_form_is_unpacked(void **state) {
    (void)state;
    static const char *const names[] = {"deflated",     "stored",     "streamed",   "zip64",
                                        "among_others", "utf8_name",  "cp932_name", "trailing",
                                        "sixteen",      "odd_name",   "wide",       "wide_place",
                                        "comment",      "end_inside", "long"};
    static const size_t pieces[] = {1, 7, 65536};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
            giver.piece = pieces[k];
            assert_int_equal(unpack(names[i]), SHK_OK);
            assert_whole();
        }
    }
}

static void an_empty_entry_gives_nothing(void **state) {
    (void)state;
    assert_int_equal(unpack("empty_entry"), SHK_OK);
    assert_int_equal(taker.calls, 0);
}

static void what_is_not_one_whole_xml_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "two",         "none",           "empty",           "seventeen", "encrypted",
        "bzip2",       "lzma",           "encrypted_other", "bad_sum",   "bad_data",
        "cut_header",  "cut_data",       "cut_after_entry", "cut_index", "cut_end",
        "cut_comment", "cut_end_inside", "wide_cut"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (unpack(names[i]) != SHK_E_ARCHIVE) {
            fail_msg("%s: %d", names[i], (int)why.code);
        }
    }
}

/* What other readers do not show was deleted or never belonged there. */
static void what_the_list_does_not_list_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "ghost",      "ghost_two",       "ghost_counted",     "listed_twice", "list_elsewhere",
        "list_moved", "list_counted",    "list_longer",       "list_apart",   "list_inside",
        "wide_lost",  "wide_place_lost", "list_name_too_long"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (unpack(names[i]) != SHK_E_ARCHIVE) {
            fail_msg("%s: %d", names[i], (int)why.code);
        }
    }
}

static void the_second_xml_is_not_given_behind_the_first(void **state) {
    (void)state;
    assert_int_equal(unpack("two"), SHK_E_ARCHIVE);
    assert_whole();
}

static void an_xml_file_is_no_archive(void **state) {
    (void)state;
    const struct byte_source from = {give, &giver};
    const struct byte_sink sink = {take, &taker};
    giver.file = open_data("a.xml");
    assert_non_null(giver.file);
    assert_int_equal(zip_read_xml(&from, MOST, &sink, NULL), SHK_E_ARCHIVE);
    fclose(giver.file);
    assert_int_equal(taker.calls, 0);
}

static void a_bomb_ends_at_the_limit(void **state) {
    (void)state;
    assert_int_equal(unpack("bomb"), SHK_E_ANSWER_TOO_LARGE);
    assert_true(taker.got.n <= MOST);
    assert_int_equal(unpack("bomb_beside"), SHK_E_ANSWER_TOO_LARGE);
    assert_int_equal(taker.got.n, 0);
    assert_int_equal(unpack_most("bomb", 2999999), SHK_E_ANSWER_TOO_LARGE);
    assert_int_equal(unpack_most("bomb", 3000000), SHK_OK);
    assert_int_equal(taker.got.n, 3000000);
    assert_int_equal(unpack_most("deflated", 0), SHK_E_ANSWER_TOO_LARGE);
}

static void the_givers_fault_is_passed_on(void **state) {
    (void)state;
    static const long places[] = {0, 1, 60, 150};
    giver.piece = 1;
    giver.fail_code = SHK_E_FOLDER_LOCKED;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        giver.fail_at = places[i];
        assert_int_equal(unpack("deflated"), SHK_E_FOLDER_LOCKED);
        assert_int_equal(why.native, 5);
    }
}

static void the_takers_fault_is_passed_on(void **state) {
    (void)state;
    taker.refuse_at = 1;
    assert_int_equal(unpack("bomb"), SHK_E_XML);
    assert_int_equal(why.native, 3);
    assert_int_equal(taker.calls, 1);
}

static void the_hosts_locale_stays(void **state) {
    (void)state;
    assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
    locale_t before = uselocale((locale_t)0);
    assert_int_equal(unpack("utf8_name"), SHK_OK);
    assert_int_equal(unpack("cut_data"), SHK_E_ARCHIVE);
    assert_ptr_equal(uselocale((locale_t)0), before);
    assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(an_archive_is_known_by_its_first_bytes),
        CASE(every_usual_form_is_unpacked),
        CASE(an_empty_entry_gives_nothing),
        CASE(what_is_not_one_whole_xml_is_refused),
        CASE(what_the_list_does_not_list_is_refused),
        CASE(the_second_xml_is_not_given_behind_the_first),
        CASE(an_xml_file_is_no_archive),
        CASE(a_bomb_ends_at_the_limit),
        CASE(the_givers_fault_is_passed_on),
        CASE(the_takers_fault_is_passed_on),
        CASE(the_hosts_locale_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
