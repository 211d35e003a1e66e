/* One patient of the host against an answer: what agrees, and the grade that follows. */
#ifndef RECORD_MATCH_JUDGE_H
#define RECORD_MATCH_JUDGE_H

#include "match_facts.h"
#include "match_names.h"

enum birth_match { BIRTH_UNKNOWN, BIRTH_NO, BIRTH_NEAR, BIRTH_YES };
enum part_match { PART_UNKNOWN, PART_NO, PART_YES };

struct person_match {
    enum birth_match birth;
    enum part_match sex;
    enum name_match name;
    enum kana_match kana;
    bool alias; /* of the pair of names that agrees best, one is an alias */
    bool given; /* another family name, the given name agrees */
};

enum insurance_state {
    INSURANCE_UNKNOWN, /* insurer or number is blank on a side: no proof of anything */
    INSURANCE_OTHER,
    INSURANCE_PARTIAL, /* insurer and number agree; the symbol is blank on one side */
    INSURANCE_SAME     /* insurer, symbol and number agree; see the branch number beside */
};

struct insurance_match {
    enum part_match insurer, symbol, number, branch;
    bool without_symbol; /* neither has one */
    enum insurance_state state;
};

/* The 照会番号 of the answer, which is the institution's own patient number. */
enum reference_match {
    REFERENCE_UNKNOWN,
    REFERENCE_YES,
    REFERENCE_ELSEWHERE, /* a patient with another birth date has it */
    REFERENCE_OTHER      /* another patient with this birth date has it */
};

struct judged {
    struct person_match person;
    struct insurance_match insurance;
    enum reference_match reference;
    bool card, remembered; /* of match_patient, where the answer has what was remembered */
    bool has_branch;       /* the answer's */
    bool expired;
    enum match_grade grade; /* MATCH_NONE: cannot be meant */
};

enum birth_match match_birth(const char *a, const char *b);
void match_person(const struct match_facts *answer, const struct match_facts *patient,
                  struct person_match *out);
void match_insurance(const struct match_facts *answer, const struct match_facts *patient,
                     struct insurance_match *out);

/* `grade` from all others. MATCH_SAME, …_CHANGED, …_PROBABLY or …_NONE. */
void match_judge(struct judged *judged);
/* True when that candidate could be meant as well, so that the winner must not be taken alone. */
bool match_is_rival(const struct judged *judged, enum match_grade winner);
/* The reasons and, for the order, the sum of their weights. */
int32_t match_explain(const struct judged *judged, struct match_candidate *out);
/* What only a look at the whole list tells; "duplicate", "two_charts", "rival". */
void match_add_reason(struct match_candidate *to, const char *name);

#endif
