/* How a host writes its dates, learnt from the dates of a sample. */
#ifndef MAPPING_PACK_NEW_DATE_H
#define MAPPING_PACK_NEW_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pack_era { PACK_ERA_NONE, PACK_ERA_LETTER, PACK_ERA_KANJI, PACK_ERA_DIGIT };
enum pack_time { PACK_TIME_NONE, PACK_TIME_MINUTES, PACK_TIME_SECONDS };

/* All zero: nothing was seen yet. */
struct pack_dates {
    size_t n;
    bool mixed; /* something that is no date, or dates of two forms */
    enum pack_era era;
    char separator;  /* '/' '-' '.'; 'k' for 年月日; 0 for digits alone */
    bool month_only; /* no day */
    enum pack_time time;
    char between; /* date and time: ' ' 'T' or 0 */
    bool gannen;
    /* A part below ten was seen without and with its zero. */
    bool short_part, zero_part, short_year, zero_year;
};

void pack_dates_see(struct pack_dates *dates, const char *p, size_t n);

#define PACK_DATE_HELPER_MAX 64
/* The helper that writes such dates: "date", "wareki:GY.M.D", "era7"; "" when the record's own form is the
 * one. False when nothing was learnt. */
bool pack_dates_helper(const struct pack_dates *dates, char out[PACK_DATE_HELPER_MAX]);

#endif
