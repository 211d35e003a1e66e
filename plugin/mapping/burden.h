/* Ages and the shares that follow from them (the law's reckoning: record/derive_age.h). */
#ifndef MAPPING_BURDEN_H
#define MAPPING_BURDEN_H

#include <stdint.h>

/* The patient's share in percent when age alone decides: 20 before school, 30 up to 69. 0: it does not,
 * from 70 on, or one of the dates is not known. Dates are YYYY-MM-DD. */
int32_t burden_by_age(const char *birth, const char *on);
/* "preschool", "general", "elderly70", "late75"; null: not known. */
const char *burden_group(const char *birth, const char *on);

#endif
