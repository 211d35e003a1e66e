/* patientmodv2 class=02 replaces everything from the name to the comments: what ORCA holds is sent
 * back, and only name, kana and address are the document's. */
#include <string.h>

#include "orca_deliver.h"

static const char *said(const char *now, const char *held) {
    return now[0] != '\0' ? now : held;
}

static void put_address(struct orca_out *out, const struct orca_work *w, const orca_node *held) {
    static const char *const kept[] = {"PhoneNumber1", "PhoneNumber2"};
    int moved = w->want.address1[0] != '\0';
    orca_put_open(out, "Home_Address_Information", "record");
    orca_put(out, "Address_ZipCode", moved ? w->want.zip : w->have.zip);
    orca_put(out, "WholeAddress1", moved ? w->want.address1 : w->have.address1);
    orca_put(out, "WholeAddress2", moved ? w->want.address2 : w->have.address2);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        orca_put_copy(out, orca_find(orca_find(held, "Home_Address_Information"), kept[i]));
    }
    orca_put_close(out, "Home_Address_Information");
}

static void put_kept(struct orca_out *out, const orca_node *held, const char *const *names,
                     size_t n) {
    for (size_t i = 0; i < n; i++) {
        orca_put_copy(out, orca_find(held, names[i]));
    }
}

static void make_request(struct orca_out *out, const struct orca_work *w, const orca_node *held) {
    static const char *const before[] = {"HouseHolder_WholeName", "Relationship", "Occupation",
                                         "CellularNumber",        "FaxNumber",    "EmailAddress"};
    static const char *const after[] = {"WorkPlace_Information",
                                        "Contraindication1",
                                        "Contraindication2",
                                        "Allergy1",
                                        "Allergy2",
                                        "Infection1",
                                        "Infection2",
                                        "Comment1",
                                        "Comment2"};
    orca_put_open(out, "data", NULL);
    orca_put_open(out, "patientmodreq", "record");
    orca_put(out, "Mod_Key", "1");
    orca_put(out, "Patient_ID", w->have.id);
    orca_put(out, "WholeName", said(w->want.name, w->have.name));
    orca_put(out, "WholeName_inKana", said(w->want.kana, w->have.kana));
    orca_put(out, "BirthDate", w->have.birth);
    orca_put(out, "Sex", w->have.sex);
    put_kept(out, held, before, sizeof before / sizeof before[0]);
    put_address(out, w, held);
    put_kept(out, held, after, sizeof after / sizeof after[0]);
    orca_put_close(out, "patientmodreq");
    orca_put_close(out, "data");
}

/* Replacing it with the same again does no harm: a lost answer is tried again another time. */
static int32_t post_person(struct orca_work *w, const orca_node *held) {
    struct orca_out body = {0};
    struct orca_answer a;
    const shk_services *sv = w->h->sv;
    make_request(&body, w, held);
    int32_t rc = sv->note(sv->self, "patientmodv2 class=02");
    if (rc != SHK_OK) {
        orca_out_clear(&body);
        return rc;
    }
    rc = orca_post_patiently(w->h, ORCA_PERSON, "", body.failed ? NULL : body.p, body.n, &a);
    if (rc != SHK_OK) {
        rc = orca_fail_call(w->h, rc, &a, 0);
    } else if (!orca_is_done(&a)) {
        rc = orca_fail_code(w->h, &a, "");
    }
    orca_answer_clear(&a);
    orca_out_clear(&body);
    return rc;
}

int32_t orca_update_person(struct orca_work *w) {
    struct orca_answer a;
    int32_t rc = orca_get_patient(w->h, w->have.id, &a);
    if (rc != SHK_OK) {
        rc = orca_fail_call(w->h, rc, &a, 0);
    } else if (!orca_is_done(&a)) {
        rc = orca_fail_code(w->h, &a, "");
    } else if (!orca_is_patient(a.node, "Patient_Information/Patient_ID", w->have.id)) {
        rc = orca_fail_call(w->h, SHK_E_HOST_ANSWER, &a, 0);
    } else {
        rc = post_person(w, orca_find(a.node, "Patient_Information"));
    }
    orca_answer_clear(&a);
    return rc;
}
