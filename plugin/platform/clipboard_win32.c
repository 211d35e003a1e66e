#include <stdlib.h>
#include <windows.h>

#include "platform.h"
#include "utf16.h"

#define HELD_MS     1000 /* how long another program may hold the clipboard */
#define TRY_MS      20
#define CLEAR_TRIES 25

/* A window belongs to its thread, so it is made anew when another one waits. */
struct clipboard {
    HWND window;
    DWORD thread;
    DWORD seen;        /* sequence number of the content that was looked at */
    DWORD given;       /* and of the text that wait gave last; 0 is none */
    int64_t held_from; /* since when another program is in the way; 0: nobody is */
};

static int32_t no_clipboard(struct fault *why) {
    return fault_set(why, SHK_E_CLIPBOARD, SHK_NATIVE_OS, (int32_t)GetLastError(), NULL);
}

/* No class of our own: it would have to be taken back before the library is unloaded. The messages are
 * only a reason to look; what counts is the sequence number. */
static int32_t watch_here(struct clipboard *c, struct fault *why) {
    DWORD thread = GetCurrentThreadId();
    if (c->window != NULL && c->thread == thread) {
        return SHK_OK;
    }
    HWND window =
        CreateWindowExW(0, L"STATIC", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    if (window == NULL) {
        return no_clipboard(why);
    }
    if (!AddClipboardFormatListener(window)) {
        int32_t rc = no_clipboard(why);
        DestroyWindow(window);
        return rc;
    }
    c->window = window;
    c->thread = thread;
    return SHK_OK;
}

static int32_t clipboard_open(void *self, void **clipboard, struct fault *why) {
    (void)self;
    *clipboard = NULL;
    struct clipboard *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    c->seen = GetClipboardSequenceNumber();
    int32_t rc = watch_here(c, why);
    if (rc != SHK_OK) {
        free(c);
        return rc;
    }
    *clipboard = c;
    return SHK_OK;
}

static size_t length_of(const wchar_t *text, size_t most) {
    size_t n = 0;
    while (n < most && text[n] != 0) {
        n++;
    }
    return n;
}

/* Every unit gives at least one byte. */
static int32_t take_units(const wchar_t *text, size_t room, size_t max, struct bytes *out,
                          struct fault *why) {
    size_t n = length_of(text, room < max + 1 ? room : max + 1);
    int32_t rc = n > max ? SHK_E_FILE_TOO_LARGE
                         : utf16_to_utf8((const uint8_t *)text, n * sizeof *text, false, out, NULL);
    if (rc == SHK_OK && out->n > max) {
        rc = SHK_E_FILE_TOO_LARGE;
    }
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

/* With the clipboard open. SHK_E_TIMEOUT: it holds no text. */
static int32_t take_text(size_t max, struct bytes *out, struct fault *why) {
    HANDLE data =
        IsClipboardFormatAvailable(CF_UNICODETEXT) ? GetClipboardData(CF_UNICODETEXT) : NULL;
    const wchar_t *text = data != NULL ? GlobalLock(data) : NULL;
    if (text == NULL) {
        return SHK_E_TIMEOUT;
    }
    int32_t rc = take_units(text, GlobalSize(data) / sizeof *text, max, out, why);
    GlobalUnlock(data);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}

/* SHK_E_TIMEOUT: nothing new, or another program still holds it. */
static int32_t look(struct clipboard *c, size_t max, struct bytes *out, struct fault *why) {
    if (GetClipboardSequenceNumber() == c->seen) {
        c->held_from = 0;
        return SHK_E_TIMEOUT;
    }
    int64_t now = platform_clock.mono_ms(NULL);
    if (!OpenClipboard(c->window)) {
        c->held_from = c->held_from == 0 ? now : c->held_from;
        if (now - c->held_from < HELD_MS) {
            return SHK_E_TIMEOUT;
        }
        c->held_from = 0;
        return no_clipboard(why);
    }
    c->held_from = 0;
    int32_t rc = take_text(max, out, why);
    /* A text that its owner makes only when it is asked for has changed the number. */
    c->seen = GetClipboardSequenceNumber();
    c->given = rc == SHK_OK ? c->seen : 0;
    CloseClipboard();
    return rc;
}

/* Only our window's messages: the thread may have others, which are not ours to handle. */
static void wait_message(const struct clipboard *c, int64_t ms) {
    MSG message;
    while (PeekMessageW(&message, c->window, 0, 0, PM_REMOVE)) {
        DispatchMessageW(&message);
    }
    if (GetClipboardSequenceNumber() == c->seen || c->held_from != 0) {
        (void)MsgWaitForMultipleObjectsEx(0, NULL, (DWORD)ms, QS_ALLINPUT, 0);
    }
}

static int32_t clipboard_wait(void *clipboard, int32_t ms, size_t max, struct bytes *out,
                              struct fault *why) {
    struct clipboard *c = clipboard;
    int64_t end = platform_clock.mono_ms(NULL) + ms;
    bytes_clear(out);
    int32_t rc = watch_here(c, why);
    if (rc != SHK_OK) {
        return rc;
    }
    for (;;) {
        rc = look(c, max, out, why);
        int64_t left = end - platform_clock.mono_ms(NULL);
        if (rc != SHK_E_TIMEOUT) {
            return rc;
        }
        if (left <= 0) {
            return fault_raise(why, SHK_E_TIMEOUT);
        }
        wait_message(c, c->held_from != 0 && left > TRY_MS ? TRY_MS : left);
    }
}

static bool open_patiently(const struct clipboard *c) {
    for (int i = 0; i < CLEAR_TRIES; i++) {
        if (OpenClipboard(c->window)) {
            return true;
        }
        Sleep(TRY_MS);
    }
    return false;
}

static void clipboard_clear(void *clipboard) {
    struct clipboard *c = clipboard;
    if (c->given == 0 || watch_here(c, NULL) != SHK_OK || !open_patiently(c)) {
        return;
    }
    if (GetClipboardSequenceNumber() == c->given && EmptyClipboard()) {
        c->seen = GetClipboardSequenceNumber();
        c->given = 0;
    }
    CloseClipboard();
}

static void clipboard_close(void *clipboard) {
    struct clipboard *c = clipboard;
    if (c != NULL) {
        /* From another thread it fails, and the window goes with its own. */
        (void)RemoveClipboardFormatListener(c->window);
        (void)DestroyWindow(c->window);
        free(c);
    }
}

const struct clipboard_ops platform_clipboard = {
    .open = clipboard_open,
    .wait = clipboard_wait,
    .clear = clipboard_clear,
    .close = clipboard_close,
};
