/* Check after check with cards that come and go, as a reception does in months, through the exports alone.
 * usage: soak CHECKS FOLDER PROFILE [LIBRARY]. FOLDER is empty and ours. LIBRARY is the PC/SC library of readers.h, which
 * this program is linked with; without it a virtual card on the machine's own service obeys SOAK_CONTROL, a FIFO. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "readers.h"
#include "shikaku/shikaku.h"
#include "size.h"

#define PATIENCE_MS 120000
#define PIN         "1234"
#define BLOCK       10 /* cards of one session */
#define EARLY       6  /* the command at which a card is gone */

/* What SQLite's cache may still be short of when the warm-up is over, and what an allocator leaves unused. */
#define HEAP_MORE_KB 256
#define RSS_MORE_KB  2048

static char config[512], out[512], store[512];
static FILE *control; /* of the machine's own service */
static shk_session session;

struct sample {
    int check;
    struct size size;
    int64_t store;
};

_Noreturn static void stop(int check, const char *what, long number) {
    char text[256] = "";
    (void)shk_text(session, "fault.message", -1, text, sizeof text);
    fprintf(stderr, "check %d: %s (%ld) %s\n", check, what, number, text);
    exit(1);
}

static void need(bool good, int check, const char *what, long number) {
    if (!good) {
        stop(check, what, number);
    }
}

static void place(bool placed) {
    if (control != NULL) {
        fputs(placed ? "insert\n" : "remove\n", control);
        fflush(control);
    } else {
        readers_place(0, placed);
    }
}

static bool write_config(const char *library) {
    static const char *const scripts[] = {"uketsuke_csv", "kanja_xml"};
    FILE *f = fopen(config, "w");
    if (f == NULL) {
        return false;
    }
    fprintf(f,
            "return { route = \"demo\", demo = { folder = \"" TEST_DATA "/demo\" },\n"
            "card_timeout_ms = 120000, pcsc_library = \"%s\", store = { folder = \"%s\" },\n"
            "script = { wall_ms = 60000 }, log = { file = \"%s/log\" }, deliveries = {\n",
            library, store, out);
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        fprintf(f,
                "{ script = \"" SOURCE_ROOT
                "/scripts/%s.lua\", folder = \"%s\", [\"repeat\"] = \"always\" },\n",
                scripts[i], out);
    }
    fputs("} }\n", f);
    return fclose(f) == 0;
}

/* The host takes the files that were delivered, as it does. */
static void take_files(int check) {
    char path[512] = "";
    int32_t n = shk_count(session, "delivery", -1);
    need(n == 2, check, "deliveries", n);
    for (int i = 1; i <= n; i++) {
        char key[64];
        (void)snprintf(key, sizeof key, "delivery[%d].file", i);
        need(shk_text(session, key, -1, path, sizeof path) > 0, check, "no file", i);
        need(unlink(path) == 0, check, "the file is not there", i);
    }
}

static void read_answer(int check) {
    char text[128] = "";
    int32_t outcome = 0;
    (void)shk_int(session, "outcome", -1, &outcome);
    need(outcome == SHK_OUTCOME_ELIGIBLE, check, "outcome", outcome);
    need(shk_text(session, "record.name", -1, text, sizeof text) > 0, check, "no name", 0);
    take_files(check);
}

static int32_t fault_code(void) {
    int32_t code = 0;
    (void)shk_int(session, "fault.code", -1, &code);
    return code;
}

/* The machine's own service sees a card go when it looks the next time: only a watch is told of that. */
static bool watches(int check) {
    return control != NULL || check / BLOCK % 25 == 0;
}

/* One card: laid, asked for, perhaps taken away too early, gone. */
static void one_card(int check) {
    bool early = control == NULL && check % 10 == 9;
    for (;;) {
        int32_t event = shk_next_event(session, PATIENCE_MS);
        need(event > 0, check, "event", event);
        switch (event) {
        case SHK_EVENT_WAITING:
            if (control == NULL) {
                readers_remove_at(0, early ? EARLY : 0);
            }
            place(true);
            break;
        case SHK_EVENT_PIN:
            (void)shk_answer_pin(session, PIN, 4, 0);
            break;
        case SHK_EVENT_DONE:
            if (early) {
                need(fault_code() == SHK_E_CARD_REMOVED, check, "fault", fault_code());
            } else {
                read_answer(check);
            }
            place(false);
            if (!watches(check)) {
                return;
            }
            break;
        case SHK_EVENT_REMOVED:
            return;
        default:
            break;
        }
    }
}

static void end_watch(int check) {
    need(shk_cancel(session) == SHK_OK, check, "cancel", 0);
    for (int32_t event = 0; event != SHK_EVENT_DONE;) {
        event = shk_next_event(session, PATIENCE_MS);
        need(event > 0, check, "event", event);
    }
}

static void open_session(int check) {
    int32_t rc = shk_open(config, -1, &session);
    need(rc == SHK_OK, check, "open", rc);
}

/* Sessions of some cards, each of which has a job of its own or all of them one watch. A watch rests between cards
 * that come too fast for people, so it is the rarer. */
static void one_check(int check) {
    bool watching = watches(check);
    if (check % BLOCK == 0) {
        open_session(check);
    }
    if (!watching || check % BLOCK == 0) {
        int32_t rc = shk_start(session, watching ? SHK_JOB_WATCH : SHK_JOB_CHECK);
        need(rc == SHK_OK, check, "start", rc);
    }
    one_card(check);
    if (check % BLOCK == BLOCK - 1) {
        if (watching) {
            end_watch(check);
        }
        need(shk_close(session) == SHK_OK, check, "close", 0);
    }
}

static struct sample sample(int check) {
    struct sample s = {.check = check, .size = size_now(), .store = size_of_files(store, "")};
    printf("%8d %10ld %10ld %6d %8d %11ld\n", check, (long)s.size.rss_kb, (long)s.size.heap_kb,
           s.size.files, s.size.threads, (long)(s.store / 1024));
    fflush(stdout);
    return s;
}

/* What the last sample may not have more of than the one after the warm-up. */
static bool flat(const struct sample *warm, const struct sample *end) {
    const struct {
        const char *what;
        int64_t before, after, more;
    } rows[] = {{"memory in use, KiB", warm->size.heap_kb, end->size.heap_kb, HEAP_MORE_KB},
                {"resident memory, KiB", warm->size.rss_kb, end->size.rss_kb, RSS_MORE_KB},
                {"descriptors", warm->size.files, end->size.files, 0},
                {"threads", warm->size.threads, end->size.threads, 0}};
    bool good = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool counts = i != 1 || !size_is_sanitized();
        bool grew = counts && rows[i].after > rows[i].before + rows[i].more;
        if (grew) {
            fprintf(stderr, "grew: %s, from %ld to %ld\n", rows[i].what, (long)rows[i].before,
                    (long)rows[i].after);
        }
        good = good && !grew;
    }
    return good;
}

/* A worker that was left in a delivery ends by itself; it gets a minute for that. */
static void settle(const struct sample *warm) {
    const struct timespec a_while = {.tv_nsec = 100000000};
    struct size now = size_now();
    for (int i = 0; i < 600 && (now.files > warm->size.files || now.threads > warm->size.threads);
         i++) {
        (void)nanosleep(&a_while, NULL);
        now = size_now();
    }
}

static int soak(int checks) {
    struct sample warm = {0}, end = {0};
    printf("%8s %10s %10s %6s %8s %11s\n", "checks", "RSS KiB", "heap KiB", "files", "threads",
           "store KiB");
    (void)sample(0);
    for (int i = 0; i < checks; i++) {
        one_check(i);
        bool is_warm = i + 1 == checks / 10, is_end = i + 1 == checks;
        if (is_end) {
            settle(&warm);
        }
        if (is_warm || is_end || (i + 1) % (checks / 10) == 0) {
            end = sample(i + 1);
            warm = is_warm ? end : warm;
        }
    }
    int64_t grown = end.store - warm.store;
    printf("store: %ld bytes a check; handles of the readers: %d\n",
           (long)(grown / (checks - warm.check)), readers_open_handles());
    if (readers_open_handles() != 0) {
        fputs("handles of the readers were not given back\n", stderr);
    }
    return flat(&warm, &end) && readers_open_handles() == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    int checks = argc > 3 ? (int)strtol(argv[1], NULL, 10) / BLOCK * BLOCK : 0;
    const char *fifo = getenv("SOAK_CONTROL");
    if (checks < 10 * BLOCK) {
        fprintf(stderr, "usage: soak CHECKS FOLDER PROFILE [LIBRARY]; CHECKS: %d or more\n",
                10 * BLOCK);
        return 2;
    }
    (void)snprintf(config, sizeof config, "%s/shikaku.lua", argv[2]);
    (void)snprintf(out, sizeof out, "%s", argv[2]);
    (void)snprintf(store, sizeof store, "%s/store", argv[2]);
    control = argc == 4 && fifo != NULL ? fopen(fifo, "w") : NULL;
    if (!write_config(argc > 4 ? argv[4] : "") || (control == NULL && !readers_make(argv[3], 1))) {
        return 2;
    }
    int rc = soak(checks);
    readers_free();
    return rc;
}
