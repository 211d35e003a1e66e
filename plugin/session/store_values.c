#include "store_values.h"

#include <stdlib.h>

#include "values_give.h"

void store_values_free(struct store_values **values) {
    free(*values);
    *values = NULL;
}

int32_t store_values_read(const struct store_values *v, const char *path, size_t n,
                          struct reading *out) {
    static const struct store_values none;
    const struct store_report *r = v != NULL ? &v->report : &none.report;
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"schema", r->schema},       {"waiting", r->waiting},  {"undecided", r->undecided},
        {"delivered", r->delivered}, {"history", r->history},  {"patients", r->patients},
        {"purged", r->purged},       {"key", (int64_t)r->key}, {"keys", (int64_t)r->keys},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, v != NULL ? numbers[i].number : -1);
        }
    }
    if (text_equal_n("oldest_waiting", path, n)) {
        return values_give_if(out, v != NULL ? v->oldest : "");
    }
    return SHK_E_PATH;
}
