/* Named cases of matching: what differs from one woman's answer and from the same woman at the host. Include
 * cmocka first. */
#ifndef MATCH_CASES_H
#define MATCH_CASES_H

#include "match.h"

#define CASE_PATIENTS 4

struct match_case {
    const char *title;
    enum match_grade grade;
    const char *answer;                  /* "key=value;key=value": see match_stage.c */
    const char *patients[CASE_PATIENTS]; /* null behind the last; "" is the very woman */
    const char *reasons; /* of the first candidate: "name_variant !twin"; null: any */
};

extern const struct match_case match_cases[];
extern const size_t match_cases_n;

#endif
