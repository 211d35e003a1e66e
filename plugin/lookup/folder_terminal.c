#include "folder_terminal.h"

#define CHUNK 16384

int64_t terminal_now(const struct terminal *t) {
    return t->env->clock->mono_ms(t->env->clock_self);
}

struct turn terminal_turn(const struct terminal *t, const struct watch *watch) {
    return (struct turn){watch, terminal_now(t) + t->set.timeout_ms};
}

bool turn_stopped(const struct turn *turn) {
    return watch_stopped(turn->watch);
}

int32_t terminal_fault(struct fault *why, const struct fault *inner, const char *where) {
    int32_t code = inner->code;
    if (code != SHK_E_DISK_FULL && code != SHK_E_MEMORY && code != SHK_E_INTERNAL) {
        code = SHK_E_TERMINAL_FOLDER;
    }
    return fault_set(why, code, inner->native_kind, inner->native, where);
}

bool terminal_path(char out[FOLDER_PATH_ROOM], const char *folder, const char *name) {
    return text_format(out, FOLDER_PATH_ROOM, "%s/%s", folder, name) < FOLDER_PATH_ROOM;
}

static int32_t read_on(const struct env *env, void *file, size_t most, struct bytes *out,
                       struct fault *why) {
    size_t n = 0;
    do {
        if (bytes_reserve(out, out->n + CHUNK) != SHK_OK) {
            return fault_raise(why, SHK_E_MEMORY);
        }
        int32_t rc = env->files->next(env->files_self, file, out->p + out->n, CHUNK, &n, why);
        if (rc != SHK_OK) {
            return rc;
        }
        out->n += n;
        out->p[out->n] = 0;
        if (out->n > most) {
            return fault_raise(why, SHK_E_ANSWER_TOO_LARGE);
        }
    } while (n > 0);
    return SHK_OK;
}

int32_t terminal_read(const struct env *env, const char *path, size_t most, struct bytes *out,
                      struct fault *why) {
    void *file = NULL;
    bytes_clear(out);
    int32_t rc = env->files->open(env->files_self, path, &file, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = read_on(env, file, most, out, why);
    env->files->close(env->files_self, file);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}
