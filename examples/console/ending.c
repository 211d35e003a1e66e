/* How a person, a check and a job end on the screen. */
#include <string.h>

#include "run.h"

void ending_deliveries(struct run *r) {
    int32_t n = value_count(&r->s, "delivery");
    while (r->deliveries_shown < n) {
        r->deliveries_shown++;
        if (r->import != NULL) {
            import_delivery(r->import, &r->s, r->deliveries_shown);
        } else if (r->screen.json) {
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

void ending_fault(struct run *r) {
    struct failure f;
    failure_read_event(&r->s, &f);
    progress_leave_line(r);
    /* A wrong PIN may be followed by the right one; a person that cannot be read stays unread. */
    if (r->args->command == COMMAND_IMPORT && f.code != 0 && f.code != SHK_E_CANCELLED) {
        r->worst = EXIT_FAULT;
    }
    if (r->import != NULL) {
        import_fault(r->import, &f);
        r->shown = f;
        return;
    }
    bool of_a_document = f.stage == SHK_STAGE_MAPPING || f.stage == SHK_STAGE_HOST;
    if (!r->screen.json && of_a_document) {
        ending_deliveries(r);
        if (told_with_a_document(r, &f)) {
            r->shown = f;
            return;
        }
    }
    /* That we cancelled is no news when we said why. */
    if (f.code == 0 || (f.code == SHK_E_CANCELLED && r->own.code != 0)) {
        return;
    }
    if (!r->screen.json && r->args->command == COMMAND_IMPORT) {
        show_whom(&r->screen, &r->s);
    }
    run_tell(r, &f);
    if (f.code == SHK_E_NOT_MYNUMBER) {
        card_other(r);
    }
    bool wrong = f.code == SHK_E_PIN_WRONG || f.code == SHK_E_CODE_WRONG;
    if (wrong && r->args->pin_fd >= 0) {
        /* Nobody is there to type another one, and the same one is never sent twice. */
        run_cancel(r, &f);
    }
}

/* The fault a check ended with. What we ended ourselves has our reason, and none once an answer
 * came. */
static void read_end(const struct run *r, int32_t *outcome, struct failure *f) {
    *outcome = SHK_OUTCOME_NONE;
    (void)value_int(&r->s, "outcome", outcome);
    failure_read_event(&r->s, f);
    if (f->code == SHK_E_CANCELLED && *outcome != SHK_OUTCOME_NONE) {
        memset(f, 0, sizeof *f);
    } else if (f->code == SHK_E_CANCELLED && r->own.code != 0) {
        *f = r->own;
    }
}

/* What waited: whether it is eligible was told when it was checked. */
static bool delivers(const struct run *r) {
    return r->args->command == COMMAND_OUTBOX_DELIVER || r->args->command == COMMAND_OUTBOX_ASK;
}

static int exit_of_check(const struct run *r, int32_t outcome, const struct failure *f) {
    if (f->code == SHK_E_CANCELLED && r->own.code == 0) {
        return EXIT_CANCELLED;
    }
    if (f->code != 0) {
        return run_refused_input(f->code) ? EXIT_USAGE : EXIT_FAULT;
    }
    if (r->args->command == COMMAND_READERS && !r->args->quick) {
        return show_readers_usable(&r->s) ? EXIT_ELIGIBLE : EXIT_NOT_ELIGIBLE;
    }
    bool no_outcome =
        r->args->command == COMMAND_READERS || r->args->command == COMMAND_REGISTER || delivers(r);
    if (no_outcome || outcome == SHK_OUTCOME_ELIGIBLE || outcome == SHK_OUTCOME_UNSTATED) {
        return EXIT_ELIGIBLE;
    }
    return outcome == SHK_OUTCOME_NOT_ELIGIBLE ? EXIT_NOT_ELIGIBLE : EXIT_FAULT;
}

static int worse(int a, int b) {
    return a > b ? a : b;
}

/* Who said himself that it is not delivered need not hear of the configuration. */
static void say_not_due(struct run *r) {
    if (!r->skipped) {
        show_not_due(&r->screen, &r->s);
    }
}

/* The first of several persons, or the next: the values are his until the host asks on. */
void ending_next(struct run *r) {
    int32_t outcome = SHK_OUTCOME_NONE;
    ending_deliveries(r);
    if (!delivers(r) && value_int(&r->s, "outcome", &outcome) &&
        outcome == SHK_OUTCOME_NOT_ELIGIBLE) {
        r->worst = worse(r->worst, EXIT_NOT_ELIGIBLE);
    }
    if (!r->screen.json) {
        say_not_due(r);
        screen_step(&r->screen, "----", "----");
    } else if (r->import == NULL) {
        report_next(&r->screen, &r->s, &r->shown);
    }
    memset(&r->shown, 0, sizeof r->shown);
    r->deliveries_shown = 0;
    r->skipped = false;
}

static int end_import(struct run *r, int32_t outcome, const struct failure *f) {
    if (f->code != 0 && f->code != r->shown.code && r->worst != EXIT_FAULT) {
        import_fault(r->import, f);
    }
    import_end(r->import);
    return worse(r->worst, exit_of_check(r, outcome, f));
}

static int end_check(struct run *r) {
    int32_t outcome;
    struct failure f;
    ending_deliveries(r);
    read_end(r, &outcome, &f);
    progress_leave_line(r);
    if (r->import != NULL) {
        return end_import(r, outcome, &f);
    }
    if (!r->screen.json && f.code != 0 && f.code != r->shown.code) {
        run_tell(r, &f);
    }
    if (!r->screen.json) {
        say_not_due(r);
    }
    if (r->args->command == COMMAND_BULK) {
        int code = progress_end(r, &f);
        return f.code != 0 ? exit_of_check(r, outcome, &f) : code;
    }
    if (delivers(r)) {
        outbox_end(r);
    }
    if (r->args->command == COMMAND_REGISTER && f.code == 0) {
        screen_step(&r->screen, "登録しました", "Registered");
    }
    if (r->screen.json && r->args->command != COMMAND_READERS) {
        report_done(&r->screen, &r->s, &f);
    } else if (r->screen.json) {
        report_end(&r->screen, &f);
    }
    memset(&r->shown, 0, sizeof r->shown);
    r->deliveries_shown = 0;
    r->skipped = false;
    return worse(r->worst, exit_of_check(r, outcome, &f));
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
bool ending_done(struct run *r, int *code) {
    int32_t running = 0;
    if (r->args->command != COMMAND_WATCH) {
        *code = end_check(r);
        return true;
    }
    if (value_int(&r->s, "job.running", &running) && running != 0) {
        (void)end_check(r);
        r->worst = 0;
        screen_step(&r->screen, "----", "----");
        return false;
    }
    *code = end_watch(r);
    return true;
}
