/* What waits for its host, as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parcel.h"

static const char *const texts[] = {"insert into t values (:a)", ""};

/* With one of everything. */
static void make(struct parcel *p) {
    *p = (struct parcel){.patient = "000123",
                         .grade = MATCH_CHANGED,
                         .confirmed = true,
                         .script = "pack/a.lua",
                         .pack = "pack",
                         .version = "1.2",
                         .pack_signed = true,
                         .reasons = "birth_date name",
                         .taken = "address"};
    struct mapping_result *d = calloc(1, sizeof *d);
    assert_non_null(d);
    p->document = d;
    text_copy(d->id, sizeof d->id, "a");
    text_copy(d->format, sizeof d->format, "sql");
    text_copy(d->encoding, sizeof d->encoding, "cp932");
    text_copy(d->file_name, sizeof d->file_name, "見本.csv");
    assert_int_equal(bytes_append(&d->head, "h\0d", 3), SHK_OK);
    assert_int_equal(bytes_append(&d->body, "\x8C\xA9\x00\xFF", 4), SHK_OK);
    assert_int_equal(bytes_append_text(&d->plain, "見"), SHK_OK);
    d->whole = true;
    d->losses = 3;
    assert_int_equal(bytes_append(&d->text, "a\0見本\0b\0\0c", 13), SHK_OK);
    const char *text = bytes_text(&d->text);
    d->fields_n = 3;
    d->fields = calloc(3, sizeof *d->fields);
    d->statements_n = 2;
    d->statements = calloc(2, sizeof *d->statements);
    d->statement_rows = calloc(2, sizeof *d->statement_rows);
    assert_non_null(d->fields);
    assert_non_null(d->statements);
    assert_non_null(d->statement_rows);
    d->fields[0] = (struct mapped_field){text, text + 2};
    d->fields[1] = (struct mapped_field){text + 9, text + 11};
    d->fields[2] = (struct mapped_field){text + 12, NULL};
    memcpy(d->statements, texts, sizeof texts);
    d->statement_rows[0] = -1;
    d->statement_rows[1] = 2;
}

static void write_one(struct bytes *out) {
    struct parcel p;
    make(&p);
    assert_int_equal(parcel_write(&p, out), SHK_OK);
    parcel_clear(&p);
}

static void everything_comes_back(void **state) {
    struct bytes raw = {0};
    struct parcel p;
    (void)state;
    write_one(&raw);
    assert_int_equal(parcel_read(raw.p, raw.n, &p), SHK_OK);
    const struct mapping_result *d = p.document;
    assert_string_equal(p.patient, "000123");
    assert_int_equal(p.grade, MATCH_CHANGED);
    assert_true(p.confirmed && p.pack_signed && d->whole);
    assert_string_equal(p.script, "pack/a.lua");
    assert_string_equal(p.pack, "pack");
    assert_string_equal(p.version, "1.2");
    assert_string_equal(p.reasons, "birth_date name");
    assert_string_equal(p.taken, "address");
    assert_string_equal(d->id, "a");
    assert_string_equal(d->format, "sql");
    assert_string_equal(d->encoding, "cp932");
    assert_string_equal(d->file_name, "見本.csv");
    assert_int_equal(d->losses, 3);
    assert_true(d->head.n == 3 && memcmp(d->head.p, "h\0d", 3) == 0);
    assert_true(d->body.n == 4 && memcmp(d->body.p, "\x8C\xA9\x00\xFF", 4) == 0);
    assert_string_equal(bytes_text(&d->plain), "見");
    assert_int_equal(d->fields_n, 3);
    assert_string_equal(d->fields[0].to, "a");
    assert_string_equal(d->fields[0].value, "見本");
    assert_string_equal(d->fields[1].value, "");
    assert_string_equal(d->fields[2].to, "c");
    assert_null(d->fields[2].value);
    assert_int_equal(d->statements_n, 2);
    assert_string_equal(d->statements[0], texts[0]);
    assert_string_equal(d->statements[1], "");
    assert_int_equal(d->statement_rows[0], -1);
    assert_int_equal(d->statement_rows[1], 2);
    parcel_clear(&p);
    bytes_clear(&raw);
}

static void an_empty_document_comes_back(void **state) {
    struct bytes raw = {0};
    struct parcel p = {.document = calloc(1, sizeof(struct mapping_result))}, back;
    (void)state;
    assert_non_null(p.document);
    assert_int_equal(parcel_write(&p, &raw), SHK_OK);
    assert_int_equal(parcel_read(raw.p, raw.n, &back), SHK_OK);
    assert_int_equal(back.document->fields_n + back.document->statements_n, 0);
    assert_string_equal(back.patient, "");
    parcel_clear(&p);
    parcel_clear(&back);
    bytes_clear(&raw);
}

static void what_breaks_off_is_refused(void **state) {
    struct bytes raw = {0};
    struct parcel p;
    (void)state;
    write_one(&raw);
    for (size_t n = 0; n < raw.n; n++) {
        uint8_t *part = malloc(n + 1);
        assert_non_null(part);
        memcpy(part, raw.p, n);
        assert_int_equal(parcel_read(part, n, &p), SHK_E_STORE_BROKEN);
        assert_null(p.document);
        free(part);
    }
    assert_int_equal(bytes_append_byte(&raw, 0), SHK_OK);
    assert_int_equal(parcel_read(raw.p, raw.n, &p), SHK_E_STORE_BROKEN);
    bytes_clear(&raw);
}

/* Nothing is read into something else: what is taken is written back as it stood. */
static void a_byte_that_was_flipped_is_refused_or_read_as_it_stands(void **state) {
    struct bytes raw = {0};
    size_t taken = 0;
    (void)state;
    write_one(&raw);
    for (size_t i = 0; i < raw.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct parcel p;
            struct bytes again = {0};
            raw.p[i] ^= (uint8_t)(1 << bit);
            int32_t rc = parcel_read(raw.p, raw.n, &p);
            if (rc == SHK_OK) {
                taken++;
                assert_int_equal(parcel_write(&p, &again), SHK_OK);
                assert_int_equal(again.n, raw.n);
                assert_memory_equal(again.p, raw.p, raw.n);
                parcel_clear(&p);
            } else {
                assert_true(rc == SHK_E_STORE_BROKEN || rc == SHK_E_STORE_NEWER);
                assert_null(p.document);
            }
            bytes_clear(&again);
            raw.p[i] ^= (uint8_t)(1 << bit);
        }
    }
    assert_true(taken > 0);
    bytes_clear(&raw);
}

static void a_newer_one_is_told_apart_from_a_broken_one(void **state) {
    struct bytes raw = {0};
    struct parcel p;
    (void)state;
    write_one(&raw);
    raw.p[4] = 2;
    assert_int_equal(parcel_read(raw.p, raw.n, &p), SHK_E_STORE_NEWER);
    raw.p[4] = 0;
    assert_int_equal(parcel_read(raw.p, raw.n, &p), SHK_E_STORE_BROKEN);
    bytes_clear(&raw);
}

static void what_could_not_be_read_back_is_not_written(void **state) {
    struct bytes raw = {0};
    struct parcel p;
    (void)state;
    make(&p);
    size_t n = p.document->fields_n;
    p.document->fields_n = UINT16_MAX + 1;
    assert_int_equal(parcel_write(&p, &raw), SHK_E_FIELD_TOO_LONG);
    p.document->fields_n = n;
    n = p.document->statements_n;
    p.document->statements_n = 65;
    assert_int_equal(parcel_write(&p, &raw), SHK_E_FIELD_TOO_LONG);
    p.document->statements_n = n;
    assert_int_equal(raw.n, 0);
    parcel_clear(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(an_empty_document_comes_back),
        cmocka_unit_test(what_breaks_off_is_refused),
        cmocka_unit_test(a_byte_that_was_flipped_is_refused_or_read_as_it_stands),
        cmocka_unit_test(a_newer_one_is_told_apart_from_a_broken_one),
        cmocka_unit_test(what_could_not_be_read_back_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
