#include "card_virtual.h"

#include <string.h>

#include "bytes.h"
#include "virtual_card.h"

static int no_sleep(void *self, uint32_t ms) {
    (void)self, (void)ms;
    return 0;
}

bool card_virtual_init(struct card_virtual *v, const char *profile, char *why, size_t why_cap) {
    *v = (struct card_virtual){0};
    v->card = vcard_new(profile, why, why_cap);
    if (v->card == NULL) {
        return false;
    }
    vcard_set_sleep(v->card, no_sleep, NULL);
    return vcard_set_state(v->card, NULL) == 0;
}

void card_virtual_clear(struct card_virtual *v) {
    vcard_free(v->card);
    *v = (struct card_virtual){0};
}

void card_virtual_rewind(struct card_virtual *v) {
    struct vcard *card = v->card;
    *v = (struct card_virtual){.card = card};
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    const struct card_virtual *v = self;
    (void)why;
    memset(out, 0, sizeof *out);
    out->n = 1;
    text_copy(out->at[0].name, sizeof out->at[0].name, CARD_VIRTUAL_READER);
    out->at[0].card_present = vcard_present(v->card) != 0;
    if (out->at[0].card_present) {
        size_t n = 0;
        const uint8_t *atr = vcard_atr(v->card, &n);
        out->at[0].atr_len = n <= ATR_MAX ? n : ATR_MAX;
        memcpy(out->at[0].atr, atr, out->at[0].atr_len);
    }
    return SHK_OK;
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct reader_list now;
    (void)ms;
    int32_t rc = list(self, &now, why);
    bool same = seen->n == now.n && seen->at[0].card_present == now.at[0].card_present;
    *seen = now;
    return rc == SHK_OK && same ? SHK_E_TIMEOUT : rc;
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct card_virtual *v = self;
    v->connects++;
    if (v->connect_fault != 0) {
        return fault_set(why, v->connect_fault, SHK_NATIVE_PCSC, -1, NULL);
    }
    if (!text_equal(reader, CARD_VIRTUAL_READER)) {
        return fault_raise(why, SHK_E_NO_READER);
    }
    if (!vcard_present(v->card)) {
        return fault_raise(why, SHK_E_CARD_REMOVED);
    }
    vcard_power_on(v->card);
    v->connected = true;
    return SHK_OK;
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    *waited = ((struct card_virtual *)self)->waited;
    struct card_virtual *v = self;
    v->begins++;
    if (v->begin_fault != 0) {
        return fault_set(why, v->begin_fault, SHK_NATIVE_PCSC, -1, NULL);
    }
    v->in_transaction = v->connected;
    return v->connected ? SHK_OK : fault_raise(why, SHK_E_STATE);
}

static void note(struct card_virtual *v, const uint8_t *tx, size_t tx_len) {
    if (v->transmits < CARD_VIRTUAL_TRACE) {
        size_t most = tx_len > 5 && tx[1] == 0x20 ? 5 : sizeof v->trace[0].head;
        v->trace[v->transmits].len = tx_len;
        memcpy(v->trace[v->transmits].head, tx, tx_len < most ? tx_len : most);
    }
    v->transmits++;
    if (tx_len > 5 && tx[1] == 0x20) {
        v->verifies++; /* a test may read it while the card is kept awake */
    }
}

static int32_t code_of(int rc) {
    return rc == VCARD_REMOVED  ? SHK_E_CARD_REMOVED
           : rc == VCARD_SILENT ? SHK_E_CARD_HANGS
                                : SHK_E_READER;
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct card_virtual *v = self;
    size_t room = *rx_len;
    *rx_len = 0;
    if (!v->in_transaction) {
        return fault_raise(why, SHK_E_STATE);
    }
    note(v, tx, tx_len);
    if (v->transmits == v->remove_at) {
        vcard_remove(v->card);
    }
    if (v->transmits == v->reset_at) {
        vcard_reset(v->card);
        return fault_set(why, SHK_E_CARD_RESET, SHK_NATIVE_PCSC, -1, NULL);
    }
    int rc = vcard_transmit(v->card, tx, tx_len, rx, room, rx_len);
    if (rc != VCARD_OK) {
        return fault_set(why, code_of(rc), SHK_NATIVE_PCSC, -1, NULL);
    }
    if (v->transmits == v->fail_at) {
        *rx_len = 0;
        return fault_set(why, v->fail_code, SHK_NATIVE_PCSC, -1, NULL);
    }
    if (v->spoil != NULL) {
        v->spoil(v->spoil_self, v->transmits, rx, rx_len, room);
    }
    return SHK_OK;
}

static void end(void *self, bool power_down) {
    struct card_virtual *v = self;
    v->ends++;
    if (power_down && v->in_transaction) {
        v->power_downs++;
        vcard_power_off(v->card);
    }
    v->in_transaction = false;
}

static void disconnect(void *self) {
    struct card_virtual *v = self;
    v->disconnects += v->connected;
    v->connected = v->in_transaction = false;
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    const struct card_virtual *v = self;
    *out = v->traits;
    if (v->traits_fault != 0) {
        return fault_raise(why, v->traits_fault);
    }
    if (out->atr_len == 0) {
        const uint8_t *atr = vcard_atr(v->card, &out->atr_len);
        out->atr_len = out->atr_len <= ATR_MAX ? out->atr_len : ATR_MAX;
        memcpy(out->atr, atr, out->atr_len);
    }
    return SHK_OK;
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    struct card_virtual *v = self;
    uint8_t apdu[5 + 16], rx[256];
    size_t n = v->pad_digits != NULL ? strlen(v->pad_digits) : 0, rx_len = sizeof rx;
    *sw = v->pad_sw;
    v->pads++;
    v->pad_asked = *ask;
    if (v->pad_digits == NULL || !v->in_transaction || n < ask->least || n > ask->most || n > 16) {
        *sw = 0;
        return fault_raise(why, v->in_transaction ? SHK_E_READER : SHK_E_STATE);
    }
    if (v->pad_sw != 0 && !v->pad_lies) {
        return SHK_OK;
    }
    memcpy(apdu, ask->head, sizeof ask->head);
    apdu[4] = (uint8_t)n;
    memcpy(apdu + 5, v->pad_digits, n);
    int32_t rc = transmit(v, apdu, 5 + n, rx, &rx_len, why);
    if (rc == SHK_OK && rx_len >= 2 && !v->pad_lies) {
        *sw = (uint16_t)((uint32_t)rx[rx_len - 2] << 8 | rx[rx_len - 1]);
    }
    return rc;
}

const struct card_ops card_virtual_ops = {list, wait_change, connect_card, begin,      transmit,
                                          end,  disconnect,  traits,       pad_verify, NULL};
