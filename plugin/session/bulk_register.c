#include <stdlib.h>

#include "bulk_work.h"
#include "oqs_message.h"

static struct bulk_row *row_of(const struct bulk_work *w, const char *reference_number) {
    const struct bulk_batch *batch = &w->batch;
    for (size_t i = 0; i < batch->people_n; i++) {
        if (text_equal(batch->people[i].reference_number, reference_number)) {
            return &batch->row[batch->asked[i]];
        }
    }
    return NULL;
}

static bool is_any_said(const struct bulk_work *w) {
    for (size_t i = 0; i < w->batch.n; i++) {
        if (w->batch.row[i].state != ROW_OPEN) {
            return true;
        }
    }
    return false;
}

static int32_t say(struct bulk_work *w, const struct oqs_registered *person, struct fault *why) {
    struct fault fault = {0};
    struct bulk_verdict verdict = {.code = person->code};
    struct bulk_row *row = row_of(w, person->reference_number);
    if (row == NULL) {
        return SHK_OK;
    }
    if (row->state != ROW_OPEN) {
        row->again++;
        return SHK_OK;
    }
    if (person->status != 1) {
        verdict.difference = DIFFERENCE_FAULT;
        fault_raise(&fault, SHK_E_ANSWER_ERROR);
        verdict.fault = &fault;
    }
    return bulk_say(w, row, &verdict, why);
}

int32_t bulk_register(struct bulk_work *w, const struct watch *watch, struct fault *why) {
    const struct lookup_route *route = w->world->route;
    const struct bulk_question q = bulk_question_of(w);
    struct oqs_registered *people = NULL;
    struct bytes answer = {0};
    size_t n = 0;
    int32_t rc = route->ops->registration(route->self, &q, &answer, watch, why);
    if (rc == SHK_OK) {
        rc = oqs_registered_read(answer.p, answer.n, &people, &n, why);
    }
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        rc = say(w, &people[i], why);
    }
    if (rc == SHK_OK && !is_any_said(w)) {
        rc = fault_raise(why, SHK_E_ANSWER_FOREIGN);
    }
    route_settle(route, rc == SHK_OK);
    if (people != NULL) {
        memory_wipe(people, n * sizeof *people);
    }
    free(people);
    bytes_clear(&answer);
    return rc;
}
