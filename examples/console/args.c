#include "args.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/* Where reading stands. */
struct reading {
    int argc, at;
    char **argv;
    struct args *args;
    const char **sets;
    struct args_wrong *wrong;
};

static bool refuse(struct reading *r, const char *japanese, const char *english, const char *word) {
    r->wrong->japanese = japanese;
    r->wrong->english = english;
    r->wrong->word = word;
    return false;
}

static bool read_number(const char *text, int32_t least, int32_t most, int32_t *out) {
    int32_t n = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || n > 1000000) {
            return false;
        }
        n = n * 10 + (*p - '0');
    }
    *out = n;
    return *text != '\0' && n >= least && n <= most;
}

static bool take_library(struct reading *r, const char *value) {
    r->args->library = value;
    return *value != '\0' ||
           refuse(r, "ライブラリの場所が空です", "the library's path is empty", "");
}

static bool take_config(struct reading *r, const char *value) {
    r->args->config = value;
    return *value != '\0' ||
           refuse(r, "設定ファイルの名前が空です", "the configuration's path is empty", "");
}

static bool take_set(struct reading *r, const char *value) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        return refuse(r, "--set は KEY=VALUE の形で書いてください", "--set needs KEY=VALUE", value);
    }
    r->sets[r->args->set_n++] = value;
    return true;
}

static bool take_pin_fd(struct reading *r, const char *value) {
    int32_t fd = 0;
    if (!read_number(value, 0, 1023, &fd)) {
        return refuse(r, "--pin-fd には読み取り用の番号(0〜1023)を書いてください",
                      "--pin-fd needs the number of a descriptor, 0 to 1023", "");
    }
    r->args->pin_fd = fd;
    return true;
}

static bool take_timeout(struct reading *r, const char *value) {
    return read_number(value, 1, 86400, &r->args->timeout_s) ||
           refuse(r, "--timeout は 1〜86400 の秒数で書いてください",
                  "--timeout needs seconds, 1 to 86400", value);
}

static bool take_language(struct reading *r, const char *value) {
    r->args->english = strcmp(value, "en") == 0;
    return r->args->english || strcmp(value, "ja") == 0 ||
           refuse(r, "--lang は ja か en です", "--lang is ja or en", value);
}

static const struct {
    const char *name;
    bool (*take)(struct reading *r, const char *value);
} with_value[] = {
    {"--library", take_library}, {"--config", take_config},   {"--set", take_set},
    {"--pin-fd", take_pin_fd},   {"--timeout", take_timeout}, {"--lang", take_language},
};

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
static bool read_value_option(struct reading *r, const char *word, bool *known) {
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++) {
        size_t n = strlen(with_value[i].name);
        if (strncmp(word, with_value[i].name, n) != 0 || (word[n] != '\0' && word[n] != '=')) {
            continue;
        }
        *known = true;
        if (word[n] == '=') {
            return with_value[i].take(r, word + n + 1);
        }
        if (r->at + 1 >= r->argc) {
            return refuse(r, "値がありません", "a value is missing", word);
        }
        return with_value[i].take(r, r->argv[++r->at]);
    }
    return true;
}

static bool read_option(struct reading *r, const char *word) {
    bool known = false;
    if (read_switch(r->args, word)) {
        return true;
    }
    if (strncmp(word, "--pin", 5) == 0 && strncmp(word, "--pin-fd", 8) != 0) {
        return refuse(
            r, "暗証番号はコマンド行に書けません。端末で入力するか --pin-fd を使ってください",
            "a PIN never goes on the command line; type it or use --pin-fd", "");
    }
    if (!read_value_option(r, word, &known)) {
        return false;
    }
    return known || refuse(r, "知らないオプションです", "unknown option", word);
}

static bool read_command(struct reading *r, const char *word) {
    static const struct {
        const char *name;
        enum command command;
    } commands[] = {
        {"readers", COMMAND_READERS}, {"check", COMMAND_CHECK}, {"watch", COMMAND_WATCH}};
    if (r->args->command != COMMAND_NONE) {
        /* Not shown: it may be a PIN typed in the wrong place. */
        return refuse(r, "余分な引数があります", "there is an argument too many", "");
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(word, commands[i].name) == 0) {
            r->args->command = commands[i].command;
            return true;
        }
    }
    return refuse(r, "知らないコマンドです", "unknown command", word);
}

static bool check_together(struct reading *r) {
    const struct args *a = r->args;
    if (a->help || a->version) {
        return true;
    }
    if (a->command == COMMAND_NONE) {
        return refuse(r, "コマンドを書いてください(readers、check、watch)",
                      "say a command: readers, check or watch", "");
    }
    if (a->command == COMMAND_READERS && (a->pin_fd >= 0 || a->last_try || a->show_document)) {
        return refuse(r, "readers では使えないオプションです",
                      "readers takes no --pin-fd, --last-try or --show-document", "");
    }
    if (a->json && a->show_document) {
        return refuse(r, "--json と --show-document は一緒に使えません",
                      "--json and --show-document exclude each other", "");
    }
    return true;
}

static bool check_encoding(struct reading *r) {
    for (int i = 1; i < r->argc; i++) {
        if (!utf8_valid(r->argv[i])) {
            return refuse(r, "UTF-8 でない引数があります。文字コードを UTF-8 にしてください",
                          "an argument is not UTF-8", "");
        }
    }
    return true;
}

static bool read_words(struct reading *r) {
    for (; r->at < r->argc; r->at++) {
        const char *word = r->argv[r->at];
        bool option = word[0] == '-' && word[1] != '\0';
        if (!(option ? read_option(r, word) : read_command(r, word))) {
            return false;
        }
    }
    return true;
}

bool args_read(int argc, char **argv, struct args *args, struct args_wrong *wrong) {
    struct reading r = {argc, 1, argv, args, NULL, wrong};
    memset(args, 0, sizeof *args);
    args->pin_fd = -1;
    r.sets = calloc((size_t)argc + 1, sizeof *r.sets);
    args->set = r.sets;
    if (r.sets == NULL) {
        return refuse(&r, "メモリが足りません", "out of memory", "");
    }
    return check_encoding(&r) && read_words(&r) && check_together(&r);
}

void args_clear(struct args *args) {
    free((void *)args->set);
    args->set = NULL;
    args->set_n = 0;
}
