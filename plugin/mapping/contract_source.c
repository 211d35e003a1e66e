#include "contract_source.h"

#include <string.h>

#include "fields.h"
#include "text.h"

/* "records[2].name" to 2 and "name"; any other path is left as it is. False: badly written. */
static bool strip_record(const char **path, size_t *record) {
    static const char prefix[] = "records[";
    if (!text_starts(*path, prefix)) {
        return true;
    }
    const char *number = *path + sizeof prefix - 1;
    const char *end = strstr(number, "].");
    int32_t index = 0;
    if (end == NULL || !text_to_int32(number, (size_t)(end - number), &index) || index < 1) {
        return false;
    }
    *record = (size_t)index;
    *path = end + 2;
    return true;
}

static bool place_of(const char *path, const char *list, struct contract_source *out) {
    char whole[FIELD_PATH_MAX];
    if (list != NULL) {
        size_t n = text_format(whole, sizeof whole, "%s[1].%s", list, path);
        out->in_entry = n < sizeof whole && record_place(whole, n, &out->place);
        return out->in_entry;
    }
    return record_place(path, strlen(path), &out->place);
}

/* Without a list of uses the rows themselves say what is used. */
static bool may_see(struct uses *uses, const struct contract_source *source) {
    size_t field = field_index(source->place.field);
    if (!uses->named) {
        uses->field[field] = 1;
    }
    return uses_has(uses, field);
}

bool contract_source(const char *path, const struct row_scope *scope, struct uses *uses,
                     struct contract_source *out) {
    *out = (struct contract_source){.given = true, .path = path};
    if (text_equal(path, "@index")) {
        out->index = true;
        return true;
    }
    const char *rest = path;
    if (!strip_record(&rest, &out->record)) {
        return false;
    }
    bool absolute = out->record > 0;
    return place_of(rest, absolute ? NULL : scope->list, out) && may_see(uses, out);
}

bool contract_list(const char *name, const struct row_scope *scope, char *out, size_t cap) {
    size_t n = text_copy(out, cap, name);
    return scope->list == NULL && n < cap && field_is_list(name, n);
}
