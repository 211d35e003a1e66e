/* From a row of the host's table to a question. */
#ifndef SESSION_BULK_PERSON_H
#define SESSION_BULK_PERSON_H

#include "bulk_table.h"

/* SHK_E_TABLE for a shifted row, SHK_E_INPUT, SHK_E_CHECK_DIGIT, with "table:line name". */
int32_t bulk_person_read(const struct bulk_job *job, const struct bulk_table *table,
                         const struct csv_row *row, struct card_data *out, struct fault *why);

#endif
