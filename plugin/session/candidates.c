#include "candidates.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "text.h"

#define ID_MAX     64
#define VALUE_MAX  2000
#define VALUES_MAX 64

static void wipe_text(const char *text) {
    if (text != NULL) {
        char *p = (char *)text;
        memory_wipe(p, strlen(p));
        free(p);
    }
}

static void clear_patient(struct match_patient *patient) {
    struct host_value *values = (struct host_value *)patient->values;
    for (size_t i = 0; i < patient->n; i++) {
        wipe_text(values[i].path);
        wipe_text(values[i].text);
    }
    free(values);
    wipe_text(patient->id);
    memory_wipe(patient, sizeof *patient);
}

void candidates_clear(struct candidates *found) {
    for (size_t i = 0; i < found->n; i++) {
        clear_patient(&found->at[i]);
    }
    free(found->at);
    *found = (struct candidates){0};
}

struct match_patient *candidates_get(const struct candidates *found, const char *id) {
    for (size_t i = 0; i < found->n; i++) {
        if (text_equal(found->at[i].id, id)) {
            return &found->at[i];
        }
    }
    return NULL;
}

/* The host's texts come from anywhere. */
static bool is_usable(const char *text, size_t most) {
    size_t n = 0;
    while (n <= most && text[n] != '\0') {
        n++;
    }
    return n <= most && utf8_valid(text, n);
}

static bool is_value(const shk_field *value) {
    return value->to != NULL && value->value != NULL && is_usable(value->to, FIELD_PATH_MAX) &&
           is_usable(value->value, VALUE_MAX) && field_find(value->to, strlen(value->to)) != NULL;
}

static bool make_room(struct candidates *found) {
    if (found->n < found->cap) {
        return true;
    }
    size_t cap = found->cap == 0 ? 16 : found->cap * 2;
    struct match_patient *grown = realloc(found->at, cap * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    found->at = grown;
    found->cap = cap;
    return true;
}

static bool copy_values(struct match_patient *to, const shk_field *values, uint32_t n) {
    struct host_value *copy = calloc((size_t)n + 1, sizeof *copy);
    to->values = copy;
    for (uint32_t i = 0; copy != NULL && i < n; i++) {
        if (!is_value(&values[i])) {
            continue;
        }
        copy[to->n].path = text_dup(values[i].to);
        copy[to->n].text = text_dup(values[i].value);
        to->n++;
        if (copy[to->n - 1].path == NULL || copy[to->n - 1].text == NULL) {
            return false;
        }
    }
    return copy != NULL;
}

int32_t SHK_CALL candidates_add(void *who, const char *id, const shk_field *values,
                                uint32_t values_n) {
    struct candidates *found = who;
    if (id == NULL || id[0] == '\0' || !is_usable(id, ID_MAX - 1) || values_n > VALUES_MAX ||
        (values == NULL && values_n > 0)) {
        return SHK_E_ARGUMENT;
    }
    if (found->n == CANDIDATES_MAX) {
        return SHK_E_TOO_MANY;
    }
    if (!make_room(found)) {
        return SHK_E_MEMORY;
    }
    struct match_patient *fresh = &found->at[found->n++];
    *fresh = (struct match_patient){.id = text_dup(id)};
    return copy_values(fresh, values, values_n) && fresh->id != NULL ? SHK_OK : SHK_E_MEMORY;
}
