/* What was made: a draft of a pack, a signature, files for an editor. */
#include <string.h>

#include "pack.h"
#include "table.h"

static const char guesses[] = "pack.guesses";

static const struct {
    const char *sure, *japanese, *english;
} certainties[] = {
    {"sure", "確か", "sure"},
    {"likely", "推測", "likely"},
    {"unknown", "要確認", "please check"},
};
enum { CERTAINTIES = sizeof certainties / sizeof *certainties };

static size_t certainty_of(const char *sure) {
    for (size_t i = 0; sure != NULL && i < CERTAINTIES; i++) {
        if (strcmp(sure, certainties[i].sure) == 0) {
            return i;
        }
    }
    return CERTAINTIES - 1;
}

static void from_cell(struct table *table, struct run *r, int32_t n) {
    char words[256] = "-", path[160];
    char *from = pack_text(&r->s, guesses, n, "from");
    if (from != NULL && from[0] != '\0') {
        (void)snprintf(path, sizeof path, "field.%.100s.%s", from,
                       screen_say(&r->screen, "label", "label_en"));
        char *label = value_text(&r->s, path);
        (void)snprintf(words, sizeof words, "%s%s%s%s", from, label != NULL ? " (" : "",
                       label != NULL ? label : "", label != NULL ? ")" : "");
        value_free(&label);
    }
    char *constant = pack_text(&r->s, guesses, n, "constant");
    if (words[0] == '-' && constant != NULL) {
        (void)snprintf(words, sizeof words, screen_say(&r->screen, "固定値 %s", "constant %s"),
                       constant);
    }
    table_cell(table, words);
    value_free(&constant);
    value_free(&from);
}

static size_t guess_row(struct table *table, struct run *r, int32_t n) {
    char *to = pack_text(&r->s, guesses, n, "to");
    char *helper = pack_text(&r->s, guesses, n, "helper");
    char *sure = pack_text(&r->s, guesses, n, "sure");
    char *line = pack_text(&r->s, guesses, n, "line");
    size_t certainty = certainty_of(sure);
    table_cell(table, to);
    from_cell(table, r, n);
    table_cell(table, helper != NULL && helper[0] != '\0' ? helper : "-");
    table_cell(table, line);
    table_cell(table, screen_say(&r->screen, certainties[certainty].japanese,
                                 certainties[certainty].english));
    value_free(&to);
    value_free(&helper);
    value_free(&sure);
    value_free(&line);
    return certainty;
}

static void say_next(struct run *r) {
    const char *out = args_input(r->args, "pack.out");
    char lines[1800];
    (void)snprintf(
        lines, sizeof lines,
        screen_say(
            &r->screen,
            "%s に下書きを作りました。このあと:\n"
            "  1. %s/mapping.lua の「要確認」と「推測」の行を、ソフトの説明書と見くらべて直す\n"
            "  2. shikaku map --pack %s --explain ファイル で、手元の回答を変換してみる\n"
            "  3. shikaku pack test %s で、見本の結果を確かめる\n",
            "A draft is in %s. What comes next:\n"
            "  1. look at the rows of %s/mapping.lua that are marked as guessed or unknown\n"
            "  2. try it: shikaku map --pack %s --explain FILE\n"
            "  3. run its sample: shikaku pack test %s\n"),
        out, out, out, out);
    out_text(&r->screen.out, lines, true);
}

void pack_show_new(struct run *r) {
    static const char *const japanese[] = {"列", "元の項目", "変換", "行", "確かさ"};
    static const char *const english[] = {"column", "from", "helpers", "line", "certainty"};
    struct table table = {.columns = 5, .right = 1u << 3};
    int32_t n = value_count(&r->s, guesses);
    size_t found[CERTAINTIES] = {0};
    char line[160];
    for (size_t i = 0; i < 5; i++) {
        table_cell(&table, screen_say(&r->screen, japanese[i], english[i]));
    }
    for (int32_t i = 1; i <= n; i++) {
        found[guess_row(&table, r, i)]++;
    }
    table_print(&table, &r->screen.out);
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "確か %lu、推測 %lu、要確認 %lu",
                              "sure %lu, likely %lu, to be checked %lu"),
                   (unsigned long)found[0], (unsigned long)found[1], (unsigned long)found[2]);
    out_line(&r->screen.out, STYLE_BOLD, line);
    say_next(r);
}

void pack_show_signed(struct run *r) {
    char line[1200];
    (void)snprintf(line, sizeof line,
                   screen_say(&r->screen, "署名しました: %s の manifest.txt と manifest.sig",
                              "Signed: manifest.txt and manifest.sig in %s"),
                   r->source);
    out_line(&r->screen.out, STYLE_GOOD, line);
}
