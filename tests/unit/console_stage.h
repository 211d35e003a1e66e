/* The whole console over a door and a terminal that say what a test wrote down. */
#ifndef UNIT_CONSOLE_STAGE_H
#define UNIT_CONSOLE_STAGE_H

#include "run.h"

/* A value by path; "#PATH" is the length of a list. */
struct stage_value {
    const char *path, *text;
};

/* What the door and the person do, and what came of it. */
struct console_stage {
    const struct stage_value *values, *more; /* ended by a null path; more is asked first */
    const int32_t *events;                   /* of each job, ended by SHK_EVENT_DONE */
    bool terminal;                           /* somebody can type, and sees the standard output */
    bool unseen;                             /* which goes elsewhere, though */
    const char *const *typed; /* at the terminal, ended by null: the end of the input */
    const char *const *given; /* on the standard input */
    const char *usable;       /* the only match.answer that is taken; null: every one */
    int32_t put_result;       /* of every match.answer and match.take when it is negative */
    int32_t start_result;     /* of shk_start when it is negative */
    int32_t pin_result;       /* of every answer to SHK_EVENT_PIN when it is negative */
    bool does_not_wait;       /* events go on behind an open question */
    int interrupts;           /* Ctrl-C pressed so often once the person is asked */

    char puts[2048];    /* "path=value;" in order */
    char pins[256];     /* "digits/spend_last_try;" of each answer to SHK_EVENT_PIN */
    char prompts[8192]; /* what was asked, each ended by "|" */
    char jobs[32];      /* numbers of the jobs, each ended by ";" */
    char told[32768];   /* standard output */
    char errors[8192];  /* standard error */
    int cancels, drained;
};

extern struct console_stage stage;

/* For cmocka, before each case: nothing is known, nobody types. */
int console_stage_open(void **state);
#define CONSOLE_CASE(name) cmocka_unit_test_setup(name, console_stage_open)

/* The exit code of the command; fails when the command line is refused. */
int console_stage_run(const char *const *words, int n);
#define RUN(...)                                                                                   \
    console_stage_run((const char *const[]){__VA_ARGS__},                                          \
                      (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

void assert_told(const char *words);
void assert_not_told(const char *words);

#endif
