/* Whether the days of one record can be in this order. */
#ifndef RECORD_APP_DAYS_H
#define RECORD_APP_DAYS_H

#include "app_items.h"

/* The later line of two days of which no calendar has one before the other: born after the confirmation, an
 * end before its beginning. Null: none. */
const struct app_item *app_day_out_of_order(const struct app_items *items, enum app_kind kind);

#endif
