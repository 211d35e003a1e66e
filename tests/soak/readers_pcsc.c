#include <string.h>
#include <time.h>

#include "readers_parts.h"

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): pcsc-lite names them by type */

LONG SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT context) {
    (void)scope, (void)a, (void)b;
    LONG rc = SCARD_E_NO_MEMORY;
    pthread_mutex_lock(&readers_lock);
    for (int i = 0; i < CONTEXTS_MAX && rc != SCARD_S_SUCCESS; i++) {
        if (!contexts[i]) {
            contexts[i] = true;
            *context = i + 1;
            rc = SCARD_S_SUCCESS;
        }
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardReleaseContext(SCARDCONTEXT context) {
    pthread_mutex_lock(&readers_lock);
    bool known = context > 0 && context <= CONTEXTS_MAX && contexts[context - 1];
    if (known) {
        contexts[context - 1] = false;
    }
    pthread_mutex_unlock(&readers_lock);
    return known ? SCARD_S_SUCCESS : SCARD_E_INVALID_HANDLE;
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD n) {
    (void)context, (void)groups;
    size_t at = 0;
    for (int i = 0; i < readers_n; i++) {
        size_t len = strlen(readers[i].name) + 1;
        memcpy(names + at, readers[i].name, len);
        at += len;
    }
    names[at++] = '\0';
    *n = at;
    return SCARD_S_SUCCESS;
}

static struct timespec after(DWORD ms) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    long nano = t.tv_nsec + (long)(ms % 1000) * 1000000;
    return (struct timespec){.tv_sec = t.tv_sec + (time_t)(ms / 1000) + nano / 1000000000,
                             .tv_nsec = nano % 1000000000};
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD ms, SCARD_READERSTATE *at, DWORD n) {
    (void)context;
    const struct timespec until = after(ms < 60000 ? ms : 60000);
    LONG rc = SCARD_S_SUCCESS;
    bool changed = false;
    pthread_mutex_lock(&readers_lock);
    for (bool late = false;;) {
        for (DWORD k = 0; k < n; k++) {
            changed = reader_look(&at[k], &rc) || changed;
        }
        if (changed || late || rc != SCARD_S_SUCCESS) {
            break;
        }
        late = ms == 0 || pthread_cond_timedwait(&readers_news, &readers_lock, &until) != 0;
    }
    pthread_mutex_unlock(&readers_lock);
    return rc != SCARD_S_SUCCESS || changed ? rc : SCARD_E_TIMEOUT;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
                  LPSCARDHANDLE card, LPDWORD protocol) {
    (void)context, (void)share, (void)protocols;
    pthread_mutex_lock(&readers_lock);
    struct reader *r = reader_find(reader);
    LONG rc = r == NULL    ? SCARD_E_UNKNOWN_READER
              : !r->placed ? SCARD_W_REMOVED_CARD
                           : SCARD_E_NO_MEMORY;
    for (int i = 0; i < LINKS_MAX && rc == SCARD_E_NO_MEMORY; i++) {
        if (links[i].reader == NULL) {
            links[i] = (struct link){.reader = r, .moves = r->moves};
            *card = i + 1;
            *protocol = SCARD_PROTOCOL_T1;
            rc = SCARD_S_SUCCESS;
        }
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD init, LPDWORD protocol) {
    (void)share, (void)protocols;
    LONG rc = SCARD_S_SUCCESS;
    pthread_mutex_lock(&readers_lock);
    struct link *l = link_usable(card, &rc);
    if (rc == SCARD_W_RESET_CARD) {
        l = &links[card - 1];
        l->reset = false;
        rc = SCARD_S_SUCCESS;
    }
    if (l != NULL) {
        link_leave(l, init);
        *protocol = SCARD_PROTOCOL_T1;
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD disposition) {
    LONG rc = SCARD_E_INVALID_HANDLE;
    pthread_mutex_lock(&readers_lock);
    if (card > 0 && card <= LINKS_MAX && links[card - 1].reader != NULL) {
        struct link *l = &links[card - 1];
        link_leave(l, disposition);
        link_let_go(l);
        *l = (struct link){0};
        rc = SCARD_S_SUCCESS;
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardBeginTransaction(SCARDHANDLE card) {
    LONG rc = SCARD_S_SUCCESS;
    pthread_mutex_lock(&readers_lock);
    struct link *l = link_usable(card, &rc);
    while (l != NULL && l->reader->holder != NULL && l->reader->holder != l) {
        pthread_cond_wait(&readers_news, &readers_lock);
        l = link_usable(card, &rc);
    }
    if (l != NULL) {
        l->reader->holder = l;
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardEndTransaction(SCARDHANDLE card, DWORD disposition) {
    LONG rc = SCARD_S_SUCCESS;
    pthread_mutex_lock(&readers_lock);
    struct link *l = link_usable(card, &rc);
    if (rc != SCARD_E_INVALID_HANDLE) {
        link_let_go(&links[card - 1]);
    }
    if (l != NULL) {
        link_leave(l, disposition);
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send, LPCBYTE tx, DWORD tx_len,
                   SCARD_IO_REQUEST *receive, LPBYTE rx, LPDWORD rx_len) {
    (void)send, (void)receive;
    LONG rc = SCARD_S_SUCCESS;
    pthread_mutex_lock(&readers_lock);
    struct link *l = link_usable(card, &rc);
    while (l != NULL && l->reader->holder != NULL && l->reader->holder != l) {
        pthread_cond_wait(&readers_news, &readers_lock);
        l = link_usable(card, &rc);
    }
    if (l != NULL) {
        size_t n = 0;
        int said = vcard_transmit(l->reader->card, tx, tx_len, rx, *rx_len, &n);
        *rx_len = n;
        if (said == VCARD_REMOVED) {
            reader_move(l->reader, false);
        }
        rc = said == VCARD_OK        ? SCARD_S_SUCCESS
             : said == VCARD_REMOVED ? SCARD_W_REMOVED_CARD
                                     : SCARD_E_NOT_TRANSACTED;
    }
    pthread_mutex_unlock(&readers_lock);
    return rc;
}

LONG SCardControl(SCARDHANDLE card, DWORD code, LPCVOID tx, DWORD tx_len, LPVOID rx, DWORD cap,
                  LPDWORD rx_len) {
    (void)card, (void)code, (void)tx, (void)tx_len, (void)rx, (void)cap, (void)rx_len;
    return SCARD_E_UNSUPPORTED_FEATURE;
}

LONG SCardGetAttrib(SCARDHANDLE card, DWORD id, LPBYTE rx, LPDWORD rx_len) {
    (void)card, (void)id, (void)rx, (void)rx_len;
    return SCARD_E_UNSUPPORTED_FEATURE;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
