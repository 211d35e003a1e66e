#include <stdlib.h>
#include <string.h>

#include "arrival_text.h"
#include "crypto.h"
#include "log.h"

#define SLICE_MS  500 /* between two looks when no notice comes, and two questions whether to stop */
#define RECENT_MS 300  /* the same while a state of the file may still change */
#define STABLE_MS 2000 /* a file that is still being written changes within this time */
#define OPEN_MS   3000 /* the same for one whose last line has no end: it looks cut off */
#define RAW_MAX   (2 * APP_TEXT_MAX + 2) /* UTF-16 with its mark */

/* The key of the configuration that names the file. */
#define PLACE "app.file"

/* One state of the file. */
struct sight {
    bool there;  /* it could be read, and digest is of it */
    bool listed; /* size and modified_s are of it */
    uint64_t size;
    int64_t modified_s;
    uint8_t digest[32];
};

struct file_arrivals {
    const struct env *env;
    struct log *log;
    const struct app_words *words;
    char *path, *folder;
    const char *name; /* in path */
    void *notices;
    struct sight done;     /* the state that was given or found to be of no use */
    bool unread;           /* the start could not read the file: done is only what is listed */
    struct sight maybe;    /* one that may still change */
    int64_t maybe_from_ms; /* since when it has not changed */
    int32_t told;          /* the fault that was reported and still lasts */
};

/* Looks for one name in a folder. */
struct search {
    const char *name;
    struct sight *sight;
    bool found;
};

static int64_t now_ms(const struct file_arrivals *a) {
    return a->env->clock->mono_ms(a->env->clock_self);
}

static char fold(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Windows finds a file under a name that is written otherwise. */
static bool is_alike(const char *a, const char *b) {
    while (*a != '\0' && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool compare_name(void *who, const struct file_entry *entry) {
    struct search *s = who;
    bool exact = text_equal(entry->name, s->name);
    if (exact || (!s->found && is_alike(entry->name, s->name))) {
        s->found = true;
        s->sight->listed = true;
        s->sight->size = entry->size;
        s->sight->modified_s = entry->modified_s;
    }
    return !exact;
}

/* The fault of reading, in the words for an input. */
static int32_t unreadable(const struct fault *unread, struct fault *why) {
    return fault_set(why, SHK_E_FILE_READ, unread->native_kind, unread->native, PLACE);
}

/* What there is to see of the file now, and its bytes. A file that is not there is no fault, nor is
 * one that its writer still holds: SHK_E_TIMEOUT. */
static int32_t see(const struct file_arrivals *a, struct sight *sight, struct bytes *raw,
                   struct fault *why) {
    const struct file_ops *files = a->env->files;
    struct fault unread = {0};
    struct search search = {.name = a->name, .sight = sight};
    *sight = (struct sight){0};
    int32_t rc = files->list(a->env->files_self, a->folder, compare_name, &search, &unread);
    if (rc != SHK_OK) {
        return unreadable(&unread, why);
    }
    rc = files->read(a->env->files_self, a->path, RAW_MAX, raw, &unread);
    if (rc == SHK_E_ABSENT) {
        *sight = (struct sight){0};
        return SHK_OK;
    }
    if (rc == SHK_E_FOLDER_LOCKED) {
        return SHK_E_TIMEOUT;
    }
    if (rc == SHK_OK) {
        rc = sha256(raw->p, raw->n, sight->digest);
        sight->there = true;
        return rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    return rc == SHK_E_ARGUMENT ? fault_raise(why, SHK_E_FILE_TOO_LARGE) : unreadable(&unread, why);
}

static bool is_same(const struct sight *a, const struct sight *b) {
    return a->there == b->there &&
           (!a->there || (a->size == b->size && a->modified_s == b->modified_s &&
                          memcmp(a->digest, b->digest, sizeof a->digest) == 0));
}

/* The last byte but that of a wide character's other half. */
static bool ends_line(const struct bytes *raw) {
    size_t n = raw->n;
    n -= n > 1 && raw->p[n - 1] == 0 ? 1 : 0;
    return n > 0 && (raw->p[n - 1] == '\n' || raw->p[n - 1] == '\r');
}

/* True when this state was seen for long enough. A torn text lacks what decides over it, and its writer
 * may pause between two parts. Only our own clock counts: the time of a file on a share is the
 * server's. */
static bool is_stable(struct file_arrivals *a, const struct sight *now, const struct bytes *raw) {
    int64_t ms = now_ms(a);
    if (!a->maybe.there || !is_same(now, &a->maybe)) {
        a->maybe = *now;
        a->maybe_from_ms = ms;
        return false;
    }
    return ms - a->maybe_from_ms >= (ends_line(raw) ? STABLE_MS : OPEN_MS);
}

/* The first sight after a start that could not read: true when it is of what lay there at the start. */
static bool is_from_before(struct file_arrivals *a, const struct sight *now) {
    bool unread = a->unread;
    a->unread = false;
    return unread && (!a->done.listed ||
                      (now->size == a->done.size && now->modified_s == a->done.modified_s));
}

static int32_t give(struct file_arrivals *a, const struct bytes *raw, struct arrival *out,
                    struct fault *why) {
    struct bytes text = {0};
    int32_t rc = arrival_decode(raw, &text);
    if (rc == SHK_OK && text.n > APP_TEXT_MAX) {
        bytes_clear(&text);
        rc = SHK_E_FILE_TOO_LARGE;
    } else if (rc == SHK_OK) {
        rc = arrival_take_text(&text, a->words, out);
    } else if (rc == SHK_E_XML_ENCODING) {
        rc = SHK_E_APP_TEXT;
    }
    if (rc == SHK_E_APP_TEXT && arrival_is_spoilt(raw, a->words)) {
        rc = SHK_E_XML_ENCODING;
    }
    if (rc == SHK_E_APP_TEXT) {
        log_event(a->log, SHK_LOG_INFO, "file.ignored", "bytes", (int64_t)raw->n);
        return SHK_E_TIMEOUT;
    }
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* One look. SHK_E_TIMEOUT: nothing for us is there. */
static int32_t look(struct file_arrivals *a, struct arrival *out, struct fault *why) {
    struct bytes raw = {0};
    struct sight now;
    int32_t rc = see(a, &now, &raw, why);
    if (rc != SHK_OK) {
        a->maybe = (struct sight){0};
        goto done;
    }
    a->told = SHK_OK;
    rc = SHK_E_TIMEOUT;
    if (is_from_before(a, &now) || !now.there || is_same(&now, &a->done)) {
        a->maybe = (struct sight){0};
        a->done = now;
    } else if (is_stable(a, &now, &raw)) {
        a->done = now;
        a->maybe = (struct sight){0};
        rc = give(a, &raw, out, why);
    }
done:
    bytes_clear(&raw);
    return rc;
}

/* A fault that lasts is reported once: the next call goes on waiting for its end. */
static bool is_news(struct file_arrivals *a, int32_t rc) {
    bool lasting = rc == SHK_E_FILE_READ || rc == SHK_E_FILE_TOO_LARGE;
    bool news = !lasting || a->told != rc;
    a->told = lasting ? rc : a->told;
    return news;
}

static void sleep_or_notice(struct file_arrivals *a, int64_t left) {
    const struct file_ops *files = a->env->files;
    int64_t most = a->maybe.there ? RECENT_MS : SLICE_MS;
    (void)files->changed(a->env->files_self, a->notices, (int32_t)(left < most ? left : most));
}

static int32_t wait(void *self, int32_t ms, struct arrival *out, const struct watch *watch,
                    struct fault *why) {
    struct file_arrivals *a = self;
    int64_t end = now_ms(a) + ms;
    *out = (struct arrival){0};
    for (;;) {
        struct fault found = {0};
        if (watch_stopped(watch)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        int32_t rc = look(a, out, &found);
        if (rc != SHK_E_TIMEOUT && is_news(a, rc)) {
            return rc == SHK_OK ? rc : fault_set(why, rc, found.native_kind, found.native, PLACE);
        }
        int64_t left = end - now_ms(a);
        if (left <= 0) {
            return fault_raise(why, SHK_E_TIMEOUT);
        }
        sleep_or_notice(a, left);
    }
}

/* The file is its writer's: whoever copied into it decides when it goes. */
static void settle(void *self, bool good) {
    (void)self, (void)good;
}

static void free_arrivals(void *self) {
    struct file_arrivals *a = self;
    if (a == NULL) {
        return;
    }
    if (a->notices != NULL) {
        a->env->files->unwatch(a->env->files_self, a->notices);
    }
    free(a->path);
    free(a->folder);
    memory_wipe(a, sizeof *a);
    free(a);
}

static const struct arrival_ops file_ops = {.wait = wait, .settle = settle, .free = free_arrivals};

/* "." for a bare name; the root keeps its separator. */
static char *folder_of(const char *path, const char *name) {
    size_t n = (size_t)(name - path);
    return n == 0 ? text_dup(".") : text_dup_n(path, n > 1 ? n - 1 : n);
}

static int32_t start(struct file_arrivals *a, const char *path, struct fault *why) {
    struct fault unread = {0};
    struct bytes raw = {0};
    a->path = text_dup(path);
    a->name = a->path != NULL ? text_file_name(a->path) : NULL;
    a->folder = a->path != NULL ? folder_of(a->path, a->name) : NULL;
    if (a->folder == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (a->env->files->watch(a->env->files_self, a->folder, &a->notices, &unread) != SHK_OK) {
        return unreadable(&unread, why);
    }
    /* What cannot be read now is reported by wait; it counts as seen all the same. */
    a->unread = see(a, &a->done, &raw, NULL) != SHK_OK;
    bytes_clear(&raw);
    return SHK_OK;
}

int32_t file_arrivals_new(const char *path, const struct app_words *words, const struct env *env,
                          struct log *log, struct arrival_source *out, struct fault *why) {
    *out = (struct arrival_source){0};
    struct file_arrivals *a = calloc(1, sizeof *a);
    if (a == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    *a = (struct file_arrivals){.env = env, .log = log, .words = words};
    int32_t rc = start(a, path, why);
    if (rc != SHK_OK) {
        free_arrivals(a);
        return rc;
    }
    *out = (struct arrival_source){&file_ops, a};
    return SHK_OK;
}
