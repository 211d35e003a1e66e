#include "gateway.h"
#include "log.h"

int64_t gateway_now_ms(const struct gateway *g) {
    return g->env->clock->mono_ms(g->env->clock_self);
}

void gateway_url(const struct gateway *g, const char *call, char out[GATEWAY_URL_MAX]) {
    text_format(out, GATEWAY_URL_MAX, "%s/v1/%s", g->base_url, call);
}

static int64_t wall_s(const struct gateway *g) {
    return g->env->clock->wall_s(g->env->clock_self);
}

/* Nothing of the content: a status, times and lengths. */
static void log_attempt(struct gateway *g, const struct gateway_call *call,
                        const struct http_reply *rp, const struct fault *broken, int64_t ms) {
    if (broken->code != SHK_OK) {
        log_event(g->log, SHK_LOG_WARN, call->name, "code,native_kind,native,ms",
                  (int64_t)broken->code, (int64_t)broken->native_kind, (int64_t)broken->native, ms);
        return;
    }
    int64_t given = call->given != NULL ? (int64_t)*call->given : 0;
    log_event(g->log, SHK_LOG_INFO, call->name, "status,ms,reused,bytes,retry_after_s",
              (int64_t)rp->status, ms, (int64_t)rp->reused, (int64_t)rp->body.n + given,
              (int64_t)rp->retry_after_s);
}

static int32_t attempt(struct gateway *g, struct gateway_call *call, struct http_request *rq,
                       struct http_reply *rp, struct fault *broken) {
    int64_t begin = gateway_now_ms(g);
    int64_t begin_s = wall_s(g);
    *rp = (struct http_reply){.retry_after_s = -1, .date_s = -1};
    fault_clear(broken);
    rq->timeout_ms = call->end_ms > begin ? (int32_t)(call->end_ms - begin) : 1;
    int32_t rc = g->env->http->perform(g->http, rq, rp, broken);
    log_attempt(g, call, rp, broken, gateway_now_ms(g) - begin);
    call->dated = rc == SHK_OK && rp->date_s >= 0;
    if (call->dated) {
        gateway_clock_note(g, begin_s, wall_s(g), rp->date_s);
    }
    return rc;
}

/* The request went out and nothing definite came back: the line broke before a whole answer, or
 * something between here and there gave up while it waited. */
static bool may_be_lost(int32_t rc, int32_t status) {
    return rc == SHK_E_GATEWAY_ANSWER ||
           (rc == SHK_OK && (status == 500 || status == 502 || status == 504));
}

static bool may_repeat(const struct gateway *g, const struct gateway_call *call) {
    return gateway_now_ms(g) < call->end_ms && !watch_stopped(call->watch) &&
           (call->given == NULL || *call->given == 0);
}

/* Once, and once more if the first may be lost: the same bytes under the same key, inside one time
 * limit. */
int32_t gateway_exchange(struct gateway *g, struct gateway_call *call, struct http_request *rq,
                         struct http_reply *rp, struct fault *why) {
    struct fault broken = {0};
    if (call->watch != NULL) {
        rq->stop = call->watch->stop;
        rq->stop_self = call->watch->self;
    }
    int32_t rc = attempt(g, call, rq, rp, &broken);
    if (may_be_lost(rc, rp->status) && may_repeat(g, call)) {
        log_event(g->log, SHK_LOG_WARN, "gateway.repeat", "left_ms",
                  call->end_ms - gateway_now_ms(g));
        bytes_clear(&rp->body);
        rc = attempt(g, call, rq, rp, &broken);
    }
    if (rc != SHK_OK) {
        bytes_clear(&rp->body);
        return fault_set(why, rc, broken.native_kind, broken.native, broken.where);
    }
    return SHK_OK;
}

int32_t gateway_post(struct gateway *g, struct gateway_call *call, const char *where,
                     const char *key, const struct bytes *body, struct http_reply *rp,
                     struct fault *why) {
    const struct http_header headers[] = {{"Content-Type", "application/xml; charset=utf-8"},
                                          {"Idempotency-Key", key}};
    char url[GATEWAY_URL_MAX];
    struct http_request rq = {.method = "POST",
                              .url = url,
                              .headers = headers,
                              .headers_n = sizeof headers / sizeof headers[0],
                              .body = body->p,
                              .body_len = body->n,
                              .accept = "application/xml",
                              .answer_max = GATEWAY_ANSWER_MAX};
    gateway_url(g, where, url);
    return gateway_exchange(g, call, &rq, rp, why);
}
