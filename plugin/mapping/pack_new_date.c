#include "pack_new_date.h"

#include <string.h>

#include "bytes.h"

/* The usual forms of the helpers, which need no argument. */
#define DATE_USUAL "YYYY/MM/DD"
#define ERA_USUAL  "GY.MM.DD"

#define YEAR_FIRST 1868
#define YEAR_LAST  2199

struct cursor {
    const char *p;
    size_t n;
};

static size_t digits_at(const struct cursor *c) {
    size_t n = 0;
    while (n < c->n && char_is_digit(c->p[n])) {
        n++;
    }
    return n;
}

static void skip(struct cursor *c, size_t n) {
    c->p += n;
    c->n -= n;
}

static bool take_text(struct cursor *c, const char *text) {
    size_t n = strlen(text);
    bool here = c->n >= n && memcmp(c->p, text, n) == 0;
    if (here) {
        skip(c, n);
    }
    return here;
}

/* A number of exactly n digits within its bounds. */
static bool take_number(struct cursor *c, size_t n, int32_t least, int32_t most) {
    int32_t value = 0;
    bool ok = n > 0 && n <= c->n && char_is_digit(c->p[0]) && text_to_int32(c->p, n, &value) &&
              value >= least && value <= most;
    if (ok) {
        skip(c, n);
    }
    return ok;
}

/* A part of one or two digits; says how one below ten is written. */
static bool take_part(struct cursor *c, int32_t least, int32_t most, bool *is_short,
                      bool *has_zero) {
    size_t n = digits_at(c);
    bool zero = n == 2 && c->p[0] == '0';
    if (n > 2 || !take_number(c, n, least, most)) {
        return false;
    }
    *is_short = *is_short || n == 1;
    *has_zero = *has_zero || zero;
    return true;
}

static void take_era(struct cursor *c, struct pack_dates *d) {
    static const char *const eras[] = {"明治", "大正", "昭和", "平成", "令和"};
    if (c->n > 0 && strchr("MTSHR", c->p[0]) != NULL && c->p[0] != '\0') {
        d->era = PACK_ERA_LETTER;
        skip(c, 1);
        return;
    }
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        if (take_text(c, eras[i])) {
            d->era = PACK_ERA_KANJI;
            return;
        }
    }
}

static bool take_month_day(struct cursor *c) {
    return take_number(c, 2, 1, 12) && take_number(c, 2, 1, 31);
}

/* Digits alone: 19850302, 198503, 3600302, S600302, 19850302091530. */
static bool take_run(struct cursor *c, struct pack_dates *d) {
    size_t n = digits_at(c);
    if (d->era != PACK_ERA_NONE) {
        return n == 6 && take_number(c, 2, 1, 64) && take_month_day(c);
    }
    if (n == 7) {
        d->era = PACK_ERA_DIGIT;
        return take_number(c, 1, 1, 5) && take_number(c, 2, 1, 64) && take_month_day(c);
    }
    d->month_only = n == 6;
    d->time = n == 14 ? PACK_TIME_SECONDS : n == 12 ? PACK_TIME_MINUTES : PACK_TIME_NONE;
    bool known = n == 6 || n == 8 || n == 12 || n == 14;
    return known && take_number(c, 4, YEAR_FIRST, YEAR_LAST) && take_number(c, 2, 1, 12) &&
           (d->month_only || take_number(c, 2, 1, 31)) &&
           (n < 12 || (take_number(c, 2, 0, 23) && take_number(c, 2, 0, 59))) &&
           (n < 14 || take_number(c, 2, 0, 59));
}

static bool take_year(struct cursor *c, struct pack_dates *d) {
    if (d->era == PACK_ERA_NONE) {
        return take_number(c, 4, YEAR_FIRST, YEAR_LAST);
    }
    d->gannen = take_text(c, "元");
    return d->gannen || take_part(c, 1, 64, &d->short_year, &d->zero_year);
}

static bool take_separator(struct cursor *c, struct pack_dates *d) {
    if (take_text(c, "年")) {
        d->separator = 'k';
        return true;
    }
    if (c->n == 0 || strchr("/-.", c->p[0]) == NULL) {
        return false;
    }
    d->separator = c->p[0];
    skip(c, 1);
    return true;
}

static bool take_rest_of_day(struct cursor *c, struct pack_dates *d) {
    const char again[] = {d->separator, '\0'};
    bool kanji = d->separator == 'k';
    if (!take_part(c, 1, 12, &d->short_part, &d->zero_part)) {
        return false;
    }
    bool more = take_text(c, kanji ? "月" : again);
    d->month_only = c->n == 0 && more == kanji;
    if (d->month_only) {
        return true;
    }
    return more && take_part(c, 1, 31, &d->short_part, &d->zero_part) &&
           (!kanji || take_text(c, "日"));
}

static bool take_clock(struct cursor *c, struct pack_dates *d) {
    bool unused = false;
    if (c->n == 0) {
        return true;
    }
    d->between = c->p[0];
    skip(c, 1);
    if ((d->between != ' ' && d->between != 'T') || !take_part(c, 0, 23, &unused, &unused) ||
        !take_text(c, ":") || !take_number(c, 2, 0, 59)) {
        return false;
    }
    d->time = PACK_TIME_MINUTES;
    if (take_text(c, ":")) {
        d->time = PACK_TIME_SECONDS;
        return take_number(c, 2, 0, 59);
    }
    return true;
}

static bool read_date(const char *p, size_t n, struct pack_dates *d) {
    struct cursor c = {p, n};
    take_era(&c, d);
    size_t run = digits_at(&c);
    if (run == c.n && run >= 6) {
        return take_run(&c, d) && c.n == 0;
    }
    return take_year(&c, d) && take_separator(&c, d) && take_rest_of_day(&c, d) &&
           take_clock(&c, d) && c.n == 0;
}

static bool same_form(const struct pack_dates *a, const struct pack_dates *b) {
    return a->era == b->era && a->separator == b->separator && a->month_only == b->month_only &&
           a->time == b->time && a->between == b->between;
}

void pack_dates_see(struct pack_dates *dates, const char *p, size_t n) {
    struct pack_dates one = {.n = 1};
    if (dates->mixed || !read_date(p, n, &one)) {
        dates->mixed = true;
        return;
    }
    if (dates->n == 0) {
        *dates = one;
        return;
    }
    dates->mixed = !same_form(dates, &one);
    dates->n++;
    dates->gannen = dates->gannen || one.gannen;
    dates->short_part = dates->short_part || one.short_part;
    dates->zero_part = dates->zero_part || one.zero_part;
    dates->short_year = dates->short_year || one.short_year;
    dates->zero_year = dates->zero_year || one.zero_year;
}

/* ---- the format ---- */

static const char *year_word(const struct pack_dates *d) {
    if (d->era == PACK_ERA_NONE) {
        return "YYYY";
    }
    if (d->separator == 0 || d->zero_year) {
        return d->era == PACK_ERA_LETTER ? "GYY" : "EYY";
    }
    return d->era == PACK_ERA_LETTER ? "GY" : d->gannen ? "Ey" : "EY";
}

static void write_day(const struct pack_dates *d, char *out, size_t cap) {
    const char sign[] = {d->separator, '\0'};
    bool kanji = d->separator == 'k';
    const char *month = d->short_part ? "M" : "MM", *day = d->short_part ? "D" : "DD";
    text_format(out, cap, "%s%s%s%s%s%s", year_word(d), kanji ? "年" : sign, month,
                kanji           ? "月"
                : d->month_only ? ""
                                : sign,
                d->month_only ? "" : day, kanji && !d->month_only ? "日" : "");
}

static const char *time_word(const struct pack_dates *d) {
    bool run = d->separator == 0;
    switch (d->time) {
    case PACK_TIME_MINUTES:
        return run ? "hhmm" : "hh:mm";
    case PACK_TIME_SECONDS:
        return run ? "hhmmss" : "hh:mm:ss";
    default:
        return "";
    }
}

/* As the record writes days, months and times. */
static bool is_own_form(const char *format) {
    return strcmp(format, "YYYY-MM-DD") == 0 || strcmp(format, "YYYY-MM") == 0 ||
           strcmp(format, "YYYY-MM-DDThh:mm:ss") == 0;
}

bool pack_dates_helper(const struct pack_dates *d, char out[PACK_DATE_HELPER_MAX]) {
    char day[32], format[48];
    const char between[] = {d->between, '\0'};
    out[0] = '\0';
    if (d->n == 0 || d->mixed || (d->short_part && d->zero_part)) {
        return false;
    }
    if (d->era == PACK_ERA_DIGIT) {
        text_copy(out, PACK_DATE_HELPER_MAX, "era7");
        return true;
    }
    write_day(d, day, sizeof day);
    text_format(format, sizeof format, "%s%s%s", day, between, time_word(d));
    bool era = d->era != PACK_ERA_NONE;
    if (strcmp(format, era ? ERA_USUAL : DATE_USUAL) == 0) {
        text_copy(out, PACK_DATE_HELPER_MAX, era ? "wareki" : "date");
    } else if (!is_own_form(format)) {
        text_format(out, PACK_DATE_HELPER_MAX, "%s:%s", era ? "wareki" : "date", format);
    }
    return true;
}
