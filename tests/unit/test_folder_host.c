/* What hosts ask of those who write into their folder: lock files, trigger files, names, encodings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder_adapter_stage.h"

#define ID(n) "5b1c0000-0000-4000-8000-00000000000" #n
#define HEAD  "NUMBER,NAME\r\n"
#define LOCK  "kanja.lck"

static int32_t deliver_once(void) {
    return desk_deliver(1);
}

static void the_lock_file_lies_there_while_writing_only(void **state) {
    (void)state;
    const shk_setting more[] = {{"lock_file", LOCK}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    desk_row(ID(1), HEAD, "1,x\r\n");
    files_fake_fail(&desk.disk, FILES_FAKE_RENAME, SHK_E_FOLDER_WRITE, 0);
    assert_int_equal(deliver_once(), SHK_E_FOLDER_WRITE);
    desk_expect(LOCK, NULL);
    files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
    assert_int_equal(desk_deliver(2), SHK_OK);
    desk_expect(LOCK, NULL);
    desk_expect("rows.csv", HEAD "1,x\r\n");
}

static void host_lets_go(struct services_fake *s, const char *what) {
    if (text_equal(what, "pause") && s->pauses == 3) {
        files_fake_drop(&desk.disk, desk_path(LOCK));
    }
    if (text_equal(what, "stage")) {
        assert_non_null(files_fake_get(&desk.disk, desk_path(LOCK)));
    }
}

static void the_hosts_own_lock_is_waited_for_and_never_removed(void **state) {
    (void)state;
    const shk_setting more[] = {{"lock_file", LOCK}, {"lock_wait_ms", "1000"}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    files_fake_set(&desk.disk, desk_path(LOCK), "shikako, the host");
    desk_document(ID(1), "one.xml", "<a/>");
    assert_int_equal(deliver_once(), SHK_E_FOLDER_LOCKED);
    assert_string_equal(desk.lent.why.where, "lock_file");
    assert_int_equal(desk.lent.now_ms, 1000);
    desk_expect(LOCK, "shikako, the host");
    files_fake_set(&desk.disk, desk_path(LOCK), "");
    assert_int_equal(desk_deliver(2), SHK_E_FOLDER_LOCKED);
    desk_expect(LOCK, "");
    desk_expect("one.xml", NULL);
    desk.lent.pauses = 0;
    desk.lent.step = host_lets_go;
    assert_int_equal(desk_deliver(3), SHK_OK);
    assert_int_equal(desk.lent.pauses, 4);
    desk_expect(LOCK, NULL);
    desk_expect("one.xml", "<a/>");
}

static void a_lock_that_a_dead_machine_left_is_cleared(void **state) {
    (void)state;
    const shk_setting more[] = {{"lock_file", LOCK}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    files_fake_set(&desk.disk, desk_path(LOCK), "shikaku 0123456789abcdef");
    desk_row(ID(1), HEAD, "1,x\r\n");
    assert_int_equal(deliver_once(), SHK_OK);
    assert_int_equal(desk.lent.pauses, 0);
    desk_expect(LOCK, NULL);
}

static void look_for_data(struct services_fake *s, const char *what) {
    (void)s;
    /* Nobody sees the trigger before the document. */
    if (desk_count("one.end") > 0) {
        assert_int_equal(desk_count("one.xml"), 1);
    }
    (void)what;
}

static void the_trigger_comes_after_the_document(void **state) {
    (void)state;
    const shk_setting more[] = {{"end_file", "{stem}.end"}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    desk_document(ID(1), "one.xml", "<a/>");
    desk.lent.step = look_for_data;
    assert_int_equal(deliver_once(), SHK_OK);
    desk_expect("one.end", "");
    /* A trigger that is there already takes its document's name with it. */
    files_fake_drop(&desk.disk, desk_path("one.xml"));
    desk.lent.step = NULL;
    desk_document(ID(2), "one.xml", "<b/>");
    assert_int_equal(deliver_once(), SHK_OK);
    desk_expect("one.xml", NULL);
    desk_expect("one_2.xml", "<b/>");
    desk_expect("one_2.end", "");
    assert_int_equal(desk_count(".shikaku-stage"), 0);
}

static void host_takes_the_trigger(struct services_fake *s, const char *what) {
    if (text_equal(what, "pause") && s->pauses == 2) {
        files_fake_drop(&desk.disk, desk_path("GO"));
    }
}

static void a_shared_trigger_is_waited_for(void **state) {
    (void)state;
    const shk_setting more[] = {
        {"end_file", "GO"}, {"lock_file", LOCK}, {"lock_wait_ms", "500"}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    files_fake_set(&desk.disk, desk_path("GO"), "");
    desk_row(ID(1), HEAD, "1,x\r\n");
    assert_int_equal(deliver_once(), SHK_E_FOLDER_LOCKED);
    assert_string_equal(desk.lent.why.where, "end_file");
    desk_expect("rows.csv", NULL);
    desk.lent.pauses = 0;
    desk.lent.step = host_takes_the_trigger;
    assert_int_equal(desk_deliver(2), SHK_OK);
    desk_expect("rows.csv", HEAD "1,x\r\n");
    desk_expect("GO", "");
    desk_expect(LOCK, NULL);
}

static void see_the_name_while_writing(struct services_fake *s, const char *what) {
    (void)s;
    if (text_equal(what, "publish")) {
        desk_expect("one_2.xml.tmp", NULL);
        desk_expect("one.xml_2.tmp", "<a/>");
        assert_int_equal(desk_count(".shikaku-stage"), 0);
    }
}

static void the_name_while_writing_is_the_hosts(void **state) {
    (void)state;
    const shk_setting more[] = {{"write_as", "{name}.tmp"}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    files_fake_set(&desk.disk, desk_path("one.xml.tmp"), "another's");
    desk_document(ID(1), "one.xml", "<a/>");
    desk.lent.step = see_the_name_while_writing;
    assert_int_equal(deliver_once(), SHK_OK);
    desk_expect("one.xml.tmp", "another's");
    desk_expect("one.xml", "<a/>");
    assert_int_equal(desk_count("one"), 2);
}

static void names_are_made_of_the_id_or_the_time(void **state) {
    (void)state;
    const shk_setting by_id[] = {{"name_by", "id"}, {NULL, NULL}};
    const shk_setting by_time[] = {{"name_by", "time"}, {NULL, NULL}};
    assert_int_equal(desk_open(by_id), SHK_OK);
    desk_document(ID(1), "見本.xml", "<a/>");
    assert_int_equal(deliver_once(), SHK_OK);
    desk_expect(ID(1) ".xml", "<a/>");
    assert_int_equal(desk_open(by_time), SHK_OK);
    desk_document(ID(2), "見本.xml", "<b/>");
    assert_int_equal(deliver_once(), SHK_OK);
    desk_document(ID(3), "見本.xml", "<c/>");
    assert_int_equal(deliver_once(), SHK_OK);
    desk_expect("20260401090000001.xml", "<b/>");
    desk_expect("20260401090000002.xml", "<c/>");
    assert_string_equal(desk.receipt.place, FOLDER "/20260401090000002.xml");
    assert_int_equal(desk_count("見本"), 0);
    desk_row(ID(4), HEAD, "1,x\r\n");
    assert_int_equal(deliver_once(), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(desk.lent.why.where, "name_by");
}

static void expect_bad(const char *where, const shk_setting *more) {
    assert_int_equal(desk_open(more), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(desk.lent.why.where, where);
}

static void a_bad_setting_is_named(void **state) {
    (void)state;
    static const char *const bad[] = {
        "{name}",      "{stem}", "a/b", "{nome}.end", "{name}{stem}.end",
        "{name}.end}", ".end",   "",    "}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_bad("end_file", (const shk_setting[]){{"end_file", bad[i]}, {NULL, NULL}});
        expect_bad("write_as", (const shk_setting[]){{"write_as", bad[i]}, {NULL, NULL}});
    }
    expect_bad("lock_file", (const shk_setting[]){{"lock_file", "a\\b"}, {NULL, NULL}});
    expect_bad("lock_wait_ms", (const shk_setting[]){{"lock_wait_ms", "1x"}, {NULL, NULL}});
    expect_bad("lock_wait_ms", (const shk_setting[]){{"lock_wait_ms", "600001"}, {NULL, NULL}});
    expect_bad("name_by", (const shk_setting[]){{"name_by", "number"}, {NULL, NULL}});
    expect_bad("name_by",
               (const shk_setting[]){{"name_by", "id"}, {"mode", "append"}, {NULL, NULL}});
    expect_bad("name_by",
               (const shk_setting[]){{"file", "a.xml"}, {"name_by", "time"}, {NULL, NULL}});
    expect_bad("lock_file",
               (const shk_setting[]){{"file", "a.csv"}, {"lock_file", "A.CSV"}, {NULL, NULL}});
    expect_bad("end_file",
               (const shk_setting[]){{"end_file", "GO"}, {"write_as", "go"}, {NULL, NULL}});
    expect_bad("write_as",
               (const shk_setting[]){{"write_as", "GO"}, {"lock_file", "GO"}, {NULL, NULL}});
}

/* Rows in every encoding, one after the other: the file begins once and stays whole. */
static void a_file_begins_once_in_every_encoding(void **state) {
    (void)state;
    static const struct {
        const char *encoding, *head, *rows[2];
    } cases[] = {
        {"utf-8", "番号,氏名\n", {"1,見本太郎\n", "2,見本花子\n"}},
        {"utf-8", "", {"1,見本太郎\r\n", "2,見本花子\r\n"}},
        {"utf-8-bom", "\xEF\xBB\xBF番号,氏名\r\n", {"1,見本太郎\r\n", "2,見本花子\r\n"}},
        {"utf-8-bom", "\xEF\xBB\xBF", {"1,見本太郎\r\n", "2,見本花子\r\n"}},
        {"cp932", "\x94\xD4\x8D\x86\r\n", {"1,\x8C\xA9\x96\x7B\x5C\x5C\r\n", "2,\x8C\xA9\r\n"}},
        {"euc-jp", "\xC8\xD6\xB9\xE6\n", {"1,\xB8\xAB\xCB\xDC\n", "2,\xB2\xD6\n"}},
        {"iso-2022-jp", "\x1B$BHV\x1B(B\r", {"1,\x1B$B8+\x1B(B\r", "2,\x1B$B8+\x1B(B\r"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char whole[200], cut[200];
        const char *head = cases[i].head, *one = cases[i].rows[0], *two = cases[i].rows[1];
        files_fake_drop(&desk.disk, desk_path("rows.csv"));
        assert_int_equal(desk_open(NULL), SHK_OK);
        desk_row(ID(1), head, one);
        desk.d.encoding = cases[i].encoding;
        assert_int_equal(deliver_once(), SHK_OK);
        desk_row(ID(2), head, two);
        desk.d.encoding = cases[i].encoding;
        assert_int_equal(deliver_once(), SHK_OK);
        text_format(whole, sizeof whole, "%s%s%s", head, one, two);
        desk_expect("rows.csv", whole);
        /* An editor cut off the last line end: the next row begins a line all the same. */
        text_format(cut, sizeof cut, "%s%s", head, one);
        cut[strlen(cut) - (strchr(one, '\r') != NULL && strchr(one, '\n') != NULL ? 2 : 1)] = '\0';
        files_fake_set(&desk.disk, desk_path("rows.csv"), cut);
        desk_row(ID(3), head, two);
        assert_int_equal(deliver_once(), SHK_OK);
        desk_expect("rows.csv", whole);
    }
}

static void a_heading_without_its_line_end_is_ours(void **state) {
    (void)state;
    assert_int_equal(desk_open(NULL), SHK_OK);
    files_fake_set(&desk.disk, desk_path("rows.csv"), "NUMBER,NAME");
    desk_row(ID(1), HEAD, "1,x\r\n");
    assert_int_equal(deliver_once(), SHK_OK);
    desk_expect("rows.csv", HEAD "1,x\r\n");
    files_fake_set(&desk.disk, desk_path("rows.csv"), "\xEF\xBB\xBF" HEAD);
    assert_int_equal(desk_open(NULL), SHK_OK);
    desk_row(ID(2), HEAD, "1,x\r\n");
    assert_int_equal(deliver_once(), SHK_E_FILE_FOREIGN);
}

static void records_of_a_fixed_width_follow_one_another(void **state) {
    (void)state;
    assert_int_equal(desk_open(NULL), SHK_OK);
    for (int i = 0; i < 2; i++) {
        desk_row(i == 0 ? ID(1) : ID(2), "", i == 0 ? "0001MIHON " : "0002MIHON ");
        desk.d.format = "fixed";
        assert_int_equal(deliver_once(), SHK_OK);
    }
    desk_expect("rows.csv", "0001MIHON 0002MIHON ");
}

/* The host waits for ever then: that is told, and what lies there is not written again. */
static void a_lock_that_stays_is_told_and_doubles_nothing(void **state) {
    (void)state;
    const shk_setting more[] = {{"lock_file", LOCK}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    desk_row(ID(1), HEAD, "1,x\r\n");
    files_fake_fail(&desk.disk, FILES_FAKE_REMOVE, SHK_E_FOLDER_WRITE, 0);
    assert_int_equal(deliver_once(), SHK_E_FOLDER_WRITE);
    assert_string_equal(desk.lent.why.where, "lock_file");
    desk_expect("rows.csv", HEAD "1,x\r\n");
    files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
    assert_int_equal(desk_deliver(2), SHK_OK);
    desk_expect("rows.csv", HEAD "1,x\r\n");
    desk_expect(LOCK, NULL);
}

static void a_lock_that_cannot_be_read_is_nobodys_to_remove(void **state) {
    (void)state;
    const shk_setting more[] = {{"lock_file", LOCK}, {NULL, NULL}};
    assert_int_equal(desk_open(more), SHK_OK);
    files_fake_set(&desk.disk, desk_path(LOCK), "shikaku 0123456789abcdef");
    desk_document(ID(1), "one.xml", "<a/>");
    files_fake_fail(&desk.disk, FILES_FAKE_READ, SHK_E_FOLDER_LOCKED, 0);
    assert_int_equal(desk_deliver(0), SHK_E_FOLDER_LOCKED);
    desk_expect(LOCK, "shikaku 0123456789abcdef");
    desk_expect("one.xml", NULL);
}

/* Nobody would come for a document without its trigger. */
static void a_document_whose_trigger_has_no_name_is_not_laid_there(void **state) {
    static char name[232];
    (void)state;
    const shk_setting more[] = {{"end_file", "{name}.when-it-is-finished"}, {NULL, NULL}};
    memset(name, 'x', sizeof name - 1);
    text_copy(name + sizeof name - 5, 5, ".xml");
    assert_int_equal(desk_open(more), SHK_OK);
    desk_document(ID(1), name, "<a/>");
    assert_int_equal(deliver_once(), SHK_E_FILE_NAME);
    assert_string_equal(desk.lent.why.where, "end_file");
    assert_int_equal(desk_count("x"), 0);
}

static void a_full_file_takes_no_more_rows_and_stays(void **state) {
    const size_t n = SHK_FILE_MAX - 4;
    char *all = malloc(n + 1);
    (void)state;
    assert_non_null(all);
    memset(all, 'x', n);
    memcpy(all, HEAD, sizeof HEAD - 1);
    memcpy(all + n - 2, "\r\n", 3);
    files_fake_set_n(&desk.disk, desk_path("rows.csv"), all, n);
    assert_int_equal(desk_open(NULL), SHK_OK);
    desk_row(ID(1), HEAD, "1,x\r\n");
    assert_int_equal(deliver_once(), SHK_E_FILE_FOREIGN);
    assert_string_equal(desk.lent.why.where, "file larger than 64 MiB");
    assert_int_equal(files_fake_find(&desk.disk, desk_path("rows.csv"))->content.n, n);
    free(all);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, desk_set_up, desk_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_lock_file_lies_there_while_writing_only),
        CASE(the_hosts_own_lock_is_waited_for_and_never_removed),
        CASE(a_lock_that_a_dead_machine_left_is_cleared),
        CASE(the_trigger_comes_after_the_document),
        CASE(a_shared_trigger_is_waited_for),
        CASE(the_name_while_writing_is_the_hosts),
        CASE(names_are_made_of_the_id_or_the_time),
        CASE(a_bad_setting_is_named),
        CASE(a_file_begins_once_in_every_encoding),
        CASE(a_heading_without_its_line_end_is_ours),
        CASE(records_of_a_fixed_width_follow_one_another),
        CASE(a_lock_that_stays_is_told_and_doubles_nothing),
        CASE(a_lock_that_cannot_be_read_is_nobodys_to_remove),
        CASE(a_document_whose_trigger_has_no_name_is_not_laid_there),
        CASE(a_full_file_takes_no_more_rows_and_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
