/* Memory for the PIN: locked, left out of core dumps, wiped when freed. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stddef.h>
#include <stdint.h>

/* A page of its own, zeroed; null when out of memory. Locking is tried, its failure is no error. */
uint8_t *secret_new(size_t n);
/* Wipes and frees; null is accepted. n as given to secret_new. */
void secret_free(uint8_t *p, size_t n);

#endif
