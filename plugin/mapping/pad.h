/* Filling up and cutting. */
#ifndef MAPPING_PAD_H
#define MAPPING_PAD_H

#include "helper.h"

#define PAD_MAX 1000 /* what a text is filled up to at most */

enum pad_unit { PAD_BYTES /* in the target */, PAD_CHARS };

struct pad {
    size_t wanted;
    struct word fill; /* one character */
    bool text_right;  /* the text stands at the right */
};

/* "8", "8,0", "8,0,right", "8,,right": how far, with what (usual: a space), where the text stands (usual:
 * left). */
bool pad_read(struct word argument, struct pad *out);
/* One character that can fill. */
bool pad_fill_usable(struct word fill);
/* Appends the text, filled up; never cuts. A fill of several bytes may leave fewer bytes than itself
 * missing. SHK_E_MEMORY. */
int32_t pad_write(const struct pad *pad, enum pad_unit unit, struct word in, struct encoder *target,
                  struct bytes *out);

#endif
