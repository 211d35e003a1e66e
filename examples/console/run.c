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

void run_tell(struct run *r, const struct failure *told) {
    struct failure named = *told;
    const struct failure *f = &named;
    inputs_name(r, &named);
    r->shown = *told;
    progress_leave_line(r);
    if (r->screen.json && r->import == NULL && !r->one_object) {
        report_failure(&r->screen, f);
    } else {
        screen_failure(&r->screen, f);
    }
}

bool run_refused_input(int32_t code) {
    return code == SHK_E_INPUT || code == SHK_E_CHECK_DIGIT;
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

static struct words words_of(const struct run *r, int32_t event, const char **name) {
    switch (event) {
    case SHK_EVENT_WAITING:
        *name = "waiting";
        return waiting_words(r);
    case SHK_EVENT_CARD:
        *name = "card";
        return (struct words){"読み取っています", "Reading the card"};
    case SHK_EVENT_REMOVED:
        *name = "removed";
        return (struct words){"カードが外されました", "The card was taken away"};
    case SHK_EVENT_ASKING:
        *name = "asking";
        if (r->args->command == COMMAND_REGISTER) {
            return (struct words){"照会番号を登録しています", "Registering the number"};
        }
        return (struct words){"資格を確認しています。少しお待ちください",
                              "Checking eligibility; please wait"};
    default:
        return (struct words){NULL, NULL};
    }
}

static void on_step(struct run *r, int32_t event) {
    const char *name = NULL;
    struct words words = words_of(r, event, &name);
    if (name == NULL) {
        return;
    }
    if (r->screen.json && r->import == NULL) {
        report_event(&r->screen, name);
    }
    screen_step(&r->screen, words.japanese, words.english);
    if (event == SHK_EVENT_WAITING) {
        waiting_file(r);
    }
}

static void on_answer(struct run *r) {
    if (r->import != NULL) {
        import_person(r->import, &r->s);
    } else if (r->screen.json) {
        report_event(&r->screen, "answer");
    } else {
        show_answer(&r->screen, &r->s);
    }
}

static bool is_of_packs(const struct run *r) {
    return r->args->command >= COMMAND_PACK && r->args->command <= COMMAND_PACK_SIGN;
}

/* Commands whose events are not those of a person. */
static bool on_own_event(struct run *r, int32_t event, int *code) {
    if (r->map != NULL) {
        return map_event(r, event, code);
    }
    return is_of_packs(r) ? pack_event(r, event, code) : kept_event(r, event, code);
}

/* True when the job is over. */
static bool on_event(struct run *r, int32_t event, int *code) {
    if (r->map != NULL || is_of_packs(r) || kept_is(r->args->command)) {
        return on_own_event(r, event, code);
    }
    switch (event) {
    case SHK_EVENT_PIN:
        if (!r->cancelled && !pad_answer(r)) {
            pin_answer(r);
        }
        return false;
    case SHK_EVENT_SECRET:
        if (!r->cancelled) {
            secret_answer(r);
        }
        return false;
    case SHK_EVENT_MATCH:
        if (!r->cancelled) {
            match_answer(r);
        }
        return false;
    case SHK_EVENT_OUTBOX:
        outbox_changed(r);
        return false;
    case SHK_EVENT_PROGRESS:
        progress_show(r);
        return false;
    case SHK_EVENT_NEXT:
        ending_next(r);
        return false;
    case SHK_EVENT_ANSWER:
        on_answer(r);
        return false;
    case SHK_EVENT_DELIVERED:
        ending_deliveries(r);
        return false;
    case SHK_EVENT_FAULT:
        ending_fault(r);
        return false;
    case SHK_EVENT_READERS:
        card_readers(r);
        return false;
    case SHK_EVENT_NOTICE:
        card_notice(r);
        return false;
    case SHK_EVENT_DONE:
        return ending_done(r, code);
    default:
        on_step(r, event);
        return false;
    }
}

bool run_aside(struct run *r) {
    static const int32_t beside[] = {SHK_EVENT_OUTBOX, SHK_EVENT_PROGRESS, SHK_EVENT_WAITING,
                                     SHK_EVENT_CARD,   SHK_EVENT_REMOVED,  SHK_EVENT_READERS,
                                     SHK_EVENT_NOTICE};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        if (r->pending == beside[i]) {
            int code;
            r->pending = SHK_EVENT_NONE;
            (void)on_event(r, beside[i], &code);
            return true;
        }
    }
    return false;
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

/* Of each the first command; those of a group follow each other. */
static int32_t job_of(enum command command) {
    static const struct {
        enum command from;
        int32_t job;
    } jobs[] = {
        {COMMAND_STORE, SHK_JOB_STORE},     {COMMAND_HISTORY, SHK_JOB_HISTORY},
        {COMMAND_OUTBOX, SHK_JOB_DELIVER},  {COMMAND_PACK, SHK_JOB_PACK},
        {COMMAND_MAP, SHK_JOB_MAP},         {COMMAND_PERSON, SHK_JOB_PERSON},
        {COMMAND_BULK, SHK_JOB_BULK},       {COMMAND_REGISTER, SHK_JOB_REGISTER},
        {COMMAND_QUERY, SHK_JOB_QUERY},     {COMMAND_IMPORT, SHK_JOB_IMPORT},
        {COMMAND_WATCH, SHK_JOB_WATCH},     {COMMAND_CHECK, SHK_JOB_CHECK},
        {COMMAND_READERS, SHK_JOB_READERS},
    };
    size_t i = 0;
    while (i + 1 < sizeof jobs / sizeof *jobs && command < jobs[i].from) {
        i++;
    }
    return jobs[i].job;
}

int run_once(struct run *r) {
    struct failure f;
    if (!inputs_give(r)) {
        return r->unreadable ? EXIT_FAULT : EXIT_USAGE;
    }
    int32_t rc = r->s.door->start(r->s.id, job_of(r->args->command));
    if (rc < 0) {
        failure_of_call(&r->s, rc, &f);
        run_tell(r, &f);
        return run_refused_input(rc) ? EXIT_USAGE : EXIT_FAULT;
    }
    if (r->args->timeout_s > 0 && r->deadline_ms == 0) {
        r->deadline_ms = platform_now_ms() + (int64_t)r->args->timeout_s * 1000;
    }
    int code = follow(r);
    return r->screen.out.broken ? EXIT_FAULT : code;
}

static int run_import(struct run *r) {
    /* Who answers in between needs what is asked as it comes. */
    if (r->screen.json && !match_is_asked_by_json(r->args)) {
        r->import = import_new(&r->screen);
        if (r->import == NULL) {
            return EXIT_FAULT;
        }
    }
    int code = run_once(r);
    if (r->import != NULL) {
        import_refused(r->import, &r->shown);
    }
    import_free(&r->import);
    return code;
}

int run_job(struct run *r) {
    r->source = r->args->operand;
    if (is_of_packs(r)) {
        return pack_run(r);
    }
    if (kept_is(r->args->command)) {
        return kept_run(r);
    }
    switch (r->args->command) {
    case COMMAND_IMPORT:
        return run_import(r);
    case COMMAND_MAP:
        return map_run(r);
    default:
        return run_once(r);
    }
}
