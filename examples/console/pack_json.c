/* `pack … --json`: one object. */
#include <string.h>

#include "pack.h"

static void put_text(struct json *j, const struct session *s, const char *list, int32_t n,
                     const char *name) {
    char *text = pack_text(s, list, n, name);
    json_text(j, name, text);
    value_free(&text);
}

static void put_number(struct json *j, const struct session *s, const char *list, int32_t n,
                       const char *name) {
    int32_t number = 0;
    if (pack_number(s, list, n, name, &number)) {
        json_number(j, name, number);
    }
}

static void put_fault(struct json *j, const struct session *s, const char *list, int32_t n) {
    struct failure f;
    pack_failure(s, list, n, &f);
    if (f.code != 0) {
        report_fault(j, "fault", &f);
    }
}

/* What one entry of a list has. */
struct entry {
    const char *list, *key;
    const char *texts[6], *numbers[4];
    const char *verdict; /* a member that says whether it has no fault; null: entries have none */
};

static void put_entry(struct json *j, const struct session *s, const struct entry *e, int32_t n) {
    json_open(j, NULL, '{');
    for (size_t i = 0; i < 6 && e->texts[i] != NULL; i++) {
        put_text(j, s, e->list, n, e->texts[i]);
    }
    for (size_t i = 0; i < 4 && e->numbers[i] != NULL; i++) {
        put_number(j, s, e->list, n, e->numbers[i]);
    }
    if (e->verdict != NULL) {
        struct failure f;
        pack_failure(s, e->list, n, &f);
        json_bool(j, e->verdict, f.code == 0);
        put_fault(j, s, e->list, n);
    }
    json_close(j, '}');
}

static void put_entries(struct json *j, const struct session *s, const struct entry *e) {
    int32_t n = value_count(s, e->list);
    json_open(j, e->key, '[');
    for (int32_t i = 1; i <= n && !j->out->broken; i++) {
        put_entry(j, s, e, i);
    }
    json_close(j, ']');
}

static void put_texts_of_list(struct json *j, const struct session *s, const char *list,
                              const char *key) {
    int32_t n = value_count(s, list);
    json_open(j, key, '[');
    for (int32_t i = 1; i <= n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s[%ld]", list, (long)i);
        char *text = value_text(s, path);
        json_text(j, NULL, text);
        value_free(&text);
    }
    json_close(j, ']');
}

static void put_uses(struct json *j, const struct session *s) {
    int32_t n = value_count(s, "pack.uses");
    json_open(j, "uses", '[');
    for (int32_t i = 1; i <= n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "pack.uses[%ld]", (long)i);
        char *use = value_text(s, path);
        json_open(j, NULL, '{');
        json_text(j, "path", use);
        put_text(j, s, "pack.uses", i, "label");
        put_text(j, s, "pack.uses", i, "label_en");
        json_close(j, '}');
        value_free(&use);
    }
    json_close(j, ']');
}

static void put_head(struct json *j, const struct session *s) {
    static const char *const texts[] = {"id", "version", "name", "name_en", "signed"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put_text(j, s, "pack", 0, texts[i]);
    }
}

static void put_all(struct json *j, const struct session *s) {
    static const char *const texts[] = {"vendor",  "host",   "format", "encoding",
                                        "adapter", "script", "notes"};
    static const struct entry fields = {.list = "pack.fields",
                                        .key = "fields",
                                        .texts = {"to", "from", "helper", "unit"},
                                        .numbers = {"line", "limit"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put_text(j, s, "pack", 0, texts[i]);
    }
    put_number(j, s, "pack", 0, "contract");
    put_texts_of_list(j, s, "pack.host_versions", "host_versions");
    put_uses(j, s);
    put_entries(j, s, &fields);
}

static void put_samples(struct json *j, const struct session *s) {
    static const struct entry samples = {.list = "pack.samples",
                                         .key = "samples",
                                         .texts = {"name", "column"},
                                         .numbers = {"line", "byte"},
                                         .verdict = "passed"};
    int32_t faulty = pack_faulty(s, "pack.samples");
    put_entries(j, s, &samples);
    json_number(j, "passed", value_count(s, "pack.samples") - faulty);
    json_number(j, "failed", faulty);
}

static void put_found(struct json *j, const struct run *r) {
    static const struct entry packs = {.list = "packs",
                                       .key = "packs",
                                       .texts = {"folder", "id", "version", "name", "signed"},
                                       .verdict = "ok"};
    static const struct entry guesses = {.list = "pack.guesses",
                                         .key = "guesses",
                                         .texts = {"to", "from", "helper", "constant", "sure"},
                                         .numbers = {"line"}};
    switch (r->args->command) {
    case COMMAND_PACK_LIST:
        put_entries(j, &r->s, &packs);
        break;
    case COMMAND_PACK_NEW:
        json_text(j, "out", args_input(r->args, "pack.out"));
        put_entries(j, &r->s, &guesses);
        break;
    case COMMAND_PACK_SHOW:
        put_head(j, &r->s);
        put_all(j, &r->s);
        break;
    case COMMAND_PACK_TEST:
        put_head(j, &r->s);
        put_samples(j, &r->s);
        break;
    default:
        put_head(j, &r->s);
        break;
    }
}

void pack_report(struct run *r, const struct failure *f) {
    struct json j = {&r->screen.out, true};
    json_open(&j, NULL, '{');
    put_found(&j, r);
    json_bool(&j, "ok", f->code == 0);
    if (f->code != 0) {
        report_fault(&j, "fault", f);
    }
    json_close(&j, '}');
    json_end_line(&j);
}
