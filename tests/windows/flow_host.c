/* A host for Windows that does what a test says: flow_host VERB DLL CONFIG [KEY=VALUE|@MS|PIN]...
 *
 *   check    one call for the whole check, and what is left when the DLL was freed
 *   events   a check event by event; the PINs are given in turn, @MS waits before the next
 *   cycles   a hundred times: load, open, list the readers, close, free
 *   wake     messages to a window instead of a thread that waits
 *   plain    loads libraries by their names alone, as a careless program does: plain DLL - NAME...
 *
 * Every line is UTF-8, but values of a session in code page 932, which are written in hexadecimal. */
#include <shikaku/shikaku.h>

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CYCLES      100
#define PROBES      64
#define WORDS       16
#define WORD_MAX    1024
#define WOKEN       (WM_APP + 7)
#define PATIENCE_MS 120000

struct dll {
    HMODULE module;
    int32_t(SHK_CALL *abi)(void);
    int32_t(SHK_CALL *open)(const char *, int32_t, shk_session *);
    int32_t(SHK_CALL *close)(shk_session);
    int32_t(SHK_CALL *set)(shk_session, const char *, int32_t, const char *, int32_t);
    int32_t(SHK_CALL *start)(shk_session, int32_t);
    int32_t(SHK_CALL *next)(shk_session, int32_t);
    int32_t(SHK_CALL *pin)(shk_session, const char *, int32_t, int32_t);
    int32_t(SHK_CALL *cancel)(shk_session);
    int32_t(SHK_CALL *wake)(shk_session, int32_t, int32_t);
    int32_t(SHK_CALL *text)(shk_session, const char *, int32_t, char *, int32_t);
    int32_t(SHK_CALL *number)(shk_session, const char *, int32_t, int32_t *);
    int32_t(SHK_CALL *count)(shk_session, const char *, int32_t);
    int32_t(SHK_CALL *check)(shk_session, const char *, int32_t, int32_t, int32_t);
};

static char word[WORDS][WORD_MAX];
static int words;
static wchar_t dll_path[WORD_MAX];

static bool find(struct dll *d, const char *name, void *slot) {
    FARPROC address = GetProcAddress(d->module, name);
    memcpy(slot, &address, sizeof address);
    return address != NULL;
}

static bool load(struct dll *d) {
    d->module = LoadLibraryW(dll_path);
    return d->module != NULL && find(d, "shk_abi", &d->abi) && find(d, "shk_open", &d->open) &&
           find(d, "shk_close", &d->close) && find(d, "shk_set", &d->set) &&
           find(d, "shk_start", &d->start) && find(d, "shk_next_event", &d->next) &&
           find(d, "shk_answer_pin", &d->pin) && find(d, "shk_cancel", &d->cancel) &&
           find(d, "shk_wake", &d->wake) && find(d, "shk_text", &d->text) &&
           find(d, "shk_int", &d->number) && find(d, "shk_count", &d->count) &&
           find(d, "shk_check", &d->check) && d->abi() == SHK_ABI;
}

/* Every KEY=VALUE; the session, or 0. */
static shk_session open_session(const struct dll *d) {
    shk_session s = 0;
    if (d->open(word[2], -1, &s) < 0) {
        return 0;
    }
    for (int i = 3; i < words; i++) {
        const char *value = strchr(word[i], '=');
        if (value != NULL &&
            d->set(s, word[i], (int32_t)(value - word[i]), value + 1, -1) != SHK_OK) {
            printf("not set %s\n", word[i]);
        }
    }
    return s;
}

static bool is_pin(const char *w) {
    return strchr(w, '=') == NULL;
}

static void say(const struct dll *d, shk_session s, const char *path) {
    char value[WORD_MAX];
    if (d->text(s, path, -1, value, sizeof value) >= 0) {
        printf("%s %s\n", path, value);
    }
}

static void say_hex(const struct dll *d, shk_session s, const char *path) {
    char value[WORD_MAX];
    int32_t len = d->text(s, path, -1, value, sizeof value);
    printf("%s ", path);
    for (int32_t i = 0; i < len; i++) {
        printf("%02X", (unsigned char)value[i]);
    }
    printf("\n");
}

static int32_t number(const struct dll *d, shk_session s, const char *path) {
    int32_t n = -1;
    (void)d->number(s, path, -1, &n);
    return n;
}

/* The rounding and the exceptions of the x87 and of SSE. */
static uint32_t arithmetic(void) {
    uint16_t x87 = 0;
    uint32_t sse = 0;
    __asm__ volatile("fnstcw %0" : "=m"(x87));
#ifdef __SSE__
    __asm__ volatile("stmxcsr %0" : "=m"(sse));
#endif
    return (uint32_t)x87 << 16 | (sse & 0xFFC0);
}

static int verb_check(struct dll *d) {
    uint32_t before = arithmetic();
    shk_session s = open_session(d);
    const char *pin = words > 3 && is_pin(word[words - 1]) ? word[words - 1] : "";
    printf("result %d\n", (int)d->check(s, pin, -1, 0, -1));
    say_hex(d, s, "record.name");
    say(d, s, "fault.name");
    printf("text.losses %d\n", (int)number(d, s, "text.losses"));
    printf("delivery %d\n", (int)d->count(s, "delivery", -1));
    say_hex(d, s, "delivery[1].file");
    printf("close %d\n", (int)d->close(s));
    printf("arithmetic %s\n", before == arithmetic() ? "same" : "changed");
    (void)FreeLibrary(d->module);
    printf("loaded %d\n", GetModuleHandleW(dll_path) == d->module);
    printf("abi %d\n", (int)d->abi());
    return 0;
}

static void answer(const struct dll *d, shk_session s, int *next) {
    while (*next < words && (!is_pin(word[*next]) || word[*next][0] == '@')) {
        int ms = 0;
        for (const char *c = word[*next] + 1; word[*next][0] == '@' && *c != '\0'; c++) {
            ms = ms * 10 + (*c - '0');
        }
        Sleep((DWORD)ms);
        (*next)++;
    }
    if (*next < words) {
        printf("answer %d\n", (int)d->pin(s, word[(*next)++], -1, 0));
    } else {
        (void)d->cancel(s);
    }
}

static void say_event(const struct dll *d, shk_session s, int32_t event) {
    printf("event %d\n", (int)event);
    if (event == SHK_EVENT_FAULT) {
        say(d, s, "fault.name");
        printf("fault.native %d\n", (int)number(d, s, "fault.native"));
    } else if (event == SHK_EVENT_PIN) {
        printf("pin.tries_left %d\n", (int)number(d, s, "pin.tries_left"));
    } else if (event == SHK_EVENT_CARD) {
        say(d, s, "card.reader");
    }
    fflush(stdout);
}

static int verb_events(const struct dll *d) {
    shk_session s = open_session(d);
    int next = 3;
    int32_t event = SHK_EVENT_NONE;
    printf("start %d\n", (int)d->start(s, SHK_JOB_CHECK));
    while (event != SHK_EVENT_DONE && (event = d->next(s, PATIENCE_MS)) > SHK_EVENT_NONE) {
        say_event(d, s, event);
        if (event == SHK_EVENT_PIN) {
            answer(d, s, &next);
        }
    }
    printf("outcome %d\n", (int)number(d, s, "outcome"));
    return d->close(s) == SHK_OK ? 0 : 1;
}

/* Wine counts neither handles nor memory of a process. Its numbers for handles are the lowest that are free:
 * when some more than there are gaps have been taken, the last tells how many are in use. */
static unsigned long handles_open(void) {
    HANDLE more[PROBES];
    unsigned long last = 0;
    for (int i = 0; i < PROBES; i++) {
        more[i] = CreateEventW(NULL, FALSE, FALSE, NULL);
        unsigned long number = (unsigned long)(UINT_PTR)more[i] / 4;
        last = number > last ? number : last;
    }
    for (int i = 0; i < PROBES; i++) {
        CloseHandle(more[i]);
    }
    return last - PROBES;
}

static unsigned long in_use(HANDLE heap) {
    PROCESS_HEAP_ENTRY entry = {0};
    unsigned long used = 0;
    HeapLock(heap);
    while (HeapWalk(heap, &entry)) {
        used += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0 ? entry.cbData : 0;
    }
    HeapUnlock(heap);
    return used;
}

/* Of all heaps: malloc may have one of its own. */
static unsigned long heap_used(void) {
    HANDLE heaps[16];
    DWORD n = GetProcessHeaps(16, heaps);
    unsigned long used = 0;
    for (DWORD i = 0; i < n && i < 16; i++) {
        used += in_use(heaps[i]);
    }
    return used;
}

/* Memory of this process alone, with what is mapped and not taken from a heap. */
static unsigned long pages_used(void) {
    MEMORY_BASIC_INFORMATION part;
    unsigned long used = 0;
    for (char *at = NULL; VirtualQuery(at, &part, sizeof part) != 0;
         at = (char *)part.BaseAddress + part.RegionSize) {
        bool ours = part.State == MEM_COMMIT && part.Type == MEM_PRIVATE;
        used += ours ? (unsigned long)(part.RegionSize / 1024) : 0;
    }
    return used;
}

static void say_cost(int cycle, ULONGLONG since_ms) {
    printf("cycle %d ms %lu handles %lu heap %lu kb %lu\n", cycle,
           (unsigned long)(GetTickCount64() - since_ms), handles_open(), heap_used(), pages_used());
}

static int32_t list_readers(const struct dll *d, shk_session s) {
    int32_t event = SHK_EVENT_NONE;
    if (d->start(s, SHK_JOB_READERS) != SHK_OK) {
        return -1;
    }
    while (event != SHK_EVENT_DONE && (event = d->next(s, PATIENCE_MS)) > SHK_EVENT_NONE) {
    }
    return d->count(s, "readers", -1);
}

static int verb_cycles(void) {
    for (int cycle = 1; cycle <= CYCLES; cycle++) {
        struct dll d;
        ULONGLONG since_ms = GetTickCount64();
        shk_session s = load(&d) ? open_session(&d) : 0;
        int32_t readers = list_readers(&d, s);
        if (s == 0 || readers != 2 || d.close(s) != SHK_OK || !FreeLibrary(d.module)) {
            printf("cycle %d failed: %d readers\n", cycle, (int)readers);
            return 1;
        }
        say_cost(cycle, since_ms);
    }
    return 0;
}

/* Messages that came within ms; the window has no other visitors. */
static int pump(HWND window, DWORD ms) {
    ULONGLONG until_ms = GetTickCount64() + ms;
    int woken = 0;
    MSG message;
    for (ULONGLONG now_ms = GetTickCount64(); woken == 0 && now_ms < until_ms;
         now_ms = GetTickCount64()) {
        (void)MsgWaitForMultipleObjects(0, NULL, FALSE, (DWORD)(until_ms - now_ms), QS_ALLINPUT);
        while (PeekMessageW(&message, window, 0, 0, PM_REMOVE)) {
            woken += message.message == WOKEN;
        }
    }
    return woken;
}

static int verb_wake(const struct dll *d) {
    shk_session s = open_session(d);
    HWND window = CreateWindowExW(0, L"STATIC", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    int32_t event = SHK_EVENT_NONE;
    int woken = 0;
    printf("wake %d\n", (int)d->wake(s, (int32_t)(INT_PTR)window, WOKEN));
    printf("before %d\n", pump(window, 300));
    printf("start %d\n", (int)d->start(s, SHK_JOB_READERS));
    while (event != SHK_EVENT_DONE && pump(window, PATIENCE_MS) > 0) {
        woken++;
        for (int32_t e = d->next(s, 0); e > SHK_EVENT_NONE; e = d->next(s, 0)) {
            event = e;
            say_event(d, s, e);
        }
    }
    printf("woken %s\n", woken > 0 ? "yes" : "no");
    printf("wake %d\n", (int)d->wake(s, -1, 0));
    while (pump(window, 100) > 0) {
        /* of events that were taken already */
    }
    printf("start %d\n", (int)d->start(s, SHK_JOB_READERS));
    printf("event %d\n", (int)d->next(s, PATIENCE_MS));
    printf("after %d\n", pump(window, 300));
    return d->close(s) == SHK_OK ? 0 : 1;
}

static int verb_plain(void) {
    wchar_t name[WORD_MAX];
    for (int i = 3; i < words; i++) {
        (void)MultiByteToWideChar(CP_UTF8, 0, word[i], -1, name, WORD_MAX);
        printf("loaded %d\n", LoadLibraryW(name) != NULL);
    }
    return 0;
}

/* False: too few, or too long. */
static bool take_words(void) {
    int n = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &n);
    words = n - 1;
    for (int i = 0; wide != NULL && i < words && words <= WORDS; i++) {
        if (WideCharToMultiByte(CP_UTF8, 0, wide[i + 1], -1, word[i], WORD_MAX, NULL, NULL) == 0) {
            return false;
        }
    }
    return wide != NULL && words >= 3 && words <= WORDS &&
           MultiByteToWideChar(CP_UTF8, 0, word[1], -1, dll_path, WORD_MAX) > 0;
}

int main(void) {
    struct dll d;
    (void)_setmode(_fileno(stdout), _O_BINARY);
    if (!take_words()) {
        return 2;
    }
    if (strcmp(word[0], "plain") == 0) {
        return verb_plain();
    }
    if (strcmp(word[0], "cycles") == 0) {
        return verb_cycles();
    }
    if (!load(&d)) {
        printf("not loaded %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    if (strcmp(word[0], "wake") == 0) {
        return verb_wake(&d);
    }
    return strcmp(word[0], "events") == 0 ? verb_events(&d) : verb_check(&d);
}
