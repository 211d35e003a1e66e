/* How long a script takes: one run with a fresh sandbox, and one row of many with one state.
 *     mapping_speed SCRIPT ANSWER ROUNDS
 * Beside it in turn: a Lua state that is made with its libraries and closed again, and the same columns filled by
 * plain C. One line for each round: microseconds of fresh, batch, state, plain; first the number of columns. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mapping.h"
#include "mapping_plain.h"

#define FILE_MAX ((size_t)1 << 20)
#define EACH     200 /* runs of one round */

struct table {
    struct mapping_job job;
    struct mapping *mapping;
    struct record_set *set;
    struct mapping_plain plain;
};

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

static void must(int32_t rc, const struct fault *why) {
    if (rc != SHK_OK) {
        fprintf(stderr, "%d %s\n", (int)rc, why->where);
        exit(1);
    }
}

static void bare_state(struct table *t) {
    (void)t;
    lua_State *L = luaL_newstate();
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, "string", luaopen_string, 1);
    luaL_requiref(L, "table", luaopen_table, 1);
    luaL_requiref(L, "math", luaopen_math, 1);
    luaL_requiref(L, "utf8", luaopen_utf8, 1);
    lua_close(L);
}

static void fresh(struct table *t) {
    struct mapping_result *result = NULL;
    struct fault why = {0};
    must(mapping_run(&t->job, t->set, 1, &result, &why), &why);
    mapping_result_free(&result);
}

static void one_of_many(struct table *t) {
    struct mapping_result *result = NULL;
    struct fault why = {0};
    must(mapping_map(t->mapping, t->set, 1, &result, &why), &why);
    mapping_result_free(&result);
}

static void plain_c(struct table *t) {
    struct bytes row = {0};
    struct fault why = {0};
    must(mapping_plain_row(&t->plain, t->set, &row), &why);
    bytes_clear(&row);
}

static double each_us(void (*work)(struct table *), struct table *t) {
    double since = now_us();
    for (int i = 0; i < EACH; i++) {
        work(t);
    }
    return (now_us() - since) / EACH;
}

static size_t columns(struct table *t) {
    struct mapping_result *result = NULL;
    struct fault why = {0};
    must(mapping_map(t->mapping, t->set, 1, &result, &why), &why);
    size_t n = result->fields_n;
    mapping_result_free(&result);
    return n;
}

int main(int argc, char **argv) {
    size_t n;
    struct table t = {0};
    struct fault why = {0};
    if (argc != 4) {
        fprintf(stderr, "mapping_speed SCRIPT ANSWER ROUNDS\n");
        return 2;
    }
    uint8_t *script = slurp(argv[1], &t.job.script.n);
    uint8_t *answer = slurp(argv[2], &n);
    t.job.script.name = argv[1];
    t.job.script.p = script;
    must(oqs_read(answer, n, NULL, &t.set, &why), &why);
    must(mapping_open(&t.job, &t.mapping, &why), &why);
    mapping_plain_open(&t.plain);
    printf("%zu\n", columns(&t));
    for (long i = strtol(argv[3], NULL, 10); i > 0; i--) {
        double a = each_us(fresh, &t), b = each_us(one_of_many, &t);
        printf("%.2f %.2f %.2f %.2f\n", a, b, each_us(bare_state, &t), each_us(plain_c, &t));
    }
    mapping_close(&t.mapping);
    record_free(&t.set);
    free(script);
    free(answer);
    return 0;
}
