/* What a card seems to be, by its answer to reset alone: nothing is sent to it. */
#ifndef CARD_KINDS_H
#define CARD_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct card_look {
    const char *id; /* "mynumber", "felica", "fido", …; several rows may share one */
    const char *japanese, *english;
    bool certain;  /* surely no My Number Card: it need not be asked anything */
    bool mynumber; /* known of My Number Cards */
};

/* Null when nothing is known of such an ATR, of an empty or a broken one. The rows live for ever. */
const struct card_look *card_look_by_atr(const uint8_t *atr, size_t n);

#endif
