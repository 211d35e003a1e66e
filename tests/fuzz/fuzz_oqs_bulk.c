/* Bulk answers: how the bytes are cut changes neither who is given nor whether it is whole. The first byte
 * of the input says how long a piece is. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "oqs_bulk.h"

struct seen {
    size_t people, unread, values, drift;
    uint32_t hash; /* of everything that was said */
    int32_t rc;
};

static void add(struct seen *seen, const char *text) {
    for (; *text != '\0'; text++) {
        seen->hash = (seen->hash ^ (uint8_t)*text) * 16777619u;
    }
}

static void add_set(struct seen *seen, const struct record_set *set) {
    for (size_t record = 1; record <= record_count(set); record++) {
        for (size_t i = 0; i < record_path_count(set, record); i++) {
            char path[128];
            struct value value;
            fuzz_must(record_path_at(set, record, i, path, sizeof path) == SHK_OK &&
                          record_value(set, record, path, strlen(path), &value) == SHK_OK,
                      "a path has no value");
            seen->values++;
            add(seen, value.text);
        }
    }
    for (size_t i = 0; i < record_drift_count(set); i++) {
        const char *raw = NULL;
        add(seen, record_drift_at(set, i, &raw));
        add(seen, raw);
        seen->drift++;
    }
}

static int32_t on_unit(void *self, size_t number, struct record_set *set,
                       const struct fault *unread, struct fault *why) {
    struct seen *seen = self;
    (void)why;
    seen->people++;
    fuzz_must(number == seen->people, "a person is left out or comes twice");
    fuzz_must((set == NULL) == (unread != NULL), "neither a person nor a fault");
    fuzz_faults(false);
    if (set == NULL) {
        seen->unread++;
    } else {
        add_set(seen, set);
    }
    fuzz_faults(true);
    record_free(&set);
    return SHK_OK;
}

static struct seen read_in_pieces(const uint8_t *p, size_t n, size_t piece) {
    struct seen seen = {0};
    struct oqs_bulk_receiver to = {.unit = on_unit, .self = &seen};
    struct oqs_bulk *bulk = NULL;
    struct oqs_bulk_head head;
    struct fault why = {0};
    seen.rc = oqs_bulk_new(NULL, &to, &bulk);
    if (seen.rc != SHK_OK) {
        fuzz_must(fuzz_failed(), "no reader without a fault");
        return seen;
    }
    for (size_t at = 0; at < n; at += piece) {
        oqs_bulk_push(bulk, p + at, n - at < piece ? n - at : piece, &why);
    }
    seen.rc = oqs_bulk_end(bulk, &head, &why);
    fuzz_must(seen.rc == why.code, "the fault is another than the return");
    /* Of two things that are wrong in one place either may be noticed first. */
    seen.rc = seen.rc == SHK_E_XML_ENCODING ? SHK_E_XML : seen.rc;
    oqs_bulk_free(&bulk);
    return seen;
}

void fuzz_one(const uint8_t *p, size_t n) {
    if (n < 2) {
        return;
    }
    struct seen whole = read_in_pieces(p + 1, n - 1, n);
    struct seen parts = read_in_pieces(p + 1, n - 1, (size_t)p[0] + 1);
    fuzz_should(memcmp(&whole, &parts, sizeof whole) == 0,
                "pieces are read otherwise than the whole");
}
