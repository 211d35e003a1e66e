/* What the orca adapter must never do, whatever its host says. */
#ifndef FUZZ_ORCA_JUDGE_H
#define FUZZ_ORCA_JUDGE_H

#include "reply_host.h"

/* One delivery from now on: `note` is what an earlier attempt left. */
void judge_begin(const shk_delivery *d, bool may_confirm);
/* A request that came, and its answer. */
void judge_answered(const shk_http_request *rq, const struct reply *reply);
/* The call is over. */
void judge_delivered(int32_t rc, const shk_receipt *receipt);
/* Did each answer to a search say something that is known? */
bool judge_understood(void);
void judge_end(void);

#endif
