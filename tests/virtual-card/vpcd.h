/* The virtual reader's side of the card: vpcd is the TCP server, the card is its client. */
#ifndef VIRTUAL_CARD_VPCD_H
#define VIRTUAL_CARD_VPCD_H

#include "virtual_card.h"

/* Retries for wait_s seconds; `stopped` may end it early. A socket, or -1. */
int vpcd_connect(const char *host, const char *port, int wait_s, int (*stopped)(void *),
                 void *self);

/* Before every wait for data: driver 0.8 sends length and data apart and Nagle holds the second part
 * until the first is acknowledged, 44 ms later with a delayed ACK. */
void vpcd_ack_quickly(int fd);

enum vpcd_result {
    VPCD_SERVED = 0,
    VPCD_CLOSED = -1,  /* the reader hung up or broke the protocol */
    VPCD_REMOVED = -2, /* the card left the field: close the socket */
    VPCD_SILENT = -3   /* the card will never answer: leave the socket open and unread */
};

/* Reads one message and answers it. Call when the socket is readable. */
int vpcd_serve(int fd, struct vcard *card);

#endif
