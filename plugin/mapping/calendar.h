/* Dates as hosts write them, western and by Japanese era. Pure functions. */
#ifndef MAPPING_CALENDAR_H
#define MAPPING_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct moment {
    int32_t year, month, day;     /* day 0: only a month is known */
    int32_t hour, minute, second; /* hour -1: no time is known */
};

/* "YYYY-MM-DD", "YYYY-MM" or "YYYY-MM-DDThh:mm:ss"; false for anything else or an impossible day. */
bool calendar_parse(const char *p, size_t n, struct moment *out);

/* Letters of a format: YYYY MM M DD D hh mm ss and T, which stands for itself. With `era` also
 * G (R), g (5), E (令和), YY and Y for the year in the era, y as Y with 元 for the first.
 * Other letters, parts that the moment lacks, and eras before 明治6年 (1873) are refused: false. */
bool calendar_write(const struct moment *m, bool era, const char *format, size_t n, char *out,
                    size_t cap, size_t *len);

#endif
