/* Which job is done by whom. */
#include "flow.h"

#include "answer.h"
#include "deliver.h"
#include "delivery_map.h"
#include "keep.h"
#include "outbox_turn.h"
#include "packs.h"
#include "routes.h"

/* The route is opened before anybody puts a card down, so that a passphrase is asked for then. What else
 * is wrong with it, the check tells. */
static bool open_early(struct session *s, struct fault *why) {
    if (routes_open(s, why) == SHK_OK) {
        return true;
    }
    bool goes_on = why->code != SHK_E_PASSPHRASE && why->code != SHK_E_CANCELLED;
    if (goes_on) {
        fault_clear(why);
    }
    return goes_on;
}

static void answers_that_come(struct session *s, bool watch, struct fault *why) {
    bool unasked = routes_is(s, "folder") || routes_is(s, "app");
    if (unasked && watch) {
        job_watch_arrivals(s, why);
    } else if (unasked) {
        job_check_arrival(s, why);
    } else if (open_early(s, why) && watch) {
        job_watch_cards(s, why);
    } else if (why->code == 0) {
        job_check_card(s, why);
    }
}

static void run(struct session *s, int32_t job, struct fault *why) {
    switch (job) {
    case SHK_JOB_READERS:
        job_readers(s, why);
        break;
    case SHK_JOB_QUERY:
        job_query(s, why);
        break;
    case SHK_JOB_REGISTER:
        job_register(s, why);
        break;
    case SHK_JOB_IMPORT:
        job_import(s, why);
        break;
    case SHK_JOB_BULK:
        job_bulk(s, why);
        break;
    case SHK_JOB_PACK:
        job_pack(s, why);
        break;
    case SHK_JOB_MAP:
        job_map(s, why);
        break;
    case SHK_JOB_DELIVER:
        job_deliver(s, why);
        break;
    case SHK_JOB_HISTORY:
        job_history(s, why);
        break;
    case SHK_JOB_STORE:
        job_store(s, why);
        break;
    case SHK_JOB_PERSON:
        job_person(s, why);
        break;
    default:
        answers_that_come(s, job == SHK_JOB_WATCH, why);
        break;
    }
}

bool flow_delivers(int32_t job) {
    return job == SHK_JOB_CHECK || job == SHK_JOB_WATCH || job == SHK_JOB_QUERY ||
           job == SHK_JOB_IMPORT || job == SHK_JOB_DELIVER || job == SHK_JOB_PERSON;
}

/* A store that is damaged is told of before anybody puts a card down. A server that is away may be back by
 * then. */
static bool store_usable(struct session *s, int32_t job, struct fault *why) {
    if (!flow_delivers(job) || config_deliveries(s->config) == 0 || keep_open(s, why) == SHK_OK) {
        return true;
    }
    bool passing = why->code == SHK_E_STORE_DOWN || why->code == SHK_E_STORE_LOCKED;
    if (passing) {
        fault_clear(why);
    }
    return passing;
}

void flow_run(struct session *s, int32_t job, struct fault *why) {
    delivery_facts_forget(s);
    /* A pack is tried before anybody puts a card down. */
    if ((!flow_delivers(job) || packs_activate(s, why) == SHK_OK) && store_usable(s, job, why)) {
        if (flow_delivers(job) && job != SHK_JOB_DELIVER) {
            outbox_turn_first(s);
            delivery_facts_ask(s);
        }
        run(s, job, why);
    }
    deliver_forget(s);
    /* To be cancelled is how a watch ends. */
    if (job != SHK_JOB_WATCH || why->code != SHK_E_CANCELLED) {
        answer_tell_fault(s, why);
    }
}
