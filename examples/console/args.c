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
} switches[] = {
    {"--json", offsetof(struct args, json)},
    {"--quiet", offsetof(struct args, quiet)},
    {"--last-try", offsetof(struct args, last_try)},
    {"--show-document", offsetof(struct args, show_document)},
    {"--help", offsetof(struct args, help)},
    {"-h", offsetof(struct args, help)},
    {"--version", offsetof(struct args, version)},
};

static bool read_switch(struct args *args, const char *word) {
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (strcmp(word, switches[i].name) == 0) {
            *(bool *)((char *)args + switches[i].offset) = true;
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
    if (read_switch(r->args, word)) {
        return true;
    }
    const struct option *option = args_option(word);
    if (option != NULL) {
        return read_value(r, option, word);
    }
    if (strncmp(word, "--pin", 5) == 0) {
        return args_refuse(
            r, "暗証番号はコマンド行に書けません。端末で入力するか --pin-fd を使ってください",
            "a PIN never goes on the command line; type it or use --pin-fd", "");
    }
    return args_refuse(r, "知らないオプションです", "unknown option", word);
}

static const struct {
    const char *name;
    enum command command;
    bool operand;
} commands[] = {
    {"readers", COMMAND_READERS, false}, {"check", COMMAND_CHECK, false},
    {"watch", COMMAND_WATCH, false},     {"import", COMMAND_IMPORT, true},
    {"query", COMMAND_QUERY, true},      {"register", COMMAND_REGISTER, true},
    {"bulk", COMMAND_BULK, true},
};

static bool takes_operand(enum command command) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].command == command) {
            return commands[i].operand;
        }
    }
    return false;
}

static bool read_operand(struct reading *r, const char *word) {
    if (!takes_operand(r->args->command) || r->args->operand != NULL || *word == '\0') {
        /* Not shown: it may be a PIN typed in the wrong place. */
        return args_refuse(r, "余分な引数があります", "there is an argument too many", "");
    }
    r->args->operand = word;
    return true;
}

static bool read_command(struct reading *r, const char *word) {
    if (r->args->command != COMMAND_NONE) {
        return read_operand(r, word);
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(word, commands[i].name) == 0) {
            r->args->command = commands[i].command;
            return true;
        }
    }
    return args_refuse(r, "知らないコマンドです", "unknown command", word);
}

static bool has_input(const struct args *a, const char *path) {
    for (size_t i = 0; i < a->inputs_n; i++) {
        if (strcmp(a->inputs[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* What a command cannot do without. */
static bool check_needed(struct reading *r) {
    const struct args *a = r->args;
    if (a->command == COMMAND_IMPORT && a->operand == NULL) {
        return args_refuse(r, "取り込むファイルを書いてください(標準入力は -)",
                           "say the file to import, - for the standard input", "");
    }
    if (a->command == COMMAND_BULK &&
        (a->operand == NULL || !has_input(a, "bulk.columns") || !has_input(a, "bulk.folder"))) {
        return args_refuse(r, "患者一覧のファイルと --columns と --out を書いてください",
                           "say the table of patients, --columns and --out", "");
    }
    bool person = a->command == COMMAND_QUERY || a->command == COMMAND_REGISTER;
    if (person && a->operand != NULL && strcmp(a->operand, "-") != 0) {
        return args_refuse(r, "余分な引数があります", "there is an argument too many", "");
    }
    if (person && a->operand == NULL && !has_input(a, "query.number")) {
        return args_refuse(r,
                           "保険証の番号などをオプションで書くか、- で標準入力から渡してください",
                           "give the card's data as options, or on the standard input with -", "");
    }
    return true;
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
    bool by_card = a->command == COMMAND_CHECK || a->command == COMMAND_WATCH;
    bool no_documents = a->command == COMMAND_READERS || a->command == COMMAND_REGISTER ||
                        a->command == COMMAND_BULK;
    if ((r->options & (1 << a->command)) != 0 || (a->last_try && !by_card) ||
        (a->show_document && no_documents)) {
        return args_refuse(r, "このコマンドでは使えないオプションがあります",
                           "an option does not belong to this command", "");
    }
    if (a->json && a->show_document) {
        return args_refuse(r, "--json と --show-document は一緒に使えません",
                           "--json and --show-document exclude each other", "");
    }
    return check_needed(r);
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

static bool read_words(struct reading *r) {
    for (; r->at < r->argc; r->at++) {
        const char *word = r->argv[r->at];
        if (!r->operands && strcmp(word, "--") == 0) {
            r->operands = true;
            continue;
        }
        bool option = !r->operands && word[0] == '-' && word[1] != '\0';
        if (!(option ? read_option(r, word) : read_command(r, word))) {
            return false;
        }
    }
    return true;
}

bool args_read(int argc, char **argv, struct args *args, struct args_wrong *wrong) {
    struct reading r = {.argc = argc, .at = 1, .argv = argv, .args = args, .wrong = wrong};
    memset(args, 0, sizeof *args);
    args->pin_fd = -1;
    args->secret_fd = -1;
    r.sets = calloc((size_t)argc + 1, sizeof *r.sets);
    args->set = r.sets;
    if (r.sets == NULL) {
        return args_refuse(&r, "メモリが足りません", "out of memory", "");
    }
    return check_encoding(&r) && read_words(&r) && check_together(&r);
}

void args_clear(struct args *args) {
    free((void *)args->set);
    args->set = NULL;
    args->set_n = 0;
}
