/* The orca adapter with a host that answers what the input says. Two bytes for reply_host, one for what the host holds
 * and who is meant, one for the settings and the document; then for each answer the changes that are made to a good
 * one, up to a 0 (reply_host.c). An input that has ended is a good host. */
#include <string.h>

#include "orca_desk.h"
#include "orca_judge.h"
#include "registry.h"

#define ATTEMPTS 3
#define PERSON   "<patientmodreq type=\"record\">" S("Patient_ID", "*") DESK_BASE
#define WITH_AID                                                                                   \
    "<PublicInsurance_Information type=\"array\"><PublicInsurance_Information_child>" DESK_AID     \
    "</PublicInsurance_Information_child></PublicInsurance_Information>"
#define PLAIN                                                                                      \
    "<data>" PERSON "<HealthInsurance_Information>" DESK_NOW                                       \
    "</HealthInsurance_Information></patientmodreq></data>"
#define MOVED                                                                                      \
    "<data>" PERSON "<Home_Address_Information>" S("Address_ZipCode", "9900009")                   \
        S("WholeAddress1", "見本県見本町") "</Home_Address_Information>"                           \
                                           "<HealthInsurance_Information>" DESK_NOW WITH_AID       \
                                           "</HealthInsurance_Information></patientmodreq></data>"
#define STEPPED                                                                                    \
    "<data><patientmodv3req2 type=\"record\"><HealthInsurance_Information>"                        \
    "<HealthInsurance_Info><HealthInsurance_Info_child>" DESK_NOW                                  \
    "</HealthInsurance_Info_child></HealthInsurance_Info></HealthInsurance_Information>"           \
    "</patientmodv3req2></data>"

struct asked {
    uint8_t who, how;
};

static const char *document_of(const struct asked *a) {
    static const char *const all[] = {PLAIN, MOVED, STEPPED, PLAIN};
    return all[a->how >> 6];
}

static int32_t open_host(const struct asked *a, shk_host **h) {
    const shk_setting all[] = {{"url", "http://127.0.0.1:8000"},
                               {"new_patient", a->how & 1 ? "register" : "ask"},
                               {"old_insurance", a->how & 2 ? "end" : "keep"},
                               {"check_date", a->how & 4 ? "update" : "keep"},
                               {"person", a->how & 8 ? "update" : "keep"},
                               {"questions", a->how & 16 ? "K910" : ""},
                               {"first_insurance", a->how & 32 ? "v32" : "v2"}};
    int32_t rc = adapter_orca.open(&reply_host.table, all, sizeof all / sizeof all[0], h);
    fuzz_must((rc == SHK_OK) == (*h != NULL), "an open without a handle");
    fuzz_should(rc == SHK_OK, "good settings");
    return rc;
}

static void judge_truth(int32_t rc, const char *document) {
    bool with_aid = strstr(document, "51990019") != NULL;
    if (!reply_host.lied) {
        fuzz_must(orca_desk.registered <= 1, "a person was registered twice");
        fuzz_must(rc != SHK_OK || (orca_desk.now && (orca_desk.aid || !with_aid)),
                  "a success without the insurance");
    }
}

static int32_t deliver_once(shk_host *h, const struct asked *a, const char *patient) {
    static shk_receipt receipt;
    const char *document = document_of(a);
    char note[SHK_NOTE_MAX];
    memcpy(note, reply_host.note, sizeof note);
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = "00000000-0000-4000-8000-000000000001",
                            .format = "xml",
                            .encoding = "utf-8",
                            .body = (const uint8_t *)document,
                            .body_len = (uint32_t)strlen(document),
                            .attempt = 1,
                            .patient = patient,
                            .note = note};
    receipt = (shk_receipt){.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    reply_host_call();
    judge_begin(&d, (a->how & 16) != 0);
    fuzz_faults(true);
    int32_t rc = adapter_orca.deliver(h, &d, &receipt);
    fuzz_faults(false);
    judge_delivered(rc, &receipt);
    judge_truth(rc, document);
    judge_end();
    return rc;
}

static int32_t SHK_CALL hear(void *who, const char *id, const shk_field *values, uint32_t n) {
    int32_t *heard = who;
    fuzz_must(id != NULL && id[0] != '\0', "a patient without a number");
    for (uint32_t i = 0; i < n; i++) {
        fuzz_must(values[i].value != NULL && values[i].value[0] != '\0', "a value that is none");
    }
    fuzz_must(++*heard <= 40, "patients without end");
    return SHK_OK;
}

static void find_once(shk_host *h) {
    static const shk_field asked[] = {{"name", "見本　花子"},
                                      {"name_kana", "ミホン　ハナコ"},
                                      {"birth_date", "1985-03-02"},
                                      {"insurer_number", "990010"}};
    const shk_delivery nothing = {.patient = "", .note = ""};
    int32_t heard = 0;
    reply_host_call();
    judge_begin(&nothing, false);
    fuzz_faults(true);
    int32_t rc = adapter_orca.find_patients(h, asked, 4, hear, &heard);
    fuzz_faults(false);
    fuzz_must(rc == reply_host.said, "a fault that was not said");
    fuzz_must(rc != SHK_OK || judge_understood(), "a search that was not understood");
    fuzz_must(rc != SHK_OK || reply_host.lied || heard >= orca_desk.here, "somebody was not found");
    judge_end();
}

static void run(shk_host *h, const struct asked *a) {
    static const char *const patients[] = {"", "1", "2", ""};
    if (a->who >> 6 == 3) {
        find_once(h);
        return;
    }
    int32_t rc = SHK_E_HOST_BUSY;
    for (int i = 0; i < ATTEMPTS && rc != SHK_OK; i++) {
        rc = deliver_once(h, a, patients[a->who >> 6]);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    shk_host *h = NULL;
    fuzz_faults(false);
    reply_host_begin(p, n);
    reply_host.answer = desk_answer;
    reply_host.answered = judge_answered;
    struct asked a = {.who = fuzz_byte(&reply_host.in)};
    a.how = fuzz_byte(&reply_host.in);
    orca_desk = (struct orca_desk){.here = a.who & 1,
                                   .old = a.who & 2,
                                   .now = a.who & 4,
                                   .aid = a.who & 8,
                                   .asks = a.who & 16};
    fuzz_faults(true);
    int32_t rc = open_host(&a, &h);
    fuzz_faults(false);
    if (rc == SHK_OK) {
        run(h, &a);
    }
    adapter_orca.close(&h);
    reply_host_end();
    fuzz_faults(true);
}
