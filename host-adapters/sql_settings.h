/* What the sql adapter is told, checked. */
#ifndef HOST_ADAPTERS_SQL_SETTINGS_H
#define HOST_ADAPTERS_SQL_SETTINGS_H

#include "shikaku/adapter.h"
#include "shikaku/sql_text.h"

#define SQL_CONNECTION_MAX 1023
#define SQL_SECRET_MAX     255
#define SQL_TABLE_MAX      127

struct sql_settings {
    char connection[SQL_CONNECTION_MAX + 1]; /* one of these two */
    char dsn[SQL_SECRET_MAX + 1];
    char user[SQL_SECRET_MAX + 1], password[SQL_SECRET_MAX + 1];
    char library[SQL_CONNECTION_MAX + 1]; /* empty: the system's driver manager */
    char id_table[SQL_TABLE_MAX + 1];     /* "table" or "schema.table" */
    char find[SHK_SQL_STATEMENT_MAX + 1]; /* empty: the host cannot be asked */
    int32_t timeout_ms;
    int make_id_table, wide;
};

/* Null when the settings are good, else the name of the first that is not; borrowed. */
const char *sql_settings_read(struct sql_settings *out, const shk_setting *settings, uint32_t n);

/* The connection string with user and password. Null: out of memory. The caller wipes and frees it. */
char *sql_settings_connection(const struct sql_settings *set);

#endif
