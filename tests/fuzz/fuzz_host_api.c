/* The exports in any order, with any arguments, over the demo card and the demo route; by two hosts in two threads
 * where the first byte says so. What the input writes lies in a folder of its own. */
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier): nftw */
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "host_calls.h"
#include "temp_folder.h"
#include "text.h"
#include "thread.h"

#define CALLS_MAX  48
#define PATIENCE_S 120

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static int32_t count_open(void) {
    int32_t n = 0;
    DIR *folder = opendir("/proc/self/fd");
    fuzz_must(folder != NULL, "/proc");
    while (readdir(folder) != NULL) {
        n++;
    }
    closedir(folder);
    return n;
}

/* What a closed session left to end by itself still has its descriptors for a moment. */
static void await_closed(int32_t before) {
    for (int i = 0; i < PATIENCE_S * 1000 && count_open() > before; i++) {
        thread_sleep(1);
    }
    fuzz_must(count_open() <= before, "a descriptor was left open");
}

static void write_files(const struct temp_folder *folder, uint8_t how) {
    char text[1024];
    snprintf(text, sizeof text,
             "return { route = 'demo', card = 'demo', demo = { folder = '" TEST_DATA "/demo' },\n"
             "pcsc_library = 'missing', pin_timeout_ms = 60000,%s\n%s }",
             how & 2 ? " text_encoding = 'cp932'," : "",
             how & 4 ? "deliveries = { { script = 'a.lua', folder = '.' } }" : "");
    temp_write(folder, "shikaku.lua", text);
    temp_write(
        folder, "a.lua",
        "return { contract = 1, id = 'a', format = 'csv', encoding = 'cp932', file = 'a.csv',\n"
        "  uses = { 'name' }, fields = { { to = 'A', from = 'name' } } }");
    temp_write(folder, "table.csv", "insurer,number,birth\n06990014,1001,19850312\n");
    temp_write(folder, "answer.xml", "<XmlMsg/>");
}

static void act(void *self) {
    struct host *h = self;
    for (int i = 0; i < CALLS_MAX && h->in.n > 0; i++) {
        host_call(h);
    }
    host_end(h);
}

static void act_together(struct host hosts[2]) {
    uint8_t half = fuzz_byte(&hosts[0].in);
    hosts[1].in = fuzz_bytes(&hosts[0].in, half);
    fuzz_must(shk_open("", 0, &hosts[0].at[0].s) == SHK_OK, "a session");
    hosts[0].at[0] = (struct host_session){.s = hosts[0].at[0].s, .open = true};
    hosts[1].other = hosts[0].at[0].s;
    hosts[0].touched = true;
    struct thread *thread = thread_start(act, &hosts[1]);
    fuzz_must(thread != NULL, "a thread");
    fuzz_faults(true);
    act(&hosts[0]);
    fuzz_must(thread_join(thread, PATIENCE_S * 1000), "a host that hangs");
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct host hosts[2] = {{.in = {p, n}}};
    struct temp_folder folder;
    uint8_t how = fuzz_byte(&hosts[0].in);
    fuzz_faults(false);
    int32_t before = count_open();
    fuzz_must(temp_folder_make(&folder), "a folder");
    write_files(&folder, how);
    for (size_t i = 0; i < 2; i++) {
        hosts[i].folder = folder.path;
        hosts[i].cp932 = (how & 2) != 0;
        hosts[i].wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    }
    if (how & 1) {
        act_together(hosts);
    } else {
        fuzz_faults(true);
        act(&hosts[0]);
    }
    fuzz_faults(false);
    close(hosts[0].wake);
    close(hosts[1].wake);
    await_closed(before);
    (void)nftw(folder.path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    fuzz_faults(true);
}
