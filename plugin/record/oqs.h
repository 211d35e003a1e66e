/* The parts of reading OQS XML. */
#ifndef RECORD_OQS_H
#define RECORD_OQS_H

#include "build.h"

#define OQS_SIZE_MAX  ((size_t)4 * 1024 * 1024)
#define OQS_DEPTH_MAX 32

/* The document in UTF-8 with its XML declaration blanked, so that a parser has nothing left to decide.
 * Line ends stay where they were. SHK_E_XML, SHK_E_XML_ENCODING, SHK_E_MEMORY. */
int32_t oqs_decode(const uint8_t *p, size_t n, struct bytes *utf8, bool *was_cp932,
                   struct fault *why);

enum oqs_kind {
    OQS_UNKNOWN,
    OQS_FIELD,
    OQS_GROUP,   /* at most once in its parent */
    OQS_LIST,    /* may be repeated */
    OQS_ENTRY,   /* one entry of a list */
    OQS_RESULTS, /* ResultList */
    OQS_RESULT,  /* one ResultOfQualificationConfirmation */
};

struct oqs_place {
    enum oqs_kind kind;
    const struct field *field; /* of OQS_FIELD; else the first row below, null for the results */
    const char *element; /* where it stands in the row's text: the same for the same element */
};

/* What stands at this path, which begins below the root or below a result. */
struct oqs_place oqs_find(const char *path, size_t n, bool in_result);

#endif
