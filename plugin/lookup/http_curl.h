/* Inside the HTTP seam: one transfer, its header lines and its faults. */
#ifndef LOOKUP_HTTP_CURL_H
#define LOOKUP_HTTP_CURL_H

#include <curl/curl.h>

#include "env.h"

struct transfer {
    const struct http_request *rq;
    struct http_reply *rp;
    bool device;    /* a client certificate is configured */
    bool connected; /* a new connection stands; TLS begins */
    bool sent;      /* the request may have left this machine */
    bool answered;  /* a first header line came back */
    bool head_done; /* the header block is complete: what follows are trailers */
    bool too_large, no_memory, cancelled;
    size_t header_n, header_bytes; /* interim answers and trailers included */
    char retry_after[64];
    char error[CURL_ERROR_SIZE]; /* libcurl's words: only OpenSSL's number is taken from it */
};

/* CURLOPT_HEADERFUNCTION with the transfer. */
size_t http_curl_header(char *p, size_t size, size_t n, void *transfer);
/* Seconds from a Retry-After of seconds or a date; -1 when there is none that can be understood. */
int32_t http_curl_retry_after(const char *value, int64_t now_s);
/* Sets and returns the fault of a transfer that did not end well. */
int32_t http_curl_fault(CURL *easy, const struct transfer *t, CURLcode result, struct fault *why);

#endif
