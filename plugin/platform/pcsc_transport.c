#include "pcsc_transport.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "pcsc_dial.h"
#include "pcsc_part10.h"
#include "pcsc_table.h"
#include "platform.h"
#include "thread.h"

#define LIBRARY_PATH_MAX 1024
#define BUSY_MS          2000 /* how long another program may keep us waiting for the card */
#define BEGIN_MS         500  /* of which the transaction has at least this much */
#define ATTEMPT_MS       100  /* one attempt has at least this much */
#define POLL_MS          500  /* without notification of new readers */
#define SETTLE_MS        20   /* after a change that was none for us */
#define GONE_MS          1500 /* a reader needs this long to notice that the card left */
#define CONTROL_MAX      264  /* what a reader may say of itself */
#define PAD_TIMED_OUT    0x6400
#define PAD_CANCELLED    0x6401

struct transport {
    char library[LIBRARY_PATH_MAX];
    struct pcsc_link link;
    struct pcsc_dial *pending; /* an attempt that another program still holds up */
    bool has_context, connected, in_transaction, power_down_failed;
    char reader[READER_NAME_MAX];
    int64_t deadline_ms;
    struct reader_list last; /* as the last scan saw it */
    uint32_t events[READER_LIST_MAX];
    bool no_pnp;
    uint32_t pnp;
    bool asked, no_display; /* what the reader said of itself is known for this connection */
    struct part10_features features;
    struct reader_traits traits;
};

static int64_t now_ms(void) {
    return platform_clock.mono_ms(NULL);
}

static bool service_gone(uint32_t rv) {
    return rv == PCSC_NO_SERVICE || rv == PCSC_SERVICE_STOPPED || rv == PCSC_SHUTDOWN ||
           rv == PCSC_SYSTEM_CANCELLED || rv == PCSC_INVALID_HANDLE;
}

static int32_t meaning(uint32_t rv) {
    switch (rv) {
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
        return service_gone(rv) ? SHK_E_NO_SERVICE : SHK_E_READER;
    }
}

static int32_t fault_as(struct fault *why, int32_t code, uint32_t rv, const char *where) {
    return fault_set(why, code, SHK_NATIVE_PCSC, (int32_t)rv, where);
}

static int32_t fault_of(struct fault *why, uint32_t rv, const char *where) {
    return fault_as(why, meaning(rv), rv, where);
}

static void drop_context(struct transport *t) {
    if (t->has_context) {
        pcsc_release(t->link.pcsc, t->link.context);
    }
    t->has_context = t->connected = t->in_transaction = false;
}

/* Whatever says that there is no service here means that, even as a failure of its wire. */
static int32_t ready(struct transport *t, struct fault *why) {
    if (t->link.pcsc == NULL) {
        int32_t rc = pcsc_open(t->library[0] != '\0' ? t->library : NULL, &t->link.pcsc);
        if (rc != SHK_OK) {
            return fault_raise(why, rc);
        }
    }
    if (!t->has_context) {
        uint32_t rv = pcsc_establish(t->link.pcsc, &t->link.context);
        if (rv != PCSC_OK) {
            return fault_as(why, SHK_E_NO_SERVICE, rv, "SCardEstablishContext");
        }
        t->has_context = true;
    }
    return SHK_OK;
}

/* The readers of t->last, and at the end the one that stands for new readers. */
static size_t watch_all(const struct transport *t, const uint32_t *events, struct pcsc_watch *at) {
    size_t n = t->last.n;
    memset(at, 0, (READER_LIST_MAX + 1) * sizeof *at);
    for (size_t i = 0; i < n; i++) {
        at[i].name = t->last.at[i].name;
        at[i].current = events != NULL ? events[i] : PCSC_STATE_UNAWARE;
    }
    if (!t->no_pnp) {
        at[n].name = PCSC_PNP;
        at[n++].current = t->pnp;
    }
    return n;
}

static void take_states(struct transport *t, const struct pcsc_watch *at, size_t n) {
    for (size_t i = 0; i < t->last.n; i++) {
        struct reader_state *r = &t->last.at[i];
        t->events[i] = at[i].event & ~PCSC_STATE_CHANGED;
        r->card_present = (at[i].event & PCSC_STATE_PRESENT) != 0;
        r->in_use = (at[i].event & PCSC_STATE_IN_USE) != 0;
        r->exclusive = (at[i].event & PCSC_STATE_EXCLUSIVE) != 0;
        r->mute = (at[i].event & PCSC_STATE_MUTE) != 0;
        r->count = at[i].event >> 16;
        r->atr_len = r->card_present ? at[i].atr_len : 0;
        memcpy(r->atr, at[i].atr, r->atr_len);
    }
    if (n > t->last.n) {
        t->pnp = at[n - 1].event & ~PCSC_STATE_CHANGED;
    }
}

static uint32_t scan(struct transport *t) {
    struct pcsc_watch at[READER_LIST_MAX + 1];
    uint32_t rv = pcsc_readers(t->link.pcsc, t->link.context, &t->last);
    if (rv != PCSC_OK && rv != PCSC_NO_READERS) {
        return rv;
    }
    size_t n = watch_all(t, NULL, at);
    rv = n > 0 ? pcsc_wait(t->link.pcsc, t->link.context, 0, at, n) : PCSC_OK;
    if (rv == PCSC_UNKNOWN_READER && !t->no_pnp) {
        t->no_pnp = true;
        n = watch_all(t, NULL, at);
        rv = n > 0 ? pcsc_wait(t->link.pcsc, t->link.context, 0, at, n) : PCSC_OK;
    }
    if (rv == PCSC_OK) {
        take_states(t, at, n);
    }
    return rv == PCSC_TIMEOUT ? PCSC_OK : rv;
}

/* A lost context is made anew once; a reader that went away between two calls is looked for again. */
static int32_t scan_again(struct transport *t, struct fault *why) {
    uint32_t rv = PCSC_OK;
    for (int tries = 0; tries < 3; tries++) {
        int32_t rc = ready(t, why);
        if (rc != SHK_OK) {
            return rc;
        }
        rv = scan(t);
        if (rv == PCSC_OK) {
            return SHK_OK;
        }
        if (service_gone(rv) || rv == PCSC_COMM_ERROR) {
            drop_context(t);
        } else if (rv != PCSC_UNKNOWN_READER && rv != PCSC_READER_UNAVAILABLE) {
            break;
        }
    }
    return fault_of(why, rv, "SCardListReaders");
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    struct transport *t = self;
    memset(out, 0, sizeof *out);
    int32_t rc = scan_again(t, why);
    if (rc == SHK_OK) {
        *out = t->last;
    }
    return rc;
}

static bool same_look(const struct reader_list *a, const struct reader_list *b) {
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        const struct reader_state *x = &a->at[i], *y = &b->at[i];
        same = text_equal(x->name, y->name) && x->card_present == y->card_present &&
               x->atr_len == y->atr_len && memcmp(x->atr, y->atr, x->atr_len) == 0;
    }
    return same;
}

/* Refreshes; true when there is something to tell. A card that was changed for another between two
 * looks is told as a removal first: the next wait finds the new one. */
static bool refresh(struct transport *t, struct reader_list *seen, int32_t *rc, struct fault *why) {
    uint32_t before[READER_LIST_MAX];
    bool comparable = same_look(&t->last, seen), swapped = false;
    memcpy(before, t->events, sizeof before);
    *rc = scan_again(t, why);
    if (*rc != SHK_OK) {
        return true;
    }
    bool same = same_look(&t->last, seen);
    *seen = t->last;
    for (size_t i = 0; same && comparable && i < seen->n; i++) {
        if (seen->at[i].card_present && ((before[i] ^ t->events[i]) & ~PCSC_STATE_FLAGS) != 0) {
            seen->at[i].card_present = false;
            seen->at[i].atr_len = 0;
            swapped = true;
        }
    }
    return !same || swapped;
}

static int32_t sleep_until_change(struct transport *t, int32_t ms, struct fault *why) {
    struct pcsc_watch at[READER_LIST_MAX + 1];
    size_t n = watch_all(t, t->events, at);
    if (n == 0) {
        thread_sleep(ms);
        return SHK_OK;
    }
    uint32_t rv = pcsc_wait(t->link.pcsc, t->link.context, (uint32_t)ms, at, n);
    if (rv == PCSC_TIMEOUT) {
        return SHK_OK;
    }
    /* Also when it told a change: one that is none for us must not make the caller spin. */
    thread_sleep(SETTLE_MS);
    if (service_gone(rv) || rv == PCSC_COMM_ERROR) {
        drop_context(t);
    } else if (rv != PCSC_OK && meaning(rv) != SHK_E_NO_READER) {
        return fault_of(why, rv, "SCardGetStatusChange");
    }
    return SHK_OK;
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct transport *t = self;
    int32_t rc = SHK_OK;
    while (!refresh(t, seen, &rc, why)) {
        if (ms <= 0) {
            return SHK_E_TIMEOUT;
        }
        int32_t slice = t->no_pnp && ms > POLL_MS ? POLL_MS : ms;
        rc = sleep_until_change(t, slice, why);
        if (rc != SHK_OK) {
            return rc;
        }
        ms -= slice;
    }
    return rc;
}

static void disconnect(void *self) {
    struct transport *t = self;
    if (t->connected) {
        /* A transaction that ended with the power off needs no more: to ask for it again would reset
         * the card under a program that has begun to use it. */
        bool unsafe = t->in_transaction || t->power_down_failed;
        (void)pcsc_disconnect(t->link.pcsc, t->link.card,
                              unsafe ? PCSC_UNPOWER_CARD : PCSC_LEAVE_CARD);
    }
    t->connected = t->in_transaction = t->power_down_failed = false;
    t->asked = t->no_display = false;
    t->traits = (struct reader_traits){0};
}

/* Tries until the deadline. An attempt that is held up beyond it keeps the library and the context;
 * new ones are made when they are needed. */
static uint32_t dial(struct transport *t, enum pcsc_dial_what what) {
    for (int32_t pause_ms = 50;; pause_ms *= 2) {
        int32_t left_ms = (int32_t)(t->deadline_ms - now_ms());
        int32_t most_ms = left_ms > ATTEMPT_MS ? left_ms : ATTEMPT_MS;
        uint32_t rv = pcsc_dial_run(&t->link, what, t->reader, most_ms, &t->pending);
        if (t->pending != NULL) {
            t->link = (struct pcsc_link){0};
            t->has_context = t->connected = t->in_transaction = false;
            return rv;
        }
        left_ms = (int32_t)(t->deadline_ms - now_ms());
        if (rv != PCSC_SHARING_VIOLATION || left_ms <= 0) {
            return rv;
        }
        thread_sleep(pause_ms < left_ms ? pause_ms : left_ms);
    }
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct transport *t = self;
    disconnect(t);
    t->deadline_ms = now_ms() + BUSY_MS;
    if (text_copy(t->reader, sizeof t->reader, reader) >= sizeof t->reader) {
        return fault_raise(why, SHK_E_NO_READER);
    }
    if (!pcsc_dial_over(&t->pending, BUSY_MS)) {
        return fault_of(why, PCSC_SHARING_VIOLATION, "SCardConnect");
    }
    uint32_t rv = PCSC_OK;
    for (int tries = 0; tries < 2; tries++) {
        int32_t rc = ready(t, why);
        if (rc != SHK_OK) {
            return rc;
        }
        rv = dial(t, PCSC_DIAL_CONNECT);
        if (!service_gone(rv)) {
            break;
        }
        drop_context(t);
    }
    t->connected = rv == PCSC_OK;
    return t->connected ? SHK_OK : fault_of(why, rv, "SCardConnect");
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    struct transport *t = self;
    *waited = false;
    if (!t->connected) {
        return fault_raise(why, SHK_E_STATE);
    }
    int64_t least_ms = now_ms() + BEGIN_MS;
    t->deadline_ms = t->deadline_ms > least_ms ? t->deadline_ms : least_ms;
    uint32_t rv = dial(t, PCSC_DIAL_BEGIN);
    t->in_transaction = rv == PCSC_OK;
    return t->in_transaction ? SHK_OK : fault_of(why, rv, "SCardBeginTransaction");
}

/* A card that leaves the field is at first an error of the wire; the person needs to hear which. */
static bool card_left(struct transport *t) {
    struct pcsc_watch at = {.name = t->reader, .current = PCSC_STATE_PRESENT};
    uint32_t rv = pcsc_wait(t->link.pcsc, t->link.context, 0, &at, 1);
    if (rv == PCSC_OK && (at.event & PCSC_STATE_PRESENT) != 0) {
        at.current = at.event & ~PCSC_STATE_CHANGED;
        rv = PCSC_TIMEOUT;
    }
    if (rv == PCSC_TIMEOUT) {
        rv = pcsc_wait(t->link.pcsc, t->link.context, GONE_MS, &at, 1);
    }
    return rv == PCSC_OK && (at.event & PCSC_STATE_PRESENT) == 0;
}

/* Some drivers call an answer without a status word a success when the card goes meanwhile. */
static int32_t no_answer(struct transport *t, uint32_t rv, const char *call, struct fault *why) {
    int32_t code = rv == PCSC_OK ? SHK_E_CARD_ANSWER : meaning(rv);
    if ((code == SHK_E_READER || code == SHK_E_CARD_ANSWER) && card_left(t)) {
        code = SHK_E_CARD_REMOVED;
    }
    return fault_as(why, code, rv, call);
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct transport *t = self;
    if (!t->in_transaction) {
        *rx_len = 0;
        return fault_raise(why, SHK_E_STATE);
    }
    uint32_t rv =
        pcsc_transmit(t->link.pcsc, t->link.card, t->link.protocol, tx, tx_len, rx, rx_len);
    if (rv == PCSC_OK && *rx_len >= 2) {
        return SHK_OK;
    }
    *rx_len = 0;
    return no_answer(t, rv, "SCardTransmit", why);
}

/* The service powers down before it gives the card to the next program. After a reset by somebody else
 * it refuses until the reset has been taken note of. */
static void end(void *self, bool power_down) {
    struct transport *t = self;
    if (!t->in_transaction) {
        return;
    }
    enum pcsc_leave leave = power_down ? PCSC_UNPOWER_CARD : PCSC_LEAVE_CARD;
    uint32_t rv = pcsc_end(t->link.pcsc, t->link.card, leave);
    if (rv == PCSC_RESET_CARD &&
        pcsc_reconnect(t->link.pcsc, t->link.card, &t->link.protocol) == PCSC_OK) {
        rv = pcsc_end(t->link.pcsc, t->link.card, leave);
    }
    t->in_transaction = false;
    t->power_down_failed = power_down && rv != PCSC_OK;
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
    *self = t;
    return SHK_OK;
}

void pcsc_transport_free(void **self) {
    struct transport *t = *self;
    if (t != NULL) {
        disconnect(t);
        drop_context(t);
        pcsc_dial_abandon(&t->pending);
        pcsc_close(&t->link.pcsc);
        free(t);
        *self = NULL;
    }
}

/* A reader that refuses says nothing; one that knows the request only by another error does as well. */
static size_t control(struct transport *t, uint32_t code, uint8_t *rx, size_t cap) {
    size_t n = cap;
    return pcsc_control(t->link.pcsc, t->link.card, code, NULL, 0, rx, &n) == PCSC_OK ? n : 0;
}

static size_t attribute(struct transport *t, uint32_t id, uint8_t *rx, size_t cap) {
    size_t n = cap;
    return pcsc_attribute(t->link.pcsc, t->link.card, id, rx, &n) == PCSC_OK ? n : 0;
}

static void ask_reader(struct transport *t) {
    uint8_t rx[CONTROL_MAX];
    part10_features(rx, control(t, pcsc_feature_request(), rx, sizeof rx), &t->features);
    t->traits.pin_pad = t->features.verify_pin_direct != 0;
    if (t->features.tlv_properties != 0) {
        size_t n = control(t, t->features.tlv_properties, rx, sizeof rx);
        part10_properties(rx, n, &t->traits, &t->no_display);
    }
    part10_vendor(rx, attribute(t, PCSC_ATTRIBUTE_VENDOR, rx, sizeof rx), &t->traits);
    part10_version(rx, attribute(t, PCSC_ATTRIBUTE_VERSION, rx, sizeof rx), &t->traits);
    t->asked = true;
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    struct transport *t = self;
    *out = (struct reader_traits){0};
    if (!t->connected) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (!t->asked) {
        ask_reader(t);
    }
    *out = t->traits;
    return SHK_OK;
}

/* Some drivers say in their own way what others say with a status word. */
static bool pad_status(uint32_t rv, const uint8_t *rx, size_t n, uint16_t *sw) {
    if (rv == PCSC_TIMEOUT || rv == PCSC_CANCELLED) {
        *sw = rv == PCSC_TIMEOUT ? PAD_TIMED_OUT : PAD_CANCELLED;
        return true;
    }
    if (rv != PCSC_OK || n < 2) {
        return false;
    }
    *sw = (uint16_t)(rx[n - 2] << 8 | rx[n - 1]);
    return true;
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    struct transport *t = self;
    uint8_t tx[PART10_VERIFY_MAX], rx[CONTROL_MAX];
    struct reader_traits known;
    *sw = 0;
    if (!t->in_transaction) {
        return fault_raise(why, SHK_E_STATE);
    }
    int32_t rc = traits(t, &known, why);
    size_t tx_len = rc == SHK_OK ? part10_verify(ask, t->no_display, tx) : 0, n = sizeof rx;
    if (rc != SHK_OK || !known.pin_pad || tx_len == 0) {
        return rc != SHK_OK ? rc : fault_raise(why, known.pin_pad ? SHK_E_ARGUMENT : SHK_E_READER);
    }
    uint32_t rv =
        pcsc_control(t->link.pcsc, t->link.card, t->features.verify_pin_direct, tx, tx_len, rx, &n);
    if (pad_status(rv, rx, n, sw)) {
        return SHK_OK;
    }
    return no_answer(t, rv, "SCardControl", why);
}

const struct card_ops pcsc_transport = {list, wait_change, connect_card, begin,     transmit,
                                        end,  disconnect,  traits,       pad_verify};
