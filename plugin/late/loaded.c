#include "loaded.h"

#include <stdbool.h>
#include <stdlib.h>

#include "late.h"
#include "library.h"
#include "shikaku/codes.h"

static struct loaded *const all[] = {[LATE_CURL] = &loaded_curl, [LATE_ARCHIVE] = &loaded_archive};

static size_t count(const struct loaded *l) {
    size_t n = 0;
    while (l->symbols[n] != NULL) {
        n++;
    }
    return n;
}

/* The library stays loaded, whatever is found: threads of its own may run in it. */
static bool find_all(const struct loaded *l, loaded_function *to) {
    void *library = library_open(l->name);
    bool good = library != NULL;
    for (size_t i = 0; good && l->symbols[i] != NULL; i++) {
        library_find(library, l->symbols[i], &to[i]);
        good = to[i] != NULL;
    }
    return good;
}

/* Without a lock, which a fork could leave held: when two threads come at once both find the same, and one of
 * the tables stays. */
int32_t late_need(enum late_library which, struct fault *why) {
    struct loaded *l = all[which];
    loaded_function *none = NULL;
    if (atomic_load(&l->found) != NULL) {
        return SHK_OK;
    }
    loaded_function *made = calloc(count(l) + 1, sizeof *made);
    if (made == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (!find_all(l, made)) {
        free(made);
        return fault_set(why, SHK_E_LIBRARY, SHK_NATIVE_NONE, 0, l->name);
    }
    if (!atomic_compare_exchange_strong(&l->found, &none, made)) {
        free(made);
    }
    return SHK_OK;
}

loaded_function loaded_at(const struct loaded *library, size_t i) {
    return atomic_load(&library->found)[i];
}
