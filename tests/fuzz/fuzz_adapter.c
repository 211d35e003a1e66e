/* Broken host adapters. The first byte says which of two: 'D' the calls of one adapter, one after the other; else a
 * session with a store, which imports answers and delivers what waits until the adapter is good at last: then nothing
 * may be lost, and nothing delivered twice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter_call.h"
#include "adapter_module.h"
#include "adapter_odd.h"
#include "config.h"
#include "real_env.h"
#include "registry.h"
#include "temp_folder.h"
#include "text.h"
#include "thread.h"

#define STEPS_MAX  5
#define PATIENCE_S 120

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the name */
int32_t __wrap_adapter_module_find(struct session *s, const char *name, const shk_adapter **out,
                                   struct fault *why);
int32_t __wrap_adapter_module_find(struct session *s, const char *name, const shk_adapter **out,
                                   struct fault *why) {
    (void)s, (void)name;
    *out = odd_table();
    return adapter_usable(*out) ? SHK_OK : fault_raise(why, SHK_E_ADAPTER_BROKEN);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static void judge_rc(int32_t rc, const struct fault *why) {
    fuzz_must(rc == why->code, "a result without its fault");
    fuzz_must(rc == SHK_OK || (rc < 0 && fault_find(rc) != NULL), "a result that is no code");
    fuzz_must(utf8_valid(why->where, strlen(why->where)), "a place that is not UTF-8");
    fuzz_must(rc == SHK_OK || text_starts(why->where, "deliveries[2]"), "a fault at no delivery");
}

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    int32_t *heard = who;
    fuzz_must(utf8_valid(id, strlen(id)) && id[0] != '\0' && n <= 64, "a patient that is none");
    for (uint32_t i = 0; i < n; i++) {
        fuzz_must(utf8_valid(values[i].value, strlen(values[i].value)), "a patient's value");
    }
    ++*heard;
    return SHK_OK;
}

static void judge_text(const char *text, size_t cap) {
    fuzz_must(memchr(text, '\0', cap) != NULL, "a receipt's text without an end");
    fuzz_must(utf8_valid(text, strlen(text)), "a receipt's text that is not UTF-8");
}

static void deliver_once(struct adapter_call *c, uint32_t number) {
    static const shk_field fields[] = {{"name", "見本 太郎"}};
    shk_receipt receipt;
    struct fault why = {0};
    char id[37];
    snprintf(id, sizeof id, "00000000-0000-4000-8000-%012u", (unsigned)number);
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = id,
                            .script = "s",
                            .format = "csv",
                            .encoding = "utf-8",
                            .file_name = "s.csv",
                            .body = (const uint8_t *)"1\r\n",
                            .body_len = 3,
                            .fields = fields,
                            .fields_n = 1,
                            .attempt = 1,
                            .patient = "",
                            .note = ""};
    int32_t rc = adapter_call_deliver(c, &d, &receipt, &why);
    judge_rc(rc, &why);
    judge_text(receipt.place, sizeof receipt.place);
    judge_text(receipt.warning, sizeof receipt.warning);
    judge_text(receipt.patient, sizeof receipt.patient);
    fuzz_must(rc == SHK_OK || receipt.place[0] == '\0', "a place of what was not delivered");
}

static void find_once(struct adapter_call *c) {
    const shk_field asked[] = {{"name", "見本 太郎"}};
    struct fault why = {0};
    int32_t heard = 0, rc = adapter_call_find(c, asked, 1, hear, &heard, &why);
    judge_rc(rc, &why);
    fuzz_must(rc == SHK_OK || heard == 0, "patients of a search that failed");
}

static void call_all(struct session *s) {
    const shk_setting settings[] = {{"folder", "/x"}};
    const shk_adapter *table = odd_table();
    struct adapter_call *c = NULL;
    struct fault why = {0};
    int32_t rc = adapter_call_open(s, 2, table, settings, 1, &c, &why);
    judge_rc(rc, &why);
    fuzz_must((rc == SHK_OK) == (c != NULL), "an open without a call");
    for (uint32_t i = 0; c != NULL && i < STEPS_MAX && odd.in.n > 0; i++) {
        if (fuzz_below(&odd.in, 3) == 2) {
            find_once(c);
        } else {
            deliver_once(c, i);
        }
    }
    adapter_call_close(&c);
}

static void run_directly(void) {
    struct env env;
    struct session *s = NULL;
    struct fault why = {0};
    real_env_init(&env);
    struct config *config = config_new();
    fuzz_must(config != NULL && session_new(config, &env, &real_env_life, &s, &why) == SHK_OK,
              "a session");
    fuzz_faults(true);
    call_all(s);
    fuzz_faults(false);
    session_close(s);
}

struct desk {
    shk_session s;
    char config[128];
    bool came[2]; /* the answer was taken in */
};

static void put(struct desk *d, const char *path, const char *text) {
    (void)shk_put(d->s, path, -1, (const uint8_t *)text, -1);
}

/* Up to the end of a job. */
static bool take_events(struct desk *d) {
    bool answered = false;
    int32_t event = SHK_EVENT_NONE;
    for (int i = 0; i < PATIENCE_S * 10 && event != SHK_EVENT_DONE; i++) {
        event = shk_next_event(d->s, 100);
        answered = answered || event == SHK_EVENT_ANSWER;
        if (event == SHK_EVENT_MATCH) {
            put(d, "match.answer", odd.good || fuzz_below(&odd.in, 2) ? "new" : "later");
        }
    }
    fuzz_must(event == SHK_EVENT_DONE, "a job without an end");
    return answered;
}

static void import(struct desk *d, uint32_t which) {
    static const char *const files[] = {TEST_DATA "/oqs/all_groups.xml",
                                        TEST_DATA "/oqs/elderly_face_cp932.xml"};
    put(d, "import.file", files[which]);
    if (shk_start(d->s, SHK_JOB_IMPORT) == SHK_OK) {
        bool answered = take_events(d);
        d->came[which] = d->came[which] || answered;
    }
}

static void deliver(struct desk *d, const char *action) {
    put(d, "outbox.action", action);
    if (shk_start(d->s, SHK_JOB_DELIVER) == SHK_OK) {
        (void)take_events(d);
    }
}

static void step(struct desk *d) {
    uint32_t what = fuzz_below(&odd.in, 5);
    if (what < 2) {
        import(d, what);
    } else if (what < 4) {
        deliver(d, what == 2 ? "deliver" : "ask");
    } else {
        shk_session next = 0;
        (void)shk_close(d->s);
        (void)shk_open(d->config, -1, &next);
        d->s = next;
    }
}

/* With a good adapter, and nothing else that fails. */
static void judge_all(struct desk *d) {
    int32_t waiting = -1, taken = 0;
    bool failed = fuzz_failed();
    fuzz_faults(false);
    odd.good = true;
    if (d->s == 0) {
        fuzz_must(shk_open(d->config, -1, &d->s) == SHK_OK, "a session");
    }
    deliver(d, "ask");
    deliver(d, "list");
    (void)shk_int(d->s, "outbox.waiting", -1, &waiting);
    for (size_t i = 0; i < odd.ids_n; i++) {
        fuzz_must(odd.ids[i].taken == 1 || failed, "a delivery that was not made once");
        fuzz_must(odd.ids[i].taken >= 1 || waiting > 0, "a delivery that was lost");
        taken += odd.ids[i].taken > 0 ? 1 : 0;
    }
    fuzz_must(waiting == 0 || failed, "something waits although the adapter is good");
    fuzz_must(taken >= d->came[0] + d->came[1] || failed, "an answer that was not delivered");
}

static void run_session(const struct temp_folder *folder) {
    struct desk d = {0};
    temp_write(
        folder, "a.lua",
        "return { contract = 1, id = 'a', format = 'csv', encoding = 'utf-8', file = 'a.csv',\n"
        "  uses = { 'name' }, fields = { { to = 'A', from = 'name' } } }");
    temp_write(folder, "shikaku.lua",
               "return { route = 'demo', card = 'demo', store = { folder = '.' },\n"
               "deliveries = { { script = 'a.lua', adapter = 'module:odd' } } }");
    text_format(d.config, sizeof d.config, "%s/shikaku.lua", folder->path);
    fuzz_must(shk_open(d.config, -1, &d.s) == SHK_OK, "a session");
    fuzz_faults(true);
    for (int i = 0; i < STEPS_MAX && odd.in.n > 0; i++) {
        step(&d);
    }
    judge_all(&d);
    fuzz_must(shk_close(d.s) == SHK_OK, "a session that cannot be closed");
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct temp_folder folder;
    fuzz_faults(false);
    fuzz_must(temp_folder_make(&folder), "a folder");
    odd = (struct odd){.in = {p, n}, .folder = folder.path};
    if (fuzz_byte(&odd.in) == 'D') {
        run_directly();
    } else {
        run_session(&folder);
    }
    odd_end();
    fuzz_must(odd.opened == odd.closed, "a handle that was not closed once");
    temp_folder_remove(&folder);
    fuzz_faults(true);
}
