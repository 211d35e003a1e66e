#include "oqs.h"

#include <string.h>

#define RESULTS "MessageBody/ResultList"
#define RESULT  RESULTS "/ResultOfQualificationConfirmation"

/* The accepted names of a row stand between bars. */
static const char *next_name(const char *element, size_t *n) {
    *n = strcspn(element, "|");
    return element[*n] == '|' ? element + *n + 1 : NULL;
}

static bool is_common(const char *name) {
    return text_starts(name, "MessageHeader/") || text_starts(name, "MessageBody/");
}

static struct oqs_place group_at(const struct field *field, const char *name, size_t name_n,
                                 size_t path_n) {
    const struct field *list = field_list_of(field);
    bool deeper = memchr(name + path_n + 1, '/', name_n - path_n - 1) != NULL;
    enum oqs_kind kind = list == NULL ? OQS_GROUP : deeper ? OQS_LIST : OQS_ENTRY;
    return (struct oqs_place){kind, list == NULL ? field : list, name};
}

static struct oqs_place match(const struct field *field, const char *path, size_t n,
                              bool in_result) {
    const char *name = field->element;
    while (name != NULL) {
        size_t name_n = 0;
        const char *next = next_name(name, &name_n);
        if (is_common(name) != in_result && name_n >= n && memcmp(name, path, n) == 0) {
            if (name_n == n) {
                return (struct oqs_place){OQS_FIELD, field, name};
            }
            if (name[n] == '/') {
                return group_at(field, name, name_n, n);
            }
        }
        name = next;
    }
    return (struct oqs_place){.kind = OQS_UNKNOWN};
}

struct oqs_place oqs_find(const char *path, size_t n, bool in_result) {
    struct oqs_place place = {.kind = OQS_UNKNOWN};
    if (!in_result && text_equal_n(RESULTS, path, n)) {
        place.kind = OQS_RESULTS;
        return place;
    }
    if (!in_result && text_equal_n(RESULT, path, n)) {
        place.kind = OQS_RESULT;
        return place;
    }
    for (size_t i = 0; place.kind == OQS_UNKNOWN && i < field_count(); i++) {
        place = match(field_at(i), path, n, in_result);
    }
    return place;
}
