/* Every script of tests/sandbox against the sandbox. The first line of each says what it tries and how
 * it may end:
 *
 *     -- what => SHK_E_SCRIPT_RUN:4 SHK_E_SCRIPT_BUDGET SHK_OK the whole document
 *
 * codes with the line of the fault, if it matters; SHK_OK comes last. A line that begins with "--!" is
 * not part of the script. In what follows, @<1000:text> stands for the text a thousand times, \xHH in
 * it for a byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <glob.h>
#include <malloc.h>

#include "platform.h"
#include "sandbox_stage.h"
#include "slurp.h"
#include "text.h"

#define WALL_MS   10000 /* what needs none of it must not meet it on a busy machine */
#define LATEST_MS 60000 /* a busy machine is slow; what never ends is not */
#define MEMORY    ((size_t)8 * 1024 * 1024)
#define BESIDE    ((size_t)3 * MEMORY) /* what the host makes of the values: copies, the document */
#define TEXT_MAX  ((size_t)700 * 1024)
#define CODES_MAX 4
#define LEAST     100

/* --- memory that is held by what is linked statically --- */

static struct held {
    long blocks;
    size_t bytes, most;
} held;

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static void *taken(void *p) {
    held.blocks += p != NULL ? 1 : 0;
    held.bytes += p != NULL ? malloc_usable_size(p) : 0;
    held.most = held.bytes > held.most ? held.bytes : held.most;
    return p;
}

static void given(void *p) {
    held.blocks -= p != NULL ? 1 : 0;
    held.bytes -= p != NULL ? malloc_usable_size(p) : 0;
}

void *__wrap_malloc(size_t n) {
    return taken(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size) {
    return taken(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n) {
    size_t had = p != NULL ? malloc_usable_size(p) : 0;
    void *moved = __real_realloc(p, n);
    if (moved != NULL) {
        held.blocks -= p != NULL ? 1 : 0;
        held.bytes -= had;
        taken(moved);
    }
    return moved;
}

void __wrap_free(void *p) {
    given(p);
    __real_free(p);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

/* --- a script and how it may end --- */

struct text {
    char p[TEXT_MAX];
    size_t n;
};

struct hostile {
    const char *name;
    struct text script, document; /* the document counts only where SHK_OK is accepted */
    struct {
        int32_t code;
        long line; /* 0: any */
    } ends[CODES_MAX];
    size_t ends_n;
};

static void add_byte(struct text *to, char byte) {
    assert_true(to->n + 1 < TEXT_MAX);
    to->p[to->n++] = byte;
    to->p[to->n] = '\0';
}

/* The unit of "@<3:unit>"; returns its length in the source. */
static size_t read_unit(const char *p, char *unit, size_t *n) {
    size_t at = 0;
    for (*n = 0; p[at] != '>'; (*n)++) {
        assert_true(p[at] != '\0' && *n < 1000);
        if (p[at] == '\\' && p[at + 1] == 'x') {
            unit[*n] = (char)strtoul((const char[]){p[at + 2], p[at + 3], '\0'}, NULL, 16);
            at += 4;
        } else {
            unit[*n] = p[at++];
        }
    }
    return at + 1;
}

static void expand(const char *p, struct text *to) {
    static char unit[1000];
    to->n = 0;
    to->p[0] = '\0';
    while (*p != '\0') {
        if (strncmp(p, "@<", 2) != 0) {
            add_byte(to, *p++);
            continue;
        }
        char *colon;
        size_t n, times = strtoul(p + 2, &colon, 10);
        assert_int_equal(*colon, ':');
        p = colon + 1 + read_unit(colon + 1, unit, &n);
        for (size_t i = 0; i < times * n; i++) {
            add_byte(to, unit[i % n]);
        }
    }
}

static int32_t code_of(const char *word, size_t n) {
    static const struct {
        const char *name;
        int32_t code;
    } codes[] = {
        {"SHK_OK", SHK_OK},
        {"SHK_E_SCRIPT_SYNTAX", SHK_E_SCRIPT_SYNTAX},
        {"SHK_E_SCRIPT_CONTRACT", SHK_E_SCRIPT_CONTRACT},
        {"SHK_E_SCRIPT_RUN", SHK_E_SCRIPT_RUN},
        {"SHK_E_SCRIPT_BUDGET", SHK_E_SCRIPT_BUDGET},
        {"SHK_E_SCRIPT_MEMORY", SHK_E_SCRIPT_MEMORY},
        {"SHK_E_SCRIPT_CHECK", SHK_E_SCRIPT_CHECK},
        {"SHK_E_CHARACTER_LOST", SHK_E_CHARACTER_LOST},
        {"SHK_E_FILE_NAME", SHK_E_FILE_NAME},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (text_equal_n(codes[i].name, word, n)) {
            return codes[i].code;
        }
    }
    fail_msg("no such code: %.*s", (int)n, word);
    return 0;
}

/* "SHK_E_SCRIPT_RUN:4 SHK_OK the document". */
static void read_ends(struct hostile *h, char *words) {
    h->ends_n = 0;
    while (*words != '\0') {
        size_t n = strcspn(words, ": ");
        assert_true(h->ends_n < CODES_MAX);
        h->ends[h->ends_n].code = code_of(words, n);
        h->ends[h->ends_n].line = words[n] == ':' ? strtol(words + n + 1, NULL, 10) : 0;
        words += strcspn(words, " ");
        words += *words == ' ' ? 1 : 0;
        if (h->ends[h->ends_n++].code == SHK_OK) {
            expand(words, &h->document);
            return;
        }
    }
}

static void read_hostile(const char *path, struct hostile *h) {
    char *text = slurp(path, NULL);
    char *line_end = strchr(text, '\n');
    bool raw = strncmp(text, "--!", 3) == 0;
    assert_non_null(line_end);
    h->name = text_file_name(path);
    expand(line_end + (raw ? 1 : 0), &h->script);
    *line_end = '\0';
    char *arrow = strstr(text, " => ");
    assert_non_null(arrow);
    read_ends(h, arrow + 4);
    if (!raw) { /* the line was a comment */
        memmove(h->script.p + 2, h->script.p, h->script.n + 1);
        memcpy(h->script.p, "--", 2);
        h->script.n += 2;
    }
}

/* --- running --- */

static int64_t now_ms(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int32_t run_text(const char *text, size_t n, struct mapping_result **result) {
    struct mapping_job job = {
        .script = {"t.lua", (const uint8_t *)text, n},
        .budget = {.memory = MEMORY, .wall_ms = WALL_MS},
        .clock = &platform_clock,
    };
    fault_clear(&why);
    return mapping_run(&job, records, 1, result, &why);
}

static int failures;

static void expect(bool ok, const struct hostile *h, const char *what) {
    if (!ok) {
        print_error("%s: %s (code %d, %s)\n", h->name, what, (int)why.code, why.where);
        failures++;
    }
}

static bool is_document(const struct mapping_result *result, const struct text *expected) {
    if (result == NULL) {
        return false;
    }
    const struct bytes *body = &result->body;
    size_t ends = body->n > 1 && body->p[body->n - 2] == '\r' ? 2 : 1;
    return body->n == expected->n + ends && memcmp(body->p, expected->p, expected->n) == 0;
}

static bool is_accepted(const struct hostile *h, int32_t rc, const struct mapping_result *result) {
    for (size_t i = 0; i < h->ends_n; i++) {
        bool line = h->ends[i].line == 0 || h->ends[i].line == why.native;
        if (h->ends[i].code == rc && line && (rc != SHK_OK || is_document(result, &h->document))) {
            return true;
        }
    }
    return false;
}

/* No value of the person, nor anything that is not plain text. */
static bool tells_nothing(const char *where) {
    static const char *const paths[] = {"name", "name_kana", "name_other", "address", "birth_date"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct value value;
        assert_int_equal(record_value(records, 1, paths[i], strlen(paths[i]), &value), SHK_OK);
        assert_true(value.len > 0);
        if (strstr(where, value.text) != NULL) {
            return false;
        }
    }
    for (const char *p = where; *p != '\0'; p++) {
        if ((uint8_t)*p < ' ' || *p == 0x7F) {
            return false;
        }
    }
    return utf8_valid(where, strlen(where));
}

static void run_hostile(const struct hostile *h) {
    struct mapping_result *result = NULL;
    const struct held before = held;
    held.most = held.bytes;
    int64_t from = now_ms();
    int32_t rc = run_text(h->script.p, h->script.n, &result);
    int64_t took = now_ms() - from;
    expect((rc == SHK_OK) == (result != NULL) && rc == why.code, h, "no clean end");
    expect(is_accepted(h, rc, result), h, "another end");
    expect(rc == SHK_OK || memcmp(why.where, "t.lua", 5) == 0, h, "nameless");
    expect(tells_nothing(why.where), h, "tells too much");
    expect(took < LATEST_MS, h, "too slow");
    expect(held.most - before.bytes < MEMORY + BESIDE, h, "too much memory");
    mapping_result_free(&result);
    expect(held.blocks == before.blocks && held.bytes == before.bytes, h, "memory is gone");
    if (took > 1000) {
        print_message("%s took %d ms\n", h->name, (int)took);
    }
}

/* A script that the host ships, and what it made before anything hostile ran. */
static struct text good_script, good_document;

static void run_good(const struct hostile *after) {
    struct mapping_result *result = NULL;
    int32_t rc = run_text(good_script.p, good_script.n, &result);
    expect(rc == SHK_OK && is_document(result, &good_document), after, "spoils what comes after");
    mapping_result_free(&result);
}

static void prepare_good(void) {
    struct mapping_result *result = NULL;
    expand(slurp(SOURCE_ROOT "/scripts/uketsuke_csv.lua", NULL), &good_script);
    assert_int_equal(run_text(good_script.p, good_script.n, &result), SHK_OK);
    assert_true(result->body.n > 100 && result->body.n < TEXT_MAX);
    good_document.n = result->body.n - 2;
    memcpy(good_document.p, result->body.p, good_document.n);
    mapping_result_free(&result);
}

static void for_each(void (*run)(const struct hostile *h)) {
    static struct hostile h;
    glob_t found = {0};
    assert_int_equal(glob(SOURCE_ROOT "/tests/sandbox/*.lua", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= LEAST);
    failures = 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        read_hostile(found.gl_pathv[i], &h);
        run(&h);
    }
    print_message("%u scripts\n", (unsigned)found.gl_pathc);
    globfree(&found);
    assert_int_equal(failures, 0);
}

static void run_and_go_on(const struct hostile *h) {
    run_hostile(h);
    run_good(h);
}

static void every_script_ends_cleanly_and_the_host_goes_on(void **state) {
    (void)state;
    prepare_good();
    for_each(run_and_go_on);
}

/* The same texts as a configuration: whatever comes of it, the host lives and has its memory. */
static void read_as_configuration(const struct hostile *h) {
    struct lua_table table;
    const struct held before = held;
    held.most = held.bytes;
    int64_t from = now_ms();
    fault_clear(&why);
    int32_t rc = lua_table_read("t.lua", (const uint8_t *)h->script.p, h->script.n, &table, &why);
    expect(rc == why.code, h, "no clean end as a configuration");
    expect(rc == SHK_OK || memcmp(why.where, "t.lua", 5) == 0, h, "nameless as a configuration");
    expect(held.most - before.bytes < MEMORY + BESIDE, h, "too much memory as a configuration");
    lua_table_clear(&table);
    expect(held.blocks == before.blocks && held.bytes == before.bytes, h, "memory is gone");
    if (now_ms() - from > 1000) {
        print_message("%s took %d ms as a configuration\n", h->name, (int)(now_ms() - from));
    }
}

static void every_script_as_a_configuration_ends_cleanly_too(void **state) {
    (void)state;
    for_each(read_as_configuration);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_script_ends_cleanly_and_the_host_goes_on),
        cmocka_unit_test(every_script_as_a_configuration_ends_cleanly_too),
    };
    return cmocka_run_group_tests_name("sandbox_hostile", tests, load_person, free_person);
}
