/* Inside the gateway route: calls, the bodies that are sent, the JSON that comes back, the faults in it.
 * docs/gateway-protocol.md is the truth. */
#ifndef LOOKUP_GATEWAY_H
#define LOOKUP_GATEWAY_H

#include "lookup.h"

#define GATEWAY_URL_MAX     1024
#define GATEWAY_ANSWER_MAX  ((size_t)4 * 1024 * 1024)
#define GATEWAY_JSON_MAX    ((size_t)64 * 1024)
#define GATEWAY_EXPIRES_MAX 86400

struct gateway {
    const struct env *env;
    struct log *log;
    void *http;
    int32_t timeout_ms, bulk_timeout_ms, clock_tolerance_s;
    struct route_report report;
    int64_t clock_noted_ms;         /* when the report's difference was found */
    char base_url[GATEWAY_URL_MAX]; /* without a slash at its end */
};

/* gateway_call.c: one call, the log and the rule for repeating it. */
struct gateway_call {
    const char *name; /* what the log calls it */
    const struct watch *watch;
    int64_t end_ms;      /* its attempts together end then */
    const size_t *given; /* bytes that a sink has taken: after the first there is no repeat */
    bool dated;          /* out: the answer has a Date header */
};

int64_t gateway_now_ms(const struct gateway *g);
/* "<base>/v1/<call>" */
void gateway_url(const struct gateway *g, const char *call, char out[GATEWAY_URL_MAX]);
/* On success the reply, of whatever status, is the caller's to clear. */
int32_t gateway_exchange(struct gateway *g, struct gateway_call *call, struct http_request *rq,
                         struct http_reply *rp, struct fault *why);

/* The same for a document of ours: POST to a call, under the key, for an XML answer. */
int32_t gateway_post(struct gateway *g, struct gateway_call *call, const char *where,
                     const char *key, const struct bytes *body, struct http_reply *rp,
                     struct fault *why);

/* gateway_clock.c: this machine's clock against the server's. `begin_s` and `end_s` are this machine's
 * before the request and after the answer, `server_s` what the server said in between. */
void gateway_clock_note(struct gateway *g, int64_t begin_s, int64_t end_s, int64_t server_s);
/* Asks GET /v1/status for the time; a failure is no fault of the check. */
void gateway_clock_ask(struct gateway *g, int64_t end_ms, const struct watch *watch);
/* SHK_E_CLOCK beyond the tolerance that is set. */
int32_t gateway_clock_judge(const struct gateway *g, struct fault *why);
/* For a question without challenge, before it goes out: asks unless the clocks were compared just now, and
 * judges. */
int32_t gateway_clock_check(struct gateway *g, int64_t end_ms, const struct watch *watch,
                            struct fault *why);

/* gateway_request.c: the XmlMsg of POST /v1/checks. SHK_E_ARGUMENT for a question that cannot be asked,
 * with the name of the member in `where`; SHK_E_INPUT for impossible card data; SHK_E_MEMORY. */
int32_t gateway_request(const struct question *q, struct bytes *out, struct fault *why);
/* Of POST /v1/bulk. */
int32_t gateway_bulk_request(const struct bulk_question *q, struct bytes *out, struct fault *why);
/* SHK_E_ANSWER_FOREIGN when the answer repeats other card data than was asked for. */
int32_t gateway_echo_check(const struct question *q, const struct bytes *answer, struct fault *why);

/* gateway_bulk.c */
int32_t gateway_bulk_send(void *self, const struct bulk_question *q,
                          char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                          struct fault *why);
int32_t gateway_bulk_fetch(void *self, const struct bulk_question *q, const char *reception,
                           const struct byte_sink *sink, int32_t *wait_s, const struct watch *watch,
                           struct fault *why);
/* The answer of POST /v1/bulk. SHK_E_GATEWAY_ANSWER, SHK_E_ANSWER_FOREIGN. */
int32_t gateway_reception_read(const struct bytes *xml, const struct bulk_question *q,
                               char reception[RECEPTION_NUMBER_MAX], struct fault *why);

/* gateway_json.c. The answer of POST /v1/challenges. False when it is not of the protocol. */
bool gateway_challenge_read(const struct bytes *json, char challenge[129], int32_t *expires_in_s);
/* The answer of GET /v1/status: its time in seconds since 1970. False when there is none. */
bool gateway_status_read(const struct bytes *json, int64_t *time_s);

struct gateway_problem {
    char type[48];    /* the last segment: "challenge-expired" */
    char element[48]; /* what request-invalid names; empty when absent or not a plain name */
};
/* An application/problem+json body. False when it is none. */
bool gateway_problem_read(const struct bytes *json, struct gateway_problem *out);

/* gateway_problem.c. Sets and returns the fault of an answer that is not the wanted one. */
int32_t gateway_fault(const struct http_reply *rp, struct fault *why);
/* How long the other side asks to wait, if `why` holds the fault of this code. */
void gateway_fault_wait(struct fault *why, int32_t code, int32_t seconds);

#endif
