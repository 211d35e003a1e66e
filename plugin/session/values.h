/* Reading the session's values by path. */
#ifndef SESSION_VALUES_H
#define SESSION_VALUES_H

#include "session.h"

/* One value found; valid while the session's lock is held. */
struct reading {
    const char *text; /* UTF-8; may point to scratch */
    size_t len;
    bool is_number;
    int64_t number;
    bool is_document; /* bytes in a document's own encoding, for shk_bytes only */
    char scratch[256];
};

/* Under the lock. s may be null for the paths that need no session. SHK_E_PATH, SHK_E_ABSENT. */
int32_t values_read(struct session *s, const char *path, size_t n, struct reading *out);
int32_t values_count(struct session *s, const char *path, size_t n, int32_t *out);
/* The values of a fault: "code", "message", … */
int32_t values_read_fault(const struct fault *why, const char *name, size_t n, struct reading *out);

#endif
