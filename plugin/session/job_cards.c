/* Waiting for cards: one, and one after the other. */
#include "answer.h"
#include "flow.h"
#include "one_card.h"
#include "outbox_turn.h"
#include "reader_news.h"
#include "spent_cards.h"

#define WAIT_SLICE_MS 300
#define SLICES        10 /* then the readers are listed anew, should a change have been missed */
#define SERVICE_MS    1000
#define HASTY_MS      250
#define HASTY_MOST    3

static int32_t list_readers(struct session *s, struct reader_list *out, struct fault *why) {
    *out = (struct reader_list){0};
    int32_t rc = s->env.card->list(s->env.card_self, out, why);
    if (rc == SHK_OK && out->n == 0) {
        rc = fault_raise(why, SHK_E_NO_READER);
    }
    return rc;
}

/* A reader that the configuration names has to be there: a misspelt name would wait for ever. */
static int32_t find_readers(struct session *s, struct reader_list *out, struct fault *why) {
    const char *name = config_text(s->config, "reader");
    int32_t rc = list_readers(s, out, why);
    for (size_t i = 0; rc == SHK_OK && i < out->n; i++) {
        if (name[0] == '\0' || text_equal(name, out->at[i].name)) {
            return SHK_OK;
        }
    }
    return rc == SHK_OK ? fault_set(why, SHK_E_NO_READER, SHK_NATIVE_NONE, 0, "reader") : rc;
}

/* Somebody who waits for cards. */
struct hunt {
    struct session *s;
    card_work *work;
    struct spent_cards spent;
    struct reader_news news;
    bool watches;  /* for ever, and tells of readers that come and go */
    bool told;     /* that a card is awaited */
    bool worked;   /* on a card, in the turn that ended last */
    int32_t hasty; /* changes that came close upon each other */
};

static bool is_wanted(const struct hunt *h, const struct reader_state *reader) {
    const char *name = config_text(h->s->config, "reader");
    return reader->card_present && !spent_cards_has(&h->spent, reader->name) &&
           (name[0] == '\0' || text_equal(name, reader->name));
}

/* Not a card for this work, which says nothing of one on another reader. Digits that were given before are those
 * of who laid down his phone or old card, and for nobody else's. */
static bool may_try_next(const struct hunt *h, int32_t rc) {
    bool of_a_person = rc == SHK_E_JUKI_CARD || rc == SHK_E_PHONE_REFUSED;
    return rc == SHK_E_NOT_MYNUMBER || (of_a_person && !h->s->blocking);
}

/* What is surely another kind of card by its answer to reset gets no command. */
static int32_t try_card(struct hunt *h, const struct reader_state *reader, struct fault *why) {
    if (!card_values_begin(h->s, reader)) {
        session_post(h->s, SHK_EVENT_CARD);
        return fault_raise(why, SHK_E_NOT_MYNUMBER);
    }
    return h->work(h->s, reader->name, why);
}

/* Those that can be had at once, or those that another program keeps for itself or that give no answer. */
static void try_those(struct hunt *h, const struct reader_list *seen, bool hard, int32_t *rc,
                      struct fault *why) {
    for (size_t i = 0; i < seen->n && !session_stopping(h->s); i++) {
        const struct reader_state *reader = &seen->at[i];
        if (!is_wanted(h, reader) || (reader->exclusive || reader->mute) != hard) {
            continue;
        }
        spent_cards_add(&h->spent, reader);
        h->worked = true;
        fault_clear(why);
        *rc = try_card(h, reader, why);
        if (*rc == SHK_E_CARD_HANGS) {
            spent_cards_hangs(&h->spent, reader->name);
        }
        if (!may_try_next(h, *rc)) {
            break;
        }
    }
}

/* Tries every card that lies there: a slot with another kind of card, or with one that cannot be had, must not
 * hide the right one. */
static int32_t try_cards(struct hunt *h, const struct reader_list *seen, struct fault *why) {
    int32_t rc = SHK_E_NO_CARD;
    try_those(h, seen, false, &rc, why);
    if (rc == SHK_E_NO_CARD || may_try_next(h, rc)) {
        try_those(h, seen, true, &rc, why);
    }
    return rc;
}

/* For whoever is asked for a PIN: which reader is meant is a question only where there are several. */
static void show_readers(struct session *s, const struct reader_list *seen) {
    mutex_lock(s->lock);
    s->values.readers = *seen;
    mutex_unlock(s->lock);
}

/* The readers as they are, told of where that is news. */
static int32_t look(struct hunt *h, struct reader_list *seen, struct fault *why) {
    int32_t rc = find_readers(h->s, seen, why);
    if (rc != SHK_OK && rc != SHK_E_NO_READER) {
        spent_cards_outage(&h->spent);
    } else if (spent_cards_forget_removed(&h->spent, seen)) {
        session_post(h->s, SHK_EVENT_REMOVED);
        h->told = false;
    }
    if (h->watches) {
        reader_news_tell(h->s, &h->news, seen, why);
    }
    show_readers(h->s, seen);
    return rc;
}

/* Something that changes all the time, a broken reader or driver, must not keep the processor busy. */
static void keep_calm(struct hunt *h, int64_t looked) {
    h->hasty = session_now(h->s) - looked < HASTY_MS ? h->hasty + 1 : 0;
    if (h->hasty > HASTY_MOST) {
        session_pause(h->s, HASTY_MS);
    }
}

/* Until something changes, or it is time to look all the same. SHK_OK, or what kept it from waiting. */
static int32_t await_change(struct hunt *h, struct reader_list *seen, int64_t end,
                            struct fault *why) {
    struct session *s = h->s;
    int64_t looked = session_now(s);
    int32_t rc = SHK_E_TIMEOUT;
    for (int slice = 0; rc == SHK_E_TIMEOUT && slice < SLICES; slice++) {
        if (session_stopping(s) || (!h->watches && session_now(s) >= end)) {
            break;
        }
        if (h->watches) {
            outbox_turn(s);
        }
        fault_clear(why);
        rc = s->env.card->wait(s->env.card_self, seen, WAIT_SLICE_MS, why);
    }
    keep_calm(h, looked);
    if (rc == SHK_E_TIMEOUT) {
        fault_clear(why);
    }
    return rc == SHK_E_TIMEOUT ? SHK_OK : rc;
}

/* Digits that are there before the card is known go to the one card they can be for, or nowhere. */
static int32_t settle_digits(struct hunt *h, const struct reader_list *seen, struct fault *why) {
    struct reader_list lying = {0};
    if (!h->s->blocking || !h->s->pin_given) {
        return SHK_OK;
    }
    for (size_t i = 0; i < seen->n; i++) {
        if (is_wanted(h, &seen->at[i]) && !card_values_is_other(&seen->at[i])) {
            lying.at[lying.n++] = seen->at[i];
        }
    }
    return one_card_settle(h->s, &lying, &h->spent, why);
}

/* One look and what follows from it. SHK_E_NO_CARD with `why` clear: wait and look again. */
static int32_t turn(struct hunt *h, struct reader_list *seen, struct fault *why) {
    int32_t rc = look(h, seen, why);
    rc = rc == SHK_OK ? settle_digits(h, seen, why) : rc;
    return rc == SHK_OK ? try_cards(h, seen, why) : rc;
}

/* Waits for a card and works on it. */
static int32_t next_card(struct hunt *h, int32_t timeout_ms, struct fault *why) {
    struct session *s = h->s;
    struct reader_list seen;
    int64_t end = session_now(s) + timeout_ms;
    /* "Put the card there" is no use while the last one still lies there. */
    h->told = h->spent.n > 0;
    h->worked = false;
    for (;;) {
        int32_t rc = turn(h, &seen, why);
        if (rc != SHK_E_NO_CARD) {
            return rc;
        }
        if (session_stopping(s)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        if (!h->watches && session_now(s) >= end) {
            return fault_raise(why, SHK_E_NO_CARD);
        }
        if (!h->told) {
            session_post(s, SHK_EVENT_WAITING);
            h->told = true;
        }
        rc = await_change(h, &seen, end, why);
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

/* A service says by nothing that it has come; readers do. */
static void await_reader(struct hunt *h, const struct fault *missing) {
    struct reader_list seen = h->news.known;
    struct fault unsaid = {0};
    if (missing->code != SHK_E_NO_READER || await_change(h, &seen, 0, &unsaid) != SHK_OK) {
        outbox_turn(h->s);
        session_pause(h->s, SERVICE_MS);
    }
}

static bool is_environment(int32_t code) {
    return code == SHK_E_NO_PCSC || code == SHK_E_NO_SERVICE || code == SHK_E_NO_READER;
}

int32_t card_await(struct session *s, card_work *work, struct fault *why) {
    struct hunt h = {.s = s, .work = work};
    return next_card(&h, (int32_t)config_int(s->config, "card_timeout_ms"), why);
}

void job_check_card(struct session *s, struct fault *why) {
    if (text_equal(config_text(s->config, "card"), "demo")) {
        (void)check_once(s, "", why);
    } else {
        (void)card_await(s, check_once, why);
    }
}

/* The values of one patient stay until the host has taken DONE and asked on. */
static void end_check(struct hunt *h, const struct fault *why) {
    answer_tell_fault(h->s, why);
    if (is_environment(why->code)) {
        reader_news_was_told(&h->news, why);
    }
    session_post_done(h->s, why);
    session_turn_page(h->s);
}

/* Card after card. */
void job_watch_cards(struct session *s, struct fault *why) {
    struct hunt h = {.s = s, .work = check_once, .watches = true};
    while (!session_stopping(s)) {
        struct fault reason = {0};
        (void)next_card(&h, -1, &reason);
        if (session_stopping(s)) {
            break;
        }
        if (h.worked) {
            end_check(&h, &reason);
        } else {
            static const struct reader_list none;
            /* Once, however it was noticed: by the look, or while waiting. */
            if (h.news.missing.code == 0) {
                reader_news_tell(s, &h.news, &none, &reason);
            }
            await_reader(&h, &reason);
        }
    }
    fault_raise(why, SHK_E_CANCELLED);
}
