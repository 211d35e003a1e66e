#include "value.h"

#include <string.h>

#include "fold.h"

/* Years outside are slips of a program, not dates of a patient's life or of an entitlement. */
#define YEAR_FIRST         1800
#define INSURER_DIGITS_MAX 8

static bool all_digits(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!char_is_digit(p[i])) {
            return false;
        }
    }
    return true;
}

static int32_t number_of(const char *p, size_t n) {
    int32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

static int32_t days_in(int32_t year, int32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool month_exists(const char *p) {
    int32_t month = number_of(p + 4, 2);
    return number_of(p, 4) >= YEAR_FIRST && month >= 1 && month <= 12;
}

static bool day_exists(const char *p) {
    int32_t day = number_of(p + 6, 2);
    return month_exists(p) && day >= 1 && day <= days_in(number_of(p, 4), number_of(p + 4, 2));
}

static bool time_exists(const char *p) {
    return day_exists(p) && number_of(p + 8, 2) < 24 && number_of(p + 10, 2) < 60 &&
           number_of(p + 12, 2) < 60;
}

/* Copies the source's digits into a pattern: every '9' takes the next one. */
static int32_t arrange(const char *pattern, const char *digits, struct reading *out) {
    size_t n = strlen(pattern);
    for (size_t i = 0; i < n; i++) {
        out->room[i] = pattern[i] == '9' ? *digits++ : pattern[i];
    }
    out->room[n] = '\0';
    out->text = out->room;
    out->len = n;
    return SHK_OK;
}

static int32_t read_calendar(enum field_type type, struct reading *out) {
    const char *p = out->text;
    if (!all_digits(p, out->len)) {
        return SHK_E_VALUE;
    }
    if (type == FIELD_DATE && out->len == 8 && day_exists(p)) {
        return arrange("9999-99-99", p, out);
    }
    if (type == FIELD_MONTH && out->len == 6 && month_exists(p)) {
        return arrange("9999-99", p, out);
    }
    if (type == FIELD_TIME && out->len == 14 && time_exists(p)) {
        return arrange("9999-99-99T99:99:99", p, out);
    }
    return SHK_E_VALUE;
}

static int32_t read_number(enum field_type type, struct reading *out) {
    int64_t most = type == FIELD_PERCENT ? 100 : INT64_MAX;
    if (!all_digits(out->text, out->len) || !text_to_int64(out->text, out->len, &out->number) ||
        out->number > most) {
        return SHK_E_VALUE;
    }
    while (out->len > 1 && *out->text == '0') {
        out->text++;
        out->len--;
    }
    out->is_number = true;
    return SHK_OK;
}

static int32_t read_insurer(struct reading *out) {
    if (out->len > INSURER_DIGITS_MAX || !all_digits(out->text, out->len)) {
        return SHK_E_VALUE;
    }
    size_t padding = insurer_padding(out->text, out->len);
    out->text += padding;
    out->len -= padding;
    return SHK_OK;
}

static int32_t read_code(const struct field *field, struct reading *out) {
    for (const struct code_row *row = field->codes; row->code != NULL; row++) {
        if (text_equal_n(row->code, out->text, out->len)) {
            out->code = row;
            if (row->value != NULL) {
                out->text = row->value;
                out->len = strlen(row->value);
            }
            return SHK_OK;
        }
    }
    out->unknown_code = true;
    return SHK_OK;
}

static void trim(struct reading *out) {
    while (out->len > 0 && char_is_space(out->text[0])) {
        out->text++;
        out->len--;
    }
    while (out->len > 0 && char_is_space(out->text[out->len - 1])) {
        out->len--;
    }
}

static int32_t read_typed(const struct field *field, struct reading *out) {
    switch (field->type) {
    case FIELD_DATE:
    case FIELD_MONTH:
    case FIELD_TIME:
        return read_calendar(field->type, out);
    case FIELD_INT:
    case FIELD_PERCENT:
        return read_number(field->type, out);
    case FIELD_INSURER:
        return read_insurer(out);
    case FIELD_CODE:
    case FIELD_SEX:
    case FIELD_RELATION:
    case FIELD_FLAG:
        return read_code(field, out);
    case FIELD_TEXT:
        break;
    }
    return SHK_OK;
}

int32_t value_read(const struct field *field, const char *p, size_t n, struct reading *out) {
    *out = (struct reading){.text = p, .len = n};
    if (field->type != FIELD_TEXT) {
        trim(out);
    }
    if (out->len == 0) {
        out->state = VALUE_EMPTY;
        return SHK_OK;
    }
    out->state = VALUE_PRESENT;
    return read_typed(field, out);
}
