#include "folder_face.h"

#include <string.h>

#include "folder_terminal.h"
#include "folder_wait.h"
#include "log.h"

/* A file changed within the same second keeps its time: one given a moment ago is read once more. */
#define FRESH_S 5

static int64_t now_ms(const struct folder_face *f) {
    return f->env->clock->mono_ms(f->env->clock_self);
}

static struct face_file *find(struct folder_face *f, const char *name) {
    for (size_t i = 0; i < f->files_n; i++) {
        if (!f->file[i].ready && text_equal(f->file[i].name, name)) {
            return &f->file[i];
        }
    }
    return NULL;
}

static void drop(struct folder_face *f, size_t at) {
    struct face_file *file = &f->file[at];
    f->bytes -= file->body.n;
    bytes_clear(&file->body);
    f->files_n--;
    memmove(file, file + 1, (f->files_n - at) * sizeof *file);
}

/* `content` is 0 when it was not given: then its stamp alone is known. */
static bool remember(struct folder_face *f, const struct face_file *file, uint64_t content) {
    const struct file_entry entry = {file->name, file->size, file->modified_s};
    bool good = seen_put(&f->seen, &entry, content) == SHK_OK;
    if (!good) {
        log_event(f->log, SHK_LOG_WARN, "face.memory", "files", (int64_t)f->seen.n);
    }
    return good;
}

/* Not remembered it would be given again: as long as it lies there, the next look tries once more. */
static void make_ready(struct folder_face *f, struct face_file *file, bool whole) {
    if (!remember(f, file, seen_hash(file->body.p, file->body.n)) && file->listed) {
        return;
    }
    file->ready = true;
    log_event(f->log, SHK_LOG_INFO, "face.arrived", "bytes,whole,gone", (int64_t)file->body.n,
              (int64_t)whole, (int64_t)!file->listed);
}

/* Read while the very same content was being written over itself, it looked like another for a moment. */
static bool was_given(struct folder_face *f, const struct face_file *file) {
    const struct seen_file *seen = seen_find(&f->seen, file->name);
    return seen != NULL && seen->content != 0 &&
           seen->content == seen_hash(file->body.p, file->body.n);
}

static bool is_whole(const struct bytes *body) {
    struct oqs_message message;
    bool whole = oqs_message_read(body->p, body->n, &message);
    memory_wipe(&message, sizeof message);
    return whole;
}

static int32_t read_name(const struct folder_face *f, const char *name, struct bytes *out) {
    char path[FOLDER_PATH_ROOM];
    if (!terminal_path(path, f->folder, name)) {
        return SHK_E_ARGUMENT;
    }
    return terminal_read(f->env, path, FOLDER_RESULT_MOST, out, NULL);
}

static bool same_bytes(const struct bytes *a, const struct bytes *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static void keep_reading(struct folder_face *f, struct face_file *file, struct bytes *now) {
    f->bytes = f->bytes - file->body.n + now->n;
    bytes_clear(&file->body);
    file->body = *now;
    *now = (struct bytes){0};
    file->read = true;
    file->known = false;
    file->since_ms = now_ms(f);
}

/* Reads once more; ready when it is the same after its rest, and whole or hopeless. */
static void read_again(struct folder_face *f, struct face_file *file) {
    struct bytes now = {0};
    int32_t rc = read_name(f, file->name, &now);
    if (rc == SHK_E_ANSWER_TOO_LARGE) {
        log_event(f->log, SHK_LOG_WARN, "face.too_large", "bytes", (int64_t)file->size);
        (void)remember(f, file, 0);
        file->listed = file->read = false;
        return;
    }
    if (rc != SHK_OK) {
        /* Held or gone; the next listing knows. */
        return;
    }
    if (!file->read || !same_bytes(&file->body, &now)) {
        keep_reading(f, file, &now);
        return;
    }
    bytes_clear(&now);
    int64_t same_ms = now_ms(f) - file->since_ms;
    if (same_ms < f->stable_ms) {
        return;
    }
    bool whole = is_whole(&file->body);
    if (!whole && same_ms < (int64_t)f->stable_ms * FOLDER_BROKEN_AFTER) {
        return;
    }
    if (was_given(f, file)) {
        (void)remember(f, file, seen_hash(file->body.p, file->body.n));
        file->known = true;
        return;
    }
    make_ready(f, file, whole);
}

/* Moved away before its second reading: whole at the first one is enough. */
static bool settle_gone(struct folder_face *f, struct face_file *file) {
    if (was_given(f, file)) {
        return false;
    }
    if (file->read && is_whole(&file->body)) {
        make_ready(f, file, true);
        return true;
    }
    log_event(f->log, SHK_LOG_WARN, "face.lost", "bytes", (int64_t)file->body.n);
    return false;
}

static bool is_fresh(const struct folder_face *f, const struct file_entry *entry) {
    int64_t age_s = f->env->clock->wall_s(f->env->clock_self) - entry->modified_s;
    return age_s >= -FRESH_S && age_s <= FRESH_S;
}

/* A name that was given before and holds something else now. */
static bool is_rewritten(struct folder_face *f, struct seen_file *seen,
                         const struct file_entry *entry) {
    struct bytes now = {0};
    bool same_stamp = seen->size == entry->size && seen->modified_s == entry->modified_s;
    if (same_stamp && (seen->content == 0 || !is_fresh(f, entry))) {
        return false;
    }
    if (seen->content == 0 || read_name(f, entry->name, &now) != SHK_OK) {
        return !same_stamp;
    }
    bool other = seen_hash(now.p, now.n) != seen->content;
    bytes_clear(&now);
    if (!other) {
        seen->size = entry->size;
        seen->modified_s = entry->modified_s;
    }
    return other;
}

static bool is_new(struct folder_face *f, const struct file_entry *entry) {
    struct seen_file *seen = seen_find(&f->seen, entry->name);
    return seen != NULL ? is_rewritten(f, seen, entry) : !seen_is_old(&f->seen, entry);
}

/* One file of the listing. It is read here, not after the listing: it may not live that long. */
static bool look_at(void *who, const struct file_entry *entry) {
    struct folder_face *f = who;
    if (!folder_is_face(entry->name) || strlen(entry->name) >= FACE_NAME_MAX) {
        return true;
    }
    struct face_file *file = find(f, entry->name);
    if (file == NULL) {
        if (!is_new(f, entry)) {
            return true;
        }
        if (f->files_n == FACE_FILES_MAX || f->bytes >= FACE_BYTES_MAX) {
            /* Its turn comes when others were taken. */
            return true;
        }
        file = &f->file[f->files_n++];
        *file = (struct face_file){.since_ms = now_ms(f)};
        text_copy(file->name, sizeof file->name, entry->name);
    }
    file->listed = true;
    file->size = entry->size;
    file->modified_s = entry->modified_s;
    read_again(f, file);
    return true;
}

static int32_t list(struct folder_face *f, bool (*each)(void *who, const struct file_entry *entry),
                    struct fault *why) {
    struct fault inner = {0};
    seen_begin_look(&f->seen);
    int32_t rc = f->env->files->list(f->env->files_self, f->folder, each, f, &inner);
    return rc == SHK_OK ? rc : terminal_fault(why, &inner, "face");
}

int32_t face_look(struct folder_face *f, struct fault *why) {
    for (size_t i = 0; i < f->files_n; i++) {
        f->file[i].listed = false;
    }
    int32_t rc = list(f, look_at, why);
    if (rc != SHK_OK) {
        return rc;
    }
    for (size_t i = f->files_n; i > 0; i--) {
        struct face_file *file = &f->file[i - 1];
        if (!file->ready && (file->known || (!file->listed && !settle_gone(f, file)))) {
            drop(f, i - 1);
        }
    }
    return SHK_OK;
}

static bool skip(void *who, const struct file_entry *entry) {
    struct folder_face *f = who;
    return !folder_is_face(entry->name) || seen_put(&f->seen, entry, 0) == SHK_OK;
}

int32_t face_skip(struct folder_face *f, struct fault *why) {
    return list(f, skip, why);
}

static bool is_before(const struct face_file *a, const struct face_file *b) {
    return a->modified_s != b->modified_s ? a->modified_s < b->modified_s
                                          : strcmp(a->name, b->name) < 0;
}

bool face_take(struct folder_face *f, struct face_file *out) {
    size_t oldest = f->files_n;
    for (size_t i = 0; i < f->files_n; i++) {
        bool older = oldest == f->files_n || is_before(&f->file[i], &f->file[oldest]);
        if (f->file[i].ready && older) {
            oldest = i;
        }
    }
    if (oldest == f->files_n) {
        return false;
    }
    *out = f->file[oldest];
    f->bytes -= out->body.n;
    f->file[oldest].body = (struct bytes){0};
    drop(f, oldest);
    return true;
}

int32_t face_pause_ms(const struct folder_face *f, int32_t most) {
    for (size_t i = 0; i < f->files_n; i++) {
        const struct face_file *file = &f->file[i];
        int64_t left = file->since_ms + f->stable_ms - now_ms(f);
        if (!file->ready && left > 0 && left < most) {
            most = (int32_t)left;
        }
    }
    return most;
}

void face_clear(struct folder_face *f) {
    while (f->files_n > 0) {
        drop(f, f->files_n - 1);
    }
    seen_clear(&f->seen);
}
