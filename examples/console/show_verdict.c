#include <string.h>

#include "screen.h"

/* Why there is no valid entitlement, and what the desk can do. */
static const struct {
    const char *validity, *japanese, *english;
} reasons[] = {
    {"3",
     "資格なし("
     "新しい資格に変わっています。新しい保険証や資格確認書、マイナンバーカードで確認してください)",
     "Not eligible: there is a newer entitlement; check again by the card"},
    {"4", "該当する資格がありません(番号や生年月日の打ち間違いも確かめ、患者さんにお尋ねください)",
     "Nobody was found; check the numbers and the date of birth"},
    {"5", "複数該当です。一人に決まりません(枝番を入れるか、マイナンバーカードで確認してください)",
     "Several were found; add the branch number or check by the card"},
};

/* The answer's own dates say so, and no word of it. */
static bool by_dates(const struct session *s) {
    char *validity = value_text(s, "record.validity");
    char *past = value_text(s, "record.derived.not_covering_date");
    bool invalid = validity != NULL && validity[0] != '\0' && strcmp(validity, "1") != 0;
    bool dates = past != NULL && !invalid;
    value_free(&validity);
    value_free(&past);
    return dates;
}

static void say_past(struct screen *screen) {
    out_line(&screen->out, STYLE_WARN,
             screen_say(screen,
                        "資格なし(有効期間が確認日を含みません。"
                        "保険が変わっていないか、患者さんにお尋ねください)",
                        "Not eligible: its dates do not cover the confirmation date"));
}

static void say_invalid(struct screen *screen, const struct session *s) {
    const char *japanese = "資格なし(有効な資格がないという回答です。"
                           "保険が変わっていないか、患者さんにお尋ねください)";
    const char *english = "Not eligible: the answer names no valid entitlement";
    char *validity = value_text(s, "record.validity");
    for (size_t i = 0; validity != NULL && i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(validity, reasons[i].validity) == 0) {
            japanese = reasons[i].japanese;
            english = reasons[i].english;
        }
    }
    value_free(&validity);
    out_line(&screen->out, STYLE_WARN, screen_say(screen, japanese, english));
}

/* Made-up answers must never be taken for real ones. */
static void say_made_up(struct screen *screen, const struct session *s) {
    char *source = value_text(s, "source");
    char *route = value_text(s, "route");
    bool kept = source != NULL && strcmp(source, "outbox") == 0;
    const char *from = kept ? route : source;
    if (from != NULL && strcmp(from, "demo") == 0) {
        out_line(&screen->out, STYLE_WARN,
                 screen_say(screen, "【見本】作りものの回答です。実際の資格ではありません",
                            "[SAMPLE] a made-up answer, no real entitlement"));
    }
    if (kept) {
        out_line(&screen->out, STYLE_WARN,
                 screen_say(screen, "保存してあった回答です。確認したときの資格です",
                            "A kept answer: the entitlement as it was when it was asked for"));
    }
    value_free(&source);
    value_free(&route);
}

static bool say_holder(struct screen *screen, const struct session *s) {
    char *source = value_text(s, "source");
    bool card = source != NULL && strcmp(source, "card") == 0;
    if (card) {
        out_line(&screen->out, STYLE_BOLD,
                 screen_say(screen, "カードの持ち主(資格は確認していません)",
                            "Holder of the card; eligibility was not checked"));
    }
    value_free(&source);
    return card;
}

void show_verdict(struct screen *screen, const struct session *s) {
    int32_t outcome = SHK_OUTCOME_NONE;
    (void)value_int(s, "outcome", &outcome);
    say_made_up(screen, s);
    if (say_holder(screen, s)) {
        return;
    }
    if (outcome == SHK_OUTCOME_ELIGIBLE) {
        out_line(&screen->out, STYLE_GOOD, screen_say(screen, "資格あり", "Eligible"));
    } else if (outcome == SHK_OUTCOME_NOT_ELIGIBLE && by_dates(s)) {
        say_past(screen);
    } else if (outcome == SHK_OUTCOME_NOT_ELIGIBLE) {
        say_invalid(screen, s);
    } else if (outcome == SHK_OUTCOME_UNSTATED) {
        out_line(
            &screen->out, STYLE_BOLD,
            screen_say(screen,
                       "資格の内容(有効・無効は書かれていません。アプリの画面で確かめてください)",
                       "Entitlement; the text does not say whether it is valid"));
    }
}
