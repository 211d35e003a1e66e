#include "services_fake.h"

static void SHK_CALL say(void *self, int32_t level, const char *what, int32_t number) {
    (void)self;
    (void)level;
    (void)what;
    (void)number;
}

static int64_t SHK_CALL now_ms(void *self) {
    (void)self;
    return 0;
}

static int32_t SHK_CALL fail(void *self, int32_t code, int32_t native, const char *where) {
    struct services_fake *s = self;
    return fault_set(&s->why, code, native != 0 ? SHK_NATIVE_OS : SHK_NATIVE_NONE, native, where);
}

static int32_t SHK_CALL is_folder(void *self, const char *path) {
    struct services_fake *s = self;
    return s->files->is_folder(s->files_self, path) ? 1 : 0;
}

static int32_t SHK_CALL read_file(void *self, const char *path, uint8_t **data, uint32_t *len) {
    struct services_fake *s = self;
    struct bytes content = {0};
    const uint32_t max = SHK_FILE_MAX;
    int32_t rc = s->files->read(s->files_self, path, max, &content, NULL);
    *data = content.p;
    *len = (uint32_t)content.n;
    return rc;
}

static void SHK_CALL release(void *self, uint8_t *data) {
    (void)self;
    struct bytes content = {.p = data};
    bytes_clear(&content);
}

static int32_t SHK_CALL put_file(void *self, const char *path, const uint8_t *data, uint32_t len,
                                 int32_t replace) {
    struct services_fake *s = self;
    return s->files->put(s->files_self, path, data, len, replace != 0, NULL);
}

static int32_t SHK_CALL lock_file(void *self, const char *path, int32_t wait_ms, void **lock) {
    struct services_fake *s = self;
    return s->files->lock(s->files_self, path, wait_ms, lock, NULL);
}

static void SHK_CALL unlock_file(void *self, void *lock) {
    struct services_fake *s = self;
    s->files->unlock(s->files_self, lock);
}

void services_fake_init(struct services_fake *s, const struct file_ops *files, void *files_self) {
    *s = (struct services_fake){.files = files, .files_self = files_self};
    s->table = (shk_services){.struct_size = sizeof s->table,
                              .abi = SHK_ADAPTER_ABI,
                              .self = s,
                              .log = say,
                              .now_ms = now_ms,
                              .fail = fail,
                              .is_folder = is_folder,
                              .read_file = read_file,
                              .release = release,
                              .put_file = put_file,
                              .lock_file = lock_file,
                              .unlock_file = unlock_file};
}
