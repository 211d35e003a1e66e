/* The card readers for a person: a list, or the verdict on each. */
#include <string.h>

#include "screen.h"

static char *text_of(const struct session *s, int32_t n, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "readers[%ld].%s", (long)n, name);
    return value_text(s, path);
}

static bool number_of(const struct session *s, int32_t n, const char *name, int32_t *out) {
    char path[64];
    (void)snprintf(path, sizeof path, "readers[%ld].%s", (long)n, name);
    return value_int(s, path, out);
}

static void list_reader(struct screen *screen, const struct session *s, int32_t n) {
    int32_t card = 0;
    char *name = text_of(s, n, "name");
    (void)number_of(s, n, "card", &card);
    const char *state = card == 0 ? screen_say(screen, "カードなし", "no card")
                                  : screen_say(screen, "カードあり", "card");
    out_text(&screen->out, name != NULL ? name : "?", false);
    out_raw(&screen->out, ": ", 2);
    out_line(&screen->out, card != 0 ? STYLE_BOLD : STYLE_DIM, state);
    value_free(&name);
}

/* Why there is none; a stopped service is not a missing reader. */
static void say_none(struct screen *screen, const struct session *s) {
    char *why = value_text(s, screen_say(screen, "readers.verdict", "readers.verdict_en"));
    out_line(&screen->out, STYLE_WARN,
             why != NULL ? why : screen_say(screen, "カードリーダーがありません", "no reader"));
    value_free(&why);
}

void show_readers(struct screen *screen, const struct session *s) {
    int32_t n = value_count(s, "readers");
    if (n == 0) {
        say_none(screen, s);
    }
    for (int32_t i = 1; i <= n && !screen->out.broken; i++) {
        list_reader(screen, s, i);
    }
}

/* "  label: value" when there is a value. */
static void say_fact(struct screen *screen, const char *label, const char *value) {
    if (value != NULL && value[0] != '\0') {
        out_spaces(&screen->out, 4);
        out_text(&screen->out, label, false);
        out_raw(&screen->out, ": ", 2);
        out_text(&screen->out, value, false);
        out_line(&screen->out, STYLE_PLAIN, "");
    }
}

static void say_text(struct screen *screen, const struct session *s, int32_t n, const char *label,
                     const char *name) {
    char *text = text_of(s, n, name);
    say_fact(screen, label, text);
    value_free(&text);
}

/* What the word of a value means to the person at the desk; null: nothing worth a line. */
static const char *word_for(const struct screen *screen, const char *word) {
    static const struct {
        const char *word, *japanese, *english;
    } words[] = {
        {"yes", "通る", "passes"},
        {"no", "通らない", "does not pass"},
        {"refused", "断られた", "refused"},
    };
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i].word) == 0) {
            return screen_say(screen, words[i].japanese, words[i].english);
        }
    }
    return NULL;
}

static void say_word(struct screen *screen, const struct session *s, int32_t n, const char *label,
                     const char *name) {
    char *word = text_of(s, n, name);
    say_fact(screen, label, word_for(screen, word));
    value_free(&word);
}

static void say_measured(struct screen *screen, const struct session *s, int32_t n) {
    int32_t number = 0;
    char line[48];
    if (number_of(s, n, "pin_pad", &number)) {
        say_fact(screen, screen_say(screen, "暗証番号のキー", "keys for the PIN"),
                 number != 0 ? screen_say(screen, "あり", "yes")
                             : screen_say(screen, "なし", "no"));
    }
    if (number_of(s, n, "apdu_us", &number)) {
        (void)snprintf(line, sizeof line, "%ld.%ld %s", (long)(number / 1000),
                       (long)(number % 1000 / 100), screen_say(screen, "ミリ秒", "ms"));
        say_fact(screen, screen_say(screen, "一回の応答", "one answer"), line);
    }
}

static void say_verdict(struct screen *screen, const struct session *s, int32_t n) {
    int32_t usable = -1;
    enum style style = STYLE_PLAIN;
    if (number_of(s, n, "usable", &usable)) {
        style = usable != 0 ? STYLE_GOOD : STYLE_BAD;
    }
    char *sentence = text_of(s, n, screen_say(screen, "verdict", "verdict_en"));
    out_spaces(&screen->out, 2);
    out_line(&screen->out, style, sentence != NULL ? sentence : "?");
    value_free(&sentence);
}

static void judge_reader(struct screen *screen, const struct session *s, int32_t n) {
    char *name = text_of(s, n, "name");
    out_style(&screen->out, STYLE_BOLD);
    out_text(&screen->out, name != NULL ? name : "?", false);
    out_style(&screen->out, STYLE_PLAIN);
    out_line(&screen->out, STYLE_PLAIN, "");
    value_free(&name);
    say_verdict(screen, s, n);
    say_text(screen, s, n, screen_say(screen, "カード", "card"),
             screen_say(screen, "card_name", "card_name_en"));
    say_word(screen, s, n, screen_say(screen, "拡張 Lc/Le", "extended Lc/Le"), "extended");
    say_word(screen, s, n, screen_say(screen, "短い番号でのファイルの指定", "short identifiers"),
             "short_ids");
    say_measured(screen, s, n);
    say_text(screen, s, n,
             screen_say(screen, "カードを使っているかもしれないソフト", "may hold the card"),
             "holder");
    say_text(screen, s, n, screen_say(screen, "ドライバー", "driver"), "driver");
    say_text(screen, s, n, "USB", "usb");
    say_text(screen, s, n, screen_say(screen, "一覧の機種", "model in the list"), "listed");
    say_text(screen, s, n, screen_say(screen, "一覧の説明", "the list says"),
             screen_say(screen, "listed_note", "listed_note_en"));
}

static const char *service_words(const struct screen *screen, const char *service) {
    if (strcmp(service, "running") == 0) {
        return screen_say(screen, "動いています", "running");
    }
    return strcmp(service, "stopped") == 0 ? screen_say(screen, "止まっています", "stopped")
                                           : screen_say(screen, "入っていません", "missing");
}

static const char *session_words(const struct screen *screen, const char *session) {
    if (strcmp(session, "local") == 0) {
        return screen_say(screen, "このパソコンの画面", "local");
    }
    if (strcmp(session, "remote") == 0) {
        return screen_say(screen, "遠隔操作の画面", "remote desktop");
    }
    return strcmp(session, "ssh") == 0 ? screen_say(screen, "遠隔操作(SSH)", "SSH")
                                       : screen_say(screen, "サービス", "service");
}

static void say_machine(struct screen *screen, const struct session *s) {
    char line[256];
    int32_t bits = 0;
    char *service = value_text(s, "readers.service"), *session = value_text(s, "readers.session");
    char *date = value_text(s, "readers.list_date");
    (void)value_int(s, "readers.bits", &bits);
    (void)snprintf(line, sizeof line,
                   screen_say(screen, "カードのサービス: %s  画面: %s  %ld ビット  機種の一覧: %s",
                              "card service: %s  session: %s  %ld bit  list of models: %s"),
                   service != NULL ? service_words(screen, service) : "?",
                   session != NULL ? session_words(screen, session) : "?", (long)bits,
                   date != NULL ? date : "?");
    out_line(&screen->out, STYLE_DIM, line);
    value_free(&service);
    value_free(&session);
    value_free(&date);
}

void show_readers_verdict(struct screen *screen, const struct session *s) {
    int32_t n = value_count(s, "readers");
    say_machine(screen, s);
    char *none = value_text(s, screen_say(screen, "readers.verdict", "readers.verdict_en"));
    if (none != NULL) {
        out_line(&screen->out, STYLE_WARN, none);
    }
    value_free(&none);
    for (int32_t i = 1; i <= n && !screen->out.broken; i++) {
        judge_reader(screen, s, i);
    }
}

bool show_readers_usable(const struct session *s) {
    int32_t n = value_count(s, "readers"), usable = 0;
    for (int32_t i = 1; i <= n; i++) {
        if (number_of(s, i, "usable", &usable) && usable != 0) {
            return true;
        }
    }
    return false;
}
