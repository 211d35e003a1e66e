/* Deliveries into a folder over several attempts: what is noted, what a share loses, what is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "folder_adapter_stage.h"

#define ID(n) "5b1c0000-0000-4000-8000-00000000000" #n
#define HEAD  "NUMBER,NAME\r\n"
#define OLD   "0,x\r\n"
#define NEW   "1,y\r\n"

static void next_of(bool rows) {
    if (rows) {
        files_fake_set(&desk.disk, desk_path("rows.csv"), HEAD OLD);
        desk_row(ID(1), HEAD, NEW);
    } else {
        desk_document(ID(1), "見本太郎.xml", "<a/>");
    }
}

static void expect_delivered(bool rows) {
    desk_expect(rows ? "rows.csv" : "見本太郎.xml", rows ? HEAD OLD NEW : "<a/>");
    assert_int_equal(desk_count("見本"), rows ? 0 : 1);
    assert_int_equal(desk_count(".shikaku-stage"), 0);
}

/* The rename was done, its answer got lost, and the host took the file before the second attempt. */
static void a_lost_answer_does_not_double(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool rows = i / 2 == 0, taken = i % 2 == 0;
        const char *name = rows ? "rows.csv" : "見本太郎.xml";
        assert_int_equal(desk_open(NULL), SHK_OK);
        next_of(rows);
        files_fake_fail(&desk.disk, FILES_FAKE_LATE, SHK_E_FOLDER_MISSING, 0);
        /* The mark of the folder is there already: only the rename is to lose its answer. */
        files_fake_set(&desk.disk, desk_path(".shikaku-folder"), "0123456789abcdef");
        assert_int_equal(desk_deliver(1), SHK_E_FOLDER_MISSING);
        files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
        expect_delivered(rows);
        if (taken) {
            files_fake_drop(&desk.disk, desk_path(name));
        }
        assert_int_equal(desk_open(NULL), SHK_OK);
        assert_int_equal(desk_deliver(2), SHK_OK);
        assert_string_equal(desk.receipt.place, desk_path(name));
        if (taken) {
            desk_expect(name, NULL);
        } else {
            expect_delivered(rows);
        }
        files_fake_drop(&desk.disk, desk_path(name));
    }
}

static void whatever_a_share_says_nothing_is_lost_or_doubled(void **state) {
    (void)state;
    static const int32_t codes[] = {SHK_E_FOLDER_MISSING, SHK_E_FOLDER_WRITE, SHK_E_DISK_FULL,
                                    SHK_E_FOLDER_LOCKED};
    static const enum files_fake_step steps[] = {FILES_FAKE_READ,   FILES_FAKE_OPEN,
                                                 FILES_FAKE_WRITE,  FILES_FAKE_FLUSH,
                                                 FILES_FAKE_RENAME, FILES_FAKE_LATE};
    const size_t cases = (size_t)4 * 6 * 4 * 2;
    for (size_t i = 0; i < cases; i++) {
        bool rows = i % 2 == 0;
        int32_t attempt = 1, rc = SHK_E_INTERNAL;
        assert_int_equal(desk_open(NULL), SHK_OK);
        next_of(rows);
        files_fake_fail(&desk.disk, steps[i / 2 % 6], codes[i / 12 % 4], (int32_t)(i / 48));
        rc = desk_deliver(attempt++);
        files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
        assert_true(rc == SHK_OK || rc == codes[i / 12 % 4]);
        assert_int_equal(desk_open(NULL), SHK_OK);
        assert_int_equal(desk_deliver(attempt), SHK_OK);
        expect_delivered(rows);
        files_fake_drop(&desk.disk, desk_path(rows ? "rows.csv" : "見本太郎.xml"));
        files_fake_drop(&desk.disk, desk_path(".shikaku-folder"));
    }
}

/* The place where a share hangs is an empty folder while it is away: nothing lies in it, and nothing was
 * published. */
static void a_share_that_is_not_there_is_not_taken_for_delivered(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        bool rows = i == 0;
        char path[400];
        assert_int_equal(desk_open(NULL), SHK_OK);
        next_of(rows);
        files_fake_fail(&desk.disk, FILES_FAKE_RENAME, SHK_E_FOLDER_WRITE, 1);
        assert_int_equal(desk_deliver(1), SHK_E_FOLDER_WRITE);
        files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
        assert_int_equal(desk_count(".shikaku-stage"), 1);
        for (size_t n = 0; n < desk.disk.files_n; n++) {
            if (text_starts(text_file_name(desk.disk.file[n].path), ".shikaku-stage")) {
                text_copy(path, sizeof path, desk.disk.file[n].path);
            }
        }
        files_fake_move(&desk.disk, path, "/away/staged");
        files_fake_move(&desk.disk, desk_path(".shikaku-folder"), "/away/mark");
        files_fake_move(&desk.disk, desk_path("rows.csv"), "/away/rows");
        assert_int_equal(desk_open(NULL), SHK_OK);
        assert_int_equal(desk_deliver(2), SHK_E_DELIVERY_UNSURE);
        assert_string_equal(desk.lent.why.where, "folder");
        assert_int_equal(files_fake_count(&desk.disk, FOLDER), 0);
        files_fake_move(&desk.disk, "/away/staged", path);
        files_fake_move(&desk.disk, "/away/mark", desk_path(".shikaku-folder"));
        files_fake_move(&desk.disk, "/away/rows", desk_path("rows.csv"));
        assert_int_equal(desk_deliver(3), SHK_OK);
        expect_delivered(rows);
        files_fake_drop(&desk.disk, desk_path("rows.csv"));
        files_fake_drop(&desk.disk, desk_path(".shikaku-folder"));
    }
}

static void a_refused_note_leaves_nothing(void **state) {
    (void)state;
    const shk_setting more[] = {{"end_file", "{name}.end"}, {NULL, NULL}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(desk_open(more), SHK_OK);
        next_of(i == 0);
        desk.refuse = SHK_E_DELIVERY_TAKEN;
        assert_int_equal(desk_deliver(1), SHK_E_DELIVERY_TAKEN);
        assert_int_equal(desk_count(".shikaku-stage"), 0);
        desk_expect(i == 0 ? "rows.csv" : "見本太郎.xml", i == 0 ? HEAD OLD : NULL);
    }
}

/* The store wrote the note down, its answer got lost. */
static void a_note_that_may_be_kept_keeps_the_staged_file(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool rows = i / 2 == 0;
        assert_int_equal(desk_open(NULL), SHK_OK);
        next_of(rows);
        desk.refuse = SHK_E_STORE_DOWN;
        desk.kept_all_same = i % 2 == 0;
        assert_int_equal(desk_deliver(1), SHK_E_STORE_DOWN);
        assert_int_equal(desk_count(".shikaku-stage"), 1);
        desk.refuse = 0;
        assert_int_equal(desk_open(NULL), SHK_OK);
        assert_int_equal(desk_deliver(2), SHK_OK);
        expect_delivered(rows);
        files_fake_drop(&desk.disk, desk_path(rows ? "rows.csv" : "見本太郎.xml"));
    }
}

static void the_note_names_nobody(void **state) {
    (void)state;
    assert_int_equal(desk_open(NULL), SHK_OK);
    next_of(false);
    assert_int_equal(desk_deliver(1), SHK_OK);
    assert_null(strstr(desk.note, "見本"));
    assert_true(text_starts(desk.note, "staged/1 1 1 0 "));
    text_copy(desk.note, sizeof desk.note, "staged/2 something newer");
    assert_int_equal(desk_open(NULL), SHK_OK);
    assert_int_equal(desk_deliver(2), SHK_E_DELIVERY_UNSURE);
    assert_string_equal(desk.lent.why.where, "note");
}

static void equal_documents_of_two_deliveries_are_two(void **state) {
    (void)state;
    assert_int_equal(desk_open(NULL), SHK_OK);
    next_of(false);
    assert_int_equal(desk_deliver(1), SHK_OK);
    desk_document(ID(2), "見本太郎.xml", "<a/>");
    assert_int_equal(desk_deliver(1), SHK_OK);
    assert_int_equal(desk_count("見本太郎"), 2);
}

static void without_a_store_nothing_stays_behind(void **state) {
    (void)state;
    const shk_setting more[] = {
        {"end_file", "{name}.end"}, {"write_as", "{name}.tmp"}, {NULL, NULL}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(desk_open(more), SHK_OK);
        next_of(i == 0);
        files_fake_fail(&desk.disk, FILES_FAKE_RENAME, SHK_E_FOLDER_WRITE, 2);
        assert_int_equal(desk_deliver(0), SHK_E_FOLDER_WRITE);
        files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
        assert_int_equal(files_fake_count(&desk.disk, FOLDER), i == 0 ? 1 : 0);
        assert_int_equal(desk_deliver(0), SHK_OK);
        desk_expect(i == 0 ? "rows.csv" : "見本太郎.xml", i == 0 ? HEAD OLD NEW : "<a/>");
        assert_int_equal(desk_count(".shikaku"), 0);
        assert_int_equal(files_fake_count(&desk.disk, FOLDER), 2);
        /* The same again, as after a restart: rows are a new visit, an equal document is that one. */
        assert_int_equal(desk_open(more), SHK_OK);
        files_fake_drop(&desk.disk, desk_path(i == 0 ? "rows.csv.end" : "-"));
        assert_int_equal(desk_deliver(0), SHK_OK);
        assert_int_equal(desk_count("見本"), i == 0 ? 0 : 2);
        files_fake_drop(&desk.disk, desk_path("rows.csv"));
        files_fake_drop(&desk.disk, desk_path("rows.csv.end"));
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, desk_set_up, desk_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_lost_answer_does_not_double),
        CASE(whatever_a_share_says_nothing_is_lost_or_doubled),
        CASE(a_share_that_is_not_there_is_not_taken_for_delivered),
        CASE(a_refused_note_leaves_nothing),
        CASE(a_note_that_may_be_kept_keeps_the_staged_file),
        CASE(the_note_names_nobody),
        CASE(equal_documents_of_two_deliveries_are_two),
        CASE(without_a_store_nothing_stays_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
