/* patientmodv32: 01 reads and locks, 02 is checked, 03 commits, 99 unlocks. */
#include <string.h>

#include "orca_deliver.h"

#define QUESTIONS_MAX 8

struct lock {
    char karte[64], orca[64];
    int held;
};

static void put_head(struct orca_out *out, const char *step, const struct lock *lock) {
    orca_put_open(out, "data", NULL);
    orca_put_open(out, "patientmodv3req2", "record");
    orca_put(out, "Request_Number", step);
    orca_put(out, "Karte_Uid", lock->karte);
    orca_put(out, "Orca_Uid", lock->orca);
}

static void put_end(struct orca_out *out) {
    orca_put_close(out, "patientmodv3req2");
    orca_put_close(out, "data");
}

/* ORCA wants its own Patient_Information back. */
static void put_patient(struct orca_out *out, const orca_node *answer) {
    orca_put_copy(out, orca_find(answer, "Patient_Information"));
}

static int32_t post(struct orca_work *w, const char *step, struct orca_out *body,
                    struct orca_answer *a) {
    int32_t rc = orca_post(w->h, ORCA_V32, step, body->failed ? NULL : body->p, body->n, a);
    orca_out_clear(body);
    return rc;
}

static void take_lock(struct lock *lock, const struct orca_answer *a) {
    lock->held = orca_value(a->node, "Orca_Uid", lock->orca, sizeof lock->orca) &&
                 lock->orca[0] != '\0' && a->meaning != ORCA_BUSY;
}

/* Nothing can be done about an unlock that fails: ORCA's own list of locks shows it. */
static void unlock(struct orca_work *w, struct lock *lock, const orca_node *locked) {
    struct orca_out body = {0};
    struct orca_answer a;
    if (!lock->held) {
        return;
    }
    put_head(&body, "99", lock);
    put_patient(&body, locked);
    put_end(&body);
    if (post(w, "99", &body, &a) != SHK_OK || !orca_is_done(&a)) {
        w->h->sv->log(w->h->sv->self, SHK_LOG_WARN, "orca: the patient may stay locked", 99);
    }
    orca_answer_clear(&a);
    lock->held = 0;
}

static int32_t lock_patient(struct orca_work *w, struct lock *lock, struct orca_answer *a) {
    struct orca_out body = {0};
    put_head(&body, "01", lock);
    orca_put_open(&body, "Patient_Information", "record");
    orca_put(&body, "Patient_ID", w->have.id);
    orca_put_close(&body, "Patient_Information");
    put_end(&body);
    int32_t rc = orca_post_patiently(w->h, ORCA_V32, "01", body.failed ? NULL : body.p, body.n, a);
    orca_out_clear(&body);
    take_lock(lock, a); /* also of an answer that says nothing else */
    if (rc != SHK_OK) {
        return orca_fail_call(w->h, rc, a, 0);
    }
    if (!orca_is_done(a) && a->meaning != ORCA_FAULTY) {
        return orca_fail_code(w->h, a, "");
    }
    return lock->held ? SHK_OK : orca_fail_call(w->h, SHK_E_HOST_ANSWER, a, 0);
}

static void put_card(struct orca_out *out, const char *mode, const char *id,
                     const struct orca_card *c, int with_branch) {
    orca_put_open(out, "HealthInsurance_Info_child", "record");
    orca_put(out, "InsuranceProvider_Mode", mode);
    orca_put(out, "InsuranceProvider_Id", id);
    orca_put(out, "InsuranceProvider_Class", c->kind);
    orca_put(out, "InsuranceProvider_Number", c->insurer);
    orca_put(out, "HealthInsuredPerson_Symbol", c->symbol);
    orca_put(out, "HealthInsuredPerson_Number", c->number);
    orca_put(out, "HealthInsuredPerson_Branch_Number", with_branch ? c->branch : "");
    orca_put(out, "HealthInsuredPerson_Continuation", c->continuation);
    orca_put(out, "HealthInsuredPerson_Assistance", c->assistance);
    orca_put(out, "RelationToInsuredPerson", c->relation);
    orca_put(out, "HealthInsuredPerson_WholeName", c->insured);
    orca_put(out, "Certificate_StartDate", c->start);
    orca_put(out, "Certificate_ExpiredDate", strcmp(c->end, "9999-12-31") != 0 ? c->end : "");
    orca_put(out, "Certificate_GetDate", c->got);
    orca_put(out, "Certificate_CheckDate", c->checked);
    orca_put_close(out, "HealthInsurance_Info_child");
}

/* Its family relation must be there, and of 後期高齢者 it is always 本人. */
static int fill_relation(struct orca_card *c) {
    if (c->relation[0] == '\0' && strncmp(c->insurer, "39", 2) == 0 && strlen(c->insurer) == 8) {
        orca_copy(c->relation, sizeof c->relation, "1");
    }
    return c->relation[0] != '\0';
}

/* An insurance that began earlier and would overlap the new one. What has no insurer (自費, 労災, 自賠責)
 * goes on beside it. */
static int is_old(const struct orca_card *c, const struct orca_card *now) {
    return orca_is_date(c->start) && orca_is_date(now->start) && strcmp(c->start, now->start) < 0 &&
           strcmp(c->end, now->start) >= 0 && c->insurer[0] != '\0' && c->kind[0] != '9';
}

static size_t put_ended(struct orca_out *out, const struct orca_work *w,
                        const struct orca_card *now) {
    size_t n = 0;
    for (size_t i = 0; i < w->have.cards_n; i++) {
        struct orca_card c = w->have.cards[i];
        if (c.id[0] != '\0' && is_old(&c, now)) {
            orca_day_before(now->start, c.end);
            put_card(out, "Modify", c.id, &c, 1);
            n++;
        }
    }
    return n;
}

static size_t put_cards(struct orca_out *out, struct orca_work *w) {
    size_t n = 0;
    for (size_t i = 0; i < w->want.cards_n; i++) {
        const struct orca_card *now = &w->want.cards[i];
        int at = orca_card_at(&w->have, now, w->today);
        if (at < 0) {
            if (w->h->set.ends_old) {
                n += put_ended(out, w, now);
            }
            put_card(out, "New", "0", now, !w->h->set.omits_branch);
            n++;
        } else if (w->h->set.dates_checked && strcmp(w->have.cards[at].checked, w->today) < 0) {
            struct orca_card c = w->have.cards[at];
            orca_copy(c.checked, sizeof c.checked, w->today);
            put_card(out, "Modify", c.id, &c, 1);
            n++;
        }
    }
    return n;
}

static size_t put_aids(struct orca_out *out, const struct orca_work *w) {
    size_t n = 0;
    for (size_t i = 0; i < w->want.aids_n; i++) {
        const struct orca_aid *a = &w->want.aids[i];
        if (orca_aid_at(&w->have, a, w->today) < 0) {
            orca_put_open(out, "PublicInsurance_Info_child", "record");
            orca_put(out, "PublicInsurance_Mode", "New");
            orca_put(out, "PublicInsurance_Id", "0");
            orca_put(out, "PublicInsurance_Class", a->kind);
            orca_put(out, "PublicInsurer_Number", a->payer);
            orca_put(out, "PublicInsuredPerson_Number", a->recipient);
            orca_put(out, "Certificate_IssuedDate", a->start);
            orca_put(out, "Certificate_ExpiredDate",
                     strcmp(a->end, "9999-12-31") != 0 ? a->end : "");
            orca_put(out, "Certificate_CheckDate", a->checked);
            orca_put_close(out, "PublicInsurance_Info_child");
            n++;
        }
    }
    return n;
}

/* How many rows there are to write. */
static size_t put_rows(struct orca_out *out, struct orca_work *w) {
    orca_put_open(out, "HealthInsurance_Information", "record");
    orca_put_open(out, "HealthInsurance_Info", "array");
    size_t cards = put_cards(out, w);
    orca_put_close(out, "HealthInsurance_Info");
    orca_put_close(out, "HealthInsurance_Information");
    orca_put_open(out, "PublicInsurance_Information", "record");
    orca_put_open(out, "PublicInsurance_Info", "array");
    size_t aids = put_aids(out, w);
    orca_put_close(out, "PublicInsurance_Info");
    orca_put_close(out, "PublicInsurance_Information");
    return cards + aids;
}

/* What is committed is what the check gave back: nothing may be missing there, nor be another patient's. */
static int is_checked(const struct orca_work *w, const struct orca_answer *a, size_t rows) {
    return orca_is_patient(a->node, "Patient_Information/Patient_ID", w->have.id) &&
           orca_rows(a->node) >= rows;
}

/* ORCA checks what is to be written. *rows 0: there is nothing to do. */
static int32_t send_rows(struct orca_work *w, const struct lock *lock, const orca_node *locked,
                         struct orca_answer *a, size_t *rows) {
    struct orca_out body = {0};
    put_head(&body, "02", lock);
    put_patient(&body, locked);
    *rows = put_rows(&body, w);
    put_end(&body);
    if (*rows == 0) {
        orca_out_clear(&body);
        return SHK_OK;
    }
    int32_t rc = post(w, "02", &body, a);
    if (rc != SHK_OK) {
        return orca_fail_call(w->h, rc, a, 0);
    }
    if (!orca_is_done(a)) {
        return orca_fail_code(w->h, a, "");
    }
    return is_checked(w, a, *rows) ? SHK_OK : orca_fail_call(w->h, SHK_E_HOST_ANSWER, a, 0);
}

static int32_t post_commit(struct orca_work *w, const struct lock *lock, const orca_node *checked,
                           const char *yes, struct orca_answer *a) {
    struct orca_out body = {0};
    put_head(&body, "03", lock);
    put_patient(&body, checked);
    orca_put_copy(&body, orca_find(checked, "HealthInsurance_Information"));
    orca_put_copy(&body, orca_find(checked, "PublicInsurance_Information"));
    orca_put(&body, "Select_Answer", yes);
    put_end(&body);
    return post(w, "03", &body, a);
}

static const char *question_of(const struct orca_answer *a, char code[ORCA_CODE_MAX]) {
    const orca_node *asked = orca_find(a->node, "Patient_Select_Information");
    if (!orca_value(asked, "Patient_Select", code, ORCA_CODE_MAX) || code[0] == '\0') {
        orca_copy(code, ORCA_CODE_MAX, "?");
    }
    return code;
}

/* Ok is said only to a question that the clinic has named; the answer to it is that of 03 again. */
static int32_t answer_questions(struct orca_work *w, const struct lock *lock,
                                const orca_node *checked, struct orca_answer *a) {
    int32_t rc = SHK_OK;
    for (int i = 0; rc == SHK_OK && a->meaning == ORCA_QUESTION; i++) {
        char code[ORCA_CODE_MAX];
        if (!orca_may_confirm(&w->h->set, question_of(a, code)) || i == QUESTIONS_MAX) {
            return orca_fail_code(w->h, a, code);
        }
        orca_answer_clear(a);
        rc = post_commit(w, lock, checked, "Ok", a);
    }
    return rc;
}

static int32_t commit(struct orca_work *w, struct lock *lock, const orca_node *checked,
                      int *settle) {
    struct orca_answer a;
    const shk_services *sv = w->h->sv;
    int32_t rc = sv->note(sv->self, "patientmodv32 03");
    if (rc != SHK_OK) {
        return rc;
    }
    rc = post_commit(w, lock, checked, "", &a);
    rc = rc == SHK_OK ? answer_questions(w, lock, checked, &a) : rc;
    if (rc == SHK_E_DELIVERY_UNSURE) {
        *settle = 1;
    } else if (rc == SHK_OK && orca_is_done(&a)) {
        lock->held = 0;
        rc = orca_receive(w, "orca:insurance updated", w->have.id, &a);
    } else if (a.meaning != ORCA_QUESTION) {
        rc = rc == SHK_OK ? orca_fail_code(w->h, &a, "") : orca_fail_call(w->h, rc, &a, 1);
    }
    orca_answer_clear(&a);
    return rc;
}

static int32_t write_locked(struct orca_work *w, struct lock *lock, const orca_node *locked,
                            int *settle) {
    struct orca_answer a = {0};
    size_t rows = 0;
    if (!orca_is_patient(locked, "Patient_Information/Patient_ID", w->d->patient) ||
        !orca_person_read_v3(locked, &w->have)) {
        return orca_fail(w->h, SHK_E_HOST_ANSWER, "patientmodv32 01");
    }
    for (size_t i = 0; i < w->want.cards_n; i++) {
        if (!fill_relation(&w->want.cards[i])) {
            return orca_fail(w->h, SHK_E_HOST_REFUSED, "RelationToInsuredPerson");
        }
    }
    int32_t rc = send_rows(w, lock, locked, &a, &rows);
    if (rc == SHK_OK && rows == 0) {
        rc = orca_receive(w, "orca:already there", w->have.id, NULL);
    } else if (rc == SHK_OK) {
        rc = commit(w, lock, a.node, settle);
    }
    orca_answer_clear(&a);
    return rc;
}

int32_t orca_update(struct orca_work *w) {
    struct lock lock = {.held = 0};
    struct orca_answer a;
    int settle = 0;
    orca_copy(lock.karte, sizeof lock.karte, w->h->set.karte_uid);
    int32_t rc = lock_patient(w, &lock, &a);
    if (rc == SHK_OK) {
        rc = write_locked(w, &lock, a.node, &settle);
    }
    unlock(w, &lock, a.node);
    orca_answer_clear(&a);
    if (settle) {
        const struct orca_answer lost = {.call = ORCA_V32, .step = "03"};
        rc = orca_settle(w, &lost, "orca:insurance updated");
    }
    return rc;
}
