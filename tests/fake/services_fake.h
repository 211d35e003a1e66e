/* What the plugin lends to an adapter, over any files. */
#ifndef FAKE_SERVICES_FAKE_H
#define FAKE_SERVICES_FAKE_H

#include "env.h"
#include "shikaku/adapter.h"

struct services_fake {
    shk_services table;
    const struct file_ops *files;
    void *files_self;
    struct fault why; /* the first fault of this delivery */
};

void services_fake_init(struct services_fake *s, const struct file_ops *files, void *files_self);

#endif
