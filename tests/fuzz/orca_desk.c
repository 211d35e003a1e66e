#include "orca_desk.h"

#include <string.h>

#define HEAD(code) S("Information_Date", "2026-06-02") S("Api_Result", code)
#define BASE       S("Patient_ID", "00001") DESK_BASE
#define OTHER                                                                                      \
    S("Patient_ID", "00002")                                                                       \
    S("WholeName", "見本　次郎")                                                                   \
    S("WholeName_inKana", "ミホン　ジロウ") S("BirthDate", "1990-07-08") S("Sex", "1")
#define MORE                                                                                       \
    "<Home_Address_Information type=\"record\">" S("Address_ZipCode", "9900001") S(                \
        "WholeAddress1", "見本県見本市") S("WholeAddress2", "一丁目") S("PhoneNumber1",            \
                                                                        "0990000000")              \
        S("PhoneNumber2", "0990000001") "</Home_Address_Information>" S(                           \
            "HouseHolder_WholeName", "見本　太郎") S("Relationship", "妻") S("Occupation",         \
                                                                             "会社員")             \
            S("CellularNumber", "0990000002") S("FaxNumber", "0990000003") S(                      \
                "EmailAddress",                                                                    \
                "hanako@example.invalid") "<WorkPlace_Information type=\"record\">" S("WholeName", \
                                                                                      "見本商店")  \
                S("Address_ZipCode", "9900002") "</WorkPlace_Information>" S("Contraindication1",  \
                                                                             "見本")               \
                    S("Allergy1", "卵 &amp; 乳") S("Comment2", "&lt;見本&gt;")

struct orca_desk orca_desk;

bool desk_holds(const uint8_t *p, size_t n, const char *text) {
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= n; i++) {
        if (memcmp(p + i, text, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool asks(const shk_http_request *rq, const char *text) {
    return rq->body != NULL && desk_holds(rq->body, rq->body_len, text);
}

enum desk_call desk_call_of(const shk_http_request *rq) {
    static const char *const tails[] = {"/patientgetv2?id=",      "/patientlst3v2?class=01",
                                        "/patientmodv2?class=01", "/patientmodv2?class=02",
                                        "/patientmodv2?class=04", "/patientmodv32"};
    for (uint32_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        if (strstr(rq->url, tails[i]) != NULL) {
            return (enum desk_call)i;
        }
    }
    fuzz_must(false, "a call that ORCA does not have");
    return DESK_GET;
}

int desk_step_of(const shk_http_request *rq) {
    bool steps = desk_call_of(rq) == DESK_V32;
    return !steps                                ? 0
           : asks(rq, S("Request_Number", "01")) ? 1
           : asks(rq, S("Request_Number", "02")) ? 2
           : asks(rq, S("Request_Number", "03")) ? 3
                                                 : 99;
}

static void put_cards(struct reply *out, const char *child) {
    if (orca_desk.old) {
        reply_put(out, "<%s type=\"record\">%s</%s>", child,
                  S("InsuranceProvider_Id", "0000000001") DESK_OLD, child);
    }
    if (orca_desk.now) {
        reply_put(out, "<%s type=\"record\">%s</%s>", child,
                  S("InsuranceProvider_Id", "0000000002") DESK_NOW, child);
    }
}

static void put_aids(struct reply *out, const char *child) {
    if (orca_desk.aid) {
        reply_put(out, "<%s type=\"record\">%s</%s>", child,
                  S("PublicInsurance_Id", "0000000003") DESK_AID, child);
    }
}

static void put_code(struct reply *out, const char *code) {
    reply_put(out,
              "<xmlio2><res type=\"record\">" S("Information_Date", "2026-06-02")
                  S("Api_Result", "%s") "</res></xmlio2>",
              code);
}

static void answer_get(const shk_http_request *rq, struct reply *out) {
    const char *id = strstr(rq->url, "?id=") + 4;
    id += strspn(id, "0");
    bool other = strcmp(id, "2") == 0;
    if (!other && (!orca_desk.here || strcmp(id, "1") != 0)) {
        put_code(out, "10");
        return;
    }
    reply_put(out,
              "<xmlio2><patientinfores type=\"record\">" HEAD("00") "<Patient_Information>%s%s"
                                                                    "<HealthInsurance_Information>",
              other ? OTHER : BASE, MORE);
    if (!other) {
        put_cards(out, "HealthInsurance_Information_child");
    }
    reply_put(out, "</HealthInsurance_Information><PublicInsurance_Information>");
    if (!other) {
        put_aids(out, "PublicInsurance_Information_child");
    }
    reply_put(out,
              "</PublicInsurance_Information></Patient_Information></patientinfores></xmlio2>");
}

static void answer_list(const shk_http_request *rq, struct reply *out) {
    if (!orca_desk.here && !asks(rq, S("WholeName", "見本"))) {
        put_code(out, "20");
        return;
    }
    reply_put(out, "<xmlio2><patientlst2res>" HEAD("00") "<Patient_Information>");
    if (orca_desk.here) {
        reply_put(out, "<Patient_Information_child>%s</Patient_Information_child>", BASE);
    }
    reply_put(out, "<Patient_Information_child>%s</Patient_Information_child>", OTHER);
    reply_put(out, "</Patient_Information></patientlst2res></xmlio2>");
}

/* What step 02 was sent comes back. */
static void put_rows_asked(const shk_http_request *rq, struct reply *out) {
    static const char first[] = "<HealthInsurance_Information ", last[] = "</patientmodv3req2>";
    size_t from = 0, to = rq->body_len - (sizeof last - 1);
    while (from < to && memcmp(rq->body + from, first, sizeof first - 1) != 0) {
        from++;
    }
    while (to > from && memcmp(rq->body + to, last, sizeof last - 1) != 0) {
        to--;
    }
    reply_put(out, "%.*s", (int)(to - from), (const char *)rq->body + from);
}

static void put_rows_held(struct reply *out) {
    reply_put(out, "<HealthInsurance_Information><HealthInsurance_Info>");
    put_cards(out, "HealthInsurance_Info_child");
    reply_put(out, "</HealthInsurance_Info></HealthInsurance_Information>"
                   "<PublicInsurance_Information><PublicInsurance_Info>");
    put_aids(out, "PublicInsurance_Info_child");
    reply_put(out, "</PublicInsurance_Info></PublicInsurance_Information>");
}

static const char *code_of(int step, bool asked) {
    return asked ? "S20" : step > 1 && !orca_desk.locked ? "E80" : "000";
}

static void answer_step(const shk_http_request *rq, struct reply *out) {
    int step = desk_step_of(rq);
    bool asked = step == 3 && orca_desk.asks && !asks(rq, S("Select_Answer", "Ok"));
    reply_put(out,
              "<xmlio2><patientmodv3res2>" S("Information_Date", "2026-06-02") S("Api_Result", "%s")
                  S("Orca_Uid", "lock-1") "<Patient_Information>%s"
                                          "</Patient_Information>",
              code_of(step, asked), BASE);
    if (step == 2) {
        put_rows_asked(rq, out);
    } else {
        put_rows_held(out);
    }
    if (asked) {
        reply_put(out, "<Patient_Select_Information>" S("Patient_Select",
                                                        "K910") "</Patient_Select_Information>");
    }
    reply_put(out, "</patientmodv3res2></xmlio2>");
}

void desk_answer(const shk_http_request *rq, struct reply *out) {
    out->type = "application/xml";
    switch (desk_call_of(rq)) {
    case DESK_GET:
        answer_get(rq, out);
        break;
    case DESK_LIST:
        answer_list(rq, out);
        break;
    case DESK_V32:
        answer_step(rq, out);
        break;
    case DESK_REGISTER:
        reply_put(out, "<xmlio2><res>" HEAD("K0") "<Patient_Information>" S(
                           "Patient_ID", "00001") "</Patient_Information></res></xmlio2>");
        break;
    default:
        put_code(out, "00");
    }
}

static void take_step(const shk_http_request *rq) {
    int step = desk_step_of(rq);
    bool asked = step == 3 && orca_desk.asks && !asks(rq, S("Select_Answer", "Ok"));
    if (step == 2) {
        orca_desk.checked_now = asks(rq, "990010");
        orca_desk.checked_aid = asks(rq, "51990019");
    } else if (step == 3 && orca_desk.locked && !asked) {
        orca_desk.now = orca_desk.now || orca_desk.checked_now;
        orca_desk.aid = orca_desk.aid || orca_desk.checked_aid;
    }
    orca_desk.locked = step == 1 || (orca_desk.locked && (step == 2 || asked));
}

void desk_take(const shk_http_request *rq) {
    enum desk_call call = desk_call_of(rq);
    if (call == DESK_REGISTER) {
        orca_desk.registered++;
        orca_desk.here = true;
    }
    if (call == DESK_REGISTER || call == DESK_FIRST) {
        orca_desk.now = orca_desk.now || asks(rq, "990010");
        orca_desk.aid = orca_desk.aid || asks(rq, "51990019");
    }
    if (call == DESK_V32) {
        take_step(rq);
    }
}
