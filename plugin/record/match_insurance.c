#include <string.h>

#include "fold.h"
#include "match_judge.h"

typedef bool same_texts(const char *a, const char *b);

static bool same_symbols(const char *a, const char *b) {
    return fold_same(fold_symbol, a, b);
}

static enum part_match match_part(same_texts *same, const char *a, const char *b) {
    if (a[0] == '\0' || b[0] == '\0') {
        return PART_UNKNOWN;
    }
    return same(a, b) ? PART_YES : PART_NO;
}

static bool has_no_symbol(const struct match_facts *answer, const struct match_facts *patient) {
    bool both_blank = answer->symbol[0] == '\0' && patient->symbol[0] == '\0';
    return both_blank || (!answer->has_symbols && answer->symbol[0] == '\0');
}

static enum insurance_state state_of(const struct insurance_match *match) {
    if (match->insurer == PART_NO || match->symbol == PART_NO || match->number == PART_NO) {
        return INSURANCE_OTHER;
    }
    if (match->insurer == PART_UNKNOWN || match->number == PART_UNKNOWN) {
        return INSURANCE_UNKNOWN;
    }
    return match->symbol == PART_YES || match->without_symbol ? INSURANCE_SAME : INSURANCE_PARTIAL;
}

void match_insurance(const struct match_facts *answer, const struct match_facts *patient,
                     struct insurance_match *out) {
    out->insurer = match_part(fold_same_insurer, answer->insurer, patient->insurer);
    out->without_symbol = has_no_symbol(answer, patient);
    out->symbol = out->without_symbol ? PART_UNKNOWN
                                      : match_part(same_symbols, answer->symbol, patient->symbol);
    out->number = match_part(same_symbols, answer->number, patient->number);
    out->branch = match_part(same_symbols, answer->branch, patient->branch);
    out->state = state_of(out);
}
