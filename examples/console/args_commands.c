/* Which commands there are, and what each of them needs. */
#include <string.h>

#include "args_read.h"

enum operand { OPERAND_NONE, OPERAND_ONE, OPERAND_MANY };

static const struct {
    enum command under; /* COMMAND_NONE: the first word */
    const char *name;
    enum command command;
    enum operand operand;
} commands[] = {
    {COMMAND_NONE, "readers", COMMAND_READERS, OPERAND_NONE},
    {COMMAND_NONE, "check", COMMAND_CHECK, OPERAND_NONE},
    {COMMAND_NONE, "watch", COMMAND_WATCH, OPERAND_NONE},
    {COMMAND_NONE, "import", COMMAND_IMPORT, OPERAND_ONE},
    {COMMAND_NONE, "query", COMMAND_QUERY, OPERAND_ONE},
    {COMMAND_NONE, "register", COMMAND_REGISTER, OPERAND_ONE},
    {COMMAND_NONE, "bulk", COMMAND_BULK, OPERAND_ONE},
    {COMMAND_NONE, "person", COMMAND_PERSON, OPERAND_NONE},
    {COMMAND_NONE, "map", COMMAND_MAP, OPERAND_MANY},
    {COMMAND_NONE, "pack", COMMAND_PACK, OPERAND_NONE},
    {COMMAND_PACK, "list", COMMAND_PACK_LIST, OPERAND_ONE},
    {COMMAND_PACK, "check", COMMAND_PACK_CHECK, OPERAND_ONE},
    {COMMAND_PACK, "test", COMMAND_PACK_TEST, OPERAND_ONE},
    {COMMAND_PACK, "show", COMMAND_PACK_SHOW, OPERAND_ONE},
    {COMMAND_PACK, "new", COMMAND_PACK_NEW, OPERAND_ONE},
    {COMMAND_PACK, "sign", COMMAND_PACK_SIGN, OPERAND_ONE},
    {COMMAND_NONE, "outbox", COMMAND_OUTBOX, OPERAND_NONE},
    {COMMAND_OUTBOX, "list", COMMAND_OUTBOX_LIST, OPERAND_NONE},
    {COMMAND_OUTBOX, "deliver", COMMAND_OUTBOX_DELIVER, OPERAND_ONE},
    {COMMAND_OUTBOX, "ask", COMMAND_OUTBOX_ASK, OPERAND_ONE},
    {COMMAND_OUTBOX, "drop", COMMAND_OUTBOX_DROP, OPERAND_ONE},
    {COMMAND_NONE, "history", COMMAND_HISTORY, OPERAND_NONE},
    {COMMAND_HISTORY, "list", COMMAND_HISTORY_LIST, OPERAND_NONE},
    {COMMAND_HISTORY, "verify", COMMAND_HISTORY_VERIFY, OPERAND_NONE},
    {COMMAND_HISTORY, "export", COMMAND_HISTORY_EXPORT, OPERAND_ONE},
    {COMMAND_NONE, "store", COMMAND_STORE, OPERAND_NONE},
    {COMMAND_STORE, "show", COMMAND_STORE_SHOW, OPERAND_NONE},
    {COMMAND_STORE, "purge", COMMAND_STORE_PURGE, OPERAND_NONE},
    {COMMAND_STORE, "rotate", COMMAND_STORE_ROTATE, OPERAND_NONE},
    {COMMAND_STORE, "export-key", COMMAND_STORE_EXPORT_KEY, OPERAND_ONE},
    {COMMAND_STORE, "import-key", COMMAND_STORE_IMPORT_KEY, OPERAND_ONE},
};

/* What a group does when nothing is said; of packs something has to be said. */
static const struct {
    enum command group, without_word;
} groups[] = {
    {COMMAND_PACK, COMMAND_PACK},
    {COMMAND_OUTBOX, COMMAND_OUTBOX_LIST},
    {COMMAND_HISTORY, COMMAND_HISTORY_LIST},
    {COMMAND_STORE, COMMAND_STORE_SHOW},
};
enum { GROUPS = sizeof groups / sizeof *groups };

static bool is_group(enum command command) {
    bool found = command == COMMAND_NONE;
    for (size_t i = 0; i < GROUPS; i++) {
        found = found || groups[i].group == command;
    }
    return found;
}

void args_settle_command(struct args *args) {
    for (size_t i = 0; i < GROUPS; i++) {
        if (groups[i].group == args->command) {
            args->command = groups[i].without_word;
        }
    }
}

bool args_command(const char *word, enum command *command) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].under == *command && strcmp(word, commands[i].name) == 0) {
            *command = commands[i].command;
            return true;
        }
    }
    return false;
}

static enum operand operand_of(enum command command) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].command == command) {
            return commands[i].operand;
        }
    }
    return OPERAND_NONE;
}

static bool take_operand(struct reading *r, const char *word) {
    struct args *a = r->args;
    enum operand takes = operand_of(a->command);
    bool full = takes == OPERAND_NONE || (takes == OPERAND_ONE && a->operands_n > 0);
    if (full || *word == '\0') {
        /* Not shown: it may be a PIN typed in the wrong place. */
        return args_refuse(r, "余分な引数があります", "there is an argument too many", "");
    }
    r->operand_words[a->operands_n++] = word;
    a->operand = r->operand_words[0];
    return true;
}

bool args_take_word(struct reading *r, const char *word) {
    struct args *a = r->args;
    if (args_command(word, &a->command)) {
        return true;
    }
    if (is_group(a->command)) {
        return args_refuse(r, "知らないコマンドです", "unknown command", word);
    }
    return take_operand(r, word);
}

static bool check_person(struct reading *r) {
    const struct args *a = r->args;
    if (a->operand != NULL && strcmp(a->operand, "-") != 0) {
        return args_refuse(r, "余分な引数があります", "there is an argument too many", "");
    }
    if (a->operand == NULL && args_input(a, "query.number") == NULL) {
        return args_refuse(r,
                           "保険証の番号などをオプションで書くか、- で標準入力から渡してください",
                           "give the card's data as options, or on the standard input with -", "");
    }
    return true;
}

static bool check_bulk(struct reading *r) {
    const struct args *a = r->args;
    bool whole = a->operand != NULL && args_input(a, "bulk.columns") != NULL &&
                 args_input(a, "bulk.folder") != NULL;
    return whole || args_refuse(r, "患者一覧のファイルと --columns と --out を書いてください",
                                "say the table of patients, --columns and --out", "");
}

static size_t times(const struct args *a, const char *operand) {
    size_t n = 0;
    for (size_t i = 0; i < a->operands_n; i++) {
        n += strcmp(a->operands[i], operand) == 0 ? 1 : 0;
    }
    return n;
}

static bool check_map(struct reading *r) {
    const struct args *a = r->args;
    bool pack = args_input(a, "map.pack") != NULL, script = args_input(a, "map.script") != NULL;
    if (a->operands_n == 0 || pack == script) {
        return args_refuse(r,
                           "--pack か --script のどちらか一つと、変換するファイルを書いてください",
                           "say one of --pack and --script, and the files to map", "");
    }
    if ((a->out != NULL) + (a->out_folder != NULL) + (a->diff != NULL) > 1 ||
        (a->diff != NULL && a->explain)) {
        return args_refuse(
            r,
            "--out、--out-dir、--diff は一つだけ書けます(--explain は --diff と一緒に使えません)",
            "--out, --out-dir and --diff exclude each other, --diff and --explain too", "");
    }
    if (a->force && a->out == NULL) {
        return args_refuse(r, "--force は --out と一緒に使います", "--force belongs to --out", "");
    }
    return times(a, "-") < 2 || args_refuse(r, "標準入力(-)は一度だけ書けます",
                                            "the standard input (-) can be read once", "");
}

static bool check_pack(struct reading *r) {
    const struct args *a = r->args;
    if (a->command == COMMAND_PACK) {
        return args_refuse(
            r, "pack の次に list、check、test、show、new、sign のどれかを書いてください",
            "pack needs list, check, test, show, new or sign", "");
    }
    if (a->operand == NULL) {
        return a->command == COMMAND_PACK_NEW
                   ? args_refuse(r, "ソフトの見本のファイル(CSV か XML)を書いてください",
                                 "say the sample file of the host, CSV or XML", "")
                   : args_refuse(r, "パックのフォルダーを書いてください", "say the pack's folder",
                                 "");
    }
    if (a->command == COMMAND_PACK_NEW && args_input(a, "pack.out") == NULL) {
        return args_refuse(r, "書き込み先を --out に書いてください",
                           "say where to write with --out", "");
    }
    if (a->command == COMMAND_PACK_SIGN && args_input(a, "pack.key") == NULL) {
        return args_refuse(r, "署名する鍵のファイルを --key に書いてください",
                           "say the private key with --key", "");
    }
    return true;
}

static bool check_operand(struct reading *r, const char *japanese, const char *english) {
    return r->args->operand != NULL || args_refuse(r, japanese, english, "");
}

/* A question that is answered beforehand must be about one patient, and the standard input is read once. */
static bool check_match(struct reading *r) {
    const struct args *a = r->args;
    bool asked = a->json && a->match != NULL && strcmp(a->match, "ask") == 0;
    if (a->match != NULL && a->match[0] == 'p' && a->command == COMMAND_WATCH) {
        return args_refuse(r, "--match patient:… は一人分の答えです。watch では使えません",
                           "--match patient:… answers for one person and does not belong to watch",
                           "");
    }
    if (asked && a->operand != NULL && strcmp(a->operand, "-") == 0) {
        return args_refuse(
            r,
            "標準入力は --match ask の答えに使います。- "
            "の代わりにファイルかオプションで渡してください",
            "with --match ask the standard input brings the answers; give a file or options", "");
    }
    return true;
}

static bool check_kept(struct reading *r) {
    switch (r->args->command) {
    case COMMAND_OUTBOX_DROP:
        return check_operand(r,
                             "取り除く回答の番号を書いてください(shikaku outbox list で見られます)",
                             "say the id of what is to be dropped; shikaku outbox list shows it");
    case COMMAND_HISTORY_EXPORT:
        return check_operand(r, "書き出す CSV ファイルを書いてください",
                             "say the CSV file to write");
    case COMMAND_STORE_EXPORT_KEY:
    case COMMAND_STORE_IMPORT_KEY:
        return check_operand(r, "鍵のファイルを書いてください", "say the key file");
    default:
        return true;
    }
}

static bool check_needs(struct reading *r) {
    switch (r->args->command) {
    case COMMAND_IMPORT:
        return r->args->operand != NULL ||
               args_refuse(r, "取り込むファイルを書いてください(標準入力は -)",
                           "say the file to import, - for the standard input", "");
    case COMMAND_BULK:
        return check_bulk(r);
    case COMMAND_QUERY:
    case COMMAND_REGISTER:
        return check_person(r);
    case COMMAND_MAP:
        return check_map(r);
    default:
        return r->args->command < COMMAND_PACK || r->args->command > COMMAND_PACK_SIGN ||
               check_pack(r);
    }
}

bool args_check_command(struct reading *r) {
    return check_needs(r) && check_match(r) && check_kept(r);
}
