#include "folder_name.h"

#include <string.h>

#define JAPAN_S    32400 /* nine hours */
#define DAY_DIGITS 8
#define ID_DIGITS  12
#define FACE       "OQSsiquc01res_face_"

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

void folder_now(const struct env *env, char out[15]) {
    int64_t now = env->clock->wall_s(env->clock_self) + JAPAN_S;
    int32_t of_day = (int32_t)(now % 86400);
    write_date(now / 86400, out);
    text_format(out + DAY_DIGITS, 7, "%02d%02d%02d", (int)(of_day / 3600), (int)(of_day / 60 % 60),
                (int)(of_day % 60));
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_n(const char *a, const char *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool folder_same_name(const char *a, const char *b) {
    size_t n = strlen(a);
    return n == strlen(b) && same_n(a, b, n);
}

bool folder_name_starts(const char *name, const char *prefix) {
    size_t n = strlen(prefix);
    return strlen(name) >= n && same_n(name, prefix, n);
}

bool folder_name_ends(const char *name, const char *ending) {
    size_t n = strlen(name);
    size_t end = strlen(ending);
    return n >= end && same_n(name + n - end, ending, end);
}

int32_t folder_name_number(const char *name, const char *day) {
    const char *id = strrchr(name, '_');
    int32_t number = 0;
    if (id == NULL) {
        return 0;
    }
    id++;
    size_t n = strcspn(id, ".");
    if (n != ID_DIGITS || strncmp(id, day, DAY_DIGITS) != 0 || !char_is_digit(id[DAY_DIGITS]) ||
        !text_to_int32(id + DAY_DIGITS, ID_DIGITS - DAY_DIGITS, &number)) {
        return 0;
    }
    return number;
}

bool folder_is_face(const char *name) {
    return folder_name_starts(name, FACE) && folder_name_ends(name, ".xml") &&
           strlen(name) > sizeof FACE - 1 + sizeof ".xml" - 1;
}
