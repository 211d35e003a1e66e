#include "bulk_stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform.h"
#include "thread.h"

struct bulk_stage stage;

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker gives the name */
void __wrap_thread_sleep(int32_t ms);

void __wrap_thread_sleep(int32_t ms) {
    stage.slept_ms += ms;
    clock_fake_advance(&stage.clock, ms);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static void die_if(enum bulk_death how) {
    if (stage.death == how && stage.calls == stage.die_at) {
        _exit(BULK_DIED);
    }
}

static void before(void) {
    stage.calls++;
    die_if(DIES_BEFORE);
}

static bool fails(struct fault *why) {
    stage.file_calls++;
    if (stage.fail_at == 0 || stage.file_calls != stage.fail_at) {
        return false;
    }
    fault_set(why, stage.fail_code, SHK_NATIVE_OS, 28, NULL);
    return true;
}

static int32_t files_read(void *self, const char *path, size_t max, struct bytes *out,
                          struct fault *why) {
    before();
    int32_t rc = fails(why) ? stage.fail_code : platform_files.read(self, path, max, out, why);
    die_if(DIES_AFTER);
    return rc;
}

static int32_t files_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                         struct fault *why) {
    before();
    int32_t rc = fails(why) ? stage.fail_code : platform_files.put(self, path, p, n, replace, why);
    die_if(DIES_AFTER);
    return rc;
}

static bool files_is_folder(void *self, const char *path) {
    return platform_files.is_folder(self, path);
}

static int32_t files_lock(void *self, const char *path, int32_t wait_ms, void **lock,
                          struct fault *why) {
    before();
    int32_t rc = platform_files.lock(self, path, wait_ms, lock, why);
    die_if(DIES_AFTER);
    return rc;
}

static void files_unlock(void *self, void *lock) {
    before();
    platform_files.unlock(self, lock);
    die_if(DIES_AFTER);
}

static int32_t files_open(void *self, const char *path, void **file, struct fault *why) {
    before();
    *file = NULL;
    int32_t rc = fails(why) ? stage.fail_code : platform_files.open(self, path, file, why);
    die_if(DIES_AFTER);
    return rc;
}

static int32_t files_next(void *self, void *file, uint8_t *p, size_t cap, size_t *n,
                          struct fault *why) {
    *n = 0;
    return fails(why) ? stage.fail_code : platform_files.next(self, file, p, cap, n, why);
}

static void files_close(void *self, void *file) {
    platform_files.close(self, file);
}

static int32_t files_write_at(void *self, const char *path, uint64_t at, const uint8_t *p, size_t n,
                              struct fault *why) {
    before();
    if (stage.death == DIES_TORN && stage.calls == stage.die_at) {
        (void)platform_files.write_at(self, path, at, p, n / 2, why);
        _exit(BULK_DIED);
    }
    bool failing = fails(why);
    if (failing) { /* as a full disk does: some of it is there */
        (void)platform_files.write_at(self, path, at, p, n / 2, NULL);
    }
    int32_t rc = failing ? stage.fail_code : platform_files.write_at(self, path, at, p, n, why);
    die_if(DIES_AFTER);
    return rc;
}

static int32_t files_make_folder(void *self, const char *path, struct fault *why) {
    before();
    int32_t rc = fails(why) ? stage.fail_code : platform_files.make_folder(self, path, why);
    die_if(DIES_AFTER);
    return rc;
}

static const struct file_ops files = {
    .read = files_read,
    .put = files_put,
    .is_folder = files_is_folder,
    .lock = files_lock,
    .unlock = files_unlock,
    .open = files_open,
    .next = files_next,
    .close = files_close,
    .write_at = files_write_at,
    .make_folder = files_make_folder,
};

static void service_hook(void *self, bool after) {
    (void)self;
    if (after) {
        die_if(DIES_AFTER);
    } else {
        before();
    }
}

static bool stop(void *self) {
    (void)self;
    if (stage.stop_after > 0 && --stage.stop_after == 0) {
        stage.stop = true;
    }
    return stage.stop;
}

static void progress(void *self, const struct bulk_progress *now) {
    (void)self;
    assert_true(now->done <= now->total && now->total > 0);
    if (stage.told < 64) {
        stage.told_ms[stage.told] = stage.clock.mono_ms;
    }
    stage.told++;
    stage.most_done = now->done > stage.most_done ? now->done : stage.most_done;
}

static void at_rest(void) {
    stage.stop = false;
    stage.stop_after = stage.calls = stage.die_at = stage.fail_at = stage.file_calls = 0;
    stage.service.sends = stage.service.fetches = stage.service.registrations = 0;
    stage.told = 0;
    stage.most_done = 0;
    stage.death = DIES_NEVER;
    stage.slept_ms = 0;
}

int bulk_stage_set_up(void **state) {
    (void)state;
    stage = (struct bulk_stage){0};
    assert_true(temp_folder_make(&stage.input));
    assert_true(temp_folder_make(&stage.out));
    assert_true(temp_folder_make(&stage.server));
    clock_fake_init(&stage.clock);
    route_fake_init(&stage.service, stage.server.path);
    stage.service.hook = service_hook;
    stage.env = (struct env){.clock = &clock_fake_ops,
                             .clock_self = &stage.clock,
                             .files = &files,
                             .random = &platform_random};
    stage.world = (struct bulk_world){
        .env = &stage.env, .route = &stage.service.route, .stop = stop, .progress = progress};
    text_copy(stage.table, sizeof stage.table, temp_path(&stage.input, "patients.csv"));
    text_copy(stage.columns, sizeof stage.columns, temp_path(&stage.input, "columns.lua"));
    stage.job = (struct bulk_job){.table = stage.table,
                                  .columns = stage.columns,
                                  .folder = stage.out.path,
                                  .institution_code = "9910000001",
                                  .date = "20260601",
                                  .batch = 4,
                                  .check_digit = true};
    bulk_columns_are(COLUMNS);
    return 0;
}

int bulk_stage_tear_down(void **state) {
    (void)state;
    (void)bulk_stage_file(NULL);
    route_fake_clear(&stage.service);
    temp_folder_remove(&stage.input);
    temp_folder_remove(&stage.out);
    temp_folder_remove(&stage.server);
    return 0;
}

void bulk_table_is(const char *content) {
    temp_write(&stage.input, "patients.csv", content);
}

void bulk_columns_are(const char *content) {
    temp_write(&stage.input, "columns.lua", content);
}

void bulk_people_are(const char *const *symbols, size_t n) {
    struct bytes text = {0};
    bytes_append_text(&text, HEADING);
    for (size_t i = 0; i < n; i++) {
        char row[160];
        text_format(row, sizeof row, "P%03u,見本　太郎,1980-04-%02u,06990014,%s,%u,\n",
                    (unsigned)i + 1, (unsigned)(i % 28) + 1, symbols[i], (unsigned)i + 1);
        bytes_append_text(&text, row);
    }
    bulk_table_is(bytes_text(&text));
    bytes_clear(&text);
}

int32_t bulk_stage_run(void) {
    fault_clear(&stage.why);
    int32_t rc = bulk_run(&stage.job, &stage.world, &stage.last, &stage.why);
    assert_int_equal(rc, stage.why.code);
    return rc;
}

int bulk_stage_run_apart(void) {
    int status = -1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int32_t rc = bulk_run(&stage.job, &stage.world, &stage.last, &stage.why);
        _exit(rc == SHK_OK ? 0 : 1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static struct kept {
    const char *name;
    char *text;
} kept[3] = {{"results.jsonl", NULL}, {"differences.csv", NULL}, {"state", NULL}};

static char *slurp_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct bytes text = {0};
    char part[4096];
    for (size_t n = 1; file != NULL && n > 0;) {
        n = fread(part, 1, sizeof part, file);
        bytes_append(&text, part, n);
    }
    if (file != NULL) {
        fclose(file);
    }
    char *copy = text_dup(bytes_text(&text));
    bytes_clear(&text);
    return copy;
}

const char *bulk_stage_file(const char *name) {
    for (int i = 0; i < 3; i++) {
        if (name == NULL || text_equal(kept[i].name, name)) {
            free(kept[i].text);
            kept[i].text = name != NULL ? slurp_file(temp_path(&stage.out, name)) : NULL;
            if (name != NULL) {
                return kept[i].text;
            }
        }
    }
    return "";
}

const char *bulk_stage_line(size_t n) {
    static char line[8192];
    const char *p = bulk_stage_file("results.jsonl");
    for (size_t i = 1; i < n && p != NULL; i++) {
        p = strchr(p, '\n');
        p = p != NULL ? p + 1 : NULL;
    }
    const char *end = p != NULL ? strchr(p, '\n') : NULL;
    text_copy_n(line, sizeof line, p != NULL ? p : "", end != NULL ? (size_t)(end - p) : 0);
    return line;
}

void bulk_stage_empty(void) {
    route_fake_clear(&stage.service);
    temp_folder_remove(&stage.out);
    temp_folder_remove(&stage.server);
    assert_true(temp_folder_make(&stage.out));
    assert_true(temp_folder_make(&stage.server));
    text_copy(stage.service.folder, sizeof stage.service.folder, stage.server.path);
    at_rest();
}

void expect_in(const char *text, const char *part) {
    if (strstr(text, part) == NULL) {
        fail_msg("%s\nis not in\n%s", part, text);
    }
}

void expect_not_in(const char *text, const char *part) {
    if (strstr(text, part) != NULL) {
        fail_msg("%s\nis in\n%s", part, text);
    }
}
