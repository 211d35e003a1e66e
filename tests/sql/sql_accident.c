/* Kills, lost answers, locks and servers that go away: afterwards the delivery is there once. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sql_odbc.h"
#include "sql_stage.h"

static struct stage stage;
static char folder_file[512];

static int fresh(void **state) {
    (void)state;
    db_fresh();
    stage_init(&stage);
    return 0;
}

static int finish(void **state) {
    (void)state;
    stage_close(&stage);
    db_forget();
    return 0;
}

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, fresh, finish)

static void assert_delivered_once(void) {
    assert_int_equal(db_count("patients"), 1);
    assert_int_equal(db_count("shikaku_deliveries"), 1);
    assert_string_equal(db_value("SELECT visits FROM patients"), "3");
}

static void assert_nothing_written(void) {
    assert_int_equal(db_count("patients"), 0);
}

/* A second delivery of the same id would show: it is no upsert. */
static const char *const count_up[] = {
    "UPDATE patients SET visits = visits + 1 WHERE id = :id",
    "INSERT INTO patients (id, name, visits) SELECT :id, :name, 3 WHERE NOT EXISTS"
    " (SELECT 1 FROM patients WHERE id = :id)",
    NULL};
static const char *const person[] = {"id", "P-1", "name", "髙橋　見本", NULL};

static void shim_env(long at, const char *what, const char *only) {
    char number[24];
    snprintf(number, sizeof number, "%ld", at);
    setenv("ODBC_SHIM_AT", number, 1);
    setenv("ODBC_SHIM_DO", what, 1);
    setenv("ODBC_SHIM_ONLY", only, 1);
}

static const char *in_folder(const char *name) {
    snprintf(folder_file, sizeof folder_file, "%s/%s", getenv("SQL_FOLDER"), name);
    return folder_file;
}

#define AWAY 2

/* In a process of its own through the shim: the exit status as waitpid tells it, 0 for SHK_OK, AWAY for a
 * server that is away. */
static pid_t start_child(void) {
    pid_t child = fork();
    if (child == 0) {
        struct stage s;
        stage_init(&s);
        stage_set(&s, "library", ODBC_SHIM);
        stage_open(&s);
        int32_t rc = stage_deliver(&s, "id-1", count_up, person);
        stage_close(&s);
        _exit(rc == SHK_OK ? 0 : rc == SHK_E_HOST_UNREACHABLE ? AWAY : 1);
    }
    return child;
}

static int wait_child(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/* Of SQLite every call is tried, of a server those that may reach it. */
static const char *tried(void) {
    return is_postgres() ? "SQLDriverConnect SQLExecDirect SQLEndTran SQLSetConnectAttr SQLFetch "
                           "SQLDisconnect"
                         : "";
}

static long count_calls(void) {
    long n = 0;
    setenv("ODBC_SHIM_COUNT", in_folder("calls"), 1);
    shim_env(0, "", tried());
    assert_int_equal(wait_child(start_child()), 0);
    FILE *file = fopen(in_folder("calls"), "r");
    assert_non_null(file);
    for (int c = fgetc(file); c >= '0' && c <= '9'; c = fgetc(file)) {
        n = n * 10 + (c - '0');
    }
    fclose(file);
    unsetenv("ODBC_SHIM_COUNT");
    return n;
}

static void begin_again(void) {
    stage_close(&stage);
    db_fresh();
    stage_init(&stage);
    stage_open(&stage);
}

static void a_kill_at_any_call_leaves_nothing_twice_and_nothing_lost(void **state) {
    static const char *const kills[] = {"kill", "killed"};
    (void)state;
    long calls = count_calls();
    assert_true(calls > (is_postgres() ? 10 : 40));
    for (long i = 1; i <= calls; i++) {
        begin_again();
        shim_env(i, kills[i % 2], tried());
        int status = wait_child(start_child());
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_OK);
        assert_delivered_once();
    }
}

static void a_call_whose_answer_is_lost_is_no_second_delivery(void **state) {
    (void)state;
    long calls = count_calls();
    for (long i = 1; i <= calls; i++) {
        begin_again();
        shim_env(i, "lose", tried());
        int status = wait_child(start_child());
        assert_true(WIFEXITED(status));
        assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_OK);
        assert_delivered_once();
    }
}

static void a_commit_whose_answer_is_lost_is_found_out_at_once(void **state) {
    (void)state;
    shim_env(1, "lose", "SQLEndTran");
    assert_int_equal(wait_child(start_child()), 0);
    assert_delivered_once();
}

static void a_table_that_another_program_holds_is_busy(void **state) {
    struct stage other;
    struct odbc *db = NULL;
    char text[1500];
    (void)state;
    stage_set(&stage, "timeout_ms", "4000");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-0", insert_patient, one_patient), SHK_OK);
    stage_init(&other);
    snprintf(text, sizeof text, "%sUID=%s;PWD=%s;", getenv("SQL_CONNECTION"),
             is_postgres() ? getenv("SQL_USER") : "", is_postgres() ? getenv("SQL_PASSWORD") : "");
    assert_int_equal(odbc_open(&other.sv, "", &db), SHK_OK);
    assert_int_equal(odbc_connect(db, text, 0, 10000), SHK_OK);
    assert_int_equal(odbc_begin(db), SHK_OK);
    assert_int_equal(odbc_run(db, "UPDATE patients SET visits = 3", NULL, 0, NULL), SHK_OK);
    assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_E_HOST_BUSY);
    assert_string_equal(stage.where, is_postgres() ? "statements[1]" : "id_table");
    odbc_rollback(db);
    odbc_close(&db);
    assert_int_equal(db_count("shikaku_deliveries"), 1);
    assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_OK);
    assert_int_equal(db_count("shikaku_deliveries"), 2);
    assert_string_equal(db_value("SELECT visits FROM patients"), "4");
}

static void two_machines_with_one_delivery_write_once(void **state) {
    pid_t child[6];
    (void)state;
    /* The others wait for each other's locks rather than give up. */
    shim_env(0, "", "");
    for (size_t i = 0; i < 6; i++) {
        child[i] = start_child();
    }
    int delivered = 0;
    for (size_t i = 0; i < 6; i++) {
        delivered += wait_child(child[i]) == 0;
    }
    assert_true(delivered >= 1);
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_OK);
    assert_string_equal(stage.receipt.warning, "delivered before");
    assert_delivered_once();
}

static void ctl(const char *what) {
    pid_t child = fork();
    if (child == 0) {
        const char *program = getenv("SHIKAKU_PG_CTL");
        if (program != NULL) {
            execl(program, "postgres-ctl", what, (char *)NULL);
        }
        _exit(127);
    }
    assert_int_equal(wait_child(child), 0);
    db_forget();
}

static void the_server_goes_away_at_a_call_and_comes_back(void **state) {
    const struct timespec pause = {0, 10000000};
    (void)state;
    setenv("ODBC_SHIM_FILE", in_folder("wait"), 1);
    for (long at = 1; at <= 5; at++) {
        begin_again();
        /* 1 look, 2 table, 3 look, 4 id, 5 and 6 statements: one of them, or the commit. */
        shim_env(at < 5 ? at + 2 : 1, "wait", at < 5 ? "SQLExecDirect" : "SQLEndTran");
        pid_t child = start_child();
        while (access(in_folder("wait"), F_OK) != 0) {
            nanosleep(&pause, NULL);
        }
        ctl("stop");
        unlink(in_folder("wait"));
        int status = wait_child(child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), AWAY);
        int32_t rc = stage_deliver(&stage, "id-1", count_up, person);
        assert_int_equal(rc, SHK_E_HOST_UNREACHABLE);
        ctl("start");
        assert_nothing_written();
        /* A connection of before the crash is noticed and made anew. */
        rc = stage_deliver(&stage, "id-1", count_up, person);
        assert_int_equal(rc, SHK_OK);
        assert_delivered_once();
    }
}

static void an_open_connection_survives_a_restart_of_the_server(void **state) {
    (void)state;
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-0", insert_patient, one_patient), SHK_OK);
    ctl("restart");
    int32_t rc = stage_deliver(&stage, "id-1", count_up, person);
    assert_true(rc == SHK_OK || rc == SHK_E_HOST_UNREACHABLE);
    if (rc != SHK_OK) {
        assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_OK);
    }
    assert_string_equal(db_value("SELECT visits FROM patients"), "4");
}

static void a_wrong_password_is_the_user_s_fault(void **state) {
    (void)state;
    stage_set(&stage, "password", "wrong");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_E_HOST_LOGIN);
    assert_null(strstr(stage.where, "wrong"));
}

static void a_password_of_any_characters_is_taken(void **state) {
    (void)state;
    if (db_try("CREATE ROLE picky LOGIN PASSWORD 'a;b}c{d=e f'") != SHK_OK) {
        db_run("ALTER ROLE picky PASSWORD 'a;b}c{d=e f'");
    }
    db_run("GRANT ALL ON SCHEMA public TO picky");
    db_run("GRANT ALL ON patients TO picky");
    stage_set(&stage, "user", "picky");
    stage_set(&stage, "password", "a;b}c{d=e f");
    stage_open(&stage);
    assert_int_equal(stage_deliver(&stage, "id-1", count_up, person), SHK_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_kill_at_any_call_leaves_nothing_twice_and_nothing_lost),
        LIVE_TEST(a_call_whose_answer_is_lost_is_no_second_delivery),
        LIVE_TEST(a_commit_whose_answer_is_lost_is_found_out_at_once),
        LIVE_TEST(a_table_that_another_program_holds_is_busy),
        LIVE_TEST(two_machines_with_one_delivery_write_once),
        LIVE_TEST(the_server_goes_away_at_a_call_and_comes_back),
        LIVE_TEST(an_open_connection_survives_a_restart_of_the_server),
        LIVE_TEST(a_wrong_password_is_the_user_s_fault),
        LIVE_TEST(a_password_of_any_characters_is_taken),
    };
    /* The last ones need a server. */
    const size_t all = sizeof tests / sizeof tests[0];
    return _cmocka_run_group_tests(is_postgres() ? "server" : "file", tests,
                                   is_postgres() ? all : all - 4, NULL, NULL);
}
