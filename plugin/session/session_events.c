/* Events: how the worker tells the host, and waits for it. */
#include "ahead.h"
#include "session.h"

/* Under the lock. */
static void append(struct session *s, const struct event *event) {
    s->events[(s->events_first + s->events_n) % EVENTS_ROOM] = *event;
    s->events_n++;
    s->person_taken = false;
    if (s->wake_target >= 0) {
        host_wake(s->wake_target, s->wake_message);
    }
}

/* Under the lock: until the host has made room, or wants the job to end. */
static void await_room(struct session *s) {
    if (s->events_n >= EVENTS_MAX) {
        condition_wake_all(s->changed); /* for those that were posted without */
    }
    while (s->events_n >= EVENTS_MAX && !s->cancel && !s->blocking) {
        (void)condition_wait(s->changed, s->lock, -1);
    }
}

/* Under the lock. `room`: of the queue, for this event once the job is cancelled. */
static void post_within(struct session *s, struct event event, size_t room) {
    if (ahead_post(s, &event)) {
        return;
    }
    await_room(s);
    if (!s->closing && !s->blocking && s->events_n < room) {
        append(s, &event);
    }
    condition_wake_all(s->changed);
}

/* Under the lock. */
static void post_locked(struct session *s, struct event event) {
    post_within(s, event, EVENTS_MAX);
}

void session_post(struct session *s, int32_t kind) {
    const struct event event = {.kind = kind};
    if (!ahead_note(s, &event)) {
        mutex_lock(s->lock);
        post_locked(s, event);
        mutex_unlock(s->lock);
    }
}

void session_post_delivered(struct session *s, size_t n) {
    const struct event event = {.kind = SHK_EVENT_DELIVERED, .delivery = (int32_t)n};
    if (ahead_note(s, &event)) {
        return;
    }
    mutex_lock(s->lock);
    if (s->blocking) {
        s->values.last_delivery = (int32_t)n;
    }
    post_locked(s, event);
    mutex_unlock(s->lock);
}

/* Under the lock. */
static void post_with_fault(struct session *s, int32_t kind, const struct fault *why, size_t room) {
    if (s->blocking) {
        s->values.fault = *why;
    }
    post_within(s, (struct event){.kind = kind, .fault = *why}, room);
}

void session_post_fault(struct session *s, const struct fault *why) {
    log_fault(s->log, why);
    mutex_lock(s->lock);
    post_with_fault(s, SHK_EVENT_FAULT, why, EVENTS_ROOM - 1);
    mutex_unlock(s->lock);
}

void session_post_done(struct session *s, const struct fault *why) {
    mutex_lock(s->lock);
    post_with_fault(s, SHK_EVENT_DONE, why, EVENTS_ROOM - 1);
    mutex_unlock(s->lock);
}

void session_post_end(struct session *s, const struct fault *why) {
    post_with_fault(s, SHK_EVENT_DONE, why, EVENTS_ROOM); /* the last place is kept for it */
}

static bool waits_already(const struct session *s, int32_t kind) {
    for (size_t i = 0; i < s->events_n; i++) {
        if (s->events[(s->events_first + i) % EVENTS_ROOM].kind == kind) {
            return true;
        }
    }
    return false;
}

void session_post_progress(struct session *s, const struct bulk_progress *now) {
    mutex_lock(s->lock);
    s->values.progress = *now;
    s->values.progressing = true;
    /* News that the host reads by path anyway must not hold up the work. */
    if (s->events_n < EVENTS_MAX && !waits_already(s, SHK_EVENT_PROGRESS)) {
        post_locked(s, (struct event){.kind = SHK_EVENT_PROGRESS});
    }
    mutex_unlock(s->lock);
}

/* Under the lock. */
static void await_next_person(struct session *s) {
    while (!s->person_taken && !s->cancel) {
        (void)condition_wait(s->changed, s->lock, -1);
    }
    if (s->person_taken || s->person_shown) {
        values_wipe(&s->values); /* after a cancel the events that still wait keep theirs */
    }
}

void session_turn_page(struct session *s) {
    mutex_lock(s->lock);
    if (!ahead_turn(s)) {
        await_next_person(s);
        ahead_resume(s);
    }
    mutex_unlock(s->lock);
    ahead_clear(s);
}

void session_pause(struct session *s, int32_t ms) {
    int64_t end = session_now(s) + ms;
    mutex_lock(s->lock);
    bool waiting = true;
    for (int64_t left = ms; waiting && left > 0 && !s->cancel; left = end - session_now(s)) {
        waiting = condition_wait(s->changed, s->lock, (int32_t)left);
    }
    mutex_unlock(s->lock);
}
