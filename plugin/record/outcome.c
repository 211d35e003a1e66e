#include "outcome.h"

#include <string.h>

#include "fold.h"
#include "known.h"
#include "record_set.h"

struct value record_said(const struct record_set *set, size_t record, const char *path) {
    struct value value;
    if (record_value(set, record, path, strlen(path), &value) != SHK_OK ||
        value.state != VALUE_PRESENT) {
        value = (struct value){.text = ""};
    }
    return value;
}

bool record_says(const struct record_set *set, size_t record, const char *path, const char *word) {
    struct value value = record_said(set, record, path);
    return value.state == VALUE_PRESENT && text_equal(value.text, word);
}

bool record_has(const struct record_set *set, size_t record, const char *path) {
    return record_said(set, record, path).state == VALUE_PRESENT;
}

/* Two entitlements of medical insurance are one person's when the names are; 医療扶助 may know the person
 * by another one. */
static bool names_differ(const struct record_set *set, size_t one, size_t other) {
    struct value a = known_said(set, one, KNOWN_name), b = known_said(set, other, KNOWN_name);
    return a.len > 0 && b.len > 0 &&
           record_is_medical_aid(set, one) == record_is_medical_aid(set, other) &&
           !fold_names_match(a.text, a.len, b.text, b.len);
}

static bool has_two_names(const struct record_set *set) {
    for (size_t i = 2; i <= record_count(set); i++) {
        for (size_t k = 1; k < i; k++) {
            if (names_differ(set, k, i)) {
                return true;
            }
        }
    }
    return false;
}

static bool has_one_birth(const struct record_set *set) {
    const char *first = "";
    for (size_t i = 1; i <= record_count(set); i++) {
        const char *day = known_said(set, i, KNOWN_birth_date).text;
        if (first[0] != '\0' && day[0] != '\0' && !text_equal(first, day)) {
            return false;
        }
        first = day[0] != '\0' ? day : first;
    }
    return true;
}

const char *outcome_other_person(const struct record_set *set) {
    return !has_one_birth(set) ? "Birthdate" : has_two_names(set) ? "Name" : NULL;
}

/* Older programs leave the class out and only the payer's number tells. */
bool record_is_medical_aid(const struct record_set *set, size_t record) {
    struct value number;
    if (known_has(set, record, KNOWN_card_class)) {
        return known_says(set, record, KNOWN_card_class, "A1");
    }
    return record_value_at(set, record, known_place(KNOWN_insurer_number), &number) == SHK_OK &&
           number.len == 8 && text_starts(number.text, "12");
}

static const char *date_of(const struct record_set *set, size_t record, enum known which) {
    return known_said(set, record, which).text;
}

static bool is_before(const char *day, const char *other) {
    return day[0] != '\0' && other[0] != '\0' && strcmp(day, other) < 0;
}

bool record_covers_date(const struct record_set *set, size_t record) {
    const char *date = date_of(set, record, KNOWN_confirmation_date);
    const char *loss = date_of(set, record, KNOWN_disqualification_date);
    bool lost = date[0] != '\0' && loss[0] != '\0' && !is_before(date, loss);
    return !lost && !is_before(date, date_of(set, record, KNOWN_qualification_date)) &&
           !is_before(date, date_of(set, record, KNOWN_valid_from)) &&
           !is_before(date_of(set, record, KNOWN_valid_until), date);
}

static bool only_medical_aid(const struct record_set *set) {
    for (size_t i = 1; i <= record_count(set); i++) {
        if (!record_is_medical_aid(set, i)) {
            return false;
        }
    }
    return true;
}

static bool is_valid(const struct record_set *set) {
    return known_says(set, 1, KNOWN_validity, "1") ||
           (known_says(set, 1, KNOWN_validity, "6") && only_medical_aid(set));
}

static bool says_valid(const struct record_set *set, size_t record) {
    return known_says(set, record, KNOWN_validity, "1") ||
           (known_says(set, record, KNOWN_validity, "6") && record_is_medical_aid(set, record));
}

static bool says_invalid(const struct record_set *set, size_t record) {
    static const char *const codes[] = {"2", "3", "4", "5"};
    struct value validity = known_said(set, record, KNOWN_validity);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (validity.state == VALUE_PRESENT && text_equal(validity.text, codes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_invalid(const struct record_set *set) {
    return says_invalid(set, 1);
}

/* A clinic that has taught the reader a word for the validity is believed. */
static enum record_outcome outcome_of_app_record(const struct record_set *set, size_t record) {
    if (!record_covers_date(set, record) || says_invalid(set, record)) {
        return OUTCOME_NOT_ELIGIBLE;
    }
    return says_valid(set, record) ? OUTCOME_ELIGIBLE : OUTCOME_UNSTATED;
}

static enum record_outcome outcome_of_app(const struct record_set *set) {
    if (record_result_count(set) == 0) {
        return OUTCOME_NONE;
    }
    enum record_outcome best = OUTCOME_NOT_ELIGIBLE;
    for (size_t i = 1; i <= record_count(set); i++) {
        enum record_outcome one = outcome_of_app_record(set, i);
        best = one == OUTCOME_ELIGIBLE || best == OUTCOME_NOT_ELIGIBLE ? one : best;
    }
    return best;
}

static bool is_of_result(const struct field *field) {
    return field->element[0] != '\0' && !text_starts(field->element, "Message");
}

/* Of a list its first entry. */
static bool is_present(const struct record_set *set, size_t record, const struct field *field) {
    const struct field_ref ref = {.field = field, .entry = field_list_of(field) != NULL ? 1 : 0};
    struct record_place place;
    struct value value;
    stored_place(&ref, &place);
    return record_value_at(set, record, &place, &value) == SHK_OK && value.state == VALUE_PRESENT;
}

static bool is_empty_form(const struct record_set *set, size_t record) {
    for (size_t i = 0; i < field_count(); i++) {
        const struct field *field = field_at(i);
        if (is_of_result(field) && is_present(set, record, field)) {
            return false;
        }
    }
    return true;
}

/* A result without a single value is nobody's entitlement. */
static bool describes_someone(const struct record_set *set) {
    for (size_t i = 1; i <= record_result_count(set); i++) {
        if (!is_empty_form(set, i)) {
            return true;
        }
    }
    return false;
}

enum record_outcome record_outcome(const struct record_set *set) {
    if (record_is_app(set)) {
        return outcome_of_app(set);
    }
    if (record_is_card(set)) {
        return record_result_count(set) > 0 ? OUTCOME_UNSTATED : OUTCOME_NONE;
    }
    if (!known_says(set, 1, KNOWN_result_segment, "1")) {
        return OUTCOME_NONE;
    }
    if (is_invalid(set)) {
        return OUTCOME_NOT_ELIGIBLE;
    }
    bool found = known_says(set, 1, KNOWN_result_status, "1") && describes_someone(set);
    return found && is_valid(set) ? OUTCOME_ELIGIBLE : OUTCOME_NONE;
}

enum record_outcome record_outcome_at(const struct record_set *set, size_t record) {
    bool own = record_is_app(set) && record >= 1 && record <= record_result_count(set);
    return own ? outcome_of_app_record(set, record) : record_outcome(set);
}

static bool is_foreign(const struct record_set *set) {
    if (!known_has(set, 1, KNOWN_result_segment)) {
        return true;
    }
    return known_says(set, 1, KNOWN_result_segment, "1") && !known_has(set, 1, KNOWN_validity) &&
           !known_says(set, 1, KNOWN_result_status, "2") && record_result_count(set) == 0;
}

int32_t outcome_fault(const struct record_set *set) {
    if (is_foreign(set)) {
        return SHK_E_XML_FOREIGN;
    }
    if (known_says(set, 1, KNOWN_result_segment, "2")) {
        return SHK_E_ANSWER_PENDING;
    }
    if (!known_says(set, 1, KNOWN_result_segment, "1")) {
        return SHK_E_ANSWER_REFUSED;
    }
    if (known_says(set, 1, KNOWN_result_status, "2") && !is_invalid(set)) {
        return SHK_E_ANSWER_ERROR;
    }
    return record_outcome(set) == OUTCOME_NONE ? SHK_E_ANSWER_UNCLEAR : SHK_OK;
}
