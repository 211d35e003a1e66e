#include "day.h"

#include <string.h>

#include "when.h"

#define JAPAN_S INT64_C(32400) /* UTC+9 */

/* Days since 1970-01-01 to a civil date, Gregorian. */
static void write_date(int64_t days, char out[9]) {
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2 ? 1 : 0);
    text_format(out, 9, "%04d%02d%02d", (int)(year % 10000), (int)month, (int)day);
}

void day_of_clock(const struct env *env, char out[9]) {
    write_date((env->clock->wall_s(env->clock_self) + JAPAN_S) / 86400, out);
}

void day_today(const struct session *s, char out[9]) {
    day_of_clock(&s->env, out);
}

int32_t day_of_input(const struct session *s, const char *path, char out[9], struct fault *why) {
    const char *given = inputs_text(&s->inputs, path);
    if (given[0] == '\0') {
        day_today(s, out);
        return SHK_OK;
    }
    return when_read(given, strlen(given), out)
               ? SHK_OK
               : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
}
