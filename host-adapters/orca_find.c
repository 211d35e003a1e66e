#include "orca_find.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 20

static const char *asked_for(const shk_field *asked, uint32_t n, const char *path) {
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(asked[i].to, path) == 0 && asked[i].value != NULL) {
            return asked[i].value;
        }
    }
    return "";
}

static void seek(struct orca_sought *who, const shk_field *asked, uint32_t n) {
    const char *number = asked_for(asked, n, "reference_number");
    const char *birth = asked_for(asked, n, "birth_date");
    memset(who, 0, sizeof *who);
    if (orca_id_usable(number)) {
        orca_copy(who->number, sizeof who->number, number);
    }
    if (orca_is_date(birth)) {
        orca_copy(who->birth, sizeof who->birth, birth);
    }
    orca_widen(asked_for(asked, n, "name"), who->name, sizeof who->name);
    orca_widen(asked_for(asked, n, "name_kana"), who->kana, sizeof who->kana);
    orca_widen(asked_for(asked, n, "name_other"), who->alias, sizeof who->alias);
}

struct told {
    shk_field at[VALUES_MAX];
    uint32_t n;
};

static void tell(struct told *values, const char *path, const char *value) {
    if (value[0] != '\0' && values->n < VALUES_MAX) {
        values->at[values->n++] = (shk_field){path, value};
    }
}

static int is_newer(const struct orca_card *a, const struct orca_card *b) {
    int end = strcmp(a->end, b->end);
    return end != 0 ? end > 0 : strcmp(a->start, b->start) > 0;
}

static int is_asked(const struct orca_card *c, const shk_field *asked, uint32_t n) {
    return orca_same_number(c->insurer, asked_for(asked, n, "insurer_number")) &&
           orca_same_number(c->symbol, asked_for(asked, n, "symbol")) &&
           orca_same_number(c->number, asked_for(asked, n, "number"));
}

/* The insurance that is asked about, else the one that is valid longest; null when there is none. */
static const struct orca_card *card_of(const struct orca_person *p, const shk_field *asked,
                                       uint32_t n) {
    const struct orca_card *best = NULL;
    int best_asked = 0;
    for (size_t i = 0; i < p->cards_n; i++) {
        const struct orca_card *c = &p->cards[i];
        int now = is_asked(c, asked, n);
        if (c->insurer[0] != '\0' &&
            (best == NULL || now > best_asked || (now == best_asked && is_newer(c, best)))) {
            best = c;
            best_asked = now;
        }
    }
    return best;
}

static const char *word_of(const char *code, const char *one, const char *two) {
    return strcmp(code, "1") == 0 ? one : strcmp(code, "2") == 0 ? two : "";
}

static void tell_card(struct told *values, const struct orca_card *c) {
    tell(values, "insurer_number", c->insurer);
    tell(values, "symbol", c->symbol);
    tell(values, "number", c->number);
    tell(values, "branch_number", c->branch);
    tell(values, "relation", word_of(c->relation, "self", "family"));
    tell(values, "insured_name", c->insured);
    tell(values, "valid_from", c->start);
    tell(values, "valid_until", strcmp(c->end, "9999-12-31") != 0 ? c->end : "");
    tell(values, "qualification_date", c->got);
}

/* Of somebody with medical aid alone the answer has its numbers in the same places. */
static void tell_aid(struct told *values, const struct orca_aid *a) {
    tell(values, "insurer_number", a->payer);
    tell(values, "number", a->recipient);
    tell(values, "valid_from", a->start);
    tell(values, "valid_until", strcmp(a->end, "9999-12-31") != 0 ? a->end : "");
}

static const struct orca_aid *aid_of(const struct orca_person *p, const shk_field *asked,
                                     uint32_t n) {
    for (size_t i = 0; i < p->aids_n; i++) {
        const struct orca_aid *a = &p->aids[i];
        if (a->payer[0] != '\0' &&
            orca_same_number(a->payer, asked_for(asked, n, "insurer_number")) &&
            orca_same_number(a->recipient, asked_for(asked, n, "number"))) {
            return a;
        }
    }
    return NULL;
}

static int32_t report(const struct orca_person *p, const shk_field *asked, uint32_t n,
                      shk_patient_found found, void *who) {
    struct told values = {.n = 0};
    char address[2 * ORCA_TEXT_MAX];
    size_t first = strlen(p->address1);
    memcpy(address, p->address1, first);
    orca_copy(address + first, sizeof address - first, p->address2);
    tell(&values, "name", p->name);
    tell(&values, "name_kana", p->kana);
    tell(&values, "name_other", p->alias);
    tell(&values, "birth_date", p->birth);
    tell(&values, "sex", word_of(p->sex, "male", "female"));
    tell(&values, "postal_code", p->zip);
    tell(&values, "address", address);
    const struct orca_aid *aid = aid_of(p, asked, n);
    const struct orca_card *card = card_of(p, asked, n);
    if (aid != NULL) {
        tell_aid(&values, aid);
    } else if (card != NULL) {
        tell_card(&values, card);
    }
    int32_t rc = found(who, p->id, values.at, values.n);
    orca_wipe(address, sizeof address);
    return rc;
}

/* 12 and 00012 are one patient: what was read before stands in the list as ORCA writes it. */
static int is_reported(const struct orca_found *ids, size_t before, const char *id) {
    for (size_t i = 0; i < before; i++) {
        if (strcmp(ids->ids[i], id) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Somebody who was deleted meanwhile, or a number of another program, is nobody. */
static int32_t read_and_report(shk_host *h, struct orca_found *ids, size_t i, struct orca_person *p,
                               const shk_field *asked, uint32_t n, shk_patient_found found,
                               void *who) {
    char today[ORCA_DATE_MAX];
    if (h->sv->stopping(h->sv->self)) {
        return orca_fail(h, SHK_E_CANCELLED, "");
    }
    int32_t rc = orca_read_patient(h, ids->ids[i], p, today);
    if (rc == SHK_E_ABSENT || (rc == SHK_OK && is_reported(ids, i, p->id))) {
        return SHK_OK;
    }
    orca_copy(ids->ids[i], sizeof ids->ids[i], p->id);
    return rc == SHK_OK ? report(p, asked, n, found, who) : rc;
}

static int32_t report_all(shk_host *h, struct orca_found *ids, const shk_field *asked, uint32_t n,
                          shk_patient_found found, void *who) {
    int32_t rc = SHK_OK;
    struct orca_person *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return orca_fail(h, SHK_E_MEMORY, "");
    }
    for (size_t i = 0; i < ids->n && rc == SHK_OK; i++) {
        rc = read_and_report(h, ids, i, p, asked, n, found, who);
    }
    orca_wipe(p, sizeof *p);
    free(p);
    return rc;
}

int32_t SHK_CALL orca_find_patients(shk_host *h, const shk_field *asked, uint32_t asked_n,
                                    shk_patient_found found, void *who) {
    struct orca_sought sought;
    struct orca_found ids;
    h->began_ms = h->sv->now_ms(h->sv->self);
    seek(&sought, asked, asked_n);
    int32_t rc = orca_search(h, &sought, &ids);
    if (rc == SHK_OK && ids.more) {
        h->sv->log(h->sv->self, SHK_LOG_WARN, "orca: more candidates than are read",
                   (int32_t)ids.n);
    }
    rc = rc == SHK_OK ? report_all(h, &ids, asked, asked_n, found, who) : rc;
    orca_wipe(&sought, sizeof sought);
    orca_wipe(&ids, sizeof ids);
    return rc;
}
