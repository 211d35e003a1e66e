#include <stdlib.h>
#include <string.h>

#include "oqs_message.h"
#include "oqs_walk.h"

/* A registration of a whole clinic is longer than one person's answer. */
#define BULK_SIZE_MAX ((size_t)64 * 1024 * 1024)
#define PEOPLE_MAX    ((size_t)1000000)

struct reading {
    struct oqs_registered *people;
    size_t n, cap;
    struct oqs_registered one; /* of the unit we are in, or of the whole body */
    bool has_units;
    int32_t segment;
};

static const char *leaf_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool is_unit(const char *path) {
    return text_equal(path, "MessageBody/BulkRegistrationUnit");
}

static void on_open(void *self, const char *path) {
    struct reading *r = self;
    if (is_unit(path)) {
        r->has_units = true;
        r->one = (struct oqs_registered){0};
    }
}

/* The old block is wiped. */
static bool grow(struct reading *r) {
    size_t cap = r->cap == 0 ? 16 : r->cap * 2;
    struct oqs_registered *people = calloc(cap, sizeof *people);
    if (people == NULL) {
        return false;
    }
    if (r->n > 0) {
        memcpy(people, r->people, r->n * sizeof *people);
        memory_wipe(r->people, r->n * sizeof *people);
    }
    free(r->people);
    r->people = people;
    r->cap = cap;
    return true;
}

static bool add(struct reading *r) {
    if (r->n == PEOPLE_MAX || (r->n == r->cap && !grow(r))) {
        return false;
    }
    r->people[r->n++] = r->one;
    return true;
}

static void read_person(struct oqs_registered *one, const char *name, const char *text, size_t n) {
    if (text_equal(name, "ReferenceNumber")) {
        text_copy_n(one->reference_number, sizeof one->reference_number, text, n);
    } else if (text_equal(name, "ProcessingResultStatus")) {
        text_to_int32(text, n, &one->status);
    } else if (text_equal(name, "ProcessingResultCode")) {
        text_copy_n(one->code, sizeof one->code, text, n);
    }
}

static void on_leaf(void *self, const char *path, const char *text, size_t n) {
    struct reading *r = self;
    if (text_equal(path, "MessageHeader/SegmentOfResult")) {
        text_to_int32(text, n, &r->segment);
    } else if (text_starts(path, "MessageBody/")) {
        read_person(&r->one, leaf_of(path), text, n);
    }
}

static bool on_close(void *self, const char *path) {
    struct reading *r = self;
    return !is_unit(path) || add(r);
}

/* An answer about one person has no units. */
static int32_t judge(struct reading *r, struct fault *why) {
    bool single = !r->has_units && r->one.status != 0;
    if (r->segment != 0 && r->segment != 1) {
        return fault_raise(why, r->segment == 2 ? SHK_E_ANSWER_PENDING : SHK_E_ANSWER_REFUSED);
    }
    if (r->segment == 0 || (!single && !r->has_units)) {
        return fault_set(why, SHK_E_XML_FOREIGN, SHK_NATIVE_NONE, 0,
                         r->segment == 0 ? "SegmentOfResult" : "ProcessingResultStatus");
    }
    return !single || add(r) ? SHK_OK : fault_raise(why, SHK_E_MEMORY);
}

static void drop(struct reading *r) {
    if (r->people != NULL) {
        memory_wipe(r->people, r->cap * sizeof *r->people);
    }
    free(r->people);
}

int32_t oqs_registered_read(const uint8_t *p, size_t n, struct oqs_registered **out, size_t *out_n,
                            struct fault *why) {
    struct reading reading = {0};
    struct oqs_walker walker = {on_open, on_leaf, on_close, &reading};
    *out = NULL;
    *out_n = 0;
    if (n == 0 || n > BULK_SIZE_MAX) {
        return fault_raise(why, n == 0 ? SHK_E_XML : SHK_E_ANSWER_TOO_LARGE);
    }
    int32_t rc = oqs_walk(p, n, &walker, why);
    rc = rc == SHK_OK ? judge(&reading, why) : rc;
    memory_wipe(&reading.one, sizeof reading.one);
    if (rc != SHK_OK) {
        drop(&reading);
        return rc;
    }
    *out = reading.people;
    *out_n = reading.n;
    return SHK_OK;
}
