/* Every document exactly once: a machine that dies before every single step that it takes on a real disk,
 * another one that takes over in the middle of every step, a host that takes the files away meanwhile. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): MAP_ANONYMOUS */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "disk_fault.h"
#include "platform.h"
#include "registry.h"
#include "services_fake.h"
#include "temp_folder.h"

#define HEAD "NUMBER,NAME\r\n"
#define OLD  "0,見本花子\r\n"
#define NEW  "1,見本太郎\r\n"
#define DOC  "<doc>見本太郎</doc>"
#define DIED 9

/* How the host wants it. */
struct plan {
    const char *name, *end_file, *lock_file, *write_as;
    bool rows, no_noreplace;
};

static const struct plan plans[] = {
    {.name = "rows", .rows = true},
    {.name = "rows with a trigger", .rows = true, .end_file = "GO"},
    {.name = "rows with a lock file", .rows = true, .lock_file = "kanja.lck"},
    {.name = "rows with all",
     .rows = true,
     .end_file = "{name}.end",
     .lock_file = "kanja.lck",
     .write_as = "{name}.tmp"},
    {.name = "own"},
    {.name = "own with triggers", .end_file = "{stem}.end"},
    {.name = "own with one trigger", .end_file = "GO"},
    {.name = "own written visibly", .write_as = "{name}.tmp"},
    {.name = "own with all",
     .end_file = "{name}.end",
     .lock_file = "kanja.lck",
     .write_as = "{name}.tmp"},
    {.name = "own by links", .no_noreplace = true, .end_file = "{name}.end"},
};

/* What outlives a machine that dies. */
struct store {
    char note[SHK_NOTE_MAX];
    int owner;
};

static struct temp_folder here;
static struct store *store;
static const struct plan *plan;
/* What the host has taken. */
static int old_rows, new_rows, documents, triggers;

static int set_up(void **state) {
    (void)state;
    store = mmap(NULL, sizeof *store, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    disk_fault_set(DISK_FINE, 0, 0);
    disk_fault_flush(false); /* nobody pulls a plug here, and there are many steps */
    return store != MAP_FAILED ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    disk_fault_set(DISK_FINE, 0, 0);
    disk_fault_at(0, NULL);
    return munmap(store, sizeof *store);
}

static void begin(void) {
    assert_true(temp_folder_make(&here));
    memset(store, 0, sizeof *store);
    old_rows = new_rows = documents = triggers = 0;
    if (plan->rows) {
        temp_write(&here, "rows.csv", HEAD OLD);
    }
    if (plan->no_noreplace) {
        disk_fault_set(DISK_NO_NOREPLACE, EINVAL, 0);
    }
}

static int32_t keep(struct services_fake *s, const char *note) {
    if (store->owner != *(int *)s->self) {
        return SHK_E_DELIVERY_TAKEN;
    }
    text_copy(store->note, sizeof store->note, note);
    return SHK_OK;
}

static void count_notes(struct services_fake *s, const char *what) {
    (void)s;
    if (text_starts(what, "note")) {
        disk_fault_step();
    }
}

static uint32_t settings_of(shk_setting out[8]) {
    uint32_t n = 0;
    out[n++] = (shk_setting){"folder", here.path};
    out[n++] = (shk_setting){"lock_wait_ms", "0"};
    const shk_setting more[] = {
        {"end_file", plan->end_file}, {"lock_file", plan->lock_file}, {"write_as", plan->write_as}};
    for (size_t i = 0; i < 3; i++) {
        if (more[i].value != NULL) {
            out[n++] = more[i];
        }
    }
    return n;
}

/* One attempt of one machine, which holds the delivery from now on. */
static int32_t attempt(int number) {
    struct services_fake lent;
    shk_setting settings[8];
    shk_host *host = NULL;
    char note[SHK_NOTE_MAX];
    services_fake_init(&lent, &platform_files, NULL);
    lent.keep = keep;
    lent.step = count_notes;
    lent.self = &number;
    store->owner = number;
    text_copy(note, sizeof note, store->note);
    const char *head = plan->rows ? HEAD : "", *body = plan->rows ? NEW : DOC;
    const shk_delivery d = {.struct_size = sizeof d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = "5b1c0000-0000-4000-8000-00000000abcd",
                            .script = "script",
                            .format = plan->rows ? "csv" : "xml",
                            .encoding = "utf-8",
                            .file_name = plan->rows ? "rows.csv" : "one.xml",
                            .head = (const uint8_t *)head,
                            .head_len = (uint32_t)strlen(head),
                            .body = (const uint8_t *)body,
                            .body_len = (uint32_t)strlen(body),
                            .attempt = number,
                            .note = note};
    shk_receipt receipt = {.struct_size = sizeof receipt, .abi = SHK_ADAPTER_ABI};
    int32_t rc = adapter_folder.open(&lent.table, settings, settings_of(settings), &host);
    if (rc == SHK_OK) {
        rc = adapter_folder.deliver(host, &d, &receipt);
        rc = rc == SHK_OK ? lent.why.code : rc;
    }
    adapter_folder.close(&host);
    return rc;
}

static int rows_in(const char *text, const char *row) {
    int n = 0;
    for (const char *p = strstr(text, row); p != NULL; p = strstr(p + 1, row)) {
        n++;
    }
    return n;
}

static void take_rows(const char *path) {
    struct bytes text = {0};
    assert_int_equal(platform_files.read(NULL, path, 4096, &text, NULL), SHK_OK);
    assert_true(text_starts(bytes_text(&text), HEAD));
    old_rows += rows_in(bytes_text(&text), OLD);
    new_rows += rows_in(bytes_text(&text), NEW);
    /* Nothing else: no part of a row, no second heading. */
    assert_int_equal(text.n, sizeof HEAD - 1 +
                                 (size_t)rows_in(bytes_text(&text), OLD) * (sizeof OLD - 1) +
                                 (size_t)rows_in(bytes_text(&text), NEW) * (sizeof NEW - 1));
    bytes_clear(&text);
    assert_int_equal(unlink(path), 0);
}

static bool ends_with(const char *name, const char *ending) {
    size_t n = strlen(name), end = strlen(ending);
    return n > end && text_equal(name + n - end, ending);
}

static bool is_trigger(const char *name) {
    return text_equal(name, "GO") || ends_with(name, ".end");
}

/* Everything of the kind that lies there, by its final name. */
static void take_all(bool wants_triggers) {
    DIR *dir = opendir(here.path);
    const struct dirent *entry = NULL;
    while ((entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name, *path = temp_path(&here, name);
        if (name[0] == '.' || is_trigger(name) != wants_triggers) {
            continue;
        }
        if (wants_triggers) {
            assert_true(temp_holds(&here, name, ""));
            triggers++;
            assert_int_equal(unlink(path), 0);
        } else if (ends_with(name, ".csv")) {
            take_rows(path);
        } else if (ends_with(name, ".xml")) {
            assert_true(temp_holds(&here, name, DOC));
            documents++;
            assert_int_equal(unlink(path), 0);
        }
    }
    closedir(dir);
}

static bool has_trigger(void) {
    return temp_exists(&here, "GO") || temp_exists(&here, "one.end") ||
           temp_exists(&here, "one.xml.end") || temp_exists(&here, "rows.csv.end");
}

/* Where a name can only be given by a hard link, a file that is taken away before its staged name is removed
 * leaves no trace. */
static bool knows_no_host(void) {
    return plan->no_noreplace;
}

/* The host comes by: it heeds lock files, and where it goes by triggers it takes nothing without one. */
static void host_comes(void) {
    if (knows_no_host() || (plan->lock_file != NULL && temp_exists(&here, plan->lock_file)) ||
        (plan->end_file != NULL && !has_trigger())) {
        return;
    }
    take_all(false);
    take_all(true);
}

static void expect_once(void) {
    take_all(false);
    take_all(true);
    assert_int_equal(old_rows, plan->rows ? 1 : 0);
    assert_int_equal(new_rows, plan->rows ? 1 : 0);
    assert_int_equal(documents, plan->rows ? 0 : 1);
    assert_int_equal(triggers, plan->end_file != NULL ? 1 : 0);
    assert_int_equal(temp_count(&here, ".shikaku-stage"), 0);
    assert_int_equal(temp_count(&here, "kanja.lck"), 0);
    temp_folder_remove(&here);
}

static void die(void) {
    _exit(DIED);
}

/* True when it died before its `step`-th step, false when it came to the end. */
static bool dies_at(int step) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        disk_fault_at(step, die);
        _exit(attempt(1) == SHK_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DIED);
    return WEXITSTATUS(status) == DIED;
}

static void die_everywhere(bool host_between) {
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        int steps = 0;
        plan = &plans[i];
        for (bool died = true; died; steps++) {
            begin();
            died = dies_at(steps + 1);
            if (host_between) {
                host_comes();
            }
            assert_int_equal(attempt(2), SHK_OK);
            expect_once();
            disk_fault_set(DISK_FINE, 0, 0);
        }
        print_message("%s: %d steps\n", plan->name, steps);
        assert_true(steps > 12);
    }
}

static void a_machine_that_dies_anywhere_delivers_once(void **state) {
    (void)state;
    die_everywhere(false);
}

static void what_the_host_took_before_the_second_attempt_is_not_written_again(void **state) {
    (void)state;
    die_everywhere(true);
}

static int32_t other_rc;
static bool host_too;

static void other_machine(void) {
    other_rc = attempt(2);
    /* Between the last look at a file of rows and the rename only a lock file keeps a host away. */
    if (host_too && (!plan->rows || plan->lock_file != NULL)) {
        host_comes();
    }
}

/* The first machine was slow, not dead: it goes on where it was. */
static void overtake_everywhere(bool with_host) {
    host_too = with_host;
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        int steps = 0;
        plan = &plans[i];
        for (bool reached = true; reached; steps++) {
            begin();
            other_rc = 1;
            disk_fault_at(steps + 1, other_machine);
            int32_t rc = attempt(1);
            disk_fault_at(0, NULL);
            reached = other_rc != 1;
            assert_true(rc == SHK_OK || reached);
            assert_true(other_rc == SHK_OK || other_rc == SHK_E_FOLDER_LOCKED || !reached);
            /* Whoever the store believes to hold it comes to an end. */
            assert_int_equal(attempt(3), SHK_OK);
            expect_once();
            disk_fault_set(DISK_FINE, 0, 0);
        }
        print_message("%s: %d steps\n", plan->name, steps);
        assert_true(steps > 12);
    }
}

static void a_machine_that_is_overtaken_anywhere_does_not_double(void **state) {
    (void)state;
    overtake_everywhere(false);
}

static void nor_when_the_host_comes_by_just_then(void **state) {
    (void)state;
    overtake_everywhere(true);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_machine_that_dies_anywhere_delivers_once),
        CASE(what_the_host_took_before_the_second_attempt_is_not_written_again),
        CASE(a_machine_that_is_overtaken_anywhere_does_not_double),
        CASE(nor_when_the_host_comes_by_just_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
