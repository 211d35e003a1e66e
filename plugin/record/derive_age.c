#include "derive_age.h"

#include <string.h>

#include "bytes.h"

#define SCHOOL_AGE       6
#define APRIL_1          401 /* as day_of_year writes it */
#define ELDERLY_AGE      70
#define LATE_ELDERLY_AGE 75

struct day {
    int32_t year, month, day;
};

static bool read_day(const char *text, struct day *out) {
    return strlen(text) == 10 && text_to_int32(text, 4, &out->year) &&
           text_to_int32(text + 5, 2, &out->month) && text_to_int32(text + 8, 2, &out->day);
}

static bool read_days(const char *birth, const char *date, struct day *born, struct day *on) {
    return read_day(birth, born) && read_day(date, on) && strcmp(birth, date) <= 0;
}

static int32_t day_of_year(const struct day *day) {
    return day->month * 100 + day->day;
}

static int32_t full_years(const struct day *born, const struct day *on) {
    return on->year - born->year - (day_of_year(on) < day_of_year(born) ? 1 : 0);
}

int32_t age_on(const char *birth, const char *date) {
    struct day born, on;
    return read_days(birth, date, &born, &on) ? full_years(&born, &on) : -1;
}

/* The law completes a year of age at the end of the day before the birthday: born on 1 April, a child is
 * six on 31 March and goes to school the day after. */
static bool is_before_school(const struct day *born, const struct day *on) {
    int32_t year = born->year + SCHOOL_AGE + (day_of_year(born) > APRIL_1 ? 1 : 0);
    return on->year < year || (on->year == year && day_of_year(on) < APRIL_1);
}

static int32_t months(int32_t year, int32_t month) {
    return year * 12 + month;
}

/* Likewise born on the 1st, one is 70 in the month before and counts from the month of the birthday. */
static bool is_elderly(const struct day *born, const struct day *on) {
    int32_t from = months(born->year + ELDERLY_AGE, born->month) + (born->day == 1 ? 0 : 1);
    return months(on->year, on->month) >= from;
}

enum age_band age_band_on(const char *birth, const char *date) {
    struct day born, on;
    if (!read_days(birth, date, &born, &on)) {
        return AGE_UNKNOWN;
    }
    if (full_years(&born, &on) >= LATE_ELDERLY_AGE) {
        return AGE_LATE_ELDERLY;
    }
    if (is_elderly(&born, &on)) {
        return AGE_ELDERLY;
    }
    return is_before_school(&born, &on) ? AGE_PRESCHOOL : AGE_GENERAL;
}
