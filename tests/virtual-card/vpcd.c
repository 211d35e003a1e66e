#define _GNU_SOURCE
#include "vpcd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { CTRL_OFF = 0, CTRL_ON = 1, CTRL_RESET = 2, CTRL_ATR = 4 };

void vpcd_ack_quickly(int fd) {
#ifdef TCP_QUICKACK
    int one = 1;

    (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
#else
    (void)fd;
#endif
}

static void set_options(int fd) {
    /* A peer that stops in the middle of a message must not hold the card for ever. */
    struct timeval tv = {5, 0};
    int one = 1;

    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
}

static int connect_once(const struct addrinfo *list) {
    const struct addrinfo *ai;

    for (ai = list; ai != NULL; ai = ai->ai_next) {
        int fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC, ai->ai_protocol);

        if (fd < 0) {
            continue;
        }
        if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0) {
            set_options(fd);
            return fd;
        }
        (void)close(fd);
    }
    return -1;
}

int vpcd_connect(const char *host, const char *port, int wait_s, int (*stopped)(void *),
                 void *self) {
    const struct timespec pause = {0, 50 * 1000000L};
    struct addrinfo hints, *list = NULL;
    int fd, left = wait_s * 20;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &list) != 0) {
        return -1;
    }
    while ((fd = connect_once(list)) < 0 && left-- > 0 && !stopped(self)) {
        (void)nanosleep(&pause, NULL);
    }
    freeaddrinfo(list);
    return fd;
}

static int receive(int fd, uint8_t *p, size_t len) {
    while (len > 0) {
        ssize_t n;

        vpcd_ack_quickly(fd);
        n = recv(fd, p, len, 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return -1;
        }
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

/* `message` has two free bytes in front of the data, so that length and data leave in one segment. */
static int answer(int fd, uint8_t *message, size_t len) {
    size_t at = 0;

    message[0] = (uint8_t)(len >> 8);
    message[1] = (uint8_t)(len & 0xFF);
    len += 2;
    while (at < len) {
        ssize_t n = send(fd, message + at, len - at, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return VPCD_CLOSED;
        }
        at += (size_t)n;
    }
    return VPCD_SERVED;
}

static int control(int fd, struct vcard *card, uint8_t code, uint8_t *message) {
    const uint8_t *atr;
    size_t len;

    switch (code) {
    case CTRL_OFF:
        vcard_power_off(card);
        return VPCD_SERVED;
    case CTRL_ON:
        vcard_power_on(card);
        return VPCD_SERVED;
    case CTRL_RESET:
        vcard_reset(card);
        return VPCD_SERVED;
    case CTRL_ATR:
        atr = vcard_atr(card, &len);
        memcpy(message + 2, atr, len);
        return answer(fd, message, len);
    default:
        return VPCD_CLOSED;
    }
}

static int command(int fd, struct vcard *card, const uint8_t *tx, size_t tx_len, uint8_t *message) {
    size_t len;
    int rc = vcard_transmit(card, tx, tx_len, message + 2, VCARD_MAX_ANSWER, &len);

    if (rc == VCARD_OK) {
        return answer(fd, message, len);
    }
    if (rc == VCARD_SILENT) {
        return VPCD_SILENT;
    }
    return rc == VCARD_REMOVED ? VPCD_REMOVED : VPCD_CLOSED;
}

int vpcd_serve(int fd, struct vcard *card) {
    uint8_t head[2], tx[65535], message[2 + VCARD_MAX_ANSWER];
    size_t len;
    int rc;

    if (receive(fd, head, sizeof head) != 0) {
        return VPCD_CLOSED;
    }
    len = ((size_t)head[0] << 8) | head[1];
    if (len == 0 || receive(fd, tx, len) != 0) {
        return VPCD_CLOSED;
    }
    rc = len == 1 ? control(fd, card, tx[0], message) : command(fd, card, tx, len, message);
    explicit_bzero(tx, len);
    return rc;
}
