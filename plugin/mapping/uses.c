#include "uses.h"

#include <string.h>

#include "fields.h"

/* "elderly" covers "elderly.valid_from", "specific_diseases" what stands in its entries. */
static bool lies_below(const char *path, const char *name, size_t n) {
    return strncmp(path, name, n) == 0 && (path[n] == '.' || path[n] == '[');
}

bool uses_add(struct uses *uses, const char *path, size_t n) {
    const struct field *one = field_find(path, n);
    bool found = one != NULL;
    uses->named = true;
    if (n == 1 && path[0] == '*') {
        memset(uses->field, 1, field_count());
        return true;
    }
    if (one != NULL) {
        uses->field[field_index(one)] = 1;
    }
    for (size_t i = 0; n > 0 && i < field_count(); i++) {
        if (lies_below(field_at(i)->path, path, n)) {
            uses->field[i] = 1;
            found = true;
        }
    }
    return found;
}

bool uses_has(const struct uses *uses, size_t field) {
    return uses->field[field] != 0;
}

bool uses_some(const struct uses *uses, const char *path, size_t n) {
    for (size_t i = 0; i < field_count(); i++) {
        if (uses->field[i] != 0 && lies_below(field_at(i)->path, path, n)) {
            return true;
        }
    }
    return false;
}

void uses_limit(struct uses *uses, const struct uses *by) {
    for (size_t i = 0; i < field_count(); i++) {
        uses->field[i] = uses->field[i] != 0 && by->field[i] != 0;
    }
}
