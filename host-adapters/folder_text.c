#include "folder_text.h"

#include <string.h>

#define JAPAN_S 32400 /* ahead of UTC, all year */
#define DAY_S   86400

void line_text_n(struct line *line, const char *text, size_t n) {
    if (line->n >= line->cap || n >= line->cap - line->n) {
        line->n = line->cap;
        return;
    }
    memcpy(line->p + line->n, text, n);
    line->n += n;
    line->p[line->n] = '\0';
}

void line_text(struct line *line, const char *text) {
    line_text_n(line, text, strlen(text));
}

void line_number(struct line *line, int64_t number, size_t digits) {
    char out[20];
    size_t at = sizeof out;
    do {
        out[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (at > 0 && (number > 0 || sizeof out - at < digits));
    line_text_n(line, out + at, sizeof out - at);
}

int line_fits(const struct line *line) {
    return line->n < line->cap;
}

/* The proleptic Gregorian day, counted in years that begin in March. */
static void line_day(struct line *line, int64_t days) {
    int64_t z = days + 719468;
    int64_t era = z / 146097, of_era = z % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    line_number(line, year + era * 400 + (month <= 2 ? 1 : 0), 4);
    line_number(line, month, 2);
    line_number(line, day, 2);
}

void line_time(struct line *line, int64_t time_s) {
    int64_t local = time_s + JAPAN_S;
    int64_t of_day = local % DAY_S;
    line_day(line, local / DAY_S);
    line_number(line, of_day / 3600, 2);
    line_number(line, of_day / 60 % 60, 2);
    line_number(line, of_day % 60, 2);
}

/* FNV-1a: ids are random already, they only have to fit into a name. */
void text_id_hex(const char *id, char out[17]) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *id != '\0'; id++) {
        hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
    }
    for (size_t i = 0; i < 16; i++) {
        out[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    }
    out[16] = '\0';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int text_same_name(const char *a, const char *b) {
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

void text_wipe(void *p, size_t n) {
    volatile uint8_t *v = p;
    while (n > 0) {
        *v++ = 0;
        n--;
    }
}
