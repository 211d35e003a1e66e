#include "card_made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "temp_folder.h"

#define DAY_S INT64_C(86400)

struct identity_rules plan_rules;
char plan_now;

void use_plan(char plan) {
    plan_rules = (struct identity_rules){
        .extended = plan == 'C' ? EXTENDED_ALWAYS : EXTENDED_NEVER,
        .no_short_ids = plan == 'A',
    };
    rules = plan_rules;
    plan_now = plan;
}

/* The profile names its files by paths of its own folder, so the variant lies beside it. */
void start_as(const char *lines) {
    char path[512], copy[8192];
    (void)snprintf(path, sizeof path, "%s.variant.%p", case_profile, (void *)&reader);
    FILE *from = fopen(case_profile, "r"), *to = fopen(path, "w");
    assert_non_null(from);
    assert_non_null(to);
    size_t n = fread(copy, 1, sizeof copy, from);
    assert_int_equal(fwrite(copy, 1, n, to), n);
    assert_true(fprintf(to, "\n%s\n", lines) > 0);
    (void)fclose(from);
    assert_int_equal(fclose(to), 0);
    start_with(path);
    (void)remove(path);
}

EVP_PKEY *made_key(const char *kind) {
    EVP_PKEY *key = strncmp(kind, "RSA-", 4) == 0
                        ? EVP_RSA_gen((unsigned)strtoul(kind + 4, NULL, 10))
                        : EVP_EC_gen(kind);
    assert_non_null(key);
    return key;
}

static void write_key(const struct temp_folder *f, EVP_PKEY *key) {
    FILE *to = fopen(temp_path(f, "key.pem"), "w");
    assert_non_null(to);
    assert_int_equal(PEM_write_PrivateKey(to, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(to), 0);
}

void made_certificate(EVP_PKEY *key, struct bytes *out) {
    X509 *x = X509_new();
    uint8_t *der = NULL;
    assert_non_null(x);
    X509_NAME *name = X509_get_subject_name(x);
    const unsigned char cn[] = "999999SAMPLE0000000001A";
    assert_int_equal(X509_set_version(x, 2), 1);
    assert_int_equal(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), 0x0799), 1);
    assert_non_null(ASN1_TIME_set(X509_getm_notBefore(x), (time_t)(wall_now - DAY_S)));
    assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(wall_now + 364 * DAY_S)));
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, cn, -1, -1, 0), 1);
    assert_int_equal(X509_set_pubkey(x, key), 1);
    assert_true(X509_sign(x, key, EVP_sha384()) > 0);
    int n = i2d_X509(x, &der);
    assert_true(n > 0);
    assert_int_equal(bytes_append(out, der, (size_t)n), SHK_OK);
    OPENSSL_free(der);
    X509_free(x);
}

/* The card stores what is not PEM as it is. */
static void write_certificate(const struct temp_folder *f, EVP_PKEY *key) {
    struct bytes der = {0};
    FILE *to = fopen(temp_path(f, "cert.der"), "wb");
    assert_non_null(to);
    made_certificate(key, &der);
    assert_int_equal(fwrite(der.p, 1, der.n, to), der.n);
    assert_int_equal(fclose(to), 0);
    bytes_clear(&der);
}

void start_made(const char *kind, const char *lines) {
    struct temp_folder folder;
    char profile[1024];
    EVP_PKEY *key = made_key(kind);
    assert_true(temp_folder_make(&folder));
    write_key(&folder, key);
    write_certificate(&folder, key);
    (void)snprintf(profile, sizeof profile,
                   "pin = 1234\nauth_key = key.pem\nauth_cert = cert.der\n%s\n", lines);
    temp_write(&folder, "card.profile", profile);
    start_with(temp_path(&folder, "card.profile"));
    temp_folder_remove(&folder);
    EVP_PKEY_free(key);
}

static int digit(char c) {
    const char *digits = "0123456789ABCDEF", *at = strchr(digits, c);
    return at != NULL && c != '\0' ? (int)(at - digits) : -1;
}

static bool begins(const uint8_t *head, size_t len, const char *like, size_t like_len) {
    bool same = like_len == 0 || len == like_len;
    for (size_t i = 0; same && like[2 * i] != '\0'; i++) {
        int value = digit(like[2 * i]) * 16 + digit(like[2 * i + 1]);
        same = i < len && (like[2 * i] == 'x' || head[i] == value);
    }
    return same;
}

static void spoil(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap) {
    if (n == 0 || n > CARD_VIRTUAL_TRACE) {
        return;
    }
    for (struct odd_answer *row = self; row->head != NULL; row++) {
        if (!begins(reader.trace[n - 1].head, reader.trace[n - 1].len, row->head, row->len)) {
            continue;
        }
        if (row->skip > 0) {
            row->skip--;
            continue;
        }
        if (row->times == UINT32_MAX) {
            continue;
        }
        size_t len = strlen(row->answer) / 2;
        assert_true(len <= cap);
        for (size_t i = 0; i < len; i++) {
            rx[i] = (uint8_t)(digit(row->answer[2 * i]) * 16 + digit(row->answer[2 * i + 1]));
        }
        *rx_len = len;
        row->times = row->times == 1 ? UINT32_MAX : row->times > 0 ? row->times - 1 : 0;
        return;
    }
}

void answer_oddly(struct odd_answer *rows) {
    reader.spoil = spoil;
    reader.spoil_self = rows;
}

uint32_t sent(const char *head, size_t len) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < reader.transmits && i < CARD_VIRTUAL_TRACE; i++) {
        n += begins(reader.trace[i].head, reader.trace[i].len, head, len);
    }
    return n;
}
