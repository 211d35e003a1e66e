/* A session over real files whose adapter does what a test says, and a rope to hold its thread by. */
#ifndef UNIT_ADAPTER_STAGE_H
#define UNIT_ADAPTER_STAGE_H

#include "adapter_call.h"
#include "temp_folder.h"

struct actor {
    struct session *session;
    struct temp_folder folder;
    struct file_ops files; /* platform_files, with slots that a test replaces */
    int32_t sessions;      /* not freed yet; under the lock */
    struct mutex *lock;
    struct condition *changed;
    bool let_go;                  /* of what hangs */
    int32_t held;                 /* how many hang */
    int32_t opened, closed, back; /* handles; calls that came back to the adapter's code */
};

extern struct actor actor; /* the adapter's code has no other way to it */

/* For cmocka; deliver.timeout_ms is a minute, unless `actor_limit` says otherwise. */
int actor_begin(void **state);
int actor_end(void **state); /* lets go and waits until all is freed */
#define ACTOR_CASE(name) cmocka_unit_test_setup_teardown(name, actor_begin, actor_end)

/* For the adapter's code. */
void actor_hang(void);
void actor_count(int32_t *counter, int32_t n);
/* For the test. */
void actor_limit(int32_t ms); /* of the calls that are opened from now on */
void actor_let_go(void);
void actor_await(const int32_t *counter, int32_t n); /* until it is n; fails after a minute */
int64_t actor_ms(void);
/* Drops the session, as shk_close does. */
void actor_drop_session(void);
shk_delivery actor_delivery(void);
/* A good adapter with these two calls; null: one that succeeds. Valid until the case's end. */
const shk_adapter *actor_adapter(int32_t(SHK_CALL *deliver)(shk_host *, const shk_delivery *,
                                                            shk_receipt *),
                                 int32_t(SHK_CALL *find)(shk_host *, const shk_field *, uint32_t,
                                                         shk_patient_found, void *));
const shk_services *actor_services(const shk_host *h);

#endif
