/* The real clipboard of Windows against plugin/platform/clipboard_win32.c. Without an argument it runs
 * the cases; with one it is the other program that they need, and reads what to do from its standard input:
 * text, slow, lone, other, late or hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "check.h"
#include "platform.h"
#include "text.h"

#define SAMPLE  L"資格情報\r\n氏名\t見本 太郎\r\n住所\t見本県𠮷田町\r\n"
#define UTF8    "資格情報\r\n氏名\t見本 太郎\r\n住所\t見本県𠮷田町\r\n"
#define ROOM    ((size_t)64 * 1024)
#define HOLD_MS 5000
#define GIVE_MS 1000 /* of a wait, after which it tells that another program is in the way */
#define SLOW_MS 1000

/* The call by which the plugin looks is taken in between, to count. */
static long looks;

static DWORD WINAPI look_seen(void) {
    DWORD(WINAPI * call)(void) = NULL;
    FARPROC real = GetProcAddress(GetModuleHandleW(L"user32.dll"), "GetClipboardSequenceNumber");
    memcpy(&call, &real, sizeof call);
    looks++;
    return call();
}
DWORD(WINAPI *import_look)(void) IMPORT("GetClipboardSequenceNumber", "0") = look_seen;

/* --- the other program --- */

static HGLOBAL copy_of(const wchar_t *text) {
    size_t n = (wcslen(text) + 1) * sizeof *text;
    HGLOBAL data = GlobalAlloc(GMEM_MOVEABLE, n);
    if (data != NULL) {
        memcpy(GlobalLock(data), text, n);
        GlobalUnlock(data);
    }
    return data;
}

static LRESULT CALLBACK owner(HWND window, UINT message, WPARAM w, LPARAM l) {
    if (message == WM_RENDERFORMAT) {
        SetClipboardData((UINT)w, copy_of(SAMPLE));
        return 0;
    }
    if (message == WM_TIMER) {
        PostQuitMessage(0);
    }
    return DefWindowProcW(window, message, w, l);
}

static HWND window_of_owner(void) {
    static const wchar_t name[] = L"TestOwner";
    const WNDCLASSW kind = {.lpfnWndProc = owner, .lpszClassName = name};
    RegisterClassW(&kind);
    return CreateWindowExW(0, name, NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
}

static int put_there(HWND window, UINT format, HGLOBAL data) {
    bool ok = OpenClipboard(window) && EmptyClipboard();
    SetLastError(0);
    ok = ok && (SetClipboardData(format, data) != NULL || (data == NULL && GetLastError() == 0));
    return CloseClipboard() && ok ? 0 : 1;
}

/* Its text is made only when somebody asks for it. */
static int put_late(HWND window) {
    MSG message;
    int rc = put_there(window, CF_UNICODETEXT, NULL);
    SetTimer(window, 1, HOLD_MS, NULL);
    while (rc == 0 && GetMessageW(&message, NULL, 0, 0) > 0) {
        DispatchMessageW(&message);
    }
    return rc;
}

static int hold(HWND window) {
    bool ok = OpenClipboard(window) && EmptyClipboard() &&
              SetClipboardData(CF_UNICODETEXT, copy_of(SAMPLE)) != NULL;
    Sleep(HOLD_MS);
    return CloseClipboard() && ok ? 0 : 1;
}

static int other_program(const char *what) {
    HWND window = window_of_owner();
    if (window == NULL) {
        return 2;
    }
    if (strcmp(what, "late") == 0) {
        return put_late(window);
    }
    if (strcmp(what, "hold") == 0) {
        return hold(window);
    }
    if (strcmp(what, "slow") == 0) {
        Sleep(SLOW_MS);
    }
    if (strcmp(what, "other") == 0) {
        return put_there(window, RegisterClipboardFormatW(L"Sample format"), copy_of(L"1"));
    }
    const wchar_t lone[] = {L'a', 0xD842, L'b', 0xDFB7, 0};
    return put_there(window, CF_UNICODETEXT, copy_of(strcmp(what, "lone") == 0 ? lone : SAMPLE));
}

/* Reads one line; false at the end. */
static bool next_word(char *word, int room) {
    char *line = fgets(word, room, stdin);
    if (line != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
    }
    return line != NULL;
}

/* A word for each thing to do, a line with its result when it is done. */
static int serve(void) {
    char word[16];
    while (next_word(word, sizeof word)) {
        printf("%d\n", other_program(word));
        fflush(stdout);
    }
    return 0;
}

/* --- and how it is reached: one process serves all cases, because each start of one takes seconds here --- */

static HANDLE words, results;

static bool pipe_to(HANDLE *ours, HANDLE *theirs, bool we_write) {
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    HANDLE read, write;
    if (!CreatePipe(&read, &write, &inherited, 0)) {
        return false;
    }
    *ours = we_write ? write : read;
    *theirs = we_write ? read : write;
    return SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

static bool start_other_program(void) {
    wchar_t self[MAX_PATH], line[] = L"clipboard serve";
    PROCESS_INFORMATION process;
    STARTUPINFOW info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
    GetModuleFileNameW(NULL, self, MAX_PATH);
    if (!pipe_to(&words, &info.hStdInput, true) || !pipe_to(&results, &info.hStdOutput, false) ||
        !CreateProcessW(self, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &process)) {
        return false;
    }
    CloseHandle(info.hStdInput);
    CloseHandle(info.hStdOutput);
    CloseHandle(process.hThread);
    return CloseHandle(process.hProcess);
}

static void start(const char *what) {
    char line[20];
    DWORD n = 0;
    int length = snprintf(line, sizeof line, "%s\n", what);
    CHECK(WriteFile(words, line, (DWORD)length, &n, NULL) && (int)n == length);
}

/* Of what was started last: whether it is done, and well. */
static bool end(void) {
    char c = 0, first = 0;
    DWORD n = 1;
    while (c != '\n' && n == 1 && ReadFile(results, &c, 1, &n, NULL)) {
        first = first == 0 ? c : first;
    }
    return first == '0';
}

static bool run(const char *what) {
    start(what);
    return end();
}

/* --- the cases --- */

static void *board;
static struct bytes got;
static struct fault why;

static int32_t wait_for(int32_t ms) {
    fault_clear(&why);
    return platform_clipboard.wait(board, ms, ROOM, &got, &why);
}

static bool is_empty(void) {
    return CountClipboardFormats() == 0;
}

static void what_lies_there_counts_as_seen(void) {
    CHECK(run("text"));
    void *late = NULL;
    CHECK(platform_clipboard.open(NULL, &late, &why) == SHK_OK);
    CHECK(platform_clipboard.wait(late, 300, ROOM, &got, &why) == SHK_E_TIMEOUT);
    CHECK(got.n == 0);
    platform_clipboard.close(late);
    CHECK(wait_for(0) == SHK_OK); /* the other one was there before the text */
    CHECK(wait_for(0) == SHK_E_TIMEOUT);
}

static void a_text_of_another_program_comes_exactly(void) {
    start("text");
    int64_t from = platform_clock.mono_ms(NULL);
    CHECK(wait_for(60000) == SHK_OK);
    CHECK(strcmp(bytes_text(&got), UTF8) == 0);
    CHECK(platform_clock.mono_ms(NULL) - from < 50000);
    CHECK(end());
}

/* The waiter sleeps until Windows tells it of the change. */
static void it_is_woken_and_does_not_look_meanwhile(void) {
    int64_t from = platform_clock.mono_ms(NULL);
    looks = 0;
    start("slow");
    CHECK(wait_for(60000) == SHK_OK);
    int64_t took = platform_clock.mono_ms(NULL) - from;
    CHECK(took >= SLOW_MS / 2 && took < 50000);
    CHECK(looks < 20);
    CHECK(end());
}

static void it_is_given_once(void) {
    int64_t from = platform_clock.mono_ms(NULL);
    CHECK(wait_for(400) == SHK_E_TIMEOUT);
    CHECK(platform_clock.mono_ms(NULL) - from >= 390);
    CHECK(got.n == 0);
    CHECK(run("text"));
    CHECK(wait_for(0) == SHK_OK);
    CHECK(strcmp(bytes_text(&got), UTF8) == 0);
}

static void another_format_does_not_wake(void) {
    CHECK(run("other"));
    CHECK(wait_for(400) == SHK_E_TIMEOUT);
    CHECK(!is_empty());
}

static void a_text_that_is_made_when_asked_for_comes_once(void) {
    start("late");
    CHECK(wait_for(60000) == SHK_OK);
    CHECK(strcmp(bytes_text(&got), UTF8) == 0);
    CHECK(wait_for(400) == SHK_E_TIMEOUT);
    CHECK(end());
}

static void half_a_character_is_marked(void) {
    CHECK(run("lone"));
    CHECK(wait_for(5000) == SHK_OK);
    CHECK(strcmp(bytes_text(&got), "a\xEF\xBF\xBD"
                                   "b\xEF\xBF\xBD") == 0);
}

static void a_text_that_is_too_large_is_refused_once(void) {
    CHECK(run("text"));
    CHECK(platform_clipboard.wait(board, 5000, sizeof UTF8 - 2, &got, &why) ==
          SHK_E_FILE_TOO_LARGE);
    CHECK(got.n == 0);
    CHECK(wait_for(200) == SHK_E_TIMEOUT);
    CHECK(run("text"));
    CHECK(platform_clipboard.wait(board, 5000, sizeof UTF8 - 1, &got, &why) == SHK_OK);
    CHECK(got.n == sizeof UTF8 - 1);
}

/* First the limit of the call, then that of patience, and when the other one is done the text. */
static void a_program_that_holds_it_is_waited_for(void) {
    start("hold");
    int32_t rc = SHK_E_TIMEOUT;
    int64_t from = platform_clock.mono_ms(NULL);
    int held = 0, calls = 0;
    for (; calls < 600 && rc != SHK_OK; calls++) {
        rc = wait_for(100);
        held += rc == SHK_E_CLIPBOARD ? 1 : 0;
        CHECK(rc == SHK_OK || rc == SHK_E_TIMEOUT || rc == SHK_E_CLIPBOARD);
    }
    int64_t took = platform_clock.mono_ms(NULL) - from;
    CHECK(rc == SHK_OK);
    CHECK(strcmp(bytes_text(&got), UTF8) == 0);
    CHECK(held >= 1 && held <= took / GIVE_MS);
    /* Without their own limit the calls would be as few as those that told of the holder. */
    CHECK(calls > 2 * HOLD_MS / GIVE_MS);
    CHECK(end());
}

static void our_text_is_cleared(void) {
    CHECK(run("text"));
    CHECK(wait_for(5000) == SHK_OK);
    platform_clipboard.clear(board);
    CHECK(is_empty());
    CHECK(wait_for(300) == SHK_E_TIMEOUT);
}

static void a_text_that_came_since_is_left_there(void) {
    CHECK(run("text"));
    CHECK(wait_for(5000) == SHK_OK);
    CHECK(run("text"));
    platform_clipboard.clear(board);
    CHECK(!is_empty());
    CHECK(wait_for(0) == SHK_OK);
    CHECK(run("other"));
    platform_clipboard.clear(board);
    CHECK(!is_empty());
}

static void nothing_is_cleared_that_was_not_given(void) {
    CHECK(run("other"));
    CHECK(wait_for(100) == SHK_E_TIMEOUT);
    platform_clipboard.clear(board);
    CHECK(!is_empty());
}

static DWORD WINAPI wait_elsewhere(LPVOID self) {
    (void)self;
    a_text_of_another_program_comes_exactly();
    platform_clipboard.clear(board);
    CHECK(is_empty());
    return 0;
}

static void another_thread_can_wait(void) {
    HANDLE thread = CreateThread(NULL, 0, wait_elsewhere, NULL, 0, NULL);
    CHECK(WaitForSingleObject(thread, 120000) == WAIT_OBJECT_0);
    CloseHandle(thread);
    a_text_of_another_program_comes_exactly();
}

int main(int argc, char **argv) {
    static const struct test_case cases[] = {
        CASE(what_lies_there_counts_as_seen),
        CASE(a_text_of_another_program_comes_exactly),
        CASE(it_is_woken_and_does_not_look_meanwhile),
        CASE(it_is_given_once),
        CASE(another_format_does_not_wake),
        CASE(a_text_that_is_made_when_asked_for_comes_once),
        CASE(half_a_character_is_marked),
        CASE(a_text_that_is_too_large_is_refused_once),
        CASE(a_program_that_holds_it_is_waited_for),
        CASE(our_text_is_cleared),
        CASE(a_text_that_came_since_is_left_there),
        CASE(nothing_is_cleared_that_was_not_given),
        CASE(another_thread_can_wait),
    };
    if (argc == 2) {
        return strcmp(argv[1], "serve") == 0 ? serve() : 2;
    }
    if (!start_other_program() || platform_clipboard.open(NULL, &board, &why) != SHK_OK) {
        printf("no clipboard: %d\n", (int)why.code);
        return 1;
    }
    int failed = run_cases(cases, sizeof cases / sizeof cases[0]);
    platform_clipboard.close(board);
    bytes_clear(&got);
    return failed == 0 ? 0 : 1;
}
