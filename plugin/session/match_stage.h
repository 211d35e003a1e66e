/* Before a document is made: whose answer it is, and what of it is taken over. */
#ifndef SESSION_MATCH_STAGE_H
#define SESSION_MATCH_STAGE_H

#include "adapter_call.h"
#include "match_question.h"
#include "parcel.h"

/* What came of it. */
struct match_decision {
    enum match_grade grade; /* MATCH_NONE: not matched */
    bool confirmed;         /* by a person */
    bool skip;              /* a person does not want it delivered here */
    char patient[64];
    char reasons[PARCEL_WORD_MAX], taken[PARCEL_WORD_MAX];
};

/* Whether the n-th delivery is matched: where the host's patients may be looked up, or always. An adapter whose
 * find_patients says SHK_E_ABSENT has no way to look them up; match_decide leaves the grade MATCH_NONE then. */
bool match_is_wanted(const struct session *s, size_t n, const shk_adapter *adapter);

/* What it is about. */
struct match_matter {
    size_t n, record;
    const struct record_set *set;
    const char *target;
    const shk_adapter *adapter;
    struct adapter_call *call; /* open */
    bool may_ask;              /* false: nobody is there to answer */
    const char *id;            /* of the delivery in the outbox; null: it does not lie there */
};
/* *mine: a copy of the set with the patient's number and the host's own texts where they stay; the caller frees
 * it. SHK_E_UNDECIDED: nothing may be written. Faults of the table, the adapter and the store. */
int32_t match_decide(struct session *s, const struct match_matter *m, struct record_set **mine,
                     struct match_decision *out, struct fault *why);

#endif
