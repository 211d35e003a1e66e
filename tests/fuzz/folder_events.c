/* What other programs do, by the input. */
#include <stdio.h>
#include <string.h>

#include "folder_world.h"
#include "shikaku/shikaku.h"

static void fail_a_step(struct folder_world *w) {
    static const enum files_fake_step steps[] = {
        FILES_FAKE_OPEN, FILES_FAKE_FLUSH, FILES_FAKE_RENAME, FILES_FAKE_LATE,
        FILES_FAKE_LOCK, FILES_FAKE_LIST,  FILES_FAKE_REMOVE, FILES_FAKE_OPENED,
        FILES_FAKE_NEXT, FILES_FAKE_WATCH, FILES_FAKE_NEVER};
    static const int32_t codes[] = {SHK_E_FOLDER_WRITE, SHK_E_FOLDER_LOCKED, SHK_E_DISK_FULL,
                                    SHK_E_MEMORY};
    uint32_t step = fuzz_below(&w->events, sizeof steps / sizeof steps[0]);
    uint32_t code = fuzz_below(&w->events, 4);
    w->unsteady = w->unsteady || steps[step] != FILES_FAKE_NEVER;
    files_fake_fail(&w->files, steps[step], codes[code], (int32_t)fuzz_below(&w->events, 8));
}

/* A name of the terminal's, or any other. */
static void lay_raw(struct folder_world *w, const char *folder) {
    char name[80], path[160];
    uint8_t which = fuzz_byte(&w->events);
    if (which >= 16) {
        (void)fuzz_text(&w->events, name, sizeof name);
    } else if (text_equal(folder, WORLD_FACE)) {
        snprintf(name, sizeof name, "OQSsiquc01res_face_%u.xml", which % 4);
    } else {
        snprintf(name, sizeof name, "OQSsiquc01res_20261122%04u.%s", which / 2,
                 which % 2 == 0 ? "xml" : "zip");
    }
    bool usable = name[0] != '\0' && strpbrk(name, "/\\") == NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct fuzz_input content = fuzz_piece(&w->events);
    if (usable) {
        folder_world_lay(w, path, content.n > 0 ? (const void *)content.p : "", content.n, 0);
    }
}

static void lose_folder(struct folder_world *w) {
    static const char *const folders[] = {WORLD_REQ, WORLD_RES, WORLD_FACE, "/s"};
    uint8_t which = fuzz_byte(&w->events);
    const char *folder = folders[which % 4];
    for (size_t i = 0; i < w->laid_n; i++) {
        w->laid[i].gone = w->laid[i].gone || text_starts(w->laid[i].path, folder);
    }
    w->unsteady = true;
    files_fake_drop_folder(&w->files, folder);
    if (which >= 128) {
        files_fake_add_folder(&w->files, folder);
    }
}

static void write_state(struct folder_world *w) {
    struct fuzz_input content = fuzz_piece(&w->events);
    w->unsteady = true;
    files_fake_set_n(&w->files, WORLD_STATE, content.n > 0 ? (const void *)content.p : "",
                     content.n);
}

static void touch(struct folder_world *w) {
    uint32_t which = fuzz_byte(&w->events), s = fuzz_number(&w->events);
    w->touched = true;
    if (w->files.files_n > 0) {
        w->files.file[which % w->files.files_n].modified_s = (int32_t)s;
    }
}

static void move_clock(struct folder_world *w) {
    int64_t ms = (int64_t)fuzz_byte(&w->events) * fuzz_byte(&w->events) * 20;
    clock_fake_advance(&w->clock, ms);
    w->files.now_s = w->clock.wall_ms / 1000;
    w->moved_ms += ms;
}

/* The terminal takes the newest request, and lays something under its name. */
static void answer(struct folder_world *w, bool take) {
    uint16_t how = (uint16_t)(fuzz_byte(&w->events) << 8);
    how = (uint16_t)(how | fuzz_byte(&w->events));
    uint32_t back = fuzz_below(&w->events, 4);
    if (w->requests > back) {
        struct world_request *r = &w->request[w->requests - 1 - back];
        if (take) {
            folder_world_take_away(w, r->path);
        }
        folder_world_answer(w, r, how);
    }
}

void folder_world_event(struct folder_world *w) {
    switch (fuzz_below(&w->events, 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
        answer(w, true);
        break;
    case 4:
        answer(w, false);
        break;
    case 5:
        lay_raw(w, WORLD_RES);
        break;
    case 6:
        lay_raw(w, WORLD_REQ);
        break;
    case 7:
    case 8:
        lay_raw(w, WORLD_FACE);
        break;
    case 9:
        fail_a_step(w);
        break;
    case 10:
        lose_folder(w);
        break;
    case 11:
        write_state(w);
        break;
    case 12:
        touch(w);
        break;
    case 13:
        move_clock(w);
        break;
    case 14:
        w->files.deaf = !w->files.deaf;
        w->files.piece = fuzz_below(&w->events, 64);
        break;
    default:
        w->stop = fuzz_below(&w->events, 4) == 0;
        if (w->laid_n > 0) {
            folder_world_take_away(w, w->laid[fuzz_byte(&w->events) % w->laid_n].path);
        }
        break;
    }
}
