/* One check from shk_open to shk_close, run again and again, each time with another call of one kind failing, alone and
 * with all after it, until a run has no failure any more. Each ends in a known fault or in a whole success; afterwards a
 * run without failures delivers what was accepted: one document, never two, none half written. No descriptor, thread or
 * unfinished file is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "torture_check.h"
#include "torture_ground.h"
#include "wrap.h"

#define BAD_MOST    20
#define PATIENCE_MS 60000
#define JAPAN_S     32400
#define DAY_S       86400

/* Read by AddressSanitizer: freed memory is kept from use for a while, but not so much that a run is slow. */
const char *__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier) */
const char *__asan_default_options(void) {
    return "quarantine_size_mb=8";
}

static const struct {
    const char *name;
    uint32_t kind;
} kinds[] = {
    {"memory", WRAP_MEMORY}, {"library", WRAP_LIBRARY}, {"file", WRAP_FILE},
    {"socket", WRAP_SOCKET}, {"thread", WRAP_THREAD},   {"pcsc", WRAP_PCSC},
    {"http", WRAP_HTTP},     {"db", WRAP_DB},           {"crypto", WRAP_CRYPTO},
    {"text", WRAP_TEXT},
};

struct torture {
    const char *name;
    uint32_t kind;
    uint64_t nth, calls, runs, faults, successes, held, bad;
    bool more;
    int descriptors;
};

static void must(struct torture *t, bool good, const char *what, const struct verdict *v) {
    if (!good) {
        fprintf(stderr, "torture %s %llu%s: %s (%d, %s)\n", t->name, (unsigned long long)t->nth,
                t->more ? "+" : "", what, v->code, v->at);
        t->bad++;
    }
}

static int64_t day_in_japan(void) {
    return ((int64_t)time(NULL) + JAPAN_S) / DAY_S;
}

/* A session ends in a thread of its own. */
static int threads_left(void) {
    static const struct timespec moment = {.tv_nsec = 1000000};
    int n = ground_threads();
    for (int i = 0; n > 1 && i < PATIENCE_MS; i++) {
        (void)nanosleep(&moment, NULL);
        n = ground_threads();
    }
    return n;
}

static void judge_run(struct torture *t, const struct ground *g, const struct verdict *v) {
    int documents = ground_documents(g);
    t->faults += v->code != SHK_OK ? 1 : 0;
    t->successes += v->code == SHK_OK ? 1 : 0;
    must(t, !v->stuck, "no end", v);
    must(t, v->code == SHK_OK || fault_find(v->code) != NULL, "an unknown code", v);
    must(t, v->code != SHK_OK || v->answered, "a success without an answer", v);
    must(t, v->code != SHK_OK || documents == 1, "a success without its document", v);
    must(t, documents == 0 || documents == 1, "a document half written or twice", v);
    must(t, threads_left() == 1, "a thread is left", v);
    must(t, t->descriptors < 0 || ground_descriptors() == t->descriptors,
         "a descriptor is left open", v);
}

/* A lease that was left ends by itself; nobody waits for that here. */
static void end_leases(struct torture *t, const struct ground *g) {
    int held = ground_change(
        g, "UPDATE delivery SET lease_until = 1 WHERE lease_until > 1 AND state <= 3");
    t->held += held > 0 ? (uint64_t)held : 0;
}

static void judge_again(struct torture *t, const struct ground *g, bool accepted) {
    struct verdict waited, v;
    end_leases(t, g);
    check_again(ground_at(g, "shikaku.lua"), &waited, &v);
    must(t, waited.code == SHK_OK, "what waits is not delivered", &waited);
    must(t, v.code == SHK_OK && v.answered, "no check after it", &v);
    must(t, !accepted || ground_number(g, "SELECT COUNT(*) FROM delivery WHERE state = 4") == 1,
         "a delivery that is not acknowledged", &v);
    must(t, ground_documents(g) == 1, "not one document in the end", &v);
    must(t, ground_number(g, "SELECT COUNT(*) FROM history WHERE kind = 2") == 1,
         "not one entry of it", &v);
    must(t, ground_leftovers(g) == 0, "an unfinished file", &v);
}

/* False: this run had no failure. */
static bool run(struct torture *t) {
    struct ground g;
    struct verdict v;
    int64_t day = day_in_japan();
    if (!ground_make(&g)) {
        fprintf(stderr, "torture: no folder\n");
        exit(2);
    }
    char config[256];
    snprintf(config, sizeof config, "%s", ground_at(&g, "shikaku.lua"));
    wrap_nth(t->kind, t->nth, t->more);
    check_person(config, &v);
    uint64_t failures = wrap_failures(), calls = wrap_calls();
    wrap_none();
    t->calls = calls > t->calls ? calls : t->calls;
    t->runs++;
    judge_run(t, &g, &v);
    /* The same answer is another one tomorrow. */
    if (day == day_in_japan()) {
        judge_again(t, &g, v.answered);
    }
    ground_remove(&g);
    return failures > 0;
}

/* Libraries that make themselves ready once have done so before; the document that all others are compared with. */
static bool first_run(struct torture *t) {
    t->descriptors = -1;
    (void)run(t);
    t->descriptors = ground_descriptors();
    bool good = t->successes == 1;
    t->runs = t->faults = t->successes = t->bad = 0;
    return good;
}

static void run_all(struct torture *t, uint64_t step, uint64_t first, uint64_t last) {
    bool failed = true;
    for (t->nth = first; failed && t->nth <= last && t->bad < BAD_MOST; t->nth += step) {
        t->more = false;
        failed = run(t);
        t->more = true;
        failed = (failed && run(t)) || failed;
    }
}

static bool find_kind(struct torture *t, const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            t->name = kinds[i].name;
            t->kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static uint64_t number_of(int argc, char **argv, int at, uint64_t usual) {
    uint64_t number = argc > at ? strtoull(argv[at], NULL, 10) : usual;
    return number > 0 ? number : 1;
}

int main(int argc, char **argv) {
    struct torture t = {0};
    if (argc < 2 || argc > 5 || !find_kind(&t, argv[1])) {
        fprintf(
            stderr,
            "usage: torture memory|library|file|socket|thread|pcsc|http|db|crypto|text [STEP [FIRST"
            " [LAST]]]\n");
        return 2;
    }
    wrap_allocators();
    if (!first_run(&t)) {
        fprintf(stderr, "torture: the check fails by itself\n");
        return 1;
    }
    run_all(&t, number_of(argc, argv, 2, 1), number_of(argc, argv, 3, 1),
            number_of(argc, argv, 4, UINT64_MAX));
    printf("%s: %llu calls, %llu runs, %llu clean faults, %llu successes, %llu held\n", t.name,
           (unsigned long long)t.calls, (unsigned long long)t.runs, (unsigned long long)t.faults,
           (unsigned long long)t.successes, (unsigned long long)t.held);
    return t.bad == 0 ? 0 : 1;
}
