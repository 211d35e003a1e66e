/* The patients of a host that may be meant, copied from wherever they were told. */
#ifndef SESSION_CANDIDATES_H
#define SESSION_CANDIDATES_H

#include "match.h"
#include "session.h"
#include "shikaku/adapter.h"

#define CANDIDATES_MAX 1000

struct candidates {
    struct match_patient *at; /* owned; as match_record takes them */
    size_t n, cap;
};

/* One more; `who` is a struct candidates. Values whose path is no field are passed over. A patient with several
 * insurances comes once for each, under the same id. SHK_E_ARGUMENT, SHK_E_TOO_MANY, SHK_E_MEMORY. */
int32_t SHK_CALL candidates_add(void *who, const char *id, const shk_field *values,
                                uint32_t values_n);
/* The first with that id, or null. */
struct match_patient *candidates_get(const struct candidates *found, const char *id);
void candidates_clear(struct candidates *found); /* wipes */

/* The rows of the delivery's table of patients who share birth date, kana, name or number with the record. Faults of
 * the table and its columns, with their file's name. */
int32_t candidates_in_table(struct session *s, size_t n, const struct record_set *set,
                            size_t record, struct candidates *out, struct fault *why);

#endif
