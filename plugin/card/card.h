/* APDUs to the card inside one transaction: commands, chained replies, status words.
 * A card works over the card seam and counts what it sends. */
#ifndef CARD_CARD_H
#define CARD_CARD_H

#include "env.h"
#include "log.h"

struct card {
    const struct card_ops *ops;
    void *self;
    struct log *log;
    char reader[READER_NAME_MAX];
    bool connected, in_transaction;
    bool waited;        /* another program was at the card when it was opened */
    int32_t apdu_count; /* since card_open */
    uint8_t *reply;     /* APDU_REPLY_MAX bytes, owned */
    size_t reply_len;   /* data without the status word, of the last command */
    uint16_t sw;        /* status word of the last command */
};

int32_t card_init(struct card *card, const struct card_ops *ops, void *self, struct log *log);
void card_clear(struct card *card); /* closes and frees */

/* Connects to the card on the reader and begins the transaction. */
int32_t card_open(struct card *card, const char *reader, struct fault *why);
/* Powers the card down, ends the transaction, disconnects. Harmless when not open. */
void card_close(struct card *card);

/* Sends one command APDU as given. Follows 61xx (bounded) and 6Cxx (once). 0 when an answer came,
 * whatever its status word; the data is in card->reply. The APDU's data is never logged. */
int32_t card_send(struct card *card, const uint8_t *apdu, size_t n, struct fault *why);

/* Sends it exactly once, whatever is answered: for commands that must never be repeated. */
int32_t card_send_once(struct card *card, const uint8_t *apdu, size_t n, struct fault *why);

/* A first command answered 6F00 is repeated once. SHK_E_NOT_MYNUMBER when the card does not know the
 * application. */
int32_t card_select_aid(struct card *card, const uint8_t *aid, size_t n, struct fault *why);
int32_t card_select_ef(struct card *card, uint16_t ef, struct fault *why);
/* The status word of a card that is whole and will not do what was asked. Any other one may pass when the
 * card is laid down again. */
bool card_refuses(uint16_t sw);
/* A fault for an unexpected status word. */
int32_t card_fault_sw(const struct card *card, struct fault *why, const char *where);

/* How a file is read from its start. */
struct card_read {
    uint8_t short_id; /* names the EF, which this READ selects; 0: the selected EF */
    bool extended;    /* all of it in one answer */
    uint16_t want;    /* when not extended: bytes up to 256; 0 for 256 */
};

/* One READ. At least one byte is in card->reply, fewer than wanted when the file is shorter.
 * SHK_E_CARD_ANSWER when there is none; card->sw is 0 then unless the card itself said so. */
int32_t card_read_begin(struct card *card, const struct card_read *ask, struct fault *why);
/* Behind a READ from the start of a file: the object with this tag in it, trimmed to its length. What the
 * reply does not hold is read by offset, in a bounded number of commands. SHK_E_CARD_ANSWER when there
 * is no such object or it is longer than max. */
int32_t card_read_rest(struct card *card, uint32_t tag, size_t max, struct bytes *out,
                       struct fault *why);

#endif
