#include "readers_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "Reader %d"
#define PNP  "\\\\?PnP?\\Notification"

pthread_mutex_t readers_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t readers_news = PTHREAD_COND_INITIALIZER;
struct reader readers[SOAK_READERS_MAX];
int readers_n;
struct link links[LINKS_MAX];
bool contexts[CONTEXTS_MAX];

bool readers_make(const char *profile, int n) {
    for (readers_n = 0; readers_n < n && readers_n < SOAK_READERS_MAX; readers_n++) {
        struct reader *r = &readers[readers_n];
        char why[200] = "";
        (void)snprintf(r->name, sizeof r->name, NAME, readers_n);
        r->card = vcard_new(profile, why, sizeof why);
        if (r->card == NULL || vcard_set_state(r->card, NULL) != 0) {
            fprintf(stderr, "%s\n", why);
            return false;
        }
        vcard_remove(r->card);
    }
    return true;
}

void readers_free(void) {
    for (int i = 0; i < readers_n; i++) {
        vcard_free(readers[i].card);
    }
}

void reader_move(struct reader *r, bool placed) {
    if (placed == r->placed) {
        return;
    }
    r->placed = placed;
    r->moves++;
    if (placed) {
        vcard_insert(r->card);
        vcard_power_on(r->card);
    } else {
        vcard_remove(r->card);
    }
    pthread_cond_broadcast(&readers_news);
}

void readers_place(int reader, bool placed) {
    pthread_mutex_lock(&readers_lock);
    reader_move(&readers[reader], placed);
    pthread_mutex_unlock(&readers_lock);
}

void readers_remove_at(int reader, uint32_t command) {
    pthread_mutex_lock(&readers_lock);
    struct reader *r = &readers[reader];
    vcard_remove_at(r->card, command > 0 ? vcard_apdu_count(r->card) + command : 0);
    pthread_mutex_unlock(&readers_lock);
}

int readers_tries(int reader) {
    pthread_mutex_lock(&readers_lock);
    int tries = vcard_pin_tries(readers[reader].card);
    pthread_mutex_unlock(&readers_lock);
    return tries;
}

int readers_open_handles(void) {
    int open = 0;
    pthread_mutex_lock(&readers_lock);
    for (int i = 0; i < CONTEXTS_MAX; i++) {
        open += contexts[i] ? 1 : 0;
    }
    for (int i = 0; i < LINKS_MAX; i++) {
        open += links[i].reader != NULL ? 1 : 0;
    }
    pthread_mutex_unlock(&readers_lock);
    return open;
}

struct reader *reader_find(const char *name) {
    for (int i = 0; i < readers_n; i++) {
        if (strcmp(readers[i].name, name) == 0) {
            return &readers[i];
        }
    }
    return NULL;
}

bool reader_look(SCARD_READERSTATE *at, LONG *rc) {
    const struct reader *r = reader_find(at->szReader);
    size_t n = 0;
    at->cbAtr = 0;
    if (r == NULL) {
        at->dwEventState = 0;
        *rc = strcmp(at->szReader, PNP) == 0 ? *rc : SCARD_E_UNKNOWN_READER;
        return false;
    }
    DWORD state = (r->placed ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY) | (DWORD)r->moves % 0x10000
                                                                              << 16;
    if (r->placed) {
        const uint8_t *atr = vcard_atr(r->card, &n);
        memcpy(at->rgbAtr, atr, n);
        at->cbAtr = n;
    }
    bool differs = (at->dwCurrentState & ~(DWORD)SCARD_STATE_CHANGED) != state;
    at->dwEventState = state | (differs ? SCARD_STATE_CHANGED : 0);
    return differs;
}

struct link *link_usable(SCARDHANDLE card, LONG *rc) {
    struct link *l = card > 0 && card <= LINKS_MAX ? &links[card - 1] : NULL;
    if (l == NULL || l->reader == NULL) {
        *rc = SCARD_E_INVALID_HANDLE;
        return NULL;
    }
    *rc = !l->reader->placed || l->moves != l->reader->moves ? SCARD_W_REMOVED_CARD
          : l->reset                                         ? SCARD_W_RESET_CARD
                                                             : SCARD_S_SUCCESS;
    return *rc == SCARD_S_SUCCESS ? l : NULL;
}

void link_leave(struct link *l, DWORD disposition) {
    if (!l->reader->placed || l->moves != l->reader->moves || disposition == SCARD_LEAVE_CARD) {
        return;
    }
    for (int i = 0; i < LINKS_MAX; i++) {
        links[i].reset = links[i].reset || (links[i].reader == l->reader && &links[i] != l);
    }
    if (disposition == SCARD_UNPOWER_CARD) {
        vcard_power_off(l->reader->card);
        vcard_power_on(l->reader->card);
    } else {
        vcard_reset(l->reader->card);
    }
}

void link_let_go(struct link *l) {
    if (l->reader->holder == l) {
        l->reader->holder = NULL;
        pthread_cond_broadcast(&readers_news);
    }
}
