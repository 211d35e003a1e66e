/* How a document stands besides its fault: kept, repeated, whose it was taken for, what the host warned of. */
#include "screen.h"

static char *text_of(const struct session *s, int32_t n, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "delivery[%ld].%s", (long)n, name);
    return value_text(s, path);
}

static int32_t number_of(const struct session *s, int32_t n, const char *name) {
    char path[64];
    int32_t number = 0;
    (void)snprintf(path, sizeof path, "delivery[%ld].%s", (long)n, name);
    return value_int(s, path, &number) ? number : 0;
}

void delivered_read(struct delivered *out, const struct session *s, int32_t n) {
    out->patient = text_of(s, n, "patient");
    out->warning = text_of(s, n, "warning");
    out->grade = number_of(s, n, "grade");
    out->attempt = number_of(s, n, "attempt");
    out->waiting = number_of(s, n, "waiting") != 0;
    out->repeated = number_of(s, n, "repeated") != 0;
}

void delivered_clear(struct delivered *one) {
    value_free(&one->patient);
    value_free(&one->warning);
}

static const struct {
    const char *name, *japanese, *english;
} grades[] = {
    [SHK_MATCH_SAME] = {"same", "同じ人です", "the same person"},
    [SHK_MATCH_CHANGED] = {"changed", "同じ人で、保険が変わっています",
                           "the same person, insurance changed"},
    [SHK_MATCH_PROBABLY] = {"probably", "おそらく同じ人。窓口で選びました",
                            "probably the same person, chosen at the desk"},
    [SHK_MATCH_SEVERAL] = {"several", "候補は複数。窓口で選びました",
                           "several fitted, chosen at the desk"},
    [SHK_MATCH_NEW] = {"new", "新しい患者です", "a new patient"},
};

static bool is_grade(int32_t grade) {
    return grade >= SHK_MATCH_SAME && grade <= SHK_MATCH_NEW;
}

void delivered_report(struct json *j, const struct delivered *one) {
    json_text(j, "patient", one->patient);
    json_text(j, "grade", is_grade(one->grade) ? grades[one->grade].name : NULL);
    if (one->attempt > 0) {
        json_number(j, "attempt", one->attempt);
    }
    if (one->waiting) {
        json_bool(j, "waiting", true);
    }
    if (one->repeated) {
        json_bool(j, "repeated", true);
    }
    json_text(j, "warning", one->warning);
}

const char *delivered_heading(const struct screen *screen, const struct delivered *one,
                              const struct failure *f) {
    if (one->waiting && f->code == SHK_E_UNDECIDED) {
        return screen_say(
            screen,
            "患者が決まらないため、渡していません。保存してあり、shikaku outbox ask "
            "で決められます: ",
            "Not delivered, the patient is not decided; kept, see shikaku outbox ask: ");
    }
    if (one->waiting) {
        return screen_say(screen, "渡せませんでした。保存してあり、あとで自動的に渡します: ",
                          "Not delivered; kept, and delivered later by itself: ");
    }
    if (f->code != 0) {
        return screen_say(screen, "渡せませんでした: ", "Not delivered: ");
    }
    return one->repeated ? screen_say(screen, "同じ回答をすでに渡しています: ",
                                      "The same answer was delivered already: ")
                         : screen_say(screen, "渡しました: ", "Delivered: ");
}

static void line(struct screen *screen, enum style style, const char *label, const char *text,
                 const char *more) {
    out_raw(&screen->out, "  ", 2);
    out_style(&screen->out, style);
    out_text(&screen->out, label, false);
    out_text(&screen->out, text, false);
    if (more != NULL) {
        out_raw(&screen->out, " (", 2);
        out_text(&screen->out, more, false);
        out_raw(&screen->out, ")", 1);
    }
    out_style(&screen->out, STYLE_PLAIN);
    out_raw(&screen->out, "\n", 1);
}

void delivered_show(struct screen *screen, const struct delivered *one) {
    if (one->patient != NULL && one->patient[0] != '\0') {
        line(screen, STYLE_PLAIN, screen_say(screen, "患者番号: ", "Patient number: "),
             one->patient,
             is_grade(one->grade)
                 ? screen_say(screen, grades[one->grade].japanese, grades[one->grade].english)
                 : NULL);
    }
    if (one->warning != NULL && one->warning[0] != '\0') {
        line(screen, STYLE_WARN,
             screen_say(screen, "渡し先からの注意: ", "The host program warns: "), one->warning,
             NULL);
    }
    out_flush(&screen->out);
}
