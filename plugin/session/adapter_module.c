#include "adapter_module.h"

#include <stdlib.h>
#include <string.h>

#include "adapter_call.h"
#include "library.h"
#include "module_file.h"
#include "platform.h"
#include "registry.h"

#define NAME_MAX_BYTES 63
#define MODULES_MAX    32
#define LOOK_MS        20

/* A module stays loaded when the last session is gone: a thread of its own may still run. So what is known
 * of it stays too. Under the global lock; an entry is never removed once its file was loaded. */
struct module {
    char path[MODULE_PATH_MAX]; /* "": free */
    bool loading;
    bool hangs; /* in its loading: not waited for again */
    int32_t rc;
    const shk_adapter *table;
};

static struct module modules[MODULES_MAX];

/* One loading, on a thread that the module may keep. */
struct loading {
    struct module *module;
    char path[MODULE_PATH_MAX];
    bool loaded;
    int32_t rc;
    const shk_adapter *table;
};

static bool is_module_name(const char *name) {
    size_t n = 0;
    for (; n <= NAME_MAX_BYTES && name[n] != '\0'; n++) {
        char c = name[n];
        if (!char_is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_' &&
            c != '-') {
            return false;
        }
    }
    return n > 0 && n <= NAME_MAX_BYTES;
}

static int32_t load(void *arg) {
    struct loading *l = arg;
    shk_adapter_entry_fn entry = NULL;
    void *library = library_open(l->path);
    l->loaded = library != NULL;
    if (library == NULL) {
        return l->rc = SHK_E_MODULE_FILE;
    }
    library_find(library, SHK_ADAPTER_ENTRY, (void *)&entry);
    l->table = entry != NULL ? entry(SHK_ADAPTER_ABI) : NULL;
    l->rc = adapter_usable(l->table) ? SHK_OK : SHK_E_ADAPTER_BROKEN;
    return l->rc;
}

/* What could not be loaded may be put right; what was loaded stays as it is. */
static void settle(const struct loading *l) {
    global_lock();
    l->module->loading = false;
    l->module->hangs = false;
    l->module->rc = l->rc;
    l->module->table = l->rc == SHK_OK ? l->table : NULL;
    if (!l->loaded) {
        l->module->path[0] = '\0';
    }
    global_unlock();
}

static void settle_late(void *arg) {
    settle(arg);
    free(arg);
}

/* The module's entry, a new one with *fresh; null when there are too many. */
static struct module *reserve(const char *path, bool *fresh) {
    struct module *found = NULL;
    struct module *room = NULL;
    for (size_t i = 0; i < MODULES_MAX && found == NULL; i++) {
        if (text_equal(modules[i].path, path)) {
            found = &modules[i];
        } else if (room == NULL && modules[i].path[0] == '\0') {
            room = &modules[i];
        }
    }
    *fresh = found == NULL && room != NULL;
    if (*fresh) {
        text_copy(room->path, sizeof room->path, path);
        room->loading = true;
        room->rc = SHK_E_ADAPTER_TIMEOUT;
    }
    return found != NULL ? found : room;
}

static int32_t load_bounded(struct session *s, struct module *module, const char *path,
                            struct fault *why) {
    struct loading *l = calloc(1, sizeof *l);
    struct loading failed = {.module = module, .rc = SHK_E_MEMORY};
    if (l == NULL) {
        settle(&failed);
        return fault_raise(why, SHK_E_MEMORY);
    }
    *l = failed;
    text_copy(l->path, sizeof l->path, path);
    void *arg = l;
    int32_t rc = adapter_call_task(s, load, &arg, settle_late, why);
    if (arg != NULL) {
        settle(arg);
        free(arg);
    } else {
        global_lock();
        module->hangs = module->loading;
        global_unlock();
    }
    return rc;
}

/* Another session may be at it, or a module that hung. */
static int32_t await(struct session *s, struct module *module, const shk_adapter **out) {
    int64_t end = platform_clock.mono_ms(NULL) + config_int(s->config, "deliver.timeout_ms");
    for (;;) {
        global_lock();
        bool loading = module->loading && !module->hangs;
        int32_t rc = module->rc;
        *out = module->table;
        global_unlock();
        if (!loading || platform_clock.mono_ms(NULL) >= end) {
            return rc;
        }
        if (session_stopping(s)) {
            return SHK_E_CANCELLED;
        }
        thread_sleep(LOOK_MS);
    }
}

int32_t adapter_module_find(struct session *s, const char *name, const shk_adapter **out,
                            struct fault *why) {
    char path[MODULE_PATH_MAX];
    char file[NAME_MAX_BYTES + sizeof MODULE_FILE_ENDING];
    bool fresh = false;
    *out = NULL;
    if (!is_module_name(name)) {
        return fault_raise(why, SHK_E_ADAPTER_UNKNOWN);
    }
    text_format(file, sizeof file, "%s%s", name, MODULE_FILE_ENDING);
    int32_t rc = module_file_check(config_text(s->config, "adapters.folder"), name, path, why);
    if (rc != SHK_OK) {
        return rc;
    }
    global_lock();
    struct module *module = reserve(path, &fresh);
    global_unlock();
    if (module == NULL) {
        return fault_set(why, SHK_E_MEMORY, SHK_NATIVE_NONE, 0, file);
    }
    struct fault reason = {0};
    rc = fresh ? load_bounded(s, module, path, &reason) : SHK_OK;
    rc = rc == SHK_OK ? await(s, module, out) : rc;
    return rc == SHK_OK ? rc : fault_set(why, rc, SHK_NATIVE_NONE, 0, file);
}
