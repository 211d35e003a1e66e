/* What the commands of packs give the plugin. */
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "run.h"

/* The plugin's own limit; one byte more shows that there is more. */
enum { SAMPLE_MAX = 1024 * 1024 };

static const struct {
    enum command command;
    const char *action;
} actions[] = {
    {COMMAND_PACK_LIST, "list"}, {COMMAND_PACK_CHECK, "check"}, {COMMAND_PACK_TEST, "test"},
    {COMMAND_PACK_SHOW, "show"}, {COMMAND_PACK_NEW, "new"},     {COMMAND_PACK_SIGN, "sign"},
};

static bool refuse_sample(struct run *r, int32_t code, const char *name, const char *japanese,
                          const char *english) {
    struct failure f;
    failure_own(&f, code, name, japanese, english);
    (void)snprintf(f.where, sizeof f.where, "%s", r->source);
    run_tell(r, &f);
    return false;
}

static bool read_sample(struct run *r, char *all, size_t *n) {
    bool from_stdin = strcmp(r->source, "-") == 0;
    FILE *file = from_stdin ? stdin : platform_open(r->source, "rb");
    *n = file != NULL ? fread(all, 1, SAMPLE_MAX + 1, file) : 0;
    bool read = file != NULL && ferror(file) == 0;
    if (file != NULL && !from_stdin) {
        (void)fclose(file);
    }
    if (!read) {
        r->unreadable = true;
        return refuse_sample(r, SHK_E_FILE_READ, "FILE_READ",
                             "ファイルを読めません。名前と権限を確かめてください。",
                             "The file cannot be read.");
    }
    return *n <= SAMPLE_MAX ||
           refuse_sample(
               r, SHK_E_FILE_TOO_LARGE, "FILE_TOO_LARGE",
               "見本のファイルが大きすぎます(1 MiB まで)。はじめの数行だけにしてください。",
               "The sample is larger than 1 MiB; give its first lines only.");
}

/* Known to newer plugins only, and only for its words. */
static void name_sample(struct run *r) {
    static const char path[] = "pack.sample_name";
    const char *slash = platform_last_separator(r->source);
    const char *name = slash != NULL ? slash + 1 : r->source;
    if (strcmp(name, "-") != 0) {
        (void)r->s.door->put(r->s.id, path, -1, (const uint8_t *)name, (int32_t)strlen(name));
    }
}

static bool is_separator(char c) {
    const char one[2] = {c, '\0'};
    return platform_last_separator(one) != NULL;
}

/* Who says none is content with the folder's. */
static bool give_id(struct run *r) {
    const char *out = args_input(r->args, "pack.out");
    char name[256];
    size_t end = strlen(out), begin;
    if (args_input(r->args, "pack.id") != NULL) {
        return true;
    }
    while (end > 0 && is_separator(out[end - 1])) {
        end--;
    }
    for (begin = end; begin > 0 && !is_separator(out[begin - 1]);) {
        begin--;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)(end - begin), out + begin);
    return end == begin || inputs_put_text(r, "pack.id", name);
}

static bool give_sample(struct run *r) {
    size_t n = 0;
    char *all = malloc(SAMPLE_MAX + 1);
    if (all == NULL) {
        return refuse_sample(r, SHK_E_MEMORY, "MEMORY", "メモリが足りません。", "Out of memory.");
    }
    bool good = give_id(r) && read_sample(r, all, &n);
    if (good) {
        name_sample(r);
        /* A length of 0 would take the input back. */
        good =
            n > 0 ? inputs_put(r, "pack.sample", all, n) : inputs_put_text(r, "pack.sample", "\n");
    }
    platform_wipe(all, SAMPLE_MAX + 1);
    free(all);
    return good;
}

bool inputs_give_pack(struct run *r) {
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (actions[i].command == r->args->command &&
            !inputs_put_text(r, "pack.action", actions[i].action)) {
            return false;
        }
    }
    if (r->source == NULL) {
        return true;
    }
    return r->args->command == COMMAND_PACK_NEW ? give_sample(r)
                                                : inputs_put_text(r, "pack.path", r->source);
}
