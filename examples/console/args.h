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
    COMMAND_BULK,
    COMMAND_PERSON,
    COMMAND_MAP,
    COMMAND_PACK, /* for its help alone: what is done stands in the next word */
    COMMAND_PACK_LIST,
    COMMAND_PACK_CHECK,
    COMMAND_PACK_TEST,
    COMMAND_PACK_SHOW,
    COMMAND_PACK_NEW,
    COMMAND_PACK_SIGN,
    COMMAND_OUTBOX, /* without another word the list; so with the two below */
    COMMAND_OUTBOX_LIST,
    COMMAND_OUTBOX_DELIVER,
    COMMAND_OUTBOX_ASK,
    COMMAND_OUTBOX_DROP,
    COMMAND_HISTORY,
    COMMAND_HISTORY_LIST,
    COMMAND_HISTORY_VERIFY,
    COMMAND_HISTORY_EXPORT,
    COMMAND_STORE,
    COMMAND_STORE_SHOW,
    COMMAND_STORE_PURGE,
    COMMAND_STORE_ROTATE,
    COMMAND_STORE_EXPORT_KEY,
    COMMAND_STORE_IMPORT_KEY
};
#define COMMAND_LAST COMMAND_STORE_IMPORT_KEY

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
    const char *operand;         /* a file, "-" for the standard input; null: not said */
    const char *const *operands; /* all of them; owned, freed with args_clear */
    size_t operands_n;
    struct input_value inputs[INPUTS_MAX];
    size_t inputs_n;
    int pin_fd;        /* of the PIN or of 照合番号B; -1: ask at the terminal */
    int secret_fd;     /* the same for the passphrase of the device's key */
    int32_t timeout_s; /* 0: none */
    /* Where documents go and what they are compared with; null: not said. */
    const char *out, *out_folder, *diff;
    const char *match; /* what is answered when it is not sure whose answer it is; null: not said */
    bool english, json, quiet, quick, last_try, show_document, explain, force, yes, help, version;
};

/* What is wrong with the command line, for usage_wrong. */
struct args_wrong {
    const char *japanese, *english;
    const char *word; /* the argument, or "" */
};

/* False: `wrong` is filled. args_clear is needed in both cases. */
bool args_read(int argc, char **argv, struct args *args, struct args_wrong *wrong);
void args_clear(struct args *args);

/* What an input got on the command line, or null. */
const char *args_input(const struct args *args, const char *path);

struct usage {
    const char *japanese, *english;
};
/* usage_more.c, usage_person.c, usage_map.c, usage_pack.c, usage_outbox.c, usage_history.c, usage_store.c */
extern const struct usage usage_import, usage_query, usage_register, usage_bulk, usage_person,
    usage_map, usage_pack, usage_pack_list, usage_pack_check, usage_pack_test, usage_pack_show,
    usage_pack_new, usage_pack_sign, usage_outbox, usage_outbox_list, usage_outbox_deliver,
    usage_outbox_ask, usage_outbox_drop, usage_history, usage_history_list, usage_history_verify,
    usage_history_export, usage_store, usage_store_show, usage_store_purge, usage_store_rotate,
    usage_store_export_key, usage_store_import_key;

/* The help of a command, or the overview. */
const char *usage_text(enum command command, bool english);

#endif
