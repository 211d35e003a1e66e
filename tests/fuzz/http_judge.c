#include "http_judge.h"

#include <jansson.h>
#include <string.h>

#define CALLS_MAX 4
#define TIMES     3 /* the time limit, for one call of the adapter */

static struct {
    const shk_delivery *d;
    const char *method;
    int32_t timeout_ms;
    int64_t began_ms;
    bool done;   /* the last answer says that it is */
    bool listed; /* the last answer is a list of patients */
    bool unsure; /* an answer was lost */
} j;

void http_judge_begin(const shk_delivery *d, const char *method, int32_t timeout_ms) {
    memset(&j, 0, sizeof j);
    j.d = d;
    j.method = method;
    j.timeout_ms = timeout_ms;
    j.began_ms = reply_host.now_ms;
}

void http_judge_good(const shk_http_request *rq, struct reply *out) {
    (void)rq;
    out->type = "application/json";
    if (j.d == NULL) {
        reply_put(out, "{\"patients\":[{\"id\":\"00001\",\"name\":\"見本 太郎\",\"sex\":\"male\"},"
                       "{\"id\":2,\"name\":\"見本 花子\"}]}");
    } else {
        reply_put(out, "{\"warning\":\"K0\",\"patient\":\"00001\",\"delivered\":\"%s\"}", j.d->id);
    }
}

static void judge_key(const shk_http_request *rq) {
    size_t keys = 0;
    for (uint32_t i = 0; i < rq->headers_n; i++) {
        if (strcmp(rq->headers[i].key, "Idempotency-Key") == 0) {
            fuzz_must(strcmp(rq->headers[i].value, j.d->id) == 0, "another key");
            keys++;
        }
    }
    fuzz_must(keys == 1, "a document without its key");
}

static void judge_document(const shk_http_request *rq) {
    fuzz_must(reply_host.noted, "sent without a note");
    fuzz_must(strcmp(rq->method, j.method) == 0 && strstr(rq->url, "/d?k=1") != NULL,
              "sent elsewhere");
    fuzz_must(rq->body_len == j.d->head_len + j.d->body_len &&
                  memcmp(rq->body, j.d->head, j.d->head_len) == 0 &&
                  memcmp(rq->body + j.d->head_len, j.d->body, j.d->body_len) == 0,
              "another document");
    judge_key(rq);
}

static bool is_known_key(json_t *said) {
    const char *key = json_string_value(json_object_get(said, "delivered"));
    return key != NULL && strcmp(key, j.d->id) == 0;
}

static void take(const struct reply *reply) {
    bool came = reply->rc == SHK_OK;
    json_t *said = came ? json_loadb(reply->body, reply->n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    j.unsure = j.unsure || reply->rc == SHK_E_DELIVERY_UNSURE;
    j.done = came && ((reply->status >= 200 && reply->status < 300) ||
                      (reply->status == 409 && j.d != NULL && is_known_key(said)));
    j.listed = came && reply->status == 200 && json_is_array(json_object_get(said, "patients"));
    json_decref(said);
}

void http_judge_answered(const shk_http_request *rq, const struct reply *reply) {
    fuzz_must(reply_host.requests <= CALLS_MAX, "requests without end");
    fuzz_should(!j.done, "sent again although it is done");
    fuzz_must(rq->timeout_ms <= j.timeout_ms, "a longer time than was set");
    if (j.d != NULL) {
        judge_document(rq);
    } else {
        fuzz_must(strcmp(rq->method, "POST") == 0 && strstr(rq->url, "/find") != NULL,
                  "another search");
    }
    take(reply);
}

static void judge_call(int32_t rc) {
    fuzz_must(rc == reply_host.said, "a fault that was not said");
    fuzz_must(reply_host.now_ms - j.began_ms <= (int64_t)j.timeout_ms * TIMES,
              "a call without end");
}

void http_judge_delivered(int32_t rc, const shk_receipt *receipt) {
    judge_call(rc);
    fuzz_must(rc != SHK_OK || j.done, "a success that nobody said");
    fuzz_should(rc == SHK_OK || !j.done, "a success that is a fault");
    fuzz_must(rc == SHK_OK || !j.unsure || rc == SHK_E_DELIVERY_UNSURE ||
                  rc == SHK_E_HOST_REFUSED || rc == SHK_E_MEMORY,
              "a lost answer that is forgotten");
    fuzz_must(memchr(receipt->patient, '\0', sizeof receipt->patient) != NULL &&
                  memchr(receipt->warning, '\0', sizeof receipt->warning) != NULL &&
                  strchr(receipt->place, '?') == NULL,
              "a receipt");
}

void http_judge_found(int32_t rc, int32_t heard) {
    judge_call(rc);
    fuzz_must(rc != SHK_OK || j.listed, "a search that was not understood");
    fuzz_must(rc != SHK_E_DELIVERY_UNSURE, "a search that may have written");
    fuzz_must(rc != SHK_OK || reply_host.lied || heard == 2, "somebody was not found");
}
