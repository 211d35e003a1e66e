/* The contents of the files: certificates, token information, the four attributes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "internal.h"

struct out {
    uint8_t *p;
    size_t len, cap;
    int failed;
};

static void put(struct out *o, const void *data, size_t len) {
    if (o->failed || len > o->cap - o->len) {
        o->failed = 1;
        return;
    }
    if (len > 0) {
        memcpy(o->p + o->len, data, len);
    }
    o->len += len;
}

static void put_number(struct out *o, size_t v, unsigned width) {
    uint8_t b[4];
    unsigned i;

    for (i = 0; i < width; i++) {
        b[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
    }
    put(o, b, width);
}

static void put_head(struct out *o, unsigned tag, size_t len) {
    put_number(o, tag, 2);
    if (len >= 256) {
        put_number(o, 0x820000u | len, 3);
    } else if (len >= 128) {
        put_number(o, 0x8100u | len, 2);
    } else {
        put_number(o, len, 1);
    }
}

static size_t head_size(size_t len) {
    return len >= 256 ? 5 : len >= 128 ? 4 : 3;
}

static void put_tlv(struct out *o, unsigned tag, const void *value, size_t len) {
    put_head(o, tag, len);
    put(o, value, len);
}

static void put_padded(struct out *o, const char *text, size_t width) {
    size_t n = strlen(text);

    n = n > width ? width : n;
    put(o, text, n);
    while (n++ < width) {
        put(o, " ", 1);
    }
}

static int set_body(struct bytes *b, const uint8_t *p, size_t len) {
    if ((b->p = malloc(len > 0 ? len : 1)) == NULL) {
        return -1;
    }
    memcpy(b->p, p, len);
    b->len = len;
    return 0;
}

static int finish(struct bytes *b, const struct out *o) {
    return o->failed ? -1 : set_body(b, o->p, o->len);
}

/* FF20 holds an offset table and the attributes; offsets count from the start of the file. */
static int build_attributes(struct vcard *card) {
    const struct profile *p = &card->profile;
    const char *const value[4] = {p->name, p->address, p->birth, p->sex};
    uint8_t buf[2048];
    struct out o = {buf, 0, sizeof buf, 0};
    size_t inner = 3 + 8, at, i;

    for (i = 0; i < 4; i++) {
        inner += head_size(strlen(value[i])) + strlen(value[i]);
    }
    put_head(&o, 0xFF20, inner);
    at = o.len + 3 + 8;
    put_head(&o, 0xDF21, 8);
    for (i = 0; i < 4; i++) {
        put_number(&o, (unsigned long)at, 2);
        at += head_size(strlen(value[i])) + strlen(value[i]);
    }
    for (i = 0; i < 4; i++) {
        put_tlv(&o, 0xDF22 + (unsigned)i, value[i], strlen(value[i]));
    }
    return finish(&card->body[BODY_ATTRIBUTES], &o);
}

static int build_token(struct vcard *card) {
    static const unsigned long sessions[6] = {1, 0, 1, 0, 16, 6};
    uint8_t buf[160];
    struct out o = {buf, 0, sizeof buf, 0};
    size_t i;

    put_padded(&o, card->profile.label, 32);
    put(&o, "00000000000000000000000000000001", 32);
    put_padded(&o, "VIRTUAL", 16);
    put(&o, "0000000000000000", 16);
    put_number(&o, 0x0000040Dul, 4);
    for (i = 0; i < 6; i++) {
        put_number(&o, sessions[i], 4);
    }
    for (i = 0; i < 4; i++) {
        put_number(&o, 0xFFFFFFFFul, 4);
    }
    put(&o, "0301", 4);
    put(&o, "9999999999999999", 16);
    return finish(&card->body[BODY_TOKEN], &o);
}

static int build_available(struct vcard *card) {
    uint8_t b[3] = {0x8F, 0x8F, 0x00};

    if (card->profile.child || card->body[BODY_SIGN_CERT].p == NULL) {
        b[0] = 0x00;
    }
    if (card->body[BODY_AUTH_CERT].p == NULL) {
        b[1] = 0x00;
    }
    return set_body(&card->body[BODY_AVAILABLE], b, sizeof b);
}

static int build_ap_info(struct vcard *card) {
    static const uint8_t zeros[128];
    uint8_t buf[192], version[4] = {0x01, 0x03, 0x0E, 0x01};
    struct out o = {buf, 0, sizeof buf, 0};

    if (card->profile.no_extended) {
        version[2] = 0x00;
    }
    put_head(&o, 0xFF40, 3 + 4 + 3 + 16 + 4 + 128);
    put_tlv(&o, 0xDF41, version, sizeof version);
    put_tlv(&o, 0xDF42, zeros, 16);
    put_tlv(&o, 0xDF43, zeros, 128);
    return finish(&card->body[BODY_AP_INFO], &o);
}

static int build_record(struct vcard *card) {
    const char *digits = card->profile.common_record;
    uint8_t buf[30] = {0x01, 28};

    memcpy(buf + 2, digits[0] != '\0' ? digits : "0000000000000009999920350401", sizeof buf - 2);
    return set_body(&card->body[BODY_RECORD], buf, sizeof buf);
}

static int read_file(const char *path, uint8_t *buf, size_t cap, size_t *len) {
    FILE *f = fopen(path, "rb");
    int rc;

    if (f == NULL) {
        return -1;
    }
    *len = fread(buf, 1, cap, f);
    rc = *len == 0 || *len == cap || ferror(f) ? -1 : 0;
    (void)fclose(f);
    return rc;
}

/* PEM becomes DER; anything else is stored as it is, so that a test can hand over a broken file. */
static int take_certificate(struct bytes *b, const uint8_t *in, size_t len, size_t filler) {
    BIO *bio = BIO_new_mem_buf(in, (int)len);
    unsigned char *data = NULL;
    char *name = NULL, *header = NULL;
    long n = 0;
    int pem = bio != NULL && PEM_read_bio(bio, &name, &header, &data, &n) == 1;
    size_t size = pem ? (size_t)n : len;
    int rc = -1;

    if (size + filler <= BODY_CAP && (b->p = malloc(size + filler)) != NULL) {
        memcpy(b->p, pem ? data : in, size);
        memset(b->p + size, 0xFF, filler);
        b->len = size + filler;
        rc = 0;
    }
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    BIO_free(bio);
    ERR_clear_error();
    return rc;
}

static int load_certificate(struct vcard *card, enum body_id id, const char *path) {
    uint8_t buf[16384];
    size_t len, filler = (size_t)card->profile.filler;

    if (path[0] == '\0') {
        return 0;
    }
    if (id != BODY_AUTH_CERT && id != BODY_SIGN_CERT) {
        filler = 0;
    }
    if (read_file(path, buf, sizeof buf, &len) != 0) {
        return -1;
    }
    return take_certificate(&card->body[id], buf, len, filler);
}

/* RSA as today, P-384 as planned for the card after it. */
static int is_known_kind(const EVP_PKEY *key) {
    char curve[32] = "";

    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        return 1;
    }
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) == 1 &&
           strcmp(curve, "secp384r1") == 0;
}

static int load_key(EVP_PKEY **key, const char *path) {
    BIO *bio;

    if (path[0] == '\0') {
        return 0;
    }
    if ((bio = BIO_new_file(path, "rb")) == NULL) {
        return -1;
    }
    *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    if (*key == NULL && BIO_reset(bio) == 0) {
        *key = d2i_PrivateKey_bio(bio, NULL);
    }
    BIO_free(bio);
    ERR_clear_error();
    return *key != NULL && is_known_kind(*key) ? 0 : -1;
}

static int load_files(struct vcard *card, char *why, size_t cap) {
    const struct profile *p = &card->profile;
    const struct {
        const char *path;
        enum body_id id;
    } certs[] = {
        {p->no_certificate ? "" : p->auth_cert, BODY_AUTH_CERT},
        {p->auth_ca, BODY_AUTH_CA},
        {p->child ? "" : p->sign_cert, BODY_SIGN_CERT},
        {p->sign_ca, BODY_SIGN_CA},
    };
    const char *const keys[KEY_COUNT] = {p->auth_key, p->sign_key, p->text_key};
    size_t i;

    for (i = 0; i < sizeof certs / sizeof certs[0]; i++) {
        if (load_certificate(card, certs[i].id, certs[i].path) != 0) {
            (void)snprintf(why, cap, "cannot read the certificate %s", certs[i].path);
            return -1;
        }
    }
    for (i = 0; i < KEY_COUNT; i++) {
        if (load_key(&card->key[i], keys[i]) != 0) {
            (void)snprintf(why, cap, "cannot read an RSA or P-384 key from %s", keys[i]);
            return -1;
        }
    }
    return 0;
}

int bodies_load(struct vcard *card, char *why, size_t why_cap) {
    if (load_files(card, why, why_cap) != 0) {
        return -1;
    }
    if (build_token(card) == 0 && build_available(card) == 0 && build_attributes(card) == 0 &&
        build_ap_info(card) == 0 && build_record(card) == 0) {
        return 0;
    }
    (void)snprintf(why, why_cap, "cannot build the files of the card");
    return -1;
}

void bodies_free(struct vcard *card) {
    size_t i;

    for (i = 0; i < BODY_COUNT; i++) {
        free(card->body[i].p);
    }
    for (i = 0; i < KEY_COUNT; i++) {
        EVP_PKEY_free(card->key[i]);
    }
}
