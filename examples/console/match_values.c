/* The values of an open question, by path. */
#include <string.h>

#include "match.h"

enum { PATH_ROOM = 128 };

static void write_path(char out[PATH_ROOM], int32_t candidate, const char *list, int32_t n,
                       const char *name) {
    if (candidate == 0) {
        (void)snprintf(out, PATH_ROOM, "match.%s", name);
    } else if (list == NULL) {
        (void)snprintf(out, PATH_ROOM, "match.candidate[%ld].%s", (long)candidate, name);
    } else {
        (void)snprintf(out, PATH_ROOM, "match.candidate[%ld].%s[%ld].%s", (long)candidate, list,
                       (long)n, name);
    }
}

char *match_text(const struct session *s, int32_t candidate, const char *list, int32_t n,
                 const char *name) {
    char path[PATH_ROOM];
    write_path(path, candidate, list, n, name);
    return value_text(s, path);
}

bool match_number(const struct session *s, int32_t candidate, const char *list, int32_t n,
                  const char *name, int32_t *out) {
    char path[PATH_ROOM];
    write_path(path, candidate, list, n, name);
    return value_int(s, path, out);
}

int32_t match_count(const struct session *s, int32_t candidate, const char *list) {
    char path[PATH_ROOM];
    write_path(path, candidate, NULL, 0, candidate == 0 ? "candidate" : list);
    return value_count(s, path);
}

char *match_old(const struct session *s, int32_t candidate, const char *path) {
    char *value = match_text(s, candidate, NULL, 0, path);
    if (value != NULL) {
        return value;
    }
    int32_t n = match_count(s, candidate, "field");
    for (int32_t i = 1; i <= n; i++) {
        char *field = match_text(s, candidate, "field", i, "path");
        bool found = field != NULL && strcmp(field, path) == 0;
        value_free(&field);
        if (found) {
            return match_text(s, candidate, "field", i, "old");
        }
    }
    return NULL;
}

char *match_person(const struct session *s, const char *path) {
    char full[PATH_ROOM];
    int32_t record = 1;
    if (!match_number(s, 0, NULL, 0, "record", &record)) {
        record = 1;
    }
    (void)snprintf(full, sizeof full, "records[%ld].%s", (long)record, path);
    return value_text(s, full);
}

/* The plugin's own words, in Japanese; in English it has but the name. */
char *match_grade(const struct screen *screen, const struct session *s, int32_t candidate) {
    return match_text(s, candidate, NULL, 0, screen->english ? "grade_name" : "grade_text");
}

enum match_kind match_field_kind(const struct session *s, int32_t candidate, int32_t n) {
    char *difference = match_text(s, candidate, "field", n, "difference");
    enum match_kind kind = MATCH_KIND_OPEN;
    if (difference == NULL || strcmp(difference, "equal") == 0) {
        kind = MATCH_KIND_EQUAL;
    } else if (strcmp(difference, "missing") == 0) {
        kind = MATCH_KIND_KEPT;
    }
    value_free(&difference);
    return kind;
}

bool match_field_taken(const struct session *s, int32_t candidate, int32_t n) {
    int32_t take = 0;
    return match_field_kind(s, candidate, n) == MATCH_KIND_OPEN &&
           match_number(s, candidate, "field", n, "take", &take) && take != 0;
}
