#include "compare.h"

#include <string.h>

#include "fields.h"
#include "fold.h"
#include "host_code.h"
#include "outcome.h"
#include "when.h"

static const struct {
    const char *name, *japanese;
} words[] = {
    [DIFFERENCE_UNCHANGED] = {"unchanged", "変更なし"},
    [DIFFERENCE_CHANGED] = {"changed", "変更あり"},
    [DIFFERENCE_LOST] = {"lost", "資格喪失"},
    [DIFFERENCE_SEVERAL] = {"several", "複数該当"},
    [DIFFERENCE_NOT_FOUND] = {"not_found", "該当資格なし"},
    [DIFFERENCE_FAULT] = {"fault", "確認できず"},
};

const char *difference_name(enum difference difference) {
    return words[difference].name;
}

const char *difference_japanese(enum difference difference) {
    return words[difference].japanese;
}

static bool same_number(const char *a, const char *b) {
    return fold_same(fold_number_short, a, b);
}

static bool same_symbol(const char *a, const char *b) {
    return fold_same(fold_symbol, a, b);
}

static bool same_kana(const char *a, const char *b) {
    return fold_same(fold_kana, a, b);
}

static bool same_name(const char *a, const char *b) {
    return fold_names_match(a, strlen(a), b, strlen(b));
}

/* How a text is compared; others as names are, but to the letter. */
static const struct {
    const char *path;
    bool (*same)(const char *a, const char *b);
} texts[] = {
    {"name", same_name},      {"name_other", same_name},      {"insured_name", same_name},
    {"name_kana", same_kana}, {"name_other_kana", same_kana}, {"symbol", same_symbol},
    {"number", same_symbol},  {"branch_number", same_symbol}, {"postal_code", same_number},
};

static bool same_text(const char *path, const char *a, const char *b) {
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal(texts[i].path, path)) {
            return texts[i].same(a, b);
        }
    }
    return fold_same(fold_name, a, b);
}

/* A date of the host in any notation against YYYY-MM-DD. */
static bool same_date(const char *host, const char *answer) {
    char day[9];
    bool same = when_read(host, strlen(host), day) && same_number(day, answer);
    memory_wipe(day, sizeof day);
    return same;
}

static bool same_code(const struct field *field, const char *host, const char *answer) {
    if (host[0] == '\0' && text_equal(answer, "unknown")) { /* 未設定: both say nothing */
        return true;
    }
    const struct code_row *row = host_code(field, host);
    return row != NULL ? text_equal(row->value != NULL ? row->value : row->code, answer)
                       : fold_same(fold_name, host, answer);
}

bool compare_value(const struct field *field, const char *host, const char *answer) {
    switch (field->type) {
    case FIELD_DATE:
        return same_date(host, answer);
    case FIELD_CODE:
    case FIELD_FLAG:
    case FIELD_SEX:
    case FIELD_RELATION:
        return same_code(field, host, answer);
    case FIELD_MONTH:
    case FIELD_TIME:
    case FIELD_INT:
    case FIELD_PERCENT:
    case FIELD_INSURER:
        return same_number(host, answer);
    case FIELD_TEXT:
        break;
    }
    return same_text(field->path, host, answer);
}

/* What the answer says at a host's path. A sex that is not on the front of the card may be on its back. */
static struct value answer_at(const struct record_set *set, size_t record, const char *path) {
    struct value value;
    if (text_equal(path, "sex")) {
        path = "derived.sex";
    }
    if (record_value(set, record, path, strlen(path), &value) != SHK_OK) {
        value = (struct value){.text = ""};
    }
    return value;
}

static bool is_changed(const struct record_set *set, size_t record, const struct host_value *host) {
    struct value answer = answer_at(set, record, host->path);
    return answer.state == VALUE_PRESENT && !compare_value(answer.field, host->text, answer.text);
}

static size_t find_changes(const struct record_set *set, size_t record,
                           const struct host_value *values, size_t n, size_t *changed) {
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_changed(set, record, &values[i])) {
            changed[found++] = i;
        }
    }
    return found;
}

static bool has_insurer(const struct record_set *set, size_t record,
                        const struct host_value *values, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (text_equal(values[i].path, "insurer_number")) {
            return !is_changed(set, record, &values[i]) &&
                   record_has(set, record, "insurer_number");
        }
    }
    return false;
}

/* The record of the host's insurer, else the one with the fewest changes. */
static size_t find_record(const struct record_set *set, const struct host_value *values, size_t n,
                          size_t *changed) {
    size_t best = 1, fewest = SIZE_MAX;
    bool best_insurer = false;
    for (size_t i = 1; i <= record_count(set); i++) {
        bool insurer = has_insurer(set, i, values, n);
        size_t changes = find_changes(set, i, values, n, changed);
        if ((insurer && !best_insurer) || (insurer == best_insurer && changes < fewest)) {
            best = i;
            fewest = changes;
            best_insurer = insurer;
        }
    }
    return best;
}

static enum difference difference_of(const struct record_set *set) {
    if (record_outcome(set) == OUTCOME_NONE) {
        return DIFFERENCE_FAULT;
    }
    if (record_outcome(set) != OUTCOME_NOT_ELIGIBLE) {
        return DIFFERENCE_UNCHANGED;
    }
    if (record_says(set, 1, "validity", "5")) {
        return DIFFERENCE_SEVERAL;
    }
    return record_says(set, 1, "validity", "4") ? DIFFERENCE_NOT_FOUND : DIFFERENCE_LOST;
}

enum difference compare_record(const struct record_set *set, const struct host_value *values,
                               size_t n, size_t *changed, size_t *changed_n, size_t *record) {
    *changed_n = 0;
    *record = 1;
    enum difference difference = difference_of(set);
    if (difference != DIFFERENCE_UNCHANGED && difference != DIFFERENCE_LOST) {
        return difference;
    }
    *record = find_record(set, values, n, changed);
    if (difference == DIFFERENCE_LOST) {
        return difference;
    }
    *changed_n = find_changes(set, *record, values, n, changed);
    return *changed_n > 0 ? DIFFERENCE_CHANGED : DIFFERENCE_UNCHANGED;
}
