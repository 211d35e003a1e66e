/* Putting one value into a reading. */
#ifndef SESSION_VALUES_GIVE_H
#define SESSION_VALUES_GIVE_H

#include "values.h"

int32_t values_give_text(struct reading *out, const char *text);
/* A text of which "nothing" means absent. */
int32_t values_give_if(struct reading *out, const char *text);
int32_t values_give_number(struct reading *out, int64_t number);
/* A number of which a negative one means absent. */
int32_t values_give_known(struct reading *out, int64_t number);

#endif
