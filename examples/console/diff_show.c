#include "diff_show.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"

/* A line of each text, or one of them alone. */
struct pair {
    struct diff_view *view;
    const struct diff_line *was, *now;
    char *was_text, *now_text; /* UTF-8 without the line end */
};

static char *text_of(struct diff_view *view, const struct diff_line *line) {
    return line != NULL ? charset_text(view->charset, line->p, line->text_n) : NULL;
}

static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

bool diff_view_name(struct diff_view *view, const char *heading, size_t n) {
    size_t text_n = n;
    while (text_n > 0 && (heading[text_n - 1] == '\n' || heading[text_n - 1] == '\r')) {
        text_n--;
    }
    view->heading = charset_text(view->charset, heading, text_n);
    return view->heading != NULL && row_split(&view->style, view->heading, &view->names);
}

void diff_view_clear(struct diff_view *view) {
    row_clear(&view->names);
    value_free(&view->heading);
    charset_free(&view->charset);
}

static void name_of(const struct diff_view *view, size_t field, char *out, size_t cap) {
    if (field < view->names.n) {
        (void)snprintf(out, cap, "%s", view->names.at[field]);
    } else {
        (void)snprintf(out, cap, screen_say(view->screen, "%lu列目", "column %lu"),
                       (unsigned long)field + 1);
    }
}

static void put_side(struct pair *p, const char *number_key, const char *text_key,
                     const struct diff_line *line, const char *text) {
    if (line != NULL) {
        json_number(p->view->json, number_key,
                    line->number < INT32_MAX ? (int32_t)line->number : INT32_MAX);
        json_text(p->view->json, text_key, text);
    }
}

static void report_lines(struct pair *p) {
    json_open(p->view->json, NULL, '{');
    put_side(p, "old_line", "old", p->was, or_empty(p->was_text));
    put_side(p, "new_line", "new", p->now, or_empty(p->now_text));
    json_close(p->view->json, '}');
}

static void show_line(struct pair *p, const struct diff_line *line, const char *text, bool added) {
    struct out *out = &p->view->screen->out;
    char number[48];
    if (line == NULL) {
        return;
    }
    (void)snprintf(number, sizeof number, "%s%lld: ", added ? "+" : "-", (long long)line->number);
    out_style(out, added ? STYLE_GOOD : STYLE_BAD);
    out_text(out, number, false);
    out_text(out, text, true);
    out_style(out, STYLE_PLAIN);
    out_raw(out, "\n", 1);
}

static void say_dim(struct pair *p, const char *japanese, const char *english) {
    out_line(&p->view->screen->out, STYLE_DIM, screen_say(p->view->screen, japanese, english));
}

static void show_lines(struct pair *p) {
    bool both = p->was != NULL && p->now != NULL;
    bool ends = both && p->was->text_n == p->now->text_n &&
                memcmp(p->was->p, p->now->p, p->now->text_n) == 0;
    show_line(p, p->was, or_empty(p->was_text), false);
    show_line(p, p->now, or_empty(p->now_text), true);
    if (ends) {
        say_dim(p, "  (改行だけが違います)", "  (only the line end differs)");
    } else if (both && strcmp(or_empty(p->was_text), or_empty(p->now_text)) == 0) {
        say_dim(p, "  (BOM など、目に見えないところが違います)",
                "  (what differs cannot be seen: a byte order mark or the like)");
    }
}

static void show_field(struct pair *p, const char *name, const char *was, const char *now) {
    struct out *out = &p->view->screen->out;
    out_raw(out, "  ", 2);
    out_text(out, name, false);
    out_raw(out, ": ", 2);
    out_style(out, STYLE_BAD);
    out_text(out, was[0] != '\0' ? was : screen_say(p->view->screen, "(空)", "(empty)"), true);
    out_style(out, STYLE_PLAIN);
    out_text(out, " → ", false);
    out_style(out, STYLE_GOOD);
    out_text(out, now[0] != '\0' ? now : screen_say(p->view->screen, "(空)", "(empty)"), true);
    out_style(out, STYLE_PLAIN);
    out_raw(out, "\n", 1);
}

static void report_field(struct pair *p, const char *name, const char *was, const char *now) {
    json_open(p->view->json, NULL, '{');
    json_text(p->view->json, "field", name);
    json_text(p->view->json, "old", was);
    json_text(p->view->json, "new", now);
    json_close(p->view->json, '}');
}

static void begin_row(struct pair *p) {
    char heading[96];
    if (p->view->json != NULL) {
        json_open(p->view->json, NULL, '{');
        put_side(p, "old_line", "old", p->was, NULL);
        put_side(p, "new_line", "new", p->now, NULL);
        json_open(p->view->json, "fields", '[');
        return;
    }
    if (p->was->number == p->now->number) {
        (void)snprintf(heading, sizeof heading,
                       screen_say(p->view->screen, "%lld行目", "line %lld"),
                       (long long)p->now->number);
    } else {
        (void)snprintf(
            heading, sizeof heading,
            screen_say(p->view->screen, "%lld行目(前は %lld行目)", "line %lld (was %lld)"),
            (long long)p->now->number, (long long)p->was->number);
    }
    out_line(&p->view->screen->out, STYLE_BOLD, heading);
}

static void end_row(struct pair *p) {
    if (p->view->json != NULL) {
        json_close(p->view->json, ']');
        json_close(p->view->json, '}');
    }
}

static void tell_fields(struct pair *p, const struct row *was, const struct row *now) {
    begin_row(p);
    for (size_t i = 0; i < now->n; i++) {
        char name[512];
        if (strcmp(was->at[i], now->at[i]) == 0) {
            continue;
        }
        name_of(p->view, i, name, sizeof name);
        if (p->view->json != NULL) {
            report_field(p, name, was->at[i], now->at[i]);
        } else {
            show_field(p, name, was->at[i], now->at[i]);
        }
    }
    end_row(p);
}

static bool differ(const struct row *was, const struct row *now) {
    for (size_t i = 0; i < now->n; i++) {
        if (strcmp(was->at[i], now->at[i]) != 0) {
            return true;
        }
    }
    return false;
}

/* A text that was taken apart ends in many places. */
static void free_split(char **text, size_t n, struct row *row) {
    row_clear(row);
    if (*text != NULL) {
        platform_wipe(*text, n);
        free(*text);
        *text = NULL;
    }
}

static size_t length_of(const char *text) {
    return text != NULL ? strlen(text) : 0;
}

/* False: the two have not the same fields, or differ in quotes alone, and are told as lines. */
static bool tell_row(struct pair *p) {
    struct row was = {0}, now = {0};
    char *was_text = text_of(p->view, p->was), *now_text = text_of(p->view, p->now);
    size_t was_n = length_of(was_text), now_n = length_of(now_text);
    bool both = p->view->style.rows && was_text != NULL && now_text != NULL &&
                row_split(&p->view->style, was_text, &was) &&
                row_split(&p->view->style, now_text, &now);
    bool told = both && was.n == now.n && differ(&was, &now);
    if (told) {
        tell_fields(p, &was, &now);
    }
    free_split(&was_text, was_n, &was);
    free_split(&now_text, now_n, &now);
    return told;
}

static void tell_pair(struct diff_view *view, const struct diff_line *was,
                      const struct diff_line *now) {
    struct pair p = {view, was, now, NULL, NULL};
    if (was != NULL && now != NULL && tell_row(&p)) {
        return;
    }
    p.was_text = text_of(view, was);
    p.now_text = text_of(view, now);
    if (view->json != NULL) {
        report_lines(&p);
    } else {
        show_lines(&p);
    }
    value_free(&p.was_text);
    value_free(&p.now_text);
}

/* Rows that stand in the place of others are told field by field, other lines all of the one and then all of
 * the other. */
void diff_show(struct diff_view *view, const struct diff_part *part) {
    size_t shorter = part->was_n < part->now_n ? part->was_n : part->now_n;
    bool alone = part->was_n == 1 && part->now_n == 1;
    size_t pairs = view->style.rows || alone ? shorter : 0;
    for (size_t i = 0; i < pairs; i++) {
        tell_pair(view, &part->was[i], &part->now[i]);
    }
    for (size_t i = pairs; i < part->was_n; i++) {
        tell_pair(view, &part->was[i], NULL);
    }
    for (size_t i = pairs; i < part->now_n; i++) {
        tell_pair(view, NULL, &part->now[i]);
    }
}
