/* A person with every group of fields, and scripts that are run over the record. */
#ifndef UNIT_SANDBOX_STAGE_H
#define UNIT_SANDBOX_STAGE_H

#include "mapping.h"

extern struct record_set *records;
/* Of the last run. */
extern struct fault why;

/* For cmocka, around a group. */
int load_person(void **state);
int free_person(void **state);

/* A script whose one row has this function, from line 3. */
void frame(char *out, size_t cap, const char *body);
/* Fills in the script and the record; the rest of the job is the caller's. */
int32_t run_job(struct mapping_job *job, const char *script);
int32_t run_body(const char *body);

#endif
