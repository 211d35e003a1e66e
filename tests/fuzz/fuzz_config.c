/* The configuration file: any bytes give settings or a fault that names a line, never a crash. */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_keys.h"
#include "fuzz.h"

struct content {
    const uint8_t *p;
    size_t n;
};

static int32_t read_content(void *self, const char *path, size_t max, struct bytes *out,
                            struct fault *why) {
    const struct content *c = self;
    (void)path;
    return c->n > max ? fault_raise(why, SHK_E_ARGUMENT) : bytes_append(out, c->p, c->n);
}

static const struct file_ops files = {.read = read_content};

/* What was taken keeps the table's rules. */
static void look(const struct config *config) {
    for (size_t i = 0; i < config_key_count(); i++) {
        const struct config_key *row = config_key_at(i);
        if (row->kind == CONFIG_INT && strchr(row->path, '[') == NULL) {
            int64_t value = config_int(config, row->path);
            fuzz_must(value >= row->least && value <= row->most, "a number beyond its limits");
        }
    }
    for (size_t n = 1; n <= config_deliveries(config); n++) {
        fuzz_must(config_delivery(config, n, "folder") != NULL, "a delivery without its keys");
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct content content = {p, n};
    const struct env env = {.files = &files, .files_self = &content};
    struct config *config = config_new();
    struct fault why = {0};
    if (config != NULL) {
        int32_t rc = config_read(config, "/clinic/shikaku.lua", &env, &why);
        fuzz_must((rc == SHK_OK) == (why.code == 0), "the fault is another than the return");
        look(config);
    }
    config_free(&config);
}
