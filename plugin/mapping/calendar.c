#include "calendar.h"

#include <string.h>

#include "bytes.h"

struct era {
    int32_t year, month, day; /* its first day */
    int32_t before;           /* the year before its first */
    const char *letter, *number, *name;
};

/* Latest first. Japan took the Gregorian calendar on 1873-01-01; earlier days would be wrong. */
static const struct era eras[] = {
    {2019, 5, 1, 2018, "R", "5", "令和"},   {1989, 1, 8, 1988, "H", "4", "平成"},
    {1926, 12, 25, 1925, "S", "3", "昭和"}, {1912, 7, 30, 1911, "T", "2", "大正"},
    {1873, 1, 1, 1867, "M", "1", "明治"},
};

static int32_t digits(const char *p, size_t n) {
    int32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        if (!char_is_digit(p[i])) {
            return -1;
        }
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

static int32_t month_days(int32_t year, int32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool parse_time(const char *p, struct moment *out) {
    out->hour = digits(p + 1, 2);
    out->minute = digits(p + 4, 2);
    out->second = digits(p + 7, 2);
    return p[0] == 'T' && p[3] == ':' && p[6] == ':' && out->hour >= 0 && out->hour < 24 &&
           out->minute >= 0 && out->minute < 60 && out->second >= 0 && out->second < 60;
}

bool calendar_parse(const char *p, size_t n, struct moment *out) {
    *out = (struct moment){.hour = -1};
    if ((n != 7 && n != 10 && n != 19) || p[4] != '-') {
        return false;
    }
    out->year = digits(p, 4);
    out->month = digits(p + 5, 2);
    if (out->year < 1 || out->month < 1 || out->month > 12) {
        return false;
    }
    if (n == 7) {
        return true;
    }
    out->day = digits(p + 8, 2);
    bool day_fits = p[7] == '-' && out->day >= 1 && out->day <= month_days(out->year, out->month);
    return day_fits && (n == 10 || parse_time(p + 10, out));
}

static bool reached(const struct moment *m, const struct era *e) {
    if (m->year != e->year) {
        return m->year > e->year;
    }
    if (m->month != e->month) {
        return m->month > e->month;
    }
    /* A month alone belongs to the era of its last day. */
    return m->day == 0 || m->day >= e->day;
}

static const struct era *era_of(const struct moment *m) {
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        if (reached(m, &eras[i])) {
            return &eras[i];
        }
    }
    return NULL;
}

struct writer {
    const struct moment *m;
    const struct era *era; /* null: western */
    char *out;
    size_t cap, len;
};

static bool put(struct writer *w, const char *p, size_t n) {
    if (n > w->cap - w->len) {
        return false;
    }
    memcpy(w->out + w->len, p, n);
    w->len += n;
    return true;
}

/* At least `width` digits. */
static bool put_number(struct writer *w, int32_t value, size_t width) {
    char text[12];
    size_t at = sizeof text;
    while (value > 0 || width > 0) {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
        width -= width > 0 ? 1 : 0;
    }
    return put(w, text + at, sizeof text - at);
}

static bool put_part(struct writer *w, int32_t value, int32_t least, size_t width) {
    return value >= least && put_number(w, value, width);
}

static bool put_era_letter(struct writer *w, char letter, size_t run) {
    int32_t year = w->m->year - w->era->before;
    const char *text = letter == 'G'   ? w->era->letter
                       : letter == 'g' ? w->era->number
                                       : w->era->name;
    switch (letter) {
    case 'G':
    case 'g':
    case 'E':
        return run == 1 && put(w, text, strlen(text));
    case 'y':
        return run == 1 && (year == 1 ? put(w, "元", strlen("元")) : put_number(w, year, 1));
    default:
        return run <= 2 && put_number(w, year, run);
    }
}

/* A run of one letter, such as "MM". */
static bool put_run(struct writer *w, char letter, size_t run) {
    const struct moment *m = w->m;
    bool era_letter = strchr("GgEyY", letter) != NULL;
    if (w->era != NULL && era_letter) {
        return put_era_letter(w, letter, run);
    }
    switch (letter) {
    case 'Y':
        return run == 4 && put_number(w, m->year, 4);
    case 'M':
        return run <= 2 && put_number(w, m->month, run);
    case 'D':
        return run <= 2 && put_part(w, m->day, 1, run);
    case 'h':
        return run == 2 && put_part(w, m->hour, 0, 2);
    case 'm':
        return run == 2 && m->hour >= 0 && put_number(w, m->minute, 2);
    case 's':
        return run == 2 && m->hour >= 0 && put_number(w, m->second, 2);
    case 'T':
        return run == 1 && put(w, "T", 1);
    default:
        return false;
    }
}

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool calendar_write(const struct moment *m, bool era, const char *format, size_t n, char *out,
                    size_t cap, size_t *len) {
    struct writer w = {.m = m, .era = era ? era_of(m) : NULL, .out = out, .cap = cap};
    bool ok = !era || w.era != NULL;
    for (size_t i = 0, run; ok && i < n; i += run) {
        run = 1;
        if (!is_letter(format[i])) {
            ok = put(&w, format + i, 1);
            continue;
        }
        while (i + run < n && format[i + run] == format[i]) {
            run++;
        }
        ok = put_run(&w, format[i], run);
    }
    *len = ok ? w.len : 0;
    return ok;
}
