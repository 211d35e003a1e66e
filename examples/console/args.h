/* The command line. It never carries a PIN: other programs can read it. */
#ifndef CONSOLE_ARGS_H
#define CONSOLE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command {
    COMMAND_NONE,
    COMMAND_READERS,
    COMMAND_CHECK,
    COMMAND_WATCH,
    COMMAND_IMPORT,
    COMMAND_QUERY,
    COMMAND_REGISTER,
    COMMAND_BULK
};
#define COMMAND_LAST COMMAND_BULK

#define INPUTS_MAX 16

/* What goes to the plugin with shk_put before the job. */
struct input_value {
    const char *path, *value;
};

struct args {
    enum command command;
    const char *library, *config; /* null: not said */
    const char *const *set;       /* "KEY=VALUE" each; owned, freed with args_clear */
    size_t set_n;
    const char *operand; /* a file, "-" for the standard input; null: not said */
    struct input_value inputs[INPUTS_MAX];
    size_t inputs_n;
    int pin_fd;        /* -1: ask at the terminal */
    int secret_fd;     /* the same for the passphrase of the device's key */
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

/* usage_more.c */
extern const char *const usage_import_ja,
    *const usage_import_en, *const usage_query_ja, *const usage_query_en,
                                                       *const usage_register_ja,
                                                           *const usage_register_en,
                                                               *const usage_bulk_ja,
                                                                   *const usage_bulk_en;

/* The help of a command, or the overview. */
const char *usage_text(enum command command, bool english);

#endif
