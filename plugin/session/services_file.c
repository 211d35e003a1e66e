/* Files that an adapter may read, put, stage and lock, by path, over the session's seams. */
#include <stdlib.h>
#include <string.h>

#include "services.h"

/* A file lent to an adapter knows its length, so that giving it back wipes it. */
struct lent_file {
    size_t n;
    uint8_t data[];
};

uint8_t *services_lend(const void *p, size_t n) {
    struct lent_file *file = malloc(sizeof *file + n + 1);
    if (file == NULL) {
        return NULL;
    }
    file->n = n;
    if (n > 0) {
        memcpy(file->data, p, n);
    }
    file->data[n] = 0;
    return file->data;
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
    *data = services_lend(content.p, content.n);
    *len = *data != NULL ? (uint32_t)content.n : 0;
    bytes_clear(&content);
    return *data != NULL ? SHK_OK : fault_raise(lent->why, SHK_E_MEMORY);
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

/* A name that is taken and a file that is gone are the adapter's to judge; the rest is a fault said. */
static int32_t judge(const struct services *lent, int32_t rc, const struct fault *reason) {
    if (rc == SHK_OK || rc == SHK_E_FILE_EXISTS || rc == SHK_E_ABSENT) {
        return rc;
    }
    return fault_set(lent->why, rc, reason->native_kind, reason->native, reason->where);
}

static int32_t SHK_CALL service_put_file(void *self, const char *path, const uint8_t *data,
                                         uint32_t len, int32_t replace) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    int32_t rc = env->files->put(env->files_self, path, data, len, replace != 0, &reason);
    return judge(lent, rc, &reason);
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

static int32_t SHK_CALL service_stage_file(void *self, const char *staged, const char *path,
                                           const uint8_t *data, uint32_t len, int32_t replace,
                                           void **stage) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    int32_t rc =
        env->files->stage(env->files_self, staged, path, data, len, replace != 0, stage, &reason);
    return judge(lent, rc, &reason);
}

static int32_t SHK_CALL service_publish_file(void *self, void *stage) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    int32_t rc = env->files->publish(env->files_self, stage, &reason);
    return judge(lent, rc, &reason);
}

static void SHK_CALL service_unstage_file(void *self, void *stage, int32_t keep) {
    const struct env *env = &((struct services *)self)->session->env;
    env->files->unstage(env->files_self, stage, keep != 0);
}

static int32_t SHK_CALL service_remove_file(void *self, const char *path) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    int32_t rc = env->files->remove(env->files_self, path, &reason);
    return judge(lent, rc, &reason);
}

void services_add_files(shk_services *table) {
    table->is_folder = service_is_folder;
    table->read_file = service_read_file;
    table->release = service_release;
    table->put_file = service_put_file;
    table->lock_file = service_lock_file;
    table->unlock_file = service_unlock_file;
    table->stage_file = service_stage_file;
    table->publish_file = service_publish_file;
    table->unstage_file = service_unstage_file;
    table->remove_file = service_remove_file;
}
