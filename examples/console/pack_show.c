/* Packs, their samples and what they see, for a person. */
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "table.h"
#include "utf8.h"

enum { LABEL_COLUMNS = 16 };

static const char *sentence(const struct screen *screen, const struct failure *f) {
    return screen_say(screen, f->message, f->message_en);
}

/* Where there is a value in the other language it is better than none. */
static char *name_of(const struct screen *screen, const struct session *s, const char *list,
                     int32_t n) {
    char *name = screen->english ? pack_text(s, list, n, "name_en") : NULL;
    return name != NULL && name[0] != '\0' ? name : pack_text(s, list, n, "name");
}

static void cell(struct table *table, const struct session *s, const char *list, int32_t n,
                 const char *name) {
    char *text = pack_text(s, list, n, name);
    table_cell(table, text != NULL && text[0] != '\0' ? text : "-");
    value_free(&text);
}

static void signed_cell(struct table *table, struct run *r, const char *list, int32_t n) {
    char *is_signed = pack_text(&r->s, list, n, "signed");
    const char *words = pack_signed_words(&r->screen, is_signed);
    table_cell(table, words[0] != '\0' ? words : "-");
    value_free(&is_signed);
}

static void list_row(struct table *table, struct run *r, int32_t n) {
    struct failure f;
    char state[900];
    cell(table, &r->s, "packs", n, "folder");
    cell(table, &r->s, "packs", n, "id");
    cell(table, &r->s, "packs", n, "version");
    cell(table, &r->s, "packs", n, "name");
    signed_cell(table, r, "packs", n);
    pack_failure(&r->s, "packs", n, &f);
    (void)snprintf(state, sizeof state, "%s%s%s%s%s",
                   f.code == 0 ? screen_say(&r->screen, "使えます", "ok")
                               : screen_say(&r->screen, "使えません: ", "not usable: "),
                   f.where, f.where[0] != '\0' ? " (" : "",
                   f.code != 0 ? sentence(&r->screen, &f) : "", f.where[0] != '\0' ? ")" : "");
    table_cell(table, state);
}

void pack_show_list(struct run *r) {
    static const char *const japanese[] = {"フォルダー", "id", "版", "名前", "署名", "状態"};
    static const char *const english[] = {"folder", "id", "version", "name", "signature", "state"};
    struct table table = {.columns = 6};
    int32_t n = value_count(&r->s, "packs");
    if (n == 0) {
        out_line(&r->screen.out, STYLE_WARN,
                 screen_say(&r->screen, "パックがありません", "no pack"));
        return;
    }
    for (size_t i = 0; i < 6; i++) {
        table_cell(&table, screen_say(&r->screen, japanese[i], english[i]));
    }
    for (int32_t i = 1; i <= n; i++) {
        list_row(&table, r, i);
    }
    table_print(&table, &r->screen.out);
}

void pack_show_line(struct run *r, const struct failure *f) {
    struct out *out = &r->screen.out;
    char *id = pack_text(&r->s, "pack", 0, "id");
    char *version = pack_text(&r->s, "pack", 0, "version");
    char *name = name_of(&r->screen, &r->s, "pack", 0);
    char *is_signed = pack_text(&r->s, "pack", 0, "signed");
    if (id != NULL) {
        bool good = f->code == 0;
        out_style(out, STYLE_BOLD);
        out_text(out, id, false);
        out_style(out, STYLE_PLAIN);
        out_raw(out, " ", 1);
        out_text(out, version != NULL ? version : "", false);
        out_raw(out, "  ", 2);
        out_text(out, name != NULL ? name : "", false);
        out_raw(out, "  ", 2);
        out_text(out, pack_signed_words(&r->screen, is_signed), false);
        out_raw(out, "  ", 2);
        out_line(out, good ? STYLE_GOOD : STYLE_BAD,
                 good ? screen_say(&r->screen, "使えます", "ok")
                      : screen_say(&r->screen, "使えません", "not usable"));
    }
    value_free(&id);
    value_free(&version);
    value_free(&name);
    value_free(&is_signed);
}

/* "2行目 氏名(34バイト目)"; of another fault what it is and where. */
static void write_reason(struct run *r, int32_t n, const struct failure *f, char *out, size_t cap) {
    static const char list[] = "pack.samples";
    int32_t line = 0, byte = 0;
    char *column = pack_text(&r->s, list, n, "column");
    bool placed = pack_number(&r->s, list, n, "line", &line);
    (void)pack_number(&r->s, list, n, "byte", &byte);
    if (placed) {
        (void)snprintf(out, cap,
                       screen_say(&r->screen, "%ld行目%s%s(先頭から%ldバイトのところ)が違います",
                                  "differs in line %ld%s%s (byte %ld)"),
                       (long)line, column != NULL ? " " : "", column != NULL ? column : "",
                       (long)byte);
    } else {
        (void)snprintf(out, cap, "%s%s%s", sentence(&r->screen, f), f->where[0] != '\0' ? " " : "",
                       f->where);
    }
    value_free(&column);
}

static void show_sample(struct run *r, int32_t n) {
    struct out *out = &r->screen.out;
    struct failure f;
    char reason[900];
    char *name = pack_text(&r->s, "pack.samples", n, "name");
    pack_failure(&r->s, "pack.samples", n, &f);
    out_style(out, f.code == 0 ? STYLE_GOOD : STYLE_BAD);
    out_text(out,
             f.code == 0 ? screen_say(&r->screen, "  合格    ", "  passed  ")
                         : screen_say(&r->screen, "  不合格  ", "  failed  "),
             false);
    out_style(out, STYLE_PLAIN);
    out_text(out, name != NULL ? name : "?", false);
    if (f.code != 0) {
        write_reason(r, n, &f, reason, sizeof reason);
        out_raw(out, ": ", 2);
        out_text(out, reason, false);
    }
    out_raw(out, "\n", 1);
    value_free(&name);
}

void pack_show_samples(struct run *r) {
    int32_t n = value_count(&r->s, "pack.samples"), faulty = pack_faulty(&r->s, "pack.samples");
    char line[160];
    for (int32_t i = 1; i <= n; i++) {
        show_sample(r, i);
    }
    if (n > 0) {
        (void)snprintf(line, sizeof line,
                       screen_say(&r->screen, "見本 %ld件: 合格 %ld件、不合格 %ld件",
                                  "%ld samples: %ld passed, %ld failed"),
                       (long)n, (long)(n - faulty), (long)faulty);
        out_line(&r->screen.out, faulty > 0 ? STYLE_BAD : STYLE_GOOD, line);
    }
}

static void show_value(struct run *r, const char *label, const char *value) {
    struct out *out = &r->screen.out;
    if (value == NULL || value[0] == '\0') {
        return;
    }
    out_raw(out, "  ", 2);
    out_style(out, STYLE_DIM);
    out_text(out, label, false);
    out_style(out, STYLE_PLAIN);
    out_spaces(out, LABEL_COLUMNS - utf8_width(label));
    out_raw(out, "  ", 2);
    out_text(out, value, true);
    out_raw(out, "\n", 1);
}

static void show_facts(struct run *r) {
    static const struct {
        const char *name, *japanese, *english;
    } facts[] = {
        {"vendor", "作った人", "vendor"},     {"host", "使うソフト", "host"},
        {"format", "形式", "format"},         {"encoding", "文字コード", "encoding"},
        {"adapter", "渡し方", "adapter"},     {"script", "スクリプト", "script"},
        {"contract", "約束の版", "contract"}, {"notes", "メモ", "notes"},
    };
    char *is_signed = pack_text(&r->s, "pack", 0, "signed");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char *value = pack_text(&r->s, "pack", 0, facts[i].name);
        show_value(r, screen_say(&r->screen, facts[i].japanese, facts[i].english), value);
        value_free(&value);
    }
    show_value(r, screen_say(&r->screen, "署名", "signature"),
               pack_signed_words(&r->screen, is_signed));
    value_free(&is_signed);
}

static void show_versions(struct run *r) {
    int32_t n = value_count(&r->s, "pack.host_versions");
    const char *label = screen_say(&r->screen, "確かめた版", "tested with");
    for (int32_t i = 1; i <= n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "pack.host_versions[%ld]", (long)i);
        char *version = value_text(&r->s, path);
        show_value(r, label, version);
        value_free(&version);
    }
    if (n == 0) {
        show_value(r, label, screen_say(&r->screen, "なし", "none"));
    }
}

static void show_uses(struct run *r) {
    struct table table = {.columns = 2};
    int32_t n = value_count(&r->s, "pack.uses");
    out_line(&r->screen.out, STYLE_BOLD,
             screen_say(&r->screen, "見ることのできる項目", "What it may see"));
    table_cell(&table, screen_say(&r->screen, "項目", "path"));
    table_cell(&table, screen_say(&r->screen, "意味", "meaning"));
    for (int32_t i = 1; i <= n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "pack.uses[%ld]", (long)i);
        char *use = value_text(&r->s, path);
        table_cell(&table, use);
        cell(&table, &r->s, "pack.uses", i, screen_say(&r->screen, "label", "label_en"));
        value_free(&use);
    }
    table_print(&table, &r->screen.out);
}

static void limit_cell(struct table *table, struct run *r, int32_t n) {
    char words[64] = "";
    int32_t limit = 0;
    char *unit = pack_text(&r->s, "pack.fields", n, "unit");
    bool chars = unit != NULL && strcmp(unit, "chars") == 0;
    if (pack_number(&r->s, "pack.fields", n, "limit", &limit) && limit > 0) {
        (void)snprintf(words, sizeof words, "%ld %s", (long)limit,
                       chars ? screen_say(&r->screen, "字", "characters")
                             : screen_say(&r->screen, "バイト", "bytes"));
    }
    table_cell(table, words);
    value_free(&unit);
}

static void show_fields(struct run *r) {
    static const char *const japanese[] = {"出力の項目", "元の項目", "変換", "行", "上限"};
    static const char *const english[] = {"field", "from", "helpers", "line", "limit"};
    static const char *const names[] = {"to", "from", "helper", "line"};
    struct table table = {.columns = 5, .right = 1u << 3 | 1u << 4};
    int32_t n = value_count(&r->s, "pack.fields");
    if (n == 0) {
        return;
    }
    out_line(&r->screen.out, STYLE_BOLD, screen_say(&r->screen, "項目", "Fields"));
    for (size_t i = 0; i < 5; i++) {
        table_cell(&table, screen_say(&r->screen, japanese[i], english[i]));
    }
    for (int32_t i = 1; i <= n; i++) {
        for (size_t k = 0; k < 4; k++) {
            cell(&table, &r->s, "pack.fields", i, names[k]);
        }
        limit_cell(&table, r, i);
    }
    table_print(&table, &r->screen.out);
}

void pack_show_all(struct run *r) {
    char *id = pack_text(&r->s, "pack", 0, "id");
    char *version = pack_text(&r->s, "pack", 0, "version");
    char *name = name_of(&r->screen, &r->s, "pack", 0);
    char line[500];
    if (id != NULL) {
        (void)snprintf(line, sizeof line, "%s %s  %s", id, version != NULL ? version : "",
                       name != NULL ? name : "");
        out_line(&r->screen.out, STYLE_BOLD, line);
        show_facts(r);
        show_versions(r);
        show_uses(r);
        show_fields(r);
    }
    value_free(&id);
    value_free(&version);
    value_free(&name);
}
