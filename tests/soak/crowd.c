/* Many sessions in one process: started, cancelled and closed from several threads while cards come and go, delivering
 * into one folder, one module's file, one database and one store. Through the exports alone, for ThreadSanitizer.
 * usage: crowd FOLDER PROFILE LIBRARY MODULES; LIBRARY as in soak.c, MODULES the folder with the adapter "line".
 * Ends with 0 when every session came to its end and all that waited is delivered; crowd.sh counts what was. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "readers.h"
#include "shikaku/shikaku.h"

#define HOSTS       16
#define READERS     8
#define ROUNDS      2
#define PIN         "1234"
#define PATIENCE_MS 120000
#define REST_TRIES  600

struct host {
    int number;
    atomic_int session; /* the one it has now */
    int wrong;          /* results that should not have been */
    int answers;
    pthread_t thread;
};

static char config[512];
static struct host hosts[HOSTS];
static atomic_bool working;

static void pause_ms(long ms) {
    const struct timespec t = {.tv_sec = 0, .tv_nsec = ms * 1000000};
    (void)nanosleep(&t, NULL);
}

static bool write_config(const char *folder, const char *library, const char *modules) {
    const char *connection = getenv("SQL_CONNECTION");
    FILE *f = fopen(config, "w");
    if (f == NULL) {
        return false;
    }
    fprintf(f,
            "return { route = \"demo\", demo = { folder = \"" TEST_DATA
            "/demo\" }, pcsc_library = \"%s\",\n"
            "adapters = { folder = \"%s\" }, script = { wall_ms = 60000 }, deliver = { timeout_ms "
            "= 120000 },\n"
            "log = { file = \"%s/log\", level = \"debug\" }, deliveries = {\n"
            "{ script = \"csv.lua\", folder = \"%s\", [\"repeat\"] = \"always\" },\n"
            "{ script = \"csv.lua\", adapter = \"module:line\", options = \"path=%s/lines\", "
            "[\"repeat\"] "
            "= \"always\" },\n",
            library, modules, folder, folder, folder);
    if (connection != NULL) {
        fprintf(
            f,
            "{ script = \"sql.lua\", adapter = \"sql\", connection = \"%s\", timeout_ms = 60000,\n"
            "[\"repeat\"] = \"always\" },\n",
            connection);
    }
    fputs("} }\n", f);
    return fclose(f) == 0;
}

/* What may come of a check that others cancel and close, of cards that come and go, and of places that take one
 * writer at a time: all of it is delivered in the end. */
static bool may_be(int32_t code) {
    static const int32_t good[] = {SHK_OK,
                                   SHK_E_CANCELLED,
                                   SHK_E_SESSION,
                                   SHK_E_CARD_REMOVED,
                                   SHK_E_CARD_BUSY,
                                   SHK_E_CARD_RESET,
                                   SHK_E_HOST_BUSY,
                                   SHK_E_FOLDER_LOCKED,
                                   SHK_E_DELIVERY_TAKEN};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (code == good[i]) {
            return true;
        }
    }
    return code > 0;
}

static int32_t serve(shk_session s, int job) {
    char text[256];
    int32_t code = shk_start(s, job);
    while (code == SHK_OK) {
        int32_t event = shk_next_event(s, PATIENCE_MS);
        (void)shk_text(s, "record.name", -1, text, sizeof text);
        (void)shk_count(s, "delivery", -1);
        if (event == SHK_EVENT_PIN) {
            (void)shk_answer_pin(s, PIN, 4, 0);
        } else if (event <= 0) {
            code = event == 0 ? SHK_E_TIMEOUT : event;
        } else if (event == SHK_EVENT_DONE) {
            (void)shk_int(s, "fault.code", -1, &code);
            break;
        }
    }
    return code;
}

static shk_session open_at(int reader) {
    char name[32];
    shk_session s = 0;
    (void)snprintf(name, sizeof name, "Reader %d", reader);
    if (shk_open(config, -1, &s) != SHK_OK || shk_set(s, "reader", -1, name, -1) != SHK_OK) {
        return 0;
    }
    return s;
}

static void one_round(struct host *h, int round) {
    char words[256] = "";
    int32_t outcome = 0;
    shk_session s = open_at(h->number % READERS);
    atomic_store(&h->session, s);
    int32_t code = (h->number + round) % 4 == 0 ? shk_check(s, PIN, 4, 0, PATIENCE_MS)
                                                : serve(s, SHK_JOB_CHECK);
    h->answers += shk_int(s, "outcome", -1, &outcome) == SHK_OK ? 1 : 0;
    (void)shk_text(s, "fault.message", -1, words, sizeof words);
    atomic_store(&h->session, 0);
    if (s <= 0 || !may_be(code)) {
        fprintf(stderr, "host %d: %d %s\n", h->number, (int)code, words);
        h->wrong++;
    }
    (void)shk_close(s); /* by somebody else, perhaps */
}

static void *be_host(void *self) {
    for (int i = 0; i < ROUNDS; i++) {
        one_round(self, i);
    }
    return NULL;
}

static void *move_cards(void *self) {
    unsigned *seed = self;
    while (atomic_load(&working)) {
        int n = rand_r(seed);
        readers_place(n % READERS, n / READERS % 4 != 0);
        pause_ms(10);
    }
    return NULL;
}

static void *disturb(void *self) {
    unsigned *seed = self;
    while (atomic_load(&working)) {
        int n = rand_r(seed);
        shk_session s = atomic_load(&hosts[n % HOSTS].session);
        if (s > 0 && n / HOSTS % 8 == 0) {
            (void)shk_close(s);
        } else if (s > 0 && n / HOSTS % 8 < 3) {
            (void)shk_cancel(s);
        }
        pause_ms(20);
    }
    return NULL;
}

/* What was left behind; nobody disturbs it. A session that was closed may still be at its last delivery. */
static int32_t deliver_the_rest(void) {
    char words[256] = "";
    int32_t waiting = 1;
    shk_session s = open_at(0);
    for (int tries = 0; tries < REST_TRIES && waiting != 0; tries++) {
        pause_ms(tries > 0 ? 200 : 0);
        (void)serve(s, SHK_JOB_DELIVER);
        (void)shk_text(s, "fault.message", -1, words, sizeof words);
        waiting =
            serve(s, SHK_JOB_STORE) == SHK_OK && shk_int(s, "store.waiting", -1, &waiting) == SHK_OK
                ? waiting
                : -1;
    }
    if (waiting != 0) {
        fprintf(stderr, "%d wait still: %s\n", (int)waiting, words);
    }
    (void)shk_close(s);
    return waiting;
}

static int crowd(void) {
    unsigned seeds[2] = {1, 2};
    pthread_t others[2];
    int wrong = 0, answers = 0;
    atomic_store(&working, true);
    if (pthread_create(&others[0], NULL, move_cards, &seeds[0]) != 0 ||
        pthread_create(&others[1], NULL, disturb, &seeds[1]) != 0) {
        return 2;
    }
    for (int i = 0; i < HOSTS; i++) {
        hosts[i].number = i;
        if (pthread_create(&hosts[i].thread, NULL, be_host, &hosts[i]) != 0) {
            return 2;
        }
    }
    for (int i = 0; i < HOSTS; i++) {
        pthread_join(hosts[i].thread, NULL);
        wrong += hosts[i].wrong;
        answers += hosts[i].answers;
    }
    atomic_store(&working, false);
    pthread_join(others[0], NULL);
    pthread_join(others[1], NULL);
    wrong += deliver_the_rest() != 0;
    for (int i = 0; i < READERS; i++) {
        wrong += readers_tries(i) != 3;
    }
    printf("%d answers in %d checks, %d wrong, %d handles left\n", answers, HOSTS * ROUNDS, wrong,
           readers_open_handles());
    return wrong == 0 && answers > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        return 2;
    }
    (void)snprintf(config, sizeof config, "%s/shikaku.lua", argv[1]);
    if (!write_config(argv[1], argv[3], argv[4]) || !readers_make(argv[2], READERS)) {
        return 2;
    }
    int rc = crowd();
    readers_free();
    return rc;
}
