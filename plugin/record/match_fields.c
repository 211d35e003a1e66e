#include <string.h>

#include "fields.h"
#include "fold.h"
#include "host_code.h"
#include "match.h"
#include "match_names.h"
#include "outcome.h"

static const struct {
    const char *name, *japanese;
} words[] = {
    [MATCH_EQUAL] = {"equal", "同じ"},
    [MATCH_VARIANT] = {"variant", "同じ（書き方の違い）"},
    [MATCH_MISSING] = {"missing", "回答に表示できない文字がある（レセコンのまま）"},
    [MATCH_REMEMBERED] = {"remembered", "前に同じと確認済み"},
    [MATCH_ADDED] = {"added", "レセコンにない"},
    [MATCH_OTHER] = {"other", "違う"},
};

const char *match_difference_name(enum match_difference difference) {
    return words[difference].name;
}

const char *match_difference_japanese(enum match_difference difference) {
    return words[difference].japanese;
}

/* Where a value of the host stands in the table. */
struct place {
    const struct field *field;
    size_t entry;
};

/* The sex of an answer is that of both sides of the card; it is written as the sex. */
static const char *usual_path(const char *path) {
    return text_equal(path, "derived.sex") ? "sex" : path;
}

static bool find_place(const char *path, struct place *out) {
    struct field_ref ref;
    path = usual_path(path);
    if (!field_resolve(path, strlen(path), &ref) || ref.label || field_is_derived(ref.field)) {
        return false;
    }
    *out = (struct place){ref.field, ref.entry};
    return true;
}

static const char *answer_at(const struct record_set *set, size_t record, const char *path) {
    const char *text =
        record_said(set, record, text_equal(path, "sex") ? "derived.sex" : path).text;
    return host_is_blank(text) ? "" : text;
}

static bool is_remembered(const struct known_spelling *spellings, size_t n, const char *path,
                          const char *answer, const char *host) {
    for (size_t i = 0; i < n; i++) {
        if (text_equal(usual_path(spellings[i].path), path) &&
            text_equal(spellings[i].answer, answer) && text_equal(spellings[i].host, host)) {
            return true;
        }
    }
    return false;
}

static bool is_kana(const struct field *field) {
    return text_equal(field->path, "name_kana") || text_equal(field->path, "name_other_kana");
}

static bool means_the_same(const struct field *field, const char *host, const char *answer) {
    return compare_value(field, host, answer) ||
           (is_kana(field) && match_kana(host, answer) >= KANA_LONG);
}

/* ● of the answer would replace a character of the host, whatever the rest says. */
static enum match_difference compare_text(const struct field *field, const char *host,
                                          const char *answer) {
    bool lost = fold_has_missing(answer, strlen(answer));
    if (text_equal(host, answer)) {
        return MATCH_EQUAL;
    }
    if (lost) {
        return MATCH_MISSING;
    }
    bool filled = fold_has_missing(host, strlen(host));
    return !filled && means_the_same(field, host, answer) ? MATCH_VARIANT : MATCH_OTHER;
}

static enum match_difference compare_field(const struct field *field, const char *host,
                                           const char *answer) {
    if (answer[0] == '\0') {
        return MATCH_EQUAL;
    }
    if (host_is_blank(host)) {
        return MATCH_ADDED;
    }
    if (field->type == FIELD_TEXT) {
        return compare_text(field, host, answer);
    }
    return compare_value(field, host, answer) ? MATCH_EQUAL : MATCH_OTHER;
}

struct table {
    struct match_field *out;
    struct place places[MATCH_FIELDS_MAX];
    size_t n;
};

static bool comes_before(const struct place *a, const struct place *b) {
    const struct field *a_list = field_list_of(a->field), *b_list = field_list_of(b->field);
    size_t a_at = field_index(a_list != NULL ? a_list : a->field);
    size_t b_at = field_index(b_list != NULL ? b_list : b->field);
    if (a_at != b_at) {
        return a_at < b_at;
    }
    return a->entry != b->entry ? a->entry < b->entry
                                : field_index(a->field) < field_index(b->field);
}

static bool is_there(const struct table *table, const struct place *place) {
    for (size_t i = 0; i < table->n; i++) {
        if (table->places[i].field == place->field && table->places[i].entry == place->entry) {
            return true;
        }
    }
    return false;
}

/* In the order of the table; the last one gives way where there is no room. */
static void insert(struct table *table, const struct place *place, const struct match_field *one) {
    size_t index = table->n;
    while (index > 0 && comes_before(place, &table->places[index - 1])) {
        index--;
    }
    if (index == MATCH_FIELDS_MAX) {
        return;
    }
    size_t after = table->n - index - (table->n == MATCH_FIELDS_MAX ? 1 : 0);
    memmove(&table->out[index + 1], &table->out[index], after * sizeof *one);
    memmove(&table->places[index + 1], &table->places[index], after * sizeof *place);
    table->out[index] = *one;
    table->places[index] = *place;
    table->n = index + after + 1;
}

size_t match_fields(const struct record_set *set, size_t record,
                    const struct match_patient *patient, const struct known_spelling *spellings,
                    size_t spellings_n, struct match_field out[MATCH_FIELDS_MAX]) {
    struct table table = {.out = out};
    for (size_t i = 0; i < patient->n; i++) {
        const struct host_value *host = &patient->values[i];
        struct place place;
        if (!find_place(host->path, &place) || is_there(&table, &place)) {
            continue;
        }
        const char *old = host->text != NULL ? host->text : "";
        struct match_field one = {.path = place.entry > 0 ? host->path : place.field->path,
                                  .old = old};
        one.now = answer_at(set, record, one.path);
        one.difference = compare_field(place.field, old, one.now);
        if (one.difference == MATCH_OTHER &&
            is_remembered(spellings, spellings_n, one.path, one.now, old)) {
            one.difference = MATCH_REMEMBERED;
        }
        one.take = one.difference == MATCH_ADDED || one.difference == MATCH_OTHER;
        if (!host_is_blank(old) || one.now[0] != '\0') {
            insert(&table, &place, &one);
        }
    }
    return table.n;
}
