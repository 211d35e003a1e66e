#include "clipboard_fake.h"

#include <string.h>

#include "thread.h"

#define LOOK_MS 5

bool clipboard_fake_init(struct clipboard_fake *c, struct clock_fake *clock) {
    *c = (struct clipboard_fake){.clock = clock, .is_empty = true, .lock = mutex_new()};
    return c->lock != NULL;
}

void clipboard_fake_clear(struct clipboard_fake *c) {
    for (size_t i = 0; i < c->steps_n; i++) {
        bytes_clear(&c->step[i].text);
    }
    mutex_free(c->lock);
    *c = (struct clipboard_fake){0};
}

static void add(struct clipboard_fake *c, int32_t after_ms, int32_t code, const char *text) {
    mutex_lock(c->lock);
    if (c->steps_n < CLIPBOARD_FAKE_MAX) {
        struct clipboard_fake_step *step = &c->step[c->steps_n++];
        *step = (struct clipboard_fake_step){.after_ms = after_ms, .code = code};
        (void)bytes_append_text(&step->text, text);
    }
    mutex_unlock(c->lock);
}

void clipboard_fake_say(struct clipboard_fake *c, int32_t after_ms, const char *text) {
    add(c, after_ms, SHK_OK, text);
}

void clipboard_fake_fail(struct clipboard_fake *c, int32_t after_ms, int32_t code) {
    add(c, after_ms, code, "");
}

void clipboard_fake_touch(struct clipboard_fake *c) {
    mutex_lock(c->lock);
    c->number++;
    c->is_empty = false;
    mutex_unlock(c->lock);
}

static int32_t open_board(void *self, void **clipboard, struct fault *why) {
    struct clipboard_fake *c = self;
    *clipboard = NULL;
    if (c->open_code != SHK_OK) {
        return fault_raise(why, c->open_code);
    }
    c->opens++;
    *clipboard = c;
    return SHK_OK;
}

/* With the lock held. SHK_E_TIMEOUT: the next step is not due after ms. */
static int32_t take_step(struct clipboard_fake *c, int32_t ms, size_t max, struct bytes *out) {
    struct clipboard_fake_step *step = &c->step[c->next];
    if (c->next == c->steps_n || step->after_ms > ms) {
        return SHK_E_TIMEOUT;
    }
    c->next++;
    if (step->code != SHK_OK) {
        return step->code;
    }
    c->number++;
    c->is_empty = false;
    c->given = 0;
    if (step->text.n > max) {
        return SHK_E_FILE_TOO_LARGE;
    }
    c->given = c->number;
    return bytes_append(out, step->text.p, step->text.n);
}

static void pass(struct clipboard_fake *c, int32_t ms) {
    if (c->next < c->steps_n) {
        c->step[c->next].after_ms -= ms;
    }
    if (c->clock != NULL) {
        clock_fake_advance(c->clock, ms);
    }
}

static int32_t wait_fake(struct clipboard_fake *c, int32_t ms, size_t max, struct bytes *out) {
    int32_t due = c->next < c->steps_n ? c->step[c->next].after_ms : ms;
    int32_t rc = take_step(c, ms, max, out);
    int32_t took = rc == SHK_E_TIMEOUT ? ms : due > 0 ? due : 0;
    if (rc == SHK_E_TIMEOUT) {
        pass(c, took);
    } else {
        clock_fake_advance(c->clock, took);
    }
    return rc;
}

static int32_t wait_real(struct clipboard_fake *c, int32_t ms, size_t max, struct bytes *out) {
    for (int32_t left = ms;; left -= LOOK_MS) {
        int32_t rc = take_step(c, 0, max, out);
        if (rc != SHK_E_TIMEOUT || left <= 0) {
            return rc;
        }
        mutex_unlock(c->lock);
        thread_sleep(LOOK_MS);
        mutex_lock(c->lock);
        pass(c, LOOK_MS);
    }
}

static int32_t wait_board(void *clipboard, int32_t ms, size_t max, struct bytes *out,
                          struct fault *why) {
    struct clipboard_fake *c = clipboard;
    bytes_clear(out);
    mutex_lock(c->lock);
    int32_t rc = c->clock != NULL ? wait_fake(c, ms, max, out) : wait_real(c, ms, max, out);
    mutex_unlock(c->lock);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static void clear_board(void *clipboard) {
    struct clipboard_fake *c = clipboard;
    mutex_lock(c->lock);
    if (c->given != 0 && c->given == c->number) {
        c->number++;
        c->given = 0;
        c->is_empty = true;
        c->clears++;
    }
    mutex_unlock(c->lock);
}

static void close_board(void *clipboard) {
    ((struct clipboard_fake *)clipboard)->closes++;
}

const struct clipboard_ops clipboard_fake_ops = {
    .open = open_board, .wait = wait_board, .clear = clear_board, .close = close_board};
