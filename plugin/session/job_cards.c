/* Waiting for cards: one, and one after the other. */
#include <string.h>

#include "answer.h"
#include "flow.h"
#include "outbox_turn.h"

#define WAIT_SLICE_MS 300

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

/* Readers whose card had its check and still lies there: not to be checked twice, and no obstacle for
 * a card on another reader. */
struct spent {
    char name[READER_LIST_MAX][READER_NAME_MAX];
    uint32_t count[READER_LIST_MAX];
    size_t n;
};

static bool is_spent(const struct spent *spent, const char *name) {
    for (size_t i = 0; i < spent->n; i++) {
        if (text_equal(spent->name[i], name)) {
            return true;
        }
    }
    return false;
}

static void spend(struct spent *spent, const struct reader_state *reader) {
    if (!is_spent(spent, reader->name) && spent->n < READER_LIST_MAX) {
        spent->count[spent->n] = reader->count;
        text_copy(spent->name[spent->n++], READER_NAME_MAX, reader->name);
    }
}

/* The same card: another one that was put there meanwhile has its own check. */
static bool card_lies_on(const struct reader_list *seen, const char *name, uint32_t count) {
    for (size_t i = 0; i < seen->n; i++) {
        if (seen->at[i].card_present && seen->at[i].count == count &&
            text_equal(seen->at[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* True when a card that had its check has been taken away. */
static bool forget_removed(struct spent *spent, const struct reader_list *seen) {
    size_t kept = 0;
    for (size_t i = 0; i < spent->n; i++) {
        if (card_lies_on(seen, spent->name[i], spent->count[i])) {
            spent->count[kept] = spent->count[i];
            memmove(spent->name[kept++], spent->name[i], READER_NAME_MAX);
        }
    }
    bool removed = kept < spent->n;
    spent->n = kept;
    return removed;
}

static bool is_wanted(const struct session *s, const struct reader_state *reader,
                      const struct spent *spent) {
    const char *name = config_text(s->config, "reader");
    return reader->card_present && !is_spent(spent, reader->name) &&
           (name[0] == '\0' || text_equal(name, reader->name));
}

/* Tries every card that lies there: a slot with another kind of card must not hide the right one. */
static int32_t try_cards(struct session *s, card_work *work, const struct reader_list *seen,
                         struct spent *spent, struct fault *why) {
    int32_t rc = SHK_E_NO_CARD;
    for (size_t i = 0; i < seen->n && !session_stopping(s); i++) {
        if (!is_wanted(s, &seen->at[i], spent)) {
            continue;
        }
        spend(spent, &seen->at[i]);
        fault_clear(why);
        rc = work(s, seen->at[i].name, why);
        if (rc != SHK_E_NOT_MYNUMBER) {
            break;
        }
    }
    return rc;
}

/* One look: checks what lies there. SHK_E_NO_CARD when there is nothing to check. */
static int32_t look(struct session *s, card_work *work, struct reader_list *seen,
                    struct spent *spent, bool *told, struct fault *why) {
    int32_t rc = find_readers(s, seen, why);
    if (forget_removed(spent, seen)) {
        session_post(s, SHK_EVENT_REMOVED);
        *told = false;
    }
    return rc == SHK_OK ? try_cards(s, work, seen, spent, why) : rc;
}

/* Waits for a card and works on it; a negative time waits for ever. */
static int32_t next_card(struct session *s, card_work *work, int32_t timeout_ms,
                         struct spent *spent, struct fault *why) {
    struct reader_list seen;
    int64_t end = session_now(s) + timeout_ms;
    /* "Put the card there" is no use while the last one still lies there. */
    bool told = spent->n > 0;
    for (;;) {
        int32_t rc = look(s, work, &seen, spent, &told, why);
        if (rc != SHK_E_NO_CARD) {
            return rc;
        }
        if (session_stopping(s)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        if (timeout_ms >= 0 && session_now(s) >= end) {
            return fault_raise(why, SHK_E_NO_CARD);
        }
        if (!told) {
            session_post(s, SHK_EVENT_WAITING);
            told = true;
        }
        if (timeout_ms < 0) {
            outbox_turn(s);
        }
        rc = s->env.card->wait(s->env.card_self, &seen, WAIT_SLICE_MS, why);
        if (rc != SHK_OK && rc != SHK_E_TIMEOUT) {
            return rc;
        }
        fault_clear(why);
    }
}

/* A reader or a service that is not there is told once; then the watch waits until it is. */
static void await_reader(struct session *s) {
    struct reader_list seen;
    struct fault unused = {0};
    while (!session_stopping(s) && find_readers(s, &seen, &unused) != SHK_OK) {
        fault_clear(&unused);
        session_pause(s, 1000);
    }
}

static bool is_environment(int32_t code) {
    return code == SHK_E_NO_PCSC || code == SHK_E_NO_SERVICE || code == SHK_E_NO_READER;
}

int32_t card_await(struct session *s, card_work *work, struct fault *why) {
    struct spent none = {0};
    return next_card(s, work, (int32_t)config_int(s->config, "card_timeout_ms"), &none, why);
}

void job_check_card(struct session *s, struct fault *why) {
    if (text_equal(config_text(s->config, "card"), "demo")) {
        (void)check_once(s, "", why);
    } else {
        (void)card_await(s, check_once, why);
    }
}

/* Card after card. The values of one patient stay until the host has taken DONE and asked on. */
void job_watch_cards(struct session *s, struct fault *why) {
    struct spent spent = {0};
    while (!session_stopping(s)) {
        struct fault reason = {0};
        int32_t rc = next_card(s, check_once, -1, &spent, &reason);
        if (session_stopping(s)) {
            break;
        }
        answer_tell_fault(s, &reason);
        if (is_environment(rc)) {
            await_reader(s);
            continue;
        }
        session_post_done(s, &reason);
        session_turn_page(s);
    }
    fault_raise(why, SHK_E_CANCELLED);
}
