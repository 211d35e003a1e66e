#include <stdlib.h>
#include <string.h>

#include "gateway.h"
#include "log.h"

#define ANSWER_MAX        ((size_t)4 * 1024 * 1024)
#define CHALLENGE_MAX     ((size_t)64 * 1024)
#define URL_MAX           1024
#define CLOCK_TOLERANCE_S 120
#define TIMEOUT_DEFAULT   15000

struct gateway {
    const struct env *env;
    struct log *log;
    void *http;
    int32_t timeout_ms;
    char challenges_url[URL_MAX], checks_url[URL_MAX];
};

/* One exchange: what the log calls it, and until when its two attempts may take. */
struct exchange {
    const char *name;
    const struct watch *watch;
    int64_t end_ms;
};

static int64_t now_ms(const struct gateway *g) {
    return g->env->clock->mono_ms(g->env->clock_self);
}

/* Nothing of the content: a status, times and lengths. */
static void log_attempt(struct gateway *g, const struct exchange *x, const struct http_reply *rp,
                        const struct fault *broken, int64_t ms) {
    if (broken->code != SHK_OK) {
        log_event(g->log, SHK_LOG_WARN, x->name, "code,native_kind,native,ms",
                  (int64_t)broken->code, (int64_t)broken->native_kind, (int64_t)broken->native, ms);
        return;
    }
    log_event(g->log, SHK_LOG_INFO, x->name, "status,ms,reused,bytes,retry_after_s",
              (int64_t)rp->status, ms, (int64_t)rp->reused, (int64_t)rp->body.n,
              (int64_t)rp->retry_after_s);
}

/* Only looked at: whether to believe this clock or the server's is for a person to say. */
static void log_clock(struct gateway *g, const struct http_reply *rp) {
    if (rp->date_s < 0) {
        return;
    }
    int64_t ahead_s = g->env->clock->wall_s(g->env->clock_self) - rp->date_s;
    bool close = ahead_s > -CLOCK_TOLERANCE_S && ahead_s < CLOCK_TOLERANCE_S;
    log_event(g->log, close ? SHK_LOG_DEBUG : SHK_LOG_WARN, "gateway.clock", "ahead_s", ahead_s);
}

static int32_t attempt(struct gateway *g, const struct exchange *x, struct http_request *rq,
                       struct http_reply *rp, struct fault *broken) {
    int64_t begin = now_ms(g);
    *rp = (struct http_reply){.retry_after_s = -1, .date_s = -1};
    fault_clear(broken);
    rq->timeout_ms = x->end_ms > begin ? (int32_t)(x->end_ms - begin) : 1;
    int32_t rc = g->env->http->perform(g->http, rq, rp, broken);
    log_attempt(g, x, rp, broken, now_ms(g) - begin);
    return rc;
}

/* The request went out and nothing definite came back: the line broke before a whole answer, or
 * something between here and there gave up while it waited. */
static bool may_be_lost(int32_t rc, int32_t status) {
    return rc == SHK_E_GATEWAY_ANSWER ||
           (rc == SHK_OK && (status == 500 || status == 502 || status == 504));
}

static bool wants_stop(const struct watch *watch) {
    return watch != NULL && watch->stop != NULL && watch->stop(watch->self);
}

/* Once, and once more if the first may be lost: the same bytes under the same key, inside one time
 * limit. On success the reply is the caller's to clear. */
static int32_t exchange(struct gateway *g, struct exchange *x, struct http_request *rq,
                        struct http_reply *rp, struct fault *why) {
    struct fault broken = {0};
    x->end_ms = now_ms(g) + g->timeout_ms;
    int32_t rc = attempt(g, x, rq, rp, &broken);
    if (may_be_lost(rc, rp->status) && now_ms(g) < x->end_ms && !wants_stop(x->watch)) {
        log_event(g->log, SHK_LOG_WARN, "gateway.repeat", "left_ms", x->end_ms - now_ms(g));
        bytes_clear(&rp->body);
        rc = attempt(g, x, rq, rp, &broken);
    }
    if (rc != SHK_OK) {
        bytes_clear(&rp->body);
        return fault_set(why, rc, broken.native_kind, broken.native, broken.where);
    }
    log_clock(g, rp);
    return SHK_OK;
}

static void watch_request(struct http_request *rq, const struct watch *watch) {
    if (watch != NULL) {
        rq->stop = watch->stop;
        rq->stop_self = watch->self;
    }
}

static int32_t read_challenge(struct gateway *g, const struct http_reply *rp, struct question *q,
                              struct fault *why) {
    int32_t expires_in_s = 0;
    if (rp->status != 201) {
        return gateway_fault(rp, why);
    }
    if (!text_equal(rp->content_type, "application/json") ||
        !gateway_challenge_read(&rp->body, q->challenge, &expires_in_s)) {
        return fault_set(why, SHK_E_GATEWAY_ANSWER, SHK_NATIVE_HTTP, rp->status, "challenge");
    }
    q->challenge_expires_s = expires_in_s;
    log_event(g->log, SHK_LOG_DEBUG, "gateway.challenge", "expires_in_s", (int64_t)expires_in_s);
    return SHK_OK;
}

static int32_t prepare(void *self, struct question *q, const struct watch *watch,
                       struct fault *why) {
    struct gateway *g = self;
    struct exchange x = {.name = "gateway.challenge", .watch = watch};
    struct http_request rq = {.method = "POST",
                              .url = g->challenges_url,
                              .accept = "application/json",
                              .answer_max = CHALLENGE_MAX};
    struct http_reply rp;
    q->challenge[0] = '\0';
    q->challenge_expires_s = 0;
    watch_request(&rq, watch);
    int32_t rc = exchange(g, &x, &rq, &rp, why);
    if (rc == SHK_OK) {
        rc = read_challenge(g, &rp, q, why);
        bytes_clear(&rp.body);
    }
    return rc;
}

static int32_t read_answer(struct http_reply *rp, struct bytes *answer, struct fault *why) {
    if (rp->status != 200) {
        return gateway_fault(rp, why);
    }
    if (!text_equal(rp->content_type, "application/xml") || rp->body.n == 0) {
        return fault_set(why, SHK_E_GATEWAY_ANSWER, SHK_NATIVE_HTTP, rp->status, "check");
    }
    *answer = rp->body;
    rp->body = (struct bytes){0};
    return SHK_OK;
}

static int32_t send_check(struct gateway *g, const struct question *q, const struct bytes *body,
                          struct bytes *answer, const struct watch *watch, struct fault *why) {
    const struct http_header headers[] = {{"Content-Type", "application/xml; charset=utf-8"},
                                          {"Idempotency-Key", q->idempotency_key}};
    struct exchange x = {.name = "gateway.answer", .watch = watch};
    struct http_request rq = {.method = "POST",
                              .url = g->checks_url,
                              .headers = headers,
                              .headers_n = sizeof headers / sizeof headers[0],
                              .body = body->p,
                              .body_len = body->n,
                              .accept = "application/xml",
                              .answer_max = ANSWER_MAX};
    struct http_reply rp;
    watch_request(&rq, watch);
    int32_t rc = exchange(g, &x, &rq, &rp, why);
    if (rc == SHK_OK) {
        rc = read_answer(&rp, answer, why);
        bytes_clear(&rp.body);
    }
    return rc;
}

static int32_t ask(void *self, const struct question *q, struct bytes *answer,
                   const struct watch *watch, struct fault *why) {
    struct bytes body = {0};
    bytes_clear(answer);
    int32_t rc = gateway_request(q, &body, why);
    if (rc == SHK_OK) {
        rc = send_check(self, q, &body, answer, watch, why);
    }
    bytes_clear(&body);
    return rc;
}

static void free_route(void *self) {
    struct gateway *g = self;
    if (g != NULL) {
        g->env->http->close(g->http);
        free(g);
    }
}

static const struct route_ops gateway_ops = {prepare, ask, free_route};

/* Parameters, fragments and users have no place before "/v1". */
static bool is_base_url(const char *url) {
    if (url == NULL || !text_starts(url, "https://") || strlen(url) > URL_MAX - 32) {
        return false;
    }
    for (const char *c = url; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || strchr("?#@\\\"<>", *c) != NULL) {
            return false;
        }
    }
    return url[8] != '\0' && url[8] != '/' && url[8] != ':';
}

static void join_url(char *out, const char *base, const char *call) {
    size_t n = strlen(base);
    while (base[n - 1] == '/') {
        n--;
    }
    text_format(out, URL_MAX, "%.*s/v1/%s", (int)n, base, call);
}

int32_t gateway_route_new(const struct gateway_settings *settings, const struct env *env,
                          struct log *log, struct lookup_route *out, struct fault *why) {
    *out = (struct lookup_route){0};
    if (!is_base_url(settings->url)) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, "gateway.url");
    }
    struct gateway *g = calloc(1, sizeof *g);
    if (g == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    g->env = env;
    g->log = log;
    g->timeout_ms = settings->timeout_ms > 0 ? settings->timeout_ms : TIMEOUT_DEFAULT;
    join_url(g->challenges_url, settings->url, "challenges");
    join_url(g->checks_url, settings->url, "checks");
    int32_t rc = env->http->open(env->http_self, &settings->http, &g->http, why);
    if (rc != SHK_OK) {
        free(g);
        return rc;
    }
    *out = (struct lookup_route){&gateway_ops, g};
    return SHK_OK;
}
