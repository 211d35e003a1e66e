#include "sql_state.h"

#include <string.h>

#include "shikaku/codes.h"

/* The first row whose text begins the state holds. */
static const struct {
    const char *begin;
    int32_t code;
} states[] = {
    {"08", SHK_E_HOST_UNREACHABLE},    {"28", SHK_E_HOST_LOGIN},   {"IM", SHK_E_DRIVER},
    {"40003", SHK_E_HOST_UNREACHABLE}, {"40", SHK_E_HOST_BUSY},    {"53", SHK_E_HOST_BUSY},
    {"55P03", SHK_E_HOST_BUSY},        {"57014", SHK_E_HOST_BUSY}, {"57P", SHK_E_HOST_UNREACHABLE},
    {"HYT01", SHK_E_HOST_UNREACHABLE}, {"HYT", SHK_E_HOST_BUSY},   {"S1T", SHK_E_HOST_BUSY},
    {"22", SHK_E_HOST_REFUSED},        {"23", SHK_E_HOST_REFUSED},
};

/* Result codes of SQLite. */
static int32_t sqlite_code(int32_t native) {
    switch (native & 0xFF) {
    case 5: /* BUSY */
    case 6: /* LOCKED */
        return SHK_E_HOST_BUSY;
    case 10: /* IOERR */
    case 13: /* FULL */
    case 14: /* CANTOPEN */
        return SHK_E_HOST_UNREACHABLE;
    case 18: /* TOOBIG */
    case 19: /* CONSTRAINT */
    case 20: /* MISMATCH */
        return SHK_E_HOST_REFUSED;
    default:
        return SHK_E_STATEMENT;
    }
}

int sql_state_names_login(const char *word) {
    static const char *const words[] = {"password", "authentication", "Access denied", "パスワード",
                                        "認証"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(word, words[i]) != NULL) {
            return 1;
        }
    }
    return 0;
}

int32_t sql_state_code(const struct sql_state *said, int connecting) {
    if (connecting && said->login) {
        return SHK_E_HOST_LOGIN;
    }
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strncmp(said->state, states[i].begin, strlen(states[i].begin)) == 0) {
            return states[i].code;
        }
    }
    if (connecting) {
        /* "01000" is how unixODBC says that it cannot open a driver. */
        return strcmp(said->state, "01000") == 0 ? SHK_E_DRIVER : SHK_E_HOST_UNREACHABLE;
    }
    return said->sqlite ? sqlite_code(said->native) : SHK_E_STATEMENT;
}

int32_t sql_state_number(const struct sql_state *said) {
    int32_t number = 0;
    for (size_t i = 0; i < 5 && said->state[i] != '\0'; i++) {
        const char c = said->state[i];
        int32_t digit = 0;
        if (c >= '0' && c <= '9') {
            digit = c - '0';
        } else if (c >= 'A' && c <= 'Z') {
            digit = c - 'A' + 10;
        }
        number = number * 36 + digit;
    }
    return number;
}
