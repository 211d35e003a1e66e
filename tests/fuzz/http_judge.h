/* What the http adapter must never do, whatever its service says. */
#ifndef FUZZ_HTTP_JUDGE_H
#define FUZZ_HTTP_JUDGE_H

#include "reply_host.h"

/* One call from now on; d null: a search. */
void http_judge_begin(const shk_delivery *d, const char *method, int32_t timeout_ms);
/* What a good service says. */
void http_judge_good(const shk_http_request *rq, struct reply *out);
/* A request that came, and its answer. */
void http_judge_answered(const shk_http_request *rq, const struct reply *reply);
/* The call is over. */
void http_judge_delivered(int32_t rc, const shk_receipt *receipt);
void http_judge_found(int32_t rc, int32_t heard);

#endif
