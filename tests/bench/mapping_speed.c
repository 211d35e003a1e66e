/* How long a script takes: one run with a fresh sandbox, and one row of many with one state.
 *     mapping_speed SCRIPT ANSWER [ROUNDS]
 * The peer in the same run is a Lua state that is made with its libraries and closed again. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mapping.h"

#define FILE_MAX ((size_t)1 << 20)

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static uint8_t *slurp(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    uint8_t *p = f != NULL ? malloc(FILE_MAX) : NULL;
    *n = p != NULL ? fread(p, 1, FILE_MAX, f) : 0;
    if (f != NULL) {
        fclose(f);
    }
    if (*n == 0) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    return p;
}

static void fail(const struct fault *why) {
    fprintf(stderr, "%d %s\n", (int)why->code, why->where);
    exit(1);
}

static double peer_us(long rounds) {
    double start = now_us();
    for (long i = 0; i < rounds; i++) {
        lua_State *L = luaL_newstate();
        luaL_requiref(L, "_G", luaopen_base, 1);
        luaL_requiref(L, "string", luaopen_string, 1);
        luaL_requiref(L, "table", luaopen_table, 1);
        luaL_requiref(L, "math", luaopen_math, 1);
        luaL_requiref(L, "utf8", luaopen_utf8, 1);
        lua_close(L);
    }
    return (now_us() - start) / (double)rounds;
}

static double fresh_us(const struct mapping_job *job, const struct record_set *set, long rounds,
                       size_t *fields) {
    struct fault why = {0};
    double start = now_us();
    for (long i = 0; i < rounds; i++) {
        struct mapping_result *result;
        if (mapping_run(job, set, 1, &result, &why) != SHK_OK) {
            fail(&why);
        }
        *fields = result->fields_n;
        mapping_result_free(&result);
    }
    return (now_us() - start) / (double)rounds;
}

static double batch_us(const struct mapping_job *job, const struct record_set *set, long rounds) {
    struct fault why = {0};
    struct mapping *mapping;
    if (mapping_open(job, &mapping, &why) != SHK_OK) {
        fail(&why);
    }
    double start = now_us();
    for (long i = 0; i < rounds; i++) {
        struct mapping_result *result;
        if (mapping_map(mapping, set, 1, &result, &why) != SHK_OK) {
            fail(&why);
        }
        mapping_result_free(&result);
    }
    double us = (now_us() - start) / (double)rounds;
    mapping_close(&mapping);
    return us;
}

int main(int argc, char **argv) {
    size_t n, fields = 0;
    struct record_set *set = NULL;
    struct fault why = {0};
    if (argc < 3) {
        fprintf(stderr, "mapping_speed SCRIPT ANSWER [ROUNDS]\n");
        return 2;
    }
    long rounds = argc > 3 ? strtol(argv[3], NULL, 10) : 2000;
    struct mapping_job job = {.script = {.name = argv[1]}};
    uint8_t *script = slurp(argv[1], &job.script.n);
    uint8_t *answer = slurp(argv[2], &n);
    job.script.p = script;
    if (oqs_read(answer, n, NULL, &set, &why) != SHK_OK) {
        fail(&why);
    }
    double peer = peer_us(rounds);
    double fresh = fresh_us(&job, set, rounds, &fields);
    double batch = batch_us(&job, set, rounds * 10);
    printf("fields              %zu\n", fields);
    printf("bare Lua state      %8.1f us\n", peer);
    printf("fresh sandbox       %8.1f us  (%.2f of the bare state)\n", fresh, fresh / peer);
    printf("row of a batch      %8.2f us  (%.1f ns a field)\n", batch,
           batch * 1000 / (double)(fields > 0 ? fields : 1));
    record_free(&set);
    free(script);
    free(answer);
    return 0;
}
