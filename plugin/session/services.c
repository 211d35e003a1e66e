#include "services.h"

#include <stdlib.h>
#include <string.h>

/* A file lent to an adapter knows its length, so that giving it back wipes it. */
struct lent_file {
    size_t n;
    uint8_t data[];
};

static void SHK_CALL service_log(void *self, int32_t level, const char *what, int32_t number) {
    struct services *lent = self;
    log_event(lent->session->log, level, what, "number", (int64_t)number);
}

static int64_t SHK_CALL service_now_ms(void *self) {
    return session_now(((struct services *)self)->session);
}

static int32_t SHK_CALL service_fail(void *self, int32_t code, int32_t native, const char *where) {
    struct services *lent = self;
    int32_t known = fault_find(code) != NULL ? code : SHK_E_ADAPTER_BROKEN;
    int32_t kind = native != 0 ? SHK_NATIVE_OS : SHK_NATIVE_NONE;
    int32_t rc = fault_set(lent->why, known, kind, native, where);
    /* A service has said what is wrong; only the adapter knows which of its settings it concerns. */
    fault_where(lent->why, where);
    return rc;
}

static int32_t SHK_CALL service_is_folder(void *self, const char *path) {
    const struct env *env = &((struct services *)self)->session->env;
    return env->files->is_folder(env->files_self, path) ? 1 : 0;
}

static int32_t SHK_CALL service_read_file(void *self, const char *path, uint8_t **data,
                                          uint32_t *len) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct bytes content = {0};
    struct fault reason = {0};
    *data = NULL;
    *len = 0;
    int32_t rc = env->files->read(env->files_self, path, SHK_FILE_MAX, &content, &reason);
    if (rc == SHK_E_ABSENT || rc == SHK_E_ARGUMENT) {
        return rc; /* no such file, or too large: the adapter's to judge */
    }
    if (rc != SHK_OK) {
        return fault_set(lent->why, rc, reason.native_kind, reason.native, reason.where);
    }
    struct lent_file *file = malloc(sizeof *file + content.n + 1);
    if (file == NULL) {
        bytes_clear(&content);
        return fault_raise(lent->why, SHK_E_MEMORY);
    }
    file->n = content.n;
    memcpy(file->data, bytes_text(&content), content.n + 1);
    bytes_clear(&content);
    *data = file->data;
    *len = (uint32_t)file->n;
    return SHK_OK;
}

static void SHK_CALL service_release(void *self, uint8_t *data) {
    (void)self;
    if (data != NULL) {
        struct lent_file *file =
            (struct lent_file *)(void *)(data - offsetof(struct lent_file, data));
        memory_wipe(file->data, file->n);
        free(file);
    }
}

static int32_t SHK_CALL service_put_file(void *self, const char *path, const uint8_t *data,
                                         uint32_t len, int32_t replace) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    int32_t rc = env->files->put(env->files_self, path, data, len, replace != 0, &reason);
    if (rc != SHK_OK && rc != SHK_E_FILE_EXISTS) {
        return fault_set(lent->why, rc, reason.native_kind, reason.native, reason.where);
    }
    return rc;
}

static int32_t SHK_CALL service_lock_file(void *self, const char *path, int32_t wait_ms,
                                          void **lock) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    return env->files->lock(env->files_self, path, wait_ms, lock, lent->why);
}

static void SHK_CALL service_unlock_file(void *self, void *lock) {
    const struct env *env = &((struct services *)self)->session->env;
    env->files->unlock(env->files_self, lock);
}

void services_init(struct services *lent, struct session *s, struct fault *why) {
    *lent = (struct services){
        .table = {.struct_size = sizeof lent->table,
                  .abi = SHK_ADAPTER_ABI,
                  .self = lent,
                  .log = service_log,
                  .now_ms = service_now_ms,
                  .fail = service_fail,
                  .is_folder = service_is_folder,
                  .read_file = service_read_file,
                  .release = service_release,
                  .put_file = service_put_file,
                  .lock_file = service_lock_file,
                  .unlock_file = service_unlock_file},
        .session = s,
        .why = why,
    };
}
