/* From elements to a record set: the state between the first and the last tag. */
#ifndef RECORD_OQS_ELEMENTS_H
#define RECORD_OQS_ELEMENTS_H

#include "oqs.h"
#include "oqs_sax.h"

#define OQS_PATH_ROOM 512

struct oqs_frame {
    const struct oqs_place *place;
    size_t path_n; /* of the path up to here */
    size_t entry;
    int32_t line;
    const struct oqs_place *named; /* of this name; `place` is unknown where it is not taken */
    bool duplicate;                /* an element that is kept as drift */
};

/* Places that were here already and what their fields said, to tell repetitions and contradictions. */
struct oqs_seen {
    bool at[OQS_PLACES_MAX];
    uint64_t said[OQS_PLACES_MAX];
};

/* For a document of many persons. Null for one person: the values of header and body then go into the
 * set at once, and a BulkConfirmUnit is foreign. Each returns SHK_OK or what ends the document. */
struct oqs_hooks {
    /* A value of the header, or of the body outside a unit. */
    int32_t (*value)(void *self, const struct oqs_place *place, const char *p, size_t n,
                     int32_t line, struct fault *why);
    int32_t (*header_end)(void *self, struct fault *why);
    int32_t (*unit_start)(void *self, struct fault *why);
    int32_t (*unit_end)(void *self, struct fault *why);
    int32_t (*body_end)(void *self, struct fault *why);
};

struct oqs_elements {
    struct record_set *set; /* where values go; a hook may exchange it */
    const struct oqs_index *index;
    const struct oqs_hooks *hooks;
    void *hooks_self;
    struct fault fault;      /* ends the document */
    struct fault unit_fault; /* makes one person unreadable; with hooks only */
    int32_t foreign_line;    /* of a root that is not ours */
    struct oqs_frame frames[OQS_DEPTH_MAX];
    size_t depth;
    size_t result_n; /* length of the path of the result we are in, with its slash; 0 outside */
    bool in_unit;
    char path[OQS_PATH_ROOM];
    struct oqs_seen common, unit, result, entry;
    struct bytes text; /* of the field */
    struct bytes raw;  /* of the unknown element */
};

extern const struct oqs_events oqs_elements_events; /* their self is the struct oqs_elements */

void oqs_elements_clear(struct oqs_elements *elements);

#endif
