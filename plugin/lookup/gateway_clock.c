#include "gateway.h"
#include "log.h"

#define WARN_S         120 /* where no tolerance is set */
#define FRESH_MS       60000
#define STATUS_MOST_MS 3000 /* a question must not wait long for the time */

static bool is_close(const struct gateway *g) {
    int64_t most = g->clock_tolerance_s > 0 ? g->clock_tolerance_s : WARN_S;
    return g->report.clock_ahead_s >= -most && g->report.clock_ahead_s <= most;
}

void gateway_clock_note(struct gateway *g, int64_t begin_s, int64_t end_s, int64_t server_s) {
    int64_t ahead_s = 0;
    /* Only what the time on the way cannot explain. */
    if (server_s < begin_s) {
        ahead_s = begin_s - server_s;
    } else if (server_s > end_s) {
        ahead_s = end_s - server_s;
    }
    g->report.clock_ahead_s = ahead_s;
    g->report.clock_known = true;
    g->clock_noted_ms = gateway_now_ms(g);
    log_event(g->log, is_close(g) ? SHK_LOG_DEBUG : SHK_LOG_WARN, "gateway.clock", "ahead_s",
              ahead_s);
}

void gateway_clock_ask(struct gateway *g, int64_t end_ms, const struct watch *watch) {
    struct gateway_call call = {.name = "gateway.status", .watch = watch, .end_ms = end_ms};
    char url[GATEWAY_URL_MAX];
    struct http_request rq = {
        .method = "GET", .url = url, .accept = "application/json", .answer_max = GATEWAY_JSON_MAX};
    struct http_reply rp;
    int64_t server_s = 0;
    gateway_url(g, "status", url);
    int64_t begin_s = g->env->clock->wall_s(g->env->clock_self);
    if (gateway_exchange(g, &call, &rq, &rp, NULL) != SHK_OK) {
        return;
    }
    /* A Date header has been noted already. */
    if (!call.dated && rp.status == 200 && gateway_status_read(&rp.body, &server_s)) {
        gateway_clock_note(g, begin_s, g->env->clock->wall_s(g->env->clock_self), server_s);
    }
    bytes_clear(&rp.body);
}

int32_t gateway_clock_judge(const struct gateway *g, struct fault *why) {
    char where[48];
    if (g->clock_tolerance_s <= 0 || !g->report.clock_known || is_close(g)) {
        return SHK_OK;
    }
    int64_t ahead_s = g->report.clock_ahead_s;
    int64_t off_s = ahead_s < 0 ? -ahead_s : ahead_s;
    text_format(where, sizeof where, "%lld s %s", (long long)off_s,
                ahead_s < 0 ? "behind" : "ahead");
    return fault_set(why, SHK_E_CLOCK, SHK_NATIVE_NONE, 0, where);
}

static bool is_fresh(const struct gateway *g) {
    return g->report.clock_known && gateway_now_ms(g) - g->clock_noted_ms < FRESH_MS;
}

int32_t gateway_clock_check(struct gateway *g, int64_t end_ms, const struct watch *watch,
                            struct fault *why) {
    int64_t most_ms = gateway_now_ms(g) + STATUS_MOST_MS;
    if (g->clock_tolerance_s > 0 && !is_fresh(g)) {
        gateway_clock_ask(g, end_ms < most_ms ? end_ms : most_ms, watch);
    }
    return gateway_clock_judge(g, why);
}
