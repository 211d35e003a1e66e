/* What an answer of ORCA held and a request holds again. */
#ifndef FUZZ_ORCA_ROWS_H
#define FUZZ_ORCA_ROWS_H

#include "fuzz.h"
#include "orca_xml.h"

/* Every element below `had` that has a text stands below `sent` with the same text, in the same order. */
void rows_must_stay(const orca_node *had, const orca_node *sent);
/* The same of one element below both; one that is not there says nothing. */
void rows_must_stay_at(const orca_node *had, const orca_node *sent, const char *path);
/* How many insurances a document of patientmodv32 lists. */
size_t rows_count(const orca_node *node);

#endif
