/* The manifest and its signature: what they say, and every way that a pack stops fitting them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto.h"
#include "pack_keys.h"
#include "pack_stage.h"

static struct pack_keys own, other;
static struct pack_trust trust;

static int enter(void **state) {
    trust = (struct pack_trust){0};
    return pack_keys_make(&own, "ED25519", NULL) && pack_keys_make(&other, "ED25519", NULL)
               ? pack_stage_open(state)
               : -1;
}

static int leave(void **state) {
    pack_keys_clear(&own);
    pack_keys_clear(&other);
    return pack_stage_close(state);
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

static int32_t verify(bool *is_signed) {
    struct pack_folder folder;
    fault_clear(&stage.why);
    assert_int_equal(pack_folder_read(&stage.env, PACK_AT, &folder, &stage.why), SHK_OK);
    int32_t rc = pack_manifest_verify(&folder, &trust, is_signed, &stage.why);
    pack_folder_clear(&folder);
    return rc;
}

static void write_manifest(struct bytes *out) {
    struct pack_folder folder;
    assert_int_equal(pack_folder_read(&stage.env, PACK_AT, &folder, &stage.why), SHK_OK);
    assert_int_equal(pack_manifest_write(&folder, out), SHK_OK);
    pack_folder_clear(&folder);
}

static void sign_text(const struct bytes *text, const struct pack_keys *keys) {
    uint8_t signature[ED25519_SIGNATURE];
    assert_int_equal(ed25519_sign(keys->secret.p, keys->secret.n, "", text->p, text->n, signature),
                     SHK_OK);
    files_fake_set_n(&stage.files, pack_stage_path("manifest.txt"), text->p, text->n);
    files_fake_set_n(&stage.files, pack_stage_path("manifest.sig"), signature, sizeof signature);
}

static void sign_pack(const struct pack_keys *keys) {
    struct bytes text = {0};
    write_manifest(&text);
    sign_text(&text, keys);
    bytes_clear(&text);
}

static void trust_key(const struct pack_keys *keys) {
    trust.keys = keys->open.p;
    trust.keys_n = keys->open.n;
}

static void assert_signature_fault(const char *where) {
    bool is_signed = true;
    int32_t rc = verify(&is_signed);
    pack_stage_assert_fault(rc, SHK_E_PACK_SIGNATURE, where);
    assert_false(is_signed);
}

static void every_file_has_its_line(void **state) {
    static const char empty[] =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  samples/z.xml\n";
    struct bytes text = {0};
    (void)state;
    pack_stage_set("samples/z.xml", "");
    pack_stage_set("manifest.txt", "old");
    pack_stage_set("manifest.sig", "old");
    pack_stage_set("samples/manifest.txt", "a sample's");
    write_manifest(&text);
    const char *p = bytes_text(&text);
    assert_non_null(strstr(p, empty));
    assert_string_equal(p + text.n - strlen(empty), empty);
    assert_non_null(strstr(p, "  samples/manifest.txt\n"));
    assert_null(strstr(p, "  manifest."));
    size_t lines = 0;
    for (const char *at = p; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, files_fake_count(&stage.files, PACK_AT) - 2 +
                                files_fake_count(&stage.files, PACK_AT "/samples"));
    assert_memory_equal(p + 64, "  README.md\n", 12);
    bytes_clear(&text);
}

static void a_signed_pack_is_signed(void **state) {
    bool is_signed = false;
    (void)state;
    sign_pack(&own);
    trust_key(&own);
    trust.refuse_unsigned = true;
    assert_int_equal(verify(&is_signed), SHK_OK);
    assert_true(is_signed);
}

static void another_s_key_does_not_fit(void **state) {
    (void)state;
    sign_pack(&other);
    trust_key(&own);
    assert_signature_fault("mihon-csv/manifest.sig");
}

static void one_byte_is_noticed(void **state) {
    (void)state;
    sign_pack(&own);
    trust_key(&own);
    pack_stage_change("mapping.lua", "max_bytes = 20", "max_bytes = 30");
    assert_signature_fault("mihon-csv/mapping.lua");
}

static void a_file_more_or_less_is_named(void **state) {
    static const char *const added[] = {"AAA", "samples/extra.xml", "zzz"};
    static const char *const taken[] = {"README.md", "samples/kenpo.expected", "pack.lua"};
    (void)state;
    sign_pack(&own);
    trust_key(&own);
    for (size_t i = 0; i < 3; i++) {
        char where[100];
        snprintf(where, sizeof where, "mihon-csv/%s", added[i]);
        pack_stage_set(added[i], "");
        assert_signature_fault(where);
        files_fake_drop(&stage.files, pack_stage_path(added[i]));
    }
    for (size_t i = 0; i < 3; i++) {
        char where[100];
        struct bytes kept = {0};
        const struct files_fake_file *file =
            files_fake_find(&stage.files, pack_stage_path(taken[i]));
        assert_int_equal(bytes_append(&kept, file->content.p, file->content.n), SHK_OK);
        files_fake_drop(&stage.files, pack_stage_path(taken[i]));
        snprintf(where, sizeof where, "mihon-csv/%s", taken[i]);
        assert_signature_fault(where);
        files_fake_set_n(&stage.files, pack_stage_path(taken[i]), kept.p, kept.n);
        bytes_clear(&kept);
    }
    bool is_signed = false;
    assert_int_equal(verify(&is_signed), SHK_OK);
}

/* Who changes a file and its line as well has no signature for it. */
static void a_manifest_that_was_written_again_does_not_fit(void **state) {
    struct bytes text = {0};
    (void)state;
    sign_pack(&own);
    trust_key(&own);
    pack_stage_change("mapping.lua", "max_bytes = 20", "max_bytes = 30");
    write_manifest(&text);
    files_fake_set_n(&stage.files, pack_stage_path("manifest.txt"), text.p, text.n);
    bytes_clear(&text);
    assert_signature_fault("mihon-csv/manifest.sig");
}

static void half_a_signature_is_none(void **state) {
    (void)state;
    sign_pack(&own);
    trust_key(&own);
    files_fake_drop(&stage.files, pack_stage_path("manifest.sig"));
    assert_signature_fault("mihon-csv/manifest.sig");
    sign_pack(&own);
    files_fake_drop(&stage.files, pack_stage_path("manifest.txt"));
    assert_signature_fault("mihon-csv/manifest.txt");
    sign_pack(&own);
    pack_stage_set("manifest.sig", "short");
    assert_signature_fault("mihon-csv/manifest.sig");
    sign_pack(&own);
    struct bytes longer = {0};
    const struct files_fake_file *file =
        files_fake_find(&stage.files, pack_stage_path("manifest.sig"));
    assert_int_equal(bytes_append(&longer, file->content.p, file->content.n), SHK_OK);
    assert_int_equal(bytes_append_byte(&longer, 0), SHK_OK);
    files_fake_set_n(&stage.files, pack_stage_path("manifest.sig"), longer.p, longer.n);
    assert_signature_fault("mihon-csv/manifest.sig");
    bytes_clear(&longer);
}

/* Signed is signed, but a manifest of another form is not what the plugin writes. */
static void a_manifest_of_another_form_is_refused(void **state) {
    struct bytes text = {0};
    (void)state;
    trust_key(&own);
    write_manifest(&text);
    assert_int_equal(bytes_append_byte(&text, '\n'), SHK_OK);
    sign_text(&text, &own);
    assert_signature_fault("mihon-csv/manifest.txt");
    bytes_clear(&text);
    assert_int_equal(bytes_append_text(&text, "anything"), SHK_OK);
    sign_text(&text, &own);
    assert_signature_fault("mihon-csv/README.md");
    bytes_clear(&text);
}

static void without_a_signature_the_configuration_decides(void **state) {
    bool is_signed = true;
    (void)state;
    trust_key(&own);
    assert_int_equal(verify(&is_signed), SHK_OK);
    assert_false(is_signed);
    trust.refuse_unsigned = true;
    pack_stage_assert_fault(verify(&is_signed), SHK_E_PACK_UNSIGNED, "mihon-csv");
}

/* Nobody can verify it, so it counts for nothing: not even a wrong one is told. */
static void without_keys_a_signed_pack_is_unsigned(void **state) {
    bool is_signed = true;
    (void)state;
    sign_pack(&own);
    assert_int_equal(verify(&is_signed), SHK_OK);
    assert_false(is_signed);
    trust.refuse_unsigned = true;
    pack_stage_assert_fault(verify(&is_signed), SHK_E_PACK_UNSIGNED, "mihon-csv");
}

static void keys_that_cannot_be_read_are_the_configuration_s_fault(void **state) {
    bool is_signed = true;
    (void)state;
    sign_pack(&own);
    trust.keys = (const uint8_t *)"none";
    trust.keys_n = 4;
    pack_stage_assert_fault(verify(&is_signed), SHK_E_CONFIG_VALUE, "pack.keys");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(every_file_has_its_line),
        CASE(a_signed_pack_is_signed),
        CASE(another_s_key_does_not_fit),
        CASE(one_byte_is_noticed),
        CASE(a_file_more_or_less_is_named),
        CASE(a_manifest_that_was_written_again_does_not_fit),
        CASE(half_a_signature_is_none),
        CASE(a_manifest_of_another_form_is_refused),
        CASE(without_a_signature_the_configuration_decides),
        CASE(without_keys_a_signed_pack_is_unsigned),
        CASE(keys_that_cannot_be_read_are_the_configuration_s_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
