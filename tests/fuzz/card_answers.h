/* What answers the product in a fuzz target: a virtual card whose answers the input spoils, or the input alone. */
#ifndef FUZZ_CARD_ANSWERS_H
#define FUZZ_CARD_ANSWERS_H

#include "card_virtual.h"
#include "fuzz.h"

#define MISHAPS_MAX 6

enum mishap_kind {
    MISHAP_NONE,
    MISHAP_STATUS,  /* other status words */
    MISHAP_REPLACE, /* another answer */
    MISHAP_CUT,     /* fewer bytes, the last two as status */
    MISHAP_EXTEND,  /* more bytes before the status */
    MISHAP_CHANGE,  /* one byte is another */
    MISHAP_FAULT,   /* the reader fails; the command did reach the card */
    MISHAP_LOST,    /* the reader fails and the command never came */
    MISHAP_REMOVE,  /* the card is gone from now on */
    MISHAP_RESET,   /* somebody reset the card */
    MISHAP_FOREVER, /* the status words, from now on */
    MISHAP_KINDS
};

struct mishap {
    uint32_t at; /* number of the command, from 1 */
    enum mishap_kind kind;
    struct fuzz_input bytes;
};

struct card_answers {
    struct card_virtual card; /* card.card null: the input answers */
    struct fuzz_input answers;
    struct mishap mishaps[MISHAPS_MAX];
    size_t mishaps_n;
    uint32_t transmits;
    int32_t connect_fault; /* at the connection number fault_at */
    uint32_t connects, fault_at;
    struct reader_traits traits;
    int32_t traits_fault;
    bool waited;
};

/* One of the faults that a transport can tell. */
int32_t card_answers_fault(uint8_t choice);
/* Eats the mishaps from the input. */
void card_answers_plan(struct card_answers *a, struct fuzz_input *in);

/* Connections, transactions, traits and keys of the reader as well. */
extern const struct card_ops card_answers_ops;

#endif
