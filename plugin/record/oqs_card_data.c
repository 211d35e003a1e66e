#include <string.h>

#include "fold.h"
#include "oqs_write.h"
#include "text.h"
#include "value.h"

#define SYMBOL_MAX    20
#define NUMBER_MAX    20
#define BRANCH_MAX    2
#define REFERENCE_MAX 50
#define SHORT_INSURER 6
#define FULL_INSURER  8

static bool is_digits(const char *text) {
    for (; *text != '\0'; text++) {
        if (!char_is_digit(*text)) {
            return false;
        }
    }
    return true;
}

/* Whole characters without control ones, at most that many; 0: no limit known. */
static bool is_text(const char *text, size_t most) {
    size_t n = strlen(text), count = 0;
    for (size_t at = 0; at < n; count++) {
        uint32_t code = 0;
        size_t len = utf8_decode(text + at, n - at, &code);
        if (len == 0 || code < ' ' || (code >= 0x7F && code <= 0x9F)) {
            return false;
        }
        at += len;
    }
    return most == 0 || count <= most;
}

static bool is_date(const char *text) {
    static const char path[] = "birth_date";
    const struct field *field = field_find(path, sizeof path - 1);
    struct reading reading;
    bool good = field != NULL && is_digits(text) &&
                value_read(field, text, strlen(text), &reading) == SHK_OK &&
                reading.state == VALUE_PRESENT;
    memory_wipe(&reading, sizeof reading);
    return good;
}

static bool is_insurer(const char *digits) {
    size_t n = strlen(digits);
    return (n == SHORT_INSURER || n == FULL_INSURER) && is_digits(digits);
}

/* Whoever registers a number names no date of birth. */
static bool has_birth_date(const struct card_data *data) {
    return data->birth_date[0] != '\0' ? is_date(data->birth_date)
                                       : data->reference_number[0] != '\0';
}

static const char *unusable_member(const struct card_data *data) {
    if (!is_insurer(data->insurer_number)) {
        return "insurer_number";
    }
    if (!is_text(data->symbol, SYMBOL_MAX)) {
        return "symbol";
    }
    if (data->number[0] == '\0' || !is_text(data->number, NUMBER_MAX)) {
        return "number";
    }
    if (strlen(data->branch_number) > BRANCH_MAX || !is_digits(data->branch_number)) {
        return "branch_number";
    }
    if (!has_birth_date(data)) {
        return "birth_date";
    }
    if (!is_text(data->identifier, 0)) {
        return "identifier";
    }
    return is_text(data->reference_number, REFERENCE_MAX) ? NULL : "reference_number";
}

int32_t card_data_check(const struct card_data *data, bool check_digit, struct fault *why) {
    const char *member = unusable_member(data);
    if (member != NULL) {
        return fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, member);
    }
    if (check_digit && !check_digit_ok(data->insurer_number, strlen(data->insurer_number))) {
        return fault_set(why, SHK_E_CHECK_DIGIT, SHK_NATIVE_NONE, 0, "insurer_number");
    }
    return SHK_OK;
}
