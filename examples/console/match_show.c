/* Whose answer is this, for the person at the desk: the answer, the candidates, and what differs. */
#include <string.h>

#include "match.h"
#include "table.h"

static const struct {
    const char *name, *japanese, *english;
} differences[] = {
    {"variant", "同じ(字体の違い)", "same (written otherwise)"},
    {"missing", "●は、今の字を残します", "● in the answer: yours stays"},
    {"remembered", "同じ(前に確かめた書き方)", "same (confirmed before)"},
    {"added", "登録にない項目", "not there yet"},
    {"other", "違います", "differs"},
};

/* A host may write its dates as eight digits. */
static void write_date(const char *value, char *out, size_t cap) {
    char dashed[16];
    bool digits = strlen(value) == 8 && strspn(value, "0123456789") == 8;
    (void)snprintf(dashed, sizeof dashed, "%.4s-%.2s-%s", value, value + (digits ? 4 : 0),
                   value + (digits ? 6 : 0));
    date_japanese(digits ? dashed : value, out, cap);
}

void match_write_value(const struct screen *screen, const char *path, const char *value, char *out,
                       size_t cap) {
    bool date = strstr(path, "date") != NULL || strstr(path, "valid_") != NULL;
    if (value == NULL || value[0] == '\0') {
        (void)snprintf(out, cap, "%s", screen_say(screen, "(なし)", "(none)"));
    } else if (date && !screen->english) {
        write_date(value, out, cap);
    } else {
        (void)snprintf(out, cap, "%s", value);
    }
}

static void labelled(struct screen *screen, const char *japanese, const char *english,
                     const char *text) {
    if (text != NULL && text[0] != '\0') {
        out_raw(&screen->out, "  ", 2);
        out_text(&screen->out, screen_say(screen, japanese, english), false);
        out_raw(&screen->out, ": ", 2);
        out_line(&screen->out, STYLE_PLAIN, text);
    }
}

static void show_target(struct screen *screen, const struct session *s) {
    char words[256];
    int32_t delivery = 0;
    char *target = match_text(s, 0, NULL, 0, "target");
    bool numbered = match_number(s, 0, NULL, 0, "delivery", &delivery);
    (void)snprintf(words, sizeof words, "%s", target != NULL ? target : "");
    if (numbered && target != NULL) {
        (void)snprintf(words, sizeof words,
                       screen_say(screen, "%s(設定の%ld番目の渡し先)", "%s (delivery %ld)"), target,
                       (long)delivery);
    }
    labelled(screen, "渡し先", "For", words);
    value_free(&target);
}

/* What a receptionist compares with the person before him. */
static const struct {
    const char *path, *japanese, *english;
} person[] = {
    {"name", "氏名", "Name"},
    {"name_kana", "カナ", "Kana"},
    {"birth_date", "生年月日", "Born"},
    {"sex_label", "性別", "Sex"},
};

static void show_person(struct screen *screen, const struct session *s) {
    char words[256];
    out_line(&screen->out, STYLE_PLAIN, screen_say(screen, "今回の回答:", "The answer:"));
    for (size_t i = 0; i < sizeof person / sizeof *person; i++) {
        char *value = match_person(s, person[i].path);
        if (value != NULL && value[0] != '\0') {
            match_write_value(screen, person[i].path, value, words, sizeof words);
            labelled(screen, person[i].japanese, person[i].english, words);
        }
        value_free(&value);
    }
}

/* "[1] 患者番号 12  見本 太郎  ミホン タロウ  1954-01-05" */
static void show_heading(struct screen *screen, const struct session *s, int32_t candidate) {
    char words[256];
    char *id = match_text(s, candidate, NULL, 0, "id");
    (void)snprintf(words, sizeof words,
                   screen_say(screen, "[%ld] 患者番号 ", "[%ld] patient number "), (long)candidate);
    out_style(&screen->out, STYLE_BOLD);
    out_text(&screen->out, words, false);
    out_text(&screen->out, id != NULL ? id : "?", false);
    for (size_t i = 0; i < 3; i++) {
        char *value = match_old(s, candidate, person[i].path);
        if (value != NULL && value[0] != '\0') {
            match_write_value(screen, person[i].path, value, words, sizeof words);
            out_raw(&screen->out, "  ", 2);
            out_text(&screen->out, words, false);
        }
        value_free(&value);
    }
    out_style(&screen->out, STYLE_PLAIN);
    out_raw(&screen->out, "\n", 1);
    value_free(&id);
}

/* For and against are in the words themselves. */
static void show_reasons(struct screen *screen, const struct session *s, int32_t candidate) {
    int32_t n = match_count(s, candidate, "reason");
    for (int32_t i = 1; i <= n; i++) {
        char *text = match_text(s, candidate, "reason", i, screen->english ? "text_en" : "text");
        if (text != NULL) {
            out_raw(&screen->out, "    - ", 6);
            out_line(&screen->out, STYLE_PLAIN, text);
        }
        value_free(&text);
    }
}

char *match_label(const struct screen *screen, const struct session *s, int32_t candidate,
                  int32_t n) {
    char *label = match_text(s, candidate, "field", n, screen->english ? "label_en" : "label");
    return label != NULL ? label : match_text(s, candidate, "field", n, "path");
}

static void difference_cell(struct table *table, const struct screen *screen,
                            const struct session *s, int32_t candidate, int32_t n) {
    char *name = match_text(s, candidate, "field", n, "difference");
    char *text = match_text(s, candidate, "field", n, "difference_text");
    const char *words = text != NULL ? text : name;
    for (size_t i = 0; name != NULL && i < sizeof differences / sizeof *differences; i++) {
        if (strcmp(name, differences[i].name) == 0) {
            words = screen_say(screen, differences[i].japanese, differences[i].english);
        }
    }
    table_cell(table, words);
    value_free(&name);
    value_free(&text);
}

static void difference_row(struct table *table, const struct screen *screen,
                           const struct session *s, int32_t candidate, int32_t n) {
    char words[512];
    char *path = match_text(s, candidate, "field", n, "path");
    char *label = match_label(screen, s, candidate, n);
    char *old = match_text(s, candidate, "field", n, "old");
    char *now = match_text(s, candidate, "field", n, "now");
    table_cell(table, label);
    match_write_value(screen, path != NULL ? path : "", old, words, sizeof words);
    table_cell(table, words);
    match_write_value(screen, path != NULL ? path : "", now, words, sizeof words);
    table_cell(table, words);
    difference_cell(table, screen, s, candidate, n);
    value_free(&path);
    value_free(&label);
    value_free(&old);
    value_free(&now);
}

static void show_differences(struct screen *screen, const struct session *s, int32_t candidate) {
    static const char *const japanese[] = {"項目", "いまの登録", "今回の回答", "違い"};
    static const char *const english[] = {"field", "on file", "answer", "difference"};
    struct table table = {.columns = 4, .indent = 4};
    int32_t n = match_count(s, candidate, "field"), shown = 0;
    for (size_t i = 0; i < 4; i++) {
        table_cell(&table, screen_say(screen, japanese[i], english[i]));
    }
    for (int32_t i = 1; i <= n; i++) {
        if (match_field_kind(s, candidate, i) != MATCH_KIND_EQUAL) {
            difference_row(&table, screen, s, candidate, i);
            shown++;
        }
    }
    if (shown > 0) {
        table_print(&table, &screen->out);
        return;
    }
    table_clear(&table);
    out_line(&screen->out, STYLE_PLAIN,
             screen_say(screen, "    登録との違いはありません", "    nothing differs"));
}

static void show_candidate(struct screen *screen, const struct session *s, int32_t candidate) {
    char *grade = match_grade(screen, s, candidate);
    show_heading(screen, s, candidate);
    labelled(screen, "  判定", "  Grade", grade);
    show_reasons(screen, s, candidate);
    show_differences(screen, s, candidate);
    value_free(&grade);
}

static void show_left_out(struct screen *screen, const struct session *s) {
    int32_t n = 0;
    char words[160];
    if (match_number(s, 0, NULL, 0, "left_out", &n) && n > 0) {
        (void)snprintf(words, sizeof words,
                       screen_say(screen,
                                  "ほかに%ld人が当てはまります。ここにいなければ、渡し先で探して"
                                  "ください",
                                  "%ld more could be meant; look in the host program"),
                       (long)n);
        out_line(&screen->out, STYLE_WARN, words);
    }
}

void match_show(struct screen *screen, const struct session *s) {
    int32_t n = match_count(s, 0, NULL);
    char *grade = match_grade(screen, s, 0);
    out_line(&screen->out, STYLE_WARN,
             screen_say(screen, "どの患者の回答か、確かめてください", "Whose answer is this?"));
    show_target(screen, s);
    labelled(screen, "判定", "Grade", grade);
    show_person(screen, s);
    if (n == 0) {
        out_line(&screen->out, STYLE_PLAIN,
                 screen_say(screen, "当てはまる患者は登録されていません", "Nobody on file fits"));
    }
    for (int32_t i = 1; i <= n && !screen->out.broken; i++) {
        show_candidate(screen, s, i);
    }
    show_left_out(screen, s);
    out_flush(&screen->out);
    value_free(&grade);
}
