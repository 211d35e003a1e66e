/* What a complete set of records says as a whole. */
#ifndef RECORD_OUTCOME_H
#define RECORD_OUTCOME_H

#include "build.h"

/* True when the value is present and is that word. */
bool record_says(const struct record_set *set, size_t record, const char *path, const char *word);
bool record_has(const struct record_set *set, size_t record, const char *path);

/* False when two results name different dates of birth. Names may differ for one person: insurers write
 * them with other characters. */
bool outcome_one_person(const struct record_set *set);
/* SHK_OK, SHK_E_XML_FOREIGN, SHK_E_ANSWER_REFUSED, …_PENDING or …_ERROR. */
int32_t outcome_fault(const struct record_set *set);

#endif
