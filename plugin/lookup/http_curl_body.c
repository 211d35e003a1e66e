#include "http_curl.h"

/* What is not the wanted answer is a page of words; a stream's limit would be far too much for it. */
#define OTHER_MAX ((size_t)4 * 1024 * 1024)

static bool is_wanted(const struct transfer *t) {
    const char *type = t->rq->accept;
    return t->status == 200 && (type == NULL || text_equal(t->rp->content_type, type));
}

static bool pass_on(struct transfer *t, const uint8_t *p, size_t n) {
    if (n > t->rq->answer_max - t->given) {
        t->too_large = true;
        return false;
    }
    t->given += n;
    t->sink_rc = n > 0 ? t->rq->sink->take(t->rq->sink->self, p, n, t->why) : SHK_OK;
    return t->sink_rc == SHK_OK;
}

static bool keep(struct transfer *t, const uint8_t *p, size_t n) {
    size_t most = t->rq->answer_max;
    if (t->rq->sink != NULL && most > OTHER_MAX) {
        most = OTHER_MAX;
    }
    if (n > most - t->rp->body.n) {
        t->too_large = true;
        return false;
    }
    t->no_memory = bytes_append(&t->rp->body, p, n) != SHK_OK;
    return !t->no_memory;
}

size_t http_curl_body(char *p, size_t size, size_t n, void *transfer) {
    struct transfer *t = transfer;
    size_t whole = size * n;
    const uint8_t *bytes = (const uint8_t *)p;
    bool good =
        t->rq->sink != NULL && is_wanted(t) ? pass_on(t, bytes, whole) : keep(t, bytes, whole);
    /* Any other number than that of the bytes given ends the transfer, also for none. */
    return good ? whole : whole + 1;
}
