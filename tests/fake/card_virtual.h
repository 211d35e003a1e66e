/* The virtual card of tests/virtual-card as the card seam, in this process, with the accidents that a
 * reader adds: removal, a reset by somebody else, broken answers. */
#ifndef FAKE_CARD_VIRTUAL_H
#define FAKE_CARD_VIRTUAL_H

#include "env.h"

struct vcard;

#define CARD_VIRTUAL_READER "Virtual Reader"
#define CARD_VIRTUAL_TRACE  128

struct card_virtual {
    struct vcard *card; /* owned */
    /* Accidents; they count transmits from 1 since init. 0: never. */
    uint32_t remove_at, reset_at, fail_at;
    int32_t fail_code; /* SHK_E_ code; the command did reach the card */
    int32_t connect_fault, begin_fault;
    bool waited;                 /* begin says so */
    struct reader_traits traits; /* what the reader says of itself */
    int32_t traits_fault;        /* instead of saying it */
    /* What the person types on the reader's keys; null: it has none. pad_sw: the reader's own word instead
     * (6400 nothing typed in time, 6401 cancelled), and the card hears nothing. */
    const char *pad_digits;
    uint16_t pad_sw;
    bool pad_lies; /* the card hears the digits all the same */
    /* May change an answer; *rx_len keeps within cap. */
    void (*spoil)(void *self, uint32_t n, uint8_t *rx, size_t *rx_len, size_t cap);
    void *spoil_self;
    /* What happened. */
    uint32_t transmits, verifies, connects, begins, ends, power_downs, disconnects, pads;
    struct pad_question pad_asked; /* the last one */
    bool connected, in_transaction;
    struct {
        uint8_t head[7]; /* of a VERIFY, no more than 5 */
        size_t len;
    } trace[CARD_VIRTUAL_TRACE];
};

/* The retry counters stay in memory. False: `why` says what is wrong with the profile. */
bool card_virtual_init(struct card_virtual *v, const char *profile, char *why, size_t why_cap);
void card_virtual_clear(struct card_virtual *v);
/* Forgets accidents and counts; the card keeps its state. */
void card_virtual_rewind(struct card_virtual *v);

extern const struct card_ops card_virtual_ops;

#endif
