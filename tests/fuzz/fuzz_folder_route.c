/* The life of the folder route: questions, batches and registrations, restarts between them, over folders where other
 * programs are at work at every call. The first piece of the input are the commands, the rest is what happens. */
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "folder_seen.h"
#include "folder_world.h"
#include "lookup.h"
#include "oqs_message.h"
#include "shikaku/shikaku.h"

#define COMMANDS_MOST 12
#define TIMEOUT_MS    2000
#define LATE_MS       8000 /* beyond it: notes are written, locks waited for */
#define PERSONS       2
#define BATCHES       2
#define ENDED_WELL    1
#define REFUSED       2

struct life {
    struct folder_world *w;
    struct folder_settings settings;
    struct lookup_route route;
    struct card_data person[PERSONS + BATCHES]; /* the batches are of one each */
    uint32_t asked;
    bool forgets; /* no state file: a restart loses what was sent */
};

static void open_route(struct life *l) {
    struct fault why = {0};
    if (l->route.ops != NULL) {
        l->route.ops->free(l->route.self);
    }
    (void)folder_route_new(&l->settings, &l->w->env, NULL, &l->route, &why);
}

static void set_up(struct life *l, struct folder_world *w, uint8_t how) {
    *l = (struct life){.w = w};
    l->forgets = (how & 1) != 0;
    l->settings = (struct folder_settings){.req = WORLD_REQ,
                                           .res = WORLD_RES,
                                           .state = l->forgets ? "" : WORLD_STATE,
                                           .long_identifier = (how & 2) != 0,
                                           .remove_results = (how & 4) != 0,
                                           .timeout_ms = TIMEOUT_MS,
                                           .renew_min = 30,
                                           .poll_ms = 200,
                                           .stable_ms = 50};
    w->removes = l->settings.remove_results;
    for (int i = 0; i < PERSONS + BATCHES; i++) {
        struct card_data *p = &l->person[i];
        *p =
            (struct card_data){.insurer_number = "06990014", .symbol = "77", .branch_number = "01"};
        snprintf(p->number, sizeof p->number, "%d", 1001 + i);
        snprintf(p->birth_date, sizeof p->birth_date, "1985031%d", i + 1);
        snprintf(p->identifier, sizeof p->identifier, "%s%d", i < PERSONS ? "" : "B", i);
        p->identifier[0] = i < PERSONS ? '\0' : p->identifier[0];
    }
}

static void judge_tied(int person, const struct oqs_message *m) {
    char own[8], number[8];
    snprintf(own, sizeof own, "P%d-", person);
    snprintf(number, sizeof number, "%d", 1000 + person);
    bool by_echo = m->has_search && text_equal(m->number, number);
    bool by_identifier = text_starts(m->file_identifier, own);
    fuzz_must(!m->has_search || by_echo, "an answer of another person");
    fuzz_must(m->institution_code[0] == '\0' || text_equal(m->institution_code, WORLD_INSTITUTION),
              "an answer of another institution");
    fuzz_must(m->segment != ENDED_WELL || m->status == REFUSED ||
                  (m->institution_code[0] != '\0' && (by_echo || by_identifier)),
              "an answer that says of nobody that it is his");
}

static void judge_answer(struct life *l, int person, const struct bytes *answer) {
    struct folder_world *w = l->w;
    struct oqs_message m;
    uint64_t hash = seen_hash(answer->p, answer->n);
    fuzz_must(oqs_message_read(answer->p, answer->n, &m), "an answer is whole");
    judge_tied(person, &m);
    for (size_t i = 0; i < w->laid_n; i++) {
        struct world_laid *laid = &w->laid[i];
        if (laid->content != hash || laid->person == 0) {
            continue;
        }
        fuzz_must(laid->person == person, "somebody else's answer");
        fuzz_must(!laid->used || w->unsteady || fuzz_failed(), "an answer is given once");
        laid->used = true;
    }
}

static int32_t ask(struct life *l, int person, bool used) {
    struct bytes answer = {0};
    struct fault why = {0};
    const struct watch watch = {folder_world_stop, l->w};
    struct question q = {.institution_code = WORLD_INSTITUTION,
                         .date = "20261122",
                         .search = &l->person[person - 1]};
    snprintf(q.file_identifier, sizeof q.file_identifier, "P%d-%06u", person, ++l->asked);
    int32_t rc = l->route.ops->ask(l->route.self, &q, &answer, &watch, &why);
    fuzz_faults(false);
    if (rc == SHK_OK) {
        judge_answer(l, person, &answer);
    }
    fuzz_faults(true);
    route_settle(&l->route, rc == SHK_OK && used);
    bytes_clear(&answer);
    return rc;
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    (void)p, (void)why;
    *(size_t *)self += n;
    return SHK_OK;
}

static int32_t ask_many(struct life *l, uint8_t op, int which) {
    char reception[RECEPTION_NUMBER_MAX] = "R0001";
    struct bytes answer = {0};
    struct fault why = {0};
    size_t got = 0;
    int32_t wait_s = 0, rc = SHK_OK;
    const struct byte_sink sink = {take, &got};
    const struct watch watch = {folder_world_stop, l->w};
    struct bulk_question q = {.institution_code = WORLD_INSTITUTION,
                              .date = "20261122",
                              .people = &l->person[PERSONS + which],
                              .people_n = 1,
                              .single = op == 6};
    snprintf(q.idempotency_key, sizeof q.idempotency_key, "key-%d", which);
    snprintf(q.file_identifier, sizeof q.file_identifier, "P%d-000000", PERSONS + 1 + which);
    if (op == 4) {
        rc = l->route.ops->bulk_send(l->route.self, &q, reception, &watch, &why);
        fuzz_must(rc != SHK_OK || reception_is_usable(reception), "a batch has its number");
    } else if (op == 5) {
        rc = l->route.ops->bulk_fetch(l->route.self, &q, reception, &sink, &wait_s, &watch, &why);
        fuzz_must(rc != SHK_OK || got > 0, "a fetched result is not empty");
    } else {
        rc = l->route.ops->registration(l->route.self, &q, &answer, &watch, &why);
    }
    route_settle(&l->route, rc == SHK_OK);
    bytes_clear(&answer);
    return rc;
}

/* Without a fault, a batch goes out once more only when the first one was answered: it may have been refused. */
static void judge_batches(const struct life *l) {
    const struct folder_world *w = l->w;
    for (size_t i = 0; i < w->requests; i++) {
        const struct world_request *a = &w->request[i];
        for (size_t k = i + 1; k < w->requests && text_equal(a->message, "muquc01"); k++) {
            const struct world_request *b = &w->request[k];
            bool same = text_equal(b->message, a->message) && a->person == b->person;
            fuzz_must(!same || a->answered || l->forgets || w->unsteady || fuzz_failed(),
                      "a batch is sent once");
        }
    }
}

static void command(struct life *l, uint8_t c) {
    uint8_t op = c % 8, arg = c / 8;
    int64_t begin = l->w->clock.mono_ms;
    int32_t rc = SHK_OK;
    folder_world_begin(l->w);
    if (l->route.ops == NULL || op == 2) {
        open_route(l);
    } else if (op < 2 || op == 7) {
        rc = ask(l, 1 + arg % PERSONS, op != 7);
    } else if (op == 3) {
        clock_fake_advance(&l->w->clock, (int64_t)arg * 7 * 60000);
        l->w->files.now_s = l->w->clock.wall_ms / 1000;
        l->w->moved_ms = (int64_t)arg * 7 * 60000;
    } else {
        rc = ask_many(l, op, arg % BATCHES);
    }
    fuzz_must(rc == SHK_OK || fault_find(rc) != NULL, "a fault has a known code");
    fuzz_must(l->w->clock.mono_ms - begin - l->w->moved_ms <= TIMEOUT_MS + LATE_MS,
              "a call ends in its time");
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct life l;
    fuzz_faults(false);
    struct fuzz_input commands = fuzz_piece(&in);
    uint8_t how = fuzz_byte(&commands);
    struct folder_world *w = folder_world_new(in);
    set_up(&l, w, how);
    fuzz_faults(true);
    open_route(&l);
    for (int i = 0; i < COMMANDS_MOST && commands.n > 0; i++) {
        command(&l, fuzz_byte(&commands));
    }
    if (l.route.ops != NULL) {
        l.route.ops->free(l.route.self);
    }
    fuzz_faults(false);
    judge_batches(&l);
    folder_world_end(w);
    fuzz_faults(true);
}
