#include <stdlib.h>
#include <string.h>

#include "gateway.h"
#include "log.h"

#define TIMEOUT_DEFAULT      15000
#define BULK_TIMEOUT_DEFAULT 600000

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

static int32_t fetch_challenge(struct gateway *g, struct gateway_call *call, struct question *q,
                               struct fault *why) {
    char url[GATEWAY_URL_MAX];
    struct http_request rq = {
        .method = "POST", .url = url, .accept = "application/json", .answer_max = GATEWAY_JSON_MAX};
    struct http_reply rp;
    gateway_url(g, "challenges", url);
    int32_t rc = gateway_exchange(g, call, &rq, &rp, why);
    if (rc == SHK_OK) {
        rc = read_challenge(g, &rp, q, why);
        bytes_clear(&rp.body);
    }
    return rc;
}

static int32_t prepare(void *self, struct question *q, const struct watch *watch,
                       struct fault *why) {
    struct gateway *g = self;
    struct gateway_call call = {
        .name = "gateway.challenge", .watch = watch, .end_ms = gateway_now_ms(g) + g->timeout_ms};
    q->challenge[0] = '\0';
    q->challenge_expires_s = 0;
    if (q->search != NULL) {
        return SHK_OK;
    }
    int32_t rc = fetch_challenge(g, &call, q, why);
    /* Time is free while the patient types; a server behind a proxy that drops the header is rare. */
    if (rc == SHK_OK && !call.dated && g->clock_tolerance_s > 0) {
        gateway_clock_ask(g, call.end_ms, watch);
    }
    if (rc == SHK_OK) {
        rc = gateway_clock_judge(g, why);
    }
    if (rc != SHK_OK) {
        q->challenge[0] = '\0';
        q->challenge_expires_s = 0;
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

static int64_t end_of(const struct gateway *g, const struct question *q) {
    int64_t end_ms = gateway_now_ms(g) + g->timeout_ms;
    return q->end_ms > 0 && q->end_ms < end_ms ? q->end_ms : end_ms;
}

/* A wrong clock has asked for the wrong day: the answer is good for nobody. */
static int32_t send_check(struct gateway *g, const struct question *q, const struct bytes *body,
                          struct bytes *answer, const struct watch *watch, struct fault *why) {
    struct gateway_call call = {.name = "gateway.answer", .watch = watch, .end_ms = end_of(g, q)};
    struct http_reply rp;
    g->report.retry_after_s = -1;
    int32_t rc = q->search != NULL ? gateway_clock_check(g, call.end_ms, watch, why) : SHK_OK;
    if (rc != SHK_OK) {
        return rc;
    }
    rc = gateway_post(g, &call, "checks", q->idempotency_key, body, &rp, why);
    if (rc == SHK_OK) {
        g->report.retry_after_s = rp.retry_after_s;
        rc = read_answer(&rp, answer, why);
        rc = rc == SHK_OK ? gateway_clock_judge(g, why) : rc;
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
    if (rc == SHK_OK) {
        rc = gateway_echo_check(q, answer, why);
    }
    if (rc != SHK_OK) {
        bytes_clear(answer);
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

/* The protocol has no word for 照会番号登録. */
static const struct route_ops gateway_ops = {.prepare = prepare,
                                             .ask = ask,
                                             .free = free_route,
                                             .bulk_send = gateway_bulk_send,
                                             .bulk_fetch = gateway_bulk_fetch,
                                             .bulk_echoes_file = true};

/* Parameters, fragments and users have no place before "/v1". */
static bool is_base_url(const char *url) {
    if (url == NULL || !text_starts(url, "https://") || strlen(url) > GATEWAY_URL_MAX - 128) {
        return false;
    }
    for (const char *c = url; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || strchr("?#@\\\"<>", *c) != NULL) {
            return false;
        }
    }
    return url[8] != '\0' && url[8] != '/' && url[8] != ':';
}

static void take_base_url(struct gateway *g, const char *url) {
    size_t n = strlen(url);
    while (url[n - 1] == '/') {
        n--;
    }
    text_copy_n(g->base_url, sizeof g->base_url, url, n);
}

static int32_t or_default(int32_t ms, int32_t otherwise) {
    return ms > 0 ? ms : otherwise;
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
    g->report.retry_after_s = -1;
    g->log = log;
    g->timeout_ms = or_default(settings->timeout_ms, TIMEOUT_DEFAULT);
    g->bulk_timeout_ms = or_default(settings->bulk_timeout_ms, BULK_TIMEOUT_DEFAULT);
    g->clock_tolerance_s = settings->clock_tolerance_s;
    take_base_url(g, settings->url);
    int32_t rc = env->http->open(env->http_self, &settings->http, &g->http, why);
    if (rc != SHK_OK) {
        free(g);
        return rc;
    }
    *out = (struct lookup_route){&gateway_ops, g};
    return SHK_OK;
}

void gateway_route_report(const struct lookup_route *route, struct route_report *out) {
    *out = (struct route_report){0};
    if (route->ops == &gateway_ops) {
        *out = ((const struct gateway *)route->self)->report;
    }
}
