#include "crypto.h"
#include "held_key.h"
#include "pkcs12_kdf.h"
#include "secret.h"

#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "shikaku/codes.h"

#define FILE_MAX ((size_t)1 << 20)
#define PIECE    ((size_t)16 * 1024)

/* A library context of our own: the host's configuration of OpenSSL does not decide what can be read,
 * and the legacy ciphers that old exports need are never switched on for the host. */
struct loader {
    OSSL_LIB_CTX *context;
    OSSL_PROVIDER *standard, *wiping, *legacy;
    const char *secret;
    bool asked; /* the key turned out to be encrypted */
    EVP_PKEY *key;
    X509 *own;
    STACK_OF(X509) * chain;
};

enum outcome { LOADED, WRONG_SECRET, BROKEN_CERTIFICATE, BROKEN_KEY, UNKNOWN_CIPHER, NO_ROOM };

static bool ends_in(const char *path, const char *lower_end) {
    size_t n = strlen(path);
    size_t end_n = strlen(lower_end);
    bool same = n >= end_n;
    for (size_t i = 0; same && i < end_n; i++) {
        char c = path[n - end_n + i];
        same = (c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) == lower_end[i];
    }
    return same;
}

static bool start(struct loader *l, const char *secret, bool legacy) {
    *l = (struct loader){.secret = secret != NULL ? secret : ""};
    l->context = OSSL_LIB_CTX_new();
    if (l->context != NULL && pkcs12_kdf_add(l->context)) {
        l->legacy = legacy ? OSSL_PROVIDER_load(l->context, "legacy") : NULL;
        l->standard = OSSL_PROVIDER_load(l->context, "default");
        l->wiping = OSSL_PROVIDER_load(l->context, PKCS12_KDF_PROVIDER);
        EVP_set_default_properties(l->context, PKCS12_KDF_PREFER);
    }
    return l->standard != NULL && l->wiping != NULL && (l->legacy != NULL || !legacy);
}

static void finish(struct loader *l) {
    EVP_PKEY_free(l->key);
    X509_free(l->own);
    sk_X509_pop_free(l->chain, X509_free);
    OSSL_PROVIDER_unload(l->legacy);
    OSSL_PROVIDER_unload(l->wiping);
    OSSL_PROVIDER_unload(l->standard);
    OSSL_LIB_CTX_free(l->context);
    *l = (struct loader){0};
}

/* Empties the host's view of this thread's errors as well. */
static bool names_unknown_cipher(void) {
    bool found = false;
    for (unsigned long e = ERR_get_error(); e != 0; e = ERR_get_error()) {
        int reason = ERR_GET_REASON(e);
        found = found || (ERR_GET_LIB(e) == ERR_LIB_EVP &&
                          (reason == ERR_R_UNSUPPORTED || reason == EVP_R_UNSUPPORTED_ALGORITHM ||
                           reason == EVP_R_UNKNOWN_CIPHER || reason == EVP_R_UNKNOWN_DIGEST ||
                           reason == EVP_R_UNKNOWN_PBE_ALGORITHM));
    }
    return found;
}

/* In pieces: room for the largest would be touched to its end when it is wiped. A piece is more than stdio's
 * own buffer, past which the key is read. */
static bool read_file(const char *path, struct bytes *out) {
    BIO *file = BIO_new_file(path, "rb");
    int n = file != NULL ? 1 : 0;
    while (n > 0 && out->n < FILE_MAX) {
        n = bytes_reserve(out, out->n + PIECE) == SHK_OK
                ? BIO_read(file, out->p + out->n, (int)PIECE)
                : -1;
        out->n += n > 0 ? (size_t)n : 0;
    }
    bool good = n == 0 && out->n > 0;
    if (good) {
        out->p[out->n] = 0;
    }
    BIO_free(file);
    return good;
}

/* PEM_read's way to ask; without this one OpenSSL would ask on the host's terminal. */
static int give_secret(char *to, int room, int writing, void *self) {
    struct loader *l = self;
    size_t n = strlen(l->secret);
    (void)writing;
    l->asked = true;
    if (n == 0 || room < 0 || n > (size_t)room) {
        return -1;
    }
    memcpy(to, l->secret, n);
    return (int)n;
}

static X509 *next_certificate(struct loader *l, BIO *pem) {
    X509 *x = X509_new_ex(l->context, NULL);
    if (x != NULL && PEM_read_bio_X509(pem, &x, give_secret, l) == NULL) {
        X509_free(x);
        x = NULL;
    }
    return x;
}

/* The first is the device's own. */
static enum outcome read_certificates(struct loader *l, const struct bytes *file) {
    BIO *pem = BIO_new_mem_buf(file->p, (int)file->n);
    l->chain = sk_X509_new_null();
    if (pem == NULL || l->chain == NULL) {
        BIO_free(pem);
        return NO_ROOM;
    }
    l->own = next_certificate(l, pem);
    X509 *more = l->own != NULL ? next_certificate(l, pem) : NULL;
    while (more != NULL && sk_X509_push(l->chain, more) > 0) {
        more = next_certificate(l, pem);
    }
    BIO_free(pem);
    return l->own != NULL ? LOADED : BROKEN_CERTIFICATE;
}

static void take_key(struct loader *l, const PKCS8_PRIV_KEY_INFO *plain) {
    if (plain != NULL && l->key == NULL) {
        l->key = EVP_PKCS82PKEY_ex(plain, l->context, NULL);
    }
}

/* One block of a PEM file. */
struct block {
    char *name, *header;
    unsigned char *p;
    long n;
};

static void free_block(struct block *b) {
    OPENSSL_free(b->name);
    OPENSSL_free(b->header);
    OPENSSL_clear_free(b->p, b->n > 0 ? (size_t)b->n : 0);
    *b = (struct block){0};
}

/* The next "… PRIVATE KEY". */
static bool next_key(BIO *pem, struct block *b) {
    static const char end[] = "PRIVATE KEY";
    while (PEM_read_bio(pem, &b->name, &b->header, &b->p, &b->n) == 1) {
        size_t n = strlen(b->name);
        if (n >= sizeof end - 1 && text_equal(b->name + n - (sizeof end - 1), end)) {
            return true;
        }
        free_block(b);
    }
    return false;
}

/* PEM_read_bio_PrivateKey would do both, but derive in the host's own context and leave the passphrase on
 * the stack. */
static void unlock_pkcs8(struct loader *l, const struct block *b) {
    const unsigned char *at = b->p;
    X509_SIG *sealed = d2i_X509_SIG(NULL, &at, b->n);
    PKCS8_PRIV_KEY_INFO *plain = NULL;
    l->asked = sealed != NULL;
    if (sealed != NULL && l->secret[0] != '\0') {
        plain = PKCS8_decrypt_ex(sealed, l->secret, (int)strlen(l->secret), l->context, NULL);
    }
    take_key(l, plain);
    PKCS8_PRIV_KEY_INFO_free(plain); /* wipes */
    X509_SIG_free(sealed);
}

static void unlock_old(struct loader *l, struct block *b) {
    EVP_CIPHER_INFO cipher;
    if (PEM_get_EVP_CIPHER_INFO(b->header, &cipher) == 1 &&
        PEM_do_header(&cipher, b->p, &b->n, give_secret, l) == 1) {
        const unsigned char *at = b->p;
        l->key = d2i_AutoPrivateKey_ex(NULL, &at, b->n, l->context, NULL);
    }
}

static enum outcome read_key(struct loader *l, const struct bytes *file) {
    BIO *pem = BIO_new_mem_buf(file->p, (int)file->n);
    struct block b = {0};
    if (pem == NULL) {
        return NO_ROOM;
    }
    l->asked = false;
    if (next_key(pem, &b) && text_equal(b.name, "ENCRYPTED PRIVATE KEY")) {
        unlock_pkcs8(l, &b);
    } else if (b.p != NULL) {
        unlock_old(l, &b);
    }
    free_block(&b);
    BIO_free(pem);
    if (l->key != NULL) {
        return LOADED;
    }
    bool unknown = names_unknown_cipher();
    if (!l->asked) {
        return BROKEN_KEY;
    }
    return unknown && l->secret[0] != '\0' ? UNKNOWN_CIPHER : WRONG_SECRET;
}

static enum outcome read_pem(struct loader *l, const char *cert_path, const char *key_path) {
    struct bytes file = {0};
    enum outcome result =
        read_file(cert_path, &file) ? read_certificates(l, &file) : BROKEN_CERTIFICATE;
    if (result == LOADED && key_path != NULL && key_path[0] != '\0') {
        bytes_clear(&file);
        result = read_file(key_path, &file) ? LOADED : BROKEN_KEY;
    }
    if (result == LOADED) {
        result = read_key(l, &file);
    }
    bytes_clear(&file);
    return result;
}

static PKCS12 *decode_p12(struct loader *l, const struct bytes *file) {
    const unsigned char *at = file->p;
    PKCS12 *p12 = PKCS12_init_ex(NID_pkcs7_data, l->context, NULL);
    if (p12 != NULL && d2i_PKCS12(&p12, &at, (long)file->n) == NULL) {
        PKCS12_free(p12); /* null already where it was given back */
        p12 = NULL;
    }
    return p12;
}

/* An empty passphrase is written in two ways. */
static bool opens(PKCS12 *p12, const char *secret) {
    return PKCS12_verify_mac(p12, secret, -1) == 1 ||
           (secret[0] == '\0' && PKCS12_verify_mac(p12, NULL, 0) == 1);
}

static bool take_certificate(struct loader *l, PKCS12_SAFEBAG *bag) {
    X509 *x = PKCS12_SAFEBAG_get1_cert(bag);
    if (x == NULL || sk_X509_push(l->chain, x) <= 0) {
        X509_free(x);
        return false;
    }
    return true;
}

/* PKCS12_parse would do all this, but derive the key's passphrase in the host's own context. */
static bool take_bag(struct loader *l, PKCS12_SAFEBAG *bag) {
    PKCS8_PRIV_KEY_INFO *plain = NULL;
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
    case NID_keyBag:
        take_key(l, PKCS12_SAFEBAG_get0_p8inf(bag));
        return l->key != NULL;
    case NID_pkcs8ShroudedKeyBag:
        plain = PKCS12_decrypt_skey_ex(bag, l->secret, (int)strlen(l->secret), l->context, NULL);
        take_key(l, plain);
        PKCS8_PRIV_KEY_INFO_free(plain); /* wipes */
        return l->key != NULL;
    case NID_certBag:
        return PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate || take_certificate(l, bag);
    default:
        return true;
    }
}

static bool take_safe(struct loader *l, PKCS7 *safe) {
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    if (OBJ_obj2nid(safe->type) == NID_pkcs7_data) {
        bags = PKCS12_unpack_p7data(safe);
    } else if (OBJ_obj2nid(safe->type) == NID_pkcs7_encrypted) {
        bags = PKCS12_unpack_p7encdata(safe, l->secret, (int)strlen(l->secret));
    } else {
        return true;
    }
    bool good = bags != NULL;
    for (int i = 0; good && i < sk_PKCS12_SAFEBAG_num(bags); i++) {
        good = take_bag(l, sk_PKCS12_SAFEBAG_value(bags, i));
    }
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return good;
}

static bool take_safes(struct loader *l, PKCS12 *p12) {
    STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
    l->chain = sk_X509_new_null();
    bool good = safes != NULL && l->chain != NULL;
    for (int i = 0; good && i < sk_PKCS7_num(safes); i++) {
        good = take_safe(l, sk_PKCS7_value(safes, i));
    }
    sk_PKCS7_pop_free(safes, PKCS7_free);
    return good;
}

/* The certificate of the key goes first. */
static bool choose_own(struct loader *l) {
    for (int i = 0; i < sk_X509_num(l->chain) && l->own == NULL; i++) {
        if (X509_check_private_key(sk_X509_value(l->chain, i), l->key) == 1) {
            l->own = sk_X509_delete(l->chain, i);
        }
    }
    return l->own != NULL;
}

static enum outcome unpack_p12(struct loader *l, PKCS12 *p12) {
    bool sealed = PKCS12_mac_present(p12) == 1;
    if (sealed && !opens(p12, l->secret)) {
        return names_unknown_cipher() ? UNKNOWN_CIPHER : WRONG_SECRET;
    }
    if (!take_safes(l, p12)) {
        return names_unknown_cipher() ? UNKNOWN_CIPHER : sealed ? BROKEN_KEY : WRONG_SECRET;
    }
    if (l->key == NULL) {
        return BROKEN_KEY;
    }
    return choose_own(l) ? LOADED : BROKEN_CERTIFICATE;
}

static enum outcome read_p12(struct loader *l, const char *path) {
    struct bytes file = {0};
    PKCS12 *p12 = read_file(path, &file) ? decode_p12(l, &file) : NULL;
    enum outcome result = p12 != NULL ? unpack_p12(l, p12) : BROKEN_CERTIFICATE;
    PKCS12_free(p12);
    bytes_clear(&file);
    return result;
}

static bool write_certificates(const struct loader *l, struct bytes *out) {
    BIO *pem = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool good = pem != NULL && PEM_write_bio_X509(pem, l->own) == 1;
    for (int i = 0; good && i < sk_X509_num(l->chain); i++) {
        good = PEM_write_bio_X509(pem, sk_X509_value(l->chain, i)) == 1;
    }
    long n = good ? BIO_get_mem_data(pem, &text) : 0;
    good = good && n > 0 && bytes_append(out, text, (size_t)n) == SHK_OK;
    BIO_free(pem);
    return good;
}

static bool write_key(const struct loader *l, struct device_key *out) {
    BIO *pem = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool good =
        pem != NULL && PEM_write_bio_PKCS8PrivateKey(pem, l->key, NULL, NULL, 0, NULL, NULL) == 1;
    long n = good ? BIO_get_mem_data(pem, &text) : 0;
    out->key = n > 0 ? secret_new((size_t)n) : NULL;
    if (out->key != NULL) {
        memcpy(out->key, text, (size_t)n);
        out->key_len = (size_t)n;
    }
    BIO_free(pem); /* wipes */
    return out->key != NULL;
}

static enum outcome attempt(const char *cert_path, const char *key_path, const char *secret,
                            bool legacy, struct device_key *out) {
    struct loader l;
    bool p12 = ends_in(cert_path, ".p12") || ends_in(cert_path, ".pfx");
    enum outcome result = legacy ? UNKNOWN_CIPHER : NO_ROOM; /* not every OpenSSL has the module */
    if (start(&l, secret, legacy)) {
        result = p12 ? read_p12(&l, cert_path) : read_pem(&l, cert_path, key_path);
    }
    if (result == LOADED && X509_check_private_key(l.own, l.key) != 1) {
        result = BROKEN_KEY;
    }
    if (result == LOADED && !(write_certificates(&l, &out->certificates) && write_key(&l, out))) {
        result = NO_ROOM;
    }
    finish(&l);
    return result;
}

int32_t device_key_load(const char *cert_path, const char *key_path, const char *secret,
                        struct device_key *out, struct fault *why) {
    static const struct {
        int32_t code;
        const char *where;
    } faults[] = {
        [LOADED] = {SHK_OK, NULL},
        [WRONG_SECRET] = {SHK_E_PASSPHRASE, NULL},
        [BROKEN_CERTIFICATE] = {SHK_E_DEVICE_KEY, "client_cert"},
        [BROKEN_KEY] = {SHK_E_DEVICE_KEY, "client_key"},
        [UNKNOWN_CIPHER] = {SHK_E_DEVICE_KEY, "client_key: cipher not available"},
        [NO_ROOM] = {SHK_E_MEMORY, NULL},
    };
    *out = (struct device_key){0};
    if (text_starts(cert_path, STORED_KEY_PREFIX)) {
        return held_key_open(cert_path + sizeof STORED_KEY_PREFIX - 1, &out->held, why);
    }
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    ERR_clear_error();
    enum outcome result = attempt(cert_path, key_path, secret, false, out);
    if (result == UNKNOWN_CIPHER) {
        result = attempt(cert_path, key_path, secret, true, out);
    }
    ERR_clear_error();
    if (result == LOADED) {
        return SHK_OK;
    }
    device_key_clear(out);
    return fault_set(why, faults[result].code, SHK_NATIVE_NONE, 0, faults[result].where);
}

bool device_key_offer(const struct device_key *key, void *ssl_ctx) {
    return held_key_offer(key->held, ssl_ctx);
}

int32_t device_key_take_refusal(const struct device_key *key) {
    return key->held != NULL ? held_key_take_refusal(key->held) : 0;
}

void device_key_clear(struct device_key *key) {
    held_key_free(&key->held);
    bytes_clear(&key->certificates);
    secret_free(key->key, key->key_len);
    *key = (struct device_key){0};
}
