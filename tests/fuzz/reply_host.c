#include "reply_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wrap.h"

struct reply_host reply_host;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the name */
void __wrap_adapter_wait(int32_t ms);
void __wrap_adapter_wait(int32_t ms) {
    fuzz_must(ms > 0, "a wait that is none");
    reply_host.now_ms += ms;
}
/* NOLINTEND(bugprone-reserved-identifier) */

static void SHK_CALL say(void *self, int32_t level, const char *what, int32_t number) {
    (void)self, (void)level, (void)number;
    fuzz_must(what != NULL, "a line without words");
}

static int64_t SHK_CALL now_ms(void *self) {
    (void)self;
    return reply_host.now_ms;
}

static int32_t SHK_CALL keep_fault(void *self, int32_t code, int32_t native, const char *where) {
    (void)self, (void)native;
    fuzz_must(code < 0 && where != NULL && strlen(where) < 128, "a fault that is none");
    reply_host.said = code;
    return code;
}

static int32_t SHK_CALL note(void *self, const char *text) {
    (void)self;
    fuzz_must(strlen(text) < SHK_NOTE_MAX, "a note that is too long");
    if (++reply_host.notes == reply_host.fail_at) {
        reply_host.said = SHK_E_DELIVERY_TAKEN;
        return SHK_E_DELIVERY_TAKEN;
    }
    memcpy(reply_host.note, text, strlen(text) + 1);
    reply_host.noted = true;
    return SHK_OK;
}

static int32_t SHK_CALL http_open(void *self, const shk_http_settings *settings, void **http) {
    (void)settings;
    *http = self;
    reply_host.opened++;
    return SHK_OK;
}

static void SHK_CALL http_close(void *self, void *http) {
    (void)self;
    reply_host.closed += http != NULL;
}

static void SHK_CALL release(void *self, uint8_t *data) {
    (void)self;
    reply_host.lent -= data != NULL;
    free(data);
}

static int32_t SHK_CALL stopping(void *self) {
    (void)self;
    return reply_host.stop_at > 0 && reply_host.requests >= reply_host.stop_at;
}

void reply_put(struct reply *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(out->body + out->n, sizeof out->body - out->n, format, args);
    va_end(args);
    fuzz_must(n >= 0 && (size_t)n < sizeof out->body - out->n, "room for an answer");
    out->n += (size_t)n;
}

static char *place_of(struct reply *out, struct fuzz_input what) {
    for (size_t i = 0; what.n > 0 && i + what.n <= out->n; i++) {
        if (memcmp(out->body + i, what.p, what.n) == 0) {
            return out->body + i;
        }
    }
    return NULL;
}

/* The first of one text becomes another one. */
static void replace(struct reply *out) {
    struct fuzz_input what = fuzz_piece(&reply_host.in), with = fuzz_piece(&reply_host.in);
    char *at = place_of(out, what);
    if (at != NULL && out->n - what.n + with.n <= sizeof out->body) {
        memmove(at + with.n, at + what.n, out->n - what.n - (size_t)(at - out->body));
        memcpy(at, with.p, with.n);
        out->n = out->n - what.n + with.n;
        out->lies = true;
    }
}

static void be_raw(struct reply *out) {
    struct fuzz_input raw = fuzz_piece(&reply_host.in);
    out->n = raw.n < sizeof out->body ? raw.n : sizeof out->body;
    memcpy(out->body, raw.n > 0 ? raw.p : (const uint8_t *)"", out->n);
    out->lies = true;
}

static void be_lost(struct reply *out) {
    static const int32_t ends[] = {SHK_E_DELIVERY_UNSURE, SHK_E_HOST_UNREACHABLE, SHK_E_HOST_LOGIN,
                                   SHK_E_HOST_ANSWER,     SHK_E_MEMORY,           SHK_E_CANCELLED};
    uint8_t which = fuzz_byte(&reply_host.in);
    out->rc = ends[which % (sizeof ends / sizeof ends[0])];
    out->taken = which >= 128;
    out->lies = out->lies ||
                (out->rc != SHK_E_DELIVERY_UNSURE && out->rc != SHK_E_HOST_ANSWER && out->taken);
}

static void be_another(struct reply *out) {
    out->status = (int32_t)(fuzz_below(&reply_host.in, 6) * 100 + fuzz_byte(&reply_host.in) % 100);
    out->taken = out->status >= 500;
    out->lies = out->lies || out->status < 500;
}

/* Changes, up to a 0. */
static void change(const shk_http_request *rq, struct reply *out) {
    uint32_t what = 0;
    while ((what = fuzz_below(&reply_host.in, 8)) != 0) {
        if (what == 1) {
            replace(out);
        } else if (what == 2) {
            be_raw(out);
        } else if (what == 3) {
            be_lost(out);
        } else if (what == 4) {
            be_another(out);
        } else if (what == 5) {
            uint32_t cut = fuzz_number(&reply_host.in);
            out->lies = out->lies || cut < out->n;
            out->n = cut < out->n ? cut : out->n;
        } else if (what == 6) {
            out->took_ms = (int64_t)fuzz_byte(&reply_host.in) * rq->timeout_ms / 255;
        } else {
            out->retry_after_s =
                (int32_t)fuzz_number(&reply_host.in) >> fuzz_byte(&reply_host.in) % 32;
        }
    }
}

static int32_t lend(const struct reply *r, shk_http_reply *out) {
    out->status = r->status;
    out->retry_after_s = r->retry_after_s;
    memcpy(out->content_type, r->type, strlen(r->type) + 1);
    out->body = malloc(r->n + 1);
    fuzz_must(out->body != NULL, "memory");
    memcpy(out->body, r->body, r->n);
    out->body[r->n] = 0;
    out->body_len = (uint32_t)r->n;
    reply_host.lent++;
    return SHK_OK;
}

static int32_t SHK_CALL http_send(void *self, void *http, const shk_http_request *rq,
                                  shk_http_reply *out) {
    static struct reply r;
    bool lost = wrap_fails(WRAP_HTTP);
    fuzz_faults(false);
    fuzz_must(http == self && rq->timeout_ms > 0, "a request without time");
    r = (struct reply){.status = 200, .retry_after_s = -1, .type = ""};
    reply_host.requests++;
    reply_host.answer(rq, &r);
    change(rq, &r);
    reply_host.now_ms += r.took_ms;
    if (lost) {
        r.rc = SHK_E_DELIVERY_UNSURE;
        r.taken = true;
    }
    reply_host.lied = reply_host.lied || r.lies;
    if (r.n > rq->answer_max) {
        r.rc = SHK_E_HOST_ANSWER;
    }
    reply_host.answered(rq, &r);
    int32_t rc = r.rc == SHK_OK ? lend(&r, out) : r.rc;
    fuzz_faults(true);
    return rc;
}

void reply_host_begin(const uint8_t *p, size_t n) {
    reply_host = (struct reply_host){.in = {p, n},
                                     .table = {.struct_size = sizeof(shk_services),
                                               .abi = SHK_ADAPTER_ABI,
                                               .self = &reply_host,
                                               .log = say,
                                               .now_ms = now_ms,
                                               .fail = keep_fault,
                                               .release = release,
                                               .note = note,
                                               .http_open = http_open,
                                               .http_send = http_send,
                                               .http_close = http_close,
                                               .stopping = stopping}};
    reply_host.stop_at = fuzz_byte(&reply_host.in);
    reply_host.fail_at = fuzz_byte(&reply_host.in);
}

void reply_host_call(void) {
    reply_host.said = 0;
    reply_host.requests = 0;
    reply_host.noted = false;
}

void reply_host_end(void) {
    fuzz_must(reply_host.opened == reply_host.closed, "a connection that was not closed");
    fuzz_must(reply_host.lent == 0, "an answer that was not given back");
}
