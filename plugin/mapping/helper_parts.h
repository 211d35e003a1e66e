/* What the files of the helpers share: their functions, as helpers.def names them, and words. */
#ifndef MAPPING_HELPER_PARTS_H
#define MAPPING_HELPER_PARTS_H

#include "helper.h"
#include "shikaku/codes.h"

#define HELPER(name, takes, run, usable, japanese, english)                                        \
    int32_t run(struct word in, struct word argument, struct encoder *target, struct bytes *out);
#include "helpers.def"

bool date_format_usable(struct word argument);
bool wareki_format_usable(struct word argument);
bool hyphen_usable(struct word argument);
bool insurer_form_usable(struct word argument);
bool pad_usable(struct word argument);
bool cut_usable(struct word argument);

static inline int32_t word_append(struct word word, struct bytes *out) {
    return bytes_append(out, word.p, word.n);
}

/* Without the spaces of either width at both ends. */
struct word word_trim(struct word word);
/* The text before the first space of either width, and the rest behind it, both without spaces at
 * their ends. */
void word_split(struct word word, struct word *first, struct word *rest);
/* Length of the space of either width that the text begins with; 0: with none. */
size_t word_space(struct word word);
/* As plain_fold (record/plain.h), quick for ASCII. */
bool word_plain(struct word word, char *out, size_t cap);
/* The value of one to three digits of either width between spaces; false for anything else. */
bool word_small_number(struct word word, int32_t *out);
/* Appends the text in full width without any blank character. SHK_E_MEMORY. */
int32_t word_append_wide(struct word word, struct bytes *out);
/* True when nothing but ASCII letters, digits and blank characters are in it. */
bool word_is_half_alnum(struct word word);
/* Appends the text without any blank character. */
int32_t word_append_dense(struct word word, struct bytes *out);

#endif
