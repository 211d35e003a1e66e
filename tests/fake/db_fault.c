#include "db_fault.h"

static struct {
    const struct db_ops *real;
    struct db_ops ops;
    enum db_fault_kind kind;
    int64_t at, calls;
    bool happened, away; /* away: only close is of use */
} world;

/* Whether this is the call; counts it. */
static bool is_now(void) {
    world.calls++;
    if (world.kind == DB_FAULT_KILLED && world.happened) {
        return true;
    }
    bool now = world.kind != DB_FAULT_NONE && world.calls == world.at;
    world.happened = world.happened || now;
    return now;
}

static int32_t down(struct fault *why) {
    world.away = true;
    return fault_set(why, SHK_E_STORE_DOWN, SHK_NATIVE_SQL, 1, NULL);
}

static int32_t fail(struct fault *why) {
    return world.kind == DB_FAULT_STATEMENT
               ? fault_set(why, SHK_E_STORE_FAILED, SHK_NATIVE_SQL, 1, NULL)
               : down(why);
}

static int32_t fault_open(void *self, const struct db_settings *settings, void **db,
                          struct fault *why) {
    *db = NULL;
    if (is_now()) {
        return fail(why);
    }
    world.away = false;
    return world.real->open(self, settings, db, why);
}

static int32_t fault_run(void *db, const char *sql, const struct db_value *values, size_t n,
                         const struct db_rows *rows, int64_t *changed, struct fault *why) {
    if (world.away || !is_now()) {
        return world.away ? down(why) : world.real->run(db, sql, values, n, rows, changed, why);
    }
    if (world.kind == DB_FAULT_ANSWER_LOST) {
        (void)world.real->run(db, sql, values, n, NULL, NULL, NULL);
    }
    return fail(why);
}

static int32_t fault_begin(void *db, struct fault *why) {
    if (world.away || is_now()) {
        return world.away ? down(why) : fail(why);
    }
    return world.real->begin(db, why);
}

static int32_t fault_commit(void *db, struct fault *why) {
    if (world.away || !is_now()) {
        return world.away ? down(why) : world.real->commit(db, why);
    }
    if (world.kind == DB_FAULT_ANSWER_LOST) {
        (void)world.real->commit(db, NULL);
    } else {
        world.real->rollback(db);
    }
    return fail(why);
}

static void fault_rollback(void *db) {
    world.real->rollback(db);
}

static void fault_close(void *db) {
    world.real->close(db);
}

const struct db_ops *db_fault_before(const struct db_ops *real) {
    world.real = real;
    world.ops = (struct db_ops){.kind = real->kind,
                                .open = fault_open,
                                .run = fault_run,
                                .begin = fault_begin,
                                .commit = fault_commit,
                                .rollback = fault_rollback,
                                .close = fault_close};
    db_fault_set(DB_FAULT_NONE, 0);
    return &world.ops;
}

void db_fault_set(enum db_fault_kind kind, int64_t at) {
    world.kind = kind;
    world.at = at;
    world.calls = 0;
    world.happened = false;
    world.away = false;
}

int64_t db_fault_calls(void) {
    return world.calls;
}

bool db_fault_happened(void) {
    return world.happened;
}
