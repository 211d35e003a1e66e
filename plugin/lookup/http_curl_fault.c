#include "http_curl.h"

#include <string.h>

#define REASON_UNEXPECTED_EOF 294 /* OpenSSL's SSL_R_UNEXPECTED_EOF_WHILE_READING */
#define REASON_ALERT          1000

#define ALERT_HANDSHAKE_FAILURE 40

#define CERTIFICATE_NOT_YET_VALID 9 /* OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID */

static int32_t hex_digit(char c) {
    if (char_is_digit(c)) {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* libcurl tells of an alert only in words, and in TLS 1.3 under the code of any broken read. Its words
 * hold OpenSSL's packed number ("error:0A00045C:"), whose low bits are the reason: 1000 and more are
 * alerts of the other side. -1 when there is no such number. */
static int32_t tls_reason(const char *error) {
    const char *at = strstr(error, "error:");
    int32_t reason = 0;
    if (at == NULL) {
        return -1;
    }
    for (size_t i = 0; i < 8; i++) {
        int32_t digit = hex_digit(at[6 + i]);
        if (digit < 0) {
            return -1;
        }
        reason = (reason * 16 + digit) & 0xFFF;
    }
    return reason;
}

/* The alerts with which a server refuses a client's certificate, or the lack of one. */
static bool refuses_device(int32_t alert, bool device) {
    switch (alert) {
    case 42:  /* bad certificate */
    case 43:  /* unsupported certificate */
    case 44:  /* certificate revoked */
    case 45:  /* certificate expired */
    case 46:  /* certificate unknown */
    case 48:  /* unknown CA */
    case 49:  /* access denied */
    case 116: /* certificate required */
        return true;
    case ALERT_HANDSHAKE_FAILURE: /* TLS 1.2's word for a missing certificate, among others */
        return !device;
    default:
        return false;
    }
}

/* libcurl leaves 1 where the chain was good or not looked at: a wrong host name, say. */
static int32_t untrusted(CURL *easy, CURLcode result, struct fault *why) {
    long verify = 0;
    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verify);
    if (result == CURLE_SSL_CACERT_BADFILE) {
        return fault_set(why, SHK_E_CONFIG_VALUE, SHK_NATIVE_CURL, (int32_t)result,
                         "gateway.ca_file");
    }
    if (verify == CERTIFICATE_NOT_YET_VALID) {
        /* Nobody puts a certificate up before its time; a machine whose battery is empty lives in the past. */
        return fault_set(why, SHK_E_CLOCK, SHK_NATIVE_TLS, (int32_t)verify, NULL);
    }
    if (verify > 1) {
        return fault_set(why, SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_TLS, (int32_t)verify, NULL);
    }
    return fault_set(why, SHK_E_GATEWAY_UNTRUSTED, SHK_NATIVE_CURL, (int32_t)result, NULL);
}

/* A handshake that ended because the line broke says nothing about trust. */
static int32_t handshake_code(const struct transfer *t) {
    int32_t reason = tls_reason(t->error);
    bool broken = reason < 0 || reason == REASON_UNEXPECTED_EOF;
    return broken ? SHK_E_GATEWAY_UNREACHABLE : SHK_E_GATEWAY_UNTRUSTED;
}

/* A line that never came about is "unreachable", also when the time limit noticed it. */
static int32_t timeout_code(const struct transfer *t) {
    return t->connected || t->sent ? SHK_E_GATEWAY_TIMEOUT : SHK_E_GATEWAY_UNREACHABLE;
}

/* libcurl calls a header line beyond its own limit out of memory. */
static int32_t memory_code(const struct transfer *t) {
    return t->sent && !t->head_done ? SHK_E_ANSWER_TOO_LARGE : SHK_E_MEMORY;
}

static int32_t code_of(const struct transfer *t, CURLcode result) {
    switch (result) {
    case CURLE_URL_MALFORMAT:
        return SHK_E_ARGUMENT;
    case CURLE_SSL_CERTPROBLEM:
        return SHK_E_DEVICE_KEY;
    case CURLE_OPERATION_TIMEDOUT:
        return timeout_code(t);
    case CURLE_SSL_CONNECT_ERROR:
        return handshake_code(t);
    case CURLE_OUT_OF_MEMORY:
        return memory_code(t);
    case CURLE_FILESIZE_EXCEEDED:
        return SHK_E_ANSWER_TOO_LARGE;
    default:
        return t->sent ? SHK_E_GATEWAY_ANSWER : SHK_E_GATEWAY_UNREACHABLE;
    }
}

static bool is_untrusted(CURLcode result) {
    return result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE ||
           result == CURLE_SSL_ISSUER_ERROR || result == CURLE_SSL_CIPHER ||
           result == CURLE_SSL_PINNEDPUBKEYNOTMATCH || result == CURLE_USE_SSL_FAILED;
}

/* What a proxy says when it is the gateway that does not answer. */
static bool speaks_of_gateway(CURLproxycode said) {
    return said == CURLPX_REPLY_HOST_UNREACHABLE || said == CURLPX_REPLY_NETWORK_UNREACHABLE ||
           said == CURLPX_REPLY_CONNECTION_REFUSED || said == CURLPX_REPLY_TTL_EXPIRED;
}

/* True when the line that did not come about leads through a proxy that can be reached: then the time
 * limit or a name that only this machine looks up (socks4, socks5) says nothing about the proxy. */
static bool is_beyond_proxy(CURL *easy, CURLcode result) {
    long port = 0; /* 0 until the line to the proxy stands */
    long said = 0;
    curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);
    curl_easy_getinfo(easy, CURLINFO_PROXY_ERROR, &said);
    return result == CURLE_COULDNT_RESOLVE_HOST ||
           (result == CURLE_OPERATION_TIMEDOUT && port > 0) ||
           (result == CURLE_PROXY && speaks_of_gateway((CURLproxycode)said));
}

/* Nothing of the request has left, and between here and the gateway there is a proxy. */
static int32_t proxy_fault(CURL *easy, CURLcode result, struct fault *why) {
    long answer = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &answer);
    if (answer >= 300) {
        /* 5xx: it tried, and the gateway was not there. */
        return fault_set(why, answer >= 500 ? SHK_E_GATEWAY_UNREACHABLE : SHK_E_PROXY,
                         SHK_NATIVE_HTTP, (int32_t)answer, NULL);
    }
    bool beyond = is_beyond_proxy(easy, result);
    return fault_set(why, beyond ? SHK_E_GATEWAY_UNREACHABLE : SHK_E_PROXY, SHK_NATIVE_CURL,
                     (int32_t)result, NULL);
}

static bool is_of_line(CURLcode result) {
    return result != CURLE_OUT_OF_MEMORY && result != CURLE_URL_MALFORMAT &&
           result != CURLE_FAILED_INIT && !is_untrusted(result);
}

int32_t http_curl_fault(CURL *easy, const struct transfer *t, CURLcode result, struct fault *why) {
    int32_t alert = tls_reason(t->error) - REASON_ALERT;
    int32_t refusal = t->device != NULL ? device_key_take_refusal(t->device) : 0;
    if (t->cancelled) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    if (t->sink_rc != SHK_OK) {
        return fault_raise(why, t->sink_rc);
    }
    if (t->no_memory) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    if (t->too_large) {
        return fault_set(why, SHK_E_ANSWER_TOO_LARGE, SHK_NATIVE_CURL, (int32_t)result, NULL);
    }
    if (!t->answered && refuses_device(alert, t->device != NULL)) {
        return fault_set(why, SHK_E_DEVICE_REFUSED, SHK_NATIVE_TLS, alert, NULL);
    }
    if (refusal != 0) {
        return fault_set(why, SHK_E_DEVICE_KEY, SHK_NATIVE_OS, refusal, "client_key");
    }
    if (t->proxied && !t->connected && !t->sent && is_of_line(result)) {
        return proxy_fault(easy, result, why);
    }
    if (is_untrusted(result)) {
        return untrusted(easy, result, why);
    }
    return fault_set(why, code_of(t, result), SHK_NATIVE_CURL, (int32_t)result, NULL);
}
