/* Values in the binary form of the server's protocol, by the types that are the same in every server. */
#ifndef PLATFORM_PQ_VALUE_H
#define PLATFORM_PQ_VALUE_H

#include <stdbool.h>

#include "db.h"

#define PQ_NUMBER_SIZE 8

/* Type and bytes of one that is sent: *p is null for NULL. `number` is room for an integer. */
uint32_t pq_value_give(const struct db_value *v, uint8_t number[PQ_NUMBER_SIZE], const char **p,
                       size_t *n);
/* One that came, of that type. False: a type, or a number, that nothing here holds. */
bool pq_value_take(uint32_t type, const uint8_t *p, size_t n, struct db_value *out);

#endif
