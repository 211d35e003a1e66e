#include "outcome.h"

#include <string.h>

bool record_says(const struct record_set *set, size_t record, const char *path, const char *word) {
    struct value value;
    return record_value(set, record, path, strlen(path), &value) == SHK_OK &&
           value.state == VALUE_PRESENT && text_equal(value.text, word);
}

bool record_has(const struct record_set *set, size_t record, const char *path) {
    struct value value;
    return record_value(set, record, path, strlen(path), &value) == SHK_OK &&
           value.state == VALUE_PRESENT;
}

bool outcome_one_person(const struct record_set *set) {
    static const char path[] = "birth_date";
    const char *first = NULL;
    for (size_t i = 1; i <= record_count(set); i++) {
        struct value date;
        if (record_value(set, i, path, sizeof path - 1, &date) != SHK_OK ||
            date.state != VALUE_PRESENT) {
            continue;
        }
        if (first != NULL && !text_equal(first, date.text)) {
            return false;
        }
        first = date.text;
    }
    return true;
}

/* Medical aid by its class; older programs leave the class out and only the payer's number tells. */
static bool is_medical_aid(const struct record_set *set, size_t record) {
    struct value number;
    static const char path[] = "insurer_number";
    if (record_has(set, record, "card_class")) {
        return record_says(set, record, "card_class", "A1");
    }
    return record_value(set, record, path, sizeof path - 1, &number) == SHK_OK && number.len == 8 &&
           text_starts(number.text, "12");
}

static bool only_medical_aid(const struct record_set *set) {
    for (size_t i = 1; i <= record_count(set); i++) {
        if (!is_medical_aid(set, i)) {
            return false;
        }
    }
    return true;
}

static bool is_valid(const struct record_set *set) {
    return record_says(set, 1, "validity", "1") ||
           (record_says(set, 1, "validity", "6") && only_medical_aid(set));
}

static bool is_invalid(const struct record_set *set) {
    static const char *const codes[] = {"2", "3", "4", "5"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (record_says(set, 1, "validity", codes[i])) {
            return true;
        }
    }
    return false;
}

enum record_outcome record_outcome(const struct record_set *set) {
    if (!record_says(set, 1, "result_segment", "1")) {
        return OUTCOME_NONE;
    }
    if (is_invalid(set)) {
        return OUTCOME_NOT_ELIGIBLE;
    }
    bool found = record_says(set, 1, "result_status", "1") && record_result_count(set) > 0;
    return found && is_valid(set) ? OUTCOME_ELIGIBLE : OUTCOME_NONE;
}

static bool is_foreign(const struct record_set *set) {
    if (!record_has(set, 1, "result_segment")) {
        return true;
    }
    return record_says(set, 1, "result_segment", "1") && !record_has(set, 1, "validity") &&
           !record_says(set, 1, "result_status", "2") && record_result_count(set) == 0;
}

int32_t outcome_fault(const struct record_set *set) {
    if (is_foreign(set)) {
        return SHK_E_XML_FOREIGN;
    }
    if (record_says(set, 1, "result_segment", "2")) {
        return SHK_E_ANSWER_PENDING;
    }
    if (!record_says(set, 1, "result_segment", "1")) {
        return SHK_E_ANSWER_REFUSED;
    }
    bool error = record_says(set, 1, "result_status", "2") && !is_invalid(set);
    return error ? SHK_E_ANSWER_ERROR : SHK_OK;
}
