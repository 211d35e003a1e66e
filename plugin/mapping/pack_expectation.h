/* The files beside a sample's source: which sample and record they belong to, and what they expect. */
#ifndef MAPPING_PACK_EXPECTATION_H
#define MAPPING_PACK_EXPECTATION_H

#include "bytes.h"
#include "fault.h"

#define EXPECTATION_ROOM 256 /* of a file's name in samples/ */

enum expectation_kind {
    EXPECTATION_PART,   /* of a sample: a source or what is expected of it */
    EXPECTATION_WORDS,  /* *.md, for people */
    EXPECTATION_STRANGE /* nothing that a sample has */
};

struct expectation_parts {
    const char *name; /* of the sample; not terminated */
    size_t name_n;
    size_t record; /* from 1 */
};

/* Takes "kokuho.2.expected" apart. A sample's name holds no dot and no folder. */
enum expectation_kind expectation_read_name(const char *file, struct expectation_parts *out);
/* "kokuho.expected" for record 1, "kokuho.2.expected" for record 2. */
void expectation_name(const char *sample, size_t record, const char *ending,
                      char out[EXPECTATION_ROOM]);

/* The file holds exactly this line, with a line end or without. */
bool expectation_is_line(const struct bytes *file, const char *text);
/* The file says the fault's code ("SHK_E_FIELD_REQUIRED") and, behind a space, what its `where` ends with. */
bool expectation_is_fault(const struct bytes *file, const struct fault *why);

#endif
