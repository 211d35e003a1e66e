#include "pin_parts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto.h"
#include "identity.h"
#include "lookup.h"
#include "mapping.h"
#include "match.h"
#include "pcsc_transport.h"
#include "pin_keep.h"
#include "pin_whole.h"
#include "platform.h"
#include "record.h"

#define SCRIPT_MAX ((size_t)1 << 20)

const char *const part_names[PARTS] = {"verify", "sign", "ask", "parse", "map", "write", "keep"};

/* The seams with a stopwatch: only what passes inside them counts. */
struct stopwatch {
    struct card_ops card;
    double us;
};

static struct stopwatch watch;

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    double since = bench_now_us();
    int32_t rc = pcsc_transport.transmit(self, tx, tx_len, rx, rx_len, why);
    watch.us += bench_now_us() - since;
    return rc;
}

static int32_t perform(void *http, const struct http_request *rq, struct http_reply *rp,
                       struct fault *why) {
    double since = bench_now_us();
    int32_t rc = http_curl.perform(http, rq, rp, why);
    watch.us += bench_now_us() - since;
    return rc;
}

static double lap(void) {
    double us = watch.us;
    watch.us = 0;
    return us;
}

struct run {
    const struct parts_job *job;
    double *us;
    struct env env;
    struct http_ops http;
    struct identity_source card;
    struct lookup_route route;
    struct question question;
    struct identity id;
    struct bytes signature, answer;
    struct fault why;
};

static int32_t find_reader(struct run *r, char reader[READER_NAME_MAX]) {
    struct reader_list seen = {0};
    int32_t rc = pcsc_transport.list(r->env.card_self, &seen, &r->why);
    for (size_t i = 0; rc == SHK_OK && i < seen.n; i++) {
        if (seen.at[i].card_present) {
            text_copy(reader, READER_NAME_MAX, seen.at[i].name);
            return SHK_OK;
        }
    }
    return rc != SHK_OK ? rc : fault_raise(&r->why, SHK_E_NO_CARD);
}

static int32_t open_route(struct run *r) {
    char ca[512], certificate[512], key[512];
    text_format(ca, sizeof ca, "%s/server-ca.pem", r->job->pki);
    text_format(certificate, sizeof certificate, "%s/device.pem", r->job->pki);
    text_format(key, sizeof key, "%s/device.key", r->job->pki);
    const struct gateway_settings settings = {
        .url = r->job->url,
        .http = {.ca_file = ca,
                 .client_cert = certificate,
                 .client_key = key,
                 .client_secret = "",
                 .pin = "",
                 .proxy = "",
                 .proxy_user = "",
                 .proxy_password = "",
                 .user = "",
                 .password = "",
                 .connect_ms = 30000},
        .timeout_ms = 60000,
        .bulk_timeout_ms = 60000,
    };
    return gateway_route_new(&settings, &r->env, NULL, &r->route, &r->why);
}

/* Today in Japan, as a question names it. */
static void today(char date[9]) {
    time_t now = (time_t)(platform_clock.wall_s(NULL) + INT64_C(9) * 3600);
    struct tm day;
    gmtime_r(&now, &day);
    strftime(date, 9, "%Y%m%d", &day);
}

static int32_t prepare(struct run *r) {
    char reader[READER_NAME_MAX];
    struct question *q = &r->question;
    text_copy(q->institution_code, sizeof q->institution_code, "9919999999");
    today(q->date);
    int32_t rc = question_uuid(r->env.random, r->env.random_self, q->idempotency_key);
    text_copy(q->file_identifier, sizeof q->file_identifier, q->idempotency_key);
    rc = rc == SHK_OK ? find_reader(r, reader) : rc;
    rc = rc == SHK_OK ? r->card.ops->read(r->card.self, reader, &r->id, &r->why) : rc;
    return rc == SHK_OK ? r->route.ops->prepare(r->route.self, q, NULL, &r->why) : rc;
}

static int32_t prove(struct run *r) {
    struct pin pin = {.len = PIN_DIGITS};
    struct bytes message = {0};
    uint8_t digest[32];
    memcpy(pin.digits, r->job->pin, PIN_DIGITS);
    int32_t rc = question_message(&r->question, &message);
    rc = rc == SHK_OK ? sha256(message.p, message.n, digest) : rc;
    bytes_clear(&message);
    bench_type();
    (void)lap();
    rc = rc == SHK_OK ? r->card.ops->verify(r->card.self, &r->id, &pin, false, &r->why) : rc;
    r->us[PART_VERIFY] = lap();
    rc = rc == SHK_OK ? r->card.ops->sign(r->card.self, &r->id, digest, sizeof digest,
                                          &r->signature, &r->why)
                      : rc;
    r->us[PART_SIGN] = lap();
    return rc;
}

static int32_t ask(struct run *r) {
    struct question *q = &r->question;
    q->certificate = r->id.certificate.p;
    q->certificate_len = r->id.certificate.n;
    q->common_name = r->id.info.common_name;
    q->algorithm = r->id.algorithm;
    q->signature = r->signature.p;
    q->signature_len = r->signature.n;
    (void)lap();
    int32_t rc = r->route.ops->ask(r->route.self, q, &r->answer, NULL, &r->why);
    r->us[PART_ASK] = lap();
    return rc;
}

static bool keep(struct run *r, const struct record_set *set, const struct mapping_result *result) {
    struct bytes frozen = {0};
    bool good = record_freeze(set, &frozen) == SHK_OK &&
                pin_keep(r->job->store, frozen.p, frozen.n, result->body.p, result->body.n,
                         &r->us[PART_KEEP]);
    bytes_clear(&frozen);
    return good;
}

static int32_t map_and_store(struct run *r, const struct record_set *set) {
    static uint8_t script[SCRIPT_MAX];
    struct mapping_result *result = NULL;
    FILE *f = fopen(r->job->script, "rb");
    const struct mapping_job job = {
        .script = {"bench.lua", script, f != NULL ? fread(script, 1, sizeof script, f) : 0}};
    if (f != NULL) {
        fclose(f);
    }
    double since = bench_now_us();
    int32_t rc = mapping_run(&job, set, 1, &result, &r->why);
    r->us[PART_MAP] = bench_now_us() - since;
    if (rc == SHK_OK) {
        since = bench_now_us();
        rc = platform_files.put(NULL, r->job->file, result->body.p, result->body.n, true, &r->why);
        r->us[PART_STORE] = bench_now_us() - since;
    }
    if (rc == SHK_OK && r->job->store != NULL && !keep(r, set, result)) {
        rc = SHK_E_STORE_BROKEN;
    }
    mapping_result_free(&result);
    return rc;
}

static int32_t read_answer(struct run *r) {
    struct record_set *set = NULL;
    double since = bench_now_us();
    int32_t rc = oqs_read(r->answer.p, r->answer.n, NULL, &set, &r->why);
    r->us[PART_PARSE] = bench_now_us() - since;
    rc = rc == SHK_OK ? map_and_store(r, set) : rc;
    record_free(&set);
    return rc;
}

static int32_t steps(struct run *r) {
    int32_t rc = mynumber_new(&r->env, NULL, NULL, NULL, &r->card);
    rc = rc == SHK_OK ? open_route(r) : rc;
    rc = rc == SHK_OK ? prepare(r) : rc;
    rc = rc == SHK_OK ? prove(r) : rc;
    rc = rc == SHK_OK ? ask(r) : rc;
    if (r->card.ops != NULL) {
        r->card.ops->finish(r->card.self);
    }
    return rc == SHK_OK ? read_answer(r) : rc;
}

static void clear(struct run *r) {
    identity_clear(&r->id);
    bytes_clear(&r->signature);
    bytes_clear(&r->answer);
    if (r->route.ops != NULL) {
        r->route.ops->free(r->route.self);
    }
    if (r->card.ops != NULL) {
        r->card.ops->free(r->card.self);
    }
    pcsc_transport_free(&r->env.card_self);
}

bool pin_parts(const struct parts_job *job, double us[PARTS]) {
    struct run r = {.job = job, .us = us};
    watch.card = pcsc_transport;
    watch.card.transmit = transmit;
    r.http = http_curl;
    r.http.perform = perform;
    r.env = (struct env){.clock = &platform_clock,
                         .card = &watch.card,
                         .http = &r.http,
                         .files = &platform_files,
                         .random = &platform_random};
    int32_t rc = pcsc_transport_new(NULL, &r.env.card_self);
    rc = rc == SHK_OK ? steps(&r) : rc;
    if (rc != SHK_OK) {
        fprintf(stderr, "parts: fault %d %s\n", (int)rc, r.why.where);
    }
    clear(&r);
    return rc == SHK_OK;
}
