/* A terminal and a clipboard for tests of sessions: what the session opens through lookup.h and arrival.h
 * is this instead (the linker's --wrap), so that each answer comes when the test says so. */
#ifndef UNIT_SESSION_FAKES_H
#define UNIT_SESSION_FAKES_H

#include "arrival.h"
#include "session_stage.h"

#define FAKES_MAX 8

struct fakes {
    struct mutex *lock;
    /* Arrivals. */
    struct arrival queue[FAKES_MAX];
    size_t queue_n, taken;
    int32_t open_fault, wait_fault; /* 0: none; wait_fault is given once */
    int32_t opened, freed, settled, good;
    /* The folder route. */
    char answer[4096]; /* what it answers; %I and %D stand for identifier and day */
    int32_t ask_fault;
    const char *result; /* more elements of the result; null: none */
    int32_t settles, used;
    struct question asked;
    struct card_data person;
    int32_t asks, registrations, routes_opened, routes_freed;
    bool hang; /* an ask waits until it is stopped */
};
extern struct fakes fakes;

/* For cmocka, around each case: stage_open and stage_close with fresh fakes. */
int fakes_open(void **state);
int fakes_close(void **state);
#define FAKES_CASE(name) cmocka_unit_test_setup_teardown(name, fakes_open, fakes_close)

void fakes_arrive(enum arrival_form form, const char *text);
void fakes_fail_once(int32_t code);
/* What opening an arrival source fails with from now on; 0: it is opened. */
void fakes_fail_open(int32_t code);
int32_t fakes_settled(int32_t *good);

/* An OQS answer for one person of the sample institution; null leaves an element out. */
void fakes_answer(char *out, size_t cap, const char *institution, const char *name,
                  const char *birth_date, const char *more);
#define FAKES_INSTITUTION "9919999999"

#endif
