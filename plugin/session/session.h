/* One session: what the host's thread and the worker share, and how they wait for each other.
 * Everything below `lock` is written under it, and read under it by every thread that did not write it. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <stdatomic.h>

#include "arrival.h"
#include "bulk.h"
#include "card_values.h"
#include "config.h"
#include "env.h"
#include "identity.h"
#include "inputs.h"
#include "log.h"
#include "lookup.h"
#include "mapping.h"
#include "pack_values.h"
#include "record.h"
#include "thread.h"

#define EVENTS_MAX   64
#define EVENTS_SPARE 4 /* behind them, for how a cancelled job ended */
#define EVENTS_ROOM  (EVENTS_MAX + EVENTS_SPARE)

struct adapter_call;
struct ahead;
struct habits;
struct match_question;
struct outbox_values;
struct history_values;
struct plans;
struct readers_values;
struct store;
struct store_values;

#define CLOSE_LIMIT_MS 1500

/* What is asked once a job of a delivery's script; delivery_map.h. */
struct delivery_facts {
    bool known; /* false: the script cannot be opened now */
    bool whole; /* one document for all records of an answer */
    char *find; /* the statement by which a host's database is asked for patients; null: none */
};

/* When what waits is tried next; outbox_turn.h. */
struct outbox_turn {
    int64_t next_ms; /* on the clock of session_now; 0: at once */
    int32_t failures;
};

/* One document, delivered or not. */
struct delivered {
    char id[37];
    char script[128]; /* file name, of a pack "id/name" */
    char pack[65];    /* its id; "" for a script of its own */
    bool pack_signed;
    char place[1024];
    char patient[64];                /* the host's patient number; "" not known */
    char warning[64];                /* the host's code */
    int32_t grade;                   /* SHK_MATCH_; 0: not matched */
    int32_t attempt;                 /* 0: without an outbox */
    bool waiting;                    /* lies in the outbox and is tried again */
    bool repeated;                   /* was delivered before, not again */
    struct mapping_result *document; /* null when the script failed */
    struct fault fault;
};

/* What the host reads by path. Belongs to one person and is wiped before the next. */
struct values {
    int32_t outcome;
    bool told; /* the host knows of an answer, or why there is none */
    struct record_set *records;
    const char *source;           /* literal: where the records came from; null: none */
    struct delivered **delivered; /* one for each document, in order */
    size_t delivered_n;
    int32_t not_due; /* documents that "when" kept back */
    struct reader_list readers;
    bool readers_listed;
    struct fault fault; /* of the FAULT or DONE event that the host took last */
    char reader[READER_NAME_MAX];
    int32_t last_delivery; /* of the DELIVERED event that the host took last; 0 none */
    int32_t tries_left;    /* -1: not known */
    bool tries_unlimited;  /* what is asked has no counter: any try may be spent */
    struct card_values card;
    int32_t apdus, apdus_after_pin;
    int32_t card_ms, challenge_ms, answer_ms, delivery_ms; /* -1: not done */
    bool progressing;
    struct bulk_progress progress;
    struct route_report report;
    bool registered;
    int32_t registered_status;
    char registered_code[64];
    struct pack_values pack;
    struct match_question *match; /* the last one; null: none */
    struct outbox_values *outbox; /* null: not looked at */
    struct history_values *history;
    struct store_values *store;
    struct readers_values *reader_facts;
};

struct event {
    int32_t kind;
    int32_t delivery;   /* of SHK_EVENT_DELIVERED */
    struct fault fault; /* of SHK_EVENT_FAULT and SHK_EVENT_DONE */
};

/* How the seams that own something come and go; the slots may be null. */
struct env_life {
    /* Before each job, with the configuration as it is then. */
    int32_t (*open)(struct env *env, const struct config *config, struct fault *why);
    void (*release)(struct env *env);
};

/* The passphrase of the device's key, while it is asked for. */
struct secret {
    bool asked, given;
    bool in_use; /* the worker reads it: nobody else touches the buffer, not even to wipe it */
    char *text;  /* SECRET_MAX + 1 bytes of locked memory; written only while asked */
};

struct session {
    /* Callers inside, the handle, the worker. Not under the lock: a session that is busy must not hold up
     * the table of handles, and so all the others. */
    atomic_int refs;

    struct mutex *lock;
    struct condition *changed;

    bool closing;       /* the handle is gone; the worker ends as soon as it can */
    atomic_bool cancel; /* the worker asks for it often, and without the lock */
    int32_t job;        /* SHK_JOB_, 0 when idle */
    bool blocking;      /* shk_check: no events, the PIN is there before it is asked for */

    struct event events[EVENTS_ROOM];
    size_t events_first, events_n;
    bool person_taken; /* the host has taken DONE or NEXT and asked for the next event since */
    bool person_shown; /* the last event the host took was DONE or NEXT */
    int32_t wake_target, wake_message;

    bool pin_asked, pin_given, spend_last_try;
    bool pin_told; /* its event was taken by the host: an earlier answer is none to this question */
    int32_t pin_kind; /* SHK_PIN_ of what is asked or given; 0: none yet in this job */
    bool pin_on_pad; /* while pin_asked: the reader has the keys, a word on the last try is asked */
    bool pin_in_use; /* the worker sends it: nobody else touches the buffer, not even to wipe it */
    struct pin *pin; /* its digits are written only while pin_asked or before a blocking check */

    uint64_t pin_since;       /* when the PIN of a blocking check was given; pin_guard.h */
    int64_t pin_shared_since; /* the same for other programs; shared_tries.h */

    struct secret secret;
    struct inputs inputs; /* fixed while a job runs */

    struct values values;
    int32_t text_losses;
    struct fault call_fault; /* of the last refused call, until a call succeeds */

    /* Fixed while a job runs. */
    struct config *config;
    struct env env;
    struct log *log;
    struct env_life life;
    struct thread *worker;
    struct arrival_source pushes; /* of a terminal; opened by the first job that waits for them */

    /* Open between patients and jobs: of the worker while a job runs, else under the lock. */
    struct lookup_route route;
    struct habits *habits; /* what is known of readers; null: nothing yet */
    struct packs *packs;   /* null: none active */
    struct store *store;   /* null: none, or not needed yet */
    struct delivery_facts facts[CONFIG_DELIVERIES_MAX]; /* of this job */
    struct plans *plans;                                /* of the answer under work */
    char answer_id[37];                                 /* in the outbox; "" none */
    bool kept;                                          /* the answer is in the outbox */
    struct outbox_turn turn;
    struct map_run
        *map; /* of SHK_JOB_MAP while it runs: answers are mapped, nothing is delivered */
    struct ahead
        *ahead; /* persons that a map job is ahead of the host by; null: none, or no room for it */
};

/* Takes config and env over; life.release is called at the end, also when this fails. */
int32_t session_new(struct config *config, const struct env *env, const struct env_life *life,
                    struct session **out, struct fault *why);
void session_hold(struct session *s);
/* Notes the fault of a refused call and returns its code. */
int32_t session_refuse(struct session *s, int32_t code);
/* The same under the lock. */
int32_t session_refuse_held(struct session *s, int32_t code);
/* Frees with the last reference. */
void session_drop(struct session *s);
/* Ends the worker within CLOSE_LIMIT_MS or leaves it to end by itself. Then session_drop. */
void session_close(struct session *s);

/* session_calls.c and session_check.c: the calls of the host; each takes the lock itself. */
int32_t session_start(struct session *s, int32_t job);
int32_t session_answer_pin(struct session *s, const char *pin, int32_t pin_len, bool last_try);
int32_t session_cancel(struct session *s);
int32_t session_next_event(struct session *s, int32_t timeout_ms);
int32_t session_check(struct session *s, const char *pin, int32_t pin_len, bool last_try,
                      int32_t timeout_ms);
int32_t session_forget(struct session *s);
int32_t session_set(struct session *s, const char *key, const char *value);
/* An input, or the answer to SHK_EVENT_SECRET; a text in UTF-8. */
int32_t session_put(struct session *s, const char *path, const uint8_t *p, size_t n);
int32_t session_wake(struct session *s, int32_t target, int32_t message);

/* Under the lock, between the files of these calls. */
int32_t session_begin_job(struct session *s, int32_t job, bool blocking);
/* The answer to the open question has to say that it may be the last try. */
bool session_wants_word(const struct session *s);
/* Takes the digits into the one buffer, or refuses and leaves the question open. */
int32_t session_take_digits(struct session *s, const char *pin, int32_t pin_len, bool last_try);
/* Waits until `ready` or the time is over. */
void session_wait_until(struct session *s, bool (*ready)(const struct session *s), int32_t ms);

/* For the worker. */
void session_work(void *self);            /* its whole life, with a reference of its own */
bool session_stopping(struct session *s); /* cancelled or closing */
/* Ends a route's waiting when the session is to stop. */
struct watch session_watch(struct session *s);
/* Reserves the PIN for sending; SHK_E_CANCELLED when it must not be sent any more. */
int32_t session_take_pin(struct session *s, bool *last_try, struct fault *why);
int64_t session_now(const struct session *s);
void values_start(struct values *v); /* as they are before a job */
void values_wipe(struct values *v);  /* frees, wipes, and starts them anew */

/* session_events.c */
/* Queues an event; waits for room when the host is far behind, unless it has cancelled: then what finds no room
 * is dropped, the job's end never. */
void session_post(struct session *s, int32_t kind);
/* SHK_EVENT_DELIVERED for the n-th document. */
void session_post_delivered(struct session *s, size_t n);
/* SHK_EVENT_FAULT, and SHK_EVENT_DONE with what the check came to; the host sees each fault with its
 * event. */
void session_post_fault(struct session *s, const struct fault *why);
void session_post_done(struct session *s, const struct fault *why);
/* The last event of a job, under the lock. */
void session_post_end(struct session *s, const struct fault *why);
/* SHK_EVENT_PROGRESS, unless one waits already. */
void session_post_progress(struct session *s, const struct bulk_progress *now);
/* Waits until the host has taken DONE or NEXT and asked on, so that the values of one patient are never
 * replaced under a host that still reads them; then wipes them. */
void session_turn_page(struct session *s);
/* Waits ms or until cancelled. */
void session_pause(struct session *s, int32_t ms);

/* passphrase.c */
/* Asks the host for the passphrase and reserves it: the caller gives it back with
 * session_secret_done. SHK_E_PASSPHRASE when it does not come in time, SHK_E_CANCELLED. */
int32_t session_ask_secret(struct session *s, struct fault *why);
void session_secret_done(struct session *s); /* wipes it */
/* Under the lock: the host's answer. */
int32_t session_give_secret(struct session *s, const uint8_t *p, size_t n);
void session_wipe_secret(struct session *s);

/* session_log.c: SHK_E_LOG_FILE, SHK_E_MEMORY. */
int32_t session_open_log(struct session *s, struct fault *why);
/* flow.c: runs one job to its end, on the worker thread; *why is what it came to. */
void flow_run(struct session *s, int32_t job, struct fault *why);
/* ready.c: SHK_OK when configuration and inputs can serve the job. */
int32_t flow_ready(struct session *s, int32_t job, struct fault *why);
/* deliver.c: maps and delivers every configured document and tells of each. The first fault is the
 * result. */
int32_t deliver_all(struct session *s, struct fault *why);
/* SHK_OK when every delivery has a script or a pack, and an adapter that takes its settings. */
int32_t deliver_ready(struct session *s, struct fault *why);

#endif
