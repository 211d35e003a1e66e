/* A PC/SC library for tests: loaded at run time, it does what the test's hook says. */
#ifndef FAKE_CARD_PCSC_LIBRARY_H
#define FAKE_CARD_PCSC_LIBRARY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CARD_PCSC_READERS 16 /* more than these, pcsc-lite 1.9 will not look at in one call */

struct card_pcsc {
    /* Asked at each call with its name ("SCardConnect") and the disposition or time-out it was given;
     * another value than 0 is the result. May be called from several threads. */
    uint32_t (*hook)(void *self, const char *call, unsigned long argument);
    void *self;
    const char *readers[CARD_PCSC_READERS]; /* null ends */
    bool present[CARD_PCSC_READERS];
    uint16_t events[CARD_PCSC_READERS]; /* insertions and removals */
    bool in_use;                        /* an extra flag in every state */
    bool no_pnp;                        /* does not know the reader that stands for new readers */
    bool pnp_changed;
    uint8_t reply[300];
    size_t reply_len;
    atomic_int slow_ms;         /* every call takes so long */
    atomic_bool hang_reconnect; /* beside what the hook does */
    uint32_t extra_state;       /* more flags in every state */
    uint8_t atr[36];            /* of every card; atr_says 0: 3B 00 */
    size_t atr_says;            /* the length that the library reports */
    bool atr_empty;             /* a card without one */
    struct {
        uint32_t code; /* 0 ends */
        uint8_t reply[300];
        size_t reply_len;
        size_t says; /* the length that the library reports, when not 0 */
    } control[4], attribute[4];
    /* What was handed over last, and where that lay. */
    uint8_t sent[300];
    size_t sent_len;
    const uint8_t *sent_at;
};

/* The one exported symbol besides SCard…: */
#define CARD_PCSC_SYMBOL "card_pcsc_state"

#endif
