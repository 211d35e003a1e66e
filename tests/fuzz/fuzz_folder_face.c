/* Face files: laid, torn, written over, moved away and brought back at any call. What is given is what lay there; each
 * content of a name is given once, until it holds another one; whole, and left there or taken away after a look, it is
 * given. */
#include <string.h>

#include "folder_face.h"
#include "folder_world.h"
#include "oqs_message.h"
#include "shikaku/shikaku.h"

#define STABLE_MS  50
#define LOOKS_MOST 16
#define GIVEN_MOST 256
#define LOOKS_STAY 3 /* after so many a file that lies there is given */

struct given {
    char name[FACE_NAME_MAX];
    uint64_t content;
};

struct desk {
    struct folder_world *w;
    struct folder_face face;
    struct given given[GIVEN_MOST];
    size_t given_n;
    /* Of each file that was laid: the looks from begin to end that had it, and those after it was gone. */
    uint8_t stood[WORLD_LAID], away[WORLD_LAID];
    bool whole[WORLD_LAID];
    bool excused; /* what may be lost: skipped, more than is remembered, a clock that jumped */
};

/* How often that content was laid under that name since another one was. */
static size_t times_laid(const struct folder_world *w, const char *name, uint64_t content) {
    size_t times = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < w->laid_n; i++) {
        const struct world_laid *laid = &w->laid[i];
        if (!text_starts(laid->path, WORLD_FACE "/") ||
            !text_equal(text_file_name(laid->path), name)) {
            continue;
        }
        times += laid->content == content && laid->content != last ? 1 : 0;
        last = laid->content;
    }
    return times;
}

static size_t times_given(const struct desk *d, const char *name, uint64_t content) {
    size_t times = 0;
    for (size_t i = 0; i < d->given_n; i++) {
        times += d->given[i].content == content && text_equal(d->given[i].name, name) ? 1 : 0;
    }
    return times;
}

static void judge(struct desk *d, const struct face_file *file) {
    uint64_t content = seen_hash(file->body.p, file->body.n);
    size_t laid = times_laid(d->w, file->name, content);
    size_t given = times_given(d, file->name, content);
    fuzz_must(laid > 0, "what is given lay there");
    fuzz_must(given < laid, "a face is given once");
    if (d->given_n < GIVEN_MOST) {
        text_copy(d->given[d->given_n].name, FACE_NAME_MAX, file->name);
        d->given[d->given_n++].content = content;
    }
}

static bool is_whole(const struct folder_world *w, const char *path) {
    const struct files_fake_file *file = files_fake_find(&w->files, path);
    struct oqs_message message;
    return file != NULL && oqs_message_read(file->content.p, file->content.n, &message);
}

/* Nothing was laid over it. */
static bool is_last(const struct folder_world *w, size_t at) {
    for (size_t i = at + 1; i < w->laid_n; i++) {
        if (text_equal(w->laid[i].path, w->laid[at].path)) {
            return false;
        }
    }
    return true;
}

static bool is_given_last(const struct desk *d, const struct world_laid *laid) {
    const struct given *last = NULL;
    for (size_t i = 0; i < d->given_n; i++) {
        bool same = text_equal(d->given[i].name, text_file_name(laid->path));
        last = same ? &d->given[i] : last;
    }
    return last != NULL && last->content == laid->content;
}

/* `before`: how many were laid when the look began; `gone`: those that were gone already. */
static void judge_all(struct desk *d, size_t before, const bool *gone) {
    struct folder_world *w = d->w;
    d->excused = d->excused || w->unsteady || w->touched || w->moved_ms != 0;
    for (size_t i = 0; i < before && !d->excused; i++) {
        const struct world_laid *laid = &w->laid[i];
        d->stood[i] = (uint8_t)(d->stood[i] + (laid->gone ? 0 : 1));
        d->away[i] = (uint8_t)(d->away[i] + (gone[i] ? 1 : 0));
        d->whole[i] = d->whole[i] || (d->stood[i] == 1 && !laid->gone && is_whole(w, laid->path));
        bool due = laid->gone ? d->stood[i] > 0 && d->away[i] > 0 : d->stood[i] >= LOOKS_STAY;
        if (due && d->whole[i] && folder_is_face(text_file_name(laid->path)) && is_last(w, i)) {
            fuzz_should(is_given_last(d, laid), "a whole face file is given");
        }
    }
}

static void look(struct desk *d, int32_t ms) {
    bool gone[WORLD_LAID];
    size_t before = d->w->laid_n;
    for (size_t i = 0; i < before; i++) {
        gone[i] = d->w->laid[i].gone;
    }
    struct face_file file;
    struct fault why = {0};
    int32_t pause = face_pause_ms(&d->face, ms);
    fuzz_must(pause <= ms, "a pause is no longer than asked for");
    clock_fake_advance(&d->w->clock, pause > 0 ? pause : 1);
    d->w->files.now_s = d->w->clock.wall_ms / 1000;
    folder_world_begin(d->w);
    (void)face_look(&d->face, &why);
    while (face_take(&d->face, &file)) {
        fuzz_faults(false);
        judge(d, &file);
        fuzz_faults(true);
        bytes_clear(&file.body);
    }
    fuzz_faults(false);
    judge_all(d, before, gone);
    fuzz_faults(true);
}

static void quiet(struct folder_world *w) {
    w->events.n = 0;
    files_fake_fail(&w->files, FILES_FAKE_NEVER, 0, 0);
    files_fake_add_folder(&w->files, WORLD_FACE);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    fuzz_faults(false);
    uint8_t how = fuzz_byte(&in);
    static struct desk one;
    struct desk *d = &one;
    memset(d, 0, sizeof *d);
    d->w = folder_world_new(in);
    d->face.env = &d->w->env;
    d->face.folder = WORLD_FACE;
    d->face.stable_ms = STABLE_MS;
    d->face.seen.most = (how & 1) != 0 ? 4 : FOLDER_SEEN_MOST;
    d->excused = (how & 5) != 0;
    if ((how & 2) != 0) {
        folder_world_event(d->w);
    }
    fuzz_faults(true);
    if ((how & 4) != 0) {
        (void)face_skip(&d->face, NULL);
    }
    for (int i = 0; i < LOOKS_MOST && d->w->events.n > 0; i++) {
        look(d, how & 8 ? STABLE_MS : 1000);
    }
    quiet(d->w);
    for (int i = 0; i < 5; i++) {
        look(d, 1000);
    }
    fuzz_faults(false);
    face_clear(&d->face);
    folder_world_end(d->w);
    fuzz_faults(true);
}
