#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): for ppoll */
#include <poll.h>

#include "http_wire.h"

/* Nobody waits long for a wire that is in the same thread. */
#define MOST_MS 5

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) int poll(struct pollfd *fds, nfds_t n, int ms) {
    const struct timespec most = {.tv_nsec = (ms < 0 || ms > MOST_MS ? MOST_MS : ms) * 1000000L};
    for (nfds_t i = 0; i < n && ms != 0; i++) {
        if ((fds[i].events & POLLIN) != 0) {
            wire_waits(fds[i].fd);
        }
    }
    return ppoll(fds, n, &most, NULL);
}
