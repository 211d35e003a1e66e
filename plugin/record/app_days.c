#include "app_days.h"

#include <string.h>

static const struct app_item *find_day(const struct app_items *items, enum app_kind kind,
                                       const char *path) {
    const struct app_item *item = app_items_said(items, kind, path);
    return item != NULL && item->reading == APP_READ_VALUE ? item : NULL;
}

const struct app_item *app_day_out_of_order(const struct app_items *items, enum app_kind kind) {
    static const struct {
        const char *first, *then;
    } order[] = {{"birth_date", "confirmation_date"},
                 {"valid_from", "valid_until"},
                 {"elderly.valid_from", "elderly.valid_until"},
                 {"limit.valid_from", "limit.valid_until"}};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct app_item *first = find_day(items, kind, order[i].first);
        const struct app_item *then = first != NULL ? find_day(items, kind, order[i].then) : NULL;
        if (first != NULL && then != NULL && strcmp(first->value.text, then->value.text) > 0) {
            return first->line > then->line ? first : then;
        }
    }
    return NULL;
}
