#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mount namespaces */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "disk_fault.h"
#include "platform.h"
#include "temp_folder.h"
#include "thread.h"

static struct temp_folder here;
static struct fault why;

static int set_up(void **state) {
    (void)state;
    disk_fault_set(DISK_FINE, 0, 0);
    fault_clear(&why);
    return temp_folder_make(&here) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    disk_fault_set(DISK_FINE, 0, 0);
    temp_folder_remove(&here);
    return 0;
}

static int32_t put(const char *name, const char *content, bool replace) {
    fault_clear(&why);
    return platform_files.put(NULL, temp_path(&here, name), (const uint8_t *)content,
                              strlen(content), replace, &why);
}

static void a_put_file_reads_back(void **state) {
    (void)state;
    struct bytes content = {0};
    assert_int_equal(put("a.csv", "row 1\n", false), SHK_OK);
    assert_int_equal(put("a.csv", "row 1\nrow 2\n", true), SHK_OK);
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "a.csv"), 12, &content, &why),
                     SHK_OK);
    assert_string_equal(bytes_text(&content), "row 1\nrow 2\n");
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "a.csv"), 11, &content, &why),
                     SHK_E_ARGUMENT);
    assert_null(content.p);
    assert_int_equal(put("empty", "", false), SHK_OK);
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "empty"), 0, &content, NULL),
                     SHK_OK);
    assert_int_equal(content.n, 0);
    bytes_clear(&content);
    assert_int_equal(temp_count(&here, ""), 2);
}

static void a_large_file_reads_back(void **state) {
    (void)state;
    size_t n = 3 * 1024 * 1024 + 7;
    uint8_t *p = malloc(n);
    struct bytes content = {0};
    assert_non_null(p);
    for (size_t i = 0; i < n; i++) {
        p[i] = (uint8_t)(i * 31 >> 3);
    }
    assert_int_equal(platform_files.put(NULL, temp_path(&here, "big"), p, n, false, &why), SHK_OK);
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "big"), n, &content, &why), SHK_OK);
    assert_int_equal(content.n, n);
    assert_memory_equal(content.p, p, n);
    bytes_clear(&content);
    free(p);
}

static void what_is_not_there_is_absent(void **state) {
    (void)state;
    struct bytes content = {0};
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "none"), 10, &content, &why),
                     SHK_E_ABSENT);
    assert_int_equal(why.native, ENOENT);
    assert_int_equal(why.native_kind, SHK_NATIVE_OS);
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "no/ne"), 10, &content, NULL),
                     SHK_E_ABSENT);
    assert_int_equal(platform_files.read(NULL, here.path, 10, &content, NULL), SHK_E_FOLDER_WRITE);
    assert_true(platform_files.is_folder(NULL, here.path));
    assert_false(platform_files.is_folder(NULL, temp_path(&here, "none")));
    temp_write(&here, "file", "x");
    assert_false(platform_files.is_folder(NULL, temp_path(&here, "file")));
}

static void a_named_pipe_does_not_hold_the_reader(void **state) {
    (void)state;
    struct bytes content = {0};
    assert_int_equal(mkfifo(temp_path(&here, "pipe"), 0600), 0);
    assert_int_equal(platform_files.read(NULL, temp_path(&here, "pipe"), 10, &content, NULL),
                     SHK_E_FOLDER_WRITE);
    assert_int_equal(put("pipe", "x", true), SHK_E_FOLDER_WRITE);
}

static void an_existing_file_is_not_replaced_unasked(void **state) {
    (void)state;
    assert_int_equal(put("a", "first", false), SHK_OK);
    assert_int_equal(put("a", "second", false), SHK_E_FILE_EXISTS);
    assert_true(temp_holds(&here, "a", "first"));
    assert_int_equal(temp_count(&here, ""), 1);
}

static void file_systems_without_noreplace_are_served_too(void **state) {
    (void)state;
    static const int errors[] = {EINVAL, ENOSYS};
    for (size_t i = 0; i < 2; i++) {
        disk_fault_set(DISK_NO_NOREPLACE, errors[i], 0);
        unlink(temp_path(&here, "a"));
        assert_int_equal(put("a", "first", false), SHK_OK);
        assert_int_equal(disk_fault_hits(), 1);
        assert_int_equal(put("a", "second", false), SHK_E_FILE_EXISTS);
        assert_true(temp_holds(&here, "a", "first"));
        assert_int_equal(temp_count(&here, ""), 1);
    }
}

static void new_files_are_for_their_owner_and_old_ones_keep_their_mode(void **state) {
    (void)state;
    mode_t mask = umask(0);
    assert_int_equal(put("new", "x", false), SHK_OK);
    assert_int_equal(put("newer", "x", true), SHK_OK);
    assert_int_equal(temp_mode(&here, "new"), 0600);
    assert_int_equal(temp_mode(&here, "newer"), 0600);
    umask(077);
    temp_write(&here, "shared", "x");
    chmod(temp_path(&here, "shared"), 0664);
    assert_int_equal(put("shared", "y", true), SHK_OK);
    assert_int_equal(temp_mode(&here, "shared"), 0664);
    umask(mask);
}

static void an_old_file_keeps_its_owner(void **state) {
    (void)state;
    if (getuid() != 0) {
        print_message("not root: owners cannot be given away here\n");
        skip();
    }
    struct stat st;
    temp_write(&here, "theirs", "x");
    assert_int_equal(chown(temp_path(&here, "theirs"), 4321, 1234), 0);
    assert_int_equal(put("theirs", "y", true), SHK_OK);
    assert_int_equal(stat(temp_path(&here, "theirs"), &st), 0);
    assert_int_equal(st.st_uid, 4321);
    assert_int_equal(st.st_gid, 1234);
}

static int replace_shared(void *self) {
    return put(self, "y", true) == SHK_OK ? 0 : 1;
}

static void access_of_a_group_that_is_lost_is_not_given_to_another(void **state) {
    (void)state;
    if (getuid() != 0) {
        print_message("not root: groups cannot be given away here\n");
        skip();
    }
    temp_write(&here, "theirs", "x");
    assert_int_equal(chown(temp_path(&here, "theirs"), 0, 1234), 0);
    chmod(temp_path(&here, "theirs"), 0660);
    chmod(here.path, 0777);
    assert_int_equal(temp_as_nobody(replace_shared, "theirs"), 0);
    assert_int_equal(temp_mode(&here, "theirs"), 0600);
}

static void a_link_is_not_replaced_by_a_file(void **state) {
    (void)state;
    temp_write(&here, "target", "x");
    assert_int_equal(symlink("target", temp_path(&here, "link")), 0);
    assert_int_equal(put("link", "y", true), SHK_E_FOLDER_WRITE);
    assert_int_equal(why.native, ELOOP);
    assert_true(temp_holds(&here, "target", "x"));
}

/* Before the name is given nothing may change. Afterwards the whole new file stands and that is no fault,
 * whatever its folder says: a second delivery would follow. */
static void whole_or_not_at_all_at_every_step(void **state) {
    (void)state;
    temp_write(&here, "rows", "old row\n");
    for (int step = DISK_OPEN; step <= DISK_FLUSH_FOLDER; step++) {
        for (int fresh = 0; fresh <= 1; fresh++) {
            const char *name = fresh ? "fresh" : "rows";
            disk_fault_set((enum disk_step)step, EIO, 4);
            bool given = step == DISK_FLUSH_FOLDER;
            assert_int_equal(put(name, "old row\nnew row\n", !fresh),
                             given ? SHK_OK : SHK_E_FOLDER_WRITE);
            assert_true(disk_fault_hits() > 0);
            assert_int_equal(why.native, given ? 0 : EIO);
            assert_int_equal(temp_count(&here, ".shikaku"), 0);
            if (given) {
                assert_true(temp_holds(&here, name, "old row\nnew row\n"));
            } else {
                assert_true(temp_holds(&here, "rows", "old row\n"));
                assert_false(temp_exists(&here, "fresh"));
            }
        }
    }
}

static void a_disk_that_stutters_loses_no_byte(void **state) {
    (void)state;
    disk_fault_set(DISK_STUTTER, 0, 0);
    assert_int_equal(put("a", "every single byte arrives", false), SHK_OK);
    assert_true(temp_holds(&here, "a", "every single byte arrives"));
}

static void the_reasons_of_the_system_are_told_apart(void **state) {
    (void)state;
    static const struct {
        int error;
        int32_t code;
    } cases[] = {{ENOSPC, SHK_E_DISK_FULL},        {EDQUOT, SHK_E_DISK_FULL},
                 {EFBIG, SHK_E_DISK_FULL},         {EACCES, SHK_E_FOLDER_WRITE},
                 {EROFS, SHK_E_FOLDER_WRITE},      {EPERM, SHK_E_FOLDER_WRITE},
                 {EBUSY, SHK_E_FOLDER_LOCKED},     {ETXTBSY, SHK_E_FOLDER_LOCKED},
                 {ENOMEM, SHK_E_MEMORY},           {ENOENT, SHK_E_FOLDER_MISSING},
                 {ESTALE, SHK_E_FOLDER_MISSING},   {EIO, SHK_E_FOLDER_WRITE},
                 {ENETDOWN, SHK_E_FOLDER_MISSING}, {ETIMEDOUT, SHK_E_FOLDER_MISSING},
                 {EHOSTDOWN, SHK_E_FOLDER_MISSING}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        disk_fault_set(DISK_WRITE, cases[i].error, 1);
        assert_int_equal(put("a", "content", false), cases[i].code);
        assert_int_equal(why.code, cases[i].code);
        assert_int_equal(why.native, cases[i].error);
        assert_string_equal(why.where, "");
    }
    disk_fault_set(DISK_FINE, 0, 0);
    assert_int_equal(put("gone/a", "content", false), SHK_E_FOLDER_MISSING);
    assert_int_equal(put("gone/a", "content", true), SHK_E_FOLDER_MISSING);
    assert_int_equal(put("", "content", true), SHK_E_FOLDER_WRITE);
    temp_write(&here, "file", "x");
    assert_int_equal(put("file/a", "content", true), SHK_E_FOLDER_MISSING);
}

static int fill_small_disk(void *self) {
    (void)self;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", here.path, "tmpfs", 0, "size=64k") != 0) {
        return 77;
    }
    static char large[200 * 1024];
    memset(large, 'x', sizeof large - 1);
    bool ok = put("rows", "old row\n", true) == SHK_OK &&
              put("rows", large, true) == SHK_E_DISK_FULL &&
              temp_holds(&here, "rows", "old row\n") && temp_count(&here, "") == 1 &&
              put("rows", "old row\nnew row\n", true) == SHK_OK;
    return ok ? 0 : 1;
}

static void a_full_disk_keeps_the_old_rows(void **state) {
    (void)state;
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        _exit(fill_small_disk(NULL));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        print_message("no right to mount a small tmpfs: a full disk cannot be shown here\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define STAGED ".shikaku-stage-0123456789abcdef-1"

static int32_t stage(const char *content, bool replace, void **out) {
    fault_clear(&why);
    return platform_files.stage(NULL, STAGED, temp_path(&here, "a"), (const uint8_t *)content,
                                content != NULL ? strlen(content) : 0, replace, out, &why);
}

/* Whoever comes back must find it: nothing is told to be staged before its folder is flushed. */
static void staged_is_whole_and_flushed_or_not_staged(void **state) {
    (void)state;
    for (int step = DISK_OPEN; step <= DISK_FLUSH_FOLDER; step++) {
        void *staged = NULL;
        disk_fault_set((enum disk_step)step, EIO, 2);
        assert_int_equal(stage("content", false, &staged), SHK_E_FOLDER_WRITE);
        assert_true(disk_fault_hits() > 0);
        assert_int_equal(why.native, EIO);
        assert_null(staged);
        assert_int_equal(temp_count(&here, ".shikaku"), step == DISK_FLUSH_FOLDER ? 1 : 0);
        assert_false(temp_exists(&here, "a"));
    }
}

static void a_staged_file_is_for_its_owner_or_has_the_old_mode(void **state) {
    (void)state;
    void *staged = NULL;
    assert_int_equal(stage("x", false, &staged), SHK_OK);
    assert_int_equal(temp_mode(&here, STAGED), 0600);
    assert_int_equal(platform_files.publish(NULL, staged, &why), SHK_OK);
    chmod(temp_path(&here, "a"), 0664);
    assert_int_equal(stage("y", true, &staged), SHK_OK);
    assert_int_equal(platform_files.publish(NULL, staged, &why), SHK_OK);
    assert_int_equal(temp_mode(&here, "a"), 0664);
}

static void a_rename_that_fails_leaves_the_staged_file(void **state) {
    (void)state;
    for (int replace = 0; replace <= 1; replace++) {
        void *staged = NULL;
        assert_int_equal(stage("x", replace != 0, &staged), SHK_OK);
        disk_fault_set(DISK_RENAME, EIO, 0);
        assert_int_equal(platform_files.publish(NULL, staged, &why), SHK_E_FOLDER_WRITE);
        disk_fault_set(DISK_FINE, 0, 0);
        assert_true(temp_holds(&here, STAGED, "x"));
        assert_false(temp_exists(&here, "a"));
    }
    /* Its name is given and everybody sees it: no fault, whatever the folder says. */
    void *staged = NULL;
    assert_int_equal(stage(NULL, false, &staged), SHK_OK);
    disk_fault_set(DISK_FLUSH_FOLDER, EIO, 0);
    assert_int_equal(platform_files.publish(NULL, staged, &why), SHK_OK);
    assert_true(temp_holds(&here, "a", "x"));
    /* Who comes back is not told so before it is sure. */
    assert_int_equal(stage(NULL, false, &staged), SHK_E_FOLDER_WRITE);
    disk_fault_set(DISK_FINE, 0, 0);
    assert_int_equal(stage(NULL, false, &staged), SHK_E_ABSENT);
}

static void a_file_that_has_both_names_was_published(void **state) {
    (void)state;
    void *staged = NULL;
    assert_int_equal(stage("x", false, &staged), SHK_OK);
    platform_files.unstage(NULL, staged, true);
    assert_int_equal(link(temp_path(&here, STAGED), temp_path(&here, "a")), 0);
    assert_int_equal(stage(NULL, false, &staged), SHK_E_ABSENT);
    assert_false(temp_exists(&here, STAGED));
    assert_true(temp_holds(&here, "a", "x"));
}

static void names_that_lead_out_of_the_folder_are_not_staged(void **state) {
    (void)state;
    void *staged = NULL;
    const uint8_t p[1] = {0};
    assert_int_equal(
        platform_files.stage(NULL, "../x", temp_path(&here, "a"), p, 1, false, &staged, &why),
        SHK_E_FOLDER_WRITE);
    assert_int_equal(
        platform_files.stage(NULL, "", temp_path(&here, "a"), p, 1, false, &staged, &why),
        SHK_E_FOLDER_WRITE);
    assert_int_equal(symlink("target", temp_path(&here, STAGED)), 0);
    assert_int_equal(stage(NULL, false, &staged), SHK_E_FOLDER_WRITE);
}

static int write_where_forbidden(void *self) {
    void *lock = NULL;
    (void)self;
    bool ok = put("a", "x", false) == SHK_E_FOLDER_WRITE && why.native == EACCES &&
              put("old", "x", true) == SHK_E_FOLDER_WRITE &&
              platform_files.lock(NULL, temp_path(&here, ".lock"), 0, &lock, NULL) ==
                  SHK_E_FOLDER_WRITE &&
              lock == NULL;
    return ok ? 0 : 1;
}

static void a_folder_without_the_right_to_write_stays_as_it_is(void **state) {
    (void)state;
    temp_write(&here, "old", "old");
    assert_int_equal(chmod(here.path, 0555), 0);
    assert_int_equal(temp_as_nobody(write_where_forbidden, NULL), 0);
    assert_int_equal(temp_count(&here, ""), 1);
    assert_true(temp_holds(&here, "old", "old"));
}

static void what_a_killed_program_left_is_swept_away(void **state) {
    (void)state;
    const char *old = ".shikaku-0123456789abcdef.tmp", *young = ".shikaku-fedcba9876543210.tmp";
    const struct timespec hour_ago[2] = {{.tv_sec = time(NULL) - 3600},
                                         {.tv_sec = time(NULL) - 3600}};
    static const char *const foreign[] = {".shikaku-0123456789abcde.tmp", "patients.tmp",
                                          ".shikaku-0123456789ABCDEF.tmp",
                                          ".shikaku-stage-0123456789abcdef-1"};
    temp_write(&here, old, "a patient's data");
    temp_write(&here, young, "at work");
    assert_int_equal(utimensat(AT_FDCWD, temp_path(&here, old), hour_ago, 0), 0);
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        temp_write(&here, foreign[i], "not to be swept");
        assert_int_equal(utimensat(AT_FDCWD, temp_path(&here, foreign[i]), hour_ago, 0), 0);
    }
    assert_int_equal(put("a", "x", true), SHK_OK);
    assert_false(temp_exists(&here, old));
    assert_true(temp_exists(&here, young));
    assert_int_equal(temp_count(&here, ""), 6);
}

static int32_t lock_for(int32_t wait_ms, void **lock) {
    fault_clear(&why);
    return platform_files.lock(NULL, temp_path(&here, ".lock"), wait_ms, lock, &why);
}

static void a_lock_excludes_other_threads_of_the_process(void **state) {
    (void)state;
    void *first = NULL, *second = NULL;
    assert_int_equal(lock_for(0, &first), SHK_OK);
    int64_t start = platform_clock.mono_ms(NULL);
    assert_int_equal(lock_for(60, &second), SHK_E_FOLDER_LOCKED);
    int64_t waited = platform_clock.mono_ms(NULL) - start;
    assert_true(waited >= 60 && waited < 20000);
    assert_null(second);
    platform_files.unlock(NULL, first);
    assert_int_equal(lock_for(0, &second), SHK_OK);
    platform_files.unlock(NULL, second);
    platform_files.unlock(NULL, NULL);
    assert_int_equal(temp_mode(&here, ".lock"), 0600);
    assert_int_equal(platform_files.lock(NULL, temp_path(&here, "no/.lock"), 0, &first, NULL),
                     SHK_E_FOLDER_MISSING);
}

static void a_dead_holders_lock_is_free(void **state) {
    (void)state;
    int ready[2];
    void *lock = NULL;
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        bool ok = lock_for(0, &lock) == SHK_OK && write(ready[1], "r", 1) == 1;
        pause();
        _exit(ok ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(lock_for(30, &lock), SHK_E_FOLDER_LOCKED);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(lock_for(1000, &lock), SHK_OK);
    platform_files.unlock(NULL, lock);
    close(ready[0]);
    close(ready[1]);
}

static void a_child_of_the_host_does_not_keep_the_lock(void **state) {
    (void)state;
    void *lock = NULL;
    assert_int_equal(lock_for(0, &lock), SHK_OK);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    platform_files.unlock(NULL, lock);
    int32_t rc = lock_for(200, &lock);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(rc, SHK_OK);
    platform_files.unlock(NULL, lock);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_put_file_reads_back),
        CASE(a_large_file_reads_back),
        CASE(what_is_not_there_is_absent),
        CASE(a_named_pipe_does_not_hold_the_reader),
        CASE(an_existing_file_is_not_replaced_unasked),
        CASE(file_systems_without_noreplace_are_served_too),
        CASE(new_files_are_for_their_owner_and_old_ones_keep_their_mode),
        CASE(an_old_file_keeps_its_owner),
        CASE(access_of_a_group_that_is_lost_is_not_given_to_another),
        CASE(a_link_is_not_replaced_by_a_file),
        CASE(whole_or_not_at_all_at_every_step),
        CASE(a_disk_that_stutters_loses_no_byte),
        CASE(the_reasons_of_the_system_are_told_apart),
        CASE(a_full_disk_keeps_the_old_rows),
        CASE(staged_is_whole_and_flushed_or_not_staged),
        CASE(a_staged_file_is_for_its_owner_or_has_the_old_mode),
        CASE(a_rename_that_fails_leaves_the_staged_file),
        CASE(a_file_that_has_both_names_was_published),
        CASE(names_that_lead_out_of_the_folder_are_not_staged),
        CASE(a_folder_without_the_right_to_write_stays_as_it_is),
        CASE(what_a_killed_program_left_is_swept_away),
        CASE(a_lock_excludes_other_threads_of_the_process),
        CASE(a_dead_holders_lock_is_free),
        CASE(a_child_of_the_host_does_not_keep_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
