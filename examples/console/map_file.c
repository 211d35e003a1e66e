#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "map_out.h"

struct map_file {
    const char *path;
    bool replace;
    struct aside *aside;
    int64_t documents;
};

static bool fail(struct failure *why, const char *path, int32_t code, const char *name,
                 const char *japanese, const char *english) {
    failure_own(why, code, name, japanese, english);
    (void)snprintf(why->where, sizeof why->where, "%s", path);
    return false;
}

static bool cannot_write(struct failure *why, const char *path) {
    return fail(why, path, SHK_E_FOLDER_WRITE, "FOLDER_WRITE",
                "ファイルを書けません。フォルダーがあるか、書き込めるか、ディスクに空きがあるかを確"
                "かめてください。",
                "The file cannot be written.");
}

static bool is_there(struct failure *why, const char *path, bool plain) {
    return plain ? fail(why, path, SHK_E_FILE_EXISTS, "FILE_EXISTS",
                        "ファイルがもうあります。上書きするときは --force を付けてください。",
                        "The file exists; --force writes over it.")
                 : fail(why, path, SHK_E_FILE_EXISTS, "FILE_EXISTS",
                        "ふつうのファイルではないものが、その名前でもうあります。別の名前にしてくだ"
                        "さい。",
                        "Something that is no plain file has this name.");
}

struct map_file *map_file_new(const char *path, bool replace, struct failure *why) {
    enum aside_place there = aside_look(path);
    if (there == ASIDE_NO_FILE || (there == ASIDE_TAKEN && !replace)) {
        (void)is_there(why, path, there == ASIDE_TAKEN);
        return NULL;
    }
    struct map_file *file = calloc(1, sizeof *file);
    if (file != NULL) {
        *file = (struct map_file){path, replace, aside_new(path), 0};
    }
    if (file == NULL || file->aside == NULL) {
        (void)cannot_write(why, path);
        map_file_free(&file);
    }
    return file;
}

bool map_file_take(struct map_file *file, const struct document *d, struct failure *why) {
    if (file->documents > 0 && !document_joins(d)) {
        return fail(
            why, "--out", SHK_E_INPUT, "INPUT",
            "この形式は1件が1つのファイルです。--out の代わりに --out-dir を使ってください。",
            "This format has one file for each record; use --out-dir in place of --out.");
    }
    if (file->documents++ == 0) {
        aside_write(file->aside, d->head.p, d->head.n);
    }
    aside_write(file->aside, d->body.p, d->body.n);
    return true;
}

bool map_file_end(struct map_file *file, struct failure *why) {
    if (file->documents == 0) {
        return true;
    }
    switch (aside_name(file->aside, file->path, file->replace, true)) {
    case ASIDE_NAMED:
        return true;
    case ASIDE_EXISTS:
        return is_there(why, file->path, aside_look(file->path) != ASIDE_NO_FILE);
    default:
        return cannot_write(why, file->path);
    }
}

void map_file_free(struct map_file **file) {
    if (*file != NULL) {
        aside_free(&(*file)->aside);
        free(*file);
        *file = NULL;
    }
}
