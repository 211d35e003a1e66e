#include "http_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fault.h"

#define SHOWN __attribute__((visibility("default")))

static struct wire *wire; /* null: the calls are the system's */

static void hang_up(struct wire *w) {
    if (w->other >= 0) {
        close(w->other);
    }
    w->own = w->other = -1;
}

void wire_begin(struct wire *w) {
    w->own = w->other = -1;
    wire = w;
}

void wire_end(struct wire *w) {
    wire = NULL;
    hang_up(w);
    bytes_clear(&w->fed);
    bytes_clear(&w->sent);
}

static void say(struct wire *w, struct fuzz_input piece) {
    if (piece.n == 0 || w->fed.n + piece.n > WIRE_FED_MAX) {
        return;
    }
    ssize_t n = write(w->other, piece.p, piece.n);
    if (n > 0) {
        fuzz_must(bytes_append(&w->fed, piece.p, (size_t)n) == SHK_OK, "no memory");
    }
}

static void say_next(struct wire *w) {
    struct fuzz_input piece = fuzz_piece(&w->say);
    bool last = w->say.n == 0;
    for (uint32_t i = 0; i <= (last ? w->again : 0); i++) {
        say(w, piece);
    }
    w->again = last ? 0 : w->again;
    if (last && !w->stays) {
        shutdown(w->other, SHUT_WR);
    }
}

void wire_waits(int fd) {
    char one;
    fuzz_faults(false);
    if (wire != NULL && fd == wire->own && recvfrom(fd, &one, 1, MSG_PEEK, NULL, NULL) < 0 &&
        !(wire->stays && wire->say.n == 0)) {
        say_next(wire);
    }
    fuzz_faults(true);
}

/* Without memory for a proxy's port libcurl takes 1080; never another host. */
static bool is_place(const struct wire *w, const struct sockaddr *to) {
    const struct sockaddr_in *place = (const struct sockaddr_in *)(const void *)to;
    return to->sa_family == AF_INET && place->sin_addr.s_addr == htonl(INADDR_LOOPBACK) &&
           (place->sin_port == htons(w->port) || fuzz_failed());
}

static int connect_here(struct wire *w, int fd) {
    int pair[2];
    hang_up(w);
    fuzz_must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 &&
                  fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0 &&
                  fcntl(pair[1], F_SETFL, O_NONBLOCK) == 0,
              "no sockets");
    fuzz_must(dup2(pair[0], fd) == fd, "no socket");
    close(pair[0]);
    w->own = fd;
    w->other = pair[1];
    return 0;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
SHOWN int connect(int fd, const struct sockaddr *to, socklen_t n) {
    (void)n;
    if (wire == NULL || to->sa_family == AF_UNIX || !is_place(wire, to)) {
        if (wire != NULL) {
            wire->elsewhere = wire->elsewhere || to->sa_family != AF_UNIX;
        }
        errno = ECONNREFUSED;
        return -1;
    }
    fuzz_faults(false);
    wire->connects++;
    int rc = connect_here(wire, fd);
    fuzz_faults(true);
    return rc;
}

static bool begins_request(const void *p, size_t n) {
    return (n > 5 && memcmp(p, "POST ", 5) == 0) || (n > 4 && memcmp(p, "GET ", 4) == 0);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
SHOWN ssize_t send(int fd, const void *p, size_t n, int flags) {
    ssize_t sent = sendto(fd, p, n, flags, NULL, 0);
    if (wire != NULL && fd == wire->own && sent > 0) {
        fuzz_faults(false);
        wire->requests += begins_request(p, n) ? 1 : 0;
        fuzz_must(bytes_append(&wire->sent, p, (size_t)sent) == SHK_OK, "no memory");
        say_next(wire);
        fuzz_faults(true);
    }
    return sent;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
SHOWN ssize_t recv(int fd, void *p, size_t n, int flags) {
    if (wire != NULL && fd == wire->own && wire->recv_most > 0 && n > wire->recv_most) {
        n = wire->recv_most;
    }
    return recvfrom(fd, p, n, flags, NULL, NULL);
}

/* Addresses are given as numbers: whoever asks for a name was led there. A number comes here, in a thread of libcurl's,
 * only where memory for it is lacking. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
SHOWN int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                      struct addrinfo **out) {
    (void)service, (void)hints, (void)out;
    fuzz_must(node != NULL && strcmp(node, "127.0.0.1") == 0, "led to a place by its name");
    return EAI_NONAME;
}
