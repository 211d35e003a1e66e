/* Where the text of one person ends and the next one's begins. */
#ifndef RECORD_APP_SPLIT_H
#define RECORD_APP_SPLIT_H

#include "app.h"

/* The first line of items before a heading (照会番号 …) of which nobody can say whether they end one person's
 * text or begin the next one's; 0: none. Such a text is not to be taken, nor divided there. */
int32_t app_doubtful_line(const char *p, size_t n, const struct app_words *words);

#endif
