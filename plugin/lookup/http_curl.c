#include "http_curl.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lookup.h"

#define POLL_MS 100 /* how long a wish to stop may go unheard */

static bool is_set(const char *text) {
    return text != NULL && text[0] != '\0';
}

static void http_close(void *http) {
    struct http *h = http;
    if (h == NULL) {
        return;
    }
    http_curl_end(h);
    http_curl_forget(h);
    device_key_clear(&h->device);
    free(h->no_proxy);
    memory_wipe(h, sizeof *h);
    free(h);
}

static int32_t http_open(void *self, const struct http_settings *settings, void **http,
                         struct fault *why) {
    (void)self;
    *http = NULL;
    struct http *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = http_curl_check(h, settings, why);
    rc = rc == SHK_OK ? http_curl_keep(h, settings, why) : rc;
    if (rc != SHK_OK) {
        http_close(h);
        return rc;
    }
    *http = h;
    return SHK_OK;
}

/* Out of memory is its only failure; a value that would end its line is refused before. */
static int32_t add_header(struct curl_slist **list, const char *name, const char *value) {
    struct bytes line = {0};
    struct curl_slist *longer = NULL;
    if (bytes_append_text(&line, name) == SHK_OK && bytes_append_text(&line, ":") == SHK_OK &&
        (!is_set(value) || bytes_append_text(&line, " ") == SHK_OK) &&
        bytes_append_text(&line, value) == SHK_OK) {
        longer = curl_slist_append(*list, bytes_text(&line));
    }
    bytes_clear(&line);
    *list = longer != NULL ? longer : *list;
    return longer != NULL ? SHK_OK : SHK_E_MEMORY;
}

/* What libcurl would send of its own accord comes first, emptied; a header of the request wins. */
static int32_t list_headers(const struct http_request *rq, struct curl_slist **list) {
    int32_t rc = add_header(list, "Expect", "");
    bool typed = false;
    for (size_t i = 0; i < rq->headers_n && rc == SHK_OK; i++) {
        typed = typed || text_equal(rq->headers[i].name, "Content-Type");
        rc = add_header(list, rq->headers[i].name, rq->headers[i].value);
    }
    if (rc == SHK_OK && !typed) {
        rc = add_header(list, "Content-Type", "");
    }
    if (rc == SHK_OK) {
        rc = add_header(list, "Accept", rq->accept != NULL ? rq->accept : "");
    }
    return rc;
}

static bool is_one_line(const char *text) {
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F) {
            return false;
        }
    }
    return true;
}

static bool is_allowed(const struct http *h, const char *url) {
    return text_starts(url, "https://") || (h->plain && text_starts(url, "http://"));
}

static bool is_method(const char *method) {
    return text_equal(method, "GET") || text_equal(method, "POST") || text_equal(method, "PUT");
}

static bool is_usable(const struct http *h, const struct http_request *rq) {
    const char *host = NULL;
    if (http_curl_host(rq->url, &host) > HTTP_HOST_MAX || !is_allowed(h, rq->url) ||
        !is_one_line(rq->url) || !is_method(rq->method) || rq->timeout_ms <= 0 ||
        rq->body_len > INT32_MAX) {
        return false;
    }
    for (size_t i = 0; i < rq->headers_n; i++) {
        const struct http_header *one = &rq->headers[i];
        if (!is_set(one->name) || !is_set(one->value) || !is_one_line(one->name) ||
            !is_one_line(one->value)) {
            return false;
        }
    }
    return true;
}

static int set_request(CURL *easy, const struct http_request *rq, struct curl_slist *headers) {
    int bad = 0;
    bad |= curl_easy_setopt(easy, CURLOPT_URL, rq->url) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)rq->timeout_ms) != CURLE_OK;
    bad |=
        curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)rq->answer_max) != CURLE_OK;
    if (text_equal(rq->method, "GET")) {
        return bad | (curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) != CURLE_OK);
    }
    const char *body = rq->body_len > 0 ? (const char *)rq->body : "";
    bad |= curl_easy_setopt(easy, CURLOPT_POST, 1L) != CURLE_OK;
    if (text_equal(rq->method, "PUT")) {
        bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT") != CURLE_OK;
    }
    bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)rq->body_len) != CURLE_OK;
    bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body) != CURLE_OK;
    return bad;
}

/* Lets go of everything that is the caller's. */
static void unset_request(struct http *h) {
    h->now.rq = NULL;
    h->now.rp = NULL;
    h->now.why = NULL;
    memory_wipe(h->now.error, sizeof h->now.error);
}

static bool wants_stop(const struct http_request *rq) {
    return rq->stop != NULL && rq->stop(rq->stop_self);
}

static CURLcode drive(struct http *h) {
    int running = 1;
    while (running > 0) {
        if (wants_stop(h->now.rq)) {
            h->now.cancelled = true;
            return CURLE_ABORTED_BY_CALLBACK;
        }
        if (curl_multi_perform(h->multi, &running) != CURLM_OK) {
            return CURLE_FAILED_INIT;
        }
        if (running > 0 && curl_multi_poll(h->multi, NULL, 0, POLL_MS, NULL) != CURLM_OK) {
            return CURLE_FAILED_INIT;
        }
    }
    int left = 0;
    CURLMsg *message = curl_multi_info_read(h->multi, &left);
    return message != NULL ? message->data.result : CURLE_FAILED_INIT;
}

static CURLcode transfer(struct http *h, CURL *easy) {
    if (curl_multi_add_handle(h->multi, easy) != CURLM_OK) {
        return CURLE_FAILED_INIT;
    }
    CURLcode result = drive(h);
    curl_multi_remove_handle(h->multi, easy);
    return result;
}

static void fill_reply(const struct http *h, CURL *easy, struct http_reply *rp) {
    long status = 0;
    long connects = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    rp->status = (int32_t)status;
    rp->reused = connects == 0;
    int64_t now_s = rp->date_s >= 0 ? rp->date_s : (int64_t)time(NULL);
    rp->retry_after_s = http_curl_retry_after(h->now.retry_after, now_s);
}

static void clear_reply(struct http_reply *rp) {
    bytes_clear(&rp->body);
    *rp = (struct http_reply){.retry_after_s = -1, .date_s = -1};
}

/* Where an answer's head begins with a folded line, libcurl 7.88 looks for what it continues in the answer that the handle
 * had before, freed by then: so no handle has two. */
static CURL *new_handle(const struct http *h) {
    CURL *easy = curl_easy_duphandle(h->easy);
    if (easy != NULL && curl_easy_setopt(easy, CURLOPT_SHARE, h->sessions) != CURLE_OK) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

static int32_t http_perform(void *http, const struct http_request *rq, struct http_reply *rp,
                            struct fault *why) {
    struct http *h = http;
    struct curl_slist *headers = NULL;
    *rp = (struct http_reply){.retry_after_s = -1, .date_s = -1};
    if (!is_usable(h, rq)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = http_curl_start(h, why);
    if (rc != SHK_OK) {
        return rc;
    }
    h->now = (struct transfer){.rq = rq,
                               .rp = rp,
                               .why = why,
                               .device = h->now.device,
                               .proxied = http_curl_uses_proxy(h, rq->url)};
    CURL *easy = new_handle(h);
    rc = list_headers(rq, &headers);
    if (easy == NULL || rc != SHK_OK || set_request(easy, rq, headers)) {
        rc = fault_raise(why, SHK_E_MEMORY);
        goto done;
    }
    CURLcode result = transfer(h, easy);
    if (result == CURLE_OK && !h->now.head_done) {
        result = CURLE_PARTIAL_FILE; /* libcurl is content with a head that breaks off */
    }
    if (result == CURLE_OK) {
        fill_reply(h, easy, rp);
    } else {
        rc = http_curl_fault(easy, &h->now, result, why);
    }
done:
    curl_easy_cleanup(easy);
    unset_request(h);
    curl_slist_free_all(headers);
    if (rc != SHK_OK) {
        clear_reply(rp);
    }
    rp->sent = h->now.sent;
    return rc;
}

const struct http_ops http_curl = {http_open, http_perform, http_close};
