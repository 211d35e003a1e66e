#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "config_keys.h"
#include "mapping.h"

#define KEY_MAX 96

struct setting {
    char key[KEY_MAX];
    char *text;
    int32_t line; /* 0: set by the host */
};

struct config {
    struct setting *at;
    size_t n;
    char folder[1024]; /* of the configuration file, with its final separator */
    char name[128];    /* of the file, for `where` */
};

struct config *config_new(void) {
    return calloc(1, sizeof(struct config));
}

static void wipe_text(char **text) {
    if (*text != NULL) {
        memory_wipe(*text, strlen(*text));
        free(*text);
        *text = NULL;
    }
}

void config_free(struct config **config) {
    if (*config != NULL) {
        for (size_t i = 0; i < (*config)->n; i++) {
            wipe_text(&(*config)->at[i].text);
        }
        free((*config)->at);
        free(*config);
        *config = NULL;
    }
}

static struct setting *find_setting(const struct config *config, const char *key) {
    for (size_t i = 0; i < config->n; i++) {
        if (text_equal(config->at[i].key, key)) {
            return &config->at[i];
        }
    }
    return NULL;
}

static int32_t fault_at_line(const struct config *config, struct fault *why, int32_t code,
                             const char *key, int32_t line) {
    char where[160];
    if (line > 0) {
        text_format(where, sizeof where, "%s:%d %s", config->name, (int)line, key);
        return fault_set(why, code, SHK_NATIVE_LUA_LINE, line, where);
    }
    return fault_set(why, code, SHK_NATIVE_NONE, 0, key);
}

int32_t config_fault(const struct config *config, struct fault *why, const char *key) {
    const struct setting *set = find_setting(config, key);
    return fault_at_line(config, why, SHK_E_CONFIG_VALUE, key, set != NULL ? set->line : 0);
}

static struct setting *add_setting(struct config *config, const char *key) {
    struct setting *grown = realloc(config->at, (config->n + 1) * sizeof *grown);
    if (grown == NULL) {
        return NULL;
    }
    config->at = grown;
    struct setting *fresh = &grown[config->n++];
    *fresh = (struct setting){0};
    text_copy(fresh->key, sizeof fresh->key, key);
    return fresh;
}

/* Absolute, with a drive, a UNC name, or no file at all but a place in the system's certificate store: not
 * to be put behind the configuration's folder. */
static bool is_absolute(const char *path) {
    return text_starts(path, "store:") || path[0] == '/' || path[0] == '\\' ||
           (path[0] != '\0' && path[1] == ':');
}

static char *resolved(const struct config *config, const struct config_key *row,
                      const char *value) {
    if (row->kind != CONFIG_PATH || value[0] == '\0' || is_absolute(value)) {
        return text_dup(value);
    }
    size_t folder_len = strlen(config->folder);
    size_t value_len = strlen(value);
    char *path = malloc(folder_len + value_len + 1);
    if (path != NULL) {
        memcpy(path, config->folder, folder_len);
        memcpy(path + folder_len, value, value_len + 1);
    }
    return path;
}

static int32_t store(struct config *config, const char *key, const char *value, int32_t line,
                     struct fault *why) {
    size_t index = 0;
    const struct config_key *row = config_key_find(key, &index);
    if (row == NULL || strlen(key) >= KEY_MAX) {
        return fault_at_line(config, why, SHK_E_CONFIG_KEY, key, line);
    }
    if (index > CONFIG_DELIVERIES_MAX || !config_key_accepts(row, value)) {
        return fault_at_line(config, why, SHK_E_CONFIG_VALUE, key, line);
    }
    struct setting *set = find_setting(config, key);
    char *text = resolved(config, row, value);
    if (text != NULL && set == NULL) {
        set = add_setting(config, key);
    }
    if (text == NULL || set == NULL) {
        free(text);
        return fault_raise(why, SHK_E_MEMORY);
    }
    wipe_text(&set->text);
    set->text = text;
    set->line = line;
    return SHK_OK;
}

int32_t config_set(struct config *config, const char *key, const char *value, struct fault *why) {
    return store(config, key, value, 0, why);
}

static int32_t store_entry(struct config *config, const struct lua_entry *entry,
                           struct fault *why) {
    char number[24];
    switch (entry->kind) {
    case LUA_KIND_TABLE:
        return config_key_is_group(entry->path)
                   ? SHK_OK
                   : fault_at_line(config, why, SHK_E_CONFIG_KEY, entry->path, entry->line);
    case LUA_KIND_TEXT:
        if (config_key_is_number(entry->path)) {
            break; /* a number in quotes is a wrong type */
        }
        return store(config, entry->path, entry->text, entry->line, why);
    case LUA_KIND_INT:
        if (config_key_find(entry->path, NULL) != NULL && !config_key_is_number(entry->path)) {
            break;
        }
        text_format(number, sizeof number, "%lld", (long long)entry->number);
        return store(config, entry->path, number, entry->line, why);
    default:
        break;
    }
    int32_t code =
        config_key_find(entry->path, NULL) != NULL ? SHK_E_CONFIG_VALUE : SHK_E_CONFIG_KEY;
    return fault_at_line(config, why, code, entry->path, entry->line);
}

static void remember_place(struct config *config, const char *path) {
    const char *name = text_file_name(path);
    text_copy_n(config->folder, sizeof config->folder, path, (size_t)(name - path));
    text_copy(config->name, sizeof config->name, name);
}

#define CONFIG_FILE_MAX ((size_t)256 * 1024)

int32_t config_read(struct config *config, const char *path, const struct env *env,
                    struct fault *why) {
    struct bytes text = {0};
    struct lua_table table = {0};
    struct fault reason = {0};
    if (strlen(path) >= sizeof config->folder) {
        return fault_raise(why, SHK_E_CONFIG_FILE);
    }
    remember_place(config, path);
    int32_t rc = env->files->read(env->files_self, path, CONFIG_FILE_MAX, &text, &reason);
    if (rc != SHK_OK) {
        rc = fault_set(why, rc == SHK_E_MEMORY ? rc : SHK_E_CONFIG_FILE, reason.native_kind,
                       reason.native, config->name);
        goto done;
    }
    rc = lua_table_read(config->name, text.p, text.n, &table, &reason);
    if (rc == SHK_E_SCRIPT_BUDGET || rc == SHK_E_SCRIPT_MEMORY) {
        /* The words for a mapping script would send the reader to the wrong file. */
        rc = SHK_E_CONFIG_SYNTAX;
    }
    if (rc != SHK_OK) {
        fault_set(why, rc, reason.native_kind, reason.native, reason.where);
    }
    for (size_t i = 0; rc == SHK_OK && i < table.n; i++) {
        rc = store_entry(config, &table.at[i], why);
    }
done:
    lua_table_clear(&table);
    bytes_clear(&text);
    return rc;
}

const char *config_text(const struct config *config, const char *key) {
    const struct setting *set = find_setting(config, key);
    if (set != NULL) {
        return set->text;
    }
    const struct config_key *row = config_key_find(key, NULL);
    return row != NULL ? row->fallback : "";
}

int64_t config_int(const struct config *config, const char *key) {
    const char *text = config_text(config, key);
    int64_t value = 0;
    (void)text_to_int64(text, strlen(text), &value);
    return value;
}

size_t config_deliveries(const struct config *config) {
    size_t most = 0;
    for (size_t i = 0; i < config->n; i++) {
        size_t index = 0;
        (void)config_key_find(config->at[i].key, &index);
        most = index > most ? index : most;
    }
    return most;
}

const char *config_delivery(const struct config *config, size_t n, const char *key) {
    char path[KEY_MAX];
    text_format(path, sizeof path, "deliveries[%u].%s", (unsigned)n, key);
    return config_text(config, path);
}

const char *config_folder(const struct config *config) {
    bool here = config->folder[0] == '\0' && config->name[0] != '\0';
    return here ? "./" : config->folder;
}

size_t config_delivery_pairs(const struct config *config, size_t n, struct config_pair *out,
                             size_t most) {
    char prefix[32];
    size_t found = 0;
    size_t len = text_format(prefix, sizeof prefix, "deliveries[%u].", (unsigned)n);
    for (size_t i = 0; i < config->n; i++) {
        const struct setting *set = &config->at[i];
        if (text_starts(set->key, prefix) && set->text[0] != '\0') {
            if (found < most) {
                out[found] = (struct config_pair){set->key + len, set->text};
            }
            found++;
        }
    }
    return found;
}
