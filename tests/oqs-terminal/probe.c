/* The folder route and the face arrivals over real folders, for tests that drive them from outside:
 * folder_probe COMMAND key=value…  The first line of the output is the code and the fault's place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrival.h"
#include "log.h"
#include "platform.h"
#include "thread.h"

#define PEOPLE_MAX 2000

struct probe {
    int argc;
    char **argv;
    struct env env;
    struct log *log;
    struct folder_settings set;
    struct lookup_route route;
    struct card_data people[PEOPLE_MAX];
    size_t people_n;
    int64_t stop_at_ms;
};

static const char *word(const struct probe *p, const char *key, const char *otherwise) {
    size_t n = strlen(key);
    for (int i = 2; i < p->argc; i++) {
        if (strncmp(p->argv[i], key, n) == 0 && p->argv[i][n] == '=') {
            return p->argv[i] + n + 1;
        }
    }
    return otherwise;
}

static int32_t number(const struct probe *p, const char *key, int32_t otherwise) {
    const char *text = word(p, key, NULL);
    int32_t value = otherwise;
    if (text != NULL && !text_to_int32(text, strlen(text), &value)) {
        fprintf(stderr, "%s is no number\n", key);
        exit(2);
    }
    return value;
}

/* insurer|symbol|number|branch|birth|identifier|reference */
static void read_person(struct probe *p, const char *text) {
    struct card_data *d = &p->people[p->people_n++];
    char *const to[] = {d->insurer_number, d->symbol,     d->number,          d->branch_number,
                        d->birth_date,     d->identifier, d->reference_number};
    const size_t cap[] = {sizeof d->insurer_number,  sizeof d->symbol,     sizeof d->number,
                          sizeof d->branch_number,   sizeof d->birth_date, sizeof d->identifier,
                          sizeof d->reference_number};
    for (size_t i = 0; i < sizeof to / sizeof to[0]; i++) {
        size_t n = strcspn(text, "|");
        text_copy_n(to[i], cap[i], text, n);
        text += text[n] == '|' ? n + 1 : n;
    }
}

static void read_people(struct probe *p) {
    for (int i = 2; i < p->argc && p->people_n < PEOPLE_MAX; i++) {
        if (strncmp(p->argv[i], "person=", 7) == 0) {
            read_person(p, p->argv[i] + 7);
        }
    }
}

static bool stop(void *self) {
    const struct probe *p = self;
    return p->stop_at_ms > 0 && platform_clock.mono_ms(NULL) >= p->stop_at_ms;
}

static void begin(struct probe *p) {
    p->env = (struct env){
        .clock = &platform_clock, .files = &platform_files, .random = &platform_random};
    p->set = (struct folder_settings){
        .req = word(p, "req", ""),
        .res = word(p, "res", ""),
        .face = word(p, "face", ""),
        .encoding = number(p, "sjis", 0) ? OQS_CP932 : OQS_UTF8,
        .long_identifier = number(p, "long", 0) != 0,
        .state = word(p, "state", ""),
        .timeout_ms = number(p, "timeout", 30000),
        .renew_min = number(p, "renew", 30),
        .poll_ms = number(p, "poll", 100),
        .stable_ms = number(p, "stable", 60),
        .remove_results = number(p, "remove", 0) != 0,
        .face_existing = number(p, "existing", 0) != 0,
        .face_after = number(p, "delete", 0) ? FACE_DELETE : FACE_LEAVE,
    };
    struct fault why = {0};
    if (log_open(word(p, "log", ""), SHK_LOG_DEBUG, &p->env, &p->log, &why) != SHK_OK) {
        exit(2);
    }
    int32_t stop_ms = number(p, "stop", 0);
    p->stop_at_ms = stop_ms > 0 ? platform_clock.mono_ms(NULL) + stop_ms : 0;
    read_people(p);
}

static int say(int32_t rc, const struct fault *why, const struct bytes *answer) {
    const struct fault_row *row = fault_find(rc);
    printf("%s %s\n", rc == SHK_OK ? "OK" : row != NULL ? row->name : "?", why->where);
    if (answer != NULL && answer->n > 0) {
        fwrite(answer->p, 1, answer->n, stdout);
    }
    return rc == SHK_OK ? 0 : 1;
}

static int ask(struct probe *p) {
    struct question q = {.search = p->people_n > 0 ? &p->people[0] : NULL};
    const struct watch watch = {stop, p};
    struct bytes answer = {0};
    struct fault why = {0};
    text_copy(q.institution_code, sizeof q.institution_code, word(p, "code", "9919999999"));
    text_copy(q.date, sizeof q.date, word(p, "date", "20261122"));
    text_copy(q.file_identifier, sizeof q.file_identifier, word(p, "file", "T-000123"));
    int32_t rc = p->route.ops->ask(p->route.self, &q, &answer, &watch, &why);
    route_settle(&p->route, rc == SHK_OK && number(p, "unread", 0) == 0);
    int status = say(rc, &why, &answer);
    bytes_clear(&answer);
    return status;
}

static struct bulk_question batch(const struct probe *p) {
    struct bulk_question q = {.people = p->people, .people_n = p->people_n};
    text_copy(q.institution_code, sizeof q.institution_code, "9919999999");
    text_copy(q.date, sizeof q.date, "20261122");
    text_copy(q.idempotency_key, sizeof q.idempotency_key,
              word(p, "key", "4d5f0000-0000-4000-8000-00000000000a"));
    text_copy(q.file_identifier, sizeof q.file_identifier, word(p, "file", "B-000123"));
    return q;
}

static int send(struct probe *p) {
    const struct bulk_question q = batch(p);
    const struct watch watch = {stop, p};
    char reception[RECEPTION_NUMBER_MAX];
    struct fault why = {0};
    int32_t rc = p->route.ops->bulk_send(p->route.self, &q, reception, &watch, &why);
    int status = say(rc, &why, NULL);
    printf("%s\n", reception);
    return status;
}

struct counted {
    FILE *to;
    uint64_t n;
};

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct counted *c = self;
    c->n += n;
    return c->to == NULL || fwrite(p, 1, n, c->to) == n ? SHK_OK
                                                        : fault_raise(why, SHK_E_DISK_FULL);
}

static int fetch(struct probe *p) {
    const struct bulk_question q = batch(p);
    const struct watch watch = {stop, p};
    const char *out = word(p, "out", "");
    struct counted c = {out[0] != '\0' ? fopen(out, "wb") : NULL, 0};
    const struct byte_sink sink = {take, &c};
    int32_t wait_s = -1;
    struct fault why = {0};
    int32_t rc = p->route.ops->bulk_fetch(p->route.self, &q, word(p, "reception", ""), &sink,
                                          &wait_s, &watch, &why);
    route_settle(&p->route, rc == SHK_OK);
    int status = say(rc, &why, NULL);
    printf("%llu %d\n", (unsigned long long)c.n, (int)wait_s);
    if (c.to != NULL) {
        (void)fclose(c.to);
    }
    return status;
}

static int registration(struct probe *p) {
    struct bulk_question q = batch(p);
    q.single = q.people_n == 1;
    const struct watch watch = {stop, p};
    struct bytes answer = {0};
    struct fault why = {0};
    int32_t rc = p->route.ops->registration(p->route.self, &q, &answer, &watch, &why);
    route_settle(&p->route, rc == SHK_OK);
    int status = say(rc, &why, &answer);
    bytes_clear(&answer);
    return status;
}

/* Each arrival is written to out/1, out/2, …; "busy" is how long the desk takes for one. */
static int face(struct probe *p) {
    struct arrival_source source;
    const struct watch watch = {stop, p};
    struct fault why = {0};
    int32_t rc = face_arrivals_new(&p->set, &p->env, p->log, &source, &why);
    say(rc, &why, NULL);
    (void)fflush(stdout);
    if (rc != SHK_OK) {
        return 1;
    }
    for (int n = 1; rc == SHK_OK || rc == SHK_E_TIMEOUT || rc == SHK_E_TERMINAL_FOLDER;) {
        struct arrival arrival;
        fault_clear(&why);
        rc = source.ops->wait(source.self, 1000, &arrival, &watch, &why);
        if (rc == SHK_OK) {
            char path[1200];
            struct fault unwritten = {0};
            text_format(path, sizeof path, "%s/%d", word(p, "out", "."), n++);
            platform_files.put(NULL, path, arrival.body.p, arrival.body.n, true, &unwritten);
            thread_sleep(number(p, "busy", 0));
            source.ops->settle(source.self, number(p, "good", 1) != 0);
            bytes_clear(&arrival.body);
        } else if (rc != SHK_E_TIMEOUT) {
            say(rc, &why, NULL);
            (void)fflush(stdout);
        }
    }
    source.ops->free(source.self);
    return rc == SHK_E_CANCELLED ? 0 : 1;
}

int main(int argc, char **argv) {
    static struct probe p;
    static const struct {
        const char *name;
        int (*run)(struct probe *p);
    } commands[] = {
        {"ask", ask}, {"send", send}, {"fetch", fetch}, {"register", registration}, {"face", face}};
    struct fault why = {0};
    int status = 2;
    p.argc = argc;
    p.argv = argv;
    begin(&p);
    if (folder_route_new(&p.set, &p.env, p.log, &p.route, &why) != SHK_OK) {
        return 2;
    }
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (text_equal(argv[1], commands[i].name)) {
            status = commands[i].run(&p);
        }
    }
    p.route.ops->free(p.route.self);
    log_close(&p.log);
    return status;
}
