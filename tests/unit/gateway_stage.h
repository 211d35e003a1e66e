/* A gateway route over the scripted HTTP, and a question that can be asked. */
#ifndef UNIT_GATEWAY_STAGE_H
#define UNIT_GATEWAY_STAGE_H

#include "http_fake.h"
#include "lookup.h"

#define STAGE_KEY       "4d5f0000-0000-4000-8000-00000000000a"
#define STAGE_CHALLENGE "q0uA3xk0Wq4fYkKf2u2T7hQ9k7yJm1cVtq3pYw8dE5s"
#define STAGE_XML       "<XmlMsg/>"
#define STAGE_PROBLEM   "application/problem+json"
/* A step with a good answer. */
#define STAGE_GOOD                                                                                 \
    { .status = 200, .content_type = "application/xml", .body = STAGE_XML }

struct stage {
    struct http_fake http;
    struct env env;
    struct lookup_route route;
    struct question q;
    struct bytes answer;
    struct fault why;
};

struct question stage_question(void);
/* For cmocka: *state becomes a struct stage. */
int stage_set_up(void **state);
int stage_tear_down(void **state);

/* Puts a new script in and forgets what was seen. */
void stage_script(struct stage *s, const struct http_fake_step *steps, size_t n);
#define STAGE_SCRIPT(s, ...)                                                                       \
    const struct http_fake_step steps[] = {__VA_ARGS__};                                           \
    stage_script(s, steps, sizeof steps / sizeof steps[0])

struct log;
int32_t stage_open(struct stage *s, const char *url, struct log *log);
/* Stops at a clock that differs by more. */
int32_t stage_open_tolerant(struct stage *s, int32_t clock_tolerance_s);
int32_t stage_prepare(struct stage *s);
int32_t stage_ask(struct stage *s);

#endif
