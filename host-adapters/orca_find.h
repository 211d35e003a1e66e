/* Who of ORCA's patients may be meant. */
#ifndef HOST_ADAPTERS_ORCA_FIND_H
#define HOST_ADAPTERS_ORCA_FIND_H

#include "orca_call.h"

#define ORCA_FOUND_MAX 40

/* Whom to look for. Empty texts are not asked with. */
struct orca_sought {
    char number[ORCA_ID_MAX]; /* a patient number that the answer itself names */
    char name[ORCA_TEXT_MAX], kana[ORCA_TEXT_MAX], alias[ORCA_TEXT_MAX]; /* in full width */
    char birth[ORCA_DATE_MAX];
};

struct orca_found {
    char ids[ORCA_FOUND_MAX][ORCA_ID_MAX];
    size_t n;
    int more; /* there were further ones */
};

/* The numbers of those who may be meant, likely ones first. SHK_OK, or the code that was said. */
int32_t orca_search(struct shk_host *h, const struct orca_sought *who, struct orca_found *out);

int32_t SHK_CALL orca_find_patients(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                    shk_patient_found found, void *who);

#endif
