#include "pcsc_table.h"

#ifdef _WIN32
#include <windows.h>
#endif
#include <winscard.h>

#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "shikaku/codes.h"
#include "text.h"

/* Windows speaks of readers in UTF-16 and has its own calling convention; pcsc-lite hands out bytes. */
#ifdef _WIN32
#define CALL            WINAPI
#define SYSTEM_PCSC     "winscard.dll"
#define TEXT_NAME(fn)   fn "W"
#define WAIT_SHOWS_MS   20
#define CONTROL_CODE(n) SCARD_CTL_CODE(n)
typedef WCHAR native_char;
typedef SCARD_READERSTATEW native_state;
#else
#define CALL
#define SYSTEM_PCSC     "libpcsclite.so.1"
#define TEXT_NAME(fn)   fn
#define WAIT_SHOWS_MS   80
#define CONTROL_CODE(n) (0x42000000u + (n)) /* as in its reader.h */
typedef char native_char;
typedef SCARD_READERSTATE native_state;
#endif

#define LIST_UNITS (READER_LIST_MAX * READER_NAME_MAX + 1)

struct pcsc {
    void *library;
    LONG(CALL *establish)(DWORD, LPCVOID, LPCVOID, SCARDCONTEXT *);
    LONG(CALL *release)(SCARDCONTEXT);
    LONG(CALL *list)(SCARDCONTEXT, const native_char *, native_char *, DWORD *);
    LONG(CALL *status_change)(SCARDCONTEXT, DWORD, native_state *, DWORD);
    LONG(CALL *connect)
    (SCARDCONTEXT, const native_char *, DWORD, DWORD, SCARDHANDLE *, DWORD *);
    LONG(CALL *reconnect)(SCARDHANDLE, DWORD, DWORD, DWORD, DWORD *);
    LONG(CALL *disconnect)(SCARDHANDLE, DWORD);
    LONG(CALL *begin)(SCARDHANDLE);
    LONG(CALL *end)(SCARDHANDLE, DWORD);
    LONG(CALL *transmit)
    (SCARDHANDLE, const SCARD_IO_REQUEST *, const BYTE *, DWORD, SCARD_IO_REQUEST *, BYTE *,
     DWORD *);
    LONG(CALL *control)(SCARDHANDLE, DWORD, LPCVOID, DWORD, LPVOID, DWORD, DWORD *);
    LONG(CALL *attribute)(SCARDHANDLE, DWORD, BYTE *, DWORD *);
};

#define NOT_THERE ((LONG)(int32_t)PCSC_INTERNAL)

static LONG CALL no_establish(DWORD scope, LPCVOID a, LPCVOID b, SCARDCONTEXT *context) {
    (void)scope, (void)a, (void)b, (void)context;
    return NOT_THERE;
}
static LONG CALL no_release(SCARDCONTEXT context) {
    (void)context;
    return NOT_THERE;
}
static LONG CALL no_list(SCARDCONTEXT context, const native_char *groups, native_char *names,
                         DWORD *n) {
    (void)context, (void)groups, (void)names, (void)n;
    return NOT_THERE;
}
static LONG CALL no_status_change(SCARDCONTEXT context, DWORD ms, native_state *at, DWORD n) {
    (void)context, (void)ms, (void)at, (void)n;
    return NOT_THERE;
}
static LONG CALL no_connect(SCARDCONTEXT context, const native_char *reader, DWORD share,
                            DWORD protocols, SCARDHANDLE *card, DWORD *protocol) {
    (void)context, (void)reader, (void)share, (void)protocols, (void)card, (void)protocol;
    return NOT_THERE;
}
static LONG CALL no_reconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD init,
                              DWORD *protocol) {
    (void)card, (void)share, (void)protocols, (void)init, (void)protocol;
    return NOT_THERE;
}
static LONG CALL no_disconnect(SCARDHANDLE card, DWORD leave) {
    (void)card, (void)leave;
    return NOT_THERE;
}
static LONG CALL no_begin(SCARDHANDLE card) {
    (void)card;
    return NOT_THERE;
}
static LONG CALL no_transmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send, const BYTE *tx,
                             DWORD tx_len, SCARD_IO_REQUEST *receive, BYTE *rx, DWORD *rx_len) {
    (void)card, (void)send, (void)tx, (void)tx_len, (void)receive, (void)rx, (void)rx_len;
    return NOT_THERE;
}
static LONG CALL no_control(SCARDHANDLE card, DWORD code, LPCVOID tx, DWORD tx_len, LPVOID rx,
                            DWORD cap, DWORD *rx_len) {
    (void)card, (void)code, (void)tx, (void)tx_len, (void)rx, (void)cap, (void)rx_len;
    return NOT_THERE;
}
static LONG CALL no_attribute(SCARDHANDLE card, DWORD id, BYTE *rx, DWORD *rx_len) {
    (void)card, (void)id, (void)rx, (void)rx_len;
    return NOT_THERE;
}

static const struct pcsc stubs = {
    NULL,        no_establish, no_release,    no_list,  no_status_change,
    no_connect,  no_reconnect, no_disconnect, no_begin, no_disconnect,
    no_transmit, no_control,   no_attribute,
};

static void find_all(struct pcsc *p) {
    library_find(p->library, "SCardEstablishContext", &p->establish);
    library_find(p->library, "SCardReleaseContext", &p->release);
    library_find(p->library, TEXT_NAME("SCardListReaders"), &p->list);
    library_find(p->library, TEXT_NAME("SCardGetStatusChange"), &p->status_change);
    library_find(p->library, TEXT_NAME("SCardConnect"), &p->connect);
    library_find(p->library, "SCardReconnect", &p->reconnect);
    library_find(p->library, "SCardDisconnect", &p->disconnect);
    library_find(p->library, "SCardBeginTransaction", &p->begin);
    library_find(p->library, "SCardEndTransaction", &p->end);
    library_find(p->library, "SCardTransmit", &p->transmit);
    library_find(p->library, "SCardControl", &p->control);
    library_find(p->library, "SCardGetAttrib", &p->attribute);
}

int32_t pcsc_open(const char *library, struct pcsc **out) {
    *out = NULL;
    struct pcsc *p = malloc(sizeof *p);
    if (p == NULL) {
        return SHK_E_MEMORY;
    }
    *p = stubs;
    p->library = library_open(library != NULL ? library : SYSTEM_PCSC);
    if (p->library == NULL) {
        free(p);
        return SHK_E_NO_PCSC;
    }
    find_all(p);
    *out = p;
    return SHK_OK;
}

void pcsc_close(struct pcsc **pcsc) {
    if (*pcsc != NULL) {
        library_close((*pcsc)->library);
        free(*pcsc);
        *pcsc = NULL;
    }
}

/* LONG has 64 bits with pcsc-lite and 32 on Windows; the code is always in the lower 32. */
static uint32_t code_of(LONG rv) {
    return (uint32_t)((unsigned long)rv & 0xFFFFFFFFu);
}

#ifdef _WIN32

static size_t native_length(const native_char *text) {
    return wcslen(text);
}

static bool to_native(const char *text, native_char *out, size_t cap) {
    return MultiByteToWideChar(CP_UTF8, 0, text, -1, out, (int)cap) > 0;
}

static bool from_native(const native_char *text, char *out, size_t cap) {
    return WideCharToMultiByte(CP_UTF8, 0, text, -1, out, (int)cap, NULL, NULL) > 0;
}

#else

static size_t native_length(const native_char *text) {
    return strlen(text);
}

static bool to_native(const char *text, native_char *out, size_t cap) {
    return text_copy(out, cap, text) < cap;
}

static bool from_native(const native_char *text, char *out, size_t cap) {
    return utf8_valid(text, strlen(text)) && text_copy(out, cap, text) < cap;
}

#endif

uint32_t pcsc_establish(struct pcsc *p, pcsc_handle *context) {
    SCARDCONTEXT made = 0;
    uint32_t rv = code_of(p->establish(SCARD_SCOPE_USER, NULL, NULL, &made));
    *context = (pcsc_handle)made;
    return rv;
}

void pcsc_release(struct pcsc *p, pcsc_handle context) {
    (void)p->release((SCARDCONTEXT)context);
}

static void take_names(const native_char *names, const native_char *end, struct reader_list *list) {
    while (names < end && *names != 0 && list->n < READER_LIST_MAX) {
        if (from_native(names, list->at[list->n].name, READER_NAME_MAX)) {
            list->n++;
        }
        names += native_length(names) + 1;
    }
}

uint32_t pcsc_readers(struct pcsc *p, pcsc_handle context, struct reader_list *list) {
    memset(list, 0, sizeof *list);
    native_char *names = calloc(LIST_UNITS + 2, sizeof *names);
    if (names == NULL) {
        return PCSC_NO_MEMORY;
    }
    DWORD n = LIST_UNITS;
    uint32_t rv = code_of(p->list((SCARDCONTEXT)context, NULL, names, &n));
    if (rv == PCSC_OK) {
        take_names(names, names + LIST_UNITS, list);
    }
    free(names);
    return rv;
}

static void take_state(const native_state *from, struct pcsc_watch *to) {
    to->event = (uint32_t)from->dwEventState;
    to->atr_len =
        from->cbAtr <= ATR_MAX && from->cbAtr <= sizeof from->rgbAtr ? (size_t)from->cbAtr : 0;
    memcpy(to->atr, from->rgbAtr, to->atr_len);
}

uint32_t pcsc_wait(struct pcsc *p, pcsc_handle context, uint32_t ms, struct pcsc_watch *at,
                   size_t n) {
    native_state state[READER_LIST_MAX + 1];
    native_char name[READER_LIST_MAX + 1][READER_NAME_MAX];
    memset(state, 0, sizeof state);
    if (n > READER_LIST_MAX + 1) {
        return PCSC_INTERNAL;
    }
    for (size_t i = 0; i < n; i++) {
        if (!to_native(at[i].name, name[i], READER_NAME_MAX)) {
            return PCSC_UNKNOWN_READER;
        }
        state[i].szReader = name[i];
        state[i].dwCurrentState = at[i].current;
    }
    uint32_t rv = code_of(p->status_change((SCARDCONTEXT)context, ms, state, (DWORD)n));
    for (size_t i = 0; i < n && rv == PCSC_OK; i++) {
        take_state(&state[i], &at[i]);
    }
    return rv;
}

uint32_t pcsc_connect(struct pcsc *p, pcsc_handle context, const char *reader, pcsc_handle *card,
                      uint32_t *protocol) {
    native_char name[READER_NAME_MAX];
    SCARDHANDLE made = 0;
    DWORD active = 0;
    if (!to_native(reader, name, READER_NAME_MAX)) {
        return PCSC_UNKNOWN_READER;
    }
    uint32_t rv = code_of(p->connect((SCARDCONTEXT)context, name, SCARD_SHARE_SHARED,
                                     SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &made, &active));
    *card = (pcsc_handle)made;
    *protocol = (uint32_t)active;
    return rv;
}

uint32_t pcsc_reconnect(struct pcsc *p, pcsc_handle card, uint32_t *protocol) {
    DWORD active = 0;
    uint32_t rv =
        code_of(p->reconnect((SCARDHANDLE)card, SCARD_SHARE_SHARED,
                             SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &active));
    *protocol = (uint32_t)active;
    return rv;
}

static DWORD disposition(enum pcsc_leave leave) {
    return leave == PCSC_UNPOWER_CARD ? SCARD_UNPOWER_CARD : SCARD_LEAVE_CARD;
}

uint32_t pcsc_disconnect(struct pcsc *p, pcsc_handle card, enum pcsc_leave leave) {
    return code_of(p->disconnect((SCARDHANDLE)card, disposition(leave)));
}

uint32_t pcsc_begin(struct pcsc *p, pcsc_handle card) {
    return code_of(p->begin((SCARDHANDLE)card));
}

int32_t pcsc_wait_shows_ms(void) {
    return WAIT_SHOWS_MS;
}

uint32_t pcsc_end(struct pcsc *p, pcsc_handle card, enum pcsc_leave leave) {
    return code_of(p->end((SCARDHANDLE)card, disposition(leave)));
}

/* A length above the room would be an answer that was never written. */
static size_t length_of(uint32_t rv, DWORD received, size_t room) {
    return rv == PCSC_OK && received <= room ? (size_t)received : 0;
}

uint32_t pcsc_transmit(struct pcsc *p, pcsc_handle card, uint32_t protocol, const uint8_t *tx,
                       size_t tx_len, uint8_t *rx, size_t *rx_len) {
    SCARD_IO_REQUEST send = {0};
    send.dwProtocol = protocol;
    send.cbPciLength = sizeof send;
    DWORD received = (DWORD)*rx_len;
    uint32_t rv =
        code_of(p->transmit((SCARDHANDLE)card, &send, tx, (DWORD)tx_len, NULL, rx, &received));
    *rx_len = length_of(rv, received, *rx_len);
    return rv;
}

uint32_t pcsc_feature_request(void) {
    return (uint32_t)CONTROL_CODE(3400);
}

uint32_t pcsc_control(struct pcsc *p, pcsc_handle card, uint32_t code, const uint8_t *tx,
                      size_t tx_len, uint8_t *rx, size_t *rx_len) {
    DWORD received = 0;
    uint32_t rv = code_of(
        p->control((SCARDHANDLE)card, code, tx, (DWORD)tx_len, rx, (DWORD)*rx_len, &received));
    *rx_len = length_of(rv, received, *rx_len);
    return rv;
}

uint32_t pcsc_attribute(struct pcsc *p, pcsc_handle card, uint32_t id, uint8_t *rx,
                        size_t *rx_len) {
    DWORD received = (DWORD)*rx_len;
    uint32_t rv = code_of(p->attribute((SCARDHANDLE)card, id, rx, &received));
    *rx_len = length_of(rv, received, *rx_len);
    return rv;
}
