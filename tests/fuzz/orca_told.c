#include "orca_told.h"

#include <string.h>

#include "orca_desk.h"

struct orca_told told;

const orca_node *told_node(const struct orca_xml *xml) {
    return xml != NULL ? orca_first(orca_xml_root(xml)) : NULL;
}

struct orca_xml *told_read(const uint8_t *p, size_t n) {
    struct orca_xml *xml = NULL;
    (void)orca_xml_read(p, (uint32_t)n, &xml);
    return xml;
}

static bool is_done(const char *code) {
    size_t n = strlen(code);
    return (n > 0 && strspn(code, "0") == n) || strcmp(code, "W00") == 0 ||
           (n == 2 && code[0] == 'K' && code[1] >= '0' && code[1] <= '9');
}

static bool is_one_of(const char *code, const char *list) {
    const char *at = strstr(list, code);
    size_t n = strlen(code);
    return n > 0 && at != NULL && (at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0');
}

static void keep(int which, struct orca_xml **xml) {
    orca_xml_free(&told.kept[which]);
    told.kept[which] = *xml;
    *xml = NULL;
}

static bool is_the_person(const orca_node *node) {
    static const char *const all[][2] = {{"WholeName", "見本　花子"},
                                         {"WholeName_inKana", "ミホン　ハナコ"},
                                         {"BirthDate", "1985-03-02"},
                                         {"Sex", "2"}};
    bool same = true;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[64];
        same = same &&
               orca_value(orca_find(node, "Patient_Information"), all[i][0], text, sizeof text) &&
               strcmp(text, all[i][1]) == 0;
    }
    return same;
}

static void take_reading(enum desk_call call, const char *code, struct orca_xml **xml) {
    bool done = is_done(code);
    if (call == DESK_LIST) {
        told.unread = told.unread || !(done || is_one_of(code, "10 20 21 90 E90 E9999"));
        return;
    }
    told.unread = told.unread || !(done || strcmp(code, "10") == 0);
    told.seen = told.seen || done;
    told.person = told.person || (done && is_the_person(told_node(*xml)));
    keep(OF_GET, xml);
}

static void take_writing(enum desk_call call, const char *code, bool lost, const orca_node *node) {
    char id[24];
    told.written = is_done(code);
    told.seen = false;
    if (call == DESK_REGISTER) {
        told.sent_new = told.written || lost;
        told.done_new = told.written &&
                        orca_value(node, "Patient_Information/Patient_ID", id, sizeof id) &&
                        id[0] != '\0';
    }
}

static void take_step(int step, const char *code, bool lost, struct orca_xml **xml) {
    told.asked = strcmp(code, "S20") == 0;
    if (step == 1) {
        bool busy = is_one_of(code, "90 E90 E9999");
        told.locked = orca_value(told_node(*xml), "Orca_Uid", told.lock, sizeof told.lock) &&
                      told.lock[0] != '\0' && !busy;
        told.seen = is_done(code) || strcmp(code, "E50") == 0;
        keep(OF_LOCK, xml);
    } else if (step == 2) {
        keep(OF_CHECK, xml);
    } else if (step == 3) {
        take_writing(DESK_V32, code, lost, NULL);
    }
    told.locked = told.locked && step != 99 && !(step == 3 && told.written);
}

static void code_of(const struct orca_xml *xml, char code[12]) {
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (!orca_value(told_node(xml), "Api_Result", code, 12) ||
        strspn(code, letters) != strlen(code)) {
        code[0] = '\0';
    }
}

void told_take(const shk_http_request *rq, const struct reply *reply) {
    enum desk_call call = desk_call_of(rq);
    bool whole = reply->rc == SHK_OK && reply->status == 200;
    char code[12] = "";
    struct orca_xml *xml = whole ? told_read((const uint8_t *)reply->body, reply->n) : NULL;
    code_of(xml, code);
    bool lost = code[0] == '\0' && (reply->rc == SHK_OK ? whole || reply->status >= 500
                                                        : reply->rc == SHK_E_DELIVERY_UNSURE ||
                                                              reply->rc == SHK_E_HOST_ANSWER);
    if (call == DESK_GET || call == DESK_LIST) {
        take_reading(call, code, &xml);
    } else if (call == DESK_V32) {
        take_step(desk_step_of(rq), code, lost, &xml);
    } else {
        take_writing(call, code, lost, told_node(xml));
    }
    orca_xml_free(&xml);
}

void told_end(void) {
    for (int i = 0; i < KEPT; i++) {
        orca_xml_free(&told.kept[i]);
    }
    told = (struct orca_told){.unread = false};
}
