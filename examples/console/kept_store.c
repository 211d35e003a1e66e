/* How the store is, and what was done to it. */
#include "kept.h"

static const char store[] = "store";

static const struct {
    const char *name, *japanese, *english;
} lines[] = {
    {"waiting", "送信待ち", "waiting"},
    {"undecided", "うち患者が決まっていないもの", "of them undecided"},
    {"delivered", "渡し終えたもの", "delivered"},
    {"history", "履歴の件数", "entries of the history"},
    {"patients", "確かめた患者", "patients confirmed"},
    {"schema", "保存先の版", "schema"},
    {"key", "いまの鍵の番号", "number of the key in use"},
    {"keys", "鍵の数", "keys"},
};

static void say_text(struct run *r, const char *name, const char *japanese, const char *english) {
    char *text = kept_text(&r->s, store, 0, name);
    if (text != NULL && text[0] != '\0') {
        out_text(&r->screen.out, screen_say(&r->screen, japanese, english), false);
        out_raw(&r->screen.out, ": ", 2);
        out_line(&r->screen.out, STYLE_PLAIN, text);
    }
    value_free(&text);
}

static void say_all(struct run *r) {
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        kept_say_number(r, store, lines[i].name, lines[i].japanese, lines[i].english);
    }
    say_text(r, "oldest_waiting", "いちばん古い送信待ち", "oldest that waits");
}

static void say_file(struct run *r, const char *japanese, const char *english) {
    out_text(&r->screen.out, screen_say(&r->screen, japanese, english), false);
    out_raw(&r->screen.out, ": ", 2);
    out_line(&r->screen.out, STYLE_PLAIN, r->source);
}

static void say(struct run *r, const char *japanese, const char *english) {
    out_line(&r->screen.out, STYLE_WARN, screen_say(&r->screen, japanese, english));
}

void kept_show_store(struct run *r) {
    switch (r->args->command) {
    case COMMAND_STORE_PURGE:
        kept_say_number(r, store, "purged", "保存期間を過ぎて消したもの",
                        "removed, being older than is kept");
        break;
    case COMMAND_STORE_ROTATE:
        out_line(&r->screen.out, STYLE_PLAIN,
                 screen_say(&r->screen, "新しい鍵に替えました", "The key was changed"));
        kept_say_number(r, store, "key", "いまの鍵の番号", "number of the key in use");
        say(r, "鍵の控えがあれば、取り直してください(shikaku store export-key)",
            "A copy of the key has to be made anew: shikaku store export-key");
        break;
    case COMMAND_STORE_EXPORT_KEY:
        say_file(r, "鍵を書き出しました", "The key was written");
        say(r,
            "この鍵があれば、保存した回答と履歴を誰でも開けます。受付パソコンとは別の、"
            "鍵のかかる場所に保管してください",
            "Whoever has this key can open what is kept; store it elsewhere, locked away");
        break;
    case COMMAND_STORE_IMPORT_KEY:
        say_file(r, "鍵を取り込みました", "The key was taken in");
        break;
    default:
        say_all(r);
        break;
    }
}

void kept_put_store(struct json *j, const struct run *r) {
    static const char *const numbers[] = {"schema",    "waiting", "undecided",
                                          "delivered", "history", "patients",
                                          "purged",    "key",     "keys"};
    static const char *const texts[] = {"oldest_waiting"};
    kept_put_numbers(j, &r->s, store, 0, numbers, sizeof numbers / sizeof *numbers);
    kept_put_texts(j, &r->s, store, 0, texts, sizeof texts / sizeof *texts);
    json_text(j, "file", r->source);
}
