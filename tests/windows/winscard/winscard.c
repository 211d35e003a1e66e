/* A winscard.dll for tests under Wine, with the virtual card inside. It has the calls that the plugin makes, and
 * answers with the numbers that Windows documents. Each process has cards of its own; their counters are in files. */
#include "service.h"

#include <string.h>

#define PNP      L"\\\\?PnP?\\Notification"
#define KNOWN    0xFFFFu /* of a state; above: the count */
#define FOR_EVER 0xFFFFFFFFu

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

/* The cards go with the library; with the process everything goes by itself. */
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved) {
    (void)module;
    for (int i = 0; i < READERS_MAX && reason == DLL_PROCESS_DETACH && reserved == NULL; i++) {
        vcard_free(readers[i].card);
    }
    return TRUE;
}

static LONG leave(LONG rc) {
    service_unlock();
    return rc;
}

static void enter(void) {
    service_lock();
    service_look();
}

LONG WINAPI SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT out) {
    (void)a, (void)b;
    if (out == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    if (scope != SCARD_SCOPE_USER && scope != SCARD_SCOPE_SYSTEM) {
        return SCARD_E_INVALID_VALUE;
    }
    enter();
    return leave(service_runs ? context_new(out) : SCARD_E_NO_SERVICE);
}

LONG WINAPI SCardReleaseContext(SCARDCONTEXT id) {
    struct context *c = NULL;
    enter();
    LONG rc = context_find(id, &c);
    if (rc == SCARD_S_SUCCESS) {
        context_end(c);
    }
    return leave(rc);
}

/* The list as a MULTI_SZ; its length with the last zero. */
static DWORD write_names(wchar_t *out) {
    DWORD n = 0;
    for (const struct reader *r = readers; r < readers + READERS_MAX; r++) {
        size_t len = wcslen(r->name) + 1;
        if (r->name[0] != 0) {
            memcpy(out + n, r->name, len * sizeof *out);
            n += (DWORD)len;
        }
    }
    out[n] = 0;
    return n + 1;
}

static LONG list(SCARDCONTEXT id, wchar_t *names, DWORD *len) {
    wchar_t all[READERS_MAX * NAME_MAX + 1];
    struct context *c = NULL;
    LONG rc = context_find(id, &c);
    if (rc != SCARD_S_SUCCESS) {
        return rc;
    }
    if (service_plugged() == 0) {
        return SCARD_E_NO_READERS_AVAILABLE;
    }
    DWORD room = *len;
    *len = write_names(all);
    if (names != NULL && room < *len) {
        return SCARD_E_INSUFFICIENT_BUFFER;
    }
    if (names != NULL) {
        memcpy(names, all, *len * sizeof *all);
    }
    return SCARD_S_SUCCESS;
}

LONG WINAPI SCardListReadersW(SCARDCONTEXT id, LPCWSTR groups, LPWSTR names, LPDWORD len) {
    (void)groups;
    if (len == NULL || *len == SCARD_AUTOALLOCATE) {
        return SCARD_E_INVALID_PARAMETER;
    }
    enter();
    return leave(list(id, names, len));
}

static void take_atr(const struct reader *r, SCARD_READERSTATEW *s) {
    size_t len = 0;
    const BYTE *atr = r->card != NULL ? vcard_atr(r->card, &len) : NULL;
    memset(s->rgbAtr, 0, sizeof s->rgbAtr);
    s->cbAtr = (DWORD)len;
    if (len > 0 && len <= sizeof s->rgbAtr) {
        memcpy(s->rgbAtr, atr, len);
    }
}

static bool tell(SCARD_READERSTATEW *s, DWORD now, bool differs) {
    s->dwEventState = now | (differs ? SCARD_STATE_CHANGED : 0);
    return differs;
}

/* A caller that does not count moves is told of other flags only. */
static bool compare(SCARD_READERSTATEW *s, DWORD now) {
    DWORD known = s->dwCurrentState & ~(DWORD)SCARD_STATE_CHANGED;
    bool moved = known >> 16 != 0 && known >> 16 != now >> 16;
    return tell(s, now, moved || (known & KNOWN) != (now & KNOWN));
}

/* Of one reader; true: it is not as the caller knows it. */
static bool look_at(SCARD_READERSTATEW *s) {
    if ((s->dwCurrentState & SCARD_STATE_IGNORE) != 0) {
        return tell(s, SCARD_STATE_IGNORE, false);
    }
    if (wcscmp(s->szReader, PNP) == 0) {
        DWORD n = service_plugged();
        return tell(s, n << 16, s->dwCurrentState >> 16 != n);
    }
    const struct reader *r = service_reader(s->szReader);
    if (r == NULL) {
        return tell(s, SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE, true);
    }
    take_atr(r, s);
    return compare(s, service_state(r));
}

static bool look_at_all(SCARD_READERSTATEW *at, DWORD n) {
    bool any = false;
    for (DWORD i = 0; i < n; i++) {
        any = look_at(&at[i]) || any;
    }
    return any;
}

static bool all_known(const SCARD_READERSTATEW *at, DWORD n) {
    for (DWORD i = 0; i < n; i++) {
        if (wcscmp(at[i].szReader, PNP) != 0 && service_reader(at[i].szReader) == NULL) {
            return false;
        }
    }
    return true;
}

static LONG wait_for_change(SCARDCONTEXT id, DWORD ms, SCARD_READERSTATEW *at, DWORD n) {
    struct context *c = NULL;
    ULONGLONG until_ms = ms == FOR_EVER ? UINT64_MAX : GetTickCount64() + ms;
    while (!look_at_all(at, n)) {
        ULONGLONG now_ms = GetTickCount64();
        if (now_ms >= until_ms) {
            return SCARD_E_TIMEOUT;
        }
        ULONGLONG left_ms = until_ms - now_ms;
        service_wait(left_ms < LOOK_MS ? (DWORD)left_ms : LOOK_MS);
        if (context_find(id, &c) != SCARD_S_SUCCESS) {
            return service_runs ? SCARD_E_CANCELLED : SCARD_E_SERVICE_STOPPED;
        }
        if (c->cancelled) {
            return SCARD_E_CANCELLED;
        }
    }
    return SCARD_S_SUCCESS;
}

static LONG status_change(SCARDCONTEXT id, DWORD ms, SCARD_READERSTATEW *at, DWORD n) {
    struct context *c = NULL;
    LONG rc = context_find(id, &c);
    if (rc != SCARD_S_SUCCESS) {
        return rc;
    }
    if (!all_known(at, n)) {
        return SCARD_E_UNKNOWN_READER;
    }
    c->waits = true;
    rc = wait_for_change(id, ms, at, n);
    if (context_find(id, &c) == SCARD_S_SUCCESS) {
        c->waits = c->cancelled = false;
    }
    return rc;
}

LONG WINAPI SCardGetStatusChangeW(SCARDCONTEXT id, DWORD ms, LPSCARD_READERSTATEW at, DWORD n) {
    if (at == NULL || n == 0) {
        return SCARD_E_INVALID_PARAMETER;
    }
    enter();
    return leave(status_change(id, ms, at, n));
}

LONG WINAPI SCardCancel(SCARDCONTEXT id) {
    struct context *c = NULL;
    enter();
    LONG rc = context_find(id, &c);
    if (rc == SCARD_S_SUCCESS) {
        c->cancelled = c->waits;
        service_news();
    }
    return leave(rc);
}

/* Powers the card up where it has to. */
static LONG card_on(struct reader *r, DWORD protocols, DWORD *active) {
    size_t atr_len = 0;
    (void)vcard_atr(r->card, &atr_len);
    if (atr_len == 0) {
        return SCARD_W_UNRESPONSIVE_CARD;
    }
    if ((protocols & SCARD_PROTOCOL_T1) == 0) {
        return SCARD_E_PROTO_MISMATCH;
    }
    if (!r->powered) {
        vcard_power_on(r->card);
        r->powered = true;
        service_news();
    }
    *active = SCARD_PROTOCOL_T1;
    return SCARD_S_SUCCESS;
}

static LONG connect_to(struct context *c, const wchar_t *name, bool exclusive, DWORD protocols,
                       SCARDHANDLE *out, DWORD *active) {
    struct reader *r = service_reader(name);
    if (r == NULL) {
        return SCARD_E_UNKNOWN_READER;
    }
    if (r->card == NULL) {
        return SCARD_W_REMOVED_CARD;
    }
    if (r->exclusive || (exclusive && r->links > 0)) {
        return SCARD_E_SHARING_VIOLATION;
    }
    LONG rc = card_on(r, protocols, active);
    return rc == SCARD_S_SUCCESS ? link_new(c, r, exclusive, out) : rc;
}

LONG WINAPI SCardConnectW(SCARDCONTEXT id, LPCWSTR name, DWORD share, DWORD protocols,
                          LPSCARDHANDLE out, LPDWORD active) {
    struct context *c = NULL;
    if (name == NULL || out == NULL || active == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    if (share != SCARD_SHARE_SHARED && share != SCARD_SHARE_EXCLUSIVE) {
        return SCARD_E_INVALID_VALUE;
    }
    enter();
    LONG rc = context_find(id, &c);
    return leave(rc == SCARD_S_SUCCESS
                     ? connect_to(c, name, share == SCARD_SHARE_EXCLUSIVE, protocols, out, active)
                     : rc);
}

static LONG reconnect(SCARDHANDLE id, DWORD protocols, DWORD how, DWORD *active) {
    struct link *l = NULL;
    LONG rc = link_find(id, &l);
    if (rc != SCARD_S_SUCCESS) {
        return rc;
    }
    l->reset = l->unpowered = false;
    rc = link_good(l);
    if (rc != SCARD_S_SUCCESS) {
        return rc;
    }
    link_leave(l, how);
    l->unpowered = false;
    return card_on(l->reader, protocols, active);
}

LONG WINAPI SCardReconnect(SCARDHANDLE id, DWORD share, DWORD protocols, DWORD how,
                           LPDWORD active) {
    DWORD unused = 0;
    if (share != SCARD_SHARE_SHARED) {
        return SCARD_E_INVALID_VALUE;
    }
    enter();
    return leave(reconnect(id, protocols, how, active != NULL ? active : &unused));
}

LONG WINAPI SCardDisconnect(SCARDHANDLE id, DWORD disposition) {
    struct link *l = NULL;
    enter();
    LONG rc = link_find(id, &l);
    if (rc == SCARD_S_SUCCESS) {
        link_end(l, disposition);
    }
    return leave(rc);
}

LONG WINAPI SCardBeginTransaction(SCARDHANDLE id) {
    struct link *l = NULL;
    enter();
    LONG rc = link_turn(id, &l);
    if (rc == SCARD_S_SUCCESS) {
        l->reader->holder = l;
        l->reader->depth++;
        l->reader->used_ms = GetTickCount64();
    }
    return leave(rc);
}

static LONG end_transaction(struct link *l, DWORD disposition) {
    struct reader *r = l->reader;
    LONG rc = link_good(l);
    if (rc == SCARD_S_SUCCESS && r->holder != l) {
        rc = SCARD_E_NOT_TRANSACTED;
    }
    if (rc != SCARD_S_SUCCESS) {
        return rc;
    }
    link_leave(l, disposition);
    if (--r->depth == 0) {
        r->holder = NULL;
        service_news();
    }
    return SCARD_S_SUCCESS;
}

LONG WINAPI SCardEndTransaction(SCARDHANDLE id, DWORD disposition) {
    struct link *l = NULL;
    enter();
    LONG rc = link_find(id, &l);
    return leave(rc == SCARD_S_SUCCESS ? end_transaction(l, disposition) : rc);
}

/* A card that says nothing: until it, or the service, is gone. */
static LONG wait_for_nothing(SCARDHANDLE id) {
    struct link *l = NULL;
    LONG rc = SCARD_S_SUCCESS;
    while (rc == SCARD_S_SUCCESS) {
        service_wait(LOOK_MS);
        rc = link_find(id, &l);
        rc = rc == SCARD_S_SUCCESS ? link_good(l) : rc;
    }
    return rc;
}

static LONG transmit(SCARDHANDLE id, const BYTE *tx, DWORD tx_len, BYTE *rx, DWORD *rx_len) {
    struct link *l = NULL;
    LONG rc = link_turn(id, &l);
    if (rc != SCARD_S_SUCCESS) {
        return rc;
    }
    switch (service_command(l->reader, tx, tx_len, rx, rx_len)) {
    case VCARD_OK:
        return SCARD_S_SUCCESS;
    case VCARD_REMOVED:
        return SCARD_W_REMOVED_CARD;
    case VCARD_UNPOWERED:
        return SCARD_W_UNPOWERED_CARD;
    case VCARD_SPACE:
        return SCARD_E_INSUFFICIENT_BUFFER;
    case VCARD_SILENT:
        return wait_for_nothing(id);
    default:
        return SCARD_E_COMM_DATA_LOST;
    }
}

LONG WINAPI SCardTransmit(SCARDHANDLE id, LPCSCARD_IO_REQUEST send, LPCBYTE tx, DWORD tx_len,
                          LPSCARD_IO_REQUEST receive, LPBYTE rx, LPDWORD rx_len) {
    (void)receive;
    if (send == NULL || tx == NULL || tx_len == 0 || rx == NULL || rx_len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    if (send->cbPciLength < sizeof *send || send->dwProtocol != SCARD_PROTOCOL_T1) {
        return SCARD_E_PROTO_MISMATCH;
    }
    enter();
    LONG rc = transmit(id, tx, tx_len, rx, rx_len);
    *rx_len = rc == SCARD_S_SUCCESS ? *rx_len : 0;
    return leave(rc);
}

LONG WINAPI SCardControl(SCARDHANDLE id, DWORD code, LPCVOID in, DWORD in_len, LPVOID out,
                         DWORD cap, LPDWORD got) {
    struct link *l = NULL;
    (void)in, (void)in_len;
    if (got == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    enter();
    *got = 0;
    LONG rc = link_turn(id, &l);
    return leave(rc == SCARD_S_SUCCESS ? features_control(code, out, cap, got) : rc);
}

LONG WINAPI SCardGetAttrib(SCARDHANDLE id, DWORD attribute, LPBYTE out, LPDWORD len) {
    struct link *l = NULL;
    if (len == NULL || out == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    enter();
    LONG rc = link_find(id, &l);
    rc = rc == SCARD_S_SUCCESS ? link_good(l) : rc;
    return leave(rc == SCARD_S_SUCCESS ? features_attribute(l->reader, attribute, out, len) : rc);
}
