/* HTTP that answers from a script and remembers what it was asked. */
#ifndef FAKE_HTTP_FAKE_H
#define FAKE_HTTP_FAKE_H

#include "env.h"

#define HTTP_FAKE_MAX 16

/* One answer. All zero but the status is a usable one. */
struct http_fake_step {
    int32_t fault; /* perform returns it; 0: the answer below */
    int32_t native_kind, native;
    int32_t status;
    const char *content_type;
    const char *body;
    size_t body_len;  /* 0: the length of the text */
    int64_t date_s;   /* 0: not sent */
    int32_t delay_ms; /* passes before the answer; beyond the request's limit: GATEWAY_TIMEOUT */
    int32_t broken_fault; /* ends a streamed answer after its last byte */
    int32_t retry_after_s;
    bool retry_after;
    bool until_stop; /* never answers: CANCELLED when asked to stop, else GATEWAY_TIMEOUT */
};

/* One request as it came. */
struct http_fake_seen {
    char method[8], url[512], accept[128], content_type[128], idempotency_key[64];
    struct bytes body;
    int32_t timeout_ms;
    size_t answer_max, headers_n;
};

/* All zero is an empty script: whatever is asked gives SHK_E_GATEWAY_UNREACHABLE. */
struct http_fake {
    const struct http_fake_step *steps;
    size_t steps_n, next;
    struct http_fake_seen seen[HTTP_FAKE_MAX];
    size_t seen_n; /* goes on counting beyond the room */
    int32_t open_fault;
    int32_t opened, closed;
    struct http_settings settings; /* borrowed, as open got them */
    /* Time passes here; null: only in now_ms. */
    void (*pass)(void *self, int32_t ms);
    void *pass_self;
    int64_t now_ms;
};

/* The seam; its `self` is a struct http_fake. */
extern const struct http_ops http_fake_ops;
/* A clock that shows now_ms, for tests that need no other; wall time begins at 2026-06-02 UTC. */
extern const struct clock_ops http_fake_clock;
#define HTTP_FAKE_WALL_S INT64_C(1780358400)

void http_fake_script(struct http_fake *f, const struct http_fake_step *steps, size_t n);
void http_fake_clear(struct http_fake *f);

#endif
