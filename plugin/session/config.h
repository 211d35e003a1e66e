/* Settings: key, kind, default and words in one table (config.def). */
#ifndef SESSION_CONFIG_H
#define SESSION_CONFIG_H

#include "env.h"

#define CONFIG_DELIVERIES_MAX 16

struct config;

/* All defaults. */
struct config *config_new(void);
void config_free(struct config **config); /* wipes */
/* Reads the Lua table file over what is there. SHK_E_CONFIG_FILE, …_SYNTAX, …_KEY, …_VALUE; `where`
 * is "file.lua:line key". Relative paths of the file count from its folder. */
int32_t config_read(struct config *config, const char *path, const struct env *env,
                    struct fault *why);
/* Sets one key from text. SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE. */
int32_t config_set(struct config *config, const char *key, const char *value, struct fault *why);

/* The value or the default; "" when neither. Paths come back resolved. Borrowed until the next change. */
const char *config_text(const struct config *config, const char *key);
int64_t config_int(const struct config *config, const char *key);
/* Entries of the list "deliveries". */
size_t config_deliveries(const struct config *config);
/* config_text of "deliveries[n].key", n from 1; null when it is not set. */
const char *config_delivery(const struct config *config, size_t n, const char *key);

/* Folder of the file that was read, with its final separator; "" when none was. */
const char *config_folder(const struct config *config);

/* One key of a delivery, without "deliveries[n].". */
struct config_pair {
    const char *key, *value;
};
/* The keys of the n-th delivery that are set and not empty, in the order they were set. Returns how many; at
 * most `most` are given. Borrowed until the next change. */
size_t config_delivery_pairs(const struct config *config, size_t n, struct config_pair *out,
                             size_t most);

/* A fault that names the key and, when the file set it, the line. */
int32_t config_fault(const struct config *config, struct fault *why, const char *key);

#endif
