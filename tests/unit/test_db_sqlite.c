#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "db_stage.h"
#include "thread.h"

#define MARK "a-word-that-must-not-stay-behind"

static struct db_stage s;

static int set_up(void **state) {
    (void)state;
    return db_stage_up(&s, DB_SQLITE) &&
                   db_stage_say(&s, "CREATE TABLE item (id BIGINT PRIMARY KEY, word TEXT)") ==
                       SHK_OK
               ? 0
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    db_stage_down(&s);
    return 0;
}

static int32_t open_path(const char *path, int32_t busy_ms, void **db) {
    const struct db_settings settings = {.path = path, .busy_ms = busy_ms};
    fault_clear(&s.why);
    return db_sqlite.open(NULL, &settings, db, &s.why);
}

static int32_t open_and_close(const char *path) {
    void *db = NULL;
    int32_t rc = open_path(path, 500, &db);
    assert_true((db != NULL) == (rc == SHK_OK));
    db_sqlite.close(db);
    return rc;
}

static void close_own(void) {
    db_sqlite.close(s.db);
    s.db = NULL;
}

static int32_t fill(int64_t from, int64_t to) {
    int32_t rc = SHK_OK;
    for (int64_t i = from; i < to && rc == SHK_OK; i++) {
        const struct db_value values[] = {
            db_int(i), db_stage_text(MARK MARK MARK MARK MARK MARK MARK MARK MARK MARK MARK MARK)};
        rc = db_stage_run(&s, NULL, "INSERT INTO item (id, word) VALUES ($1, $2)", values, 2);
    }
    return rc;
}

static void the_safe_settings_are_in_force(void **state) {
    (void)state;
    static const struct {
        const char *sql, *rows;
    } wanted[] = {
        {"PRAGMA journal_mode", "wal;"},   {"PRAGMA synchronous", "2;"},
        {"PRAGMA secure_delete", "1;"},    {"PRAGMA foreign_keys", "1;"},
        {"PRAGMA trusted_schema", "0;"},   {"PRAGMA temp_store", "2;"},
        {"PRAGMA busy_timeout", "30000;"}, {"PRAGMA journal_size_limit", "0;"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_true(db_stage_gives(&s, wanted[i].sql, wanted[i].rows));
    }
    assert_true(db_stage_gives(&s, "PRAGMA writable_schema=ON", ""));
    assert_int_not_equal(db_stage_say(&s, "UPDATE sqlite_master SET sql = 'x'"), SHK_OK);
    assert_int_not_equal(db_stage_say(&s, "ATTACH 'other.db' AS other"), SHK_OK);
}

static void foreign_keys_are_kept(void **state) {
    (void)state;
    assert_int_equal(
        db_stage_say(&s, "CREATE TABLE part (id BIGINT REFERENCES item (id) ON DELETE CASCADE)"),
        SHK_OK);
    assert_int_equal(fill(1, 2), SHK_OK);
    assert_int_equal(db_stage_say(&s, "INSERT INTO part VALUES (2)"), SHK_E_STORE_FAILED);
    assert_int_equal(db_stage_say(&s, "INSERT INTO part VALUES (1)"), SHK_OK);
    assert_int_equal(db_stage_say(&s, "DELETE FROM item"), SHK_OK);
    assert_int_equal(s.changed, 1);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM part", "0;"));
}

static void only_the_owner_may_read_the_files(void **state) {
    (void)state;
    mode_t before = umask(0);
    void *db = NULL;
    assert_int_equal(open_path(temp_path(&s.folder, "new.db"), 500, &db), SHK_OK);
    assert_int_equal(db_sqlite.run(db, "CREATE TABLE t (id BIGINT)", NULL, 0, NULL, NULL, &s.why),
                     SHK_OK);
    umask(before);
    assert_int_equal(temp_mode(&s.folder, "new.db"), 0600);
    assert_int_equal(temp_mode(&s.folder, "new.db-wal"), 0600);
    assert_int_equal(temp_mode(&s.folder, "new.db-shm"), 0600);
    db_sqlite.close(db);
    assert_false(temp_exists(&s.folder, "new.db-wal"));
}

static void an_open_file_is_closed_to_others(void **state) {
    (void)state;
    close_own();
    assert_int_equal(chmod(temp_path(&s.folder, "store.db"), 0666), 0);
    temp_write(&s.folder, "store.db-wal", "");
    assert_int_equal(chmod(temp_path(&s.folder, "store.db-wal"), 0664), 0);
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_int_equal(fill(1, 2), SHK_OK);
    assert_int_equal(temp_mode(&s.folder, "store.db"), 0600);
    assert_int_equal(temp_mode(&s.folder, "store.db-wal"), 0600);
    assert_int_equal(temp_mode(&s.folder, "store.db-shm"), 0600);
}

static void a_link_is_refused_but_not_a_linked_folder(void **state) {
    (void)state;
    char through[600];
    assert_int_equal(symlink("store.db", temp_path(&s.folder, "link.db")), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "link.db")), SHK_E_STORE_OPEN);
    assert_int_equal(symlink("nothing.db", temp_path(&s.folder, "dangling.db")), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "dangling.db")), SHK_E_STORE_OPEN);
    assert_false(temp_exists(&s.folder, "nothing.db"));
    assert_int_equal(symlink("store.db", temp_path(&s.folder, "new.db-wal")), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "new.db")), SHK_E_STORE_OPEN);
    assert_int_equal(symlink(s.folder.path, temp_path(&s.folder, "folder")), 0);
    text_format(through, sizeof through, "%s/store.db", temp_path(&s.folder, "folder"));
    assert_int_equal(open_and_close(through), SHK_OK);
}

static void a_name_is_nothing_but_a_name(void **state) {
    (void)state;
    int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(back >= 0);
    assert_int_equal(chdir(s.folder.path), 0);
    assert_int_equal(open_and_close("file:a.db?mode=memory"), SHK_OK);
    assert_int_equal(open_and_close(":memory:"), SHK_OK);
    assert_int_equal(fchdir(back), 0);
    close(back);
    assert_true(temp_exists(&s.folder, "file:a.db?mode=memory"));
    assert_true(temp_exists(&s.folder, ":memory:"));
    assert_int_equal(open_and_close(""), SHK_E_STORE_OPEN);
    assert_int_equal(open_and_close(NULL), SHK_E_STORE_OPEN);
}

static void a_place_that_cannot_be_had_is_told(void **state) {
    (void)state;
    char inside[600];
    text_format(inside, sizeof inside, "%s/new.db", temp_path(&s.folder, "missing"));
    assert_int_equal(open_and_close(inside), SHK_E_STORE_OPEN);
    assert_int_equal(s.why.native, ENOENT);
    text_format(inside, sizeof inside, "%s/new.db", temp_path(&s.folder, "store.db"));
    assert_int_equal(open_and_close(inside), SHK_E_STORE_OPEN);
    text_format(inside, sizeof inside, "%s/", s.folder.path);
    assert_int_equal(open_and_close(inside), SHK_E_STORE_OPEN);
    assert_int_equal(mkdir(temp_path(&s.folder, "folder.db"), 0700), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "folder.db")), SHK_E_STORE_OPEN);
    assert_int_equal(mkfifo(temp_path(&s.folder, "pipe.db"), 0600), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "pipe.db")), SHK_E_STORE_OPEN);
}

static int open_as_nobody(void *self) {
    void *db = NULL;
    int32_t rc = open_path(self, 500, &db);
    db_sqlite.close(db);
    return rc == SHK_E_STORE_OPEN ? 0 : 1;
}

static void what_may_only_be_read_is_refused(void **state) {
    (void)state;
    close_own();
    assert_int_equal(chmod(s.folder.path, 0555), 0);
    assert_int_equal(chmod(temp_path(&s.folder, "store.db"), 0444), 0);
    char path[600];
    text_format(path, sizeof path, "%s", temp_path(&s.folder, "store.db"));
    assert_int_equal(temp_as_nobody(open_as_nobody, path), 0);
    text_format(path, sizeof path, "%s", temp_path(&s.folder, "new.db"));
    assert_int_equal(temp_as_nobody(open_as_nobody, path), 0);
    assert_int_equal(chmod(s.folder.path, 0777), 0);
    text_format(path, sizeof path, "%s", temp_path(&s.folder, "store.db"));
    assert_int_equal(temp_as_nobody(open_as_nobody, path), 0);
}

static void what_is_no_database_stays_as_it_is(void **state) {
    (void)state;
    temp_write(&s.folder, "letter.db",
               "This is a letter and not a database, whatever it is called.");
    assert_int_equal(open_and_close(temp_path(&s.folder, "letter.db")), SHK_E_STORE_BROKEN);
    assert_int_equal(s.why.native_kind, SHK_NATIVE_SQL);
    assert_int_equal(s.why.native, 26);
    assert_true(temp_holds(&s.folder, "letter.db",
                           "This is a letter and not a database, whatever it is called."));
}

static void a_file_cut_short_is_noticed(void **state) {
    (void)state;
    struct stat st;
    assert_int_equal(fill(1, 400), SHK_OK);
    close_own();
    assert_int_equal(stat(temp_path(&s.folder, "store.db"), &st), 0);
    assert_true(st.st_size > 100000);
    assert_int_equal(truncate(temp_path(&s.folder, "store.db"), st.st_size / 2), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "store.db")), SHK_E_STORE_BROKEN);
    assert_int_equal(truncate(temp_path(&s.folder, "store.db"), 50), 0);
    assert_int_equal(open_and_close(temp_path(&s.folder, "store.db")), SHK_E_STORE_BROKEN);
}

static void a_page_of_noise_is_noticed_when_it_is_read(void **state) {
    (void)state;
    static const char noise[4096] = {0x5A, 0x5A, 0x5A, 0x5A};
    assert_int_equal(fill(1, 400), SHK_OK);
    close_own();
    int fd = open(temp_path(&s.folder, "store.db"), O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (off_t page = 2; page < 20; page++) {
        assert_int_equal(pwrite(fd, noise, sizeof noise, page * 4096), sizeof noise);
    }
    close(fd);
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_int_equal(db_stage_say(&s, "SELECT word FROM item"), SHK_E_STORE_BROKEN);
}

static void a_full_database_keeps_what_it_has(void **state) {
    (void)state;
    assert_int_equal(fill(1, 3), SHK_OK);
    assert_int_equal(db_stage_say(&s, "PRAGMA max_page_count=6"), SHK_OK);
    assert_int_equal(s.ops->begin(s.db, &s.why), SHK_OK);
    assert_int_equal(fill(3, 400), SHK_E_STORE_FULL);
    assert_int_equal(s.why.native, 13);
    assert_int_equal(s.ops->commit(s.db, NULL), SHK_E_STORE_FAILED);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "2;"));
    assert_int_equal(db_stage_say(&s, "PRAGMA max_page_count=1000"), SHK_OK);
    assert_int_equal(fill(3, 100), SHK_OK);
}

/* In a child, where a file may not grow beyond some size. */
static int write_on_a_full_disk(const char *path) {
    const struct rlimit limit = {200000, 200000};
    close_own();
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || open_path(path, 500, &s.db) != SHK_OK) {
        return 1;
    }
    int32_t rc = fill(3, 10000);
    bool usable = db_stage_gives(&s, "SELECT count(*) > 1 FROM item", "1;");
    close_own();
    return rc == SHK_E_STORE_FULL && usable ? 0 : 2;
}

static int in_child(int (*body)(const char *path), const char *path) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(body(path));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* A process that has never seen the file: SQLite's own memory of its locks would come along with a fork. */
static int in_other_program(const char *what, const char *path) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "test_db_sqlite", what, path, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_full_disk_is_told(void **state) {
    (void)state;
    char path[600];
    text_format(path, sizeof path, "%s", temp_path(&s.folder, "store.db"));
    assert_int_equal(fill(1, 3), SHK_OK);
    close_own();
    assert_int_equal(in_child(write_on_a_full_disk, path), 0);
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_true(db_stage_gives(&s, "PRAGMA integrity_check", "ok;"));
    assert_int_equal(fill(20000, 20010), SHK_OK);
}

static int open_close(const char *path) {
    void *db = NULL;
    int32_t rc = open_path(path, 500, &db);
    db_sqlite.close(db);
    return rc == SHK_OK ? 0 : 1;
}

/* A file of the process that is closed takes all its locks on that file with it. */
static void a_second_opening_leaves_the_locks_of_the_first(void **state) {
    (void)state;
    char path[600];
    text_format(path, sizeof path, "%s", temp_path(&s.folder, "store.db"));
    assert_int_equal(fill(1, 3), SHK_OK);
    void *second = db_stage_open(&s);
    assert_non_null(second);
    assert_int_equal(in_other_program("open", path), 0);
    assert_true(temp_exists(&s.folder, "store.db-wal"));
    assert_int_equal(fill(3, 5), SHK_OK);
    db_sqlite.close(second);
    close_own();
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_true(db_stage_gives(&s, "SELECT count(*) FROM item", "4;"));
}

static int fails_locked(const char *path) {
    void *db = NULL;
    int64_t begun = db_stage_now();
    int32_t rc = open_path(path, 300, &db);
    int64_t took = db_stage_now() - begun;
    db_sqlite.close(db);
    return rc == SHK_E_STORE_LOCKED && took >= 200 && took < 20000 ? 0 : 1;
}

static void a_file_held_by_another_is_given_up_in_time(void **state) {
    (void)state;
    char path[600];
    text_format(path, sizeof path, "%s", temp_path(&s.folder, "store.db"));
    close_own();
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_int_equal(db_stage_say(&s, "PRAGMA locking_mode=EXCLUSIVE"), SHK_OK);
    assert_int_equal(fill(1, 2), SHK_OK);
    assert_int_equal(in_other_program("locked", path), 0);
    close_own();
    assert_int_equal(in_other_program("open", path), 0);
}

static atomic_bool open_now;

static void open_in_thread(void *self) {
    int32_t *rc = self;
    struct fault own = {0};
    void *db = NULL;
    const struct db_settings settings = {.path = temp_path(&s.folder, "first.db"),
                                         .busy_ms = 60000};
    while (!atomic_load(&open_now)) {
    }
    *rc = db_sqlite.open(NULL, &settings, &db, &own);
    db_sqlite.close(db);
}

static void several_may_open_it_for_the_first_time_at_once(void **state) {
    (void)state;
    struct thread *threads[6];
    int32_t rc[6];
    for (int round = 0; round < 10; round++) {
        atomic_store(&open_now, false);
        for (size_t i = 0; i < 6; i++) {
            rc[i] = SHK_E_INTERNAL;
            threads[i] = thread_start(open_in_thread, &rc[i]);
            assert_non_null(threads[i]);
        }
        atomic_store(&open_now, true);
        for (size_t i = 0; i < 6; i++) {
            assert_true(thread_join(threads[i], 120000));
            assert_int_equal(rc[i], SHK_OK);
        }
        assert_int_equal(remove(temp_path(&s.folder, "first.db")), 0);
    }
}

/* As another program may have left it: SQLite itself does not wait here. */
static void a_file_without_wal_is_waited_for(void **state) {
    (void)state;
    int32_t rc = SHK_E_INTERNAL;
    void *old = NULL;
    assert_int_equal(open_path(temp_path(&s.folder, "first.db"), 500, &old), SHK_OK);
    assert_int_equal(db_sqlite.run(old, "PRAGMA journal_mode=DELETE", NULL, 0, NULL, NULL, &s.why),
                     SHK_OK);
    assert_int_equal(db_sqlite.begin(old, &s.why), SHK_OK);
    atomic_store(&open_now, true);
    struct thread *t = thread_start(open_in_thread, &rc);
    assert_non_null(t);
    assert_false(thread_join(t, 300));
    assert_int_equal(db_sqlite.commit(old, &s.why), SHK_OK);
    db_sqlite.close(old);
    assert_true(thread_join(t, 120000));
    assert_int_equal(rc, SHK_OK);
}

static bool holds_mark(const char *path) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    struct bytes all = {0};
    char part[4096];
    size_t n = 0;
    while ((n = fread(part, 1, sizeof part, f)) > 0) {
        assert_int_equal(bytes_append(&all, part, n), SHK_OK);
    }
    (void)fclose(f);
    bool found = false;
    for (size_t i = 0; i + strlen(MARK) <= all.n && !found; i++) {
        found = memcmp(all.p + i, MARK, strlen(MARK)) == 0;
    }
    bytes_clear(&all);
    return found;
}

static void what_is_deleted_is_gone_from_the_disk(void **state) {
    (void)state;
    assert_int_equal(fill(1, 50), SHK_OK);
    assert_true(holds_mark(temp_path(&s.folder, "store.db-wal")));
    assert_int_equal(db_stage_say(&s, "DELETE FROM item"), SHK_OK);
    assert_int_equal(db_stage_say(&s, "PRAGMA wal_checkpoint(TRUNCATE)"), SHK_OK);
    assert_false(holds_mark(temp_path(&s.folder, "store.db")));
    assert_false(holds_mark(temp_path(&s.folder, "store.db-wal")));
}

static void a_committed_row_survives_a_kill(void **state) {
    (void)state;
    int status = 0;
    close_own();
    pid_t child = fork();
    if (child == 0) {
        s.db = db_stage_open(&s);
        (void)fill(1, 2);
        (void)s.ops->begin(s.db, &s.why);
        (void)fill(2, 300);
        (void)kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    s.db = db_stage_open(&s);
    assert_non_null(s.db);
    assert_true(db_stage_gives(&s, "SELECT id FROM item", "1;"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv) {
    if (argc == 3) {
        return text_equal(argv[1], "locked") ? fails_locked(argv[2]) : open_close(argv[2]);
    }
    const struct CMUnitTest tests[] = {
        CASE(the_safe_settings_are_in_force),
        CASE(foreign_keys_are_kept),
        CASE(only_the_owner_may_read_the_files),
        CASE(an_open_file_is_closed_to_others),
        CASE(a_link_is_refused_but_not_a_linked_folder),
        CASE(a_name_is_nothing_but_a_name),
        CASE(a_place_that_cannot_be_had_is_told),
        CASE(what_may_only_be_read_is_refused),
        CASE(what_is_no_database_stays_as_it_is),
        CASE(a_file_cut_short_is_noticed),
        CASE(a_page_of_noise_is_noticed_when_it_is_read),
        CASE(a_full_database_keeps_what_it_has),
        CASE(a_full_disk_is_told),
        CASE(a_second_opening_leaves_the_locks_of_the_first),
        CASE(a_file_held_by_another_is_given_up_in_time),
        CASE(several_may_open_it_for_the_first_time_at_once),
        CASE(a_file_without_wal_is_waited_for),
        CASE(what_is_deleted_is_gone_from_the_disk),
        CASE(a_committed_row_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
