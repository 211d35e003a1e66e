#include "derive.h"

#include <string.h>

#include "derive_age.h"
#include "fold.h"
#include "known.h"
#include "outcome.h"

/* A rule appends its value in the form of a source; nothing appended means: not known. */
typedef int32_t derive_rule(const struct record_set *set, size_t record, struct bytes *out);

static int32_t yes(bool is, struct bytes *out) {
    return is ? bytes_append_text(out, "1") : SHK_OK;
}

/* Six digits get two zeros in front, as the service's own padding is two spaces. Other lengths do not
 * exist; what such a number stands for is anyone's guess. */
static int32_t insurer_number_8(const struct record_set *set, size_t record, struct bytes *out) {
    struct value number = known_said(set, record, KNOWN_insurer_number);
    if (number.len != 6 && number.len != 8) {
        return SHK_OK;
    }
    int32_t rc = bytes_append_text(out, number.len == 6 ? "00" : "");
    return rc == SHK_OK ? bytes_append(out, number.text, number.len) : rc;
}

/* Numbers of 国保 have six digits; 退職国保 puts 67 before them. */
static int32_t insurer_number_6(const struct record_set *set, size_t record, struct bytes *out) {
    struct value number = known_said(set, record, KNOWN_insurer_number);
    bool has_law = number.len == 8 && text_starts(number.text, "67");
    if (number.len != 6 && !has_law) {
        return SHK_OK;
    }
    return bytes_append(out, number.text + (has_law ? 2 : 0), 6);
}

/* The old numbers of four digits have no check digit. */
static int32_t insurer_check_digit(const struct record_set *set, size_t record, struct bytes *out) {
    struct value number = known_said(set, record, KNOWN_insurer_number);
    if (number.len == 0 || number.len == 4) {
        return SHK_OK;
    }
    bool length = number.len == 6 || number.len == 8;
    return bytes_append_text(out,
                             length && check_digit_ok(number.text, number.len) ? "ok" : "wrong");
}

/* "00" for 国保, "" when it is not known. */
static void law_of(const struct record_set *set, size_t record, char law[3]) {
    struct value number = known_said(set, record, KNOWN_insurer_number);
    text_copy_n(law, 3, number.len == 6 ? "00" : number.text,
                number.len == 6 || number.len == 8 ? 2 : 0);
}

static int32_t law_number(const struct record_set *set, size_t record, struct bytes *out) {
    char law[3];
    law_of(set, record, law);
    return bytes_append_text(out, law);
}

static int32_t is_medical_aid(const struct record_set *set, size_t record, struct bytes *out) {
    return yes(record_is_medical_aid(set, record), out);
}

static int32_t append_number(struct bytes *out, int32_t number) {
    char digits[12];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return bytes_append(out, digits + at, sizeof digits - at);
}

static int32_t age(const struct record_set *set, size_t record, struct bytes *out) {
    int32_t years = age_on(known_said(set, record, KNOWN_birth_date).text,
                           known_said(set, record, KNOWN_confirmation_date).text);
    if (years < 0) {
        return SHK_OK;
    }
    return append_number(out, years);
}

static enum age_band band_of(const struct record_set *set, size_t record) {
    char law[3];
    law_of(set, record, law);
    if (text_equal(law, "39")) {
        return AGE_LATE_ELDERLY;
    }
    if (known_says(set, record, KNOWN_preschool, "1")) {
        return AGE_PRESCHOOL;
    }
    return age_band_on(known_said(set, record, KNOWN_birth_date).text,
                       known_said(set, record, KNOWN_confirmation_date).text);
}

static int32_t burden_band(const struct record_set *set, size_t record, struct bytes *out) {
    static const char *const names[] = {"", "preschool", "general", "elderly", "late_elderly"};
    return record_is_medical_aid(set, record) ? SHK_OK
                                              : bytes_append_text(out, names[band_of(set, record)]);
}

/* The laws whose insurers share the costs with the patient by age. */
static bool shares_costs_by_age(const struct record_set *set, size_t record) {
    static const char laws[] = "00 01 02 03 04 06 07 31 32 33 34 63 67 72 73 74 75";
    char law[3];
    law_of(set, record, law);
    return law[0] != '\0' && strstr(laws, law) != NULL;
}

/* A class that nobody has explained may be one whose patients pay all. */
static bool is_class_unknown(const struct record_set *set, size_t record) {
    return known_has(set, record, KNOWN_card_class) &&
           !known_has(set, record, KNOWN_card_class_label);
}

/* False where the answer has a ratio, understood or not, where the patient pays all (特別療養費), and where
 * the entitlement is not a valid one. */
static bool is_burden_open(const struct record_set *set, size_t record) {
    bool other_than_valid =
        known_has(set, record, KNOWN_validity) && !known_says(set, record, KNOWN_validity, "1");
    return !known_has(set, record, KNOWN_burden_percent) &&
           !known_has(set, record, KNOWN_elderly_burden_percent) &&
           !known_says(set, record, KNOWN_card_class, "05") && !is_class_unknown(set, record) &&
           !record_is_burden_unread(set, record) && !other_than_valid &&
           record_covers_date(set, record) && !record_is_medical_aid(set, record);
}

/* From 70 on two or three ratios are possible: that is a question to ask, not to guess. */
static int32_t burden_percent(const struct record_set *set, size_t record, struct bytes *out) {
    if (!shares_costs_by_age(set, record) || !is_burden_open(set, record)) {
        return SHK_OK;
    }
    switch (band_of(set, record)) {
    case AGE_PRESCHOOL:
        return bytes_append_text(out, "20");
    case AGE_GENERAL:
        return bytes_append_text(out, "30");
    case AGE_ELDERLY:
    case AGE_LATE_ELDERLY:
    case AGE_UNKNOWN:
        break;
    }
    return SHK_OK;
}

#define MISSING(path)                                                                              \
    static int32_t path##_has_missing_character(const struct record_set *set, size_t record,       \
                                                struct bytes *out) {                               \
        struct value name = known_said(set, record, KNOWN_##path);                                 \
        return yes(fold_has_missing(name.text, name.len), out);                                    \
    }
MISSING(name)
MISSING(name_other)
MISSING(insured_name)

#define FOLDED(path, fold)                                                                         \
    static int32_t path##_folded(const struct record_set *set, size_t record, struct bytes *out) { \
        struct value text = known_said(set, record, KNOWN_##path);                                 \
        return fold(text.text, text.len, out);                                                     \
    }
FOLDED(name, fold_name)
FOLDED(name_kana, fold_kana)
FOLDED(name_other, fold_name)
FOLDED(name_other_kana, fold_kana)
FOLDED(insured_name, fold_name)

/* 裏面参照: the front of the card says nothing and the back does. */
static int32_t sex(const struct record_set *set, size_t record, struct bytes *out) {
    static const enum known fields[] = {KNOWN_sex, KNOWN_sex_other};
    for (size_t i = 0; i < 2; i++) {
        if (known_says(set, record, fields[i], "male")) {
            return bytes_append_text(out, "1");
        }
        if (known_says(set, record, fields[i], "female")) {
            return bytes_append_text(out, "2");
        }
    }
    return SHK_OK;
}

/* On the day of the loss the entitlement is gone. */
static int32_t loss_in_future(const struct record_set *set, size_t record, struct bytes *out) {
    const char *loss = known_said(set, record, KNOWN_disqualification_date).text;
    const char *date = known_said(set, record, KNOWN_confirmation_date).text;
    return yes(date[0] != '\0' && strcmp(loss, date) > 0, out);
}

static int32_t not_covering_date(const struct record_set *set, size_t record, struct bytes *out) {
    return yes(!record_covers_date(set, record), out);
}

#define RULE(name)                                                                                 \
    { KNOWN_derived_##name, name }
static const struct {
    enum known to;
    derive_rule *derive;
} rules[] = {
    RULE(insurer_number_8),
    RULE(insurer_number_6),
    RULE(insurer_check_digit),
    RULE(law_number),
    RULE(is_medical_aid),
    RULE(age),
    RULE(burden_band),
    RULE(burden_percent),
    RULE(name_has_missing_character),
    RULE(name_other_has_missing_character),
    RULE(insured_name_has_missing_character),
    RULE(name_folded),
    RULE(name_kana_folded),
    RULE(name_other_folded),
    RULE(name_other_kana_folded),
    RULE(insured_name_folded),
    RULE(sex),
    RULE(loss_in_future),
    RULE(not_covering_date),
};

int32_t derive_record(struct record_set *set, size_t record) {
    struct bytes text = {0};
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < sizeof rules / sizeof rules[0]; i++) {
        text.n = 0;
        rc = rules[i].derive(set, record, &text);
        if (rc == SHK_OK && text.n > 0) {
            const struct field *field = known_place(rules[i].to)->field;
            rc = record_put_derived(set, record, field, bytes_text(&text), text.n);
        }
    }
    bytes_clear(&text);
    return rc;
}
