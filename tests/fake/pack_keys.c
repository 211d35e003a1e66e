#include "pack_keys.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static bool drain(BIO *from, struct bytes *out) {
    char *p = NULL;
    long n = BIO_get_mem_data(from, &p);
    return n > 0 && bytes_append(out, p, (size_t)n) == 0;
}

static bool write_secret(BIO *to, EVP_PKEY *key, const char *passphrase) {
    const EVP_CIPHER *cipher = passphrase != NULL ? EVP_aes_256_cbc() : NULL;
    int n = passphrase != NULL ? (int)strlen(passphrase) : 0;
    return PEM_write_bio_PKCS8PrivateKey(to, key, cipher, passphrase, n, NULL, NULL) == 1;
}

bool pack_keys_make(struct pack_keys *keys, const char *kind, const char *passphrase) {
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, kind);
    BIO *secret = BIO_new(BIO_s_mem());
    BIO *open = BIO_new(BIO_s_mem());
    *keys = (struct pack_keys){0};
    bool made = key != NULL && write_secret(secret, key, passphrase) &&
                PEM_write_bio_PUBKEY(open, key) == 1 && drain(secret, &keys->secret) &&
                drain(open, &keys->open);
    BIO_free(secret);
    BIO_free(open);
    EVP_PKEY_free(key);
    return made;
}

void pack_keys_clear(struct pack_keys *keys) {
    bytes_clear(&keys->secret);
    bytes_clear(&keys->open);
}
