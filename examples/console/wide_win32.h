/* UTF-8 for the wide calls of Windows. */
#ifndef CONSOLE_WIDE_WIN32_H
#define CONSOLE_WIDE_WIN32_H

#include <stddef.h>
#include <wchar.h>

/* On the heap; null when it is not UTF-8 or memory is short. */
wchar_t *wide_new(const char *text);
/* UTF-8 on the heap, or null. A half of a pair becomes U+FFFD. */
char *wide_text(const wchar_t *wide);

#endif
