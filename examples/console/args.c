#include <stdlib.h>
#include <string.h>

#include "args_read.h"
#include "utf8.h"

bool args_refuse(struct reading *r, const char *japanese, const char *english, const char *word) {
    r->wrong->japanese = japanese;
    r->wrong->english = english;
    r->wrong->word = word;
    return false;
}

static const struct {
    const char *name;
    size_t offset;
    uint64_t commands; /* as of an option */
} switches[] = {
    {"--json", offsetof(struct args, json), 0},
    {"--quiet", offsetof(struct args, quiet), 0},
    {"--quick", offsetof(struct args, quick), FOR(READERS)},
    {"--last-try", offsetof(struct args, last_try), FOR_CARD | FOR(PERSON)},
    {"--show-document", offsetof(struct args, show_document), FOR_MATCH},
    {"--explain", offsetof(struct args, explain), FOR(MAP)},
    {"--force", offsetof(struct args, force), FOR(MAP)},
    {"--yes", offsetof(struct args, yes), FOR(OUTBOX_DROP)},
    {"--help", offsetof(struct args, help), 0},
    {"-h", offsetof(struct args, help), 0},
    {"--version", offsetof(struct args, version), 0},
};

static bool read_switch(struct reading *r, const char *word) {
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (strcmp(word, switches[i].name) == 0) {
            *(bool *)((char *)r->args + switches[i].offset) = true;
            r->options |= switches[i].commands == 0 ? 0 : ~switches[i].commands;
            return true;
        }
    }
    return false;
}

/* "--name value" and "--name=value". */
static bool read_value(struct reading *r, const struct option *option, const char *word) {
    size_t n = strlen(option->name);
    r->options |= option->commands == 0 ? 0 : ~option->commands;
    if (word[n] == '=') {
        return option->take(r, option, word + n + 1);
    }
    if (r->at + 1 >= r->argc) {
        return args_refuse(r, "値がありません", "a value is missing", word);
    }
    return option->take(r, option, r->argv[++r->at]);
}

static bool read_option(struct reading *r, const char *word) {
    if (read_switch(r, word)) {
        return true;
    }
    const struct option *option = args_option(word, r->command);
    if (option != NULL) {
        return read_value(r, option, word);
    }
    if (strncmp(word, "--code", 6) == 0) {
        return args_refuse(
            r, "照合番号Bはコマンド行に書けません。端末で入力するか --code-fd を使ってください",
            "the number of a card never goes on the command line; type it or use --code-fd", "");
    }
    if (strncmp(word, "--pin", 5) == 0) {
        return args_refuse(
            r, "暗証番号はコマンド行に書けません。端末で入力するか --pin-fd を使ってください",
            "a PIN never goes on the command line; type it or use --pin-fd", "");
    }
    return args_refuse(r, "知らないオプションです", "unknown option", word);
}

static bool check_together(struct reading *r) {
    const struct args *a = r->args;
    if (a->help || a->version) {
        return true;
    }
    if (a->command == COMMAND_NONE) {
        return args_refuse(r, "コマンドを書いてください(check、watch、import など)",
                           "say a command, such as check, watch or import", "");
    }
    args_settle_command(r->args);
    if ((r->options & FOR_COMMAND(a->command)) != 0) {
        return args_refuse(r, "このコマンドでは使えないオプションがあります",
                           "an option does not belong to this command", "");
    }
    if (a->json && a->show_document) {
        return args_refuse(r, "--json と --show-document は一緒に使えません",
                           "--json and --show-document exclude each other", "");
    }
    return args_check_command(r);
}

static bool check_encoding(struct reading *r) {
    for (int i = 1; i < r->argc; i++) {
        if (!utf8_valid(r->argv[i])) {
            return args_refuse(r, "UTF-8 でない引数があります。文字コードを UTF-8 にしてください",
                               "an argument is not UTF-8", "");
        }
    }
    return true;
}

static bool is_option(const char *word) {
    return word[0] == '-' && word[1] != '\0';
}

static bool read_words(struct reading *r) {
    for (; r->at < r->argc; r->at++) {
        const char *word = r->argv[r->at];
        if (!r->operands && strcmp(word, "--") == 0) {
            r->operands = true;
            continue;
        }
        bool option = !r->operands && is_option(word);
        if (!(option ? read_option(r, word) : args_take_word(r, word))) {
            return false;
        }
    }
    return true;
}

/* Options may stand before the command, and what one of them means depends on it. */
static enum command look_ahead(const struct reading *r) {
    enum command command = COMMAND_NONE;
    for (int i = 1; i < r->argc; i++) {
        const char *word = r->argv[i];
        const struct option *option = is_option(word) ? args_option(word, COMMAND_NONE) : NULL;
        if (option != NULL && strchr(word, '=') == NULL) {
            i++;
        } else if (!is_option(word) && !args_command(word, &command)) {
            break;
        }
    }
    return command;
}

bool args_read(int argc, char **argv, struct args *args, struct args_wrong *wrong) {
    struct reading r = {.argc = argc, .at = 1, .argv = argv, .args = args, .wrong = wrong};
    memset(args, 0, sizeof *args);
    args->pin_fd = -1;
    args->secret_fd = -1;
    r.sets = calloc((size_t)argc + 1, sizeof *r.sets);
    r.operand_words = calloc((size_t)argc + 1, sizeof *r.operand_words);
    args->set = r.sets;
    args->operands = r.operand_words;
    if (r.sets == NULL || r.operand_words == NULL) {
        return args_refuse(&r, "メモリが足りません", "out of memory", "");
    }
    r.command = look_ahead(&r);
    return check_encoding(&r) && read_words(&r) && check_together(&r);
}

const char *args_input(const struct args *args, const char *path) {
    for (size_t i = 0; i < args->inputs_n; i++) {
        if (strcmp(args->inputs[i].path, path) == 0) {
            return args->inputs[i].value;
        }
    }
    return NULL;
}

void args_clear(struct args *args) {
    free((void *)args->set);
    free((void *)args->operands);
    args->set = args->operands = NULL;
    args->set_n = args->operands_n = 0;
}
