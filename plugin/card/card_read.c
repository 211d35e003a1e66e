#include "bytes.h"
#include "card.h"
#include "tlv.h"

#define READS_MAX     64  /* of one object; a card may give less than asked */
#define EXCHANGES_MAX 128 /* for them, with the links of their replies */
#define PIECE         256
#define OFFSET_MAX    0x7FFF
#define SHORT_ID_MARK 0x80
#define SW_OK         0x9000
#define SW_END        0x6282 /* the end of the file came before the length asked for */

static int32_t send_read(struct card *card, const uint8_t *apdu, size_t n, struct fault *why) {
    int32_t rc = card_send(card, apdu, n, why);
    if (rc == SHK_OK && ((card->sw != SW_OK && card->sw != SW_END) || card->reply_len == 0)) {
        rc = card_fault_sw(card, why, "READ BINARY");
    }
    return rc;
}

int32_t card_read_begin(struct card *card, const struct card_read *ask, struct fault *why) {
    uint8_t apdu[7] = {0x00, 0xB0};
    apdu[2] = ask->short_id != 0 ? (uint8_t)(SHORT_ID_MARK | ask->short_id) : 0;
    if (ask->extended) {
        return send_read(card, apdu, 7, why);
    }
    apdu[4] = (uint8_t)(ask->want < PIECE ? ask->want : 0);
    return send_read(card, apdu, 5, why);
}

static int32_t read_on(struct card *card, size_t offset, size_t rest, struct fault *why) {
    const uint8_t apdu[] = {0x00, 0xB0, (uint8_t)(offset >> 8), (uint8_t)offset,
                            (uint8_t)(rest < PIECE ? rest : 0)};
    return offset <= OFFSET_MAX ? send_read(card, apdu, sizeof apdu, why)
                                : fault_raise(why, SHK_E_CARD_ANSWER);
}

static int32_t take_piece(struct card *card, size_t total, struct bytes *out, struct fault *why) {
    size_t rest = total - out->n;
    size_t got = card->reply_len < rest ? card->reply_len : rest;
    int32_t rc = bytes_append(out, card->reply, got);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t take_all(struct card *card, size_t total, struct bytes *out, struct fault *why) {
    int32_t before = card->apdu_count;
    int32_t rc = take_piece(card, total, out, why);
    for (int reads = 1; rc == SHK_OK && out->n < total; reads++) {
        if (reads == READS_MAX || card->apdu_count - before > EXCHANGES_MAX) {
            return card_fault_sw(card, why, "READ BINARY: too many pieces");
        }
        rc = read_on(card, out->n, total - out->n, why);
        rc = rc == SHK_OK ? take_piece(card, total, out, why) : rc;
    }
    return rc;
}

int32_t card_read_rest(struct card *card, uint32_t tag, size_t max, struct bytes *out,
                       struct fault *why) {
    struct tlv head;
    bytes_clear(out);
    if (!tlv_head(card->reply, card->reply_len, &head) || head.tag != tag || head.len == 0 ||
        head.total > max) {
        return card_fault_sw(card, why, "READ BINARY: not one object");
    }
    int32_t rc = take_all(card, head.total, out, why);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}
