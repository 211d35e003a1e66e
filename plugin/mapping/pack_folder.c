#include "pack_folder.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "text.h"

#define FILES_MAX ((size_t)1000)
#define FILE_MAX  ((size_t)4 * 1024 * 1024)
#define TOTAL_MAX ((size_t)32 * 1024 * 1024)
#define PATH_MOST ((size_t)200) /* bytes of a file's path in the pack */
#define DEPTH_MAX 4

struct reading {
    const struct env *env;
    const char *root;
    struct pack_folder *out;
    size_t total;
    struct fault *why;
};

/* Names as the seam tells them; what is done with them comes after it. */
struct names {
    char **at;
    size_t n;
    bool short_of_memory, too_many;
};

char *pack_join(const char *folder, const char *name) {
    struct bytes path = {0};
    size_t n = strlen(folder);
    bool ends = n == 0 || folder[n - 1] == '/' || folder[n - 1] == '\\';
    bool joined = bytes_append_text(&path, folder) == SHK_OK &&
                  bytes_append_text(&path, ends ? "" : "/") == SHK_OK &&
                  bytes_append_text(&path, name) == SHK_OK;
    char *copy = joined ? text_dup(bytes_text(&path)) : NULL;
    bytes_clear(&path);
    return copy;
}

static int32_t refuse(const struct reading *r, const char *path, const struct fault *native) {
    char where[sizeof r->why->where];
    text_format(where, sizeof where, "%s%s%s", r->out->name, path[0] != '\0' ? "/" : "", path);
    return fault_set(r->why, SHK_E_PACK, native != NULL ? native->native_kind : SHK_NATIVE_NONE,
                     native != NULL ? native->native : 0, where);
}

static bool add_name(struct names *names, const char *name) {
    if (names->n >= FILES_MAX) {
        names->too_many = true;
        return false;
    }
    char **grown = realloc(names->at, (names->n + 1) * sizeof *grown);
    names->at = grown != NULL ? grown : names->at;
    char *copy = grown != NULL ? text_dup(name) : NULL;
    names->short_of_memory = copy == NULL;
    if (copy != NULL) {
        names->at[names->n++] = copy;
    }
    return copy != NULL;
}

static bool take_file(void *who, const struct file_entry *entry) {
    return add_name(who, entry->name);
}

static bool take_folder(void *who, const char *name) {
    return add_name(who, name);
}

static void clear_names(struct names *names) {
    for (size_t i = 0; i < names->n; i++) {
        free(names->at[i]);
    }
    free(names->at);
    *names = (struct names){0};
}

static int32_t judge(const struct reading *r, const struct names *names, int32_t rc,
                     const char *inner, const struct fault *native) {
    if (names->short_of_memory || rc == SHK_E_MEMORY) {
        return fault_raise(r->why, SHK_E_MEMORY);
    }
    return rc != SHK_OK || names->too_many ? refuse(r, inner, native) : SHK_OK;
}

/* A line of the manifest has to tell it whole and unmistakably, on every system. */
static bool name_usable(const char *name) {
    const char *p = name;
    while ((uint8_t)*p >= 0x20 && *p != 0x7F && *p != '\\' && *p != '/') {
        p++;
    }
    return *p == '\0' && p != name;
}

static int32_t keep(struct reading *r, const char *path, struct bytes *content) {
    struct pack_folder *out = r->out;
    struct pack_file *grown = realloc(out->at, (out->n + 1) * sizeof *grown);
    out->at = grown != NULL ? grown : out->at;
    char *copy = grown != NULL ? text_dup(path) : NULL;
    if (copy == NULL) {
        return fault_raise(r->why, SHK_E_MEMORY);
    }
    struct pack_file *file = &out->at[out->n++];
    *file = (struct pack_file){.path = copy, .content = *content};
    *content = (struct bytes){0};
    r->total += file->content.n;
    int32_t rc = sha256(file->content.p, file->content.n, file->sha256);
    return rc == SHK_OK ? rc : fault_raise(r->why, rc);
}

static int32_t read_file(struct reading *r, const char *path) {
    struct bytes content = {0};
    struct fault native = {0};
    char *whole = pack_join(r->root, path);
    if (whole == NULL) {
        return fault_raise(r->why, SHK_E_MEMORY);
    }
    int32_t rc = r->env->files->read(r->env->files_self, whole, FILE_MAX, &content, &native);
    free(whole);
    if (rc == SHK_E_MEMORY) {
        fault_raise(r->why, rc);
    } else if (rc != SHK_OK || r->out->n >= FILES_MAX || content.n > TOTAL_MAX - r->total) {
        rc = refuse(r, path, &native);
    } else {
        rc = keep(r, path, &content);
    }
    bytes_clear(&content);
    return rc;
}

static int32_t list(const struct reading *r, const char *inner, bool folders, struct names *names) {
    struct fault native = {0};
    char *path = inner[0] != '\0' ? pack_join(r->root, inner) : text_dup(r->root);
    if (path == NULL) {
        return fault_raise(r->why, SHK_E_MEMORY);
    }
    const struct file_ops *files = r->env->files;
    int32_t rc = folders
                     ? files->list_folders(r->env->files_self, path, take_folder, names, &native)
                     : files->list(r->env->files_self, path, take_file, names, &native);
    free(path);
    return judge(r, names, rc, inner, &native);
}

/* A path in the pack, on the heap. */
static char *inner_path(const struct reading *r, const char *inner, const char *name) {
    char *path = inner[0] != '\0' ? pack_join(inner, name) : text_dup(name);
    if (path == NULL) {
        fault_raise(r->why, SHK_E_MEMORY);
    } else if (!name_usable(name) || strlen(path) > PATH_MOST) {
        (void)refuse(r, path, NULL);
        free(path);
        path = NULL;
    }
    return path;
}

static int32_t read_files(struct reading *r, const char *inner) {
    struct names names = {0};
    int32_t rc = list(r, inner, false, &names);
    for (size_t i = 0; rc == SHK_OK && i < names.n; i++) {
        char *path = inner_path(r, inner, names.at[i]);
        rc = path != NULL ? read_file(r, path) : r->why->code;
        free(path);
    }
    clear_names(&names);
    return rc;
}

/* DEPTH_MAX bounds how deep it calls itself. */
static int32_t read_below(struct reading *r, const char *inner, int depth) {
    struct names names = {0};
    int32_t rc = read_files(r, inner);
    rc = rc == SHK_OK ? list(r, inner, true, &names) : rc;
    for (size_t i = 0; rc == SHK_OK && i < names.n; i++) {
        char *path = inner_path(r, inner, names.at[i]);
        if (path == NULL) {
            rc = r->why->code;
        } else {
            rc = depth < DEPTH_MAX ? read_below(r, path, depth + 1) : refuse(r, path, NULL);
        }
        free(path);
    }
    clear_names(&names);
    return rc;
}

static int compare_files(const void *a, const void *b) {
    return strcmp(((const struct pack_file *)a)->path, ((const struct pack_file *)b)->path);
}

static int32_t mark_all(struct pack_folder *folder, struct fault *why) {
    struct bytes all = {0};
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < folder->n; i++) {
        const struct pack_file *file = &folder->at[i];
        rc = bytes_append(&all, file->path, strlen(file->path) + 1);
        rc = rc == SHK_OK ? bytes_append(&all, file->sha256, sizeof file->sha256) : rc;
    }
    rc = rc == SHK_OK ? sha256(all.p, all.n, folder->mark) : rc;
    bytes_clear(&all);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

void pack_folder_name(const char *path, char out[PACK_NAME_MAX]) {
    size_t n = strlen(path);
    while (n > 1 && (path[n - 1] == '/' || path[n - 1] == '\\')) {
        n--;
    }
    size_t begin = n;
    while (begin > 0 && path[begin - 1] != '/' && path[begin - 1] != '\\') {
        begin--;
    }
    text_copy_n(out, PACK_NAME_MAX, path + begin, n - begin);
}

int32_t pack_folder_read(const struct env *env, const char *path, struct pack_folder *out,
                         struct fault *why) {
    struct fault own = {0};
    struct reading r = {.env = env, .root = path, .out = out, .why = &own};
    *out = (struct pack_folder){0};
    pack_folder_name(path, out->name);
    int32_t rc = read_below(&r, "", 0);
    if (rc == SHK_OK && out->n > 0) {
        qsort(out->at, out->n, sizeof *out->at, compare_files);
    }
    rc = rc == SHK_OK ? mark_all(out, &own) : rc;
    if (rc != SHK_OK) {
        pack_folder_clear(out);
        fault_set(why, own.code, own.native_kind, own.native, own.where);
    }
    return rc;
}

void pack_folder_clear(struct pack_folder *folder) {
    for (size_t i = 0; i < folder->n; i++) {
        bytes_clear(&folder->at[i].content);
        free(folder->at[i].path);
    }
    free(folder->at);
    *folder = (struct pack_folder){0};
}

const struct pack_file *pack_folder_find(const struct pack_folder *folder, const char *path) {
    for (size_t i = 0; i < folder->n; i++) {
        if (text_equal(folder->at[i].path, path)) {
            return &folder->at[i];
        }
    }
    return NULL;
}
