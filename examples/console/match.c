/* SHK_EVENT_MATCH: a person at the terminal says whose answer it is, or a program, or the command line did.
 * Without anybody to ask the answer waits. */
#include "match.h"

#include <string.h>

/* A line of JSON, with every path of a patient to be taken over. */
enum { LINE_CAP = 8192, STANDARD_INPUT = 0 };

static const char later[] = "later";

bool match_is_asked_by_json(const struct args *args) {
    return args->json && args->match != NULL && strcmp(args->match, "ask") == 0;
}

/* What was answered beforehand; null: it is asked. */
static const char *given_answer(const struct args *args) {
    if (args->match != NULL && strcmp(args->match, "ask") != 0) {
        return args->match;
    }
    return args->json && args->match == NULL ? later : NULL;
}

static void say_choice(struct run *r, const char *answer) {
    static const struct {
        const char *answer, *japanese, *english;
    } words[] = {
        {"new", "新しい患者として渡します", "Taken for a new patient"},
        {"skip", "この渡し先には渡しません", "Not delivered to this host"},
        {"later", "あとで決めます。回答は保存してあります(shikaku outbox ask)",
         "Decided later; the answer is kept (shikaku outbox ask)"},
    };
    char line[256];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(answer, words[i].answer) == 0) {
            screen_step(&r->screen, words[i].japanese, words[i].english);
            return;
        }
    }
    const char *colon = strchr(answer, ':');
    (void)snprintf(
        line, sizeof line,
        screen_say(&r->screen, "患者番号 %s の回答として渡します", "Taken for patient number %s"),
        colon != NULL ? colon + 1 : answer);
    screen_step(&r->screen, line, line);
}

static int32_t put(struct run *r, const char *path, const char *text) {
    return r->s.door->put(r->s.id, path, -1, (const uint8_t *)text, (int32_t)strlen(text));
}

enum match_sent match_send(struct run *r, const struct match_choice *choice) {
    struct failure f;
    /* What was said for an answer that was refused is taken back. */
    bool takes = choice->take[0] != '\0' || r->took;
    int32_t rc = takes ? put(r, "match.take", choice->take) : SHK_OK;
    r->took = choice->take[0] != '\0';
    rc = rc < 0 ? rc : put(r, "match.answer", choice->answer);
    if (rc >= 0) {
        r->unanswered = false;
        r->skipped = r->skipped || strcmp(choice->answer, "skip") == 0;
        say_choice(r, choice->answer);
        return MATCH_SENT;
    }
    if (rc == SHK_E_STATE) {
        /* The question ended meanwhile; the events say why. */
        return MATCH_SENT;
    }
    failure_of_call(&r->s, rc, &f);
    run_tell(r, &f);
    if (rc != SHK_E_MATCH_ANSWER && rc != SHK_E_INPUT) {
        run_cancel(r, &f);
        return MATCH_SENT;
    }
    return MATCH_REFUSED;
}

/* Nobody answers any more: whatever comes of it, the question is not left open. */
void match_put_off(struct run *r) {
    struct match_choice choice = {"later", ""};
    if (match_send(r, &choice) == MATCH_REFUSED) {
        run_cancel(r, NULL);
    }
}

enum input_state match_line(struct question *q, const char *prompt) {
    enum input_state state;
    do {
        state = question_line(q, prompt, false);
    } while (state == INPUT_WAITING && run_aside(q->run));
    return state;
}

static void refuse_line(struct run *r) {
    struct failure f;
    failure_own(&f, SHK_E_MATCH_ANSWER, "MATCH_ANSWER",
                "答えの行を読み取れません。{\"answer\":\"patient:12\"} の形の JSON "
                "を一行で渡してください。",
                "The line is no answer; write {\"answer\":\"patient:12\"} in one line of JSON.");
    run_tell(r, &f);
}

/* Until a line can be used; the end of the input puts the question off. */
static void read_answer(struct question *q) {
    for (;;) {
        struct match_choice choice;
        enum input_state state = match_line(q, "");
        if (state == INPUT_WAITING) {
            return;
        }
        if (state == INPUT_CLOSED) {
            match_put_off(q->run);
            return;
        }
        if (state != INPUT_LINE || !match_read_line(q->line, q->len, &choice)) {
            refuse_line(q->run);
        } else if (match_send(q->run, &choice) == MATCH_SENT) {
            return;
        }
    }
}

/* A line that was written for a question before this one must not answer it. */
static bool may_be_stale(const struct run *r) {
    return r->args->command == COMMAND_WATCH || r->unanswered;
}

static void ask_program(struct run *r) {
    struct question q;
    bool ready = question_begin(&q, r, STANDARD_INPUT, LINE_CAP);
    if (ready && may_be_stale(r)) {
        input_drain(q.in);
    }
    match_report(&r->screen, &r->s, ready ? NULL : later);
    r->unanswered = true;
    if (ready) {
        read_answer(&q);
    } else {
        match_put_off(r);
    }
    question_end(&q);
}

static void ask_person(struct run *r) {
    struct question q = {.run = r};
    bool seen = r->args->match != NULL || question_is_seen(r);
    match_show(&r->screen, &r->s);
    if (seen && question_begin(&q, r, -1, LINE_CAP)) {
        match_ask(&q);
    } else {
        screen_step(&r->screen, "答える端末がありません。--match で決めておくこともできます",
                    "There is no terminal to answer at; see --match");
        match_put_off(r);
    }
    question_end(&q);
}

/* A patient's number that was given beforehand is that of the person meant, or nobody's here. */
static void answer_beforehand(struct run *r, const char *answer) {
    struct match_choice choice = {"", ""};
    (void)snprintf(choice.answer, sizeof choice.answer, "%s", answer);
    if (match_send(r, &choice) == MATCH_REFUSED) {
        match_put_off(r);
    }
}

void match_answer(struct run *r) {
    r->took = false;
    const char *given = given_answer(r->args);
    progress_leave_line(r);
    if (given == NULL) {
        if (r->screen.json) {
            ask_program(r);
        } else {
            ask_person(r);
        }
        return;
    }
    if (r->import != NULL) {
        import_match(r->import, &r->s, given);
    } else if (r->screen.json) {
        match_report(&r->screen, &r->s, given);
    } else {
        match_show(&r->screen, &r->s);
    }
    answer_beforehand(r, given);
}
