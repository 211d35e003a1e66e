/* What waits to be delivered. */
#include <string.h>

#include "kept.h"
#include "table.h"

static const char outbox[] = "outbox";

static void text_cell(struct table *table, char **text) {
    table_cell(table, *text != NULL && (*text)[0] != '\0' ? *text : "-");
    value_free(text);
}

static void cell(struct table *table, const struct session *s, int32_t n, const char *name) {
    char *text = kept_text(s, outbox, n, name);
    text_cell(table, &text);
}

static void state_cell(struct table *table, const struct run *r, int32_t n) {
    int32_t claimed = 0;
    char *text = kept_text(&r->s, outbox, n, r->screen.english ? "state" : "state_text");
    if (kept_number(&r->s, outbox, n, "claimed", &claimed) && claimed != 0) {
        table_cell(table, screen_say(&r->screen, "渡している途中", "being delivered"));
        value_free(&text);
        return;
    }
    text_cell(table, &text);
}

/* Where it cannot be delivered to any more is marked, because no attempt will help. */
static void target_cell(struct table *table, const struct run *r, int32_t n) {
    char words[256];
    int32_t delivery = 0;
    char *target = kept_text(&r->s, outbox, n, "target");
    bool configured = kept_number(&r->s, outbox, n, "delivery", &delivery);
    (void)snprintf(words, sizeof words, "%s%s", target != NULL ? target : "?",
                   configured ? ""
                              : screen_say(&r->screen, "(設定にありません)", " (not configured)"));
    table_cell(table, words);
    value_free(&target);
}

static void reason_cell(struct table *table, const struct run *r, int32_t n) {
    struct failure f;
    kept_failure(&r->s, outbox, n, &f);
    table_cell(table, f.code != 0 ? screen_say(&r->screen, f.message, f.message_en) : "-");
}

static void row(struct table *table, const struct run *r, int32_t n) {
    cell(table, &r->s, n, "id");
    state_cell(table, r, n);
    cell(table, &r->s, n, "at");
    cell(table, &r->s, n, "attempts");
    target_cell(table, r, n);
    cell(table, &r->s, n, "name");
    cell(table, &r->s, n, "birth_date");
    reason_cell(table, r, n);
}

static bool is_meant(const struct session *s, int32_t n, const char *id) {
    char *one = id != NULL ? kept_text(s, outbox, n, "id") : NULL;
    bool meant = id == NULL || (one != NULL && strcmp(one, id) == 0);
    value_free(&one);
    return meant;
}

int32_t kept_show_waiting(struct run *r, const char *id) {
    static const char *const japanese[] = {"番号",   "状態", "いつから", "回数",
                                           "渡し先", "氏名", "生年月日", "渡せなかった理由"};
    static const char *const english[] = {"id",  "state", "since", "attempts",
                                          "for", "name",  "born",  "why"};
    struct table table = {.columns = 8, .right = 1u << 3};
    int32_t n = value_count(&r->s, outbox), shown = 0;
    for (size_t i = 0; i < 8; i++) {
        table_cell(&table, screen_say(&r->screen, japanese[i], english[i]));
    }
    for (int32_t i = 1; i <= n; i++) {
        if (is_meant(&r->s, i, id)) {
            row(&table, r, i);
            shown++;
        }
    }
    if (shown > 0) {
        table_print(&table, &r->screen.out);
    } else {
        table_clear(&table);
    }
    return shown;
}

static void say_list(struct run *r) {
    char line[160];
    int32_t waiting = 0, undecided = 0;
    if (kept_show_waiting(r, NULL) == 0) {
        out_line(&r->screen.out, STYLE_PLAIN,
                 screen_say(&r->screen, "送信待ちはありません", "Nothing waits"));
        return;
    }
    (void)kept_number(&r->s, outbox, 0, "waiting", &waiting);
    (void)kept_number(&r->s, outbox, 0, "undecided", &undecided);
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "送信待ち %ld件、うち患者が決まっていないもの %ld件",
                              "%ld wait to be delivered, of %ld the patient is not decided"),
                   (long)waiting, (long)undecided);
    out_line(&r->screen.out, STYLE_BOLD, line);
}

void kept_show_outbox(struct run *r) {
    if (r->args->command == COMMAND_OUTBOX_LIST) {
        say_list(r);
        return;
    }
    out_line(&r->screen.out, STYLE_PLAIN,
             screen_say(&r->screen, "取り除きました。このことは履歴に残ります",
                        "Dropped; the history tells of it"));
}

static void put_row(struct json *j, const struct session *s, int32_t n) {
    static const char *const texts[] = {"id",     "state",  "state_text", "at",        "target",
                                        "source", "answer", "name",       "birth_date"};
    static const char *const numbers[] = {"attempts", "delivery", "record"};
    int32_t claimed = 0;
    struct failure f;
    json_open(j, NULL, '{');
    kept_put_texts(j, s, outbox, n, texts, sizeof texts / sizeof *texts);
    kept_put_numbers(j, s, outbox, n, numbers, sizeof numbers / sizeof *numbers);
    if (kept_number(s, outbox, n, "claimed", &claimed) && claimed != 0) {
        json_bool(j, "claimed", true);
    }
    kept_failure(s, outbox, n, &f);
    if (f.code != 0) {
        report_fault(j, "fault", &f);
    }
    json_close(j, '}');
}

void kept_put_outbox(struct json *j, const struct run *r) {
    static const char *const numbers[] = {"waiting", "undecided"};
    if (r->args->command == COMMAND_OUTBOX_LIST) {
        int32_t n = value_count(&r->s, outbox);
        json_open(j, outbox, '[');
        for (int32_t i = 1; i <= n && !j->out->broken; i++) {
            put_row(j, &r->s, i);
        }
        json_close(j, ']');
    } else {
        json_text(j, "id", r->source);
    }
    kept_put_numbers(j, &r->s, outbox, 0, numbers, sizeof numbers / sizeof *numbers);
}
