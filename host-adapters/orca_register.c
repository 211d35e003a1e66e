/* A new patient, and what else patientmodv2 writes. */
#include <string.h>

#include "orca_deliver.h"
#include "orca_find.h"

#define NOTE_SENT    "patientmodv2 class=01"
#define NOTE_REFUSED "patientmodv2 class=01 refused"

/* The same person among ORCA's patients. */
struct twins {
    size_t persons, whole; /* all; those who have the document's insurance, too */
    char id[ORCA_ID_MAX];  /* of the last whole one */
};

static void seek(const struct orca_person *want, struct orca_sought *who) {
    memset(who, 0, sizeof *who);
    orca_copy(who->name, sizeof who->name, want->name);
    orca_copy(who->kana, sizeof who->kana, want->kana);
    orca_copy(who->birth, sizeof who->birth, want->birth);
    if (orca_id_usable(want->id)) {
        orca_copy(who->number, sizeof who->number, want->id);
    }
}

static int32_t look_at(struct orca_work *w, const char *id, struct twins *out) {
    int32_t rc = orca_read_patient(w->h, id, &w->have, w->today);
    if (rc != SHK_OK) {
        return rc == SHK_E_ABSENT ? SHK_OK : rc;
    }
    if (orca_same_person(&w->have, &w->want)) {
        out->persons++;
        if (orca_holds(&w->have, &w->want, w->today)) {
            out->whole++;
            orca_copy(out->id, sizeof out->id, w->have.id);
        }
    }
    return SHK_OK;
}

static int32_t find_twins(struct orca_work *w, struct twins *out) {
    struct orca_sought who;
    struct orca_found found;
    seek(&w->want, &who);
    memset(out, 0, sizeof *out);
    int32_t rc = orca_search(w->h, &who, &found);
    for (size_t i = 0; i < found.n && rc == SHK_OK; i++) {
        rc = look_at(w, found.ids[i], out);
    }
    orca_wipe(&who, sizeof who);
    return rc;
}

static int is_registered(struct orca_work *w) {
    struct twins twins;
    int there = find_twins(w, &twins) == SHK_OK && twins.whole == 1;
    orca_copy(w->have.id, sizeof w->have.id, there ? twins.id : "");
    return there;
}

/* After a lost answer. */
static int32_t settle_registered(struct orca_work *w, const struct orca_answer *lost) {
    int32_t rc = orca_find_out(w, is_registered);
    return rc == SHK_OK ? orca_receive(w, "orca:registered", w->have.id, NULL)
                        : orca_fail_call(w->h, rc, lost, 1);
}

static int32_t take_number(struct orca_work *w, const struct orca_answer *a) {
    char id[ORCA_ID_MAX];
    if (!orca_value(a->node, "Patient_Information/Patient_ID", id, sizeof id) ||
        !orca_id_usable(id)) {
        return settle_registered(w, a);
    }
    return orca_receive(w, "orca:registered", id, a);
}

/* ORCA said clearly that it did not take it: a later attempt need not wonder. */
static int32_t note_refused(struct orca_work *w, int32_t rc) {
    w->h->sv->note(w->h->sv->self, NOTE_REFUSED);
    return rc;
}

static int32_t judge_new(struct orca_work *w, const struct orca_answer *a, int32_t rc) {
    if (rc == SHK_E_DELIVERY_UNSURE) {
        return settle_registered(w, a);
    }
    if (rc != SHK_OK) {
        return note_refused(w, orca_fail_call(w->h, rc, a, 1));
    }
    return orca_is_done(a) ? take_number(w, a) : note_refused(w, orca_fail_code(w->h, a, ""));
}

static int32_t post_new(struct orca_work *w) {
    struct orca_answer a;
    const shk_services *sv = w->h->sv;
    int32_t rc = sv->note(sv->self, NOTE_SENT);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = orca_post_patiently(w->h, ORCA_REGISTER, "", (const char *)w->d->body, w->d->body_len, &a);
    rc = judge_new(w, &a, rc);
    orca_answer_clear(&a);
    return rc;
}

static int may_have_been_sent(const struct orca_work *w) {
    return strcmp(w->d->note, NOTE_SENT) == 0;
}

/* Somebody who is the same in everything has been registered meanwhile, by an earlier attempt or by
 * hand. With the note of an earlier attempt a half-fitting one leaves it open. */
int32_t orca_register(struct orca_work *w) {
    struct twins twins;
    int32_t rc = find_twins(w, &twins);
    if (rc != SHK_OK) {
        return rc;
    }
    if (twins.whole == 1) {
        return orca_receive(w, may_have_been_sent(w) ? "orca:registered" : "orca:already there",
                            twins.id, NULL);
    }
    if (twins.whole > 1 || (twins.persons > 0 && may_have_been_sent(w))) {
        return orca_fail(w->h, SHK_E_DELIVERY_UNSURE, "patientlst3v2");
    }
    return post_new(w);
}

static void put_insurance(struct orca_out *out, const orca_node *request) {
    orca_put_copy(out, orca_find(request, "HealthInsurance_Information"));
}

/* class=04 finds the patient by what ORCA itself holds. */
static int32_t make_first(struct orca_work *w, struct orca_out *out) {
    struct orca_xml *xml = NULL;
    int32_t rc = orca_xml_read(w->d->body, w->d->body_len, &xml);
    if (rc == SHK_OK) {
        orca_put_open(out, "data", NULL);
        orca_put_open(out, "patientmodreq", "record");
        orca_put(out, "Patient_ID", w->have.id);
        orca_put(out, "WholeName", w->have.name);
        orca_put(out, "WholeName_inKana", w->have.kana);
        orca_put(out, "BirthDate", w->have.birth);
        orca_put(out, "Sex", w->have.sex);
        put_insurance(out, orca_first(orca_xml_root(xml)));
        orca_put_close(out, "patientmodreq");
        orca_put_close(out, "data");
    }
    orca_xml_free(&xml);
    return rc == SHK_OK && out->failed ? SHK_E_MEMORY : rc;
}

static int32_t judge_first(struct orca_work *w, const struct orca_answer *a, int32_t rc) {
    if (rc == SHK_E_DELIVERY_UNSURE || (rc == SHK_OK && a->meaning == ORCA_SAME)) {
        return orca_settle(w, a, "orca:insurance added");
    }
    if (rc != SHK_OK) {
        return orca_fail_call(w->h, rc, a, 1);
    }
    return orca_is_done(a) ? orca_receive(w, "orca:insurance added", w->have.id, a)
                           : orca_fail_code(w->h, a, "");
}

int32_t orca_add_first(struct orca_work *w) {
    const shk_services *sv = w->h->sv;
    struct orca_answer a = {.call = ORCA_FIRST, .step = ""};
    struct orca_out body = {0};
    int32_t rc = make_first(w, &body);
    if (rc != SHK_OK) {
        rc = orca_fail(w->h, rc, "document");
    } else {
        rc = sv->note(sv->self, "patientmodv2 class=04");
        if (rc == SHK_OK) {
            rc = orca_post_patiently(w->h, ORCA_FIRST, "", body.p, body.n, &a);
            rc = judge_first(w, &a, rc);
        }
    }
    orca_answer_clear(&a);
    orca_out_clear(&body);
    return rc;
}
