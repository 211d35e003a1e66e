/* Whose answer is this, for a program: one object. */
#include "match.h"

static void put_text(struct json *j, const struct session *s, int32_t candidate, const char *list,
                     int32_t n, const char *name) {
    char *text = match_text(s, candidate, list, n, name);
    json_text(j, name, text);
    value_free(&text);
}

static void put_number(struct json *j, const struct session *s, const char *name) {
    int32_t number = 0;
    if (match_number(s, 0, NULL, 0, name, &number)) {
        json_number(j, name, number);
    }
}

static void put_grade(struct json *j, const struct session *s, int32_t candidate) {
    char *name = match_text(s, candidate, NULL, 0, "grade_name");
    json_text(j, "grade", name);
    put_text(j, s, candidate, NULL, 0, "grade_text");
    value_free(&name);
}

static void put_person(struct json *j, const struct session *s) {
    static const char *const paths[] = {"name", "name_kana", "birth_date", "sex", "insurer_number"};
    json_open(j, "person", '{');
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *value = match_person(s, paths[i]);
        json_text(j, paths[i], value);
        value_free(&value);
    }
    json_close(j, '}');
}

/* Who it is, also where that is no field that could be taken over. */
static void put_on_file(struct json *j, const struct session *s, int32_t candidate) {
    static const char *const paths[] = {"name", "name_kana", "birth_date"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *value = match_old(s, candidate, paths[i]);
        json_text(j, paths[i], value);
        value_free(&value);
    }
}

static void put_reasons(struct json *j, const struct session *s, int32_t candidate) {
    int32_t n = match_count(s, candidate, "reason");
    json_open(j, "reasons", '[');
    for (int32_t i = 1; i <= n; i++) {
        json_open(j, NULL, '{');
        put_text(j, s, candidate, "reason", i, "name");
        put_text(j, s, candidate, "reason", i, "text");
        put_text(j, s, candidate, "reason", i, "text_en");
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_fields(struct json *j, const struct session *s, int32_t candidate) {
    static const char *const texts[] = {"path", "label",      "label_en",       "old",
                                        "now",  "difference", "difference_text"};
    int32_t n = match_count(s, candidate, "field");
    json_open(j, "fields", '[');
    for (int32_t i = 1; i <= n; i++) {
        json_open(j, NULL, '{');
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            put_text(j, s, candidate, "field", i, texts[k]);
        }
        json_bool(j, "take", match_field_taken(s, candidate, i));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_candidates(struct json *j, const struct session *s) {
    int32_t n = match_count(s, 0, NULL);
    json_open(j, "candidates", '[');
    for (int32_t i = 1; i <= n && !j->out->broken; i++) {
        json_open(j, NULL, '{');
        put_text(j, s, i, NULL, 0, "id");
        put_grade(j, s, i);
        put_on_file(j, s, i);
        put_reasons(j, s, i);
        put_fields(j, s, i);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void match_report(struct screen *screen, const struct session *s, const char *answer) {
    struct json j = {&screen->out, true};
    json_open(&j, NULL, '{');
    json_text(&j, "event", "match");
    put_number(&j, s, "delivery");
    put_text(&j, s, 0, NULL, 0, "target");
    put_number(&j, s, "record");
    put_grade(&j, s, 0);
    put_person(&j, s);
    put_candidates(&j, s);
    put_number(&j, s, "left_out");
    json_text(&j, "answer", answer);
    json_close(&j, '}');
    json_end_line(&j);
}
