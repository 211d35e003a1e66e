#include "orca_person.h"

#include <string.h>

#define OPEN_END "9999-12-31"

struct wanted {
    const char *path;
    char *to;
    size_t cap;
};

#define WANT(path, field)                                                                          \
    { path, field, sizeof(field) }

static int take_all(const orca_node *node, const struct wanted *w, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!orca_value(node, w[i].path, w[i].to, w[i].cap)) {
            return 0;
        }
    }
    return 1;
}

static int fill_open_end(char end[ORCA_DATE_MAX]) {
    return end[0] != '\0' || orca_copy(end, ORCA_DATE_MAX, OPEN_END);
}

static int read_aid(const orca_node *node, struct orca_aid *out) {
    const struct wanted all[] = {WANT("PublicInsurance_Id", out->id),
                                 WANT("PublicInsurance_Class", out->kind),
                                 WANT("PublicInsurer_Number", out->payer),
                                 WANT("PublicInsuredPerson_Number", out->recipient),
                                 WANT("Certificate_IssuedDate", out->start),
                                 WANT("Certificate_ExpiredDate", out->end),
                                 WANT("Certificate_CheckDate", out->checked)};
    return take_all(node, all, sizeof all / sizeof all[0]) && fill_open_end(out->end);
}

static int read_card(const orca_node *node, struct orca_card *out) {
    const struct wanted all[] = {WANT("InsuranceProvider_Id", out->id),
                                 WANT("InsuranceProvider_Class", out->kind),
                                 WANT("InsuranceProvider_Number", out->insurer),
                                 WANT("HealthInsuredPerson_Symbol", out->symbol),
                                 WANT("HealthInsuredPerson_Number", out->number),
                                 WANT("HealthInsuredPerson_Branch_Number", out->branch),
                                 WANT("HealthInsuredPerson_Continuation", out->continuation),
                                 WANT("HealthInsuredPerson_Assistance", out->assistance),
                                 WANT("RelationToInsuredPerson", out->relation),
                                 WANT("HealthInsuredPerson_WholeName", out->insured),
                                 WANT("Certificate_StartDate", out->start),
                                 WANT("Certificate_ExpiredDate", out->end),
                                 WANT("Certificate_GetDate", out->got),
                                 WANT("Certificate_CheckDate", out->checked)};
    return take_all(node, all, sizeof all / sizeof all[0]) && fill_open_end(out->end);
}

static int is_listed_aid(const struct orca_person *p, const struct orca_aid *aid) {
    for (size_t i = 0; i < p->aids_n; i++) {
        if (orca_same_aid(&p->aids[i], aid) && strcmp(p->aids[i].start, aid->start) == 0) {
            return 1;
        }
    }
    return 0;
}

static int add_aid(struct orca_person *p, const orca_node *node) {
    struct orca_aid aid;
    if (!read_aid(node, &aid)) {
        return 0;
    }
    if ((aid.payer[0] == '\0' && aid.kind[0] == '\0') || is_listed_aid(p, &aid)) {
        return 1;
    }
    if (p->aids_n == ORCA_AIDS_MAX) {
        return 0;
    }
    p->aids[p->aids_n++] = aid;
    return 1;
}

static int is_listed_card(const struct orca_person *p, const struct orca_card *card) {
    for (size_t i = 0; i < p->cards_n; i++) {
        const struct orca_card *c = &p->cards[i];
        if (orca_same_card(c, card) && strcmp(c->start, card->start) == 0 &&
            strcmp(c->id, card->id) == 0) {
            return 1;
        }
    }
    return 0;
}

static int add_aids(struct orca_person *p, const orca_node *list) {
    for (const orca_node *at = orca_first(list); at != NULL; at = orca_next(at)) {
        if (!add_aid(p, at)) {
            return 0;
        }
    }
    return 1;
}

static int add_card(struct orca_person *p, const orca_node *node) {
    struct orca_card card;
    if (!read_card(node, &card) || !add_aids(p, orca_find(node, "PublicInsurance_Information"))) {
        return 0;
    }
    if ((card.insurer[0] == '\0' && card.kind[0] == '\0') || is_listed_card(p, &card)) {
        return 1;
    }
    if (p->cards_n == ORCA_CARDS_MAX) {
        return 0;
    }
    p->cards[p->cards_n++] = card;
    return 1;
}

static int add_cards(struct orca_person *p, const orca_node *list) {
    for (const orca_node *at = orca_first(list); at != NULL; at = orca_next(at)) {
        if (!add_card(p, at)) {
            return 0;
        }
    }
    return 1;
}

static int read_base(const orca_node *node, struct orca_person *out) {
    const struct wanted all[] = {WANT("Patient_ID", out->id),
                                 WANT("WholeName", out->name),
                                 WANT("WholeName_inKana", out->kana),
                                 WANT("BirthDate", out->birth),
                                 WANT("Sex", out->sex),
                                 WANT("NickName", out->alias),
                                 WANT("Home_Address_Information/Address_ZipCode", out->zip),
                                 WANT("Home_Address_Information/WholeAddress1", out->address1),
                                 WANT("Home_Address_Information/WholeAddress2", out->address2)};
    memset(out, 0, sizeof *out);
    return take_all(node, all, sizeof all / sizeof all[0]);
}

/* A request has one insurance as a record, an answer a list. */
int orca_person_read(const orca_node *node, struct orca_person *out) {
    if (!read_base(node, out)) {
        return 0;
    }
    const orca_node *cards = orca_find(node, "HealthInsurance_Information");
    int is_list = cards == NULL || orca_is(orca_first(cards), "HealthInsurance_Information_child");
    return (is_list ? add_cards(out, cards) : add_card(out, cards)) &&
           add_aids(out, orca_find(node, "PublicInsurance_Information"));
}

int orca_person_read_v3(const orca_node *node, struct orca_person *out) {
    const orca_node *base = orca_find(node, "Patient_Information");
    return read_base(base, out) &&
           add_cards(out, orca_find(node, "HealthInsurance_Information/HealthInsurance_Info")) &&
           add_aids(out, orca_find(node, "PublicInsurance_Information/PublicInsurance_Info"));
}

size_t orca_rows(const orca_node *node) {
    static const char *const lists[] = {"HealthInsurance_Information/HealthInsurance_Info",
                                        "PublicInsurance_Information/PublicInsurance_Info"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const orca_node *at = orca_first(orca_find(node, lists[i]));
        for (; at != NULL; at = orca_next(at)) {
            n += (size_t)orca_has_text(at);
        }
    }
    return n;
}
