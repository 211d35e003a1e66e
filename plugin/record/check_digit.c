#include "fold.h"

#define SHORTEST 3
#define LONGEST  8

/* From the right, the check digit left out, digits weigh 2, 1, 2, 1 …; a product of two digits counts
 * as their sum. */
bool check_digit_ok(const char *digits, size_t n) {
    int32_t sum = 0;
    if (n < SHORTEST || n > LONGEST) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!char_is_digit(digits[i])) {
            return false;
        }
    }
    for (size_t i = n - 1, weight = 2; i > 0; i--, weight = 3 - weight) {
        int32_t product = (digits[i - 1] - '0') * (int32_t)weight;
        sum += product / 10 + product % 10;
    }
    return (10 - sum % 10) % 10 == digits[n - 1] - '0';
}
