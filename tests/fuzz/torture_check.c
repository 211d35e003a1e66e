#include "torture_check.h"

#include "shikaku/shikaku.h"
#include "wrap.h"

#define PATIENCE_MS 120000
#define PIN         "1234"

static void say(struct verdict *v, int32_t code, const char *at) {
    if (v->code == SHK_OK && code != SHK_OK) {
        v->code = code;
        v->at = at;
    }
}

/* What the job ended with is read without failures, or every reading would be a fault of its own. */
static void read_end(shk_session s, struct verdict *v) {
    int32_t code = SHK_OK;
    wrap_pause(true);
    int32_t rc = shk_int(s, "fault.code", -1, &code);
    wrap_pause(false);
    say(v, rc == SHK_OK ? code : rc, "job");
}

static void type_pin(shk_session s, struct verdict *v) {
    int32_t rc = shk_answer_pin(s, PIN, sizeof PIN - 1, 0);
    if (rc != SHK_OK) {
        say(v, rc, "shk_answer_pin");
        (void)shk_cancel(s);
    }
}

static void run_job(shk_session s, int32_t job, struct verdict *v) {
    int32_t event = SHK_EVENT_NONE, rc = shk_start(s, job);
    say(v, rc, "shk_start");
    while (rc == SHK_OK && event != SHK_EVENT_DONE) {
        event = shk_next_event(s, PATIENCE_MS);
        v->answered = v->answered || event == SHK_EVENT_ANSWER;
        if (event == SHK_EVENT_PIN) {
            type_pin(s, v);
        } else if (event == SHK_EVENT_DONE) {
            read_end(s, v);
        } else if (event <= SHK_EVENT_NONE) {
            say(v, event, "shk_next_event");
            v->stuck = event == SHK_EVENT_NONE;
            return;
        }
    }
}

void check_person(const char *config, struct verdict *out) {
    shk_session s = 0;
    *out = (struct verdict){.at = ""};
    int32_t rc = shk_open(config, -1, &s);
    say(out, rc, "shk_open");
    if (rc == SHK_OK) {
        run_job(s, SHK_JOB_CHECK, out);
        rc = shk_close(s);
        say(out, rc, "shk_close");
    }
}

static void verify_history(shk_session s, struct verdict *v) {
    say(v, shk_put(s, "history.action", -1, (const uint8_t *)"verify", -1), "shk_put");
    run_job(s, SHK_JOB_HISTORY, v);
}

void check_again(const char *config, struct verdict *waited, struct verdict *out) {
    shk_session s = 0;
    *waited = *out = (struct verdict){.at = ""};
    say(out, shk_open(config, -1, &s), "shk_open");
    if (out->code != SHK_OK) {
        *waited = *out;
        return;
    }
    run_job(s, SHK_JOB_DELIVER, waited);
    run_job(s, SHK_JOB_CHECK, out);
    if (out->code == SHK_OK) {
        verify_history(s, out);
    }
    say(out, shk_close(s), "shk_close");
}
