/* What the calls of host_calls.h share. */
#ifndef FUZZ_HOST_PARTS_H
#define FUZZ_HOST_PARTS_H

#include "host_calls.h"

/* A result is 0 or more, or a code. */
void judge_code(int32_t rc);
/* One of the codes that the header names for the call, 0, or what a failing call brings. */
void judge_one_of(int32_t rc, const int32_t *codes, size_t n);
#define JUDGE(rc, ...)                                                                             \
    judge_one_of((rc), (const int32_t[]){__VA_ARGS__},                                             \
                 sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t))

/* A handle that the input chooses; null: no session is to be there. */
struct host_session *pick(struct host *h, shk_session *handle);
/* A session is there when it is to be, but for what another host may have closed. */
void judge_there(struct host *h, struct host_session *at, int32_t rc);

/* host_values.c: reading by path. */
void call_text(struct host *h);
void call_bytes(struct host *h);
void call_number(struct host *h);

#endif
