#include "host_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_keys.h"
#include "inputs.h"
#include "text.h"

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof(list)[0]))
#define WORD_MAX    600

void host_text_free(struct host_text *text) {
    free(text->p);
    *text = (struct host_text){0};
}

/* The host's own memory never fails. */
static char *block(size_t n) {
    fuzz_faults(false);
    char *p = malloc(n > 0 ? n : 1);
    fuzz_must(p != NULL, "memory for a word");
    fuzz_faults(true);
    return p;
}

/* The length in one of the ways that a host may tell it. */
static struct host_text give(struct fuzz_input *in, const char *text, size_t n) {
    uint32_t how = fuzz_below(in, 8);
    size_t pad = how == 1             ? 3
                 : how < 5 && how > 1 ? 1
                                      : 0; /* a terminator when the length is negative */
    struct host_text out = {block(n + pad), (int32_t)n};
    memcpy(out.p, text, n);
    memset(out.p + n, how == 1 ? ' ' : '\0', pad);
    out.len = how == 1   ? (int32_t)(n + pad)
              : pad == 1 ? -1 - (int32_t)(how - 2) * 1000
                         : (int32_t)n;
    if (how == 7 && n == 0) {
        free(out.p);
        out.p = NULL;
    }
    return out;
}

static struct host_text give_text(struct fuzz_input *in, const char *text) {
    return give(in, text, strlen(text));
}

static struct host_text give_raw(struct fuzz_input *in) {
    struct fuzz_input part = fuzz_piece(in);
    char text[WORD_MAX];
    size_t n = part.n < sizeof text ? part.n : sizeof text;
    if (n > 0) {
        memcpy(text, part.p, n);
    }
    return give(in, text, n);
}

static void path_of(struct fuzz_input *in, const char *folder, char out[WORD_MAX]) {
    static const char *const names[] = {"shikaku.lua", "missing",    "a.lua", "table.csv",
                                        "pack",        "answer.xml", "out",   "."};
    snprintf(out, WORD_MAX, "%s/%s", folder, names[fuzz_below(in, COUNT(names))]);
}

struct host_text host_path(struct fuzz_input *in, const char *folder) {
    char path[WORD_MAX];
    uint32_t how = fuzz_below(in, 8);
    if (how == 0) {
        return (struct host_text){NULL, (int32_t)fuzz_below(in, 3)};
    }
    snprintf(path, sizeof path, "%s/shikaku.lua", folder);
    if (how == 1) {
        path_of(in, folder, path);
    }
    return give_text(in, how == 2 ? "" : path);
}

/* Where another machine, a device of this one, or its libraries would be asked. */
static bool leads_out(const char *key) {
    static const char *const parts[] = {"url",        "proxy", "server",  "host",
                                        "connection", "dsn",   "adapter", "store:"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (strstr(key, parts[i]) != NULL) {
            return true;
        }
    }
    return text_starts(key, "store.") || text_equal(key, "card") || text_equal(key, "app.source");
}

static void choice_of(struct fuzz_input *in, const char *choices, char out[WORD_MAX]) {
    text_copy(out, WORD_MAX, choices);
    char *p = out;
    for (uint32_t skip = fuzz_below(in, 5); skip > 0 && strchr(p, '|') != NULL; skip--) {
        p = strchr(p, '|') + 1;
    }
    size_t n = strcspn(p, "|");
    memmove(out, p, n);
    out[n] = '\0';
}

static struct host_text value_of(struct fuzz_input *in, const char *folder,
                                 const struct config_key *row) {
    static const char *const numbers[] = {
        "0", "1", "100", "500", "1000", "-1", "99999999999999999999", "1x", "2000"};
    char text[WORD_MAX] = "";
    if (leads_out(row->path)) {
        static const char *const words[] = {"", "folder", "oqs-face", "nothing", "demo", "file"};
        return give_text(in, words[fuzz_below(in, COUNT(words))]);
    }
    if (row->kind == CONFIG_PATH) {
        path_of(in, folder, text);
    } else if (row->kind == CONFIG_CHOICE) {
        choice_of(in, row->choices, text);
    } else if (row->kind == CONFIG_INT) {
        text_copy(text, sizeof text, numbers[fuzz_below(in, COUNT(numbers))]);
    } else {
        return give_raw(in);
    }
    return give_text(in, text);
}

/* "deliveries[].script" with a number. */
static void key_of(struct fuzz_input *in, const char *path, char out[WORD_MAX]) {
    static const char *const numbers[] = {"[1]", "[2]", "[3]", "[0]", "[99999999999]", "[]"};
    const char *mark = strstr(path, "[]");
    text_copy(out, WORD_MAX, path);
    if (mark != NULL) {
        snprintf(out + (mark - path), WORD_MAX - (size_t)(mark - path), "%s%s",
                 numbers[fuzz_below(in, COUNT(numbers))], mark + 2);
    }
}

void host_setting(struct fuzz_input *in, const char *folder, struct host_text *key,
                  struct host_text *value) {
    char text[WORD_MAX];
    uint32_t which = fuzz_below(in, (uint32_t)config_key_count() + 8);
    if (which < config_key_count()) {
        const struct config_key *row = config_key_at(which);
        key_of(in, row->path, text);
        *key = give_text(in, text);
        *value = value_of(in, folder, row);
        return;
    }
    size_t n = fuzz_text(in, text, sizeof text);
    while (n > 0 && (text[n - 1] == ' ')) {
        text[--n] = '\0';
    }
    *key = give_text(in, config_key_find(text, NULL) == NULL ? text : "reader");
    *value = give_raw(in);
}

static bool names_a_file(const char *path) {
    static const char *const inputs[] = {
        "import.file", "bulk.table", "bulk.columns", "bulk.folder", "pack.path",   "pack.key",
        "pack.out",    "map.pack",   "map.script",   "map.overlay", "history.out", "store.file"};
    for (size_t i = 0; i < COUNT(inputs); i++) {
        if (text_equal(path, inputs[i])) {
            return true;
        }
    }
    return false;
}

void host_input(struct fuzz_input *in, const char *folder, struct host_text *path,
                struct host_text *value) {
    static const char *const words[] = {
        "list", "check",    "test",       "show", "new",      "oqs",    "app",   "yes",
        "1",    "06990014", "1985-03-12", "７７", "register", "verify", "purge", "deliver"};
    char text[WORD_MAX];
    uint32_t which = fuzz_below(in, (uint32_t)input_count() + 2);
    if (which < input_count()) {
        text_copy(text, sizeof text, input_at(which)->path);
    } else {
        (void)fuzz_text(in, text, sizeof text);
    }
    bool file = names_a_file(text);
    *path = give(in, text, strlen(text));
    if (file || (which >= input_count() && strchr(text, '.') != NULL)) {
        path_of(in, folder, text);
        *value = give_text(in, text);
    } else {
        which = fuzz_below(in, 2 * COUNT(words));
        *value = which < COUNT(words) ? give_text(in, words[which]) : give_raw(in);
    }
}

struct host_text host_pin(struct fuzz_input *in) {
    static const char *const pins[] = {"1234", "1234", "0000", "12345678901234", "", "12a4"};
    uint32_t which = fuzz_below(in, COUNT(pins) + 2);
    if (which < COUNT(pins)) {
        struct host_text pin = {block(16), (int32_t)strlen(pins[which])};
        memcpy(pin.p, pins[which], strlen(pins[which]) + 1);
        return pin;
    }
    return which == COUNT(pins) ? (struct host_text){NULL, (int32_t)fuzz_below(in, 3)}
                                : give_raw(in);
}

struct host_text host_value_path(struct fuzz_input *in) {
    static const char *const paths[] = {"outcome",
                                        "records",
                                        "record.name",
                                        "record.paths",
                                        "record.paths[1]",
                                        "records[1].insurer_number",
                                        "records[2].name",
                                        "fault.code",
                                        "fault.message",
                                        "fault.message_en",
                                        "fault.where",
                                        "delivery",
                                        "delivery[1].document",
                                        "delivery[1].head",
                                        "delivery[1].document_text",
                                        "delivery[1].file",
                                        "delivery[99].id",
                                        "readers",
                                        "readers[1].name",
                                        "version",
                                        "pin.tries_left",
                                        "pin.kind",
                                        "drift",
                                        "drift[1].raw",
                                        "outbox",
                                        "outbox[1].name",
                                        "history",
                                        "history[1].at",
                                        "packs[1].id",
                                        "pack.report",
                                        "match.candidate",
                                        "match.field[1].path",
                                        "job.running",
                                        "text.losses",
                                        "field.insurer_number.label",
                                        "record.specific_diseases",
                                        "card.reader",
                                        "notice",
                                        "progress.done",
                                        "source",
                                        "route",
                                        "store.records"};
    uint32_t which = fuzz_below(in, COUNT(paths) + 6);
    return which < COUNT(paths) ? give_text(in, paths[which]) : give_raw(in);
}
