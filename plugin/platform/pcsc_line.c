#include "pcsc_line.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "platform.h"
#include "secret.h"
#include "shikaku/codes.h"
#include "thread.h"

#define TX_ROOM 512 /* to begin with */

enum what {
    ESTABLISH,
    RELEASE,
    READERS,
    WATCH,
    CONNECT,
    BEGIN,
    TRANSMIT,
    CONTROL,
    ATTRIBUTE,
    END,
    DISCONNECT,
    LET_GO
};

enum stage { IDLE, ASKED, RUNNING, ANSWERED };

/* What both sides look at is written under the lock; the rest belongs to the thread while it is at work
 * and to the caller otherwise. */
struct pcsc_line {
    struct mutex *lock;
    struct condition *changed;
    struct thread *thread;
    enum stage stage;
    bool left;   /* nobody waits for the answer: the thread clears up */
    bool quit;   /* nothing is asked any more: the thread clears up */
    bool over;   /* it has */
    bool orphan; /* and nobody frees this: the thread does */

    struct pcsc *pcsc;
    pcsc_handle context, card;
    uint32_t protocol;
    bool has_context, connected, begun;
    bool used;              /* something was sent in this transaction */
    bool power_down_failed; /* of the last one */

    enum what what;
    uint32_t rv;
    int64_t took_ms;
    char reader[READER_NAME_MAX];
    struct reader_list list;
    struct pcsc_watch watch[READER_LIST_MAX + 1];
    char watch_name[READER_LIST_MAX + 1][READER_NAME_MAX];
    size_t watch_n;
    int32_t watch_ms;
    enum pcsc_leave leave;
    uint32_t code; /* of a control or an attribute */
    uint8_t *tx, *rx;
    size_t tx_len, tx_cap, rx_len, rx_cap;
};

static int64_t now_ms(void) {
    return platform_clock.mono_ms(NULL);
}

static void line_free(struct pcsc_line *l) {
    secret_free(l->tx, l->tx_cap);
    if (l->rx != NULL) {
        memory_wipe(l->rx, l->rx_cap);
    }
    free(l->rx);
    condition_free(l->changed);
    mutex_free(l->lock);
    free(l);
}

static uint32_t begin(struct pcsc_line *l) {
    uint32_t rv = pcsc_begin(l->pcsc, l->card);
    if (rv == PCSC_RESET_CARD) {
        rv = pcsc_reconnect(l->pcsc, l->card, &l->protocol);
        rv = rv == PCSC_OK ? pcsc_begin(l->pcsc, l->card) : rv;
    }
    l->begun = rv == PCSC_OK;
    l->used = false;
    return rv;
}

/* The service powers down before it gives the card to the next program. After a reset by somebody else
 * it refuses until the reset has been taken note of. */
static uint32_t end(struct pcsc_line *l) {
    uint32_t rv = pcsc_end(l->pcsc, l->card, l->leave);
    if (rv == PCSC_RESET_CARD && pcsc_reconnect(l->pcsc, l->card, &l->protocol) == PCSC_OK) {
        rv = pcsc_end(l->pcsc, l->card, l->leave);
    }
    l->begun = false;
    l->power_down_failed = l->leave == PCSC_UNPOWER_CARD && rv != PCSC_OK;
    return rv;
}

/* A transaction that ended with the power off needs no more: to ask for it again would reset the card
 * under a program that has begun to use it. */
static uint32_t disconnect(struct pcsc_line *l) {
    bool unsafe = l->begun || l->power_down_failed;
    l->connected = l->begun = l->power_down_failed = false;
    return pcsc_disconnect(l->pcsc, l->card, unsafe ? PCSC_UNPOWER_CARD : PCSC_LEAVE_CARD);
}

static uint32_t let_go(struct pcsc_line *l) {
    if (l->begun) {
        l->leave = PCSC_UNPOWER_CARD;
        (void)end(l);
    }
    return l->connected ? disconnect(l) : PCSC_OK;
}

static uint32_t release(struct pcsc_line *l) {
    if (l->has_context) {
        pcsc_release(l->pcsc, l->context);
    }
    l->has_context = l->connected = l->begun = l->power_down_failed = false;
    return PCSC_OK;
}

static uint32_t establish(struct pcsc_line *l) {
    uint32_t rv = pcsc_establish(l->pcsc, &l->context);
    l->has_context = rv == PCSC_OK;
    return rv;
}

static uint32_t connect(struct pcsc_line *l) {
    uint32_t rv = pcsc_connect(l->pcsc, l->context, l->reader, &l->card, &l->protocol);
    l->connected = rv == PCSC_OK;
    return rv;
}

static uint32_t transmit(struct pcsc_line *l) {
    l->used = true;
    return pcsc_transmit(l->pcsc, l->card, l->protocol, l->tx, l->tx_len, l->rx, &l->rx_len);
}

static uint32_t control(struct pcsc_line *l) {
    l->used = true;
    return pcsc_control(l->pcsc, l->card, l->code, l->tx, l->tx_len, l->rx, &l->rx_len);
}

static uint32_t perform(struct pcsc_line *l) {
    switch (l->what) {
    case ESTABLISH:
        return establish(l);
    case RELEASE:
        return release(l);
    case READERS:
        return pcsc_readers(l->pcsc, l->context, &l->list);
    case WATCH:
        return pcsc_wait(l->pcsc, l->context, (uint32_t)l->watch_ms, l->watch, l->watch_n);
    case CONNECT:
        return connect(l);
    case BEGIN:
        return begin(l);
    case TRANSMIT:
        return transmit(l);
    case CONTROL:
        return control(l);
    case ATTRIBUTE:
        return pcsc_attribute(l->pcsc, l->card, l->code, l->rx, &l->rx_len);
    case END:
        return end(l);
    case DISCONNECT:
        return disconnect(l);
    case LET_GO:
        return let_go(l);
    }
    return PCSC_INTERNAL;
}

/* Nothing was asked of a card whose transaction began too late; one that was used may hold a PIN. */
static void give_back(struct pcsc_line *l) {
    if (l->connected && l->begun && !l->used) {
        l->begun = pcsc_end(l->pcsc, l->card, PCSC_LEAVE_CARD) != PCSC_OK;
    }
    if (l->connected) {
        (void)disconnect(l);
    }
    (void)release(l);
    pcsc_close(&l->pcsc);
}

/* A driver that hangs may be reading these bytes at this moment, and there is no lock to share with it. From
 * the header on, so that what it has not read yet is no VERIFY. */
__attribute__((no_sanitize("thread"))) static void wipe_under_driver(struct pcsc_line *l) {
    volatile uint8_t *p = l->tx;
    for (size_t i = 0; i < l->tx_len; i++) {
        p[i] = 0;
    }
}

/* Waits for the next call; false: there will be none. */
static bool next_call(struct pcsc_line *l) {
    mutex_lock(l->lock);
    while (l->stage != ASKED && !l->quit && !l->left) {
        (void)condition_wait(l->changed, l->lock, -1);
    }
    bool wanted = !l->quit && !l->left;
    l->stage = wanted ? RUNNING : l->stage;
    mutex_unlock(l->lock);
    return wanted;
}

static void answer(struct pcsc_line *l, uint32_t rv, int64_t took_ms) {
    mutex_lock(l->lock);
    l->rv = rv;
    l->took_ms = took_ms;
    if (!l->left) {
        memory_wipe(l->tx, l->tx_len);
        l->tx_len = 0;
    }
    l->stage = ANSWERED;
    condition_wake_all(l->changed);
    mutex_unlock(l->lock);
}

static void run(void *self) {
    struct pcsc_line *l = self;
    while (next_call(l)) {
        int64_t from_ms = now_ms();
        uint32_t rv = perform(l);
        answer(l, rv, now_ms() - from_ms);
    }
    give_back(l);
    mutex_lock(l->lock);
    l->over = true;
    bool orphan = l->orphan;
    condition_wake_all(l->changed);
    mutex_unlock(l->lock);
    if (orphan) {
        line_free(l);
    }
}

int32_t pcsc_line_open(const char *library, struct pcsc_line **out) {
    *out = NULL;
    struct pcsc_line *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return SHK_E_MEMORY;
    }
    l->lock = mutex_new();
    l->changed = condition_new();
    int32_t rc =
        l->lock != NULL && l->changed != NULL ? pcsc_open(library, &l->pcsc) : SHK_E_MEMORY;
    if (rc == SHK_OK && (l->thread = thread_start(run, l)) == NULL) {
        rc = SHK_E_MEMORY;
    }
    if (rc != SHK_OK) {
        pcsc_close(&l->pcsc);
        line_free(l);
        return rc;
    }
    *out = l;
    return SHK_OK;
}

/* With the lock held; false when the time ended. */
static bool wait_until(struct pcsc_line *l, int64_t until_ms) {
    int64_t left_ms = until_ms - now_ms();
    if (left_ms <= 0) {
        return false;
    }
    (void)condition_wait(l->changed, l->lock, (int32_t)left_ms);
    return true;
}

bool pcsc_line_over(struct pcsc_line **line, int32_t ms) {
    struct pcsc_line *l = *line;
    if (l == NULL) {
        return true;
    }
    int64_t until_ms = now_ms() + ms;
    mutex_lock(l->lock);
    while (!l->over && wait_until(l, until_ms)) {
    }
    bool over = l->over;
    mutex_unlock(l->lock);
    if (over) {
        (void)thread_join(l->thread, -1);
        line_free(l);
        *line = NULL;
    }
    return over;
}

void pcsc_line_abandon(struct pcsc_line **line) {
    struct pcsc_line *l = *line;
    if (pcsc_line_over(line, 0)) {
        return;
    }
    mutex_lock(l->lock);
    bool over = l->over;
    struct thread *thread = l->thread;
    l->orphan = !over;
    mutex_unlock(l->lock);
    if (over) {
        (void)pcsc_line_over(line, 0);
    } else {
        thread_detach(thread);
    }
    *line = NULL;
}

void pcsc_line_close(struct pcsc_line **line, int32_t ms) {
    struct pcsc_line *l = *line;
    if (l == NULL) {
        return;
    }
    mutex_lock(l->lock);
    l->quit = true;
    condition_wake_all(l->changed);
    mutex_unlock(l->lock);
    if (!pcsc_line_over(line, ms)) {
        pcsc_line_abandon(line);
    }
}

static void post(struct pcsc_line *l, enum what what) {
    mutex_lock(l->lock);
    l->what = what;
    l->stage = ASKED;
    condition_wake_all(l->changed);
    mutex_unlock(l->lock);
}

static uint32_t await(struct pcsc_line *l, int64_t until_ms) {
    mutex_lock(l->lock);
    while (l->stage != ANSWERED && wait_until(l, until_ms)) {
    }
    l->left = l->stage != ANSWERED;
    if (l->left) {
        wipe_under_driver(l);
        condition_wake_all(l->changed);
    } else {
        l->stage = IDLE;
    }
    uint32_t rv = l->left ? PCSC_LATE : l->rv;
    mutex_unlock(l->lock);
    return rv;
}

static uint32_t ask(struct pcsc_line *l, enum what what, int32_t ms) {
    int64_t until_ms = now_ms() + (ms > 0 ? ms : 0);
    post(l, what);
    return await(l, until_ms);
}

uint32_t pcsc_line_establish(struct pcsc_line *line, int32_t ms) {
    return ask(line, ESTABLISH, ms);
}

uint32_t pcsc_line_release(struct pcsc_line *line, int32_t ms) {
    return ask(line, RELEASE, ms);
}

bool pcsc_line_has_context(const struct pcsc_line *line) {
    return line->has_context;
}

uint32_t pcsc_line_readers(struct pcsc_line *line, struct reader_list *list, int32_t ms) {
    uint32_t rv = ask(line, READERS, ms);
    if (rv == PCSC_LATE) {
        *list = (struct reader_list){0};
    } else {
        *list = line->list;
    }
    return rv;
}

uint32_t pcsc_line_watch(struct pcsc_line *line, int32_t wait_ms, struct pcsc_watch *at, size_t n,
                         int32_t ms) {
    if (n > READER_LIST_MAX + 1) {
        return PCSC_INTERNAL;
    }
    for (size_t i = 0; i < n; i++) {
        line->watch[i] = at[i];
        text_copy(line->watch_name[i], READER_NAME_MAX, at[i].name);
        line->watch[i].name = line->watch_name[i];
    }
    line->watch_n = n;
    line->watch_ms = wait_ms;
    uint32_t rv = ask(line, WATCH, ms);
    for (size_t i = 0; i < n && rv == PCSC_OK; i++) {
        const char *name = at[i].name;
        at[i] = line->watch[i];
        at[i].name = name;
    }
    return rv;
}

uint32_t pcsc_line_connect(struct pcsc_line *line, const char *reader, int64_t *took_ms,
                           int32_t ms) {
    text_copy(line->reader, sizeof line->reader, reader);
    uint32_t rv = ask(line, CONNECT, ms);
    *took_ms = rv != PCSC_LATE ? line->took_ms : ms;
    return rv;
}

uint32_t pcsc_line_begin(struct pcsc_line *line, int64_t *took_ms, int32_t ms) {
    uint32_t rv = ask(line, BEGIN, ms);
    *took_ms = rv != PCSC_LATE ? line->took_ms : ms;
    return rv;
}

static bool make_room(struct pcsc_line *l, size_t tx_len, size_t rx_len) {
    if (tx_len > l->tx_cap) {
        secret_free(l->tx, l->tx_cap);
        l->tx_cap = tx_len > TX_ROOM ? tx_len : TX_ROOM;
        l->tx = secret_new(l->tx_cap);
        l->tx_cap = l->tx != NULL ? l->tx_cap : 0;
    }
    if (rx_len > l->rx_cap) {
        free(l->rx);
        l->rx = malloc(rx_len);
        l->rx_cap = l->rx != NULL ? rx_len : 0;
    }
    return tx_len <= l->tx_cap && rx_len <= l->rx_cap;
}

static uint32_t exchange(struct pcsc_line *l, enum what what, const uint8_t *tx, size_t tx_len,
                         uint8_t *rx, size_t *rx_len, int32_t ms) {
    size_t room = *rx_len;
    *rx_len = 0;
    if (!make_room(l, tx_len, room)) {
        return PCSC_NO_MEMORY;
    }
    if (tx_len > 0) {
        memcpy(l->tx, tx, tx_len);
    }
    l->tx_len = tx_len;
    l->rx_len = room;
    uint32_t rv = ask(l, what, ms);
    if (rv == PCSC_OK) {
        memcpy(rx, l->rx, l->rx_len);
        *rx_len = l->rx_len;
    }
    if (rv != PCSC_LATE) {
        memory_wipe(l->rx, rv == PCSC_OK ? l->rx_len : room);
    }
    return rv;
}

uint32_t pcsc_line_transmit(struct pcsc_line *line, const uint8_t *tx, size_t tx_len, uint8_t *rx,
                            size_t *rx_len, int32_t ms) {
    return exchange(line, TRANSMIT, tx, tx_len, rx, rx_len, ms);
}

uint32_t pcsc_line_control(struct pcsc_line *line, uint32_t code, const uint8_t *tx, size_t tx_len,
                           uint8_t *rx, size_t *rx_len, int32_t ms) {
    line->code = code;
    return exchange(line, CONTROL, tx, tx_len, rx, rx_len, ms);
}

uint32_t pcsc_line_attribute(struct pcsc_line *line, uint32_t id, uint8_t *rx, size_t *rx_len,
                             int32_t ms) {
    line->code = id;
    return exchange(line, ATTRIBUTE, NULL, 0, rx, rx_len, ms);
}

uint32_t pcsc_line_end(struct pcsc_line *line, enum pcsc_leave leave, int32_t ms) {
    line->leave = leave;
    return ask(line, END, ms);
}

uint32_t pcsc_line_disconnect(struct pcsc_line *line, int32_t ms) {
    return ask(line, DISCONNECT, ms);
}

void pcsc_line_let_go(struct pcsc_line *line) {
    post(line, LET_GO);
}

uint32_t pcsc_line_has_let_go(struct pcsc_line *line, int32_t ms) {
    return await(line, now_ms() + (ms > 0 ? ms : 0));
}
