/* What a delivery costs in the store, measured alone. */
#ifndef BENCH_PIN_KEEP_H
#define BENCH_PIN_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In a store of its own in `folder`, which is emptied before and after: an answer is taken in, its delivery claimed,
 * the document kept, the note on where it is written, and its end: five transactions, each flushed. */
bool pin_keep(const char *folder, const uint8_t *answer, size_t answer_n, const uint8_t *document,
              size_t n, double *us);
/* Removes the files of a folder, but not the mark of one that was delivered into. */
void pin_empty(const char *folder);

#endif
