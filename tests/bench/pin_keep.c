#include "pin_keep.h"

#include <stdio.h>

#include "outbox.h"
#include "pin_whole.h"
#include "platform.h"
#include "text.h"

#define DELIVERY       "00000000-0000-4000-8000-000000000001"
#define ANSWER         "00000000-0000-4000-8000-000000000002"
#define PATH_MAX_BYTES 1024

/* The mark of a folder is made once in its life, by the first delivery into it. */
static bool remove_one(void *who, const struct file_entry *entry) {
    char path[PATH_MAX_BYTES];
    if (text_equal(entry->name, ".shikaku-folder")) {
        return true;
    }
    text_format(path, sizeof path, "%s/%s", (const char *)who, entry->name);
    return platform_files.remove(NULL, path, NULL) == SHK_OK;
}

void pin_empty(const char *folder) {
    char copy[PATH_MAX_BYTES];
    text_copy(copy, sizeof copy, folder);
    (void)platform_files.list(NULL, folder, remove_one, copy, NULL);
}

static int32_t open_store(const char *folder, struct store **out, struct fault *why) {
    static const struct env env = {.clock = &platform_clock,
                                   .files = &platform_files,
                                   .random = &platform_random,
                                   .sqlite = &db_sqlite};
    char path[PATH_MAX_BYTES], key[PATH_MAX_BYTES];
    text_format(path, sizeof path, "%s/shikaku.db", folder);
    text_format(key, sizeof key, "%s/store.key", folder);
    const struct store_settings settings = {.kind = DB_SQLITE,
                                            .db = {.path = path, .busy_ms = 30000},
                                            .key_file = key,
                                            .machine = "",
                                            .keep_days = 30,
                                            .lease_s = 90};
    return store_open(&env, &settings, out, why);
}

static int32_t go_through(struct store *store, const struct outbox_answer *answer,
                          const uint8_t *document, size_t n, struct fault *why) {
    const struct history_entry check = {
        .at_s = answer->at_s, .kind = HISTORY_CHECK, .answer = ANSWER};
    const struct history_entry end = {
        .at_s = answer->at_s, .kind = HISTORY_DELIVERED, .answer = ANSWER, .delivery = DELIVERY};
    struct outbox_plan plan = {.id = DELIVERY, .target = "target", .key = "key", .record = 1};
    struct outbox_row row;
    struct bytes kept = {0};
    int32_t rc = outbox_take(store, answer, &plan, 1, &check, why);
    rc = rc == SHK_OK ? outbox_claim(store, DELIVERY, &row, &kept, why) : rc;
    rc = rc == SHK_OK ? outbox_ready(store, DELIVERY, document, n, why) : rc;
    rc = rc == SHK_OK ? outbox_note(store, DELIVERY, "1 0 0000", why) : rc;
    rc = rc == SHK_OK ? outbox_done(store, DELIVERY, "file.csv", &end, why) : rc;
    bytes_clear(&kept);
    return rc;
}

bool pin_keep(const char *folder, const uint8_t *answer, size_t answer_n, const uint8_t *document,
              size_t n, double *us) {
    struct store *store = NULL;
    struct fault why = {0};
    const struct outbox_answer taken = {.id = ANSWER,
                                        .at_s = platform_clock.wall_s(NULL),
                                        .source = "gateway",
                                        .person = "person",
                                        .frozen = answer,
                                        .frozen_n = answer_n};
    pin_empty(folder);
    int32_t rc = open_store(folder, &store, &why);
    double since = bench_now_us();
    rc = rc == SHK_OK ? go_through(store, &taken, document, n, &why) : rc;
    *us = bench_now_us() - since;
    store_close(&store);
    pin_empty(folder);
    if (rc != SHK_OK) {
        fprintf(stderr, "store: fault %d %s\n", (int)rc, why.where);
    }
    return rc == SHK_OK;
}
