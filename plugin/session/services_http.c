/* HTTP lent to adapters, over the seam of the gateway route. The seam's faults become the adapters' own:
 * what an adapter must know is whether the host may have taken what was sent. */
#include "services.h"

#include <stdlib.h>
#include <string.h>

#define URL_MAX          1023
#define HEADERS_MAX      16
#define HEADER_NAME_MAX  64
#define HEADER_VALUE_MAX 2047
#define TIMEOUT_MAX_MS   600000

struct service_http {
    void *http; /* of the seam */
    size_t url_n;
    char url[URL_MAX + 1]; /* every request goes below it */
};

static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

/* "gateway.ca_file": the seam names the keys of the route that it was made for. */
static const char *own_key(const char *where) {
    static const char foreign[] = "gateway.";
    return text_starts(where, foreign) ? where + sizeof foreign - 1 : where;
}

static bool is_graphic(const char *text) {
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~') {
            return false;
        }
    }
    return true;
}

/* Nothing that a reader of the URL could take for another host, and no password. */
static bool is_server(const char *url, bool plain) {
    bool known = text_starts(url, "https://") || (plain && text_starts(url, "http://"));
    if (!known || strlen(url) > URL_MAX || !is_graphic(url) || strpbrk(url, "\\@?#") != NULL) {
        return false;
    }
    const char *host = strstr(url, "://") + 3;
    return *host != '\0' && *host != '/' && *host != ':';
}

static int32_t open_code(int32_t code) {
    switch (code) {
    case SHK_E_PASSPHRASE:
    case SHK_E_DEVICE_KEY:
        return SHK_E_HOST_LOGIN;
    case SHK_E_CONFIG_VALUE:
        return SHK_E_ADAPTER_SETTINGS;
    default:
        return code;
    }
}

static const char *open_place(const struct fault *reason) {
    return reason->code == SHK_E_PASSPHRASE ? "client_secret" : own_key(reason->where);
}

static int32_t SHK_CALL service_http_open(void *self, const shk_http_settings *asked, void **http) {
    struct services *lent = self;
    const struct env *env = &lent->session->env;
    struct fault reason = {0};
    *http = NULL;
    if (asked == NULL || asked->struct_size < sizeof *asked || asked->abi != SHK_ADAPTER_ABI) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    if (!is_server(or_empty(asked->url), asked->plain == 1)) {
        return fault_set(lent->why, SHK_E_ADAPTER_SETTINGS, SHK_NATIVE_NONE, 0, "url");
    }
    struct service_http *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return fault_raise(lent->why, SHK_E_MEMORY);
    }
    made->url_n = text_copy(made->url, sizeof made->url, asked->url);
    const struct http_settings settings = {.ca_file = or_empty(asked->ca_file),
                                           .client_cert = or_empty(asked->client_cert),
                                           .client_key = or_empty(asked->client_key),
                                           .client_secret = or_empty(asked->client_secret),
                                           .plain = asked->plain == 1,
                                           .user = or_empty(asked->user),
                                           .password = or_empty(asked->password),
                                           .connect_ms = asked->connect_ms};
    int32_t rc = env->http->open(env->http_self, &settings, &made->http, &reason);
    if (rc != SHK_OK) {
        free(made);
        return fault_set(lent->why, open_code(rc), reason.native_kind, reason.native,
                         open_place(&reason));
    }
    *http = made;
    return SHK_OK;
}

static bool is_token_char(char c) {
    return char_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool equals_folded(const char *name, const char *lower) {
    for (; *name != '\0' && *lower != '\0'; name++, lower++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        if (c != *lower) {
            return false;
        }
    }
    return *name == *lower;
}

/* What frames the message is libcurl's to write. */
static bool is_header_name(const char *name) {
    static const char *const own[] = {"host",       "content-length", "transfer-encoding",
                                      "connection", "expect",         "upgrade",
                                      "te",         "trailer",        "accept-encoding"};
    size_t n = 0;
    while (n <= HEADER_NAME_MAX && is_token_char(name[n])) {
        n++;
    }
    bool good = n > 0 && n <= HEADER_NAME_MAX && name[n] == '\0';
    for (size_t i = 0; good && i < sizeof own / sizeof own[0]; i++) {
        good = !equals_folded(name, own[i]);
    }
    return good;
}

static bool is_header_value(const char *value) {
    size_t n = 0;
    for (; n <= HEADER_VALUE_MAX && value[n] != '\0'; n++) {
        if ((unsigned char)value[n] < ' ' || value[n] == 0x7F) {
            return false;
        }
    }
    return n > 0 && n <= HEADER_VALUE_MAX;
}

static bool is_below(const struct service_http *h, const char *url) {
    if (!text_starts(url, h->url) || strlen(url) > URL_MAX || !is_graphic(url)) {
        return false;
    }
    char next = url[h->url_n];
    return h->url[h->url_n - 1] == '/' || next == '\0' || next == '/' || next == '?';
}

static bool is_request(const struct service_http *h, const shk_http_request *rq) {
    if (rq == NULL || rq->struct_size < sizeof *rq || rq->abi != SHK_ADAPTER_ABI ||
        rq->method == NULL || rq->url == NULL || !is_below(h, rq->url)) {
        return false;
    }
    bool get = text_equal(rq->method, "GET");
    bool known = get || text_equal(rq->method, "POST") || text_equal(rq->method, "PUT");
    return known && !(get && rq->body_len > 0) && (rq->body != NULL || rq->body_len == 0) &&
           rq->body_len <= SHK_FILE_MAX && rq->answer_max <= SHK_FILE_MAX && rq->timeout_ms > 0 &&
           rq->timeout_ms <= TIMEOUT_MAX_MS && rq->headers_n <= HEADERS_MAX &&
           (rq->headers != NULL || rq->headers_n == 0);
}

static bool take_headers(const shk_http_request *rq, struct http_header *out, size_t *n) {
    *n = 0;
    if (rq->content_type != NULL && rq->content_type[0] != '\0') {
        out[(*n)++] = (struct http_header){"Content-Type", rq->content_type};
        if (!is_header_value(rq->content_type)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rq->headers_n; i++) {
        const shk_setting *one = &rq->headers[i];
        if (one->key == NULL || one->value == NULL || !is_header_name(one->key) ||
            equals_folded(one->key, "content-type") || !is_header_value(one->value)) {
            return false;
        }
        out[(*n)++] = (struct http_header){one->key, one->value};
    }
    return true;
}

/* Refused in the handshake, nothing was read by the host, even where TLS lets the request leave first. */
static bool is_login(int32_t code, bool sent) {
    return code == SHK_E_DEVICE_REFUSED ||
           (!sent && (code == SHK_E_GATEWAY_UNTRUSTED || code == SHK_E_CLOCK ||
                      code == SHK_E_DEVICE_KEY || code == SHK_E_PASSPHRASE));
}

static int32_t send_code(int32_t code, bool sent) {
    if (is_login(code, sent)) {
        return SHK_E_HOST_LOGIN;
    }
    if (code == SHK_E_ANSWER_TOO_LARGE) {
        return SHK_E_HOST_ANSWER;
    }
    if (sent) {
        return SHK_E_DELIVERY_UNSURE;
    }
    if (code == SHK_E_CONFIG_VALUE) {
        return SHK_E_ADAPTER_SETTINGS;
    }
    bool own = code == SHK_E_MEMORY || code == SHK_E_CANCELLED || code == SHK_E_ARGUMENT ||
               code == SHK_E_LIBRARY;
    return own ? code : SHK_E_HOST_UNREACHABLE;
}

static bool stop(void *session) {
    return session_stopping(session);
}

static int32_t give_reply(struct services *lent, const struct http_reply *rp, shk_http_reply *out) {
    out->body = services_lend(rp->body.p, rp->body.n);
    if (out->body == NULL) {
        return fault_raise(lent->why, SHK_E_DELIVERY_UNSURE);
    }
    out->body_len = (uint32_t)rp->body.n;
    out->status = rp->status;
    out->retry_after_s = rp->retry_after_s;
    text_copy(out->content_type, sizeof out->content_type, rp->content_type);
    return SHK_OK;
}

static int32_t perform(struct services *lent, struct service_http *h, const shk_http_request *asked,
                       shk_http_reply *out) {
    const struct env *env = &lent->session->env;
    struct http_header headers[HEADERS_MAX + 1];
    struct http_request rq = {.method = asked->method,
                              .url = asked->url,
                              .headers = headers,
                              .body = asked->body,
                              .body_len = asked->body_len,
                              .accept = NULL,
                              .timeout_ms = asked->timeout_ms,
                              .answer_max = asked->answer_max,
                              .stop = stop,
                              .stop_self = lent->session};
    struct http_reply rp = {0};
    struct fault reason = {0};
    if (!take_headers(asked, headers, &rq.headers_n)) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    int32_t rc = env->http->perform(h->http, &rq, &rp, &reason);
    rc = rc == SHK_OK ? give_reply(lent, &rp, out)
                      : fault_set(lent->why, send_code(rc, rp.sent), reason.native_kind,
                                  reason.native, own_key(reason.where));
    bytes_clear(&rp.body);
    return rc;
}

static int32_t SHK_CALL service_http_send(void *self, void *http, const shk_http_request *asked,
                                          shk_http_reply *out) {
    struct services *lent = self;
    if (out == NULL || out->struct_size < sizeof *out || out->abi != SHK_ADAPTER_ABI) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    *out =
        (shk_http_reply){.struct_size = sizeof *out, .abi = SHK_ADAPTER_ABI, .retry_after_s = -1};
    if (http == NULL || !is_request(http, asked)) {
        return fault_raise(lent->why, SHK_E_ARGUMENT);
    }
    return perform(lent, http, asked, out);
}

static void SHK_CALL service_http_close(void *self, void *http) {
    const struct env *env = &((struct services *)self)->session->env;
    struct service_http *h = http;
    if (h != NULL) {
        env->http->close(h->http);
        memory_wipe(h, sizeof *h);
        free(h);
    }
}

void services_lend_http(shk_services *table) {
    table->http_open = service_http_open;
    table->http_send = service_http_send;
    table->http_close = service_http_close;
}
