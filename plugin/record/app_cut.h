/* Lines as they are cut out of a copied text. */
#ifndef RECORD_APP_CUT_H
#define RECORD_APP_CUT_H

#include "app_lines.h"

/* The next line, trimmed, with its number; the reader goes behind it. There must be one. */
void app_cut_line(struct app_reader *r, struct app_line *out);

#endif
