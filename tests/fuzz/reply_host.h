/* What the plugin lends to a host adapter, with answers out of the input and time that passes at once. */
#ifndef FUZZ_REPLY_HOST_H
#define FUZZ_REPLY_HOST_H

#include "fuzz.h"
#include "shikaku/adapter.h"

#define REPLY_MAX 32768

/* One answer; `body` is not terminated. */
struct reply {
    int32_t rc, status, retry_after_s;
    int64_t took_ms;
    const char *type; /* of its content */
    char body[REPLY_MAX];
    size_t n;
    bool lies;  /* it is not what a good host says */
    bool taken; /* what was asked for was done, though the answer does not say so */
};

struct reply_host {
    shk_services table;
    struct fuzz_input in;
    int64_t now_ms;
    int32_t opened, closed, lent, requests, notes;
    int32_t said; /* the last fault; 0 none */
    int32_t stop_at,
        fail_at; /* the request and the note at which work is to stop, or is lost; 0 none */
    char note[SHK_NOTE_MAX]; /* the last one that was kept */
    bool noted;              /* one was kept in this call */
    bool lied;               /* an answer was not what a good host says */
    /* A good host's answer, which the input may change then. */
    void (*answer)(const shk_http_request *rq, struct reply *out);
    /* What came of it. */
    void (*answered)(const shk_http_request *rq, const struct reply *reply);
};

extern struct reply_host reply_host;

/* Forgets everything; the input's first two bytes are stop_at and fail_at. */
void reply_host_begin(const uint8_t *p, size_t n);
/* Before one call of the adapter. */
void reply_host_call(void);
/* Everything that was lent has come back. */
void reply_host_end(void);

/* A good answer, printed onto the end. */
void reply_put(struct reply *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
