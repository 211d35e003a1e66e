#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "map_out.h"
#include "platform.h"

enum { NAME_MAX_BYTES = 255, TRIES = 10000000, HINTS = 1024 };

/* How far the numbers behind a name have come, for as many names as there is room: a bulk file may have
 * a hundred thousand documents of few names. */
struct hint {
    uint64_t name;
    int32_t next;
};

struct map_folder {
    const char *path;
    struct aside *aside;           /* the file that is being written, or null */
    char name[NAME_MAX_BYTES + 1]; /* the name it will have, or had; "" at first */
    int32_t next;                  /* the number behind it that is tried next; 1: none */
    struct hint hints[HINTS];
    int64_t files;
};

static bool fail(struct failure *why, const char *where, int32_t code, const char *name,
                 const char *japanese, const char *english) {
    failure_own(why, code, name, japanese, english);
    (void)snprintf(why->where, sizeof why->where, "%s", where);
    return false;
}

static bool cannot_write(const struct map_folder *folder, struct failure *why) {
    return fail(
        why, folder->path, SHK_E_FOLDER_WRITE, "FOLDER_WRITE",
        "フォルダーに書き込めません。書き込めるか、ディスクに空きがあるかを確かめてください。",
        "Nothing can be written into the folder.");
}

struct map_folder *map_folder_new(const char *path, struct failure *why) {
    if (!aside_is_folder(path)) {
        (void)fail(why, path, SHK_E_FOLDER_MISSING, "FOLDER_MISSING",
                   "フォルダーがありません。先に作ってください。", "The folder does not exist.");
        return NULL;
    }
    struct map_folder *folder = calloc(1, sizeof *folder);
    if (folder != NULL) {
        folder->path = path;
    }
    return folder;
}

static bool is_row(const struct document *d) {
    return d->format != NULL && document_joins(d) && strcmp(d->format, "text") != 0;
}

/* The plugin cleans names; a name that leads elsewhere never gets further than this. */
static const char *name_of(const struct document *d) {
    const char *name = d->file_name;
    bool usable = name != NULL && name[0] != '\0' && name[0] != '.' &&
                  platform_last_separator(name) == NULL && strlen(name) <= NAME_MAX_BYTES - 8;
    return usable ? name : NULL;
}

/* "a.csv", then "a_2.csv" … */
static bool write_path(const struct map_folder *folder, char *out, size_t cap) {
    const char *dot = strrchr(folder->name, '.');
    size_t stem =
        dot != NULL && dot != folder->name ? (size_t)(dot - folder->name) : strlen(folder->name);
    char number[16] = "";
    if (folder->next > 1) {
        (void)snprintf(number, sizeof number, "_%ld", (long)folder->next);
    }
    int n = snprintf(out, cap, "%s/%.*s%s%s", folder->path, (int)stem, folder->name, number,
                     folder->name + stem);
    return n > 0 && (size_t)n < cap;
}

static uint64_t hash(const char *name) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++) {
        h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    }
    return h;
}

static struct hint *hint_of(struct map_folder *folder) {
    uint64_t name = hash(folder->name);
    struct hint *hint = &folder->hints[name % HINTS];
    if (hint->name != name || hint->next == 0) {
        *hint = (struct hint){name, 1};
    }
    return hint;
}

static bool finish(struct map_folder *folder, struct failure *why) {
    char path[2048];
    enum aside_end end = ASIDE_EXISTS;
    if (folder->aside == NULL) {
        return true;
    }
    for (; end == ASIDE_EXISTS && folder->next < TRIES; folder->next++) {
        end = write_path(folder, path, sizeof path) ? aside_name(folder->aside, path, false, false)
                                                    : ASIDE_FAILED;
    }
    hint_of(folder)->next = folder->next;
    aside_free(&folder->aside);
    folder->files += end == ASIDE_NAMED ? 1 : 0;
    return end == ASIDE_NAMED || cannot_write(folder, why);
}

static bool begin(struct map_folder *folder, const struct document *d, const char *name,
                  struct failure *why) {
    char path[2048];
    (void)snprintf(folder->name, sizeof folder->name, "%s", name);
    folder->next = hint_of(folder)->next;
    folder->aside = write_path(folder, path, sizeof path) ? aside_new(path) : NULL;
    if (folder->aside == NULL) {
        return cannot_write(folder, why);
    }
    aside_write(folder->aside, d->head.p, d->head.n);
    return true;
}

bool map_folder_take(struct map_folder *folder, const struct document *d, struct failure *why) {
    const char *name = name_of(d);
    if (name == NULL) {
        return fail(why, folder->path, SHK_E_FILE_NAME, "FILE_NAME",
                    "変換スクリプトのファイル名が使えません。",
                    "The script's file name is not usable.");
    }
    bool same = folder->aside != NULL && is_row(d) && strcmp(folder->name, name) == 0;
    if (!same && (!finish(folder, why) || !begin(folder, d, name, why))) {
        return false;
    }
    aside_write(folder->aside, d->body.p, d->body.n);
    return true;
}

bool map_folder_end(struct map_folder *folder, struct failure *why) {
    return finish(folder, why);
}

int64_t map_folder_files(const struct map_folder *folder) {
    return folder->files;
}

void map_folder_free(struct map_folder **folder) {
    if (*folder != NULL) {
        aside_free(&(*folder)->aside);
        free(*folder);
        *folder = NULL;
    }
}
