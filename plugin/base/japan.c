#include "japan.h"

#define JAPAN_S    INT64_C(32400) /* UTC+9 */
#define DAY_DIGITS 8

/* Days since 1970-01-01 as a date, in eras of 400 years that begin in March. */
static void write_date(int64_t days, char out[9]) {
    days += 719468;
    int64_t era = days / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2 ? 1 : 0);
    text_format(out, 9, "%04d%02d%02d", (int)(year % 10000), (int)month, (int)day);
}

static int64_t japan_now(const struct env *env) {
    return env->clock->wall_s(env->clock_self) + JAPAN_S;
}

int64_t japan_days(int64_t utc_s) {
    return (utc_s + JAPAN_S) / 86400;
}

void japan_day_of(int64_t utc_s, char out[9]) {
    write_date(japan_days(utc_s), out);
}

void japan_day(const struct env *env, char out[9]) {
    write_date(japan_now(env) / 86400, out);
}

void japan_time(const struct env *env, char out[15]) {
    int64_t now = japan_now(env);
    int32_t of_day = (int32_t)(now % 86400);
    write_date(now / 86400, out);
    text_format(out + DAY_DIGITS, 7, "%02d%02d%02d", (int)(of_day / 3600), (int)(of_day / 60 % 60),
                (int)(of_day % 60));
}
