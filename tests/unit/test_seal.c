#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "crypto.h"
#include "key_ring.h"
#include "platform.h"
#include "seal.h"
#include "temp_folder.h"

struct place {
    struct temp_folder folder;
    struct env env;
    struct fault why;
    struct key_ring *ring;
};

static int set_up(void **state) {
    static struct place p;
    p = (struct place){.env = {.files = &platform_files, .random = &platform_random}};
    assert_true(temp_folder_make(&p.folder));
    assert_int_equal(
        key_ring_open(&p.env, temp_path(&p.folder, "store.key"), true, &p.ring, &p.why), SHK_OK);
    *state = &p;
    return 0;
}

static int tear_down(void **state) {
    struct place *p = *state;
    key_ring_close(&p->ring);
    temp_folder_remove(&p->folder);
    return 0;
}

static int32_t open_again(struct place *p, const char *name, struct key_ring **ring) {
    fault_clear(&p->why);
    return key_ring_open(&p->env, temp_path(&p->folder, name), false, ring, &p->why);
}

static void expect_refused(struct place *p, const char *name, const char *word) {
    struct key_ring *ring = NULL;
    assert_int_equal(open_again(p, name, &ring), SHK_E_STORE_KEY);
    assert_null(ring);
    assert_string_equal(p->why.where, word);
}

/* RFC 4231, case 2. */
static void hmac_gives_the_published_value(void **state) {
    uint8_t out[32];
    char hex[65];
    (void)state;
    assert_int_equal(hmac_sha256((const uint8_t *)"Jefe", 4,
                                 (const uint8_t *)"what do ya want for nothing?", 28, out),
                     SHK_OK);
    hex_encode(out, sizeof out, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_int_equal(hmac_sha256((const uint8_t *)"Jefe", 4, NULL, 0, out), SHK_OK);
}

/* NIST's GCM vectors: zero key and nonce, without and with one zero block. */
static void aes_gcm_gives_the_published_values(void **state) {
    const uint8_t key[AEAD_KEY] = {0}, nonce[AEAD_NONCE] = {0}, block[16] = {0};
    uint8_t out[16], tag[AEAD_TAG], back[16];
    char hex[33];
    (void)state;
    assert_int_equal(aead_seal(key, nonce, NULL, 0, NULL, 0, out, tag), SHK_OK);
    hex_encode(tag, sizeof tag, hex);
    assert_string_equal(hex, "530f8afbc74536b9a963b4f1c4cb738b");
    assert_int_equal(aead_seal(key, nonce, NULL, 0, block, sizeof block, out, tag), SHK_OK);
    hex_encode(out, sizeof out, hex);
    assert_string_equal(hex, "cea7403d4d606b6e074ec5d3baf39d18");
    hex_encode(tag, sizeof tag, hex);
    assert_string_equal(hex, "d0d1c8a799996bf0265b98b5d48ab919");
    assert_int_equal(aead_open(key, nonce, NULL, 0, out, sizeof out, tag, back), SHK_OK);
    assert_memory_equal(back, block, sizeof block);
}

static void an_altered_text_leaves_nothing_behind(void **state) {
    const uint8_t key[AEAD_KEY] = {1}, nonce[AEAD_NONCE] = {2};
    const uint8_t zero[6] = {0};
    uint8_t out[6], tag[AEAD_TAG], back[6];
    (void)state;
    assert_int_equal(
        aead_seal(key, nonce, (const uint8_t *)"a", 1, (const uint8_t *)"sample", 6, out, tag),
        SHK_OK);
    tag[15] ^= 1;
    memset(back, 1, sizeof back);
    assert_int_equal(aead_open(key, nonce, (const uint8_t *)"a", 1, out, 6, tag, back),
                     SHK_E_STORE_SEALED);
    assert_memory_equal(back, zero, sizeof back);
}

static struct bytes sealed_text(struct place *p, const char *place, const char *text) {
    struct bytes out = {0};
    assert_int_equal(seal(p->ring, place, (const uint8_t *)text, strlen(text), &out, &p->why),
                     SHK_OK);
    return out;
}

static int32_t try_unseal(struct place *p, const char *place, const struct bytes *sealed,
                          const char *expected) {
    struct bytes plain = {0};
    fault_clear(&p->why);
    int32_t rc = unseal(p->ring, place, sealed->p, sealed->n, &plain, &p->why);
    assert_string_equal(bytes_text(&plain), rc == SHK_OK ? expected : "");
    bytes_clear(&plain);
    return rc;
}

static void what_is_sealed_is_unsealed_in_its_place_alone(void **state) {
    struct place *p = *state;
    struct bytes a = sealed_text(p, "answer/1/sealed", "見本"), b = sealed_text(p, "x", "");
    assert_int_equal(try_unseal(p, "answer/1/sealed", &a, "見本"), SHK_OK);
    assert_int_equal(try_unseal(p, "answer/2/sealed", &a, ""), SHK_E_STORE_SEALED);
    assert_int_equal(try_unseal(p, "x", &b, ""), SHK_OK);
    assert_int_equal(sealed_by(a.p, a.n), 1);
    assert_int_equal(a.n, 1 + 4 + 12 + strlen("見本") + 16);
    bytes_clear(&a);
    bytes_clear(&b);
}

static void every_altered_byte_is_noticed(void **state) {
    struct place *p = *state;
    struct bytes a = sealed_text(p, "x", "sample");
    for (size_t i = 0; i < a.n; i++) {
        a.p[i] ^= 0x10;
        assert_int_equal(try_unseal(p, "x", &a, ""), SHK_E_STORE_SEALED);
        a.p[i] ^= 0x10;
    }
    for (; a.n > 0; a.n--) {
        assert_int_equal(try_unseal(p, "x", &a, "sample"), a.n == 39 ? SHK_OK : SHK_E_STORE_SEALED);
    }
    bytes_clear(&a);
}

static void the_same_text_is_never_sealed_alike(void **state) {
    struct place *p = *state;
    struct bytes a = sealed_text(p, "x", "sample"), b = sealed_text(p, "x", "sample");
    assert_memory_not_equal(a.p, b.p, a.n);
    bytes_clear(&a);
    bytes_clear(&b);
}

static void tags_are_told_apart_by_purpose_and_ring(void **state) {
    struct place *p = *state;
    struct key_ring *other = NULL;
    char a[TAG_LEN], b[TAG_LEN], c[TAG_LEN], d[TAG_LEN];
    const uint8_t *text = (const uint8_t *)"sample";
    assert_int_equal(seal_tag(p->ring, "person", text, 6, a), SHK_OK);
    assert_int_equal(seal_tag(p->ring, "person", text, 6, b), SHK_OK);
    assert_int_equal(seal_tag(p->ring, "card", text, 6, c), SHK_OK);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), 32);
    assert_string_not_equal(a, c);
    assert_int_equal(
        key_ring_open(&p->env, temp_path(&p->folder, "other.key"), true, &other, &p->why), SHK_OK);
    assert_int_equal(seal_tag(other, "person", text, 6, d), SHK_OK);
    assert_string_not_equal(a, d);
    key_ring_close(&other);
}

static void a_ring_read_again_unseals(void **state) {
    struct place *p = *state;
    struct bytes a = sealed_text(p, "x", "sample");
    key_ring_close(&p->ring);
    assert_int_equal(open_again(p, "store.key", &p->ring), SHK_OK);
    assert_int_equal(try_unseal(p, "x", &a, "sample"), SHK_OK);
    assert_int_equal(temp_mode(&p->folder, "store.key"), 0600);
    bytes_clear(&a);
}

static void a_missing_key_file_is_only_made_when_asked_for(void **state) {
    struct place *p = *state;
    expect_refused(p, "none.key", "missing");
    assert_false(temp_exists(&p->folder, "none.key"));
}

static void a_key_file_that_others_may_read_is_refused(void **state) {
    struct place *p = *state;
    const char *path = temp_path(&p->folder, "store.key");
    for (mode_t bit = 1; bit < 0100; bit <<= 1) {
        assert_int_equal(chmod(path, 0600 | bit), 0);
        expect_refused(p, "store.key", "mode");
    }
    assert_int_equal(chmod(path, 0400), 0);
    key_ring_close(&p->ring);
    assert_int_equal(open_again(p, "store.key", &p->ring), SHK_OK);
}

static void a_damaged_key_file_is_refused_at_every_byte(void **state) {
    struct place *p = *state;
    const char *path = temp_path(&p->folder, "store.key");
    struct bytes file = {0};
    struct key_ring *ring = NULL;
    assert_int_equal(platform_files.read(NULL, path, 65536, &file, &p->why), SHK_OK);
    for (size_t i = 0; i <= file.n; i++) {
        /* First a bit of each byte, last a byte too much. */
        size_t n = i < file.n ? file.n : file.n + 1;
        if (i < file.n) {
            file.p[i] ^= 4;
        }
        assert_int_equal(platform_files.put(NULL, path, file.p, n, true, &p->why), SHK_OK);
        assert_int_equal(open_again(p, "store.key", &ring), SHK_E_STORE_KEY);
        if (i < file.n) {
            file.p[i] ^= 4;
        }
    }
    for (size_t n = 0; n < file.n; n += 7) {
        fault_clear(&p->why);
        assert_int_equal(platform_files.put(NULL, path, file.p, n, true, &p->why), SHK_OK);
        assert_int_equal(open_again(p, "store.key", &ring), SHK_E_STORE_KEY);
    }
    bytes_clear(&file);
}

static void an_older_key_still_unseals_until_it_is_retired(void **state) {
    struct place *p = *state;
    struct bytes old = sealed_text(p, "x", "old"), new = {0};
    struct key_ring *again = NULL;
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_current(p->ring), 2);
    assert_int_equal(key_ring_count(p->ring), 2);
    new = sealed_text(p, "x", "new");
    assert_int_equal(sealed_by(new.p, new.n), 2);
    assert_int_equal(try_unseal(p, "x", &old, "old"), SHK_OK);
    assert_int_equal(open_again(p, "store.key", &again), SHK_OK);
    assert_int_equal(key_ring_count(again), 2);
    key_ring_close(&again);
    assert_int_equal(key_ring_retire(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(try_unseal(p, "x", &old, ""), SHK_E_STORE_SEALED);
    assert_int_equal(try_unseal(p, "x", &new, "new"), SHK_OK);
    assert_int_equal(open_again(p, "store.key", &again), SHK_OK);
    assert_int_equal(key_ring_count(again), 1);
    assert_int_equal(key_ring_current(again), 2);
    key_ring_close(&again);
    bytes_clear(&old);
    bytes_clear(&new);
}

static void tags_and_links_outlive_a_rotation(void **state) {
    struct place *p = *state;
    char before[TAG_LEN], after[TAG_LEN];
    uint8_t link_before[32], link_after[32];
    const uint8_t *text = (const uint8_t *)"sample";
    assert_int_equal(seal_tag(p->ring, "person", text, 6, before), SHK_OK);
    assert_int_equal(seal_link(p->ring, text, 6, link_before), SHK_OK);
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_retire(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(seal_tag(p->ring, "person", text, 6, after), SHK_OK);
    assert_int_equal(seal_link(p->ring, text, 6, link_after), SHK_OK);
    assert_string_equal(before, after);
    assert_memory_equal(link_before, link_after, sizeof link_before);
}

static void more_keys_than_a_ring_holds_are_refused(void **state) {
    struct place *p = *state;
    for (int i = 1; i < 8; i++) {
        assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    }
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_E_STATE);
    assert_int_equal(key_ring_count(p->ring), 8);
}

static int32_t no_room(void *self, const char *path, const uint8_t *bytes, size_t n, bool replace,
                       struct fault *why) {
    (void)self;
    (void)path;
    (void)bytes;
    (void)n;
    (void)replace;
    return fault_raise(why, SHK_E_DISK_FULL);
}

static void a_full_disk_changes_no_key(void **state) {
    struct place *p = *state;
    struct file_ops full = platform_files;
    struct env env = p->env;
    full.put = no_room;
    env.files = &full;
    assert_int_equal(key_ring_rotate(p->ring, &env, &p->why), SHK_E_STORE_FULL);
    assert_int_equal(key_ring_count(p->ring), 1);
    assert_int_equal(key_ring_current(p->ring), 1);
}

static void a_ring_is_carried_to_another_pc(void **state) {
    struct place *p = *state;
    struct key_ring *there = NULL;
    struct bytes a = sealed_text(p, "x", "sample");
    char carried[64], path[64];
    text_format(carried, sizeof carried, "%s", temp_path(&p->folder, "carried"));
    text_format(path, sizeof path, "%s", temp_path(&p->folder, "there.key"));
    assert_int_equal(key_ring_export(p->ring, &p->env, carried, &p->why), SHK_OK);
    assert_int_equal(temp_mode(&p->folder, "carried"), 0600);
    assert_int_equal(key_ring_export(p->ring, &p->env, carried, &p->why), SHK_E_FILE_EXISTS);
    expect_refused(p, "carried", "exported");
    fault_clear(&p->why);
    assert_int_equal(key_ring_import(&p->env, carried, path, &p->why), SHK_OK);
    assert_int_equal(open_again(p, "there.key", &there), SHK_OK);
    key_ring_close(&p->ring);
    p->ring = there;
    assert_int_equal(try_unseal(p, "x", &a, "sample"), SHK_OK);
    bytes_clear(&a);
}

/* A PC that is to share a store has nothing of it yet, not even the folder. */
static void a_key_comes_in_before_anything_else(void **state) {
    struct place *p = *state;
    struct key_ring *there = NULL;
    struct temp_folder data;
    char carried[64], path[64];
    text_format(carried, sizeof carried, "%s", temp_path(&p->folder, "carried"));
    text_format(path, sizeof path, "%s", temp_path(&p->folder, "data/store.key"));
    assert_int_equal(key_ring_export(p->ring, &p->env, carried, &p->why), SHK_OK);
    assert_int_equal(key_ring_import(&p->env, carried, path, &p->why), SHK_OK);
    assert_int_equal(temp_mode(&p->folder, "data"), 0700);
    assert_int_equal(open_again(p, "data/store.key", &there), SHK_OK);
    key_ring_close(&there);
    text_format(data.path, sizeof data.path, "%s", temp_path(&p->folder, "data"));
    temp_folder_remove(&data);
}

static void what_comes_in_joins_the_keys_that_are_there(void **state) {
    struct place *p = *state;
    struct key_ring *joined = NULL;
    char carried[64], path[64];
    text_format(carried, sizeof carried, "%s", temp_path(&p->folder, "carried"));
    text_format(path, sizeof path, "%s", temp_path(&p->folder, "store.key"));
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_export(p->ring, &p->env, carried, &p->why), SHK_OK);
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_retire(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_import(&p->env, carried, path, &p->why), SHK_OK);
    assert_int_equal(open_again(p, "store.key", &joined), SHK_OK);
    assert_int_equal(key_ring_count(joined), 3);
    assert_int_equal(key_ring_current(joined), 3);
    key_ring_close(&joined);
}

/* Another opening may have put anything in its place. */
static void only_a_file_of_the_same_store_is_read_again(void **state) {
    struct place *p = *state;
    struct key_ring *other = NULL;
    const char *path = temp_path(&p->folder, "other.key");
    struct bytes file = {0}, a = sealed_text(p, "x", "sample");
    assert_int_equal(key_ring_open(&p->env, path, true, &other, &p->why), SHK_OK);
    key_ring_close(&other);
    assert_int_equal(platform_files.read(NULL, path, 65536, &file, &p->why), SHK_OK);
    path = temp_path(&p->folder, "store.key");
    assert_int_equal(platform_files.put(NULL, path, file.p, file.n, true, &p->why), SHK_OK);
    assert_int_equal(key_ring_reload(p->ring, &p->env, &p->why), SHK_E_STORE_KEY);
    assert_string_equal(p->why.where, "other store");
    assert_int_equal(try_unseal(p, "x", &a, "sample"), SHK_OK);
    bytes_clear(&file);
    bytes_clear(&a);
}

static void a_key_that_comes_in_twice_is_there_once(void **state) {
    struct place *p = *state;
    struct key_ring *joined = NULL;
    char carried[64], path[64];
    text_format(carried, sizeof carried, "%s", temp_path(&p->folder, "carried"));
    text_format(path, sizeof path, "%s", temp_path(&p->folder, "store.key"));
    assert_int_equal(key_ring_export(p->ring, &p->env, carried, &p->why), SHK_OK);
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_import(&p->env, carried, path, &p->why), SHK_OK);
    assert_int_equal(open_again(p, "store.key", &joined), SHK_OK);
    assert_int_equal(key_ring_count(joined), 2);
    key_ring_close(&joined);
}

#define HEAD  12 /* of a key file, before the keys */
#define CHECK 32
#define COUNT (HEAD + 64 + 3)
#define FIRST (HEAD + 64 + 4 + 3) /* the last byte of a number */

/* Well summed up, so that nothing but what it says is wrong. */
static void a_key_file_that_makes_no_sense_is_refused(void **state) {
    static const struct {
        size_t at, cut;
        uint8_t byte;
    } wrong[] = {{COUNT, 0, 0}, {COUNT, 0, 200}, {COUNT, 0, 1},
                 {FIRST, 0, 0}, {FIRST, 0, 2},   {0, 90, 0}};
    struct place *p = *state;
    char carried[64];
    struct bytes file = {0};
    text_format(carried, sizeof carried, "%s", temp_path(&p->folder, "carried"));
    assert_int_equal(key_ring_rotate(p->ring, &p->env, &p->why), SHK_OK);
    assert_int_equal(key_ring_export(p->ring, &p->env, carried, &p->why), SHK_OK);
    assert_int_equal(platform_files.read(NULL, carried, 65536, &file, &p->why), SHK_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        size_t n = file.n - wrong[i].cut;
        uint8_t copy[512];
        assert_true(file.n <= sizeof copy);
        memcpy(copy, file.p, file.n);
        if (wrong[i].at > 0) {
            copy[wrong[i].at] = wrong[i].byte;
        }
        copy[HEAD - 1] = (uint8_t)(n - HEAD - CHECK);
        assert_int_equal(sha256(copy, n - CHECK, copy + n - CHECK), SHK_OK);
        assert_int_equal(platform_files.put(NULL, carried, copy, n, true, &p->why), SHK_OK);
        fault_clear(&p->why);
        assert_int_equal(
            key_ring_import(&p->env, carried, temp_path(&p->folder, "new.key"), &p->why),
            SHK_E_STORE_KEY);
        assert_string_equal(p->why.where, "format");
    }
    bytes_clear(&file);
}

static void a_folder_is_no_key_file(void **state) {
    struct place *p = *state;
    expect_refused(p, ".", "read");
}

static void the_key_of_another_store_is_not_overwritten(void **state) {
    struct place *p = *state;
    struct key_ring *other = NULL, *again = NULL;
    char carried[64], path[64];
    text_format(carried, sizeof carried, "%s", temp_path(&p->folder, "carried"));
    text_format(path, sizeof path, "%s", temp_path(&p->folder, "store.key"));
    assert_int_equal(
        key_ring_open(&p->env, temp_path(&p->folder, "other.key"), true, &other, &p->why), SHK_OK);
    assert_int_equal(key_ring_export(other, &p->env, carried, &p->why), SHK_OK);
    assert_int_equal(key_ring_import(&p->env, carried, path, &p->why), SHK_E_STORE_KEY);
    fault_clear(&p->why);
    assert_int_equal(key_ring_import(&p->env, path, path, &p->why), SHK_E_STORE_KEY);
    assert_string_equal(p->why.where, "not exported");
    struct bytes a = sealed_text(p, "x", "sample");
    key_ring_close(&p->ring);
    assert_int_equal(open_again(p, "store.key", &again), SHK_OK);
    p->ring = again;
    assert_int_equal(try_unseal(p, "x", &a, "sample"), SHK_OK);
    bytes_clear(&a);
    key_ring_close(&other);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_gives_the_published_value),
        cmocka_unit_test(aes_gcm_gives_the_published_values),
        cmocka_unit_test(an_altered_text_leaves_nothing_behind),
        CASE(what_is_sealed_is_unsealed_in_its_place_alone),
        CASE(every_altered_byte_is_noticed),
        CASE(the_same_text_is_never_sealed_alike),
        CASE(tags_are_told_apart_by_purpose_and_ring),
        CASE(a_ring_read_again_unseals),
        CASE(a_missing_key_file_is_only_made_when_asked_for),
        CASE(a_key_file_that_others_may_read_is_refused),
        CASE(a_damaged_key_file_is_refused_at_every_byte),
        CASE(an_older_key_still_unseals_until_it_is_retired),
        CASE(tags_and_links_outlive_a_rotation),
        CASE(more_keys_than_a_ring_holds_are_refused),
        CASE(a_full_disk_changes_no_key),
        CASE(a_ring_is_carried_to_another_pc),
        CASE(a_key_comes_in_before_anything_else),
        CASE(what_comes_in_joins_the_keys_that_are_there),
        CASE(only_a_file_of_the_same_store_is_read_again),
        CASE(a_key_that_comes_in_twice_is_there_once),
        CASE(a_key_file_that_makes_no_sense_is_refused),
        CASE(a_folder_is_no_key_file),
        CASE(the_key_of_another_store_is_not_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
