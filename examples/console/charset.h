/* Documents in the host's encoding, for the screen. */
#ifndef CONSOLE_CHARSET_H
#define CONSOLE_CHARSET_H

#include <stddef.h>

struct charset;
/* encoding as delivery[n].encoding says it; one that is not known, or null, is taken for UTF-8. Null: no memory. */
struct charset *charset_new(const char *encoding);
void charset_free(struct charset **charset);

/* Terminated UTF-8 on the heap without a byte order mark; what is no character becomes U+FFFD. Freed with value_free.
 * Null: no memory. */
char *charset_text(struct charset *charset, const char *p, size_t n);

#endif
