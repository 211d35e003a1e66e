#include <stdlib.h>
#include <string.h>

#include "arrival_text.h"
#include "crypto.h"
#include "log.h"

#define SLICE_MS 500  /* between two questions whether to stop */
#define ECHO_MS  1500 /* remote desktops and clipboard keepers put a text there once more */

struct clipboard_arrivals {
    const struct env *env;
    struct log *log;
    const struct app_words *words;
    void *clipboard;
    bool clear;
    bool ours;    /* what the clipboard gave last is the answer given last */
    bool emptied; /* the last answer was used and the clipboard cleared */
    bool any;     /* an answer was given already; digest and last_ms are of it */
    uint8_t digest[32];
    int64_t last_ms; /* when it was given or settled */
};

static int64_t now_ms(const struct clipboard_arrivals *a) {
    return a->env->clock->mono_ms(a->env->clock_self);
}

/* The same text right after the last one was given or used is the same copy. */
static int32_t refuse_echo(struct clipboard_arrivals *a, struct arrival *out, struct fault *why) {
    uint8_t digest[sizeof a->digest];
    int32_t rc = sha256(out->body.p, out->body.n, digest);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    int64_t now = now_ms(a);
    bool echo =
        a->any && memcmp(digest, a->digest, sizeof digest) == 0 && now - a->last_ms < ECHO_MS;
    memcpy(a->digest, digest, sizeof digest);
    a->any = true;
    a->last_ms = now;
    if (!echo) {
        a->emptied = false;
        return SHK_OK;
    }
    if (a->emptied) {
        a->env->clipboard->clear(a->clipboard);
    }
    log_event(a->log, SHK_LOG_DEBUG, "clipboard.echo", "bytes", (int64_t)out->body.n);
    return SHK_E_TIMEOUT;
}

/* One look. SHK_E_TIMEOUT: nothing for us came. */
static int32_t look(struct clipboard_arrivals *a, int32_t ms, struct arrival *out,
                    struct fault *why) {
    struct bytes text = {0};
    struct fault unread = {0};
    int32_t rc = a->env->clipboard->wait(a->clipboard, ms, APP_TEXT_MAX, &text, &unread);
    if (rc == SHK_E_TIMEOUT || rc == SHK_E_FILE_TOO_LARGE) {
        bytes_clear(&text);
        return SHK_E_TIMEOUT;
    }
    if (rc != SHK_OK) {
        bytes_clear(&text);
        return fault_set(why, rc, unread.native_kind, unread.native, NULL);
    }
    rc = arrival_take_text(&text, a->words, out);
    a->ours = rc == SHK_OK;
    if (rc == SHK_E_APP_TEXT) {
        return SHK_E_TIMEOUT;
    }
    if (rc == SHK_OK) {
        rc = refuse_echo(a, out, why);
    }
    if (rc != SHK_OK) {
        bytes_clear(&out->body);
    }
    return rc == SHK_OK || rc == SHK_E_TIMEOUT ? rc : fault_raise(why, rc);
}

static int32_t wait(void *self, int32_t ms, struct arrival *out, const struct watch *watch,
                    struct fault *why) {
    struct clipboard_arrivals *a = self;
    int64_t end = now_ms(a) + ms;
    *out = (struct arrival){0};
    for (;;) {
        if (watch_stopped(watch)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        int64_t left = end - now_ms(a);
        int64_t slice = left < 0 ? 0 : left < SLICE_MS ? left : SLICE_MS;
        int32_t rc = look(a, (int32_t)slice, out, why);
        if (rc != SHK_E_TIMEOUT) {
            return rc;
        }
        if (end - now_ms(a) <= 0) {
            return fault_raise(why, SHK_E_TIMEOUT);
        }
    }
}

static void settle(void *self, bool good) {
    struct clipboard_arrivals *a = self;
    a->last_ms = now_ms(a);
    if (good && a->clear && a->ours) {
        a->env->clipboard->clear(a->clipboard);
    }
    a->emptied = good && a->clear;
}

static void free_arrivals(void *self) {
    struct clipboard_arrivals *a = self;
    if (a != NULL) {
        a->env->clipboard->close(a->clipboard);
        memory_wipe(a, sizeof *a);
        free(a);
    }
}

static const struct arrival_ops clipboard_ops = {
    .wait = wait, .settle = settle, .free = free_arrivals};

int32_t clipboard_arrivals_new(bool clear, const struct app_words *words, const struct env *env,
                               struct log *log, struct arrival_source *out, struct fault *why) {
    *out = (struct arrival_source){0};
    if (env->clipboard == NULL) {
        return fault_raise(why, SHK_E_CLIPBOARD);
    }
    struct clipboard_arrivals *a = calloc(1, sizeof *a);
    if (a == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    *a = (struct clipboard_arrivals){.env = env, .log = log, .words = words, .clear = clear};
    int32_t rc = env->clipboard->open(env->clipboard_self, &a->clipboard, why);
    if (rc != SHK_OK) {
        free(a);
        return rc;
    }
    *out = (struct arrival_source){&clipboard_ops, a};
    return SHK_OK;
}
