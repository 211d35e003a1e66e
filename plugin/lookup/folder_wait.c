#include "folder_wait.h"

#include <string.h>

#include "log.h"
#include "thread.h"

#define STOP_MS      500 /* a cancel is looked for at least this often */
#define BREATH_MS    10  /* between two looks however many notices come */
#define LIST_MS      2000
#define REFUSAL_MOST ((size_t)1024 * 1024)

int64_t folder_broken_after(const struct terminal *t) {
    int64_t usual = (int64_t)t->set.stable_ms * FOLDER_BROKEN_AFTER;
    int64_t least = (int64_t)t->set.stable_ms * 2;
    int64_t call = (int64_t)t->set.timeout_ms * 3 / 4;
    call = call > least ? call : least;
    return usual < call ? usual : call;
}

void folder_wait_begin(struct folder_wait *w, struct terminal *t, const struct turn *turn,
                       const struct posted *posted) {
    *w = (struct folder_wait){.t = t, .turn = turn, .posted = posted};
    w->listed_ms = terminal_now(t) - LIST_MS;
}

static void drop_notice(struct folder_wait *w) {
    if (w->notice != NULL) {
        w->t->env->files->unwatch(w->t->env->files_self, w->notice);
        w->notice = NULL;
    }
}

void folder_wait_end(struct folder_wait *w) {
    drop_notice(w);
}

/* A share that comes back is another folder for whoever watched it. */
bool folder_wait_look(struct folder_wait *w) {
    const struct env *env = w->t->env;
    w->gone = !env->files->is_folder(env->files_self, w->t->res);
    if (w->gone) {
        drop_notice(w);
    } else if (w->notice == NULL &&
               env->files->watch(env->files_self, w->t->res, &w->notice, NULL) != SHK_OK) {
        w->notice = NULL;
    }
    /* A folder may hold years of results: it is listed seldom, and mostly the plain name is there. */
    w->listing = terminal_now(w->t) - w->listed_ms >= LIST_MS;
    if (w->listing) {
        w->listed_ms = terminal_now(w->t);
    }
    return !w->gone;
}

static int32_t time_is_over(const struct folder_wait *w, struct fault *why) {
    if (w->gone) {
        return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0, "res");
    }
    bool untaken = posted_lies_there(w->t, w->posted);
    log_event(w->t->log, SHK_LOG_WARN, "folder.timeout", "untaken,resumed", (int64_t)untaken,
              (int64_t)w->posted->resumed);
    return fault_set(why, SHK_E_TERMINAL_TIMEOUT, SHK_NATIVE_NONE, 0, untaken ? "req" : "res");
}

static void sleep_or_notice(struct folder_wait *w, int32_t ms) {
    const struct env *env = w->t->env;
    int64_t begin = terminal_now(w->t);
    if (w->notice == NULL) {
        thread_sleep(ms);
    } else if (env->files->changed(env->files_self, w->notice, ms) &&
               terminal_now(w->t) - begin < BREATH_MS) {
        thread_sleep(BREATH_MS);
    }
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int32_t folder_wait_pause(struct folder_wait *w, int64_t ms, struct fault *why) {
    int64_t left = w->turn->end_ms - terminal_now(w->t);
    if (turn_stopped(w->turn)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    if (left <= 0) {
        return time_is_over(w, why);
    }
    ms = least(least(ms, left), least(STOP_MS, w->t->set.poll_ms));
    sleep_or_notice(w, ms > 0 ? (int32_t)ms : 1);
    return turn_stopped(w->turn) ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
}

/* Whoever the name belongs to is looked for in a listing, where letters may be of another case. */
struct search {
    const char *name;
    char found[FOLDER_NAME_MAX];
};

static bool look_at_name(void *who, const struct file_entry *entry) {
    struct search *search = who;
    if (!folder_same_name(entry->name, search->name)) {
        return true;
    }
    text_copy(search->found, sizeof search->found, entry->name);
    return false;
}

static bool opens(const struct terminal *t, const char *path) {
    void *file = NULL;
    if (t->env->files->open(t->env->files_self, path, &file, NULL) != SHK_OK) {
        return false;
    }
    t->env->files->close(t->env->files_self, file);
    return true;
}

static bool find(const struct terminal *t, const char *name, bool listing,
                 char path[FOLDER_PATH_ROOM]) {
    struct search search = {.name = name};
    if (terminal_path(path, t->res, name) && opens(t, path)) {
        return true;
    }
    if (!listing) {
        return false;
    }
    (void)t->env->files->list(t->env->files_self, t->res, look_at_name, &search, NULL);
    return search.found[0] != '\0' && terminal_path(path, t->res, search.found);
}

bool folder_wait_find(struct folder_wait *w, const char *ending, char path[FOLDER_PATH_ROOM]) {
    char name[FOLDER_NAME_MAX];
    if (path[0] != '\0' && opens(w->t, path)) {
        return true;
    }
    posted_name(w->posted, "res", ending, name);
    return find(w->t, name, w->listing, path);
}

/* Which of the two base names the reason has is not known. */
bool folder_wait_refused(struct folder_wait *w) {
    static const char *const middles[] = {"res", "req"};
    char name[FOLDER_NAME_MAX];
    char path[FOLDER_PATH_ROOM];
    struct bytes reason = {0};
    for (size_t i = 0; i < sizeof middles / sizeof middles[0]; i++) {
        posted_name(w->posted, middles[i], ".err", name);
        if (find(w->t, name, w->listing, path)) {
            (void)terminal_read(w->t->env, path, REFUSAL_MOST, &reason, NULL);
            log_event(w->t->log, SHK_LOG_WARN, "folder.refused", "bytes", (int64_t)reason.n);
            bytes_clear(&reason);
            return true;
        }
    }
    return false;
}

void folder_settle(struct terminal *t, bool used) {
    struct fault why = {0};
    bool remove = used && t->set.remove_results && t->answer[0] != '\0';
    if (remove && t->env->files->remove(t->env->files_self, t->answer, &why) != SHK_OK) {
        log_event(t->log, SHK_LOG_WARN, "folder.remove", "code,native", (int64_t)why.code,
                  (int64_t)why.native);
    }
    t->answer[0] = '\0';
}
