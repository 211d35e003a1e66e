/* The official app's text: cut into single texts, each read, everything that came of it looked at. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "fields.h"
#include "fuzz.h"

static void expect(bool good) {
    fuzz_should(good, "what is read of the text does not hold");
}

static void look_at(const struct record_set *set) {
    char path[FIELD_PATH_MAX];
    expect(record_count(set) >= 1 && record_count(set) <= 2);
    expect(record_outcome(set) != OUTCOME_NONE);
    for (size_t r = 1; r <= record_count(set); r++) {
        for (size_t i = 0; record_path_at(set, r, i, path, sizeof path) == SHK_OK; i++) {
            struct value value;
            expect(record_value(set, r, path, strlen(path), &value) == SHK_OK);
            expect(strlen(value.text) == value.len);
        }
    }
    for (size_t i = 0; i < record_drift_count(set); i++) {
        const char *raw = NULL;
        expect(record_drift_at(set, i, &raw) != NULL && raw != NULL);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    static struct app_words *words;
    const char *text = (const char *)p;
    words = words != NULL ? words : app_words_new();
    expect(words != NULL);
    while (n > 0) {
        struct fault why = {0};
        struct record_set *set = NULL;
        size_t first = app_first_length(text, n, words);
        expect(first >= 1 && first <= n);
        int32_t rc = app_read(text, first, 1, words, &set, &why);
        expect((rc == SHK_OK) == (set != NULL) && why.code == rc);
        expect(rc != SHK_OK || app_is_text(text, first, words));
        if (set != NULL) {
            look_at(set);
        }
        record_free(&set);
        text += first;
        n -= first;
    }
}
