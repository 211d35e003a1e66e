/* What must hold of what the product says, whatever the card answered. Ends with fuzz_must. */
#ifndef FUZZ_CARD_JUDGE_H
#define FUZZ_CARD_JUDGE_H

#include "attributes.h"
#include "card_watch.h"
#include "identity.h"

bool judge_all_zero(const void *p, size_t n);
/* A failure has a code of the table, and why says the same; a success says nothing. */
void judge_fault(int32_t rc, const struct fault *why);
/* What was read may be used: a key that the rules take, dates that hold, a counter that can be. */
void judge_identity(const struct identity *id, const struct identity_rules *rules, int64_t now_s);
/* The card's signature, checked without the product. */
void judge_signature(const struct identity *id, const uint8_t *digest, size_t digest_len,
                     const struct bytes *signature);
/* All four or none. */
void judge_attributes(int32_t rc, const struct attributes *a);
/* Behind the flow: every transaction ended with the power off, nothing is held. */
void judge_let_go(const struct card_watch *w);

#endif
