/* Asking whether the patient is insured: one interface, replaceable routes. */
#ifndef LOOKUP_LOOKUP_H
#define LOOKUP_LOOKUP_H

#include "bytes.h"
#include "env.h"
#include "fault.h"

/* What is asked, filled step by step. */
struct question {
    char institution_code[11];   /* 医療機関コード, 10 digits */
    char date[9];                /* yyyyMMdd */
    char idempotency_key[37];    /* UUID, lower case */
    char file_identifier[51];    /* ArbitraryFileIdentifier, echoed by the answer */
    char challenge[129];         /* by prepare */
    int32_t challenge_expires_s; /* by prepare: seconds from then; 0 when it does not expire */
    const uint8_t *certificate;  /* DER, borrowed */
    size_t certificate_len;
    const char *common_name;  /* of the certificate, borrowed */
    const char *algorithm;    /* "RS256", "ES384" */
    const uint8_t *signature; /* borrowed */
    size_t signature_len;
};

/* The bytes that the card's key signs (before hashing), per docs/gateway-protocol.md. */
int32_t question_message(const struct question *q, struct bytes *out);
/* A fresh version 4 UUID in lower case from the random seam. */
int32_t question_uuid(const struct random_ops *random, void *random_self, char out[37]);

struct watch {
    bool (*stop)(void *self); /* asked at least once a second while a call waits; may be null */
    void *self;
};

struct lookup_route {
    const struct route_ops *ops;
    void *self;
};

struct route_ops {
    /* What can be done before the PIN: opens the connection and fetches the challenge into q.
     * A route without challenge leaves an empty one. */
    int32_t (*prepare)(void *self, struct question *q, const struct watch *watch,
                       struct fault *why);
    /* Asks; the answer is OQS XML as it came. A request that may have been lost is repeated once with
     * the same key and signature. SHK_E_CHALLENGE_EXPIRED: call prepare and sign again. */
    int32_t (*ask)(void *self, const struct question *q, struct bytes *answer,
                   const struct watch *watch, struct fault *why);
    void (*free)(void *self);
};

struct log;
struct gateway_settings {
    const char *url; /* "https://host:port" with an optional path prefix */
    struct http_settings http;
    int32_t timeout_ms;
};
int32_t gateway_route_new(const struct gateway_settings *settings, const struct env *env,
                          struct log *log, struct lookup_route *out, struct fault *why);
/* Answers from `folder`: "<common name>.xml", else "default.xml". The dates of the answer are taken as
 * they are. SHK_E_DEMO_ANSWER. */
int32_t demo_route_new(const char *folder, const struct env *env, struct lookup_route *out,
                       struct fault *why);

/* The HTTP seam over libcurl. Only the proxy of the settings counts ("http://user:word@host:port"); the
 * proxy variables of the host's environment are not looked at. A header block that is too long is
 * SHK_E_ANSWER_TOO_LARGE like a body. Of the faults of perform, SHK_E_GATEWAY_UNREACHABLE means that
 * no byte of the request left this machine; SHK_E_GATEWAY_ANSWER that it may have arrived, and that
 * no complete answer came back. libcurl's own silent repeat on a fresh connection is off. */
extern const struct http_ops http_curl;

#endif
