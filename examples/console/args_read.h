/* Inside the command line's reading. */
#ifndef CONSOLE_ARGS_READ_H
#define CONSOLE_ARGS_READ_H

#include "args.h"

/* Where reading stands. */
struct reading {
    int argc, at;
    char **argv;
    struct args *args;
    const char **sets;
    struct args_wrong *wrong;
    bool operands; /* "--" has come: what follows is no option */
    int options;   /* bit 1 << command for each that does not take an option that was said */
};

/* Fills `wrong` and returns false. */
bool args_refuse(struct reading *r, const char *japanese, const char *english, const char *word);

/* An option with a value. */
struct option {
    const char *name;
    bool (*take)(struct reading *r, const struct option *option, const char *value);
    const char *input; /* the path that its value goes to */
    int commands;      /* bit 1 << command for each that takes it; 0: all */
};
/* The option of "--name" or "--name=value", or null. */
const struct option *args_option(const char *word);

/* The option whose value goes to that input, or null. */
const char *args_option_of(const char *input);

#endif
