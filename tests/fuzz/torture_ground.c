#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): nftw, utimensat */
#include "torture_ground.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

#define OUT   "out"
#define STORE "shikaku-data/shikaku.db"
#define CONFIG                                                                                     \
    "return { route = \"demo\", card = \"demo\", demo = { folder = \"" TEST_DATA "/demo\" },\n"
#define DELIVERY                                                                                   \
    "deliveries = { { script = \"" SOURCE_ROOT                                                     \
    "/examples/reception/mapping.lua\", folder = \"out\","
#define DOCUMENT  4096
#define DAYS_2    172800
#define FTW_FILES 16

const char *ground_at(const struct ground *g, const char *name) {
    static char at[256];
    snprintf(at, sizeof at, "%s/%s", g->path, name);
    return at;
}

static bool write_config(const struct ground *g) {
    FILE *file = fopen(ground_at(g, "shikaku.lua"), "wb");
    if (file == NULL) {
        return false;
    }
    bool good = fputs(CONFIG DELIVERY " mode = \"file\" } }, log = { file = \"shikaku.log\" } }\n",
                      file) >= 0;
    return fclose(file) == 0 && good;
}

bool ground_make(struct ground *g) {
    struct stat st;
    bool memory = stat("/dev/shm", &st) == 0 && access("/dev/shm", W_OK) == 0;
    snprintf(g->path, sizeof g->path, "%s/shikaku-torture-XXXXXX", memory ? "/dev/shm" : "/tmp");
    return mkdtemp(g->path) != NULL && mkdir(ground_at(g, OUT), 0700) == 0 && write_config(g);
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

void ground_remove(struct ground *g) {
    (void)nftw(g->path, remove_entry, FTW_FILES, FTW_DEPTH | FTW_PHYS);
}

/* The first document of the process is kept: every other one is the same. */
static bool is_the_document(const char *path) {
    static char first[DOCUMENT];
    static size_t first_n;
    char now[DOCUMENT];
    FILE *file = fopen(path, "rb");
    size_t n = file != NULL ? fread(now, 1, sizeof now, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    if (first_n == 0) {
        memcpy(first, now, n);
        first_n = n;
    }
    return n > 0 && n == first_n && memcmp(first, now, n) == 0;
}

/* Entries of a folder for which `each` says 1, summed up; -1 as soon as it says that. */
static int sum_entries(const struct ground *g, const char *folder,
                       int (*each)(const char *path, const char *name)) {
    char path[512];
    int sum = 0;
    DIR *dir = opendir(ground_at(g, folder));
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL && sum >= 0;
         e = readdir(dir)) {
        snprintf(path, sizeof path, "%s/%s", ground_at(g, folder), e->d_name);
        int found = each(path, e->d_name);
        sum = found < 0 ? found : sum + found;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return sum;
}

static int one_document(const char *path, const char *name) {
    return name[0] == '.' ? 0 : is_the_document(path) ? 1 : -1;
}

int ground_documents(const struct ground *g) {
    return sum_entries(g, OUT, one_document);
}

static int one_unfinished(const char *path, const char *name) {
    (void)path;
    return platform_is_unfinished(name) || strstr(name, ".tmp") != NULL ? 1 : 0;
}

/* Seen from then on it was left behind two days ago. */
static int age(const char *path, const char *name) {
    struct stat st;
    if (one_unfinished(path, name) == 0 || stat(path, &st) != 0) {
        return 0;
    }
    const struct timespec times[2] = {{.tv_sec = st.st_mtime - DAYS_2},
                                      {.tv_sec = st.st_mtime - DAYS_2}};
    return utimensat(AT_FDCWD, path, times, 0) == 0 ? 0 : 1;
}

int ground_leftovers(const struct ground *g) {
    static const char *const folders[] = {OUT, "shikaku-data", "."};
    int left = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char next[64];
        struct fault why = {0};
        snprintf(next, sizeof next, "%s/next", folders[i]);
        if (sum_entries(g, folders[i], one_unfinished) > 0) {
            (void)sum_entries(g, folders[i], age);
            (void)platform_files.put(NULL, ground_at(g, next), (const uint8_t *)"x", 1, true, &why);
        }
        left += sum_entries(g, folders[i], one_unfinished);
    }
    return left;
}

static int keep_number(void *self, int n, char **values, char **names) {
    (void)names;
    if (n > 0 && values[0] != NULL) {
        *(int64_t *)self = strtoll(values[0], NULL, 10);
    }
    return 0;
}

static int run_sql(const struct ground *g, const char *sql, int64_t *number) {
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(ground_at(g, STORE), &db, SQLITE_OPEN_READWRITE, NULL);
    rc = rc == SQLITE_OK ? sqlite3_exec(db, sql, keep_number, number, NULL) : rc;
    int changed = rc == SQLITE_OK ? sqlite3_changes(db) : -1;
    sqlite3_close(db);
    return changed;
}

int ground_change(const struct ground *g, const char *sql) {
    int64_t unused = 0;
    return run_sql(g, sql, &unused);
}

int64_t ground_number(const struct ground *g, const char *sql) {
    int64_t number = -1;
    (void)run_sql(g, sql, &number);
    return number;
}

static int count_in(const char *folder) {
    int n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        n += e->d_name[0] != '.' ? 1 : 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return n;
}

int ground_descriptors(void) {
    return count_in("/proc/self/fd");
}

int ground_threads(void) {
    return count_in("/proc/self/task");
}
