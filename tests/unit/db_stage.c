#include "db_stage.h"

#include <string.h>

#include "pg_server.h"

static int32_t open_one(struct db_stage *s, void **db) {
    const struct db_settings settings = {
        .path = temp_path(&s->folder, "store.db"),
        .connection = s->ops->kind == DB_POSTGRES ? pg_server_connection() : NULL,
        .busy_ms = s->busy_ms,
    };
    fault_clear(&s->why);
    return s->ops->open(NULL, &settings, db, &s->why);
}

void *db_stage_open(struct db_stage *s) {
    void *db = NULL;
    return open_one(s, &db) == SHK_OK ? db : NULL;
}

bool db_stage_up(struct db_stage *s, enum db_kind kind) {
    memset(s, 0, sizeof *s);
    s->ops = kind == DB_SQLITE ? &db_sqlite : &db_postgres;
    s->busy_ms = DB_STAGE_BUSY_MS;
    if (!temp_folder_make(&s->folder) || open_one(s, &s->db) != SHK_OK) {
        return false;
    }
    return kind == DB_SQLITE || (db_stage_say(s, "DROP SCHEMA public CASCADE") == SHK_OK &&
                                 db_stage_say(s, "CREATE SCHEMA public") == SHK_OK);
}

void db_stage_down(struct db_stage *s) {
    if (s->ops != NULL) {
        s->ops->close(s->db);
    }
    bytes_clear(&s->said);
    temp_folder_remove(&s->folder);
}

static int32_t write_down(void *self, const struct db_value *values, size_t n, struct fault *why) {
    struct bytes *said = self;
    char number[32];
    (void)why;
    for (size_t i = 0; i < n; i++) {
        text_format(number, sizeof number, values[i].type == DB_BLOB ? "<%lld bytes>" : "%lld",
                    values[i].type == DB_BLOB ? (long long)values[i].n
                                              : (long long)values[i].number);
        if (values[i].type == DB_TEXT) {
            bytes_append(said, values[i].p, values[i].n);
        } else {
            bytes_append_text(said, values[i].type == DB_NULL ? "null" : number);
        }
        bytes_append_text(said, i + 1 < n ? "|" : ";");
    }
    return SHK_OK;
}

int32_t db_stage_run(struct db_stage *s, void *db, const char *sql, const struct db_value *values,
                     size_t n) {
    const struct db_rows rows = {write_down, &s->said};
    fault_clear(&s->why);
    bytes_clear(&s->said);
    return s->ops->run(db != NULL ? db : s->db, sql, values, n, &rows, &s->changed, &s->why);
}

int32_t db_stage_say(struct db_stage *s, const char *sql) {
    return db_stage_run(s, NULL, sql, NULL, 0);
}

bool db_stage_gives(struct db_stage *s, const char *sql, const char *rows) {
    return db_stage_say(s, sql) == SHK_OK && text_equal(bytes_text(&s->said), rows);
}

struct db_value db_stage_text(const char *text) {
    return (struct db_value){DB_TEXT, 0, (const uint8_t *)text, strlen(text)};
}

int64_t db_stage_now(void) {
    return platform_clock.mono_ms(NULL);
}
