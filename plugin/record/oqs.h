/* The parts of reading OQS XML. */
#ifndef RECORD_OQS_H
#define RECORD_OQS_H

#include "build.h"

#define OQS_SIZE_MAX  ((size_t)4 * 1024 * 1024)
#define OQS_DEPTH_MAX 32

/* Drift of a header that names another character code than the proven one. */
#define OQS_CODE_DIFFERS "MessageHeader/CharacterCodeIdentifier=differs"

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
    OQS_UNIT,    /* one BulkConfirmUnit */
};

#define OQS_PLACES_MAX 512

struct oqs_place {
    enum oqs_kind kind;
    bool in_result, in_list;
    bool unit_only;            /* stands only below a BulkConfirmUnit */
    const struct field *field; /* of OQS_FIELD, of a list its first row; null for the rest */
    const char *path;          /* below the root or below a result; not terminated */
    size_t path_n;
    size_t number; /* 1 to OQS_PLACES_MAX - 1; 0 of OQS_UNKNOWN */
};

/* Every element that the table names. Null: out of memory, or more elements than room. */
struct oqs_index *oqs_index_new(void);
void oqs_index_free(struct oqs_index **index);
/* What stands at this path, which begins below the root or below a result. Below a BulkConfirmUnit it
 * is written as if it stood in MessageBody. Never null. */
const struct oqs_place *oqs_find(const struct oqs_index *index, const char *path, size_t n,
                                 bool in_result);

#endif
