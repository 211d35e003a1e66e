/* What the plugin lends to an adapter, over any files. */
#ifndef FAKE_SERVICES_FAKE_H
#define FAKE_SERVICES_FAKE_H

#include "env.h"
#include "shikaku/adapter.h"

struct services_fake {
    shk_services table;
    const struct file_ops *files;
    void *files_self;
    struct fault why;       /* the first fault of this delivery */
    int64_t now_ms, wall_s; /* of the start; pause moves both on */
    int32_t pauses;
    char note[SHK_NOTE_MAX]; /* what was noted last */
    int32_t notes;
    /* Keeps a note instead of this fake; may be null. */
    int32_t (*keep)(struct services_fake *s, const char *note);
    /* Called before and after every call of a service that changes something, where an accident may
     * happen or another program be at work; also before a pause. May be null. */
    void (*step)(struct services_fake *s, const char *what);
    void *self;
};

void services_fake_init(struct services_fake *s, const struct file_ops *files, void *files_self);

#endif
