/* The store as a damaged or hostile database gives it: rows, blobs and numbers are changed behind the product's back;
 * then it lists, delivers, verifies, purges, changes the key. Nothing is delivered twice or lost without a word. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "fuzz.h"
#include "outbox_world.h"
#include "shikaku/shikaku.h"
#include "store_parts.h"

#define CHANGES_MOST 12
#define VALUE_MOST   512
#define LATER_MS     ((int64_t)400000)

struct place {
    const char *table, *column;
    bool blind; /* nothing tells that somebody has changed it */
};
static const struct place places[] = {
    {"delivery", "note", false},        {"delivery", "document", false},
    {"delivery", "place", false},       {"answer", "sealed", false},
    {"history", "sealed", false},       {"meta", "value", false},
    {"delivery", "state", true},        {"delivery", "owner", false},
    {"delivery", "lease_until", false}, {"delivery", "lease_s", false},
    {"delivery", "attempts", false},    {"delivery", "came", false},
    {"delivery", "record", false},      {"delivery", "target", false},
    {"delivery", "source", false},      {"delivery", "at_s", false},
    {"delivery", "last", false},        {"delivery", "changed_s", false},
    {"delivery", "answer", true},       {"delivery", "key", true},
    {"delivery", "id", true},           {"answer", "id", false},
    {"history", "seq", false},          {"history", "hash", false},
    {"history", "token", false},        {"history", "kind", false},
    {"history", "at_s", false},         {"meta", "name", false},
};
#define PLACES (sizeof places / sizeof places[0])

struct change {
    const struct place *place;
    uint32_t row; /* of the table, in the order of their rowids */
    sqlite3 *db;
    bool blind[WORLD_ROWS];
};

static bool is_of(const struct change *c, const char *table, const char *column) {
    return strcmp(c->place->table, table) == 0 && strcmp(c->place->column, column) == 0;
}

/* What is not sealed is not proof: of those rows nothing more is demanded. */
static void note_blind(struct change *c, bool blind) {
    if (strcmp(c->place->table, "delivery") == 0 && c->row < WORLD_ROWS) {
        c->blind[c->row] = c->blind[c->row] || blind || c->place->blind;
    }
}

/* `expression` with ?1 for the value and ?2 for a number; the database may refuse. */
static void set(const struct change *c, const char *expression, struct fuzz_input value,
                int64_t number, bool text) {
    char sql[256];
    sqlite3_stmt *stmt = NULL;
    snprintf(sql, sizeof sql,
             "UPDATE %s SET %s = %s WHERE rowid = (SELECT rowid FROM %s ORDER BY rowid LIMIT 1 "
             "OFFSET ?3)",
             c->place->table, c->place->column, expression, c->place->table);
    if (sqlite3_prepare_v2(c->db, sql, -1, &stmt, NULL) == SQLITE_OK) {
        const void *p = value.n > 0 ? (const void *)value.p : "";
        (void)(text ? sqlite3_bind_text(stmt, 1, p, (int)value.n, SQLITE_STATIC)
                    : sqlite3_bind_blob(stmt, 1, p, (int)value.n, SQLITE_STATIC));
        (void)sqlite3_bind_int64(stmt, 2, number);
        (void)sqlite3_bind_int64(stmt, 3, c->row);
        (void)sqlite3_step(stmt);
    }
    (void)sqlite3_finalize(stmt);
}

/* One byte of what lies there, or its end. */
static void damage(const struct change *c, struct fuzz_input *in) {
    char expression[160];
    const struct fuzz_input none = {NULL, 0};
    unsigned at = fuzz_number(in) % 65536;
    if (fuzz_byte(in) % 2 == 0) {
        snprintf(expression, sizeof expression, "CAST(substr(%s, 1, ?2) AS BLOB)",
                 c->place->column);
        set(c, expression, none, at, false);
        return;
    }
    const struct fuzz_input byte = fuzz_bytes(in, 1);
    snprintf(expression, sizeof expression,
             "CAST(substr(%s, 1, ?2) || ?1 || substr(%s, ?2 + 2) AS BLOB)", c->place->column,
             c->place->column);
    set(c, expression, byte, at, false);
}

static void copy_from(const struct change *c, uint32_t row) {
    char expression[160];
    const struct fuzz_input none = {NULL, 0};
    snprintf(expression, sizeof expression, "(SELECT %s FROM %s ORDER BY rowid LIMIT 1 OFFSET ?2)",
             c->place->column, c->place->table);
    set(c, expression, none, row, false);
}

/* A row like another one, with an id of its own; many of them fill more than one page. */
static void multiply(const struct change *c, uint32_t times) {
    char sql[640];
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
             " INSERT INTO delivery SELECT substr(id, 1, 30) || i, came + i * 1000, answer, record,"
             " target, substr(key, 1, 24) || i, state, at_s, source, attempts, last, owner, "
             "lease_until, lease_s,"
             " note, place, document, changed_s FROM delivery, n WHERE delivery.rowid ="
             " (SELECT rowid FROM delivery ORDER BY rowid LIMIT 1 OFFSET %u)",
             times, c->row);
    (void)sqlite3_exec(c->db, sql, NULL, NULL, NULL);
}

static void drop_answer(const struct change *c) {
    char sql[128];
    snprintf(sql, sizeof sql,
             "DELETE FROM answer WHERE rowid = (SELECT rowid FROM answer LIMIT 1 OFFSET %u)",
             c->row);
    (void)sqlite3_exec(c->db, sql, NULL, NULL, NULL);
}

static int64_t number_of(struct fuzz_input *in) {
    uint32_t number = fuzz_number(in);
    switch (fuzz_byte(in) % 4) {
    case 0:
        return (int64_t)((uint64_t)number << 32);
    case 1:
        return -(int64_t)number;
    default:
        return (int64_t)number;
    }
}

static void make_change(struct change *c, struct fuzz_input *in) {
    const struct fuzz_input none = {NULL, 0};
    uint8_t kind = fuzz_byte(in) % 9;
    c->place = &places[fuzz_below(in, PLACES)];
    c->row = fuzz_below(in, 12);
    struct fuzz_input value = kind == 1 || kind == 2 ? fuzz_piece(in) : none;
    value.n = value.n < VALUE_MOST ? value.n : VALUE_MOST;
    /* A note that is no note any more cannot be told from none. */
    note_blind(c, is_of(c, "delivery", "note") && value.n == 0);
    switch (kind) {
    case 0:
        set(c, "?2", none, number_of(in), false);
        break;
    case 1:
    case 2:
        set(c, "?1", value, 0, kind == 1);
        break;
    case 3:
        set(c, "NULL", none, 0, false);
        break;
    case 4:
    case 5:
        damage(c, in);
        break;
    case 6:
        copy_from(c, fuzz_below(in, 12));
        break;
    case 7:
        multiply(c, fuzz_byte(in) % 80);
        break;
    default:
        drop_answer(c);
        break;
    }
}

static void change_store(const struct outbox_world *w, struct fuzz_input *in, struct change *c) {
    uint8_t n = fuzz_byte(in) % (CHANGES_MOST + 1);
    fuzz_must(sqlite3_open_v2(world_db(w), &c->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK,
              "world: open");
    for (uint8_t i = 0; i < n; i++) {
        make_change(c, in);
    }
    (void)sqlite3_close(c->db);
}

static int32_t one_job(struct session *s, uint8_t which) {
    static const struct {
        int32_t job;
        const char *path, *value;
    } jobs[] = {{SHK_JOB_DELIVER, NULL, NULL},
                {SHK_JOB_DELIVER, "outbox.action", "list"},
                {SHK_JOB_HISTORY, "history.action", "list"},
                {SHK_JOB_HISTORY, "history.action", "verify"},
                {SHK_JOB_STORE, "store.action", "show"},
                {SHK_JOB_STORE, "store.action", "purge"},
                {SHK_JOB_STORE, "store.action", "rotate"}};
    size_t n = sizeof jobs / sizeof jobs[0];
    return which % (n + 1) == n
               ? world_import(s, which / 8 % WORLD_ROWS)
               : world_job(s, jobs[which % (n + 1)].job, jobs[which % (n + 1)].path,
                           jobs[which % (n + 1)].value);
}

static int32_t run_jobs(struct outbox_world *w, const uint8_t *which, size_t n) {
    struct session *s = world_session(w);
    int32_t last = s != NULL ? SHK_OK : SHK_E_MEMORY;
    for (size_t i = 0; s != NULL && i < n; i++) {
        last = one_job(s, which[i]);
        fuzz_must(last == SHK_OK || fault_find(last) != NULL, "a fault has a known code");
    }
    if (s != NULL) {
        session_close(s);
    }
    return last;
}

static void judge(const struct outbox_world *w, const struct change *c, int32_t rc) {
    for (size_t i = 0; i < WORLD_ROWS; i++) {
        size_t n = world_documents(w, w->id[i]);
        fuzz_must(c->blind[i] || n <= 1, "nothing is delivered twice");
        fuzz_must(c->blind[i] || rc != SHK_OK || n == 1, "nothing is lost without a word");
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct change c = {0};
    fuzz_faults(false);
    struct outbox_world *w = world_new();
    const uint8_t jobs[3] = {fuzz_byte(&in), fuzz_byte(&in), fuzz_byte(&in)};
    change_store(w, &in, &c);
    fuzz_faults(true);
    (void)run_jobs(w, jobs, sizeof jobs);
    fuzz_faults(false);
    clock_fake_advance(&w->clock, LATER_MS);
    judge(w, &c, run_jobs(w, (const uint8_t[]){0}, 1));
    world_end(w);
    fuzz_faults(true);
}
