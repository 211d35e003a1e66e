#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "db_stage.h"
#include "pg_server.h"
#include "pq_state.h"
#include "thread.h"

#define BUSY_MS       1200  /* where nobody answers */
#define PATIENT_MS    30000 /* where the server answers, when the machine lets it */
#define SOON_MS       20000 /* BUSY_MS, what is added to it, and a busy machine */
#define SHORT_MS      4000  /* where it answers, and then keeps us waiting */
#define SHORT_SOON_MS (SHORT_MS * 3 / 2 + SOON_MS)

static struct db_stage s;

static int set_up(void **state) {
    (void)state;
    return db_stage_up(&s, DB_POSTGRES) &&
                   db_stage_say(&s, "CREATE TABLE item (id BIGINT PRIMARY KEY, word TEXT)") ==
                       SHK_OK
               ? 0
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    pg_server_restore();
    db_stage_down(&s);
    return 0;
}

static int32_t try_within(const char *connection, const char *library, int32_t busy_ms) {
    void *db = NULL;
    const struct db_settings settings = {
        .connection = connection, .library = library, .busy_ms = busy_ms};
    fault_clear(&s.why);
    int64_t begun = db_stage_now();
    int32_t rc = db_postgres.open(NULL, &settings, &db, &s.why);
    assert_true((db != NULL) == (rc == SHK_OK));
    assert_true(db_stage_now() - begun < busy_ms + SOON_MS);
    assert_null(strstr(s.why.where, "password"));
    assert_null(strstr(s.why.where, "secret"));
    db_postgres.close(db);
    return rc;
}

static int32_t try_open(const char *connection, const char *library) {
    return try_within(connection, library, PATIENT_MS);
}

static const char *connection_with(const char *more) {
    static char connection[1000];
    text_format(connection, sizeof connection, "%s %s", pg_server_connection(), more);
    return connection;
}

static int32_t try_with(const char *more) {
    return try_open(connection_with(more), NULL);
}

/* To a server that gives no answer, or none in time. */
static int32_t try_in_vain(const char *more) {
    return try_within(connection_with(more), NULL, BUSY_MS);
}

/* Raises any SQLSTATE in the server. */
static int32_t raise_state(const char *state) {
    char sql[200];
    text_format(sql, sizeof sql, "DO $$ BEGIN RAISE EXCEPTION '見本' USING ERRCODE = '%s'; END $$",
                state);
    return db_stage_say(&s, sql);
}

static int64_t took(int64_t begun) {
    return db_stage_now() - begun;
}

/* With this patience, and a row. */
static void *open_with(int32_t busy_ms) {
    s.busy_ms = busy_ms;
    void *db = db_stage_open(&s);
    assert_non_null(db);
    assert_int_equal(db_stage_run(&s, db, "INSERT INTO item VALUES (1, 'a')", NULL, 0), SHK_OK);
    return db;
}

static void *open_short(void) {
    return open_with(SHORT_MS);
}

static int32_t run_on(void *db, const char *sql) {
    return db_stage_run(&s, db, sql, NULL, 0);
}

static void the_session_has_its_settings(void **state) {
    (void)state;
    static const struct {
        const char *sql, *rows;
    } wanted[] = {
        {"SHOW client_encoding", "UTF8;"},
        {"SHOW application_name", "shikaku;"},
        {"SHOW synchronous_commit", "on;"},
        {"SHOW lock_timeout", "30s;"},
        {"SHOW statement_timeout", "37600ms;"},
        {"SHOW idle_in_transaction_session_timeout", "1min;"},
        {"SHOW transaction_isolation", "read committed;"},
        {"SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", "1;"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_true(db_stage_gives(&s, wanted[i].sql, wanted[i].rows));
    }
    assert_int_equal(try_open(pg_server_local(), NULL), SHK_OK);
}

static void a_login_that_is_refused_is_told(void **state) {
    (void)state;
    assert_int_equal(try_with("password=secret-wrong"), SHK_E_STORE_LOGIN);
    assert_int_equal(s.why.native_kind, SHK_NATIVE_SQL);
    assert_int_equal(s.why.native, pq_state_number("28P01"));
    assert_string_equal(s.why.where, "28P01");
    assert_int_equal(try_with("user=nobody_here"), SHK_E_STORE_LOGIN);
    assert_int_equal(try_with("password=''"), SHK_E_STORE_LOGIN);
    assert_int_equal(try_with("dbname=not_there"), SHK_E_STORE_OPEN);
    assert_string_equal(s.why.where, "3D000");
}

static void a_connection_string_that_is_none_is_told(void **state) {
    (void)state;
    static const char *const texts[] = {NULL, "", "clinic secret", "host=127.0.0.1 nonsense=secret",
                                        "password='secret"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(try_open(texts[i], NULL), SHK_E_STORE_OPEN);
        assert_string_equal(s.why.where, "store.connection");
    }
}

static int listen_mute(int *port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void a_server_that_cannot_be_reached_is_told_in_time(void **state) {
    (void)state;
    char more[64];
    int port = 0;
    assert_int_equal(try_in_vain("host=unknown.invalid"), SHK_E_STORE_DOWN);
    assert_int_equal(try_in_vain("port=1"), SHK_E_STORE_DOWN);
    assert_int_equal(try_in_vain("host=/nowhere"), SHK_E_STORE_DOWN);
    int fd = listen_mute(&port);
    text_format(more, sizeof more, "port=%d", port);
    int64_t begun = db_stage_now();
    assert_int_equal(try_in_vain(more), SHK_E_STORE_DOWN);
    assert_true(took(begun) >= BUSY_MS - 100);
    close(fd);
    assert_int_equal(try_with("sslrootcert=/dev/null"), SHK_E_STORE_DOWN);
}

static void a_look_up_that_hangs_is_left_behind(void **state) {
    (void)state;
    void *library = dlopen(PQ_SLOW, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    atomic_bool *go_on = dlsym(library, "pq_slow_go_on");
    assert_non_null(go_on);
    int64_t begun = db_stage_now();
    assert_int_equal(try_within(pg_server_connection(), PQ_SLOW, BUSY_MS), SHK_E_STORE_DOWN);
    assert_true(took(begun) >= BUSY_MS - 100);
    atomic_store(go_on, true); /* its thread, which is still in the library, ends by itself */
}

static void the_library_may_be_missing(void **state) {
    (void)state;
    assert_int_equal(try_open(pg_server_connection(), "/nowhere/libpq.so.5"), SHK_E_STORE_LIBRARY);
    assert_int_equal(try_open(pg_server_connection(), "libm.so.6"), SHK_E_STORE_LIBRARY);
    assert_int_equal(try_open(pg_server_connection(), PQ_OLD), SHK_E_STORE_LIBRARY);
    assert_int_equal(try_open(pg_server_connection(), "libpq.so.5"), SHK_OK);
}

static void an_encoding_that_lacks_characters_is_refused(void **state) {
    (void)state;
    assert_int_equal(db_stage_say(&s, "DROP DATABASE IF EXISTS old"), SHK_OK);
    assert_int_equal(db_stage_say(&s, "CREATE DATABASE old ENCODING 'EUC_JP' TEMPLATE template0"),
                     SHK_OK);
    assert_int_equal(try_with("dbname=old"), SHK_E_STORE_OPEN);
    assert_string_equal(s.why.where, "server_encoding");
}

static void what_the_server_says_has_its_code(void **state) {
    (void)state;
    static const struct {
        const char *state;
        int32_t code;
    } said[] = {
        {"53100", SHK_E_STORE_FULL},   {"55P03", SHK_E_STORE_LOCKED}, {"40001", SHK_E_STORE_LOCKED},
        {"40P01", SHK_E_STORE_LOCKED}, {"23505", SHK_E_FILE_EXISTS},  {"57014", SHK_E_STORE_LOCKED},
        {"XX001", SHK_E_STORE_BROKEN}, {"23514", SHK_E_STORE_FAILED}, {"42501", SHK_E_STORE_LOGIN},
        {"08P01", SHK_E_STORE_FAILED},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        assert_int_equal(raise_state(said[i].state), said[i].code);
        assert_int_equal(s.why.native_kind, SHK_NATIVE_SQL);
        assert_int_equal(s.why.native, pq_state_number(said[i].state));
        assert_memory_equal(s.why.where, said[i].state, 5);
        assert_int_equal(s.ops->begin(s.db, NULL), SHK_OK);
        s.ops->rollback(s.db);
    }
    assert_int_equal(raise_state("25006"), SHK_E_STORE_DOWN);
    assert_int_equal(db_stage_say(&s, "SELECT 1"), SHK_E_STORE_DOWN);
}

static void a_state_is_read_in_base_36(void **state) {
    (void)state;
    char found[6];
    assert_int_equal(pq_state_number("00001"), 1);
    assert_int_equal(pq_state_number("0000Z"), 35);
    assert_int_equal(pq_state_number("ZZZZZ"), 60466175);
    assert_int_equal(pq_state_number(""), 0);
    assert_int_equal(pq_state_number("abcde"), 0);
    assert_int_equal(pq_state_number("123456"), 0);
    assert_int_equal(pq_state_code(""), SHK_E_STORE_FAILED);
    pq_state_of_message("connection to server failed: FATAL:  28P01\n", found);
    assert_string_equal(found, "28P01");
    pq_state_of_message("could not connect: Connection refused\n", found);
    assert_string_equal(found, "");
    pq_state_of_message("", found);
    assert_string_equal(found, "");
}

static void a_type_that_nothing_holds_is_a_fault(void **state) {
    (void)state;
    static const char *const sql[] = {"SELECT now()", "SELECT 1.5::float8", "SELECT 1.5",
                                      "SELECT 'NaN'::numeric", "SELECT 9223372036854775808"};
    for (size_t i = 0; i < sizeof sql / sizeof sql[0]; i++) {
        assert_int_equal(db_stage_say(&s, sql[i]), SHK_E_STORE_FAILED);
        assert_string_equal(s.why.where, "column");
    }
    assert_true(db_stage_gives(&s,
                               "SELECT 9223372036854775807::numeric, 10000.00::numeric, 0::numeric",
                               "9223372036854775807|10000|0;"));
    assert_true(db_stage_gives(&s, "SELECT true, false, 7::int2, (-7)::int2", "1|0|7|-7;"));
    assert_true(db_stage_gives(&s, "SELECT current_user, extract(epoch FROM now())::bigint > 0",
                               "shikaku|1;"));
    assert_int_not_equal(db_stage_say(&s, "COPY item TO STDOUT"), SHK_OK);
}

static void a_statement_that_takes_too_long_is_ended_by_the_server(void **state) {
    (void)state;
    /* Between the server's limit and ours lies a quarter of this: the time that its word has. */
    void *db = open_with(3 * SHORT_MS);
    int64_t begun = db_stage_now();
    assert_int_equal(run_on(db, "SELECT pg_sleep(60)::text"), SHK_E_STORE_LOCKED);
    assert_in_range(took(begun), 3 * SHORT_MS, 3 * SHORT_MS + SOON_MS);
    assert_int_equal(run_on(db, "SELECT id FROM item"), SHK_OK);
    s.ops->close(db);
}

static atomic_bool theirs_held;

static void cross_over(void *self) {
    int32_t *rc = self;
    void *db = NULL;
    const struct db_settings settings = {.connection = pg_server_connection(),
                                         .busy_ms = PATIENT_MS};
    *rc = db_postgres.open(NULL, &settings, &db, NULL);
    *rc = *rc == SHK_OK ? db_postgres.begin(db, NULL) : *rc;
    *rc = *rc == SHK_OK ? db_postgres.run(db, "UPDATE item SET word = 'x' WHERE id = 2", NULL, 0,
                                          NULL, NULL, NULL)
                        : *rc;
    atomic_store(&theirs_held, true);
    *rc = *rc == SHK_OK ? db_postgres.run(db, "UPDATE item SET word = 'x' WHERE id = 1", NULL, 0,
                                          NULL, NULL, NULL)
                        : *rc;
    *rc = *rc == SHK_OK ? db_postgres.commit(db, NULL) : *rc;
    db_postgres.close(db);
}

static void two_that_wait_for_each_other_are_parted(void **state) {
    (void)state;
    int32_t theirs = SHK_OK, ours = SHK_OK;
    s.ops->close(s.db);
    s.busy_ms = PATIENT_MS;
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_int_equal(db_stage_say(&s, "INSERT INTO item VALUES (1, 'a'), (2, 'a')"), SHK_OK);
    assert_int_equal(s.ops->begin(s.db, NULL), SHK_OK);
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'y' WHERE id = 1"), SHK_OK);
    struct thread *t = thread_start(cross_over, &theirs);
    assert_non_null(t);
    while (!atomic_load(&theirs_held)) {
        thread_sleep(10);
    }
    ours = db_stage_say(&s, "UPDATE item SET word = 'y' WHERE id = 2");
    if (ours == SHK_OK) {
        ours = s.ops->commit(s.db, NULL);
    } else {
        s.ops->rollback(s.db);
    }
    assert_true(thread_join(t, 2 * PATIENT_MS));
    assert_true((ours == SHK_OK && theirs == SHK_E_STORE_LOCKED) ||
                (ours == SHK_E_STORE_LOCKED && theirs == SHK_OK));
}

static void is_down(void *db) {
    assert_int_equal(run_on(db, "SELECT 1"), SHK_E_STORE_DOWN);
    assert_int_equal(s.ops->begin(db, NULL), SHK_E_STORE_DOWN);
    assert_int_equal(s.ops->commit(db, NULL), SHK_E_STORE_DOWN);
    s.ops->rollback(db);
    s.ops->close(db);
}

static void a_server_that_goes_away_takes_the_transaction_along(void **state) {
    (void)state;
    void *db = open_short();
    assert_int_equal(s.ops->begin(db, NULL), SHK_OK);
    assert_int_equal(run_on(db, "INSERT INTO item VALUES (2, 'b')"), SHK_OK);
    pg_server_do("stop");
    int64_t begun = db_stage_now();
    assert_int_equal(run_on(db, "INSERT INTO item VALUES (3, 'c')"), SHK_E_STORE_DOWN);
    assert_true(took(begun) < SHORT_SOON_MS);
    is_down(db);
    assert_int_equal(try_in_vain(""), SHK_E_STORE_DOWN);
    pg_server_do("start");
    assert_int_equal(db_stage_say(&s, "SELECT 1"), SHK_E_STORE_DOWN);
    s.ops->close(s.db);
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_true(db_stage_gives(&s, "SELECT id FROM item", "1;"));
}

static void a_commit_may_find_nobody(void **state) {
    (void)state;
    void *db = open_short();
    assert_int_equal(s.ops->begin(db, NULL), SHK_OK);
    assert_int_equal(run_on(db, "INSERT INTO item VALUES (2, 'b')"), SHK_OK);
    pg_server_do("stop");
    assert_int_equal(s.ops->commit(db, &s.why), SHK_E_STORE_DOWN);
    is_down(db);
}

static void a_server_that_came_back_is_another(void **state) {
    (void)state;
    void *db = open_short();
    pg_server_do("restart");
    assert_int_equal(run_on(db, "INSERT INTO item VALUES (2, 'b')"), SHK_E_STORE_DOWN);
    is_down(db);
    assert_int_equal(try_with(""), SHK_OK);
}

static void a_server_that_stands_still_does_not_hold_us(void **state) {
    (void)state;
    void *db = open_short();
    assert_int_equal(s.ops->begin(db, NULL), SHK_OK);
    assert_int_equal(run_on(db, "UPDATE item SET word = 'held' WHERE id = 1"), SHK_OK);
    pg_server_do("freeze");
    int64_t begun = db_stage_now();
    assert_int_equal(s.ops->commit(db, &s.why), SHK_E_STORE_DOWN);
    assert_in_range(took(begun), SHORT_MS, SHORT_SOON_MS);
    is_down(db);
    assert_int_equal(try_in_vain(""), SHK_E_STORE_DOWN);
    assert_int_equal(try_within(pg_server_local(), NULL, BUSY_MS), SHK_E_STORE_DOWN);
    pg_server_do("thaw");
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'free' WHERE id = 1"), SHK_OK);
    assert_int_equal(s.changed, 1);
}

static void a_transaction_that_stands_still_loses_its_locks(void **state) {
    (void)state;
    void *db = open_short();
    assert_int_equal(s.ops->begin(db, NULL), SHK_OK);
    assert_int_equal(run_on(db, "UPDATE item SET word = 'held' WHERE id = 1"), SHK_OK);
    /* The last: from now on it counts how long we do nothing. */
    assert_int_equal(run_on(db, "SET idle_in_transaction_session_timeout = 300"), SHK_OK);
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'free' WHERE id = 1"), SHK_OK);
    assert_int_equal(s.ops->commit(db, NULL), SHK_E_STORE_DOWN);
    s.ops->close(db);
}

static void wait_for_row(void *self) {
    struct fault own = {0};
    void *db = self;
    int32_t rc =
        db_postgres.run(db, "UPDATE item SET word = 'b' WHERE id = 1", NULL, 0, NULL, NULL, &own);
    db_postgres.close(db);
    s.changed = rc;
}

static void a_statement_that_waits_hears_of_the_end(void **state) {
    (void)state;
    assert_int_equal(db_stage_say(&s, "INSERT INTO item VALUES (1, 'a')"), SHK_OK);
    assert_int_equal(s.ops->begin(s.db, NULL), SHK_OK);
    assert_int_equal(db_stage_say(&s, "UPDATE item SET word = 'held' WHERE id = 1"), SHK_OK);
    s.busy_ms = 2 * PATIENT_MS;
    void *db = db_stage_open(&s);
    assert_non_null(db);
    s.changed = SHK_OK;
    struct thread *t = thread_start(wait_for_row, db);
    assert_non_null(t);
    assert_false(thread_join(t, 200));
    pg_server_do("stop");
    assert_true(thread_join(t, SOON_MS));
    assert_int_equal(s.changed, SHK_E_STORE_DOWN);
}

static void nothing_is_said_to_the_host(void **state) {
    (void)state;
    struct stat st;
    int said = open(temp_path(&s.folder, "said"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int before = dup(STDERR_FILENO);
    assert_true(said >= 0 && before >= 0);
    assert_true(dup2(said, STDERR_FILENO) >= 0);
    int32_t rc = db_stage_say(&s, "SET client_min_messages = notice");
    int32_t warned = db_stage_say(&s, "DO $$ BEGIN RAISE WARNING 'a word'; END $$");
    int32_t refused = try_with("password=secret-wrong");
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    assert_int_equal(fstat(said, &st), 0);
    close(said);
    close(before);
    assert_int_equal(rc, SHK_OK);
    assert_int_equal(warned, SHK_OK);
    assert_int_equal(refused, SHK_E_STORE_LOGIN);
    assert_int_equal(st.st_size, 0);
}

static void the_signals_of_the_host_stay_as_they_are(void **state) {
    (void)state;
    struct sigaction before, after;
    sigset_t mask, still, pending;
    assert_int_equal(sigaction(SIGPIPE, NULL, &before), 0);
    assert_true(before.sa_handler == SIG_DFL);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    void *db = open_short();
    pg_server_do("stop");
    /* The first write meets a closed socket. */
    assert_int_equal(run_on(db, "SELECT 1"), SHK_E_STORE_DOWN);
    assert_int_equal(db_stage_say(&s, "SELECT 1"), SHK_E_STORE_DOWN);
    s.ops->close(db);
    assert_int_equal(sigaction(SIGPIPE, NULL, &after), 0);
    assert_true(after.sa_handler == SIG_DFL);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &still), 0);
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGPIPE), 0);
    for (int i = 1; i < 32; i++) {
        assert_int_equal(sigismember(&mask, i), sigismember(&still, i));
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv) {
    (void)argc;
    pg_server_enter(argv);
    const struct CMUnitTest tests[] = {
        CASE(the_session_has_its_settings),
        CASE(a_login_that_is_refused_is_told),
        CASE(a_connection_string_that_is_none_is_told),
        CASE(a_server_that_cannot_be_reached_is_told_in_time),
        CASE(a_look_up_that_hangs_is_left_behind),
        CASE(the_library_may_be_missing),
        CASE(an_encoding_that_lacks_characters_is_refused),
        CASE(what_the_server_says_has_its_code),
        CASE(a_state_is_read_in_base_36),
        CASE(a_type_that_nothing_holds_is_a_fault),
        CASE(a_statement_that_takes_too_long_is_ended_by_the_server),
        CASE(two_that_wait_for_each_other_are_parted),
        CASE(a_server_that_goes_away_takes_the_transaction_along),
        CASE(a_commit_may_find_nobody),
        CASE(a_server_that_came_back_is_another),
        CASE(a_server_that_stands_still_does_not_hold_us),
        CASE(a_transaction_that_stands_still_loses_its_locks),
        CASE(a_statement_that_waits_hears_of_the_end),
        CASE(nothing_is_said_to_the_host),
        CASE(the_signals_of_the_host_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
