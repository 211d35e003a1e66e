/* The passphrase of the device's key, or of the one that signs a pack: typed without echo or read from a descriptor, handed on, wiped. */
#include "ask.h"

enum { PASSPHRASE_CAP = 320 };

static void give_up(struct run *r, const char *japanese, const char *english) {
    struct failure f;
    failure_own(&f, SHK_E_PASSPHRASE, "PASSPHRASE", japanese, english);
    f.retry = SHK_RETRY_OPERATOR;
    run_tell(r, &f);
    run_cancel(r, &f);
}

static bool signs(const struct run *r) {
    return r->args->command == COMMAND_PACK_SIGN;
}

static void send(struct question *q) {
    struct failure f;
    const struct session *s = &q->run->s;
    int32_t rc = s->door->put(s->id, "secret", -1, (const uint8_t *)q->line, (int32_t)q->len);
    question_wipe(q);
    /* SHK_E_STATE: the question ended meanwhile; the events say why. */
    if (rc < 0 && rc != SHK_E_STATE) {
        failure_of_call(s, rc, &f);
        run_tell(q->run, &f);
        run_cancel(q->run, &f);
    }
}

static void ask(struct question *q) {
    const struct screen *screen = &q->run->screen;
    const char *prompt = signs(q->run)
                             ? screen_say(screen, "署名する鍵のパスワードを入力してください: ",
                                          "Passphrase of the signing key: ")
                             : screen_say(screen, "端末の証明書のパスワードを入力してください: ",
                                          "Passphrase of the device's key: ");
    enum input_state state = question_line(q, prompt, true);
    if (state == INPUT_LINE && q->len > 0) {
        send(q);
    } else if (state != INPUT_WAITING) {
        give_up(q->run, "パスワードを受け取れませんでした。もう一度操作してください。",
                "No passphrase came.");
    }
}

void secret_answer(struct run *r) {
    struct question q;
    if (r->secret_given && r->args->secret_fd >= 0) {
        /* The same line would be read, or none. */
        give_up(r,
                signs(r) ? "署名する鍵のパスワードが違います。"
                         : "端末の証明書のパスワードが違います。",
                "The passphrase is wrong.");
        return;
    }
    r->secret_given = true;
    if (r->screen.json && !r->one_object) {
        report_event(&r->screen, "secret");
    }
    if (question_begin(&q, r, r->args->secret_fd, PASSPHRASE_CAP)) {
        ask(&q);
    } else {
        give_up(r, "パスワードを入力する端末がありません。--secret-fd を使ってください。",
                "There is no terminal to type the passphrase at; use --secret-fd.");
    }
    question_end(&q);
}
