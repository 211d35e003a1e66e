#include "orca_deliver.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE_TRIES 3
#define SETTLE_MS    1000

static const char *warning_of(const struct orca_answer *a, char room[ORCA_TEXT_MAX]) {
    if (a->meaning == ORCA_DONE_WARNING) {
        return a->code;
    }
    /* Their words may name the patient. */
    if (!orca_value(a->node, "Api_Warning_Message1", room, ORCA_TEXT_MAX) || room[0] != '\0') {
        orca_wipe(room, ORCA_TEXT_MAX);
        return "Api_Warning_Message";
    }
    return "";
}

int32_t orca_receive(struct orca_work *w, const char *place, const char *patient,
                     const struct orca_answer *a) {
    char room[ORCA_TEXT_MAX];
    orca_copy(w->receipt->place, sizeof w->receipt->place, place);
    orca_copy(w->receipt->patient, sizeof w->receipt->patient, patient);
    if (a != NULL) {
        orca_copy(w->receipt->warning, sizeof w->receipt->warning, warning_of(a, room));
    }
    return SHK_OK;
}

static int is_written(struct orca_work *w) {
    return orca_read_patient(w->h, w->d->patient, &w->have, w->today) == SHK_OK &&
           orca_holds(&w->have, &w->want, w->today);
}

int32_t orca_find_out(struct orca_work *w, int (*is_there)(struct orca_work *)) {
    int there = 0;
    w->h->quiet = 1;
    for (int i = 0; i < SETTLE_TRIES && !there; i++) {
        if (i > 0 && !orca_wait(w->h, SETTLE_MS)) {
            break;
        }
        there = is_there(w);
    }
    w->h->quiet = 0;
    return there ? SHK_OK : SHK_E_DELIVERY_UNSURE;
}

int32_t orca_settle(struct orca_work *w, const struct orca_answer *lost, const char *place) {
    int32_t rc = orca_find_out(w, is_written);
    return rc == SHK_OK ? orca_receive(w, place, w->have.id, NULL)
                        : orca_fail_call(w->h, rc, lost, 1);
}

static int32_t read_document(struct orca_work *w) {
    struct orca_xml *xml = NULL;
    int32_t rc = orca_xml_read(w->d->body, w->d->body_len, &xml);
    if (rc == SHK_E_MEMORY) {
        return orca_fail(w->h, rc, "document");
    }
    const orca_node *node = rc == SHK_OK ? orca_first(orca_xml_root(xml)) : NULL;
    int good = 0;
    if (orca_is(node, "patientmodreq")) {
        w->registrable = 1;
        good = orca_person_read(node, &w->want);
    } else if (orca_is(node, "patientmodv3req2")) {
        good = orca_person_read_v3(node, &w->want);
    }
    orca_xml_free(&xml);
    good = good && w->want.cards_n + w->want.aids_n > 0;
    return good ? SHK_OK : orca_fail(w->h, SHK_E_ARGUMENT, "document");
}

static int same_unless_unsaid(const char *now, const char *held,
                              int (*same)(const char *, const char *)) {
    return now[0] == '\0' || same(now, held);
}

static int person_differs(const struct orca_work *w) {
    return w->registrable &&
           (!same_unless_unsaid(w->want.name, w->have.name, orca_same_name) ||
            !same_unless_unsaid(w->want.kana, w->have.kana, orca_same_name) ||
            !same_unless_unsaid(w->want.address1, w->have.address1, orca_same_name));
}

static int32_t settle_insurance(struct orca_work *w) {
    int there = orca_holds(&w->have, &w->want, w->today);
    if (there && !w->h->set.dates_checked) {
        return orca_receive(w, "orca:already there", w->have.id, NULL);
    }
    if (w->registrable && orca_is_uninsured(&w->have) && w->h->set.first == ORCA_FIRST_V2) {
        return orca_add_first(w);
    }
    if (w->h->set.updates && !(orca_is_uninsured(&w->have) && w->h->set.first == ORCA_FIRST_NONE)) {
        return orca_update(w);
    }
    return there ? orca_receive(w, "orca:already there", w->have.id, NULL)
                 : orca_fail(w->h, SHK_E_HOST_REFUSED,
                             w->h->set.updates ? "first_insurance" : "update");
}

/* A number that stands for somebody quite different now is not written to. */
static int32_t to_known(struct orca_work *w) {
    int32_t rc = orca_read_patient(w->h, w->d->patient, &w->have, w->today);
    if (rc == SHK_E_ABSENT) {
        return orca_fail(w->h, SHK_E_HOST_REFUSED, "patientgetv2 10");
    }
    if (rc != SHK_OK) {
        return rc;
    }
    if (w->registrable && !orca_related(&w->want, &w->have)) {
        return orca_fail(w->h, SHK_E_HOST_REFUSED, "patient");
    }
    if (w->h->set.updates_person && person_differs(w)) {
        rc = orca_update_person(w);
        rc = rc == SHK_OK ? orca_read_patient(w->h, w->d->patient, &w->have, w->today) : rc;
    }
    return rc == SHK_OK ? settle_insurance(w) : rc;
}

static int32_t to_new(struct orca_work *w) {
    if (!w->h->set.registers) {
        return orca_fail(w->h, SHK_E_UNDECIDED, "new_patient");
    }
    return w->registrable ? orca_register(w) : orca_fail(w->h, SHK_E_ARGUMENT, "document");
}

static int delivery_usable(const shk_delivery *d) {
    return d->abi == SHK_ADAPTER_ABI && d->struct_size >= sizeof *d && d->format != NULL &&
           d->encoding != NULL && d->patient != NULL && d->note != NULL && d->body != NULL &&
           strcmp(d->format, "xml") == 0 && strcmp(d->encoding, "utf-8") == 0;
}

static int receipt_usable(const shk_receipt *receipt) {
    return receipt->struct_size >= sizeof *receipt;
}

int32_t SHK_CALL orca_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    h->began_ms = h->sv->now_ms(h->sv->self);
    if (!receipt_usable(receipt) || !delivery_usable(d)) {
        return orca_fail(h, SHK_E_ARGUMENT, "delivery");
    }
    receipt->place[0] = receipt->warning[0] = receipt->patient[0] = '\0';
    if (d->patient[0] != '\0' && !orca_id_usable(d->patient)) {
        return orca_fail(h, SHK_E_HOST_REFUSED, "patient");
    }
    struct orca_work *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return orca_fail(h, SHK_E_MEMORY, "document");
    }
    w->h = h;
    w->d = d;
    w->receipt = receipt;
    int32_t rc = read_document(w);
    if (rc == SHK_OK) {
        rc = d->patient[0] != '\0' ? to_known(w) : to_new(w);
    }
    orca_wipe(w, sizeof *w);
    free(w);
    return rc;
}
