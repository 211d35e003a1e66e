#include "http_fake.h"

#include <string.h>

static int32_t fake_open(void *self, const struct http_settings *settings, void **http,
                         struct fault *why) {
    struct http_fake *f = self;
    *http = NULL;
    f->settings = *settings;
    if (f->open_fault != 0) {
        return fault_raise(why, f->open_fault);
    }
    f->opened++;
    *http = f;
    return SHK_OK;
}

static void remember_header(struct http_fake_seen *seen, const struct http_header *h) {
    if (text_equal(h->name, "Content-Type")) {
        text_copy(seen->content_type, sizeof seen->content_type, h->value);
    } else if (text_equal(h->name, "Idempotency-Key")) {
        text_copy(seen->idempotency_key, sizeof seen->idempotency_key, h->value);
    }
}

static void remember(struct http_fake *f, const struct http_request *rq) {
    if (f->seen_n++ >= HTTP_FAKE_MAX) {
        return;
    }
    struct http_fake_seen *seen = &f->seen[f->seen_n - 1];
    text_copy(seen->method, sizeof seen->method, rq->method);
    text_copy(seen->url, sizeof seen->url, rq->url);
    text_copy(seen->accept, sizeof seen->accept, rq->accept != NULL ? rq->accept : "");
    for (size_t i = 0; i < rq->headers_n; i++) {
        remember_header(seen, &rq->headers[i]);
    }
    bytes_append(&seen->body, rq->body, rq->body_len);
    seen->timeout_ms = rq->timeout_ms;
    seen->answer_max = rq->answer_max;
    seen->headers_n = rq->headers_n;
}

static void pass_time(struct http_fake *f, int32_t ms) {
    f->now_ms += ms;
    if (f->pass != NULL) {
        f->pass(f->pass_self, ms);
    }
}

static int32_t wait_for_stop(struct http_fake *f, const struct http_request *rq,
                             struct fault *why) {
    for (int32_t waited = 0; waited < rq->timeout_ms; waited += 100) {
        if (rq->stop != NULL && rq->stop(rq->stop_self)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        pass_time(f, 100);
    }
    return fault_raise(why, SHK_E_GATEWAY_TIMEOUT);
}

/* In pieces of seven bytes, so that nobody counts on whole ones. */
static int32_t stream(const struct http_fake_step *step, const struct http_request *rq,
                      const uint8_t *p, size_t n, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t at = 0; at < n && rc == SHK_OK; at += 7) {
        rc = rq->sink->take(rq->sink->self, p + at, n - at < 7 ? n - at : 7, why);
    }
    return rc == SHK_OK && step->broken_fault != 0 ? fault_raise(why, step->broken_fault) : rc;
}

static bool is_streamed(const struct http_fake_step *step, const struct http_request *rq) {
    return rq->sink != NULL && step->status == 200 && step->content_type != NULL &&
           text_equal(step->content_type, rq->accept);
}

static int32_t answer(const struct http_fake_step *step, const struct http_request *rq,
                      struct http_reply *rp, struct fault *why) {
    const char *body = step->body != NULL ? step->body : "";
    size_t n = step->body_len > 0 ? step->body_len : strlen(body);
    if (n > rq->answer_max) {
        return fault_raise(why, SHK_E_ANSWER_TOO_LARGE);
    }
    if (is_streamed(step, rq)) {
        int32_t rc = stream(step, rq, (const uint8_t *)body, n, why);
        if (rc != SHK_OK) {
            return rc;
        }
        n = 0;
    }
    rp->status = step->status;
    text_copy(rp->content_type, sizeof rp->content_type,
              step->content_type != NULL ? step->content_type : "");
    rp->retry_after_s = step->retry_after ? step->retry_after_s : -1;
    rp->date_s = step->date_s != 0 ? step->date_s : -1;
    return bytes_append(&rp->body, body, n);
}

static int32_t play(struct http_fake *f, const struct http_fake_step *step,
                    const struct http_request *rq, struct http_reply *rp, struct fault *why) {
    if (step->until_stop) {
        return wait_for_stop(f, rq, why);
    }
    if (step->delay_ms > rq->timeout_ms) {
        pass_time(f, rq->timeout_ms);
        return fault_raise(why, SHK_E_GATEWAY_TIMEOUT);
    }
    pass_time(f, step->delay_ms);
    if (step->fault != 0) {
        return fault_set(why, step->fault, step->native_kind, step->native, NULL);
    }
    return answer(step, rq, rp, why);
}

static int32_t fake_perform(void *http, const struct http_request *rq, struct http_reply *rp,
                            struct fault *why) {
    struct http_fake *f = http;
    *rp = (struct http_reply){.retry_after_s = -1, .date_s = -1};
    rp->reused = f->seen_n > 0;
    remember(f, rq);
    if (f->next >= f->steps_n) {
        return fault_raise(why, SHK_E_GATEWAY_UNREACHABLE);
    }
    return play(f, &f->steps[f->next++], rq, rp, why);
}

static void fake_close(void *http) {
    struct http_fake *f = http;
    if (f != NULL) {
        f->closed++;
    }
}

static int64_t fake_mono_ms(void *self) {
    return ((const struct http_fake *)self)->now_ms;
}

static int64_t fake_wall_s(void *self) {
    return HTTP_FAKE_WALL_S + ((const struct http_fake *)self)->now_ms / 1000;
}

const struct http_ops http_fake_ops = {fake_open, fake_perform, fake_close};
const struct clock_ops http_fake_clock = {fake_mono_ms, fake_wall_s};

void http_fake_script(struct http_fake *f, const struct http_fake_step *steps, size_t n) {
    f->steps = steps;
    f->steps_n = n;
    f->next = 0;
}

void http_fake_clear(struct http_fake *f) {
    for (size_t i = 0; i < HTTP_FAKE_MAX; i++) {
        bytes_clear(&f->seen[i].body);
    }
    *f = (struct http_fake){0};
}
