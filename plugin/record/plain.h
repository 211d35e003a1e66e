/* Texts as a keyboard would have typed them: full-width ASCII as ASCII, every kind of dash as "-", no
 * spaces and no invisible characters. */
#ifndef RECORD_PLAIN_H
#define RECORD_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Spaces of every width, tabs, line ends, zero-width characters, byte order marks, controls. */
bool plain_is_blank(uint32_t code);
/* Moves both ends inwards over blank characters. */
void plain_trim(const char **p, size_t *n);
/* The plain form, terminated; it is never longer than the text. False when it does not fit or the text
 * is not UTF-8. */
bool plain_fold(const char *p, size_t n, char *out, size_t cap);

#endif
