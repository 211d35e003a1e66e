/* Inside the gateway route: the body that is sent, the JSON that comes back, the faults in it.
 * docs/gateway-protocol.md is the truth. */
#ifndef LOOKUP_GATEWAY_H
#define LOOKUP_GATEWAY_H

#include "lookup.h"

/* The XmlMsg of POST /v1/checks. SHK_E_ARGUMENT for a question that cannot be asked, with the name of
 * the member in `where`; SHK_E_MEMORY. */
int32_t gateway_request(const struct question *q, struct bytes *out, struct fault *why);

/* The answer of POST /v1/challenges. False when it is not of the protocol. */
bool gateway_challenge_read(const struct bytes *json, char challenge[129], int32_t *expires_in_s);

struct gateway_problem {
    char type[48];    /* the last segment: "challenge-expired" */
    char element[48]; /* what request-invalid names; empty when absent or not a plain name */
};
/* An application/problem+json body. False when it is none. */
bool gateway_problem_read(const struct bytes *json, struct gateway_problem *out);

/* Sets and returns the fault of an answer that is not the wanted one. */
int32_t gateway_fault(const struct http_reply *rp, struct fault *why);

#endif
