#include "http_settings.h"

#include <string.h>

#define TIMEOUT_MS       8000
#define TIMEOUT_LEAST_MS 100
#define TIMEOUT_MOST_MS  600000

static int starts(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static const char *authority(const char *url) {
    return strstr(url, "://") + 3;
}

static int is_number(const char *p, size_t n) {
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9' || i >= 3) {
            return 0;
        }
        value = value * 10 + (p[i] - '0');
    }
    return n > 0 && value <= 255;
}

/* "127.a.b.c": a name such as "127.example" may lead anywhere. */
static int is_loopback4(const char *host, size_t n) {
    int parts = 0;
    const char *end = host + n;
    if (n < 4 || !starts(host, "127.")) {
        return 0;
    }
    for (const char *at = host; at <= end; parts++) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        size_t len = (size_t)((dot != NULL ? dot : end) - at);
        if (!is_number(at, len)) {
            return 0;
        }
        at += len + 1;
    }
    return parts == 4;
}

int http_is_local(const char *url) {
    const char *host = authority(url);
    size_t n = strcspn(host, "/?#");
    if (memchr(host, '@', n) != NULL) {
        return 0;
    }
    if (starts(host, "[::1]")) {
        return n == 5 || host[5] == ':';
    }
    n = strcspn(host, ":/?#");
    return (n == 9 && starts(host, "localhost")) || is_loopback4(host, n);
}

static int copy(char *to, size_t cap, const char *from) {
    size_t n = strlen(from);
    if (n == 0 || n >= cap) {
        return 0;
    }
    memcpy(to, from, n + 1);
    return 1;
}

/* What else makes a good address the plugin checks. */
static int read_place(struct http_place *out, const char *value) {
    if (out->url[0] != '\0' || !copy(out->url, sizeof out->url, value) ||
        !(starts(value, "https://") || starts(value, "http://"))) {
        return 0;
    }
    const char *host = authority(out->url);
    size_t n = (size_t)(host - out->url) + strcspn(host, "/?#");
    memcpy(out->server, out->url, n);
    out->server[n] = '\0';
    return 1;
}

/* One of two words. */
static int read_word(int *out, const char *value, const char *no, const char *yes) {
    *out = strcmp(value, yes) == 0;
    return *out || strcmp(value, no) == 0;
}

static int read_ms(int32_t *out, const char *value) {
    int32_t ms = 0;
    size_t n = strlen(value);
    for (size_t i = 0; i < n; i++) {
        if (value[i] < '0' || value[i] > '9' || i >= 7) {
            return 0;
        }
        ms = ms * 10 + (value[i] - '0');
    }
    *out = ms;
    return n > 0 && ms >= TIMEOUT_LEAST_MS && ms <= TIMEOUT_MOST_MS;
}

/* "X-Key: value" */
static int read_header(struct http_settings *out, const char *value) {
    if (!copy(out->header, sizeof out->header, value)) {
        return 0;
    }
    char *colon = strchr(out->header, ':');
    if (colon == NULL || colon == out->header) {
        return 0;
    }
    *colon = '\0';
    out->header_value = colon + 1 + strspn(colon + 1, " ");
    return out->header_value[0] != '\0' && strcmp(out->header, "Idempotency-Key") != 0;
}

static int read_text(const char **out, const char *value) {
    *out = value;
    return 1;
}

enum { URL, FIND_URL, METHOD, PLAIN, TIMEOUT, HEADER, USER, PASSWORD, CA, CERT, KEY, SECRET, KEYS };

static int read_one(struct http_settings *out, int key, const char *value) {
    switch (key) {
    case URL:
        return read_place(&out->deliver, value);
    case FIND_URL:
        return read_place(&out->find, value);
    case METHOD:
        return read_word(&out->put, value, "POST", "PUT");
    case PLAIN:
        return read_word(&out->plain, value, "no", "yes");
    case TIMEOUT:
        return read_ms(&out->timeout_ms, value);
    case HEADER:
        return read_header(out, value);
    case USER:
        return read_text(&out->user, value);
    case PASSWORD:
        return read_text(&out->password, value);
    case CA:
        return read_text(&out->ca_file, value);
    case CERT:
        return read_text(&out->client_cert, value);
    case KEY:
        return read_text(&out->client_key, value);
    default:
        return read_text(&out->client_secret, value);
    }
}

static int key_of(const char *name) {
    static const char *const names[KEYS] = {
        "url",  "find_url", "method",  "plain",       "timeout_ms", "header",
        "user", "password", "ca_file", "client_cert", "client_key", "client_secret"};
    int key = 0;
    while (key < KEYS && strcmp(names[key], name) != 0) {
        key++;
    }
    return key;
}

void http_settings_forget(struct http_settings *s) {
    s->user = s->password = s->ca_file = NULL;
    s->client_cert = s->client_key = s->client_secret = NULL;
}

static int may_be_plain(const struct http_settings *s, const struct http_place *place) {
    return s->plain || starts(place->url, "https://") || place->url[0] == '\0' ||
           http_is_local(place->url);
}

const char *http_settings_read(struct http_settings *out, const shk_setting *settings, uint32_t n) {
    int seen[KEYS] = {0};
    memset(out, 0, sizeof *out);
    out->timeout_ms = TIMEOUT_MS;
    for (uint32_t i = 0; i < n; i++) {
        if (settings[i].key == NULL || settings[i].value == NULL) {
            return "settings";
        }
        int key = key_of(settings[i].key);
        /* A setting that stands twice is refused: nobody could say which one holds. */
        if (key == KEYS || seen[key]++ > 0 || !read_one(out, key, settings[i].value)) {
            return settings[i].key;
        }
    }
    if (out->deliver.url[0] == '\0' || !may_be_plain(out, &out->deliver)) {
        return "url";
    }
    return may_be_plain(out, &out->find) ? NULL : "find_url";
}
