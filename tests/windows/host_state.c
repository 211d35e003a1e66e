/* The first load and every call leave a host as it was: its floating-point state, whatever that is, its
 * threads, folder, locale and handlers. Freeing the DLL leaves it where it is. The DLL lies beside this program. */
#include <locale.h>
#include <shikaku/shikaku.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include <tlhelp32.h>

/* What a host may set: the masks, the rounding and the width of the x87, and those of SSE. */
struct fp {
    const char *name;
    unsigned short control;
    unsigned mxcsr;
};
static const struct fp hosts[] = {
    {"as Windows gives it", 0x037F, 0x1F80},
    {"Delphi: errors trap", 0x1372, 0x1900},
    {"Direct3D: single precision", 0x007F, 0x1F80},
    {"rounds up, flushes to zero", 0x0B7F, 0xDFC0},
    {"rounds to zero, divisions trap", 0x0F7B, 0x7D80},
};
#define INEXACT 0x20

struct doors {
    int32_t(SHK_CALL *abi)(void);
    int32_t(SHK_CALL *open)(const char *, int32_t, shk_session *);
    int32_t(SHK_CALL *close)(shk_session);
    int32_t(SHK_CALL *set)(shk_session, const char *, int32_t, const char *, int32_t);
    int32_t(SHK_CALL *put)(shk_session, const char *, int32_t, const uint8_t *, int32_t);
    int32_t(SHK_CALL *start)(shk_session, int32_t);
    int32_t(SHK_CALL *answer_pin)(shk_session, const char *, int32_t, int32_t);
    int32_t(SHK_CALL *cancel)(shk_session);
    int32_t(SHK_CALL *next_event)(shk_session, int32_t);
    int32_t(SHK_CALL *wake)(shk_session, int32_t, int32_t);
    int32_t(SHK_CALL *text)(shk_session, const char *, int32_t, char *, int32_t);
    int32_t(SHK_CALL *number)(shk_session, const char *, int32_t, int32_t *);
    int32_t(SHK_CALL *count)(shk_session, const char *, int32_t);
    int32_t(SHK_CALL *bytes)(shk_session, const char *, int32_t, uint8_t *, int32_t);
    int32_t(SHK_CALL *forget)(shk_session);
    int32_t(SHK_CALL *check)(shk_session, const char *, int32_t, int32_t, int32_t);
};
static struct doors shk;
static const struct fp *host;
static int bad;

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", host->name, what);
    bad = 1;
}

/* The mark of an inexact result stands in both units; nobody traps it. */
static void become(const struct fp *fp) {
    unsigned mxcsr = fp->mxcsr | INEXACT;
    double third = 3;
    host = fp;
    __asm__ volatile("fninit\n\tfld1\n\tfldl %0\n\tfdivrp\n\tfstp %%st(0)\n\tfldcw %1"
                     :
                     : "m"(third), "m"(fp->control));
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

static void still(const char *call) {
    unsigned short control = 0, status = 0, tags[14];
    unsigned mxcsr = 0;
    __asm__ volatile("fnstcw %0\n\tfnstsw %1\n\tstmxcsr %2"
                     : "=m"(control), "=m"(status), "=m"(mxcsr));
    __asm__ volatile("fnstenv %0\n\tfldenv %0" : "+m"(tags));
    if (control != host->control || status != INEXACT || mxcsr != (host->mxcsr | INEXACT) ||
        tags[4] != 0xFFFF) {
        fprintf(stderr, "%s: after %s: x87 control %04x status %04x tags %04x, SSE %04x\n",
                host->name, call, control, status, tags[4], mxcsr);
        bad = 1;
        become(host);
    }
}

static int threads(void) {
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    int n = 0;
    for (BOOL more = Thread32First(all, &entry); more; more = Thread32Next(all, &entry)) {
        n += entry.th32OwnerProcessID == GetCurrentProcessId();
    }
    CloseHandle(all);
    return n;
}

static LONG WINAPI handler(EXCEPTION_POINTERS *why) {
    (void)why;
    return EXCEPTION_CONTINUE_SEARCH;
}

struct seen {
    char folder[MAX_PATH], locale[64];
    UINT errors;
    LPTOP_LEVEL_EXCEPTION_FILTER filter;
};
static struct seen look(void) {
    struct seen seen = {.errors = GetErrorMode(), .filter = SetUnhandledExceptionFilter(handler)};
    GetCurrentDirectoryA(sizeof seen.folder, seen.folder);
    snprintf(seen.locale, sizeof seen.locale, "%s", setlocale(LC_ALL, NULL));
    return seen;
}

static void doors_of(HMODULE module) {
    static const char *const names[] = {
        "abi",        "open", "close", "set", "put",   "start", "answer_pin", "cancel",
        "next_event", "wake", "text",  "int", "count", "bytes", "forget",     "check"};
    FARPROC found[sizeof names / sizeof *names];
    _Static_assert(sizeof found == sizeof shk, "a door for each name");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[32];
        snprintf(name, sizeof name, "shk_%s", names[i]);
        found[i] = GetProcAddress(module, name);
        if (found[i] == NULL) {
            fprintf(stderr, "%s is missing\n", name);
            ExitProcess(1);
        }
    }
    memcpy(&shk, found, sizeof shk);
}

static HMODULE load(void) {
    char path[MAX_PATH];
    DWORD n = GetModuleFileNameA(NULL, path, sizeof path);
    while (n > 0 && path[n - 1] != '\\') {
        n--;
    }
    snprintf(path + n, sizeof path - n, "shikaku.dll");
    int before = threads();
    become(&hosts[1]);
    HMODULE module = LoadLibraryA(path);
    still("the first load");
    if (module == NULL) {
        fprintf(stderr, "%s: error %lu\n", path, GetLastError());
        ExitProcess(1);
    }
    if (threads() != before) {
        fail("a thread was started by loading");
    }
    return module;
}

/* Lists the readers: a worker thread, WinSCard and the events. */
static void job(shk_session s) {
    if (shk.start(s, SHK_JOB_READERS) != SHK_OK) {
        fail("the job did not start");
        return;
    }
    still("shk_start");
    int32_t event = SHK_EVENT_NONE;
    while (event >= 0 && event != SHK_EVENT_DONE) {
        event = shk.next_event(s, 120000);
        still("shk_next_event");
        if (event == SHK_EVENT_NONE) {
            fail("the job does not end");
            return;
        }
    }
}

#define STILL(call)                                                                                \
    do {                                                                                           \
        (void)(call);                                                                              \
        still(#call);                                                                              \
    } while (0)

static void all_calls(void) {
    shk_session s = 0;
    char text[256];
    uint8_t bytes[4] = {1, 2, 3, 4};
    int32_t number = 0;
    if (shk.abi() != SHK_ABI || shk.open("", 0, &s) != SHK_OK) {
        fail("no session");
        return;
    }
    still("shk_open");
    STILL(shk.set(s, "route", -1, "folder", -1));
    STILL(shk.set(s, "no.such.key", -1, "1", -1));
    STILL(shk.text(s, "fault.message", -1, text, sizeof text));
    STILL(shk.set(s, "text_encoding", -1, "cp932", -1));
    STILL(shk.text(s, "fault.message", -1, text, sizeof text));
    STILL(shk.put(s, "query.insurer_number", -1, bytes, 4));
    STILL(shk.wake(s, -1, 0));
    job(s);
    STILL(shk.count(s, "readers", -1));
    STILL(shk.number(s, "fault.code", -1, &number));
    STILL(shk.bytes(s, "delivery[1].document", -1, bytes, 4));
    STILL(shk.answer_pin(s, "0000", -1, 0));
    STILL(shk.forget(s));
    STILL(shk.check(s, NULL, 0, 0, 200));
    STILL(shk.start(s, SHK_JOB_WATCH));
    STILL(shk.cancel(s));
    STILL(shk.close(s));
    STILL(shk.close(s));
}

int main(void) {
    (void)look();
    struct seen before = look();
    HMODULE module = load();
    doors_of(module);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        become(&hosts[i]);
        all_calls();
    }
    become(&hosts[0]);
    struct seen after = look();
    if (strcmp(before.folder, after.folder) != 0 || strcmp(before.locale, after.locale) != 0 ||
        before.errors != after.errors || before.filter != after.filter) {
        fail("folder, locale, error mode or exception handler have changed");
    }
    if (!FreeLibrary(module) || GetModuleHandleA("shikaku.dll") != module || shk.abi() != SHK_ABI) {
        fail("the DLL went away");
    }
    if (!bad) {
        puts("as it was");
    }
    return bad;
}
