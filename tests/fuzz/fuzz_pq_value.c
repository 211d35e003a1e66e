/* A hostile server of PostgreSQL: every call ends, a lost connection is told as such, a commit that did not take place
 * is none, and no value of a wrong length for its type is taken. */
#include <string.h>

#include "db.h"
#include "fault.h"
#include "platform.h"
#include "pq_value.h"
#include "pq_world.h"
#include "shikaku/shikaku.h"

#define COMMANDS_MOST 8
#define BOOL          16
#define INT8          20
#define INT2          21
#define INT4          23
#define OID           26
#define NUMERIC       1700

/* How many bytes a number of that type has; 0: another number of them, or no number. */
static size_t length_of(uint32_t type) {
    return type == BOOL                  ? 1
           : type == INT2                ? 2
           : type == INT4 || type == OID ? 4
           : type == INT8                ? 8
                                         : 0;
}

static void judge_digits(const uint8_t *p, size_t n) {
    for (size_t i = 8; i + 1 < n; i += 2) {
        fuzz_must((p[i] << 8 | p[i + 1]) < 10000, "a digit of base 10000");
    }
}

static void one_value(struct fuzz_input *in) {
    uint32_t type = fuzz_byte(in) < 128 ? INT8 : NUMERIC;
    type = fuzz_byte(in) % 2 == 0 ? type : fuzz_number(in) % 2048;
    struct db_value v;
    struct fuzz_input bytes = fuzz_bytes(in, fuzz_byte(in));
    if (!pq_value_take(type, bytes.p, bytes.n, &v)) {
        return;
    }
    size_t length = length_of(type);
    fuzz_must(length == 0 || bytes.n == length, "a number has its length");
    fuzz_must((v.type == DB_INT) == (length > 0 || type == NUMERIC), "a number is a number");
    fuzz_must(v.type == DB_INT || (v.p == bytes.p && v.n == bytes.n),
              "other bytes stay as they are");
    if (type == NUMERIC) {
        judge_digits(bytes.p, bytes.n);
    }
    if (type == INT8) {
        uint8_t number[PQ_NUMBER_SIZE];
        const char *p = NULL;
        size_t n = 0;
        fuzz_must(pq_value_give(&v, number, &p, &n) == INT8 && n == length &&
                      memcmp(p, bytes.p, n) == 0,
                  "a number goes back as it came");
    }
}

static int32_t take_row(void *self, const struct db_value *values, size_t n, struct fault *why) {
    uint64_t sum = 0;
    (void)why;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; values[i].type != DB_INT && k < values[i].n; k++) {
            sum += values[i].p[k];
        }
    }
    *(uint64_t *)self += sum;
    return SHK_OK;
}

static int32_t command(void *db, uint8_t which, struct fault *why) {
    static const uint8_t blob[] = {1, 0, 2};
    uint64_t sum = 0;
    int64_t changed = 0;
    const struct db_rows rows = {take_row, &sum};
    const struct db_value values[] = {db_int(-1), db_null(), db_bytes(blob, sizeof blob)};
    switch (which % 6) {
    case 0:
    case 1:
        return db_postgres.run(db, "SELECT $1, $2, $3", values, 3, &rows, NULL, why);
    case 2:
        return db_postgres.run(db, "DELETE FROM t", NULL, 0, NULL, &changed, why);
    case 3:
        return db_postgres.begin(db, why);
    case 4:
        return db_postgres.commit(db, why);
    default:
        db_postgres.rollback(db);
        return SHK_OK;
    }
}

static void talk(struct pq_world *w, void *db, struct fuzz_input commands) {
    for (int i = 0; i < COMMANDS_MOST && commands.n > 0; i++) {
        struct fault why = {0};
        uint8_t which = fuzz_byte(&commands);
        uint64_t before = w->calls;
        int32_t rc = command(db, which, &why);
        bool asked = w->calls > before;
        w->calls = 0;
        fuzz_must(rc == SHK_OK || fault_find(rc) != NULL, "a fault has a known code");
        fuzz_must(which % 6 == 5 || !w->lost || rc != SHK_OK, "a lost connection gives nothing");
        fuzz_must(which % 6 > 3 || !w->lost || !asked || rc == SHK_E_STORE_DOWN,
                  "a lost connection is told as such");
        fuzz_must(which % 6 != 4 || rc != SHK_OK || (w->committed && !w->error),
                  "a commit took place");
        fuzz_must(which % 6 == 5 || !asked || !w->error || rc != SHK_OK, "an error is told");
    }
}

static void serve(struct pq_world *w, struct fuzz_input commands) {
    const struct db_settings settings = {.connection = "host=db", .busy_ms = PQ_WORLD_BUSY_MS};
    struct fault why = {0};
    void *db = NULL;
    int32_t rc = db_postgres.open(NULL, &settings, &db, &why);
    fuzz_must((rc == SHK_OK) == (db != NULL), "a connection, or a fault");
    fuzz_must(rc != SHK_OK || !w->lost, "a lost connection is none");
    w->calls = 0;
    if (rc == SHK_OK) {
        talk(w, db, commands);
    }
    db_postgres.close(db);
    fuzz_must(w->connections == 0 && w->results == 0, "everything is given back");
}

/* The first piece: 'V' and a value, or commands for a connection whose server is the rest. */
void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct pq_world w;
    if (n > 0 && p[0] == 'V') {
        (void)fuzz_byte(&in);
        one_value(&in);
        return;
    }
    struct fuzz_input commands = fuzz_piece(&in);
    pq_world_begin(&w, in);
    serve(&w, commands);
}
