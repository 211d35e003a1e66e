#include "pack_list.h"

#include <stdlib.h>
#include <string.h>

#define PACKS_MAX ((size_t)1000)
#define LUA_MAX   ((size_t)4 * 1024 * 1024)

struct collecting {
    struct pack_list *list;
    bool short_of_memory;
};

static bool take(void *who, const char *name) {
    struct collecting *c = who;
    struct pack_list *list = c->list;
    if (list->n >= PACKS_MAX || strlen(name) >= PACK_NAME_MAX) {
        return list->n < PACKS_MAX;
    }
    struct pack_entry *grown = realloc(list->at, (list->n + 1) * sizeof *grown);
    c->short_of_memory = grown == NULL;
    if (grown == NULL) {
        return false;
    }
    list->at = grown;
    struct pack_entry *fresh = &grown[list->n++];
    *fresh = (struct pack_entry){0};
    text_copy(fresh->folder, sizeof fresh->folder, name);
    return true;
}

static int compare(const void *a, const void *b) {
    return strcmp(((const struct pack_entry *)a)->folder, ((const struct pack_entry *)b)->folder);
}

static int32_t list_folders(const struct pack_world *world, const char *folder,
                            struct pack_list *out, struct fault *why) {
    struct collecting c = {.list = out};
    struct fault native = {0};
    char name[PACK_NAME_MAX];
    int32_t rc = world->env->files->list_folders(world->env->files_self, folder, take, &c, &native);
    if (c.short_of_memory || rc == SHK_E_MEMORY) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (rc != SHK_OK) {
        pack_folder_name(folder, name);
        return fault_set(why, SHK_E_PACK, native.native_kind, native.native, name);
    }
    if (out->n > 0) {
        qsort(out->at, out->n, sizeof *out->at, compare);
    }
    return SHK_OK;
}

/* Anything at all of that name: what is wrong with it is told. */
static bool has_lua(const struct pack_world *world, const char *path) {
    struct bytes unused = {0};
    char *lua = pack_join(path, PACK_LUA);
    int32_t rc = lua != NULL
                     ? world->env->files->read(world->env->files_self, lua, LUA_MAX, &unused, NULL)
                     : SHK_E_MEMORY;
    bytes_clear(&unused);
    free(lua);
    return rc != SHK_E_ABSENT;
}

/* What could be read is told beside a fault. */
static int32_t look(const struct pack_world *world, const struct pack_trust *trust,
                    const char *path, struct pack_entry *entry) {
    struct pack *pack = NULL;
    int32_t rc = pack_open(world, trust, path, &pack, &entry->is_signed, &entry->fault);
    if (pack != NULL) {
        text_copy(entry->id, sizeof entry->id, pack->text[PACK_ID]);
        text_copy(entry->version, sizeof entry->version, pack->text[PACK_VERSION]);
        text_copy(entry->name, sizeof entry->name, pack->text[PACK_NAME]);
    }
    pack_free(&pack);
    return rc == SHK_E_MEMORY ? rc : SHK_OK;
}

static int32_t look_at_all(const struct pack_world *world, const struct pack_trust *trust,
                           const char *folder, struct pack_list *out, struct fault *why) {
    size_t kept = 0;
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < out->n; i++) {
        char *path = pack_join(folder, out->at[i].folder);
        if (path == NULL) {
            rc = SHK_E_MEMORY;
        } else if (world->stop != NULL && world->stop(world->stop_self)) {
            rc = SHK_E_CANCELLED;
        } else if (has_lua(world, path)) {
            out->at[kept] = out->at[i];
            rc = look(world, trust, path, &out->at[kept++]);
        }
        free(path);
    }
    out->n = kept;
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

int32_t pack_list_read(const struct pack_world *world, const struct pack_trust *trust,
                       const char *folder, struct pack_list *out, struct fault *why) {
    *out = (struct pack_list){0};
    int32_t rc = list_folders(world, folder, out, why);
    return rc == SHK_OK ? look_at_all(world, trust, folder, out, why) : rc;
}

void pack_list_clear(struct pack_list *list) {
    free(list->at);
    *list = (struct pack_list){0};
}
