/* Values that follow from the source's own. They never replace one. */
#ifndef RECORD_DERIVE_H
#define RECORD_DERIVE_H

#include "build.h"

/* Stores what can be derived of one record; all its own values are there. SHK_E_MEMORY. */
int32_t derive_record(struct record_set *set, size_t record);

#endif
