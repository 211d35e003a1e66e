/* Answers about one person: whatever is read can be walked through, and what can be written as a face is
 * read again with the same words. */
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "fuzz.h"
#include "oqs_write.h"

static void must(bool good) {
    fuzz_should(good, "what was read is not what was written");
}

static struct value value_of(const struct record_set *set, size_t record, const char *path) {
    struct value value;
    must(record_value(set, record, path, strlen(path), &value) == SHK_OK);
    must(strlen(value.text) <= value.len);
    return value;
}

static void compare(const struct record_set *a, const struct record_set *b, size_t record) {
    for (size_t i = 0; i < record_path_count(a, record); i++) {
        char path[128];
        must(record_path_at(a, record, i, path, sizeof path) == SHK_OK);
        struct value x = value_of(a, record, path), y = value_of(b, record, path);
        bool is_code = strncmp(path, "character_code", strlen("character_code")) == 0;
        must(is_code || (x.state == y.state && text_equal(x.text, y.text)));
    }
}

static void write_and_read(const struct record_set *set, enum oqs_encoding encoding) {
    struct bytes face = {0};
    struct record_set *again = NULL;
    struct fault why = {0};
    if (oqs_write_face(set, NULL, 0, encoding, NULL, NULL, &face, &why) == SHK_OK) {
        int32_t rc = oqs_read(face.p, face.n, NULL, &again, &why);
        must(again != NULL || rc == SHK_E_ANSWER_TOO_LARGE);
        fuzz_faults(false);
        for (size_t i = 1; again != NULL && encoding == OQS_UTF8 && i <= record_count(set); i++) {
            compare(set, again, i);
        }
        fuzz_faults(true);
    }
    record_free(&again);
    bytes_clear(&face);
}

void fuzz_one(const uint8_t *p, size_t n) {
    static const struct oqs_options ignore = {.ignore_character_code = true};
    struct record_set *set = NULL;
    struct fault why = {0};
    int32_t rc = oqs_read(p, n, &ignore, &set, &why);
    must(rc == why.code);
    (void)oqs_document_kind(p, n);
    if (set != NULL) {
        for (size_t i = 0; i < record_drift_count(set); i++) {
            const char *raw = NULL;
            must(record_drift_at(set, i, &raw) != NULL && raw != NULL);
        }
        (void)record_outcome(set);
        write_and_read(set, OQS_UTF8);
        write_and_read(set, OQS_CP932);
    }
    record_free(&set);
}
