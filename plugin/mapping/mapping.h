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

struct mapping_text {
    const char *name; /* file name without folder, for `where` */
    const uint8_t *p;
    size_t n;
};

struct mapping_job {
    struct mapping_text script;
    struct mapping_text overlay; /* a clinic's own file; n 0: none */
    const char *pack;            /* the id that an overlay must name; null: any */
    const char *const *uses; /* what a pack may see: fields, groups, lists of the record; null: */
    size_t uses_n;           /* as the script says */
    struct mapping_budget budget; /* of one run; loading takes a tenth of it at most */
    const struct clock_ops *clock;
    void *clock_self;
    bool explain; /* fill `trace` */
};

struct mapped_field {
    const char *to, *value; /* UTF-8; borrowed from the result. Of format "sql" null: absent */
};

/* A character that was not written as it is. */
struct mapping_loss {
    const char *to;
    uint32_t code, instead; /* code points; the first one of several */
};

enum mapping_raw { RAW_ABSENT, RAW_EMPTY, RAW_TEXT, RAW_NUMBER, RAW_CONSTANT, RAW_FUNCTION };

/* How a field came to be; never its value. */
struct mapping_trace {
    const char *to;
    size_t to_at; /* where `to` stands in the result's text */
    char from[128], helpers[128];
    int32_t line;
    enum mapping_raw raw;
    int32_t bytes, limit; /* in the target encoding (characters with `unit` chars); limit 0: none */
    bool written;
};

/* The document and what it was made of. Owned; wiped when freed. */
struct mapping_result {
    char id[65];       /* the script's own id */
    char format[16];   /* "csv", "xml" … */
    char encoding[16]; /* "utf-8", "cp932" … */
    char file_name[256];
    struct mapped_field *fields;
    size_t fields_n;
    struct bytes head;  /* byte order mark and heading line of a row format; empty otherwise */
    struct bytes body;  /* in the target encoding */
    struct bytes plain; /* the same in UTF-8, where the target is another */
    bool whole;         /* made of all records of the answer */
    int32_t losses;     /* characters that were replaced */
    struct mapping_loss *loss; /* each of them, at most MAPPING_LOSSES_MAX */
    size_t loss_n;
    struct mapping_trace *trace;
    size_t trace_n;
    struct bytes text;       /* what the fields and losses point into */
    const char **statements; /* of format "sql"; borrowed from the result, as find */
    int32_t *statement_rows; /* SHK_ROWS_… of adapter.h */
    size_t statements_n;
    const char *find; /* null: none */
};

#define MAPPING_LOSSES_MAX 100

/* A script, loaded and checked, for any number of records. One thread at a time. */
struct mapping;

/* What the script says of itself; borrowed from the mapping. */
struct mapping_facts {
    const char *id, *format, *encoding, *adapter /* null: none */;
    bool per_answer; /* one document for all records of an answer: map the first one only */
    bool sees[256];  /* by field_index: what the script may see */
};

/* Loads and checks; no row runs. SHK_E_SCRIPT_…, SHK_E_OVERLAY, SHK_E_MEMORY; `where` is
 * "script.lua:line FIELD". Texts of the job are borrowed until mapping_close. */
int32_t mapping_open(const struct mapping_job *job, struct mapping **out, struct fault *why);
/* One record (counted from 1), or the whole answer when the script says so, to one document, with the same result as in a fresh sandbox: whatever a run
 * changed in its state is gone before the next. SHK_E_SCRIPT_…, SHK_E_FIELD_…, SHK_E_CHARACTER_LOST,
 * SHK_E_FILE_NAME, SHK_E_MEMORY; *out is null then. */
int32_t mapping_map(struct mapping *m, const struct record_set *records, size_t record,
                    struct mapping_result **out, struct fault *why);
void mapping_facts(const struct mapping *m, struct mapping_facts *out);
/* The statement by which a host's database is asked for patients, its parameters being paths of the
 * record with "__" for "."; null: none. Borrowed from the mapping. */
const char *mapping_find(const struct mapping *m);
void mapping_close(struct mapping **m);

/* All three at once. */
int32_t mapping_run(const struct mapping_job *job, const struct record_set *records, size_t record,
                    struct mapping_result **out, struct fault *why);
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
