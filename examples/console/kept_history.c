/* Who was checked when, and what was delivered where. */
#include <string.h>

#include "kept.h"
#include "table.h"

static const char history[] = "history";

/* What the last column tells of an entry, with the word that stands before it. */
static const struct {
    const char *name, *japanese, *english;
} told[] = {
    {"outcome", "", ""},
    {"source", "", ""},
    {"script", "", ""},
    {"adapter", "", ""},
    {"place", "", ""},
    {"patient_id", "患者番号 ", "patient "},
    {"decision", "判断 ", "decided: "},
    {"warning", "注意 ", "warning: "},
    {"fault", "障害 ", "fault: "},
};

/* Every fact, in the order of plugin/store/history_facts.def; an entry has some of them. */
static const char *const facts[] = {
    "outcome",    "source",    "route",          "day",        "reader",
    "name",       "name_kana", "birth_date",     "sex",        "insurer_number",
    "symbol",     "number",    "branch_number",  "valid_from", "valid_until",
    "patient_id", "grade",     "reasons",        "decision",   "decided_by",
    "taken",      "script",    "script_version", "pack",       "pack_signed",
    "adapter",    "target",    "place",          "warning",    "attempts",
    "late_s",     "machine",   "version",        "key",        "purged_until",
    "fault",
};

static void cell(struct table *table, const struct session *s, int32_t n, const char *name) {
    char *text = kept_text(s, history, n, name);
    table_cell(table, text != NULL && text[0] != '\0' ? text : "-");
    value_free(&text);
}

/* Values that are words of the plugin's own; any other stands as it is. */
static const char *fact_words(const struct screen *screen, const char *fact, const char *value) {
    static const struct {
        const char *fact, *value, *japanese, *english;
    } words[] = {
        {"outcome", "1", "資格あり", "eligible"},
        {"outcome", "2", "資格なし", "not eligible"},
        {"outcome", "3", "有効・無効の記載なし", "validity not stated"},
        {"decision", "skip", "渡さない", "not delivered"},
        {"decision", "drop", "送信待ちから取り除いた", "dropped from the outbox"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(fact, words[i].fact) == 0 && strcmp(value, words[i].value) == 0) {
            return screen_say(screen, words[i].japanese, words[i].english);
        }
    }
    return value;
}

/* What is known of an entry besides who and when, one behind the other. */
static void told_cell(struct table *table, const struct run *r, int32_t n) {
    char words[600] = "";
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        char *text = kept_text(&r->s, history, n, told[i].name);
        size_t used = strlen(words);
        if (text != NULL && text[0] != '\0') {
            (void)snprintf(words + used, sizeof words - used, "%s%s%s", used > 0 ? ", " : "",
                           screen_say(&r->screen, told[i].japanese, told[i].english),
                           fact_words(&r->screen, told[i].name, text));
        }
        value_free(&text);
    }
    table_cell(table, words[0] != '\0' ? words : "-");
}

static void say_list(struct run *r) {
    static const char *const japanese[] = {"番号", "日時", "できごと", "氏名", "内容"};
    static const char *const english[] = {"no.", "at", "what", "name", "more"};
    struct table table = {.columns = 5, .right = 1u};
    int32_t n = value_count(&r->s, history);
    if (n == 0) {
        out_line(&r->screen.out, STYLE_PLAIN,
                 screen_say(&r->screen, "当てはまる履歴はありません", "No such entry"));
        return;
    }
    for (size_t i = 0; i < 5; i++) {
        table_cell(&table, screen_say(&r->screen, japanese[i], english[i]));
    }
    for (int32_t i = 1; i <= n; i++) {
        cell(&table, &r->s, i, "seq");
        cell(&table, &r->s, i, "at");
        cell(&table, &r->s, i, r->screen.english ? "kind" : "kind_text");
        cell(&table, &r->s, i, "name");
        told_cell(&table, r, i);
    }
    table_print(&table, &r->screen.out);
}

/* How far the evidence reaches. */
static void say_verified(struct run *r, const struct failure *f) {
    char line[320];
    int32_t entries = 0, first = 0, last = 0, broken = 0;
    (void)kept_number(&r->s, history, 0, "entries", &entries);
    (void)kept_number(&r->s, history, 0, "first", &first);
    (void)kept_number(&r->s, history, 0, "last", &last);
    if (kept_number(&r->s, history, 0, "broken", &broken) && broken > 0) {
        (void)snprintf(
            line, sizeof line,
            screen_say(&r->screen,
                       "履歴が壊れています: 最初に合わないのは%ld番の記録です。"
                       "その前までの記録は書きかえられていません",
                       "The history is broken: entry %ld is the first that does not fit; "
                       "those before it are unaltered"),
            (long)broken);
        out_line(&r->screen.out, STYLE_BAD, line);
    } else if (f->code == 0) {
        (void)snprintf(line, sizeof line,
                       screen_say(&r->screen,
                                  "履歴に書きかえや抜けはありません: %ld件(%ld番から%ld番まで)",
                                  "The history is whole: %ld entries, number %ld to %ld"),
                       (long)entries, (long)first, (long)last);
        out_line(&r->screen.out, STYLE_GOOD, line);
    }
}

static void say_exported(struct run *r) {
    char line[1200];
    int32_t rows = 0;
    (void)kept_number(&r->s, history, 0, "exported", &rows);
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "履歴%ld件を書き出しました: %s",
                              "%ld entries of the history written: %s"),
                   (long)rows, r->source);
    out_line(&r->screen.out, STYLE_PLAIN, line);
    out_line(&r->screen.out, STYLE_WARN,
             screen_say(&r->screen, "患者の氏名などが入っています。使い終わったら消してください",
                        "It holds patients' names; remove it when it is no longer needed"));
}

void kept_show_history(struct run *r, const struct failure *f) {
    if (r->args->command == COMMAND_HISTORY_VERIFY) {
        say_verified(r, f);
    } else if (f->code == 0 && r->args->command == COMMAND_HISTORY_EXPORT) {
        say_exported(r);
    } else if (f->code == 0) {
        say_list(r);
    }
}

static void put_entries(struct json *j, const struct session *s) {
    static const char *const texts[] = {"at", "kind", "kind_text", "answer", "delivery"};
    static const char *const numbers[] = {"seq"};
    int32_t n = value_count(s, history);
    json_open(j, history, '[');
    for (int32_t i = 1; i <= n && !j->out->broken; i++) {
        json_open(j, NULL, '{');
        kept_put_numbers(j, s, history, i, numbers, 1);
        kept_put_texts(j, s, history, i, texts, sizeof texts / sizeof *texts);
        kept_put_texts(j, s, history, i, facts, sizeof facts / sizeof *facts);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void kept_put_history(struct json *j, const struct run *r) {
    static const char *const numbers[] = {"entries", "first", "last", "broken", "exported"};
    if (r->args->command == COMMAND_HISTORY_LIST) {
        put_entries(j, &r->s);
    } else if (r->args->command == COMMAND_HISTORY_EXPORT) {
        json_text(j, "file", r->source);
    }
    kept_put_numbers(j, &r->s, history, 0, numbers, sizeof numbers / sizeof *numbers);
}
