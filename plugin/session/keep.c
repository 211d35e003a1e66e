#include "keep.h"

#include <string.h>

#define FOLDER_DEFAULT "shikaku-data"
#define FILE_NAME      "shikaku.db"
#define KEY_NAME       "store.key"

static bool is_kind(const struct session *s, const char *kind) {
    return text_equal(config_text(s->config, "store.kind"), kind);
}

/* "" when there is none. False when it is too long. */
static bool folder_of(const struct session *s, char out[KEEP_PATH_MAX]) {
    const char *named = config_text(s->config, "store.folder");
    const char *beside = config_folder(s->config);
    size_t n = named[0] != '\0'    ? text_copy(out, KEEP_PATH_MAX, named)
               : beside[0] != '\0' ? text_format(out, KEEP_PATH_MAX, "%s" FOLDER_DEFAULT, beside)
                                   : text_copy(out, KEEP_PATH_MAX, "");
    return n < KEEP_PATH_MAX;
}

static bool path_in(const char *folder, const char *name, char out[KEEP_PATH_MAX]) {
    size_t n = strlen(folder);
    bool ended = n > 0 && (folder[n - 1] == '/' || folder[n - 1] == '\\');
    return text_format(out, KEEP_PATH_MAX, "%s%s%s", folder, ended ? "" : "/", name) <
           KEEP_PATH_MAX;
}

bool keep_is_on(const struct session *s) {
    char folder[KEEP_PATH_MAX];
    if (is_kind(s, "none")) {
        return false;
    }
    if (is_kind(s, "postgres")) {
        return s->env.postgres != NULL;
    }
    return s->env.sqlite != NULL && (!folder_of(s, folder) || folder[0] != '\0');
}

bool keep_key_file(const struct session *s, char out[KEEP_PATH_MAX]) {
    char folder[KEEP_PATH_MAX];
    const char *named = config_text(s->config, "store.key_file");
    if (named[0] != '\0') {
        return text_copy(out, KEEP_PATH_MAX, named) < KEEP_PATH_MAX;
    }
    return folder_of(s, folder) && folder[0] != '\0' && path_in(folder, KEY_NAME, out);
}

/* Where its settings point. */
struct place {
    char folder[KEEP_PATH_MAX], file[KEEP_PATH_MAX], key[KEEP_PATH_MAX];
};

static int32_t find_place(const struct session *s, struct place *out, struct fault *why) {
    *out = (struct place){0};
    if (!keep_key_file(s, out->key)) {
        return config_fault(s->config, why, "store.key_file");
    }
    if (!folder_of(s, out->folder) || !path_in(out->folder, FILE_NAME, out->file)) {
        return config_fault(s->config, why, "store.folder");
    }
    return SHK_OK;
}

/* Nobody takes over while an adapter may still be at it. */
static int32_t lease_of(const struct config *c) {
    int64_t lease_s = config_int(c, "outbox.lease_s");
    int64_t call_s = config_int(c, "deliver.timeout_ms") / 1000;
    return (int32_t)(lease_s > call_s ? lease_s : call_s);
}

static void fill(const struct session *s, const struct place *place, struct store_settings *out) {
    const struct config *c = s->config;
    *out = (struct store_settings){
        .kind = is_kind(s, "postgres") ? DB_POSTGRES : DB_SQLITE,
        .db = {.path = place->file,
               .connection = config_text(c, "store.connection"),
               .library = config_text(c, "store.library"),
               .busy_ms = (int32_t)config_int(c, "store.busy_ms")},
        .key_file = place->key,
        .machine = config_text(c, "store.machine"),
        .down_ms = (int32_t)config_int(c, "store.down_ms"),
        .keep_days = (int32_t)config_int(c, "store.keep_days"),
        .lease_s = lease_of(c),
    };
}

int32_t keep_open(struct session *s, struct fault *why) {
    struct place place;
    struct store_settings settings;
    if (s->store != NULL || !keep_is_on(s)) {
        return SHK_OK;
    }
    if (is_kind(s, "postgres") && config_text(s->config, "store.connection")[0] == '\0') {
        return config_fault(s->config, why, "store.connection");
    }
    int32_t rc = find_place(s, &place, why);
    if (rc == SHK_OK) {
        fill(s, &place, &settings);
        rc = store_open(&s->env, &settings, &s->store, why);
        log_event(s->log, SHK_LOG_INFO, "store.open", "code", (int64_t)rc);
    }
    if (rc == SHK_OK) {
        struct fault unused = {0};
        int64_t purged = 0;
        (void)store_purge(s->store, false, &purged, &unused);
        log_event(s->log, SHK_LOG_INFO, "store.purge", "rows,code", purged, (int64_t)unused.code);
    }
    return rc;
}

int32_t keep_require(struct session *s, struct fault *why) {
    int32_t rc = keep_open(s, why);
    return rc == SHK_OK && s->store == NULL
               ? fault_set(why, SHK_E_STORE_OFF, SHK_NATIVE_NONE, 0, "store.folder")
               : rc;
}

void keep_close(struct session *s) {
    store_close(&s->store);
}

bool keep_depends_on(const char *key) {
    return text_starts(key, "store.") || text_equal(key, "outbox.lease_s") ||
           text_equal(key, "deliver.timeout_ms");
}
