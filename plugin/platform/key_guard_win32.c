#include <windows.h>

#include "crypto.h"
#include "library.h"

typedef BOOL(WINAPI *protect_call)(DATA_BLOB *in, LPCWSTR description, DATA_BLOB *entropy,
                                   PVOID reserved, void *prompt, DWORD flags, DATA_BLOB *out);
typedef BOOL(WINAPI *unprotect_call)(DATA_BLOB *in, LPWSTR *description, DATA_BLOB *entropy,
                                     PVOID reserved, void *prompt, DWORD flags, DATA_BLOB *out);

/* Takes what DPAPI made and gives its memory back, wiped. */
static int32_t take(DATA_BLOB *made, struct bytes *out) {
    int32_t rc = bytes_append(out, made->pbData, made->cbData);
    memory_wipe(made->pbData, made->cbData);
    LocalFree(made->pbData);
    return rc;
}

static bool blob_of(const uint8_t *p, size_t n, DATA_BLOB *in) {
    in->cbData = (DWORD)n;
    in->pbData = (BYTE *)(uintptr_t)p; /* only read */
    return n <= MAXDWORD;
}

int32_t key_guard(const uint8_t *p, size_t n, struct bytes *out) {
    DATA_BLOB in, made = {0, NULL};
    protect_call protect = NULL;
    void *library = library_open("crypt32.dll");
    int32_t rc = SHK_E_STORE_KEY;
    if (library != NULL) {
        library_find(library, "CryptProtectData", (void *)&protect);
    }
    if (protect != NULL && blob_of(p, n, &in) &&
        protect(&in, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &made)) {
        rc = take(&made, out);
    }
    library_close(library);
    return rc;
}

int32_t key_unguard(const uint8_t *p, size_t n, struct bytes *out) {
    DATA_BLOB in, made = {0, NULL};
    unprotect_call unprotect = NULL;
    void *library = library_open("crypt32.dll");
    int32_t rc = SHK_E_STORE_KEY;
    if (library != NULL) {
        library_find(library, "CryptUnprotectData", (void *)&unprotect);
    }
    if (unprotect != NULL && blob_of(p, n, &in) &&
        unprotect(&in, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &made)) {
        rc = take(&made, out);
    }
    library_close(library);
    return rc;
}
