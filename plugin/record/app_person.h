/* Whether the records of one copied text are of one person. */
#ifndef RECORD_APP_PERSON_H
#define RECORD_APP_PERSON_H

#include "app_items.h"

/* The later item of two that cannot both be of one person, with its key; null: they all can. Names may
 * differ by variant characters and by marks for missing ones. */
const struct app_item *app_other_person(const struct app_items *items, const char **key);

#endif
