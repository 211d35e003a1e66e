/* The file of the device's key and certificate: one of tests/fuzz/card with bytes changed, or what the input is. */
#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "card_judge.h"
#include "crypto.h"
#include "fuzz.h"
#include "temp_folder.h"
#include "wrap.h"

#define FILE_MAX  4096
#define FILES     3 /* of tests/fuzz/card; one more stands for the input itself */
#define PKCS12    2
#define CUT_SHORT 0x80

/* In a context of its own, whose algorithms OpenSSL 3.0 looks for at first use, most of its calls leak then. */
const uint32_t fuzz_spared = WRAP_LIBRARY;

static size_t read_base(uint32_t which, uint8_t out[FILE_MAX]) {
    static const char *const files[FILES] = {SOURCE_ROOT "/tests/fuzz/card/device_plain.pem",
                                             SOURCE_ROOT "/tests/fuzz/card/device_locked.pem",
                                             SOURCE_ROOT "/tests/fuzz/card/device_sealed.p12"};
    FILE *file = fopen(files[which], "rb");
    fuzz_must(file != NULL, "a file of tests/fuzz/card");
    size_t n = fread(out, 1, FILE_MAX, file);
    (void)fclose(file);
    return n;
}

/* Two bytes of place, what to do there, and with which byte. */
static size_t change(struct fuzz_input *in, uint8_t *p, size_t n) {
    while (in->n > 0 && n > 0) {
        size_t at = (size_t)fuzz_byte(in) << 8;
        at = (at | fuzz_byte(in)) % n;
        if ((fuzz_byte(in) & CUT_SHORT) != 0) {
            n = at;
        } else {
            p[at] ^= fuzz_byte(in);
        }
    }
    return n;
}

static void write_file(const char *path, uint32_t which, struct fuzz_input *in) {
    uint8_t p[FILE_MAX];
    size_t n = which < FILES ? change(in, p, read_base(which, p)) : 0;
    struct fuzz_input content = which < FILES ? (struct fuzz_input){p, n} : *in;
    FILE *file = fopen(path, "wb");
    bool good = file != NULL && fwrite(content.p, 1, content.n, file) == content.n;
    fuzz_must(good && fclose(file) == 0, "a file to read");
}

/* What libcurl gets: a certificate and the key of it. */
static void judge_key(const struct device_key *key) {
    fuzz_faults(false);
    BIO *certificates = BIO_new_mem_buf(key->certificates.p, (int)key->certificates.n);
    BIO *secret = BIO_new_mem_buf(key->key, (int)key->key_len);
    X509 *own = PEM_read_bio_X509(certificates, NULL, NULL, NULL);
    EVP_PKEY *pair = PEM_read_bio_PrivateKey(secret, NULL, NULL, NULL);
    fuzz_must(own != NULL && pair != NULL && X509_check_private_key(own, pair) == 1,
              "a key that is not the certificate's");
    EVP_PKEY_free(pair);
    X509_free(own);
    BIO_free(secret);
    BIO_free(certificates);
    fuzz_faults(true);
}

static void load(const char *path, const char *secret, bool good) {
    struct device_key key;
    struct fault why = {0};
    int32_t rc = device_key_load(path, "", secret, &key, &why);
    judge_fault(rc, &why);
    fuzz_must(rc == SHK_OK || !good || fuzz_failed(), "a good file was refused");
    if (rc == SHK_OK) {
        judge_key(&key);
    }
    fuzz_must(rc == SHK_OK || (key.key == NULL && key.certificates.n == 0),
              "a key that was refused");
    device_key_clear(&key);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct temp_folder folder;
    fuzz_faults(false);
    uint8_t first = fuzz_byte(&in);
    fuzz_must(temp_folder_make(&folder), "a folder");
    bool p12 = (first & 3) == PKCS12 || (first & 8) != 0;
    const char *path = temp_path(&folder, p12 ? "device.p12" : "device.pem");
    write_file(path, first & 3, &in);
    bool good =
        n == 1 && (first & 3) < FILES && (first & 12) == 4; /* unchanged, with its passphrase */
    fuzz_faults(true);
    load(path, (first & 4) != 0 ? "mihon" : "", good);
    fuzz_faults(false);
    temp_folder_remove(&folder);
}
