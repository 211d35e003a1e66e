/* Searching by name and birth date. */
#include <string.h>

#include "orca_find.h"

static void add_id(struct orca_found *found, const char *id) {
    for (size_t i = 0; i < found->n; i++) {
        if (strcmp(found->ids[i], id) == 0) {
            return;
        }
    }
    if (!orca_id_usable(id)) {
        return;
    }
    if (found->n == ORCA_FOUND_MAX) {
        found->more = 1;
        return;
    }
    orca_copy(found->ids[found->n++], ORCA_ID_MAX, id);
}

/* 0 when the list says "done" and has nobody: such an answer is not to be trusted. */
static int add_list(struct orca_found *found, const struct orca_answer *a) {
    size_t listed = 0;
    const orca_node *at = orca_first(orca_find(a->node, "Patient_Information"));
    for (; at != NULL; at = orca_next(at)) {
        char id[ORCA_ID_MAX];
        if (orca_value(at, "Patient_ID", id, sizeof id) && id[0] != '\0') {
            add_id(found, id);
            listed++;
        }
    }
    return listed > 0;
}

static void put_question(struct orca_out *out, const char *name, const char *birth) {
    orca_put_open(out, "data", NULL);
    orca_put_open(out, "patientlst3req", "record");
    orca_put(out, "WholeName", name);
    orca_put(out, "Birth_StartDate", birth);
    orca_put(out, "Birth_EndDate", birth);
    orca_put_close(out, "patientlst3req");
    orca_put_close(out, "data");
}

/* More than 100 namesakes: code 21, perhaps without a list. */
static int32_t take_list(struct shk_host *h, struct orca_found *found,
                         const struct orca_answer *a) {
    if (a->meaning == ORCA_NOBODY) {
        return SHK_OK;
    }
    if (!orca_is_done(a)) {
        return orca_fail_code(h, a, "");
    }
    found->more |= a->meaning == ORCA_DONE_WARNING;
    if (add_list(found, a)) {
        return SHK_OK;
    }
    return a->meaning == ORCA_DONE_WARNING ? orca_fail_code(h, a, "")
                                           : orca_fail_call(h, SHK_E_HOST_ANSWER, a, 0);
}

/* Names are matched from their beginning; a date narrows when there is one. */
static int32_t ask(struct shk_host *h, const char *name, const char *birth,
                   struct orca_found *found) {
    struct orca_out body = {0};
    struct orca_answer a;
    put_question(&body, name, birth);
    int32_t rc = orca_post_patiently(h, ORCA_LIST, "", body.failed ? NULL : body.p, body.n, &a);
    rc = rc == SHK_OK ? take_list(h, found, &a) : orca_fail_call(h, rc, &a, 0);
    orca_answer_clear(&a);
    orca_out_clear(&body);
    return rc;
}

/* A beginning of n bytes, after `before`. */
static int32_t ask_part(struct shk_host *h, const char *before, const char *name, size_t n,
                        const char *birth, struct orca_found *found) {
    char part[ORCA_TEXT_MAX + 2];
    size_t m = strlen(before);
    memcpy(part, before, m);
    memcpy(part + m, name, n);
    part[m + n] = '\0';
    int32_t rc = n > 0 ? ask(h, part, birth, found) : SHK_OK;
    orca_wipe(part, sizeof part);
    return rc;
}

static int32_t ask_family(struct shk_host *h, const char *name, const char *birth,
                          struct orca_found *found) {
    size_t n = 0;
    orca_second_part(name, &n);
    return ask_part(h, "", name, n, birth, found);
}

/* Somebody who married has another family name: "*" asks for the given name. */
static int32_t ask_given(struct shk_host *h, const struct orca_sought *who,
                         struct orca_found *found) {
    size_t n = 0;
    const char *given = orca_second_part(who->kana, &n);
    if (h->set.skips_given || given == NULL) {
        return SHK_OK;
    }
    return ask_part(h, "*", given, strlen(given), who->birth, found);
}

static int askable(const char *name) {
    return name[0] != '\0' && !orca_has_missing(name);
}

static int32_t by_birth(struct shk_host *h, const struct orca_sought *who,
                        struct orca_found *found) {
    int32_t rc = SHK_OK;
    if (askable(who->name)) {
        rc = ask_family(h, who->name, who->birth, found);
    }
    if (rc == SHK_OK && askable(who->kana)) {
        rc = ask_part(h, "", who->kana, orca_sure_kana(who->kana), who->birth, found);
    }
    if (rc == SHK_OK && askable(who->kana)) {
        rc = ask_given(h, who, found);
    }
    if (rc == SHK_OK && askable(who->alias)) {
        rc = ask_family(h, who->alias, who->birth, found);
    }
    return rc;
}

/* The birth date at the host may be wrong. */
static int32_t by_name(struct shk_host *h, const struct orca_sought *who,
                       struct orca_found *found) {
    int32_t rc = SHK_OK;
    if (askable(who->name)) {
        rc = ask(h, who->name, "", found);
    }
    if (rc == SHK_OK && askable(who->kana)) {
        rc = ask(h, who->kana, "", found);
    }
    return rc;
}

int32_t orca_search(struct shk_host *h, const struct orca_sought *who, struct orca_found *out) {
    int32_t rc = SHK_OK;
    memset(out, 0, sizeof *out);
    if (who->number[0] != '\0') {
        add_id(out, who->number);
    }
    if (who->birth[0] != '\0') {
        rc = by_birth(h, who, out);
    }
    return rc == SHK_OK ? by_name(h, who, out) : rc;
}
