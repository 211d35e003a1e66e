#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "screen.h"

static bool read_date(const char *date, int32_t *year, int32_t *month, int32_t *day) {
    int32_t parts[3] = {0, 0, 0};
    size_t part = 0;
    if (strlen(date) != 10) {
        return false;
    }
    for (size_t i = 0; i < 10; i++) {
        if (i == 4 || i == 7) {
            part++;
            if (date[i] != '-') {
                return false;
            }
        } else if (date[i] < '0' || date[i] > '9') {
            return false;
        } else {
            parts[part] = parts[part] * 10 + (date[i] - '0');
        }
    }
    *year = parts[0];
    *month = parts[1];
    *day = parts[2];
    return *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31;
}

void date_japanese(const char *date, char *out, size_t cap) {
    static const struct {
        const char *name;
        int32_t from, year;
    } eras[] = {{"令和", 20190501, 2019},
                {"平成", 19890108, 1989},
                {"昭和", 19261225, 1926},
                {"大正", 19120730, 1912},
                {"明治", 18730101, 1868}};
    int32_t year, month, day;
    (void)snprintf(out, cap, "%s", date);
    if (!read_date(date, &year, &month, &day)) {
        return;
    }
    int32_t number = year * 10000 + month * 100 + day;
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        if (number >= eras[i].from) {
            char of_era[16] = "元";
            if (year > eras[i].year) {
                (void)snprintf(of_era, sizeof of_era, "%d", (int)(year - eras[i].year + 1));
            }
            (void)snprintf(out, cap, "%s (%s%s年%d月%d日)", date, eras[i].name, of_era, (int)month,
                           (int)day);
            return;
        }
    }
}
