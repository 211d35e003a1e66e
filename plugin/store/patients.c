#include "patients.h"

#include <stdlib.h>
#include <string.h>

#include "store_parts.h"
#include "text.h"

#define VERSION    1
#define VALUES_MAX 1024

/* Number, then path, answer and host of every spelling, each with its terminator. */
struct memory {
    struct known_patient patient; /* values borrowed from `packed` */
    struct known_value *values;
    struct bytes packed;
};

static void clear_memory(struct memory *m) {
    bytes_clear(&m->packed);
    free(m->values);
    memory_wipe(m, sizeof *m);
}

static const char *next_text(const struct bytes *packed, size_t *at) {
    const char *text = (const char *)packed->p + *at;
    const char *end = *at < packed->n ? memchr(text, 0, packed->n - *at) : NULL;
    if (end != NULL) {
        *at += (size_t)(end - text) + 1;
    }
    return end != NULL ? text : NULL;
}

static bool unpack(struct memory *m) {
    size_t at = 1;
    if (m->packed.n == 0 || m->packed.p[0] != VERSION) {
        return false;
    }
    const char *id = next_text(&m->packed, &at);
    if (id == NULL || text_copy(m->patient.id, sizeof m->patient.id, id) >= sizeof m->patient.id) {
        return false;
    }
    while (at < m->packed.n && m->patient.n < VALUES_MAX) {
        struct known_value v;
        v.path = next_text(&m->packed, &at);
        v.answer = next_text(&m->packed, &at);
        v.host = next_text(&m->packed, &at);
        if (v.path == NULL || v.answer == NULL || v.host == NULL) {
            return false;
        }
        m->values[m->patient.n++] = v;
    }
    return at == m->packed.n;
}

static int32_t read_memory(struct store *store, const char *row, struct db_value sealed,
                           struct memory *m, struct fault *why) {
    char place[PLACE_LEN];
    *m = (struct memory){0};
    m->values = calloc(VALUES_MAX, sizeof *m->values);
    if (m->values == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    m->patient.values = m->values;
    store_place(place, "patient", row, "sealed");
    int32_t rc = store_unseal(store, place, sealed, &m->packed, why);
    return rc == SHK_OK && !unpack(m) ? fault_raise(why, SHK_E_STORE_SEALED) : rc;
}

static int32_t append_value(struct bytes *out, const struct known_value *v) {
    int32_t rc = bytes_append(out, v->path, strlen(v->path) + 1);
    rc = rc == SHK_OK ? bytes_append(out, v->answer, strlen(v->answer) + 1) : rc;
    return rc == SHK_OK ? bytes_append(out, v->host, strlen(v->host) + 1) : rc;
}

static bool has_value(const struct known_patient *patient, const struct known_value *v) {
    for (size_t i = 0; i < patient->n; i++) {
        if (text_equal(patient->values[i].path, v->path) &&
            text_equal(patient->values[i].answer, v->answer)) {
            return true;
        }
    }
    return false;
}

/* What is new, and behind it the older spellings that it does not replace. */
static int32_t pack(const struct known_patient *patient, const struct known_patient *older,
                    struct bytes *out) {
    size_t n = patient->n;
    int32_t rc = bytes_append_byte(out, VERSION);
    rc = rc == SHK_OK ? bytes_append(out, patient->id, strlen(patient->id) + 1) : rc;
    for (size_t i = 0; rc == SHK_OK && i < patient->n; i++) {
        rc = append_value(out, &patient->values[i]);
    }
    for (size_t i = 0; rc == SHK_OK && i < older->n && n < VALUES_MAX; i++) {
        if (!has_value(patient, &older->values[i])) {
            rc = append_value(out, &older->values[i]);
            n++;
        }
    }
    return rc;
}

struct remembering {
    const char *target, *person, *card;
    const struct known_patient *patient;
    char row[TAG_LEN]; /* found by target and patient number */
};

/* Somebody who was taken for another patient of that host before: same person, same entitlement. */
static int32_t remove_other(struct store *store, const struct remembering *r, struct fault *why) {
    const struct db_value values[] = {db_text(r->target), db_text(r->person), db_text(r->card),
                                      db_text(r->row)};
    return store_change(store,
                        "DELETE FROM patient WHERE target = $1 AND person = $2 AND card = $3"
                        " AND id <> $4",
                        values, 4, NULL, why);
}

static int32_t read_older(struct store *store, const struct remembering *r, struct memory *older,
                          struct fault *why) {
    struct found found = {0};
    char sql[96];
    const struct db_value values[] = {db_text(r->row)};
    text_format(sql, sizeof sql, "SELECT sealed FROM patient WHERE id = $1%s",
                store_lock_words(store, " FOR UPDATE"));
    int32_t rc = store_find(store, sql, values, 1, &found, why);
    if (rc == SHK_OK && found.rows > 0) {
        rc = read_memory(store, r->row, found_bytes(&found, 0, 0), older, why);
    }
    found_clear(&found);
    return rc;
}

static int32_t put_row(struct store *store, const struct remembering *r, const struct bytes *packed,
                       struct fault *why) {
    struct bytes sealed = {0};
    char place[PLACE_LEN];
    int64_t now_s = 0;
    store_place(place, "patient", r->row, "sealed");
    int32_t rc = store_now(store, &now_s, why);
    rc = rc == SHK_OK ? seal(store->ring, place, packed->p, packed->n, &sealed, why) : rc;
    if (rc == SHK_OK) {
        const struct db_value values[] = {
            db_text(r->row),  db_text(r->target),           db_text(r->person),
            db_text(r->card), db_bytes(sealed.p, sealed.n), db_int(now_s)};
        rc = store_change(store,
                          "INSERT INTO patient (id, target, person, card, sealed, seen_s)"
                          " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET"
                          " person = excluded.person, card = excluded.card,"
                          " sealed = excluded.sealed, seen_s = excluded.seen_s",
                          values, 6, NULL, why);
    }
    bytes_clear(&sealed);
    return rc;
}

static int32_t remember_steps(struct store *store, void *self, struct fault *why) {
    const struct remembering *r = self;
    struct memory older = {0};
    struct bytes packed = {0};
    int32_t rc = remove_other(store, r, why);
    rc = rc == SHK_OK ? read_older(store, r, &older, why) : rc;
    if (rc == SHK_OK && pack(r->patient, &older.patient, &packed) != SHK_OK) {
        rc = fault_raise(why, SHK_E_MEMORY);
    }
    rc = rc == SHK_OK ? put_row(store, r, &packed, why) : rc;
    clear_memory(&older);
    bytes_clear(&packed);
    return rc;
}

static int32_t name_row(const struct store *store, struct remembering *r) {
    struct bytes text = {0};
    int32_t rc = bytes_append(&text, r->target, strlen(r->target) + 1);
    rc = rc == SHK_OK ? bytes_append_text(&text, r->patient->id) : rc;
    rc = rc == SHK_OK ? seal_tag(store->ring, "patient row", text.p, text.n, r->row) : rc;
    bytes_clear(&text);
    return rc;
}

static bool is_text(const char *text) {
    return text != NULL && utf8_valid(text, strlen(text));
}

static bool is_tag(const char *tag) {
    return strnlen(tag, TAG_LEN) < TAG_LEN;
}

static bool fits(const struct known_patient *patient) {
    bool good = patient->id[0] != '\0' && patient->n <= VALUES_MAX;
    for (size_t i = 0; good && i < patient->n; i++) {
        const struct known_value *v = &patient->values[i];
        good = is_text(v->path) && is_text(v->answer) && is_text(v->host);
    }
    return good;
}

int32_t patients_remember(struct store *store, const char *target, const char *person,
                          const char *card, const struct known_patient *patient,
                          struct fault *why) {
    struct remembering r = {.target = target, .person = person, .card = card, .patient = patient};
    if (!fits(patient) || !is_tag(target) || !is_tag(person) || !is_tag(card)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = name_row(store, &r);
    return rc == SHK_OK ? store_write(store, remember_steps, &r, why) : fault_raise(why, rc);
}

struct recalling {
    const char *target, *person, *card;
    int64_t now_s;
    struct found found;
};

static int32_t recall_steps(struct store *store, void *self, struct fault *why) {
    struct recalling *r = self;
    const struct db_value values[] = {db_text(r->target), db_text(r->person), db_text(r->card)};
    int32_t rc = store_now(store, &r->now_s, why);
    return rc == SHK_OK
               ? store_find(store,
                            "SELECT id, sealed, card, seen_s FROM patient WHERE target = $1"
                            " AND ((person = $2 AND person <> '') OR (card = $3 AND card <> ''))"
                            " ORDER BY seen_s DESC, id",
                            values, 3, &r->found, why)
               : rc;
}

static int32_t seen_steps(struct store *store, void *self, struct fault *why) {
    const struct recalling *r = self;
    const struct db_value values[] = {db_int(r->now_s), db_text(r->target), db_text(r->person),
                                      db_text(r->card)};
    return store_change(store,
                        "UPDATE patient SET seen_s = $1 WHERE target = $2"
                        " AND ((person = $3 AND person <> '') OR (card = $4 AND card <> ''))",
                        values, 4, NULL, why);
}

static bool is_stale(const struct recalling *r) {
    for (size_t i = 0; i < r->found.rows; i++) {
        int64_t age_s = r->now_s - found_int(&r->found, i, 3);
        if (age_s >= DAY_S || age_s < 0) {
            return true;
        }
    }
    return false;
}

static int32_t tell_row(struct store *store, const struct recalling *r, size_t at,
                        int32_t (*each)(void *self, const struct known_patient *patient,
                                        bool by_card, struct fault *why),
                        void *self, struct fault *why) {
    struct memory m = {0};
    char row[TAG_LEN], card[TAG_LEN];
    if (!found_text(&r->found, at, 0, row, sizeof row) ||
        !found_text(&r->found, at, 2, card, sizeof card)) {
        return fault_set(why, SHK_E_STORE_BROKEN, 0, 0, "patient");
    }
    int32_t rc = read_memory(store, row, found_bytes(&r->found, at, 1), &m, why);
    rc = rc == SHK_OK ? each(self, &m.patient, card[0] != '\0' && text_equal(card, r->card), why)
                      : rc;
    clear_memory(&m);
    return rc;
}

int32_t patients_recall(struct store *store, const char *target, const char *person,
                        const char *card,
                        int32_t (*each)(void *self, const struct known_patient *patient,
                                        bool by_card, struct fault *why),
                        void *self, struct fault *why) {
    struct recalling r = {.target = target, .person = person, .card = card};
    int32_t rc = store_read(store, recall_steps, &r, why);
    if (rc == SHK_OK && is_stale(&r)) {
        /* Only keeps them from being purged: what is known is told in any case. */
        (void)store_write(store, seen_steps, &r, NULL);
    }
    for (size_t i = 0; rc == SHK_OK && i < r.found.rows; i++) {
        rc = tell_row(store, &r, i, each, self, why);
    }
    found_clear(&r.found);
    return rc;
}
