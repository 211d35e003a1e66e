#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto.h"
#include "http_curl_world.h"
#include "lookup.h"

/* The keys' passphrase, never whole in this program's data: the scan below must not find its own. */
#define MASK 0x55
#define N    28
static const uint8_t masked[N] = {
    'm' ^ MASK, 'i' ^ MASK, 'h' ^ MASK, 'o' ^ MASK, 'n' ^ MASK, '-' ^ MASK, 'p' ^ MASK,
    'a' ^ MASK, 's' ^ MASK, 's' ^ MASK, 'p' ^ MASK, 'h' ^ MASK, 'r' ^ MASK, 'a' ^ MASK,
    's' ^ MASK, 'e' ^ MASK, '-' ^ MASK, '7' ^ MASK, '3' ^ MASK, '9' ^ MASK, '1' ^ MASK,
    '-' ^ MASK, 'k' ^ MASK, 'o' ^ MASK, 't' ^ MASK, 'o' ^ MASK, 'b' ^ MASK, 'a' ^ MASK};

static struct world world;

static void unmask(char out[N + 1]) {
    for (size_t i = 0; i < N; i++) {
        out[i] = (char)(masked[i] ^ MASK);
    }
    out[N] = '\0';
}

struct device_case {
    const char *cert, *key;
    const char *secret; /* "right" stands for the keys' passphrase */
    int32_t code;
    const char *where;
};

static int32_t load(const struct device_case *d, struct device_key *out, struct fault *why) {
    char secret[N + 1] = "";
    char cert[160];
    char key[160] = "";
    text_copy(cert, sizeof cert, world_file(&world, d->cert));
    if (d->key[0] != '\0') {
        text_copy(key, sizeof key, world_file(&world, d->key));
    }
    if (text_equal(d->secret, "right")) {
        unmask(secret);
    } else {
        text_copy(secret, sizeof secret, d->secret);
    }
    int32_t rc = device_key_load(cert, key, secret, out, why);
    memory_wipe(secret, sizeof secret);
    return rc;
}

static void expect(const struct device_case *all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        struct device_key key;
        struct fault why = {0};
        int32_t rc = load(&all[i], &key, &why);
        if (rc != all[i].code || !text_equal(why.where, all[i].where)) {
            fail_msg("%s %s \"%s\": %d %s", all[i].cert, all[i].key, all[i].secret, (int)rc,
                     why.where);
        }
        assert_int_equal(why.code, rc);
        assert_true((rc == SHK_OK) == (key.key != NULL && key.certificates.n > 0));
        if (rc == SHK_OK) {
            assert_memory_equal(key.key, "-----BEGIN PRIVATE KEY-----", 27);
        }
        device_key_clear(&key);
    }
}
#define EXPECT(all) expect(all, sizeof(all) / sizeof(all)[0])

static void every_form_of_a_key_is_read(void **state) {
    (void)state;
    const struct device_case all[] = {
        {"pki/device.pem", "pki/device.key", "", SHK_OK, ""},
        {"pki/device.pem", "pki/device.key", "not needed", SHK_OK, ""},
        {"pki/other-facility.pem", "pki/other-facility.key", "", SHK_OK, ""}, /* EC */
        {"pki/all-in-one.pem", "", "", SHK_OK, ""},
        {"pki/chain.pem", "pki/device.key", "", SHK_OK, ""},
        {"pki/device.pem", "pki/locked-pkcs8.key", "right", SHK_OK, ""},
        {"pki/device.pem", "pki/locked-old.key", "right", SHK_OK, ""},
        {"pki/aes.p12", "", "right", SHK_OK, ""},
        {"pki/AES.PFX", "pki/no-key.pem", "right", SHK_OK, ""},
        {"pki/open.p12", "", "", SHK_OK, ""},
    };
    EXPECT(all);
}

/* As Windows exported until a few years ago; OpenSSL 3 keeps these ciphers in a module of its own. */
static void an_old_export_is_read(void **state) {
    (void)state;
    const struct device_case all[] = {
        {"pki/rc2.p12", "", "right", SHK_OK, ""},
        {"pki/rc2.p12", "", "wrong", SHK_E_PASSPHRASE, ""},
        {"pki/rc2.p12", "", "", SHK_E_PASSPHRASE, ""},
        {"pki/device.pem", "pki/locked-rc2.key", "right", SHK_OK, ""},
        {"pki/device.pem", "pki/locked-rc2.key", "", SHK_E_PASSPHRASE, ""},
    };
    EXPECT(all);
}

static void a_passphrase_that_is_missing_or_wrong_is_told_apart(void **state) {
    (void)state;
    const struct device_case all[] = {
        {"pki/device.pem", "pki/locked-pkcs8.key", "", SHK_E_PASSPHRASE, ""},
        {"pki/device.pem", "pki/locked-pkcs8.key", "wrong", SHK_E_PASSPHRASE, ""},
        {"pki/device.pem", "pki/locked-old.key", "", SHK_E_PASSPHRASE, ""},
        {"pki/device.pem", "pki/locked-old.key", "wrong", SHK_E_PASSPHRASE, ""},
        {"pki/aes.p12", "", "", SHK_E_PASSPHRASE, ""},
        {"pki/aes.p12", "", "wrong", SHK_E_PASSPHRASE, ""},
        {"pki/open.p12", "", "wrong", SHK_E_PASSPHRASE, ""},
    };
    EXPECT(all);
}

static void a_file_that_cannot_be_used_is_named(void **state) {
    (void)state;
    const struct device_case all[] = {
        {"absent.pem", "pki/device.key", "", SHK_E_DEVICE_KEY, "client_cert"},
        {"pki/device.pem", "absent.key", "", SHK_E_DEVICE_KEY, "client_key"},
        {"pki/no-key.pem", "pki/device.key", "", SHK_E_DEVICE_KEY, "client_cert"},
        {"pki/device.key", "pki/device.key", "", SHK_E_DEVICE_KEY, "client_cert"},
        {"pki/device.pem", "pki/no-key.pem", "right", SHK_E_DEVICE_KEY, "client_key"},
        {"pki/device.pem", "pki/half.key", "", SHK_E_DEVICE_KEY, "client_key"},
        {"pki/device.pem", "", "", SHK_E_DEVICE_KEY, "client_key"},
        {"pki/device.pem", "pki/stranger.key", "", SHK_E_DEVICE_KEY, "client_key"},
        {"pki", "pki/device.key", "", SHK_E_DEVICE_KEY, "client_cert"},
        {"absent.p12", "", "", SHK_E_DEVICE_KEY, "client_cert"},
        {"pki/half.p12", "", "right", SHK_E_DEVICE_KEY, "client_cert"},
        {"pki/no-key.p12", "", "right", SHK_E_DEVICE_KEY, "client_key"},
        {"pki/no-certificate.p12", "", "right", SHK_E_DEVICE_KEY, "client_cert"},
    };
    EXPECT(all);
}

/* Written as `name`: the PKI's own file behind so many bytes of words. */
static void write_behind(const char *of, size_t n, const char *name) {
    struct bytes text = {0};
    char piece[4096];
    FILE *from = fopen(world_file(&world, of), "rb");
    assert_non_null(from);
    while (text.n < n) {
        assert_int_equal(bytes_append_text(&text, "words\n"), SHK_OK);
    }
    for (size_t got = 1; got > 0;) {
        got = fread(piece, 1, sizeof piece, from);
        assert_int_equal(bytes_append(&text, piece, got), SHK_OK);
    }
    fclose(from);
    assert_true(world_write(&world, name, bytes_text(&text)));
    bytes_clear(&text);
}

static void a_long_file_is_read_to_its_end_and_a_huge_one_is_refused(void **state) {
    (void)state;
    write_behind("pki/device.pem", 100000, "long.pem");
    write_behind("pki/device.key", 100000, "long.key");
    write_behind("pki/device.key", 1 << 20, "huge.key");
    const struct device_case all[] = {
        {"long.pem", "long.key", "", SHK_OK, ""},
        {"long.pem", "huge.key", "", SHK_E_DEVICE_KEY, "client_key"},
    };
    EXPECT(all);
}

static size_t count(const struct bytes *pem, const char *text) {
    size_t n = 0;
    for (const char *at = strstr(bytes_text(pem), text); at != NULL; at = strstr(at + 1, text)) {
        n++;
    }
    return n;
}

static void the_chain_comes_along(void **state) {
    (void)state;
    const struct device_case all[] = {{"pki/chain.pem", "pki/device.key", "", SHK_OK, ""},
                                      {"pki/aes.p12", "", "right", SHK_OK, ""}};
    for (size_t i = 0; i < 2; i++) {
        struct device_key key;
        struct fault why = {0};
        assert_int_equal(load(&all[i], &key, &why), SHK_OK);
        assert_int_equal(count(&key.certificates, "BEGIN CERTIFICATE"), 2);
        device_key_clear(&key);
    }
}

/* --- the passphrase in this process's memory ------------------------------------------------------- */

#define PAGE ((size_t)4096)
static _Alignas(4096) uint8_t window[2 * PAGE];

static bool stands_at(const uint8_t *p, size_t step) {
    for (size_t i = 0; i < N; i++) {
        if ((p[i * step] ^ MASK) != masked[i]) {
            return false;
        }
    }
    return true;
}

/* As bytes, and as the two-byte characters into which PKCS#12 turns it. */
static size_t scan(const uint8_t *p, size_t n) {
    size_t found = 0;
    const uint8_t *end = p + n - 2 * (size_t)N;
    const uint8_t *at = memchr(p, masked[0] ^ MASK, (size_t)(end - p));
    for (; at != NULL; at = memchr(at, masked[0] ^ MASK, (size_t)(end - at))) {
        found += stands_at(at, 1) || stands_at(at, 2);
        at++;
    }
    return found;
}

static bool is_window(unsigned long at) {
    unsigned long own = (unsigned long)(void *)window;
    return at + PAGE > own && at < own + sizeof window;
}

static size_t scan_range(FILE *mem, unsigned long from, unsigned long to) {
    size_t found = 0;
    memset(window, 0, sizeof window);
    for (unsigned long at = from; at < to; at += PAGE) {
        memmove(window, window + PAGE, PAGE);
        if (is_window(at) || fseek(mem, (long)at, SEEK_SET) != 0 ||
            fread(window + PAGE, 1, PAGE, mem) != PAGE) {
            memset(window, 0, sizeof window);
            continue;
        }
        found += scan(window + PAGE - 2 * (size_t)N + 1, PAGE + 2 * (size_t)N - 1);
    }
    memset(window, 0, sizeof window);
    return found;
}

/* Through /proc, as a debugger would: sanitizers then see no foreign reads. */
static size_t scan_process(void) {
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *mem = fopen("/proc/self/mem", "r");
    char line[512];
    size_t found = 0;
    assert_true(maps != NULL && mem != NULL);
    setvbuf(mem, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        char *end = NULL;
        unsigned long from = strtoul(line, &end, 16);
        unsigned long to = strtoul(end + 1, &end, 16);
        /* A sanitizer's shadow is far larger than anything that holds data. */
        if (strstr(end, "rw") != NULL && to - from <= 1UL << 28) {
            found += scan_range(mem, from, to);
        }
    }
    fclose(maps);
    fclose(mem);
    return found;
}

/* What a host does: asks for the passphrase, opens, wipes its own copy. */
static void open_and_call(struct call *c, const char *cert, const char *key) {
    static char secret[256];
    call_begin(c, &world);
    c->settings.client_cert = world_file(&world, cert);
    c->settings.client_key = key != NULL ? world_file(&world, key) : "";
    unmask(secret);
    assert_true(scan_process() > 0);
    c->settings.client_secret = secret;
    int32_t rc = http_curl.open(NULL, &c->settings, &c->http, &c->why);
    memory_wipe(secret, sizeof secret);
    assert_int_equal(rc, SHK_OK);
}

static void no_copy_of_the_passphrase_is_kept(void **state) {
    (void)state;
    const char *const all[][2] = {{"pki/aes.p12", NULL},
                                  {"pki/rc2.p12", NULL},
                                  {"pki/device.pem", "pki/locked-pkcs8.key"},
                                  {"pki/device.pem", "pki/locked-rc2.key"},
                                  {"pki/device.pem", "pki/locked-old.key"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct call c;
        open_and_call(&c, all[i][0], all[i][1]);
        assert_int_equal(scan_process(), 0);
        assert_int_equal(call(&c, "mutual13", "/ok"), SHK_OK);
        assert_int_equal(call(&c, "mutual12", "/session-close"), SHK_OK);
        /* Later handshakes need no passphrase either. */
        assert_int_equal(call(&c, "mutual12", "/session-close"), SHK_OK);
        assert_int_equal(scan_process(), 0);
        call_end(&c);
    }
}

static void a_wrong_passphrase_is_not_kept_either(void **state) {
    (void)state;
    struct call c;
    char secret[N + 1];
    call_begin(&c, &world);
    c.settings.client_cert = world_file(&world, "pki/device.p12");
    unmask(secret);
    c.settings.client_secret = secret;
    int32_t rc = http_curl.open(NULL, &c.settings, &c.http, &c.why);
    memory_wipe(secret, sizeof secret);
    assert_int_equal(rc, SHK_E_PASSPHRASE);
    assert_null(c.http);
    assert_int_equal(scan_process(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_key_is_read),
        cmocka_unit_test(an_old_export_is_read),
        cmocka_unit_test(a_passphrase_that_is_missing_or_wrong_is_told_apart),
        cmocka_unit_test(a_file_that_cannot_be_used_is_named),
        cmocka_unit_test(a_long_file_is_read_to_its_end_and_a_huge_one_is_refused),
        cmocka_unit_test(the_chain_comes_along),
        cmocka_unit_test(no_copy_of_the_passphrase_is_kept),
        cmocka_unit_test(a_wrong_passphrase_is_not_kept_either),
    };
    if (!world_start_with(&world, "keys")) {
        world_stop(&world);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_stop(&world);
    return failed;
}
