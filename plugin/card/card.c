#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "tlv.h"

#define LINKS_MAX     32 /* of a chained reply */
#define READS_MAX     64 /* of one object; a card may give less than asked */
#define PIECE         256
#define OFFSET_MAX    0x7FFF
#define COMMAND_MAX   261
#define TAG_SEQUENCE  0x30
#define SW_OK         0x9000
#define SW_END        0x6282 /* the end of the file came before the length asked for */
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

void card_close(struct card *card) {
    if (card->in_transaction) {
        card->ops->end(card->self, true);
    }
    if (card->connected) {
        card->ops->disconnect(card->self);
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

/* True when the command says how much it wants to have back, so that it can ask for less. */
static bool has_le(const uint8_t *apdu, size_t n) {
    return n == 5 || (n > 6 && apdu[4] != 0 && n == (size_t)apdu[4] + 6);
}

static int32_t send_with_le(struct card *card, const uint8_t *apdu, size_t n, struct fault *why) {
    uint8_t again[COMMAND_MAX];
    memcpy(again, apdu, n);
    again[n - 1] = (uint8_t)(card->sw & 0xFF);
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

/* Answers of a card that is whole but does not know the application. Anything else may pass when the
 * card is laid down again. */
static bool means_unknown(uint16_t sw) {
    switch (sw >> 8) {
    case 0x67:
    case 0x68:
    case 0x69:
    case 0x6A:
    case 0x6B:
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
    return means_unknown(card->sw)
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

/* At least one byte, or a fault. */
static int32_t read_piece(struct card *card, size_t offset, size_t want, struct fault *why) {
    if (offset > OFFSET_MAX) {
        return fault_raise(why, SHK_E_CARD_ANSWER);
    }
    const uint8_t apdu[] = {0x00, 0xB0, (uint8_t)(offset >> 8), (uint8_t)offset, (uint8_t)want};
    int32_t rc = card_send(card, apdu, sizeof apdu, why);
    if (rc == SHK_OK && ((card->sw != SW_OK && card->sw != SW_END) || card->reply_len == 0)) {
        rc = card_fault_sw(card, why, "READ BINARY");
    }
    return rc;
}

int32_t card_read_start(struct card *card, size_t want, struct fault *why) {
    return read_piece(card, 0, want < PIECE ? want : PIECE, why);
}

static int32_t take_piece(struct card *card, size_t total, struct bytes *out, struct fault *why) {
    size_t rest = total - out->n;
    size_t got = card->reply_len < rest ? card->reply_len : rest;
    int32_t rc = bytes_append(out, card->reply, got);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t read_object(struct card *card, size_t max, struct bytes *out, struct fault *why) {
    struct tlv head;
    int32_t rc = read_piece(card, 0, PIECE, why);
    if (rc != SHK_OK) {
        return rc;
    }
    if (!tlv_head(card->reply, card->reply_len, &head) || head.tag != TAG_SEQUENCE ||
        head.len == 0 || head.total > max) {
        return card_fault_sw(card, why, "READ BINARY: not one object");
    }
    rc = take_piece(card, head.total, out, why);
    for (int reads = 1; rc == SHK_OK && out->n < head.total; reads++) {
        size_t rest = head.total - out->n;
        if (reads == READS_MAX) {
            return card_fault_sw(card, why, "READ BINARY: too many pieces");
        }
        rc = read_piece(card, out->n, rest < PIECE ? rest : PIECE, why);
        rc = rc == SHK_OK ? take_piece(card, head.total, out, why) : rc;
    }
    return rc;
}

int32_t card_read_der(struct card *card, size_t max, struct bytes *out, struct fault *why) {
    bytes_clear(out);
    int32_t rc = read_object(card, max, out, why);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}
