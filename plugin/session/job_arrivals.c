/* Answers that come by themselves: no card is read. */
#include "answer.h"
#include "arrival.h"
#include "flow.h"
#include "outbox_turn.h"
#include "persons.h"
#include "routes.h"

#define SLICE_MS 300
#define AGAIN_MS 1000

/* Where answers arrive. A copied text belongs to the job during which it is copied, so its source is open as
 * long as the job runs. What a terminal pushes between two jobs must not get lost, so that source
 * belongs to the session. */
struct arrivals {
    struct session *s;
    struct app_words *words;
    struct arrival_source own;
    struct arrival_source *source;
    struct persons persons; /* of the answer under work */
};

static int32_t open_folder(struct arrivals *a, struct fault *why) {
    struct folder_settings settings;
    struct folder_places places;
    a->source = &a->s->pushes;
    if (a->source->ops != NULL) {
        return SHK_OK;
    }
    routes_folder_settings(a->s, &places, &settings);
    return face_arrivals_new(&settings, &a->s->env, a->s->log, a->source, why);
}

static int32_t open_app(struct arrivals *a, struct fault *why) {
    const struct config *c = a->s->config;
    a->source = &a->own;
    if (a->own.ops != NULL) {
        return SHK_OK;
    }
    int32_t rc = a->words == NULL ? persons_words(a->s, &a->words, why) : SHK_OK;
    if (rc != SHK_OK) {
        return rc;
    }
    if (text_equal(config_text(c, "app.source"), "file")) {
        return file_arrivals_new(config_text(c, "app.file"), a->words, &a->s->env, a->s->log,
                                 &a->own, why);
    }
    bool clear = text_equal(config_text(c, "app.clear_clipboard"), "yes");
    return clipboard_arrivals_new(clear, a->words, &a->s->env, a->s->log, &a->own, why);
}

static int32_t open_source(struct arrivals *a, struct fault *why) {
    return routes_is(a->s, "folder") ? open_folder(a, why) : open_app(a, why);
}

static void close_source(struct arrivals *a) {
    if (a->own.ops != NULL) {
        a->own.ops->free(a->own.self);
    }
    app_words_free(&a->words);
    memory_wipe(a, sizeof *a);
}

static void take_oqs(struct arrivals *a, const struct bytes *body) {
    struct record_set *set = NULL;
    struct fault unread = {0};
    (void)answer_read_oqs(a->s, body->p, body->n, &set, &unread);
    a->persons.accept = answer_is_for_us;
    (void)persons_take(&a->persons, set, &unread);
}

static void take(struct arrivals *a, struct arrival *came, struct fault *why) {
    a->persons = (struct persons){.s = a->s, .source = routes_is(a->s, "app") ? "app" : "folder"};
    if (came->form == ARRIVAL_OQS) {
        take_oqs(a, &came->body);
    } else {
        (void)persons_take_app(&a->persons, came->body.p, came->body.n, a->words);
    }
    bytes_clear(&came->body);
    *why = a->persons.first;
    /* What lies in the outbox is not needed any more where it came from. */
    a->source->ops->settle(a->source->self, !a->persons.unsafe);
}

/* The next answer, or SHK_E_TIMEOUT after `ms`, SHK_E_CANCELLED, a fault of the place. Negative: for ever. */
static int32_t await(struct arrivals *a, int64_t ms, struct arrival *came, struct fault *why) {
    struct session *s = a->s;
    const struct watch watch = session_watch(s);
    int64_t end = session_now(s) + ms;
    for (;;) {
        int64_t left = ms < 0 ? SLICE_MS : end - session_now(s);
        if (session_stopping(s)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        if (ms < 0) {
            outbox_turn(s);
        }
        if (left <= 0) {
            return fault_raise(why, SHK_E_TIMEOUT);
        }
        int32_t slice = (int32_t)(left < SLICE_MS ? left : SLICE_MS);
        int32_t rc = a->source->ops->wait(a->source->self, slice, came, &watch, why);
        if (rc != SHK_E_TIMEOUT) {
            return session_stopping(s) && rc != SHK_OK ? fault_raise(why, SHK_E_CANCELLED) : rc;
        }
        fault_clear(why);
    }
}

void job_check_arrival(struct session *s, struct fault *why) {
    struct arrivals a = {.s = s};
    struct arrival came = {0};
    int32_t rc = open_source(&a, why);
    if (rc == SHK_OK) {
        session_post(s, SHK_EVENT_WAITING);
        rc = await(&a, config_int(s->config, "card_timeout_ms"), &came, why);
    }
    if (rc == SHK_OK) {
        take(&a, &came, why);
    }
    log_event(s->log, SHK_LOG_INFO, "arrival.end", "code", (int64_t)why->code);
    bytes_clear(&came.body);
    close_source(&a);
}

/* A folder or a clipboard that cannot be used is told of once, until it can be used again. */
static void tell_once(struct session *s, const struct fault *why, int32_t *told) {
    if (why->code != *told) {
        session_post_fault(s, why);
    }
    *told = why->code;
    session_pause(s, AGAIN_MS);
}

static int32_t watch_one(struct arrivals *a, bool *waiting, struct arrival *came,
                         struct fault *why) {
    int32_t rc = open_source(a, why);
    if (rc == SHK_OK && !*waiting) {
        session_post(a->s, SHK_EVENT_WAITING);
        *waiting = true;
    }
    return rc == SHK_OK ? await(a, -1, came, why) : rc;
}

void job_watch_arrivals(struct session *s, struct fault *why) {
    struct arrivals a = {.s = s};
    int32_t told = SHK_OK;
    bool waiting = false;
    while (!session_stopping(s)) {
        struct arrival came = {0};
        struct fault reason = {0};
        int32_t rc = watch_one(&a, &waiting, &came, &reason);
        if (rc != SHK_OK && !session_stopping(s)) {
            tell_once(s, &reason, &told);
        }
        if (rc != SHK_OK) {
            continue;
        }
        told = SHK_OK;
        take(&a, &came, &reason);
        log_event(s->log, SHK_LOG_INFO, "arrival.end", "code", (int64_t)reason.code);
        session_post_done(s, &reason);
        session_turn_page(s);
        waiting = false;
    }
    close_source(&a);
    fault_raise(why, SHK_E_CANCELLED);
}
