/* The http adapter with a service that answers what the input says. Two bytes for reply_host, one for what is done and
 * the settings; then for each answer the changes that are made to a good one, up to a 0 (reply_host.c). An input that has
 * ended is a good service. */
#include <string.h>

#include "http_judge.h"
#include "registry.h"

#define ATTEMPTS   3
#define TIMEOUT_MS 4000

static int32_t open_host(uint8_t how, shk_host **h) {
    const shk_setting all[] = {{"url", "http://127.0.0.1:8000/d?k=1"},
                               {"timeout_ms", "4000"},
                               {"method", how & 2 ? "PUT" : "POST"},
                               {"find_url", "http://127.0.0.1:8000/find"},
                               {"header", "X-Clinic: 9919999999"}};
    uint32_t n = how & 4 ? 5 : 4;
    int32_t rc = adapter_http.open(&reply_host.table, all, n, h);
    fuzz_must((rc == SHK_OK) == (*h != NULL), "an open without a handle");
    fuzz_should(rc == SHK_OK, "good settings");
    return rc;
}

static int32_t deliver_once(shk_host *h, uint8_t how) {
    static shk_receipt receipt;
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = "00000000-0000-4000-8000-000000000001",
                            .format = how & 8 ? "csv" : "json",
                            .encoding = "utf-8",
                            .head = (const uint8_t *)"a,b\r\n",
                            .head_len = how & 8 ? 5 : 0,
                            .body = (const uint8_t *)"{\"a\":1}",
                            .body_len = 7,
                            .attempt = 1,
                            .patient = "",
                            .note = ""};
    receipt = (shk_receipt){.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    reply_host_call();
    http_judge_begin(&d, how & 2 ? "PUT" : "POST", TIMEOUT_MS);
    fuzz_faults(true);
    int32_t rc = adapter_http.deliver(h, &d, &receipt);
    fuzz_faults(false);
    http_judge_delivered(rc, &receipt);
    return rc;
}

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    int32_t *heard = who;
    fuzz_must(id != NULL && id[0] != '\0' && n <= 64, "a patient without a number");
    for (uint32_t i = 0; i < n; i++) {
        fuzz_must(values[i].to[0] != '\0' && values[i].value != NULL, "a value that is none");
    }
    ++*heard;
    return SHK_OK;
}

static void find_once(shk_host *h) {
    static const shk_field asked[] = {{"name", "見本 \"太郎\""}, {"birth_date", "1985-03-02"}};
    int32_t heard = 0;
    reply_host_call();
    http_judge_begin(NULL, "POST", TIMEOUT_MS);
    fuzz_faults(true);
    int32_t rc = adapter_http.find_patients(h, asked, 2, hear, &heard);
    fuzz_faults(false);
    http_judge_found(rc, fuzz_failed() && heard < 2 ? 2 : heard);
}

static void run(shk_host *h, uint8_t how) {
    int32_t rc = SHK_E_HOST_BUSY;
    for (int i = 0; i < ATTEMPTS && rc != SHK_OK; i++) {
        if (how & 1) {
            find_once(h);
        } else {
            rc = deliver_once(h, how);
        }
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    shk_host *h = NULL;
    fuzz_faults(false);
    reply_host_begin(p, n);
    reply_host.answer = http_judge_good;
    reply_host.answered = http_judge_answered;
    uint8_t how = fuzz_byte(&reply_host.in);
    fuzz_faults(true);
    int32_t rc = open_host(how, &h);
    fuzz_faults(false);
    if (rc == SHK_OK) {
        run(h, how);
    }
    adapter_http.close(&h);
    reply_host_end();
    fuzz_faults(true);
}
