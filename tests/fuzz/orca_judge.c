#include "orca_judge.h"

#include <string.h>

#include "orca_desk.h"
#include "orca_rows.h"
#include "orca_told.h"

#define REQUESTS_MAX 300
#define CALL_MAX_MS  35000
#define SENT         "patientmodv2 class=01"

static struct {
    const shk_delivery *d;
    bool may_confirm, sent_before;
    int64_t began_ms;
    size_t rows; /* that were sent to be checked */
} j;

static bool is_same_number(const char *a, const char *b) {
    return strcmp(a + strspn(a, "0"), b + strspn(b, "0")) == 0;
}

static void patient_must_be_meant(const orca_node *node, const char *path) {
    char id[128];
    fuzz_must(orca_value(node, path, id, sizeof id) && j.d->patient[0] != '\0' &&
                  is_same_number(id, j.d->patient),
              "another patient is written to");
}

static void judge_register(const shk_http_request *rq) {
    fuzz_must(j.d->patient[0] == '\0', "a known patient is registered");
    fuzz_must(reply_host.noted, "registered without a note");
    fuzz_must(!told.sent_new, "registered twice in one call");
    fuzz_must(!told.unread, "registered after a search that was not understood");
    fuzz_must(!(told.person && j.sent_before), "registered although the person is there");
    fuzz_must(rq->body_len == j.d->body_len && memcmp(rq->body, j.d->body, rq->body_len) == 0,
              "another document");
}

/* class=02 replaces all of these. */
static void judge_person(const orca_node *sent) {
    static const char *const kept[] = {"HouseHolder_WholeName",
                                       "Relationship",
                                       "Occupation",
                                       "CellularNumber",
                                       "FaxNumber",
                                       "EmailAddress",
                                       "WorkPlace_Information",
                                       "Contraindication1",
                                       "Contraindication2",
                                       "Allergy1",
                                       "Allergy2",
                                       "Infection1",
                                       "Infection2",
                                       "Comment1",
                                       "Comment2",
                                       "Home_Address_Information/PhoneNumber1",
                                       "Home_Address_Information/PhoneNumber2"};
    const orca_node *had = orca_find(told_node(told.kept[OF_GET]), "Patient_Information");
    fuzz_must(reply_host.noted, "a person is replaced without a note");
    patient_must_be_meant(sent, "Patient_ID");
    patient_must_be_meant(had, "Patient_ID");
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        rows_must_stay_at(had, sent, kept[i]);
    }
}

static void judge_commit(const orca_node *sent) {
    const orca_node *checked = told_node(told.kept[OF_CHECK]);
    char yes[8];
    fuzz_must(reply_host.noted, "committed without a note");
    fuzz_must(rows_count(sent) >= j.rows, "committed without what was to be written");
    fuzz_must(orca_value(sent, "Select_Answer", yes, sizeof yes), "an answer to a question");
    fuzz_must(yes[0] == '\0' || (told.asked && j.may_confirm), "a question was confirmed");
    rows_must_stay_at(checked, sent, "Patient_Information");
    rows_must_stay_at(checked, sent, "HealthInsurance_Information");
    rows_must_stay_at(checked, sent, "PublicInsurance_Information");
}

static void judge_step(const orca_node *sent, int step) {
    char lock[64];
    if (step != 1) {
        fuzz_must(orca_value(sent, "Orca_Uid", lock, sizeof lock) && lock[0] != '\0' &&
                      strcmp(lock, told.lock) == 0,
                  "a step without the lock");
    }
    if (step != 99) {
        patient_must_be_meant(sent, "Patient_Information/Patient_ID");
    }
    if (step == 2) {
        rows_must_stay_at(told_node(told.kept[OF_LOCK]), sent, "Patient_Information");
        j.rows = rows_count(sent);
        fuzz_must(j.rows > 0, "nothing is to be checked");
    } else if (step == 3) {
        judge_commit(sent);
    }
}

static void judge_request(const shk_http_request *rq, enum desk_call call) {
    fuzz_must(reply_host.requests <= REQUESTS_MAX, "requests without end");
    if (call == DESK_GET) {
        return;
    }
    struct orca_xml *xml = told_read(rq->body, rq->body_len);
    const orca_node *sent = told_node(xml);
    fuzz_must(sent != NULL, "a request that is no document");
    if (call == DESK_REGISTER) {
        judge_register(rq);
    } else if (call == DESK_PERSON) {
        judge_person(sent);
    } else if (call == DESK_FIRST) {
        fuzz_must(reply_host.noted, "an insurance is added without a note");
        patient_must_be_meant(sent, "Patient_ID");
    } else if (call == DESK_V32) {
        judge_step(sent, desk_step_of(rq));
    }
    orca_xml_free(&xml);
}

void judge_answered(const shk_http_request *rq, const struct reply *reply) {
    judge_request(rq, desk_call_of(rq));
    told_take(rq, reply);
    bool good = !reply->lies && reply->rc == SHK_OK && reply->status == 200;
    if (good || reply->taken) {
        desk_take(rq);
    }
}

void judge_begin(const shk_delivery *d, bool may_confirm) {
    memset(&j, 0, sizeof j);
    told_end();
    j.d = d;
    j.may_confirm = may_confirm;
    j.sent_before = strcmp(d->note, SENT) == 0;
    j.began_ms = reply_host.now_ms;
}

bool judge_understood(void) {
    return !told.unread;
}

static void judge_success(const shk_receipt *receipt) {
    fuzz_must(reply_host.said == 0, "a success with a fault");
    fuzz_must(told.written || told.seen, "a success that nobody said");
    fuzz_must(memchr(receipt->patient, '\0', sizeof receipt->patient) != NULL &&
                  receipt->patient[strspn(receipt->patient, "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                            "abcdefghijklmnopqrstuvwxyz")] ==
                      '\0' &&
                  receipt->patient[0] != '\0',
              "a success without a patient's number");
    fuzz_must(j.d->patient[0] == '\0' || is_same_number(receipt->patient, j.d->patient),
              "the number of another patient");
}

void judge_delivered(int32_t rc, const shk_receipt *receipt) {
    fuzz_must(reply_host.now_ms - j.began_ms <= CALL_MAX_MS, "a call without end");
    fuzz_should(!told.locked, "a patient stays locked");
    if (rc == SHK_OK) {
        judge_success(receipt);
    } else {
        fuzz_must(rc == reply_host.said, "a fault that was not said");
        fuzz_must(!told.sent_new || rc == SHK_E_DELIVERY_UNSURE,
                  "who was registered is not unsure");
        fuzz_must(!told.sent_new || strcmp(reply_host.note, SENT) == 0,
                  "the note of a registration");
    }
}

void judge_end(void) {
    told_end();
}
