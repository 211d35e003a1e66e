#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "files_fake.h"
#include "registry.h"
#include "services_fake.h"

#define FOLDER "/receipt"
#define HEAD   "NUMBER,NAME\r\n"
#define ROW(n) #n ",見本太郎\r\n"

static struct files_fake disk;
static struct services_fake lent;
static shk_host *host;
static shk_receipt receipt;

static int set_up(void **state) {
    (void)state;
    files_fake_init(&disk, FOLDER);
    services_fake_init(&lent, &files_fake_ops, &disk);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    adapter_folder.close(&host);
    assert_int_equal(disk.locks, disk.unlocks);
    assert_int_equal(disk.stages_left, 0);
    files_fake_clear(&disk);
    return 0;
}

static int32_t open_with(const char *mode, const char *file) {
    shk_setting settings[3] = {{"folder", FOLDER}};
    uint32_t n = 1;
    if (mode != NULL) {
        settings[n++] = (shk_setting){"mode", mode};
    }
    if (file != NULL) {
        settings[n++] = (shk_setting){"file", file};
    }
    adapter_folder.close(&host);
    fault_clear(&lent.why);
    return adapter_folder.open(&lent.table, settings, n, &host);
}

static const char *proposed;

static int32_t deliver_as(const char *id, const char *format, const char *head, const char *body) {
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = id,
                            .script = "csv_basic",
                            .format = format,
                            .encoding = "utf-8",
                            .file_name = proposed,
                            .head = (const uint8_t *)head,
                            .head_len = (uint32_t)strlen(head),
                            .body = (const uint8_t *)body,
                            .body_len = (uint32_t)strlen(body)};
    receipt = (shk_receipt){.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI, .place = "?"};
    fault_clear(&lent.why);
    int32_t rc = adapter_folder.deliver(host, &d, &receipt);
    assert_int_equal(rc,
                     lent.why.code); /* the session takes a fault that was said for the result */
    return rc;
}

static int32_t deliver_row(const char *id, const char *row) {
    proposed = "rows.csv";
    return deliver_as(id, "csv", HEAD, row);
}

static int32_t deliver_xml(const char *id, const char *body) {
    proposed = "one.xml";
    return deliver_as(id, "xml", "", body);
}

static void expect_file(const char *name, const char *content) {
    char path[300];
    text_format(path, sizeof path, "%s/%s", FOLDER, name);
    const char *there = files_fake_get(&disk, path);
    assert_non_null(there);
    assert_string_equal(there, content);
}

static void rows_follow_one_heading(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    assert_int_equal(disk.puts + disk.locks, 0);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    assert_string_equal(receipt.place, FOLDER "/rows.csv");
    assert_int_equal(deliver_row("id-2", ROW(2)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(1) ROW(2));
    assert_int_equal(disk.files_n, 1);
    assert_int_equal(disk.locks, 2);
}

static void every_document_has_a_file_of_its_own(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    assert_int_equal(deliver_xml("id-1", "<a/>"), SHK_OK);
    assert_string_equal(receipt.place, FOLDER "/one.xml");
    assert_int_equal(deliver_xml("id-2", "<b/>"), SHK_OK);
    assert_string_equal(receipt.place, FOLDER "/one_2.xml");
    assert_int_equal(deliver_xml("id-3", "<c/>"), SHK_OK);
    expect_file("one.xml", "<a/>");
    expect_file("one_2.xml", "<b/>");
    expect_file("one_3.xml", "<c/>");
}

static void a_file_of_one_row_has_its_heading(void **state) {
    (void)state;
    assert_int_equal(open_with("file", "today.csv"), SHK_OK);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    assert_int_equal(deliver_row("id-2", ROW(2)), SHK_OK);
    expect_file("today.csv", HEAD ROW(1));
    expect_file("today_2.csv", HEAD ROW(2));
}

static void the_same_document_tried_again_stays_one_file(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        /* A new handle remembers nothing; the files tell. */
        assert_int_equal(open_with(NULL, NULL), SHK_OK);
        assert_int_equal(deliver_xml("id-1", "<a/>"), SHK_OK);
        assert_int_equal(deliver_xml("id-2", "<b/>"), SHK_OK);
        assert_string_equal(receipt.place, FOLDER "/one_2.xml");
    }
    assert_int_equal(disk.files_n, 2);
}

static void the_same_row_tried_again_stays_one_row(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    assert_string_equal(receipt.place, FOLDER "/rows.csv");
    expect_file("rows.csv", HEAD ROW(1));
    /* The same content under another number is another visit. */
    assert_int_equal(deliver_row("id-2", ROW(1)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(1) ROW(1));
}

static void a_row_that_became_visible_before_the_fault_is_not_doubled(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    assert_int_equal(deliver_row("id-0", ROW(0)), SHK_OK);
    files_fake_fail(&disk, FILES_FAKE_LATE, SHK_E_FOLDER_WRITE, 0);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_E_FOLDER_WRITE);
    files_fake_fail(&disk, FILES_FAKE_NEVER, 0, 0);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(0) ROW(1));
}

static void nothing_is_lost_whatever_step_fails(void **state) {
    (void)state;
    static const enum files_fake_step steps[] = {FILES_FAKE_READ,   FILES_FAKE_OPEN,
                                                 FILES_FAKE_WRITE,  FILES_FAKE_FLUSH,
                                                 FILES_FAKE_RENAME, FILES_FAKE_LOCK};
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    assert_int_equal(deliver_row("id-0", ROW(0)), SHK_OK);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        files_fake_fail(&disk, steps[i], SHK_E_DISK_FULL, 0);
        assert_int_equal(deliver_row("id-1", ROW(1)), SHK_E_DISK_FULL);
        assert_string_equal(lent.why.where, "file");
        assert_string_equal(receipt.place, "");
        expect_file("rows.csv", HEAD ROW(0));
        assert_int_equal(disk.files_n, 1);
    }
    files_fake_fail(&disk, FILES_FAKE_NEVER, 0, 0);
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(0) ROW(1));
}

static void a_foreign_file_is_left_alone(void **state) {
    (void)state;
    static const char with_mark[] = "\xEF\xBB\xBF" HEAD, cut_off[] = HEAD "1,cut off\r";
    static const char *const foreign[] = {"OTHER,HEADING\r\n1,x\r\n", "NUMBER,NAM", "NUMBER,NAME\r",
                                          cut_off, with_mark};
    assert_int_equal(open_with("append", NULL), SHK_OK);
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        files_fake_set(&disk, FOLDER "/rows.csv", foreign[i]);
        assert_int_equal(deliver_row("id-1", ROW(1)), SHK_E_FILE_FOREIGN);
        expect_file("rows.csv", foreign[i]);
    }
}

static void a_file_that_the_host_emptied_is_begun_again(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    files_fake_set(&disk, FOLDER "/rows.csv", "");
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(1));
    files_fake_set(&disk, FOLDER "/rows.csv", HEAD);
    assert_int_equal(deliver_row("id-2", ROW(2)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(2));
    assert_int_equal(deliver_as("id-3", "csv", "", ROW(3)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(2) ROW(3));
}

static void someone_elses_rows(struct files_fake *f) {
    f->meanwhile = NULL;
    files_fake_set(f, FOLDER "/rows.csv", HEAD ROW(7));
}

static void a_file_that_comes_up_meanwhile_is_not_overwritten(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    disk.meanwhile = someone_elses_rows;
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_OK);
    expect_file("rows.csv", HEAD ROW(7) ROW(1));
}

static void names_run_out_in_the_end(void **state) {
    (void)state;
    /* The fake holds fewer files than there are names: every name is taken by one trick. */
    char name[32];
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    for (int i = 1; i <= 30; i++) {
        text_format(name, sizeof name, i == 1 ? "%s/one.xml" : "%s/one_%d.xml", FOLDER, i);
        files_fake_set(&disk, name, "taken");
    }
    assert_int_equal(deliver_xml("id-1", "<a/>"), SHK_OK);
    assert_string_equal(receipt.place, FOLDER "/one_31.xml");
    files_fake_fail(&disk, FILES_FAKE_RENAME, SHK_E_FILE_EXISTS, 0);
    disk.publishes = 0;
    assert_int_equal(deliver_xml("id-2", "<b/>"), SHK_E_FILE_EXISTS);
    assert_int_equal(disk.publishes, 99 - 31); /* the others are seen to be taken before */
    assert_int_equal(disk.files_n, 31);
}

static void a_file_that_cannot_be_compared_stops_the_search(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    files_fake_set(&disk, FOLDER "/one.xml", "taken");
    files_fake_fail(&disk, FILES_FAKE_READ, SHK_E_FOLDER_LOCKED, 0);
    assert_int_equal(deliver_xml("id-1", "<a/>"), SHK_E_FOLDER_LOCKED);
    assert_int_equal(disk.files_n, 1);
}

static void a_missing_folder_is_seen_when_delivering(void **state) {
    (void)state;
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    disk.folder[0] = '\0';
    assert_int_equal(deliver_row("id-1", ROW(1)), SHK_E_FOLDER_MISSING);
    assert_int_equal(lent.why.code, SHK_E_FOLDER_MISSING);
    assert_string_equal(lent.why.where, "folder");
    assert_int_equal(disk.locks, 0);
}

static void expect_bad(const shk_setting *settings, uint32_t n, const char *where) {
    shk_host *none = (shk_host *)(void *)&disk;
    fault_clear(&lent.why);
    assert_int_equal(adapter_folder.open(&lent.table, settings, n, &none), SHK_E_ADAPTER_SETTINGS);
    assert_null(none);
    assert_string_equal(lent.why.where, where);
}

static void a_bad_setting_is_named(void **state) {
    (void)state;
    static const char *const bad_files[] = {"",    "../x", "a/b", "a\\b", ".hidden", "a:b",
                                            "a\n", "a*",   "a.",  "a ",   "."};
    static const shk_setting folder = {"folder", FOLDER};
    char lengthy[800];
    memset(lengthy, 'x', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    expect_bad(NULL, 0, "folder");
    expect_bad((const shk_setting[]){{"folder", ""}}, 1, "folder");
    expect_bad((const shk_setting[]){{"folder", lengthy}}, 1, "folder");
    expect_bad((const shk_setting[]){folder, folder}, 2, "folder");
    expect_bad((const shk_setting[]){folder, {"mode", "overwrite"}}, 2, "mode");
    expect_bad((const shk_setting[]){folder, {"mode", ""}}, 2, "mode");
    expect_bad((const shk_setting[]){folder, {"mode", "file"}, {"mode", "append"}}, 3, "mode");
    expect_bad((const shk_setting[]){folder, {"colour", "red"}}, 2, "colour");
    expect_bad((const shk_setting[]){folder, {"mode", NULL}}, 2, "settings");
    lengthy[300] = '\0';
    expect_bad((const shk_setting[]){folder, {"file", lengthy}}, 2, "file");
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        expect_bad((const shk_setting[]){folder, {"file", bad_files[i]}}, 2, "file");
    }
}

static void rows_and_documents_are_not_mixed_up(void **state) {
    (void)state;
    assert_int_equal(open_with("append", NULL), SHK_OK);
    assert_int_equal(deliver_xml("id-1", "<a/>"), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(lent.why.where, "mode");
    assert_int_equal(deliver_row("id-2", "1,no line end"), SHK_E_ARGUMENT);
    assert_int_equal(deliver_row("id-3", ""), SHK_E_ARGUMENT);
    assert_int_equal(disk.files_n, 0);
}

static void a_proposed_name_stays_in_the_folder(void **state) {
    (void)state;
    static const char *const bad[] = {"", "../one.xml", "a/b.xml", "a\\b.xml", ".one.xml"};
    assert_int_equal(open_with(NULL, NULL), SHK_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        proposed = bad[i];
        assert_int_equal(deliver_as("id", "xml", "", "<a/>"), SHK_E_FILE_NAME);
        assert_string_equal(lent.why.where, "file_name");
    }
    assert_int_equal(disk.puts, 0);
    proposed = "見本_令和8年";
    assert_int_equal(deliver_as("id-1", "xml", "", "<a/>"), SHK_OK);
    assert_int_equal(deliver_as("id-2", "xml", "", "<b/>"), SHK_OK);
    assert_string_equal(receipt.place, FOLDER "/見本_令和8年_2");
}

static void the_separator_is_that_of_the_folder(void **state) {
    (void)state;
    static const struct {
        const char *folder, *place;
    } cases[] = {{"/a/", "/a/one.xml"},
                 {"/", "/one.xml"},
                 {"C:\\r", "C:\\r\\one.xml"},
                 {"C:\\", "C:\\one.xml"},
                 {"\\\\server\\r", "\\\\server\\r\\one.xml"},
                 {"C:/r", "C:/r/one.xml"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const shk_setting setting = {"folder", cases[i].folder};
        adapter_folder.close(&host);
        assert_int_equal(adapter_folder.open(&lent.table, &setting, 1, &host), SHK_OK);
        text_copy(disk.folder, sizeof disk.folder, cases[i].folder);
        /* The fake knows no separators; the place that was tried is what counts. */
        files_fake_set(&disk, cases[i].place, "<a/>");
        files_fake_fail(&disk, FILES_FAKE_OPEN, SHK_E_FILE_EXISTS, 0);
        assert_int_equal(deliver_xml("id", "<a/>"), SHK_OK);
        assert_string_equal(receipt.place, cases[i].place);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(rows_follow_one_heading),
        CASE(every_document_has_a_file_of_its_own),
        CASE(a_file_of_one_row_has_its_heading),
        CASE(the_same_document_tried_again_stays_one_file),
        CASE(the_same_row_tried_again_stays_one_row),
        CASE(a_row_that_became_visible_before_the_fault_is_not_doubled),
        CASE(nothing_is_lost_whatever_step_fails),
        CASE(a_foreign_file_is_left_alone),
        CASE(a_file_that_the_host_emptied_is_begun_again),
        CASE(a_file_that_comes_up_meanwhile_is_not_overwritten),
        CASE(names_run_out_in_the_end),
        CASE(a_file_that_cannot_be_compared_stops_the_search),
        CASE(a_missing_folder_is_seen_when_delivering),
        CASE(a_bad_setting_is_named),
        CASE(rows_and_documents_are_not_mixed_up),
        CASE(a_proposed_name_stays_in_the_folder),
        CASE(the_separator_is_that_of_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
