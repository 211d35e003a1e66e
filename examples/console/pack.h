/* Inside `shikaku pack`. */
#ifndef CONSOLE_PACK_H
#define CONSOLE_PACK_H

#include "run.h"

/* "pack.id", "packs[2].fault.message" … are read with these; null: absent. */
char *pack_text(const struct session *s, const char *list, int32_t n, const char *name);
bool pack_number(const struct session *s, const char *list, int32_t n, const char *name,
                 int32_t *out);
/* The fault of the n-th of a list; code 0: none. */
void pack_failure(const struct session *s, const char *list, int32_t n, struct failure *out);

/* "署名なし / unsigned"; "" for null. */
const char *pack_signed_words(const struct screen *screen, const char *is_signed);

/* How many of a list have something wrong: packs of a folder, samples of a pack. */
int32_t pack_faulty(const struct session *s, const char *list);

/* pack_show.c: for a person. */
void pack_show_list(struct run *r);
void pack_show_line(struct run *r, const struct failure *f);
void pack_show_samples(struct run *r);
void pack_show_all(struct run *r);
/* pack_made.c */
void pack_show_new(struct run *r);
void pack_show_signed(struct run *r);

/* pack_json.c: one object; f code 0: no fault. */
void pack_report(struct run *r, const struct failure *f);

#endif
