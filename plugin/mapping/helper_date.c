#include <string.h>

#include "calendar.h"
#include "helper_parts.h"
#include "plain.h"
#include "text.h"
#include "when.h"

#define DATE_MAX     128
#define ISO_DAY_N    10
#define ERA_DIGITS_N 7 /* 3600315 */
#define GREGORIAN    "18730101"

static bool has_control(struct word word) {
    for (size_t i = 0; i < word.n; i++) {
        if ((uint8_t)word.p[i] < ' ' || word.p[i] == 0x7F) {
            return true;
        }
    }
    return false;
}

static bool format_usable(struct word format, bool era) {
    static const struct moment sample = {2000, 1, 1, 0, 0, 0};
    char unused[DATE_MAX];
    size_t len;
    return format.n > 0 && format.n <= HELPER_ARGUMENT_MAX && !has_control(format) &&
           calendar_write(&sample, era, format.p, format.n, unused, sizeof unused, &len);
}

bool date_format_usable(struct word argument) {
    return format_usable(argument, false);
}

bool wareki_format_usable(struct word argument) {
    return format_usable(argument, true);
}

static int32_t written(struct word in, bool era, struct word format, struct bytes *out) {
    struct moment m;
    char text[DATE_MAX];
    size_t len;
    if (in.n == 0) {
        return SHK_OK; /* a field that was sent without content is no date, and no error either */
    }
    if (!calendar_parse(in.p, in.n, &m)) {
        return SHK_E_VALUE;
    }
    if (!calendar_write(&m, era, format.p, format.n, text, sizeof text, &len)) {
        return format_usable(format, era) ? SHK_E_VALUE : SHK_E_ARGUMENT;
    }
    return bytes_append(out, text, len);
}

static struct word format_or(struct word given, const char *usual) {
    return given.p != NULL ? given : (struct word){usual, strlen(usual)};
}

int32_t helper_date(struct word in, struct word argument, struct encoder *target,
                    struct bytes *out) {
    (void)target;
    return written(in, false, format_or(argument, "YYYY/MM/DD"), out);
}

int32_t helper_wareki(struct word in, struct word argument, struct encoder *target,
                      struct bytes *out) {
    (void)target;
    return written(in, true, format_or(argument, "GY.MM.DD"), out);
}

int32_t helper_era7(struct word in, struct word argument, struct encoder *target,
                    struct bytes *out) {
    (void)argument;
    (void)target;
    return written(in, true, format_or((struct word){0}, "gYYMMDD"), out);
}

int32_t helper_era_code(struct word in, struct word argument, struct encoder *target,
                        struct bytes *out) {
    (void)argument;
    (void)target;
    return written(in, true, format_or((struct word){0}, "g"), out);
}

static bool all_digits(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!char_is_digit(p[i])) {
            return false;
        }
    }
    return true;
}

/* 3600315 to S600315, s60.3.15 to S60.3.15: what when_read knows under one spelling only. */
static void usual_spelling(char *plain, size_t n) {
    static const char codes[] = "12345mtshr", letters[] = "MTSHRMTSHR";
    bool era_digits = n == ERA_DIGITS_N && all_digits(plain, n);
    const char *found =
        n > 0 && (era_digits || !char_is_digit(plain[0])) ? strchr(codes, plain[0]) : NULL;
    if (found != NULL) {
        plain[0] = letters[found - codes];
    }
}

static bool read_any(struct word in, char day[9]) {
    char plain[DATE_MAX];
    plain_trim(&in.p, &in.n);
    if (in.n == 0 || !plain_fold(in.p, in.n, plain, sizeof plain)) {
        return false;
    }
    size_t n = strlen(plain);
    bool dense = n == utf8_count(in.p, in.n);
    if (dense) {
        usual_spelling(plain, n);
    }
    bool read = when_read(dense ? plain : in.p, dense ? n : in.n, day);
    memory_wipe(plain, sizeof plain);
    /* 明治 counted its days by the moon before. */
    return read && strcmp(day, GREGORIAN) >= 0;
}

int32_t helper_western(struct word in, struct word argument, struct encoder *target,
                       struct bytes *out) {
    struct moment m;
    char day[9], text[ISO_DAY_N + 1];
    (void)argument;
    (void)target;
    if (in.n == 0) {
        return SHK_OK;
    }
    if (calendar_parse(in.p, in.n, &m) && m.day > 0) {
        return bytes_append(out, in.p, ISO_DAY_N);
    }
    if (!read_any(in, day)) {
        return SHK_E_VALUE;
    }
    text_format(text, sizeof text, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
    return bytes_append(out, text, ISO_DAY_N);
}
