/* A reader with keys of its own: the person types there, and only the word on the last try is asked for here. */
#include <string.h>

#include "ask.h"

enum { LINE_CAP = 16 };

/* A prompt, which --quiet leaves out no more than the one at the terminal. */
static void say(struct run *r, bool known, int32_t tries) {
    char line[400];
    struct screen *screen = &r->screen;
    if (screen->json && (screen->quiet || !platform_is_terminal(stderr))) {
        return;
    }
    card_reader_words(r, line, sizeof line);
    size_t named = strlen(line);
    (void)snprintf(line + named, sizeof line - named, "%s",
                   screen_say(screen, "リーダーのキーで暗証番号(4桁)を入力してください",
                              "Type the PIN (4 digits) on the reader"));
    if (known) {
        size_t used = strlen(line);
        (void)snprintf(line + used, sizeof line - used,
                       screen_say(screen, "(残り%ld回)", "; tries left: %ld"), (long)tries);
    }
    out_line(screen->json ? &screen->err : &screen->out, STYLE_PLAIN, line);
}

static void refuse(struct run *r) {
    struct failure f;
    failure_own(&f, SHK_E_PIN_LAST_TRY, "PIN_LAST_TRY",
                "暗証番号を入力できるのはあと1回です。患者さんに確かめ、続けるときは --last-try "
                "を付けてください。",
                "One try is left; ask the person, and use --last-try to spend it.");
    f.retry = SHK_RETRY_OPERATOR;
    run_tell(r, &f);
    run_cancel(r, &f);
}

/* The person's yes: given with the command line, or at the terminal. */
static bool has_word(struct run *r, bool known) {
    struct question q;
    if (r->args->last_try) {
        return true;
    }
    bool ready = r->args->pin_fd < 0 && question_begin(&q, r, -1, LINE_CAP);
    if (!ready) {
        refuse(r);
        return false;
    }
    bool yes = pin_may_spend_last_try(&q, known);
    question_end(&q);
    return yes;
}

bool pad_answer(struct run *r) {
    int32_t pad = 0, tries = 0, last = 0;
    if (!value_int(&r->s, "pin.pad", &pad) || pad == 0) {
        return false;
    }
    bool known = value_int(&r->s, "pin.tries_left", &tries);
    (void)value_int(&r->s, "pin.last_try", &last);
    if (r->screen.json) {
        report_pin(&r->screen, &r->s, known, tries);
    }
    if (last != 0 && (!has_word(r, known) || r->s.door->answer_pin(r->s.id, "", 0, 1) != SHK_OK)) {
        return true; /* the events that follow say why */
    }
    say(r, known, tries);
    return true;
}
