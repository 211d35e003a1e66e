/* Whose answer it is that the product took for the asked person's. */
#ifndef FUZZ_GATEWAY_JUDGE_H
#define FUZZ_GATEWAY_JUDGE_H

#include "fuzz.h"
#include "lookup.h"

#define GATEWAY_INSTITUTION "9919999999"
#define GATEWAY_DATE        "20260602"
#define GATEWAY_FILE        "T-000123"

/* Who is asked about when q->search is set. */
extern const struct card_data gateway_person;

bool input_holds(struct fuzz_input all, const char *text);
/* Reads the answer as the session does, and judges it if the session takes it. */
void gateway_judge_answer(const struct question *q, const struct bytes *answer);

#endif
