/* Asking whether the patient is insured: one interface, replaceable routes. */
#ifndef LOOKUP_LOOKUP_H
#define LOOKUP_LOOKUP_H

#include "bytes.h"
#include "env.h"
#include "fault.h"
#include "oqs_write.h"

/* What is asked, filled step by step. */
struct question {
    char institution_code[11];   /* 医療機関コード, 10 digits */
    char date[9];                /* yyyyMMdd */
    char idempotency_key[37];    /* UUID, lower case */
    char file_identifier[51];    /* ArbitraryFileIdentifier, echoed by the answer */
    char challenge[129];         /* by prepare */
    int32_t challenge_expires_s; /* by prepare: seconds from then; 0 when it does not expire */
    const struct card_data
        *search;                /* asks by card data instead of by card; borrowed, may be null */
    const uint8_t *certificate; /* DER, borrowed */
    size_t certificate_len;
    const char *common_name;  /* of the certificate, borrowed */
    const char *algorithm;    /* "RS256", "ES384" */
    const uint8_t *signature; /* borrowed */
    size_t signature_len;
    int64_t end_ms; /* monotonic: no gateway is waited for any longer; 0: its own limit */
};

/* The bytes that the card's key signs (before hashing), per docs/gateway-protocol.md. */
int32_t question_message(const struct question *q, struct bytes *out);
/* A fresh version 4 UUID in lower case from the random seam. */
int32_t question_uuid(const struct random_ops *random, void *random_self, char out[37]);

struct watch {
    bool (*stop)(void *self); /* asked at least once a second while a call waits; may be null */
    void *self;
};

bool watch_stopped(const struct watch *watch); /* null: never */

struct lookup_route {
    const struct route_ops *ops;
    void *self;
};

#define RECEPTION_NUMBER_MAX 61
/* 1 to 60 graphic characters of ASCII: it is kept in a line of words, where "-" alone means none. */
bool reception_is_usable(const char *number);

/* One batch of people. */
struct bulk_question {
    char institution_code[11];
    char date[9];             /* yyyyMMdd */
    char idempotency_key[37]; /* UUID; names the batch */
    char file_identifier[51];
    const struct card_data *people; /* borrowed; each with an identifier of its own */
    size_t people_n;
    bool single; /* registration of the one person in a step of its own, not as a batch */
};

struct route_ops {
    /* What can be done before the PIN: opens the connection and fetches the challenge into q.
     * A route without challenge leaves an empty one. */
    int32_t (*prepare)(void *self, struct question *q, const struct watch *watch,
                       struct fault *why);
    /* Asks; the answer is OQS XML as it came. A request that may have been lost is repeated once with
     * the same key and signature. SHK_E_CHALLENGE_EXPIRED: call prepare and sign again. With q->search
     * nothing is prepared. SHK_E_ROUTE_CANNOT for a kind of question that the route does not know. */
    int32_t (*ask)(void *self, const struct question *q, struct bytes *answer,
                   const struct watch *watch, struct fault *why);
    /* What ask, bulk_fetch or registration gave was read: it was used, or stays for somebody to look
     * at. May be null. */
    void (*settle)(void *self, bool used);
    void (*free)(void *self);

    /* Asking for many. All three may be null: the route cannot. */
    /* Sends one batch; the reception number stands for its result. A batch that may have been sent
     * before under the same key is not sent twice. */
    int32_t (*bulk_send)(void *self, const struct bulk_question *q,
                         char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                         struct fault *why);
    /* The result's XML, unpacked, piece by piece. SHK_E_ANSWER_PENDING with the seconds to wait in
     * *wait_s: not ready, nothing was given. After another fault the whole result can be fetched again. */
    int32_t (*bulk_fetch)(void *self, const struct bulk_question *q, const char *reception,
                          const struct byte_sink *sink, int32_t *wait_s, const struct watch *watch,
                          struct fault *why);
    bool bulk_echoes_file; /* results name q->file_identifier; else it is the route's own */
    /* 照会番号登録 of q->people; `answer` is the service's XML (siimm01res, muimm02res). Waits for it. */
    int32_t (*registration)(void *self, const struct bulk_question *q, struct bytes *answer,
                            const struct watch *watch, struct fault *why);
};

/* Nothing for a route that keeps nothing. */
void route_settle(const struct lookup_route *route, bool used);

/* What the route noticed. */
struct route_report {
    int64_t
        clock_ahead_s; /* this machine against the server, of the last answer with a Date header */
    bool clock_known;
    int32_t retry_after_s; /* what the last answer to `ask` wished; -1: nothing */
};

struct log;
struct gateway_settings {
    const char *url; /* "https://host:port" with an optional path prefix */
    struct http_settings http;
    int32_t timeout_ms;
    int32_t bulk_timeout_ms;   /* for fetching one bulk result */
    int32_t clock_tolerance_s; /* SHK_E_CLOCK beyond it; 0: only reported */
};
int32_t gateway_route_new(const struct gateway_settings *settings, const struct env *env,
                          struct log *log, struct lookup_route *out, struct fault *why);
/* What the gateway route noticed last. */
void gateway_route_report(const struct lookup_route *route, struct route_report *out);

/* The folders of a full-type terminal (資格確認端末): req, res, face. */
struct folder_settings {
    const char *req, *res, *face; /* UTF-8 paths; face only for arrivals */
    enum oqs_encoding encoding;   /* of what is written */
    bool long_identifier; /* yyyyMMddHHmmss + 6 digits in file names instead of yyyyMMdd + 4 */
    const char *state;    /* file that remembers requests still unanswered; "" keeps none */
    int32_t timeout_ms;   /* how long to wait for one result */
    int32_t renew_min;    /* minutes after which an unanswered question is sent anew */
    int32_t poll_ms;      /* between two looks (1000) */
    int32_t stable_ms;    /* between the two equal readings (300) */
    bool remove_results;  /* delete a result of ours once it has been read */
    bool face_existing;   /* face files that lie there already count as new */
    enum { FACE_LEAVE, FACE_DELETE } face_after;
};
/* Answers questions by card data; the card itself is read by the terminal. A request that was not
 * answered in time stays and its result is awaited again by the next equal question, until it is
 * renew_min old: then that question is sent anew under another name. A batch is never sent twice. */
int32_t folder_route_new(const struct folder_settings *settings, const struct env *env,
                         struct log *log, struct lookup_route *out, struct fault *why);

/* Answers from `folder`: "<common name>.xml" for a card, "<insurer number>-<number>.xml" for card data (the
 * number in half-width digits without separators), else "default.xml". The dates of the answer are taken
 * as they are. SHK_E_DEMO_ANSWER. */
int32_t demo_route_new(const char *folder, const struct env *env, struct lookup_route *out,
                       struct fault *why);

/* The HTTP seam over libcurl. open reads the device's key and looks at pin and proxy: SHK_E_PASSPHRASE,
 * SHK_E_DEVICE_KEY, SHK_E_CONFIG_VALUE with the key in `where`. A header block that is too long is
 * SHK_E_ANSWER_TOO_LARGE like a body. Of the faults of perform, SHK_E_GATEWAY_UNREACHABLE and SHK_E_PROXY
 * mean that no byte of the request left this machine for the gateway; SHK_E_GATEWAY_ANSWER that it may
 * have arrived, and that no complete answer came back. A server certificate whose time has not begun is
 * SHK_E_CLOCK. libcurl's own silent repeat on a fresh connection is off. */
extern const struct http_ops http_curl;

#endif
