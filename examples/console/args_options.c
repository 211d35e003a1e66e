#include <string.h>

#include "args_read.h"

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

static bool take_library(struct reading *r, const struct option *option, const char *value) {
    (void)option;
    r->args->library = value;
    return *value != '\0' ||
           args_refuse(r, "ライブラリの場所が空です", "the library's path is empty", "");
}

static bool take_config(struct reading *r, const struct option *option, const char *value) {
    (void)option;
    r->args->config = value;
    return *value != '\0' ||
           args_refuse(r, "設定ファイルの名前が空です", "the configuration's path is empty", "");
}

static bool take_set(struct reading *r, const struct option *option, const char *value) {
    const char *equals = strchr(value, '=');
    (void)option;
    if (equals == NULL || equals == value) {
        return args_refuse(r, "--set は KEY=VALUE の形で書いてください", "--set needs KEY=VALUE",
                           value);
    }
    r->sets[r->args->set_n++] = value;
    return true;
}

static bool take_descriptor(struct reading *r, const char *value, int *out) {
    int32_t fd = 0;
    if (!read_number(value, 0, 1023, &fd)) {
        return args_refuse(
            r, "--pin-fd、--code-fd、--secret-fd には読み取り用の番号(0〜1023)を書いてください",
            "--pin-fd, --code-fd and --secret-fd need the number of a descriptor, 0 to 1023", "");
    }
    *out = fd;
    return true;
}

static bool take_pin_fd(struct reading *r, const struct option *option, const char *value) {
    (void)option;
    return take_descriptor(r, value, &r->args->pin_fd);
}

static bool take_secret_fd(struct reading *r, const struct option *option, const char *value) {
    (void)option;
    return take_descriptor(r, value, &r->args->secret_fd);
}

static bool take_timeout(struct reading *r, const struct option *option, const char *value) {
    (void)option;
    return read_number(value, 1, 86400, &r->args->timeout_s) ||
           args_refuse(r, "--timeout は 1〜86400 の秒数で書いてください",
                       "--timeout needs seconds, 1 to 86400", value);
}

static bool take_language(struct reading *r, const struct option *option, const char *value) {
    (void)option;
    r->args->english = strcmp(value, "en") == 0;
    return r->args->english || strcmp(value, "ja") == 0 ||
           args_refuse(r, "--lang は ja か en です", "--lang is ja or en", value);
}

/* The plugin judges the value; it may be a person's, so it is never repeated here. */
static bool take_input(struct reading *r, const struct option *option, const char *value) {
    struct args *a = r->args;
    for (size_t i = 0; i < a->inputs_n; i++) {
        if (strcmp(a->inputs[i].path, option->input) == 0) {
            return args_refuse(r, "同じオプションが二度書かれています", "an option stands twice",
                               option->name);
        }
    }
    a->inputs[a->inputs_n++] = (struct input_value){option->input, value};
    return true;
}

static bool take_once(struct reading *r, const struct option *option, const char *value,
                      const char **to) {
    if (*to != NULL) {
        return args_refuse(r, "同じオプションが二度書かれています", "an option stands twice",
                           option->name);
    }
    *to = value;
    return *value != '\0' || args_refuse(r, "値がありません", "a value is missing", option->name);
}

static bool take_out(struct reading *r, const struct option *option, const char *value) {
    return take_once(r, option, value, &r->args->out);
}

static bool take_out_folder(struct reading *r, const struct option *option, const char *value) {
    return take_once(r, option, value, &r->args->out_folder);
}

static bool take_diff(struct reading *r, const struct option *option, const char *value) {
    return take_once(r, option, value, &r->args->diff);
}

/* What it is said to be is a patient's number: never repeated. */
static bool take_match(struct reading *r, const struct option *option, const char *value) {
    static const char *const words[] = {"later", "skip", "new", "ask"};
    static const char patient[] = "patient:";
    bool known =
        strncmp(value, patient, sizeof patient - 1) == 0 && value[sizeof patient - 1] != '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        known = known || strcmp(value, words[i]) == 0;
    }
    if (!known) {
        return args_refuse(r, "--match は later、skip、new、patient:患者番号、ask のどれかです",
                           "--match is later, skip, new, patient:NUMBER or ask", "");
    }
    return take_once(r, option, value, &r->args->match);
}

static const struct option options[] = {
    {"--library", take_library, NULL, 0},
    {"--config", take_config, NULL, 0},
    {"--set", take_set, NULL, 0},
    {"--pin-fd", take_pin_fd, NULL, FOR_CARD | FOR(PERSON)},
    {"--code-fd", take_pin_fd, NULL, FOR(PERSON)},
    {"--secret-fd", take_secret_fd, NULL, FOR_CARD | FOR_PERSON | FOR(BULK) | FOR(PACK_SIGN)},
    {"--timeout", take_timeout, NULL, 0},
    {"--lang", take_language, NULL, 0},
    {"--from", take_input, "import.from", FOR(IMPORT) | FOR(MAP)},
    {"--insurer", take_input, "query.insurer_number", FOR_PERSON},
    {"--symbol", take_input, "query.symbol", FOR_PERSON},
    {"--number", take_input, "query.number", FOR_PERSON},
    {"--branch", take_input, "query.branch_number", FOR_PERSON},
    {"--birth", take_input, "query.birth_date", FOR_PERSON},
    {"--identifier", take_input, "query.identifier", FOR(QUERY)},
    {"--limit-consent", take_input, "query.limit_consent", FOR(QUERY)},
    {"--query-date", take_input, "query.date", FOR(QUERY)},
    {"--reference", take_input, "query.reference_number", FOR(REGISTER)},
    {"--columns", take_input, "bulk.columns", FOR(BULK)},
    {"--out", take_input, "bulk.folder", FOR(BULK)},
    {"--kind", take_input, "bulk.kind", FOR(BULK)},
    {"--date", take_input, "bulk.date", FOR(BULK)},
    {"--pack", take_input, "map.pack", FOR(MAP)},
    {"--script", take_input, "map.script", FOR(MAP)},
    {"--overlay", take_input, "map.overlay", FOR(MAP)},
    {"--out", take_out, NULL, FOR(MAP)},
    {"--out-dir", take_out_folder, NULL, FOR(MAP)},
    {"--diff", take_diff, NULL, FOR(MAP)},
    {"--out", take_input, "pack.out", FOR(PACK_NEW)},
    {"--id", take_input, "pack.id", FOR(PACK_NEW)},
    {"--vendor", take_input, "pack.vendor", FOR(PACK_NEW)},
    {"--host", take_input, "pack.host", FOR(PACK_NEW)},
    {"--key", take_input, "pack.key", FOR(PACK_SIGN)},
    {"--match", take_match, NULL, FOR_MATCH},
    {"--from", take_input, "history.from", FOR_ENTRIES},
    {"--to", take_input, "history.to", FOR_ENTRIES},
    {"--patient", take_input, "history.patient", FOR_ENTRIES},
    {"--limit", take_input, "history.limit", FOR(HISTORY) | FOR(HISTORY_LIST)},
};

const struct option *args_option(const char *word, enum command command) {
    const struct option *found = NULL;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t n = strlen(options[i].name);
        bool named = strncmp(word, options[i].name, n) == 0 && (word[n] == '\0' || word[n] == '=');
        bool own = (options[i].commands & FOR_COMMAND(command)) != 0;
        if (named && (found == NULL || own)) {
            found = &options[i];
        }
    }
    return found;
}

const char *args_option_of(const char *input) {
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (options[i].input != NULL && strcmp(options[i].input, input) == 0) {
            return options[i].name;
        }
    }
    return NULL;
}
