/* A question through the gateway's route and what the session makes of the answer, while every answer of the server comes
 * from the input. Its first byte says what is asked and how, the second at which byte the reader of a bulk result gives
 * up (0: never); the answers follow (http_steps.h). */
#include <string.h>

#include "gateway_judge.h"
#include "http_steps.h"
#include "wrap.h"

#define KEY      "4d5f0000-0000-4000-8000-00000000000a"
#define BASE     "https://gateway.example:8443/base/v1/"
#define LIMIT_MS 15000
#define BULK_MS  600000

enum { SEARCH = 1, BULK = 2, TOLERANT = 4, SHORT = 8, STOPS = 16 };

struct world {
    struct http_fake http;
    struct http_fake_step steps[HTTP_STEPS_MAX];
    struct env env;
    struct lookup_route route;
    struct bytes taken; /* of a bulk result */
    size_t give_up_at;
    bool gave_up, stops;
};

/* A call is cheaper to fail here than in libcurl. */
static int32_t perform(void *http, const struct http_request *rq, struct http_reply *rp,
                       struct fault *why) {
    fuzz_must(rq->timeout_ms > 0 && rq->timeout_ms <= BULK_MS, "a request without end");
    fuzz_must(strncmp(rq->url, BASE, sizeof BASE - 1) == 0, "a request to somebody else");
    const char *path = rq->url + sizeof BASE - 1;
    fuzz_must(strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/") ==
                  strlen(path),
              "an address out of an answer");
    if (wrap_fails(WRAP_HTTP)) {
        *rp = (struct http_reply){.retry_after_s = -1, .date_s = -1};
        return fault_raise(why, SHK_E_GATEWAY_ANSWER);
    }
    fuzz_faults(false);
    int32_t rc = http_fake_ops.perform(http, rq, rp, why);
    fuzz_faults(true);
    return rc;
}

static bool wants_stop(void *self) {
    struct world *w = self;
    return w->stops && w->http.now_ms > LIMIT_MS / 2;
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct world *w = self;
    fuzz_must(!w->gave_up, "more for who gave up");
    fuzz_must(bytes_append(&w->taken, p, n) == SHK_OK, "no memory");
    w->gave_up = w->give_up_at > 0 && w->taken.n >= w->give_up_at;
    return w->gave_up ? fault_raise(why, SHK_E_XML) : SHK_OK;
}

/* One question's requests are the same bytes under the same key. */
static void judge_requests(const struct world *w, size_t most) {
    const struct http_fake_seen *first = NULL;
    fuzz_must(w->http.seen_n <= most, "too many requests");
    for (size_t i = 0; i < w->http.seen_n; i++) {
        const struct http_fake_seen *seen = &w->http.seen[i];
        if (seen->idempotency_key[0] == '\0') {
            continue;
        }
        first = first != NULL ? first : seen;
        fuzz_must(text_equal(seen->idempotency_key, KEY), "another key");
        fuzz_must(seen->body.n == first->body.n &&
                      memcmp(seen->body.p, first->body.p, seen->body.n) == 0,
                  "another question under the same key");
    }
}

static void judge_time(const struct world *w, int64_t most_ms) {
    fuzz_must(w->http.now_ms <= most_ms + 500, "later than its limit");
}

/* The answer that came last. */
static const struct http_fake_step *last_step(const struct world *w) {
    return w->http.next > 0 ? &w->steps[w->http.next - 1] : NULL;
}

static void judge_body(const struct world *w, const struct bytes *answer, int32_t status) {
    const struct http_fake_step *step = last_step(w);
    fuzz_must(step != NULL && step->fault == 0 && step->status == status &&
                  text_equal(step->content_type, "application/xml"),
              "an answer from nowhere");
    fuzz_must(answer == NULL || (answer->n > 0 && answer->n == step->body_len &&
                                 memcmp(answer->p, step->body, answer->n) == 0),
              "not the answer's body");
}

static struct question question_of(uint8_t how) {
    static const uint8_t some[] = {0x30, 0x82, 0x01, 0xFB};
    struct question q = {.institution_code = GATEWAY_INSTITUTION,
                         .date = GATEWAY_DATE,
                         .idempotency_key = KEY,
                         .file_identifier = GATEWAY_FILE,
                         .end_ms = (how & SHORT) != 0 ? LIMIT_MS / 3 : 0};
    if ((how & SEARCH) != 0) {
        q.search = &gateway_person;
        return q;
    }
    q.certificate = q.signature = some;
    q.certificate_len = q.signature_len = sizeof some;
    q.common_name = "999999SAMPLE0000000001A";
    q.algorithm = "RS256";
    return q;
}

static void judge_challenge(const struct world *w, const struct question *q, int32_t rc) {
    size_t n = strlen(q->challenge);
    bool plain = !input_holds(http_step_body(&w->steps[0]), "\\") &&
                 !input_holds(http_step_body(&w->steps[1]), "\\");
    if (rc != SHK_OK || q->search != NULL) {
        fuzz_must(n == 0 && q->challenge_expires_s == 0, "a challenge after a fault");
        return;
    }
    fuzz_must(n >= 16 && n <= 128 && q->challenge_expires_s > 0, "no challenge");
    fuzz_must(!plain || input_holds(http_step_body(&w->steps[0]), q->challenge) ||
                  input_holds(http_step_body(&w->steps[1]), q->challenge),
              "a challenge of its own");
}

static void ask_one(struct world *w, uint8_t how) {
    struct question q = question_of(how);
    const struct watch watch = {wants_stop, w};
    struct bytes answer = {0};
    struct fault why = {0};
    int32_t rc = w->route.ops->prepare(w->route.self, &q, &watch, &why);
    fuzz_must(rc == why.code, "a fault without its reason");
    judge_challenge(w, &q, rc);
    /* Each once more if it may be lost, and as often for the time of a server whose clock matters. */
    size_t most = 2 + ((how & TOLERANT) != 0 ? 2 : 0);
    judge_requests(w, q.search == NULL ? most : 0);
    judge_time(w, LIMIT_MS);
    if (rc == SHK_OK) {
        int64_t begin_ms = w->http.now_ms;
        most = w->http.seen_n + (q.search != NULL ? most : 2);
        rc = w->route.ops->ask(w->route.self, &q, &answer, &watch, &why);
        fuzz_must(rc == why.code && (rc == SHK_OK) == (answer.n > 0), "neither answer nor fault");
        judge_requests(w, most);
        judge_time(w, begin_ms + LIMIT_MS);
    }
    if (rc == SHK_OK) {
        judge_body(w, &answer, 200);
        gateway_judge_answer(&q, &answer);
    }
    bytes_clear(&answer);
}

static void fetch(struct world *w, const struct bulk_question *q, const char *reception) {
    const struct watch watch = {wants_stop, w};
    const struct byte_sink sink = {take, w};
    struct fault why = {0};
    int32_t wait_s = -1;
    size_t before = w->http.seen_n;
    int64_t begin_ms = w->http.now_ms;
    int32_t rc =
        w->route.ops->bulk_fetch(w->route.self, q, reception, &sink, &wait_s, &watch, &why);
    fuzz_must(rc == why.code, "a fault without its reason");
    fuzz_must(!w->gave_up || rc == SHK_E_XML || fuzz_failed(), "the reader's fault is lost");
    fuzz_must(rc != SHK_E_ANSWER_PENDING || (w->taken.n == 0 && wait_s >= 1 && wait_s <= 3600),
              "pending");
    judge_requests(w, before + 2);
    judge_time(w, begin_ms + BULK_MS);
    if (rc == SHK_OK) {
        judge_body(w, &w->taken, 200);
    }
}

static void ask_many(struct world *w, uint8_t how) {
    struct bulk_question q = {.institution_code = GATEWAY_INSTITUTION,
                              .date = GATEWAY_DATE,
                              .idempotency_key = KEY,
                              .file_identifier = GATEWAY_FILE,
                              .people = &gateway_person,
                              .people_n = 1};
    const struct watch watch = {wants_stop, w};
    char reception[RECEPTION_NUMBER_MAX] = "R-1";
    struct fault why = {0};
    if ((how & SEARCH) == 0) {
        int32_t rc = w->route.ops->bulk_send(w->route.self, &q, reception, &watch, &why);
        fuzz_must(rc == why.code && (rc == SHK_OK) == reception_is_usable(reception), "reception");
        judge_requests(w, 4);
        judge_time(w, BULK_MS);
        if (rc != SHK_OK) {
            return;
        }
        judge_body(w, NULL, 202);
    }
    fetch(w, &q, reception);
}

static bool open_world(struct world *w, uint8_t how) {
    const struct gateway_settings settings = {.url = "https://gateway.example:8443/base/",
                                              .timeout_ms = LIMIT_MS,
                                              .bulk_timeout_ms = BULK_MS,
                                              .clock_tolerance_s = (how & TOLERANT) != 0 ? 300 : 0};
    struct fault why = {0};
    w->stops = (how & STOPS) != 0;
    w->env.clock = &http_fake_clock;
    w->env.clock_self = w->env.http_self = &w->http;
    return gateway_route_new(&settings, &w->env, NULL, &w->route, &why) == SHK_OK;
}

void fuzz_one(const uint8_t *p, size_t n) {
    const struct http_ops http = {http_fake_ops.open, perform, http_fake_ops.close};
    struct fuzz_input in = {p, n};
    struct world w = {.env.http = &http};
    uint8_t how = fuzz_byte(&in);
    w.give_up_at = fuzz_byte(&in);
    http_fake_script(&w.http, w.steps, http_steps(&in, w.steps));
    if (open_world(&w, how)) {
        ((how & BULK) != 0 ? ask_many : ask_one)(&w, how);
        w.route.ops->free(w.route.self);
    }
    fuzz_must(w.http.opened == w.http.closed, "a line that stays open");
    bytes_clear(&w.taken);
    http_fake_clear(&w.http);
}
