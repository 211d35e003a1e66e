#include "gateway.h"

struct type_row {
    const char *type;
    int32_t code;
};

static const struct type_row types[] = {
    {"challenge-expired", SHK_E_CHALLENGE_EXPIRED},
    {"challenge-used", SHK_E_CHALLENGE_USED},
    {"idempotency-conflict", SHK_E_REQUEST_CONFLICT},
    {"signature-invalid", SHK_E_SIGNATURE_INVALID},
    {"certificate-expired", SHK_E_CARD_CERT_EXPIRED},
    {"certificate-revoked", SHK_E_CARD_CERT_REVOKED},
    {"certificate-unknown", SHK_E_CARD_CERT_UNKNOWN},
    {"device-unknown", SHK_E_DEVICE_REFUSED},
    {"facility-mismatch", SHK_E_FACILITY_MISMATCH},
    {"request-invalid", SHK_E_REQUEST_INVALID},
    {"rate-limited", SHK_E_RATE_LIMITED},
    {"upstream-unavailable", SHK_E_UPSTREAM_UNAVAILABLE},
};

static int32_t code_of_type(const char *type) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (text_equal(types[i].type, type)) {
            return types[i].code;
        }
    }
    return SHK_OK;
}

static int32_t code_of_status(int32_t status) {
    switch (status) {
    case 401:
    case 403:
        return SHK_E_DEVICE_REFUSED;
    case 409:
        return SHK_E_REQUEST_CONFLICT;
    case 429:
        return SHK_E_RATE_LIMITED;
    default:
        break;
    }
    if (status >= 400 && status < 500) {
        return SHK_E_REQUEST_INVALID;
    }
    return status >= 500 && status < 600 ? SHK_E_UPSTREAM_UNAVAILABLE : SHK_E_GATEWAY_ANSWER;
}

/* A problem document speaks for itself, but never for a success. */
static bool has_problem(const struct http_reply *rp, struct gateway_problem *problem) {
    return rp->status >= 400 && text_equal(rp->content_type, "application/problem+json") &&
           gateway_problem_read(&rp->body, problem);
}

static void describe(const struct http_reply *rp, const struct gateway_problem *problem,
                     struct fault *why) {
    char where[64] = "";
    if (rp->retry_after_s >= 0) {
        text_format(where, sizeof where, "Retry-After: %d", (int)rp->retry_after_s);
    } else {
        text_copy(where, sizeof where, problem->element);
    }
    if (where[0] != '\0') {
        fault_where(why, where);
    }
}

void gateway_fault_wait(struct fault *why, int32_t code, int32_t seconds) {
    if (why != NULL && why->code == code && seconds > 0) {
        why->retry_after_s = seconds;
    }
}

int32_t gateway_fault(const struct http_reply *rp, struct fault *why) {
    struct gateway_problem problem = {0};
    int32_t code = SHK_OK;
    if (has_problem(rp, &problem)) {
        code = code_of_type(problem.type);
    }
    if (code == SHK_OK) {
        code = code_of_status(rp->status);
    }
    fault_set(why, code, SHK_NATIVE_HTTP, rp->status, NULL);
    describe(rp, &problem, why);
    gateway_fault_wait(why, code, rp->retry_after_s);
    return code;
}
