#include "insurer_number.h"

#include <string.h>

#include "fold.h"
#include "helper_parts.h"

#define KOKUHO_N     6
#define OLD_NUMBER_N 4
#define ROOM         16

/* The digits of a text in `room`; -1 for anything else. */
static int32_t read_digits(struct word in, char room[ROOM]) {
    if (!word_plain(in, room, ROOM)) {
        return -1;
    }
    int32_t n = 0;
    while (char_is_digit(room[n])) {
        n++;
    }
    return n <= INSURER_MAX && room[n] == '\0' ? n : -1;
}

bool insurer_read(struct word in, struct insurer *out) {
    char room[ROOM];
    int32_t n = read_digits(in, room);
    *out = (struct insurer){0};
    if (n < 0) {
        return false;
    }
    size_t padding = insurer_padding(room, (size_t)n);
    out->n = (size_t)n - padding;
    memcpy(out->digits, room + padding, out->n);
    return true;
}

int32_t insurer_write(const struct insurer *number, char fill, struct bytes *out) {
    char text[INSURER_MAX];
    if (number->n == 0) {
        return SHK_OK;
    }
    memset(text, fill, sizeof text);
    memcpy(text + INSURER_MAX - number->n, number->digits, number->n);
    return bytes_append(out, text, sizeof text);
}

enum check_result insurer_check(struct word in) {
    char room[ROOM];
    int32_t n = read_digits(in, room);
    if (n == 0 || n == OLD_NUMBER_N) {
        return CHECK_NONE;
    }
    return n > 0 && check_digit_ok(room, (size_t)n) ? CHECK_RIGHT : CHECK_WRONG;
}

enum form { FORM_BARE, FORM_ZERO, FORM_SPACE, FORM_SIX, FORM_NONE };

static enum form form_of(struct word argument) {
    static const struct {
        const char *name;
        enum form form;
    } forms[] = {{"bare", FORM_BARE},
                 {"8", FORM_ZERO},
                 {"zero", FORM_ZERO},
                 {"space", FORM_SPACE},
                 {"6", FORM_SIX}};
    for (size_t i = 0; argument.p != NULL && i < sizeof forms / sizeof forms[0]; i++) {
        if (text_equal_n(forms[i].name, argument.p, argument.n)) {
            return forms[i].form;
        }
    }
    return FORM_NONE;
}

bool insurer_form_usable(struct word argument) {
    return form_of(argument) != FORM_NONE;
}

int32_t helper_insurer(struct word in, struct word argument, struct encoder *target,
                       struct bytes *out) {
    struct insurer number;
    (void)target;
    if (!insurer_read(in, &number)) {
        return SHK_E_VALUE;
    }
    switch (form_of(argument)) {
    case FORM_BARE:
        return bytes_append(out, number.digits, number.n);
    case FORM_ZERO:
        return insurer_write(&number, '0', out);
    case FORM_SPACE:
        return insurer_write(&number, ' ', out);
    case FORM_SIX:
        return number.n == KOKUHO_N || number.n == 0 ? bytes_append(out, number.digits, number.n)
                                                     : SHK_E_ABSENT;
    case FORM_NONE:
        break;
    }
    return SHK_E_ARGUMENT;
}

int32_t helper_check_digit(struct word in, struct word argument, struct encoder *target,
                           struct bytes *out) {
    enum check_result result = insurer_check(in);
    (void)argument;
    (void)target;
    if (result == CHECK_NONE) {
        return in.n == 0 ? SHK_OK : SHK_E_ABSENT;
    }
    return bytes_append_text(out, result == CHECK_RIGHT ? "1" : "0");
}

int32_t helper_law_number(struct word in, struct word argument, struct encoder *target,
                          struct bytes *out) {
    struct insurer number;
    (void)argument;
    (void)target;
    if (!insurer_read(in, &number)) {
        return SHK_E_VALUE;
    }
    if (number.n == 0) {
        return SHK_OK;
    }
    return number.n == INSURER_MAX ? bytes_append(out, number.digits, 2) : SHK_E_ABSENT;
}
