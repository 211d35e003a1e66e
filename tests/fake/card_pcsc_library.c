#include "card_pcsc_library.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): pcsc-lite names them by type */
#include <winscard.h>

struct card_pcsc card_pcsc_state;

#define PNP "\\\\?PnP?\\Notification"

static void sleep_ms(long ms) {
    const struct timespec a_while = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&a_while, NULL);
}

static LONG ask(const char *call, unsigned long argument) {
    if (card_pcsc_state.slow_ms > 0) {
        sleep_ms(card_pcsc_state.slow_ms);
    }
    return card_pcsc_state.hook != NULL
               ? (LONG)card_pcsc_state.hook(card_pcsc_state.self, call, argument)
               : SCARD_S_SUCCESS;
}

LONG SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT context) {
    (void)a, (void)b;
    *context = 0x11;
    return ask("SCardEstablishContext", scope);
}

LONG SCardReleaseContext(SCARDCONTEXT context) {
    return context == 0x11 ? ask("SCardReleaseContext", 0) : SCARD_E_INVALID_HANDLE;
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD n) {
    (void)context, (void)groups;
    LONG rv = ask("SCardListReaders", *n);
    size_t at = 0;
    if (rv != SCARD_S_SUCCESS) {
        return rv;
    }
    for (size_t i = 0; i < CARD_PCSC_READERS && card_pcsc_state.readers[i] != NULL; i++) {
        size_t len = strlen(card_pcsc_state.readers[i]) + 1;
        memcpy(names + at, card_pcsc_state.readers[i], len);
        at += len;
    }
    names[at++] = '\0';
    *n = at;
    return at > 1 ? SCARD_S_SUCCESS : SCARD_E_NO_READERS_AVAILABLE;
}

static int find(const char *name) {
    for (int i = 0; i < CARD_PCSC_READERS && card_pcsc_state.readers[i] != NULL; i++) {
        if (strcmp(card_pcsc_state.readers[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static DWORD state_of(int i) {
    DWORD state = card_pcsc_state.present[i] ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
    state |= (card_pcsc_state.in_use ? SCARD_STATE_INUSE : 0) | card_pcsc_state.extra_state;
    return state | (DWORD)card_pcsc_state.events[i] << 16;
}

static void put_atr(SCARD_READERSTATE *at) {
    size_t says = card_pcsc_state.atr_says;
    at->cbAtr = says > 0 ? says : 2;
    memcpy(at->rgbAtr, "\x3B\x00", 2);
    if (card_pcsc_state.atr_empty) {
        at->cbAtr = 0;
    } else if (says > 0) {
        memcpy(at->rgbAtr, card_pcsc_state.atr,
               says < sizeof at->rgbAtr ? says : sizeof at->rgbAtr);
    }
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD ms, SCARD_READERSTATE *at, DWORD n) {
    (void)context;
    LONG rv = ask("SCardGetStatusChange", ms);
    bool changed = false;
    if (n > CARD_PCSC_READERS) {
        return SCARD_E_INVALID_PARAMETER;
    }
    for (DWORD k = 0; k < n && rv == SCARD_S_SUCCESS; k++) {
        int i = find(at[k].szReader);
        bool pnp = strcmp(at[k].szReader, PNP) == 0;
        if (i < 0 && (!pnp || card_pcsc_state.no_pnp)) {
            return SCARD_E_UNKNOWN_READER;
        }
        at[k].dwEventState = pnp ? 0 : state_of(i);
        bool differs =
            pnp ? card_pcsc_state.pnp_changed : at[k].dwEventState != at[k].dwCurrentState;
        at[k].dwEventState |= differs ? SCARD_STATE_CHANGED : 0;
        at[k].cbAtr = 0;
        if (!pnp && card_pcsc_state.present[i]) {
            put_atr(&at[k]);
        }
        changed = changed || differs;
    }
    return rv != SCARD_S_SUCCESS || changed ? rv : SCARD_E_TIMEOUT;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
                  LPSCARDHANDLE card, LPDWORD protocol) {
    (void)context, (void)protocols;
    *card = 0x22;
    *protocol = SCARD_PROTOCOL_T1;
    LONG rv = ask("SCardConnect", share);
    return rv == SCARD_S_SUCCESS && find(reader) < 0 ? SCARD_E_UNKNOWN_READER : rv;
}

LONG SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD init, LPDWORD protocol) {
    (void)card, (void)share, (void)protocols;
    while (card_pcsc_state.hang_reconnect) {
        sleep_ms(5);
    }
    *protocol = SCARD_PROTOCOL_T1;
    return ask("SCardReconnect", init);
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD leave) {
    (void)card;
    return ask("SCardDisconnect", leave);
}

LONG SCardBeginTransaction(SCARDHANDLE card) {
    (void)card;
    return ask("SCardBeginTransaction", 0);
}

LONG SCardEndTransaction(SCARDHANDLE card, DWORD leave) {
    (void)card;
    return ask("SCardEndTransaction", leave);
}

/* A driver reads what it was given when it gets round to it, which may be late. */
static void take(LPCBYTE tx, DWORD n) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* two of them may be let go at once */
    pthread_mutex_lock(&lock);
    card_pcsc_state.sent_at = tx;
    card_pcsc_state.sent_len = n < sizeof card_pcsc_state.sent ? n : sizeof card_pcsc_state.sent;
    if (card_pcsc_state.sent_len > 0) {
        memcpy(card_pcsc_state.sent, tx, card_pcsc_state.sent_len);
    }
    pthread_mutex_unlock(&lock);
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send, LPCBYTE tx, DWORD tx_len,
                   SCARD_IO_REQUEST *receive, LPBYTE rx, LPDWORD rx_len) {
    (void)card, (void)receive;
    LONG rv = ask("SCardTransmit", tx_len);
    take(tx, tx_len);
    if (rv != SCARD_S_SUCCESS) {
        return rv;
    }
    if (send->dwProtocol != SCARD_PROTOCOL_T1) {
        return SCARD_E_PROTO_MISMATCH;
    }
    if (*rx_len < card_pcsc_state.reply_len) {
        return SCARD_E_INSUFFICIENT_BUFFER;
    }
    memcpy(rx, card_pcsc_state.reply, card_pcsc_state.reply_len);
    *rx_len = card_pcsc_state.reply_len;
    return SCARD_S_SUCCESS;
}

LONG SCardControl(SCARDHANDLE card, DWORD code, LPCVOID tx, DWORD tx_len, LPVOID rx, DWORD cap,
                  LPDWORD rx_len) {
    (void)card;
    LONG rv = ask("SCardControl", code);
    take(tx, tx_len);
    for (size_t i = 0; i < 4 && rv == SCARD_S_SUCCESS; i++) {
        size_t n = card_pcsc_state.control[i].reply_len, says = card_pcsc_state.control[i].says;
        if (code != 0 && code == card_pcsc_state.control[i].code && n <= cap) {
            memcpy(rx, card_pcsc_state.control[i].reply, n);
            *rx_len = says > 0 ? says : n;
            return rv;
        }
    }
    return rv != SCARD_S_SUCCESS ? rv : SCARD_E_UNSUPPORTED_FEATURE;
}

LONG SCardGetAttrib(SCARDHANDLE card, DWORD id, LPBYTE rx, LPDWORD rx_len) {
    (void)card;
    LONG rv = ask("SCardGetAttrib", id);
    for (size_t i = 0; i < 4 && rv == SCARD_S_SUCCESS; i++) {
        size_t n = card_pcsc_state.attribute[i].reply_len, says = card_pcsc_state.attribute[i].says;
        if (id == card_pcsc_state.attribute[i].code && n <= *rx_len) {
            memcpy(rx, card_pcsc_state.attribute[i].reply, n);
            *rx_len = says > 0 ? says : n;
            return rv;
        }
    }
    return rv != SCARD_S_SUCCESS ? rv : SCARD_E_UNSUPPORTED_FEATURE;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
