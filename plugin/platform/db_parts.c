#include "db_parts.h"

#include <string.h>

#include "text.h"

int32_t db_check_values(const struct db_value *values, size_t n, struct fault *why) {
    for (size_t i = 0; i < n; i++) {
        const struct db_value *v = &values[i];
        if (v->type == DB_TEXT && v->n > 0 &&
            (!utf8_valid((const char *)v->p, v->n) || memchr(v->p, 0, v->n) != NULL)) {
            return fault_raise(why, SHK_E_ARGUMENT);
        }
    }
    return SHK_OK;
}

int32_t db_refuse_spoilt(struct fault *why) {
    return fault_set(why, SHK_E_STORE_FAILED, 0, 0, "transaction");
}
