/* Shared libraries, digests and the wish to stop, lent to adapters. */
#include "services.h"

#include <string.h>

#include "crypto.h"
#include "library.h"

#define NAME_MAX_BYTES 1023

/* An absolute path, or a bare name: what lies between is looked for where the host program happens to
 * stand, and a stranger's file may lie there. */
static bool is_library_name(const char *name) {
    size_t n = name != NULL ? strlen(name) : 0;
    if (n == 0 || n > NAME_MAX_BYTES) {
        return false;
    }
    bool bare = strpbrk(name, "/\\:") == NULL && name[0] != '.';
    bool drive = n > 3 && name[1] == ':' && (name[2] == '\\' || name[2] == '/');
    return bare || name[0] == '/' || drive;
}

static void *SHK_CALL service_library_open(void *self, const char *name) {
    (void)self;
    return is_library_name(name) ? library_open(name) : NULL;
}

static int32_t SHK_CALL service_library_find(void *self, void *library, const char *symbol,
                                             void *slot) {
    void (*address)(void) = NULL;
    (void)self;
    if (library == NULL || symbol == NULL || slot == NULL) {
        return 0;
    }
    library_find(library, symbol, (void *)&address);
    if (address != NULL) {
        memcpy(slot, (const void *)&address, sizeof address);
    }
    return address != NULL ? 1 : 0;
}

static int32_t SHK_CALL service_digest(void *self, const uint8_t *p, uint32_t len, char out[33]) {
    struct services *lent = self;
    uint8_t hash[32];
    out[0] = '\0';
    if (p == NULL && len > 0) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    int32_t rc =
        lent->digest != NULL ? lent->digest(lent->digest_self, p, len, out) : sha256(p, len, hash);
    if (rc != SHK_OK) {
        return fault_raise(lent->why, rc);
    }
    if (lent->digest == NULL) {
        hex_encode(hash, 16, out);
    }
    return SHK_OK;
}

static int32_t SHK_CALL service_stopping(void *self) {
    return session_stopping(((struct services *)self)->session) ? 1 : 0;
}

void services_lend_library(shk_services *table) {
    table->library_open = service_library_open;
    table->library_find = service_library_find;
    table->digest = service_digest;
    table->stopping = service_stopping;
}
