#include "services_fake.h"

#include <string.h>

static void SHK_CALL say(void *self, int32_t level, const char *what, int32_t number) {
    (void)self;
    (void)level;
    (void)what;
    (void)number;
}

static void step(struct services_fake *s, const char *what) {
    if (s->step != NULL) {
        s->step(s, what);
    }
}

/* As the session's own services: these two are for the adapter to judge, the rest is a fault said. */
static int32_t judge(struct services_fake *s, int32_t rc, const struct fault *reason) {
    if (rc == SHK_OK || rc == SHK_E_FILE_EXISTS || rc == SHK_E_ABSENT) {
        return rc;
    }
    return fault_set(&s->why, rc, reason->native_kind, reason->native, reason->where);
}

static int64_t SHK_CALL now_ms(void *self) {
    return ((struct services_fake *)self)->now_ms;
}

static int64_t SHK_CALL wall_s(void *self) {
    struct services_fake *s = self;
    return s->wall_s + s->now_ms / 1000;
}

static void SHK_CALL pause_ms(void *self, int32_t ms) {
    struct services_fake *s = self;
    step(s, "pause");
    s->pauses++;
    s->now_ms += ms;
}

static int32_t SHK_CALL fail(void *self, int32_t code, int32_t native, const char *where) {
    struct services_fake *s = self;
    int32_t kind = native != 0 ? SHK_NATIVE_OS : SHK_NATIVE_NONE;
    int32_t rc = fault_set(&s->why, code, kind, native, where);
    fault_where(&s->why, where);
    return rc;
}

static int32_t SHK_CALL is_folder(void *self, const char *path) {
    struct services_fake *s = self;
    return s->files->is_folder(s->files_self, path) ? 1 : 0;
}

static int32_t SHK_CALL read_file(void *self, const char *path, uint8_t **data, uint32_t *len) {
    struct services_fake *s = self;
    struct bytes content = {0};
    struct fault reason = {0};
    const uint32_t max = SHK_FILE_MAX;
    int32_t rc = s->files->read(s->files_self, path, max, &content, &reason);
    *data = content.p;
    *len = (uint32_t)content.n;
    return rc == SHK_E_ARGUMENT ? rc : judge(s, rc, &reason);
}

static void SHK_CALL release(void *self, uint8_t *data) {
    (void)self;
    struct bytes content = {.p = data};
    bytes_clear(&content);
}

static int32_t SHK_CALL put_file(void *self, const char *path, const uint8_t *data, uint32_t len,
                                 int32_t replace) {
    struct services_fake *s = self;
    struct fault reason = {0};
    step(s, "put");
    int32_t rc = s->files->put(s->files_self, path, data, len, replace != 0, &reason);
    step(s, "put done");
    return judge(s, rc, &reason);
}

static int32_t SHK_CALL stage_file(void *self, const char *staged, const char *path,
                                   const uint8_t *data, uint32_t len, int32_t replace,
                                   void **stage) {
    struct services_fake *s = self;
    struct fault reason = {0};
    step(s, "stage");
    int32_t rc =
        s->files->stage(s->files_self, staged, path, data, len, replace != 0, stage, &reason);
    step(s, "stage done");
    return judge(s, rc, &reason);
}

static int32_t SHK_CALL publish_file(void *self, void *stage) {
    struct services_fake *s = self;
    struct fault reason = {0};
    step(s, "publish");
    int32_t rc = s->files->publish(s->files_self, stage, &reason);
    step(s, "publish done");
    return judge(s, rc, &reason);
}

static void SHK_CALL unstage_file(void *self, void *stage, int32_t keep) {
    struct services_fake *s = self;
    step(s, "unstage");
    s->files->unstage(s->files_self, stage, keep != 0);
    step(s, "unstage done");
}

static int32_t SHK_CALL remove_file(void *self, const char *path) {
    struct services_fake *s = self;
    struct fault reason = {0};
    step(s, "remove");
    int32_t rc = s->files->remove(s->files_self, path, &reason);
    step(s, "remove done");
    return judge(s, rc, &reason);
}

static int32_t SHK_CALL note(void *self, const char *text) {
    struct services_fake *s = self;
    if (strlen(text) >= sizeof s->note) {
        return fault_raise(&s->why, SHK_E_ARGUMENT);
    }
    step(s, "note");
    int32_t rc = s->keep != NULL ? s->keep(s, text) : SHK_OK;
    if (rc == SHK_OK) {
        text_copy(s->note, sizeof s->note, text);
        s->notes++;
    }
    step(s, "note done");
    return rc == SHK_OK ? rc : fault_raise(&s->why, rc);
}

static int32_t SHK_CALL lock_file(void *self, const char *path, int32_t wait_ms, void **lock) {
    struct services_fake *s = self;
    step(s, "lock");
    int32_t rc = s->files->lock(s->files_self, path, wait_ms, lock, &s->why);
    step(s, "lock done");
    return rc;
}

static void SHK_CALL unlock_file(void *self, void *lock) {
    struct services_fake *s = self;
    step(s, "unlock");
    s->files->unlock(s->files_self, lock);
    step(s, "unlock done");
}

static int32_t SHK_CALL stopping(void *self) {
    (void)self;
    return 0;
}

void services_fake_init(struct services_fake *s, const struct file_ops *files, void *files_self) {
    *s = (struct services_fake){.files = files, .files_self = files_self, .wall_s = 1775001600};
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
                              .unlock_file = unlock_file,
                              .note = note,
                              .stage_file = stage_file,
                              .publish_file = publish_file,
                              .unstage_file = unstage_file,
                              .remove_file = remove_file,
                              .stopping = stopping,
                              .pause = pause_ms,
                              .wall_s = wall_s};
}
