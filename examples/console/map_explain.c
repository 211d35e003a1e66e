/* `map --explain`: names, kinds and lengths, and never what a field holds. */
#include <string.h>

#include "map.h"
#include "table.h"
#include "utf8.h"

enum { PATH_ROOM = 96, WORDS_ROOM = 64 };

static const struct {
    const char *raw, *japanese;
} raws[] = {
    {"absent", "なし"}, {"empty", "空"},        {"text", "文字"},
    {"number", "数"},   {"constant", "固定値"}, {"function", "関数"},
};

static const char *raw_word(const struct screen *screen, const char *raw) {
    for (size_t i = 0; !screen->english && raw != NULL && i < sizeof raws / sizeof *raws; i++) {
        if (strcmp(raw, raws[i].raw) == 0) {
            return raws[i].japanese;
        }
    }
    return raw;
}

/* "delivery[2].explain[3].to" */
static void write_path(char out[PATH_ROOM], int32_t n, const char *list, int32_t k,
                       const char *name) {
    (void)snprintf(out, PATH_ROOM, "delivery[%ld].%s[%ld].%s", (long)n, list, (long)k, name);
}

static int32_t count(const struct session *s, int32_t n, const char *list) {
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof path, "delivery[%ld].%s", (long)n, list);
    return value_count(s, path);
}

static void cell(struct table *table, const struct session *s, int32_t n, int32_t k,
                 const char *name) {
    char path[PATH_ROOM];
    write_path(path, n, "explain", k, name);
    char *text = value_text(s, path);
    table_cell(table, text);
    value_free(&text);
}

static void raw_cell(struct table *table, const struct screen *screen, const struct session *s,
                     int32_t n, int32_t k) {
    char path[PATH_ROOM];
    write_path(path, n, "explain", k, "raw");
    char *raw = value_text(s, path);
    table_cell(table, raw_word(screen, raw));
    value_free(&raw);
}

static void size_cell(struct table *table, const struct session *s, int32_t n, int32_t k) {
    char path[PATH_ROOM], words[WORDS_ROOM] = "";
    int32_t bytes = 0, limit = 0, written = 1;
    write_path(path, n, "explain", k, "bytes");
    bool known = value_int(s, path, &bytes);
    write_path(path, n, "explain", k, "written");
    bool left_out = value_int(s, path, &written) && written == 0;
    write_path(path, n, "explain", k, "limit");
    bool limited = value_int(s, path, &limit) && limit > 0;
    if (left_out) {
        (void)snprintf(words, sizeof words, "-");
    } else if (known && limited) {
        (void)snprintf(words, sizeof words, "%ld/%ld", (long)bytes, (long)limit);
    } else if (known) {
        (void)snprintf(words, sizeof words, "%ld", (long)bytes);
    }
    table_cell(table, words);
}

static void show_fields(struct screen *screen, const struct session *s, int32_t n) {
    static const char *const japanese[] = {"出力の項目", "元の項目", "元の値",
                                           "変換",       "行",       "バイト"};
    static const char *const english[] = {"field", "from", "value", "helpers", "line", "bytes"};
    struct table table = {.columns = 6, .right = 1u << 4 | 1u << 5};
    int32_t fields = count(s, n, "explain");
    for (size_t i = 0; i < 6; i++) {
        table_cell(&table, screen->english ? english[i] : japanese[i]);
    }
    for (int32_t k = 1; k <= fields; k++) {
        cell(&table, s, n, k, "to");
        cell(&table, s, n, k, "from");
        raw_cell(&table, screen, s, n, k);
        cell(&table, s, n, k, "helper");
        cell(&table, s, n, k, "line");
        size_cell(&table, s, n, k);
    }
    table_print(&table, &screen->out);
}

/* Of "U+20BB7" the character; "" where it is none or nothing was written. */
static void write_character(const char *code, char out[5]) {
    uint32_t c = 0;
    for (const char *p = strlen(code) > 2 ? code + 2 : ""; *p != '\0' && c < 0x110000; p++) {
        const char *digit = strchr("0123456789ABCDEF", *p);
        c = c * 16 + (digit != NULL ? (uint32_t)(digit - "0123456789ABCDEF") : 0x110000);
    }
    utf8_write(c, out);
}

static char *loss_text(const struct session *s, int32_t n, int32_t k, const char *name) {
    char path[PATH_ROOM];
    write_path(path, n, "loss", k, name);
    return value_text(s, path);
}

static void show_loss(struct screen *screen, const struct session *s, int32_t n, int32_t k) {
    char character[5], line[400];
    char *field = loss_text(s, n, k, "field");
    char *code = loss_text(s, n, k, "code");
    char *instead = loss_text(s, n, k, "instead");
    write_character(instead != NULL ? instead : "", character);
    bool nothing = character[0] == '\0';
    (void)snprintf(
        line, sizeof line,
        screen_say(screen, "  置きかえた字: %s %s → %s%s%s", "  replaced: %s %s → %s%s%s"),
        field != NULL ? field : "", code != NULL ? code : "",
        nothing ? screen_say(screen, "(なし)", "(nothing)") : character, nothing ? "" : " ",
        nothing ? "" : instead);
    out_line(&screen->out, STYLE_WARN, line);
    value_free(&field);
    value_free(&code);
    value_free(&instead);
}

static void show_heading(struct map *m, int32_t n) {
    struct screen *screen = &m->run->screen;
    const struct document *d = &m->document;
    char line[1400];
    (void)snprintf(line, sizeof line,
                   screen_say(screen, "%s %ld人目 %ld件目 → %s (%s, %s)",
                              "%s, person %ld, record %ld → %s (%s, %s)"),
                   m->run->source, (long)m->person, (long)n,
                   d->file_name != NULL ? d->file_name : "?", d->format != NULL ? d->format : "?",
                   d->encoding != NULL ? d->encoding : "?");
    out_line(&screen->out, STYLE_BOLD, line);
}

void map_explain(struct map *m, int32_t n) {
    struct screen *screen = &m->run->screen;
    const struct session *s = &m->run->s;
    int32_t losses = count(s, n, "loss");
    show_heading(m, n);
    show_fields(screen, s, n);
    for (int32_t k = 1; k <= losses; k++) {
        show_loss(screen, s, n, k);
    }
    out_raw(&screen->out, "\n", 1);
    out_flush(&screen->out);
}

static void put_texts(struct json *j, const struct session *s, int32_t n, int32_t k,
                      const char *list, const char *const *names, size_t names_n) {
    for (size_t i = 0; i < names_n; i++) {
        char path[PATH_ROOM];
        write_path(path, n, list, k, names[i]);
        char *text = value_text(s, path);
        json_text(j, names[i], text);
        value_free(&text);
    }
}

static void put_written(struct json *j, const struct session *s, int32_t n, int32_t k) {
    char path[PATH_ROOM];
    int32_t written = 0;
    write_path(path, n, "explain", k, "written");
    if (value_int(s, path, &written)) {
        json_bool(j, "written", written != 0);
    }
}

static void put_numbers(struct json *j, const struct session *s, int32_t n, int32_t k) {
    static const char *const names[] = {"line", "bytes", "limit"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_ROOM];
        int32_t number = 0;
        write_path(path, n, "explain", k, names[i]);
        if (value_int(s, path, &number)) {
            json_number(j, names[i], number);
        }
    }
}

static void put_losses(struct json *j, const struct session *s, int32_t n) {
    static const char *const texts[] = {"field", "code", "instead"};
    int32_t losses = count(s, n, "loss");
    json_open(j, "losses", '[');
    for (int32_t k = 1; k <= losses; k++) {
        json_open(j, NULL, '{');
        put_texts(j, s, n, k, "loss", texts, 3);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void map_explain_json(struct json *j, const struct session *s, int32_t n) {
    static const char *const texts[] = {"to", "from", "raw", "helper"};
    int32_t fields = count(s, n, "explain");
    put_losses(j, s, n);
    if (fields == 0) {
        return;
    }
    json_open(j, "explain", '[');
    for (int32_t k = 1; k <= fields; k++) {
        json_open(j, NULL, '{');
        put_texts(j, s, n, k, "explain", texts, 4);
        put_numbers(j, s, n, k);
        put_written(j, s, n, k);
        json_close(j, '}');
    }
    json_close(j, ']');
}
