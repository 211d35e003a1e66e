#include "http_curl.h"

#include <string.h>

#define CONNECT_MS_DEFAULT 5000
#define PIN_PREFIX         "sha256//"
#define PIN_BASE64         ((size_t)44) /* of 32 bytes */

static bool is_set(const char *text) {
    return text != NULL && text[0] != '\0';
}

/* TCP stands, TLS begins. libcurl offers OpenSSL's settings here; a key of the system's store has no other
 * way in. */
static CURLcode before_handshake(CURL *easy, void *tls, void *self) {
    struct transfer *t = self;
    bool held = t->device != NULL && t->device->held != NULL;
    (void)easy;
    t->connected = true;
    return !held || device_key_offer(t->device, tls) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

/* Called when the connection stands and the request is about to leave. The second time in one transfer
 * libcurl wants to repeat it by itself; whether to repeat is the caller's decision. */
static int before_sending(void *self, char *ip, char *local_ip, int port, int local_port) {
    struct transfer *t = self;
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    if (t->sent) {
        return CURL_PREREQFUNC_ABORT;
    }
    t->sent = true;
    return CURL_PREREQFUNC_OK;
}

static int set_transport(CURL *easy, const struct http_settings *s) {
    int bad = 0;
    long connect_ms = s->connect_ms > 0 ? s->connect_ms : CONNECT_MS_DEFAULT;
    bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, s->plain ? "http,https" : "https") !=
           CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms) != CURLE_OK;
    /* Without HTTP/2 in libcurl, HTTP/1.1 it is. */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    /* Else a stop would wait for the resolver's thread. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    return bad;
}

static int set_callbacks(CURL *easy, struct transfer *t) {
    int bad = 0;
    bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->error) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, http_curl_body) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, t) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, http_curl_header) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, t) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, before_handshake) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, t) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_sending) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, t) != CURLE_OK;
    return bad;
}

static int set_trust(CURL *easy, const struct http_settings *s) {
    int bad = 0;
    if (is_set(s->ca_file)) {
        bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file) != CURLE_OK;
        /* Else the system's folder would stay trusted beside it. */
        bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) != CURLE_OK;
    } else {
        /* The store of Windows; elsewhere libcurl knows the distribution's file. */
        curl_easy_setopt(easy, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_NATIVE_CA);
    }
    return bad;
}

static bool is_base64(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || char_is_digit(c) || c == '+' ||
           c == '/' || c == '=';
}

/* libcurl takes anything else for the name of a file. */
static bool is_pin(const char *pin) {
    while (text_starts(pin, PIN_PREFIX)) {
        pin += sizeof PIN_PREFIX - 1;
        for (size_t i = 0; i < PIN_BASE64; i++) {
            if (!is_base64(pin[i])) {
                return false;
            }
        }
        pin += PIN_BASE64;
        if (*pin == '\0') {
            return true;
        }
        if (*pin++ != ';') {
            return false;
        }
    }
    return false;
}

static int set_pin(CURL *easy, const struct http_settings *s) {
    return is_set(s->pin) && curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, s->pin) != CURLE_OK;
}

/* The key goes to libcurl readable, so that no passphrase has to stay for the next handshake. */
static int32_t read_device(struct http *h, const struct http_settings *s, struct fault *why) {
    if (!is_set(s->client_cert)) {
        return SHK_OK;
    }
    int32_t rc = device_key_load(s->client_cert, s->client_key, s->client_secret, &h->device, why);
    h->now.device = rc == SHK_OK ? &h->device : NULL;
    return rc;
}

static int set_device(struct http *h) {
    if (h->now.device == NULL || h->device.held != NULL) {
        return 0;
    }
    struct curl_blob certificates = {h->device.certificates.p, h->device.certificates.n,
                                     CURL_BLOB_NOCOPY};
    struct curl_blob key = {h->device.key, h->device.key_len, CURL_BLOB_NOCOPY};
    bool good = curl_easy_setopt(h->easy, CURLOPT_SSLCERT_BLOB, &certificates) == CURLE_OK &&
                curl_easy_setopt(h->easy, CURLOPT_SSLCERTTYPE, "PEM") == CURLE_OK &&
                curl_easy_setopt(h->easy, CURLOPT_SSLKEY_BLOB, &key) == CURLE_OK &&
                curl_easy_setopt(h->easy, CURLOPT_SSLKEYTYPE, "PEM") == CURLE_OK;
    return good ? 0 : 1;
}

static bool is_one_line(const char *text) {
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F) {
            return false;
        }
    }
    return true;
}

/* A colon would move the border between name and word. */
static const char *unusable_login(const struct http_settings *s) {
    if (!is_set(s->user)) {
        return NULL;
    }
    if (!is_one_line(s->user) || strchr(s->user, ':') != NULL) {
        return "user";
    }
    return s->password == NULL || is_one_line(s->password) ? NULL : "password";
}

/* Sent with the first request: a server that must ask for it costs a round trip, and a body sent twice. */
static int set_user(CURL *easy, const struct http_settings *s) {
    if (!is_set(s->user)) {
        return 0;
    }
    int bad = curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_USERNAME, s->user) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_PASSWORD, s->password != NULL ? s->password : "") !=
           CURLE_OK;
    return bad;
}

int32_t http_curl_check(struct http *h, const struct http_settings *s, struct fault *why) {
    const char *key = is_set(s->pin) && !is_pin(s->pin) ? "gateway.pin" : unusable_login(s);
    if (key != NULL) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_NONE, 0, key);
    }
    h->plain = s->plain;
    int32_t rc = http_curl_check_proxy(h, s, why);
    return rc == SHK_OK ? read_device(h, s, why) : rc;
}

int32_t http_curl_set_up(struct http *h, struct fault *why) {
    const struct http_settings *s = &h->kept;
    int bad = set_transport(h->easy, s) | set_callbacks(h->easy, &h->now) | set_trust(h->easy, s);
    bad |= set_pin(h->easy, s) | set_user(h->easy, s) | http_curl_set_proxy(h) | set_device(h);
    return bad ? fault_raise(why, SHK_E_MEMORY) : SHK_OK;
}
