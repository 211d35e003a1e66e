#include "sql_settings.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT_USUAL 10000
#define TIMEOUT_MOST  600000

/* Drivers of Windows speak UTF-16; elsewhere they take UTF-8 as it is. */
#if defined(_WIN32)
#define WIDE_USUAL 1
#else
#define WIDE_USUAL 0
#endif

static int take(char *to, size_t cap, const char *from) {
    size_t n = strlen(from);
    if (n == 0 || n >= cap || to[0] != '\0') {
        return 0;
    }
    memcpy(to, from, n + 1);
    return 1;
}

/* It stands in the text of statements, where nothing can be bound. */
static int take_table(char *to, const char *from) {
    size_t part = 0, parts = 1;
    for (const char *p = from; *p != '\0'; p++) {
        if (*p == '.' && part > 0 && parts == 1) {
            parts++;
            part = 0;
        } else if (shk_sql_is_letter(*p) || (part > 0 && *p >= '0' && *p <= '9')) {
            part++;
        } else {
            return 0;
        }
        if (part > SHK_SQL_NAME_MAX) {
            return 0;
        }
    }
    return part > 0 && take(to, SQL_TABLE_MAX + 1, from);
}

static int take_flag(int *to, const char *value) {
    int yes = strcmp(value, "yes") == 0;
    if (*to >= 0 || (!yes && strcmp(value, "no") != 0)) {
        return 0;
    }
    *to = yes;
    return 1;
}

static int take_timeout(int32_t *to, const char *value) {
    int32_t ms = 0;
    for (const char *p = value; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || ms > TIMEOUT_MOST) {
            return 0;
        }
        ms = ms * 10 + (*p - '0');
    }
    if (*to != 0 || ms < 1 || ms > TIMEOUT_MOST) {
        return 0;
    }
    *to = ms;
    return 1;
}

static int take_find(char *to, const char *value) {
    uint32_t bad = 0;
    return shk_sql_usable(value, &bad) && take(to, SHK_SQL_STATEMENT_MAX + 1, value);
}

/* A setting that stands twice is refused: nobody could say which one holds. */
static int read_one(struct sql_settings *out, const shk_setting *s) {
    struct {
        const char *key;
        char *to;
        size_t cap;
    } texts[] = {
        {"connection", out->connection, sizeof out->connection},
        {"dsn", out->dsn, sizeof out->dsn},
        {"user", out->user, sizeof out->user},
        {"password", out->password, sizeof out->password},
        {"library", out->library, sizeof out->library},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(texts[i].key, s->key) == 0) {
            return take(texts[i].to, texts[i].cap, s->value);
        }
    }
    if (strcmp(s->key, "id_table") == 0) {
        return take_table(out->id_table, s->value);
    }
    if (strcmp(s->key, "make_id_table") == 0) {
        return take_flag(&out->make_id_table, s->value);
    }
    if (strcmp(s->key, "wide") == 0) {
        return take_flag(&out->wide, s->value);
    }
    if (strcmp(s->key, "timeout_ms") == 0) {
        return take_timeout(&out->timeout_ms, s->value);
    }
    return strcmp(s->key, "find") == 0 && take_find(out->find, s->value);
}

static void take_usual(struct sql_settings *out) {
    out->make_id_table = out->make_id_table < 0 ? 1 : out->make_id_table;
    out->wide = out->wide < 0 ? WIDE_USUAL : out->wide;
    out->timeout_ms = out->timeout_ms == 0 ? TIMEOUT_USUAL : out->timeout_ms;
    if (out->id_table[0] == '\0') {
        (void)take(out->id_table, sizeof out->id_table, "shikaku_deliveries");
    }
}

const char *sql_settings_read(struct sql_settings *out, const shk_setting *settings, uint32_t n) {
    memset(out, 0, sizeof *out);
    out->make_id_table = out->wide = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (settings[i].key == NULL || settings[i].value == NULL) {
            return "settings";
        }
        if (!read_one(out, &settings[i])) {
            return settings[i].key;
        }
    }
    take_usual(out);
    if (out->connection[0] != '\0') {
        return out->dsn[0] != '\0' ? "dsn" : NULL;
    }
    return out->dsn[0] != '\0' ? NULL : "connection";
}

/* Adds "KEY={value};". A brace in braces stands twice; a plain value has none, as old drivers want it. */
static size_t add(char *to, const char *key, const char *value) {
    size_t n = strlen(key);
    int braces = strpbrk(value, "[]{}(),;?*=!@ ") != NULL;
    if (value[0] == '\0') {
        return 0;
    }
    memcpy(to, key, n);
    to[n++] = '=';
    if (braces) {
        to[n++] = '{';
    }
    for (const char *p = value; *p != '\0'; p++) {
        to[n++] = *p;
        if (braces && *p == '}') {
            to[n++] = *p;
        }
    }
    if (braces) {
        to[n++] = '}';
    }
    to[n++] = ';';
    to[n] = '\0';
    return n;
}

char *sql_settings_connection(const struct sql_settings *set) {
    size_t n = strlen(set->connection);
    char *text =
        malloc(n + 2 * (strlen(set->dsn) + strlen(set->user) + strlen(set->password)) + 32);
    if (text == NULL) {
        return NULL;
    }
    memcpy(text, set->connection, n + 1);
    if (n > 0 && text[n - 1] != ';') {
        text[n++] = ';';
        text[n] = '\0';
    }
    n += add(text + n, "DSN", set->dsn);
    n += add(text + n, "UID", set->user);
    (void)add(text + n, "PWD", set->password);
    return text;
}
