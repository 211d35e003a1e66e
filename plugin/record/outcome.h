/* What a complete set of records says as a whole. */
#ifndef RECORD_OUTCOME_H
#define RECORD_OUTCOME_H

#include "build.h"

/* The value where it is present; where it is absent, empty or unknown, "". */
struct value record_said(const struct record_set *set, size_t record, const char *path);
/* True when the value is present and is that word. */
bool record_says(const struct record_set *set, size_t record, const char *path, const char *word);
bool record_has(const struct record_set *set, size_t record, const char *path);
/* Medical aid (医療扶助) by its class, or without one by the number's 12. */
bool record_is_medical_aid(const struct record_set *set, size_t record);
/* False when the record's own dates say that the entitlement does not hold on the confirmation date: it
 * begins later, has ended, or is lost since that day or before. Dates that are not there say nothing. */
bool record_covers_date(const struct record_set *set, size_t record);

/* The element that tells two persons apart: "Birthdate", or between results of one kind "Name", as far as
 * insurers do not only write it with other characters. Null: all are one person's. */
const char *outcome_other_person(const struct record_set *set);
/* SHK_OK, SHK_E_XML_FOREIGN, SHK_E_ANSWER_REFUSED, …_PENDING, …_ERROR or …_UNCLEAR. */
int32_t outcome_fault(const struct record_set *set);

#endif
