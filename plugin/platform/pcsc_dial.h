/* Connecting and beginning a transaction with a time limit. PC/SC waits for ever while another program
 * holds a transaction, so the call is made on a thread of its own that can be left behind. */
#ifndef PLATFORM_PCSC_DIAL_H
#define PLATFORM_PCSC_DIAL_H

#include "pcsc_table.h"

struct pcsc_link {
    struct pcsc *pcsc;
    pcsc_handle context, card;
    uint32_t protocol;
};

enum pcsc_dial_what { PCSC_DIAL_CONNECT, PCSC_DIAL_BEGIN };

struct pcsc_dial;

/* One attempt. When it is not over after ms, it takes the link over, *pending names it, and the result
 * is PCSC_SHARING_VIOLATION; what it may still obtain it gives back by itself. */
uint32_t pcsc_dial_run(struct pcsc_link *link, enum pcsc_dial_what what, const char *reader,
                       int32_t ms, struct pcsc_dial **pending);
/* Waits at most ms. True: nothing is pending any more. */
bool pcsc_dial_over(struct pcsc_dial **pending, int32_t ms);
void pcsc_dial_abandon(struct pcsc_dial **pending);

#endif
