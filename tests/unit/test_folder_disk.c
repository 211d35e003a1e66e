#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "disk_fault.h"
#include "platform.h"
#include "registry.h"
#include "services_fake.h"
#include "temp_folder.h"
#include "thread.h"

#define HEAD        "WRITER,ROW,FILL\r\n"
#define FILL        "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789"
#define ROWS        100
#define ROWS_A_LOOK 4 /* no more without a look of the reader */

static struct temp_folder here;

static int set_up(void **state) {
    (void)state;
    disk_fault_set(DISK_FINE, 0, 0);
    return temp_folder_make(&here) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    disk_fault_set(DISK_FINE, 0, 0);
    temp_folder_remove(&here);
    return 0;
}

/* One handle on the real disk. */
struct post {
    struct services_fake lent;
    shk_host *host;
    shk_receipt receipt;
};

static bool post_open(struct post *p, const char *mode) {
    /* Whose turn it is at the lock is chance: on a slow disk one may wait until the others are through. */
    const shk_setting settings[] = {
        {"folder", here.path}, {"file", "rows.csv"}, {"mode", mode}, {"lock_wait_ms", "240000"}};
    services_fake_init(&p->lent, &platform_files, NULL);
    p->host = NULL;
    return adapter_folder.open(&p->lent.table, settings, 4, &p->host) == SHK_OK;
}

static int32_t post_row(struct post *p, const char *id, const char *row) {
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = id,
                            .script = "csv_basic",
                            .format = "csv",
                            .encoding = "utf-8",
                            .file_name = "proposed.csv",
                            .head = (const uint8_t *)HEAD,
                            .head_len = sizeof HEAD - 1,
                            .body = (const uint8_t *)row,
                            .body_len = (uint32_t)strlen(row)};
    p->receipt = (shk_receipt){.struct_size = sizeof p->receipt, .abi = SHK_ADAPTER_ABI};
    return adapter_folder.deliver(p->host, &d, &p->receipt);
}

static bool write_rows(int writer, int first, int n) {
    struct post p;
    bool ok = post_open(&p, "append");
    for (int i = first; ok && i < first + n; i++) {
        char id[40], row[160];
        text_format(id, sizeof id, "%d-%d", writer, i);
        text_format(row, sizeof row, "%d,%d," FILL "\r\n", writer, i);
        ok = post_row(&p, id, row) == SHK_OK;
    }
    adapter_folder.close(&p.host);
    return ok;
}

/* The number of rows, or -1 when something is not whole. seen[writer][row] counts them. */
static int whole_rows(const char *text, uint8_t seen[2][2 * ROWS]) {
    int rows = 0;
    if (!text_starts(text, HEAD)) {
        return -1;
    }
    for (text += sizeof HEAD - 1; *text != '\0'; rows++) {
        int32_t row = 0;
        size_t digits = strspn(text + 2, "0123456789");
        if ((text[0] != '0' && text[0] != '1') || text[1] != ',' ||
            !text_to_int32(text + 2, digits, &row) || row >= 2 * ROWS ||
            !text_starts(text + 2 + digits, "," FILL "\r\n")) {
            return -1;
        }
        seen[text[0] - '0'][row]++;
        text += 2 + digits + sizeof "," FILL "\r\n" - 1;
    }
    return rows;
}

static int look(void) {
    static uint8_t seen[2][2 * ROWS];
    struct bytes content = {0};
    memset(seen, 0, sizeof seen);
    int32_t rc = platform_files.read(NULL, temp_path(&here, "rows.csv"), 1 << 20, &content, NULL);
    int rows = rc == SHK_E_ABSENT ? 0 : rc == SHK_OK ? whole_rows(bytes_text(&content), seen) : -1;
    for (size_t i = 0; i < sizeof seen; i++) {
        rows = ((uint8_t *)seen)[i] > 1 ? -1 : rows;
    }
    bytes_clear(&content);
    return rows;
}

struct writer {
    int number;
    bool ok;
    struct mutex *lock;
    bool ended;
};

static atomic_int looks; /* of the reader */

static void write_in_thread(void *self) {
    struct writer *w = self;
    bool ok = true;
    for (int row = 0; ok && row < ROWS; row += ROWS_A_LOOK) {
        /* A machine that does not let the reader run would show it the end alone. */
        for (int ms = 0; atomic_load(&looks) < row / ROWS_A_LOOK && ms < 60000; ms++) {
            thread_sleep(1);
        }
        ok = write_rows(w->number, row, ROWS_A_LOOK);
    }
    mutex_lock(w->lock);
    w->ok = ok;
    w->ended = true;
    mutex_unlock(w->lock);
}

static bool has_ended(struct writer *w) {
    mutex_lock(w->lock);
    bool ended = w->ended;
    mutex_unlock(w->lock);
    return ended;
}

static void a_reader_sees_whole_rows_while_two_threads_append(void **state) {
    (void)state;
    static struct writer w[2]; /* outlives a look that fails */
    struct thread *t[2];
    int last = 0;
    for (int i = 0; i < 2; i++) {
        w[i] = (struct writer){.number = i, .lock = mutex_new()};
    }
    for (size_t i = 0; i < 2; i++) {
        t[i] = thread_start(write_in_thread, &w[i]);
    }
    while (!has_ended(&w[0]) || !has_ended(&w[1])) {
        int rows = look();
        assert_true(rows >= last);
        last = rows;
        (void)atomic_fetch_add(&looks, 1);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_true(thread_join(t[i], 60000));
        assert_true(w[i].ok);
        mutex_free(w[i].lock);
    }
    assert_int_equal(look(), 2 * ROWS);
    assert_int_equal(temp_count(&here, ".shikaku"), 0);
    assert_int_equal(temp_mode(&here, "rows.csv"), 0600);
}

static void a_reader_sees_whole_rows_while_two_processes_append(void **state) {
    (void)state;
    pid_t child[2];
    int left = 2, last = 0, status = 0;
    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            _exit(write_rows(i, 0, ROWS) ? 0 : 1);
        }
    }
    while (left > 0) {
        int rows = look();
        assert_true(rows >= last);
        last = rows;
        if (waitpid(child[2 - left], &status, WNOHANG) > 0) {
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            left--;
        }
    }
    assert_int_equal(look(), 2 * ROWS);
    assert_int_equal(temp_count(&here, ".shikaku"), 0);
}

/* Killed at any instant: every row that was there stays, none is torn, the next writer goes on. */
static void a_writer_killed_at_any_instant_leaves_whole_rows(void **state) {
    (void)state;
    int last = 0;
    for (int round = 0; round < 12; round++) {
        pid_t child = fork();
        if (child == 0) {
            for (int row = last; row < 2 * ROWS; row++) {
                (void)write_rows(0, row, 1);
            }
            _exit(0);
        }
        thread_sleep(1 + round * 2);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        int rows = look();
        assert_true(rows >= last);
        last = rows;
    }
    assert_true(write_rows(1, 0, 1));
    assert_int_equal(look(), last + 1);
}

static void rows_survive_every_fault_of_the_disk(void **state) {
    (void)state;
    struct post p;
    assert_true(write_rows(0, 0, 3));
    assert_true(post_open(&p, "append"));
    for (int step = DISK_OPEN; step <= DISK_RENAME; step++) {
        disk_fault_set((enum disk_step)step, 28, 30);
        assert_int_equal(post_row(&p, "late", "1,7," FILL "\r\n"), SHK_E_DISK_FULL);
        assert_true(disk_fault_hits() > 0);
        assert_int_equal(look(), 3);
        assert_int_equal(temp_count(&here, ".shikaku"), 0);
    }
    /* What is staged must be sure to be found again. */
    disk_fault_set(DISK_FLUSH_FOLDER, 5, 0);
    assert_int_equal(post_row(&p, "late", "1,7," FILL "\r\n"), SHK_E_FOLDER_WRITE);
    assert_true(disk_fault_hits() > 0);
    assert_int_equal(look(), 3);
    assert_int_equal(temp_count(&here, ".shikaku"), 0);
    disk_fault_set(DISK_FINE, 0, 0);
    assert_int_equal(post_row(&p, "late", "1,7," FILL "\r\n"), SHK_OK);
    assert_int_equal(look(), 4);
    adapter_folder.close(&p.host);
}

static void documents_of_two_processes_get_names_of_their_own(void **state) {
    (void)state;
    pid_t child[4];
    int status = 0;
    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            struct post p;
            char row[32];
            bool ok = post_open(&p, "file");
            for (int n = 0; ok && n < 10; n++) {
                text_format(row, sizeof row, "%d,%d\r\n", i, n);
                ok = post_row(&p, row, row) == SHK_OK;
            }
            adapter_folder.close(&p.host);
            _exit(ok ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_int_equal(temp_count(&here, ""), 40);
    assert_true(temp_exists(&here, "rows.csv"));
    assert_true(temp_exists(&here, "rows_40.csv"));
}

static int deliver_where_forbidden(void *self) {
    struct post p;
    (void)self;
    bool ok =
        post_open(&p, "append") && post_row(&p, "a", "0,1," FILL "\r\n") == SHK_E_FOLDER_WRITE;
    adapter_folder.close(&p.host);
    ok = ok && post_open(&p, "file") && post_row(&p, "b", "0,1," FILL "\r\n") == SHK_E_FOLDER_WRITE;
    adapter_folder.close(&p.host);
    return ok ? 0 : 1;
}

static void a_read_only_folder_is_a_fault_with_its_name(void **state) {
    (void)state;
    temp_write(&here, "other.txt", "x");
    assert_int_equal(chmod(here.path, 0555), 0);
    assert_int_equal(temp_as_nobody(deliver_where_forbidden, NULL), 0);
    assert_int_equal(temp_count(&here, ""), 1);
}

#define OLD_ROW "0,1," FILL "\r\n"
#define NEW_ROW "0,2," FILL "\r\n"

static void host_takes_the_file(void) {
    char from[512], to[512];
    text_format(from, sizeof from, "%s/rows.csv", here.path);
    text_format(to, sizeof to, "%s/taken.csv", here.path);
    assert_int_equal(rename(from, to), 0);
}

static void host_empties_the_file(void) {
    char path[512];
    text_format(path, sizeof path, "%s/rows.csv", here.path);
    assert_int_equal(truncate(path, 0), 0);
}

static void rows_that_the_host_takes_meanwhile_do_not_come_back(void **state) {
    void (*const takes[])(void) = {host_takes_the_file, host_empties_the_file};
    (void)state;
    for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++) {
        struct post p;
        struct bytes text = {0};
        char path[512];
        assert_true(post_open(&p, "append"));
        temp_write(&here, "rows.csv", HEAD OLD_ROW);
        disk_fault_meanwhile(takes[i]);
        assert_int_equal(post_row(&p, i == 0 ? "a" : "b", NEW_ROW), SHK_OK);
        text_format(path, sizeof path, "%s/rows.csv", here.path);
        assert_int_equal(platform_files.read(NULL, path, 4096, &text, NULL), SHK_OK);
        assert_string_equal(bytes_text(&text), HEAD NEW_ROW);
        bytes_clear(&text);
        adapter_folder.close(&p.host);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_reader_sees_whole_rows_while_two_threads_append),
        CASE(a_reader_sees_whole_rows_while_two_processes_append),
        CASE(a_writer_killed_at_any_instant_leaves_whole_rows),
        CASE(rows_survive_every_fault_of_the_disk),
        CASE(documents_of_two_processes_get_names_of_their_own),
        CASE(a_read_only_folder_is_a_fault_with_its_name),
        CASE(rows_that_the_host_takes_meanwhile_do_not_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
