/* Documents to a service of the host over HTTP. The delivery's number goes along as Idempotency-Key: a
 * service that has seen it answers again and does nothing, so an answer that got lost is no harm. */
#include <stdlib.h>
#include <string.h>

#include "http_json.h"
#include "http_settings.h"
#include "registry.h"
#include "wait.h"

#define SERVICES_LAST stopping
#define ANSWER_MAX    (1u << 20)  /* of a delivery */
#define PATIENTS_MAX  (32u << 20) /* of a search */
#define WAIT_MS       1000        /* when the service is busy and does not say how long */
#define WAIT_MOST_MS  5000        /* of all waiting in one call */
#define WAIT_STEP_MS  100
#define CALLS_MOST    4
#define BUDGET_FACTOR 3 /* of timeout_ms: for one call of the adapter */

struct shk_host {
    const shk_services *sv;
    struct http_settings set;
    void *deliver, *find; /* connections */
};

/* One exchange, repeated as long as that makes sense. */
struct exchange {
    void *http;
    shk_http_request rq;
    shk_http_reply rp;
    int64_t end_ms;
    int32_t waited_ms;
    int unsure;     /* an earlier try may have arrived */
    const char *id; /* of the delivery; null: a search */
};

static void wipe(void *p, size_t n) {
    volatile uint8_t *v = p;
    while (n > 0) {
        *v++ = 0;
        n--;
    }
}

static int32_t fail(const shk_host *h, int32_t code, int32_t native, const char *where) {
    return h->sv->fail(h->sv->self, code, native, where);
}

static int services_usable(const shk_services *sv) {
    return sv != NULL && sv->abi == SHK_ADAPTER_ABI &&
           sv->struct_size >= offsetof(shk_services, SERVICES_LAST) + sizeof sv->SERVICES_LAST;
}

static int32_t connect_to(shk_host *h, const struct http_place *place, void **http) {
    const struct http_settings *s = &h->set;
    *http = NULL;
    if (place->url[0] == '\0') {
        return SHK_OK;
    }
    const shk_http_settings settings = {
        .struct_size = sizeof settings,
        .abi = SHK_ADAPTER_ABI,
        .url = place->server,
        .plain = s->plain || http_is_local(place->url),
        .ca_file = s->ca_file,
        .client_cert = s->client_cert,
        .client_key = s->client_key,
        .client_secret = s->client_secret,
        .user = s->user,
        .password = s->password,
    };
    return h->sv->http_open(h->sv->self, &settings, http);
}

static void SHK_CALL http_close(shk_host **host) {
    if (host != NULL && *host != NULL) {
        shk_host *h = *host;
        h->sv->http_close(h->sv->self, h->deliver);
        h->sv->http_close(h->sv->self, h->find);
        wipe(h, sizeof *h);
        free(h);
        *host = NULL;
    }
}

static int32_t SHK_CALL http_open(const shk_services *sv, const shk_setting *settings,
                                  uint32_t settings_n, shk_host **out) {
    *out = NULL;
    if (!services_usable(sv)) {
        return SHK_E_ADAPTER_BROKEN;
    }
    shk_host *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return sv->fail(sv->self, SHK_E_MEMORY, 0, "http");
    }
    h->sv = sv;
    const char *bad = http_settings_read(&h->set, settings, settings_n);
    int32_t rc = bad == NULL ? connect_to(h, &h->set.deliver, &h->deliver)
                             : fail(h, SHK_E_ADAPTER_SETTINGS, 0, bad);
    rc = rc == SHK_OK ? connect_to(h, &h->set.find, &h->find) : rc;
    http_settings_forget(&h->set);
    if (rc != SHK_OK) {
        http_close(&h);
    }
    *out = h;
    return rc;
}

static int64_t now_ms(const shk_host *h) {
    return h->sv->now_ms(h->sv->self);
}

static int32_t smaller(int64_t a, int64_t b) {
    return (int32_t)(a < b ? a : b);
}

static void drop_reply(const shk_host *h, struct exchange *x) {
    if (x->rp.body != NULL) {
        h->sv->release(h->sv->self, x->rp.body);
    }
    memset(&x->rp, 0, sizeof x->rp);
    x->rp.struct_size = sizeof x->rp;
    x->rp.abi = SHK_ADAPTER_ABI;
}

static int is_success(int32_t status) {
    return status >= 200 && status <= 299;
}

/* A key that was seen before: only the service itself can say that it is done. Without that word 409 is
 * what the standard for such keys makes of it, a first try that is still at work. */
static int says_done(const struct exchange *x) {
    char said[64];
    return x->rp.status == 409 && x->id != NULL &&
           http_json_text(x->rp.body, x->rp.body_len, "delivered", said, sizeof said) &&
           strcmp(said, x->id) == 0;
}

static int is_busy(int32_t status) {
    return status == 409 || status == 423 || status == 425 || status == 429 || status == 503;
}

static int32_t status_code(int32_t status) {
    if (status == 401 || status == 403) {
        return SHK_E_HOST_LOGIN;
    }
    if (is_busy(status)) {
        return SHK_E_HOST_BUSY;
    }
    if (status == 408 || (status >= 500 && status <= 599 && status != 501 && status != 505)) {
        return SHK_E_HOST_UNREACHABLE;
    }
    return (status >= 400 && status <= 499) || status == 501 || status == 505 ? SHK_E_HOST_REFUSED
                                                                              : SHK_E_HOST_ANSWER;
}

/* 0 when there is no time left for it, or nobody wants to wait any more. */
static int wait_for_it(const shk_host *h, struct exchange *x) {
    int32_t ms = x->rp.retry_after_s >= 0 && x->rp.retry_after_s < WAIT_MOST_MS
                     ? x->rp.retry_after_s * 1000
                     : WAIT_MS;
    if (x->rp.retry_after_s >= WAIT_MOST_MS / 1000 || ms > WAIT_MOST_MS - x->waited_ms ||
        now_ms(h) + ms >= x->end_ms) {
        return 0;
    }
    x->waited_ms += ms;
    for (; ms > 0 && !h->sv->stopping(h->sv->self); ms -= WAIT_STEP_MS) {
        adapter_wait(smaller(ms, WAIT_STEP_MS));
    }
    return ms <= 0;
}

/* Sends once; *again: it can be tried again. */
static int32_t send_once(const shk_host *h, struct exchange *x, int *again) {
    drop_reply(h, x);
    x->rq.timeout_ms = smaller(h->set.timeout_ms, x->end_ms - now_ms(h));
    int32_t rc = x->rq.timeout_ms > 0 ? h->sv->http_send(h->sv->self, x->http, &x->rq, &x->rp)
                                      : SHK_E_HOST_UNREACHABLE;
    if (rc == SHK_E_DELIVERY_UNSURE) {
        *again = !x->unsure && !h->sv->stopping(h->sv->self);
        x->unsure = 1;
        return rc;
    }
    if (rc != SHK_OK) {
        return rc;
    }
    if (is_success(x->rp.status) || says_done(x)) {
        return SHK_OK;
    }
    rc = status_code(x->rp.status);
    *again = rc == SHK_E_HOST_BUSY && wait_for_it(h, x);
    return rc;
}

/* What a failure means when an earlier try may have arrived: only a refusal is the service's last word. */
static int32_t settle(const shk_host *h, const struct exchange *x, int32_t rc) {
    const char *where = x->id != NULL ? "url" : "find_url";
    if (rc == SHK_OK) {
        return SHK_OK;
    }
    if (x->id == NULL && rc == SHK_E_DELIVERY_UNSURE) {
        return fail(h, SHK_E_HOST_UNREACHABLE, 0, where); /* nothing was to be written */
    }
    if (x->id != NULL && x->unsure && rc != SHK_E_HOST_REFUSED && rc != SHK_E_MEMORY) {
        return fail(h, SHK_E_DELIVERY_UNSURE, x->rp.status, where);
    }
    return fail(h, rc, x->rp.status, where);
}

static int32_t exchange(const shk_host *h, struct exchange *x) {
    int again = 1;
    int32_t rc = SHK_OK;
    x->end_ms = now_ms(h) + (int64_t)h->set.timeout_ms * BUDGET_FACTOR;
    for (int i = 0; i < CALLS_MOST && again; i++) {
        again = 0;
        rc = send_once(h, x, &again);
    }
    return settle(h, x, rc);
}

static const char *type_of(const char *format) {
    static const char *const types[][2] = {{"xml", "application/xml"},
                                           {"face", "application/xml"},
                                           {"json", "application/json"},
                                           {"csv", "text/csv"},
                                           {"tsv", "text/tab-separated-values"},
                                           {"hl7", "x-application/hl7-v2+er7"},
                                           {"fixed", "text/plain"},
                                           {"text", "text/plain"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i][0], format) == 0) {
            return types[i][1];
        }
    }
    return NULL;
}

static const char *charset_of(const char *encoding) {
    if (strcmp(encoding, "cp932") == 0) {
        return "windows-31j";
    }
    return strcmp(encoding, "utf-8-bom") == 0 ? "utf-8" : encoding;
}

/* "application/xml; charset=utf-8"; JSON is always UTF-8 and says so nowhere. */
static int content_type(const shk_delivery *d, char out[128]) {
    const char *type = type_of(d->format);
    const char *charset = charset_of(d->encoding);
    static const char between[] = "; charset=";
    size_t type_n = type != NULL ? strlen(type) : 0;
    size_t charset_n = strlen(charset);
    if (type == NULL || type_n + charset_n + sizeof between > 128) {
        return 0;
    }
    memcpy(out, type, type_n + 1);
    if (strcmp(d->format, "json") != 0) {
        memcpy(out + type_n, between, sizeof between - 1);
        memcpy(out + type_n + sizeof between - 1, charset, charset_n + 1);
    }
    return 1;
}

static int delivery_usable(const shk_delivery *d) {
    return d->abi == SHK_ADAPTER_ABI &&
           d->struct_size >= offsetof(shk_delivery, fields_n) + sizeof d->fields_n &&
           d->id != NULL && d->id[0] != '\0' && d->format != NULL && d->encoding != NULL &&
           d->head_len <= SHK_FILE_MAX && d->body_len <= SHK_FILE_MAX - d->head_len;
}

/* Heading and body as one document; the caller wipes and frees. */
static uint8_t *whole(const shk_delivery *d) {
    uint8_t *all = malloc((size_t)d->head_len + d->body_len + 1);
    if (all != NULL && d->head_len > 0) {
        memcpy(all, d->head, d->head_len);
    }
    if (all != NULL && d->body_len > 0) {
        memcpy(all + d->head_len, d->body, d->body_len);
    }
    return all;
}

static uint32_t further_header(const shk_host *h, shk_setting *out) {
    if (h->set.header_value == NULL) {
        return 0;
    }
    *out = (shk_setting){h->set.header, h->set.header_value};
    return 1;
}

/* What the service says beyond its status, in JSON if it cares to. */
static void receive(const shk_host *h, const struct exchange *x, shk_receipt *receipt) {
    size_t n = strcspn(h->set.deliver.url, "?#");
    n = n < sizeof receipt->place ? n : sizeof receipt->place - 1;
    memcpy(receipt->place, h->set.deliver.url, n);
    receipt->place[n] = '\0';
    if (strcmp(x->rp.content_type, "application/json") == 0) {
        (void)http_json_text(x->rp.body, x->rp.body_len, "warning", receipt->warning,
                             sizeof receipt->warning);
        (void)http_json_text(x->rp.body, x->rp.body_len, "patient", receipt->patient,
                             sizeof receipt->patient);
    }
}

static int32_t send_document(shk_host *h, const shk_delivery *d, const char *type,
                             const uint8_t *document, shk_receipt *receipt) {
    shk_setting headers[2] = {{"Idempotency-Key", d->id}};
    struct exchange x = {.http = h->deliver,
                         .id = d->id,
                         .rq = {.struct_size = sizeof x.rq,
                                .abi = SHK_ADAPTER_ABI,
                                .method = h->set.put ? "PUT" : "POST",
                                .url = h->set.deliver.url,
                                .content_type = type,
                                .headers = headers,
                                .headers_n = 1 + further_header(h, &headers[1]),
                                .body = document,
                                .body_len = d->head_len + d->body_len,
                                .answer_max = ANSWER_MAX}};
    int32_t rc = h->sv->note(h->sv->self, "sent");
    if (rc != SHK_OK) {
        return rc;
    }
    rc = exchange(h, &x);
    if (rc == SHK_OK) {
        receive(h, &x, receipt);
    }
    drop_reply(h, &x);
    return rc;
}

static int32_t SHK_CALL http_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    char type[128];
    if (!delivery_usable(d)) {
        return fail(h, SHK_E_ARGUMENT, 0, "delivery");
    }
    if (!content_type(d, type)) {
        return fail(h, SHK_E_ADAPTER_SETTINGS, 0, "adapter");
    }
    uint8_t *document = whole(d);
    if (document == NULL) {
        return fail(h, SHK_E_MEMORY, 0, "document");
    }
    int32_t rc = send_document(h, d, type, document, receipt);
    wipe(document, (size_t)d->head_len + d->body_len);
    free(document);
    return rc;
}

static int32_t ask(shk_host *h, const char *question, shk_patient_found found, void *who) {
    shk_setting header;
    struct exchange x = {.http = h->find,
                         .rq = {.struct_size = sizeof x.rq,
                                .abi = SHK_ADAPTER_ABI,
                                .method = "POST",
                                .url = h->set.find.url,
                                .content_type = "application/json",
                                .headers = &header,
                                .headers_n = further_header(h, &header),
                                .body = (const uint8_t *)question,
                                .body_len = (uint32_t)strlen(question),
                                .answer_max = PATIENTS_MAX}};
    int32_t rc = exchange(h, &x);
    if (rc == SHK_OK) {
        rc = x.rp.status == 200 ? http_json_patients(x.rp.body, x.rp.body_len, found, who)
                                : SHK_E_HOST_ANSWER;
        rc = rc == SHK_E_HOST_ANSWER ? fail(h, rc, x.rp.status, "find_url") : rc;
    }
    drop_reply(h, &x);
    return rc;
}

static int32_t SHK_CALL http_find(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                  shk_patient_found found, void *who) {
    if (h->find == NULL) {
        return SHK_E_ABSENT; /* nobody said how to ask: documents are still taken */
    }
    char *question = http_json_question(asked, asked_n);
    if (question == NULL) {
        return fail(h, SHK_E_MEMORY, 0, "find_url");
    }
    int32_t rc = ask(h, question, found, who);
    wipe(question, strlen(question));
    free(question);
    return rc;
}

const shk_adapter adapter_http = {
    .struct_size = sizeof adapter_http,
    .abi = SHK_ADAPTER_ABI,
    .id = "http/1",
    .open = http_open,
    .deliver = http_deliver,
    .close = http_close,
    .find_patients = http_find,
};
