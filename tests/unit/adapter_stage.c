#include "adapter_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"
#include "real_env.h"

struct shk_host {
    const shk_services *sv;
};

struct actor actor;
static shk_adapter tables[32];
static size_t tables_n;

int64_t actor_ms(void) {
    return platform_clock.mono_ms(NULL);
}

void actor_count(int32_t *counter, int32_t n) {
    mutex_lock(actor.lock);
    *counter += n;
    condition_wake_all(actor.changed);
    mutex_unlock(actor.lock);
}

void actor_hang(void) {
    mutex_lock(actor.lock);
    actor.held++;
    condition_wake_all(actor.changed);
    while (!actor.let_go) {
        (void)condition_wait(actor.changed, actor.lock, -1);
    }
    actor.held--;
    condition_wake_all(actor.changed);
    mutex_unlock(actor.lock);
}

void actor_let_go(void) {
    mutex_lock(actor.lock);
    actor.let_go = true;
    condition_wake_all(actor.changed);
    mutex_unlock(actor.lock);
}

void actor_await(const int32_t *counter, int32_t n) {
    int64_t end = actor_ms() + 60000;
    mutex_lock(actor.lock);
    while (*counter != n && actor_ms() < end) {
        (void)condition_wait(actor.changed, actor.lock, 50);
    }
    int32_t now = *counter;
    mutex_unlock(actor.lock);
    assert_int_equal(now, n);
}

static void release(struct env *env) {
    (void)env;
    actor_count(&actor.sessions, -1);
}

int actor_begin(void **state) {
    static const struct env_life life = {NULL, release};
    struct env env;
    struct fault why = {0};
    (void)state;
    memset(&actor, 0, sizeof actor);
    tables_n = 0;
    actor.lock = mutex_new();
    actor.changed = condition_new();
    actor.sessions = 1;
    real_env_init(&env);
    actor.files = *env.files;
    env.files = &actor.files;
    struct config *config = config_new();
    (void)config_set(config, "deliver.timeout_ms", "60000", &why);
    return temp_folder_make(&actor.folder) &&
                   session_new(config, &env, &life, &actor.session, &why) == SHK_OK
               ? 0
               : -1;
}

void actor_limit(int32_t ms) {
    char text[16];
    struct fault why = {0};
    text_format(text, sizeof text, "%d", (int)ms);
    assert_int_equal(config_set(actor.session->config, "deliver.timeout_ms", text, &why), SHK_OK);
}

void actor_drop_session(void) {
    session_drop(actor.session);
    actor.session = NULL;
}

int actor_end(void **state) {
    (void)state;
    actor_let_go();
    if (actor.session != NULL) {
        actor_drop_session();
    }
    actor_await(&actor.sessions, 0);
    actor_await(&actor.held, 0);
    /* Threads that were left behind end by themselves; the sanitizers look at what they leave. */
    actor_await(&actor.closed, actor.opened);
    thread_sleep(50);
    temp_folder_remove(&actor.folder);
    condition_free(actor.changed);
    mutex_free(actor.lock);
    return 0;
}

static int32_t SHK_CALL open_good(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                  shk_host **out) {
    (void)settings, (void)n;
    *out = calloc(1, sizeof **out);
    (*out)->sv = sv;
    actor_count(&actor.opened, 1);
    return SHK_OK;
}

static void SHK_CALL close_good(shk_host **h) {
    free(*h);
    *h = NULL;
    actor_count(&actor.closed, 1);
}

static int32_t SHK_CALL deliver_good(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    (void)h, (void)d;
    text_copy(receipt->place, sizeof receipt->place, "somewhere");
    return SHK_OK;
}

const shk_adapter *actor_adapter(int32_t(SHK_CALL *deliver)(shk_host *, const shk_delivery *,
                                                            shk_receipt *),
                                 int32_t(SHK_CALL *find)(shk_host *, const shk_field *, uint32_t,
                                                         shk_patient_found, void *)) {
    shk_adapter *a = &tables[tables_n++];
    *a = (shk_adapter){.struct_size = sizeof *a,
                       .abi = SHK_ADAPTER_ABI,
                       .id = "actor/1",
                       .open = open_good,
                       .deliver = deliver != NULL ? deliver : deliver_good,
                       .close = close_good,
                       .find_patients = find};
    return a;
}

const shk_services *actor_services(const shk_host *h) {
    return h->sv;
}

shk_delivery actor_delivery(void) {
    static const shk_field fields[] = {{"name", "見本 太郎"}, {"number", "12"}, {"none", NULL}};
    static const char *const statements[] = {"insert into t values (:name)"};
    static const int32_t rows[] = {3};
    return (shk_delivery){.struct_size = sizeof(shk_delivery),
                          .abi = SHK_ADAPTER_ABI,
                          .id = "00000000-0000-4000-8000-000000000001",
                          .script = "sample",
                          .format = "csv",
                          .encoding = "utf-8",
                          .file_name = "sample.csv",
                          .head = (const uint8_t *)"a,b\r\n",
                          .head_len = 5,
                          .body = (const uint8_t *)"1,2\r\n",
                          .body_len = 5,
                          .fields = fields,
                          .fields_n = 3,
                          .statements = statements,
                          .statements_n = 1,
                          .statement_rows = rows,
                          .attempt = 1,
                          .patient = "",
                          .note = ""};
}
