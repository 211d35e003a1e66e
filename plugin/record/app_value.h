/* A value of the copied text, brought to the form in which OQS would have sent it. */
#ifndef RECORD_APP_VALUE_H
#define RECORD_APP_VALUE_H

#include "app_words.h"

enum app_reading {
    APP_READ_EMPTY,
    APP_READ_VALUE,
    APP_READ_UNKNOWN,   /* a word or notation that nobody has explained */
    APP_READ_IMPOSSIBLE /* a day that does not exist, an insurer number that is no number */
};

struct app_value {
    const char *text; /* in the text itself or in room */
    size_t n;
    char room[APP_NAME_MAX];
};

/* `p` trimmed. Texts are taken as they are. */
enum app_reading app_value_read(const struct app_words *words, const struct field *field,
                                const char *p, size_t n, struct app_value *out);

#endif
