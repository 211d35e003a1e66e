#include "store_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform.h"
#include "store_parts.h"

static struct bytes said;

/* Where a server is tried again nothing is waited for; the clock moves on by being looked at. */
void __wrap_thread_sleep(int32_t ms); /* NOLINT(bugprone-reserved-identifier) */
void __wrap_thread_sleep(int32_t ms) {
    const struct timespec moment = {.tv_nsec = ms > 20 ? 1000000 : 10000000};
    (void)nanosleep(&moment, NULL);
}

bool stage_is_postgres(void) {
    return getenv("SHIKAKU_PG_CONNECTION") != NULL;
}

static const struct db_ops *real_ops(void) {
    return stage_is_postgres() ? &db_postgres : &db_sqlite;
}

static void *connect_raw(struct store_stage *s, const struct db_settings *settings) {
    void *db = NULL;
    fault_clear(&s->why);
    int32_t rc = real_ops()->open(NULL, settings, &db, &s->why);
    assert_int_equal(rc, SHK_OK);
    return db;
}

static void make_schema(struct store_stage *s) {
    static unsigned made;
    char sql[128];
    const char *local = getenv("SHIKAKU_PG_LOCAL");
    const char *connection = local != NULL ? local : getenv("SHIKAKU_PG_CONNECTION");
    const struct db_settings settings = {.connection = connection, .busy_ms = STAGE_BUSY_MS};
    text_format(s->schema, sizeof s->schema, "store_%ld_%u", (long)getpid(), made++);
    text_format(sql, sizeof sql, "CREATE SCHEMA %s", s->schema);
    s->raw = connect_raw(s, &settings);
    assert_int_equal(db_postgres.run(s->raw, sql, NULL, 0, NULL, NULL, &s->why), SHK_OK);
    text_format(sql, sizeof sql, "SET search_path = %s", s->schema);
    assert_int_equal(db_postgres.run(s->raw, sql, NULL, 0, NULL, NULL, &s->why), SHK_OK);
    text_format(s->connection, sizeof s->connection, "%s options='-csearch_path=%s'", connection,
                s->schema);
}

void stage_init(struct store_stage *s) {
    memset(s, 0, sizeof *s);
    assert_true(temp_folder_make(&s->folder));
    clock_fake_init(&s->clock);
    s->clock.step_ms = 5;
    s->env = (struct env){.clock = &clock_fake_ops,
                          .clock_self = &s->clock,
                          .files = &platform_files,
                          .random = &platform_random,
                          .sqlite = db_fault_before(real_ops())};
    s->env.postgres = s->env.sqlite;
    text_format(s->db_path, sizeof s->db_path, "%s/data/store.db", s->folder.path);
    text_format(s->key_path, sizeof s->key_path, "%s/data/store.key", s->folder.path);
    s->settings = (struct store_settings){
        .kind = real_ops()->kind,
        .db = {.path = s->db_path, .connection = s->connection, .busy_ms = STAGE_BUSY_MS},
        .key_file = s->key_path,
        .machine = "受付1",
        .down_ms = 1000,
        .keep_days = 100,
        .lease_s = 300};
    if (stage_is_postgres()) {
        make_schema(s);
    }
}

struct store *stage_open(struct store_stage *s) {
    struct store *store = NULL;
    fault_clear(&s->why);
    int32_t rc = store_open(&s->env, &s->settings, &store, &s->why);
    assert_int_equal(rc, SHK_OK);
    return store;
}

void stage_up(struct store_stage *s) {
    stage_init(s);
    s->store = stage_open(s);
}

void stage_reopen(struct store_stage *s) {
    store_close(&s->store);
    s->store = stage_open(s);
}

int32_t stage_try_open(struct store_stage *s) {
    struct store *store = NULL;
    fault_clear(&s->why);
    int32_t rc = store_open(&s->env, &s->settings, &store, &s->why);
    assert_int_equal(rc, s->why.code);
    assert_true((store != NULL) == (rc == SHK_OK));
    store_close(&store);
    return rc;
}

void stage_down(struct store_stage *s) {
    struct temp_folder data;
    store_close(&s->store);
    real_ops()->close(s->raw);
    bytes_clear(&said);
    text_format(data.path, sizeof data.path, "%s/data", s->folder.path);
    temp_folder_remove(&data);
    temp_folder_remove(&s->folder);
}

static int32_t now_steps(struct store *store, void *self, struct fault *why) {
    return store_now(store, self, why);
}

int64_t stage_now(struct store_stage *s) {
    int64_t now_s = 0;
    assert_int_equal(store_read(s->store, now_steps, &now_s, &s->why), SHK_OK);
    return now_s;
}

static int32_t keep_value(void *self, const struct db_value *values, size_t n, struct fault *why) {
    struct bytes *value = self;
    char number[32];
    (void)why;
    assert_int_equal(n, 1);
    if (values[0].type == DB_INT) {
        text_format(number, sizeof number, "%lld", (long long)values[0].number);
        return bytes_append_text(value, number);
    }
    return values[0].n > 0 ? bytes_append(value, values[0].p, values[0].n) : SHK_OK;
}

struct bytes stage_value(struct store_stage *s, const char *sql) {
    struct bytes value = {0};
    const struct db_rows rows = {keep_value, &value};
    /* A further opening of SQLite's file would change when its log goes. */
    void *db = s->raw != NULL ? s->raw : connect_raw(s, &s->settings.db);
    assert_int_equal(real_ops()->run(db, sql, NULL, 0, &rows, NULL, &s->why), SHK_OK);
    if (db != s->raw) {
        real_ops()->close(db);
    }
    return value;
}

int64_t stage_number(struct store_stage *s, const char *sql) {
    int64_t number = 0;
    struct bytes value = stage_value(s, sql);
    assert_true(text_to_int64(bytes_text(&value), value.n, &number));
    bytes_clear(&value);
    return number;
}

void stage_sql(struct store_stage *s, const char *sql) {
    struct bytes value = stage_value(s, sql);
    bytes_clear(&value);
}

static void tag_of(char out[TAG_LEN], const char *word, int number, size_t plan) {
    text_format(out, TAG_LEN, "%s%d-%u", word, number, (unsigned)plan);
}

void stage_answer(struct store_stage *s, struct stage_answer *a, int number, size_t plans) {
    static const char frozen[] = "凍結：" STAGE_NAME;
    *a = (struct stage_answer){.n = plans};
    text_format(a->answer.id, sizeof a->answer.id, "answer-%d", number);
    a->answer.at_s = stage_now(s);
    a->answer.source = "gateway";
    tag_of(a->answer.person, "person", number, 0);
    a->answer.frozen = (const uint8_t *)frozen;
    a->answer.frozen_n = sizeof frozen - 1;
    for (size_t i = 0; i < plans; i++) {
        struct outbox_plan *plan = &a->plan[i];
        text_format(plan->id, sizeof plan->id, "answer-%d-%u", number, (unsigned)i + 1);
        tag_of(plan->target, "target", 0, i);
        tag_of(plan->key, "key", number, i);
        plan->record = 1;
    }
    a->facts[0] = (struct history_fact){"name", STAGE_NAME};
    a->facts[1] = (struct history_fact){"name_kana", STAGE_KANA};
    a->facts[2] = (struct history_fact){"route", "gateway"};
    a->entry = (struct history_entry){
        .at_s = a->answer.at_s, .kind = HISTORY_CHECK, .facts = a->facts, .n = 3};
    memcpy(a->entry.person, a->answer.person, sizeof a->entry.person);
}

int32_t stage_take(struct store_stage *s, struct stage_answer *a) {
    fault_clear(&s->why);
    return outbox_take(s->store, &a->answer, a->plan, a->n, &a->entry, &s->why);
}

void stage_taken(struct store_stage *s, struct stage_answer *a, int number, size_t plans) {
    stage_answer(s, a, number, plans);
    assert_int_equal(stage_take(s, a), SHK_OK);
}

int32_t stage_claim(struct store_stage *s, struct store *store, const char *id) {
    struct outbox_row row;
    struct bytes document = {0};
    fault_clear(&s->why);
    int32_t rc = outbox_claim(store, id, &row, &document, &s->why);
    assert_int_equal(rc, s->why.code);
    assert_string_equal(row.id, rc == SHK_OK ? id : "");
    bytes_clear(&document);
    return rc;
}

int32_t stage_done(struct store_stage *s, struct store *store, const char *id) {
    const struct history_fact facts[] = {{"adapter", "folder"}, {"patient_id", "99010001"}};
    const struct history_entry entry = {.kind = HISTORY_DELIVERED, .facts = facts, .n = 2};
    fault_clear(&s->why);
    return outbox_done(store, id, "見本.csv", &entry, &s->why);
}

static int32_t write_row(void *self, const struct outbox_row *row, struct fault *why) {
    char line[700];
    (void)self;
    (void)why;
    text_format(line, sizeof line, "%s %d %d %d %d %s;", row->id, (int)row->state, row->attempts,
                row->last, row->claimed ? 1 : 0, row->note);
    return bytes_append_text(&said, line);
}

const char *stage_outbox(struct store_stage *s, bool all) {
    bytes_clear(&said);
    fault_clear(&s->why);
    assert_int_equal(outbox_list(s->store, all, write_row, NULL, &s->why), SHK_OK);
    return bytes_text(&said);
}

struct wanted {
    const char *id;
    struct outbox_row row;
};

static int32_t find_row(void *self, const struct outbox_row *row, struct fault *why) {
    struct wanted *wanted = self;
    (void)why;
    if (text_equal(row->id, wanted->id)) {
        wanted->row = *row;
    }
    return SHK_OK;
}

struct outbox_row stage_row(struct store_stage *s, const char *id) {
    struct wanted wanted = {.id = id};
    fault_clear(&s->why);
    assert_int_equal(outbox_list(s->store, true, find_row, &wanted, &s->why), SHK_OK);
    assert_string_equal(wanted.row.id, id);
    return wanted.row;
}

int64_t stage_broken(struct store_stage *s, int64_t entries) {
    struct history_state state;
    char number[24];
    fault_clear(&s->why);
    int32_t rc = history_verify(s->store, &state, &s->why);
    assert_int_equal(rc, state.broken == 0 ? SHK_OK : SHK_E_HISTORY_BROKEN);
    if (state.broken != 0) {
        text_format(number, sizeof number, "%lld", (long long)state.broken);
        assert_string_equal(s->why.where, number);
    }
    assert_int_equal(state.entries, entries);
    return state.broken;
}

void stage_append(struct store_stage *s, int64_t at_s, const char *decision) {
    const struct history_fact facts[] = {{"decision", decision}, {"name", STAGE_NAME}};
    struct history_entry entry = {.at_s = at_s, .kind = HISTORY_DECIDED, .facts = facts, .n = 2};
    text_copy(entry.person, sizeof entry.person, "person-of-decision");
    fault_clear(&s->why);
    assert_int_equal(history_append(s->store, &entry, &s->why), SHK_OK);
}

static int32_t write_entry(void *self, const struct history_entry *entry, struct fault *why) {
    char line[128];
    (void)self;
    (void)why;
    text_format(line, sizeof line, "%lld %s %s %s;", (long long)entry->seq,
                history_kind_name(entry->kind), entry->answer, entry->delivery);
    return bytes_append_text(&said, line);
}

const char *stage_history(struct store_stage *s) {
    const struct history_filter all = {0};
    bytes_clear(&said);
    fault_clear(&s->why);
    assert_int_equal(history_list(s->store, &all, write_entry, NULL, &s->why), SHK_OK);
    return bytes_text(&said);
}
