#include "library.h"

#include <dlfcn.h>
#include <string.h>

void *library_open(const char *name) {
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

void library_find(void *library, const char *symbol, void *slot) {
    void *address = dlsym(library, symbol);
    if (address != NULL) {
        memcpy(slot, &address, sizeof address);
    }
}

void library_close(void *library) {
    if (library != NULL) {
        (void)dlclose(library);
    }
}
