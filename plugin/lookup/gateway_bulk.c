#include "gateway.h"
#include "log.h"
#include "oqs_message.h"

#include <string.h>

/* 100,000 people are about 140 MB. */
#define RESULT_MAX     ((size_t)1024 * 1024 * 1024)
#define WAIT_DEFAULT_S 10
#define WAIT_MAX_S     3600

/* It goes into an address. */
static bool is_reception(const char *text) {
    for (const char *p = text; *p != '\0'; p++) {
        char c = *p;
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || char_is_digit(c) ||
                    c == '-' || c == '_';
        if (!good) {
            return false;
        }
    }
    return reception_is_usable(text);
}

static bool differs(const char *said, const char *asked) {
    return said[0] != '\0' && asked[0] != '\0' && !text_equal(said, asked);
}

int32_t gateway_reception_read(const struct bytes *xml, const struct bulk_question *q,
                               char reception[RECEPTION_NUMBER_MAX], struct fault *why) {
    struct oqs_message message = {0};
    reception[0] = '\0';
    int32_t rc = SHK_OK;
    if (xml->n == 0 || !oqs_message_read(xml->p, xml->n, &message) ||
        !is_reception(message.reception_number)) {
        rc = fault_set(why, SHK_E_GATEWAY_ANSWER, SHK_NATIVE_NONE, 0, "ReceptionNumber");
    } else if (differs(message.institution_code, q->institution_code) ||
               differs(message.file_identifier, q->file_identifier)) {
        rc = fault_raise(why, SHK_E_ANSWER_FOREIGN);
    } else {
        text_copy(reception, RECEPTION_NUMBER_MAX, message.reception_number);
    }
    memory_wipe(&message, sizeof message);
    return rc;
}

static int32_t read_reception(const struct http_reply *rp, const struct bulk_question *q,
                              char reception[RECEPTION_NUMBER_MAX], struct fault *why) {
    if (rp->status != 202) {
        return gateway_fault(rp, why);
    }
    if (!text_equal(rp->content_type, "application/xml")) {
        return fault_set(why, SHK_E_GATEWAY_ANSWER, SHK_NATIVE_HTTP, rp->status, "bulk");
    }
    return gateway_reception_read(&rp->body, q, reception, why);
}

static int32_t send_body(struct gateway *g, const struct bulk_question *q, const struct bytes *body,
                         char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                         struct fault *why) {
    struct gateway_call call = {.name = "gateway.bulk_send",
                                .watch = watch,
                                .end_ms = gateway_now_ms(g) + g->bulk_timeout_ms};
    struct http_reply rp;
    int32_t rc = gateway_clock_check(g, call.end_ms, watch, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = gateway_post(g, &call, "bulk", q->idempotency_key, body, &rp, why);
    if (rc == SHK_OK) {
        rc = read_reception(&rp, q, reception, why);
        rc = rc == SHK_OK ? gateway_clock_judge(g, why) : rc;
        bytes_clear(&rp.body);
    }
    if (rc != SHK_OK) {
        reception[0] = '\0';
    }
    return rc;
}

int32_t gateway_bulk_send(void *self, const struct bulk_question *q,
                          char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                          struct fault *why) {
    struct bytes body = {0};
    reception[0] = '\0';
    int32_t rc = gateway_bulk_request(q, &body, why);
    if (rc == SHK_OK) {
        rc = send_body(self, q, &body, reception, watch, why);
    }
    bytes_clear(&body);
    return rc;
}

/* Passes on, and counts: what has been given once must not come again. */
struct counted {
    const struct byte_sink *to;
    size_t given;
};

static int32_t count(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct counted *c = self;
    c->given += n;
    return c->to->take(c->to->self, p, n, why);
}

static int32_t pending(const struct http_reply *rp, int32_t *wait_s, struct fault *why) {
    int32_t wait = rp->retry_after_s >= 0 ? rp->retry_after_s : WAIT_DEFAULT_S;
    wait = wait < 1 ? 1 : wait;
    *wait_s = wait < WAIT_MAX_S ? wait : WAIT_MAX_S;
    fault_set(why, SHK_E_ANSWER_PENDING, SHK_NATIVE_HTTP, rp->status, NULL);
    gateway_fault_wait(why, SHK_E_ANSWER_PENDING, *wait_s);
    return SHK_E_ANSWER_PENDING;
}

static int32_t judge(const struct http_reply *rp, size_t given, int32_t *wait_s,
                     struct fault *why) {
    if (rp->status == 202) {
        return pending(rp, wait_s, why);
    }
    if (rp->status != 200) {
        return gateway_fault(rp, why);
    }
    if (given == 0) { /* of another type, or empty */
        return fault_set(why, SHK_E_GATEWAY_ANSWER, SHK_NATIVE_HTTP, rp->status, "bulk");
    }
    return SHK_OK;
}

/* A result that is not ready is waited for in vain when the clock is wrong. */
static int32_t judge_with_clock(const struct gateway *g, const struct http_reply *rp, size_t given,
                                int32_t *wait_s, struct fault *why) {
    int32_t rc = rp->status == 200 || rp->status == 202 ? gateway_clock_judge(g, why) : SHK_OK;
    return rc == SHK_OK ? judge(rp, given, wait_s, why) : rc;
}

int32_t gateway_bulk_fetch(void *self, const struct bulk_question *q, const char *reception,
                           const struct byte_sink *sink, int32_t *wait_s, const struct watch *watch,
                           struct fault *why) {
    struct gateway *g = self;
    struct counted counted = {sink, 0};
    const struct byte_sink through = {count, &counted};
    struct gateway_call call = {.name = "gateway.bulk_fetch",
                                .watch = watch,
                                .end_ms = gateway_now_ms(g) + g->bulk_timeout_ms,
                                .given = &counted.given};
    char path[sizeof "bulk/" + RECEPTION_NUMBER_MAX];
    char url[GATEWAY_URL_MAX];
    struct http_request rq = {.method = "GET",
                              .url = url,
                              .accept = "application/xml",
                              .answer_max = RESULT_MAX,
                              .sink = &through};
    struct http_reply rp;
    (void)q;
    *wait_s = 0;
    if (!is_reception(reception)) {
        return fault_set(why, SHK_E_ARGUMENT, SHK_NATIVE_NONE, 0, "reception");
    }
    text_format(path, sizeof path, "bulk/%s", reception);
    gateway_url(g, path, url);
    int32_t rc = gateway_exchange(g, &call, &rq, &rp, why);
    if (rc == SHK_OK) {
        rc = judge_with_clock(g, &rp, counted.given, wait_s, why);
        bytes_clear(&rp.body);
    }
    return rc;
}
