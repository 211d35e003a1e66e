#include "orca_call.h"

#include <string.h>

#include "wait.h"

#define WHOLE_MAX (ORCA_URL_MAX + 160)
/* Of one call of the plugin, which has a time limit of its own. */
#define PATIENCE_MS 12000
#define BUDGET_MS   25000
#define LEAST_MS    1000

static const int32_t pauses_ms[] = {500, 1000, 2000};
#define PAUSES_N (sizeof pauses_ms / sizeof pauses_ms[0])

int orca_wait(struct shk_host *h, int32_t ms) {
    const int32_t step_ms = 100;
    while (ms > 0) {
        if (h->sv->stopping(h->sv->self)) {
            return 0;
        }
        adapter_wait(ms < step_ms ? ms : step_ms);
        ms -= step_ms;
    }
    return !h->sv->stopping(h->sv->self);
}

/* What may stand in an address as it is. */
int orca_id_usable(const char *id) {
    static const char letters[] = "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t n = strlen(id);
    return n > 0 && n <= 20 && strspn(id, letters) == n;
}

int orca_is_patient(const orca_node *node, const char *path, const char *id) {
    char said[ORCA_ID_MAX];
    return orca_value(node, path, said, sizeof said) && orca_id_usable(said) &&
           strcmp(said + strspn(said, "0"), id + strspn(id, "0")) == 0;
}

void orca_answer_clear(struct orca_answer *a) {
    orca_xml_free(&a->xml);
    a->node = NULL;
}

static int is_code(const char *code) {
    size_t n = strlen(code);
    return n > 0 &&
           strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == n;
}

static int find_code(struct orca_answer *a) {
    a->node = orca_first(orca_xml_root(a->xml));
    return orca_value(a->node, "Api_Result", a->code, sizeof a->code) && is_code(a->code);
}

/* What must not be thought undone when its answer cannot be read. */
static int writes(const struct orca_answer *a) {
    return a->call == ORCA_REGISTER || a->call == ORCA_FIRST ||
           (a->call == ORCA_V32 && strcmp(a->step, "03") == 0);
}

static int32_t read_body(const shk_http_reply *reply, struct orca_answer *a) {
    int32_t rc = orca_xml_read(reply->body, reply->body_len, &a->xml);
    if (rc == SHK_E_MEMORY && !writes(a)) {
        return rc;
    }
    if (rc != SHK_OK || !find_code(a)) {
        a->code[0] = '\0';
        a->unread = 1;
        return SHK_E_DELIVERY_UNSURE;
    }
    a->meaning = orca_meaning_of(a->call, a->code);
    return SHK_OK;
}

static void status_as_code(struct orca_answer *a, int32_t status) {
    int32_t n = status >= 100 && status <= 999 ? status : 0;
    a->code[0] = (char)('0' + n / 100);
    a->code[1] = (char)('0' + n / 10 % 10);
    a->code[2] = (char)('0' + n % 10);
    a->code[3] = '\0';
}

static int32_t judge(const shk_http_reply *reply, struct orca_answer *a) {
    int32_t status = reply->status;
    if (status == 200) {
        return read_body(reply, a);
    }
    status_as_code(a, status);
    if (status == 401 || status == 403) {
        return SHK_E_HOST_LOGIN;
    }
    /* A server that failed may have done its work before. */
    return status >= 500 ? SHK_E_DELIVERY_UNSURE : SHK_E_HOST_ANSWER;
}

static int32_t send(struct shk_host *h, const shk_http_request *request, struct orca_answer *a) {
    shk_http_reply reply = {.struct_size = sizeof reply, .abi = SHK_ADAPTER_ABI};
    int32_t rc = h->sv->http_send(h->sv->self, h->http, request, &reply);
    if (rc == SHK_OK) {
        rc = judge(&reply, a);
    } else if (rc == SHK_E_HOST_ANSWER) {
        a->unread = 1; /* too large to be read, but it may say that the work is done */
        rc = SHK_E_DELIVERY_UNSURE;
    }
    if (reply.body != NULL) {
        h->sv->release(h->sv->self, reply.body);
    }
    return rc;
}

static void whole_url(const struct shk_host *h, char url[WHOLE_MAX], const char *tail,
                      const char *id) {
    const char *const parts[] = {h->set.url, h->set.api_prefix, tail, id};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        orca_copy(url + n, WHOLE_MAX - n, parts[i]);
        n += strlen(url + n);
    }
}

static int64_t time_left(struct shk_host *h) {
    return BUDGET_MS - (h->sv->now_ms(h->sv->self) - h->began_ms);
}

static int32_t limit_of(struct shk_host *h) {
    int64_t left = time_left(h);
    left = left < LEAST_MS ? LEAST_MS : left;
    return left < h->set.timeout_ms ? (int32_t)left : h->set.timeout_ms;
}

int32_t orca_get_patient(struct shk_host *h, const char *id, struct orca_answer *out) {
    char url[WHOLE_MAX];
    *out = (struct orca_answer){.call = ORCA_GET, .step = "", .meaning = ORCA_REFUSED};
    if (!orca_id_usable(id)) {
        return SHK_E_HOST_REFUSED;
    }
    if (time_left(h) <= 0) {
        return SHK_E_HOST_UNREACHABLE;
    }
    whole_url(h, url, "/api01rv2/patientgetv2?id=", id);
    const shk_http_request request = {.struct_size = sizeof request,
                                      .abi = SHK_ADAPTER_ABI,
                                      .method = "GET",
                                      .url = url,
                                      .timeout_ms = limit_of(h),
                                      .answer_max = ORCA_ANSWER_MAX};
    return send(h, &request, out);
}

int32_t orca_post(struct shk_host *h, enum orca_call call, const char *step, const char *body,
                  size_t n, struct orca_answer *out) {
    static const char *const tails[] = {"",
                                        "/api01rv2/patientlst3v2?class=01",
                                        "/orca12/patientmodv2?class=01",
                                        "/orca12/patientmodv2?class=02",
                                        "/orca12/patientmodv2?class=04",
                                        "/orca12/patientmodv32"};
    char url[WHOLE_MAX];
    *out = (struct orca_answer){.call = call, .step = step, .meaning = ORCA_REFUSED};
    if (body == NULL || n > ORCA_REQUEST_MAX) {
        return SHK_E_MEMORY;
    }
    /* Out of time nothing is begun any more; what was locked is still given back. */
    if (time_left(h) <= 0 && strcmp(step, "99") != 0) {
        return SHK_E_HOST_UNREACHABLE;
    }
    whole_url(h, url, tails[call], "");
    const shk_http_request request = {.struct_size = sizeof request,
                                      .abi = SHK_ADAPTER_ABI,
                                      .method = "POST",
                                      .url = url,
                                      .content_type = "application/xml",
                                      .body = (const uint8_t *)body,
                                      .body_len = (uint32_t)n,
                                      .timeout_ms = limit_of(h),
                                      .answer_max = ORCA_ANSWER_MAX};
    return send(h, &request, out);
}

static int is_out_of_time(struct shk_host *h) {
    return h->sv->now_ms(h->sv->self) - h->began_ms > PATIENCE_MS;
}

int32_t orca_post_patiently(struct shk_host *h, enum orca_call call, const char *step,
                            const char *body, size_t n, struct orca_answer *out) {
    int32_t rc = orca_post(h, call, step, body, n, out);
    for (size_t i = 0; i < PAUSES_N && rc == SHK_OK && out->meaning == ORCA_BUSY; i++) {
        if (is_out_of_time(h)) {
            break;
        }
        if (!orca_wait(h, pauses_ms[i])) {
            return SHK_E_CANCELLED;
        }
        orca_answer_clear(out);
        rc = orca_post(h, call, step, body, n, out);
    }
    return rc;
}

int32_t orca_read_patient(struct shk_host *h, const char *id, struct orca_person *out,
                          char today[ORCA_DATE_MAX]) {
    struct orca_answer a;
    int32_t rc = orca_get_patient(h, id, &a);
    if (rc != SHK_OK) {
        rc = orca_fail_call(h, rc, &a, 0);
    } else if (a.meaning == ORCA_UNKNOWN) {
        rc = SHK_E_ABSENT;
    } else if (!orca_is_done(&a)) {
        rc = orca_fail_code(h, &a, "");
    } else if (!orca_person_read(orca_find(a.node, "Patient_Information"), out) ||
               !orca_is_patient(a.node, "Patient_Information/Patient_ID", id) ||
               !orca_value(a.node, "Information_Date", today, ORCA_DATE_MAX) ||
               !orca_is_date(today)) {
        rc = orca_fail_call(h, SHK_E_HOST_ANSWER, &a, 0);
    }
    orca_answer_clear(&a);
    return rc;
}
