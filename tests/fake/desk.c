#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "virtual_card.h"

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    struct desk *d = self;
    mutex_lock(d->lock);
    bool no_service = d->no_service;
    *out = (struct reader_list){.n = (size_t)d->readers};
    text_copy(out->at[0].name, sizeof out->at[0].name, CARD_VIRTUAL_READER);
    out->at[0].card_present = d->placed;
    out->at[0].count = d->moves;
    mutex_unlock(d->lock);
    return no_service ? fault_raise(why, SHK_E_NO_SERVICE) : SHK_OK;
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct reader_list now;
    for (int32_t waited = 0; waited < ms; waited += 5) {
        int32_t rc = list(self, &now, why);
        if (rc != SHK_OK) {
            return rc;
        }
        if (now.n != seen->n || now.at[0].card_present != seen->at[0].card_present) {
            *seen = now;
            return SHK_OK;
        }
        thread_sleep(5);
    }
    return SHK_E_TIMEOUT;
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct desk *d = self;
    mutex_lock(d->lock);
    bool placed = d->placed;
    mutex_unlock(d->lock);
    return placed ? card_virtual_ops.connect(&d->card, reader, why)
                  : fault_raise(why, SHK_E_CARD_REMOVED);
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    return card_virtual_ops.begin(&((struct desk *)self)->card, waited, why);
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct desk *d = self;
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
    card_virtual_ops.end(&((struct desk *)self)->card, power_down);
}

static void disconnect(void *self) {
    card_virtual_ops.disconnect(&((struct desk *)self)->card);
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    return card_virtual_ops.traits(&((struct desk *)self)->card, out, why);
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    return card_virtual_ops.pad_verify(&((struct desk *)self)->card, ask, sw, why);
}

static const struct card_ops desk_card = {list, wait_change, connect_card, begin,     transmit,
                                          end,  disconnect,  traits,       pad_verify};

bool desk_init(struct desk *d, const char *profile) {
    char why[256];
    *d = (struct desk){.readers = 1, .placed = true};
    if (!card_virtual_init(&d->card, profile, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        return false;
    }
    d->lock = mutex_new();
    d->env = (struct env){.clock = &platform_clock,
                          .card = &desk_card,
                          .card_self = d,
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
}

void desk_place(struct desk *d, bool placed) {
    mutex_lock(d->lock);
    d->moves += d->placed != placed ? 1 : 0;
    d->placed = placed;
    mutex_unlock(d->lock);
}

static void count_session(struct desk *d, int32_t n) {
    mutex_lock(d->lock);
    d->sessions += n;
    mutex_unlock(d->lock);
}

static void release(struct env *env) {
    count_session(env->card_self, -1);
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
    count_session(d, 1);
    return session_new(config, &d->env, &life, &s, &why) == SHK_OK ? s : NULL;
}
