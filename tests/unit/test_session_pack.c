/* Packs in a session: a pack is active only when its samples pass and its signature is what the configuration
 * asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pack_disk.h"
#include "pack_keys.h"
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

static void set(struct stage *f, const char *key, const char *value) {
    assert_int_equal(session_set(f->session, key, value), SHK_OK);
}

static void put(struct stage *f, const char *path, const char *text) {
    assert_int_equal(session_put(f->session, path, (const uint8_t *)text, strlen(text)), SHK_OK);
}

static void use_pack(struct stage *f) {
    set(f, "deliveries[1].pack", disk.pack);
    set(f, "deliveries[1].folder", disk.folder.path);
    set(f, "deliveries[1].when", "always");
}

static void start_import(struct stage *f) {
    put(f, "import.file", TEST_DATA "/demo/default.xml");
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
}

static void assert_works(struct stage *f) {
    start_import(f);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

/* Told before anything else happens, and once more at the end. */
static void assert_refused(struct stage *f, int32_t code, const char *where) {
    start_import(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_string_equal(stage_read(f, "fault.where").text, where);
    assert_int_equal(stage_number(f, "fault.code"), code);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), code);
    assert_string_equal(stage_read(f, "record.name").text, "(none)");
    assert_false(temp_exists(&disk.folder, "mihon_20260602.csv"));
}

static void a_delivery_by_pack(void **state) {
    struct stage *f = *state;
    use_pack(f);
    start_import(f);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    assert_string_equal(stage_read(f, "delivery[1].pack").text, "mihon-csv");
    assert_string_equal(stage_read(f, "delivery[1].pack_signed").text, "unsigned");
    assert_string_equal(stage_read(f, "delivery[1].script").text, "mihon-csv/mapping.lua");
    assert_string_equal(stage_read(f, "delivery[1].file_name").text, "mihon_20260602.csv");
    assert_int_equal(stage_read(f, "delivery[1].head").len, 40);
    assert_true(stage_read(f, "delivery[1].head").is_document);
    stage_expect(f, SHK_EVENT_DONE);
    assert_true(temp_exists(&disk.folder, "mihon_20260602.csv"));
}

#define SCRIPT                                                                                     \
    "return { contract = 1, id = \"own\", format = \"csv\", encoding = \"utf-8\",\n"               \
    "  file = \"own.csv\", fields = { { to = \"name\", from = \"name\", max_chars = 9 } } }"

static void a_script_of_its_own_has_no_pack(void **state) {
    struct stage *f = *state;
    pack_disk_set(&disk, "../own.lua", SCRIPT);
    set(f, "deliveries[1].script", temp_path(&disk.folder, "own.lua"));
    set(f, "deliveries[1].folder", disk.folder.path);
    assert_works(f);
    assert_string_equal(stage_read(f, "delivery[1].script").text, "own.lua");
    assert_string_equal(stage_read(f, "delivery[1].pack").text, "(none)");
    assert_int_equal(stage_number(f, "delivery[1].pack_signed"), SHK_E_ABSENT);
}

static void a_pack_whose_sample_fails_is_not_used_until_it_is_mended(void **state) {
    struct stage *f = *state;
    use_pack(f);
    pack_disk_change(&disk, "samples/kenpo.expected", "06990014", "06990015");
    assert_refused(f, SHK_E_PACK_SAMPLE,
                   "mihon-csv kenpo: first difference at byte 77, line 2, 保険者番号");
    pack_disk_change(&disk, "samples/kenpo.expected", "06990015", "06990014");
    assert_works(f);
    pack_disk_drop(&disk, "samples/kenpo.expected");
    remove(temp_path(&disk.folder, "mihon_20260602.csv"));
    assert_refused(f, SHK_E_PACK_SAMPLE, "mihon-csv kenpo: kenpo.expected is missing");
}

static void a_pack_that_is_wrong_is_not_used(void **state) {
    struct stage *f = *state;
    use_pack(f);
    pack_disk_change(&disk, "pack.lua", "1.2.3", "1.2");
    assert_refused(f, SHK_E_PACK, "mihon-csv/pack.lua:6 version");
    pack_disk_change(&disk, "pack.lua", "1.2\"", "1.2.4\"");
    pack_disk_change(&disk, "mapping.lua", "from = \"name\"", "from = \"nam\"");
    assert_refused(f, SHK_E_SCRIPT_CONTRACT, "mihon-csv/mapping.lua:16 氏名 from");
    pack_disk_change(&disk, "mapping.lua", "from = \"nam\"", "from = \"name\"");
    pack_disk_change(&disk, "pack.lua", "encoding = \"cp932\"", "encoding = \"utf-8\"");
    assert_refused(f, SHK_E_PACK, "mihon-csv/pack.lua:14 encoding");
    set(f, "deliveries[1].pack", disk.folder.path);
    char where[100];
    snprintf(where, sizeof where, "%s/pack.lua", text_file_name(disk.folder.path));
    assert_refused(f, SHK_E_PACK, where);
}

/* A mistake in the pack of one delivery is not passed over for the other's sake. */
static void every_delivery_s_pack_is_tried(void **state) {
    struct stage *f = *state;
    set(f, "deliveries[1].script", pack_disk_path(&disk, "mapping.lua"));
    set(f, "deliveries[1].folder", disk.folder.path);
    set(f, "deliveries[2].pack", TEST_DATA "/packs/none");
    set(f, "deliveries[2].folder", disk.folder.path);
    assert_refused(f, SHK_E_PACK, "none");
}

static void a_fault_of_the_script_names_the_pack(void **state) {
    struct stage *f = *state;
    use_pack(f);
    put(f, "import.file", TEST_DATA "/packs/mihon-csv/samples/nagai.xml");
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_string_equal(stage_read(f, "fault.where").text, "mihon-csv/mapping.lua:16 氏名");
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_FIELD_TOO_LONG);
    stage_expect(f, SHK_EVENT_DONE);
}

static size_t count(const char *text, const char *word) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
        n++;
    }
    return n;
}

static void assert_tried(size_t times) {
    struct bytes log = {0};
    pack_disk_read(&disk, "../log", &log);
    assert_int_equal(count(bytes_text(&log), "pack.unsigned delivery=1 samples=5"), times);
    bytes_clear(&log);
}

static void samples_run_again_only_when_something_changed(void **state) {
    struct stage *f = *state;
    use_pack(f);
    set(f, "log.file", temp_path(&disk.folder, "log"));
    assert_works(f);
    assert_works(f);
    assert_tried(1);
    pack_disk_change(&disk, "README.md", "テスト", "試験");
    assert_works(f);
    assert_tried(2);
    set(f, "script.steps", "1000000");
    assert_works(f);
    assert_works(f);
    assert_tried(3);
}

static void import_two(struct stage *f) {
    struct bytes texts = {0}, second = {0};
    pack_disk_read(&disk, "samples/app.txt", &texts);
    assert_int_equal(platform_files.read(NULL, TEST_DATA "/app/t4.txt", 10000, &second, NULL),
                     SHK_OK);
    assert_int_equal(bytes_append(&texts, second.p, second.n), SHK_OK);
    assert_int_equal(session_put(f->session, "import.data", texts.p, texts.n), SHK_OK);
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    bytes_clear(&texts);
    bytes_clear(&second);
}

/* What was tried is what runs: a file that changes meanwhile counts from the next job on. */
static void what_was_tried_is_what_runs(void **state) {
    struct stage *f = *state;
    use_pack(f);
    import_two(f);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    pack_disk_change(&disk, "mapping.lua", "max_chars = 8", "max_chars = 1");
    stage_expect(f, SHK_EVENT_NEXT);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    import_two(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PACK_SAMPLE);
    stage_expect(f, SHK_EVENT_DONE);
}

/* Signing: by the job, with a key that is made here. */
static void write_key(const char *name, const struct bytes *pem) {
    struct bytes copy = {0};
    char path[100];
    assert_int_equal(bytes_append(&copy, pem->p, pem->n), SHK_OK);
    snprintf(path, sizeof path, "../%s", name);
    pack_disk_write(&disk, path, &copy);
    bytes_clear(&copy);
}

static void start_pack(struct stage *f, const char *action) {
    put(f, "pack.path", disk.pack);
    put(f, "pack.action", action);
    assert_int_equal(session_start(f->session, SHK_JOB_PACK), SHK_OK);
}

static void sign_with(struct stage *f, const struct pack_keys *keys) {
    write_key("secret.pem", &keys->secret);
    put(f, "pack.key", temp_path(&disk.folder, "secret.pem"));
    start_pack(f, "sign");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_string_equal(stage_read(f, "pack.signed").text, "signed");
}

static void trust(struct stage *f, const struct pack_keys *keys) {
    write_key("keys.pem", &keys->open);
    set(f, "pack.keys", temp_path(&disk.folder, "keys.pem"));
}

static void an_unsigned_pack_is_used_unless_it_is_refused(void **state) {
    struct stage *f = *state;
    use_pack(f);
    set(f, "pack.unsigned", "refuse");
    assert_refused(f, SHK_E_PACK_UNSIGNED, "mihon-csv");
    set(f, "pack.unsigned", "allow");
    assert_works(f);
    assert_string_equal(stage_read(f, "delivery[1].pack_signed").text, "unsigned");
}

static void a_signed_pack_is_used_and_told(void **state) {
    struct stage *f = *state;
    struct pack_keys keys;
    assert_true(pack_keys_make(&keys, "ED25519", NULL));
    use_pack(f);
    sign_with(f, &keys);
    trust(f, &keys);
    set(f, "pack.unsigned", "refuse");
    assert_works(f);
    assert_string_equal(stage_read(f, "delivery[1].pack_signed").text, "signed");
    /* Without keys nobody can tell. */
    set(f, "pack.keys", "");
    remove(temp_path(&disk.folder, "mihon_20260602.csv"));
    assert_refused(f, SHK_E_PACK_UNSIGNED, "mihon-csv");
    set(f, "pack.unsigned", "allow");
    assert_works(f);
    assert_string_equal(stage_read(f, "delivery[1].pack_signed").text, "unsigned");
    pack_keys_clear(&keys);
}

static void what_does_not_fit_its_signature_is_not_used(void **state) {
    struct stage *f = *state;
    struct pack_keys keys, other;
    assert_true(pack_keys_make(&keys, "ED25519", NULL));
    assert_true(pack_keys_make(&other, "ED25519", NULL));
    use_pack(f);
    sign_with(f, &keys);
    trust(f, &keys);
    pack_disk_change(&disk, "mapping.lua", "One line", "One lime");
    assert_refused(f, SHK_E_PACK_SIGNATURE, "mihon-csv/mapping.lua");
    pack_disk_change(&disk, "mapping.lua", "One lime", "One line");
    pack_disk_set(&disk, "extra.txt", "");
    assert_refused(f, SHK_E_PACK_SIGNATURE, "mihon-csv/extra.txt");
    pack_disk_drop(&disk, "extra.txt");
    struct bytes readme = {0};
    pack_disk_read(&disk, "README.md", &readme);
    pack_disk_drop(&disk, "README.md");
    assert_refused(f, SHK_E_PACK_SIGNATURE, "mihon-csv/README.md");
    pack_disk_write(&disk, "README.md", &readme);
    bytes_clear(&readme);
    trust(f, &other);
    assert_refused(f, SHK_E_PACK_SIGNATURE, "mihon-csv/manifest.sig");
    trust(f, &keys);
    assert_works(f);
    pack_keys_clear(&keys);
    pack_keys_clear(&other);
}

static void keys_that_cannot_be_read_are_told(void **state) {
    struct stage *f = *state;
    use_pack(f);
    set(f, "pack.keys", temp_path(&disk.folder, "none.pem"));
    assert_refused(f, SHK_E_CONFIG_VALUE, "pack.keys");
}

static void a_delivery_names_a_script_or_a_pack(void **state) {
    struct stage *f = *state;
    use_pack(f);
    put(f, "import.file", TEST_DATA "/demo/default.xml");
    set(f, "deliveries[1].script", pack_disk_path(&disk, "mapping.lua"));
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "deliveries[1].pack");
    set(f, "deliveries[1].pack", "");
    set(f, "deliveries[1].script", "");
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_E_CONFIG_VALUE);
    assert_string_equal(stage_read(f, "fault.where").text, "deliveries[1].script");
}

static void an_overlay_that_is_not_there_is_told_before_anybody_comes(void **state) {
    struct stage *f = *state;
    use_pack(f);
    set(f, "deliveries[1].overlay", temp_path(&disk.folder, "none.lua"));
    assert_refused(f, SHK_E_SCRIPT_FILE, "none.lua");
}

#define OVERLAY(pack, limit, was)                                                                  \
    "return { overlay = 1, pack = \"" pack "\", fields = {\n"                                      \
    "  [\"氏名\"] = { max_bytes = " limit ", was = { max_bytes = " was " } } } }"

static void an_overlay_changes_what_is_delivered_but_no_sample(void **state) {
    struct stage *f = *state;
    use_pack(f);
    pack_disk_set(&disk, "../mine.lua", OVERLAY("mihon-csv", "40", "20"));
    set(f, "deliveries[1].overlay", temp_path(&disk.folder, "mine.lua"));
    put(f, "import.file", TEST_DATA "/packs/mihon-csv/samples/nagai.xml");
    assert_int_equal(session_start(f->session, SHK_JOB_IMPORT), SHK_OK);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_DELIVERED);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
}

/* With the vendor's new version the clinic's wish may not fit any more. */
static void an_overlay_that_does_not_fit_is_told_before_anybody_comes(void **state) {
    struct stage *f = *state;
    use_pack(f);
    set(f, "deliveries[1].overlay", temp_path(&disk.folder, "mine.lua"));
    pack_disk_set(&disk, "../mine.lua", OVERLAY("mihon-csv", "40", "20"));
    assert_works(f);
    remove(temp_path(&disk.folder, "mihon_20260602.csv"));
    pack_disk_change(&disk, "mapping.lua", "max_bytes = 20", "max_bytes = 21");
    start_import(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_OVERLAY);
    assert_non_null(strstr(stage_read(f, "fault.where").text, "mine.lua:2 氏名"));
    stage_expect(f, SHK_EVENT_DONE);
    pack_disk_set(&disk, "../mine.lua", OVERLAY("other", "40", "21"));
    start_import(f);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_OVERLAY);
    assert_true(text_starts(stage_read(f, "fault.where").text, "mine.lua:1 pack"));
    stage_expect(f, SHK_EVENT_DONE);
    pack_disk_set(&disk, "../mine.lua", OVERLAY("mihon-csv", "40", "21"));
    assert_works(f);
}

static void an_overlay_changes_a_script_as_well(void **state) {
    struct stage *f = *state;
    pack_disk_set(&disk, "../own.lua", SCRIPT);
    pack_disk_set(&disk, "../mine.lua",
                  "return { overlay = 1, pack = \"own\", fields = {\n"
                  "  name = { max_chars = 2, was = { max_chars = 9 } } } }");
    set(f, "deliveries[1].script", temp_path(&disk.folder, "own.lua"));
    set(f, "deliveries[1].overlay", temp_path(&disk.folder, "mine.lua"));
    set(f, "deliveries[1].folder", disk.folder.path);
    start_import(f);
    stage_expect(f, SHK_EVENT_ANSWER);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_FIELD_TOO_LONG);
    stage_expect(f, SHK_EVENT_DONE);
}

/* The list that a clinic reads holds for what its patients' answers give as well as for the samples. */
static void a_script_sees_only_what_its_pack_names(void **state) {
    struct stage *f = *state;
    use_pack(f);
    pack_disk_change(&disk, "pack.lua", "\"symbol\", ", "");
    assert_refused(f, SHK_E_PACK_SAMPLE, "mihon-csv app: SHK_E_SCRIPT_RUN mapping.lua:21 記号番号");
    pack_disk_change(&disk, "pack.lua", "\"name\", ", "");
    assert_refused(f, SHK_E_SCRIPT_CONTRACT, "mihon-csv/mapping.lua:16 氏名 from");
}

/* The blocking call as well. */
static void a_check_with_a_bad_pack_gives_its_fault(void **state) {
    struct stage *f = *state;
    use_pack(f);
    set(f, "card", "demo");
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_OUTCOME_ELIGIBLE);
    pack_disk_change(&disk, "samples/kenpo.name", "2026", "2027");
    assert_int_equal(session_check(f->session, PIN, 4, false, STAGE_PATIENCE_MS),
                     SHK_E_PACK_SAMPLE);
    assert_string_equal(stage_read(f, "fault.where").text,
                        "mihon-csv kenpo: kenpo.name is another file name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_delivery_by_pack),
        CASE(a_script_of_its_own_has_no_pack),
        CASE(a_pack_whose_sample_fails_is_not_used_until_it_is_mended),
        CASE(a_pack_that_is_wrong_is_not_used),
        CASE(every_delivery_s_pack_is_tried),
        CASE(a_fault_of_the_script_names_the_pack),
        CASE(samples_run_again_only_when_something_changed),
        CASE(what_was_tried_is_what_runs),
        CASE(an_unsigned_pack_is_used_unless_it_is_refused),
        CASE(a_signed_pack_is_used_and_told),
        CASE(what_does_not_fit_its_signature_is_not_used),
        CASE(keys_that_cannot_be_read_are_told),
        CASE(a_delivery_names_a_script_or_a_pack),
        CASE(an_overlay_that_is_not_there_is_told_before_anybody_comes),
        CASE(an_overlay_changes_what_is_delivered_but_no_sample),
        CASE(an_overlay_that_does_not_fit_is_told_before_anybody_comes),
        CASE(an_overlay_changes_a_script_as_well),
        CASE(a_script_sees_only_what_its_pack_names),
        CASE(a_check_with_a_bad_pack_gives_its_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
