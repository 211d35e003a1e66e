/* What a host's text says: nothing, or a code. */
#ifndef RECORD_HOST_CODE_H
#define RECORD_HOST_CODE_H

#include "fields.h"

/* Nothing but spaces of any width. */
bool host_is_blank(const char *text);
/* The row that a host's text means: the record's word, the service's code with or without leading zeros, the
 * label, and for sex and relation what programs write for it (M, 男性, 被扶養者 …). Null: none, or a field
 * without a code table. Width and case of letters do not matter. */
const struct code_row *host_code(const struct field *field, const char *text);

#endif
