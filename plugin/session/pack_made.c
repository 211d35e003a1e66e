#include "pack_made.h"

#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "pack.h"

#define SCRIPT    "mapping.lua"
#define PERSON    "samples/mihon.xml"
#define FILE_MOST ((size_t)1024 * 1024)

static const char *input(const struct session *s, const char *path) {
    return inputs_text(&s->inputs, path);
}

/* "reception.csv" is called "reception" unless another name is given. */
static void id_of(const struct session *s, char *out, size_t cap) {
    const char *given = input(s, "pack.id");
    const char *name = text_file_name(given[0] != '\0' ? given : input(s, "pack.out"));
    text_copy(out, cap, name);
}

static int32_t guess(struct session *s, const char *id, struct pack_new_result **out,
                     struct fault *why) {
    const struct bytes *sample = inputs_bytes(&s->inputs, "pack.sample");
    const char *name = text_file_name(input(s, "pack.sample_name"));
    const struct pack_new_job job = {.sample = sample->p,
                                     .sample_len = sample->n,
                                     .sample_name = name[0] != '\0' ? name : "sample",
                                     .id = id,
                                     .vendor = input(s, "pack.vendor"),
                                     .host = input(s, "pack.host")};
    return pack_new(&job, out, why);
}

/* What the new script makes of the made-up person becomes the pack's first sample. */
static int32_t expect(const struct pack_world *world, struct pack_new_result *made,
                      struct fault *why) {
    const struct bytes *script = pack_new_file(made, SCRIPT), *xml = pack_new_file(made, PERSON);
    struct record_set *person = NULL;
    struct mapping_result *document = NULL;
    if (script == NULL || xml == NULL) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    const struct mapping_job job = {.script = {SCRIPT, script->p, script->n},
                                    .budget = world->budget,
                                    .clock = world->env->clock,
                                    .clock_self = world->env->clock_self};
    int32_t rc = oqs_read(xml->p, xml->n, NULL, &person, why);
    rc = rc == SHK_OK ? mapping_run(&job, person, 1, &document, why) : rc;
    rc = rc == SHK_OK
             ? pack_new_expect(made, &document->head, &document->body, document->file_name, why)
             : rc;
    mapping_result_free(&document);
    record_free(&person);
    return rc;
}

static int32_t fail_at(struct fault *why, int32_t rc, const struct fault *native,
                       const char *name) {
    return fault_set(why, rc, native->native_kind, native->native, name);
}

static int32_t with_path(const struct session *s, const char *name, char **out, struct fault *why) {
    *out = pack_join(input(s, "pack.out"), name);
    return *out != NULL ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

static int32_t refuse_there(struct session *s, const char *name, struct fault *why) {
    struct bytes there = {0};
    struct fault native = {0};
    char *path = NULL;
    int32_t rc = with_path(s, name, &path, why);
    if (rc == SHK_OK) {
        rc = s->env.files->read(s->env.files_self, path, FILE_MOST, &there, &native);
        rc = rc == SHK_E_ABSENT ? SHK_OK : fail_at(why, SHK_E_FILE_EXISTS, &native, name);
    }
    bytes_clear(&there);
    free(path);
    return rc;
}

static int32_t make_folder(struct session *s, const char *name, struct fault *why) {
    struct fault native = {0};
    char *path = NULL;
    int32_t rc = name[0] != '\0' ? with_path(s, name, &path, why) : SHK_OK;
    const char *folder = path != NULL ? path : input(s, "pack.out");
    if (rc == SHK_OK && !s->env.files->is_folder(s->env.files_self, folder)) {
        rc = s->env.files->make_folder(s->env.files_self, folder, &native);
        rc = rc == SHK_OK ? rc : fail_at(why, rc, &native, text_file_name(folder));
    }
    free(path);
    return rc;
}

static int32_t put(struct session *s, const struct pack_new_file *file, struct fault *why) {
    struct fault native = {0};
    char *path = NULL;
    int32_t rc = with_path(s, file->name, &path, why);
    if (rc == SHK_OK) {
        rc = s->env.files->put(s->env.files_self, path, file->content.p, file->content.n, false,
                               &native);
        rc = rc == SHK_OK ? rc : fail_at(why, rc, &native, file->name);
    }
    free(path);
    return rc;
}

/* pack.lua comes last: a folder without it is no pack yet. */
static int32_t put_all(struct session *s, const struct pack_new_result *made, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < made->files_n; i++) {
        rc = refuse_there(s, made->files[i].name, why);
    }
    rc = rc == SHK_OK ? make_folder(s, "", why) : rc;
    rc = rc == SHK_OK ? make_folder(s, "samples", why) : rc;
    for (int last = 0; last < 2; last++) {
        for (size_t i = 0; rc == SHK_OK && i < made->files_n; i++) {
            if (text_equal(made->files[i].name, PACK_LUA) == (last == 1)) {
                rc = put(s, &made->files[i], why);
            }
        }
    }
    return rc;
}

int32_t pack_made_write(struct session *s, const struct pack_world *world,
                        struct pack_new_result **out, struct fault *why) {
    char id[128];
    id_of(s, id, sizeof id);
    int32_t rc = guess(s, id, out, why);
    rc = rc == SHK_OK ? expect(world, *out, why) : rc;
    return rc == SHK_OK ? put_all(s, *out, why) : rc;
}
