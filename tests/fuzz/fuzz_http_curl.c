/* Bytes of the other side as libcurl and http_curl*.c read them: two requests over one handle, straight to the gateway or
 * through a proxy. The input: how (below), bytes that one recv gives, how often the last piece is repeated, and the
 * pieces that are said for each send (http_wire.h). */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): for memmem */
#include <string.h>
#include <strings.h>

#include "http_wire.h"
#include "lookup.h"

#define ANSWER_MAX   1000
#define HEADER_BYTES 16384 /* of one head, as the product allows */
#define HEADER_LINES 64

enum { TLS = 8, SINK = 16, STAYS = 32, TYPED = 64, STOPS = 128 };
static const char *const proxies[8] = {"",
                                       "",
                                       "http://127.0.0.1:8",
                                       "socks4://127.0.0.1:8",
                                       "socks4a://127.0.0.1:8",
                                       "socks5://127.0.0.1:8",
                                       "socks5h://127.0.0.1:8",
                                       "http://127.0.0.1:8"};

struct reader {
    struct bytes taken;
    size_t stops_after; /* 0: never */
};

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct reader *r = self;
    (void)why;
    fuzz_faults(false);
    fuzz_must(n > 0 && bytes_append(&r->taken, p, n) == SHK_OK, "no memory");
    fuzz_faults(true);
    return SHK_OK;
}

static bool stop(void *self) {
    struct reader *r = self;
    return r->stops_after > 0 && --r->stops_after == 0;
}

static bool says(const struct bytes *all, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= all->n; i++) {
        if (strncasecmp((const char *)all->p + i, word, n) == 0) {
            return true;
        }
    }
    return false;
}

static bool holds(const struct bytes *all, const struct bytes *part) {
    return part->n == 0 || memmem(all->p, all->n, part->p, part->n) != NULL;
}

/* Its empty line may lack the CR. */
static const uint8_t *end_of_head(const struct bytes *all) {
    const uint8_t *plain = memmem(all->p, all->n, "\n\n", 2);
    const uint8_t *usual = memmem(all->p, all->n, "\n\r\n", 3);
    return plain == NULL || (usual != NULL && usual < plain) ? usual : plain;
}

/* One head alone was said: it keeps the limits. */
static void judge_head(const struct wire *w) {
    const uint8_t *end = end_of_head(&w->fed);
    const uint8_t *again = memmem(w->fed.p + 1, w->fed.n - 1, "HTTP/", 5);
    size_t lines = 0;
    if (end == NULL || again != NULL || w->connects != 1) {
        return;
    }
    for (const uint8_t *c = w->fed.p; c < end; c++) {
        lines += *c == '\n' ? 1 : 0;
    }
    fuzz_must(end - w->fed.p <= HEADER_BYTES && lines <= HEADER_LINES + 1, "too long a head");
}

static void judge_reply(const struct wire *w, const struct http_request *rq,
                        const struct http_reply *rp, const struct reader *r) {
    bool as_said = !says(&w->fed, "encoding");
    fuzz_must(says(&w->fed, "HTTP/"), "an answer from nowhere");
    fuzz_must(rp->status >= 0 && rp->status <= 999 && rp->retry_after_s >= -1 &&
                  rp->retry_after_s <= 86400 && rp->date_s >= -1,
              "out of range");
    fuzz_must(strlen(rp->content_type) < sizeof rp->content_type, "an endless type");
    fuzz_must(rp->body.n <= rq->answer_max && r->taken.n <= rq->answer_max, "too large an answer");
    fuzz_must(r->taken.n == 0 || rp->status == 200 || fuzz_failed(),
              "a page in place of the result");
    fuzz_must(!as_said || (holds(&w->fed, &rp->body) && holds(&w->fed, &r->taken)),
              "a body of its own");
    fuzz_must(rp->sent && strncmp(rq->url, "https:", 6) != 0, "an answer without TLS");
    judge_head(w);
}

static void call(void *http, struct wire *w, const char *url, uint8_t how) {
    static const uint8_t body[] = "<asked/>";
    const struct http_header header = {"Idempotency-Key", "4d5f0000-0000-4000-8000-00000000000a"};
    struct reader reader = {.stops_after = (how & STOPS) != 0 ? 3 : 0};
    const struct byte_sink sink = {take, &reader};
    struct http_request rq = {.method = "POST",
                              .url = url,
                              .headers = &header,
                              .headers_n = 1,
                              .body = body,
                              .body_len = sizeof body - 1,
                              .accept = (how & TYPED) != 0 ? "application/xml" : NULL,
                              .timeout_ms = (how & STAYS) != 0 ? 4 : 2000,
                              .answer_max = ANSWER_MAX,
                              .sink = (how & SINK) != 0 ? &sink : NULL,
                              .stop = stop,
                              .stop_self = &reader};
    struct http_reply rp = {0};
    struct fault why = {0};
    size_t requests = w->requests;
    int32_t rc = http_curl.perform(http, &rq, &rp, &why);
    fuzz_faults(false);
    fuzz_must(w->requests <= requests + 1, "a request that left twice");
    fuzz_must(w->requests == requests || rp.sent, "a request that nobody knows of");
    fuzz_must(rc == why.code, "a fault without its reason");
    if (rc == SHK_OK) {
        judge_reply(w, &rq, &rp, &reader);
    } else {
        fuzz_must(rp.status == 0 && rp.body.n == 0, "a fault with an answer");
    }
    bytes_clear(&rp.body);
    bytes_clear(&reader.taken);
    fuzz_faults(true);
}

static void call_twice(struct wire *w, uint8_t how) {
    const struct http_settings settings = {.ca_file = SOURCE_ROOT "/tests/fuzz/http_ca.pem",
                                           .client_cert = "",
                                           .client_key = "",
                                           .client_secret = "",
                                           .pin = "",
                                           .proxy = proxies[how % 8],
                                           .proxy_user = how % 8 == 7 ? "mihon" : "",
                                           .proxy_password = how % 8 == 7 ? "word" : "",
                                           .user = "",
                                           .password = "",
                                           .plain = true};
    const char *url = (how & TLS) != 0 ? "https://127.0.0.1:9/v1/checks" : "http://127.0.0.1:9/v1";
    struct fault why = {0};
    void *http = NULL;
    if (http_curl.open(NULL, &settings, &http, &why) != SHK_OK) {
        fuzz_must(fuzz_failed() && http == NULL, "a handle that does not open");
        return;
    }
    call(http, w, url, how);
    call(http, w, url, how);
    http_curl.close(http);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct wire w = {0};
    uint8_t how = fuzz_byte(&in);
    w.recv_most = fuzz_byte(&in);
    w.again = fuzz_byte(&in) * 4u;
    w.say = in;
    w.stays = (how & STAYS) != 0;
    w.port = proxies[how % 8][0] != '\0' ? 8 : 9;
    wire_begin(&w);
    call_twice(&w, how);
    fuzz_must(!w.elsewhere, "led to another place");
    fuzz_must(w.connects <= 2 || w.port == 8, "more lines than calls");
    wire_end(&w);
}
