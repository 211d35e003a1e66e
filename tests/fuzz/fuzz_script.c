/* Mapping scripts. The first byte says what the rest is: 'M' what script_made.h makes a script from, 'B' a Lua text
 * that is compiled, with changes to its code behind an FF, else the script itself. The second byte chooses the
 * record and the budget. */
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz.h"
#include "oqs.h"
#include "script_judge.h"
#include "script_made.h"
#include "shikaku/codes.h"
#include "text.h"

#define STEPS  ((int64_t)20000)
#define MEMORY ((size_t)1024 * 1024)
#define BESIDE                                                                                     \
    (3 * MEMORY + ((size_t)1 << 20)) /* what is made of the values, and a converter's tables */
#define CPU_MS 20000                 /* what never ends takes more on any machine */

/* NOLINTBEGIN(bugprone-reserved-identifier): of ASan; nothing is judged where there is none. */
__attribute__((weak)) int
__sanitizer_install_malloc_and_free_hooks(void (*taken)(const volatile void *, size_t),
                                          void (*given)(const volatile void *));
__attribute__((weak)) size_t __sanitizer_get_allocated_size(const volatile void *p);
/* NOLINTEND(bugprone-reserved-identifier) */

static int64_t held, most;

static void taken(const volatile void *p, size_t n) {
    (void)p;
    held += (int64_t)n;
    most = held > most ? held : most;
}

static void given(const volatile void *p) {
    held -= p != NULL ? (int64_t)__sanitizer_get_allocated_size(p) : 0;
}

static struct record_set *sets[3]; /* the same for every input */

static void read_set(const char *path, struct record_set **out) {
    static uint8_t text[65536];
    FILE *file = fopen(path, "rb");
    fuzz_must(file != NULL, path);
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    fuzz_must(oqs_read(text, n, NULL, out, NULL) == SHK_OK, path);
}

static void prepare(void) {
    if (sets[0] == NULL) {
        read_set(TEST_DATA "/oqs/all_groups.xml", &sets[0]);
        read_set(TEST_DATA "/oqs/insurance_and_aid.xml", &sets[1]);
        read_set(TEST_DATA "/oqs/elderly_face_cp932.xml", &sets[2]);
        if (__sanitizer_install_malloc_and_free_hooks != NULL) {
            __sanitizer_install_malloc_and_free_hooks(taken, given);
        }
    }
}

static int64_t cpu_ms(void) {
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static bool is_code(int32_t rc) {
    return rc == SHK_OK || rc == SHK_E_VALUE ||
           (rc <= SHK_E_SCRIPT_FILE && rc >= SHK_E_FILE_NAME) ||
           (rc == SHK_E_MEMORY && fuzz_failed());
}

static void judge_fault(const struct fault *why) {
    size_t n = strlen(why->where);
    fuzz_must(why->code == SHK_E_MEMORY || text_starts(why->where, "t.lua"),
              "a fault at no script");
    fuzz_must(utf8_valid(why->where, n), "a place that is not UTF-8");
    for (size_t i = 0; i < n; i++) {
        fuzz_must((uint8_t)why->where[i] >= 0x20, "a place with control characters");
    }
}

static bool same(const struct mapping_result *a, const struct mapping_result *b) {
    return a->body.n == b->body.n && text_equal(a->file_name, b->file_name) &&
           (a->body.n == 0 || memcmp(a->body.p, b->body.p, a->body.n) == 0);
}

/* Maps and judges; the result is the caller's. */
static struct mapping_result *map(struct mapping *m, const struct record_set *set,
                                  const char *source, struct fault *why) {
    struct mapping_result *result = NULL;
    int32_t rc = mapping_map(m, set, 1, &result, why);
    fuzz_must(rc == why->code && (rc == SHK_OK) == (result != NULL), "an end that is not clean");
    fuzz_must(is_code(rc), "a code that no script gives");
    fuzz_faults(false);
    if (result != NULL) {
        script_judge(result, source);
    } else {
        judge_fault(why);
    }
    fuzz_faults(true);
    return result;
}

static void judge_reach(const struct mapping_result *result) {
    const struct bytes *text =
        text_starts(result->encoding, "utf-8") ? &result->body : &result->plain;
    fuzz_must(strstr(bytes_text(text), SCRIPT_REACHED) == NULL,
              "something of the host was reached");
    fuzz_must(strstr(result->file_name, SCRIPT_REACHED) == NULL,
              "something of the host was reached");
}

/* The same record twice: what a script leaves behind is gone. */
static void run(const struct mapping_job *job, const struct record_set *set, bool made) {
    struct mapping *m = NULL;
    struct fault why = {0};
    const char *source = (const char *)job->script.p;
    int32_t rc = mapping_open(job, &m, &why);
    fuzz_must(rc == why.code && (rc == SHK_OK) == (m != NULL) && is_code(rc),
              "an open that is not clean");
    if (m == NULL) {
        judge_fault(&why);
        return;
    }
    fuzz_must(source[0] != '\x1B', "bytecode was taken");
    struct mapping_result *one = map(m, set, source, &why);
    fault_clear(&why);
    struct mapping_result *two = map(m, set, source, &why);
    fuzz_must(one == NULL || two == NULL || same(one, two), "the second document is another");
    if (made && one != NULL) {
        judge_reach(one);
    }
    mapping_result_free(&one);
    mapping_result_free(&two);
    mapping_close(&m);
}

static void run_within_bounds(const char *script, size_t n, uint8_t which, bool made) {
    static const size_t memories[] = {MEMORY, MEMORY / 2, MEMORY / 4};
    const struct mapping_job job = {
        .script = {"t.lua", (const uint8_t *)script, n},
        .budget = {.steps = STEPS, .memory = memories[which / 4 % 3], .wall_ms = 1000},
        .explain = which >= 128};
    int64_t before = held, from = cpu_ms();
    most = held;
    run(&job, sets[which % 3], made);
    fuzz_must(cpu_ms() - from < CPU_MS, "a run beyond its steps");
    fuzz_must(most - before < (int64_t)(MEMORY + BESIDE), "more memory than the limit");
}

static int keep(lua_State *L, const void *p, size_t n, void *out) {
    (void)L;
    return bytes_append(out, p, n);
}

/* As another program would make a chunk, with bytes of it changed. */
static void compile(struct fuzz_input *in, struct bytes *code) {
    struct fuzz_input text = fuzz_piece(in);
    lua_State *L = luaL_newstate();
    fuzz_must(L != NULL, "memory for Lua");
    if (luaL_loadbuffer(L, (const char *)text.p, text.n, "=b") == LUA_OK) {
        fuzz_must(lua_dump(L, keep, code, 1) == 0, "memory for a chunk");
    }
    lua_close(L);
    while (code->n > 4 && in->n > 1) {
        size_t at = 4 + fuzz_byte(in) % (code->n - 4);
        code->p[at] = fuzz_byte(in);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    static char text[SCRIPT_MADE_MAX + 1];
    struct fuzz_input in = {p, n};
    struct bytes code = {0};
    uint8_t kind = fuzz_byte(&in), which = fuzz_byte(&in);
    fuzz_faults(false);
    prepare();
    size_t len = in.n < SCRIPT_MADE_MAX ? in.n : SCRIPT_MADE_MAX;
    if (kind == 'M') {
        len = script_make(&in, text);
    } else if (kind == 'B') {
        compile(&in, &code);
        len = code.n < SCRIPT_MADE_MAX ? code.n : SCRIPT_MADE_MAX;
        memcpy(text, bytes_text(&code), len);
    } else {
        memcpy(text, in.p, len);
    }
    text[len] = '\0';
    bytes_clear(&code);
    fuzz_faults(true);
    run_within_bounds(text, len, which, kind == 'M');
}
