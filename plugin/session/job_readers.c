/* The readers, what lies on them and what can be done with them. */
#include <stdlib.h>

#include "card_source.h"
#include "card_users.h"
#include "flow.h"
#include "readers_values.h"
#include "tested_readers.h"

#define HOLDERS_MAX 4

struct looking {
    struct session *session;
    struct readers_values *values;
    struct tested_readers list;
    struct identity_rules rules;
};

/* What a reader does not say of itself is tried all the same: that is what is asked here. */
static void take_rules(const struct session *s, struct identity_rules *out) {
    card_rules(s, out);
    if (out->extended == EXTENDED_AUTO) {
        out->extended = EXTENDED_ALWAYS;
    }
}

static int32_t open_list(struct looking *l, struct fault *why) {
    const char *path = config_text(l->session->config, "reader_list");
    int32_t rc = path[0] != '\0' ? tested_readers_load(path, &l->session->env, &l->list, why)
                                 : tested_readers_built_in(&l->list, why);
    text_copy(l->values->list_date, sizeof l->values->list_date, l->list.date);
    return rc;
}

/* A card that is surely another one, a slot for none, and a card that nobody may touch are left alone. */
static bool is_worth_a_try(const struct looking *l, const struct reader_facts *f) {
    bool asked_for = text_equal(inputs_text(&l->session->inputs, "readers.probe"), "yes");
    bool other = f->look != NULL && f->look->certain;
    return asked_for && f->state.card_present && !other && !f->state.mute && !f->state.exclusive &&
           !verdict_is_sam_slot(f->state.name);
}

static void try_reader(struct looking *l, struct reader_facts *f) {
    struct fault why = {0};
    const struct session *s = l->session;
    f->probed = true;
    f->probe_code = probe_reader(&s->env, s->log, &l->rules, f->state.name, &f->probe, &why);
    if (f->probe_code != SHK_OK) {
        log_fault(s->log, &why);
    }
}

/* Who may hold the card; asked of the system only when somebody does. */
static void find_holders(struct reader_facts *f) {
    char names[HOLDERS_MAX][CARD_USER_NAME_MAX];
    size_t n = card_users(names, HOLDERS_MAX), at = 0;
    for (size_t i = 0; i < n; i++) {
        at +=
            text_format(f->holder + at, sizeof f->holder - at, "%s%s", i > 0 ? ", " : "", names[i]);
        at = at < sizeof f->holder ? at : sizeof f->holder - 1;
    }
}

static bool is_held(const struct reader_facts *f) {
    return f->probed ? f->probe_code == SHK_E_CARD_BUSY
                     : f->state.card_present && f->state.exclusive;
}

static void judge(struct looking *l, struct reader_facts *f) {
    const struct reader_traits *traits = &f->probe.traits;
    const struct tested_reader *listed = tested_readers_find(
        &l->list, f->state.name, f->probed ? traits->usb_vendor : 0, traits->usb_product);
    if (listed != NULL) {
        text_copy(f->model, sizeof f->model, listed->model);
        f->official = listed->official;
        text_copy(f->note, sizeof f->note, listed->note);
        text_copy(f->note_en, sizeof f->note_en, listed->note_en);
    }
    f->verdict = verdict_of(f, listed, &l->rules);
    const struct verdict_words words = {readers_card_name(f, false), readers_card_name(f, true),
                                        f->holder, l->list.date};
    verdict_say(f->verdict, &words, false, f->sentence, sizeof f->sentence);
    verdict_say(f->verdict, &words, true, f->sentence_en, sizeof f->sentence_en);
}

static void look_at(struct looking *l, const struct reader_state *state) {
    struct reader_facts *f = &l->values->at[l->values->n++];
    f->state = *state;
    f->look = state->card_present ? card_look_by_atr(state->atr, state->atr_len) : NULL;
    if (is_worth_a_try(l, f)) {
        try_reader(l, f);
    }
    if (is_held(f)) {
        find_holders(f);
    }
    judge(l, f);
}

static void say_none(struct looking *l, int32_t code, const struct seat *seat) {
    static const struct verdict_words words = {"", "", "", ""};
    struct readers_values *v = l->values;
    enum reader_verdict verdict = verdict_of_none(code, seat);
    verdict_say(verdict, &words, false, v->sentence, sizeof v->sentence);
    verdict_say(verdict, &words, true, v->sentence_en, sizeof v->sentence_en);
}

static enum reader_service service_of(int32_t code) {
    if (code == SHK_E_NO_PCSC) {
        return SERVICE_MISSING;
    }
    return code == SHK_E_NO_SERVICE ? SERVICE_STOPPED : SERVICE_RUNNING;
}

static void look(struct looking *l, struct reader_list *found, struct fault *why) {
    struct session *s = l->session;
    struct seat seat;
    platform_seat(&seat);
    take_rules(s, &l->rules);
    l->values->session = seat.session;
    l->values->bits = seat.bits;
    int32_t rc = s->env.card->list(s->env.card_self, found, why);
    l->values->service = service_of(rc);
    if (rc == SHK_OK && found->n == 0) {
        rc = fault_raise(why, SHK_E_NO_READER);
    }
    if (rc != SHK_OK) {
        *found = (struct reader_list){0};
        say_none(l, rc, &seat);
    }
    for (size_t i = 0; i < found->n && !session_stopping(s); i++) {
        look_at(l, &found->at[i]);
    }
}

static void show(struct session *s, struct readers_values *v, const struct reader_list *found) {
    mutex_lock(s->lock);
    struct readers_values *old = s->values.reader_facts;
    s->values.reader_facts = v;
    s->values.readers = *found;
    s->values.readers_listed = true;
    mutex_unlock(s->lock);
    readers_values_free(&old);
    session_post(s, SHK_EVENT_READERS);
}

int32_t job_readers_ready(const struct session *s, struct fault *why) {
    const char *probe = inputs_text(&s->inputs, "readers.probe");
    bool known = probe[0] == '\0' || text_equal(probe, "yes") || text_equal(probe, "no");
    return known ? SHK_OK : fault_set(why, SHK_E_INPUT, SHK_NATIVE_NONE, 0, "readers.probe");
}

void job_readers(struct session *s, struct fault *why) {
    struct reader_list found = {0};
    struct looking l = {.session = s, .values = calloc(1, sizeof(struct readers_values))};
    if (l.values == NULL) {
        fault_raise(why, SHK_E_MEMORY);
        return;
    }
    if (open_list(&l, why) != SHK_OK) {
        readers_values_free(&l.values);
        return;
    }
    look(&l, &found, why);
    if (session_stopping(s)) {
        fault_clear(why);
        fault_raise(why, SHK_E_CANCELLED);
    }
    tested_readers_clear(&l.list);
    show(s, l.values, &found);
}
