/* Scripts: the answer's record to one document of the host's own format. */
#ifndef MAPPING_MAPPING_H
#define MAPPING_MAPPING_H

#include "env.h"
#include "record.h"

struct mapping_budget {
    int64_t steps;   /* VM instructions, loading included; 0 takes 2,000,000 */
    size_t memory;   /* bytes; 0 takes 8 MiB */
    int32_t wall_ms; /* 0 takes 2,000 */
};

struct mapping_job {
    const char *script_name; /* file name without folder, for `where` */
    const uint8_t *script;
    size_t script_len;
    const struct record_set *records;
    size_t record; /* which one, from 1 */
    struct mapping_budget budget;
    const struct clock_ops *clock;
    void *clock_self;
    bool check_only; /* contract check without running a row; records may be null */
};

struct mapped_field {
    char *to, *value; /* UTF-8 */
};

/* The document and what it was made of. Owned; wiped when freed. */
struct mapping_result {
    char id[65];       /* the script's own id */
    char format[16];   /* "csv", "xml" */
    char encoding[16]; /* "utf-8", "utf-8-bom", "cp932" */
    char file_name[256];
    struct mapped_field *fields;
    size_t fields_n;
    struct bytes head; /* byte order mark and heading line of a row format; empty otherwise */
    struct bytes body; /* in the target encoding */
    int32_t losses;    /* characters replaced by 〓 because the script allows it */
};

/* Loads, checks and runs one script in a fresh sandbox. SHK_E_SCRIPT_…, SHK_E_FIELD_…,
 * SHK_E_CHARACTER_LOST, SHK_E_FILE_NAME, SHK_E_MEMORY; `where` is "script.lua:line FIELD". */
int32_t mapping_run(const struct mapping_job *job, struct mapping_result **out, struct fault *why);
void mapping_result_free(struct mapping_result **result);

enum lua_kind { LUA_KIND_TEXT, LUA_KIND_INT, LUA_KIND_BOOL, LUA_KIND_TABLE, LUA_KIND_OTHER };

struct lua_entry {
    char *path; /* "gateway.url", "deliveries[1].script" */
    enum lua_kind kind;
    char *text;     /* LUA_KIND_TEXT; UTF-8 */
    int64_t number; /* LUA_KIND_INT, LUA_KIND_BOOL (0, 1); a table's list length */
    int32_t line;   /* where the key stands in the file; 0 unknown */
};

/* A Lua file that returns one table, read in the sandbox: its values in file order, tables before
 * what they hold. */
struct lua_table {
    struct lua_entry *at;
    size_t n;
};
/* SHK_E_CONFIG_SYNTAX with SHK_NATIVE_LUA_LINE and where "name:line"; SHK_E_SCRIPT_BUDGET, …MEMORY. */
int32_t lua_table_read(const char *name, const uint8_t *text, size_t n, struct lua_table *out,
                       struct fault *why);
void lua_table_clear(struct lua_table *table);

#endif
