#include "run.h"

#include <string.h>

enum { WAIT_MS = 200, PATIENCE_MS = 10000 };

void run_cancel(struct run *r, const struct failure *why) {
    if (why != NULL && r->own.code == 0) {
        r->own = *why;
    }
    if (!r->cancelled) {
        r->cancelled = true;
        r->patience_ms = platform_now_ms() + PATIENCE_MS;
        (void)r->s.door->cancel(r->s.id);
    }
}

void run_tell(struct run *r, const struct failure *f) {
    r->shown = *f;
    if (r->screen.json) {
        report_failure(&r->screen, f);
    } else {
        screen_failure(&r->screen, f);
    }
}

static bool time_is_over(const struct run *r) {
    return r->deadline_ms != 0 && platform_now_ms() >= r->deadline_ms;
}

bool run_disturbed(struct run *r) {
    if (platform_interrupts() > 0 || time_is_over(r)) {
        return true;
    }
    if (r->pending == SHK_EVENT_NONE) {
        r->pending = r->s.door->next_event(r->s.id, 0);
    }
    return r->pending != SHK_EVENT_NONE;
}

static void watch_the_time(struct run *r) {
    struct failure f;
    if (r->cancelled || !time_is_over(r)) {
        return;
    }
    if (r->args->command == COMMAND_WATCH) {
        run_cancel(r, NULL);
        return;
    }
    failure_own(&f, SHK_E_TIMEOUT, "TIMEOUT",
                "決められた時間内に終わりませんでした。もう一度操作してください。",
                "The time limit of --timeout ended.");
    f.retry = SHK_RETRY_SAME;
    run_cancel(r, &f);
}

static void show_new_deliveries(struct run *r) {
    int32_t n = value_count(&r->s, "delivery");
    while (r->deliveries_shown < n) {
        r->deliveries_shown++;
        if (r->screen.json) {
            report_delivery(&r->screen, &r->s, r->deliveries_shown);
        } else {
            show_delivery(&r->screen, &r->s, r->deliveries_shown);
        }
    }
}

/* The sentence that belongs to a document stands below its "not delivered", and there only. */
static bool told_with_a_document(const struct run *r, const struct failure *f) {
    for (int32_t n = 1; n <= r->deliveries_shown; n++) {
        char prefix[48];
        struct failure one;
        (void)snprintf(prefix, sizeof prefix, "delivery[%ld].fault", (long)n);
        failure_read(&r->s, prefix, &one);
        if (one.code == f->code && strcmp(one.where, f->where) == 0) {
            return true;
        }
    }
    return false;
}

static void on_fault(struct run *r) {
    struct failure f;
    failure_read(&r->s, "fault", &f);
    bool of_a_document = f.stage == SHK_STAGE_MAPPING || f.stage == SHK_STAGE_HOST;
    if (!r->screen.json && of_a_document) {
        show_new_deliveries(r);
        if (told_with_a_document(r, &f)) {
            r->shown = f;
            return;
        }
    }
    /* That we cancelled is no news when we said why. */
    if (f.code == 0 || (f.code == SHK_E_CANCELLED && r->own.code != 0)) {
        return;
    }
    run_tell(r, &f);
    if (f.code == SHK_E_PIN_WRONG && r->args->pin_fd >= 0) {
        /* Nobody is there to type another one, and the same one is never sent twice. */
        run_cancel(r, &f);
    }
}

/* The fault a check ended with. What we ended ourselves has our reason, and none once an answer
 * came. */
static void read_end(const struct run *r, int32_t *outcome, struct failure *f) {
    *outcome = SHK_OUTCOME_NONE;
    (void)value_int(&r->s, "outcome", outcome);
    failure_read(&r->s, "fault", f);
    if (f->code == SHK_E_CANCELLED && *outcome != SHK_OUTCOME_NONE) {
        memset(f, 0, sizeof *f);
    } else if (f->code == SHK_E_CANCELLED && r->own.code != 0) {
        *f = r->own;
    }
}

static int exit_of_check(const struct run *r, int32_t outcome, const struct failure *f) {
    if (f->code == SHK_E_CANCELLED && r->own.code == 0) {
        return EXIT_CANCELLED;
    }
    if (f->code != 0) {
        return EXIT_FAULT;
    }
    if (r->args->command == COMMAND_READERS || outcome == SHK_OUTCOME_ELIGIBLE) {
        return EXIT_ELIGIBLE;
    }
    return outcome == SHK_OUTCOME_NOT_ELIGIBLE ? EXIT_NOT_ELIGIBLE : EXIT_FAULT;
}

static int end_check(struct run *r) {
    int32_t outcome;
    struct failure f;
    show_new_deliveries(r);
    read_end(r, &outcome, &f);
    if (!r->screen.json && f.code != 0 && f.code != r->shown.code) {
        run_tell(r, &f);
    }
    if (r->screen.json && r->args->command != COMMAND_READERS) {
        report_done(&r->screen, &r->s, &f);
    } else if (r->screen.json) {
        report_end(&r->screen, &f);
    }
    memset(&r->shown, 0, sizeof r->shown);
    r->deliveries_shown = 0;
    return exit_of_check(r, outcome, &f);
}

/* A check that the end of the watch cut short after its answer is reported like any other. */
static int end_watch(struct run *r) {
    int32_t outcome;
    struct failure f;
    read_end(r, &outcome, &f);
    if (outcome != SHK_OUTCOME_NONE) {
        (void)end_check(r);
        read_end(r, &outcome, &f);
    }
    bool asked_for = r->own.code == 0 && (f.code == 0 || f.code == SHK_E_CANCELLED);
    if (r->screen.json) {
        report_end(&r->screen, &f);
    } else if (!asked_for && f.code != r->shown.code) {
        run_tell(r, &f);
    } else if (asked_for) {
        screen_step(&r->screen, "終わります", "Ended");
    }
    return asked_for ? EXIT_ELIGIBLE : EXIT_FAULT;
}

/* True when the job is over. */
static bool on_done(struct run *r, int *code) {
    int32_t running = 0;
    if (r->args->command != COMMAND_WATCH) {
        *code = end_check(r);
        return true;
    }
    if (value_int(&r->s, "job.running", &running) && running != 0) {
        (void)end_check(r);
        screen_step(&r->screen, "----", "----");
        return false;
    }
    *code = end_watch(r);
    return true;
}

static void on_step(struct run *r, int32_t event) {
    static const struct {
        int32_t event;
        const char *name, *japanese, *english;
    } steps[] = {
        {SHK_EVENT_WAITING, "waiting", "カードを置いてください", "Put the card on the reader"},
        {SHK_EVENT_CARD, "card", "読み取っています", "Reading the card"},
        {SHK_EVENT_ASKING, "asking", "資格を確認しています。カードを外してかまいません",
         "Checking eligibility; the card may be taken away"},
        {SHK_EVENT_REMOVED, "removed", "カードが外されました", "The card was taken away"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].event == event) {
            if (r->screen.json) {
                report_event(&r->screen, steps[i].name);
            }
            screen_step(&r->screen, steps[i].japanese, steps[i].english);
        }
    }
}

static void on_answer(struct run *r) {
    if (r->screen.json) {
        report_event(&r->screen, "answer");
    } else {
        show_answer(&r->screen, &r->s);
    }
}

static void on_readers(struct run *r) {
    if (r->screen.json) {
        report_readers(&r->screen, &r->s);
    } else {
        show_readers(&r->screen, &r->s);
    }
}

/* True when the job is over. */
static bool on_event(struct run *r, int32_t event, int *code) {
    switch (event) {
    case SHK_EVENT_PIN:
        if (!r->cancelled) {
            pin_answer(r);
        }
        return false;
    case SHK_EVENT_ANSWER:
        on_answer(r);
        return false;
    case SHK_EVENT_DELIVERED:
        show_new_deliveries(r);
        return false;
    case SHK_EVENT_FAULT:
        on_fault(r);
        return false;
    case SHK_EVENT_READERS:
        on_readers(r);
        return false;
    case SHK_EVENT_DONE:
        return on_done(r, code);
    default:
        on_step(r, event);
        return false;
    }
}

static int32_t next_event(struct run *r) {
    int32_t event = r->pending;
    r->pending = SHK_EVENT_NONE;
    return event != SHK_EVENT_NONE ? event : r->s.door->next_event(r->s.id, WAIT_MS);
}

/* A second Ctrl-C, or an end that does not come, leaves without waiting for it. */
static bool patience_is_over(const struct run *r) {
    return r->cancelled && (platform_interrupts() > 1 || platform_now_ms() >= r->patience_ms);
}

static int follow(struct run *r) {
    int code = EXIT_CANCELLED;
    for (;;) {
        watch_the_time(r);
        if (platform_interrupts() > 0 || r->screen.out.broken) {
            run_cancel(r, NULL);
        }
        if (patience_is_over(r)) {
            return platform_interrupts() > 0 ? EXIT_CANCELLED : EXIT_FAULT;
        }
        int32_t event = next_event(r);
        if (event < 0) {
            struct failure f;
            failure_of_call(&r->s, event, &f);
            run_tell(r, &f);
            return EXIT_FAULT;
        }
        if (on_event(r, event, &code)) {
            return code;
        }
    }
}

int run_job(struct run *r) {
    static const int32_t jobs[] = {0, SHK_JOB_READERS, SHK_JOB_CHECK, SHK_JOB_WATCH};
    struct failure f;
    int32_t rc = r->s.door->start(r->s.id, jobs[r->args->command]);
    if (rc < 0) {
        failure_of_call(&r->s, rc, &f);
        run_tell(r, &f);
        return EXIT_FAULT;
    }
    if (r->args->timeout_s > 0) {
        r->deadline_ms = platform_now_ms() + (int64_t)r->args->timeout_s * 1000;
    }
    int code = follow(r);
    return r->screen.out.broken ? EXIT_FAULT : code;
}
