/* Dates as people and programs write them, brought to yyyyMMdd. */
#ifndef RECORD_WHEN_H
#define RECORD_WHEN_H

#include <stdbool.h>
#include <stddef.h>

/* 令和6年4月1日, 令和元年5月1日, R6.4.1, R060401, 2024-04-01, 2024/4/1, 2024年4月1日, 20240401, with
 * half- or full-width digits and spaces; 明治 to 令和 with their exact first and last days. False for
 * anything else, an impossible date and an era's day outside the era. `n` in bytes.
 *
 * Both notations side by side (令和6年(2024年)4月1日, 令和6年4月1日(2024年4月1日)) are a date when they agree.
 * The day on which an era changed within the day carries both names: 明治45年7月30日 and 大正元年7月30日 are
 * one day, as are 大正15年12月25日 and 昭和元年12月25日. 平成 and 令和 began at midnight. 明治 begins with
 * 1868-01-25; its days before 1873 are read as days of the present calendar. */
bool when_read(const char *p, size_t n, char out[9]);

enum when_state {
    WHEN_FOREIGN,    /* in no notation that is known */
    WHEN_IMPOSSIBLE, /* in a known one, and there is no such day */
    WHEN_DATE
};

/* As when_read. `notation` null: all of the above; else only that one: G an era (令和 or R), y a year of it
 * (6, 06 or 元), Y a western year of four digits, M a month, D a day; doubled (yy, MM, DD) exactly two
 * digits; anything else stands for itself. A letter that comes twice must say the same twice. */
enum when_state when_judge(const char *p, size_t n, const char *notation, char out[9]);
/* True for a notation that names a whole day. */
bool when_is_notation(const char *notation);

#endif
