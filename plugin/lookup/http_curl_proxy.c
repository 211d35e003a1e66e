#include "http_curl.h"

#include <stdlib.h>
#include <string.h>

#define PROXY_MAX 1023
#define USER_MAX  255 /* of a user and of a word, SOCKS5's limit */

static bool is_set(const char *text) {
    return text != NULL && text[0] != '\0';
}

static bool is_graphic(const char *text) {
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~') {
            return false;
        }
    }
    return true;
}

static const char *behind_scheme(const char *url) {
    const char *at = strstr(url, "://");
    return at != NULL ? at + 3 : url;
}

size_t http_curl_host(const char *url, const char **host) {
    const char *begin = behind_scheme(url);
    size_t n = strcspn(begin, "/?#");
    const char *user_end = memchr(begin, '@', n);
    if (user_end != NULL) {
        n -= (size_t)(user_end + 1 - begin);
        begin = user_end + 1;
    }
    *host = begin;
    if (n > 0 && begin[0] == '[') {
        const char *close = memchr(begin, ']', n);
        return close != NULL ? (size_t)(close + 1 - begin) : n;
    }
    const char *colon = memchr(begin, ':', n);
    return colon != NULL ? (size_t)(colon - begin) : n;
}

static bool has_known_scheme(const char *proxy) {
    static const char *const known[] = {"http://", "socks4://", "socks4a://", "socks5://",
                                        "socks5h://"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (text_starts(proxy, known[i])) {
            return true;
        }
    }
    return strstr(proxy, "://") == NULL;
}

static bool is_usable(const char *proxy) {
    const char *host = NULL;
    if (strlen(proxy) > PROXY_MAX || !is_graphic(proxy) || !has_known_scheme(proxy)) {
        return false;
    }
    size_t n = http_curl_host(proxy, &host);
    return n > 0 && n <= HTTP_HOST_MAX;
}

/* libcurl takes 1080 where no port stands, which nobody means. */
static bool has_port(const char *proxy) {
    const char *host = NULL;
    size_t n = http_curl_host(proxy, &host);
    return host[n] == ':' && char_is_digit(host[n + 1]);
}

static bool is_name(const char *text) {
    if (text == NULL) {
        return true;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F) {
            return false;
        }
    }
    return strlen(text) <= USER_MAX;
}

static const char *unusable(const struct http_settings *s) {
    if (!is_set(s->proxy)) {
        return NULL;
    }
    if (!is_usable(s->proxy) || strchr(s->proxy, '@') != NULL || !has_port(s->proxy)) {
        return "gateway.proxy";
    }
    if (!is_name(s->proxy_user)) {
        return "gateway.proxy_user";
    }
    return is_name(s->proxy_password) ? NULL : "gateway.proxy_password";
}

/* With more than Basic allowed, libcurl opens a new line through a SOCKS proxy for every request. */
static int set_way(CURL *easy, const char *proxy) {
    unsigned long kinds = text_starts(proxy, "socks") ? CURLAUTH_BASIC : CURLAUTH_ANY;
    int bad = curl_easy_setopt(easy, CURLOPT_PROXY, proxy) != CURLE_OK;
    return bad | (curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)kinds) != CURLE_OK);
}

static int32_t append_encoded(struct bytes *out, const char *text) {
    int32_t rc = SHK_OK;
    for (; *text != '\0' && rc == SHK_OK; text++) {
        char hex[3];
        hex_encode((const uint8_t *)text, 1, hex);
        rc = bytes_append_byte(out, '%');
        rc = rc == SHK_OK ? bytes_append_text(out, hex) : rc;
    }
    return rc;
}

/* "scheme://user:word@host:port": in an address both are decoded once, by every libcurl; given apart they
 * are decoded by some. */
static int32_t append_address(struct bytes *out, const struct http_settings *s) {
    const char *rest = behind_scheme(s->proxy);
    size_t scheme_n = (size_t)(rest - s->proxy);
    int32_t rc =
        scheme_n > 0 ? bytes_append(out, s->proxy, scheme_n) : bytes_append_text(out, "http://");
    if (rc == SHK_OK && is_set(s->proxy_user)) {
        rc = append_encoded(out, s->proxy_user);
        rc = rc == SHK_OK ? bytes_append_byte(out, ':') : rc;
        rc =
            rc == SHK_OK && s->proxy_password != NULL ? append_encoded(out, s->proxy_password) : rc;
        rc = rc == SHK_OK ? bytes_append_byte(out, '@') : rc;
    }
    return rc == SHK_OK ? bytes_append_text(out, rest) : rc;
}

static int set_fixed(struct http *h) {
    struct bytes address = {0};
    int bad =
        append_address(&address, &h->kept) != SHK_OK || set_way(h->easy, bytes_text(&address));
    bytes_clear(&address);
    return bad;
}

static int set_environment(struct http *h) {
    const char *except = h->no_proxy != NULL ? h->no_proxy : "";
    int bad = set_way(h->easy, h->environment_proxy);
    return bad | (curl_easy_setopt(h->easy, CURLOPT_NOPROXY, except) != CURLE_OK);
}

static const char *variable(const char *lower, const char *upper) {
    const char *value = getenv(lower);
    return is_set(value) ? value : getenv(upper);
}

/* Read here once, so that a host that changes its environment later disturbs no transfer. */
static int32_t read_environment(struct http *h, struct fault *why) {
    const char *proxy = variable("https_proxy", "HTTPS_PROXY");
    const char *except = variable("no_proxy", "NO_PROXY");
    proxy = is_set(proxy) ? proxy : variable("all_proxy", "ALL_PROXY");
    if (!is_set(proxy)) {
        return SHK_OK;
    }
    if (!is_usable(proxy)) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, "HTTPS_PROXY");
    }
    h->environment_proxy = text_dup(proxy);
    h->no_proxy = is_set(except) ? text_dup(except) : NULL;
    h->proxied = true;
    bool good = h->environment_proxy != NULL && (h->no_proxy != NULL || !is_set(except));
    return good ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

int32_t http_curl_check_proxy(struct http *h, const struct http_settings *s, struct fault *why) {
    const char *key = unusable(s);
    if (key != NULL) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, key);
    }
    h->proxied = is_set(s->proxy);
    return s->proxy_from_environment && !h->proxied ? read_environment(h, why) : SHK_OK;
}

int http_curl_set_proxy(struct http *h) {
    int bad = 0;
    /* Empty, not null: that also keeps the environment out. */
    bad |= curl_easy_setopt(h->easy, CURLOPT_PROXY, "") != CURLE_OK;
    bad |= curl_easy_setopt(h->easy, CURLOPT_NOPROXY, "") != CURLE_OK;
    /* Not with the ticket of whoever is logged on to this machine. */
    bad |= curl_easy_setopt(h->easy, CURLOPT_SOCKS5_AUTH, (long)CURLAUTH_BASIC) != CURLE_OK;
    if (is_set(h->kept.proxy)) {
        bad |= set_fixed(h);
    } else if (h->environment_proxy != NULL) {
        bad |= set_environment(h);
    }
    return bad;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "example.jp" and ".example.jp" stand for the name itself and for all below it. */
static bool covers(const char *entry, size_t n, const char *host, size_t host_n) {
    if (n > 0 && entry[0] == '.') {
        entry++;
        n--;
    }
    if (n == 0 || n > host_n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (lower(entry[i]) != lower(host[host_n - n + i])) {
            return false;
        }
    }
    return n == host_n || host[host_n - n - 1] == '.';
}

/* libcurl chooses the way by itself, in the same manner; this only tells whose fault a broken line is. */
bool http_curl_uses_proxy(const struct http *h, const char *url) {
    const char *host = NULL;
    const char *at = h->no_proxy;
    size_t host_n = http_curl_host(url, &host);
    if (!h->proxied || at == NULL) {
        return h->proxied;
    }
    for (at += strspn(at, ", "); *at != '\0'; at += strspn(at, ", ")) {
        size_t n = strcspn(at, ", ");
        if ((n == 1 && *at == '*') || covers(at, n, host, host_n)) {
            return false;
        }
        at += n;
    }
    return true;
}
