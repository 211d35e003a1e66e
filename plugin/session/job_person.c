/* Name, address, birth date and sex from the card, to register somebody without retyping. */
#include <string.h>

#include "answer.h"
#include "attributes.h"
#include "build.h"
#include "flow.h"
#include "japan.h"
#include "pin_wait.h"

struct person {
    struct session *s;
    struct attributes_card *card;
    struct attributes_tries tries;
    struct attributes attributes;
    int64_t kept_at; /* when the card was last spoken to */
    int32_t apdus;   /* until then */
};

static int32_t kind_of_config(const struct session *s) {
    return text_equal(config_text(s->config, "attributes"), "pin") ? SHK_PIN_TEXT : SHK_PIN_CODE_B;
}

int32_t job_person_ready(const struct session *s, struct fault *why) {
    bool off = text_equal(config_text(s->config, "attributes"), "no");
    bool demo = text_equal(config_text(s->config, "card"), "demo");
    return off    ? config_fault(s->config, why, "attributes")
           : demo ? config_fault(s->config, why, "card")
                  : SHK_OK;
}

static void note_tries(struct person *p) {
    struct session *s = p->s;
    int32_t apdus = attributes_apdus(p->card);
    p->kept_at = apdus != p->apdus ? session_now(s) : p->kept_at;
    p->apdus = apdus;
    mutex_lock(s->lock);
    s->values.tries_left = p->tries.left;
    s->values.tries_unlimited = p->tries.unlimited;
    s->values.apdus = apdus;
    mutex_unlock(s->lock);
}

static int32_t open_card(struct person *p, const char *reader, struct fault *why) {
    struct session *s = p->s;
    int64_t started = session_now(s);
    mutex_lock(s->lock);
    text_copy(s->values.reader, sizeof s->values.reader, reader);
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_CARD);
    int32_t rc = attributes_open(p->card, reader, &p->tries, why);
    note_tries(p);
    answer_note_time(s, &s->values.card_ms, started);
    return rc;
}

static void ask(struct person *p) {
    struct session *s = p->s;
    mutex_lock(s->lock);
    s->pin_kind = kind_of_config(s);
    s->pin_asked = true;
    s->pin_told = false;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_PIN);
}

/* What was typed for this card is for no other one, and a late answer is refused. */
static void forget(struct session *s) {
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_asked = s->pin_given = s->pin_in_use = s->spend_last_try = false;
    s->values.tries_unlimited = false;
    mutex_unlock(s->lock);
}

/* While it is typed: speaks to the card now and then. */
static int32_t keep(void *self, struct fault *why) {
    struct person *p = self;
    if (session_now(p->s) - p->kept_at < CARD_KEEP_MS) {
        return SHK_OK;
    }
    int32_t rc = attributes_keep(p->card, &p->tries, why);
    note_tries(p);
    return rc;
}

/* Sends what was typed, once, and reads. */
static int32_t send(struct person *p, struct fault *why) {
    struct session *s = p->s;
    bool last_try = false;
    int32_t rc = session_take_pin(s, &last_try, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = attributes_read(p->card, s->pin, last_try, &p->attributes, &p->tries, why);
    mutex_lock(s->lock);
    pin_wipe(s->pin);
    s->pin_in_use = s->pin_given = s->spend_last_try = false;
    mutex_unlock(s->lock);
    note_tries(p);
    return rc;
}

/* Asks as often as a person wants to answer; each answer is sent once. */
static int32_t prove(struct person *p, struct fault *why) {
    for (;;) {
        ask(p);
        int32_t rc = pin_wait(p->s, keep, p, why);
        rc = rc == SHK_OK ? send(p, why) : rc;
        if (rc != SHK_E_CODE_WRONG && rc != SHK_E_PIN_SAME) {
            forget(p->s);
            return rc;
        }
        session_post_fault(p->s, why);
        fault_clear(why);
    }
}

static int32_t put(struct record_set *set, const char *path, const char *p, size_t n) {
    struct field_ref ref;
    bool unknown_code = false;
    return field_resolve(path, strlen(path), &ref)
               ? record_put(set, false, &ref, p, n, &unknown_code)
               : SHK_E_PATH;
}

/* As the service writes it: 3 for neither of the two. */
static const char *sex_code(char sex) {
    return sex == '1' ? "1" : sex == '2' ? "2" : "3";
}

/* The day of an answer is left out: no eligibility was confirmed. Scripts that name a file by a day have that
 * of the reading. */
static int32_t fill(struct record_set *set, const struct attributes *a, const struct env *env) {
    char now[15];
    int32_t rc = record_add(set);
    japan_time(env, now);
    rc = rc == SHK_OK ? put(set, "processed_at", now, strlen(now)) : rc;
    rc = rc == SHK_OK ? put(set, "name", bytes_text(&a->name), a->name.n) : rc;
    rc = rc == SHK_OK ? put(set, "address", bytes_text(&a->address), a->address.n) : rc;
    rc = rc == SHK_OK ? put(set, "birth_date", a->birth_date, strlen(a->birth_date)) : rc;
    rc = rc == SHK_OK ? put(set, "sex", sex_code(a->sex), 1) : rc;
    record_source_is_card(set);
    return rc == SHK_OK ? record_finish(set) : rc;
}

static int32_t show(struct person *p, struct fault *why) {
    struct record_set *set = record_set_new();
    int32_t rc = set != NULL ? fill(set, &p->attributes, &p->s->env) : SHK_E_MEMORY;
    attributes_clear(&p->attributes);
    if (rc != SHK_OK) {
        record_free(&set);
        return fault_raise(why, rc);
    }
    answer_show(p->s, set, true, "card");
    return answer_tell(p->s, why);
}

static int32_t read_person(struct session *s, const char *reader, struct fault *why) {
    struct person p = {.s = s};
    int32_t rc = attributes_new(&s->env, s->log, kind_of_config(s), &p.card);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    rc = open_card(&p, reader, why);
    rc = rc == SHK_OK ? prove(&p, why) : rc;
    /* Let go and without power before anybody hears of it: what was opened is closed again. */
    attributes_finish(p.card);
    rc = rc == SHK_OK ? show(&p, why) : rc;
    log_event(s->log, SHK_LOG_INFO, "person.end", "code,apdus", (int64_t)rc,
              (int64_t)attributes_apdus(p.card));
    attributes_clear(&p.attributes);
    attributes_free(&p.card);
    memory_wipe(&p, sizeof p);
    return rc;
}

void job_person(struct session *s, struct fault *why) {
    (void)card_await(s, read_person, why);
}
