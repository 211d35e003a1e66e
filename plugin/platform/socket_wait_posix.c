#include "socket_wait.h"

#include <errno.h>
#include <poll.h>

#include "platform.h"

static int ready(const struct pollfd *p, int wanted) {
    if ((p->revents & POLLNVAL) != 0) {
        return -1;
    }
    if ((p->revents & (POLLERR | POLLHUP)) != 0) {
        return wanted;
    }
    return ((p->revents & POLLIN) != 0 ? SOCKET_READ : 0) |
           ((p->revents & POLLOUT) != 0 ? SOCKET_WRITE : 0);
}

int socket_wait(int64_t handle, int wanted, int64_t end_ms) {
    if (handle < 0) {
        return -1; /* poll passes these over until the time is up */
    }
    struct pollfd p = {.fd = (int)handle};
    p.events = (short)(((wanted & SOCKET_READ) != 0 ? POLLIN : 0) |
                       ((wanted & SOCKET_WRITE) != 0 ? POLLOUT : 0));
    for (;;) {
        int64_t left = end_ms - platform_clock.mono_ms(NULL);
        left = left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : left;
        int n = poll(&p, 1, (int)left);
        if (n >= 0) {
            return n > 0 ? ready(&p, wanted) : 0;
        }
        if (errno != EINTR) {
            return -1;
        }
    }
}
