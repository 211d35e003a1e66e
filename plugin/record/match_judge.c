#include "match_judge.h"

/* The rules of docs/matching.md. */

static bool name_agrees(const struct person_match *p) {
    return p->name >= NAME_ORDER;
}

static bool kana_agrees(const struct person_match *p) {
    return p->kana >= KANA_LONG;
}

/* A name with ● fits many: with another reading it is somebody else's. */
static bool any_name_agrees(const struct person_match *p) {
    return name_agrees(p) || kana_agrees(p) || (p->name == NAME_GAPS && p->kana != KANA_NO);
}

static bool is_supported(const struct judged *j) {
    return j->reference == REFERENCE_YES || j->card || j->remembered;
}

/* Where the names do not agree: a family name that changed, or a name that only this desk knows. The
 * entitlement alone does not tell twins apart, its branch number does. */
static bool known_at_this_desk(const struct judged *j) {
    bool own_card = j->card && j->has_branch && j->insurance.branch == PART_YES;
    return (j->person.given && is_supported(j)) || own_card;
}

/* Of those who have this birth date and share this insurance, twins at most, it is this one. */
static bool is_one_of_household(const struct judged *j) {
    const struct person_match *p = &j->person;
    bool own_branch = j->insurance.branch == PART_YES;
    if (name_agrees(p)) {
        return true;
    }
    if (kana_agrees(p)) {
        return p->name != NAME_NO || own_branch || is_supported(j);
    }
    if (p->name == NAME_GAPS && p->kana == KANA_UNKNOWN) {
        return own_branch || j->reference == REFERENCE_YES || (j->card && j->has_branch);
    }
    return known_at_this_desk(j);
}

/* Of all who have this birth date it is this one, whatever the insurance. */
static bool is_person(const struct judged *j) {
    const struct person_match *p = &j->person;
    if (kana_agrees(p) && p->name >= NAME_GAPS) {
        return true;
    }
    if (kana_agrees(p)) {
        return j->reference == REFERENCE_YES || j->card ||
               (j->remembered && p->name == NAME_UNKNOWN);
    }
    if (name_agrees(p)) {
        return p->kana == KANA_UNKNOWN ? p->sex == PART_YES || is_supported(j) : is_supported(j);
    }
    return known_at_this_desk(j);
}

static enum match_grade grade_of_sure_birth(const struct judged *j) {
    const struct insurance_match *i = &j->insurance;
    bool branch_fits = i->branch != PART_NO;
    bool one_household = i->state >= INSURANCE_PARTIAL && branch_fits && j->person.sex != PART_NO;
    if (!any_name_agrees(&j->person) && !is_supported(j) && !one_household &&
        !(j->person.given && j->person.sex != PART_NO)) {
        return MATCH_NONE;
    }
    if (j->person.sex == PART_NO || j->reference == REFERENCE_OTHER) {
        return MATCH_PROBABLY;
    }
    if (one_household && is_one_of_household(j)) {
        return i->state == INSURANCE_SAME ? MATCH_SAME : MATCH_CHANGED;
    }
    return is_person(j) ? MATCH_CHANGED : MATCH_PROBABLY;
}

/* Another birth date is another person, or a slip that somebody has to look at. */
static enum match_grade grade_of_other_birth(const struct judged *j) {
    bool full = name_agrees(&j->person) || kana_agrees(&j->person);
    bool reference = j->reference == REFERENCE_YES;
    if (j->person.birth == BIRTH_NO) {
        return full && reference ? MATCH_PROBABLY : MATCH_NONE;
    }
    return any_name_agrees(&j->person) || reference ? MATCH_PROBABLY : MATCH_NONE;
}

void match_judge(struct judged *j) {
    j->grade = j->person.birth == BIRTH_YES ? grade_of_sure_birth(j) : grade_of_other_birth(j);
}

/* Somebody else's name, as far as there is one. */
static bool is_named_otherwise(const struct judged *j) {
    return !any_name_agrees(&j->person) && !j->person.given && !is_supported(j) &&
           (j->person.name == NAME_NO || j->person.kana == KANA_NO);
}

bool match_is_rival(const struct judged *j, enum match_grade winner) {
    bool own_birth = j->person.birth == BIRTH_YES && j->person.sex != PART_NO;
    if ((is_supported(j) && j->person.birth != BIRTH_NO) ||
        (own_birth && any_name_agrees(&j->person))) {
        return true;
    }
    return winner == MATCH_CHANGED && j->insurance.state >= INSURANCE_PARTIAL &&
           !is_named_otherwise(j);
}
