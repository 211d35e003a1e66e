#include "app_lines.h"

#include <string.h>

#include "app_cut.h"
#include "app_stray.h"
#include "bytes.h"
#include "plain.h"
#include "text.h"

#define SECTION_PERSON "資格情報"

void app_reader_init(struct app_reader *r, const char *p, size_t n, int32_t first_line,
                     const struct app_words *words) {
    *r = (struct app_reader){.words = words,
                             .p = p,
                             .end = p + n,
                             .number = first_line - 1,
                             .no_hash = app_words_hash("")};
}

static const struct app_word *find_heading(const struct app_reader *r, const char *name,
                                           enum app_kind *kind) {
    char base[APP_NAME_MAX];
    const struct app_word *word = app_words_find(r->words, APP_HEADING, "", name);
    if (word == NULL) {
        text_copy(base, sizeof base, name);
        *kind = app_name_take_kind(base);
        return *kind != APP_KIND_NONE ? app_words_find(r->words, APP_HEADING, "", base) : NULL;
    }
    *kind = word->kind;
    return word;
}

/* A key of the kind's section, of the section, or one that stands before every heading. *known: it is a key
 * of some section. */
static const struct app_word *find_key(const struct app_reader *r, const char *name, bool *known) {
    const struct app_scope scopes[] = {
        {r->own_section, r->own_hash}, {r->section, r->section_hash}, {"", r->no_hash}};
    const size_t n = sizeof scopes / sizeof scopes[0];
    if (r->heading != NULL) {
        return app_words_find_key(r->words, scopes, n, name, known);
    }
    return app_words_find_key(r->words, scopes + n - 1, r->begun ? 0 : 1, name, known);
}

/* An ignored name without a separator that is no item here is a heading without a place. */
static const struct app_word *find_passed_over(const struct app_reader *r, const char *name) {
    const struct app_word *word = r->begun ? app_words_find(r->words, APP_KEY, "", name) : NULL;
    return word != NULL && word->ref.field == NULL ? word : NULL;
}

/* Whether an unknown name may be shown as a key: a tab ends it, or a colon as the keys before it. */
static bool ends_as_keys_do(const struct app_reader *r, const struct app_line *line, size_t key_n) {
    bool tab = line->has_tab || (key_n < line->text_n && line->text[key_n] == '\t');
    return (tab || r->by_colon) && strchr(line->name, ':') == NULL;
}

/* Of a line whose name is read. */
static void make_named_item(const struct app_reader *r, struct app_line *line, size_t key_n,
                            size_t value_at) {
    bool known = false;
    line->type = APP_LINE_ITEM;
    line->word = line->name[0] != '\0' ? find_key(r, line->name, &known) : NULL;
    line->is_key = known || ends_as_keys_do(r, line, key_n);
    line->value = line->text + value_at;
    line->value_n = line->text_n - value_at;
    plain_trim(&line->value, &line->value_n);
}

static void make_item(const struct app_reader *r, struct app_line *line, size_t key_n,
                      size_t value_at) {
    (void)app_name_read(line->text, key_n, line->name);
    make_named_item(r, line, key_n, value_at);
}

static bool split_at_tab(const struct app_reader *r, struct app_line *line) {
    const char *tab = memchr(line->text, '\t', line->text_n);
    if (tab == NULL) {
        return false;
    }
    size_t at = (size_t)(tab - line->text);
    make_item(r, line, at, at + 1);
    return true;
}

/* The length of a colon, half- or full-width, that stands here; 0: none. */
static size_t colon_at(const char *p, size_t n) {
    static const char wide[] = "：";
    size_t len = sizeof wide - 1;
    if (n > 0 && *p == ':') {
        return 1;
    }
    return n >= len && memcmp(p, wide, len) == 0 ? len : 0;
}

/* At the first colon; where a tab became one, a second follows ("確認日 : ：…"). */
static bool split_at_colon(const struct app_reader *r, struct app_line *line) {
    for (size_t i = 1; i < line->text_n; i++) {
        size_t len = colon_at(line->text + i, line->text_n - i);
        if (len > 0) {
            make_item(r, line, i, i + len);
            len = colon_at(line->value, line->value_n);
            line->value += len;
            line->value_n -= len;
            plain_trim(&line->value, &line->value_n);
            line->has_colon = true;
            return true;
        }
    }
    return false;
}

/* A program between may have made spaces of the tabs: only where a known key stands before the first. */
static bool split_at_space(const struct app_reader *r, struct app_line *line) {
    uint32_t code;
    size_t len;
    for (size_t i = 0; i < line->text_n; i += len) {
        len = utf8_decode(line->text + i, line->text_n - i, &code);
        if (len == 0) {
            return false;
        }
        if (plain_is_blank(code)) {
            char name[APP_NAME_MAX];
            bool of_some = false;
            bool known = app_name_read(line->text, i, name) && find_key(r, name, &of_some) != NULL;
            if (known) {
                make_item(r, line, i, i + len);
            }
            return known;
        }
    }
    return false;
}

static bool is_heading(const struct app_reader *r, struct app_line *line) {
    if (!app_name_read(line->text, line->text_n, line->name)) {
        return false;
    }
    line->word = find_heading(r, line->name, &line->kind);
    line->type = APP_LINE_HEADING;
    return line->word != NULL;
}

/* Its name is the whole line, as is_heading has read it. */
static bool is_bare_key(const struct app_reader *r, struct app_line *line) {
    bool known = false;
    const struct app_word *word = line->name[0] != '\0' ? find_key(r, line->name, &known) : NULL;
    if (word == NULL || (word->ref.field == NULL && word->scope[0] == '\0' && r->begun)) {
        return false;
    }
    make_named_item(r, line, line->text_n, line->text_n);
    return true;
}

/* "限度額適用認定証：あり" opens its section all the same; "資格情報⇥END" is a signal. */
static bool is_heading_with_value(const struct app_reader *r, struct app_line *line) {
    enum app_kind kind = APP_KIND_NONE;
    const struct app_word *word =
        line->word == NULL && line->name[0] != '\0' ? find_heading(r, line->name, &kind) : NULL;
    if (word == NULL || text_equal(word->means, SECTION_PERSON)) {
        return false;
    }
    line->type = APP_LINE_HEADING;
    line->word = word;
    line->kind = kind;
    return true;
}

static void classify(const struct app_reader *r, struct app_line *line) {
    if (line->text_n == 0) {
        line->type = APP_LINE_BLANK;
        return;
    }
    if (split_at_tab(r, line)) {
        (void)is_heading_with_value(r, line);
        return;
    }
    if (is_heading(r, line) || is_bare_key(r, line)) {
        return;
    }
    if (line->has_tab) {
        make_named_item(r, line, line->text_n, line->text_n);
        return;
    }
    if (split_at_colon(r, line) && line->word != NULL) {
        return;
    }
    bool has_colon = line->type == APP_LINE_ITEM;
    if (has_colon && is_heading_with_value(r, line)) {
        return;
    }
    has_colon = has_colon && (line->value_n > 0 || !app_looks_like_heading(line->name));
    if (split_at_space(r, line) || has_colon) {
        return;
    }
    line->type = APP_LINE_STRAY;
    line->word = find_passed_over(r, line->name);
}

static bool is_no_heading(const struct app_line *line) {
    return line->type == APP_LINE_STRAY && line->word == NULL &&
           !app_looks_like_heading(line->name);
}

static void name_section(struct app_reader *r) {
    if (r->heading != NULL) {
        const char *const parts[] = {r->section, "(", app_kind_name(r->kind), ")"};
        size_t n = 0;
        for (size_t i = 0; i < 4 && n < sizeof r->own_section; i++) {
            n += text_copy(r->own_section + n, sizeof r->own_section - n, parts[i]);
        }
        r->own_hash = app_words_hash(r->own_section);
        r->section_hash = app_words_hash(r->section);
    }
}

/* What is no heading leaves the reader where it is. A beginning that a clinic has added is the rest of
 * nothing. */
static void enter(struct app_reader *r, const struct app_line *line) {
    if (is_no_heading(line)) {
        bool added = app_words_find(r->words, APP_BEGINNING, "", line->name) != NULL;
        if (r->torn == 0 && !added && app_may_be_a_rest(line->name)) {
            r->torn = line->number;
        }
        return;
    }
    r->torn = 0;
    r->begun = true;
    r->heading = line->type == APP_LINE_HEADING ? line->word : NULL;
    r->section = r->heading != NULL ? r->heading->means : NULL;
    r->passed_over = r->heading == NULL && line->word != NULL;
    text_copy(r->stray, sizeof r->stray, app_looks_like_heading(line->name) ? line->name : "");
    if (r->heading != NULL && line->kind != APP_KIND_NONE) {
        r->kind = line->kind;
    } else if (r->heading != NULL && (r->kind == APP_KIND_NONE || app_opens_record(line))) {
        r->kind = APP_INSURANCE;
    }
    name_section(r);
}

void app_reader_leave(struct app_reader *r) {
    r->torn = 0;
    r->begun = true;
    r->heading = NULL;
    r->section = NULL;
    r->passed_over = false;
    r->stray[0] = '\0';
}

bool app_next_line(struct app_reader *r, struct app_line *out) {
    *out = (struct app_line){0};
    if (r->p >= r->end) {
        return false;
    }
    app_cut_line(r, out);
    classify(r, out);
    r->by_colon = r->by_colon || (out->has_colon && out->word != NULL);
    if (out->type == APP_LINE_HEADING || out->type == APP_LINE_STRAY) {
        enter(r, out);
    }
    return true;
}

bool app_opens_record(const struct app_line *line) {
    return line->type == APP_LINE_HEADING && line->word != NULL &&
           text_equal(line->word->means, SECTION_PERSON);
}

/* Such a heading is the whole line and is known without what stood before it: see classify. */
bool app_pass_opening(struct app_reader *r) {
    struct app_line line = {0};
    bool found = false;
    while (!found && r->p < r->end) {
        app_cut_line(r, &line);
        found = line.text_n > 0 && memchr(line.text, '\t', line.text_n) == NULL &&
                is_heading(r, &line) && app_opens_record(&line);
    }
    memory_wipe(&line, sizeof line);
    return found;
}

static void place_name(const struct app_reader *r, char *out, size_t cap) {
    if (r->heading == NULL) {
        text_copy(out, cap, r->stray[0] != '\0' ? r->stray : "?");
    } else if (r->kind == APP_AID) {
        text_format(out, cap, "%s(%s)", r->heading->word, app_kind_name(r->kind));
    } else {
        text_copy(out, cap, r->heading->word);
    }
}

void app_line_path(const struct app_reader *r, const struct app_line *line, char *out, size_t cap) {
    char place[APP_NAME_MAX];
    bool key = line->word != NULL || (line->is_key && app_is_showable(line->name));
    const char *name = key ? line->name : "?";
    if (r->torn > 0 && line->word == NULL) {
        text_copy(place, sizeof place, "?"); /* nobody knows where it belongs */
    } else {
        place_name(r, place, sizeof place);
    }
    if (!r->begun) {
        text_copy(out, cap, name);
    } else if (line->type == APP_LINE_ITEM) {
        text_format(out, cap, "%s/%s", place, name);
    } else {
        text_copy(out, cap, place);
    }
}
