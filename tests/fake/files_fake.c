#include "files_fake.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"

#define FOLDERS (FILES_FAKE_FOLDERS_MAX + 1)

struct opened {
    struct bytes
        content; /* as it was then: a file that is gone from its folder is read to the end */
    size_t at;
};

struct staging {
    char staged[1100], path[1100];
    bool replace, old_there;
    uint64_t old;
};

struct watching {
    char folder[256];
    uint64_t seen;
};

void files_fake_init(struct files_fake *f, const char *folder) {
    memset(f, 0, sizeof *f);
    text_copy(f->folder, sizeof f->folder, folder);
    f->now_s = 1;
}

void files_fake_clear(struct files_fake *f) {
    for (size_t i = 0; i < f->files_n; i++) {
        bytes_clear(&f->file[i].content);
    }
    memset(f, 0, sizeof *f);
}

static char *folder_at(const struct files_fake *f, size_t i) {
    return (char *)(i == 0 ? f->folder : f->more[i - 1]);
}

/* Its index, or FOLDERS. */
static size_t find_folder(const struct files_fake *f, const char *folder) {
    size_t i = 0;
    while (i < FOLDERS && (folder[0] == '\0' || !text_equal(folder_at(f, i), folder))) {
        i++;
    }
    return i;
}

static bool lies_in(const char *path, const char *folder) {
    size_t n = strlen(folder);
    if (n == 0 || !text_starts(path, folder)) {
        return false;
    }
    bool ends = folder[n - 1] == '/' || folder[n - 1] == '\\';
    return path + n + (ends ? 0 : 1) == text_file_name(path);
}

/* The folder that a path lies in, or FOLDERS. */
static size_t folder_of(const struct files_fake *f, const char *path) {
    size_t i = 0;
    while (i < FOLDERS && !lies_in(path, folder_at(f, i))) {
        i++;
    }
    return i;
}

static void notice(struct files_fake *f, const char *path) {
    size_t folder = folder_of(f, path);
    if (folder < FOLDERS) {
        f->changes[folder]++;
    }
}

static struct files_fake_file *find(const struct files_fake *f, const char *path) {
    for (size_t i = 0; i < f->files_n; i++) {
        if (text_equal(f->file[i].path, path)) {
            return (struct files_fake_file *)&f->file[i];
        }
    }
    return NULL;
}

static struct files_fake_file *make(struct files_fake *f, const char *path) {
    struct files_fake_file *file = find(f, path);
    if (file == NULL && f->files_n < FILES_FAKE_MAX) {
        file = &f->file[f->files_n++];
        text_copy(file->path, sizeof file->path, path);
    }
    return file;
}

/* Whole or not at all. */
static int32_t store(struct files_fake *f, const char *path, const uint8_t *p, size_t n) {
    struct bytes content = {0};
    if (bytes_append(&content, p, n) != SHK_OK) {
        return SHK_E_MEMORY;
    }
    struct files_fake_file *file = make(f, path);
    if (file == NULL) {
        bytes_clear(&content);
        return SHK_E_DISK_FULL;
    }
    bytes_clear(&file->content);
    file->content = content;
    file->modified_s = f->now_s;
    file->version = ++f->versions;
    notice(f, path);
    return SHK_OK;
}

void files_fake_add_folder(struct files_fake *f, const char *folder) {
    for (size_t i = 0; i < FOLDERS && find_folder(f, folder) == FOLDERS; i++) {
        if (folder_at(f, i)[0] == '\0') {
            text_copy(folder_at(f, i), sizeof f->folder, folder);
            f->changes[i]++;
        }
    }
}

void files_fake_drop_folder(struct files_fake *f, const char *folder) {
    size_t at = find_folder(f, folder);
    for (size_t i = f->files_n; at < FOLDERS && i-- > 0;) {
        if (folder_of(f, f->file[i].path) == at) {
            files_fake_drop(f, f->file[i].path);
        }
    }
    if (at < FOLDERS) {
        folder_at(f, at)[0] = '\0';
    }
}

void files_fake_set(struct files_fake *f, const char *path, const char *content) {
    files_fake_set_n(f, path, content, strlen(content));
}

void files_fake_set_n(struct files_fake *f, const char *path, const void *p, size_t n) {
    (void)store(f, path, p, n);
}

void files_fake_drop(struct files_fake *f, const char *path) {
    struct files_fake_file *file = find(f, path);
    if (file == NULL) {
        return;
    }
    struct files_fake_file *last = &f->file[--f->files_n];
    bytes_clear(&file->content);
    if (file != last) {
        *file = *last;
    }
    memset(last, 0, sizeof *last);
}

void files_fake_move(struct files_fake *f, const char *from, const char *to) {
    char old[sizeof f->file[0].path];
    text_copy(old, sizeof old, from);
    if (find(f, old) == NULL || text_equal(old, to)) {
        return;
    }
    files_fake_drop(f, to);
    text_copy(find(f, old)->path, sizeof f->file[0].path, to);
    notice(f, to);
}

const char *files_fake_get(const struct files_fake *f, const char *path) {
    const struct files_fake_file *file = find(f, path);
    return file != NULL ? bytes_text(&file->content) : NULL;
}

const struct files_fake_file *files_fake_find(const struct files_fake *f, const char *path) {
    return find(f, path);
}

size_t files_fake_count(const struct files_fake *f, const char *folder) {
    size_t n = 0, at = find_folder(f, folder);
    for (size_t i = 0; i < f->files_n; i++) {
        n += at < FOLDERS && folder_of(f, f->file[i].path) == at ? 1 : 0;
    }
    return n;
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

static struct files_fake *enter(void *self, enum files_fake_call call, const char *path) {
    struct files_fake *f = self;
    if (f->other != NULL) {
        f->other(f, call, path);
    }
    return f;
}

static int32_t files_read(void *self, const char *path, size_t max, struct bytes *out,
                          struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_READ, path);
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
    struct files_fake *f = enter(self, FILES_CALL_PUT, path);
    f->puts++;
    if (folder_of(f, path) == FOLDERS) {
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

static int32_t stage_content(struct files_fake *f, const struct staging *stage, const uint8_t *p,
                             size_t n, struct fault *why) {
    for (int step = FILES_FAKE_OPEN; step <= FILES_FAKE_FLUSH; step++) {
        if (fails(f, (enum files_fake_step)step)) {
            return fault_now(f, why);
        }
    }
    int32_t rc = store(f, stage->staged, p, n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t stage_steps(struct files_fake *f, struct staging *stage, const uint8_t *p, size_t n,
                           struct fault *why) {
    const struct files_fake_file *old = find(f, stage->path);
    stage->old_there = old != NULL;
    stage->old = old != NULL ? old->version : 0;
    if (folder_of(f, stage->path) == FOLDERS) {
        return fault_raise(why, SHK_E_FOLDER_MISSING);
    }
    if (p == NULL && find(f, stage->staged) == NULL) {
        return fault_raise(why, SHK_E_ABSENT);
    }
    if (!stage->replace && old != NULL) {
        return fault_raise(why, SHK_E_FILE_EXISTS);
    }
    return p == NULL ? SHK_OK : stage_content(f, stage, p, n, why);
}

static int32_t files_stage(void *self, const char *staged, const char *path, const uint8_t *p,
                           size_t n, bool replace, void **out, struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_STAGE, path);
    struct staging *stage = calloc(1, sizeof *stage);
    *out = NULL;
    if (stage == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    f->stages++;
    stage->replace = replace;
    text_copy(stage->path, sizeof stage->path, path);
    text_format(stage->staged, sizeof stage->staged, "%.*s%s", (int)(text_file_name(path) - path),
                path, staged);
    int32_t rc = stage_steps(f, stage, p, n, why);
    if (rc != SHK_OK) {
        free(stage);
        return rc;
    }
    f->stages_left++;
    *out = stage;
    return SHK_OK;
}

static bool is_taken(const struct files_fake *f, const struct staging *stage) {
    const struct files_fake_file *now = find(f, stage->path);
    if (!stage->replace) {
        return now != NULL;
    }
    return (now != NULL) != stage->old_there || (now != NULL && now->version != stage->old);
}

static int32_t publish_steps(struct files_fake *f, const struct staging *stage, struct fault *why) {
    f->publishes++;
    if (fails(f, FILES_FAKE_RENAME)) {
        return fault_now(f, why);
    }
    if (f->meanwhile != NULL) {
        f->meanwhile(f);
    }
    if (find(f, stage->staged) == NULL) {
        return fault_raise(why, SHK_E_ABSENT);
    }
    if (is_taken(f, stage)) {
        return fault_raise(why, SHK_E_FILE_EXISTS);
    }
    files_fake_move(f, stage->staged, stage->path);
    return fails(f, FILES_FAKE_LATE) ? fault_now(f, why) : SHK_OK;
}

static int32_t files_publish(void *self, void *handle, struct fault *why) {
    struct staging *stage = handle;
    struct files_fake *f = enter(self, FILES_CALL_PUBLISH, stage->path);
    int32_t rc = publish_steps(f, stage, why);
    f->stages_left--;
    free(stage);
    return rc;
}

static void files_unstage(void *self, void *handle, bool keep) {
    struct files_fake *f = self;
    struct staging *stage = handle;
    if (stage == NULL) {
        return;
    }
    if (!keep) {
        files_fake_drop(f, stage->staged);
    }
    f->stages_left--;
    free(stage);
}

static bool files_is_folder(void *self, const char *path) {
    return find_folder(self, path) < FOLDERS;
}

static int32_t files_lock(void *self, const char *path, int32_t wait_ms, void **lock,
                          struct fault *why) {
    struct files_fake *f = self;
    (void)wait_ms;
    *lock = NULL;
    if (fails(f, FILES_FAKE_LOCK)) {
        return fault_now(f, why);
    }
    *lock = text_dup(path);
    if (*lock == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    f->locks++;
    return SHK_OK;
}

static void files_unlock(void *self, void *lock) {
    ((struct files_fake *)self)->unlocks++;
    free(lock);
}

/* From the last one to the first, so that `each` may remove what it is told of. */
static int32_t files_list(void *self, const char *folder,
                          bool (*each)(void *who, const struct file_entry *entry), void *who,
                          struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_LIST, folder);
    size_t at = find_folder(f, folder);
    bool more = true;
    if (fails(f, FILES_FAKE_LIST)) {
        return fault_now(f, why);
    }
    if (at == FOLDERS) {
        return fault_raise(why, SHK_E_FOLDER_MISSING);
    }
    for (size_t i = f->files_n; more && i-- > 0;) {
        char path[sizeof f->file[0].path];
        const struct files_fake_file *file = &f->file[i];
        text_copy(path, sizeof path, file->path);
        const char *name = text_file_name(path);
        if (folder_of(f, path) == at && !platform_is_unfinished(name)) {
            const struct file_entry entry = {name, file->content.n, file->modified_s};
            more = each(who, &entry);
        }
    }
    return SHK_OK;
}

/* The folders that were made known and lie directly in this one. */
static int32_t files_list_folders(void *self, const char *folder,
                                  bool (*each)(void *who, const char *name), void *who,
                                  struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_LIST, folder);
    bool more = true;
    if (fails(f, FILES_FAKE_LIST)) {
        return fault_now(f, why);
    }
    if (find_folder(f, folder) == FOLDERS) {
        return fault_raise(why, SHK_E_FOLDER_MISSING);
    }
    for (size_t i = 0; more && i < FOLDERS; i++) {
        if (lies_in(folder_at(f, i), folder)) {
            more = each(who, text_file_name(folder_at(f, i)));
        }
    }
    return SHK_OK;
}

static int32_t files_remove(void *self, const char *path, struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_REMOVE, path);
    if (fails(f, FILES_FAKE_REMOVE)) {
        return fault_now(f, why);
    }
    if (find(f, path) == NULL) {
        return fault_raise(why, SHK_E_ABSENT);
    }
    f->removes++;
    files_fake_drop(f, path);
    return SHK_OK;
}

static int32_t files_open(void *self, const char *path, void **file, struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_OPEN, path);
    *file = NULL;
    if (fails(f, FILES_FAKE_OPENED)) {
        return fault_now(f, why);
    }
    const struct files_fake_file *found = find(f, path);
    struct opened *opened = found != NULL ? calloc(1, sizeof *opened) : NULL;
    if (opened == NULL) {
        return fault_raise(why, found == NULL ? SHK_E_ABSENT : SHK_E_MEMORY);
    }
    if (bytes_append(&opened->content, found->content.p, found->content.n) != SHK_OK) {
        free(opened);
        return fault_raise(why, SHK_E_MEMORY);
    }
    f->opens++;
    *file = opened;
    return SHK_OK;
}

static int32_t files_next(void *self, void *file, uint8_t *p, size_t cap, size_t *n,
                          struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_NEXT, "");
    struct opened *opened = file;
    *n = 0;
    if (fails(f, FILES_FAKE_NEXT)) {
        return fault_now(f, why);
    }
    size_t left = opened->content.n - opened->at;
    size_t most = f->piece > 0 && f->piece < cap ? f->piece : cap;
    *n = left < most ? left : most;
    if (*n > 0) {
        memcpy(p, opened->content.p + opened->at, *n);
    }
    opened->at += *n;
    return SHK_OK;
}

static void files_close(void *self, void *file) {
    struct opened *opened = file;
    if (opened != NULL) {
        ((struct files_fake *)self)->closes++;
        bytes_clear(&opened->content);
        free(opened);
    }
}

/* Room for `at` bytes of the old content and n of the new. */
static int32_t rewrite(struct files_fake *f, const char *path, uint64_t at, const uint8_t *p,
                       size_t n) {
    struct files_fake_file *file = make(f, path);
    if (file == NULL) {
        return SHK_E_DISK_FULL;
    }
    file->content.n = (size_t)at;
    if (file->content.p != NULL) {
        file->content.p[at] = 0;
    }
    file->modified_s = f->now_s;
    file->version = ++f->versions;
    notice(f, path);
    return bytes_append(&file->content, p, n);
}

static int32_t files_write_at(void *self, const char *path, uint64_t at, const uint8_t *p, size_t n,
                              struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_WRITE_AT, path);
    f->writes_at++;
    if (fails(f, FILES_FAKE_WRITE_AT)) {
        return fault_now(f, why);
    }
    const struct files_fake_file *file = find(f, path);
    if (folder_of(f, path) == FOLDERS) {
        return fault_raise(why, SHK_E_FOLDER_MISSING);
    }
    if (file == NULL && at > 0) {
        return fault_raise(why, SHK_E_ABSENT);
    }
    if (file != NULL && file->content.n < at) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    bool torn = fails(f, FILES_FAKE_TORN_AT);
    int32_t rc = rewrite(f, path, at, p, torn ? n / 2 : n);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    return torn || fails(f, FILES_FAKE_LATE_AT) ? fault_now(f, why) : SHK_OK;
}

static int32_t files_watch(void *self, const char *folder, void **watch, struct fault *why) {
    struct files_fake *f = enter(self, FILES_CALL_WATCH, folder);
    *watch = NULL;
    if (fails(f, FILES_FAKE_WATCH)) {
        return fault_now(f, why);
    }
    size_t at = find_folder(f, folder);
    struct watching *w = at < FOLDERS ? calloc(1, sizeof *w) : NULL;
    if (w == NULL) {
        return fault_raise(why, at == FOLDERS ? SHK_E_FOLDER_MISSING : SHK_E_MEMORY);
    }
    text_copy(w->folder, sizeof w->folder, folder);
    w->seen = f->changes[at];
    f->watches++;
    *watch = w;
    return SHK_OK;
}

static void let_pass(struct files_fake *f, int32_t ms) {
    if (ms <= 0) {
        return;
    }
    f->waited_ms += ms;
    if (f->clock != NULL) {
        f->clock->mono_ms += ms;
        f->clock->wall_ms += ms;
        f->now_s = f->clock->wall_ms / 1000;
    }
}

static bool files_changed(void *self, void *watch, int32_t ms) {
    struct watching *w = watch;
    struct files_fake *f = enter(self, FILES_CALL_CHANGED, w->folder);
    size_t at = find_folder(f, w->folder);
    if (at < FOLDERS && !f->deaf && f->changes[at] != w->seen) {
        w->seen = f->changes[at];
        return true;
    }
    let_pass(f, ms);
    return false;
}

static void files_unwatch(void *self, void *watch) {
    if (watch != NULL) {
        ((struct files_fake *)self)->unwatches++;
        free(watch);
    }
}

const struct file_ops files_fake_ops = {
    .read = files_read,
    .put = files_put,
    .is_folder = files_is_folder,
    .lock = files_lock,
    .unlock = files_unlock,
    .list = files_list,
    .remove = files_remove,
    .open = files_open,
    .open_input = files_open,
    .next = files_next,
    .close = files_close,
    .write_at = files_write_at,
    .watch = files_watch,
    .changed = files_changed,
    .unwatch = files_unwatch,
    .list_folders = files_list_folders,
    .stage = files_stage,
    .publish = files_publish,
    .unstage = files_unstage,
};
