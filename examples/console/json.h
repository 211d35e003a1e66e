/* JSON, one object a line. */
#ifndef CONSOLE_JSON_H
#define CONSOLE_JSON_H

#include <stdint.h>

#include "out.h"

struct json {
    struct out *out;
    bool first; /* in the innermost bracket */
};

/* key is null inside an array and for the outermost object. */
void json_open(struct json *j, const char *key, char bracket);
/* Closes with the matching bracket, '}' or ']'. */
void json_close(struct json *j, char bracket);
void json_end_line(struct json *j);
/* A null text writes no member at all: an absent value has no key. */
void json_text(struct json *j, const char *key, const char *text);
void json_number(struct json *j, const char *key, int32_t number);
void json_bool(struct json *j, const char *key, bool yes);

#endif
