#include <string.h>

#include "folder_wait.h"
#include "log.h"

/* What one possible result file held, and since when it is the same. */
struct candidate {
    enum folder_form form;
    bool there;
    char path[FOLDER_PATH_ROOM];
    struct bytes body;
    int64_t since_ms;
};

struct awaiting {
    struct folder_wait wait;
    const struct folder_expected *expected;
    struct candidate candidate[FOLDER_FORMS];
    struct bytes *xml;
    struct oqs_message *message;
    bool over; /* nothing more can come of this request */
};

static const char *const endings[FOLDER_FORMS] = {".xml", ".zip"};

static bool same_bytes(const struct bytes *a, const struct bytes *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static void forget(struct candidate *c) {
    bytes_clear(&c->body);
    c->there = false;
}

/* A file that cannot be read just now (someone writes it) is not there yet. */
static int32_t read_candidate(struct awaiting *a, struct candidate *c, struct fault *why) {
    struct terminal *t = a->wait.t;
    struct bytes now = {0};
    int32_t rc = SHK_E_ABSENT;
    if (folder_wait_find(&a->wait, endings[c->form], c->path)) {
        rc = terminal_read(t->env, c->path, FOLDER_RESULT_MOST, &now, NULL);
    }
    if (rc == SHK_E_ANSWER_TOO_LARGE) {
        a->over = true;
        return fault_set(why, rc, SHK_NATIVE_NONE, 0, "res");
    }
    if (rc != SHK_OK) {
        forget(c);
        return SHK_OK;
    }
    if (c->there && same_bytes(&c->body, &now)) {
        bytes_clear(&now);
        return SHK_OK;
    }
    bytes_clear(&c->body);
    c->body = now;
    c->there = true;
    c->since_ms = terminal_now(t);
    return SHK_OK;
}

/* What is wrong with a document that will not become whole. */
static int32_t broken_fault(const struct bytes *xml, struct fault *why) {
    struct record_set *set = NULL;
    struct fault inner = {0};
    int32_t rc = oqs_read(xml->p, xml->n, NULL, &set, &inner);
    record_free(&set);
    bool named = rc == SHK_E_XML || rc == SHK_E_XML_ENCODING || rc == SHK_E_XML_FOREIGN;
    return fault_set(why, named ? rc : SHK_E_XML, inner.native_kind, inner.native, "res");
}

/* SHK_E_ANSWER_PENDING: it may still become the answer. */
static int32_t weigh(struct awaiting *a, const struct candidate *c, bool broken,
                     struct fault *why) {
    struct fault inner = {0};
    int32_t rc = folder_unpack(c->form, &c->body, a->xml, &inner);
    if (rc == SHK_E_ARCHIVE && !broken) {
        return SHK_E_ANSWER_PENDING;
    }
    if (rc != SHK_OK) {
        return fault_set(why, rc, SHK_NATIVE_NONE, 0, rc == SHK_E_LIBRARY ? inner.where : "res");
    }
    switch (folder_judge(a->expected, a->xml->p, a->xml->n, a->message)) {
    case FOLDER_OURS:
        return SHK_OK;
    case FOLDER_FOREIGN:
        return fault_set(why, SHK_E_ANSWER_FOREIGN, SHK_NATIVE_NONE, 0, "res");
    case FOLDER_NO_ANSWER:
        return broken ? fault_set(why, SHK_E_TERMINAL_REFUSED, SHK_NATIVE_NONE, 0, "res")
                      : SHK_E_ANSWER_PENDING;
    default:
        return broken ? broken_fault(a->xml, why) : SHK_E_ANSWER_PENDING;
    }
}

static int32_t weigh_when_stable(struct awaiting *a, const struct candidate *c, struct fault *why) {
    int64_t age_ms = terminal_now(a->wait.t) - c->since_ms;
    if (!c->there || age_ms < a->wait.t->set.stable_ms) {
        return SHK_E_ANSWER_PENDING;
    }
    bool broken = age_ms >= folder_broken_after(a->wait.t);
    int32_t rc = weigh(a, c, broken, why);
    if (rc == SHK_E_ANSWER_PENDING) {
        bytes_clear(a->xml);
        return rc;
    }
    a->over = true;
    if (rc == SHK_OK) {
        log_event(a->wait.t->log, SHK_LOG_INFO, "folder.answer", "bytes,zip,resumed",
                  (int64_t)c->body.n, (int64_t)(c->form == FOLDER_ZIP),
                  (int64_t)a->wait.posted->resumed);
        text_copy(a->wait.t->answer, sizeof a->wait.t->answer, c->path);
    }
    return rc;
}

/* An answer on its way goes before a refusal. */
static bool looks_ours(const struct awaiting *a) {
    struct oqs_message message;
    for (size_t i = 0; i < FOLDER_FORMS; i++) {
        const struct candidate *c = &a->candidate[i];
        struct bytes xml = {0};
        bool ours = c->there && folder_unpack(c->form, &c->body, &xml, NULL) == SHK_OK &&
                    folder_judge(a->expected, xml.p, xml.n, &message) == FOLDER_OURS;
        bytes_clear(&xml);
        memory_wipe(&message, sizeof message);
        if (ours) {
            return true;
        }
    }
    return false;
}

static int32_t look(struct awaiting *a, struct fault *why) {
    if (!folder_wait_look(&a->wait)) {
        return SHK_E_ANSWER_PENDING;
    }
    for (size_t i = 0; i < FOLDER_FORMS; i++) {
        int32_t rc = read_candidate(a, &a->candidate[i], why);
        rc = rc == SHK_OK ? weigh_when_stable(a, &a->candidate[i], why) : rc;
        if (rc != SHK_E_ANSWER_PENDING) {
            return rc;
        }
    }
    if (folder_wait_refused(&a->wait) && !looks_ours(a)) {
        a->over = true;
        return fault_set(why, SHK_E_TERMINAL_REFUSED, SHK_NATIVE_NONE, 0, "res");
    }
    return SHK_E_ANSWER_PENDING;
}

/* Until something that lies there is old enough, or for as long as a poll takes. */
static int64_t pause_ms(const struct awaiting *a) {
    int64_t now = terminal_now(a->wait.t);
    int64_t ms = a->wait.t->set.poll_ms;
    for (size_t i = 0; i < FOLDER_FORMS; i++) {
        const struct candidate *c = &a->candidate[i];
        int64_t left = c->since_ms + a->wait.t->set.stable_ms - now;
        if (c->there && left > 0 && left < ms) {
            ms = left;
        }
    }
    return ms;
}

int32_t folder_await(struct terminal *t, const struct turn *turn, const struct posted *posted,
                     const struct folder_expected *expected, struct bytes *xml,
                     struct oqs_message *message, bool *settled, struct fault *why) {
    struct awaiting a = {.expected = expected, .xml = xml, .message = message};
    int32_t rc = SHK_E_ANSWER_PENDING;
    folder_wait_begin(&a.wait, t, turn, posted);
    a.candidate[FOLDER_ZIP].form = FOLDER_ZIP;
    bytes_clear(xml);
    while (rc == SHK_E_ANSWER_PENDING) {
        rc = look(&a, why);
        if (rc == SHK_E_ANSWER_PENDING) {
            int32_t paused = folder_wait_pause(&a.wait, pause_ms(&a), why);
            rc = paused == SHK_OK ? rc : paused;
        }
    }
    folder_wait_end(&a.wait);
    forget(&a.candidate[FOLDER_XML]);
    forget(&a.candidate[FOLDER_ZIP]);
    *settled = a.over;
    if (rc != SHK_OK) {
        bytes_clear(xml);
        memory_wipe(message, sizeof *message);
    }
    return rc;
}
