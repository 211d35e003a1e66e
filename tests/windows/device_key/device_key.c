/* A device key in the store of the user's certificates: `device_key P12 PASSPHRASE BLOB CA URL-TLS-1.2 URL-TLS-1.3`.
 * Imports it so that it cannot be taken out again, and calls servers that ask for it. BLOB is the same key
 * for CNG. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>

#include "crypto.h"
#include "lookup.h"

#define NAME      "mihon-desk-1"
#define WIDE_NAME L"mihon-desk-1"
#define PLACE     "store:my/"

static int failures;

static void check(bool good, const char *what) {
    printf("%s %s\n", good ? "ok  " : "FAIL", what);
    fflush(stdout);
    failures += !good;
}

/* Wine's certificates know only keys of the older interface. So that the younger one signs all the same, this
 * stands between the product and Windows and hands out a key of CNG where there is one. */
static NCRYPT_KEY_HANDLE younger;
static bool always_silent = true;
typedef BOOL(WINAPI *acquire_call)(PCCERT_CONTEXT c, DWORD flags, void *more,
                                   HCRYPTPROV_OR_NCRYPT_KEY_HANDLE *out, DWORD *spec, BOOL *owned);

static BOOL WINAPI acquire(PCCERT_CONTEXT c, DWORD flags, void *more,
                           HCRYPTPROV_OR_NCRYPT_KEY_HANDLE *out, DWORD *spec, BOOL *owned) {
    acquire_call real = NULL;
    FARPROC found =
        GetProcAddress(GetModuleHandleW(L"crypt32.dll"), "CryptAcquireCertificatePrivateKey");
    memcpy(&real, &found, sizeof real);
    always_silent = always_silent && (flags & CRYPT_ACQUIRE_SILENT_FLAG) != 0;
    if (younger == 0) {
        return real(c, flags, more, out, spec, owned);
    }
    *out = younger;
    *spec = CERT_NCRYPT_KEY_SPEC;
    *owned = FALSE;
    return TRUE;
}

#ifdef _WIN64
#define IMPORTED "__imp_CryptAcquireCertificatePrivateKey"
#else
#define IMPORTED "__imp__CryptAcquireCertificatePrivateKey@24"
#endif
extern const acquire_call imported __asm__(IMPORTED);
const acquire_call imported = acquire;

/* Wine names both kinds of key at once, and then finds none. */
static bool has_key(PCCERT_CONTEXT c) {
    _Alignas(CRYPT_KEY_PROV_INFO) static BYTE room[4096];
    CRYPT_KEY_PROV_INFO *info = (CRYPT_KEY_PROV_INFO *)(void *)room;
    DWORD n = sizeof room;
    if (!CertGetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, room, &n)) {
        return false;
    }
    if (info->dwKeySpec == (AT_KEYEXCHANGE | AT_SIGNATURE)) {
        info->dwKeySpec = AT_KEYEXCHANGE;
        CertSetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, 0, info);
    }
    return true;
}

static void write_place(PCCERT_CONTEXT c, char out[128]) {
    BYTE hash[20];
    DWORD n = sizeof hash;
    CertGetCertificateContextProperty(c, CERT_SHA1_HASH_PROP_ID, hash, &n);
    /* As it is copied from the dialog, with the mark that nobody sees. */
    size_t at = (size_t)snprintf(out, 128, "%s\xE2\x80\x8E", PLACE);
    for (DWORD i = 0; i < n; i++) {
        at += (size_t)snprintf(out + at, 128 - at, "%02x ", hash[i]);
    }
}

static DWORD read_file(const char *path, BYTE *to, DWORD room) {
    FILE *from = fopen(path, "rb");
    DWORD n = from != NULL ? (DWORD)fread(to, 1, room, from) : 0;
    if (from != NULL) {
        fclose(from);
    }
    return n;
}

static HCERTSTORE open_file(const char *path, const char *passphrase) {
    static BYTE file[65536];
    wchar_t word[64];
    CRYPT_DATA_BLOB blob = {read_file(path, file, sizeof file), file};
    MultiByteToWideChar(CP_UTF8, 0, passphrase, -1, word, 64);
    return PFXImportCertStore(&blob, word, CRYPT_USER_KEYSET); /* not exportable */
}

static bool import_for_cng(const char *path) {
    static BYTE blob[4096];
    NCRYPT_PROV_HANDLE keys = 0;
    DWORD n = read_file(path, blob, sizeof blob);
    return NCryptOpenStorageProvider(&keys, MS_KEY_STORAGE_PROVIDER, 0) == 0 &&
           NCryptImportKey(keys, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, &younger, blob, n, 0) == 0;
}

/* Wine's folder outlives a run. */
static void forget(HCERTSTORE mine) {
    PCCERT_CONTEXT c = NULL;
    while ((c = CertFindCertificateInStore(mine, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR_W,
                                           WIDE_NAME, NULL)) != NULL) {
        CertDeleteCertificateFromStore(c);
    }
}

/* Moves what is in the file into the user's store; where the device's own certificate is then. */
static bool import(const char *path, const char *passphrase, char place[128]) {
    HCERTSTORE found = open_file(path, passphrase);
    HCERTSTORE mine =
        CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"MY");
    bool own = false;
    forget(mine);
    PCCERT_CONTEXT c = found != NULL ? CertEnumCertificatesInStore(found, NULL) : NULL;
    for (; c != NULL; c = CertEnumCertificatesInStore(found, c)) {
        if (has_key(c)) {
            own = true;
            write_place(c, place);
        }
        CertAddCertificateContextToStore(mine, c, CERT_STORE_ADD_REPLACE_EXISTING, NULL);
    }
    CertControlStore(mine, 0, CERT_STORE_CTRL_COMMIT, NULL);
    CertCloseStore(mine, 0);
    return own;
}

static int32_t call(const char *place, const char *ca, const char *url, struct fault *why) {
    const struct http_settings settings = {.ca_file = ca,
                                           .client_cert = place,
                                           .client_key = "",
                                           .client_secret = "",
                                           .connect_ms = 60000};
    struct http_request rq = {
        .method = "GET", .url = url, .timeout_ms = 60000, .answer_max = 65536};
    struct http_reply rp = {0};
    void *http = NULL;
    int32_t rc = http_curl.open(NULL, &settings, &http, why);
    if (rc == SHK_OK) {
        rc = http_curl.perform(http, &rq, &rp, why);
        http_curl.close(http);
    }
    bytes_clear(&rp.body);
    printf("     %s: %d, native %d %d, %s\n", url, (int)rc, (int)why->native_kind, (int)why->native,
           why->where);
    return rc;
}

/* The premise: who has the container still gets no key. */
static bool is_kept(void) {
    HCRYPTPROV container = 0;
    HCRYPTKEY key = 0;
    DWORD n = 0;
    _Alignas(CRYPT_KEY_PROV_INFO) static BYTE room[4096];
    HCERTSTORE mine =
        CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"MY");
    PCCERT_CONTEXT c = CertFindCertificateInStore(mine, X509_ASN_ENCODING, 0,
                                                  CERT_FIND_SUBJECT_STR_W, WIDE_NAME, NULL);
    DWORD room_n = sizeof room;
    const CRYPT_KEY_PROV_INFO *info = (const CRYPT_KEY_PROV_INFO *)(void *)room;
    bool opened = c != NULL &&
                  CertGetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, room, &room_n) &&
                  CryptAcquireContextW(&container, info->pwszContainerName, NULL, PROV_RSA_AES,
                                       CRYPT_SILENT) &&
                  CryptGetUserKey(container, AT_KEYEXCHANGE, &key);
    return opened && !CryptExportKey(key, 0, PRIVATEKEYBLOB, 0, NULL, &n);
}

static int32_t refusal(const char *place, char **arguments, const char *where) {
    struct fault why = {0};
    int32_t rc = call(place, arguments[4], arguments[5], &why);
    return text_equal(why.where, where) ? rc : SHK_OK;
}

static void older_interface(const char *place, char **arguments) {
    struct fault why = {0};
    check(call(place, arguments[4], arguments[5], &why) == SHK_OK, "TLS 1.2, by thumbprint");
    check(call(PLACE NAME, arguments[4], arguments[5], &why) == SHK_OK, "TLS 1.2, by name");
    check(call(place, arguments[4], arguments[6], &why) == SHK_E_GATEWAY_UNTRUSTED,
          "a key of the older interface does not reach TLS 1.3");
    check(refusal(PLACE "mihon", arguments, "client_cert") == SHK_E_DEVICE_KEY,
          "a part of the name is not the name");
    check(refusal("store:machine/" NAME, arguments, "client_cert") == SHK_E_DEVICE_KEY,
          "the machine's store is another one");
    check(refusal("store:root/" NAME, arguments, "gateway.client_cert") == SHK_E_CONFIG_VALUE,
          "no other store is looked into");
}

int main(int n, char **arguments) {
    char place[128] = "";
    struct fault why = {0};
    bool good = n == 7 && import(arguments[1], arguments[2], place);
    check(good, "the key was imported");
    if (!good) {
        return 1;
    }
    check(is_kept(), "and cannot be taken out");
    older_interface(place, arguments);
    check(import_for_cng(arguments[3]), "the key of CNG was imported");
    check(call(place, arguments[4], arguments[5], &why) == SHK_OK, "TLS 1.2, CNG");
    check(call(place, arguments[4], arguments[6], &why) == SHK_OK, "TLS 1.3, CNG");
    NCryptFreeObject(younger);
    check(refusal(place, arguments, "client_key") == SHK_E_DEVICE_KEY,
          "a key that is gone refuses");
    HCERTSTORE mine =
        CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"MY");
    forget(mine);
    CertControlStore(mine, 0, CERT_STORE_CTRL_COMMIT, NULL);
    CertCloseStore(mine, 0);
    check(always_silent, "nobody is ever asked");
    return failures != 0;
}
