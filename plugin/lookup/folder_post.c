#include <string.h>

#include "folder_terminal.h"
#include "japan.h"
#include "log.h"

#define TRIES       50
#define LONG_DIGITS 1000000u
#define MINUTE_S    60

void posted_name(const struct posted *p, const char *middle, const char *ending,
                 char out[FOLDER_NAME_MAX]) {
    text_format(out, FOLDER_NAME_MAX, "OQS%s%s_%s%s", p->message, middle, p->entry.id, ending);
}

static bool is_there(const struct terminal *t, const char *folder, const char *name) {
    char path[FOLDER_PATH_ROOM];
    void *file = NULL;
    if (!terminal_path(path, folder, name)) {
        return false;
    }
    int32_t rc = t->env->files->open(t->env->files_self, path, &file, NULL);
    if (rc == SHK_OK) {
        t->env->files->close(t->env->files_self, file);
    }
    return rc != SHK_E_ABSENT && rc != SHK_E_FOLDER_MISSING;
}

bool posted_lies_there(const struct terminal *t, const struct posted *p) {
    char name[FOLDER_NAME_MAX];
    posted_name(p, "req", ".xml", name);
    return is_there(t, t->req, name);
}

static bool has_result(const struct terminal *t, const struct posted *p) {
    static const char *const endings[] = {".xml", ".zip", ".err"};
    char name[FOLDER_NAME_MAX];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        posted_name(p, "res", endings[i], name);
        if (is_there(t, t->res, name)) {
            return true;
        }
    }
    return false;
}

/* Looking for anything that the terminal laid there for a request, in whatever case it is written. */
struct reply {
    char name[5][FOLDER_NAME_MAX];
    bool found;
};

static bool look_at_reply(void *who, const struct file_entry *entry) {
    struct reply *reply = who;
    for (size_t i = 0; i < sizeof reply->name / sizeof reply->name[0] && !reply->found; i++) {
        reply->found = folder_same_name(entry->name, reply->name[i]);
    }
    return !reply->found;
}

static bool has_reply(const struct terminal *t, const struct posted *p) {
    static const char *const endings[][2] = {
        {"res", ".xml"}, {"res", ".zip"}, {"res", ".err"}, {"req", ".err"}, {"req", ".xml"}};
    struct reply reply = {.found = false};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        posted_name(p, endings[i][0], endings[i][1], reply.name[i]);
    }
    int32_t rc = t->env->files->list(t->env->files_self, t->res, look_at_reply, &reply, NULL);
    return rc != SHK_OK || reply.found;
}

/* Whoever has taken a request and lets it lie for so long has lost it. Only what may go out twice is
 * renewed: a question, and the asking for a result. A clock that was put back counts like one that went
 * on. */
static bool is_overdue(const struct terminal *t, const struct folder_entry *e) {
    int64_t age_s = t->env->clock->wall_s(t->env->clock_self) - e->made_s;
    int64_t most_s = (int64_t)t->set.renew_min * MINUTE_S;
    return (e->kind == FOLDER_ASK || e->kind == FOLDER_FETCH) &&
           (age_s >= most_s || age_s <= -most_s);
}

/* True: its answer is not waited for any more. A request that nobody took is taken back; one that
 * cannot be, because the terminal reads it just now, goes on. */
static bool give_up(const struct terminal *t, const struct posted *p) {
    char name[FOLDER_NAME_MAX];
    char path[FOLDER_PATH_ROOM];
    if (!is_overdue(t, &p->entry) || has_reply(t, p)) {
        return false;
    }
    bool untaken = posted_lies_there(t, p);
    posted_name(p, "req", ".xml", name);
    if (untaken && (!terminal_path(path, t->req, name) ||
                    t->env->files->remove(t->env->files_self, path, NULL) != SHK_OK)) {
        return false;
    }
    log_event(t->log, SHK_LOG_WARN, "folder.renew", "kind,untaken", (int64_t)p->entry.kind,
              (int64_t)untaken);
    return true;
}

/* Looking for the day's highest number. */
struct numbers {
    const char *day;
    int32_t highest;
};

static bool look_at_number(void *who, const struct file_entry *entry) {
    struct numbers *numbers = who;
    int32_t number = folder_name_number(entry->name, numbers->day);
    if (number > numbers->highest) {
        numbers->highest = number;
    }
    return true;
}

static int32_t highest_in(const struct terminal *t, const char *folder, const char *where,
                          struct numbers *numbers, struct fault *why) {
    struct fault inner = {0};
    int32_t rc = t->env->files->list(t->env->files_self, folder, look_at_number, numbers, &inner);
    return rc == SHK_OK ? rc : terminal_fault(why, &inner, where);
}

/* The number above every one that was seen. */
static int32_t next_short(const struct terminal *t, struct folder_state *state, const char *now,
                          char id[FOLDER_ID_MAX], struct fault *why) {
    char day[9];
    text_copy_n(day, sizeof day, now, 8);
    struct numbers numbers = {day, text_equal(state->day, day) ? state->number : 0};
    int32_t rc = highest_in(t, t->req, "req", &numbers, why);
    rc = rc == SHK_OK ? highest_in(t, t->res, "res", &numbers, why) : rc;
    if (rc != SHK_OK) {
        return rc;
    }
    if (numbers.highest >= FOLDER_NUMBER_MOST) {
        return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0, "number 9999");
    }
    text_copy(state->day, sizeof state->day, day);
    state->number = numbers.highest + 1;
    text_format(id, FOLDER_ID_MAX, "%s%04d", day, (int)state->number);
    return SHK_OK;
}

/* Drawn, not counted: unique among machines that do not know of each other. */
static int32_t next_long(const struct terminal *t, const char *now, char id[FOLDER_ID_MAX],
                         struct fault *why) {
    uint8_t raw[4];
    if (t->env->random->fill(t->env->random_self, raw, sizeof raw) != SHK_OK) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    uint32_t number =
        ((uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3]) %
        LONG_DIGITS;
    text_format(id, FOLDER_ID_MAX, "%s%06u", now, (unsigned)number);
    return SHK_OK;
}

static int32_t next_id(const struct terminal *t, struct folder_state *state, char id[FOLDER_ID_MAX],
                       struct fault *why) {
    char now[15];
    japan_time(t->env, now);
    return t->set.long_identifier ? next_long(t, now, id, why) : next_short(t, state, now, id, why);
}

/* Puts it under its name. SHK_E_FILE_EXISTS: the name is taken, by whomever. */
static int32_t put_request(const struct terminal *t, const struct posted *p,
                           const struct bytes *document, struct fault *inner) {
    char name[FOLDER_NAME_MAX];
    char path[FOLDER_PATH_ROOM];
    posted_name(p, "req", ".xml", name);
    if (has_result(t, p)) {
        return fault_raise(inner, SHK_E_FILE_EXISTS);
    }
    if (!terminal_path(path, t->req, name)) {
        return fault_raise(inner, SHK_E_TERMINAL_FOLDER);
    }
    int32_t rc =
        t->env->files->put(t->env->files_self, path, document->p, document->n, false, inner);
    if (rc != SHK_OK && rc != SHK_E_FILE_EXISTS && is_there(t, t->req, name)) {
        /* It has its name already, only flushing failed: taking it back could cross the terminal. */
        fault_clear(inner);
        rc = SHK_OK;
    }
    return rc;
}

/* Written down before it is put and once more after it, so that a program that is killed between the two
 * knows that it does not know. */
static int32_t send_once(struct ledger *l, struct posted *p, const struct bytes *document,
                         struct fault *inner) {
    struct terminal *t = l->t;
    p->entry.sent = false;
    int32_t rc = next_id(t, l->state, p->entry.id, inner);
    rc = rc == SHK_OK ? folder_state_add(l->state, &p->entry) : rc;
    rc = rc == SHK_OK ? ledger_save(l, inner) : rc;
    if (rc != SHK_OK) {
        return fault_raise(inner, rc);
    }
    rc = put_request(t, p, document, inner);
    if (rc != SHK_OK) {
        folder_state_drop(l->state, p->entry.kind, p->entry.question);
        (void)ledger_save(l, NULL);
        return rc;
    }
    p->entry.sent = true;
    rc = folder_state_add(l->state, &p->entry);
    if (rc == SHK_OK && ledger_save(l, NULL) != SHK_OK) {
        log_event(t->log, SHK_LOG_WARN, "folder.state", "sent", INT64_C(1));
    }
    return SHK_OK;
}

static int32_t send(struct ledger *l, const struct posting *what, struct posted *p,
                    struct fault *why) {
    struct terminal *t = l->t;
    struct bytes document = {0};
    struct fault inner = {0};
    int32_t rc = what->write(what->self, t->set.encoding, &document, why);
    if (rc != SHK_OK) {
        bytes_clear(&document);
        return rc;
    }
    p->entry.made_s = t->env->clock->wall_s(t->env->clock_self);
    rc = SHK_E_FILE_EXISTS;
    for (int i = 0; i < TRIES && rc == SHK_E_FILE_EXISTS; i++) {
        fault_clear(&inner);
        rc = send_once(l, p, &document, &inner);
    }
    if (rc == SHK_OK) {
        log_event(t->log, SHK_LOG_INFO, "folder.request", "kind,number,bytes",
                  (int64_t)p->entry.kind, (int64_t)l->state->number, (int64_t)document.n);
    }
    bytes_clear(&document);
    return rc == SHK_OK ? rc : terminal_fault(why, &inner, inner.where[0] ? inner.where : "req");
}

static int32_t post(struct ledger *l, const struct posting *what, struct posted *p,
                    struct fault *why) {
    struct folder_entry *e = &p->entry;
    memcpy(p->salt, l->state->salt, sizeof p->salt);
    int32_t rc = folder_hash(l->state, what->question, strlen(what->question), e->question);
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    const struct folder_entry *known = folder_state_find(l->state, what->kind, e->question);
    struct posted earlier = *p;
    if (known != NULL) {
        earlier.entry = *known;
    }
    if (known != NULL && !give_up(l->t, &earlier)) {
        *e = *known;
        p->resumed = true;
        e->sent = e->sent || posted_lies_there(l->t, p) || has_result(l->t, p);
        return SHK_OK;
    }
    rc = folder_hash(l->state, what->file_identifier, strlen(what->file_identifier),
                     e->file_identifier);
    return rc == SHK_OK ? send(l, what, p, why) : fault_raise(why, rc);
}

static int32_t check_folders(const struct terminal *t, struct fault *why) {
    const struct file_ops *files = t->env->files;
    bool req = files->is_folder(t->env->files_self, t->req);
    if (req && files->is_folder(t->env->files_self, t->res)) {
        return SHK_OK;
    }
    return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0, req ? "res" : "req");
}

int32_t folder_post(struct terminal *t, const struct posting *what, const struct turn *turn,
                    struct posted *out, struct fault *why) {
    struct ledger l;
    *out = (struct posted){.entry = {.kind = what->kind}, .message = what->message};
    int32_t rc = check_folders(t, why);
    rc = rc == SHK_OK ? ledger_open(t, turn, &l, why) : rc;
    if (rc == SHK_OK) {
        rc = post(&l, what, out, why);
        ledger_close(&l);
    }
    return rc;
}
