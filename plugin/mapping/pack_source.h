/* A sample's source: an answer as the service writes it or as the app copies it. */
#ifndef MAPPING_PACK_SOURCE_H
#define MAPPING_PACK_SOURCE_H

#include "record.h"

/* XML of one person or, of a bulk result, its first person. */
int32_t pack_source_xml(const struct bytes *content, struct record_set **out, struct fault *why);
/* The first text of the app, UTF-8 or code page 932, read with the built-in words: a pack's samples do not depend on a
 * clinic's. */
int32_t pack_source_app(const struct bytes *content, struct record_set **out, struct fault *why);

#endif
