#include <string.h>

#include "match_judge.h"

/* One digit, or two neighbours in the wrong order. */
static bool is_slip(const char *a, const char *b) {
    size_t differing = 0, first = 0, last = 0;
    for (size_t i = 0; i < 8; i++) {
        if (a[i] != b[i]) {
            first = differing == 0 ? i : first;
            last = i;
            differing++;
        }
    }
    bool swapped =
        differing == 2 && last == first + 1 && a[first] == b[last] && a[last] == b[first];
    return differing == 1 || swapped;
}

enum birth_match match_birth(const char *a, const char *b) {
    if (a[0] == '\0' || b[0] == '\0') {
        return BIRTH_UNKNOWN;
    }
    return strcmp(a, b) == 0 ? BIRTH_YES : is_slip(a, b) ? BIRTH_NEAR : BIRTH_NO;
}

static enum part_match match_sex(enum match_sex a, enum match_sex b) {
    bool known = a != MATCH_SEX_UNKNOWN && b != MATCH_SEX_UNKNOWN;
    return !known ? PART_UNKNOWN : a == b ? PART_YES : PART_NO;
}

/* For the choice of the pair of names that is compared. */
static int worth(enum name_match name, enum kana_match kana) {
    static const int names[] = {
        [NAME_UNKNOWN] = 1, [NAME_NO] = 0,      [NAME_GAPS] = 3,
        [NAME_ORDER] = 4,   [NAME_VARIANT] = 5, [NAME_YES] = 5,
    };
    static const int kanas[] = {
        [KANA_UNKNOWN] = 1, [KANA_NO] = 0, [KANA_LONG] = 4, [KANA_SMALL] = 5, [KANA_YES] = 5,
    };
    return names[name] + kanas[kana];
}

static bool says_something(enum name_match name, enum kana_match kana) {
    return name >= NAME_GAPS || kana >= KANA_LONG;
}

/* Own names are compared with own names, unless an alias agrees better. */
static void match_names(const struct match_facts *a, const struct match_facts *b,
                        struct person_match *out) {
    out->name = match_name(a->name[NAME_OWN], b->name[NAME_OWN]);
    out->kana = match_kana(a->kana[NAME_OWN], b->kana[NAME_OWN]);
    for (size_t i = 1; i < (size_t)NAME_KINDS * NAME_KINDS; i++) {
        size_t left = i / NAME_KINDS, right = i % NAME_KINDS;
        enum name_match name = match_name(a->name[left], b->name[right]);
        enum kana_match kana = match_kana(a->kana[left], b->kana[right]);
        if (says_something(name, kana) && worth(name, kana) > worth(out->name, out->kana)) {
            out->name = name;
            out->kana = kana;
            out->alias = true;
        }
    }
}

static bool has_given(const struct match_facts *a, const struct match_facts *b) {
    for (size_t i = 0; i < NAME_KINDS; i++) {
        if (match_given(a->kana[i], b->kana[NAME_OWN], false) ||
            match_given(a->name[i], b->name[NAME_OWN], true)) {
            return true;
        }
    }
    return false;
}

void match_person(const struct match_facts *answer, const struct match_facts *patient,
                  struct person_match *out) {
    *out = (struct person_match){.birth = match_birth(answer->birth, patient->birth),
                                 .sex = match_sex(answer->sex, patient->sex)};
    match_names(answer, patient, out);
    out->given = !says_something(out->name, out->kana) && has_given(answer, patient);
}
