#include "oqs_said.h"

#include <string.h>

#define PATH_ROOM 256

int32_t oqs_said_add(struct oqs_said_list *list, const struct oqs_place *place, const char *p,
                     size_t n, int32_t line) {
    if (list->n == OQS_SAID_MAX) {
        return SHK_E_XML;
    }
    struct oqs_said *said = &list->at[list->n];
    *said = (struct oqs_said){.place = place, .at = list->texts.n, .n = n, .line = line};
    int32_t rc = bytes_append(&list->texts, p, n);
    list->n += rc == SHK_OK ? 1 : 0;
    return rc;
}

static const char *text_of(const struct oqs_said_list *list, const struct oqs_said *said) {
    return bytes_text(&list->texts) + said->at;
}

static int32_t drift(const struct oqs_said_list *list, const struct oqs_said *said,
                     struct record_set *set, const char *reason) {
    char path[PATH_ROOM];
    text_format(path, sizeof path, "%.*s%s", (int)said->place->path_n, said->place->path, reason);
    return record_drift(set, said->line, path, text_of(list, said), said->n);
}

/* The element's own name. */
static void name_place(const struct oqs_said *said, struct fault *why, int32_t rc) {
    const char *path = said->place->path;
    size_t from = said->place->path_n;
    char name[PATH_ROOM];
    while (from > 0 && path[from - 1] != '/') {
        from--;
    }
    text_copy_n(name, sizeof name, path + from, said->place->path_n - from);
    fault_set(why, rc, SHK_NATIVE_XML_LINE, said->line, name);
}

static int32_t put(const struct oqs_said_list *list, const struct oqs_said *said,
                   struct record_set *set, bool report) {
    struct field_ref ref = {.field = said->place->field};
    bool unknown_code = false;
    int32_t rc = record_put(set, true, &ref, text_of(list, said), said->n, &unknown_code);
    return rc == SHK_OK && unknown_code && report ? drift(list, said, set, "=unknown code") : rc;
}

int32_t oqs_said_put(const struct oqs_said_list *list, struct record_set *set, bool report,
                     struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < list->n; i++) {
        rc = put(list, &list->at[i], set, report);
        if (rc != SHK_OK) {
            name_place(&list->at[i], why, rc);
        }
    }
    return rc;
}

int32_t oqs_said_drift(struct oqs_said_list *list, struct record_set *set) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < list->n; i++) {
        rc = drift(list, &list->at[i], set, "");
    }
    oqs_said_clear(list);
    return rc;
}

bool oqs_said_text(const struct oqs_said_list *list, const char *path, char *to, size_t cap) {
    text_copy(to, cap, "");
    for (size_t i = 0; i < list->n; i++) {
        const struct oqs_said *said = &list->at[i];
        if (text_equal_n(path, said->place->path, said->place->path_n)) {
            text_copy_n(to, cap, text_of(list, said), said->n);
            return true;
        }
    }
    return false;
}

void oqs_said_clear(struct oqs_said_list *list) {
    bytes_clear(&list->texts);
    list->n = 0;
}
