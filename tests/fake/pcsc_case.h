/* The transport over the PC/SC library of tests: one world, one transport, and what the library does. */
#ifndef FAKE_PCSC_CASE_H
#define FAKE_PCSC_CASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "card_pcsc_library.h"
#include "env.h"

extern struct card_pcsc *world;
extern void *transport;
extern struct fault why;
extern struct reader_list seen;
extern const char unit[]; /* the reader, with a card on it */

/* What the hook does: the named call fails with rv, `times` times after `skip` good ones. */
struct pcsc_plan {
    const char *call;
    uint32_t rv;
    int skip, times;
    atomic_bool hold; /* the named call blocks meanwhile, once `skip` good ones are over */
    atomic_int held;  /* how many do */
};
extern struct pcsc_plan plan;

struct pcsc_record {
    char calls[4096];
    unsigned long ended_with, disconnected_with;
    atomic_int connects, reconnects, waits, establishes, controls, contexts, releases;
};
extern struct pcsc_record record;

void fail_next(const char *call, uint32_t rv, int times);
/* The named call blocks until let_go, after so many good ones. */
void hang_next(const char *call, int skip);
void let_go(void); /* returns when those that blocked are back */
/* Waits until so many contexts were released, at most a minute. */
bool released(int n);

/* For cmocka. */
int pcsc_case_start(void **state);
int pcsc_case_stop(void **state);
/* Loads the library that PCSC_LIBRARY names. */
bool pcsc_case_open(void);

int32_t open_card(void);
int32_t send_verify(void); /* 00 20 00 80 and four digits */

#endif
