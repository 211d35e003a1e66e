#include "files_fake.h"

#include <stdlib.h>
#include <string.h>

void files_fake_init(struct files_fake *f, const char *folder) {
    *f = (struct files_fake){0};
    text_copy(f->folder, sizeof f->folder, folder);
}

void files_fake_clear(struct files_fake *f) {
    for (size_t i = 0; i < f->files_n; i++) {
        bytes_clear(&f->file[i].content);
    }
    *f = (struct files_fake){0};
}

static struct files_fake_file *find(const struct files_fake *f, const char *path) {
    for (size_t i = 0; i < f->files_n; i++) {
        if (text_equal(f->file[i].path, path)) {
            return (struct files_fake_file *)&f->file[i];
        }
    }
    return NULL;
}

static int32_t store(struct files_fake *f, const char *path, const uint8_t *p, size_t n) {
    struct files_fake_file *file = find(f, path);
    if (file == NULL) {
        if (f->files_n == FILES_FAKE_MAX) {
            return SHK_E_DISK_FULL;
        }
        file = &f->file[f->files_n++];
        text_copy(file->path, sizeof file->path, path);
    }
    bytes_clear(&file->content);
    return bytes_append(&file->content, p, n);
}

void files_fake_set(struct files_fake *f, const char *path, const char *content) {
    (void)store(f, path, (const uint8_t *)content, strlen(content));
}

const char *files_fake_get(const struct files_fake *f, const char *path) {
    const struct files_fake_file *file = find(f, path);
    return file != NULL ? bytes_text(&file->content) : NULL;
}

void files_fake_fail(struct files_fake *f, enum files_fake_step step, int32_t code, int32_t after) {
    f->fail_at = step;
    f->fail_code = code;
    f->fail_after = after;
}

static bool fails(struct files_fake *f, enum files_fake_step step) {
    return f->fail_at == step && f->fail_after-- <= 0;
}

static int32_t fault_now(struct files_fake *f, struct fault *why) {
    return fault_set(why, f->fail_code, SHK_NATIVE_OS, 5, NULL);
}

static bool in_folder(const struct files_fake *f, const char *path) {
    return f->folder[0] != '\0' && text_starts(path, f->folder);
}

static int32_t files_read(void *self, const char *path, size_t max, struct bytes *out,
                          struct fault *why) {
    struct files_fake *f = self;
    bytes_clear(out);
    if (fails(f, FILES_FAKE_READ)) {
        return fault_now(f, why);
    }
    const struct files_fake_file *file = find(f, path);
    if (file == NULL) {
        return fault_raise(why, SHK_E_ABSENT);
    }
    if (file->content.n > max) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    return bytes_append(out, file->content.p, file->content.n);
}

static int32_t files_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                         struct fault *why) {
    struct files_fake *f = self;
    f->puts++;
    if (!in_folder(f, path)) {
        return fault_raise(why, SHK_E_FOLDER_MISSING);
    }
    for (int step = FILES_FAKE_OPEN; step <= FILES_FAKE_RENAME; step++) {
        if (fails(f, (enum files_fake_step)step)) {
            return fault_now(f, why);
        }
    }
    if (f->meanwhile != NULL) {
        f->meanwhile(f);
    }
    if (!replace && find(f, path) != NULL) {
        return fault_raise(why, SHK_E_FILE_EXISTS);
    }
    int32_t rc = store(f, path, p, n);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    return fails(f, FILES_FAKE_LATE) ? fault_now(f, why) : SHK_OK;
}

static bool files_is_folder(void *self, const char *path) {
    return text_equal(((struct files_fake *)self)->folder, path);
}

static int32_t files_lock(void *self, const char *path, int32_t wait_ms, void **lock,
                          struct fault *why) {
    struct files_fake *f = self;
    (void)wait_ms;
    *lock = NULL;
    if (fails(f, FILES_FAKE_LOCK)) {
        return fault_now(f, why);
    }
    f->locks++;
    *lock = text_dup(path);
    return *lock != NULL ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

static void files_unlock(void *self, void *lock) {
    ((struct files_fake *)self)->unlocks++;
    free(lock);
}

const struct file_ops files_fake_ops = {
    .read = files_read,
    .put = files_put,
    .is_folder = files_is_folder,
    .lock = files_lock,
    .unlock = files_unlock,
};
