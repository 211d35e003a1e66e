/* What the host reads of the store, by the paths "store.…". */
#ifndef SESSION_STORE_VALUES_H
#define SESSION_STORE_VALUES_H

#include "session.h"
#include "store.h"

struct reading;

struct store_values {
    struct store_report report;
    char oldest[20];
};

void store_values_free(struct store_values **values);
/* Under the lock; the path without "store.". SHK_E_PATH, SHK_E_ABSENT. */
int32_t store_values_read(const struct store_values *v, const char *path, size_t n,
                          struct reading *out);

#endif
