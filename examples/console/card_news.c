/* What staff should hear of a card or a reader, besides faults. */
#include "run.h"

static void copy_text(struct json *j, const struct session *s, const char *key, const char *path) {
    char *text = value_text(s, path);
    json_text(j, key, text);
    value_free(&text);
}

static void report_notice(struct run *r) {
    struct json j = {&r->screen.out, true};
    int32_t number = 0;
    json_open(&j, NULL, '{');
    json_text(&j, "event", "notice");
    if (value_int(&r->s, "notice", &number)) {
        json_number(&j, "notice", number);
    }
    copy_text(&j, &r->s, "message", "notice.message");
    copy_text(&j, &r->s, "message_en", "notice.message_en");
    copy_text(&j, &r->s, "expires_on", "card.expires_on");
    if (value_int(&r->s, "card.days_left", &number)) {
        json_number(&j, "days_left", number);
    }
    json_close(&j, '}');
    json_end_line(&j);
}

void card_notice(struct run *r) {
    if (r->screen.json) {
        report_notice(r);
        return;
    }
    char *words = value_text(&r->s, r->screen.english ? "notice.message_en" : "notice.message");
    if (words != NULL) {
        out_line(&r->screen.out, STYLE_WARN, words);
        out_flush(&r->screen.out);
    }
    value_free(&words);
}

void card_other(struct run *r) {
    char line[256];
    char *name = value_text(&r->s, r->screen.english ? "card.name_en" : "card.name");
    if (name != NULL && !r->screen.json) {
        (void)snprintf(line, sizeof line,
                       screen_say(&r->screen, "置かれているカード: %s", "The card seems to be: %s"),
                       name);
        out_line(&r->screen.err, STYLE_PLAIN, line);
        out_flush(&r->screen.err);
    }
    value_free(&name);
}

void card_reader_words(const struct run *r, char *out, size_t cap) {
    char *name = value_count(&r->s, "readers") > 1 ? value_text(&r->s, "card.reader") : NULL;
    out[0] = '\0';
    if (name != NULL) {
        (void)snprintf(out, cap, screen_say(&r->screen, "リーダー: %s。", "Reader: %s. "), name);
    }
    value_free(&name);
}

void card_readers(struct run *r) {
    if (r->screen.json) {
        report_readers(&r->screen, &r->s);
        return;
    }
    if (r->args->command == COMMAND_WATCH) {
        screen_step(&r->screen, "カードリーダーが変わりました", "The readers have changed");
    }
    if (r->args->command == COMMAND_READERS && !r->args->quick) {
        show_readers_verdict(&r->screen, &r->s);
    } else {
        show_readers(&r->screen, &r->s);
    }
    out_flush(&r->screen.out);
}
