/* The files of Windows against the slots of plugin/platform/file_*_win32.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "check.h"
#include "crypto.h"
#include "platform.h"

#define FOLDER    "見本フォルダー"
#define SHARE_ANY (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* Another program at work while a file is put: runs once, when the temporary file gets its name. */
static void (*meanwhile)(void);

/* Names of temporary files need only differ here. */
int32_t random_fill(uint8_t *p, size_t n) {
    static uint8_t count;
    void (*act)(void) = meanwhile;
    meanwhile = NULL;
    memset(p, ++count, n);
    if (act != NULL) {
        act();
    }
    return SHK_OK;
}

static const struct file_ops *const files = &platform_files;
static struct fault why;
static struct bytes got;

static const char *in(const char *name) {
    static char path[4][512];
    static unsigned next;
    char *to = path[next++ % 4];
    text_format(to, sizeof path[0], FOLDER "/%s", name);
    return to;
}

static int32_t put(const char *name, const char *content, bool replace) {
    fault_clear(&why);
    return files->put(NULL, in(name), (const uint8_t *)content, strlen(content), replace, &why);
}

static int32_t write_at(const char *name, uint64_t at, const char *content) {
    fault_clear(&why);
    return files->write_at(NULL, in(name), at, (const uint8_t *)content, strlen(content), &why);
}

static bool holds(const char *name, const char *content) {
    return files->read(NULL, in(name), 1000, &got, NULL) == SHK_OK && got.n == strlen(content) &&
           strcmp(bytes_text(&got), content) == 0;
}

static HANDLE open_as_another(const char *name, DWORD access, DWORD share) {
    wchar_t wide[512];
    MultiByteToWideChar(CP_UTF8, 0, in(name), -1, wide, 512);
    return CreateFileW(wide, access, share, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
}

struct told {
    char names[400];
    size_t n, stop_at;
    struct file_entry last;
};

static bool take_name(void *who, const struct file_entry *entry) {
    struct told *t = who;
    size_t used = strlen(t->names);
    text_format(t->names + used, sizeof t->names - used, "%s;", entry->name);
    t->last = *entry;
    t->n++;
    return t->n != t->stop_at;
}

static int32_t list(const char *folder, struct told *t) {
    fault_clear(&why);
    return files->list(NULL, folder, take_name, t, &why);
}

static void plain_files_are_listed(void) {
    struct told t = {0}, first = {.stop_at = 1};
    CHECK(list(FOLDER, &t) == SHK_OK && t.n == 0);
    CHECK(put("回答.xml", "12345", false) == SHK_OK);
    CHECK(CreateDirectoryW(L"見本フォルダー\\sub", NULL));
    CloseHandle(open_as_another(".shikaku-0123456789abcdef.tmp", GENERIC_WRITE, 0));
    CHECK(list(FOLDER "/", &t) == SHK_OK && t.n == 1);
    CHECK(strcmp(t.names, "回答.xml;") == 0);
    CHECK(t.last.size == 5);
    int64_t age_s = platform_clock.wall_s(NULL) - t.last.modified_s;
    CHECK(age_s > -5 && age_s < 60);
    CHECK(put("b", "", false) == SHK_OK);
    CHECK(list(FOLDER, &first) == SHK_OK && first.n == 1);
    CHECK(list(FOLDER "/none", &t) == SHK_E_FOLDER_MISSING);
    CHECK(why.native_kind == SHK_NATIVE_OS && why.native != 0);
    CHECK(list(FOLDER "/no/ne", &t) == SHK_E_FOLDER_MISSING);
    CHECK(list(FOLDER "/b", &t) == SHK_E_FOLDER_MISSING);
    CHECK(RemoveDirectoryW(L"見本フォルダー\\sub"));
}

static void a_file_is_removed(void) {
    CHECK(put("c", "x", false) == SHK_OK);
    CHECK(files->remove(NULL, in("c"), &why) == SHK_OK);
    CHECK(files->remove(NULL, in("c"), &why) == SHK_E_ABSENT);
    CHECK(files->remove(NULL, in("no/c"), NULL) == SHK_E_ABSENT);
    HANDLE other = open_as_another("held", GENERIC_READ, FILE_SHARE_READ);
    CHECK(files->remove(NULL, in("held"), NULL) == SHK_E_FOLDER_LOCKED);
    CloseHandle(other);
    CHECK(files->remove(NULL, in("held"), NULL) == SHK_OK);
}

static void a_file_is_read_in_pieces_while_others_use_it(void) {
    void *file = NULL;
    uint8_t piece[4];
    size_t n = 9;
    CHECK(put("d", "123456", false) == SHK_OK);
    CHECK(files->open(NULL, in("none"), &file, &why) == SHK_E_ABSENT && file == NULL);
    CHECK(files->open(NULL, in("d"), &file, &why) == SHK_OK);
    HANDLE writer = open_as_another("d", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE);
    CHECK(writer != INVALID_HANDLE_VALUE);
    CHECK(files->next(NULL, file, piece, 4, &n, &why) == SHK_OK && n == 4);
    CHECK(memcmp(piece, "1234", 4) == 0);
    CloseHandle(writer);
    CHECK(files->remove(NULL, in("d"), &why) == SHK_OK);
    CHECK(files->next(NULL, file, piece, 4, &n, &why) == SHK_OK && n == 2);
    CHECK(memcmp(piece, "56", 2) == 0);
    CHECK(files->next(NULL, file, piece, 4, &n, &why) == SHK_OK && n == 0);
    files->close(NULL, file);
    files->close(NULL, NULL);
}

static void reading_keeps_nobody_out(void) {
    HANDLE writer = open_as_another("e", GENERIC_WRITE, FILE_SHARE_READ);
    DWORD n = 0;
    CHECK(WriteFile(writer, "abc", 3, &n, NULL));
    CHECK(holds("e", "abc"));
    CloseHandle(writer);
    HANDLE alone = open_as_another("e", GENERIC_WRITE, 0);
    CHECK(files->read(NULL, in("e"), 10, &got, NULL) == SHK_E_FOLDER_LOCKED);
    void *file = &file;
    CHECK(files->open(NULL, in("e"), &file, NULL) == SHK_E_FOLDER_LOCKED && file == NULL);
    CloseHandle(alone);
}

static void writing_at_a_place_cuts_what_stood_behind(void) {
    CHECK(write_at("f", 1, "x") == SHK_E_ABSENT);
    CHECK(write_at("no/f", 0, "x") == SHK_E_FOLDER_MISSING);
    CHECK(write_at("f", 0, "one\ntwo\n") == SHK_OK);
    CHECK(write_at("f", 4, "2\n") == SHK_OK);
    CHECK(holds("f", "one\n2\n"));
    CHECK(write_at("f", 6, "3\n") == SHK_OK);
    CHECK(holds("f", "one\n2\n3\n"));
    CHECK(write_at("f", 9, "x") == SHK_E_ARGUMENT);
    CHECK(write_at("f", 4, "") == SHK_OK);
    CHECK(holds("f", "one\n"));
    HANDLE other = open_as_another("f", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE);
    CHECK(write_at("f", 0, "read meanwhile") == SHK_OK);
    CloseHandle(other);
    other = open_as_another("f", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE);
    CHECK(write_at("f", 0, "x") == SHK_E_FOLDER_LOCKED);
    CloseHandle(other);
    CHECK(holds("f", "read meanwhile"));
}

static void write_as_another(const char *content) {
    DWORD n = 0;
    HANDLE other = open_as_another("rows", GENERIC_WRITE, 0);
    CHECK(WriteFile(other, content, (DWORD)strlen(content), &n, NULL));
    CloseHandle(other);
}

static void take_away(void) {
    CHECK(files->remove(NULL, in("rows"), NULL) == SHK_OK);
}

static void add_row(void) {
    write_as_another("old\ntheirs\n");
}

/* As long as the old one, and by another program's clock as old. */
static void exchange(void) {
    FILETIME written;
    HANDLE other = open_as_another("rows", GENERIC_READ, SHARE_ANY);
    CHECK(GetFileTime(other, NULL, NULL, &written));
    CHECK(MoveFileW(L"見本フォルダー\\rows", L"見本フォルダー\\rows.taken"));
    CloseHandle(other);
    write_as_another("its\n");
    other = open_as_another("rows", GENERIC_WRITE, SHARE_ANY);
    CHECK(SetFileTime(other, NULL, NULL, &written));
    CloseHandle(other);
}

/* As long as the old one and the same file. */
static void rewrite(void) {
    Sleep(30);
    write_as_another("its\n");
}

static void a_file_that_was_changed_meanwhile_is_not_replaced(void) {
    static const struct {
        void (*act)(void);
        const char *left; /* null: nothing */
    } cases[] = {
        {take_away, NULL}, {add_row, "old\ntheirs\n"}, {exchange, "its\n"}, {rewrite, "its\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)files->remove(NULL, in("rows"), NULL);
        CHECK(put("rows", "old\n", true) == SHK_OK);
        meanwhile = cases[i].act;
        CHECK(put("rows", "old\nnew\n", true) == SHK_E_FILE_EXISTS);
        CHECK(meanwhile == NULL && why.native_kind == SHK_NATIVE_OS);
        CHECK(cases[i].left != NULL
                  ? holds("rows", cases[i].left)
                  : files->read(NULL, in("rows"), 10, &got, NULL) == SHK_E_ABSENT);
    }
    take_away();
    meanwhile = add_row;
    CHECK(put("rows", "new\n", true) == SHK_E_FILE_EXISTS);
    CHECK(holds("rows", "old\ntheirs\n"));
    CHECK(put("rows", "old\ntheirs\nnew\n", true) == SHK_OK);
    CHECK(holds("rows", "old\ntheirs\nnew\n"));
}

/* Somebody who has the file open while it is replaced, and lets go before the seventh attempt: by attempts
 * and not by time, which the machine may take from one thread and not from the other. */
static HANDLE reader;
static int attempts;

static void let_go(void) {
    if (reader != NULL) {
        CloseHandle(reader);
        reader = NULL;
    }
}

static BOOL WINAPI move_seen(LPCWSTR from, LPCWSTR to, DWORD flags) {
    BOOL(WINAPI * call)(LPCWSTR, LPCWSTR, DWORD) = NULL;
    FARPROC real = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "MoveFileExW");
    memcpy(&call, &real, sizeof call);
    if (reader != NULL && ++attempts == 7) {
        let_go();
    }
    return call(from, to, flags);
}
BOOL(WINAPI *import_move)(LPCWSTR, LPCWSTR, DWORD) IMPORT("MoveFileExW", "12") = move_seen;

static void read_for_a_while(const char *name, DWORD share) {
    attempts = 0;
    reader = open_as_another(name, GENERIC_READ, share);
}

/* Virus scanners and other windows have a file open for a moment; some let it be deleted meanwhile. */
static void a_file_that_is_read_is_replaced_when_the_reader_is_done(void) {
    static const DWORD shares[] = {FILE_SHARE_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, SHARE_ANY};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        CHECK(put("read", "old", true) == SHK_OK);
        read_for_a_while("read", shares[i]);
        CHECK(put("read", "new", true) == SHK_OK && holds("read", "new"));
        let_go();
    }
    HANDLE stays = open_as_another("read", GENERIC_READ, FILE_SHARE_READ);
    CHECK(put("read", "late", true) == SHK_E_FOLDER_LOCKED && holds("read", "new"));
    CloseHandle(stays);
}

static DWORD WINAPI write_soon(LPVOID self) {
    (void)self;
    Sleep(300);
    CloseHandle(open_as_another("soon", GENERIC_WRITE, 0));
    return 0;
}

static bool takes(bool expected, void *watch, int32_t ms, int64_t least, int64_t most) {
    int64_t from = platform_clock.mono_ms(NULL);
    bool changed = files->changed(NULL, watch, ms);
    int64_t took = platform_clock.mono_ms(NULL) - from;
    return changed == expected && took >= least && took <= most;
}

static void changes_are_noticed(void) {
    void *watch = NULL;
    CHECK(files->watch(NULL, FOLDER "/none", &watch, &why) == SHK_E_FOLDER_MISSING &&
          watch == NULL);
    CHECK(files->watch(NULL, FOLDER, &watch, &why) == SHK_OK);
    CHECK(takes(false, watch, 400, 380, 30000));
    HANDLE thread = CreateThread(NULL, 0, write_soon, NULL, 0, NULL);
    CHECK(takes(true, watch, 60000, 0, 30000));
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    while (files->changed(NULL, watch, 200)) {
    }
    CHECK(put("soon", "made between two calls", true) == SHK_OK);
    CHECK(takes(true, watch, 60000, 0, 30000));
    files->unwatch(NULL, watch);
    files->unwatch(NULL, NULL);
}

/* Wine keeps a removed folder as long as it is watched, so it is moved away here. */
static void a_folder_that_is_made_again_is_watched_again(void) {
    static const wchar_t name[] = L"見本フォルダー\\again", gone[] = L"見本フォルダー\\gone";
    void *watch = NULL;
    CHECK(CreateDirectoryW(name, NULL));
    CHECK(files->watch(NULL, in("again"), &watch, &why) == SHK_OK);
    CHECK(MoveFileW(name, gone));
    /* The notice of the move may be late. */
    while (files->changed(NULL, watch, 3000)) {
    }
    CHECK(takes(false, watch, 300, 280, 30000));
    CHECK(CreateDirectoryW(name, NULL));
    CHECK(takes(true, watch, 60000, 0, 30000));
    while (files->changed(NULL, watch, 200)) {
    }
    CHECK(put("again/file", "x", false) == SHK_OK);
    CHECK(takes(true, watch, 60000, 0, 30000));
    files->unwatch(NULL, watch);
    CHECK(files->remove(NULL, in("again/file"), &why) == SHK_OK);
    CHECK(RemoveDirectoryW(name));
    CHECK(RemoveDirectoryW(gone));
}

static bool remove_it(void *who, const struct file_entry *entry) {
    (void)who;
    return files->remove(NULL, in(entry->name), NULL) == SHK_OK;
}

#define STAGED ".shikaku-stage-0123456789abcdef-1"

static int32_t stage(const char *name, const char *content, bool replace, void **out) {
    fault_clear(&why);
    return files->stage(NULL, STAGED, in(name), (const uint8_t *)content,
                        content != NULL ? strlen(content) : 0, replace, out, &why);
}

static bool is_hidden(const char *name) {
    wchar_t wide[512];
    MultiByteToWideChar(CP_UTF8, 0, in(name), -1, wide, 512);
    DWORD kind = GetFileAttributesW(wide);
    return kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_HIDDEN) != 0;
}

static void a_staged_file_is_hidden_until_it_has_its_name(void) {
    void *staged = NULL;
    struct told t = {0};
    CHECK(stage("s", NULL, false, &staged) == SHK_E_ABSENT && staged == NULL);
    CHECK(stage("s", "one", false, &staged) == SHK_OK);
    CHECK(is_hidden(STAGED) && holds(STAGED, "one"));
    CHECK(list(FOLDER, &t) == SHK_OK && strstr(t.names, STAGED) == NULL);
    files->unstage(NULL, staged, true);
    read_for_a_while(STAGED, FILE_SHARE_READ);
    CHECK(stage("s", "two", false, &staged) == SHK_OK);
    let_go();
    CHECK(files->publish(NULL, staged, &why) == SHK_OK);
    CHECK(!is_hidden("s") && holds("s", "two") && !holds(STAGED, "two"));
    CHECK(stage("s", NULL, false, &staged) == SHK_E_ABSENT);
    CHECK(stage("s", "three", false, &staged) == SHK_E_FILE_EXISTS);
    CHECK(stage("s", "three", true, &staged) == SHK_OK);
    CHECK(put("s", "changed", true) == SHK_OK);
    CHECK(files->publish(NULL, staged, &why) == SHK_E_FILE_EXISTS);
    CHECK(is_hidden(STAGED) && holds("s", "changed"));
    CHECK(stage("s", NULL, true, &staged) == SHK_OK);
    files->unstage(NULL, staged, false);
    CHECK(!holds(STAGED, "three"));
    CHECK(stage("no/s", "x", false, &staged) == SHK_E_FOLDER_MISSING);
    CHECK(stage("t", "x", false, &staged) == SHK_OK);
    CHECK(files->remove(NULL, in(STAGED), &why) == SHK_OK);
    CHECK(files->publish(NULL, staged, &why) == SHK_E_ABSENT);
    CHECK(put(".mark", "x", false) == SHK_OK && is_hidden(".mark"));
}

int main(void) {
    static const struct test_case cases[] = {
        CASE(plain_files_are_listed),
        CASE(a_file_is_removed),
        CASE(a_file_is_read_in_pieces_while_others_use_it),
        CASE(reading_keeps_nobody_out),
        CASE(writing_at_a_place_cuts_what_stood_behind),
        CASE(a_file_that_was_changed_meanwhile_is_not_replaced),
        CASE(a_file_that_is_read_is_replaced_when_the_reader_is_done),
        CASE(a_staged_file_is_hidden_until_it_has_its_name),
        CASE(changes_are_noticed),
        CASE(a_folder_that_is_made_again_is_watched_again),
    };
    CreateDirectoryW(L"見本フォルダー", NULL);
    RemoveDirectoryW(L"見本フォルダー\\again");
    RemoveDirectoryW(L"見本フォルダー\\gone");
    (void)files->list(NULL, FOLDER, remove_it, NULL, NULL);
    int failed = run_cases(cases, sizeof cases / sizeof cases[0]);
    bytes_clear(&got);
    return failed == 0 ? 0 : 1;
}
