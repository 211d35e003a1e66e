#include <string.h>

#include "fold.h"
#include "match_judge.h"
#include "outcome.h"

/* The answer, and what stands beside each candidate while the list grows. */
struct search {
    const struct match_patient *patients;
    struct match_facts answer;
    const char *reference;              /* 照会番号, "" for none */
    enum reference_match of_the_others; /* of patients whose number it is not */
    bool medical_aid, expired, of_card;
    struct rank {
        int32_t weight;
        bool rival_of_same, rival_of_changed;
    } ranks[MATCH_CANDIDATES_MAX];
};

static const char *id_of(const struct search *search, size_t patient) {
    const char *id = search->patients[patient].id;
    return id != NULL ? id : "";
}

static bool is_plain(const char *text) {
    while (char_is_digit(*text)) {
        text++;
    }
    return *text == '\0';
}

/* Numbers of digits alone are most of a table and need no memory. */
static bool same_number(const char *a, const char *b) {
    if (!is_plain(a) || !is_plain(b)) {
        return fold_same(fold_number_short, a, b);
    }
    return strcmp(a + strspn(a, "0"), b + strspn(b, "0")) == 0;
}

static bool is_referred_to(const struct search *search, const char *id) {
    return search->reference[0] != '\0' && id[0] != '\0' && same_number(search->reference, id);
}

/* Whose number the 照会番号 is, as far as the list tells. */
static enum reference_match find_reference(const struct search *search, size_t n) {
    enum reference_match found = REFERENCE_UNKNOWN;
    for (size_t i = 0; search->reference[0] != '\0' && i < n; i++) {
        char birth[9];
        if (is_referred_to(search, id_of(search, i))) {
            match_birth_of_patient(&search->patients[i], birth);
            bool same = match_birth(search->answer.birth, birth) == BIRTH_YES;
            found = same || found == REFERENCE_OTHER ? REFERENCE_OTHER : REFERENCE_ELSEWHERE;
            memory_wipe(birth, sizeof birth);
        }
    }
    return found;
}

static void judge_patient(const struct search *search, size_t patient, struct judged *out) {
    const struct match_patient *of = &search->patients[patient];
    const struct match_facts *answer = &search->answer;
    struct match_facts facts;
    bool referred = is_referred_to(search, id_of(search, patient));
    *out = (struct judged){.reference = referred ? REFERENCE_YES : search->of_the_others,
                           .card = of->remembered_card && answer->number[0] != '\0',
                           .remembered = of->remembered_person && answer->kana[NAME_OWN][0] != '\0',
                           .has_branch = answer->branch[0] != '\0',
                           .expired = search->expired};
    match_facts_of_patient(of, search->medical_aid, &facts);
    match_person(answer, &facts, &out->person);
    match_insurance(answer, &facts, &out->insurance);
    match_judge(out);
    /* A card proves who lies before the desk, not which chart is to be written: a person says so. */
    if (search->of_card && out->grade < MATCH_PROBABLY && out->grade != MATCH_NONE) {
        out->grade = MATCH_PROBABLY;
    }
    memory_wipe(&facts, sizeof facts);
}

/* Most of a table are other people by their birth dates. */
static bool can_be_meant(const struct search *search, size_t patient) {
    char birth[9];
    match_birth_of_patient(&search->patients[patient], birth);
    bool other = match_birth(search->answer.birth, birth) == BIRTH_NO;
    memory_wipe(birth, sizeof birth);
    return !other || is_referred_to(search, id_of(search, patient));
}

/* Grade, then who could be meant as well, then weight; the number of the patient makes the order sure. */
static bool is_better(const struct search *search, const struct match_candidate *a,
                      const struct rank *a_rank, const struct match_candidate *b,
                      const struct rank *b_rank) {
    if (a->grade != b->grade) {
        return a->grade < b->grade;
    }
    if (a_rank->rival_of_changed != b_rank->rival_of_changed) {
        return a_rank->rival_of_changed;
    }
    if (a_rank->weight != b_rank->weight) {
        return a_rank->weight > b_rank->weight;
    }
    return strcmp(id_of(search, a->patient), id_of(search, b->patient)) < 0;
}

static void take_out(struct search *search, struct match_result *out, size_t index) {
    size_t after = out->n - index - 1;
    memmove(&out->at[index], &out->at[index + 1], after * sizeof out->at[0]);
    memmove(&search->ranks[index], &search->ranks[index + 1], after * sizeof search->ranks[0]);
    out->n--;
}

static void put_in(struct search *search, struct match_result *out, size_t index,
                   const struct match_candidate *one, const struct rank *rank) {
    size_t after = out->n - index;
    memmove(&out->at[index + 1], &out->at[index], after * sizeof out->at[0]);
    memmove(&search->ranks[index + 1], &search->ranks[index], after * sizeof search->ranks[0]);
    out->at[index] = *one;
    search->ranks[index] = *rank;
    out->n++;
}

/* A patient given once for each of its insurances is one patient: the better one stays. True when the new
 * one is to be left. */
static bool is_there_already(struct search *search, struct match_result *out,
                             const struct match_candidate *one, const struct rank *rank) {
    const char *id = id_of(search, one->patient);
    for (size_t i = 0; id[0] != '\0' && i < out->n; i++) {
        if (text_equal(id_of(search, out->at[i].patient), id)) {
            if (!is_better(search, one, rank, &out->at[i], &search->ranks[i])) {
                return true;
            }
            take_out(search, out, i);
            return false;
        }
    }
    return false;
}

static void insert(struct search *search, struct match_result *out,
                   const struct match_candidate *one, const struct rank *rank) {
    if (is_there_already(search, out, one, rank)) {
        return;
    }
    size_t index = 0;
    while (index < out->n &&
           !is_better(search, one, rank, &out->at[index], &search->ranks[index])) {
        index++;
    }
    if (out->n == MATCH_CANDIDATES_MAX) {
        out->left_out++;
        out->n -= index < out->n ? 1 : 0;
    }
    if (index < MATCH_CANDIDATES_MAX) {
        put_in(search, out, index, one, rank);
    }
}

static void consider(struct search *search, size_t patient, struct match_result *out) {
    struct judged judged;
    judge_patient(search, patient, &judged);
    if (judged.grade != MATCH_NONE) {
        struct match_candidate one = {.patient = patient, .grade = judged.grade};
        struct rank rank = {.weight = match_explain(&judged, &one),
                            .rival_of_same = match_is_rival(&judged, MATCH_SAME),
                            .rival_of_changed = match_is_rival(&judged, MATCH_CHANGED)};
        insert(search, out, &one, &rank);
    }
}

static size_t count(const struct match_result *out, enum match_grade grade) {
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++) {
        n += out->at[i].grade == grade ? 1 : 0;
    }
    return n;
}

static void tell_sure_ones(struct match_result *out, const char *reason) {
    for (size_t i = 0; i < out->n && out->at[i].grade <= MATCH_CHANGED; i++) {
        match_add_reason(&out->at[i], reason);
    }
}

/* The first one is sure; another that could be meant makes it several. */
static enum match_grade weigh_rivals(const struct search *search, struct match_result *out) {
    bool same = out->at[0].grade == MATCH_SAME, rivals = false;
    for (size_t i = 1; i < out->n; i++) {
        const struct rank *rank = &search->ranks[i];
        if (same ? rank->rival_of_same : rank->rival_of_changed) {
            match_add_reason(&out->at[i], "rival");
            rivals = true;
        }
    }
    if (rivals) {
        match_add_reason(&out->at[0], "rival");
    }
    return rivals ? MATCH_SEVERAL : out->at[0].grade;
}

static enum match_grade decide(const struct search *search, struct match_result *out) {
    size_t same = count(out, MATCH_SAME), changed = count(out, MATCH_CHANGED);
    if (out->n == 0) {
        return MATCH_NEW;
    }
    if (same + changed == 0) {
        return out->n == 1 ? MATCH_PROBABLY : MATCH_SEVERAL;
    }
    if (same + changed == 1) {
        return weigh_rivals(search, out);
    }
    tell_sure_ones(out, same == 1 ? "two_charts" : "duplicate");
    return MATCH_SEVERAL;
}

void match_record(const struct record_set *set, size_t record, const struct match_patient *patients,
                  size_t n, struct match_result *out) {
    struct search search = {.patients = patients};
    *out = (struct match_result){0};
    if (record < 1 || record > record_count(set)) {
        return;
    }
    match_facts_of_answer(set, record, &search.answer);
    search.reference = record_said(set, record, "reference_number").text;
    search.medical_aid = record_is_medical_aid(set, record);
    search.expired = record_says(set, record, "derived.not_covering_date", "1") ||
                     record_outcome_at(set, record) == OUTCOME_NOT_ELIGIBLE;
    search.of_card = record_is_card(set);
    search.of_the_others = find_reference(&search, n);
    for (size_t i = 0; i < n; i++) {
        if (can_be_meant(&search, i)) {
            consider(&search, i, out);
        }
    }
    out->grade = decide(&search, out);
    memory_wipe(&search.answer, sizeof search.answer);
}
