#include "match_question.h"

#include <stdlib.h>
#include <string.h>

#include "outbox.h"

#define PATIENT "patient:"
#define LOOK_MS 500 /* how often it is seen whether the claim has to be renewed */

void match_question_free(struct match_question **question) {
    struct match_question *q = *question;
    if (q != NULL) {
        record_free(&q->set);
        candidates_clear(&q->found);
        memory_wipe(q, sizeof *q);
        free(q);
        *question = NULL;
    }
}

static bool find_candidate(const struct match_question *q, const char *id, size_t *out) {
    for (size_t i = 0; i < q->result.n; i++) {
        if (text_equal(q->found.at[q->result.at[i].patient].id, id)) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool match_question_read(const struct match_question *q, const char *answer,
                         struct match_said *out) {
    static const struct {
        const char *text;
        enum match_word word;
    } words[] = {{"new", MATCH_WORD_NEW}, {"skip", MATCH_WORD_SKIP}, {"later", MATCH_WORD_LATER}};
    *out = (struct match_said){0};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (text_equal(answer, words[i].text)) {
            out->word = words[i].word;
            return true;
        }
    }
    out->word = MATCH_WORD_PATIENT;
    return text_starts(answer, PATIENT) &&
           find_candidate(q, answer + sizeof PATIENT - 1, &out->candidate);
}

static bool is_listed(const char *take, const char *path) {
    size_t n = strlen(path);
    for (const char *p = take; p != NULL; p = strchr(p, ',')) {
        p += *p == ',' ? 1 : 0;
        if (strncmp(p, path, n) == 0 && (p[n] == '\0' || p[n] == ',')) {
            return true;
        }
    }
    return false;
}

/* Every path of the list is a field of the candidate. */
static bool is_list_known(const struct match_question *q, size_t candidate, const char *take) {
    for (const char *p = take; p != NULL; p = strchr(p, ',')) {
        p += *p == ',' ? 1 : 0;
        bool known = false;
        size_t n = strcspn(p, ",");
        for (size_t i = 0; i < q->fields_n[candidate] && !known; i++) {
            known = text_equal_n(q->fields[candidate][i].path, p, n);
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

bool match_question_take(struct match_question *q, size_t candidate, const char *take) {
    bool all = text_equal(take, "all"), none = text_equal(take, "none");
    if (take[0] == '\0') {
        return true;
    }
    if (!all && !none && !is_list_known(q, candidate, take)) {
        return false;
    }
    for (size_t i = 0; i < q->fields_n[candidate]; i++) {
        struct match_field *field = &q->fields[candidate][i];
        /* A mark for a missing character is never better than what the host has. */
        bool may = field->difference != MATCH_MISSING && field->difference != MATCH_EQUAL;
        field->take = may && (all || (!none && is_listed(take, field->path)));
    }
    return true;
}

bool match_is_input(const char *path) {
    return text_equal(path, "match.answer") || text_equal(path, "match.take");
}

/* What a candidate must be for the fields that were named. */
static bool fits(struct match_question *q, const char *answer, struct match_said *said) {
    return match_question_read(q, answer, said) &&
           (said->word != MATCH_WORD_PATIENT || match_question_take(q, said->candidate, q->take));
}

int32_t match_give(struct session *s, const char *path, const uint8_t *p, size_t n) {
    struct match_question *q = s->values.match;
    struct match_said said;
    bool take = text_equal(path, "match.take");
    char answer[MATCH_ANSWER_MAX];
    if (q == NULL || !q->open || q->given || s->cancel) {
        return session_refuse_held(s, SHK_E_STATE);
    }
    fault_clear(&s->call_fault);
    if (n >= (take ? sizeof q->take : sizeof answer) || (n > 0 && memchr(p, 0, n) != NULL)) {
        return fault_set(&s->call_fault, SHK_E_INPUT, SHK_NATIVE_NONE, 0, path);
    }
    if (take) {
        text_copy_n(q->take, sizeof q->take, (const char *)p, n);
        return SHK_OK;
    }
    text_copy_n(answer, sizeof answer, (const char *)p, n);
    if (!fits(q, answer, &said)) {
        return fault_set(&s->call_fault, SHK_E_MATCH_ANSWER, SHK_NATIVE_NONE, 0, "match.answer");
    }
    text_copy(q->answer, sizeof q->answer, answer);
    q->given = true;
    condition_wake_all(s->changed);
    return SHK_OK;
}

/* What is asked about belongs to this session as long as somebody thinks about it. */
struct hold {
    const char *delivery;
    int64_t at; /* when it was renewed last */
};

/* Under the lock, which is let go of meanwhile. A store that is away may be back at the next look. */
static int32_t renew(struct session *s, struct hold *hold, struct fault *why) {
    struct fault reason = {0};
    int64_t third_ms = config_int(s->config, "outbox.lease_s") * 1000 / 3;
    if (hold->delivery == NULL || session_now(s) - hold->at < third_ms) {
        return SHK_OK;
    }
    mutex_unlock(s->lock);
    int32_t rc = outbox_hold(s->store, hold->delivery, &reason);
    mutex_lock(s->lock);
    hold->at = session_now(s);
    return rc == SHK_E_DELIVERY_TAKEN ? fault_raise(why, rc) : SHK_OK;
}

/* Under the lock. */
static int32_t await(struct session *s, struct match_question *q, struct hold *hold,
                     struct fault *why) {
    int64_t end = session_now(s) + config_int(s->config, "match.timeout_ms");
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && !q->given && !s->cancel) {
        int64_t left = end - session_now(s);
        if (left <= 0) {
            return fault_raise(why, SHK_E_UNDECIDED);
        }
        (void)condition_wait(s->changed, s->lock, left < LOOK_MS ? (int32_t)left : LOOK_MS);
        rc = renew(s, hold, why);
    }
    return rc != SHK_OK || q->given ? rc : fault_raise(why, SHK_E_UNDECIDED);
}

int32_t match_ask(struct session *s, const char *delivery, struct match_said *out,
                  struct fault *why) {
    struct hold hold = {delivery, session_now(s)};
    mutex_lock(s->lock);
    struct match_question *q = s->values.match;
    q->open = true;
    mutex_unlock(s->lock);
    session_post(s, SHK_EVENT_MATCH);
    mutex_lock(s->lock);
    int32_t rc = await(s, q, &hold, why);
    q->open = false;
    if (rc == SHK_OK) {
        (void)match_question_read(q, q->answer, out);
    }
    mutex_unlock(s->lock);
    if (rc == SHK_OK && out->word == MATCH_WORD_LATER) {
        rc = fault_raise(why, SHK_E_UNDECIDED);
    }
    return rc;
}
