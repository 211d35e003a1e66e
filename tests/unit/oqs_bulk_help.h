/* Collects what a bulk reading gives. Include cmocka first. */
#ifndef OQS_BULK_HELP_H
#define OQS_BULK_HELP_H

#include "oqs_bulk.h"
#include "oqs_help.h"

#define PEOPLE_MAX 400
#define AT_ONCE    ((size_t)64 * 1024)

struct crowd {
    struct record_set *sets[PEOPLE_MAX]; /* null: unread */
    struct fault faults[PEOPLE_MAX];
    size_t n;
    size_t stop_at; /* the receiver says cancelled at this person; 0: never */
    struct oqs_bulk_head head;
    struct fault why;
    int32_t rc;
};

static inline int32_t crowd_unit(void *self, size_t number, struct record_set *set,
                                 const struct fault *unread, struct fault *why) {
    struct crowd *crowd = self;
    assert_int_equal(number, crowd->n + 1);
    assert_true(crowd->n < PEOPLE_MAX);
    assert_true((set == NULL) == (unread != NULL));
    crowd->sets[crowd->n] = set;
    if (unread != NULL) {
        crowd->faults[crowd->n] = *unread;
    }
    crowd->n++;
    return crowd->n == crowd->stop_at ? fault_raise(why, SHK_E_CANCELLED) : SHK_OK;
}

/* Pushes the document in pieces of that size. */
static inline void crowd_read(struct crowd *crowd, const void *p, size_t n, size_t piece,
                              const struct oqs_options *options) {
    struct oqs_bulk_receiver to = {.unit = crowd_unit, .self = crowd};
    struct oqs_bulk *bulk = NULL;
    const uint8_t *at = p;
    size_t stop_at = crowd->stop_at;
    *crowd = (struct crowd){.stop_at = stop_at};
    assert_int_equal(oqs_bulk_new(options, &to, &bulk), SHK_OK);
    while (n > 0 && crowd->rc == SHK_OK) {
        size_t now = n < piece ? n : piece;
        /* On the heap, so that reading behind a piece is noticed. */
        uint8_t *copy = malloc(now);
        assert_non_null(copy);
        memcpy(copy, at, now);
        crowd->rc = oqs_bulk_push(bulk, copy, now, &crowd->why);
        free(copy);
        at += now;
        n -= now;
    }
    struct fault again = {0};
    int32_t rc = oqs_bulk_end(bulk, &crowd->head, &again);
    if (crowd->rc != SHK_OK) {
        /* A fault is told again. */
        assert_int_equal(rc, crowd->rc);
        assert_string_equal(again.where, crowd->why.where);
    } else {
        crowd->why = again;
    }
    crowd->rc = rc;
    assert_int_equal(rc, crowd->why.code);
    oqs_bulk_free(&bulk);
    assert_null(bulk);
}

static inline void crowd_read_text(struct crowd *crowd, const char *xml) {
    crowd_read(crowd, xml, strlen(xml), AT_ONCE, NULL);
}

static inline void crowd_clear(struct crowd *crowd) {
    for (size_t i = 0; i < crowd->n; i++) {
        record_free(&crowd->sets[i]);
    }
    *crowd = (struct crowd){0};
}

static inline void crowd_read_sample(struct crowd *crowd, const char *name, size_t piece) {
    struct sample s = sample_read(name);
    crowd_read(crowd, s.p, s.n, piece, NULL);
    free(s.p);
}

#define BULK_HEADER                                                                                \
    "<MessageHeader><SegmentOfResult>1</SegmentOfResult>"                                          \
    "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"                      \
    "<NumberOfProcessingResult>1</NumberOfProcessingResult></MessageHeader>\n"
#define UNIT(inside)  "<BulkConfirmUnit>" inside "</BulkConfirmUnit>\n"
#define FOUND(inside) UNIT(VALID RESULT(inside))
#define BULK(inside)  "<XmlMsg>" BULK_HEADER "<MessageBody>" inside "</MessageBody></XmlMsg>"

#endif
