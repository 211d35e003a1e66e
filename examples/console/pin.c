/* The PIN, or 照合番号B: from the terminal without echo or from a descriptor, once, into one buffer. */
#include <string.h>

#include "ask.h"

enum { LINE_CAP = 64 };

static bool is_yes(const char *line) {
    return strcmp(line, "y") == 0 || strcmp(line, "Y") == 0 || strcmp(line, "yes") == 0 ||
           strcmp(line, "はい") == 0;
}

/* Of SHK_PIN_ kinds; the first one for all that is not known. */
static const struct words names[] = {
    {"暗証番号(4桁)", "PIN (4 digits)"},
    {"暗証番号(4桁)", "PIN (4 digits)"},
    {"券面事項入力補助用の暗証番号(4桁)", "PIN of the card's text application (4 digits)"},
    {"照合番号B(14桁: 生年月日6桁(年は券面の年の下2桁。昭和55年なら55)、有効期限の西暦4桁、"
     "セキュリティコード4桁)",
     "照合番号B (14 digits: birth date with the last two digits of the year as the face has it, "
     "year of expiry, security code)"},
};

static int32_t kind_of(const struct run *r) {
    int32_t kind = 0;
    bool known = value_int(&r->s, "pin.kind", &kind) && kind > 0 &&
                 kind < (int32_t)(sizeof names / sizeof *names);
    return known ? kind : 0;
}

/* The last try belongs to the patient: a mistake blocks the card until a visit to the city office. */
bool pin_may_spend_last_try(struct question *q, bool known) {
    const char *prompt = screen_say(
        &q->run->screen,
        known ? "残り1回です。間違えるとロックされ、市区町村の窓口で再設定が必要になります。"
                "患者さんに確かめてください。続けますか? [y/N] "
              : "残りの回数がわかりません。残り1回なら、間違えるとロックされ、市区町村の窓口で再設"
                "定が"
                "必要になります。患者さんに確かめてください。続けますか? [y/N] ",
        known ? "One try is left; a mistake blocks the card. Go on? [y/N] "
              : "The tries left are not known; a mistake may block the card. Go on? [y/N] ");
    enum input_state state = question_line(q, prompt, false);
    if (state == INPUT_WAITING) {
        return false;
    }
    bool yes = state == INPUT_LINE && is_yes(q->line);
    if (!yes) {
        run_cancel(q->run, NULL);
    }
    return yes;
}

static void make_prompt(const struct run *r, bool known, int32_t tries, char *prompt, size_t cap) {
    card_reader_words(r, prompt, cap);
    size_t used = strlen(prompt);
    prompt += used;
    cap -= used;
    const struct words *name = &names[kind_of(r)];
    const char *what = screen_say(&r->screen, name->japanese, name->english);
    if (known && tries >= 0) {
        (void)snprintf(
            prompt, cap,
            screen_say(&r->screen, "%sを入力してください(残り%ld回): ", "%s, tries left: %ld: "),
            what, (long)tries);
    } else {
        (void)snprintf(prompt, cap, screen_say(&r->screen, "%sを入力してください: ", "%s: "), what);
    }
}

/* The one place where the PIN leaves this program. */
static int32_t send_pin(struct question *q, bool spend) {
    const struct session *s = &q->run->s;
    int32_t rc = s->door->answer_pin(s->id, q->line, (int32_t)q->len, spend ? 1 : 0);
    question_wipe(q);
    return rc;
}

static void give_up(struct run *r, const char *japanese, const char *english) {
    struct failure f;
    failure_own(&f, SHK_E_CANCELLED, "NO_PIN", japanese, english);
    f.retry = SHK_RETRY_OPERATOR;
    run_tell(r, &f);
    run_cancel(r, &f);
}

/* True: ask again. */
static bool after_refusal(struct question *q, int32_t rc) {
    struct failure f;
    if (rc == SHK_E_STATE) {
        /* The question ended meanwhile; the events say why. */
        return false;
    }
    failure_of_call(&q->run->s, rc, &f);
    run_tell(q->run, &f);
    if (rc == SHK_E_PIN_LAST_TRY && !q->run->screen.json) {
        out_line(&q->run->screen.err, STYLE_PLAIN,
                 screen_say(&q->run->screen, "続けるときは --last-try を付けてください",
                            "--last-try spends it"));
    }
    bool format = rc == SHK_E_PIN_FORMAT || rc == SHK_E_CODE_FORMAT;
    if (format && q->run->args->pin_fd < 0) {
        return true;
    }
    run_cancel(q->run, &f);
    return false;
}

static void ask(struct question *q, bool known, int32_t tries) {
    char prompt[600];
    int32_t last = 0;
    bool spend = q->run->args->last_try;
    bool terminal = q->run->args->pin_fd < 0;
    make_prompt(q->run, known, tries, prompt, sizeof prompt);
    (void)value_int(&q->run->s, "pin.last_try", &last);
    if (terminal && last != 0 && !spend) {
        if (!pin_may_spend_last_try(q, known)) {
            return;
        }
        spend = true;
    }
    for (;;) {
        enum input_state state = question_line(q, prompt, true);
        if (state == INPUT_WAITING) {
            return;
        }
        if (state == INPUT_CLOSED) {
            give_up(q->run, "暗証番号を受け取れませんでした。もう一度操作してください。",
                    "No PIN came before the end of the input.");
            return;
        }
        int32_t rc = send_pin(q, spend);
        if (rc == SHK_OK) {
            screen_step(&q->run->screen,
                        "入力された番号を確かめています。カードはまだ置いたままにしてください",
                        "Checking what was typed; leave the card where it is");
            return;
        }
        if (!after_refusal(q, rc)) {
            return;
        }
    }
}

void pin_answer(struct run *r) {
    int32_t tries = 0;
    bool known = value_int(&r->s, "pin.tries_left", &tries);
    struct question q;
    bool ready = question_begin(&q, r, r->args->pin_fd, LINE_CAP);
    if (q.in != NULL && r->args->pin_fd >= 0 && r->args->command == COMMAND_WATCH) {
        /* A line from before this question may be meant for the card before. */
        input_drain(q.in);
    }
    if (r->screen.json) {
        report_pin(&r->screen, &r->s, known, tries);
    }
    if (!ready) {
        give_up(r, "番号を入力する端末がありません。--pin-fd か --code-fd を使ってください。",
                "There is no terminal to type at; use --pin-fd or --code-fd.");
    } else {
        ask(&q, known, tries);
    }
    question_end(&q);
}
