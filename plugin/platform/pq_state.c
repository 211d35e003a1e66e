#include "pq_state.h"

#include <stddef.h>
#include <string.h>

#include "bytes.h"
#include "fault.h"

#define STATE_LENGTH 5

/* The first that fits counts; a class has two characters. */
static const struct {
    const char *begins;
    int32_t code;
} meanings[] = {
    {"23505", SHK_E_FILE_EXISTS},
    {"08P01", SHK_E_STORE_FAILED}, /* a statement that does not fit its values */
    {"08", SHK_E_STORE_DOWN},
    {"28", SHK_E_STORE_LOGIN},
    {"42501", SHK_E_STORE_LOGIN}, /* no right to the database or a table */
    {"3D000", SHK_E_STORE_OPEN},  /* no such database */
    {"53100", SHK_E_STORE_FULL},
    {"53300", SHK_E_STORE_DOWN}, /* too many connections */
    {"55P03", SHK_E_STORE_LOCKED},
    {"40001", SHK_E_STORE_LOCKED},
    {"40P01", SHK_E_STORE_LOCKED},
    {"57014", SHK_E_STORE_LOCKED}, /* statement_timeout */
    {"57P", SHK_E_STORE_DOWN},     /* shut down, crashed, starting, idle for too long */
    {"25006", SHK_E_STORE_DOWN},   /* became a standby that only reads */
    {"25P03", SHK_E_STORE_DOWN},   /* idle in a transaction for too long */
    {"XX001", SHK_E_STORE_BROKEN},
    {"XX002", SHK_E_STORE_BROKEN},
};

static int digit_of(char c) {
    if (char_is_digit(c)) {
        return c - '0';
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

int32_t pq_state_number(const char *state) {
    int32_t number = 0;
    for (size_t i = 0; i < STATE_LENGTH; i++) {
        int digit = digit_of(state[i]);
        if (digit < 0) {
            return 0;
        }
        number = number * 36 + digit;
    }
    return state[STATE_LENGTH] == '\0' ? number : 0;
}

int32_t pq_state_code(const char *state) {
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (pq_state_number(state) != 0 && text_starts(state, meanings[i].begins)) {
            return meanings[i].code;
        }
    }
    return SHK_E_STORE_FAILED;
}

void pq_state_of_message(const char *message, char state[6]) {
    size_t n = strlen(message);
    while (n > 0 && char_is_space(message[n - 1])) {
        n--;
    }
    state[0] = '\0';
    if (n > STATE_LENGTH && message[n - STATE_LENGTH - 1] == ' ') {
        text_copy_n(state, STATE_LENGTH + 1, message + n - STATE_LENGTH, STATE_LENGTH);
    }
    if (pq_state_number(state) == 0) {
        state[0] = '\0';
    }
}
