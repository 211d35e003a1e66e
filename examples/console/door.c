#include "door.h"

#include <stdio.h>
#include <string.h>

#include "platform.h"

static void *open_named(struct door *door, const char *path) {
    (void)snprintf(door->path, sizeof door->path, "%s", path);
    return platform_library_open(path);
}

/* A name without a folder means the file here, never one that the loader happens to find. */
static void *open_wanted(struct door *door, const char *wanted) {
    char path[1024];
    const char *before = platform_last_separator(wanted) == NULL ? "./" : "";
    int n = snprintf(path, sizeof path, "%s%s", before, wanted);
    return n > 0 && (size_t)n < sizeof path ? open_named(door, path) : NULL;
}

/* From the program's own folder: installed, and built. */
static const char *const folders[] = {SHIKAKU_LIBRARY_FOLDER, "../lib"};

static void *open_found(struct door *door) {
    char folder[900], path[1024];
    bool known = platform_own_folder(folder, sizeof folder);
    for (size_t i = 0; known && i < sizeof folders / sizeof *folders; i++) {
        (void)snprintf(path, sizeof path, "%s/%s/%s", folder, folders[i], platform_library_name());
        if (platform_file_exists(path)) {
            return open_named(door, path);
        }
    }
    return open_named(door, platform_library_name());
}

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    {"shk_abi", offsetof(struct door, abi)},
    {"shk_open", offsetof(struct door, open)},
    {"shk_close", offsetof(struct door, close)},
    {"shk_set", offsetof(struct door, set)},
    {"shk_put", offsetof(struct door, put)},
    {"shk_start", offsetof(struct door, start)},
    {"shk_answer_pin", offsetof(struct door, answer_pin)},
    {"shk_cancel", offsetof(struct door, cancel)},
    {"shk_next_event", offsetof(struct door, next_event)},
    {"shk_text", offsetof(struct door, text)},
    {"shk_int", offsetof(struct door, integer)},
    {"shk_count", offsetof(struct door, count)},
    {"shk_bytes", offsetof(struct door, bytes)},
};

/* The name of the first function that is missing, or null. */
static const char *take_functions(struct door *door, void *library) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        platform_function found = platform_library_symbol(library, functions[i].name);
        if (found == NULL) {
            return functions[i].name;
        }
        memcpy((char *)door + functions[i].offset, &found, sizeof found);
    }
    return NULL;
}

bool door_load(struct door *door, const char *wanted, char *why, size_t cap) {
    memset(door, 0, sizeof *door);
    void *library = wanted != NULL ? open_wanted(door, wanted) : open_found(door);
    if (library == NULL) {
        (void)snprintf(why, cap, "%s", platform_library_error());
        return false;
    }
    const char *missing = take_functions(door, library);
    if (missing != NULL) {
        (void)snprintf(why, cap, "%s: no function %s", door->path, missing);
        return false;
    }
    int32_t abi = door->abi();
    if (abi != SHK_ABI) {
        (void)snprintf(why, cap, "%s: interface %d, this program needs %d", door->path, (int)abi,
                       SHK_ABI);
        return false;
    }
    return true;
}
