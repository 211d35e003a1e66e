#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "platform.h"
#include "wide_win32.h"

struct input {
    HANDLE keys, screen; /* of the console */
    HANDLE file;         /* or of a descriptor */
    DWORD before;
    bool terminal, begun, hidden, too_long;
};

static struct input *new_input(void) {
    return calloc(1, sizeof(struct input));
}

static HANDLE open_console(const wchar_t *name) {
    return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, 0, NULL);
}

struct input *input_terminal(void) {
    struct input *in = new_input();
    if (in == NULL) {
        return NULL;
    }
    in->terminal = true;
    in->keys = open_console(L"CONIN$");
    in->screen = open_console(L"CONOUT$");
    if (in->keys == INVALID_HANDLE_VALUE || in->screen == INVALID_HANDLE_VALUE) {
        input_free(&in);
    }
    return in;
}

struct input *input_descriptor(int fd) {
    struct input *in = new_input();
    if (in != NULL) {
        in->file = (HANDLE)_get_osfhandle(fd);
    }
    return in;
}

static void show(struct input *in, const char *text) {
    wchar_t *wide = wide_new(text);
    DWORD written = 0;
    if (wide != NULL) {
        WriteConsoleW(in->screen, wide, (DWORD)wcslen(wide), &written, NULL);
    }
    free(wide);
}

/* Keys come one by one and show nothing by themselves; Ctrl-C stays Ctrl-C. */
bool input_begin(struct input *in, const char *prompt, bool hidden) {
    in->begun = true;
    in->hidden = hidden;
    in->too_long = false;
    if (!in->terminal) {
        return true;
    }
    if (!GetConsoleMode(in->keys, &in->before) ||
        !SetConsoleMode(in->keys, ENABLE_PROCESSED_INPUT)) {
        in->begun = false;
        return false;
    }
    FlushConsoleInputBuffer(in->keys);
    show(in, prompt);
    return true;
}

void input_end(struct input *in) {
    if (in->terminal && in->begun) {
        FlushConsoleInputBuffer(in->keys);
        SetConsoleMode(in->keys, in->before);
        show(in, in->hidden ? "\r\n" : "");
    }
    in->begun = false;
}

static void close_console(HANDLE handle) {
    if (handle != NULL && handle != INVALID_HANDLE_VALUE) {
        CloseHandle(handle);
    }
}

void input_free(struct input **in) {
    if (*in == NULL) {
        return;
    }
    if ((*in)->begun) {
        input_end(*in);
    }
    close_console((*in)->keys);
    close_console((*in)->screen);
    free(*in);
    *in = NULL;
}

static void add(struct input *in, char byte, char *line, size_t cap, size_t *len) {
    if (*len + 1 < cap) {
        line[(*len)++] = byte;
    } else {
        in->too_long = true;
    }
}

/* One character of UTF-8 back. */
static void take_back(struct input *in, char *line, size_t *len) {
    bool gone = *len > 0;
    while (*len > 0 && ((unsigned char)line[*len - 1] & 0xC0) == 0x80) {
        line[--*len] = '\0';
    }
    if (*len > 0) {
        line[--*len] = '\0';
    }
    if (gone && !in->hidden) {
        show(in, "\b \b");
    }
}

/* True when it ends the line. */
static bool take_key(struct input *in, wchar_t unit, char *line, size_t cap, size_t *len) {
    wchar_t text[2] = {unit, 0};
    char bytes[8] = "";
    if (unit == L'\r') {
        show(in, in->hidden ? "" : "\r\n");
        return true;
    }
    if (unit == L'\b') {
        take_back(in, line, len);
    } else if (unit >= L' ') {
        int n = WideCharToMultiByte(CP_UTF8, 0, text, 1, bytes, sizeof bytes - 1, NULL, NULL);
        for (int i = 0; i < n; i++) {
            add(in, bytes[i], line, cap, len);
        }
        show(in, in->hidden ? "" : bytes);
    }
    platform_wipe(text, sizeof text);
    platform_wipe(bytes, sizeof bytes);
    return false;
}

static enum input_state poll_keys(struct input *in, char *line, size_t cap, size_t *len,
                                  int32_t timeout_ms) {
    DWORD wait = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;
    while (WaitForSingleObject(in->keys, wait) == WAIT_OBJECT_0) {
        INPUT_RECORD record;
        DWORD n = 0;
        bool ended = false;
        if (!ReadConsoleInputW(in->keys, &record, 1, &n) || n != 1) {
            return INPUT_CLOSED;
        }
        if (record.EventType == KEY_EVENT && record.Event.KeyEvent.bKeyDown) {
            ended = take_key(in, record.Event.KeyEvent.uChar.UnicodeChar, line, cap, len);
        }
        platform_wipe(&record, sizeof record);
        if (ended) {
            return input_line_ended(&in->too_long, line, cap, len);
        }
        wait = 0;
    }
    return INPUT_WAITING;
}

/* A pipe tells how much waits in it; a file always has its next byte. */
static bool readable(HANDLE file, int32_t timeout_ms) {
    DWORD waiting = 0;
    ULONGLONG end = GetTickCount64() + (ULONGLONG)(timeout_ms > 0 ? timeout_ms : 0);
    while (GetFileType(file) == FILE_TYPE_PIPE &&
           PeekNamedPipe(file, NULL, 0, NULL, &waiting, NULL) && waiting == 0) {
        if (timeout_ms >= 0 && GetTickCount64() >= end) {
            return false;
        }
        Sleep(10);
    }
    return true;
}

void input_drain(struct input *in) {
    if (in->terminal) {
        FlushConsoleInputBuffer(in->keys);
        return;
    }
    char byte;
    DWORD n = 1;
    while (n == 1 && readable(in->file, 0) && ReadFile(in->file, &byte, 1, &n, NULL)) {
        platform_wipe(&byte, 1);
    }
}

/* Byte by byte, so that what follows the line stays for the next question. */
enum input_state input_poll(struct input *in, char *line, size_t cap, size_t *len,
                            int32_t timeout_ms) {
    if (in->terminal) {
        return poll_keys(in, line, cap, len, timeout_ms);
    }
    while (readable(in->file, timeout_ms)) {
        char byte = 0;
        DWORD n = 0;
        if (!ReadFile(in->file, &byte, 1, &n, NULL) || n == 0) {
            return *len > 0 || in->too_long ? input_line_ended(&in->too_long, line, cap, len)
                                            : INPUT_CLOSED;
        }
        if (byte == '\n') {
            return input_line_ended(&in->too_long, line, cap, len);
        }
        add(in, byte, line, cap, len);
        platform_wipe(&byte, 1);
        timeout_ms = 0;
    }
    return INPUT_WAITING;
}
