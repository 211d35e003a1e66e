#include <string.h>

#include "log.h"
#include "route_folder.h"
#include "thread.h"

#define WAIT_S           20
#define REGISTER_WAIT_MS 5000
#define REGISTERED_MOST  ((size_t)64 * 1024 * 1024)

static struct oqs_head head_of(const struct bulk_question *q) {
    return (struct oqs_head){q->date, q->institution_code, q->file_identifier};
}

static int32_t write_batch(const void *self, enum oqs_encoding encoding, struct bytes *out,
                           struct fault *why) {
    const struct bulk_question *q = self;
    const struct oqs_head head = head_of(q);
    return oqs_write_bulk_question(&head, q->people, q->people_n, encoding, out, why);
}

static int32_t write_registration(const void *self, enum oqs_encoding encoding, struct bytes *out,
                                  struct fault *why) {
    const struct bulk_question *q = self;
    const struct oqs_head head = head_of(q);
    return oqs_write_registration(&head, q->people, q->people_n, encoding, out, why);
}

/* The first of the two steps: a reception number for the batch, remembered from an earlier time or
 * fresh. */
static int32_t reception_of(struct terminal *t, const struct posting *what,
                            const struct bulk_question *q, const struct turn *turn,
                            char reception[RECEPTION_NUMBER_MAX], struct fault *why) {
    struct folder_expected expected = {.step = FOLDER_ACCEPTED,
                                       .institution_code = q->institution_code};
    struct bytes xml = {0};
    struct oqs_message message = {0};
    int32_t rc = folder_exchange(t, what, turn, &expected, &xml, &message, why);
    bytes_clear(&xml);
    if (rc == SHK_OK && !reception_is_usable(message.reception_number)) {
        rc = fault_set(
            why, message.reception_number[0] != '\0' ? SHK_E_XML_FOREIGN : SHK_E_ANSWER_REFUSED,
            SHK_NATIVE_NONE, 0, "01res");
    }
    if (rc == SHK_OK) {
        text_copy(reception, RECEPTION_NUMBER_MAX, message.reception_number);
    }
    memory_wipe(&message, sizeof message);
    return rc;
}

/* Known from an earlier call: nothing is sent. */
static bool remembered(struct terminal *t, const struct turn *turn, const char *key,
                       char reception[RECEPTION_NUMBER_MAX]) {
    struct ledger l;
    char hash[FOLDER_HASH_MAX];
    if (ledger_open(t, turn, &l, NULL) != SHK_OK) {
        return false;
    }
    const struct folder_entry *entry = NULL;
    if (folder_hash(l.state, key, strlen(key), hash) == SHK_OK) {
        entry = folder_state_find(l.state, FOLDER_BULK, hash);
    }
    if (entry != NULL) {
        text_copy(reception, RECEPTION_NUMBER_MAX, entry->reception);
    }
    ledger_close(&l);
    return reception[0] != '\0';
}

static int32_t
send_batch(struct terminal *t, const struct bulk_question *q, const char *message,
           int32_t (*write)(const void *, enum oqs_encoding, struct bytes *, struct fault *),
           const struct turn *turn, char reception[RECEPTION_NUMBER_MAX], struct fault *why) {
    /* The kind is part of the key: a caller may use one key for asking and for registering. */
    char key[64];
    text_format(key, sizeof key, "%s %s", message, q->idempotency_key);
    const struct posting what = {FOLDER_BULK, message, key, q->file_identifier, write, q};
    reception[0] = '\0';
    if (q->people_n == 0 || q->idempotency_key[0] == '\0') {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    if (remembered(t, turn, key, reception)) {
        return SHK_OK;
    }
    return reception_of(t, &what, q, turn, reception, why);
}

int32_t folder_bulk_send(void *self, const struct bulk_question *q,
                         char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                         struct fault *why) {
    struct terminal *t = self;
    const struct turn turn = terminal_turn(t, watch);
    return send_batch(t, q, "muquc01", write_batch, &turn, reception, why);
}

int32_t folder_bulk_fetch(void *self, const struct bulk_question *q, const char *reception,
                          const struct byte_sink *sink, int32_t *wait_s, const struct watch *watch,
                          struct fault *why) {
    struct terminal *t = self;
    const struct turn turn = terminal_turn(t, watch);
    const struct fetching what = {"muquc02", q->institution_code, reception, sink};
    *wait_s = 0;
    if (!reception_is_usable(reception)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = folder_fetch(t, &what, &turn, why);
    if (rc == SHK_E_ANSWER_PENDING) {
        *wait_s = WAIT_S;
        return fault_raise(why, rc);
    }
    return rc;
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    struct bytes *to = self;
    if (n > REGISTERED_MOST - to->n) {
        return fault_raise(why, SHK_E_ANSWER_TOO_LARGE);
    }
    int32_t rc = bytes_append(to, p, n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t pause_between(struct terminal *t, const struct turn *turn, struct fault *why) {
    int64_t until = terminal_now(t) + REGISTER_WAIT_MS;
    while (terminal_now(t) < until) {
        if (turn_stopped(turn)) {
            return fault_raise(why, SHK_E_CANCELLED);
        }
        if (terminal_now(t) >= turn->end_ms) {
            return fault_set(why, SHK_E_TERMINAL_TIMEOUT, SHK_NATIVE_NONE, 0, "02res");
        }
        thread_sleep(100);
    }
    return SHK_OK;
}

static int32_t register_many(struct terminal *t, const struct bulk_question *q,
                             struct bytes *answer, const struct turn *turn, struct fault *why) {
    char reception[RECEPTION_NUMBER_MAX];
    const struct byte_sink sink = {take, answer};
    const struct fetching what = {"muimm02", q->institution_code, reception, &sink};
    int32_t rc = send_batch(t, q, "muimm01", write_registration, turn, reception, why);
    while (rc == SHK_OK) {
        rc = folder_fetch(t, &what, turn, why);
        if (rc != SHK_E_ANSWER_PENDING) {
            break;
        }
        rc = pause_between(t, turn, why);
    }
    return rc;
}

/* What is registered, not when: whoever asks again after a timeout waits for the same request. */
static int32_t registration_text(const struct bulk_question *q, struct bytes *out) {
    const struct card_data *d = q->people;
    const char *const parts[] = {q->institution_code, d->reference_number, d->insurer_number,
                                 d->symbol,           d->number,           d->branch_number};
    int32_t rc = SHK_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && rc == SHK_OK; i++) {
        rc = bytes_append_text(out, parts[i]);
        rc = rc == SHK_OK ? bytes_append_byte(out, '\n') : rc;
    }
    return rc;
}

static int32_t register_one(struct terminal *t, const struct bulk_question *q, struct bytes *answer,
                            const struct turn *turn, struct fault *why) {
    struct folder_expected expected = {.step = FOLDER_REGISTERED,
                                       .institution_code = q->institution_code};
    struct oqs_message message = {0};
    struct bytes text = {0};
    int32_t rc = registration_text(q, &text);
    const struct posting what = {FOLDER_REGISTER,    "siimm01",          bytes_text(&text),
                                 q->file_identifier, write_registration, q};
    rc = rc == SHK_OK ? folder_exchange(t, &what, turn, &expected, answer, &message, why)
                      : fault_raise(why, rc);
    memory_wipe(&message, sizeof message);
    bytes_clear(&text);
    return rc;
}

int32_t folder_registration(void *self, const struct bulk_question *q, struct bytes *answer,
                            const struct watch *watch, struct fault *why) {
    struct terminal *t = self;
    const struct turn turn = terminal_turn(t, watch);
    bytes_clear(answer);
    if (q->people_n == 0 || q->idempotency_key[0] == '\0' || (q->single && q->people_n != 1)) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    int32_t rc = q->single ? register_one(t, q, answer, &turn, why)
                           : register_many(t, q, answer, &turn, why);
    if (rc != SHK_OK) {
        bytes_clear(answer);
    }
    return rc;
}
