#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "utf8.h"

enum shape { SHAPE_TEXT, SHAPE_DATE, SHAPE_SHARE };

/* What a receptionist copies or compares; --json has everything. */
struct shown {
    const char *path;
    enum shape shape;
};

static const struct shown main_fields[] = {
    {"result_message", SHAPE_TEXT},
    {"error_message", SHAPE_TEXT},
    {"confirmation_date", SHAPE_DATE},
    {"reference_number", SHAPE_TEXT},
    {"validity", SHAPE_TEXT},
    {"name", SHAPE_TEXT},
    {"name_kana", SHAPE_TEXT},
    {"birth_date", SHAPE_DATE},
    {"sex", SHAPE_TEXT},
    {"name_other", SHAPE_TEXT},
    {"name_other_kana", SHAPE_TEXT},
    {"sex_other", SHAPE_TEXT},
    {"card_class", SHAPE_TEXT},
    {"insurer_number", SHAPE_TEXT},
    {"insurer_name", SHAPE_TEXT},
    {"symbol", SHAPE_TEXT},
    {"number", SHAPE_TEXT},
    {"branch_number", SHAPE_TEXT},
    {"relation", SHAPE_TEXT},
    {"preschool", SHAPE_TEXT},
    {"burden_percent", SHAPE_SHARE},
    {"qualification_date", SHAPE_DATE},
    {"valid_from", SHAPE_DATE},
    {"valid_until", SHAPE_DATE},
    {"disqualification_date", SHAPE_DATE},
    {"elderly.burden_percent", SHAPE_SHARE},
    {"elderly.valid_from", SHAPE_DATE},
    {"elderly.valid_until", SHAPE_DATE},
    {"limit.category", SHAPE_TEXT},
    {"limit.valid_from", SHAPE_DATE},
    {"limit.valid_until", SHAPE_DATE},
};

/* What a card says of its holder. */
static const struct shown card_fields[] = {
    {"name", SHAPE_TEXT},
    {"birth_date", SHAPE_DATE},
    {"sex", SHAPE_TEXT},
    {"address", SHAPE_TEXT},
};

/* Who was asked for, where the answer has no name. */
static const struct shown search_fields[] = {
    {"search.arbitrary_identifier", SHAPE_TEXT},
    {"search.insurer_number", SHAPE_TEXT},
    {"search.symbol", SHAPE_TEXT},
    {"search.number", SHAPE_TEXT},
    {"search.branch_number", SHAPE_TEXT},
    {"search.birth_date", SHAPE_DATE},
};
enum {
    MAIN_FIELDS = sizeof main_fields / sizeof *main_fields,
    CARD_FIELDS = sizeof card_fields / sizeof *card_fields,
    SEARCH_FIELDS = sizeof search_fields / sizeof *search_fields,
    LABEL_COLUMNS = 30
};

static char *read_label(const struct screen *screen, const struct session *s, const char *field) {
    char path[128];
    (void)snprintf(path, sizeof path, "field.%s.%s", field, screen->english ? "label_en" : "label");
    return value_text(s, path);
}

/* A code's word where there is one: 男, 有効. The words are Japanese; English has the code before them. */
static char *read_value(const struct screen *screen, const struct session *s, int32_t record,
                        const char *field) {
    char path[160];
    (void)snprintf(path, sizeof path, "records[%ld].%s_label", (long)record, field);
    char *word = value_text(s, path);
    (void)snprintf(path, sizeof path, "records[%ld].%s", (long)record, field);
    char *value = value_text(s, path);
    if (word == NULL || word[0] == '\0' || value == NULL) {
        value_free(&word);
        return value;
    }
    if (!screen->english) {
        value_free(&value);
        return word;
    }
    size_t room = strlen(value) + strlen(word) + 4;
    char *both = malloc(room);
    if (both != NULL) {
        (void)snprintf(both, room, "%s (%s)", value, word);
    }
    value_free(&word);
    value_free(&value);
    return both;
}

static void write_shaped(struct screen *screen, const char *value, enum shape shape) {
    char words[96];
    if (shape == SHAPE_SHARE) {
        size_t n = strlen(value);
        bool tenths = !screen->english && (n == 2 || n == 3) && value[n - 1] == '0';
        (void)snprintf(words, sizeof words, tenths ? "%.*s割" : "%.*s %%",
                       (int)(tenths ? n - 1 : n), value);
        out_text(&screen->out, words, false);
    } else if (shape == SHAPE_DATE && !screen->english) {
        date_japanese(value, words, sizeof words);
        out_text(&screen->out, words, false);
    } else {
        out_text(&screen->out, value, false);
    }
}

static void show_field(struct screen *screen, const struct session *s, int32_t record,
                       const struct shown *shown) {
    const char *field = shown->path;
    char *value = read_value(screen, s, record, field);
    if (value == NULL || value[0] == '\0') {
        value_free(&value);
        return;
    }
    char *label = read_label(screen, s, field);
    const char *name = label != NULL ? label : field;
    out_raw(&screen->out, "  ", 2);
    out_style(&screen->out, STYLE_DIM);
    out_text(&screen->out, name, false);
    out_style(&screen->out, STYLE_PLAIN);
    out_spaces(&screen->out, LABEL_COLUMNS - utf8_width(name));
    out_raw(&screen->out, "  ", 2);
    write_shaped(screen, value, shown->shape);
    out_raw(&screen->out, "\n", 1);
    value_free(&label);
    value_free(&value);
}

static char *record_text(const struct session *s, int32_t record, const char *field) {
    char path[96];
    (void)snprintf(path, sizeof path, "records[%ld].%s", (long)record, field);
    return value_text(s, path);
}

static void warn_of_check_digit(struct screen *screen, const struct session *s, int32_t record) {
    char *verdict = record_text(s, record, "derived.insurer_check_digit");
    if (verdict != NULL && strcmp(verdict, "wrong") == 0) {
        out_line(&screen->out, STYLE_WARN,
                 screen_say(screen,
                            "  注意: 保険者番号の検証番号が合いません。番号を確かめてください",
                            "  Caution: the insurer number has a wrong check digit"));
    }
    value_free(&verdict);
}

static bool is_of_card(const struct session *s) {
    char *source = value_text(s, "source");
    bool card = source != NULL && strcmp(source, "card") == 0;
    value_free(&source);
    return card;
}

static void show_holder(struct screen *screen, const struct session *s) {
    for (size_t i = 0; i < CARD_FIELDS; i++) {
        show_field(screen, s, 1, &card_fields[i]);
    }
}

static void show_record(struct screen *screen, const struct session *s, int32_t record) {
    if (is_of_card(s)) {
        show_holder(screen, s);
        return;
    }
    char *name = record_text(s, record, "name");
    for (size_t i = 0; i < SEARCH_FIELDS && name == NULL; i++) {
        show_field(screen, s, record, &search_fields[i]);
    }
    for (size_t i = 0; i < MAIN_FIELDS; i++) {
        show_field(screen, s, record, &main_fields[i]);
    }
    warn_of_check_digit(screen, s, record);
    value_free(&name);
}

void show_whom(struct screen *screen, const struct session *s) {
    static const struct shown name = {"name", SHAPE_TEXT};
    if (value_count(s, "records") == 0) {
        return;
    }
    for (size_t i = 0; i < SEARCH_FIELDS; i++) {
        show_field(screen, s, 1, &search_fields[i]);
    }
    show_field(screen, s, 1, &name);
    out_flush(&screen->out);
}

void show_answer(struct screen *screen, const struct session *s) {
    int32_t records = value_count(s, "records");
    show_verdict(screen, s);
    for (int32_t n = 1; n <= records && !screen->out.broken; n++) {
        if (records > 1) {
            char heading[64];
            (void)snprintf(heading, sizeof heading,
                           screen_say(screen, "[%ld/%ld件目]", "[%ld/%ld]"), (long)n,
                           (long)records);
            out_line(&screen->out, STYLE_BOLD, heading);
        }
        show_record(screen, s, n);
    }
    show_drift(screen, s);
    out_flush(&screen->out);
}

static char *delivery_text(const struct session *s, int32_t n, const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "delivery[%ld].%s", (long)n, name);
    return value_text(s, path);
}

static void show_document(struct screen *screen, const struct session *s, int32_t n) {
    char *text = delivery_text(s, n, "document_text");
    if (text == NULL) {
        out_line(&screen->out, STYLE_DIM,
                 screen_say(screen, "  (文書を表示できません)", "  (cannot be shown)"));
        return;
    }
    size_t length = strlen(text);
    out_text(&screen->out, text, true);
    if (length > 0 && text[length - 1] != '\n') {
        out_raw(&screen->out, "\n", 1);
    }
    out_flush(&screen->out);
    value_free(&text);
}

/* Whoever relies on a pack must be able to see that nobody vouches for it. */
static void show_unsigned(struct screen *screen, const struct session *s, int32_t n) {
    char *is_signed = delivery_text(s, n, "pack_signed");
    char *pack = delivery_text(s, n, "pack");
    if (is_signed != NULL && strcmp(is_signed, "unsigned") == 0) {
        char line[160];
        (void)snprintf(
            line, sizeof line,
            screen_say(screen, "  パック %s: 署名なし / unsigned", "  Pack %s: unsigned"),
            pack != NULL ? pack : "?");
        out_line(&screen->out, STYLE_DIM, line);
    }
    value_free(&is_signed);
    value_free(&pack);
}

void show_delivery(struct screen *screen, const struct session *s, int32_t n) {
    char prefix[48];
    struct failure f;
    struct delivered one;
    (void)snprintf(prefix, sizeof prefix, "delivery[%ld].fault", (long)n);
    failure_read(s, prefix, &f);
    delivered_read(&one, s, n);
    char *place = delivery_text(s, n, "file");
    char *script = delivery_text(s, n, "script");
    const char *what = delivered_heading(screen, &one, &f);
    const char *name = place != NULL ? place : script != NULL ? script : "";
    out_style(&screen->out, f.code == 0 ? STYLE_PLAIN : STYLE_BAD);
    out_text(&screen->out, what, false);
    out_style(&screen->out, STYLE_PLAIN);
    out_line(&screen->out, STYLE_PLAIN, name);
    delivered_show(screen, &one);
    show_unsigned(screen, s, n);
    delivered_clear(&one);
    if (f.code != 0) {
        screen_failure(screen, &f);
    }
    if (f.code == 0 && screen->show_document) {
        show_document(screen, s, n);
    }
    value_free(&place);
    value_free(&script);
}

/* Whoever waits for a document must know that none will come. */
void show_not_due(struct screen *screen, const struct session *s) {
    int32_t n = 0, outcome = SHK_OUTCOME_NONE;
    if (value_count(s, "delivery") > 0 || !value_int(s, "delivery.not_due", &n) || n == 0) {
        return;
    }
    (void)value_int(s, "outcome", &outcome);
    if (outcome == SHK_OUTCOME_UNSTATED) {
        out_line(&screen->out, STYLE_WARN,
                 screen_say(screen,
                            "文書は渡していません。有効・無効の記載がない内容も渡すには、設定の "
                            "deliveries に when = \"found\" と書きます",
                            "No document was delivered; to deliver records that do not state their "
                            "validity, set when = \"found\" in deliveries"));
        return;
    }
    out_line(&screen->out, STYLE_WARN,
             screen_say(screen,
                        "文書は渡していません。設定(deliveries の when)では、"
                        "この回答は渡しません",
                        "No document was delivered: when, in deliveries, leaves out this answer"));
}
