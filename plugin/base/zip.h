/* ZIP answers; platform/zip_libarchive.c. */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include <stdbool.h>

#include "stream.h"

#define ZIP_ENTRIES_MAX 16

/* "PK\3\4" at the beginning. */
bool zip_is(const uint8_t *p, size_t n);

/* Reads the archive to its end and passes on the one entry whose name ends in ".xml" (any case),
 * unpacked. No entry is ever written to disk and no name of one is used. SHK_E_ARCHIVE: damaged, cut
 * short, encrypted, none or several such entries, too many entries, a method other than stored and
 * deflated; SHK_E_ANSWER_TOO_LARGE: more than `most` bytes unpacked, all entries together; faults of
 * source and sink. What the sink took counts only with SHK_OK. */
int32_t zip_read_xml(const struct byte_source *from, uint64_t most, const struct byte_sink *sink,
                     struct fault *why);

#endif
