/* A good ORCA with two patients: what it answers, and what it holds then. */
#ifndef FUZZ_ORCA_DESK_H
#define FUZZ_ORCA_DESK_H

#include "reply_host.h"

#define S(name, value) "<" name " type=\"string\">" value "</" name ">"
#define DESK_BASE                                                                                  \
    S("WholeName", "見本　花子")                                                                   \
    S("WholeName_inKana", "ミホン　ハナコ") S("BirthDate", "1985-03-02") S("Sex", "2")
#define DESK_CARD(insurer, start)                                                                  \
    S("InsuranceProvider_Number", insurer)                                                         \
    S("HealthInsuredPerson_Symbol", "見本")                                                        \
    S("HealthInsuredPerson_Number", "１２３")                                                      \
    S("RelationToInsuredPerson", "1") S("Certificate_StartDate", start)
#define DESK_NOW DESK_CARD("990010", "2026-04-01")
#define DESK_OLD                                                                                   \
    DESK_CARD("06990014", "2020-04-01")                                                            \
    S("Certificate_ExpiredDate", "2026-05-31") S("Certificate_CheckDate", "2026-01-05")
#define DESK_AID                                                                                   \
    S("PublicInsurance_Class", "010")                                                              \
    S("PublicInsurer_Number", "51990019")                                                          \
    S("PublicInsuredPerson_Number", "1234566") S("Certificate_IssuedDate", "2026-04-01")

struct orca_desk {
    bool here;                /* the person of the document is a patient */
    bool old, now, aid;       /* has these insurances */
    bool asks;                /* a question comes before it commits */
    bool locked, checked_aid; /* what step 02 was asked to write */
    bool checked_now;
    int32_t registered; /* how often the person was */
};

extern struct orca_desk orca_desk;

enum desk_call { DESK_GET, DESK_LIST, DESK_REGISTER, DESK_PERSON, DESK_FIRST, DESK_V32 };
/* Which call a request is; ends the run for another one. */
enum desk_call desk_call_of(const shk_http_request *rq);
/* The two digits of patientmodv32's Request_Number; 0 of another call. */
int desk_step_of(const shk_http_request *rq);

void desk_answer(const shk_http_request *rq, struct reply *out);
/* The work of a request is done. */
void desk_take(const shk_http_request *rq);

/* Does the body hold this text? */
bool desk_holds(const uint8_t *p, size_t n, const char *text);

#endif
