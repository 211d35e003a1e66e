#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "virtual_card.h"

/* Where one session sits: it has its own connection to what lies on the readers. */
struct desk_seat {
    struct desk *desk;
    bool on_other, connected;
};

static void add_reader(struct reader_list *out, const char *name, bool placed, uint32_t moves) {
    struct reader_state *reader = &out->at[out->n++];
    text_copy(reader->name, sizeof reader->name, name);
    reader->card_present = placed;
    reader->count = moves;
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    struct desk *d = ((struct desk_seat *)self)->desk;
    mutex_lock(d->lock);
    d->lists++;
    d->other.moves += d->unsteady ? 1 : 0;
    bool no_service = d->no_service;
    *out = (struct reader_list){0};
    if (d->other.plugged) {
        add_reader(out, DESK_OTHER_READER, d->other.placed, d->other.moves);
        out->at[0].atr_len = d->other.placed ? d->other.atr_len : 0;
        memcpy(out->at[0].atr, d->other.atr, out->at[0].atr_len);
        out->at[0].exclusive = d->other.placed && d->other.exclusive;
    }
    if (d->readers > 0) {
        add_reader(out, CARD_VIRTUAL_READER, d->placed, d->moves);
    }
    mutex_unlock(d->lock);
    if (no_service) {
        *out = (struct reader_list){0};
    }
    return no_service ? fault_raise(why, SHK_E_NO_SERVICE) : SHK_OK;
}

static bool same_list(const struct reader_list *a, const struct reader_list *b) {
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        same = text_equal(a->at[i].name, b->at[i].name) && a->at[i].count == b->at[i].count &&
               a->at[i].card_present == b->at[i].card_present;
    }
    return same;
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct reader_list now;
    for (int32_t waited = 0; waited < ms; waited += 10) {
        int32_t rc = list(self, &now, why);
        if (rc != SHK_OK) {
            return rc;
        }
        if (!same_list(&now, seen)) {
            *seen = now;
            return SHK_OK;
        }
        thread_sleep(10);
    }
    return SHK_E_TIMEOUT;
}

static int32_t connect_other(struct desk *d, struct fault *why) {
    mutex_lock(d->lock);
    int32_t rc = d->other.placed ? d->other.fault : SHK_E_CARD_REMOVED;
    d->other.connects++;
    mutex_unlock(d->lock);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct desk_seat *seat = self;
    struct desk *d = seat->desk;
    mutex_lock(d->lock);
    seat->on_other = text_equal(reader, DESK_OTHER_READER) && !d->other.twin;
    bool placed = d->placed;
    mutex_unlock(d->lock);
    int32_t rc = seat->on_other ? connect_other(d, why)
                 : placed       ? SHK_OK
                                : fault_raise(why, SHK_E_CARD_REMOVED);
    seat->connected = rc == SHK_OK;
    return rc;
}

/* Only one seat at a time is at the card. */
static bool hold_card(struct desk_seat *seat) {
    struct desk *d = seat->desk;
    bool waited = false;
    mutex_lock(d->lock);
    while (d->holder != NULL && d->holder != seat) {
        waited = true;
        d->waiting++;
        mutex_unlock(d->lock);
        thread_sleep(2);
        mutex_lock(d->lock);
        d->waiting--;
    }
    d->holder = seat;
    mutex_unlock(d->lock);
    return waited;
}

static void let_card_go(struct desk_seat *seat) {
    mutex_lock(seat->desk->lock);
    seat->desk->holder = NULL;
    mutex_unlock(seat->desk->lock);
}

static bool holds_card(const struct desk_seat *seat) {
    mutex_lock(seat->desk->lock);
    bool holds = seat->desk->holder == seat;
    mutex_unlock(seat->desk->lock);
    return holds;
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    struct desk_seat *seat = self;
    struct desk *d = seat->desk;
    *waited = false;
    if (seat->on_other) {
        return SHK_OK;
    }
    bool busy = hold_card(seat);
    int32_t rc = card_virtual_ops.connect(&d->card, CARD_VIRTUAL_READER, why);
    rc = rc == SHK_OK ? card_virtual_ops.begin(&d->card, waited, why) : rc;
    *waited = *waited || busy;
    if (rc != SHK_OK) {
        card_virtual_ops.disconnect(&d->card);
        let_card_go(seat);
    }
    return rc;
}

/* A card that knows nothing of what it is asked. */
static int32_t answer_of_other(struct desk *d, uint8_t *rx, size_t *rx_len) {
    mutex_lock(d->lock);
    d->other.transmits++;
    mutex_unlock(d->lock);
    rx[0] = 0x6A;
    rx[1] = 0x82;
    *rx_len = 2;
    return SHK_OK;
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct desk_seat *seat = self;
    struct desk *d = seat->desk;
    if (seat->on_other) {
        return answer_of_other(d, rx, rx_len);
    }
    mutex_lock(d->lock);
    bool placed = d->placed;
    d->hanging = ++d->transmits == d->hang_at;
    while (d->hanging && !d->free_hang) {
        mutex_unlock(d->lock);
        thread_sleep(5);
        mutex_lock(d->lock);
    }
    mutex_unlock(d->lock);
    return placed ? card_virtual_ops.transmit(&d->card, tx, tx_len, rx, rx_len, why)
                  : fault_raise(why, SHK_E_CARD_REMOVED);
}

static void end(void *self, bool power_down) {
    struct desk_seat *seat = self;
    if (holds_card(seat)) {
        card_virtual_ops.end(&seat->desk->card, power_down);
        card_virtual_ops.disconnect(&seat->desk->card);
        let_card_go(seat);
    }
}

static void disconnect(void *self) {
    struct desk_seat *seat = self;
    end(seat, false);
    seat->connected = false;
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    const struct desk_seat *seat = self;
    *out = (struct reader_traits){0};
    return seat->on_other ? SHK_OK : card_virtual_ops.traits(&seat->desk->card, out, why);
}

/* The person takes as long at the keys as the desk's `hang_at` says of commands. */
static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    struct desk *d = ((struct desk_seat *)self)->desk;
    mutex_lock(d->lock);
    d->hanging = d->pad_hangs;
    while (d->hanging && !d->free_hang) {
        mutex_unlock(d->lock);
        thread_sleep(5);
        mutex_lock(d->lock);
    }
    mutex_unlock(d->lock);
    return card_virtual_ops.pad_verify(&d->card, ask, sw, why);
}

static const struct card_ops desk_card = {list, wait_change, connect_card, begin,      transmit,
                                          end,  disconnect,  traits,       pad_verify, NULL};

bool desk_init(struct desk *d, const char *profile) {
    char why[256];
    *d = (struct desk){.readers = 1, .placed = true};
    if (!card_virtual_init(&d->card, profile, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        return false;
    }
    d->lock = mutex_new();
    d->own_seat = calloc(1, sizeof *d->own_seat);
    if (d->own_seat == NULL) {
        return false;
    }
    d->own_seat->desk = d;
    d->env = (struct env){.clock = &platform_clock,
                          .card = &desk_card,
                          .card_self = d->own_seat,
                          .http = &http_fake_ops,
                          .http_self = &d->http,
                          .files = &platform_files,
                          .random = &platform_random};
    return d->lock != NULL;
}

void desk_hang(struct desk *d, int32_t skip) {
    mutex_lock(d->lock);
    d->hang_at = d->transmits + skip + 1;
    mutex_unlock(d->lock);
}

void desk_await_hanging(struct desk *d) {
    mutex_lock(d->lock);
    while (!d->hanging) {
        mutex_unlock(d->lock);
        thread_sleep(5);
        mutex_lock(d->lock);
    }
    mutex_unlock(d->lock);
}

void desk_end_hang(struct desk *d) {
    mutex_lock(d->lock);
    d->free_hang = true;
    while (d->sessions > 0) {
        mutex_unlock(d->lock);
        thread_sleep(5);
        mutex_lock(d->lock);
    }
    mutex_unlock(d->lock);
}

void desk_clear(struct desk *d) {
    desk_end_hang(d);
    card_virtual_clear(&d->card);
    http_fake_clear(&d->http);
    mutex_free(d->lock);
    free(d->own_seat);
}

void desk_place(struct desk *d, bool placed) {
    mutex_lock(d->lock);
    d->moves += d->placed != placed ? 1 : 0;
    d->placed = placed;
    mutex_unlock(d->lock);
}

void desk_place_other(struct desk *d, bool placed) {
    mutex_lock(d->lock);
    d->other.moves += d->other.placed != placed ? 1 : 0;
    d->other.placed = placed;
    mutex_unlock(d->lock);
}

void desk_plug(struct desk *d, bool first, bool other) {
    mutex_lock(d->lock);
    d->readers = first ? 1 : 0;
    d->other.plugged = other;
    mutex_unlock(d->lock);
}

void desk_serve(struct desk *d, bool service) {
    mutex_lock(d->lock);
    d->no_service = !service;
    mutex_unlock(d->lock);
}

static void count_session(struct desk *d, int32_t n) {
    mutex_lock(d->lock);
    d->sessions += n;
    mutex_unlock(d->lock);
}

static void release(struct env *env) {
    struct desk_seat *seat = env->card_self;
    struct desk *d = seat->desk;
    free(seat);
    count_session(d, -1);
}

struct session *desk_session(struct desk *d, const char *folder) {
    static const struct env_life life = {NULL, release};
    struct session *s = NULL;
    struct fault why = {0};
    struct config *config = config_new();
    if (config == NULL || config_set(config, "route", "demo", &why) != SHK_OK ||
        config_set(config, "demo.folder", folder, &why) != SHK_OK) {
        return NULL;
    }
    struct desk_seat *seat = calloc(1, sizeof *seat);
    if (seat == NULL) {
        return NULL;
    }
    seat->desk = d;
    struct env env = d->env;
    env.card_self = seat;
    count_session(d, 1);
    return session_new(config, &env, &life, &s, &why) == SHK_OK ? s : NULL;
}
