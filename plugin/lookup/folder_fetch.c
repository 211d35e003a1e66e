#include <string.h>

#include "folder_scan.h"
#include "log.h"
#include "route_folder.h"
#include "zip.h"

#define WORKING    2
#define RESCAN_MS  1000
#define STOP_BYTES ((size_t)256 * 1024)

/* One of the files that the result may come in. */
struct large {
    enum folder_form form;
    bool there, scanned;
    char path[FOLDER_PATH_ROOM];
    uint64_t size, hash;
    int64_t modified_s;
    int64_t since_ms;   /* the same since then */
    int64_t scanned_ms; /* last looked into */
};

struct fetch {
    struct folder_wait wait;
    const struct fetching *what;
    const struct posted *posted;
    struct large file[FOLDER_FORMS];
    bool over;
};

static const char *const endings[FOLDER_FORMS] = {".xml", ".zip"};

static int32_t write_fetch(const void *self, enum oqs_encoding encoding, struct bytes *out,
                           struct fault *why) {
    const struct fetching *f = self;
    return oqs_write_bulk_fetch(f->institution_code, f->reception, encoding, out, why);
}

/* The open file as a source, ended by a cancel. */
struct opened {
    const struct fetch *f;
    void *file;
    size_t since_stop;
};

static int32_t next_piece(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct opened *o = self;
    const struct env *env = o->f->wait.t->env;
    *n = 0;
    if (o->since_stop == 0 && turn_stopped(o->f->wait.turn)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    int32_t rc = env->files->next(env->files_self, o->file, p, cap, n, why);
    o->since_stop = o->since_stop + *n >= STOP_BYTES ? 0 : o->since_stop + *n;
    return rc;
}

static int32_t copy_all(const struct byte_source *from, const struct byte_sink *to,
                        struct fault *why) {
    uint8_t piece[16384];
    uint64_t total = 0;
    size_t n = 0;
    int32_t rc = SHK_OK;
    do {
        rc = from->next(from->self, piece, sizeof piece, &n, why);
        total += n;
        if (rc == SHK_OK && total > FOLDER_BULK_MOST) {
            rc = fault_raise(why, SHK_E_ANSWER_TOO_LARGE);
        }
        rc = rc == SHK_OK && n > 0 ? to->take(to->self, piece, n, why) : rc;
    } while (rc == SHK_OK && n > 0);
    memory_wipe(piece, sizeof piece);
    return rc;
}

/* The document in that file, unpacked, to a sink. */
static int32_t stream(const struct fetch *f, const struct large *c, const struct byte_sink *to,
                      struct fault *why) {
    const struct env *env = f->wait.t->env;
    struct opened opened = {.f = f};
    const struct byte_source from = {next_piece, &opened};
    int32_t rc = env->files->open(env->files_self, c->path, &opened.file, why);
    if (rc != SHK_OK) {
        return rc;
    }
    rc = c->form == FOLDER_ZIP ? zip_read_xml(&from, FOLDER_BULK_MOST, to, why)
                               : copy_all(&from, to, why);
    env->files->close(env->files_self, opened.file);
    return rc;
}

static int32_t take_scan(void *self, const uint8_t *p, size_t n, struct fault *why) {
    int32_t rc = folder_scan_take(self, p, n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* On to whoever wants it, with an eye on whether it is what was looked at before. */
struct giving {
    const struct byte_sink *to;
    struct folder_scan scan;
};

static int32_t take_giving(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct giving *g = self;
    int32_t rc = take_scan(&g->scan, p, n, why);
    return rc == SHK_OK ? g->to->take(g->to->self, p, n, why) : rc;
}

static int32_t give(const struct fetch *f, const struct large *c, struct fault *why) {
    struct giving g = {.to = f->what->sink};
    const struct byte_sink sink = {take_giving, &g};
    struct fault inner = {0};
    int32_t rc = stream(f, c, &sink, &inner);
    bool changed = g.scan.hash != c->hash;
    folder_scan_clear(&g.scan);
    if (rc == SHK_OK && changed) {
        return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0, "02res changed");
    }
    if (rc == SHK_E_ABSENT || rc == SHK_E_FOLDER_LOCKED || rc == SHK_E_FOLDER_WRITE) {
        return terminal_fault(why, &inner, "res");
    }
    if (rc != SHK_OK) {
        fault_set(why, rc, inner.native_kind, inner.native, inner.where);
    }
    return rc;
}

/* Size and time of a file that is there. */
struct stat_search {
    const char *name;
    uint64_t size;
    int64_t modified_s;
    bool found;
};

static bool look_at_size(void *who, const struct file_entry *entry) {
    struct stat_search *s = who;
    if (!text_equal(entry->name, s->name)) {
        return true;
    }
    s->size = entry->size;
    s->modified_s = entry->modified_s;
    s->found = true;
    return false;
}

static void look_at_file(struct fetch *f, struct large *c) {
    struct terminal *t = f->wait.t;
    struct stat_search s = {0};
    if (folder_wait_find(&f->wait, endings[c->form], c->path)) {
        s.name = text_file_name(c->path);
        (void)t->env->files->list(t->env->files_self, t->res, look_at_size, &s, NULL);
    }
    if (!s.found) {
        c->there = false;
        return;
    }
    if (!c->there || c->size != s.size || c->modified_s != s.modified_s) {
        c->there = true;
        c->scanned = false;
        c->size = s.size;
        c->modified_s = s.modified_s;
        c->since_ms = terminal_now(t);
    }
}

static enum folder_verdict judge(const struct fetch *f, const struct folder_scan *scan,
                                 struct oqs_message *m) {
    const struct folder_expected expected = {.step = FOLDER_ACCEPTED,
                                             .institution_code = f->what->institution_code,
                                             .posted = f->posted};
    if (!folder_scan_whole(scan) || !folder_scan_header(scan, m)) {
        return FOLDER_TORN;
    }
    if (m->segment == 0 && m->error_code[0] == '\0') {
        return FOLDER_NO_ANSWER;
    }
    bool ours =
        folder_header_fits(&expected, m) &&
        (m->reception_number[0] == '\0' || text_equal(m->reception_number, f->what->reception));
    return ours ? FOLDER_OURS : FOLDER_FOREIGN;
}

/* The first reading: nothing is given before it is whole and ours. */
static int32_t scan_file(struct fetch *f, struct large *c, enum folder_verdict *verdict,
                         struct oqs_message *m, struct fault *inner) {
    struct folder_scan scan = {0};
    const struct byte_sink sink = {take_scan, &scan};
    int32_t rc = stream(f, c, &sink, inner);
    *verdict = rc == SHK_OK ? judge(f, &scan, m) : FOLDER_TORN;
    c->scanned_ms = terminal_now(f->wait.t);
    if (!c->scanned || c->hash != scan.hash) {
        /* A copy that has its full size from the beginning still changes inside. */
        c->since_ms = c->scanned ? c->scanned_ms : c->since_ms;
        c->scanned = true;
        c->hash = scan.hash;
    }
    folder_scan_clear(&scan);
    return rc;
}

static int32_t broken_fault(enum folder_verdict verdict, int32_t rc, struct fault *why) {
    if (verdict == FOLDER_NO_ANSWER) {
        return fault_set(why, SHK_E_TERMINAL_REFUSED, SHK_NATIVE_NONE, 0, "res");
    }
    return fault_set(why, rc == SHK_E_ARCHIVE ? rc : SHK_E_XML, SHK_NATIVE_NONE, 0, "res");
}

/* SHK_E_TIMEOUT: not yet. */
static int32_t weigh(struct fetch *f, struct large *c, struct fault *why) {
    enum folder_verdict verdict = FOLDER_TORN;
    struct oqs_message m = {0};
    struct fault inner = {0};
    int32_t rc = scan_file(f, c, &verdict, &m, &inner);
    if (rc == SHK_E_LIBRARY) {
        return fault_set(why, rc, inner.native_kind, inner.native, inner.where);
    }
    if (rc == SHK_E_CANCELLED || rc == SHK_E_ANSWER_TOO_LARGE || rc == SHK_E_MEMORY) {
        f->over = rc == SHK_E_ANSWER_TOO_LARGE;
        return fault_set(why, rc, inner.native_kind, inner.native, "res");
    }
    if (verdict == FOLDER_FOREIGN) {
        f->over = true;
        return fault_set(why, SHK_E_ANSWER_FOREIGN, SHK_NATIVE_NONE, 0, "res");
    }
    if (verdict == FOLDER_OURS) {
        rc = m.segment == WORKING ? SHK_E_ANSWER_PENDING : give(f, c, why);
        f->over = rc == SHK_OK || rc == SHK_E_ANSWER_PENDING;
        return rc;
    }
    int64_t same_ms = terminal_now(f->wait.t) - c->since_ms;
    if (same_ms < folder_broken_after(f->wait.t)) {
        return SHK_E_TIMEOUT;
    }
    f->over = true;
    return broken_fault(verdict, rc, why);
}

static bool is_due(const struct fetch *f, const struct large *c) {
    int64_t now = terminal_now(f->wait.t);
    return c->there && now - c->since_ms >= f->wait.t->set.stable_ms &&
           (!c->scanned || now - c->scanned_ms >= RESCAN_MS);
}

static int32_t look(struct fetch *f, struct fault *why) {
    bool unread = false;
    if (!folder_wait_look(&f->wait)) {
        return SHK_E_TIMEOUT;
    }
    for (size_t i = 0; i < FOLDER_FORMS; i++) {
        struct large *c = &f->file[i];
        look_at_file(f, c);
        int32_t rc = is_due(f, c) ? weigh(f, c, why) : SHK_E_TIMEOUT;
        if (f->over && (rc == SHK_OK || rc == SHK_E_ANSWER_PENDING)) {
            log_event(f->wait.t->log, SHK_LOG_INFO, "folder.fetched", "code,bytes,zip", (int64_t)rc,
                      (int64_t)c->size, (int64_t)(c->form == FOLDER_ZIP));
            text_copy(f->wait.t->answer, sizeof f->wait.t->answer, c->path);
            if (rc == SHK_E_ANSWER_PENDING) {
                folder_settle(f->wait.t, true); /* the next one is another file */
            }
        }
        if (rc != SHK_E_TIMEOUT) {
            return rc;
        }
        unread = unread || (c->there && !c->scanned);
    }
    if (!unread && folder_wait_refused(&f->wait)) {
        f->over = true;
        return fault_set(why, SHK_E_TERMINAL_REFUSED, SHK_NATIVE_NONE, 0, "res");
    }
    return SHK_E_TIMEOUT;
}

static int32_t pause_ms(const struct fetch *f) {
    bool there = f->file[FOLDER_XML].there || f->file[FOLDER_ZIP].there;
    return there ? f->wait.t->set.stable_ms : f->wait.t->set.poll_ms;
}

int32_t folder_fetch(struct terminal *t, const struct fetching *what, const struct turn *turn,
                     struct fault *why) {
    struct posted posted;
    struct fetch f = {.what = what, .posted = &posted};
    const struct posting posting = {FOLDER_FETCH, what->message, what->reception,
                                    "",           write_fetch,   what};
    if (turn_stopped(turn)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    int32_t rc = folder_post(t, &posting, turn, &posted, why);
    if (rc != SHK_OK) {
        return rc;
    }
    f.file[FOLDER_ZIP].form = FOLDER_ZIP;
    folder_wait_begin(&f.wait, t, turn, &posted);
    do {
        rc = look(&f, why);
        if (rc == SHK_E_TIMEOUT) {
            int32_t paused = folder_wait_pause(&f.wait, pause_ms(&f), why);
            rc = paused == SHK_OK ? rc : paused;
        }
    } while (rc == SHK_E_TIMEOUT);
    folder_wait_end(&f.wait);
    if (f.over || (rc == SHK_E_TERMINAL_TIMEOUT && !posted.entry.sent)) {
        ledger_note(t, &posted.entry, false);
    }
    return rc;
}
