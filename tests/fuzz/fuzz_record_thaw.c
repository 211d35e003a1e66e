/* A frozen set: what is taken can be walked through, and freezes and thaws to the same bytes. An answer in XML
 * that can be read survives being frozen. */
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "fuzz.h"
#include "match.h"

static void must(bool good) {
    fuzz_should(good, "what is thawed is not what was frozen");
}

static void walk(const struct record_set *set) {
    char path[FIELD_PATH_MAX];
    struct value value;
    for (size_t r = 1; r <= record_count(set); r++) {
        for (size_t i = 0; i < record_path_count(set, r); i++) {
            must(record_path_at(set, r, i, path, sizeof path) == SHK_OK);
            must(record_value(set, r, path, strlen(path), &value) == SHK_OK);
            must(value.state != VALUE_ABSENT && strlen(value.text) <= value.len);
        }
        (void)record_outcome_at(set, r);
    }
}

static void freeze_and_thaw(const struct record_set *set) {
    struct bytes first = {0}, second = {0};
    struct record_set *again = NULL;
    fuzz_faults(false);
    must(record_freeze(set, &first) == SHK_OK);
    must(record_thaw(first.p, first.n, &again) == SHK_OK);
    must(record_freeze(again, &second) == SHK_OK);
    fuzz_faults(true);
    must(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
    for (size_t r = 1; r <= record_count(set); r++) {
        must(record_path_count(set, r) == record_path_count(again, r));
    }
    must(record_outcome(set) == record_outcome(again));
    record_free(&again);
    bytes_clear(&first);
    bytes_clear(&second);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct record_set *set = NULL;
    struct fault why = {0};
    if (n > 0 && p[0] == '<') {
        (void)oqs_read(p, n, NULL, &set, &why);
    } else {
        must((record_thaw(p, n, &set) == SHK_OK) == (set != NULL));
    }
    if (set != NULL) {
        fuzz_faults(false);
        walk(set);
        fuzz_faults(true);
        freeze_and_thaw(set);
    }
    record_free(&set);
}
