#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock_fake.h"
#include "log.h"
#include "platform.h"
#include "thread.h"

static struct clock_fake now;
static struct env world;
static char folder[64], path[96];
static struct log *book;

static int set_up(void **state) {
    (void)state;
    text_copy(folder, sizeof folder, "/tmp/shikaku-log-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    text_format(path, sizeof path, "%s/shikaku.log", folder);
    clock_fake_init(&now);
    world = (struct env){.clock = &clock_fake_ops, .clock_self = &now};
    return log_open(path, SHK_LOG_INFO, &world, &book, NULL);
}

static int tear_down(void **state) {
    (void)state;
    log_close(&book);
    unlink(path);
    return rmdir(folder);
}

static void expect_content(const char *expected) {
    struct bytes content = {0};
    assert_int_equal(platform_files.read(NULL, path, 1 << 20, &content, NULL), SHK_OK);
    assert_string_equal(bytes_text(&content), expected);
    bytes_clear(&content);
}

static void a_line_has_time_level_words_and_numbers(void **state) {
    (void)state;
    clock_fake_advance(&now, 123);
    log_event(book, SHK_LOG_INFO, "card.certificate", "bytes,ms", INT64_C(1500), INT64_C(-3));
    clock_fake_advance(&now, 900);
    log_event(book, SHK_LOG_WARN, "card.slow", "");
    log_event(book, SHK_LOG_ERROR, "card.none", NULL);
    expect_content("2026-11-22T10:00:00.123Z info card.certificate bytes=1500 ms=-3\n"
                   "2026-11-22T10:00:01.023Z warn card.slow\n"
                   "2026-11-22T10:00:01.023Z error card.none\n");
}

static void a_level_that_is_not_wanted_is_dropped(void **state) {
    (void)state;
    log_event(book, SHK_LOG_DEBUG, "card.apdu", "n", INT64_C(1));
    log_reader(book, SHK_LOG_DEBUG, "card.reader", "x");
    expect_content("");
}

static void a_fault_is_written_without_its_sentences(void **state) {
    (void)state;
    struct fault why = {0};
    fault_set(&why, SHK_E_CARD_REMOVED, SHK_NATIVE_PCSC, (int32_t)0x80100069u, NULL);
    log_fault(book, &why);
    fault_clear(&why);
    fault_set(&why, SHK_E_SCRIPT_RUN, SHK_NATIVE_LUA_LINE, 12, "csv_basic.lua:12 NAME");
    log_fault(book, &why);
    fault_clear(&why);
    log_fault(book, &why);
    expect_content("2026-11-22T10:00:00.000Z error fault code=-1105 name=CARD_REMOVED stage=card "
                   "native_kind=pcsc native=0x80100069\n"
                   "2026-11-22T10:00:00.000Z error fault code=-1504 name=SCRIPT_RUN stage=mapping "
                   "native_kind=lua_line native=12 where=\"csv_basic.lua:12 NAME\"\n");
}

/* Which character it was is a part of the patient's name. */
static void a_lost_character_is_not_told(void **state) {
    (void)state;
    struct fault why = {0};
    fault_set(&why, SHK_E_CHARACTER_LOST, SHK_NATIVE_NONE, 0, "csv.lua:3 NAME U+20BB7");
    log_fault(book, &why);
    expect_content("2026-11-22T10:00:00.000Z error fault code=-1509 name=CHARACTER_LOST "
                   "stage=mapping native_kind=none native=0 where=\"csv.lua:3 NAME\"\n");
}

static void free_text_cannot_forge_a_line(void **state) {
    (void)state;
    log_reader(book, SHK_LOG_INFO, "card.reader", "読取機 \"A\"\n2026 error \x80\x1b[31m\xC2\x85");
    expect_content("2026-11-22T10:00:00.000Z info card.reader reader=\"読取機 ?A??2026 error "
                   "??[31m?\"\n");
}

static void an_endless_name_stays_on_one_line(void **state) {
    (void)state;
    char name[3000];
    memset(name, 'r', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    log_reader(book, SHK_LOG_INFO, "card.reader", name);
    struct bytes content = {0};
    assert_int_equal(platform_files.read(NULL, path, 1 << 20, &content, NULL), SHK_OK);
    assert_int_equal(content.n, 1023);
    assert_int_equal(content.p[content.n - 1], '\n');
    bytes_clear(&content);
}

static void the_file_is_for_its_owner_alone(void **state) {
    (void)state;
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_clock_that_is_set_is_followed(void **state) {
    (void)state;
    clock_fake_advance(&now, 500);
    now.wall_ms -= 3600000;
    log_event(book, SHK_LOG_INFO, "a", NULL);
    now.wall_ms += 7200700;
    now.mono_ms += 700;
    log_event(book, SHK_LOG_INFO, "b", NULL);
    expect_content("2026-11-22T09:00:00.999Z info a\n2026-11-22T11:00:01.000Z info b\n");
}

static void leap_days_and_year_ends_are_right(void **state) {
    (void)state;
    static const struct {
        int64_t s;
        const char *text;
    } cases[] = {
        {INT64_C(951782400), "2000-02-29T00:00:00"},  {INT64_C(1709164800), "2024-02-29T00:00:00"},
        {INT64_C(1709251199), "2024-02-29T23:59:59"}, {INT64_C(1767225599), "2025-12-31T23:59:59"},
        {INT64_C(1767225600), "2026-01-01T00:00:00"}, {INT64_C(4107542400), "2100-03-01T00:00:00"}};
    char expected[512] = "";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        now.wall_ms = cases[i].s * 1000;
        log_close(&book);
        assert_int_equal(log_open(path, SHK_LOG_INFO, &world, &book, NULL), SHK_OK);
        log_event(book, SHK_LOG_INFO, "t", NULL);
        size_t n = strlen(expected);
        text_format(expected + n, sizeof expected - n, "%s.000Z info t\n", cases[i].text);
    }
    expect_content(expected);
}

static void no_path_drops_everything(void **state) {
    (void)state;
    struct log *silent = NULL;
    assert_int_equal(log_open("", SHK_LOG_DEBUG, &world, &silent, NULL), SHK_OK);
    log_event(silent, SHK_LOG_ERROR, "x", "n", INT64_C(1));
    log_close(&silent);
    assert_null(silent);
    log_event(NULL, SHK_LOG_ERROR, "x", NULL);
    log_fault(NULL, NULL);
    log_close(NULL);
}

static void a_place_that_is_no_file_is_refused(void **state) {
    (void)state;
    struct log *none = NULL;
    struct fault why = {0};
    assert_int_equal(log_open(folder, SHK_LOG_INFO, &world, &none, &why), SHK_E_FOLDER_WRITE);
    assert_int_equal(why.native_kind, SHK_NATIVE_OS);
    assert_null(none);
    char link[96];
    text_format(link, sizeof link, "%s/link", folder);
    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(log_open(link, SHK_LOG_INFO, &world, &none, NULL), SHK_E_FOLDER_WRITE);
    unlink(link);
    assert_int_equal(log_open("/dev/null", SHK_LOG_INFO, &world, &none, &why), SHK_E_FOLDER_WRITE);
    assert_null(none);
}

static void write_many(void *self) {
    (void)self;
    for (int64_t i = 0; i < 500; i++) {
        log_event(book, SHK_LOG_INFO, "work.step", "i,twice", i, 2 * i);
    }
}

/* "…i=NUMBER twice=NUMBER" with the second number twice the first. */
static bool is_whole(const char *line) {
    static const char head[] = "2026-11-22T10:00:00.000Z info work.step i=";
    int32_t i = 0, twice = 0;
    const char *first = line + sizeof head - 1, *second = strstr(line, " twice=");
    return text_starts(line, head) && second != NULL &&
           text_to_int32(first, (size_t)(second - first), &i) &&
           text_to_int32(second + 7, strcspn(second + 7, "\n"), &twice) && twice == 2 * i;
}

static void lines_of_two_threads_do_not_mix(void **state) {
    (void)state;
    struct thread *a = thread_start(write_many, NULL);
    struct thread *b = thread_start(write_many, NULL);
    assert_true(thread_join(a, 60000));
    assert_true(thread_join(b, 60000));
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char line[256];
    int lines = 0;
    while (fgets(line, sizeof line, f) != NULL) {
        assert_true(is_whole(line));
        lines++;
    }
    fclose(f);
    assert_int_equal(lines, 1000);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_line_has_time_level_words_and_numbers),
        CASE(a_level_that_is_not_wanted_is_dropped),
        CASE(a_fault_is_written_without_its_sentences),
        CASE(a_lost_character_is_not_told),
        CASE(free_text_cannot_forge_a_line),
        CASE(an_endless_name_stays_on_one_line),
        CASE(the_file_is_for_its_owner_alone),
        CASE(a_clock_that_is_set_is_followed),
        CASE(leap_days_and_year_ends_are_right),
        CASE(no_path_drops_everything),
        CASE(a_place_that_is_no_file_is_refused),
        CASE(lines_of_two_threads_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
