/* Answers and patients from short words. Include cmocka first. */
#ifndef MATCH_STAGE_H
#define MATCH_STAGE_H

#include "match.h"

#define STAGE_KEYS     14
#define STAGE_PATIENTS 64

/* An answer: that of 見本花子 but for the keys of `words`, "name=…;birth=…". Keys: birth sex name kana alias
 * alias_kana insurer symbol number branch ref, and until for the last day. The caller frees it. */
struct record_set *stage_answer(const char *words);

/* Patients of the host, likewise; with aid and recipient, id, and card=1 or person=1 for what is remembered. A key without a value
 * is a blank column; the key none is a patient without any values. */
struct stage_patient {
    struct match_patient patient;
    struct host_value values[STAGE_KEYS];
    char texts[STAGE_KEYS][128], id[32];
};
void stage_patient(struct stage_patient *out, const char *words, size_t number);

/* Matches against those; the patients stand in an array of the stage until the next call. */
void stage_match(const struct record_set *set, const char *const *words, size_t n,
                 struct match_result *out);
bool stage_has_reason(const struct match_candidate *one, const char *name);

#endif
