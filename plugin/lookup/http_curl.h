/* Inside the HTTP seam: one handle, one transfer, its header lines, its body and its faults. */
#ifndef LOOKUP_HTTP_CURL_H
#define LOOKUP_HTTP_CURL_H

#include <curl/curl.h>

#include "crypto.h"
#include "env.h"

struct transfer {
    const struct http_request *rq;
    struct http_reply *rp;
    struct fault *why;               /* for the sink's own faults */
    const struct device_key *device; /* null: no client certificate is configured */
    bool proxied;                    /* the line leads through a proxy */
    bool connected;                  /* a new connection stands; TLS begins */
    bool sent;                       /* the request may have left this machine */
    bool answered;                   /* a first header line came back */
    bool head_done;                  /* the header block is complete: what follows are trailers */
    bool too_large, no_memory, cancelled;
    int32_t status;                /* of the last status line */
    int32_t sink_rc;               /* what the sink ended the call with */
    size_t given;                  /* to the sink */
    size_t header_n, header_bytes; /* interim answers and trailers included */
    char retry_after[64];
    char error[CURL_ERROR_SIZE]; /* libcurl's words: only OpenSSL's number is taken from it */
};

/* One connection's worth: libcurl keeps the connection in the multi handle. */
struct http {
    CURL *easy; /* each request has a copy of it; null, and so are the next two, until the first */
    CURLM *multi;
    CURLSH *sessions;          /* of TLS, to take up again */
    struct http_settings kept; /* until then: copies without the device's files and passphrase */
    struct device_key device;  /* libcurl reads it at every handshake */
    bool plain;                /* http:// is allowed */
    bool proxied;
    const char *environment_proxy; /* until then, too; null: none, or another is set */
    char *no_proxy;                /* names that the environment's proxy is not for; null: none */
    struct transfer now;
};

/* What can be told without libcurl, and the device's key is read. SHK_E_PASSPHRASE, SHK_E_DEVICE_KEY;
 * SHK_E_CONFIG_VALUE with the key's name in `where` for a pin, a proxy or a user that cannot be used;
 * SHK_E_MEMORY. */
int32_t http_curl_check(struct http *h, const struct http_settings *s, struct fault *why);
int32_t http_curl_check_proxy(struct http *h, const struct http_settings *s, struct fault *why);
/* Copies the settings for the first transfer; http_curl_forget wipes and frees the copies. */
int32_t http_curl_keep(struct http *h, const struct http_settings *s, struct fault *why);
void http_curl_forget(struct http *h);
/* What each request begins with: at the first, libcurl is loaded and told, and the copies are forgotten. A watch may
 * wait for hours for the first card, and libcurl comes with much. SHK_E_LIBRARY, SHK_E_MEMORY: the next tries again. */
int32_t http_curl_start(struct http *h, struct fault *why);
/* Lets go of what http_curl_start made, if it did: without it libcurl may not be there either. */
void http_curl_end(struct http *h);
/* Everything that is said to libcurl once for all transfers. SHK_E_MEMORY. */
int32_t http_curl_set_up(struct http *h, struct fault *why);
int http_curl_set_proxy(struct http *h); /* not 0: no memory */
/* True when the line to this URL leads through the proxy that was set. */
bool http_curl_uses_proxy(const struct http *h, const char *url);
/* The length of the host's name in "scheme://host:port/path", and where it begins. */
size_t http_curl_host(const char *url, const char **host);
#define HTTP_HOST_MAX 253 /* what the DNS allows; libcurl once overran a buffer beyond 255 */

/* CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION with the transfer. */
size_t http_curl_body(char *p, size_t size, size_t n, void *transfer);
size_t http_curl_header(char *p, size_t size, size_t n, void *transfer);
/* Seconds from a Retry-After of seconds or a date; -1 when there is none that can be understood. */
int32_t http_curl_retry_after(const char *value, int64_t now_s);
/* Sets and returns the fault of a transfer that did not end well. */
int32_t http_curl_fault(CURL *easy, const struct transfer *t, CURLcode result, struct fault *why);

#endif
