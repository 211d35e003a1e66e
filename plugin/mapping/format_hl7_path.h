/* Where in an HL7 v2 message a value stands. */
#ifndef MAPPING_FORMAT_HL7_PATH_H
#define MAPPING_FORMAT_HL7_PATH_H

#include <stdbool.h>
#include <stdint.h>

struct hl7_path {
    const char *segment; /* three characters */
    int32_t index;       /* of the segment, from 1; not written means 1 */
    int32_t field;
    int32_t repeat;         /* not written means 1 */
    int32_t component, sub; /* 0: not written, the whole field or component */
};

bool hl7_path_read(const char *to, struct hl7_path *out);
bool hl7_same_segment(const struct hl7_path *a, const struct hl7_path *b);
bool hl7_is_header(const struct hl7_path *path); /* of MSH */

#endif
