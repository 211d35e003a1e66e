#include "shared_tries.h"

#include <string.h>

#define MOMENT    8    /* bytes, little-endian */
#define PATH_ROOM 1280 /* of the folder and a file in it */

int64_t shared_tries_now(const struct env *env) {
    return env->clock->mono_ms(env->clock_self);
}

static bool path_of(const struct env *env, const char *reader, char *path, size_t cap) {
    uint64_t hash = bytes_hash(BYTES_HASH_BEGIN, reader, strlen(reader));
    return env->run_folder != NULL && text_format(path, cap, "%s/try-%016llx", env->run_folder,
                                                  (unsigned long long)hash) < cap;
}

void shared_tries_note(const struct env *env, const char *reader) {
    char path[PATH_ROOM];
    uint8_t moment[MOMENT];
    struct fault unsaid = {0};
    uint64_t now = (uint64_t)shared_tries_now(env);
    for (size_t i = 0; i < MOMENT; i++) {
        moment[i] = (uint8_t)(now >> (8 * i));
    }
    if (path_of(env, reader, path, sizeof path)) {
        env->files->write_at(env->files_self, path, 0, moment, sizeof moment, &unsaid);
    }
}

/* The clock begins anew with the machine, the file may not: a moment to come is of an earlier start. */
bool shared_tries_since(const struct env *env, const char *reader, int64_t since) {
    char path[PATH_ROOM];
    struct bytes read = {0};
    struct fault unsaid = {0};
    uint64_t moment = 0;
    bool has = path_of(env, reader, path, sizeof path) &&
               env->files->read(env->files_self, path, MOMENT, &read, &unsaid) == SHK_OK &&
               read.n == MOMENT;
    for (size_t i = 0; has && i < MOMENT; i++) {
        moment |= (uint64_t)read.p[i] << (8 * i);
    }
    bytes_clear(&read);
    return has && moment >= (uint64_t)since && moment <= (uint64_t)shared_tries_now(env);
}
