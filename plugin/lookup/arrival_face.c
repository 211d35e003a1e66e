#include "arrival.h"

#include <stdlib.h>
#include <string.h>

#include "folder_face.h"
#include "folder_terminal.h"
#include "log.h"
#include "thread.h"

#define STOP_MS   500
#define BREATH_MS 10

/* A thread of its own looks all the time: another program may move a file away while the desk is busy
 * with the patient before. */
struct face_source {
    struct folder_face look; /* the thread's alone */
    const struct env *env;
    struct log *log;
    char *folder;
    int32_t poll_ms;
    bool delete_used;
    struct thread *thread;

    struct mutex *lock; /* guards what follows */
    struct condition *changed;
    struct face_file ready[FACE_FILES_MAX];
    size_t ready_n;
    struct fault fault; /* of an outage that was not reported yet */
    bool stop;

    char given[FACE_NAME_MAX]; /* the caller's: what settle speaks of */
    uint64_t given_hash;
};

static bool must_stop(struct face_source *s) {
    mutex_lock(s->lock);
    bool stop = s->stop;
    mutex_unlock(s->lock);
    return stop;
}

static void hand_over(struct face_source *s) {
    mutex_lock(s->lock);
    while (s->ready_n < FACE_FILES_MAX && face_take(&s->look, &s->ready[s->ready_n])) {
        s->ready_n++;
    }
    if (s->ready_n > 0) {
        condition_wake_all(s->changed);
    }
    mutex_unlock(s->lock);
}

/* An outage is told once; the folder may come back. */
static void note_outage(struct face_source *s, const struct fault *why, bool was_good) {
    if (!was_good) {
        return;
    }
    log_fault(s->log, why);
    mutex_lock(s->lock);
    s->fault = *why;
    condition_wake_all(s->changed);
    mutex_unlock(s->lock);
}

/* Until a notice comes or the next look is due. */
static void pause_thread(struct face_source *s, void *notice) {
    int32_t left = face_pause_ms(&s->look, s->poll_ms);
    bool noticed = false;
    while (left > 0 && !noticed && !must_stop(s)) {
        int32_t ms = left < STOP_MS ? left : STOP_MS;
        if (notice != NULL) {
            noticed = s->env->files->changed(s->env->files_self, notice, ms);
        } else {
            thread_sleep(ms);
        }
        left -= ms;
    }
    if (noticed) {
        thread_sleep(1);
    }
}

static void drop_notice(struct face_source *s, void **notice) {
    if (*notice != NULL) {
        s->env->files->unwatch(s->env->files_self, *notice);
        *notice = NULL;
    }
}

static void run(void *self) {
    struct face_source *s = self;
    void *notice = NULL;
    bool good = true;
    while (!must_stop(s)) {
        struct fault why = {0};
        if (notice == NULL &&
            s->env->files->watch(s->env->files_self, s->folder, &notice, NULL) != SHK_OK) {
            notice = NULL;
        }
        int32_t rc = face_look(&s->look, &why);
        if (rc == SHK_OK) {
            hand_over(s);
        } else {
            note_outage(s, &why, good);
            drop_notice(s, &notice);
        }
        good = rc == SHK_OK;
        pause_thread(s, notice);
    }
    drop_notice(s, &notice);
}

static bool take_ready(struct face_source *s, struct arrival *out) {
    if (s->ready_n == 0) {
        return false;
    }
    *out = (struct arrival){ARRIVAL_OQS, s->ready[0].body};
    text_copy(s->given, sizeof s->given, s->ready[0].name);
    s->given_hash = seen_hash(out->body.p, out->body.n);
    s->ready_n--;
    memmove(s->ready, s->ready + 1, s->ready_n * sizeof s->ready[0]);
    return true;
}

/* Under the lock. */
static int32_t take_or_fault(struct face_source *s, struct arrival *out, struct fault *why) {
    if (take_ready(s, out)) {
        return SHK_OK;
    }
    if (s->fault.code == SHK_OK) {
        return SHK_E_TIMEOUT;
    }
    const struct fault fault = s->fault;
    fault_clear(&s->fault);
    return fault_set(why, fault.code, fault.native_kind, fault.native, fault.where);
}

static int32_t wait(void *self, int32_t ms, struct arrival *out, const struct watch *watch,
                    struct fault *why) {
    struct face_source *s = self;
    int64_t end = s->env->clock->mono_ms(s->env->clock_self) + ms;
    int32_t rc = SHK_E_TIMEOUT;
    *out = (struct arrival){.form = ARRIVAL_OQS};
    for (;;) {
        if (watch_stopped(watch)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        int64_t left = end - s->env->clock->mono_ms(s->env->clock_self);
        mutex_lock(s->lock);
        rc = take_or_fault(s, out, why);
        if (rc == SHK_E_TIMEOUT && left > 0) {
            (void)condition_wait(s->changed, s->lock, left < STOP_MS ? (int32_t)left : STOP_MS);
        }
        mutex_unlock(s->lock);
        if (rc != SHK_E_TIMEOUT) {
            return rc;
        }
        if (left <= 0) {
            return fault_raise(why, rc);
        }
    }
}

/* Only the very file that was given: its name may hold the next patient by now. */
static void settle(void *self, bool good) {
    struct face_source *s = self;
    char path[FOLDER_PATH_ROOM];
    struct bytes now = {0};
    bool mine = good && s->delete_used && s->given[0] != '\0' &&
                terminal_path(path, s->folder, s->given) &&
                terminal_read(s->env, path, FOLDER_RESULT_MOST, &now, NULL) == SHK_OK &&
                seen_hash(now.p, now.n) == s->given_hash;
    bytes_clear(&now);
    s->given[0] = '\0';
    if (mine) {
        int32_t rc = s->env->files->remove(s->env->files_self, path, NULL);
        log_event(s->log, rc == SHK_OK ? SHK_LOG_INFO : SHK_LOG_WARN, "face.removed", "code",
                  (int64_t)rc);
    }
}

static void free_source(void *self) {
    struct face_source *s = self;
    if (s == NULL) {
        return;
    }
    if (s->thread != NULL) {
        mutex_lock(s->lock);
        s->stop = true;
        mutex_unlock(s->lock);
        /* It works with what the caller lent: no way to leave it behind. */
        while (!thread_join(s->thread, STOP_MS)) {
        }
    }
    for (size_t i = 0; i < s->ready_n; i++) {
        bytes_clear(&s->ready[i].body);
    }
    face_clear(&s->look);
    condition_free(s->changed);
    mutex_free(s->lock);
    free(s->folder);
    free(s);
}

static const struct arrival_ops face_ops = {wait, settle, free_source};

static int32_t start(struct face_source *s, bool existing, struct fault *why) {
    int32_t rc = existing ? SHK_OK : face_skip(&s->look, why);
    if (rc == SHK_OK) {
        s->thread = thread_start(run, s);
        rc = s->thread != NULL ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
    }
    return rc;
}

static struct face_source *make(const struct folder_settings *settings, const struct env *env,
                                struct log *log) {
    struct face_source *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->env = env;
    s->log = log;
    s->folder = text_dup(settings->face);
    s->poll_ms = settings->poll_ms > BREATH_MS ? settings->poll_ms : BREATH_MS;
    s->delete_used = settings->face_after == FACE_DELETE;
    s->lock = mutex_new();
    s->changed = condition_new();
    s->look.env = env;
    s->look.log = log;
    s->look.folder = s->folder;
    s->look.stable_ms = settings->stable_ms > 1 ? settings->stable_ms : 1;
    s->look.seen.most = FOLDER_SEEN_MOST;
    if (s->folder == NULL || s->lock == NULL || s->changed == NULL) {
        free_source(s);
        return NULL;
    }
    return s;
}

int32_t face_arrivals_new(const struct folder_settings *settings, const struct env *env,
                          struct log *log, struct arrival_source *out, struct fault *why) {
    *out = (struct arrival_source){0};
    const char *face = settings->face;
    if (face == NULL || face[0] == '\0' || !env->files->is_folder(env->files_self, face)) {
        return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0, "face");
    }
    struct face_source *s = make(settings, env, log);
    if (s == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = start(s, settings->face_existing, why);
    if (rc != SHK_OK) {
        free_source(s);
        return rc;
    }
    *out = (struct arrival_source){&face_ops, s};
    return SHK_OK;
}
