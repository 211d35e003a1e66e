#include "config_keys.h"

#include <string.h>

#include "bytes.h"
#include "text.h"

#define KEY(path, kind, fallback, least, most, choices, japanese, english)                         \
    {path, CONFIG_##kind, fallback, least, most, choices, japanese, english},

static const struct config_key rows[] = {
#include "config.def"
};

size_t config_key_count(void) {
    return sizeof rows / sizeof rows[0];
}

const struct config_key *config_key_at(size_t index) {
    return index < config_key_count() ? &rows[index] : NULL;
}

/* Reads "12]" behind a bracket; returns what follows, or null when it is no index from 1. */
static const char *read_index(const char *p, size_t *index) {
    size_t n = 0;
    while (char_is_digit(p[n])) {
        n++;
    }
    int32_t value = 0;
    if (n == 0 || n > 4 || !text_to_int32(p, n, &value) || value < 1 || p[n] != ']') {
        return NULL;
    }
    *index = (size_t)value;
    return p + n + 1;
}

/* Compares up to the end of the pattern; null when different, else what is left of the key. */
static const char *match(const char *pattern, const char *key, size_t *index) {
    while (key != NULL && *pattern != '\0') {
        if (*pattern != *key) {
            return NULL;
        }
        if (pattern[0] == '[' && pattern[1] == ']') {
            key = read_index(key + 1, index);
            pattern += 2;
            continue;
        }
        pattern++;
        key++;
    }
    return key;
}

const struct config_key *config_key_find(const char *key, size_t *index) {
    for (size_t i = 0; i < config_key_count(); i++) {
        size_t found = 0;
        const char *rest = match(rows[i].path, key, &found);
        if (rest != NULL && *rest == '\0') {
            if (index != NULL) {
                *index = found;
            }
            return &rows[i];
        }
    }
    return NULL;
}

static bool is_prefix_of(const struct config_key *row, const char *key) {
    char head[64];
    for (size_t n = 1; n < sizeof head && row->path[n] != '\0'; n++) {
        if (row->path[n] != '.' && row->path[n] != '[') {
            continue;
        }
        size_t index = 0;
        text_copy_n(head, sizeof head, row->path, n);
        const char *rest = match(head, key, &index);
        if (rest != NULL && *rest == '\0') {
            return true;
        }
    }
    return false;
}

bool config_key_is_group(const char *key) {
    for (size_t i = 0; i < config_key_count(); i++) {
        if (is_prefix_of(&rows[i], key)) {
            return true;
        }
    }
    return false;
}

bool config_key_is_number(const char *key) {
    const struct config_key *row = config_key_find(key, NULL);
    return row != NULL && row->kind == CONFIG_INT;
}

static bool is_choice(const char *choices, const char *value, size_t n) {
    while (*choices != '\0') {
        const char *end = strchr(choices, '|');
        size_t len = end != NULL ? (size_t)(end - choices) : strlen(choices);
        if (len == n && memcmp(choices, value, n) == 0) {
            return true;
        }
        choices += len + (end != NULL ? 1 : 0);
    }
    return false;
}

bool config_key_accepts(const struct config_key *row, const char *value) {
    size_t n = strlen(value);
    int64_t number = 0;
    switch (row->kind) {
    case CONFIG_INT:
        return text_to_int64(value, n, &number) && number >= row->least && number <= row->most;
    case CONFIG_CHOICE:
        return is_choice(row->choices, value, n);
    default:
        break;
    }
    size_t characters = utf8_count(value, n);
    return utf8_valid(value, n) &&
           (n == 0 || (characters >= (size_t)row->least && characters <= (size_t)row->most));
}
