/* COMPUTE DIGITAL SIGNATURE (80 2A): six schemes over an RSA key; ECDSA over a P-384 key. */
#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "internal.h"

#define DIGEST_LEN 32u
#define SHA384_LEN 48
#define HALF_LEN   48

static const struct scheme {
    uint8_t hash_first, digest_info, pss;
    int32_t min, max;
} schemes[] = {
    {0, 0, 0, 1, 245}, /* 00 padding over the bytes as given */
    {1, 0, 0, 1, 255}, /* 01 the card hashes, bare hash */
    {0, 1, 0, 32, 32}, /* 02 hash given, the card adds DigestInfo */
    {1, 1, 0, 1, 255}, /* 03 sha256WithRSA */
    {0, 1, 1, 32, 32}, /* 04 PSS over the hash */
    {1, 1, 1, 1, 255}, /* 05 the card hashes, PSS */
};

static int set_padding(EVP_PKEY_CTX *ctx, const struct scheme *s) {
    if (EVP_PKEY_CTX_set_rsa_padding(ctx, s->pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) <=
        0) {
        return -1;
    }
    if (s->digest_info && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) <= 0) {
        return -1;
    }
    if (s->pss && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) <= 0) {
        return -1;
    }
    return 0;
}

static int make_signature(struct vcard *card, EVP_PKEY *key, const struct scheme *s,
                          const uint8_t *in, size_t in_len) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t out_len = sizeof card->out;
    int rc = -1;

    if (ctx != NULL && EVP_PKEY_sign_init(ctx) > 0 && set_padding(ctx, s) == 0 &&
        EVP_PKEY_sign(ctx, card->out, &out_len, in, in_len) > 0) {
        card->out_len = out_len;
        rc = 0;
    }
    EVP_PKEY_CTX_free(ctx);
    ERR_clear_error();
    return rc;
}

/* DER in card->out becomes r||s, each 48 bytes. */
static int to_raw(struct vcard *card) {
    const unsigned char *at = card->out;
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)card->out_len);
    uint8_t raw[2 * HALF_LEN];
    int rc = -1;

    if (sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, HALF_LEN) == HALF_LEN &&
        BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + HALF_LEN, HALF_LEN) == HALF_LEN) {
        memcpy(card->out, raw, sizeof raw);
        card->out_len = sizeof raw;
        rc = 0;
    }
    ECDSA_SIG_free(sig);
    return rc;
}

static int make_ecdsa(struct vcard *card, EVP_PKEY *key, const struct apdu *a) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t out_len = sizeof card->out;
    int rc = -1;

    if (ctx != NULL && EVP_PKEY_sign_init(ctx) > 0 &&
        EVP_PKEY_sign(ctx, card->out, &out_len, a->data, (size_t)a->lc) > 0) {
        card->out_len = out_len;
        rc = card->profile.ecdsa_form == ECDSA_DER ? 0 : to_raw(card);
    }
    EVP_PKEY_CTX_free(ctx);
    ERR_clear_error();
    return rc;
}

/* How the coming card wants to be asked is not published. This one takes the bare SHA-384 under P1=00. */
static uint16_t sign_ecdsa(struct vcard *card, EVP_PKEY *key, const struct apdu *a) {
    if (a->p1 != 0x00) {
        return SW_P1P2;
    }
    if (a->lc != SHA384_LEN) {
        return SW_CONDITIONS;
    }
    if (a->le < EVP_PKEY_get_size(key)) {
        return SW_LENGTH;
    }
    if (card_wait(card, card->profile.sign_delay_ms) != 0) {
        return 0;
    }
    if (make_ecdsa(card, key, a) != 0) {
        card->out_len = 0;
        return SW_INTERNAL;
    }
    card->signatures++;
    return SW_OK;
}

static uint16_t sign_with(struct vcard *card, unsigned key, const struct apdu *a) {
    const struct scheme *s = &schemes[a->p1];
    const uint8_t *in = a->data;
    size_t in_len = (size_t)a->lc;
    uint8_t hash[DIGEST_LEN];

    if (EVP_PKEY_get_base_id(card->key[key]) == EVP_PKEY_EC) {
        return sign_ecdsa(card, card->key[key], a);
    }
    if (a->lc < s->min || a->lc > s->max) {
        return SW_CONDITIONS;
    }
    if (a->le < EVP_PKEY_get_size(card->key[key])) {
        return SW_LENGTH;
    }
    if (card_wait(card, card->profile.sign_delay_ms) != 0) {
        return 0;
    }
    if (s->hash_first) {
        if (EVP_Digest(in, in_len, hash, NULL, EVP_sha256(), NULL) <= 0) {
            return SW_INTERNAL;
        }
        in = hash;
        in_len = sizeof hash;
    }
    if (make_signature(card, card->key[key], s, in, in_len) != 0) {
        return SW_INTERNAL;
    }
    card->signatures++;
    return SW_OK;
}

/* The text application proves that the card is genuine with a key that needs no PIN. */
static uint16_t sign_without_pin(struct vcard *card, const struct apdu *a) {
    if (card->df != DF_TEXT || card->key[KEY_TEXT] == NULL) {
        return SW_NO_REFERENCE;
    }
    return sign_with(card, KEY_TEXT, a);
}

uint16_t sign_command(struct vcard *card, const struct apdu *a) {
    const struct ef *e;
    uint16_t sw;

    if (a->p1 >= sizeof schemes / sizeof schemes[0]) {
        return SW_P1P2;
    }
    if (a->p2 == 0x00) {
        return sign_without_pin(card, a);
    }
    if ((e = files_by_reference(card, a, &sw)) == NULL) {
        return sw;
    }
    if (e->kind != EF_KEY) {
        return SW_STRUCTURE;
    }
    if ((card->verified & e->opened_by) == 0) {
        return SW_SECURITY;
    }
    return sign_with(card, e->item, a);
}
