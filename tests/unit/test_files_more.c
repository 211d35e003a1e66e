/* The real disk where it is worse than the fake: links, pipes, rights, full disks, lost folders. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

static int32_t write_at(const char *name, uint64_t at, const char *content) {
    fault_clear(&why);
    return platform_files.write_at(NULL, temp_path(&here, name), at, (const uint8_t *)content,
                                   strlen(content), &why);
}

static bool count_it(void *who, const struct file_entry *entry) {
    (void)entry;
    (*(int *)who)++;
    return true;
}

static int32_t list(const char *folder, int *n) {
    *n = 0;
    fault_clear(&why);
    return platform_files.list(NULL, folder, count_it, n, &why);
}

static void only_plain_files_with_readable_names_are_told(void **state) {
    (void)state;
    int n = 0;
    temp_write(&here, "plain", "x");
    temp_write(&here, "\x8C\xA9\x96\x7B.xml", "a name in code page 932");
    assert_int_equal(mkfifo(temp_path(&here, "pipe"), 0600), 0);
    assert_int_equal(mkdir(temp_path(&here, "folder"), 0700), 0);
    assert_int_equal(symlink("plain", temp_path(&here, "link")), 0);
    assert_int_equal(symlink("nothing", temp_path(&here, "dangling")), 0);
    assert_int_equal(list(here.path, &n), SHK_OK);
    assert_int_equal(n, 1);
}

static bool keep_entry(void *who, const struct file_entry *entry) {
    *(struct file_entry *)who = *entry;
    return false;
}

static void size_and_time_are_told(void **state) {
    (void)state;
    struct file_entry entry = {0};
    const struct timespec then[2] = {{.tv_sec = 1795341600}, {.tv_sec = 1795341600}};
    temp_write(&here, "plain", "12345");
    assert_int_equal(utimensat(AT_FDCWD, temp_path(&here, "plain"), then, 0), 0);
    assert_int_equal(platform_files.list(NULL, here.path, keep_entry, &entry, &why), SHK_OK);
    assert_int_equal(entry.size, 5);
    assert_int_equal(entry.modified_s, 1795341600);
}

static int list_forbidden(void *self) {
    int n = 0;
    (void)self;
    return list(here.path, &n) == SHK_E_FOLDER_WRITE && why.native == EACCES && n == 0 ? 0 : 1;
}

static void a_folder_that_may_not_be_read_is_a_fault(void **state) {
    (void)state;
    assert_int_equal(chmod(here.path, 0300), 0);
    assert_int_equal(temp_as_nobody(list_forbidden, NULL), 0);
}

static int remove_forbidden(void *self) {
    (void)self;
    return platform_files.remove(NULL, temp_path(&here, "a"), &why) == SHK_E_FOLDER_WRITE &&
                   why.native == EACCES
               ? 0
               : 1;
}

static void a_file_that_may_not_be_removed_stays(void **state) {
    (void)state;
    temp_write(&here, "a", "x");
    assert_int_equal(mkdir(temp_path(&here, "folder"), 0700), 0);
    assert_int_equal(platform_files.remove(NULL, temp_path(&here, "folder"), NULL),
                     SHK_E_FOLDER_WRITE);
    assert_int_equal(chmod(here.path, 0555), 0);
    assert_int_equal(temp_as_nobody(remove_forbidden, NULL), 0);
    assert_true(temp_exists(&here, "a"));
}

static void a_link_is_removed_itself(void **state) {
    (void)state;
    temp_write(&here, "target", "x");
    assert_int_equal(symlink("target", temp_path(&here, "link")), 0);
    assert_int_equal(platform_files.remove(NULL, temp_path(&here, "link"), NULL), SHK_OK);
    assert_true(temp_holds(&here, "target", "x"));
}

static void pipes_and_folders_are_not_read_in_pieces(void **state) {
    (void)state;
    void *file = &file;
    assert_int_equal(mkfifo(temp_path(&here, "pipe"), 0600), 0);
    assert_int_equal(platform_files.open(NULL, temp_path(&here, "pipe"), &file, &why),
                     SHK_E_FOLDER_WRITE);
    assert_null(file);
    assert_int_equal(platform_files.open(NULL, here.path, &file, NULL), SHK_E_FOLDER_WRITE);
    assert_null(file);
}

/* Only what a person names may be a pipe: one among a terminal's answers would hold everybody up. */
static void a_pipe_is_read_where_a_person_names_it(void **state) {
    (void)state;
    uint8_t piece[4];
    size_t n = 0;
    void *file = NULL;
    const char *path = temp_path(&here, "named");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_not_equal(platform_files.open(NULL, path, &file, &why), SHK_OK);
    assert_int_equal(why.native, ENODEV); /* a pipe is no folder */
    assert_int_equal(platform_files.open_input(NULL, path, &file, &why), SHK_OK);
    assert_int_equal(platform_files.next(NULL, file, piece, 4, &n, &why), SHK_E_TIMEOUT);
    int writer = open(path, O_WRONLY | O_NONBLOCK);
    assert_int_equal(write(writer, "abcdef", 6), 6);
    assert_int_equal(platform_files.next(NULL, file, piece, 4, &n, &why), SHK_OK);
    assert_int_equal(n, 4);
    assert_int_equal(platform_files.next(NULL, file, piece, 4, &n, &why), SHK_OK);
    assert_int_equal(n, 2);
    assert_int_equal(platform_files.next(NULL, file, piece, 4, &n, &why), SHK_E_TIMEOUT);
    close(writer);
    assert_int_equal(platform_files.next(NULL, file, piece, 4, &n, &why), SHK_OK);
    assert_int_equal(n, 0);
    platform_files.close(NULL, file);
    fault_clear(&why);
    assert_int_not_equal(platform_files.open_input(NULL, here.path, &file, &why), SHK_OK);
    assert_int_equal(why.native, EISDIR);
}

static void a_new_file_is_for_its_owner(void **state) {
    (void)state;
    mode_t mask = umask(0);
    assert_int_equal(write_at("log", 0, "x"), SHK_OK);
    assert_int_equal(temp_mode(&here, "log"), 0600);
    umask(mask);
}

static void nothing_is_written_through_a_link_or_into_a_pipe(void **state) {
    (void)state;
    temp_write(&here, "target", "old");
    assert_int_equal(symlink("target", temp_path(&here, "link")), 0);
    assert_int_equal(symlink("nothing", temp_path(&here, "dangling")), 0);
    assert_int_equal(mkfifo(temp_path(&here, "pipe"), 0600), 0);
    assert_int_equal(write_at("link", 0, "new"), SHK_E_FOLDER_WRITE);
    assert_int_equal(why.native, ELOOP);
    assert_int_equal(write_at("dangling", 0, "new"), SHK_E_FOLDER_WRITE);
    assert_int_equal(write_at("pipe", 0, "new"), SHK_E_FOLDER_WRITE);
    assert_true(temp_holds(&here, "target", "old"));
    assert_false(temp_exists(&here, "nothing"));
}

/* Whatever fails: what stands before the offset is as it was. */
static void the_old_part_outlives_every_fault(void **state) {
    (void)state;
    static const enum disk_step steps[] = {DISK_OPEN, DISK_CUT, DISK_WRITE, DISK_FLUSH, DISK_CLOSE};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        temp_write(&here, "log", "old\nsecond\n");
        disk_fault_set(steps[i], EIO, 2);
        assert_int_equal(write_at("log", 4, "new row\n"), SHK_E_FOLDER_WRITE);
        assert_int_equal(why.native, EIO);
        assert_true(disk_fault_hits() > 0);
        disk_fault_set(DISK_FINE, 0, 0);
        char got[32] = {0};
        FILE *file = fopen(temp_path(&here, "log"), "rb");
        assert_non_null(file);
        assert_true(fread(got, 1, sizeof got - 1, file) >= 4);
        fclose(file);
        assert_memory_equal(got, "old\n", 4);
        assert_int_equal(write_at("log", 4, "new row\n"), SHK_OK);
        assert_true(temp_holds(&here, "log", "old\nnew row\n"));
    }
}

static void a_new_name_is_flushed_into_its_folder(void **state) {
    (void)state;
    disk_fault_set(DISK_FLUSH_FOLDER, EIO, 0);
    assert_int_equal(write_at("log", 0, "x"), SHK_E_FOLDER_WRITE);
    assert_int_equal(disk_fault_hits(), 1);
    assert_int_equal(write_at("log", 1, "y"), SHK_OK);
    disk_fault_set(DISK_FLUSH_FOLDER, EINVAL, 0);
    assert_int_equal(write_at("newer", 0, "x"), SHK_OK);
    assert_int_equal(disk_fault_hits(), 1);
}

static void a_disk_that_stutters_loses_no_byte(void **state) {
    (void)state;
    temp_write(&here, "log", "old\n");
    disk_fault_set(DISK_STUTTER, 0, 0);
    assert_int_equal(write_at("log", 4, "every single byte arrives\n"), SHK_OK);
    assert_true(temp_holds(&here, "log", "old\nevery single byte arrives\n"));
}

static void a_full_disk_is_named(void **state) {
    (void)state;
    disk_fault_set(DISK_WRITE, ENOSPC, 0);
    assert_int_equal(write_at("log", 0, "x"), SHK_E_DISK_FULL);
    assert_string_equal(why.where, "");
}

/* --- notices --- */

static void *watch_now(const char *folder) {
    void *watch = NULL;
    assert_int_equal(platform_files.watch(NULL, folder, &watch, &why), SHK_OK);
    assert_non_null(watch);
    return watch;
}

static bool changed(void *watch, int32_t ms) {
    return platform_files.changed(NULL, watch, ms);
}

static void a_wait_without_a_change_takes_its_time(void **state) {
    (void)state;
    void *watch = watch_now(here.path);
    int64_t from = platform_clock.mono_ms(NULL);
    assert_false(changed(watch, 600));
    int64_t took = platform_clock.mono_ms(NULL) - from;
    assert_true(took >= 600 && took < 20000);
    assert_false(changed(watch, -1));
    platform_files.unwatch(NULL, watch);
}

static void write_soon(void *self) {
    thread_sleep(100);
    temp_write(self, "soon", "x");
}

static void a_wait_ends_with_the_change(void **state) {
    (void)state;
    void *watch = watch_now(here.path);
    struct thread *other = thread_start(write_soon, &here);
    int64_t from = platform_clock.mono_ms(NULL);
    assert_true(changed(watch, 120000));
    assert_true(platform_clock.mono_ms(NULL) - from < 60000);
    assert_true(thread_join(other, 60000));
    platform_files.unwatch(NULL, watch);
}

static void a_file_that_is_moved_in_is_noticed(void **state) {
    (void)state;
    struct temp_folder beside;
    assert_true(temp_folder_make(&beside));
    temp_write(&beside, "a", "x");
    void *watch = watch_now(here.path);
    assert_int_equal(rename(temp_path(&beside, "a"), temp_path(&here, "a")), 0);
    assert_true(changed(watch, 5000));
    platform_files.unwatch(NULL, watch);
    temp_folder_remove(&beside);
}

static void our_own_temporary_files_are_not(void **state) {
    (void)state;
    void *watch = watch_now(here.path);
    temp_write(&here, ".shikaku-0123456789abcdef.tmp", "x");
    assert_false(changed(watch, 50));
    temp_write(&here, ".shikaku-0123456789abcdef.txt", "x");
    assert_true(changed(watch, 5000));
    platform_files.unwatch(NULL, watch);
}

static void make_soon(void *self) {
    thread_sleep(100);
    (void)mkdir(self, 0700);
}

static void a_folder_that_is_made_again_is_watched_again(void **state) {
    (void)state;
    char folder[128], file[160];
    text_copy(folder, sizeof folder, temp_path(&here, "res"));
    text_format(file, sizeof file, "%s/a", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    void *watch = watch_now(folder);
    assert_int_equal(rmdir(folder), 0);
    assert_false(changed(watch, 300));
    struct thread *other = thread_start(make_soon, folder);
    assert_true(changed(watch, 60000));
    assert_true(thread_join(other, 60000));
    while (changed(watch, 0)) {
    }
    temp_write(&here, "res/a", "x");
    assert_true(changed(watch, 5000));
    platform_files.unwatch(NULL, watch);
    unlink(file);
}

static void a_folder_that_is_exchanged_is_noticed(void **state) {
    (void)state;
    char folder[128], old[128];
    text_copy(folder, sizeof folder, temp_path(&here, "res"));
    text_copy(old, sizeof old, temp_path(&here, "old"));
    assert_int_equal(mkdir(folder, 0700), 0);
    void *watch = watch_now(folder);
    assert_int_equal(rename(folder, old), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_true(changed(watch, 5000));
    while (changed(watch, 0)) {
    }
    temp_write(&here, "old/a", "not ours any more");
    assert_false(changed(watch, 100));
    temp_write(&here, "res/a", "x");
    assert_true(changed(watch, 5000));
    platform_files.unwatch(NULL, watch);
    unlink(temp_path(&here, "old/a"));
    unlink(temp_path(&here, "res/a"));
}

/* Neither the folder itself nor what is in it is touched. */
static void a_folder_whose_parent_is_exchanged_is_noticed(void **state) {
    (void)state;
    char folder[128];
    text_copy(folder, sizeof folder, temp_path(&here, "share/res"));
    assert_int_equal(mkdir(temp_path(&here, "share"), 0700), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    void *watch = watch_now(folder);
    assert_int_equal(rename(temp_path(&here, "share"), temp_path(&here, "old")), 0);
    assert_int_equal(mkdir(temp_path(&here, "share"), 0700), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_true(changed(watch, 5000));
    temp_write(&here, "share/res/a", "x");
    assert_true(changed(watch, 5000));
    platform_files.unwatch(NULL, watch);
    unlink(temp_path(&here, "share/res/a"));
    rmdir(folder);
    rmdir(temp_path(&here, "old/res"));
}

static void a_folder_that_is_made_again_at_once_is_noticed(void **state) {
    (void)state;
    bool same = false;
    char folder[128];
    text_copy(folder, sizeof folder, temp_path(&here, "res"));
    assert_int_equal(mkdir(folder, 0700), 0);
    void *watch = watch_now(folder);
    for (int i = 0; i < 50 && !same; i++) {
        struct stat before, after;
        assert_int_equal(stat(folder, &before), 0);
        assert_int_equal(rmdir(folder), 0);
        assert_int_equal(mkdir(folder, 0700), 0);
        assert_int_equal(stat(folder, &after), 0);
        same = before.st_ino == after.st_ino;
        assert_true(changed(watch, 5000));
        while (changed(watch, 0)) {
        }
    }
    if (!same) {
        print_message("this file system gives no number twice\n");
    }
    platform_files.unwatch(NULL, watch);
}

/* Without one descriptor left there are no notices, but waiting still works. */
static void a_system_without_notices_left_is_no_fault(void **state) {
    (void)state;
    struct rlimit before, none = {0};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    void *watch = watch_now(here.path);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    int64_t from = platform_clock.mono_ms(NULL);
    clock_t worked = clock();
    assert_false(changed(watch, 600));
    assert_true(platform_clock.mono_ms(NULL) - from >= 600);
    assert_true(clock() - worked < CLOCKS_PER_SEC / 4);
    platform_files.unwatch(NULL, watch);
}

static void a_file_is_no_folder_to_watch(void **state) {
    (void)state;
    void *watch = &watch;
    temp_write(&here, "file", "x");
    assert_int_equal(platform_files.watch(NULL, temp_path(&here, "file"), &watch, &why),
                     SHK_E_FOLDER_MISSING);
    assert_int_equal(why.native, ENOTDIR);
    assert_null(watch);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(only_plain_files_with_readable_names_are_told),
        CASE(size_and_time_are_told),
        CASE(a_folder_that_may_not_be_read_is_a_fault),
        CASE(a_file_that_may_not_be_removed_stays),
        CASE(a_link_is_removed_itself),
        CASE(pipes_and_folders_are_not_read_in_pieces),
        CASE(a_pipe_is_read_where_a_person_names_it),
        CASE(a_new_file_is_for_its_owner),
        CASE(nothing_is_written_through_a_link_or_into_a_pipe),
        CASE(the_old_part_outlives_every_fault),
        CASE(a_new_name_is_flushed_into_its_folder),
        CASE(a_disk_that_stutters_loses_no_byte),
        CASE(a_full_disk_is_named),
        CASE(a_wait_without_a_change_takes_its_time),
        CASE(a_wait_ends_with_the_change),
        CASE(a_file_that_is_moved_in_is_noticed),
        CASE(our_own_temporary_files_are_not),
        CASE(a_folder_that_is_made_again_is_watched_again),
        CASE(a_folder_that_is_exchanged_is_noticed),
        CASE(a_folder_whose_parent_is_exchanged_is_noticed),
        CASE(a_folder_that_is_made_again_at_once_is_noticed),
        CASE(a_system_without_notices_left_is_no_fault),
        CASE(a_file_is_no_folder_to_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
