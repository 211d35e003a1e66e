/* For a library that turns names into the characters of the locale: the locale of the host is neither
 * changed nor relied on. */
#ifndef PLATFORM_UTF8_LOCALE_H
#define PLATFORM_UTF8_LOCALE_H

struct utf8_locale;

/* Until it is left, this thread alone reads and writes UTF-8. Null when the system knows no such locale. */
struct utf8_locale *utf8_locale_enter(void);
void utf8_locale_leave(struct utf8_locale **left); /* null is accepted */

#endif
