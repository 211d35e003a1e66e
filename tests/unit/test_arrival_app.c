/* Copied texts that arrive by the clipboard or in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "arrival.h"
#include "charset.h"
#include "clipboard_fake.h"
#include "files_fake.h"

#define ONE   "資格情報\r\n確認日 : \t2026年4月1日\r\n氏名\t見本 太郎\r\n"
#define TWO   "資格情報\r\n確認日 : \t2026年4月1日\r\n氏名\t見本 花子\r\n"
#define OTHER "買い物\r\n資格情報\r\n牛乳"
#define PATH  "/desk/copied.txt"
#define MARK  "\xEF\xBF\xBD"

static struct clock_fake clock_now;
static struct clipboard_fake board;
static struct files_fake disk;
static struct env env;
static struct app_words *words;
static struct arrival_source source;
static struct arrival arrived;
static struct fault why;

static int set_up(void **state) {
    (void)state;
    clock_fake_init(&clock_now);
    files_fake_init(&disk, "/desk");
    disk.clock = &clock_now;
    disk.now_s = clock_now.wall_ms / 1000;
    fault_clear(&why);
    env = (struct env){.clock = &clock_fake_ops,
                       .clock_self = &clock_now,
                       .files = &files_fake_ops,
                       .files_self = &disk,
                       .clipboard = &clipboard_fake_ops,
                       .clipboard_self = &board};
    words = app_words_new();
    return clipboard_fake_init(&board, &clock_now) && words != NULL ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    if (source.ops != NULL) {
        source.ops->free(source.self);
        source = (struct arrival_source){0};
    }
    bytes_clear(&arrived.body);
    app_words_free(&words);
    assert_int_equal(board.opens, board.closes);
    assert_int_equal(disk.watches, disk.unwatches);
    clipboard_fake_clear(&board);
    files_fake_clear(&disk);
    return 0;
}

static void open_clipboard(bool clear) {
    assert_int_equal(clipboard_arrivals_new(clear, words, &env, NULL, &source, &why), SHK_OK);
}

static void open_file(void) {
    assert_int_equal(file_arrivals_new(PATH, words, &env, NULL, &source, &why), SHK_OK);
}

static int32_t wait_for(int32_t ms) {
    bytes_clear(&arrived.body);
    fault_clear(&why);
    int32_t rc = source.ops->wait(source.self, ms, &arrived, NULL, &why);
    assert_int_equal(why.code, rc);
    assert_true(rc == SHK_OK || arrived.body.p == NULL);
    return rc;
}

static void assert_arrives(const char *text) {
    assert_int_equal(wait_for(10000), SHK_OK);
    assert_int_equal(arrived.form, ARRIVAL_APP);
    assert_string_equal(bytes_text(&arrived.body), text);
    assert_int_equal(arrived.body.n, strlen(text));
}

static void assert_nothing(int32_t ms) {
    int64_t from = clock_now.mono_ms;
    assert_int_equal(wait_for(ms), SHK_E_TIMEOUT);
    assert_true(clock_now.mono_ms - from >= ms && clock_now.mono_ms - from < ms + 100);
}

static void settle(bool good) {
    source.ops->settle(source.self, good);
}

/* --- clipboard --- */

static void a_copied_text_arrives(void **state) {
    (void)state;
    open_clipboard(false);
    assert_nothing(1200);
    clipboard_fake_say(&board, 700, ONE);
    assert_arrives(ONE);
    assert_nothing(3000);
    clipboard_fake_say(&board, 0, TWO);
    assert_arrives(TWO);
    assert_false(board.is_empty);
}

static void other_texts_are_not_touched(void **state) {
    (void)state;
    open_clipboard(true);
    clipboard_fake_say(&board, 0, OTHER);
    clipboard_fake_say(&board, 0, "");
    clipboard_fake_say(&board, 0, "1234567890");
    assert_nothing(1000);
    clipboard_fake_say(&board, 0, ONE);
    clipboard_fake_say(&board, 100, OTHER);
    assert_arrives(ONE);
    assert_nothing(1000);
    settle(true);
    assert_int_equal(board.clears, 0);
    assert_false(board.is_empty);
}

static void a_text_that_is_too_large_is_not_for_us(void **state) {
    (void)state;
    char *large = malloc(APP_TEXT_MAX + sizeof ONE);
    assert_non_null(large);
    memset(large, 'x', APP_TEXT_MAX + sizeof ONE - 1);
    memcpy(large, ONE, sizeof ONE - 1);
    large[APP_TEXT_MAX + 1] = '\0';
    open_clipboard(true);
    clipboard_fake_say(&board, 0, large);
    assert_nothing(1000);
    large[APP_TEXT_MAX] = '\0';
    clipboard_fake_say(&board, 0, large);
    assert_arrives(large);
    free(large);
}

static void it_is_cleared_only_when_configured_and_used(void **state) {
    (void)state;
    open_clipboard(false);
    clipboard_fake_say(&board, 0, ONE);
    assert_arrives(ONE);
    settle(true);
    assert_int_equal(board.clears, 0);
    source.ops->free(source.self);
    open_clipboard(true);
    clipboard_fake_say(&board, 0, TWO);
    assert_arrives(TWO);
    assert_int_equal(board.clears, 0);
    settle(false);
    assert_int_equal(board.clears, 0);
    clipboard_fake_say(&board, 0, ONE);
    assert_arrives(ONE);
    settle(true);
    assert_int_equal(board.clears, 1);
    assert_true(board.is_empty);
}

static void the_same_copy_put_there_again_is_no_second_answer(void **state) {
    (void)state;
    open_clipboard(true);
    clipboard_fake_say(&board, 0, ONE);
    clipboard_fake_say(&board, 200, ONE);
    assert_arrives(ONE);
    clock_fake_advance(&clock_now, 8000); /* it is mapped and delivered meanwhile */
    settle(true);
    assert_nothing(1000);
    assert_int_equal(board.clears, 2);
    assert_true(board.is_empty);
    assert_nothing(2000);
    clipboard_fake_say(&board, 0, ONE);
    assert_arrives(ONE);
}

static void an_echo_is_cleared_only_after_the_text_was(void **state) {
    (void)state;
    open_clipboard(true);
    clipboard_fake_say(&board, 0, ONE);
    assert_arrives(ONE);
    settle(false);
    clipboard_fake_say(&board, 0, ONE);
    assert_nothing(500);
    assert_int_equal(board.clears, 0);
}

static void two_people_one_after_the_other_both_arrive(void **state) {
    (void)state;
    open_clipboard(false);
    clipboard_fake_say(&board, 0, ONE);
    clipboard_fake_say(&board, 0, TWO);
    clipboard_fake_say(&board, 0, ONE);
    assert_arrives(ONE);
    assert_arrives(TWO);
    assert_arrives(ONE);
}

static void a_lost_character_is_a_fault_and_no_name(void **state) {
    (void)state;
    open_clipboard(false);
    clipboard_fake_say(&board, 0, OTHER MARK);
    assert_nothing(500);
    clipboard_fake_say(&board, 0, "資格情報\r\n氏名\t見本 " MARK "\r\n");
    assert_int_equal(wait_for(1000), SHK_E_XML_ENCODING);
}

static void a_clipboard_that_is_held_is_told(void **state) {
    (void)state;
    open_clipboard(false);
    clipboard_fake_fail(&board, 100, SHK_E_CLIPBOARD);
    clipboard_fake_say(&board, 100, ONE);
    assert_int_equal(wait_for(1000), SHK_E_CLIPBOARD);
    assert_arrives(ONE);
}

static void no_clipboard_no_source(void **state) {
    (void)state;
    board.open_code = SHK_E_CLIPBOARD;
    assert_int_equal(clipboard_arrivals_new(false, words, &env, NULL, &source, &why),
                     SHK_E_CLIPBOARD);
    assert_null(source.ops);
    env.clipboard = NULL;
    assert_int_equal(clipboard_arrivals_new(false, words, &env, NULL, &source, NULL),
                     SHK_E_CLIPBOARD);
    assert_null(source.ops);
}

static bool stop_later(void *self) {
    int64_t *until = self;
    assert_true(clock_now.mono_ms - until[1] <= 1000);
    until[1] = clock_now.mono_ms;
    return clock_now.mono_ms >= until[0];
}

static void assert_stops(void) {
    int64_t until[2] = {clock_now.mono_ms + 5000, clock_now.mono_ms};
    const struct watch watch = {stop_later, until};
    assert_int_equal(source.ops->wait(source.self, 60000, &arrived, &watch, NULL), SHK_E_CANCELLED);
    assert_true(clock_now.mono_ms < until[0] + 1000);
}

static void waiting_can_be_stopped_every_second(void **state) {
    (void)state;
    open_clipboard(false);
    assert_stops();
    source.ops->free(source.self);
    open_file();
    assert_stops();
}

/* --- file --- */

static void a_text_that_is_written_into_the_file_arrives(void **state) {
    (void)state;
    open_file();
    assert_nothing(2000);
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
    assert_nothing(5000);
    settle(true);
    assert_string_equal(files_fake_get(&disk, PATH), ONE);
}

static void notices_may_get_lost(void **state) {
    (void)state;
    disk.deaf = true;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
}

static void what_the_file_holds_already_is_old(void **state) {
    (void)state;
    files_fake_set(&disk, PATH, ONE);
    open_file();
    assert_nothing(3000);
    files_fake_set(&disk, PATH, TWO);
    assert_arrives(TWO);
}

static void the_same_text_counts_again_when_it_is_written_again(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
    assert_nothing(5000);
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
    files_fake_drop(&disk, PATH);
    assert_nothing(2000);
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
}

static void another_text_in_the_same_second_counts(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
    disk.now_s = files_fake_find(&disk, PATH)->modified_s;
    assert_int_equal(strlen(ONE), strlen(TWO));
    files_fake_set(&disk, PATH, TWO);
    assert_arrives(TWO);
}

static size_t written;
static int64_t next_ms;

/* A program that writes a line every 200 ms. */
static void write_slowly(struct files_fake *f, enum files_fake_call call, const char *path) {
    (void)call, (void)path;
    if (clock_now.mono_ms >= next_ms && written < strlen(ONE)) {
        written += strcspn(&ONE[written], "\n") + 1;
        next_ms = clock_now.mono_ms + 200;
        files_fake_set_n(f, PATH, ONE, written);
    }
}

static void a_file_that_is_still_written_is_waited_for(void **state) {
    (void)state;
    open_file();
    written = 0;
    next_ms = 0;
    disk.other = write_slowly;
    assert_arrives(ONE);
    assert_int_equal(written, strlen(ONE));
    disk.other = NULL;
    assert_nothing(3000);
}

static int64_t wrote_ms;

/* Between the two readings of the first part the rest comes. */
static void write_rest(struct files_fake *f, enum files_fake_call call, const char *path) {
    (void)path;
    if (call == FILES_CALL_CHANGED && wrote_ms == 0) {
        wrote_ms = clock_now.mono_ms;
        files_fake_set(f, PATH, ONE "裏面記載情報\r\n");
    }
}

static void the_first_part_is_not_taken_for_the_whole(void **state) {
    (void)state;
    open_file();
    wrote_ms = 0;
    files_fake_set(&disk, PATH, ONE);
    disk.other = write_rest;
    assert_arrives(ONE "裏面記載情報\r\n");
    assert_true(wrote_ms > 0 && clock_now.mono_ms - wrote_ms >= 2000);
}

static const char *first_part;

/* A program that begins, pauses for 1.7 seconds and writes the line that decides. */
static void write_with_a_pause(struct files_fake *f, enum files_fake_call call, const char *path) {
    (void)call, (void)path;
    if (wrote_ms == 0) {
        wrote_ms = clock_now.mono_ms;
        files_fake_set(f, PATH, first_part);
    } else if (next_ms == 0 && clock_now.mono_ms - wrote_ms >= 1700) {
        next_ms = clock_now.mono_ms;
        files_fake_set(f, PATH, ONE "有効終了日\t令和5年3月31日\r\n");
    }
}

static void assert_only_the_whole_arrives(const char *first, int64_t server_is_behind_s) {
    clock_now.wall_ms += server_is_behind_s * 1000;
    first_part = first;
    wrote_ms = next_ms = 0;
    disk.other = write_with_a_pause;
    assert_arrives(ONE "有効終了日\t令和5年3月31日\r\n");
    disk.other = NULL;
    assert_nothing(5000);
}

static void a_writer_that_pauses_gives_no_torn_text(void **state) {
    (void)state;
    open_file();
    assert_only_the_whole_arrives(ONE, 0);
    assert_only_the_whole_arrives(ONE "有効終了", 0);
    assert_only_the_whole_arrives(ONE, 3600);
}

static void a_text_that_ends_inside_a_line_is_waited_for_longer(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        bool ended;
    } cases[] = {{ONE, sizeof ONE - 1, true},
                 {ONE "住所", sizeof ONE "住所" - 1, false},
                 {"資格情報\r", sizeof "資格情報\r" - 1, true},
                 {"\xFF\xFE\xC7\x8C\x3C\x68\xC5\x60\x31\x58\n", 12, true},
                 {"\xFF\xFE\xC7\x8C\x3C\x68\xC5\x60\x31\x58", 10, false}};
    open_file();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        files_fake_set_n(&disk, PATH, cases[i].text, cases[i].n);
        int64_t from = clock_now.mono_ms;
        assert_int_equal(wait_for(10000), SHK_OK);
        int64_t took = clock_now.mono_ms - from;
        assert_true(took >= (cases[i].ended ? 2000 : 3000));
        assert_true(took < (cases[i].ended ? 2700 : 3700));
    }
}

static void a_look_takes_up_where_the_last_wait_ended(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    int32_t rc = SHK_E_TIMEOUT;
    for (int i = 0; i < 60 && rc == SHK_E_TIMEOUT; i++) {
        rc = wait_for(50);
    }
    assert_int_equal(rc, SHK_OK);
}

static void other_files_and_texts_are_left_alone(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, "/desk/other.txt", ONE);
    files_fake_set(&disk, PATH, OTHER);
    assert_nothing(3000);
    files_fake_set(&disk, PATH, "");
    assert_nothing(3000);
    assert_string_equal(files_fake_get(&disk, PATH), "");
    assert_int_equal(disk.removes + disk.puts + disk.writes_at, 0);
}

static void every_encoding_of_a_text_file_is_read(void **state) {
    (void)state;
    struct bytes narrow = {0};
    struct cp932_loss loss = {0};
    static const char wide[] = "\xFF\xFE\xC7\x8C\x3C\x68\xC5\x60\x31\x58\r\0\n\0\x42\xD8\xB7\xDF";
    static const char wide_big[] =
        "\xFE\xFF\x8C\xC7\x68\x3C\x60\xC5\x58\x31\0\r\0\n\xD8\x42\xDF\xB7";
    open_file();
    assert_int_equal(utf8_to_cp932(ONE, strlen(ONE), &narrow, &loss), SHK_OK);
    files_fake_set_n(&disk, PATH, narrow.p, narrow.n);
    bytes_clear(&narrow);
    assert_arrives(ONE);
    files_fake_set_n(&disk, PATH, wide, sizeof wide - 1);
    assert_arrives("資格情報\r\n𠮷");
    files_fake_set_n(&disk, PATH, wide_big, sizeof wide_big - 1);
    assert_arrives("資格情報\r\n𠮷");
    files_fake_set(&disk, PATH, "\xEF\xBB\xBF" ONE);
    assert_arrives("\xEF\xBB\xBF" ONE);
}

static void a_file_with_half_a_character_is_a_fault(void **state) {
    (void)state;
    static const char half[] = "\xFF\xFE\xC7\x8C\x3C\x68\xC5\x60\x31\x58\n\0\x42\xD8";
    open_file();
    files_fake_set_n(&disk, PATH, half, sizeof half - 1);
    assert_int_equal(wait_for(5000), SHK_E_XML_ENCODING);
    assert_nothing(2000);
    files_fake_set(&disk, PATH, "\x81\xFF\x81\xFF");
    assert_nothing(2000);
}

/* What the file holds is wanted in code page 932 or UTF-8 with one byte that is neither. */
static void assert_spoilt(const char *text, size_t n, int32_t expected) {
    files_fake_set_n(&disk, PATH, text, n);
    assert_int_equal(wait_for(6000), expected);
    assert_nothing(4000);
}

static void a_broken_byte_in_a_copied_text_is_told_once(void **state) {
    (void)state;
    struct bytes narrow = {0};
    struct cp932_loss loss = {0};
    open_file();
    assert_int_equal(utf8_to_cp932(ONE, strlen(ONE), &narrow, &loss), SHK_OK);
    assert_int_equal(bytes_append(&narrow, "\xFF\r\n", 3), SHK_OK);
    assert_spoilt(bytes_text(&narrow), narrow.n, SHK_E_XML_ENCODING);
    bytes_clear(&narrow);
    assert_spoilt(ONE "\xFF\r\n", sizeof ONE + 2, SHK_E_XML_ENCODING);
    assert_spoilt("\n" ONE "\xE8\xB3", sizeof ONE + 2, SHK_E_XML_ENCODING);
    /* Code page 932 by chance, and then something else than was written. */
    assert_spoilt(ONE "\xB1\r\n", sizeof ONE + 2, SHK_E_XML_ENCODING);
    files_fake_set(&disk, PATH, TWO);
    assert_arrives(TWO);
}

static void a_broken_byte_elsewhere_is_nobodys_business(void **state) {
    (void)state;
    open_file();
    assert_spoilt(OTHER "\xFF\r\n", sizeof OTHER + 2, SHK_E_TIMEOUT);
    assert_spoilt("\xFF" ONE, sizeof ONE, SHK_E_TIMEOUT);
    assert_spoilt("資格情報\xFF\r\n" ONE, sizeof ONE + 14, SHK_E_TIMEOUT);
    assert_spoilt("\x83\x8A\x83\x58\x83\x67\r\n\xFF", 9, SHK_E_TIMEOUT);
    /* 資格情報 in code page 932, but not alone in its line. */
    assert_spoilt("\x8E\x91\x8A\x69\x8F\xEE\x95\xF1\xFF\r\n", 11, SHK_E_TIMEOUT);
}

static void fill(size_t n) {
    char *large = malloc(n);
    assert_non_null(large);
    memset(large, 'x', n);
    memcpy(large, ONE, sizeof ONE - 1);
    files_fake_set_n(&disk, PATH, large, n);
    free(large);
}

static void a_file_that_is_too_large_is_told_once(void **state) {
    (void)state;
    open_file();
    fill(APP_TEXT_MAX + 1);
    assert_int_equal(wait_for(5000), SHK_E_FILE_TOO_LARGE);
    assert_nothing(2000);
    fill(APP_TEXT_MAX * 2 + 3);
    assert_int_equal(wait_for(5000), SHK_E_FILE_TOO_LARGE);
    assert_nothing(2000);
    fill(APP_TEXT_MAX);
    assert_int_equal(wait_for(5000), SHK_OK);
}

static void a_folder_that_goes_is_told_once_and_its_return_noticed(void **state) {
    (void)state;
    open_file();
    files_fake_drop_folder(&disk, "/desk");
    assert_int_equal(wait_for(3000), SHK_E_FILE_READ);
    assert_nothing(3000);
    files_fake_add_folder(&disk, "/desk");
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
    files_fake_drop_folder(&disk, "/desk");
    assert_int_equal(wait_for(3000), SHK_E_FILE_READ);
}

static void a_file_that_its_writer_holds_is_waited_for(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    files_fake_fail(&disk, FILES_FAKE_READ, SHK_E_FOLDER_LOCKED, 0);
    assert_nothing(3000);
    files_fake_fail(&disk, FILES_FAKE_NEVER, 0, 0);
    assert_arrives(ONE);
}

/* While it is held by another program the list still tells its size and time. */
static void open_held(enum files_fake_step step) {
    files_fake_fail(&disk, step, step == FILES_FAKE_READ ? SHK_E_FOLDER_LOCKED : SHK_E_FOLDER_WRITE,
                    0);
    open_file();
    files_fake_fail(&disk, FILES_FAKE_NEVER, 0, 0);
}

static void what_was_held_at_the_start_is_old(void **state) {
    (void)state;
    static const enum files_fake_step steps[] = {FILES_FAKE_READ, FILES_FAKE_LIST};
    for (size_t i = 0; i < 2; i++) {
        files_fake_set(&disk, PATH, ONE);
        open_held(steps[i]);
        assert_nothing(5000);
        files_fake_set(&disk, PATH, ONE);
        assert_arrives(ONE);
        source.ops->free(source.self);
    }
    open_file();
}

static void what_is_written_after_a_start_that_could_not_read_is_new(void **state) {
    (void)state;
    files_fake_set(&disk, PATH, ONE);
    open_held(FILES_FAKE_READ);
    clock_fake_advance(&clock_now, 2000);
    disk.now_s += 2;
    files_fake_set(&disk, PATH, TWO);
    assert_arrives(TWO);
    source.ops->free(source.self);
    files_fake_drop(&disk, PATH);
    open_held(FILES_FAKE_LIST);
    assert_nothing(1000);
    files_fake_set(&disk, PATH, ONE);
    assert_arrives(ONE);
}

static void a_writer_that_takes_it_once_more_starts_the_time_anew(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    assert_nothing(1800);
    files_fake_fail(&disk, FILES_FAKE_READ, SHK_E_FOLDER_LOCKED, 0);
    assert_nothing(600);
    files_fake_fail(&disk, FILES_FAKE_NEVER, 0, 0);
    assert_nothing(1500);
    assert_arrives(ONE);
}

static void a_file_that_may_not_be_read_is_told(void **state) {
    (void)state;
    open_file();
    files_fake_set(&disk, PATH, ONE);
    files_fake_fail(&disk, FILES_FAKE_READ, SHK_E_FOLDER_WRITE, 0);
    assert_int_equal(wait_for(3000), SHK_E_FILE_READ);
    assert_int_equal(why.native, 5);
    assert_string_equal(why.where, "app.file");
    assert_nothing(1000);
}

static void without_its_folder_there_is_no_source(void **state) {
    (void)state;
    assert_int_equal(file_arrivals_new("/none/a.txt", words, &env, NULL, &source, &why),
                     SHK_E_FILE_READ);
    assert_int_equal(why.code, SHK_E_FILE_READ);
    assert_string_equal(why.where, "app.file");
    assert_null(source.ops);
}

static void bare_names_and_the_root_have_a_folder(void **state) {
    (void)state;
    files_fake_add_folder(&disk, ".");
    files_fake_add_folder(&disk, "/");
    assert_int_equal(file_arrivals_new("copied.txt", words, &env, NULL, &source, &why), SHK_OK);
    source.ops->free(source.self);
    assert_int_equal(file_arrivals_new("/copied.txt", words, &env, NULL, &source, &why), SHK_OK);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_copied_text_arrives),
        CASE(other_texts_are_not_touched),
        CASE(a_text_that_is_too_large_is_not_for_us),
        CASE(it_is_cleared_only_when_configured_and_used),
        CASE(the_same_copy_put_there_again_is_no_second_answer),
        CASE(an_echo_is_cleared_only_after_the_text_was),
        CASE(two_people_one_after_the_other_both_arrive),
        CASE(a_lost_character_is_a_fault_and_no_name),
        CASE(a_clipboard_that_is_held_is_told),
        CASE(no_clipboard_no_source),
        CASE(waiting_can_be_stopped_every_second),
        CASE(a_text_that_is_written_into_the_file_arrives),
        CASE(notices_may_get_lost),
        CASE(what_the_file_holds_already_is_old),
        CASE(the_same_text_counts_again_when_it_is_written_again),
        CASE(another_text_in_the_same_second_counts),
        CASE(a_file_that_is_still_written_is_waited_for),
        CASE(the_first_part_is_not_taken_for_the_whole),
        CASE(a_writer_that_pauses_gives_no_torn_text),
        CASE(a_text_that_ends_inside_a_line_is_waited_for_longer),
        CASE(a_look_takes_up_where_the_last_wait_ended),
        CASE(other_files_and_texts_are_left_alone),
        CASE(every_encoding_of_a_text_file_is_read),
        CASE(a_file_with_half_a_character_is_a_fault),
        CASE(a_broken_byte_in_a_copied_text_is_told_once),
        CASE(a_broken_byte_elsewhere_is_nobodys_business),
        CASE(a_file_that_is_too_large_is_told_once),
        CASE(a_folder_that_goes_is_told_once_and_its_return_noticed),
        CASE(a_file_that_its_writer_holds_is_waited_for),
        CASE(what_was_held_at_the_start_is_old),
        CASE(what_is_written_after_a_start_that_could_not_read_is_new),
        CASE(a_writer_that_takes_it_once_more_starts_the_time_anew),
        CASE(a_file_that_may_not_be_read_is_told),
        CASE(without_its_folder_there_is_no_source),
        CASE(bare_names_and_the_root_have_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
