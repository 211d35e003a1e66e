/* The table of configuration keys. */
#ifndef SESSION_CONFIG_KEYS_H
#define SESSION_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_kind { CONFIG_TEXT, CONFIG_PATH, CONFIG_INT, CONFIG_CHOICE };

struct config_key {
    const char *path; /* "deliveries[].script" */
    enum config_kind kind;
    const char *fallback; /* default */
    int64_t least, most;  /* of a number; characters of a text, where empty always passes */
    const char *choices;  /* "a|b" */
    const char *japanese, *english;
};

/* The row of a concrete key ("deliveries[2].script"), or null; *index (may be null) receives the list
 * index, 0 when there is none. */
const struct config_key *config_key_find(const char *key, size_t *index);
/* True for a table that holds keys: "gateway", "deliveries", "deliveries[2]". */
bool config_key_is_group(const char *key);
bool config_key_is_number(const char *key);
bool config_key_accepts(const struct config_key *row, const char *value);

size_t config_key_count(void);
const struct config_key *config_key_at(size_t index);

#endif
