/* What the readers and their PC/SC library share. All of it under readers_lock. */
#ifndef SOAK_READERS_PARTS_H
#define SOAK_READERS_PARTS_H

#include <pthread.h>
#include <winscard.h>

#include "readers.h"
#include "virtual_card.h"

#define LINKS_MAX    256
#define CONTEXTS_MAX 256

struct reader {
    char name[24];
    struct vcard *card;
    bool placed;
    uint32_t moves;
    struct link *holder; /* of a transaction */
};

/* What SCardConnect gives. */
struct link {
    struct reader *reader; /* null: free */
    uint32_t moves;
    bool reset;
};

extern pthread_mutex_t readers_lock;
extern pthread_cond_t readers_news;
extern struct reader readers[SOAK_READERS_MAX];
extern int readers_n;
extern struct link links[LINKS_MAX];
extern bool contexts[CONTEXTS_MAX];

struct reader *reader_find(const char *name);
/* The card is laid there or taken away. */
void reader_move(struct reader *r, bool placed);
/* What is to be said of one reader, and in *rc why that cannot be; whether it is news to who asks. */
bool reader_look(SCARD_READERSTATE *at, LONG *rc);
/* Null, and why in *rc, when nothing can be sent over it now. */
struct link *link_usable(SCARDHANDLE card, LONG *rc);
/* As pcscd: a card that is left otherwise than as it is tells the other programs. */
void link_leave(struct link *l, DWORD disposition);
void link_let_go(struct link *l);

#endif
