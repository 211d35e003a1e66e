/* What the commands of outbox, history and store give the plugin. */
#include <string.h>

#include "run.h"

static const struct {
    enum command command;
    const char *path, *action;
    const char *operand; /* the path that the operand goes to; null: there is none */
} rows[] = {
    {COMMAND_OUTBOX_LIST, "outbox.action", "list", NULL},
    {COMMAND_OUTBOX_DELIVER, "outbox.action", "deliver", "outbox.id"},
    {COMMAND_OUTBOX_ASK, "outbox.action", "ask", "outbox.id"},
    {COMMAND_OUTBOX_DROP, "outbox.action", "drop", "outbox.id"},
    {COMMAND_HISTORY_LIST, "history.action", "list", NULL},
    {COMMAND_HISTORY_VERIFY, "history.action", "verify", NULL},
    {COMMAND_HISTORY_EXPORT, "history.action", "export", "history.out"},
    {COMMAND_STORE_SHOW, "store.action", "show", NULL},
    {COMMAND_STORE_PURGE, "store.action", "purge", NULL},
    {COMMAND_STORE_ROTATE, "store.action", "rotate", NULL},
    {COMMAND_STORE_EXPORT_KEY, "store.action", "export-key", "store.file"},
    {COMMAND_STORE_IMPORT_KEY, "store.action", "import-key", "store.file"},
};

bool inputs_give_kept(struct run *r) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].command == r->args->command) {
            bool with_operand = r->source != NULL && rows[i].operand != NULL && r->action == NULL;
            return inputs_put_text(r, rows[i].path,
                                   r->action != NULL ? r->action : rows[i].action) &&
                   (!with_operand || inputs_put_text(r, rows[i].operand, r->source));
        }
    }
    return true;
}
