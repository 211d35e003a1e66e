/* A header block as libcurl hands it over, line by line, however it is cut. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "http_curl.h"

static void must(bool good) {
    fuzz_must(good, "a head gave what it must not give");
}

static void check(const struct transfer *t, const struct http_reply *rp) {
    must(strlen(rp->content_type) < sizeof rp->content_type);
    must(t->status >= 0 && t->status <= 999);
    for (const char *c = rp->content_type; *c != '\0'; c++) {
        must(*c < 'A' || *c > 'Z');
    }
    int32_t wait_s = http_curl_retry_after(t->retry_after, 1780358400);
    must(wait_s >= -1 && wait_s <= 86400);
    must(rp->date_s >= -1);
}

/* As the proxy's settings and the gateway's address are cut up. */
static void read_address(const uint8_t *p, size_t n) {
    char url[512];
    const char *host = NULL;
    text_copy_n(url, sizeof url, (const char *)p, n);
    size_t host_n = http_curl_host(url, &host);
    must(host >= url && host + host_n <= url + strlen(url));
    must(memchr(host, '/', host_n) == NULL);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct http_request rq = {.method = "GET", .answer_max = 1000};
    struct http_reply rp = {.retry_after_s = -1, .date_s = -1};
    struct transfer t = {.rq = &rq, .rp = &rp};
    bool going = true;
    for (size_t at = 0; at < n && going;) {
        const uint8_t *end = memchr(p + at, '\n', n - at);
        size_t line_n = end != NULL ? (size_t)(end - (p + at)) + 1 : n - at;
        char *line = malloc(line_n); /* exactly: nothing ends it */
        if (line == NULL) {
            return;
        }
        memcpy(line, p + at, line_n);
        going = http_curl_header(line, 1, line_n, &t) == line_n;
        free(line);
        at += line_n;
    }
    check(&t, &rp);
    read_address(p, n);
}
