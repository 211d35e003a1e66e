#include "oqs.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define BODY    "MessageBody/"
#define RESULTS "MessageBody/ResultList"
#define RESULT  "ResultOfQualificationConfirmation"
#define SLOTS   2048 /* a power of two, several times the places */

_Static_assert(SLOTS >= 2 * OQS_PLACES_MAX, "a search ends at a free slot");

struct oqs_index {
    struct oqs_place places[OQS_PLACES_MAX]; /* the first one: unknown */
    size_t n;
    uint16_t slots[SLOTS]; /* number of the place; 0: free */
};

static size_t first_slot(const char *path, size_t n, bool in_result) {
    return ((size_t)(bytes_quick_hash(path, n) >> 48) ^ (in_result ? 1u : 0u)) % SLOTS;
}

static bool is_at(const struct oqs_place *place, const char *path, size_t n, bool in_result) {
    return place->path_n == n && place->in_result == in_result && memcmp(place->path, path, n) == 0;
}

/* The slot of the path, or the free one where it belongs. */
static size_t find_slot(const struct oqs_index *index, const char *path, size_t n, bool in_result) {
    size_t at = first_slot(path, n, in_result);
    while (index->slots[at] != 0 && !is_at(&index->places[index->slots[at]], path, n, in_result)) {
        at = (at + 1) % SLOTS;
    }
    return at;
}

const struct oqs_place *oqs_find(const struct oqs_index *index, const char *path, size_t n,
                                 bool in_result) {
    return &index->places[index->slots[find_slot(index, path, n, in_result)]];
}

/* The first one to name a path keeps it. */
static bool add(struct oqs_index *index, const struct oqs_place *place) {
    size_t at = find_slot(index, place->path, place->path_n, place->in_result);
    if (index->slots[at] != 0) {
        return true;
    }
    if (index->n == OQS_PLACES_MAX) {
        return false;
    }
    index->places[index->n] = *place;
    index->places[index->n].number = index->n;
    index->slots[at] = (uint16_t)index->n++;
    return true;
}

static struct oqs_place place_of(enum oqs_kind kind, const char *path, bool in_result) {
    return (struct oqs_place){
        .kind = kind, .in_result = in_result, .path = path, .path_n = strlen(path)};
}

static bool is_common(const char *name) {
    return text_starts(name, "MessageHeader/") || text_starts(name, BODY);
}

/* The element itself and every group above it. */
static bool add_name(struct oqs_index *index, const struct field *field, const char *name,
                     size_t n) {
    const struct field *list = field_list_of(field);
    struct oqs_place place = {.kind = OQS_FIELD,
                              .in_result = !is_common(name),
                              .in_list = list != NULL,
                              .field = field,
                              .path = name,
                              .path_n = n};
    bool fits = n == 0 || add(index, &place);
    bool lowest = true;
    while (fits && place.path_n > 0) {
        place.path_n--;
        if (name[place.path_n] == '/') {
            place.kind = list == NULL ? OQS_GROUP : lowest ? OQS_ENTRY : OQS_LIST;
            place.field = list;
            lowest = false;
            fits = add(index, &place);
        }
    }
    return fits;
}

/* The accepted names of a row stand between bars. */
static bool add_row(struct oqs_index *index, const struct field *field) {
    const char *name = field->element;
    bool fits = true;
    while (fits) {
        size_t n = strcspn(name, "|");
        fits = add_name(index, field, name, n);
        if (name[n] == '\0') {
            break;
        }
        name += n + 1;
    }
    return fits;
}

static bool add_frame(struct oqs_index *index) {
    const struct oqs_place places[] = {place_of(OQS_RESULTS, RESULTS, false),
                                       place_of(OQS_RESULT, RESULTS "/" RESULT, false),
                                       place_of(OQS_UNIT, BODY "BulkConfirmUnit", false)};
    bool fits = true;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        fits = fits && add(index, &places[i]);
    }
    return fits;
}

/* A unit may hold its result without a list. */
static bool add_unit(struct oqs_index *index) {
    struct oqs_place result = place_of(OQS_RESULT, BODY RESULT, false);
    result.unit_only = true;
    return add(index, &result);
}

struct oqs_index *oqs_index_new(void) {
    struct oqs_index *index = calloc(1, sizeof *index);
    bool fits = index != NULL;
    if (fits) {
        index->places[0] = place_of(OQS_UNKNOWN, "", false);
        index->n = 1;
        fits = add_frame(index);
    }
    for (size_t i = 0; fits && i < field_count(); i++) {
        fits = add_row(index, field_at(i));
    }
    if (!fits || !add_unit(index)) {
        oqs_index_free(&index);
    }
    return index;
}

void oqs_index_free(struct oqs_index **index) {
    free(*index);
    *index = NULL;
}
