#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define LINKS_MAX     32 /* of a chained reply */
#define PIECE         256
#define COMMAND_MAX   261
#define EXTENDED_READ 7 /* bytes of a command without data that has an extended Le */
#define SW_OK         0x9000
#define SW_FIRST_LOST 0x6F00

int32_t card_init(struct card *card, const struct card_ops *ops, void *self, struct log *log) {
    *card = (struct card){.ops = ops, .self = self, .log = log};
    card->reply = calloc(1, APDU_REPLY_MAX);
    return card->reply != NULL ? SHK_OK : SHK_E_MEMORY;
}

static void forget_reply(struct card *card) {
    if (card->reply != NULL) {
        memory_wipe(card->reply, APDU_REPLY_MAX);
    }
    card->reply_len = 0;
    card->sw = 0;
}

void card_clear(struct card *card) {
    card_close(card);
    free(card->reply);
    *card = (struct card){0};
}

int32_t card_open(struct card *card, const char *reader, struct fault *why) {
    card_close(card);
    card->apdu_count = 0;
    text_copy(card->reader, sizeof card->reader, reader);
    int32_t rc = card->ops->connect(card->self, reader, why);
    if (rc != SHK_OK) {
        return rc;
    }
    card->connected = true;
    rc = card->ops->begin(card->self, &card->waited, why);
    card->in_transaction = rc == SHK_OK;
    if (rc != SHK_OK) {
        card_close(card);
    }
    return rc;
}

static void give_back(const struct card *card) {
    if (card->ops->let_go != NULL) {
        card->ops->let_go(card->self);
        return;
    }
    if (card->in_transaction) {
        card->ops->end(card->self, true);
    }
    card->ops->disconnect(card->self);
}

void card_close(struct card *card) {
    if (card->connected) {
        give_back(card);
    }
    card->in_transaction = card->connected = card->waited = false;
    forget_reply(card);
}

int32_t card_fault_sw(const struct card *card, struct fault *why, const char *where) {
    return fault_set(why, SHK_E_CARD_ANSWER, SHK_NATIVE_SW, card->sw, where);
}

/* One command; its answer is put behind what the reply holds already. */
static int32_t exchange(struct card *card, const uint8_t *apdu, size_t n, struct fault *why) {
    size_t room = APDU_REPLY_MAX - card->reply_len, got = room;
    card->sw = 0;
    if (!card->in_transaction) {
        return fault_raise(why, SHK_E_STATE);
    }
    if (room < PIECE + 2) {
        return fault_set(why, SHK_E_CARD_ANSWER, SHK_NATIVE_NONE, 0, "answer too long");
    }
    card->apdu_count++;
    uint8_t *at = card->reply + card->reply_len;
    int32_t rc = card->ops->transmit(card->self, apdu, n, at, &got, why);
    if (rc != SHK_OK) {
        return rc;
    }
    if (got < 2 || got > room) {
        return fault_set(why, SHK_E_CARD_ANSWER, SHK_NATIVE_NONE, 0, "answer without status");
    }
    card->sw = (uint16_t)((at[got - 2] << 8) | at[got - 1]);
    card->reply_len += got - 2;
    return SHK_OK;
}

int32_t card_send_once(struct card *card, const uint8_t *apdu, size_t n, struct fault *why) {
    card->reply_len = 0;
    return exchange(card, apdu, n, why);
}

static bool has_extended_le(const uint8_t *apdu, size_t n) {
    return n == EXTENDED_READ && apdu[4] == 0;
}

/* True when the command says how much it wants to have back, so that it can ask for less. */
static bool has_le(const uint8_t *apdu, size_t n) {
    return n == 5 || has_extended_le(apdu, n) ||
           (n > 6 && apdu[4] != 0 && n == (size_t)apdu[4] + 6);
}

static int32_t send_with_le(struct card *card, const uint8_t *apdu, size_t n, struct fault *why) {
    uint8_t again[COMMAND_MAX], le = (uint8_t)(card->sw & 0xFF);
    memcpy(again, apdu, n);
    again[n - 1] = le;
    if (has_extended_le(apdu, n)) {
        /* 00 means 256 in the status word, but 65536 in this command. */
        again[n - 2] = le == 0;
    }
    return card_send_once(card, again, n, why);
}

static int32_t collect(struct card *card, struct fault *why) {
    int32_t rc = SHK_OK;
    for (int links = 0; rc == SHK_OK && card->sw >> 8 == 0x61; links++) {
        if (links == LINKS_MAX) {
            return card_fault_sw(card, why, "answer without end");
        }
        uint8_t more[] = {0x00, 0xC0, 0x00, 0x00, (uint8_t)(card->sw & 0xFF)};
        rc = exchange(card, more, sizeof more, why);
    }
    return rc;
}

int32_t card_send(struct card *card, const uint8_t *apdu, size_t n, struct fault *why) {
    int32_t rc = card_send_once(card, apdu, n, why);
    if (rc == SHK_OK && card->sw >> 8 == 0x6C && n <= COMMAND_MAX && has_le(apdu, n)) {
        rc = send_with_le(card, apdu, n, why);
    }
    return rc == SHK_OK ? collect(card, why) : rc;
}

bool card_refuses(uint16_t sw) {
    switch (sw >> 8) {
    case 0x67:
    case 0x68:
    case 0x69:
    case 0x6A:
    case 0x6B:
    case 0x6C:
    case 0x6D:
    case 0x6E:
        return true;
    default:
        return false;
    }
}

int32_t card_select_aid(struct card *card, const uint8_t *aid, size_t n, struct fault *why) {
    uint8_t apdu[5 + 16] = {0x00, 0xA4, 0x04, 0x0C};
    if (n == 0 || n > 16) {
        return fault_raise(why, SHK_E_ARGUMENT);
    }
    apdu[4] = (uint8_t)n;
    memcpy(apdu + 5, aid, n);
    int32_t rc = card_send(card, apdu, n + 5, why);
    if (rc == SHK_OK && card->sw == SW_FIRST_LOST && card->apdu_count == 1) {
        /* Seen on plastic: the first command after the power came on is lost. */
        rc = card_send(card, apdu, n + 5, why);
    }
    if (rc != SHK_OK || card->sw == SW_OK) {
        return rc;
    }
    return card_refuses(card->sw)
               ? fault_set(why, SHK_E_NOT_MYNUMBER, SHK_NATIVE_SW, card->sw, "SELECT application")
               : card_fault_sw(card, why, "SELECT application");
}

int32_t card_select_ef(struct card *card, uint16_t ef, struct fault *why) {
    const uint8_t apdu[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, (uint8_t)(ef >> 8), (uint8_t)ef};
    int32_t rc = card_send(card, apdu, sizeof apdu, why);
    if (rc == SHK_OK && card->sw != SW_OK) {
        rc = card_fault_sw(card, why, "SELECT file");
    }
    return rc;
}
