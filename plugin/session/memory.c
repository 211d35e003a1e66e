#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "outcome.h"
#include "patients.h"
#include "plan.h"

static void wipe_text(const char *text) {
    if (text != NULL) {
        char *p = (char *)text;
        memory_wipe(p, strlen(p));
        free(p);
    }
}

void memory_clear(struct memory *memory) {
    for (size_t i = 0; i < memory->n; i++) {
        for (size_t j = 0; j < memory->at[i].spellings_n; j++) {
            wipe_text(memory->at[i].spellings[j].answer);
            wipe_text(memory->at[i].spellings[j].host);
        }
    }
    memory_wipe(memory, sizeof *memory);
}

const struct memory_patient *memory_get(const struct memory *memory, const char *id) {
    for (size_t i = 0; i < memory->n; i++) {
        if (text_equal(memory->at[i].id, id)) {
            return &memory->at[i];
        }
    }
    return NULL;
}

/* Told of by the card, somebody may be told of by birth date and kana, too. */
static bool has_spelling(const struct memory_patient *of, const struct known_value *value) {
    for (size_t i = 0; i < of->spellings_n; i++) {
        const struct known_spelling *known = &of->spellings[i];
        if (text_equal(known->path, value->path) && text_equal(known->answer, value->answer)) {
            return true;
        }
    }
    return false;
}

static bool copy_spelling(struct memory_patient *to, const struct known_value *value) {
    const struct field *field = field_find(value->path, strlen(value->path));
    if (field == NULL || to->spellings_n == MEMORY_SPELLINGS_MAX || has_spelling(to, value)) {
        return true;
    }
    struct known_spelling fresh = {field->path, text_dup(value->answer), text_dup(value->host)};
    if (fresh.answer == NULL || fresh.host == NULL) {
        wipe_text(fresh.answer);
        wipe_text(fresh.host);
        return false;
    }
    to->spellings[to->spellings_n++] = fresh;
    return true;
}

static int32_t take(void *self, const struct known_patient *patient, bool by_card,
                    struct fault *why) {
    struct memory *memory = self;
    struct memory_patient *to = NULL;
    for (size_t i = 0; i < memory->n && to == NULL; i++) {
        to = text_equal(memory->at[i].id, patient->id) ? &memory->at[i] : NULL;
    }
    if (to == NULL && memory->n < MEMORY_MAX) {
        to = &memory->at[memory->n++];
        text_copy(to->id, sizeof to->id, patient->id);
    }
    if (to == NULL) {
        return SHK_OK;
    }
    to->by_card = to->by_card || by_card;
    to->by_person = to->by_person || !by_card;
    for (size_t i = 0; i < patient->n; i++) {
        if (!copy_spelling(to, &patient->values[i])) {
            return fault_raise(why, SHK_E_MEMORY);
        }
    }
    return SHK_OK;
}

int32_t memory_recall(struct session *s, const char *target, const struct record_set *set,
                      size_t record, struct memory *out, struct fault *why) {
    *out = (struct memory){0};
    text_copy(out->target, sizeof out->target, target);
    int32_t rc = plan_person(s, set, record, out->person);
    rc = rc == SHK_OK ? plan_card(s, set, record, out->card) : rc;
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    if (s->store == NULL) {
        return SHK_OK;
    }
    /* One after the other: who is known by both is told of by the card alone. */
    rc = patients_recall(s->store, target, out->person, "", take, out, why);
    return rc == SHK_OK ? patients_recall(s->store, target, "", out->card, take, out, why) : rc;
}

/* Only what the tags vouch for: twins share an entitlement without a branch number, namesakes a birth date and a
 * kana. Both together are one person. */
static int32_t add_remembered(const struct memory_patient *known, const struct record_set *set,
                              size_t record, struct candidates *found) {
    static const char *const paths[] = {"birth_date",    "insurer_number", "symbol", "number",
                                        "branch_number", "name_kana",      "name"};
    enum { OF_ANY = 1, OF_CARD = 5 };
    shk_field values[sizeof paths / sizeof paths[0]];
    uint32_t n = 0;
    size_t own = record_has(set, record, "name_kana") ? OF_CARD + 1 : OF_CARD + 2;
    size_t vouched = !known->by_card ? OF_ANY : !known->by_person ? OF_CARD : own;
    for (size_t i = 0; i < vouched; i++) {
        struct value v = record_said(set, record, paths[i]);
        if (v.len > 0) {
            values[n++] = (shk_field){paths[i], v.text};
        }
    }
    return candidates_add(found, known->id, values, n);
}

/* Every line of the patient. */
static void mark(const struct memory_patient *known, struct candidates *found) {
    for (size_t i = 0; i < found->n; i++) {
        if (text_equal(found->at[i].id, known->id)) {
            found->at[i].remembered_card = known->by_card;
            found->at[i].remembered_person = known->by_person;
        }
    }
}

int32_t memory_mark(const struct memory *memory, const struct record_set *set, size_t record,
                    bool add, struct candidates *found) {
    for (size_t i = 0; i < memory->n; i++) {
        const struct memory_patient *known = &memory->at[i];
        bool missing = add && candidates_get(found, known->id) == NULL;
        int32_t rc = missing ? add_remembered(known, set, record, found) : SHK_OK;
        if (rc != SHK_OK) {
            return rc;
        }
        mark(known, found);
    }
    return SHK_OK;
}

bool memory_is_number(const char *path) {
    static const char *const numbers[] = {"insurer_number", "symbol", "number",  "branch_number",
                                          "birth_date",     "sex",    "relation"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal(numbers[i], path)) {
            return true;
        }
    }
    return false;
}

int32_t memory_keep(struct session *s, const struct memory *memory, const char *id,
                    const struct match_field *fields, size_t n, struct fault *why) {
    struct known_value values[MATCH_FIELDS_MAX];
    struct known_patient patient = {.values = values};
    if (s->store == NULL || id[0] == '\0' || memory->person[0] == '\0') {
        return SHK_OK;
    }
    text_copy(patient.id, sizeof patient.id, id);
    for (size_t i = 0; i < n && i < MATCH_FIELDS_MAX; i++) {
        bool kept = !fields[i].take && fields[i].difference == MATCH_OTHER &&
                    !memory_is_number(fields[i].path);
        if (kept && fields[i].old != NULL && fields[i].now != NULL) {
            values[patient.n++] =
                (struct known_value){fields[i].path, fields[i].now, fields[i].old};
        }
    }
    return patients_remember(s->store, memory->target, memory->person, memory->card, &patient, why);
}
