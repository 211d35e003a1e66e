/* Inside the command line's reading. */
#ifndef CONSOLE_ARGS_READ_H
#define CONSOLE_ARGS_READ_H

#include "args.h"

#define FOR_COMMAND(command) (UINT64_C(1) << (command))
#define FOR(command)         FOR_COMMAND(COMMAND_##command)
#define FOR_CARD             (FOR(CHECK) | FOR(WATCH))
#define FOR_PERSON           (FOR(QUERY) | FOR(REGISTER))
#define FOR_DELIVERY         (FOR(OUTBOX_DELIVER) | FOR(OUTBOX_ASK))
#define FOR_ENTRIES          (FOR(HISTORY) | FOR(HISTORY_LIST) | FOR(HISTORY_EXPORT))
/* Where it may have to be said whose answer something is. */
#define FOR_MATCH (FOR_CARD | FOR(IMPORT) | FOR(QUERY) | FOR(PERSON) | FOR_DELIVERY)

/* Where reading stands. */
struct reading {
    int argc, at;
    char **argv;
    struct args *args;
    const char **sets, **operand_words;
    struct args_wrong *wrong;
    enum command command; /* which one it will be */
    bool operands;        /* "--" has come: what follows is no option */
    uint64_t options;     /* FOR each command that does not take an option that was said */
};

/* Fills `wrong` and returns false. */
bool args_refuse(struct reading *r, const char *japanese, const char *english, const char *word);

/* An option with a value. */
struct option {
    const char *name;
    bool (*take)(struct reading *r, const struct option *option, const char *value);
    const char *input; /* the path that its value goes to */
    uint64_t commands; /* FOR each command that takes it; 0: all */
};
/* The option of "--name" or "--name=value", of the command where it has one of its own, or null. */
const struct option *args_option(const char *word, enum command command);

/* The option whose value goes to that input, or null. */
const char *args_option_of(const char *input);

/* args_commands.c: takes a word that is no option. */
bool args_take_word(struct reading *r, const char *word);
/* The word is the next one of a command's name; *command becomes what it names. */
bool args_command(const char *word, enum command *command);
/* "outbox" alone is "outbox list", and so on. */
void args_settle_command(struct args *args);
/* What a command cannot do without, and what does not go together. */
bool args_check_command(struct reading *r);

#endif
