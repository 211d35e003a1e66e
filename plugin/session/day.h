/* The day for which a question is asked. */
#ifndef SESSION_DAY_H
#define SESSION_DAY_H

#include "session.h"

/* Today in Japan as yyyyMMdd, whatever zone the machine is set to. */
void day_today(const struct session *s, char out[9]);
/* The day that the input names, in any usual form, or today. SHK_E_INPUT. */
int32_t day_of_input(const struct session *s, const char *path, char out[9], struct fault *why);

#endif
