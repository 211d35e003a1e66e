#include "folder_world.h"

#include <stdio.h>
#include <string.h>

#include "folder_seen.h"
#include "oqs_sax.h"
#include "shikaku/shikaku.h"
#include "thread.h"
#include "wrap_calls.h"

#define CALLS_MOST 60000 /* of the files, in one call of the product */

static struct folder_world *now;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names for a call that it wraps */
void __wrap_thread_sleep(int32_t ms);
int32_t __real_oqs_sax_new(const struct oqs_events *events, void *self, struct oqs_sax **out);
int32_t __wrap_oqs_sax_new(const struct oqs_events *events, void *self, struct oqs_sax **out);

void __wrap_thread_sleep(int32_t ms) {
    clock_fake_advance(&now->clock, ms > 0 ? ms : 0);
    now->files.now_s = now->clock.wall_ms / 1000;
}

/* libxml2 2.9 tells its errors of memory to the context that it has just freed. */
int32_t __wrap_oqs_sax_new(const struct oqs_events *events, void *self, struct oqs_sax **out) {
    wrap_fragile(true);
    int32_t rc = __real_oqs_sax_new(events, self, out);
    wrap_fragile(false);
    return rc;
}
/* NOLINTEND(bugprone-reserved-identifier) */

static void note_removed(struct folder_world *w, const char *path) {
    for (size_t i = 0; i < w->laid_n; i++) {
        w->laid[i].gone = w->laid[i].gone || text_equal(w->laid[i].path, path);
    }
}

void folder_world_lay(struct folder_world *w, const char *path, const void *p, size_t n,
                      int person) {
    struct world_laid *laid = NULL;
    note_removed(w, path);
    if (w->laid_n == WORLD_LAID) {
        return;
    }
    files_fake_set_n(&w->files, path, p, n);
    const struct files_fake_file *file = files_fake_find(&w->files, path);
    if (file != NULL) {
        laid = &w->laid[w->laid_n++];
        *laid = (struct world_laid){.version = file->version, .person = person};
        laid->content = seen_hash(p, n);
        text_copy(laid->path, sizeof laid->path, path);
    }
}

void folder_world_take_away(struct folder_world *w, const char *path) {
    note_removed(w, path);
    files_fake_drop(&w->files, path);
}

static bool names_ours(const struct folder_world *w, const char *path) {
    for (size_t i = 0; i < w->requests; i++) {
        if (strstr(path, w->request[i].id) != NULL) {
            return true;
        }
    }
    return false;
}

/* Only a request of its own, and a result of such a one where that was asked for. */
static void judge_remove(struct folder_world *w, const char *path) {
    bool req = text_starts(path, WORLD_REQ "/OQS"), res = text_starts(path, WORLD_RES "/OQS");
    fuzz_must(names_ours(w, path) && (req || (res && w->removes)), "only own files are removed");
}

static void note_request(struct folder_world *w, const char *path, const uint8_t *p, size_t n) {
    char document[4096];
    if (w->requests == WORLD_REQUESTS) {
        return;
    }
    struct world_request *r = &w->request[w->requests++];
    const char *id = strrchr(path, '_');
    *r = (struct world_request){.answered = false};
    text_copy(r->path, sizeof r->path, path);
    text_copy_n(r->message, sizeof r->message, path + strlen(WORLD_REQ "/OQS"), 7);
    text_copy_n(r->id, sizeof r->id, id != NULL ? id + 1 : "",
                id != NULL ? strcspn(id + 1, ".") : 0);
    text_copy_n(document, sizeof document, (const char *)p, n);
    folder_world_read(r, document);
}

static int32_t watched_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                           struct fault *why) {
    bool state = text_equal(path, WORLD_STATE);
    fuzz_must(state || (text_starts(path, WORLD_REQ "/OQS") && !replace), "only requests are put");
    int32_t rc = files_fake_ops.put(self, path, p, n, replace, why);
    fuzz_faults(false);
    if (!state &&
        (rc == SHK_OK || (rc != SHK_E_FILE_EXISTS && files_fake_get(self, path) != NULL))) {
        note_request(now, path, p, n);
    }
    fuzz_faults(true);
    return rc;
}

/* A byte says when the next one comes: after so many calls, or (from 128 on) so many pauses. */
static void meanwhile(struct files_fake *f, enum files_fake_call call, const char *path) {
    struct folder_world *w = f->other_self;
    fuzz_faults(false);
    fuzz_must(++w->calls < CALLS_MOST, "a call ends within bounded looks");
    if (call == FILES_CALL_REMOVE) {
        judge_remove(w, path);
    }
    w->wait_calls -= w->wait_calls > 0 ? 1 : 0;
    w->wait_pauses -= w->wait_pauses > 0 && call == FILES_CALL_CHANGED ? 1 : 0;
    while (w->events.n > 0 && w->wait_calls == 0 && w->wait_pauses == 0) {
        folder_world_event(w);
        uint8_t wait = fuzz_byte(&w->events);
        w->wait_calls = wait < 128 ? wait : 0;
        w->wait_pauses = wait < 128 ? 0 : wait - 128u;
    }
    if (call == FILES_CALL_REMOVE) {
        note_removed(w, path); /* also what was laid under this name just now */
    }
    fuzz_faults(true);
}

static int32_t fill(void *self, uint8_t *p, size_t n) {
    struct folder_world *w = self;
    for (size_t i = 0; i < n; i++) {
        p[i] = w->random++;
    }
    return SHK_OK;
}

bool folder_world_stop(void *self) {
    return ((struct folder_world *)self)->stop;
}

void folder_world_begin(struct folder_world *w) {
    w->calls = 0;
    w->moved_ms = 0;
    w->stop = false;
}

struct folder_world *folder_world_new(struct fuzz_input events) {
    static const struct random_ops random = {fill};
    static struct folder_world one;
    struct folder_world *w = &one;
    memset(w, 0, sizeof *w);
    now = w;
    clock_fake_init(&w->clock);
    files_fake_init(&w->files, WORLD_REQ);
    files_fake_add_folder(&w->files, WORLD_RES);
    files_fake_add_folder(&w->files, WORLD_FACE);
    files_fake_add_folder(&w->files, "/s");
    w->files.clock = &w->clock;
    w->files.now_s = w->clock.wall_ms / 1000;
    w->files.other = meanwhile;
    w->files.other_self = w;
    w->events = events;
    w->ops = files_fake_ops;
    w->ops.put = watched_put;
    w->env = (struct env){.clock = &clock_fake_ops,
                          .clock_self = &w->clock,
                          .files = &w->ops,
                          .files_self = &w->files,
                          .random = &random,
                          .random_self = w};
    return w;
}

void folder_world_end(struct folder_world *w) {
    for (size_t i = 0; i < w->laid_n; i++) {
        const struct files_fake_file *file = files_fake_find(&w->files, w->laid[i].path);
        fuzz_must(w->laid[i].gone || (file != NULL && file->version == w->laid[i].version),
                  "what other programs laid stays as it is");
    }
    fuzz_must(w->files.opens == w->files.closes && w->files.locks == w->files.unlocks &&
                  w->files.watches == w->files.unwatches,
              "everything is given back");
    files_fake_clear(&w->files);
}
