#include "pcsc_transport.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "pcsc_parts.h"
#include "platform.h"
#include "thread.h"

#define LIMIT_MS    10000 /* of one call, unless pcsc_transport_limit says otherwise */
#define SERVICE_MS  3000  /* the service alone has at least this much */
#define RECOVER_MS  500   /* how long a service that hangs is waited for again */
#define BUSY_MS     2000  /* how long another program may keep us waiting for the card */
#define BEGIN_MS    500   /* of which the transaction has at least this much */
#define ATTEMPT_MS  100   /* one attempt has at least this much while another program is there */
#define GONE_MS     1500  /* a reader needs this long to notice that the card left */
#define FAREWELL_MS 1000  /* giving everything back; longer goes on by itself */

static int64_t now_ms(void) {
    return platform_clock.mono_ms(NULL);
}

bool pcsc_service_gone(uint32_t rv) {
    return rv == PCSC_NO_SERVICE || rv == PCSC_SERVICE_STOPPED || rv == PCSC_SHUTDOWN ||
           rv == PCSC_SYSTEM_CANCELLED || rv == PCSC_INVALID_HANDLE ||
           rv == PCSC_OS_INVALID_HANDLE || rv == PCSC_OS_BROKEN_PIPE;
}

int32_t pcsc_meaning(uint32_t rv) {
    switch (rv) {
    case PCSC_LATE:
        return SHK_E_CARD_HANGS;
    case PCSC_NO_READERS:
    case PCSC_UNKNOWN_READER:
    case PCSC_READER_UNAVAILABLE:
        return SHK_E_NO_READER;
    case PCSC_REMOVED_CARD:
    case PCSC_NO_SMARTCARD:
        return SHK_E_CARD_REMOVED;
    case PCSC_UNPOWERED_CARD:
    case PCSC_UNRESPONSIVE_CARD:
    case PCSC_UNSUPPORTED_CARD:
    case PCSC_CARD_UNSUPPORTED:
        return SHK_E_CARD_MUTE;
    case PCSC_RESET_CARD:
        return SHK_E_CARD_RESET;
    case PCSC_SHARING_VIOLATION:
        return SHK_E_CARD_BUSY;
    case PCSC_NO_MEMORY:
        return SHK_E_MEMORY;
    case PCSC_SERVER_TOO_BUSY:
        return SHK_E_NO_SERVICE;
    default:
        return pcsc_service_gone(rv) ? SHK_E_NO_SERVICE : SHK_E_READER;
    }
}

/* A call that is late has no code of its own. */
int32_t pcsc_fault(struct fault *why, int32_t code, uint32_t rv, const char *where) {
    uint32_t late = code == SHK_E_CARD_BUSY ? PCSC_SHARING_VIOLATION : PCSC_TIMEOUT;
    uint32_t native = rv == PCSC_LATE ? late : rv;
    return fault_set(why, code, SHK_NATIVE_PCSC, (int32_t)native, where);
}

int32_t pcsc_service_ms(const struct transport *t) {
    return t->limit_ms > SERVICE_MS ? t->limit_ms : SERVICE_MS;
}

static uint32_t service_call(struct transport *t, uint32_t rv) {
    return pcsc_check(t, rv, "", SHK_E_NO_SERVICE);
}

static uint32_t card_call(struct transport *t, uint32_t rv) {
    return pcsc_check(t, rv, t->reader, SHK_E_CARD_HANGS);
}

void pcsc_drop_context(struct transport *t) {
    if (t->line != NULL) {
        (void)service_call(t, pcsc_line_release(t->line, t->limit_ms));
    }
    t->connected = t->in_transaction = false;
}

static int32_t establish(struct transport *t, struct fault *why) {
    if (pcsc_left_over(t, "", RECOVER_MS) != SHK_OK) {
        return pcsc_fault(why, SHK_E_NO_SERVICE, PCSC_LATE, "SCardEstablishContext");
    }
    uint32_t rv = service_call(t, pcsc_line_establish(t->line, pcsc_service_ms(t)));
    return rv == PCSC_OK ? SHK_OK : pcsc_fault(why, SHK_E_NO_SERVICE, rv, "SCardEstablishContext");
}

void pcsc_settle(struct transport *t) {
    if (t->letting_go) {
        t->letting_go = false;
        (void)card_call(t, pcsc_line_has_let_go(t->line, (int32_t)(t->let_go_ms - now_ms())));
    }
}

int32_t pcsc_ready(struct transport *t, struct fault *why) {
    pcsc_settle(t);
    if (t->line == NULL) {
        int32_t rc = pcsc_line_open(t->library[0] != '\0' ? t->library : NULL, &t->line);
        if (rc != SHK_OK) {
            return fault_raise(why, rc);
        }
    }
    return pcsc_line_has_context(t->line) ? SHK_OK : establish(t, why);
}

static void disconnect(void *self) {
    struct transport *t = self;
    if (t->connected) {
        (void)card_call(t, pcsc_line_disconnect(t->line, t->limit_ms));
    }
    t->connected = t->in_transaction = t->asked = false;
}

/* Another program is connected to this card: then it is the one that a connection waits for. How long
 * the question takes is what any call takes here; a remote desktop has its reader far away. */
static bool is_in_use(struct transport *t) {
    struct pcsc_watch at = {.name = t->reader, .current = PCSC_STATE_UNAWARE};
    int64_t from_ms = now_ms();
    uint32_t rv = service_call(t, pcsc_line_watch(t->line, 0, &at, 1, pcsc_service_ms(t)));
    t->usual_ms = now_ms() - from_ms;
    return rv == PCSC_OK && (at.event & (PCSC_STATE_IN_USE | PCSC_STATE_EXCLUSIVE)) != 0;
}

struct attempt {
    uint32_t (*call)(struct transport *t, int64_t *took_ms, int32_t ms);
    int32_t late_code; /* what it means when it does not come back */
    bool slow_waits;   /* one that takes long has waited for another program */
    int32_t least_ms;  /* one has at least this much, whatever is left */
};

static uint32_t call_connect(struct transport *t, int64_t *took_ms, int32_t ms) {
    return pcsc_line_connect(t->line, t->reader, took_ms, ms);
}

static uint32_t call_begin(struct transport *t, int64_t *took_ms, int32_t ms) {
    return pcsc_line_begin(t->line, took_ms, ms);
}

static int32_t left_ms(const struct transport *t) {
    return (int32_t)(t->deadline_ms - now_ms());
}

/* Tries until the deadline, with longer and longer pauses. */
static uint32_t dial(struct transport *t, const struct attempt *a) {
    for (int32_t pause_ms = 50;; pause_ms *= 2) {
        int64_t took_ms = 0;
        int32_t most_ms = left_ms(t) > a->least_ms ? left_ms(t) : a->least_ms;
        uint32_t rv = pcsc_check(t, a->call(t, &took_ms, most_ms), t->reader, a->late_code);
        bool refused = rv == PCSC_SHARING_VIOLATION;
        bool slow = took_ms >= pcsc_wait_shows_ms() + 2 * t->usual_ms;
        t->waited = t->waited || refused || (a->slow_waits && slow);
        if (!refused || left_ms(t) <= 0) {
            return rv;
        }
        thread_sleep(pause_ms < left_ms(t) ? pause_ms : left_ms(t));
    }
}

/* A context that ended with its service is made anew once. */
static int32_t connect_once(struct transport *t, bool last, bool *again, struct fault *why) {
    *again = false;
    int32_t rc = pcsc_ready(t, why);
    if (rc != SHK_OK) {
        return rc;
    }
    bool in_use = is_in_use(t);
    if (t->line == NULL) {
        return pcsc_fault(why, SHK_E_NO_SERVICE, PCSC_LATE, "SCardGetStatusChange");
    }
    /* Without another program it is the card that takes its time: it may have to be powered up. */
    const struct attempt a = {call_connect, in_use ? SHK_E_CARD_BUSY : SHK_E_CARD_HANGS, in_use,
                              in_use ? ATTEMPT_MS : t->limit_ms};
    uint32_t rv = dial(t, &a);
    if (pcsc_service_gone(rv) && !last) {
        pcsc_drop_context(t);
        *again = true;
        return SHK_OK;
    }
    t->connected = rv == PCSC_OK;
    int32_t code = rv == PCSC_LATE ? a.late_code : pcsc_meaning(rv);
    return t->connected ? SHK_OK : pcsc_fault(why, code, rv, "SCardConnect");
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct transport *t = self;
    disconnect(t);
    pcsc_settle(t);
    t->deadline_ms = now_ms() + BUSY_MS;
    t->waited = false;
    if (text_copy(t->reader, sizeof t->reader, reader) >= sizeof t->reader) {
        return fault_raise(why, SHK_E_NO_READER);
    }
    int32_t rc = pcsc_left_over(t, reader, BUSY_MS);
    if (rc != SHK_OK) {
        return pcsc_fault(why, rc, PCSC_LATE, "SCardConnect");
    }
    bool again = false;
    rc = connect_once(t, false, &again, why);
    return again ? connect_once(t, true, &again, why) : rc;
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    static const struct attempt a = {call_begin, SHK_E_CARD_BUSY, true, ATTEMPT_MS};
    struct transport *t = self;
    *waited = false;
    if (!t->connected) {
        return fault_raise(why, SHK_E_STATE);
    }
    int64_t least_ms = now_ms() + BEGIN_MS;
    t->deadline_ms = t->deadline_ms > least_ms ? t->deadline_ms : least_ms;
    uint32_t rv = dial(t, &a);
    *waited = t->waited;
    t->in_transaction = rv == PCSC_OK;
    int32_t code = rv == PCSC_LATE ? a.late_code : pcsc_meaning(rv);
    return t->in_transaction ? SHK_OK : pcsc_fault(why, code, rv, "SCardBeginTransaction");
}

static uint32_t look(struct transport *t, int32_t ms, struct pcsc_watch *at) {
    if (t->line == NULL) {
        return PCSC_LATE;
    }
    return service_call(t, pcsc_line_watch(t->line, ms, at, 1, ms + pcsc_service_ms(t)));
}

/* A card that leaves the field is at first an error of the wire; the person needs to hear which. */
static bool card_left(struct transport *t) {
    struct pcsc_watch at = {.name = t->reader, .current = PCSC_STATE_PRESENT};
    uint32_t rv = look(t, 0, &at);
    if (rv == PCSC_OK && (at.event & PCSC_STATE_PRESENT) != 0) {
        at.current = at.event & ~PCSC_STATE_CHANGED;
        rv = PCSC_TIMEOUT;
    }
    if (rv == PCSC_TIMEOUT) {
        rv = look(t, GONE_MS, &at);
    }
    return rv == PCSC_OK && (at.event & PCSC_STATE_PRESENT) == 0;
}

/* Some drivers call an answer without a status word a success when the card goes meanwhile. */
int32_t pcsc_no_answer(struct transport *t, uint32_t rv, const char *call, struct fault *why) {
    int32_t code = rv == PCSC_OK ? SHK_E_CARD_ANSWER : pcsc_meaning(rv);
    if ((code == SHK_E_READER || code == SHK_E_CARD_ANSWER) && card_left(t)) {
        code = SHK_E_CARD_REMOVED;
    }
    return pcsc_fault(why, code, rv, call);
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct transport *t = self;
    if (!t->in_transaction) {
        *rx_len = 0;
        return fault_raise(why, SHK_E_STATE);
    }
    uint32_t rv = card_call(t, pcsc_line_transmit(t->line, tx, tx_len, rx, rx_len, t->limit_ms));
    if (rv == PCSC_OK && *rx_len >= 2) {
        return SHK_OK;
    }
    *rx_len = 0;
    return pcsc_no_answer(t, rv, "SCardTransmit", why);
}

static void end(void *self, bool power_down) {
    struct transport *t = self;
    if (t->in_transaction) {
        enum pcsc_leave leave = power_down ? PCSC_UNPOWER_CARD : PCSC_LEAVE_CARD;
        (void)card_call(t, pcsc_line_end(t->line, leave, t->limit_ms));
    }
    t->in_transaction = false;
}

static void let_go(void *self) {
    struct transport *t = self;
    if (t->connected) {
        pcsc_line_let_go(t->line);
        t->let_go_ms = now_ms() + t->limit_ms;
        t->letting_go = true;
    }
    t->connected = t->in_transaction = t->asked = false;
}

int32_t pcsc_transport_new(const char *library, void **self) {
    *self = NULL;
    struct transport *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return SHK_E_MEMORY;
    }
    if (library != NULL && text_copy(t->library, sizeof t->library, library) >= sizeof t->library) {
        free(t);
        return SHK_E_ARGUMENT;
    }
    t->limit_ms = LIMIT_MS;
    *self = t;
    return SHK_OK;
}

bool pcsc_transport_is_of(const void *self, const char *library) {
    const struct transport *t = self;
    return text_equal(t->library, library);
}

void pcsc_transport_limit(void *self, int32_t ms) {
    struct transport *t = self;
    t->limit_ms = ms > 0 ? ms : LIMIT_MS;
}

void pcsc_transport_free(void **self) {
    struct transport *t = *self;
    if (t != NULL) {
        pcsc_line_close(&t->line, FAREWELL_MS);
        pcsc_left_abandon(t);
        free(t);
        *self = NULL;
    }
}

const struct card_ops pcsc_transport = {
    pcsc_list, pcsc_wait_change, connect_card, begin,           transmit,
    end,       disconnect,       pcsc_traits,  pcsc_pad_verify, let_go};
