#include "screen.h"

enum { SHOWN_MAX = 20 };

static void show_one(struct screen *screen, const struct session *s, int32_t n) {
    char path[48], place[32] = "";
    int32_t line = 0;
    (void)snprintf(path, sizeof path, "drift[%ld].line", (long)n);
    if (value_int(s, path, &line) && line > 0) {
        (void)snprintf(place, sizeof place, screen_say(screen, "%ld行目 ", "line %ld "),
                       (long)line);
    }
    (void)snprintf(path, sizeof path, "drift[%ld].element", (long)n);
    char *element = value_text(s, path);
    out_style(&screen->out, STYLE_DIM);
    out_raw(&screen->out, "  ", 2);
    out_text(&screen->out, place, false);
    out_text(&screen->out, element != NULL ? element : "?", false);
    out_style(&screen->out, STYLE_PLAIN);
    out_raw(&screen->out, "\n", 1);
    value_free(&element);
}

void show_drift(struct screen *screen, const struct session *s) {
    int32_t n = value_count(s, "drift");
    char line[96];
    if (n == 0) {
        return;
    }
    const char *english =
        n == 1 ? "%ld item was not understood:" : "%ld items were not understood:";
    (void)snprintf(line, sizeof line,
                   screen_say(screen, "読めなかった項目が %ld 件あります:", english), (long)n);
    out_line(&screen->out, STYLE_DIM, line);
    for (int32_t i = 1; i <= n && i <= SHOWN_MAX && !screen->out.broken; i++) {
        show_one(screen, s, i);
    }
    if (n > SHOWN_MAX) {
        out_line(&screen->out, STYLE_DIM,
                 screen_say(screen, "  ほか(--json ですべて)", "  and more (--json has all)"));
    }
}
