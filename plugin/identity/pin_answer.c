#include "pin_answer.h"

#include <stdbool.h>
#include <stddef.h>

#include "shikaku/codes.h"

enum {
    SW_OK = 0x9000,
    SW_UNLIMITED = 0x6300, /* wrong, and no counter is told */
    SW_NOT_A_KEY = 0x6981, /* the file is no PIN */
    SW_BLOCKED_ISO = 0x6983,
    SW_BLOCKED = 0x6984,
    SW_NO_FILE_NOW = 0x6986,
    SW_NO_FILE = 0x6A82,
    SW_NO_REFERENCE = 0x6A88
};

static bool is_count(uint16_t sw) {
    return (sw & 0xFFF0) == 0x63C0;
}

static bool is_blocked(uint16_t sw) {
    return sw == 0x63C0 || sw == SW_BLOCKED_ISO || sw == SW_BLOCKED;
}

static bool is_absent(uint16_t sw) {
    return sw == SW_NO_FILE || sw == SW_NO_REFERENCE || sw == SW_NOT_A_KEY;
}

static struct pin_answer say(int32_t code, int32_t tries_left) {
    return (struct pin_answer){code, tries_left};
}

struct pin_answer pin_answer_of_query(uint16_t sw) {
    if (is_blocked(sw)) {
        return say(SHK_E_PIN_BLOCKED, 0);
    }
    if (is_count(sw)) {
        return say(SHK_OK, sw & 0x0F);
    }
    if (sw == SW_OK || sw == SW_UNLIMITED) {
        return say(SHK_OK, -1);
    }
    if (sw == SW_NO_FILE_NOW) {
        return say(SHK_E_CARD_RESET, -1);
    }
    return say(is_absent(sw) ? SHK_E_PIN_NONE : SHK_E_CARD_ANSWER, -1);
}

struct pin_answer pin_answer_of_verify(uint16_t sw) {
    if (sw == SW_OK) {
        return say(SHK_OK, -1);
    }
    if (is_blocked(sw)) {
        return say(SHK_E_PIN_BLOCKED, 0);
    }
    if (is_count(sw) || sw == SW_UNLIMITED) {
        return say(SHK_E_PIN_WRONG, is_count(sw) ? sw & 0x0F : -1);
    }
    /* The key answered a moment ago. */
    return say(sw == SW_NO_FILE_NOW || is_absent(sw) ? SHK_E_CARD_RESET : SHK_E_CARD_ANSWER, -1);
}

const char *pin_pad_refusal(uint16_t sw) {
    switch (sw) {
    case 0x6400:
        return "time";
    case 0x6401:
        return "cancelled";
    case 0x6402:
        return "two entries that differ";
    case 0x6403:
        return "number of digits";
    default:
        return NULL;
    }
}
