#include "registry.h"

#include <string.h>

static const shk_adapter *const adapters[] = {
    &adapter_folder, &adapter_orca, &adapter_oqs_face, &adapter_sql, &adapter_http,
};

const shk_adapter *adapter_at(size_t index) {
    return index < sizeof adapters / sizeof adapters[0] ? adapters[index] : NULL;
}

/* "folder" and "folder/1" both name "folder/1". */
static int is_called(const char *id, const char *name) {
    size_t n = strlen(name);
    return strncmp(id, name, n) == 0 &&
           (id[n] == '\0' || (id[n] == '/' && strchr(name, '/') == NULL));
}

const shk_adapter *adapter_find(const char *name) {
    const shk_adapter *a = NULL;
    if (name == NULL || name[0] == '\0') {
        return NULL;
    }
    for (size_t i = 0; (a = adapter_at(i)) != NULL; i++) {
        if (is_called(a->id, name)) {
            return a;
        }
    }
    return NULL;
}

static int is_id(const char *id) {
    const char *slash = strchr(id, '/');
    return slash != NULL && slash != id && slash[1] >= '1' && slash[1] <= '9';
}

int32_t adapter_usable(const shk_adapter *a) {
    if (a == NULL || a->struct_size < offsetof(shk_adapter, abi) + sizeof a->abi ||
        a->abi != SHK_ADAPTER_ABI) {
        return 0;
    }
    if (!SHK_ADAPTER_HAS(a, id) || !SHK_ADAPTER_HAS(a, open) || !SHK_ADAPTER_HAS(a, deliver) ||
        !SHK_ADAPTER_HAS(a, close)) {
        return 0;
    }
    return is_id(a->id);
}
