#include "route_folder.h"

#include <stdlib.h>
#include <string.h>

#define WORKING 2

static int32_t prepare(void *self, struct question *q, const struct watch *watch,
                       struct fault *why) {
    (void)self, (void)watch;
    q->challenge[0] = '\0';
    return q->search != NULL ? SHK_OK : fault_raise(why, SHK_E_ROUTE_CANNOT);
}

/* A registration that is being worked on has been accepted: sent anew, it would be there twice. */
static bool is_under_way(const struct posting *what, const struct oqs_message *message) {
    return what->kind == FOLDER_REGISTER && message->segment == WORKING;
}

int32_t folder_exchange(struct terminal *t, const struct posting *what, const struct turn *turn,
                        struct folder_expected *expected, struct bytes *xml,
                        struct oqs_message *message, struct fault *why) {
    struct posted posted;
    bool settled = false;
    bytes_clear(xml);
    if (turn_stopped(turn)) {
        return fault_raise(why, SHK_E_CANCELLED);
    }
    int32_t rc = folder_post(t, what, turn, &posted, why);
    if (rc != SHK_OK) {
        return rc;
    }
    expected->posted = &posted;
    rc = folder_await(t, turn, &posted, expected, xml, message, &settled, why);
    expected->posted = NULL;
    /* A request of which it is not known whether it ever went out is waited for once. */
    bool never_sent = rc == SHK_E_TERMINAL_TIMEOUT && !posted.entry.sent;
    if (rc == SHK_OK && what->kind == FOLDER_BULK &&
        reception_is_usable(message->reception_number)) {
        text_copy(posted.entry.reception, sizeof posted.entry.reception, message->reception_number);
        ledger_note(t, &posted.entry, true);
        folder_settle(t, true); /* it says nothing but that number */
    } else if ((settled && !(rc == SHK_OK && is_under_way(what, message))) || never_sent) {
        ledger_note(t, &posted.entry, false);
    }
    return rc;
}

static void settle(void *self, bool used) {
    folder_settle(self, used);
}

static int32_t write_question(const void *self, enum oqs_encoding encoding, struct bytes *out,
                              struct fault *why) {
    const struct question *q = self;
    const struct oqs_head head = {q->date, q->institution_code, q->file_identifier};
    return oqs_write_question(&head, q->search, encoding, out, why);
}

/* What makes two questions the same one. */
static int32_t question_text(const struct question *q, struct bytes *out) {
    const struct card_data *d = q->search;
    const char *const parts[] = {
        q->institution_code, q->date,          d->insurer_number, d->symbol,
        d->number,           d->branch_number, d->birth_date,     d->limit_consent ? "1" : "0",
        d->identifier};
    int32_t rc = SHK_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && rc == SHK_OK; i++) {
        rc = bytes_append_text(out, parts[i]);
        rc = rc == SHK_OK ? bytes_append_byte(out, '\n') : rc;
    }
    return rc;
}

static int32_t ask(void *self, const struct question *q, struct bytes *answer,
                   const struct watch *watch, struct fault *why) {
    struct terminal *t = self;
    const struct turn turn = terminal_turn(t, watch);
    struct bytes text = {0};
    struct oqs_message message = {0};
    bytes_clear(answer);
    if (q->search == NULL) {
        return fault_raise(why, SHK_E_ROUTE_CANNOT);
    }
    int32_t rc = question_text(q, &text);
    if (rc != SHK_OK) {
        bytes_clear(&text);
        return fault_raise(why, rc);
    }
    const struct posting what = {FOLDER_ASK,         "siquc01",      bytes_text(&text),
                                 q->file_identifier, write_question, q};
    struct folder_expected expected = {
        .step = FOLDER_RESULT, .institution_code = q->institution_code, .search = q->search};
    rc = folder_exchange(t, &what, &turn, &expected, answer, &message, why);
    memory_wipe(&message, sizeof message);
    bytes_clear(&text);
    return rc;
}

static void free_route(void *self) {
    struct terminal *t = self;
    if (t != NULL) {
        folder_state_clear(&t->memory);
        free(t->req);
        free(t->res);
        free(t->file);
        free(t);
    }
}

static const struct route_ops folder_ops = {.prepare = prepare,
                                            .ask = ask,
                                            .settle = settle,
                                            .free = free_route,
                                            .bulk_send = folder_bulk_send,
                                            .bulk_fetch = folder_bulk_fetch,
                                            .registration = folder_registration};

static bool is_set(const char *text) {
    return text != NULL && text[0] != '\0';
}

static int32_t at_least(int32_t value, int32_t least) {
    return value > least ? value : least;
}

int32_t folder_route_new(const struct folder_settings *settings, const struct env *env,
                         struct log *log, struct lookup_route *out, struct fault *why) {
    *out = (struct lookup_route){0};
    if (!is_set(settings->req) || !is_set(settings->res)) {
        return fault_set(why, SHK_E_TERMINAL_FOLDER, SHK_NATIVE_NONE, 0,
                         is_set(settings->req) ? "res" : "req");
    }
    struct terminal *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    t->env = env;
    t->log = log;
    t->set = *settings;
    t->set.poll_ms = at_least(settings->poll_ms, 10);
    t->set.stable_ms = at_least(settings->stable_ms, 1);
    t->set.renew_min = at_least(settings->renew_min, 1);
    t->req = text_dup(settings->req);
    t->res = text_dup(settings->res);
    t->file = text_dup(settings->state != NULL ? settings->state : "");
    /* The caller's texts are borrowed for this call only. */
    t->set.req = t->set.res = t->set.face = t->set.state = NULL;
    if (t->req == NULL || t->res == NULL || t->file == NULL) {
        free_route(t);
        return fault_raise(why, SHK_E_MEMORY);
    }
    *out = (struct lookup_route){&folder_ops, t};
    return SHK_OK;
}
