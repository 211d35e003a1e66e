/* What stands for the smart card service of Windows: readers and cards, as a folder has them.
 *
 * The environment variable SHIKAKU_WINSCARD names the folder. In it
 *   readers     one reader a line, in UTF-8; an empty line is a reader that was pulled out
 *   card-0 …    lies on the reader of that line while the file is there; in it: the card's profile, an ASCII path
 *   no-service  while it is there, the service does not run
 *   trace       written here: a line for each command, as virtual-card --trace has it
 *   error       written here: why a card could not be made
 *
 * Everything below is called with the lock held. It is let go of while something is waited for. */
#ifndef WINSCARD_SERVICE_H
#define WINSCARD_SERVICE_H

#include <windows.h>
#include <winscard.h>

#include <stdbool.h>
#include <stdint.h>

#include "virtual_card.h"

#define READERS_MAX 8
#define NAME_MAX    128
#define IDLE_MS     5000 /* Windows resets a card whose transaction is idle for longer */
#define LOOK_MS     50

struct link;

struct reader {
    wchar_t name[NAME_MAX]; /* empty: none */
    char profile[MAX_PATH]; /* of the card that lies there */
    struct vcard *card;
    bool removed;       /* the card left by itself; its file is there still */
    bool busy, leaving; /* a command runs; the card is taken away under it */
    uint16_t moves;     /* cards that came and went */
    bool powered;
    struct link *holder; /* of the transaction */
    int depth;
    ULONGLONG used_ms;
    int links;
    bool exclusive;
};

extern struct reader readers[READERS_MAX];
extern bool service_runs;

void service_lock(void);
void service_unlock(void);
/* Looks at the folder, unless that was done a moment ago. */
void service_look(void);
/* Waits a moment for news, at most ms. */
void service_wait(DWORD ms);
/* Wakes all who wait. */
void service_news(void);

struct reader *service_reader(const wchar_t *name);
DWORD service_plugged(void);
/* SCARD_STATE_… with the count of moves in the upper half. */
DWORD service_state(const struct reader *r);
/* An answer of vcard_transmit. */
int service_command(struct reader *r, const BYTE *tx, DWORD tx_len, BYTE *rx, DWORD *rx_len);

/* What a reader says of itself: features.c. */
LONG features_control(DWORD code, BYTE *out, DWORD cap, DWORD *got);
LONG features_attribute(const struct reader *r, DWORD id, BYTE *out, DWORD *len);

/* Handles: handles.c. Numbers as Windows gives them for what is no handle. */
struct context {
    SCARDCONTEXT id;
    bool waits, cancelled;
};

struct link {
    SCARDHANDLE id;
    struct context *context;
    struct reader *reader;
    uint16_t moves; /* of the reader when it was made */
    bool reset, unpowered;
};

LONG context_new(SCARDCONTEXT *out);
LONG context_find(SCARDCONTEXT id, struct context **out);
void context_end(struct context *c);
/* The service ended, and every handle with it. */
void contexts_drop(void);

LONG link_new(struct context *c, struct reader *r, bool exclusive, SCARDHANDLE *out);
LONG link_find(SCARDHANDLE id, struct link **out);
/* SCARD_S_SUCCESS, or why the card cannot be used. */
LONG link_good(const struct link *l);
/* Waits until nobody else has the card in a transaction. */
LONG link_turn(SCARDHANDLE id, struct link **out);
/* Everybody but `but` finds the card reset; null: everybody. */
void links_reset(const struct reader *r, const struct link *but);
void link_leave(struct link *l, DWORD disposition);
void link_end(struct link *l, DWORD disposition);

#endif
