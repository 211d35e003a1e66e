/* `shikaku outbox`, `history` and `store`: a job about what is kept, and what it came to. */
#include "kept.h"

#include <string.h>

#include "ask.h"

enum { ANSWER_CAP = 64 };

bool kept_is(enum command command) {
    return command >= COMMAND_OUTBOX && command != COMMAND_OUTBOX_DELIVER &&
           command != COMMAND_OUTBOX_ASK;
}

static bool is_of(const struct run *r, enum command group, enum command last) {
    return r->args->command >= group && r->args->command <= last;
}

/* Of a broken history there is something to show, too. */
static void show(struct run *r, const struct failure *f) {
    if (is_of(r, COMMAND_HISTORY, COMMAND_HISTORY_EXPORT)) {
        kept_show_history(r, f);
    } else if (f->code == 0 && is_of(r, COMMAND_OUTBOX, COMMAND_OUTBOX_DROP)) {
        kept_show_outbox(r);
    } else if (f->code == 0) {
        kept_show_store(r);
    }
    out_flush(&r->screen.out);
    if (f->code != 0 && f->code != r->shown.code) {
        run_tell(r, f);
    }
}

static void report(struct run *r, const struct failure *f) {
    struct json j = {&r->screen.out, true};
    struct failure named = *f;
    json_open(&j, NULL, '{');
    if (is_of(r, COMMAND_HISTORY, COMMAND_HISTORY_EXPORT)) {
        kept_put_history(&j, r);
    } else if (is_of(r, COMMAND_OUTBOX, COMMAND_OUTBOX_DROP)) {
        kept_put_outbox(&j, r);
    } else {
        kept_put_store(&j, r);
    }
    json_bool(&j, "ok", f->code == 0);
    if (f->code != 0) {
        inputs_name(r, &named);
        report_fault(&j, "fault", &named);
    }
    json_close(&j, '}');
    json_end_line(&j);
}

static int code_of(const struct run *r, const struct failure *f) {
    if (f->code == SHK_E_CANCELLED) {
        return r->own.code != 0 ? EXIT_FAULT : EXIT_CANCELLED;
    }
    if (f->code != 0) {
        return run_refused_input(f->code) ? EXIT_USAGE : EXIT_FAULT;
    }
    return EXIT_ELIGIBLE;
}

/* The plugin's words are about documents of a host. */
static void name_existing(const struct run *r, struct failure *f) {
    if (f->code == SHK_E_FILE_EXISTS && r->source != NULL) {
        failure_own(
            f, SHK_E_FILE_EXISTS, "FILE_EXISTS",
            "その名前のファイルがすでにあります。上書きはしません。別の名前を書いてください。",
            "A file of that name exists and is not written over; say another name.");
        f->stage = SHK_STAGE_HOST;
        (void)snprintf(f->where, sizeof f->where, "%s", r->source);
    }
}

static int end(struct run *r) {
    struct failure f;
    failure_read_event(&r->s, &f);
    name_existing(r, &f);
    int code = code_of(r, &f);
    if (f.code == SHK_E_CANCELLED && r->own.code != 0) {
        f = r->own;
    }
    progress_leave_line(r);
    if (r->unsaid && f.code == 0) {
        return code;
    }
    r->ended = true;
    if (r->screen.json) {
        report(r, &f);
    } else {
        show(r, &f);
    }
    return code;
}

bool kept_event(struct run *r, int32_t event, int *code) {
    if (event == SHK_EVENT_PROGRESS) {
        progress_show(r);
    }
    if (event != SHK_EVENT_DONE) {
        return false;
    }
    *code = end(r);
    return true;
}

static int refuse(struct run *r, const char *name, const char *japanese, const char *english) {
    struct failure f;
    failure_own(&f, SHK_E_INPUT, name, japanese, english);
    run_tell(r, &f);
    return EXIT_USAGE;
}

static bool is_yes(const char *line) {
    return strcmp(line, "y") == 0 || strcmp(line, "Y") == 0 || strcmp(line, "yes") == 0 ||
           strcmp(line, "はい") == 0;
}

/* Shown first, so that it is known what is lost. */
static int confirm_drop(struct question *q) {
    struct run *r = q->run;
    r->action = "list";
    r->unsaid = true;
    int code = run_once(r);
    r->action = NULL;
    r->unsaid = false;
    if (code != EXIT_ELIGIBLE) {
        return code;
    }
    if (!r->screen.json && kept_show_waiting(r, r->source) == 0) {
        return refuse(
            r, "NOT_WAITING",
            "その番号の回答は、送信待ちにありません。shikaku outbox list で確かめてください。",
            "Nothing of that id waits; see shikaku outbox list.");
    }
    const char *prompt = screen_say(
        &r->screen,
        "取り除くと、この回答はこの渡し先に渡されません。元には戻せず、履歴に残ります。"
        "取り除きますか? [y/N] ",
        "Dropped, this answer never reaches this host; it cannot be undone, and the history tells "
        "of it. Drop it? [y/N] ");
    if (question_line(q, prompt, false) == INPUT_LINE && is_yes(q->line)) {
        return EXIT_ELIGIBLE;
    }
    screen_step(&r->screen, "取り除いていません", "Nothing was dropped");
    failure_own(&r->shown, SHK_E_CANCELLED, "CANCELLED", "取り除いていません。",
                "Nothing was dropped.");
    return EXIT_CANCELLED;
}

static int ask_to_drop(struct run *r) {
    struct question q = {.run = r};
    int code = question_is_seen(r) && question_begin(&q, r, -1, ANSWER_CAP)
                   ? confirm_drop(&q)
                   : refuse(r, "NO_TERMINAL",
                            "確かめる端末がありません。取り除くには --yes を付けてください。",
                            "There is no terminal to ask at; say --yes to drop it.");
    question_end(&q);
    return code;
}

static int run_drop(struct run *r) {
    int code = r->args->yes ? EXIT_ELIGIBLE : ask_to_drop(r);
    return code == EXIT_ELIGIBLE ? run_once(r) : code;
}

int kept_run(struct run *r) {
    r->one_object = r->screen.json;
    int code = r->args->command == COMMAND_OUTBOX_DROP ? run_drop(r) : run_once(r);
    if (r->screen.json && !r->ended) {
        report(r, &r->shown);
    }
    return code;
}
