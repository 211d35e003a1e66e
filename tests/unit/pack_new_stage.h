/* Packs made from samples of hosts. */
#ifndef UNIT_PACK_NEW_STAGE_H
#define UNIT_PACK_NEW_STAGE_H

#include "pack_new.h"

#define SAMPLES_DIR TEST_DATA "/pack_new/"

extern const char *const pack_samples[]; /* file names; ended by null */

extern struct pack_new_result *made;
extern struct fault pack_why;

/* Into `made` and `pack_why`; what was made before is freed. */
int32_t make_pack(const void *sample, size_t n, const char *name);
int32_t make_pack_of_text(const char *sample);
int32_t make_pack_of_file(const char *name);
/* Null when there is none of that name in `made`. */
const struct pack_new_guess *guess_of(const char *to);
const char *pack_text_of(const char *file);
int pack_tear_down(void **state);

#endif
