/* Reading an answer that the host has: bytes or a file, of the terminal or of the official app, of one
 * person or of many. */
#include <string.h>

#include "ahead.h"
#include "answer.h"
#include "flow.h"
#include "import_sink.h"
#include "zip.h"

#define PIECE      ((size_t)64 * 1024)
#define UNZIP_MOST (UINT64_C(2) * 1024 * 1024 * 1024)

/* What is given, piece by piece. */
struct given {
    struct session *s;
    void *file; /* null: the bytes below */
    const uint8_t *p;
    size_t n;
};

/* A pipe may keep us waiting for its next piece. */
static int32_t next_of_file(const struct given *g, uint8_t *p, size_t cap, size_t *n,
                            struct fault *why) {
    const struct env *env = &g->s->env;
    struct fault reason = {0};
    int32_t rc = SHK_E_TIMEOUT;
    while (rc == SHK_E_TIMEOUT) {
        if (session_stopping(g->s)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        rc = env->files->next(env->files_self, g->file, p, cap, n, &reason);
        if (rc == SHK_E_TIMEOUT) {
            ahead_flush(g->s);
        }
    }
    return rc == SHK_OK
               ? rc
               : fault_set(why, SHK_E_FILE_READ, reason.native_kind, reason.native, "import.file");
}

static int32_t next_piece(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct given *g = self;
    if (g->file != NULL) {
        return next_of_file(g, p, cap, n, why);
    }
    if (session_stopping(g->s)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    *n = g->n < cap ? g->n : cap;
    if (*n > 0) {
        memcpy(p, g->p, *n);
        g->p += *n;
        g->n -= *n;
    }
    return SHK_OK;
}

static int32_t open_given(struct session *s, struct given *out, struct fault *why) {
    const char *path = inputs_text(&s->inputs, "import.file");
    const struct bytes *data = inputs_bytes(&s->inputs, "import.data");
    struct fault reason = {0};
    *out = (struct given){.s = s, .p = data->p, .n = data->n};
    if (path[0] == '\0') {
        return SHK_OK;
    }
    int32_t rc = s->env.files->open_input(s->env.files_self, path, &out->file, &reason);
    if (rc == SHK_OK) {
        return rc;
    }
    return fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_FILE_READ, reason.native_kind,
                     reason.native, "import.file");
}

static void close_given(struct given *g) {
    if (g->file != NULL) {
        g->s->env.files->close(g->s->env.files_self, g->file);
    }
}

/* The first piece decides whether it is packed. */
struct unread {
    struct given *given;
    struct bytes *first;
    size_t at;
};

static int32_t next_unread(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct unread *u = self;
    size_t left = u->first->n - u->at;
    if (left == 0) {
        return next_piece(u->given, p, cap, n, why);
    }
    *n = left < cap ? left : cap;
    memcpy(p, u->first->p + u->at, *n);
    u->at += *n;
    return SHK_OK;
}

static int32_t pump(const struct byte_source *from, struct bytes *room, const struct byte_sink *to,
                    struct fault *why) {
    for (;;) {
        size_t n = 0;
        int32_t rc = from->next(from->self, room->p, PIECE, &n, why);
        if (rc != SHK_OK || n == 0) {
            return rc;
        }
        rc = to->take(to->self, room->p, n, why);
        if (rc != SHK_OK) {
            return rc;
        }
    }
}

static int32_t read_all(struct given *given, const struct byte_sink *to, struct fault *why) {
    struct bytes first = {0};
    struct bytes room = {0};
    struct unread unread = {given, &first, 0};
    const struct byte_source from = {next_unread, &unread};
    int32_t rc = SHK_E_MEMORY;
    if (bytes_reserve(&first, PIECE) != SHK_OK || bytes_reserve(&room, PIECE) != SHK_OK) {
        fault_raise(why, rc);
        goto done;
    }
    rc = next_piece(given, first.p, PIECE, &first.n, why);
    if (rc == SHK_OK) {
        rc = zip_is(first.p, first.n) ? zip_read_xml(&from, UNZIP_MOST, to, why)
                                      : pump(&from, &room, to, why);
    }
done:
    bytes_clear(&room);
    bytes_clear(&first);
    return rc;
}

void job_import(struct session *s, struct fault *why) {
    struct import_sink *sink = NULL;
    struct given given = {0};
    int32_t rc = import_sink_new(s, &sink, why);
    rc = rc == SHK_OK ? open_given(s, &given, why) : rc;
    if (rc == SHK_OK) {
        const struct byte_sink to = {import_sink_take, sink};
        if (read_all(&given, &to, why) == SHK_OK) {
            (void)import_sink_end(sink, why);
        }
    }
    import_sink_settle(sink, why);
    log_event(s->log, SHK_LOG_INFO, "import.end", "code", (int64_t)why->code);
    if (given.s != NULL) {
        close_given(&given);
    }
    import_sink_free(&sink);
}
