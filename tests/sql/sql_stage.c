#include "sql_stage.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "registry.h"
#include "sql_odbc.h"

const char *const NOW = "2025-06-02T00:15:30Z";
#define NOW_MS INT64_C(1748823330123)

const char *const insert_patient[] = {
    "INSERT INTO patients (id, name, name_kana, birth_date, symbol, visits)"
    " VALUES (:id, :name, :name_kana, :birth_date, :symbol, :visits)",
    NULL};
const char *const one_patient[] = {"id",      "P-1",        "name",       "見本　太郎", "name_kana",
                                   "ﾐﾎﾝ ﾀﾛｳ", "birth_date", "1989-01-07", "symbol",     NULL,
                                   "visits",  "3",          NULL};

static const char *env_of(const char *name) {
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

int is_postgres(void) {
    return strcmp(env_of("SQL_KIND"), "postgres") == 0;
}

int is_wide(void) {
    return strcmp(env_of("SQL_WIDE"), "yes") == 0;
}

static void SHK_CALL no_log(void *self, int32_t level, const char *what, int32_t number) {
    (void)self, (void)level, (void)what, (void)number;
}

static int64_t SHK_CALL now_ms(void *self) {
    (void)self;
    return NOW_MS;
}

static int32_t SHK_CALL note_fault(void *self, int32_t code, int32_t native, const char *where) {
    struct stage *s = self;
    if (s->code == 0) {
        s->code = code;
        s->native = native;
        snprintf(s->where, sizeof s->where, "%s", where);
    }
    return code;
}

static void *SHK_CALL open_library(void *self, const char *name) {
    (void)self;
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

static int32_t SHK_CALL find_symbol(void *self, void *library, const char *symbol, void *slot) {
    void *found = dlsym(library, symbol);
    (void)self;
    memcpy(slot, &found, sizeof found);
    return found != NULL;
}

static int32_t SHK_CALL is_stopping(void *self) {
    return ((struct stage *)self)->stopping;
}

/* The driver manager unloads drivers; what they leak would have no name then. */
static void keep_drivers(void) {
    static int kept;
    const char *p = env_of("SQL_DRIVERS");
    while (!kept && *p != '\0') {
        char path[512];
        size_t n = strcspn(p, ":");
        snprintf(path, sizeof path, "%.*s", (int)n, p);
        assert_non_null(dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE));
        p += n + (p[n] == ':' ? 1 : 0);
    }
    kept = 1;
}

void stage_init(struct stage *s) {
    keep_drivers();
    memset(s, 0, sizeof *s);
    s->sv = (shk_services){.struct_size = sizeof s->sv,
                           .abi = SHK_ADAPTER_ABI,
                           .self = s,
                           .log = no_log,
                           .now_ms = now_ms,
                           .fail = note_fault,
                           .library_open = open_library,
                           .library_find = find_symbol,
                           .stopping = is_stopping};
    stage_set(s, "connection", env_of("SQL_CONNECTION"));
    stage_set(s, "wide", is_wide() ? "yes" : "no");
    if (is_postgres()) {
        stage_set(s, "user", env_of("SQL_USER"));
        stage_set(s, "password", env_of("SQL_PASSWORD"));
    }
}

void stage_set(struct stage *s, const char *key, const char *value) {
    uint32_t i = 0;
    while (i < s->settings_n && strcmp(s->settings[i].key, key) != 0) {
        i++;
    }
    if (value == NULL) {
        s->settings[i] = s->settings[--s->settings_n];
        return;
    }
    assert_true(i < STAGE_SETTINGS_MAX);
    s->settings[i] = (shk_setting){key, value};
    s->settings_n += i == s->settings_n ? 1 : 0;
}

void stage_open(struct stage *s) {
    assert_int_equal(adapter_sql.open(&s->sv, s->settings, s->settings_n, &s->host), SHK_OK);
}

void stage_close(struct stage *s) {
    adapter_sql.close(&s->host);
    assert_null(s->host);
}

int32_t stage_deliver_rows(struct stage *s, const char *id, const char *const *statements,
                           const char *const *parameters, const int32_t *rows) {
    shk_field fields[64];
    shk_delivery d = {.struct_size = sizeof d,
                      .abi = SHK_ADAPTER_ABI,
                      .id = id,
                      .script = "t",
                      .format = "sql",
                      .encoding = "utf-8",
                      .file_name = "sql.json",
                      .fields = fields,
                      .statements = statements,
                      .attempt = 1,
                      .patient = "",
                      .note = "",
                      .statement_rows = rows};
    while (statements[d.statements_n] != NULL) {
        d.statements_n++;
    }
    for (const char *const *p = parameters; *p != NULL; p += 2) {
        fields[d.fields_n++] = (shk_field){p[0], p[1]};
    }
    s->code = s->native = 0;
    s->where[0] = '\0';
    s->receipt = (shk_receipt){.struct_size = sizeof s->receipt, .abi = SHK_ADAPTER_ABI};
    int32_t rc = adapter_sql.deliver(s->host, &d, &s->receipt);
    assert_int_equal(rc, s->code);
    return rc;
}

int32_t stage_deliver(struct stage *s, const char *id, const char *const *statements,
                      const char *const *parameters) {
    return stage_deliver_rows(s, id, statements, parameters, NULL);
}

/* One connection for all questions beside the adapter. */
static struct odbc *db;
static struct stage db_stage;

static struct odbc *db_connect(void) {
    char text[1500];
    if (db != NULL) {
        return db;
    }
    stage_init(&db_stage);
    snprintf(text, sizeof text, "%sUID=%s;PWD=%s;", env_of("SQL_CONNECTION"), env_of("SQL_USER"),
             env_of("SQL_PASSWORD"));
    assert_int_equal(odbc_open(&db_stage.sv, "", &db), SHK_OK);
    assert_int_equal(odbc_connect(db, text, is_wide(), 30000), SHK_OK);
    return db;
}

void db_forget(void) {
    odbc_close(&db);
}

int32_t db_try(const char *text) {
    return odbc_run(db_connect(), text, NULL, 0, NULL);
}

void db_run(const char *text) {
    assert_int_equal(db_try(text), SHK_OK);
}

static int32_t keep_first(void *who, const char *const *names, const char *const *values,
                          uint32_t n) {
    char *out = who;
    (void)names, (void)n;
    if (strcmp(out, "(none)") == 0) {
        snprintf(out, ODBC_VALUE_ROOM, "%s", values[0] != NULL ? values[0] : "(null)");
    }
    return SHK_OK;
}

const char *db_value(const char *text) {
    static char out[ODBC_VALUE_ROOM];
    snprintf(out, sizeof out, "(none)");
    assert_int_equal(odbc_read(db_connect(), text, NULL, 0, keep_first, out), SHK_OK);
    return out;
}

int db_count(const char *table) {
    char text[128];
    snprintf(text, sizeof text, "SELECT COUNT(*) FROM %s", table);
    const char *said = db_value(text);
    int n = 0;
    while (*said >= '0' && *said <= '9') {
        n = n * 10 + (*said++ - '0');
    }
    return n;
}

void db_fresh(void) {
    if (is_postgres()) {
        db_run("DROP SCHEMA public CASCADE");
        db_run("CREATE SCHEMA public");
    } else {
        char path[512];
        snprintf(path, sizeof path, "%s/host.db", env_of("SQL_FOLDER"));
        db_forget();
        (void)unlink(path);
    }
    db_run("CREATE TABLE patients (id VARCHAR(20) NOT NULL PRIMARY KEY, name VARCHAR(40),"
           " name_kana VARCHAR(40), birth_date DATE, symbol VARCHAR(10), visits INTEGER)");
}
