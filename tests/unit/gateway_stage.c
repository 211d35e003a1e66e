#include "gateway_stage.h"

static const uint8_t certificate[] = {0x30, 0x82, 0x01, 0xFB, 0xFF};
static const uint8_t signature[] = {1, 2, 3, 4};

struct question stage_question(void) {
    struct question q = {.certificate = certificate,
                         .certificate_len = sizeof certificate,
                         .common_name = "999999SAMPLE0000000001A",
                         .algorithm = "RS256",
                         .signature = signature,
                         .signature_len = sizeof signature};
    text_copy(q.challenge, sizeof q.challenge, STAGE_CHALLENGE);
    text_copy(q.institution_code, sizeof q.institution_code, "9919999999");
    text_copy(q.date, sizeof q.date, "20260602");
    text_copy(q.idempotency_key, sizeof q.idempotency_key, STAGE_KEY);
    text_copy(q.file_identifier, sizeof q.file_identifier, "T-000123");
    return q;
}

int32_t stage_open(struct stage *s, const char *url, struct log *log) {
    const struct gateway_settings settings = {.url = url, .timeout_ms = 15000};
    return gateway_route_new(&settings, &s->env, log, &s->route, &s->why);
}

int32_t stage_open_tolerant(struct stage *s, int32_t clock_tolerance_s) {
    const struct gateway_settings settings = {.url = "https://gateway.example:8443/base/",
                                              .timeout_ms = 15000,
                                              .clock_tolerance_s = clock_tolerance_s};
    return gateway_route_new(&settings, &s->env, NULL, &s->route, &s->why);
}

int stage_set_up(void **state) {
    static struct stage s;
    s = (struct stage){0};
    s.env.http = &http_fake_ops;
    s.env.http_self = &s.http;
    s.env.clock = &http_fake_clock;
    s.env.clock_self = &s.http;
    s.q = stage_question();
    *state = &s;
    return stage_open(&s, "https://gateway.example:8443/base/", NULL);
}

int stage_tear_down(void **state) {
    struct stage *s = *state;
    bytes_clear(&s->answer);
    if (s->route.ops != NULL) {
        s->route.ops->free(s->route.self);
    }
    http_fake_clear(&s->http);
    return 0;
}

int32_t stage_prepare(struct stage *s) {
    fault_clear(&s->why);
    return s->route.ops->prepare(s->route.self, &s->q, NULL, &s->why);
}

int32_t stage_ask(struct stage *s) {
    fault_clear(&s->why);
    return s->route.ops->ask(s->route.self, &s->q, &s->answer, NULL, &s->why);
}

void stage_script(struct stage *s, const struct http_fake_step *steps, size_t n) {
    http_fake_script(&s->http, steps, n);
    s->http.seen_n = 0;
    for (size_t i = 0; i < HTTP_FAKE_MAX; i++) {
        bytes_clear(&s->http.seen[i].body);
    }
}
