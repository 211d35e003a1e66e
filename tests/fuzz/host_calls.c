#include "host_calls.h"

#include <stdlib.h>
#include <string.h>

#include "config_keys.h"
#include "fault.h"
#include "host_parts.h"
#include "host_words.h"
#include "text.h"

#define PATIENCE_S 120

void judge_code(int32_t rc) {
    fuzz_must(rc >= 0 || fault_find(rc) != NULL, "a result that is no code");
}

/* A call that gives one of these, 0, or what a failing call brings. */
void judge_one_of(int32_t rc, const int32_t *codes, size_t n) {
    bool known = rc == SHK_OK || fuzz_failed();
    for (size_t i = 0; i < n && !known; i++) {
        known = rc == codes[i];
    }
    judge_code(rc);
    fuzz_must(known, "a code that the header does not name for this call");
}

struct host_session *pick(struct host *h, shk_session *handle) {
    static const shk_session invented[] = {0, -1, INT32_MAX, 77}; /* what no session is called */
    uint32_t which = fuzz_below(&h->in, 16);
    struct host_session *at = &h->at[which % HOST_SESSIONS];
    bool own = which < 14;
    *handle = own ? at->s : invented[fuzz_below(&h->in, 4)];
    return own && at->open ? at : NULL;
}

/* What the other host may have closed meanwhile. */
void judge_there(struct host *h, struct host_session *at, int32_t rc) {
    bool gone = rc == SHK_E_SESSION;
    fuzz_must(!gone || at == NULL || h->touched, "an open session is not known");
    fuzz_must(gone || at != NULL || h->touched, "a session that is not there");
    if (gone && at != NULL) {
        at->open = at->running = false;
    }
}

static void call_open(struct host *h) {
    struct host_session *at = &h->at[fuzz_below(&h->in, HOST_SESSIONS)];
    struct host_text path = host_path(&h->in, h->folder);
    shk_session s = 77;
    if (at->open) {
        host_text_free(&path);
        return;
    }
    int32_t rc = shk_open(path.p, path.len, &s);
    judge_code(rc);
    fuzz_must((rc == SHK_OK) == (s > 0) && (rc == SHK_OK || s == 0), "a handle without a session");
    if (rc == SHK_OK) {
        *at = (struct host_session){.s = s, .open = true, .plain = !h->cp932};
    }
    host_text_free(&path);
}

static void call_close(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    int32_t rc = shk_close(s);
    JUDGE(rc, SHK_E_SESSION);
    judge_there(h, at, rc);
    if (at != NULL) {
        at->open = at->running = false;
    }
}

static void call_set(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text key, value;
    host_setting(&h->in, h->folder, &key, &value);
    int32_t rc = shk_set(s, key.p, key.len, value.p, value.len);
    JUDGE(rc, SHK_E_SESSION, SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE, SHK_E_STATE, SHK_E_ARGUMENT);
    judge_there(h, at, rc);
    if (at != NULL && rc == SHK_OK) {
        at->plain = false; /* perhaps it was the encoding */
    }
    host_text_free(&key);
    host_text_free(&value);
}

static void call_put(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text path, value;
    host_input(&h->in, h->folder, &path, &value);
    int32_t rc = shk_put(s, path.p, path.len, (const uint8_t *)value.p, value.len);
    JUDGE(rc, SHK_E_SESSION, SHK_E_PATH, SHK_E_INPUT, SHK_E_STATE, SHK_E_MATCH_ANSWER,
          SHK_E_ARGUMENT);
    judge_there(h, at, rc);
    host_text_free(&path);
    host_text_free(&value);
}

static void call_start(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    int32_t job = (int32_t)fuzz_below(&h->in, SHK_JOB_PERSON + 3) - 1;
    int32_t rc = shk_start(s, job);
    judge_code(rc);
    judge_there(h, at, rc);
    fuzz_must(rc != SHK_OK || (job >= SHK_JOB_CHECK && job <= SHK_JOB_PERSON), "no such job");
    if (at != NULL && at->open && rc == SHK_OK) { /* an end that was not taken is thrown away */
        at->running = true;
        at->watches = job == SHK_JOB_WATCH;
    }
}

static void call_answer_pin(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text pin = host_pin(&h->in);
    int32_t rc = shk_answer_pin(s, pin.p, pin.len, (int32_t)fuzz_below(&h->in, 3));
    JUDGE(rc, SHK_E_SESSION, SHK_E_STATE, SHK_E_PIN_FORMAT, SHK_E_CODE_FORMAT, SHK_E_PIN_LAST_TRY,
          SHK_E_ARGUMENT);
    judge_there(h, at, rc);
    host_text_free(&pin);
}

static void call_cancel(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    int32_t rc = shk_cancel(s);
    JUDGE(rc, SHK_E_SESSION);
    judge_there(h, at, rc);
}

static bool is_running(shk_session s) {
    int32_t running = 0;
    (void)shk_int(s, "job.running", -1, &running);
    return running != 0;
}

static void take_event(struct host *h, struct host_session *at, int32_t event) {
    judge_there(h, at, event);
    fuzz_must(event == SHK_E_SESSION || (event >= SHK_EVENT_NONE && event <= SHK_EVENT_NOTICE),
              "an event that is none");
    fuzz_must(event <= SHK_EVENT_NONE || (at != NULL && (at->running || at->unsure || h->touched)),
              "an event without a job");
    if (at != NULL && event == SHK_EVENT_DONE) {
        at->running = at->watches && is_running(at->s);
    }
}

static void call_next_event(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    take_event(h, at, shk_next_event(s, (int32_t)fuzz_below(&h->in, 6)));
}

static void call_wake(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    const int32_t targets[] = {h->wake, -1, 9999, INT32_MIN};
    int32_t rc = shk_wake(s, targets[fuzz_below(&h->in, 4)], (int32_t)fuzz_number(&h->in));
    JUDGE(rc, SHK_E_SESSION);
    judge_there(h, at, rc);
}

static void call_forget(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    int32_t rc = shk_forget(s);
    JUDGE(rc, SHK_E_SESSION, SHK_E_STATE);
    judge_there(h, at, rc);
}

static void call_check(struct host *h) {
    shk_session s;
    struct host_session *at = pick(h, &s);
    struct host_text pin = host_pin(&h->in);
    int32_t rc = shk_check(s, pin.p, pin.len, (int32_t)fuzz_below(&h->in, 2),
                           (int32_t)fuzz_below(&h->in, 20));
    judge_code(rc);
    judge_there(h, at, rc);
    fuzz_must(rc <= SHK_OUTCOME_UNSTATED && rc != SHK_OUTCOME_NONE, "a check without a result");
    if (at != NULL && at->running) {
        at->unsure = true;
    }
    host_text_free(&pin);
}

/* Of the other host's session, what may be called from any thread. */
static void call_other(struct host *h) {
    int32_t rc = h->other == 0                ? shk_abi() - SHK_ABI
                 : fuzz_below(&h->in, 8) == 0 ? shk_close(h->other)
                                              : shk_cancel(h->other);
    JUDGE(rc, SHK_E_SESSION);
}

void host_call(struct host *h) {
    static void (*const calls[])(struct host *) = {
        call_open,   call_start,  call_next_event, call_next_event, call_answer_pin, call_text,
        call_bytes,  call_number, call_set,        call_put,        call_cancel,     call_wake,
        call_forget, call_check,  call_next_event, call_other,      call_close};
    calls[fuzz_below(&h->in, sizeof calls / sizeof calls[0])](h);
}

/* A watch may have told its last end before it was cancelled. */
static bool over(const struct host_session *at) {
    return !at->open || !at->running || ((at->watches || at->unsure) && !is_running(at->s));
}

static void end_job(struct host *h, struct host_session *at) {
    (void)shk_cancel(at->s);
    for (int i = 0; i < PATIENCE_S * 100 && !over(at); i++) {
        take_event(h, at, shk_next_event(at->s, 10));
    }
    fuzz_must(over(at), "a job without an end");
    if (at->open && !at->watches) {
        take_event(h, at, shk_next_event(at->s, 0));
    }
}

void host_end(struct host *h) {
    for (size_t i = 0; i < HOST_SESSIONS; i++) {
        struct host_session *at = &h->at[i];
        if (at->open && (at->running || fuzz_below(&h->in, 2) == 0)) {
            end_job(h, at);
        }
        if (at->open) {
            int32_t rc = shk_close(at->s);
            fuzz_must(rc == SHK_OK || h->touched, "a session that cannot be closed");
        }
        fuzz_must(shk_close(at->s) == SHK_E_SESSION, "a session that was closed is there");
    }
}
