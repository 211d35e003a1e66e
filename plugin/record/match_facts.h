/* What there is to compare of a person and its insurance: of an answer, and of a patient of the host. */
#ifndef RECORD_MATCH_FACTS_H
#define RECORD_MATCH_FACTS_H

#include "match.h"

enum { NAME_OWN, NAME_ALIAS, NAME_KINDS };

enum match_sex { MATCH_SEX_UNKNOWN, MATCH_SEX_MALE, MATCH_SEX_FEMALE };

/* Texts are borrowed, "" for none. */
struct match_facts {
    char birth[9]; /* yyyyMMdd, "" when missing or unreadable; wipe */
    enum match_sex sex;
    const char *name[NAME_KINDS], *kana[NAME_KINDS];
    const char *insurer, *symbol, *number, *branch;
    bool has_symbols; /* false for an insurer whose entitlements have none (後期高齢者医療) */
};

void match_facts_of_answer(const struct record_set *set, size_t record, struct match_facts *out);
/* Of the same kind of insurance as the answer is: of medical aid by its own paths, when the host has them. */
void match_facts_of_patient(const struct match_patient *patient, bool medical_aid,
                            struct match_facts *out);
/* The birth date alone, which most patients differ in. */
void match_birth_of_patient(const struct match_patient *patient, char birth[9]);

#endif
