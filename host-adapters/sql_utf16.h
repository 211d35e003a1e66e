/* UTF-8 and UTF-16, both ways, for drivers that speak the latter. */
#ifndef HOST_ADAPTERS_SQL_UTF16_H
#define HOST_ADAPTERS_SQL_UTF16_H

#include <stddef.h>
#include <stdint.h>

/* Terminated; units without the terminator in *n. Null: no memory, or no UTF-8. Freed by the caller. */
uint16_t *sql_utf16_from(const char *text, size_t *n);
/* Writes at most cap - 1 bytes and a zero; 0 when it does not fit or a surrogate stands alone. */
int sql_utf16_to(const uint16_t *units, size_t n, char *out, size_t cap);

#endif
