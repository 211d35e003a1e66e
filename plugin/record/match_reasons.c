#include "match_judge.h"

#define REASON(name, word, weight, japanese, english) REASON_##name,
enum reason {
#include "match_reasons.def"
    REASON_COUNT
};
#undef REASON

#define REASON(name, word, weight, japanese, english) {word, japanese, english, weight},
static const struct match_reason_row rows[] = {
#include "match_reasons.def"
};

size_t match_reason_count(void) {
    return REASON_COUNT;
}

const struct match_reason_row *match_reason_at(size_t index) {
    return index < REASON_COUNT ? &rows[index] : NULL;
}

static void add(struct match_candidate *to, enum reason reason) {
    if (to->reasons_n < MATCH_REASONS_MAX) {
        to->reasons[to->reasons_n++] = &rows[reason];
    }
}

void match_add_reason(struct match_candidate *to, const char *name) {
    for (size_t i = 0; i < REASON_COUNT; i++) {
        if (text_equal(rows[i].name, name)) {
            add(to, (enum reason)i);
        }
    }
}

static void explain_names(const struct person_match *p, struct match_candidate *out) {
    static const enum reason names[] = {
        [NAME_UNKNOWN] = REASON_NAME_UNKNOWN, [NAME_NO] = REASON_NAME_DIFFERS,
        [NAME_GAPS] = REASON_NAME_GAPS,       [NAME_ORDER] = REASON_NAME_ORDER,
        [NAME_VARIANT] = REASON_NAME_VARIANT, [NAME_YES] = REASON_NAME_AGREES,
    };
    static const enum reason kanas[] = {
        [KANA_UNKNOWN] = REASON_KANA_UNKNOWN, [KANA_NO] = REASON_KANA_DIFFERS,
        [KANA_LONG] = REASON_KANA_LONG,       [KANA_SMALL] = REASON_KANA_SMALL,
        [KANA_YES] = REASON_KANA_AGREES,
    };
    add(out, names[p->name]);
    add(out, kanas[p->kana]);
    if (p->alias) {
        add(out, REASON_ALIAS_USED);
    }
    if (p->given) {
        add(out, REASON_GIVEN_AGREES);
    }
}

static void explain_person(const struct person_match *p, struct match_candidate *out) {
    static const enum reason births[] = {
        [BIRTH_UNKNOWN] = REASON_BIRTH_UNKNOWN,
        [BIRTH_NO] = REASON_BIRTH_DIFFERS,
        [BIRTH_NEAR] = REASON_BIRTH_NEAR,
        [BIRTH_YES] = REASON_BIRTH_AGREES,
    };
    add(out, births[p->birth]);
    if (p->sex != PART_UNKNOWN) {
        add(out, p->sex == PART_YES ? REASON_SEX_AGREES : REASON_SEX_DIFFERS);
    }
    explain_names(p, out);
}

static void add_part(struct match_candidate *out, enum part_match part, enum reason yes,
                     enum reason no) {
    if (part != PART_UNKNOWN) {
        add(out, part == PART_YES ? yes : no);
    }
}

static void explain_insurance(const struct judged *j, struct match_candidate *out) {
    const struct insurance_match *i = &j->insurance;
    add_part(out, i->insurer, REASON_INSURER_AGREES, REASON_INSURER_CHANGED);
    /* Another insurer has other symbols and numbers. */
    if (i->insurer == PART_YES) {
        add_part(out, i->symbol, REASON_SYMBOL_AGREES, REASON_SYMBOL_CHANGED);
        add_part(out, i->number, REASON_NUMBER_AGREES, REASON_NUMBER_CHANGED);
        add_part(out, i->branch, REASON_BRANCH_AGREES, REASON_BRANCH_DIFFERS);
    }
    if (i->state == INSURANCE_UNKNOWN || i->state == INSURANCE_PARTIAL) {
        add(out, REASON_INSURANCE_BLANK);
    }
    bool named_otherwise =
        j->person.name <= NAME_NO && j->person.kana <= KANA_NO && !j->person.given;
    if (i->state >= INSURANCE_PARTIAL && j->person.birth == BIRTH_YES && named_otherwise) {
        add(out, REASON_TWIN);
    }
    if (j->expired) {
        add(out, REASON_INSURANCE_ENDED);
    }
}

static void explain_support(const struct judged *j, struct match_candidate *out) {
    if (j->reference != REFERENCE_UNKNOWN) {
        add(out, j->reference == REFERENCE_YES ? REASON_REFERENCE_AGREES : REASON_REFERENCE_OTHER);
    }
    if (j->card) {
        add(out, REASON_REMEMBERED_CARD);
    }
    if (j->remembered) {
        add(out, REASON_REMEMBERED_PERSON);
    }
}

int32_t match_explain(const struct judged *judged, struct match_candidate *out) {
    int32_t weight = 0;
    out->reasons_n = 0;
    explain_person(&judged->person, out);
    explain_insurance(judged, out);
    explain_support(judged, out);
    for (size_t i = 0; i < out->reasons_n; i++) {
        weight += out->reasons[i]->weight;
    }
    return weight;
}
