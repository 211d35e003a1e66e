#include "service.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 4096

struct reader readers[READERS_MAX];
bool service_runs;

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE news = CONDITION_VARIABLE_INIT;
static wchar_t folder[MAX_PATH];
static ULONGLONG looked_ms;

void service_lock(void) {
    AcquireSRWLockExclusive(&lock);
}

void service_unlock(void) {
    ReleaseSRWLockExclusive(&lock);
}

void service_news(void) {
    WakeAllConditionVariable(&news);
}

void service_wait(DWORD ms) {
    (void)SleepConditionVariableSRW(&news, &lock, ms < LOOK_MS ? ms : LOOK_MS, 0);
    service_look();
}

static FILE *open_file(const wchar_t *name, const wchar_t *mode) {
    wchar_t path[MAX_PATH + 32];
    (void)swprintf(path, sizeof path / sizeof *path, L"%ls\\%ls", folder, name);
    return folder[0] != 0 ? _wfopen(path, mode) : NULL;
}

/* False: the file is not there. */
static bool read_file(const wchar_t *name, char *text, size_t cap) {
    FILE *f = open_file(name, L"rb");
    if (f == NULL) {
        return false;
    }
    text[fread(text, 1, cap - 1, f)] = '\0';
    (void)fclose(f);
    return true;
}

static void say(const wchar_t *name, const char *line) {
    FILE *f = open_file(name, L"ab");
    if (f != NULL) {
        (void)fprintf(f, "%s\n", line);
        (void)fclose(f);
    }
}

static void write_number(char *out, size_t cap, int32_t n) {
    (void)(n < 0 ? snprintf(out, cap, "-") : snprintf(out, cap, "%ld", (long)n));
}

static void trace(void *self, const struct vcard_trace *t) {
    char line[160], lc[16], le[16];
    (void)self;
    write_number(lc, sizeof lc, t->lc);
    write_number(le, sizeof le, t->le);
    (void)snprintf(line, sizeof line, "%lu %02X%02X%02X%02X lc=%s le=%s sw=%04X len=%lu us=%ld",
                   (unsigned long)t->index, t->cla, t->ins, t->p1, t->p2, lc, le, (unsigned)t->sw,
                   (unsigned long)t->rx_len, (long)t->micros);
    say(L"trace", line);
}

/* The card works: others may call meanwhile. Not 0: it was taken away. */
static int card_sleeps(void *self, uint32_t ms) {
    struct reader *r = self;
    ULONGLONG until_ms = GetTickCount64() + ms;
    for (ULONGLONG now_ms = GetTickCount64(); now_ms < until_ms && !r->leaving;
         now_ms = GetTickCount64()) {
        service_wait((DWORD)(until_ms - now_ms));
    }
    return r->leaving;
}

static void end_transaction(struct reader *r) {
    r->holder = NULL;
    r->depth = 0;
    service_news();
}

static void take_away(struct reader *r) {
    if (r->busy) {
        r->leaving = true;
        return;
    }
    vcard_free(r->card);
    r->card = NULL;
    r->leaving = r->powered = false;
    r->moves++;
    end_transaction(r);
}

static void place(struct reader *r) {
    char why[256];
    r->card = vcard_new(r->profile, why, sizeof why);
    if (r->card == NULL) {
        say(L"error", why);
        r->removed = true;
        return;
    }
    vcard_set_trace(r->card, trace, r);
    vcard_set_sleep(r->card, card_sleeps, r);
    vcard_power_on(r->card);
    r->powered = true;
    r->moves++;
    service_news();
}

static void look_at_card(struct reader *r, const char *profile) {
    bool other = strcmp(profile, r->profile) != 0;
    if (r->card != NULL && other) {
        take_away(r);
    }
    if (r->card == NULL) {
        r->removed = r->removed && !other;
        (void)snprintf(r->profile, sizeof r->profile, "%s", profile);
        if (profile[0] != '\0' && !r->removed) {
            place(r);
        }
    }
}

static void look_at_reader(struct reader *r, const char *name, size_t len) {
    wchar_t wide[NAME_MAX] = {0};
    char profile[MAX_PATH] = "";
    wchar_t file[] = {L'c', L'a', L'r', L'd', L'-', (wchar_t)(L'0' + (r - readers)), 0};
    (void)MultiByteToWideChar(CP_UTF8, 0, name, (int)len, wide, NAME_MAX - 1);
    bool there = wide[0] != 0 && read_file(file, profile, sizeof profile);
    profile[strcspn(profile, "\r\n")] = '\0';
    look_at_card(r, there ? profile : "");
    if (wcscmp(wide, r->name) != 0) {
        memcpy(r->name, wide, sizeof wide);
        service_news();
    }
}

static void reset_if_idle(struct reader *r) {
    if (r->holder != NULL && !r->busy && GetTickCount64() - r->used_ms > IDLE_MS) {
        vcard_reset(r->card);
        links_reset(r, NULL);
        end_transaction(r);
    }
}

static void look_at_service(void) {
    char text[16];
    bool runs = folder[0] != 0 && !read_file(L"no-service", text, sizeof text);
    if (service_runs && !runs) {
        contexts_drop();
        service_news();
    }
    service_runs = runs;
}

void service_look(void) {
    char text[TEXT_MAX] = "";
    ULONGLONG now_ms = GetTickCount64();
    if (looked_ms != 0 && now_ms - looked_ms < LOOK_MS) {
        return;
    }
    looked_ms = now_ms;
    DWORD n = GetEnvironmentVariableW(L"SHIKAKU_WINSCARD", folder, MAX_PATH);
    folder[0] = n < MAX_PATH ? folder[0] : 0;
    look_at_service();
    (void)read_file(L"readers", text, sizeof text);
    const char *line = text;
    for (struct reader *r = readers; r < readers + READERS_MAX; r++) {
        size_t len = strcspn(line, "\r\n");
        look_at_reader(r, line, len);
        reset_if_idle(r);
        line += len;
        line += strspn(line, "\r");
        line += *line == '\n';
    }
}

struct reader *service_reader(const wchar_t *name) {
    for (struct reader *r = readers; r < readers + READERS_MAX; r++) {
        if (r->name[0] != 0 && wcscmp(r->name, name) == 0) {
            return r;
        }
    }
    return NULL;
}

DWORD service_plugged(void) {
    DWORD n = 0;
    for (struct reader *r = readers; r < readers + READERS_MAX; r++) {
        n += r->name[0] != 0;
    }
    return n;
}

DWORD service_state(const struct reader *r) {
    size_t atr_len = 0;
    DWORD state = (DWORD)r->moves << 16;
    if (r->card == NULL) {
        return state | SCARD_STATE_EMPTY;
    }
    (void)vcard_atr(r->card, &atr_len);
    state |= SCARD_STATE_PRESENT;
    state |= atr_len == 0 ? SCARD_STATE_MUTE : 0;
    state |= r->links > 0 ? SCARD_STATE_INUSE : 0;
    state |= r->exclusive ? SCARD_STATE_EXCLUSIVE : 0;
    return state | (r->powered ? 0 : SCARD_STATE_UNPOWERED);
}

int service_command(struct reader *r, const BYTE *tx, DWORD tx_len, BYTE *rx, DWORD *rx_len) {
    size_t len = 0;
    r->busy = true;
    int rc = vcard_transmit(r->card, tx, tx_len, rx, *rx_len, &len);
    r->busy = false;
    r->used_ms = GetTickCount64();
    *rx_len = (DWORD)len;
    if (rc == VCARD_REMOVED || r->leaving) {
        r->removed = !r->leaving;
        take_away(r);
        return VCARD_REMOVED;
    }
    return rc;
}
