#include "stored_key.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>

#include "library.h"
#include "stored_key_place.h"

#define OPEN_FLAGS                                                                                 \
    (CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG | CERT_STORE_SHARE_CONTEXT_FLAG)

typedef SECURITY_STATUS(WINAPI *sign_call)(NCRYPT_KEY_HANDLE key, VOID *padding, PBYTE hash,
                                           DWORD hash_len, PBYTE out, DWORD cap, DWORD *n,
                                           DWORD flags);
typedef SECURITY_STATUS(WINAPI *free_call)(NCRYPT_HANDLE object);

struct stored_key {
    HCERTSTORE store;
    PCCERT_CONTEXT certificate;
    HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle;
    DWORD spec; /* CERT_NCRYPT_KEY_SPEC, or the older interface's name for the key */
    BOOL owned; /* the handle is ours to give back */
    int32_t refusal;
    void *ncrypt;
    sign_call sign;
    free_call free;
};

static bool is_new(const struct stored_key *key) {
    return key->spec == CERT_NCRYPT_KEY_SPEC;
}

static void give_back(struct stored_key *key) {
    if (key->owned && is_new(key)) {
        (void)key->free(key->handle);
    } else if (key->owned) {
        CryptReleaseContext(key->handle, 0);
    }
    key->owned = FALSE;
}

static bool is_current(PCCERT_CONTEXT c) {
    return CertVerifyTimeValidity(NULL, c->pCertInfo) == 0;
}

/* Whether `c` is to be preferred to `to`. */
static bool is_better(PCCERT_CONTEXT c, PCCERT_CONTEXT to) {
    if (to == NULL || is_current(c) != is_current(to)) {
        return to == NULL || is_current(c);
    }
    return CompareFileTime(&c->pCertInfo->NotAfter, &to->pCertInfo->NotAfter) > 0;
}

static bool has_name(PCCERT_CONTEXT c, const wchar_t *name) {
    wchar_t own[STORED_NAME_MAX + 1];
    char common_name[] = szOID_COMMON_NAME;
    DWORD n = CertGetNameStringW(c, CERT_NAME_ATTR_TYPE, 0, common_name, own, STORED_NAME_MAX + 1);
    return n > 1 && wcscmp(own, name) == 0;
}

static PCCERT_CONTEXT find_by_name(HCERTSTORE store, const char *name) {
    wchar_t wide[STORED_NAME_MAX + 1];
    PCCERT_CONTEXT best = NULL;
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide, STORED_NAME_MAX + 1) <=
        0) {
        return NULL;
    }
    PCCERT_CONTEXT c = CertEnumCertificatesInStore(store, NULL);
    for (; c != NULL; c = CertEnumCertificatesInStore(store, c)) {
        if (has_name(c, wide) && is_better(c, best)) {
            CertFreeCertificateContext(best);
            best = CertDuplicateCertificateContext(c);
        }
    }
    return best;
}

static PCCERT_CONTEXT find(HCERTSTORE store, struct stored_place *place) {
    CRYPT_HASH_BLOB hash = {STORED_THUMBPRINT, place->thumbprint};
    if (place->by_name) {
        return find_by_name(store, place->name);
    }
    return CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SHA1_HASH, &hash,
                                      NULL);
}

static HCERTSTORE open_store(bool machine) {
    DWORD place = machine ? CERT_SYSTEM_STORE_LOCAL_MACHINE : CERT_SYSTEM_STORE_CURRENT_USER;
    return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, place | OPEN_FLAGS, L"MY");
}

static int32_t append(struct bytes *der, PCCERT_CONTEXT c) {
    return bytes_append(der, c->pbCertEncoded, c->cbCertEncoded);
}

static bool is_root(PCCERT_CONTEXT c) {
    return CertCompareCertificateName(X509_ASN_ENCODING, &c->pCertInfo->Subject,
                                      &c->pCertInfo->Issuer);
}

/* What the machine has itself; nothing is fetched from a network. A chain that cannot be built is left out. */
static int32_t append_chain(const struct stored_key *key, bool machine, struct bytes *der) {
    CERT_CHAIN_PARA para = {.cbSize = sizeof para};
    PCCERT_CHAIN_CONTEXT chain = NULL;
    int32_t rc = SHK_OK;
    if (!CertGetCertificateChain(machine ? HCCE_LOCAL_MACHINE : HCCE_CURRENT_USER, key->certificate,
                                 NULL, key->certificate->hCertStore, &para,
                                 CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL, NULL, &chain)) {
        return SHK_OK;
    }
    const CERT_SIMPLE_CHAIN *first = chain->cChain > 0 ? chain->rgpChain[0] : NULL;
    for (DWORD i = 1; first != NULL && i < first->cElement && rc == SHK_OK; i++) {
        PCCERT_CONTEXT c = first->rgpElement[i]->pCertContext;
        rc = is_root(c) ? SHK_OK : append(der, c);
    }
    CertFreeCertificateChain(chain);
    return rc;
}

static bool hashes_sha256(const struct stored_key *key) {
    HCRYPTHASH hash = 0;
    bool good = CryptCreateHash(key->handle, CALG_SHA_256, 0, 0, &hash);
    if (good) {
        CryptDestroyHash(hash);
    }
    return good;
}

/* Microsoft's first RSA provider knows no SHA-256; its younger one opens the same keys. */
static bool reopen(struct stored_key *key) {
    _Alignas(CRYPT_KEY_PROV_INFO) BYTE room[4096];
    DWORD n = sizeof room;
    const CRYPT_KEY_PROV_INFO *info = (const CRYPT_KEY_PROV_INFO *)(void *)room;
    HCRYPTPROV younger = 0;
    if (!CertGetCertificateContextProperty(key->certificate, CERT_KEY_PROV_INFO_PROP_ID, room,
                                           &n) ||
        info->dwProvType != PROV_RSA_FULL ||
        !CryptAcquireContextW(&younger, info->pwszContainerName, NULL, PROV_RSA_AES,
                              CRYPT_SILENT | (info->dwFlags & CRYPT_MACHINE_KEYSET))) {
        return false;
    }
    give_back(key);
    key->handle = younger;
    key->owned = TRUE;
    return true;
}

static bool find_ncrypt(struct stored_key *key) {
    key->ncrypt = library_open("ncrypt.dll");
    if (key->ncrypt != NULL) {
        library_find(key->ncrypt, "NCryptSignHash", (void *)&key->sign);
        library_find(key->ncrypt, "NCryptFreeObject", (void *)&key->free);
    }
    return key->sign != NULL && key->free != NULL;
}

static bool acquire(struct stored_key *key) {
    return find_ncrypt(key) &&
           CryptAcquireCertificatePrivateKey(
               key->certificate, CRYPT_ACQUIRE_SILENT_FLAG | CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG,
               NULL, &key->handle, &key->spec, &key->owned) &&
           (is_new(key) || hashes_sha256(key) || (reopen(key) && hashes_sha256(key)));
}

static int32_t refuse(struct fault *why, const char *where) {
    return fault_set(why, SHK_E_DEVICE_KEY, SHK_NATIVE_OS, (int32_t)GetLastError(), where);
}

static int32_t fill(struct stored_key *key, struct stored_place *place, struct bytes *der,
                    struct fault *why) {
    key->store = open_store(place->machine);
    key->certificate = key->store != NULL ? find(key->store, place) : NULL;
    if (key->certificate == NULL) {
        return refuse(why, "client_cert");
    }
    if (!acquire(key)) {
        return refuse(why, "client_key");
    }
    int32_t rc = append(der, key->certificate);
    rc = rc == SHK_OK ? append_chain(key, place->machine, der) : rc;
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

int32_t stored_key_open(const char *place, struct stored_key **out, struct bytes *der,
                        struct fault *why) {
    struct stored_place read;
    *out = NULL;
    if (!stored_place_read(place, &read)) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, "gateway.client_cert");
    }
    struct stored_key *key = calloc(1, sizeof *key);
    int32_t rc = key != NULL ? fill(key, &read, der, why) : fault_raise(why, SHK_E_MEMORY);
    if (rc != SHK_OK) {
        stored_key_free(&key);
    }
    *out = key;
    return rc;
}

void stored_key_free(struct stored_key **key) {
    struct stored_key *k = *key;
    if (k == NULL) {
        return;
    }
    give_back(k);
    if (k->certificate != NULL) {
        CertFreeCertificateContext(k->certificate);
    }
    if (k->store != NULL) {
        CertCloseStore(k->store, 0);
    }
    library_close(k->ncrypt);
    free(k);
    *key = NULL;
}

bool stored_key_makes_pss(const struct stored_key *key) {
    return is_new(key);
}

int32_t stored_key_take_refusal(struct stored_key *key) {
    int32_t refusal = key->refusal;
    key->refusal = 0;
    return refusal;
}

static const wchar_t *hash_name(size_t n) {
    return n == 32   ? BCRYPT_SHA256_ALGORITHM
           : n == 48 ? BCRYPT_SHA384_ALGORITHM
           : n == 64 ? BCRYPT_SHA512_ALGORITHM
                     : NULL;
}

static int32_t sign_new(struct stored_key *key, enum stored_form form, struct stored_hash hash,
                        uint8_t *out, DWORD *n) {
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {hash_name(hash.n)};
    BCRYPT_PSS_PADDING_INFO pss = {hash_name(hash.n), (ULONG)hash.n};
    void *padding = form == STORED_PKCS1 ? (void *)&pkcs1
                    : form == STORED_PSS ? (void *)&pss
                                         : NULL;
    DWORD flags = form == STORED_PKCS1 ? BCRYPT_PAD_PKCS1 : form == STORED_PSS ? BCRYPT_PAD_PSS : 0;
    PBYTE digest = (PBYTE)(uintptr_t)hash.p; /* only read */
    return (int32_t)key->sign(key->handle, padding, digest, (DWORD)hash.n, out,
                              STORED_SIGNATURE_MAX, n, flags | NCRYPT_SILENT_FLAG);
}

static void reverse(uint8_t *p, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        uint8_t byte = p[i];
        p[i] = p[n - 1 - i];
        p[n - 1 - i] = byte;
    }
}

static int32_t sign_old(struct stored_key *key, struct stored_hash hash, uint8_t *out, DWORD *n) {
    ALG_ID algorithm = hash.n == 32 ? CALG_SHA_256 : hash.n == 48 ? CALG_SHA_384 : CALG_SHA_512;
    HCRYPTHASH object = 0;
    DWORD said = ERROR_SUCCESS;
    *n = STORED_SIGNATURE_MAX;
    if (!CryptCreateHash(key->handle, algorithm, 0, 0, &object) ||
        !CryptSetHashParam(object, HP_HASHVAL, hash.p, 0) ||
        !CryptSignHashW(object, key->spec, NULL, 0, out, n)) {
        said = GetLastError();
    }
    if (object != 0) {
        CryptDestroyHash(object);
    }
    if (said == ERROR_SUCCESS) {
        reverse(out, *n); /* it counts from the other end */
    }
    return (int32_t)said;
}

bool stored_key_sign(struct stored_key *key, enum stored_form form, struct stored_hash hash,
                     uint8_t out[STORED_SIGNATURE_MAX], size_t *n) {
    DWORD written = 0;
    bool possible = hash_name(hash.n) != NULL && (is_new(key) || form == STORED_PKCS1);
    key->refusal = !possible     ? (int32_t)NTE_NOT_SUPPORTED
                   : is_new(key) ? sign_new(key, form, hash, out, &written)
                                 : sign_old(key, hash, out, &written);
    *n = key->refusal == 0 ? written : 0;
    return key->refusal == 0;
}
