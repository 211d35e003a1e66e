/* What a person types for a card, and what of it may be sent at all. */
#include <string.h>

#include "identity.h"

#define EXPIRY_FIRST 2015 /* no card was issued before */
#define EXPIRY_LAST  2099

size_t pin_kind_digits(int32_t kind) {
    return kind == SHK_PIN_CODE_B ? CODE_B_DIGITS : PIN_DIGITS;
}

int32_t pin_kind_fault(int32_t kind) {
    return kind == SHK_PIN_CODE_B ? SHK_E_CODE_FORMAT : SHK_E_PIN_FORMAT;
}

const char *pin_kind_name(int32_t kind) {
    switch (kind) {
    case SHK_PIN_AUTH:
        return "auth";
    case SHK_PIN_TEXT:
        return "text";
    case SHK_PIN_CODE_B:
        return "code_b";
    default:
        return "";
    }
}

static bool all_digits(const struct pin *pin) {
    for (size_t i = 0; i < pin->len; i++) {
        if (!char_is_digit((char)pin->digits[i])) {
            return false;
        }
    }
    return true;
}

static int number_at(const struct pin *pin, size_t at, size_t n) {
    int number = 0;
    for (size_t i = at; i < at + n; i++) {
        number = number * 10 + (pin->digits[i] - '0');
    }
    return number;
}

/* The year is that of an era, or for a foreign resident the end of a Gregorian one: any two digits. So
 * February may have 29 days. */
static bool is_day(int month, int day) {
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* 照合番号B: birth date YYMMDD, year of expiry, four digits of the card's face. */
static bool code_b_fits(const struct pin *pin) {
    int expiry = number_at(pin, 6, 4);
    return is_day(number_at(pin, 2, 2), number_at(pin, 4, 2)) && expiry >= EXPIRY_FIRST &&
           expiry <= EXPIRY_LAST;
}

bool pin_kind_fits(int32_t kind, const struct pin *pin) {
    return pin->len == pin_kind_digits(kind) && all_digits(pin) &&
           (kind != SHK_PIN_CODE_B || code_b_fits(pin));
}
