/* SHK_JOB_MAP: documents to look at, made of answers that the host has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pack_disk.h"
#include "platform.h"
#include "session_stage.h"

static struct pack_disk disk;

static int enter(void **state) {
    return pack_disk_make(&disk) ? stage_open(state) : -1;
}

static int leave(void **state) {
    int rc = stage_close(state);
    pack_disk_remove(&disk);
    return rc;
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

static void put(struct stage *f, const char *path, const char *text) {
    assert_int_equal(session_put(f->session, path, (const uint8_t *)text, strlen(text)), SHK_OK);
}

static void start(struct stage *f, const char *source) {
    put(f, "import.file", source);
    assert_int_equal(session_start(f->session, SHK_JOB_MAP), SHK_OK);
}

static void assert_bytes(struct stage *f, const char *path, const char *expected) {
    struct reading r = stage_read(f, path);
    assert_true(r.is_document);
    assert_int_equal(r.len, strlen(expected));
    assert_memory_equal(r.text, expected, r.len);
}

/* The expected file of a sample is head and body one after the other. */
static void assert_is_sample(struct stage *f, size_t n, const char *name) {
    char path[64];
    struct bytes expected = {0};
    pack_disk_read(&disk, name, &expected);
    snprintf(path, sizeof path, "delivery[%u].head", (unsigned)n);
    struct reading head = stage_read(f, path);
    assert_memory_equal(head.text, expected.p, head.len);
    snprintf(path, sizeof path, "delivery[%u].document", (unsigned)n);
    struct reading body = stage_read(f, path);
    assert_int_equal(head.len + body.len, expected.n);
    assert_memory_equal(body.text, expected.p + head.len, body.len);
    bytes_clear(&expected);
}

static void every_record_becomes_a_document_and_no_file(void **state) {
    struct stage *f = *state;
    size_t before = temp_count(&disk.folder, "");
    put(f, "map.pack", disk.pack);
    start(f, TEST_DATA "/oqs/insurance_and_aid.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery.last"), 1);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery.last"), 2);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_is_sample(f, 1, "samples/fujo.expected");
    assert_is_sample(f, 2, "samples/fujo.2.expected");
    assert_int_equal(stage_number(f, "delivery[1].file"), SHK_E_ABSENT);
    assert_string_equal(stage_read(f, "delivery[1].file_name").text, "mihon_20250602.csv");
    assert_string_equal(stage_read(f, "delivery[1].pack").text, "mihon-csv");
    assert_string_equal(stage_read(f, "delivery[1].script").text, "mihon-csv/mapping.lua");
    assert_int_equal(stage_number(f, "delivery[3].head"), SHK_E_ABSENT);
    assert_int_equal(temp_count(&disk.folder, ""), before);
    assert_null(f->session->map);
}

/* The configured deliveries and what an answer is worth do not matter here. */
static void nothing_is_delivered_and_nothing_kept_back(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "deliveries[1].pack", "/none"), SHK_OK);
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    put(f, "map.pack", disk.pack);
    start(f, TEST_DATA "/oqs/lost_newer.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    assert_int_equal(stage_number(f, "outcome"), SHK_OUTCOME_NOT_ELIGIBLE);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "delivery.not_due"), 0);
}

#define SCRIPT                                                                                     \
    "return { contract = 1, id = \"a\", format = \"csv\", encoding = \"utf-8\", file = \"a.csv\"," \
    "  fields = { { to = \"name\", from = \"name\", required = true } } }"

static void a_script_without_a_pack(void **state) {
    struct stage *f = *state;
    pack_disk_set(&disk, "../a.lua", SCRIPT);
    put(f, "map.script", temp_path(&disk.folder, "a.lua"));
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_bytes(f, "delivery[1].document", "見本　太郎\r\n");
    assert_bytes(f, "delivery[1].head", "");
    assert_string_equal(stage_read(f, "delivery[1].script").text, "a.lua");
    assert_int_equal(stage_number(f, "delivery[1].pack"), SHK_E_ABSENT);
    stage_expect(f, SHK_EVENT_DONE);
}

static void persons_come_one_by_one(void **state) {
    struct stage *f = *state;
    pack_disk_set(&disk, "../a.lua", SCRIPT);
    put(f, "map.script", temp_path(&disk.folder, "a.lua"));
    start(f, TEST_DATA "/oqs/bulk_result.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_bytes(f, "delivery[1].document", "見本　次郎\r\n");
    stage_expect(f, SHK_EVENT_NEXT);
    assert_bytes(f, "delivery[1].document", "見本　次郎\r\n");
    /* The second is not insured, and has no name. */
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_FIELD_REQUIRED);
    assert_string_equal(stage_read(f, "delivery[1].fault.where").text, "a.lua:1 name");
    stage_expect(f, SHK_EVENT_NEXT);
    /* The third has two records. */
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_FIELD_REQUIRED);
}

static void how_each_field_came_to_be_is_told_on_demand(void **state) {
    struct stage *f = *state;
    put(f, "map.pack", disk.pack);
    put(f, "map.explain", "yes");
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_string_equal(stage_read(f, "delivery[1].explain[1].to").text, "氏名");
    assert_string_equal(stage_read(f, "delivery[1].explain[1].from").text, "name");
    assert_string_equal(stage_read(f, "delivery[1].explain[1].raw").text, "text");
    assert_int_equal(stage_number(f, "delivery[1].explain[1].line"), 16);
    assert_int_equal(stage_number(f, "delivery[1].explain[1].bytes"), 10);
    assert_int_equal(stage_number(f, "delivery[1].explain[1].limit"), 20);
    stage_expect(f, SHK_EVENT_DONE);
    put(f, "map.pack", disk.pack);
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery[1].explain[1].to"), SHK_E_ABSENT);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_lost_character_is_told_by_field_and_code(void **state) {
    struct stage *f = *state;
    pack_disk_change(&disk, "mapping.lua", "header = true,",
                     "header = true, unmappable = \"geta\",");
    put(f, "map.pack", disk.pack);
    pack_disk_change(&disk, "samples/kenpo.xml", "<Name>見本　", "<Name>𠮷本　");
    start(f, pack_disk_path(&disk, "samples/kenpo.xml"));
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_number(f, "delivery[1].losses"), 1);
    assert_string_equal(stage_read(f, "delivery[1].loss[1].field").text, "氏名");
    assert_string_equal(stage_read(f, "delivery[1].loss[1].code").text, "U+20BB7");
    assert_string_equal(stage_read(f, "delivery[1].loss[1].instead").text, "U+3013");
    stage_expect(f, SHK_EVENT_DONE);
}

static void an_overlay_is_mapped_with(void **state) {
    struct stage *f = *state;
    pack_disk_set(&disk, "../mine.lua",
                  "return { overlay = 1, pack = \"mihon-csv\", fields = {\n"
                  "  [\"カナ\"] = { remove = true, was = { from = \"name_kana\" } } } }");
    put(f, "map.pack", disk.pack);
    put(f, "map.overlay", temp_path(&disk.folder, "mine.lua"));
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_int_equal(stage_read(f, "delivery[1].head").len, 35);
    stage_expect(f, SHK_EVENT_DONE);
    put(f, "map.pack", disk.pack);
    put(f, "map.overlay", temp_path(&disk.folder, "none.lua"));
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_SCRIPT_FILE);
    stage_expect(f, SHK_EVENT_DONE);
}

/* Who maps may be about to mend the samples. */
static void a_pack_whose_samples_fail_can_be_mapped_with(void **state) {
    struct stage *f = *state;
    pack_disk_change(&disk, "samples/kenpo.expected", "06990014", "06990015");
    put(f, "map.pack", disk.pack);
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_pack_that_cannot_be_opened_ends_it(void **state) {
    struct stage *f = *state;
    static const struct {
        const char *key, *value;
        int32_t code;
        const char *where;
    } wrong[] = {
        {"pack.unsigned", "refuse", SHK_E_PACK_UNSIGNED, "mihon-csv"},
        {"pack.unsigned", "allow", SHK_E_SCRIPT_CONTRACT, "mihon-csv/mapping.lua:16 氏名 from"},
    };
    pack_disk_change(&disk, "mapping.lua", "from = \"name\"", "from = \"nam\"");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(session_set(f->session, wrong[i].key, wrong[i].value), SHK_OK);
        put(f, "map.pack", disk.pack);
        start(f, TEST_DATA "/demo/default.xml");
        stage_expect(f, SHK_EVENT_FAULT);
        assert_int_equal(stage_number(f, "fault.code"), wrong[i].code);
        assert_string_equal(stage_read(f, "fault.where").text, wrong[i].where);
        stage_expect(f, SHK_EVENT_DONE);
    }
    put(f, "map.script", temp_path(&disk.folder, "none.lua"));
    start(f, TEST_DATA "/demo/default.xml");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_SCRIPT_FILE);
    assert_string_equal(stage_read(f, "fault.where").text, "none.lua");
    stage_expect(f, SHK_EVENT_DONE);
}

static void a_fault_of_the_script_names_the_pack(void **state) {
    struct stage *f = *state;
    put(f, "map.pack", disk.pack);
    start(f, TEST_DATA "/packs/mihon-csv/samples/nagai.xml");
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_string_equal(stage_read(f, "fault.where").text, "mihon-csv/mapping.lua:16 氏名");
    stage_expect(f, SHK_EVENT_DONE);
}

static void inputs_that_are_missing_or_wrong_are_named(void **state) {
    static const struct {
        const char *path, *value, *where;
    } steps[] = {
        {"import.file", "", "import.data"},
        {"import.file", "/x.xml", "map.pack"},
        {"map.script", "/x.lua", NULL},
        {"map.pack", "/x", "map.script"},
        {"map.pack", "", NULL},
        {"map.explain", "1", "map.explain"},
    };
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        put(f, steps[i].path, steps[i].value);
        if (steps[i].where != NULL) {
            assert_int_equal(session_start(f->session, SHK_JOB_MAP), SHK_E_INPUT);
            assert_string_equal(stage_read(f, "fault.where").text, steps[i].where);
        }
    }
    assert_int_equal(session_start(f->session, SHK_JOB_PERSON + 1), SHK_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(every_record_becomes_a_document_and_no_file),
        CASE(nothing_is_delivered_and_nothing_kept_back),
        CASE(a_script_without_a_pack),
        CASE(persons_come_one_by_one),
        CASE(how_each_field_came_to_be_is_told_on_demand),
        CASE(a_lost_character_is_told_by_field_and_code),
        CASE(an_overlay_is_mapped_with),
        CASE(a_pack_whose_samples_fail_can_be_mapped_with),
        CASE(a_pack_that_cannot_be_opened_ends_it),
        CASE(a_fault_of_the_script_names_the_pack),
        CASE(inputs_that_are_missing_or_wrong_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
