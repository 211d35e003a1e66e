/* SHK_JOB_PACK: looking at a pack, running its samples, signing it, listing many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "crypto.h"
#include "pack_disk.h"
#include "pack_keys.h"
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

static void start(struct stage *f, const char *action, const char *path) {
    put(f, "pack.path", path);
    put(f, "pack.action", action);
    assert_int_equal(session_start(f->session, SHK_JOB_PACK), SHK_OK);
}

/* Runs to the end; its fault is told first. */
static void look(struct stage *f, const char *action, int32_t code, const char *where) {
    start(f, action, disk.pack);
    if (code != SHK_OK) {
        stage_expect(f, SHK_EVENT_FAULT);
    }
    stage_expect(f, SHK_EVENT_DONE);
    assert_string_equal(stage_read(f, "fault.where").text, code != SHK_OK ? where : "(none)");
    assert_int_equal(stage_number(f, "fault.code"), code);
}

static int32_t length(struct stage *f, const char *path) {
    int32_t n = -1;
    mutex_lock(f->session->lock);
    int32_t rc = values_count(f->session, path, strlen(path), &n);
    mutex_unlock(f->session->lock);
    return rc == SHK_OK ? n : rc;
}

static void assert_text(struct stage *f, const char *path, const char *text) {
    assert_string_equal(stage_read(f, path).text, text);
}

static void the_facts_of_a_pack(void **state) {
    static const struct {
        const char *path, *text;
    } facts[] = {
        {"pack.id", "mihon-csv"},
        {"pack.version", "1.2.3"},
        {"pack.name", "見本CSV"},
        {"pack.name_en", "Sample CSV"},
        {"pack.vendor", "見本ソフト"},
        {"pack.host", "見本レセコン"},
        {"pack.host_versions[2]", "5.1"},
        {"pack.host_versions[3]", "(none)"},
        {"pack.format", "csv"},
        {"pack.encoding", "cp932"},
        {"pack.adapter", "folder"},
        {"pack.script", "mapping.lua"},
        {"pack.notes", "テストのためのパックです。"},
        {"pack.contract", "1"},
        {"pack.signed", "unsigned"},
        {"pack.uses[2]", "insurer_number"},
        {"pack.uses[2].label", "保険者番号"},
        {"pack.uses[5].label_en", "Name"},
        {"pack.uses[9]", "(none)"},
        {"pack.uses[9].label", "(none)"},
        {"pack.fields[1].to", "氏名"},
        {"pack.fields[1].from", "name"},
        {"pack.fields[1].helper", "(none)"},
        {"pack.fields[1].line", "16"},
        {"pack.fields[1].limit", "20"},
        {"pack.fields[1].unit", "bytes"},
        {"pack.fields[2].helper", "kana_half trim"},
        {"pack.fields[2].limit", "(none)"},
        {"pack.fields[4].unit", "chars"},
        {"pack.fields[6].to", "(none)"},
    };
    struct stage *f = *state;
    look(f, "show", SHK_OK, "");
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_text(f, facts[i].path, facts[i].text);
    }
    assert_int_equal(length(f, "pack.uses"), 8);
    assert_int_equal(length(f, "pack.host_versions"), 2);
    assert_int_equal(length(f, "pack.fields"), 5);
    assert_int_equal(length(f, "pack.samples"), 0);
    assert_int_equal(length(f, "pack.none"), SHK_E_PATH);
    /* All of a group is named, not only the word for it. */
    assert_non_null(strstr(stage_read(f, "pack.uses[8].label").text, "、"));
    assert_non_null(strstr(stage_read(f, "pack.uses[8].label_en").text, ", "));
    assert_int_equal(stage_number(f, "pack.nonsense"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "pack.fields[1].nonsense"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "pack.uses[1].nonsense"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "pack.nonsense[1]"), SHK_E_PATH);
    assert_int_equal(session_forget(f->session), SHK_OK);
    assert_text(f, "pack.id", "(none)");
    assert_int_equal(length(f, "pack.uses"), 0);
}

static void checking_is_what_is_done_when_nothing_is_said(void **state) {
    struct stage *f = *state;
    put(f, "pack.path", disk.pack);
    assert_int_equal(session_start(f->session, SHK_JOB_PACK), SHK_OK);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_text(f, "pack.id", "mihon-csv");
    assert_int_equal(length(f, "pack.samples"), 0);
    /* No sample is run, so none can fail. */
    pack_disk_change(&disk, "samples/kenpo.expected", "06990014", "06990015");
    look(f, "check", SHK_OK, "");
    pack_disk_change(&disk, "pack.lua", "format = \"csv\"", "format = \"xml\"");
    look(f, "check", SHK_E_PACK, "mihon-csv/pack.lua:13 format");
    assert_text(f, "pack.version", "1.2.3");
    pack_disk_change(&disk, "pack.lua", "1.2.3", "1");
    look(f, "check", SHK_E_PACK, "mihon-csv/pack.lua:6 version");
    assert_text(f, "pack.version", "(none)");
}

static void every_sample_is_told(void **state) {
    struct stage *f = *state;
    look(f, "test", SHK_OK, "");
    assert_int_equal(length(f, "pack.samples"), 5);
    assert_text(f, "pack.samples[4].name", "kenpo");
    assert_int_equal(stage_number(f, "pack.samples[4].passed"), 1);
    assert_int_equal(stage_number(f, "pack.samples[4].fault"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "pack.samples[4].byte"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "pack.samples[6].name"), SHK_E_ABSENT);
    pack_disk_change(&disk, "samples/kenpo.expected", "06990014", "06990015");
    pack_disk_set(&disk, "samples/nagai.fault", "SHK_E_FIELD_REQUIRED 氏名\n");
    look(f, "test", SHK_E_PACK_SAMPLE,
         "mihon-csv kenpo: first difference at byte 77, line 2, 保険者番号");
    assert_int_equal(stage_number(f, "pack.samples[1].passed"), 1);
    assert_int_equal(stage_number(f, "pack.samples[4].passed"), 0);
    assert_text(f, "pack.samples[4].fault", "PACK_SAMPLE");
    assert_text(f, "pack.samples[4].where", "first difference at byte 77, line 2, 保険者番号");
    assert_int_equal(stage_number(f, "pack.samples[4].byte"), 77);
    assert_int_equal(stage_number(f, "pack.samples[4].line"), 2);
    assert_text(f, "pack.samples[4].column", "保険者番号");
    assert_text(f, "pack.samples[5].fault", "FIELD_TOO_LONG");
    assert_text(f, "pack.samples[5].where", "mapping.lua:16 氏名");
    assert_int_equal(stage_number(f, "pack.samples[5].fault.code"), SHK_E_FIELD_TOO_LONG);
    assert_true(stage_read(f, "pack.samples[5].fault.message").len > 0);
}

static void inputs_that_are_missing_or_wrong_are_named(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_start(f->session, SHK_JOB_PACK), SHK_E_INPUT);
    assert_text(f, "fault.where", "pack.path");
    put(f, "pack.path", disk.pack);
    put(f, "pack.action", "burn");
    assert_int_equal(session_start(f->session, SHK_JOB_PACK), SHK_E_INPUT);
    assert_text(f, "fault.where", "pack.action");
    put(f, "pack.action", "sign");
    assert_int_equal(session_start(f->session, SHK_JOB_PACK), SHK_E_INPUT);
    assert_text(f, "fault.where", "pack.key");
}

/* A route or deliveries that are not set up do not matter to who writes a pack. */
static void no_other_setting_is_needed(void **state) {
    struct stage *f = *state;
    assert_int_equal(session_set(f->session, "route", "gateway"), SHK_OK);
    assert_int_equal(session_set(f->session, "deliveries[1].pack", "/none"), SHK_OK);
    look(f, "test", SHK_OK, "");
}

static void write_beside(const char *name, const struct bytes *pem) {
    struct bytes copy = {0};
    char path[100];
    assert_int_equal(bytes_append(&copy, pem->p, pem->n), SHK_OK);
    snprintf(path, sizeof path, "../%s", name);
    pack_disk_write(&disk, path, &copy);
    bytes_clear(&copy);
}

static void sign(struct stage *f, const struct pack_keys *keys) {
    write_beside("secret.pem", &keys->secret);
    put(f, "pack.key", temp_path(&disk.folder, "secret.pem"));
    start(f, "sign", disk.pack);
}

static void signing_writes_manifest_and_signature(void **state) {
    struct stage *f = *state;
    struct pack_keys keys;
    struct bytes text = {0}, signature = {0};
    bool fits = false;
    assert_true(pack_keys_make(&keys, "ED25519", NULL));
    sign(f, &keys);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_text(f, "pack.signed", "signed");
    pack_disk_read(&disk, "manifest.txt", &text);
    pack_disk_read(&disk, "manifest.sig", &signature);
    assert_int_equal(signature.n, ED25519_SIGNATURE);
    assert_int_equal(ed25519_verify(keys.open.p, keys.open.n, text.p, text.n, signature.p, &fits),
                     SHK_OK);
    assert_true(fits);
    write_beside("keys.pem", &keys.open);
    assert_int_equal(session_set(f->session, "pack.keys", temp_path(&disk.folder, "keys.pem")),
                     SHK_OK);
    look(f, "check", SHK_OK, "");
    assert_text(f, "pack.signed", "signed");
    /* A pack that was changed is signed anew over its old manifest. */
    pack_disk_change(&disk, "README.md", "テスト", "試験");
    look(f, "check", SHK_E_PACK_SIGNATURE, "mihon-csv/README.md");
    assert_text(f, "pack.signed", "(none)");
    sign(f, &keys);
    stage_expect(f, SHK_EVENT_DONE);
    look(f, "check", SHK_OK, "");
    bytes_clear(&text);
    bytes_clear(&signature);
    pack_keys_clear(&keys);
}

static void what_cannot_be_activated_is_not_signed(void **state) {
    struct stage *f = *state;
    struct pack_keys keys;
    assert_true(pack_keys_make(&keys, "ED25519", NULL));
    pack_disk_change(&disk, "samples/kenpo.expected", "06990014", "06990015");
    sign(f, &keys);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PACK_SAMPLE);
    stage_expect(f, SHK_EVENT_DONE);
    assert_text(f, "pack.signed", "unsigned");
    struct stat st;
    assert_int_not_equal(stat(pack_disk_path(&disk, "manifest.txt"), &st), 0);
    pack_keys_clear(&keys);
}

static void a_key_that_is_none_is_told(void **state) {
    struct stage *f = *state;
    struct pack_keys keys;
    put(f, "pack.key", temp_path(&disk.folder, "none.pem"));
    look(f, "sign", SHK_E_FILE_READ, "pack.key");
    assert_true(pack_keys_make(&keys, "X25519", NULL));
    write_beside("secret.pem", &keys.secret);
    put(f, "pack.key", temp_path(&disk.folder, "secret.pem"));
    look(f, "sign", SHK_E_INPUT, "pack.key");
    pack_keys_clear(&keys);
}

static void a_locked_key_is_asked_for(void **state) {
    struct stage *f = *state;
    struct pack_keys keys;
    assert_true(pack_keys_make(&keys, "ED25519", "mihon"));
    sign(f, &keys);
    stage_expect(f, SHK_EVENT_SECRET);
    put(f, "secret", "other");
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_PASSPHRASE);
    assert_text(f, "fault.where", "pack.key");
    stage_expect(f, SHK_EVENT_SECRET);
    put(f, "secret", "mihon");
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_text(f, "pack.signed", "signed");
    assert_int_equal(f->session->secret.text[0], 0);
    sign(f, &keys);
    stage_expect(f, SHK_EVENT_SECRET);
    assert_int_equal(session_cancel(f->session), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CANCELLED);
    stage_expect(f, SHK_EVENT_DONE);
    pack_keys_clear(&keys);
}

static void a_folder_that_cannot_be_written_is_told(void **state) {
    struct stage *f = *state;
    struct pack_keys keys;
    assert_true(pack_keys_make(&keys, "ED25519", NULL));
    assert_int_equal(mkdir(pack_disk_path(&disk, "manifest.sig"), 0700), 0);
    sign(f, &keys);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_text(f, "fault.where", "manifest.sig");
    stage_expect(f, SHK_EVENT_DONE);
    assert_text(f, "pack.signed", "unsigned");
    pack_keys_clear(&keys);
}

static void the_packs_of_a_folder_are_listed(void **state) {
    struct stage *f = *state;
    char path[200];
    snprintf(path, sizeof path, "%s/kowareta", disk.folder.path);
    assert_int_equal(mkdir(path, 0700), 0);
    pack_disk_set(&disk, "../kowareta/pack.lua", "return { pack = 3 }");
    start(f, "list", disk.folder.path);
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), 0);
    assert_int_equal(length(f, "packs"), 2);
    assert_text(f, "packs[1].folder", "kowareta");
    assert_text(f, "packs[1].fault", "PACK");
    assert_text(f, "packs[1].where", "kowareta/pack.lua:1 pack");
    assert_text(f, "packs[1].id", "(none)");
    assert_text(f, "packs[1].signed", "(none)");
    assert_text(f, "packs[2].id", "mihon-csv");
    assert_text(f, "packs[2].version", "1.2.3");
    assert_text(f, "packs[2].name", "見本CSV");
    assert_text(f, "packs[2].signed", "unsigned");
    assert_text(f, "packs[2].fault", "(none)");
    assert_int_equal(stage_number(f, "packs[2].nonsense"), SHK_E_PATH);
    assert_int_equal(stage_number(f, "packs[3].id"), SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "packs[3].fault"), SHK_E_ABSENT);
    start(f, "list", temp_path(&disk.folder, "none"));
    stage_expect(f, SHK_EVENT_FAULT);
    assert_text(f, "fault.where", "none");
    stage_expect(f, SHK_EVENT_DONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_facts_of_a_pack),
        CASE(checking_is_what_is_done_when_nothing_is_said),
        CASE(every_sample_is_told),
        CASE(inputs_that_are_missing_or_wrong_are_named),
        CASE(no_other_setting_is_needed),
        CASE(signing_writes_manifest_and_signature),
        CASE(what_cannot_be_activated_is_not_signed),
        CASE(a_key_that_is_none_is_told),
        CASE(a_locked_key_is_asked_for),
        CASE(a_folder_that_cannot_be_written_is_told),
        CASE(the_packs_of_a_folder_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
