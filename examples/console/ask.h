/* A question to the person, or to a descriptor, whose answer is wiped after its use. */
#ifndef CONSOLE_ASK_H
#define CONSOLE_ASK_H

#include "run.h"

/* The line lives in locked memory. */
struct question {
    struct run *run;
    struct input *in;
    char *line;
    size_t cap, len;
};

/* Whether somebody sees what a question is about; a script has a terminal, too, and must not wait at it. */
bool question_is_seen(const struct run *r);
/* fd -1: the terminal. False when there is none, or no memory. */
bool question_begin(struct question *q, struct run *r, int fd, size_t cap);
void question_end(struct question *q);
/* Waits for a line; INPUT_WAITING means that it was given up, see run_disturbed. */
enum input_state question_line(struct question *q, const char *prompt, bool hidden);
void question_wipe(struct question *q);

/* pin.c: asks whether the last try may be spent; without a yes the job is cancelled. */
bool pin_may_spend_last_try(struct question *q, bool known);

#endif
