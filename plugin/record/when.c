#include "when.h"

#include <string.h>

#include "bytes.h"
#include "plain.h"
#include "text.h"

#define ROOM       128  /* the longest notation is half of it */
#define YEAR_FIRST 1800 /* as value.c */

struct era {
    const char *name, *letter;
    int32_t first, last; /* yyyyMMdd */
    int32_t before;      /* the year before its first */
};

static const struct era eras[] = {
    {"令和", "R", 20190501, 99991231, 2018}, {"平成", "H", 19890108, 20190430, 1988},
    {"昭和", "S", 19261225, 19890107, 1925}, {"大正", "T", 19120730, 19261225, 1911},
    {"明治", "M", 18680125, 19120730, 1867},
};

static const char *const notations[] = {
    "Gy年M月D日",
    "Gy.M.D",
    "Gy/M/D",
    "Gy-M-D",
    "GyyMMDD",
    "Y-M-D",
    "Y/M/D",
    "Y.M.D",
    "Y年M月D日",
    "YMMDD",
    "Gy年(Y年)M月D日",
    "Gy(Y)年M月D日",
    "Gy年M月D日(Y年M月D日)",
    "Gy年M月D日(Y/M/D)",
    "Gy年M月D日(Y-M-D)",
    "Y年(Gy年)M月D日",
    "Y(Gy)年M月D日",
    "Y年M月D日(Gy年M月D日)",
};

/* What a text said. -1: nothing yet. */
struct day {
    const struct era *era;
    int32_t era_year, year, month, date;
    bool contradicts;
};

static void say(struct day *day, int32_t *part, int32_t value) {
    day->contradicts = day->contradicts || (*part >= 0 && *part != value);
    *part = value;
}

static bool take_era(const char **p, struct day *day) {
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        const struct era *era = &eras[i];
        const char *word = text_starts(*p, era->name) ? era->name : era->letter;
        if (text_starts(*p, word)) {
            day->contradicts = day->contradicts || (day->era != NULL && day->era != era);
            day->era = era;
            *p += strlen(word);
            return true;
        }
    }
    return false;
}

/* Between `least` and `most` digits; a digit more does not end the number. */
static bool take_number(const char **p, size_t least, size_t most, int32_t *out) {
    size_t n = 0;
    *out = 0;
    while (n < most && char_is_digit((*p)[n])) {
        *out = *out * 10 + ((*p)[n++] - '0');
    }
    *p += n;
    return n >= least;
}

static bool take_first_year(const char **p, int32_t *out) {
    static const char first[] = "元";
    if (!text_starts(*p, first)) {
        return false;
    }
    *p += sizeof first - 1;
    *out = 1;
    return true;
}

/* One letter of a notation, which stands there once or, doubled, for exactly two digits. */
static bool take_part(const char **p, char letter, bool doubled, struct day *day) {
    int32_t value = 0;
    size_t least = doubled ? 2 : 1;
    switch (letter) {
    case 'G':
        return take_era(p, day);
    case 'Y':
        if (!take_number(p, 4, 4, &value)) {
            return false;
        }
        say(day, &day->year, value);
        return true;
    case 'y':
        if ((doubled || !take_first_year(p, &value)) && !take_number(p, least, 2, &value)) {
            return false;
        }
        say(day, &day->era_year, value);
        return true;
    default:
        if (!take_number(p, least, 2, &value)) {
            return false;
        }
        say(day, letter == 'M' ? &day->month : &day->date, value);
        return true;
    }
}

static bool is_letter(char c) {
    return c == 'G' || c == 'Y' || c == 'y' || c == 'M' || c == 'D';
}

static bool take_all(const char *notation, const char *p, struct day *day) {
    while (*notation != '\0') {
        char letter = *notation;
        if (!is_letter(letter)) {
            if (*p++ != letter) {
                return false;
            }
            notation++;
            continue;
        }
        bool doubled = notation[1] == letter;
        if (!take_part(&p, letter, doubled, day)) {
            return false;
        }
        notation += doubled ? 2 : 1;
    }
    return *p == '\0';
}

static int32_t days_in(int32_t year, int32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool exists(const struct day *day) {
    return day->year >= YEAR_FIRST && day->month >= 1 && day->month <= 12 && day->date >= 1 &&
           day->date <= days_in(day->year, day->month);
}

/* True when it is a day, and of that era if one was said. */
static bool settle(struct day *day) {
    if (day->era != NULL) {
        say(day, &day->year, day->era->before + day->era_year);
    }
    if (day->contradicts || !exists(day)) {
        return false;
    }
    int32_t number = day->year * 10000 + day->month * 100 + day->date;
    return day->era == NULL || (number >= day->era->first && number <= day->era->last);
}

static void write_day(const struct day *day, char out[9]) {
    int32_t number = day->year * 10000 + day->month * 100 + day->date;
    for (size_t i = 8; i > 0; i--, number /= 10) {
        out[i - 1] = (char)('0' + number % 10);
    }
    out[8] = '\0';
}

static enum when_state judge(const char *text, const char *notation, char out[9]) {
    struct day day = {NULL, -1, -1, -1, -1, false};
    if (!take_all(notation, text, &day)) {
        return WHEN_FOREIGN;
    }
    if (!settle(&day)) {
        return WHEN_IMPOSSIBLE;
    }
    write_day(&day, out);
    return WHEN_DATE;
}

/* "1 2" is not a number that anybody means. `plain` is the plain form of p. */
static bool splits_a_number(const char *p, size_t n, const char *plain) {
    bool digit = false, gap = false;
    if (utf8_count(p, n) == utf8_count(plain, strlen(plain))) {
        return false; /* nothing was left out of it */
    }
    while (n > 0) {
        uint32_t code = 0;
        char one[8];
        size_t len = utf8_decode(p, n, &code);
        if (len == 0) {
            return false;
        }
        if (plain_is_blank(code)) {
            gap = true;
        } else {
            bool now = plain_fold(p, len, one, sizeof one) && char_is_digit(one[0]);
            if (digit && gap && now) {
                return true;
            }
            digit = now;
            gap = false;
        }
        p += len;
        n -= len;
    }
    return false;
}

enum when_state when_judge(const char *p, size_t n, const char *notation, char out[9]) {
    char text[ROOM], own[ROOM];
    enum when_state best = WHEN_FOREIGN;
    out[0] = '\0';
    plain_trim(&p, &n);
    if (n == 0 || !plain_fold(p, n, text, sizeof text) || splits_a_number(p, n, text)) {
        best = WHEN_FOREIGN;
    } else if (notation != NULL) {
        bool fits = plain_fold(notation, strlen(notation), own, sizeof own);
        best = fits ? judge(text, own, out) : WHEN_FOREIGN;
    } else {
        for (size_t i = 0; i < sizeof notations / sizeof notations[0] && best != WHEN_DATE; i++) {
            enum when_state one = judge(text, notations[i], out);
            best = one > best ? one : best;
        }
    }
    memory_wipe(text, sizeof text);
    return best;
}

bool when_read(const char *p, size_t n, char out[9]) {
    return when_judge(p, n, NULL, out) == WHEN_DATE;
}

bool when_is_notation(const char *notation) {
    bool era = strchr(notation, 'G') != NULL && strchr(notation, 'y') != NULL;
    bool lone = (strchr(notation, 'G') != NULL) != (strchr(notation, 'y') != NULL);
    return (era || strchr(notation, 'Y') != NULL) && !lone && strchr(notation, 'M') != NULL &&
           strchr(notation, 'D') != NULL;
}
