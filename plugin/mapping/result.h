/* The finished run as a result that stands on its own. */
#ifndef MAPPING_RESULT_H
#define MAPPING_RESULT_H

#include "run.h"

/* Fields, losses and trace; the run's text moves into the result. SHK_E_MEMORY. */
int32_t result_take(struct mapping_result *result, struct run *run, struct contract_texts *texts);
/* The cells in the format's form; borrowed from the run's text. */
void result_cells(const struct run *run, struct format_cell *out);

#endif
