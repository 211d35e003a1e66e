/* Every answer of a town against all patients of a host: nobody is ever taken for another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "match_town.h"

#define HOUSEHOLDS    2000
#define ASKED_PERCENT 5 /* at most, of those whom the host has: somebody has to look at them */

struct tally {
    size_t answers, known, right, asked, overlooked, wrong, strangers, grades[MATCH_NEW + 1];
};

static size_t patients_of(const struct town *town, struct match_patient *patients, size_t *owners) {
    size_t n = 0;
    for (size_t i = 0; i < town->n; i++) {
        const struct resident *one = &town->people[i];
        if (one->at_host) {
            owners[n] = i;
            patients[n++] = (struct match_patient){one->id, one->values, TOWN_VALUES, false, false};
        }
    }
    return n;
}

static bool is_among(const struct match_result *result, const size_t *owners, size_t person) {
    for (size_t i = 0; i < result->n; i++) {
        if (owners[result->at[i].patient] == person) {
            return true;
        }
    }
    return false;
}

static void count_answer(const struct match_result *result, const size_t *owners, size_t person,
                         bool at_host, struct tally *tally) {
    bool sure = result->grade == MATCH_SAME || result->grade == MATCH_CHANGED;
    tally->answers++;
    tally->known += at_host ? 1 : 0;
    tally->strangers += at_host ? 0 : 1;
    tally->grades[result->grade]++;
    if (sure && owners[result->at[0].patient] == person) {
        tally->right++;
    } else if (sure) {
        tally->wrong++;
    } else if (at_host && is_among(result, owners, person)) {
        tally->asked++;
    } else if (at_host) {
        tally->overlooked++;
    }
}

static void show(const struct resident *one, const struct match_result *result,
                 const size_t *owners, const struct town *town) {
    print_error("%s %s taken for", one->answer[2], one->answer[0]);
    for (size_t i = 0; i < result->n; i++) {
        print_error(" %s %s,", town->people[owners[result->at[i].patient]].host[2],
                    town->people[owners[result->at[i].patient]].host[0]);
    }
    print_error("\n");
}

static void nobody_of_a_town_is_taken_for_another(void **state) {
    struct town town;
    struct tally tally = {0};
    (void)state;
    town_build(&town, HOUSEHOLDS);
    struct match_patient *patients = calloc(town.n, sizeof *patients);
    size_t *owners = calloc(town.n, sizeof *owners);
    assert_non_null(patients);
    assert_non_null(owners);
    size_t n = patients_of(&town, patients, owners);
    for (size_t i = 0; i < town.n; i++) {
        struct record_set *set = town_answer(&town.people[i]);
        struct match_result result;
        size_t wrong = tally.wrong + tally.overlooked;
        match_record(set, 1, patients, n, &result);
        count_answer(&result, owners, i, town.people[i].at_host, &tally);
        if (tally.wrong + tally.overlooked > wrong) {
            show(&town.people[i], &result, owners, &town);
        }
        record_free(&set);
    }
    print_message(
        "%zu answers, %zu patients: %zu right, %zu asked, %zu new, %zu overlooked, %zu wrong\n",
        tally.answers, n, tally.right, tally.asked, tally.grades[MATCH_NEW], tally.overlooked,
        tally.wrong);
    assert_int_equal(tally.wrong, 0);
    assert_int_equal(tally.overlooked, 0);
    assert_true(tally.strangers > tally.answers / 10);
    assert_true(tally.grades[MATCH_SAME] > 0 && tally.grades[MATCH_CHANGED] > 0);
    assert_true(tally.asked * 100 <= tally.known * ASKED_PERCENT);
    free(patients);
    free(owners);
    town_free(&town);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_of_a_town_is_taken_for_another),
    };
    return cmocka_run_group_tests_name("match_town", tests, NULL, NULL);
}
