#include "match_stage.h"

#include <stdlib.h>
#include <string.h>

#include "outcome.h"

bool match_is_wanted(const struct session *s, size_t n, const shk_adapter *adapter) {
    const char *when = config_text(s->config, "match.when");
    bool table = config_delivery(s->config, n, "patients")[0] != '\0';
    bool finds = SHK_ADAPTER_HAS(adapter, find_patients);
    return text_equal(when, "always") || (!text_equal(when, "off") && (table || finds));
}

/* What an adapter is asked by: the answer's values, and the number that this person had before. */
static uint32_t asked_fields(const struct match_matter *m, const struct memory *memory,
                             shk_field *out) {
    static const char *const paths[] = {
        "birth_date", "name",   "name_kana",     "name_other",       "name_other_kana", "sex",
        "symbol",     "number", "branch_number", "reference_number", "insurer_number"};
    uint32_t n = 0;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct value v = record_said(m->set, m->record, paths[i]);
        if (v.len > 0) {
            out[n++] = (shk_field){paths[i], v.text};
        }
    }
    for (size_t i = 0; i < memory->n; i++) {
        out[n++] = (shk_field){"patient.id", memory->at[i].id};
    }
    return n;
}

/* *can becomes false for a host that has no way to look patients up. SHK_E_ABSENT where they would have to be. */
static int32_t look_up_host(struct session *s, const struct match_matter *m,
                            const struct memory *memory, bool must, struct candidates *found,
                            bool *can, struct fault *why) {
    shk_field asked[16 + MEMORY_MAX];
    *can = SHK_ADAPTER_HAS(m->adapter, find_patients);
    if (!*can) {
        return SHK_OK;
    }
    uint32_t n = asked_fields(m, memory, asked);
    int32_t rc = adapter_call_find(m->call, asked, n, candidates_add, found, why);
    *can = rc != SHK_E_ABSENT;
    if (!*can && (!must || text_equal(config_text(s->config, "match.when"), "always"))) {
        fault_clear(why);
        return SHK_OK;
    }
    return rc;
}

static int32_t look_up(struct session *s, const struct match_matter *m, const struct memory *memory,
                       struct candidates *found, struct fault *why) {
    bool table = config_delivery(s->config, m->n, "patients")[0] != '\0', finds = false;
    int32_t rc = table ? candidates_in_table(s, m->n, m->set, m->record, found, why) : SHK_OK;
    rc = rc == SHK_OK ? look_up_host(s, m, memory, !table, found, &finds, why) : rc;
    if (rc == SHK_OK) {
        rc = memory_mark(memory, m->set, m->record, !table && !finds, found);
        rc = rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    return rc;
}

static int32_t copy_set(const struct record_set *set, struct record_set **out, struct fault *why) {
    struct bytes frozen = {0};
    int32_t rc = record_freeze(set, &frozen);
    rc = rc == SHK_OK ? record_thaw(frozen.p, frozen.n, out) : rc;
    bytes_clear(&frozen);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static void judge(struct match_question *q, const struct memory *memory) {
    match_record(q->set, q->record, q->found.at, q->found.n, &q->result);
    for (size_t i = 0; i < q->result.n; i++) {
        const struct match_patient *patient = &q->found.at[q->result.at[i].patient];
        const struct memory_patient *known = memory_get(memory, patient->id);
        q->fields_n[i] =
            match_fields(q->set, q->record, patient, known != NULL ? known->spellings : NULL,
                         known != NULL ? known->spellings_n : 0, q->fields[i]);
    }
}

/* Made whole before the host can see it. */
static int32_t make_question(struct session *s, const struct match_matter *m,
                             const struct memory *memory, struct fault *why) {
    struct match_question *q = calloc(1, sizeof *q);
    if (q == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    q->delivery = m->n;
    q->record = m->record;
    text_copy(q->target, sizeof q->target, m->adapter->id);
    int32_t rc = copy_set(m->set, &q->set, why);
    rc = rc == SHK_OK ? look_up(s, m, memory, &q->found, why) : rc;
    if (rc != SHK_OK) {
        match_question_free(&q);
        return rc;
    }
    judge(q, memory);
    mutex_lock(s->lock);
    struct match_question *old = s->values.match;
    s->values.match = q;
    mutex_unlock(s->lock);
    match_question_free(&old);
    return rc;
}

static bool changes_something(const struct match_question *q) {
    for (size_t i = 0; q->result.n > 0 && i < q->fields_n[0]; i++) {
        if (q->fields[0][i].take) {
            return true;
        }
    }
    return false;
}

static bool is_sure(const struct match_question *q) {
    return q->result.grade == MATCH_SAME || q->result.grade == MATCH_CHANGED;
}

static bool must_ask(const struct session *s, const struct match_question *q) {
    const char *ask = config_text(s->config, "match.ask");
    return !is_sure(q) || text_equal(ask, "always") ||
           (text_equal(ask, "changes") && changes_something(q));
}

static void add_word(char out[PARCEL_WORD_MAX], const char *word) {
    size_t n = strlen(out);
    text_format(out + n, PARCEL_WORD_MAX - n, "%s%s", n > 0 ? " " : "", word);
}

static void note_candidate(const struct match_question *q, size_t candidate,
                           struct match_decision *out) {
    const struct match_candidate *c = &q->result.at[candidate];
    text_copy(out->patient, sizeof out->patient, q->found.at[c->patient].id);
    for (size_t i = 0; i < c->reasons_n; i++) {
        add_word(out->reasons, c->reasons[i]->name);
    }
    for (size_t i = 0; i < q->fields_n[candidate]; i++) {
        if (q->fields[candidate][i].take) {
            add_word(out->taken, q->fields[candidate][i].path);
        }
    }
}

/* Numbers of the insurance are written as the insurer has them; texts about a person as the desk does. A
 * mark for a missing character is never better, not even in a 記号. */
static bool host_keeps(const struct match_field *field) {
    if (field->take || field->old == NULL || field->difference == MATCH_EQUAL ||
        field->difference == MATCH_ADDED) {
        return false;
    }
    return !memory_is_number(field->path) || field->difference == MATCH_OTHER ||
           field->difference == MATCH_MISSING;
}

/* Every record of an answer is of one person, and a script may read the person from any of them. */
static bool says_the_same(const struct match_question *q, size_t record, const char *path,
                          const char *now) {
    static const char *const personal[] = {"name", "name_kana", "name_other", "name_other_kana",
                                           "sex",  "address",   "postal_code"};
    bool of_person = false;
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        of_person = of_person || text_equal(personal[i], path);
    }
    const char *asked = text_equal(path, "sex") ? "derived.sex" : path;
    return of_person && text_equal(record_said(q->set, record, asked).text, now);
}

/* A card says nothing of an insurance: where it is silent, a document that overwrites leaves what is there. */
static bool card_is_silent(const struct match_question *q, const struct match_field *field) {
    return record_is_card(q->set) && field->old != NULL && field->old[0] != '\0' &&
           (field->now == NULL || field->now[0] == '\0');
}

static int32_t keep_text(struct record_set *set, const struct match_question *q,
                         const struct match_field *field) {
    int32_t rc = SHK_OK;
    for (size_t i = 1; rc == SHK_OK && i <= record_count(set); i++) {
        if (i == q->record || says_the_same(q, i, field->path, field->now)) {
            rc = record_replace(set, i, field->path, field->old);
            /* What the host holds is no date or code at all: no document could say it. */
            rc = rc == SHK_E_VALUE ? SHK_OK : rc;
        }
    }
    return rc;
}

static int32_t keep_texts(struct record_set *set, const struct match_question *q, size_t candidate,
                          struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < q->fields_n[candidate]; i++) {
        if (host_keeps(&q->fields[candidate][i]) || card_is_silent(q, &q->fields[candidate][i])) {
            rc = keep_text(set, q, &q->fields[candidate][i]);
        }
    }
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t name_patient(struct record_set *set, const struct match_question *q, const char *id,
                            enum match_grade grade) {
    const char *birth = record_said(q->set, q->record, "birth_date").text;
    int32_t rc = SHK_OK;
    for (size_t i = 1; rc == SHK_OK && i <= record_count(set); i++) {
        if (i == q->record || text_equal(record_said(q->set, i, "birth_date").text, birth)) {
            rc = record_set_patient(set, i, id, grade);
        }
    }
    return rc;
}

/* The candidate that is meant, or none for a new patient. */
static int32_t settle(struct session *s, const struct match_matter *m, const struct memory *memory,
                      const size_t *candidate, struct record_set **mine, struct match_decision *out,
                      struct fault *why) {
    struct match_question *q = s->values.match;
    int32_t rc = copy_set(m->set, mine, why);
    if (rc == SHK_OK && candidate != NULL) {
        note_candidate(q, *candidate, out);
        rc = keep_texts(*mine, q, *candidate, why);
    }
    if (rc == SHK_OK) {
        /* Somebody new has no number, whoever was thought of. */
        rc = name_patient(*mine, q, out->patient, candidate != NULL ? out->grade : MATCH_NEW);
        rc = rc == SHK_OK ? rc : fault_raise(why, rc);
    }
    /* The rules' own word is not taken for a person's the next time. */
    if (rc == SHK_OK && candidate != NULL && out->confirmed) {
        rc = memory_keep(s, memory, out->patient, q->fields[*candidate], q->fields_n[*candidate],
                         why);
    }
    return rc;
}

static int32_t decide(struct session *s, const struct match_matter *m, const struct memory *memory,
                      struct record_set **mine, struct match_decision *out, struct fault *why) {
    const struct match_question *q = s->values.match;
    struct match_said said = {.word = MATCH_WORD_PATIENT, .candidate = 0};
    out->grade = q->result.grade;
    if (must_ask(s, q)) {
        int32_t rc =
            m->may_ask ? match_ask(s, m->id, &said, why) : fault_raise(why, SHK_E_UNDECIDED);
        if (rc != SHK_OK) {
            return rc;
        }
        out->confirmed = true;
    }
    out->skip = said.word == MATCH_WORD_SKIP;
    if (out->skip) {
        return SHK_OK;
    }
    bool known = said.word == MATCH_WORD_PATIENT;
    out->grade = known ? out->grade : MATCH_NEW;
    return settle(s, m, memory, known ? &said.candidate : NULL, mine, out, why);
}

int32_t match_decide(struct session *s, const struct match_matter *m, struct record_set **mine,
                     struct match_decision *out, struct fault *why) {
    struct memory memory;
    *mine = NULL;
    *out = (struct match_decision){0};
    int32_t rc = memory_recall(s, m->target, m->set, m->record, &memory, why);
    rc = rc == SHK_OK ? make_question(s, m, &memory, why) : rc;
    bool possible = rc != SHK_E_ABSENT;
    rc = rc == SHK_OK ? decide(s, m, &memory, mine, out, why) : rc;
    memory_clear(&memory);
    if (!possible) {
        fault_clear(why);
    }
    return possible ? rc : SHK_OK;
}
