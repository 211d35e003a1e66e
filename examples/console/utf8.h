/* UTF-8 as the terminal sees it. */
#ifndef CONSOLE_UTF8_H
#define CONSOLE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at text, 0 when there is none in the n bytes; never more than n. */
size_t utf8_next(const char *text, size_t n, uint32_t *character);
bool utf8_valid(const char *text);
/* Columns of a fixed-width terminal. */
int utf8_width(const char *text);

/* The character terminated, "" when there is no such one. */
void utf8_write(uint32_t character, char out[5]);

#endif
