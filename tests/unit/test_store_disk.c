#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"
#include "store_stage.h"

/* What a person with the disk alone sees: the bytes of SQLite's files. */

static struct store_stage stage;

static int set_up(void **state) {
    stage_up(&stage);
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    stage_down(*state);
    return 0;
}

static bool lies_in(const struct bytes *file, const void *p, size_t n) {
    for (size_t i = 0; n > 0 && i + n <= file->n; i++) {
        if (memcmp(file->p + i, p, n) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether it stands in the database, its log of writes, or the log's index. */
static bool lies_open(struct store_stage *s, const void *p, size_t n) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    bool found = false;
    for (size_t i = 0; i < 3; i++) {
        struct bytes file = {0};
        char path[160];
        text_format(path, sizeof path, "%s%s", s->db_path, endings[i]);
        int32_t rc = platform_files.read(NULL, path, 1 << 24, &file, NULL);
        assert_true(rc == SHK_OK || (rc == SHK_E_ABSENT && i > 0));
        found = found || lies_in(&file, p, n);
        bytes_clear(&file);
    }
    return found;
}

static bool text_lies_open(struct store_stage *s, const char *text) {
    return lies_open(s, text, strlen(text));
}

static void fill(struct store_stage *s) {
    static const struct known_value values[] = {{"name", STAGE_NAME, "見本太朗"}};
    const struct known_patient patient = {.id = "99010001", .values = values, .n = 1};
    struct stage_answer a;
    stage_taken(s, &a, 1, 2);
    assert_int_equal(stage_claim(s, s->store, "answer-1-1"), SHK_OK);
    assert_int_equal(outbox_ready(s->store, "answer-1-1", (const uint8_t *)STAGE_DOC,
                                  strlen(STAGE_DOC), &s->why),
                     SHK_OK);
    assert_int_equal(outbox_note(s->store, "answer-1-1", "staged 見本の控え", &s->why), SHK_OK);
    stage_append(s, stage_now(s), "見本の判断");
    assert_int_equal(patients_remember(s->store, "host", "person", "card", &patient, &s->why),
                     SHK_OK);
}

static void no_value_of_a_person_lies_open(void **state) {
    struct store_stage *s = *state;
    static const char *const personal[] = {STAGE_NAME, STAGE_KANA,   "99010001",
                                           "見本",     "見本の控え", "見本の判断",
                                           "見本太朗", "凍結",       "文書"};
    fill(s);
    assert_true(text_lies_open(s, "answer-1-1")); /* the search does find what is there */
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
            assert_false(text_lies_open(s, personal[i]));
        }
        if (round == 0) {
            assert_int_equal(stage_done(s, s->store, "answer-1-1"), SHK_OK);
        } else {
            stage_reopen(s);
        }
    }
}

static void a_key_lies_in_its_file_alone(void **state) {
    struct store_stage *s = *state;
    struct bytes key = {0};
    fill(s);
    assert_int_equal(platform_files.read(NULL, s->key_path, 65536, &key, NULL), SHK_OK);
    assert_true(key.n > 100);
    for (size_t i = 12; i + 16 < key.n; i += 16) {
        assert_false(lies_open(s, key.p + i, 16));
    }
    bytes_clear(&key);
}

/* Even sealed it does not stay longer than it is needed. */
static void a_delivered_document_leaves_no_byte_behind(void **state) {
    struct store_stage *s = *state;
    fill(s);
    struct bytes document = stage_value(s, "SELECT document FROM delivery WHERE id = 'answer-1-1'");
    struct bytes answer = stage_value(s, "SELECT sealed FROM answer");
    struct bytes note = stage_value(s, "SELECT note FROM delivery WHERE id = 'answer-1-1'");
    assert_true(document.n > 40 && answer.n > 40 && note.n > 40);
    assert_true(lies_open(s, document.p + 5, document.n - 5));
    assert_true(lies_open(s, answer.p + 5, answer.n - 5));
    assert_int_equal(stage_done(s, s->store, "answer-1-1"), SHK_OK);
    assert_int_equal(stage_claim(s, s->store, "answer-1-2"), SHK_OK);
    assert_int_equal(stage_done(s, s->store, "answer-1-2"), SHK_OK);
    store_close(&s->store);
    for (size_t i = 5; i + 16 <= document.n; i++) {
        assert_false(lies_open(s, document.p + i, 16));
    }
    for (size_t i = 5; i + 16 <= answer.n; i++) {
        assert_false(lies_open(s, answer.p + i, 16));
    }
    for (size_t i = 5; i + 16 <= note.n; i++) {
        assert_false(lies_open(s, note.p + i, 16));
    }
    bytes_clear(&document);
    bytes_clear(&answer);
    bytes_clear(&note);
}

static void what_was_purged_leaves_even_the_open_store(void **state) {
    struct store_stage *s = *state;
    const int64_t now_s = stage_now(s);
    int64_t purged = 0;
    stage_append(s, now_s - INT64_C(86400) * 300, "old");
    stage_append(s, now_s - INT64_C(86400) * 2, "newer");
    struct bytes old = stage_value(s, "SELECT sealed FROM history WHERE seq = 1");
    assert_true(lies_open(s, old.p + 5, old.n - 5));
    assert_int_equal(store_purge(s->store, true, &purged, &s->why), SHK_OK);
    assert_int_equal(purged, 1);
    assert_false(lies_open(s, old.p + 5, 16));
    bytes_clear(&old);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(no_value_of_a_person_lies_open),
        CASE(a_key_lies_in_its_file_alone),
        CASE(a_delivered_document_leaves_no_byte_behind),
        CASE(what_was_purged_leaves_even_the_open_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
