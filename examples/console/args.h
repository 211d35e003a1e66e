/* The command line. It never carries a PIN: other programs can read it. */
#ifndef CONSOLE_ARGS_H
#define CONSOLE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command { COMMAND_NONE, COMMAND_READERS, COMMAND_CHECK, COMMAND_WATCH };

struct args {
    enum command command;
    const char *library, *config; /* null: not said */
    const char *const *set;       /* "KEY=VALUE" each; owned, freed with args_clear */
    size_t set_n;
    int pin_fd;        /* -1: ask at the terminal */
    int32_t timeout_s; /* 0: none */
    bool english, json, quiet, last_try, show_document, help, version;
};

/* What is wrong with the command line, for usage_wrong. */
struct args_wrong {
    const char *japanese, *english;
    const char *word; /* the argument, or "" */
};

/* False: `wrong` is filled. args_clear is needed in both cases. */
bool args_read(int argc, char **argv, struct args *args, struct args_wrong *wrong);
void args_clear(struct args *args);

/* The help of a command, or the overview. */
const char *usage_text(enum command command, bool english);

#endif
