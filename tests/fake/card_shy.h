/* The virtual card behind a reader, or as a card, that does not know the short ways: one kind of command is
 * refused before it reaches the card, all others are carried out. Keeps what was said. */
#ifndef FAKE_CARD_SHY_H
#define FAKE_CARD_SHY_H

#include "card_virtual.h"

#define CARD_SHY_TRACE 256

struct card_shy {
    struct card_virtual *card; /* borrowed */
    /* READ with extended Le: a driver that fails, so that nothing works until the next connection; a
     * status word; an answer of so many bytes at most, less one. */
    int32_t extended_fault;
    uint16_t extended_sw;
    size_t extended_below;
    /* Commands that name a file by its short identifier: a status word. */
    uint16_t read_sw, verify_sw, sign_sw;
    /* SELECT of a file, by the last byte of its number. */
    uint8_t select_file;
    uint16_t select_sw;
    int32_t traits_fault;
    /* What happened. */
    uint32_t said, refused, traits_asked;
    bool broken;
    char trace[CARD_SHY_TRACE][16]; /* hex of the first bytes, no digit of a PIN among them */
};

extern const struct card_ops card_shy_ops;

#endif
