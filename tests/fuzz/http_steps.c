#include "http_steps.h"

#include "bytes.h"

#define LIMIT_S 86400 /* of a Retry-After, as the seam promises */

enum { HAS_DATE = 1, HAS_RETRY = 2, HAS_DELAY = 4, BREAKS = 8 };

static const int32_t ends[] = {0,
                               SHK_E_GATEWAY_ANSWER,
                               SHK_E_GATEWAY_UNREACHABLE,
                               SHK_E_GATEWAY_UNTRUSTED,
                               SHK_E_GATEWAY_TIMEOUT,
                               SHK_E_PROXY,
                               SHK_E_CLOCK,
                               SHK_E_DEVICE_REFUSED,
                               SHK_E_ANSWER_TOO_LARGE,
                               SHK_E_MEMORY};
static const int32_t statuses[] = {200, 201, 202, 204, 206, 302, 400, 401, 403, 404,
                                   409, 410, 422, 429, 500, 502, 503, 504, 505, 0};
static const char *const types[] = {
    "application/xml",  "application/json", "application/problem+json", "text/html", "",
    "application/xml2", "application/zip"};

#define SIZE(a) (sizeof(a) / sizeof(a)[0])

static void take_more(struct fuzz_input *in, uint8_t more, struct http_fake_step *step) {
    if ((more & HAS_DATE) != 0) {
        int64_t date_s = HTTP_FAKE_WALL_S + (int32_t)fuzz_number(in);
        step->date_s = date_s > 0 ? date_s : 1;
    }
    if ((more & HAS_RETRY) != 0) {
        step->retry_after = true;
        step->retry_after_s = (int32_t)fuzz_below(in, LIMIT_S + 1);
    }
    if ((more & HAS_DELAY) != 0) {
        step->delay_ms = (int32_t)fuzz_below(in, 1000000);
    }
    step->broken_fault = (more & BREAKS) != 0 ? SHK_E_GATEWAY_ANSWER : 0;
}

static void take_step(struct fuzz_input *in, struct http_fake_step *step) {
    uint8_t end = fuzz_byte(in);
    *step = (struct http_fake_step){.until_stop = end == 0xFE};
    step->fault = end < SIZE(ends) ? ends[end] : 0;
    step->status = statuses[fuzz_below(in, SIZE(statuses))];
    step->content_type = types[fuzz_below(in, SIZE(types))];
    take_more(in, fuzz_byte(in), step);
    struct fuzz_input body = fuzz_piece(in);
    step->body = body.n > 0 ? (const char *)body.p : "";
    step->body_len = body.n;
}

size_t http_steps(struct fuzz_input *in, struct http_fake_step out[HTTP_STEPS_MAX]) {
    size_t n = 0;
    while (in->n > 0 && n < HTTP_STEPS_MAX) {
        take_step(in, &out[n++]);
    }
    return n;
}

struct fuzz_input http_step_body(const struct http_fake_step *step) {
    return (struct fuzz_input){(const uint8_t *)step->body, step->body_len};
}
