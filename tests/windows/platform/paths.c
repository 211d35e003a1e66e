/* Names of folders and files: what Windows is given for them, and that files lie under them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "db_parts.h"
#include "log_sink.h"
#include "path_win32.h"
#include "platform.h"
#include "system.h"

#define FOLDER "受付データ 第 1 窓口"
#define DEPTH  9
#define ROOM   1200

static const struct file_ops *const files = &platform_files;
static struct bytes got;

static bool is_wide(const char *path, const wchar_t *expected) {
    wchar_t *wide = path_wide(path);
    bool same = wide != NULL && wcscmp(wide, expected) == 0;
    if (!same) {
        printf("%s gives %ls\n", path, wide != NULL ? wide : L"-");
    }
    free(wide);
    return same;
}

static void local_paths_lose_the_limit(void) {
    CHECK(is_wide("C:\\a", L"\\\\?\\C:\\a"));
    CHECK(is_wide("c:/受付データ/x y.xml", L"\\\\?\\c:\\受付データ\\x y.xml"));
    CHECK(is_wide("C:\\a\\..\\b\\.\\c", L"\\\\?\\C:\\b\\c"));
    CHECK(is_wide("C:\\𠮷", L"\\\\?\\C:\\\xD842\xDFB7"));
    CHECK(path_wide("C:\\\x8E\xF3") == NULL); /* code page 932 */
}

static void shares_lose_the_limit(void) {
    CHECK(is_wide("\\\\server\\share\\受付", L"\\\\?\\UNC\\server\\share\\受付"));
    CHECK(is_wide("//server/share/a", L"\\\\?\\UNC\\server\\share\\a"));
    CHECK(is_wide("\\\\server\\share\\a\\..\\b", L"\\\\?\\UNC\\server\\share\\b"));
}

static void prefixed_paths_stay(void) {
    CHECK(is_wide("\\\\?\\UNC\\server\\share\\a", L"\\\\?\\UNC\\server\\share\\a"));
    CHECK(is_wide("\\\\?\\C:\\a", L"\\\\?\\C:\\a"));
    CHECK(is_wide("\\\\.\\pipe\\a", L"\\\\.\\pipe\\a"));
}

static void relative_paths_begin_where_the_program_stands(void) {
    wchar_t here[MAX_PATH], expected[MAX_PATH + 16];
    CHECK(GetCurrentDirectoryW(MAX_PATH, here) > 0);
    _snwprintf(expected, MAX_PATH + 16, L"\\\\?\\%ls\\受付\\x", here);
    CHECK(is_wide("受付/x", expected));
}

static void a_neighbour_lies_in_the_same_folder(void) {
    wchar_t *beside = path_beside(L"\\\\?\\C:\\受付\\x", ".shikaku.tmp");
    CHECK(beside != NULL && wcscmp(beside, L"\\\\?\\C:\\受付\\.shikaku.tmp") == 0);
    free(beside);
}

static bool is_there(const char *path) {
    wchar_t *wide = path_wide(path);
    bool there = GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
    free(wide);
    return there;
}

static void make_folder(const char *path) {
    wchar_t *wide = path_wide(path);
    CHECK(CreateDirectoryW(wide, NULL));
    free(wide);
}

static void remove_folder(const char *path) {
    wchar_t *wide = path_wide(path);
    CHECK(RemoveDirectoryW(wide));
    free(wide);
}

static bool count_one(void *who, const struct file_entry *entry) {
    *(int *)who += strcmp(entry->name, "見本 太郎.xml") == 0 ? 1 : 10;
    return true;
}

/* All that is done with a folder that gets answers. */
static void use_folder(const char *folder) {
    char file[ROOM], held[ROOM];
    struct fault why = {0};
    void *lock = NULL, *watch = NULL;
    int found = 0;
    text_format(file, sizeof file, "%s\\見本 太郎.xml", folder);
    text_format(held, sizeof held, "%s\\.lock", folder);
    CHECK(files->watch(NULL, folder, &watch, &why) == SHK_OK);
    CHECK(files->put(NULL, file, (const uint8_t *)"one", 3, false, &why) == SHK_OK);
    CHECK(files->changed(NULL, watch, 10000));
    files->unwatch(NULL, watch);
    CHECK(files->put(NULL, file, (const uint8_t *)"two", 3, true, &why) == SHK_OK);
    CHECK(files->read(NULL, file, 10, &got, &why) == SHK_OK && got.n == 3 && got.p[0] == 't');
    CHECK(files->lock(NULL, held, 0, &lock, &why) == SHK_OK && is_there(held));
    files->unlock(NULL, lock);
    CHECK(files->remove(NULL, held, &why) == SHK_OK);
    CHECK(files->list(NULL, folder, count_one, &found, &why) == SHK_OK && found == 1);
    CHECK(files->remove(NULL, file, &why) == SHK_OK && !is_there(file));
}

static void a_folder_in_japanese_with_blanks_is_used(void) {
    make_folder(FOLDER);
    use_folder(FOLDER);
    remove_folder(FOLDER);
}

/* Nine folders of 40 characters are 369. */
static void a_path_longer_than_260_is_used(void) {
    static const char part[] =
        "\\受付データの長い名前のフォルダーその一二三四五六七八九十一二三四五六七八九";
    char path[ROOM] = "C:";
    size_t ends[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
        text_format(path + strlen(path), ROOM - strlen(path), "%s", part);
        ends[i] = strlen(path);
        make_folder(path);
    }
    use_folder(path);
    for (int i = DEPTH - 1; i >= 0; i--) {
        path[ends[i]] = '\0';
        remove_folder(path);
    }
}

/* The folder where this runs, on drive Z, is a share of \\localhost too (wine-inside.sh). */
static void a_share_is_used(void) {
    char share[ROOM], slashes[ROOM], prefixed[ROOM], place[ROOM];
    wchar_t here[MAX_PATH];
    CHECK(GetCurrentDirectoryW(MAX_PATH, here) > 0 && here[0] == L'Z');
    CHECK(WideCharToMultiByte(CP_UTF8, 0, here + 2, -1, place, ROOM, NULL, NULL) > 0);
    text_format(share, ROOM, "\\\\localhost%s\\" FOLDER, place);
    text_format(slashes, ROOM, "//localhost%s/" FOLDER, place);
    text_format(prefixed, ROOM, "\\\\?\\UNC\\localhost%s\\" FOLDER, place);
    make_folder(share);
    CHECK(is_there(FOLDER));
    use_folder(share);
    use_folder(slashes);
    use_folder(prefixed);
    remove_folder(share);
    CHECK(files->put(NULL, "\\\\localhost\\none\\x", (const uint8_t *)"", 0, false, NULL) ==
          SHK_E_FOLDER_MISSING);
}

static void a_log_is_appended_to(void) {
    struct log_sink *one = NULL, *two = NULL;
    struct fault why = {0};
    make_folder(FOLDER);
    CHECK(log_sink_open(FOLDER "/記録.log", &one, &why) == SHK_OK);
    CHECK(log_sink_open(FOLDER "/記録.log", &two, &why) == SHK_OK);
    log_sink_write(one, "1\n", 2);
    log_sink_write(two, "2\n", 2);
    log_sink_write(one, "3\n", 2);
    log_sink_close(&one);
    log_sink_close(&two);
    CHECK(files->read(NULL, FOLDER "/記録.log", 10, &got, &why) == SHK_OK);
    CHECK(strcmp(bytes_text(&got), "1\n2\n3\n") == 0);
    CHECK(files->remove(NULL, FOLDER "/記録.log", &why) == SHK_OK);
    CHECK(log_sink_open(FOLDER "/none/x", &one, &why) == SHK_E_FOLDER_WRITE && one == NULL);
    remove_folder(FOLDER);
}

static void the_store_has_an_absolute_name(void) {
    struct fault why = {0};
    char *real = NULL;
    make_folder(FOLDER);
    CHECK(db_make_file(FOLDER "/控え.db", &real, &why) == SHK_OK);
    CHECK(real != NULL && real[1] == ':' && strstr(real, "\\" FOLDER "\\控え.db") != NULL);
    CHECK(is_there(FOLDER "/控え.db"));
    free(real);
    CHECK(files->remove(NULL, FOLDER "/控え.db", &why) == SHK_OK);
    CHECK(db_make_file(FOLDER, &real, &why) == SHK_E_STORE_OPEN && real == NULL);
    remove_folder(FOLDER);
}

int path_cases(void) {
    static const struct test_case cases[] = {
        CASE(local_paths_lose_the_limit),
        CASE(shares_lose_the_limit),
        CASE(prefixed_paths_stay),
        CASE(relative_paths_begin_where_the_program_stands),
        CASE(a_neighbour_lies_in_the_same_folder),
        CASE(a_folder_in_japanese_with_blanks_is_used),
        CASE(a_path_longer_than_260_is_used),
        CASE(a_share_is_used),
        CASE(a_log_is_appended_to),
        CASE(the_store_has_an_absolute_name),
    };
    int failed = run_cases(cases, COUNT(cases));
    bytes_clear(&got);
    return failed;
}
